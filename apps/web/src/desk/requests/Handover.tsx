import type { ReactNode } from 'react'
import type { Reply } from '../../common/api/call'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { useOpenItem } from '../../common/request.items'
import { handoverMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Photos, useAboutRows } from './parts'
import { words } from './words'

type Handover = Reply<'GET /api/handovers'>['rows'][number]

/** Between two engineers: the desk sees how it went. */
export function HandoverDetail({ handover: h }: { handover: Handover }) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const { zone } = useMe()
  const f = useFormat(zone)
  const say = useOpenItem(zone)
  const about = useAboutRows()
  const text = (label: string, value: string | null): [string, ReactNode][] =>
    value
      ? [
          [
            label,
            <span key={label} className="site-said">
              {value}
            </span>,
          ],
        ]
      : []
  return (
    <>
      <PageHeader
        level={2}
        title={`${h.from.name} → ${h.to.name}`}
        number={h.orderNumber ?? undefined}
        meta={<Tag meaning={handoverMeaning[h.state] ?? 'grey'}>{w(`handover.${h.state}`)}</Tag>}
      />
      <Section title={t('order')}>
        <Facts
          rows={[
            ...about({ ...h, visitId: h.successorId ?? h.visitId }),
            [t('asked'), f.when(h.askedAt)],
            ...text(t('reason'), h.reason),
            ...text(t('remaining'), h.remaining),
            ...text(t('keys'), h.keys),
            ...text(t('promises'), h.promises),
            ...text(t('answer'), h.answer),
            ...(h.answeredAt ? [[t('answered'), f.when(h.answeredAt)] as [string, string]] : []),
          ]}
        />
      </Section>
      {h.items.length > 0 && (
        <Section title={h.kind === 'work' ? t('work') : t('open')}>
          <ul>
            {h.items.map((i) => (
              <li key={JSON.stringify(i)}>{say(i)}</li>
            ))}
          </ul>
        </Section>
      )}
      <Photos photos={h.photos} base={`/api/handovers/${h.id}/photos`} />
    </>
  )
}

import { Link } from '@tanstack/react-router'
import { call } from '../../common/api/call'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { type StateOf, useStateName } from '../../common/StateTag'
import { useSaid } from '../../common/said'
import { useMe } from '../../common/session'
import { PlaceLink } from '../PlaceLink'
import type { EventRow, FieldRow } from './Conflicts'
import { lookUp } from './lookUp'
import { Note } from './Note'
import { words } from './words'

/** Order and visit that it is about, as links for those who may go there. */
export function useAbout(a: {
  orderId: string | null
  orderNumber: string | null
  title: string | null
  visitId: string | null
}) {
  const t = useWords(words)
  const words_ = [a.orderNumber, a.title].filter(Boolean).join(' ')
  return [
    [
      t('order'),
      a.orderId ? (
        <PlaceLink key="o" to={`/orders/${a.orderId}`}>
          {words_ || t('order.open')}
        </PlaceLink>
      ) : null,
    ],
    [
      t('visit'),
      a.visitId ? (
        <Link key="v" to={'/dispatch' as string} search={{ visit: a.visitId } as never}>
          {t('visit.open')}
        </Link>
      ) : null,
    ],
  ] as [string, React.ReactNode][]
}

export function EventDetail({ conflict, onDone }: { conflict: EventRow; onDone: () => void }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const stateName = useStateName()
  const about = useAbout(conflict)
  const what = lookUp(t, `do.${conflict.type}`, 'do.other')
  return (
    <>
      <PageHeader
        level={2}
        title={`${conflict.actor.name} · ${what}`}
        number={conflict.orderNumber ?? undefined}
        meta={<span>{f.when(conflict.occurredAt)}</span>}
      />
      <Section title={t('why')}>
        <p>
          {lookUp(t, `why.${conflict.why}`, 'why.other', {
            state: stateName('visit', conflict.state as StateOf<'visit'>),
            what,
          })}
        </p>
        {conflict.reason && (
          <p className="sync-said">
            {t('said')}：{conflict.reason}
          </p>
        )}
      </Section>
      <Section title={t('visit')}>
        <Facts
          rows={[...about, [t('happened'), f.when(conflict.occurredAt)], [t('arrived'), f.when(conflict.recordedAt)]]}
        />
      </Section>
      {conflict.can.settle && (
        <Section title={t('settle')}>
          <Note
            draft={`conflict.${conflict.eventId}`}
            lead={t('settle.text')}
            hint={t('settle.hint')}
            submit={t('settle.do')}
            done={t('done')}
            onSubmit={(note) =>
              call('POST /api/visits/conflicts/:id/settle', { params: { id: conflict.eventId }, body: { note } })
            }
            onDone={onDone}
          />
        </Section>
      )}
    </>
  )
}

/** Both words beside each other, the one that stands first. */
export function FieldDetail({ conflict: c, onDone }: { conflict: FieldRow; onDone: () => void }) {
  const t = useWords(words)
  const { zone } = useMe()
  const f = useFormat(zone)
  const said = useSaid(zone)
  const zh = useLanguage() === 'zh-CN'
  const about = useAbout(c)
  const name = c.label ? (zh ? c.label.zh : c.label.en) : said.name(c.field)
  const sides = [
    { key: 'kept', one: c.kept },
    { key: 'lost', one: c.lost },
  ] as const
  return (
    <>
      <PageHeader
        level={2}
        title={t('both', { field: name })}
        number={c.orderNumber ?? undefined}
        meta={<span>{f.when(c.foundAt)}</span>}
      />
      <Section title={t('sides')}>
        <dl className="sync-sides">
          {sides.map(({ key, one }) => (
            <div key={key} data-kept={key === 'kept' || undefined}>
              <dt>
                <b>{t(`side.${key}`)}</b>
                <span>
                  {one.by?.name ?? t('somebody')}
                  {one.at ? ` · ${f.when(one.at)}` : ''}
                </span>
              </dt>
              <dd>{said.value(one.value)}</dd>
            </div>
          ))}
        </dl>
        <p className="sync-said">{t('sides.text')}</p>
      </Section>
      <Section title={t('where')}>
        <Facts rows={[[t('of'), lookUp(t, `of.${c.of}`, 'of.other')], ...about]} />
      </Section>
      {c.can.settle && (
        <Section title={t('settle')}>
          <Note
            draft={`conflict.${c.id}`}
            lead={t('settle.field')}
            hint={t('settle.fieldHint')}
            submit={t('settle.do')}
            done={t('done')}
            onSubmit={(note) => call('POST /api/field-conflicts/:id/settle', { params: { id: c.id }, body: { note } })}
            onDone={onDone}
          />
        </Section>
      )}
    </>
  )
}

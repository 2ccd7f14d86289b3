import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { call, type Reply } from '../../common/api/call'
import { type ApiError, asApiError } from '../../common/api/problem'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useSaid } from '../../common/said'
import { useMe } from '../../common/session'
import { Empty } from '../../common/states'
import { toast } from '../../common/toast'
import { useAbout } from './details'
import { lookUp } from './lookUp'
import { Note } from './Note'
import { linesOf } from './payload'
import { words } from './words'

export type Refused = Reply<'GET /api/refusals'>['rows'][number]

const MEANING = { open: 'amber', retried: 'green', discarded: 'grey' } as const

export function Refusals({
  rows,
  settled,
  openId,
  onOpen,
}: {
  rows: Refused[]
  settled: boolean
  openId: string | null
  onOpen: (id: string) => void
}) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const zh = useLanguage() === 'zh-CN'
  const columns: Column<Refused>[] = [
    {
      key: 'who',
      title: t('col.who'),
      width: '130px',
      render: (r) => <PersonChip id={r.owner.id} name={r.owner.name} />,
    },
    {
      key: 'what',
      title: t('col.what'),
      width: 'minmax(110px, 1fr)',
      render: (r) => (r.summary ? (zh ? r.summary.zh : r.summary.en) : r.command),
    },
    ...(openId
      ? []
      : [
          {
            key: 'why',
            title: t('col.why'),
            width: 'minmax(200px, 1.6fr)',
            render: (r: Refused) => <span title={r.problem.title}>{r.problem.title}</span>,
          },
          {
            key: 'order',
            title: t('col.order'),
            width: 'minmax(160px, 1.2fr)',
            render: (r: Refused) => [r.orderNumber, r.title].filter(Boolean).join(' ') || '—',
          },
        ]),
    settled
      ? {
          key: 'state',
          title: t('col.state'),
          width: '110px',
          render: (r) => <Tag meaning={MEANING[r.state]}>{t(`state.${r.state}`)}</Tag>,
        }
      : { key: 'age', title: t('col.age'), width: '110px', render: (r) => f.relative(r.madeAt) },
  ]
  return (
    <DataList
      id="sync-refused"
      label={t(settled ? 'tab.settled' : 'tab.refused')}
      rows={rows}
      rowKey={(r) => r.id}
      columns={columns}
      openId={openId}
      onOpen={(r) => onOpen(r.id)}
      empty={
        <Empty icon={CircleCheck} title={t(settled ? 'noneSettled.title' : 'noneRefused.title')}>
          {t(settled ? 'noneSettled.text' : 'noneRefused.text')}
        </Empty>
      }
    />
  )
}

export function RefusalDetail({ refusal: r, onDone }: { refusal: Refused; onDone: () => void }) {
  const t = useWords(words)
  const { zone } = useMe()
  const f = useFormat(zone)
  const said = useSaid(zone)
  const zh = useLanguage() === 'zh-CN'
  const about = useAbout(r)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Pick<ApiError, 'title' | 'action'> | null>(null)
  const what = r.summary ? (zh ? r.summary.zh : r.summary.en) : r.command
  const retry = async () => {
    setBusy(true)
    setProblem(null)
    try {
      const answer = await call('POST /api/refusals/:id/retry', { params: { id: r.id }, body: {} })
      if (answer.verdict === 'applied') {
        toast(t('retry.done', { name: r.owner.name }))
        onDone()
      } else setProblem(asApiError(answer.problem))
    } catch (error) {
      setProblem(asApiError(error))
    } finally {
      setBusy(false)
    }
  }
  const lines = linesOf(r.body)
  return (
    <>
      <PageHeader
        level={2}
        title={`${r.owner.name} · ${what}`}
        number={r.orderNumber ?? undefined}
        meta={
          r.state === 'open' ? (
            <span>{f.when(r.madeAt)}</span>
          ) : (
            <Tag meaning={MEANING[r.state]}>{t(`state.${r.state}`)}</Tag>
          )
        }
      />
      <Section title={t('refused.why')}>
        <p>{r.problem.title}</p>
        {r.problem.action && <p className="sync-said">{r.problem.action}</p>}
        {r.problem.issues && r.problem.issues.length > 0 && (
          <ul className="sync-said">
            {r.problem.issues.slice(0, 8).map((i) => (
              <li key={i.path + i.code}>
                <code>{i.path}</code> {i.message}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('payload')}>
        {lines.length === 0 ? (
          <p className="sync-said">{t('payload.none')}</p>
        ) : (
          <Facts
            rows={lines.map((l, i) => [
              `${lookUp(t, `key.${l.key}`, 'key.other', { key: said.name(l.key) })}${lines.findIndex((x) => x.key === l.key) < i ? ` ${i + 1}` : ''}`,
              typeof l.value === 'string'
                ? lookUp(t, `value.${l.value}`, 'value.other', { value: said.value(l.value) })
                : said.value(l.value),
            ])}
          />
        )}
      </Section>
      <Section title={t('where')}>
        <Facts
          rows={[
            ...about,
            [t('owner'), [r.owner.name, r.teamName].filter(Boolean).join(' · ')],
            [t('device'), r.deviceId ? <code key="d">{r.deviceId.slice(0, 12)}</code> : null],
            [t('happened'), `${f.when(r.madeAt)}${r.offline ? ` · ${t('offline')}` : ''}`],
            [t('arrived'), f.when(r.receivedAt)],
            [t('attempts'), String(r.attempts)],
            ...(r.decidedAt
              ? ([
                  [t('decided'), [r.decidedBy ?? r.owner.name, f.when(r.decidedAt)].join(' · ')],
                  [t('note'), r.note],
                ] as [string, string | null][])
              : []),
          ]}
        />
      </Section>
      {r.can.retry && (
        <Section title={t('retry')}>
          <p className="sync-said">{t('retry.text', { name: r.owner.name })}</p>
          {problem && (
            <p className="sync-error" role="alert">
              {t('retry.again')} {[problem.title, problem.action].filter(Boolean).join('。')}
            </p>
          )}
          <button type="button" className="zc-btn primary" disabled={busy} onClick={() => void retry()}>
            {t('retry.do')}
          </button>
        </Section>
      )}
      {r.can.discard && (
        <Section title={t('discard')}>
          <Note
            draft={`refusal.${r.id}`}
            lead={t('discard.text', { name: r.owner.name })}
            hint={t('discard.hint')}
            submit={t('discard.do')}
            done={t('discard.done')}
            danger
            onSubmit={(note) => call('POST /api/refusals/:id/discard', { params: { id: r.id }, body: { note } })}
            onDone={onDone}
          />
        </Section>
      )}
    </>
  )
}

import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { PackageOpen, Plus } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import { TeamPick } from '../parts/Pick'
import { Field, Sheet } from '../parts/Sheet'
import { useView } from '../useView'
import './intake.css'
import { Raw } from './Raw'
import { pretty, useWhy } from './why'
import { words } from './words'

type Item = Reply<'GET /api/intake-items'>['rows'][number]
const STATES = ['waiting', 'replayed', 'discarded'] as const
const MEANING = { waiting: 'amber', replayed: 'green', discarded: 'grey' } as const

/** What other systems sent and could not be taken in by itself. */
export default function Intake() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const open = (next: string | null) =>
    void navigate({ to: next ? `/intake/${next}` : '/intake', search: ((s: unknown) => s) as never })
  return (
    <ListDetail
      id="intake"
      list={<Inbox openId={id ?? null} onOpen={open} />}
      detail={id ? <ItemDetail key={id} id={id} /> : null}
      onClose={() => open(null)}
    />
  )
}

function useStale() {
  const client = useQueryClient()
  return () => void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('GET /api/intake') })
}

function Inbox({ openId, onOpen }: { openId: string | null; onOpen: (id: string) => void }) {
  const t = useWords(words)
  const f = useFormat()
  const why = useWhy()
  const mayManage = useAbility('intake.manage')
  const [adding, setAdding] = useState(false)
  const [view, setView] = useView()
  const state = STATES.find((s) => s === view.state?.[0]) ?? 'waiting'
  const source = view.source?.[0]
  const sources = useCall('GET /api/intake-sources', undefined, { watch: ['intake', 'intake_source'] })
  const query = useMemo(() => ({ state, ...(source ? { source } : {}) }), [state, source])
  const answer = useInfiniteQuery<Reply<'GET /api/intake-items'>, ApiError>({
    queryKey: ['GET /api/intake-items', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/intake-items', {
        query: { ...query, limit: 100, ...(pageParam ? { after: pageParam as string } : {}) },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { watch: ['intake'] },
  })
  const rows = useMemo(() => answer.data?.pages.flatMap((p) => p.rows) ?? [], [answer.data])
  const nameOf = (key: string) => sources.data?.sources.find((s) => s.key === key)?.name ?? key
  const reason: Column<Item> = {
    key: 'reason',
    title: t('col.reason'),
    width: 'minmax(220px, 2fr)',
    render: (i) => {
      const { title } = why(i.code, i.params)
      return <span title={title}>{title}</span>
    },
  }
  const from: Column<Item> = {
    key: 'source',
    title: t('col.source'),
    width: 'minmax(110px, 1fr)',
    render: (i) => nameOf(i.source),
  }
  const at: Column<Item> = { key: 'at', title: t('col.at'), width: '150px', render: (i) => f.when(i.receivedAt) }
  const columns: Column<Item>[] = openId
    ? [reason, at]
    : [reason, from, { key: 'tries', title: t('col.tries'), width: '70px', number: true, render: (i) => i.tries }, at]
  const none = sources.data?.sources.length === 0
  return (
    <section className="intake" aria-label={t('title')}>
      <header className="intake-head">
        <h1>{t('title')}</h1>
        <nav aria-label={t('tabs')}>
          {STATES.map((s) => (
            <button
              key={s}
              type="button"
              aria-current={s === state ? 'true' : undefined}
              onClick={() => setView({ ...view, state: s === 'waiting' ? [] : [s] })}
            >
              {t(`state.${s}`)}{' '}
              {s === 'waiting' && <small>{sources.data?.sources.reduce((n, one) => n + one.waiting, 0) ?? ''}</small>}
            </button>
          ))}
        </nav>
        {mayManage && (
          <button type="button" className="zc-btn" onClick={() => setAdding(true)}>
            <Plus className="zc-icon" size={16} aria-hidden /> {t('source.add')}
          </button>
        )}
      </header>
      {!!sources.data?.sources.length && (
        <ul className="intake-sources" aria-label={t('sources')}>
          {sources.data.sources.map((s) => (
            <li key={s.key}>
              <Link to={`/intake/sources/${s.key}` as '/'}>{s.name}</Link>
              <Tag meaning={s.enabled ? 'green' : 'grey'}>{t(s.enabled ? 'source.enabled' : 'source.disabled')}</Tag>
              <small>{s.lastAt ? t('source.last', { when: f.relative(s.lastAt) }) : t('source.never')}</small>
              {s.waiting > 0 && (
                <button
                  type="button"
                  className="zc-chip"
                  aria-pressed={source === s.key}
                  onClick={() => setView({ ...view, state: [], source: source === s.key ? [] : [s.key] })}
                >
                  {t('source.waiting', { n: s.waiting })}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <div className="intake-list">
        {answer.isError && !answer.data ? (
          <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
        ) : !answer.data ? (
          <Loading shape="rows" lines={8} />
        ) : (
          <DataList
            id="intake"
            label={t('title')}
            rows={rows}
            rowKey={(i) => i.id}
            columns={columns}
            total={answer.hasNextPage ? undefined : rows.length}
            openId={openId}
            onOpen={(i) => onOpen(i.id)}
            onMore={answer.hasNextPage && !answer.isFetchingNextPage ? () => void answer.fetchNextPage() : undefined}
            empty={
              none ? (
                <Empty
                  icon={PackageOpen}
                  title={t('source.none.title')}
                  action={
                    mayManage && (
                      <button type="button" className="zc-btn primary" onClick={() => setAdding(true)}>
                        {t('source.add')}
                      </button>
                    )
                  }
                >
                  {t('source.none.text')}
                </Empty>
              ) : (
                <Empty icon={PackageOpen} title={state === 'waiting' ? t('empty.title') : t('empty.other')}>
                  {t('empty.text')}
                </Empty>
              )
            }
          />
        )}
      </div>
      {adding && <AddSource onClose={() => setAdding(false)} />}
    </section>
  )
}

function AddSource({ onClose }: { onClose: () => void }) {
  const t = useWords(words)
  const navigate = useNavigate()
  const stale = useStale()
  const [name, setName] = useState('')
  const [key, setKey] = useState('')
  const [teamId, setTeamId] = useState<string | null>(null)
  const [mapping, setMapping] = useState<'salesforce-workorder' | ''>('salesforce-workorder')
  return (
    <Sheet
      title={t('source.add')}
      lead={t('source.none.text')}
      submit={t('source.add')}
      disabled={!name.trim() || !/^[a-z0-9][a-z0-9-]{1,39}$/.test(key)}
      onClose={onClose}
      onSubmit={async () => {
        const made = await call('POST /api/intake-sources', {
          body: { name: name.trim(), key, teamId, mapping: mapping || null },
        })
        stale()
        onClose()
        void navigate({ to: `/intake/sources/${made.key}` })
      }}
    >
      <Field label={t('source.name')} path="name">
        {(p) => (
          <input {...p} className="zc-input" maxLength={200} value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <Field label={t('source.key')} path="key" hint={t('source.keyHint')}>
        {(p) => (
          <input
            {...p}
            className="zc-input"
            maxLength={40}
            value={key}
            onChange={(e) => setKey(e.target.value.toLowerCase())}
          />
        )}
      </Field>
      <Field label={t('source.team')} path="teamId" optional>
        {(p) => <TeamPick id={p.id} label={t('source.team')} value={teamId} clearable onChange={(v) => setTeamId(v)} />}
      </Field>
      <Field label={t('source.start')} path="mapping">
        {(p) => (
          <select
            {...p}
            className="zc-input"
            value={mapping}
            onChange={(e) => setMapping(e.target.value as typeof mapping)}
          >
            <option value="salesforce-workorder">{t('source.salesforce')}</option>
            <option value="">{t('source.empty')}</option>
          </select>
        )}
      </Field>
    </Sheet>
  )
}

function ItemDetail({ id }: { id: string }) {
  const item = useCall('GET /api/intake-items/:id', { params: { id } }, { watch: ['intake'] })
  if (item.isError && !item.data) return <ErrorState error={item.error} onRetry={() => void item.refetch()} />
  if (!item.data) return <Loading lines={8} />
  return <Loaded item={item.data} />
}

function Loaded({ item }: { item: Reply<'GET /api/intake-items/:id'> }) {
  const t = useWords(words)
  const f = useFormat()
  const why = useWhy()
  const stale = useStale()
  const mayManage = useAbility('intake.manage')
  const [busy, setBusy] = useState(false)
  const [discarding, setDiscarding] = useState(false)
  const [reason, setReason] = useState('')
  const { title, issues } = why(item.code, item.params)
  const replay = async () => {
    setBusy(true)
    try {
      const verdict = await call('POST /api/intake-items/:id/replay', { params: { id: item.id } })
      toast(
        verdict.verdict === 'waiting'
          ? t('done.waiting')
          : t(`done.${verdict.verdict}`, { number: verdict.number ?? '—' }),
      )
      stale()
    } catch (error) {
      const problem = asApiError(error)
      toast([problem.title, problem.action].filter(Boolean).join(' · '))
      stale()
    } finally {
      setBusy(false)
    }
  }
  const rows: [string, ReactNode][] = [
    [t('col.source'), item.source],
    [t('fact.webhook'), item.webhookId],
    [t('fact.received'), f.when(item.receivedAt)],
    [t('fact.mapping'), item.mappingVersion],
    [t('fact.tries'), item.tries],
    ...(item.decidedAt ? [[t('fact.decided'), f.when(item.decidedAt)] as [string, ReactNode]] : []),
    ...(item.orderId
      ? [
          [
            t('fact.order'),
            <PlaceLink key="order" to={`/orders/${item.orderId}`}>
              {t('openOrder')}
            </PlaceLink>,
          ] as [string, ReactNode],
        ]
      : []),
    ...(item.discardReason ? [[t('fact.discard'), item.discardReason] as [string, ReactNode]] : []),
  ]
  return (
    <article className="intake-item" aria-label={title}>
      <PageHeader
        level={2}
        number={item.webhookId}
        title={<span title={title}>{title}</span>}
        meta={<Tag meaning={MEANING[item.state]}>{t(`state.${item.state}`)}</Tag>}
        actions={
          <>
            {item.can.discard && (
              <button type="button" className="zc-btn" onClick={() => setDiscarding(true)}>
                {t('discard')}
              </button>
            )}
            {item.can.replay && (
              <button type="button" className="zc-btn primary" disabled={busy} onClick={() => void replay()}>
                {t('replay')}
              </button>
            )}
          </>
        }
      />
      <Section
        title={t('why')}
        actions={
          mayManage && (
            <Link to={`/intake/sources/${item.source}` as '/'} search={{ item: item.id } as never}>
              {t('mapping')}
            </Link>
          )
        }
      >
        <p>{title}</p>
        {issues.length > 0 && (
          <ul>
            {issues.map((i) => (
              <li key={i.path + i.message}>{t('issue.at', { path: i.path, message: i.message })}</li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('facts')}>
        <Facts rows={rows} />
      </Section>
      <Section
        title={t('payload')}
        actions={
          <button
            type="button"
            className="zc-btn quiet"
            onClick={async () => {
              await navigator.clipboard.writeText(item.payload)
              toast(t('copied'))
            }}
          >
            {t('copy')}
          </button>
        }
      >
        <small>{t('payload.note')}</small>
        <Raw label={t('payload')}>{pretty(item.payload)}</Raw>
      </Section>
      {discarding && (
        <Sheet
          title={t('discard')}
          lead={t('discard.lead')}
          submit={t('discard')}
          danger
          disabled={!reason.trim()}
          onClose={() => setDiscarding(false)}
          onSubmit={async () => {
            await call('POST /api/intake-items/:id/discard', { params: { id: item.id }, body: { reason } })
            setDiscarding(false)
            toast(t('done.discard'))
            stale()
          }}
        >
          <Field label={t('reason')} path="reason">
            {(p) => (
              <textarea
                {...p}
                className="zc-input"
                maxLength={500}
                value={reason}
                onChange={(e) => setReason(e.target.value)}
              />
            )}
          </Field>
        </Sheet>
      )}
    </article>
  )
}

import { useNavigate, useParams } from '@tanstack/react-router'
import { FileClock, HandHelping, Repeat, Rocket, Settings } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { useNow } from '../../common/now'
import { PageHeader } from '../../common/PageHeader'
import { escalationMeaning, handoverMeaning, requestMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { EscalationDetail } from './Escalation'
import { HandoverDetail } from './Handover'
import { PolicyDialog } from './Policy'
import { RequestDetail } from './Request'
import './requests.css'
import { words } from './words'

const TABS = ['request', 'handover', 'escalation', 'papers'] as const
type Tab = (typeof TABS)[number]
const ICON = { request: HandHelping, handover: Repeat, escalation: Rocket, papers: FileClock }
const SHOWS: Record<Tab, readonly ('open' | 'overdue' | 'closed' | 'all')[]> = {
  request: ['open', 'all'],
  handover: ['open', 'all'],
  escalation: ['open', 'overdue', 'closed'],
  papers: ['open', 'overdue'],
}

type Request = Reply<'GET /api/requests'>['rows'][number]
type Handover = Reply<'GET /api/handovers'>['rows'][number]
type Escalation = Reply<'GET /api/escalations'>['rows'][number]
type Paper = Reply<'GET /api/pending-documents'>['rows'][number]

/** What comes from the site besides the work: help, handovers, escalations, papers that follow. */
export default function RequestsPage() {
  const t = useWords(words)
  const navigate = useNavigate()
  const { tab: asked, id } = useParams({ strict: false }) as { tab?: string; id?: string }
  const may: Record<Tab, boolean> = {
    request: useAbility('request.read'),
    handover: useAbility('handover.read'),
    escalation: useAbility('escalation.read'),
    papers: useAbility('document.read'),
  }
  const sets = useAbility('request.policy')
  const [policy, setPolicy] = useState(false)
  const tabs = TABS.filter((k) => may[k])
  const tab = tabs.find((k) => k === asked) ?? tabs[0] ?? 'escalation'
  const [view, setView] = useView()
  const show = SHOWS[tab].find((s) => s === view.show?.[0]) ?? 'open'
  const open = (to: string | null) =>
    void navigate({ to: `/requests/${tab}${to ? `/${to}` : ''}` as string, search: (s: never) => s })
  const head = (
    <>
      <PageHeader
        title={t('title')}
        actions={
          sets && (
            <button type="button" className="zc-btn" onClick={() => setPolicy(true)}>
              <Settings className="zc-icon" size={16} aria-hidden /> {t('policy')}
            </button>
          )
        }
      />
      <nav className="site-tabs" aria-label={t('tabs')}>
        {tabs.map((k) => {
          const Icon = ICON[k]
          return (
            <button
              key={k}
              type="button"
              className="zc-btn"
              aria-current={k === tab ? 'page' : undefined}
              onClick={() => void navigate({ to: `/requests/${k}` as string })}
            >
              <Icon className="zc-icon" size={16} aria-hidden /> {t(`tab.${k}`)}
            </button>
          )
        })}
        <span className="gap" />
        {SHOWS[tab].map((s) => (
          <button
            key={s}
            type="button"
            className="zc-btn"
            aria-pressed={s === show}
            onClick={() => setView({ ...view, show: [s] })}
          >
            {t(`show.${s}`)}
          </button>
        ))}
      </nav>
      {policy && <PolicyDialog onClose={() => setPolicy(false)} />}
    </>
  )
  const props = { id, show, head, open }
  return tab === 'request' ? (
    <Requests {...props} />
  ) : tab === 'handover' ? (
    <Handovers {...props} />
  ) : tab === 'escalation' ? (
    <Escalations {...props} />
  ) : (
    <Papers {...props} />
  )
}

interface Props {
  id: string | undefined
  show: 'open' | 'overdue' | 'closed' | 'all'
  head: ReactNode
  open: (id: string | null) => void
}

function Page<R extends { id: string }>({
  tab,
  rows,
  error,
  retry,
  columns,
  detail,
  one,
  id,
  head,
  open,
}: Props & {
  tab: Tab
  rows: R[] | undefined
  error: ApiError | null
  retry: () => void
  columns: Column<R>[]
  detail: ((row: R) => ReactNode) | null
  /** The one that is open when it is not in the list (a link to a closed one). */
  one: R | undefined
}) {
  const t = useWords(words)
  const chosen = rows?.find((r) => r.id === id) ?? (one?.id === id ? one : undefined)
  const list = (
    <div className="site-requests">
      {head}
      {error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : !rows ? (
        <Loading shape="rows" lines={8} />
      ) : (
        <DataList
          id={`site-${tab}`}
          label={t(`tab.${tab}`)}
          rows={rows}
          rowKey={(r) => r.id}
          columns={columns}
          openId={id ?? null}
          onOpen={(r) => open(r.id)}
          empty={
            <Empty icon={ICON[tab]} title={t(`empty.${tab}`)}>
              {t(`empty.${tab}.text`)}
            </Empty>
          }
        />
      )}
    </div>
  )
  return (
    <ListDetail
      id="site-requests"
      onClose={() => open(null)}
      list={list}
      detail={
        !id || !detail ? null : chosen ? (
          detail(chosen)
        ) : rows ? (
          <Empty
            icon={ICON[tab]}
            title={t('gone.title')}
            action={
              <button type="button" className="zc-btn" onClick={() => open(null)}>
                {t('gone.back')}
              </button>
            }
          >
            {t('gone.text')}
          </Empty>
        ) : (
          <Loading />
        )
      }
    />
  )
}

const closedMatters = (id: string | undefined, rows: { id: string }[] | undefined) =>
  id !== undefined && rows !== undefined && !rows.some((r) => r.id === id)

function Due({ at, over }: { at: string; over: boolean }) {
  const f = useFormat(useMe().zone)
  const late = Date.parse(at) < useNow(60_000) && !over
  return <span className={late ? 'site-late' : ''}>{f.when(at)}</span>
}

function Requests(p: Props) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const f = useFormat(useMe().zone)
  const answer = useCall(
    'GET /api/requests',
    { query: { limit: 200, state: p.show === 'all' ? 'all' : 'open' } },
    { watch: ['request'] },
  )
  const rows = answer.data?.rows
  const one = useCall(
    'GET /api/requests/:id',
    { params: { id: p.id ?? '' } },
    { enabled: closedMatters(p.id, rows), watch: ['request'] },
  )
  const narrow = p.id !== undefined
  const columns: Column<Request>[] = [
    {
      key: 'kind',
      title: t('col.kind'),
      width: '110px',
      render: (r) => (r.urgency === 'urgent' ? `${w(`kind.${r.kind}`)} · ${w('urgent')}` : w(`kind.${r.kind}`)),
    },
    {
      key: 'who',
      title: t('col.who'),
      width: narrow ? '104px' : '130px',
      render: (r) => <PersonChip id={r.askedBy.id} name={r.askedBy.name} />,
    },
    {
      key: 'what',
      title: t('col.what'),
      width: narrow ? 'minmax(80px, 1fr)' : 'minmax(160px, 2fr)',
      render: (r) => r.reason,
    },
    {
      key: 'where',
      title: t('col.where'),
      width: 'minmax(110px, 1fr)',
      optional: narrow,
      render: (r) => r.customer.name,
    },
    { key: 'when', title: t('col.when'), width: '120px', optional: narrow, render: (r) => f.when(r.askedAt) },
    {
      key: 'due',
      title: t('col.due'),
      width: '120px',
      optional: narrow,
      render: (r) => <Due at={r.dueAt} over={r.state !== 'open' && r.state !== 'accepted'} />,
    },
    {
      key: 'state',
      title: t('col.state'),
      width: '120px',
      render: (r) => <Tag meaning={requestMeaning[r.state] ?? 'grey'}>{w(`state.${r.state}`)}</Tag>,
    },
  ]
  return (
    <Page
      {...p}
      tab="request"
      rows={rows}
      error={answer.error}
      retry={() => void answer.refetch()}
      columns={columns}
      one={one.data}
      detail={(r) => <RequestDetail key={r.id} request={r} />}
    />
  )
}

function Handovers(p: Props) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const f = useFormat(useMe().zone)
  const answer = useCall(
    'GET /api/handovers',
    { query: { limit: 200, state: p.show === 'all' ? 'all' : 'open' } },
    { watch: ['handover'] },
  )
  const rows = answer.data?.rows
  const one = useCall(
    'GET /api/handovers/:id',
    { params: { id: p.id ?? '' } },
    { enabled: closedMatters(p.id, rows), watch: ['handover'] },
  )
  const narrow = p.id !== undefined
  const columns: Column<Handover>[] = [
    {
      key: 'from',
      title: t('from'),
      width: '130px',
      render: (r) => <PersonChip id={r.from.id} name={r.from.name} />,
    },
    { key: 'to', title: t('to'), width: '130px', render: (r) => <PersonChip id={r.to.id} name={r.to.name} /> },
    {
      key: 'what',
      title: t('col.what'),
      width: narrow ? 'minmax(80px, 1fr)' : 'minmax(160px, 2fr)',
      render: (r) => r.reason,
    },
    {
      key: 'where',
      title: t('col.where'),
      width: 'minmax(110px, 1fr)',
      optional: narrow,
      render: (r) => r.customer.name,
    },
    { key: 'when', title: t('col.when'), width: '120px', optional: narrow, render: (r) => f.when(r.askedAt) },
    {
      key: 'state',
      title: t('col.state'),
      width: '120px',
      render: (r) => <Tag meaning={handoverMeaning[r.state] ?? 'grey'}>{w(`handover.${r.state}`)}</Tag>,
    },
  ]
  return (
    <Page
      {...p}
      tab="handover"
      rows={rows}
      error={answer.error}
      retry={() => void answer.refetch()}
      columns={columns}
      one={one.data}
      detail={(r) => <HandoverDetail key={r.id} handover={r} />}
    />
  )
}

function Escalations(p: Props) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const answer = useCall('GET /api/escalations', { query: { limit: 200, state: p.show } }, { watch: ['escalation'] })
  const rows = answer.data?.rows
  const one = useCall(
    'GET /api/escalations/:id',
    { params: { id: p.id ?? '' } },
    { enabled: closedMatters(p.id, rows), watch: ['escalation'] },
  )
  const narrow = p.id !== undefined
  const columns: Column<Escalation>[] = [
    { key: 'number', title: t('col.number'), width: narrow ? '138px' : '150px', render: (r) => r.number },
    {
      key: 'title',
      title: t('col.title'),
      width: narrow ? 'minmax(80px, 1fr)' : 'minmax(160px, 2fr)',
      render: (r) => r.title,
    },
    { key: 'to', title: t('escalated'), width: narrow ? '56px' : '80px', render: (r) => w(`to.${r.to}`) },
    {
      key: 'where',
      title: t('col.where'),
      width: 'minmax(110px, 1fr)',
      optional: narrow,
      render: (r) => r.customer.name,
    },
    {
      key: 'owner',
      title: t('col.owner'),
      width: '120px',
      optional: narrow,
      render: (r) => (r.owner ? <PersonChip id={r.owner.id} name={r.owner.name} /> : t('none')),
    },
    {
      key: 'due',
      title: t('col.due'),
      width: '120px',
      optional: narrow,
      render: (r) => <Due at={r.dueAt} over={r.state !== 'open' && r.state !== 'taken'} />,
    },
    {
      key: 'state',
      title: t('col.state'),
      width: '110px',
      render: (r) => <Tag meaning={escalationMeaning[r.state] ?? 'grey'}>{w(`escalation.${r.state}`)}</Tag>,
    },
  ]
  return (
    <Page
      {...p}
      tab="escalation"
      rows={rows}
      error={answer.error}
      retry={() => void answer.refetch()}
      columns={columns}
      one={one.data}
      detail={(r) => <EscalationDetail key={r.id} escalation={r} />}
    />
  )
}

function Papers(p: Props) {
  const t = useWords(words)
  const language = useLanguage()
  const f = useFormat(useMe().zone)
  const navigate = useNavigate()
  const answer = useCall(
    'GET /api/pending-documents',
    { query: { limit: 200, ...(p.show === 'overdue' ? { overdue: 'true' } : {}) } },
    { watch: ['document', 'visit'] },
  )
  const columns: Column<Paper>[] = [
    {
      key: 'document',
      title: t('col.document'),
      width: 'minmax(140px, 1.2fr)',
      render: (r) => (language === 'zh-CN' ? r.title.zh : r.title.en),
    },
    {
      key: 'who',
      title: t('col.who'),
      width: '130px',
      render: (r) => <PersonChip id={r.engineer.id} name={r.engineer.name} />,
    },
    { key: 'where', title: t('col.where'), width: 'minmax(110px, 1fr)', render: (r) => r.customer.name },
    { key: 'what', title: t('col.what'), width: 'minmax(120px, 1.2fr)', render: (r) => r.reason ?? t('none') },
    { key: 'left', title: t('col.left'), width: '120px', render: (r) => f.when(r.leftAt) },
    { key: 'due', title: t('col.due'), width: '120px', render: (r) => <Due at={r.dueAt} over={false} /> },
    {
      key: 'missing',
      title: t('col.state'),
      width: '100px',
      render: (r) => <Tag meaning="amber">{t('missing', { n: r.missing })}</Tag>,
    },
  ]
  return (
    <Page
      {...p}
      id={undefined}
      // A paper is read where all documents are.
      open={(id) => {
        const row = answer.data?.rows.find((r) => r.id === id)
        if (row) void navigate({ to: `/orders/${row.orderId}` as string })
      }}
      tab="papers"
      rows={answer.data?.rows}
      error={answer.error}
      retry={() => void answer.refetch()}
      columns={columns}
      one={undefined}
      detail={null}
    />
  )
}

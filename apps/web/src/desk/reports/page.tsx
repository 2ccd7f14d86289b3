import { useNavigate, useParams } from '@tanstack/react-router'
import {
  BellRing,
  ChevronLeft,
  ChevronRight,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  MailOpen,
  NotebookPen,
} from 'lucide-react'
import { useMemo } from 'react'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { localDate, useFormat } from '../../common/i18n/format'
import { joinClauses } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { PageHeader } from '../../common/PageHeader'
import { useSay } from '../../common/report/say'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { ReportDetail } from './ReportDetail'
import './reports.css'
import { Tabs, TeamSelect } from './Tabs'
import { TimeSection } from './TimeSection'
import { words } from './words'

type Row = Reply<'GET /api/reports'>['rows'][number]
export const addDays = (date: string, n: number) =>
  new Date(Date.parse(`${date}T12:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)

function StateCell({ row, zone }: { row: Row; zone: string }) {
  const t = useWords(words)
  const f = useFormat(zone)
  if (!row.report)
    return row.worked ? (
      <Tag quiet meaning="amber" icon={row.chasedAt ? BellRing : CircleDashed}>
        {t(row.chasedAt ? 'state.chased' : 'state.missing')}
      </Tag>
    ) : (
      <Tag quiet meaning="grey" icon={CircleMinus}>
        {t('state.free')}
      </Tag>
    )
  return (
    <span className="reports-state">
      <Tag quiet meaning="green" icon={row.report.readByMe ? MailOpen : CircleCheck}>
        {t('state.at', { time: f.time(row.report.submittedAt) })}
      </Tag>
      {!row.report.readByMe && <i>{t('state.new')}</i>}
      {row.report.changed && <i>{t('state.changed')}</i>}
      {row.report.waiting && <i>{t('state.waiting')}</i>}
    </span>
  )
}

/** Who has reported and who has not; exceptions first. */
export default function ReportsPage() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const { exception } = useSay(me.zone)
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const [view, setView] = useView()
  const today = localDate(Date.now(), me.zone)
  const date = view.date?.[0] ?? today
  const teamId = view.team?.[0]
  const answer = useCall(
    'GET /api/reports',
    { query: { date, ...(teamId ? { teamId } : {}) } },
    { watch: ['report', 'workday'], placeholderData: (was) => was },
  )
  const open = (to: string | null) =>
    void navigate({ to: (to ? `/reports/${to}` : '/reports') as string, search: ((was: object) => was) as never })
  const go = (next: string) => setView({ ...view, date: [next] })
  const rows = answer.data?.rows ?? []
  const chosen = rows.find((r) => r.person.id === id)
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        key: 'person',
        title: t('col.person'),
        width: 'minmax(130px, 0.8fr)',
        render: (r) => <PersonChip id={r.person.id} name={r.person.name} />,
      },
      {
        key: 'state',
        title: t('col.report'),
        width: id ? 'minmax(150px, 1fr)' : 'minmax(200px, 1fr)',
        render: (r) => <StateCell row={r} zone={me.zone} />,
      },
      {
        key: 'exceptions',
        title: t('col.exceptions'),
        width: 'minmax(140px, 1fr)',
        render: (r) => (
          <span className="reports-tags">
            {r.exceptions.map((e) => (
              <Tag key={e} quiet meaning={['missed', 'unable', 'aborted', 'low_score'].includes(e) ? 'red' : 'amber'}>
                {exception(e)}
              </Tag>
            ))}
          </span>
        ),
      },
      ...(id
        ? []
        : ([
            {
              key: 'work',
              title: t('col.work'),
              width: '120px',
              number: true,
              render: (r: Row) => {
                const n = r.minutes.onsite + r.minutes.remote + r.minutes.documentation
                return n > 0 ? f.duration(n) : '—'
              },
            },
            {
              key: 'travel',
              title: t('col.travel'),
              width: '120px',
              number: true,
              render: (r: Row) => (r.minutes.travel > 0 ? f.duration(r.minutes.travel) : '—'),
            },
            {
              key: 'own',
              title: t('col.own'),
              width: 'minmax(200px, 1.6fr)',
              render: (r: Row) => {
                const said = joinClauses(r.report?.own.map((o) => o.text) ?? [])
                return <span title={said}>{said}</span>
              },
            },
          ] as Column<Row>[])),
    ],
    [t, f, exception, id, me.zone],
  )
  return (
    <ListDetail
      id="reports"
      onClose={() => open(null)}
      list={
        <div className="reports">
          <PageHeader
            title={t('title')}
            meta={
              answer.data ? (
                <span>
                  {t('sum', {
                    reported: rows.filter((r) => r.report).length,
                    due: rows.filter((r) => r.worked).length,
                    exceptions: rows.filter((r) => r.exceptions.length > 0).length,
                  })}
                </span>
              ) : (
                <span>{t('lead')}</span>
              )
            }
          />
          <Tabs at="day" />
          <div className="reports-controls">
            <button
              type="button"
              className="zc-btn icon"
              aria-label={t('day.before')}
              onClick={() => go(addDays(date, -1))}
            >
              <ChevronLeft className="zc-icon" size={16} aria-hidden />
            </button>
            <input
              className="zc-input"
              type="date"
              aria-label={t('date')}
              value={date}
              max={today}
              onChange={(e) => e.target.value && go(e.target.value)}
            />
            <button
              type="button"
              className="zc-btn icon"
              aria-label={t('day.after')}
              disabled={date >= today}
              onClick={() => go(addDays(date, 1))}
            >
              <ChevronRight className="zc-icon" size={16} aria-hidden />
            </button>
            <TeamSelect
              teams={answer.data?.teams ?? []}
              value={teamId}
              onChange={(next) => setView({ ...view, team: next ? [next] : [] })}
            />
          </div>
          {answer.error && !answer.data ? (
            <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
          ) : !answer.data ? (
            <Loading shape="rows" lines={10} />
          ) : (
            <DataList
              id="reports"
              label={t('list')}
              rows={rows}
              rowKey={(r) => r.person.id}
              columns={columns}
              openId={id ?? null}
              onOpen={(r) => open(r.person.id)}
              empty={
                <Empty icon={NotebookPen} title={t('none.title')}>
                  {t('none.text')}
                </Empty>
              }
            />
          )}
        </div>
      }
      detail={
        !id || !answer.data ? null : chosen?.report ? (
          <ReportDetail key={chosen.report.id} id={chosen.report.id} />
        ) : chosen ? (
          <>
            <PageHeader
              level={2}
              title={chosen.person.name}
              meta={
                <>
                  <span>{f.localDate(date)}</span>
                  <StateCell row={chosen} zone={me.zone} />
                </>
              }
            />
            <p className="reports-note pad">
              {chosen.worked ? `${t('noReport')}。${t('noReport.text')}` : t('noReport.free')}
            </p>
            <TimeSection key={date} personId={chosen.person.id} date={date} />
          </>
        ) : null
      }
    />
  )
}

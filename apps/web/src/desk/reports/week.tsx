import { useNavigate } from '@tanstack/react-router'
import { ChevronLeft, ChevronRight, Download, NotebookPen } from 'lucide-react'
import { useCallback, useMemo } from 'react'
import { PersonChip } from '../../common/Avatar'
import { address, type Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { Chart } from '../../common/Chart'
import type { ChartColors } from '../../common/chart/engine'
import { type Column, DataList } from '../../common/DataList'
import { localDate, useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { PageHeader, Section } from '../../common/PageHeader'
import { KINDS, useSay } from '../../common/report/say'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { addDays } from './page'
import './reports.css'
import { Tabs, TeamSelect } from './Tabs'
import { words } from './words'

type Week = Reply<'GET /api/reports/week'>
type Row = Week['people'][number]
const hours = (min: number) => Math.round((min / 60) * 10) / 10

/** The week by person and team, against the mean of the four before. */
export default function WeekPage() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const { kind } = useSay(me.zone)
  const [view, setView] = useView()
  const navigate = useNavigate()
  const monday = view.monday?.[0]
  const teamId = view.team?.[0]
  const query = { ...(monday ? { monday } : {}), ...(teamId ? { teamId } : {}) }
  const answer = useCall('GET /api/reports/week', { query }, { placeholderData: (was) => was })
  const week = answer.data
  const today = localDate(Date.now(), me.zone)
  const trend = week?.trend ?? []
  const option = useCallback(
    (c: ChartColors) => {
      const colour = {
        onsite: c.teal,
        remote: c.green,
        travel: c.blue,
        documentation: c.violet,
        standby: c.amber,
        break: c.grey,
      }
      return {
        xAxis: { type: 'category', data: trend.map((w) => w.from.slice(5)) },
        yAxis: { type: 'value' },
        series: KINDS.map((k) => ({
          type: 'bar',
          stack: 'time',
          name: kind(k),
          barMaxWidth: 48,
          itemStyle: { color: colour[k] },
          data: trend.map((w) => hours(w.minutes[k])),
        })),
      }
    },
    [trend, kind],
  )
  return (
    <div className="reports-page">
      <PageHeader
        title={t('title')}
        meta={week && <span>{f.localSpan(week.from, week.to)}</span>}
        actions={
          week?.can.export && (
            <a
              className="zc-btn"
              href={address('GET /api/reports/week/export', { query: query as never }).url}
              download
            >
              <Download className="zc-icon" size={16} aria-hidden /> {t('export')}
            </a>
          )
        }
      />
      <Tabs at="week" />
      <div className="reports-controls">
        <button
          type="button"
          className="zc-btn icon"
          aria-label={t('week.before')}
          onClick={() => week && setView({ ...view, monday: [addDays(week.from, -7)] })}
        >
          <ChevronLeft className="zc-icon" size={16} aria-hidden />
        </button>
        <b>{week ? f.localSpan(week.from, week.to) : ''}</b>
        <button
          type="button"
          className="zc-btn icon"
          aria-label={t('week.after')}
          disabled={!week || week.to >= today}
          onClick={() => week && setView({ ...view, monday: [addDays(week.from, 7)] })}
        >
          <ChevronRight className="zc-icon" size={16} aria-hidden />
        </button>
        <TeamSelect
          teams={week?.teams ?? []}
          value={teamId}
          onChange={(next) => setView({ ...view, team: next ? [next] : [] })}
        />
      </div>
      {answer.error && !week ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !week ? (
        <Loading shape="rows" lines={10} />
      ) : week.people.length === 0 ? (
        <Empty icon={NotebookPen} title={t('none.title')}>
          {t('none.text')}
        </Empty>
      ) : (
        <>
          <Section title={t('week.trend')}>
            <Chart
              label={t('week.trend')}
              height={220}
              option={option}
              table={{
                head: [t('week.trend'), ...KINDS.map(kind)],
                rows: trend.map((w) => [t('week.of', { from: w.from }), ...KINDS.map((k) => hours(w.minutes[k]))]),
              }}
            />
          </Section>
          {week.byTeam.length > 1 && (
            <Section title={t('week.teams')} count={week.byTeam.length}>
              <Rows
                id="week-teams"
                label={t('week.teams')}
                rows={week.byTeam}
                onOpen={(r) => setView({ ...view, team: [r.id] })}
              />
            </Section>
          )}
          <Section title={t('week.people')} count={week.people.length}>
            <Rows
              id="week-people"
              label={t('week.people')}
              people
              rows={week.people}
              onOpen={(r) =>
                void navigate({
                  to: '/reports/time' as string,
                  search: { month: week.from.slice(0, 7), person: r.id } as never,
                })
              }
            />
            <p className="reports-note">{t('km.note')}</p>
          </Section>
        </>
      )}
    </div>
  )
}

function Rows({
  id,
  label,
  rows,
  people = false,
  onOpen,
}: {
  id: string
  label: string
  rows: Row[]
  people?: boolean
  onOpen: (row: Row) => void
}) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const { kind, exception } = useSay(me.zone)
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        key: 'name',
        title: t('col.name'),
        width: 'minmax(130px, 1fr)',
        render: (r) => (people ? <PersonChip id={r.id} name={r.name} /> : r.name),
      },
      ...(['onsite', 'remote', 'documentation', 'travel'] as const).map(
        (k): Column<Row> => ({
          key: k,
          title: kind(k),
          width: '84px',
          number: true,
          // What moves little may be asked for.
          optional: k === 'remote' || k === 'documentation',
          render: (r) => (r.minutes[k] > 0 ? t('hours', { n: hours(r.minutes[k]) }) : '—'),
        }),
      ),
      { key: 'days', title: t('col.days'), width: '72px', number: true, render: (r) => f.number(r.personDays, 1) },
      {
        key: 'utilisation',
        title: t('col.utilisation'),
        width: '80px',
        number: true,
        render: (r) => (r.utilisation === null ? '—' : f.percent(r.utilisation)),
      },
      {
        key: 'change',
        title: t('col.change'),
        width: '170px',
        number: true,
        render: (r) => {
          const now = r.minutes.onsite + r.minutes.remote + r.minutes.documentation
          const by = hours(now - r.before.workMin)
          return `${t('hours', { n: hours(now) })} (${by >= 0 ? '+' : '−'}${Math.abs(by)})`
        },
      },
      { key: 'orders', title: t('col.orders'), width: '84px', number: true, render: (r) => r.ordersDone },
      {
        key: 'km',
        title: t('col.km'),
        width: '90px',
        number: true,
        render: (r) => (r.travelM > 0 ? f.distance(r.travelM) : '—'),
      },
      {
        key: 'overtime',
        title: t('col.overtime'),
        width: '84px',
        number: true,
        render: (r) => (r.overtimeMin > 0 ? t('hours', { n: hours(r.overtimeMin) }) : '—'),
      },
      {
        key: 'reports',
        title: t('col.reports'),
        width: '70px',
        number: true,
        render: (r) => `${r.reports}/${r.reportsDue}`,
      },
      {
        key: 'exceptions',
        title: t('col.exceptions'),
        width: 'minmax(150px, 1.2fr)',
        render: (r) => {
          const said = joinList(r.exceptions.map((e) => `${exception(e.code)} ${e.n}`))
          return <span title={said}>{said}</span>
        },
      },
    ],
    [t, f, kind, exception, people],
  )
  return (
    <div className="reports-rows" style={{ height: Math.min(680, 84 + rows.length * 28) }}>
      <DataList
        id={id}
        label={label}
        rows={rows}
        rowKey={(r) => r.id}
        columns={columns}
        density="compact"
        onOpen={onOpen}
      />
    </div>
  )
}

import { ChevronLeft, ChevronRight, Download, NotebookPen } from 'lucide-react'
import { useMemo, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { address, type Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { localDate, useFormat } from '../../common/i18n/format'
import { instantOf } from '../../common/i18n/wallTime'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { PageHeader, Section } from '../../common/PageHeader'
import { DayStrip, framesOf } from '../../common/report/DayStrip'
import { useSay } from '../../common/report/say'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useView } from '../useView'
import { addDays } from './page'
import './reports.css'
import { Tabs } from './Tabs'
import { TimeSection } from './TimeSection'
import { words } from './words'

type Row = Reply<'GET /api/time/month'>['rows'][number]
const hours = (min: number) => Math.round((min / 60) * 10) / 10
const shift = (month: string, n: number) => {
  const [y, m] = month.split('-').map(Number) as [number, number]
  return new Date(Date.UTC(y, m - 1 + n, 1)).toISOString().slice(0, 7)
}
const lastOf = (month: string) => addDays(`${shift(month, 1)}-01`, -1)

/** A month of time by person, for HR and supervisors; one person opens day by day. */
export default function TimePage() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const { kind } = useSay(me.zone)
  const [view, setView] = useView()
  const today = localDate(Date.now(), me.zone)
  const month = view.month?.[0] ?? today.slice(0, 7)
  const person = view.person?.[0] ?? null
  const answer = useCall(
    'GET /api/time/month',
    { query: { month } },
    { watch: ['workday'], placeholderData: (was) => was },
  )
  const rows = answer.data?.rows ?? []
  const columns = useMemo<Column<Row>[]>(
    () => [
      {
        key: 'name',
        title: t('col.person'),
        width: 'minmax(130px, 1fr)',
        render: (r) => <PersonChip id={r.id} name={r.name} />,
      },
      ...(person
        ? []
        : [
            { key: 'team', title: t('col.team'), width: 'minmax(110px, 0.8fr)', render: (r: Row) => r.teamName ?? '—' },
            ...(['onsite', 'remote', 'documentation', 'travel', 'standby'] as const).map((k) => ({
              key: k,
              title: kind(k),
              width: '84px',
              number: true,
              render: (r: Row) => (r.minutes[k] > 0 ? t('hours', { n: hours(r.minutes[k]) }) : '—'),
            })),
          ]),
      { key: 'days', title: t('col.days'), width: '72px', number: true, render: (r) => f.number(r.personDays, 1) },
      {
        key: 'overtime',
        title: t('col.overtime'),
        width: '84px',
        number: true,
        render: (r) => (r.overtimeMin > 0 ? t('hours', { n: hours(r.overtimeMin) }) : '—'),
      },
      {
        key: 'confirmed',
        title: t('col.confirmed'),
        width: '80px',
        number: true,
        render: (r) => `${r.confirmedDays}/${r.days}`,
      },
      {
        key: 'corrections',
        title: t('col.corrections'),
        width: '70px',
        number: true,
        render: (r) => r.corrections || '—',
      },
      {
        key: 'differences',
        title: t('col.differences'),
        width: '100px',
        number: true,
        render: (r) =>
          r.differences > 0 ? (
            <Tag quiet meaning="amber">
              {String(r.differences)}
            </Tag>
          ) : (
            '—'
          ),
      },
    ],
    [t, f, kind, person],
  )
  const chosen = rows.find((r) => r.id === person)
  return (
    <ListDetail
      id="time"
      onClose={() => setView({ ...view, person: [] })}
      list={
        <div className="reports">
          <PageHeader
            title={t('title')}
            actions={
              answer.data?.can.export && (
                <a className="zc-btn" href={address('GET /api/time/export', { query: { month } }).url} download>
                  <Download className="zc-icon" size={16} aria-hidden /> {t('export')}
                </a>
              )
            }
          />
          <Tabs at="time" />
          <div className="reports-controls">
            <button
              type="button"
              className="zc-btn icon"
              aria-label={t('month.before')}
              onClick={() => setView({ ...view, month: [shift(month, -1)] })}
            >
              <ChevronLeft className="zc-icon" size={16} aria-hidden />
            </button>
            <input
              className="zc-input"
              type="month"
              aria-label={t('month')}
              value={month}
              max={today.slice(0, 7)}
              onChange={(e) => e.target.value && setView({ ...view, month: [e.target.value] })}
            />
            <button
              type="button"
              className="zc-btn icon"
              aria-label={t('month.after')}
              disabled={month >= today.slice(0, 7)}
              onClick={() => setView({ ...view, month: [shift(month, 1)] })}
            >
              <ChevronRight className="zc-icon" size={16} aria-hidden />
            </button>
          </div>
          {answer.error && !answer.data ? (
            <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
          ) : !answer.data ? (
            <Loading shape="rows" lines={10} />
          ) : (
            <DataList
              id={person ? 'time-narrow' : 'time'}
              label={t('month.list')}
              rows={rows}
              rowKey={(r) => r.id}
              columns={columns}
              openId={person}
              onOpen={(r) => setView({ ...view, person: [r.id] })}
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
        person && (
          <Month key={`${person}${month}`} personId={person} name={chosen?.name ?? ''} month={month} today={today} />
        )
      }
    />
  )
}

function Month({ personId, name, month, today }: { personId: string; name: string; month: string; today: string }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const [open, setOpen] = useState<string | null>(null)
  const from = `${month}-01`
  const to = lastOf(month) < today ? lastOf(month) : today
  const answer = useCall(
    'GET /api/people/:id/time',
    { params: { id: personId }, query: { from, to } },
    { watch: ['workday'] },
  )
  const confirm = useCommand('POST /api/people/:id/time-confirm', {
    onSuccess: ({ confirmed }) => {
      toast(t('confirm.done', { n: confirmed }))
      void answer.refetch()
    },
  })
  const days = (answer.data?.days ?? []).filter((d) => d.entries.length > 0 || d.corrections.length > 0)
  const frames = framesOf(
    days.map((d) => ({
      start: Date.parse(instantOf(`${d.date}T00:00`, d.zone) ?? d.date),
      moments: [...d.entries, ...d.gaps].flatMap((e) => [Date.parse(e.from), Date.parse(e.to)]),
    })),
  )
  const until = to < today ? to : addDays(today, -1)
  const may = days.some((d) => d.can.confirm)
  return (
    <>
      <PageHeader
        level={2}
        title={answer.data?.person.name ?? name}
        meta={<span>{f.localSpan(from, lastOf(month))}</span>}
        actions={
          may &&
          until >= from && (
            <button
              type="button"
              className="zc-btn primary"
              disabled={confirm.isPending}
              onClick={() => confirm.mutate({ params: { id: personId }, body: { from, to: until } })}
            >
              {t('month.confirm')}
            </button>
          )
        }
      />
      {answer.error ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <Loading shape="rows" lines={10} />
      ) : (
        <Section title={t('month.days')}>
          {confirm.error && <p className="reports-problem">{confirm.error.message}</p>}
          <ul className="reports-days">
            {days.map((d, i) => (
              <li key={d.date}>
                <button
                  type="button"
                  aria-expanded={open === d.date}
                  onClick={() => setOpen(open === d.date ? null : d.date)}
                >
                  <b>{f.localDate(d.date)}</b>
                  <DayStrip
                    zone={d.zone}
                    entries={d.entries.map((e) => ({
                      key: e.id,
                      kind: e.kind,
                      from: Date.parse(e.from),
                      to: Date.parse(e.to),
                      corrected: e.correctionId !== null,
                    }))}
                    gaps={d.gaps.map((g) => ({ from: Date.parse(g.from), to: Date.parse(g.to), cause: g.cause }))}
                    frame={frames[i]}
                  />
                  <span>
                    {f.duration(d.minutes.onsite + d.minutes.remote + d.minutes.documentation)}
                    {d.state === 'confirmed' && (
                      <Tag quiet meaning="green">
                        {t('col.confirmed')}
                      </Tag>
                    )}
                    {d.difference && (
                      <Tag quiet meaning="amber">
                        {t('col.differences')}
                      </Tag>
                    )}
                  </span>
                </button>
                {open === d.date && <TimeSection personId={personId} date={d.date} />}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

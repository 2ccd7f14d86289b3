import { Select } from 'antd'
import { ChartNoAxesColumn, ChevronLeft, ChevronRight, Download, RefreshCw } from 'lucide-react'
import { useCallback, useMemo, useRef, useState } from 'react'
import { address } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { Chart, Sparkline } from '../../common/Chart'
import type { ChartColors } from '../../common/chart/engine'
import { localDate, useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { KpiNumber } from '../../common/KpiNumber'
import { useLive } from '../../common/live/live'
import { PageHeader, Section } from '../../common/PageHeader'
import { Popover } from '../../common/Popover'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { DotStrip } from './DotStrip'
import { type Code, type Definition, type Definitions, type Subject, useKpiWords } from './kpi'
import './metrics.css'
import { after, before, type Period, periodOf, presetOf, trendOf } from './period'
import { Behind, type Show } from './Rows'
import { words } from './words'

export default function Metrics() {
  const t = useWords(words)
  const definitions = useCall('GET /api/metrics/definitions')
  if (definitions.isError) return <ErrorState error={definitions.error} onRetry={() => void definitions.refetch()} />
  if (!definitions.data) return <Loading lines={8} />
  const { subjects } = definitions.data
  if (!subjects.company && !subjects.teams.length && !subjects.self)
    return (
      <Empty icon={ChartNoAxesColumn} title={t('empty.title')}>
        {t('empty.text')}
      </Empty>
    )
  return <Page offered={definitions.data} />
}

/** `company`, `team:<id>`, `person:<id>` in the address; what is not given is the widest that one may see. */
function readSubject(given: string | undefined, offered: Definitions, myId: string): Subject {
  const [kind, id] = (given ?? '').split(':')
  if (kind === 'company' && offered.subjects.company) return { subject: 'company' }
  if ((kind === 'team' || kind === 'person') && id) return { subject: kind, id }
  if (offered.subjects.company) return { subject: 'company' }
  const team = offered.subjects.teams[0]
  return team ? { subject: 'team', id: team.id } : { subject: 'person', id: myId }
}

function Page({ offered }: { offered: Definitions }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const k = useKpiWords()
  const [view, setView] = useView()
  const today = localDate(Date.now(), me.zone)
  const period: Period =
    view.from?.[0] && view.to?.[0] ? { from: view.from[0], to: view.to[0] } : periodOf('month', today)
  const subject = readSubject(view.who?.[0], offered, me.id)
  const set = (change: Record<string, string | undefined>) =>
    setView({ ...view, ...Object.fromEntries(Object.entries(change).map(([key, v]) => [key, v ? [v] : []])) })
  const setPeriod = (p: Period) => set({ from: p.from, to: p.to })

  const input = { ...period, ...subject }
  const kpis = useCall('GET /api/metrics/kpis', { query: input }, { placeholderData: (was) => was })
  const range = trendOf(period)
  const trend = useCall('GET /api/metrics/kpis', { query: { ...range, ...subject } }, { placeholderData: (was) => was })

  // Numbers do not jump under the eye: what has happened since waits behind a quiet button.
  const [since, setSince] = useState(0)
  useLive((e) => {
    if (e.aggregate === 'order' || e.aggregate === 'visit' || e.aggregate === 'survey') setSince((n) => n + 1)
  })
  const update = () => {
    setSince(0)
    void kpis.refetch()
    void trend.refetch()
  }

  const beside = new Set(offered.definitions.map((d) => d.beside))
  const values = kpis.data?.kpis ?? []
  const cards = offered.definitions.filter((d) => !beside.has(d.code) && values.some((v) => v.code === d.code))
  const chosen =
    offered.definitions.find((d) => d.code === view.kpi?.[0] && values.some((v) => v.code === d.code)) ?? cards[0]
  const preset = presetOf(period)
  const previous = before(period)
  const detail = useRef<HTMLDivElement>(null)
  const open = (code: Code, show?: Show) => {
    set({ kpi: code, show })
    detail.current?.scrollIntoView({ behavior: 'smooth', block: 'start' })
  }
  const exportUrl = (more: { kpi?: Code; format: 'xlsx' | 'csv' }) =>
    address('GET /api/metrics/export', { query: { ...input, ...more } }).url

  const people = [
    ...(offered.subjects.company ? [{ value: 'company', label: t('company') }] : []),
    ...offered.subjects.teams.map((team) => ({ value: `team:${team.id}`, label: team.name })),
    ...(offered.subjects.self ? [{ value: `person:${me.id}`, label: t('me') }] : []),
  ]
  const who = subject.subject === 'company' ? 'company' : `${subject.subject}:${subject.id}`
  if (!people.some((p) => p.value === who))
    people.push({ value: who, label: t('person', { name: kpis.data?.subject.name ?? '…' }) })

  return (
    <div className="zc-metrics">
      <PageHeader
        title={t('title')}
        meta={
          <>
            <span>{f.localSpan(period.from, period.to)}</span>
            {kpis.data && <span>{t('asOf', { when: f.when(kpis.data.period.asOf) })}</span>}
            {since > 0 && (
              <button type="button" className="zc-chip" onClick={update}>
                <RefreshCw className="zc-icon" size={14} aria-hidden /> {t('updates', { n: since })}
              </button>
            )}
          </>
        }
        actions={
          offered.can.export && (
            <Popover
              right
              trigger={
                <>
                  <Download className="zc-icon" size={16} aria-hidden /> {t('export')}
                </>
              }
            >
              <a className="option" href={exportUrl({ format: 'xlsx' })} download>
                {t('export.xlsx')}
              </a>
              <a className="option" href={exportUrl({ format: 'csv' })} download>
                {t('export.csv')}
              </a>
              {chosen && (
                <>
                  <a className="option" href={exportUrl({ format: 'xlsx', kpi: chosen.code })} download>
                    {t('export.kpi.xlsx', { name: k.name(chosen.code) })}
                  </a>
                  <a className="option" href={exportUrl({ format: 'csv', kpi: chosen.code })} download>
                    {t('export.kpi.csv', { name: k.name(chosen.code) })}
                  </a>
                </>
              )}
            </Popover>
          )
        }
      />
      <div className="controls">
        <button type="button" className="zc-btn icon" aria-label={t('period.prev')} onClick={() => setPeriod(previous)}>
          <ChevronLeft className="zc-icon" size={16} />
        </button>
        <fieldset className="zc-seg" aria-label={t('period.kind')} style={{ margin: 0, padding: 0 }}>
          {(['week', 'month', 'quarter', 'year'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={preset === one}
              onClick={() => setPeriod(periodOf(one, period.to < today ? period.to : today))}
            >
              {t(`period.${one}`)}
            </button>
          ))}
        </fieldset>
        <button
          type="button"
          className="zc-btn icon"
          aria-label={t('period.next')}
          disabled={period.to >= today}
          onClick={() => setPeriod(after(period))}
        >
          <ChevronRight className="zc-icon" size={16} />
        </button>
        <input
          className="zc-input"
          type="date"
          aria-label={t('period.from')}
          value={period.from}
          max={period.to}
          onChange={(e) => e.target.value && setPeriod({ from: e.target.value, to: period.to })}
        />
        <span aria-hidden>–</span>
        <input
          className="zc-input"
          type="date"
          aria-label={t('period.to')}
          value={period.to}
          min={period.from}
          onChange={(e) => e.target.value && setPeriod({ from: period.from, to: e.target.value })}
        />
        <Select
          aria-label={t('subject')}
          showSearch={{ optionFilterProp: 'label' }}
          value={who}
          options={people}
          style={{ minWidth: 180, marginLeft: 'auto' }}
          onChange={(next: string) => set({ who: next })}
        />
      </div>
      {kpis.isError ? (
        <ErrorState error={kpis.error} onRetry={() => void kpis.refetch()} />
      ) : !kpis.data ? (
        <Loading shape="cards" lines={6} />
      ) : (
        <>
          <div className="zc-cards">
            {cards.map((d) => {
              const v = values.find((one) => one.code === d.code)
              if (!v) return null
              const line = trend.data?.kpis.find((one) => one.code === d.code)?.trend ?? []
              const was = line.find((b) => b.from === previous.from && b.to === previous.to)?.value ?? null
              const side = values.find((one) => one.code === d.beside)
              const sideOf = offered.definitions.find((one) => one.code === d.beside)
              const known = line.filter((b) => b.value !== null)
              return (
                <div key={d.code} className="card" data-open={chosen?.code === d.code || undefined}>
                  <KpiNumber
                    kpi={{
                      name: k.name(d.code),
                      value: v.value === null ? null : k.format(d.unit, v.value),
                      n: v.n,
                      definition: `${k.formula(d.code)} · ${t('version', { n: v.version })}`,
                      exclusions: v.excluded.map((e): [string, number] => [k.why(e.reason), e.n]),
                      asOf: kpis.data.period.asOf,
                      beside: besideOf(d, v),
                      change: changeOf(d, v.value, was),
                      provisional: v.provisional,
                    }}
                    drill={
                      <button
                        type="button"
                        className="zc-btn quiet open"
                        aria-label={t('open', { name: k.name(d.code) })}
                        aria-pressed={chosen?.code === d.code}
                        onClick={() => open(d.code)}
                      >
                        {t('open.short')}
                      </button>
                    }
                  >
                    <div className="more">
                      {side && sideOf ? (
                        <button type="button" className="beside" onClick={() => open(sideOf.code)}>
                          {k.name(sideOf.code)} {side.value === null ? '—' : k.format(sideOf.unit, side.value)}
                        </button>
                      ) : (
                        <span />
                      )}
                      {known.length > 1 && (
                        <Sparkline
                          values={known.map((b) => b.value as number)}
                          label={`${k.name(d.code)} ${t('trend')}`}
                          width={88}
                          height={24}
                          tight
                        />
                      )}
                    </div>
                  </KpiNumber>
                </div>
              )
            })}
          </div>
          {chosen && (
            <div ref={detail} style={{ scrollMarginTop: 80 }}>
              <div className="zc-two-up">
                <Trend
                  definition={chosen}
                  line={trend.data?.kpis.find((one) => one.code === chosen.code)?.trend ?? []}
                  weekly={range.trend === 'week'}
                  pending={trend.isPending}
                />
                <Spread
                  definition={chosen}
                  period={period}
                  subject={subject}
                  offered={offered}
                  onWho={(next) => set({ who: next })}
                />
              </div>
              <Behind
                key={`${chosen.code}:${who}`}
                definition={chosen}
                input={input}
                show={(view.show?.[0] as Show) ?? 'counted'}
                onShow={(show) => set({ show, kpi: chosen.code })}
                zone={me.zone}
              />
            </div>
          )}
        </>
      )}
    </div>
  )

  function besideOf(d: Definition, v: (typeof values)[number]): string | undefined {
    if (d.unit === 'minutes' && v.median !== null && v.p90 !== null)
      return `${t('median', { v: k.format(d.unit, v.median) })} · ${t('p90', { v: k.format(d.unit, v.p90) })}`
    if (v.interval)
      return t('interval', { low: k.format(d.unit, v.interval.low), high: k.format(d.unit, v.interval.high) })
    return undefined
  }
  function changeOf(d: Definition, now: number | null, was: number | null) {
    if (now === null || was === null) return undefined
    const diff = now - was
    const size = d.unit === 'share' ? Math.round(Math.abs(diff) * 1000) / 10 : Math.round(Math.abs(diff) * 10) / 10
    if (size === 0) return { by: '', better: null }
    const by = d.unit === 'share' ? t('points', { n: size }) : k.format(d.unit, Math.abs(diff))
    return { by, better: diff > 0 === (d.better === 'higher') }
  }
}

type Bucket = { from: string; to: string; value: number | null; n: number; provisional: boolean }

function Trend({
  definition: d,
  line,
  weekly,
  pending,
}: {
  definition: Definition
  line: Bucket[]
  weekly: boolean
  pending: boolean
}) {
  const t = useWords(words)
  const f = useFormat()
  const language = useLanguage()
  const k = useKpiWords()
  const labels = useMemo(
    () =>
      line.map((b) => {
        const [y, m, day] = b.from.split('-').map(Number) as [number, number, number]
        if (weekly) return `${m}/${day}`
        const month = language === 'zh-CN' ? `${m}月` : f.localSpan(b.from, b.from).split(' ')[1]
        return m === 1 ? `${month}\n${y}` : month
      }),
    [line, weekly, language, f],
  )
  const name = k.name(d.code)
  const { format } = k
  // A share of 90 to 98 % is drawn from the tenth below, in four even steps.
  const lowest = Math.min(1, ...line.flatMap((b) => (b.value === null ? [] : [b.value])))
  const floor = d.unit === 'share' ? Math.max(0, Math.min(8, Math.floor(lowest * 10 - 0.5)) / 10) : 0
  const option = useCallback(
    (c: ChartColors) => ({
      xAxis: { type: 'category', data: labels },
      yAxis: {
        type: 'value',
        min: floor,
        max: d.unit === 'share' ? 1 : undefined,
        interval: d.unit === 'share' ? (1 - floor) / 4 : undefined,
        axisLabel: { formatter: (v: number) => format(d.unit, v), color: c.text },
      },
      tooltip: {
        trigger: 'axis',
        confine: true,
        formatter: (points: { dataIndex: number }[]) => {
          const b = line[points[0]?.dataIndex ?? 0]
          if (!b) return ''
          return `${f.localSpan(b.from, b.to)}<br><b>${b.value === null ? '—' : format(d.unit, b.value)}</b> · n = ${b.n}${b.provisional ? `<br>${t('trend.provisional')}` : ''}`
        },
      },
      legend: { show: false },
      grid: { left: 8, right: 16, top: 12, bottom: 4, containLabel: true },
      series: [
        {
          type: 'line',
          name,
          data: line.map((b) => b.value),
          symbolSize: 7,
          lineStyle: { width: 2, color: c.teal },
          itemStyle: { color: c.teal },
          connectNulls: false,
        },
      ],
    }),
    [line, labels, d.unit, name, floor, format, f, t],
  )
  return (
    <Section title={`${name} · ${t('trend')}`}>
      {pending ? (
        <Loading lines={3} />
      ) : line.every((b) => b.value === null) ? (
        <p className="zc-strip-note">{t('trend.none')}</p>
      ) : (
        <Chart
          label={`${name} ${t('trend')}`}
          height={220}
          option={option}
          table={{
            head: [t('trend.when'), t('trend.value'), t('trend.n')],
            rows: line.map((b) => [f.localSpan(b.from, b.to), b.value === null ? '—' : k.format(d.unit, b.value), b.n]),
          }}
        />
      )}
    </Section>
  )
}

function Spread({
  definition: d,
  period,
  subject,
  offered,
  onWho,
}: {
  definition: Definition
  period: Period
  subject: Subject
  offered: Definitions
  onWho: (who: string) => void
}) {
  const t = useWords(words)
  const k = useKpiWords()
  const [by, setBy] = useState<'person' | 'team'>('person')
  const teams = subject.subject === 'company' && offered.subjects.teams.length > 1
  // The desk's first response is nobody's own number: it can only be laid side by side by team.
  const onlyTeams = d.code === 'response_team'
  const kind = onlyTeams ? 'team' : teams ? by : 'person'
  const table = useCall(
    'GET /api/metrics/table',
    { query: { ...period, by: kind, teamId: subject.subject === 'team' ? subject.id : undefined } },
    { placeholderData: (was) => was },
  )
  const rows = table.data?.by === kind ? table.data.rows : []
  const dots = rows.flatMap((r) => {
    const v = r.kpis.find((one) => one.code === d.code)
    return v && v.value !== null ? [{ id: r.id, name: r.name, note: r.teamName, value: v.value, n: v.n }] : []
  })
  const silent = rows.length - dots.length
  return (
    <Section
      title={t(kind === 'team' ? 'strip.teams' : 'strip')}
      count={table.data?.by === kind ? dots.length : undefined}
      actions={
        teams &&
        !onlyTeams && (
          <fieldset className="zc-seg" style={{ margin: 0, padding: 0 }}>
            {(['person', 'team'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={kind === one} onClick={() => setBy(one)}>
                {t(one === 'person' ? 'strip.people' : 'strip.byTeam')}
              </button>
            ))}
          </fieldset>
        )
      }
    >
      {table.isError ? (
        <ErrorState error={table.error} onRetry={() => void table.refetch()} />
      ) : table.data?.by !== kind ? (
        <Loading lines={3} />
      ) : dots.length === 0 ? (
        <p className="zc-strip-note">{t('strip.none')}</p>
      ) : (
        <>
          <DotStrip
            dots={dots}
            label={`${k.name(d.code)} ${t(kind === 'team' ? 'strip.teams' : 'strip')}`}
            fullScale={d.unit === 'share'}
            format={(value) => k.format(d.unit, value)}
            onOpen={(dot) => onWho(`${kind}:${dot.id}`)}
          />
          <p className="zc-strip-note">
            {t('strip.note')}
            {silent > 0 && ` ${t(kind === 'team' ? 'strip.noDataTeams' : 'strip.noData', { n: silent })}`}
          </p>
        </>
      )}
    </Section>
  )
}

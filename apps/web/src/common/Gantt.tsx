import { Diamond, Table2 } from 'lucide-react'
import { useLayoutEffect, useRef, useState } from 'react'
import { dateOf, dayOf, lateDays, restRuns, spanOf } from './gantt'
import './Gantt.css'
import { formatLocalDate, localDate, useFormat } from './i18n/format'
import { useLanguage } from './i18n/language'
import { defineWords, useWords } from './i18n/words'

export const ganttWords = defineWords({
  'zh-CN': {
    planned: '计划',
    actual: '实际',
    today: '今天',
    table: '以表格查看',
    chart: '以甘特图查看',
    name: '阶段',
    start: '开始',
    end: '结束',
    late: '晚 {n} 天',
    running: '进行中',
    none: '未开始',
    owner: '负责人',
    state: '情况',
    onTime: '按计划',
    'bar.label': '{name}，计划 {from} 到 {to}，{state}',
  },
  'en-US': {
    planned: 'Planned',
    actual: 'Actual',
    today: 'Today',
    table: 'Show as a table',
    chart: 'Show as a Gantt chart',
    name: 'Phase',
    start: 'Start',
    end: 'End',
    late: { one: '{n} day late', other: '{n} days late' },
    running: 'running',
    none: 'not started',
    owner: 'Owner',
    state: 'Status',
    onTime: 'As planned',
    'bar.label': '{name}, planned {from} to {to}, {state}',
  },
})

export type GanttRow = {
  id: string
  name: string
  /** Plain dates YYYY-MM-DD, inclusive. */
  plannedStart: string
  plannedEnd: string
  actualStart?: string | null
  actualEnd?: string | null
  /** 0..1 */
  progress?: number
  owner?: string
  /** A point in time: a diamond on its planned end. */
  milestone?: boolean
  /** Indents under the phase above. */
  level?: number
}

const ROW = 34
/** Width of the column of names, as in the style sheet. */
const NAMES = 200

/** Planned (outline) against actual (filled) per phase, with today's line and the days off shaded; the same as a table on demand. */
export function Gantt({
  rows,
  isWorkingDay,
  label,
  today = localDate(Date.now(), 'Asia/Shanghai'),
  pxPerDay,
  selectedId,
  onSelect,
}: {
  rows: GanttRow[]
  isWorkingDay: (date: string) => boolean
  label: string
  today?: string
  pxPerDay?: number
  selectedId?: string | null
  onSelect?: (row: GanttRow) => void
}) {
  const t = useWords(ganttWords)
  const f = useFormat()
  const language = useLanguage()
  const [asTable, setAsTable] = useState(false)
  const [from, to] = spanOf(
    rows.flatMap((r) => [r.plannedStart, r.plannedEnd, r.actualStart, r.actualEnd]),
    today,
  )
  // All of it in sight where that leaves a day wide enough to be seen; longer projects scroll.
  const box = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(1100)
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    const measure = () => setWidth(el.clientWidth - NAMES)
    measure()
    const resize = new ResizeObserver(measure)
    resize.observe(el)
    return () => resize.disconnect()
  }, [asTable])
  const px = pxPerDay ?? Math.max(4, Math.min(28, width / (to - from)))
  const x = (day: number) => (day - from) * px
  const statusOf = (r: GanttRow) => {
    const late = lateDays(r.plannedEnd, r.actualEnd ?? null, today)
    if (late > 0) return { late, text: t('late', { n: late }) }
    return { late: 0, text: r.actualEnd ? t('onTime') : r.actualStart ? t('running') : t('none') }
  }
  const months: number[] = []
  for (let day = from; day < to; day++) if (dateOf(day).endsWith('-01') || day === from) months.push(day)
  const weeks: number[] = []
  // 1970-01-01 was a Thursday: day 4 was a Monday.
  for (let day = from + ((4 - (from % 7) + 7) % 7); day < to; day += 7) weeks.push(day)
  const short = (day: number) => {
    const [y, m, d] = dateOf(day).split('-').map(Number)
    return {
      month:
        language === 'zh-CN'
          ? `${y}年${m}月`
          : new Date(day * 86_400_000).toLocaleDateString('en-US', {
              timeZone: 'UTC',
              month: 'short',
              year: 'numeric',
            }),
      day: String(d),
    }
  }

  return (
    <div className="zc-gantt">
      <div className="legend">
        <span>
          <i className="planned" /> {t('planned')}
        </span>
        <span>
          <i className="actual" data-meaning="teal" /> {t('actual')}
        </span>
        <button type="button" className="zc-btn quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          <Table2 className="zc-icon" size={15} aria-hidden /> {t(asTable ? 'chart' : 'table')}
        </button>
      </div>
      {asTable ? (
        <table aria-label={label}>
          <thead>
            <tr>
              {[
                t('name'),
                t('owner'),
                `${t('planned')} ${t('start')}`,
                `${t('planned')} ${t('end')}`,
                `${t('actual')} ${t('start')}`,
                `${t('actual')} ${t('end')}`,
                t('state'),
              ].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((r) => (
              <tr key={r.id}>
                <th scope="row">{r.name}</th>
                <td>{r.owner ?? '—'}</td>
                {[r.plannedStart, r.plannedEnd, r.actualStart, r.actualEnd].map((date, i) => (
                  <td key={i}>{date ? formatLocalDate(date, { language }) : '—'}</td>
                ))}
                <td>{statusOf(r).text}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <section className="box" aria-label={label} ref={box}>
          <div className="canvas" style={{ width: `calc(var(--names) + ${x(to)}px)`, height: 44 + rows.length * ROW }}>
            <div className="axis">
              <div className="corner">{t('name')}</div>
              {months.map((day, i) => (
                <span
                  key={day}
                  className="month zc-clip"
                  style={{ left: `calc(var(--names) + ${x(day)}px)`, width: ((months[i + 1] ?? to) - day) * px }}
                >
                  {((months[i + 1] ?? to) - day) * px > 64 && short(day).month}
                </span>
              ))}
              {weeks.map((day) => (
                <span key={day} className="week" style={{ left: `calc(var(--names) + ${x(day)}px)` }}>
                  {px * 7 >= 26 && short(day).day}
                </span>
              ))}
            </div>
            {restRuns(from, to, isWorkingDay).map(([a, b]) => (
              <i key={a} className="rest" style={{ left: `calc(var(--names) + ${x(a)}px)`, width: (b - a) * px }} />
            ))}
            <i className="today" style={{ left: `calc(var(--names) + ${x(dayOf(today)) + px / 2}px)` }}>
              <span>{t('today')}</span>
            </i>
            {rows.map((r, i) => {
              const { late, text } = statusOf(r)
              const start = dayOf(r.plannedStart)
              const end = dayOf(r.plannedEnd) + 1
              const began = r.actualStart ? dayOf(r.actualStart) : null
              const ended = r.actualEnd ? dayOf(r.actualEnd) + 1 : dayOf(today) + 1
              const spoken = t('bar.label', {
                name: r.name,
                from: f.localDate(r.plannedStart),
                to: f.localDate(r.plannedEnd),
                state: text,
              })
              return (
                <button
                  key={r.id}
                  type="button"
                  className="row"
                  aria-label={spoken}
                  aria-pressed={onSelect ? r.id === selectedId : undefined}
                  title={spoken}
                  style={{ top: 44 + i * ROW, height: ROW }}
                  onClick={() => onSelect?.(r)}
                >
                  <span className="name" style={{ paddingLeft: 16 + (r.level ?? 0) * 16 }}>
                    <span className="zc-clip">{r.name}</span>
                    {late > 0 && <small>{text}</small>}
                  </span>
                  {r.milestone ? (
                    <Diamond
                      className="zc-icon diamond"
                      size={16}
                      data-meaning={r.actualEnd ? 'green' : late ? 'red' : 'blue'}
                      style={{ left: `calc(var(--names) + ${x(r.actualEnd ? ended : end) - px / 2 - 8}px)` }}
                      aria-hidden
                    />
                  ) : (
                    <>
                      <i
                        className="planned"
                        style={{ left: `calc(var(--names) + ${x(start)}px)`, width: (end - start) * px }}
                      />
                      {began !== null && (
                        <i
                          className="actual"
                          data-meaning={r.actualEnd ? 'green' : 'teal'}
                          style={{
                            left: `calc(var(--names) + ${x(began)}px)`,
                            width: Math.max(px, (ended - began) * px),
                          }}
                        />
                      )}
                      {late > 0 && (began !== null || !r.actualEnd) && (
                        <i
                          className="late"
                          style={{ left: `calc(var(--names) + ${x(end)}px)`, width: Math.max(0, (ended - end) * px) }}
                        />
                      )}
                    </>
                  )}
                </button>
              )
            })}
          </div>
        </section>
      )}
    </div>
  )
}

import { dateOf, dayOf } from '../../common/gantt'

export type Period = { from: string; to: string }
export type Preset = 'week' | 'month' | 'quarter' | 'year'

const monthStart = (y: number, m: number) => new Date(Date.UTC(y, m, 1)).toISOString().slice(0, 10)
const parts = (date: string) => date.split('-').map(Number) as [number, number, number]

/** The calendar week (from Monday), month, quarter or year that a day lies in; `shift` goes that many of them on or back. */
export function periodOf(preset: Preset, day: string, shift = 0): Period {
  if (preset === 'week') {
    const n = dayOf(day)
    // 1970-01-01 was a Thursday: three days after a Monday.
    const monday = n - ((((n + 3) % 7) + 7) % 7) + 7 * shift
    return { from: dateOf(monday), to: dateOf(monday + 6) }
  }
  const [y, m] = parts(day)
  const size = preset === 'month' ? 1 : preset === 'quarter' ? 3 : 12
  const first = Math.floor((m - 1) / size) * size + shift * size
  return { from: monthStart(y, first), to: dateOf(dayOf(monthStart(y, first + size)) - 1) }
}

/** Which calendar period it is; null: days that somebody chose. */
export function presetOf({ from, to }: Period): Preset | null {
  for (const preset of ['week', 'month', 'quarter', 'year'] as const) {
    const p = periodOf(preset, from)
    if (p.from === from && p.to === to) return preset
  }
  return null
}

/** The period before: the calendar one where it is one, else as many days just before. */
export function before(period: Period): Period {
  const preset = presetOf(period)
  if (preset) return periodOf(preset, period.from, -1)
  const days = dayOf(period.to) - dayOf(period.from) + 1
  return { from: dateOf(dayOf(period.from) - days), to: dateOf(dayOf(period.from) - 1) }
}
export function after(period: Period): Period {
  const preset = presetOf(period)
  if (preset) return periodOf(preset, period.from, 1)
  const days = dayOf(period.to) - dayOf(period.from) + 1
  return { from: dateOf(dayOf(period.to) + 1), to: dateOf(dayOf(period.to) + days) }
}

/** What the trend shows: eight weeks up to a week, six months up to a month, the months of anything longer. */
export function trendOf(period: Period): Period & { trend: 'week' | 'month' } {
  const days = dayOf(period.to) - dayOf(period.from) + 1
  if (days <= 14) return { from: periodOf('week', period.from, -7).from, to: period.to, trend: 'week' }
  const months = days <= 31 ? 5 : 0
  return { from: periodOf('month', period.from, -months).from, to: period.to, trend: 'month' }
}

/**
 * Dots of a strip that do not lie on each other: x in 0..1 by value, `row` how many lie below. `gap` is the width of a
 * dot as a share of the strip.
 */
export function pile<T extends { value: number }>(
  dots: readonly T[],
  min: number,
  max: number,
  gap: number,
): (T & { x: number; row: number })[] {
  const rows: number[] = []
  return [...dots]
    .sort((a, b) => a.value - b.value)
    .map((dot) => {
      const x = max > min ? (dot.value - min) / (max - min) : 0.5
      let row = rows.findIndex((last) => x - last >= gap)
      if (row < 0) row = rows.length
      rows[row] = x
      return { ...dot, x, row }
    })
}

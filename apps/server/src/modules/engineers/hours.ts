import {
  addDays,
  CalendarError,
  checkShift,
  type Interval,
  localDate,
  shiftIntervals,
  startOfLocalDay,
  weekdayOf,
  workIntervals,
} from '#calendar'
import { fail } from '../../platform/errors'
import { companyCalendar } from '../people'
import type { EngineerFacts, ShiftFacts } from './facts'

// A board asks for some 200 people and seven days, and most share a shift.
const asked = new WeakMap<ShiftFacts, Map<string, readonly Interval[]>>()

/** When a shift has people at work on a local date, epoch milliseconds; without a shift the company's office hours hold. */
export function shiftOn(shift: ShiftFacts | null, date: string): readonly Interval[] {
  if (!shift) return workIntervals(companyCalendar('Asia/Shanghai'), date)
  const dates = asked.get(shift) ?? new Map<string, readonly Interval[]>()
  asked.set(shift, dates)
  const known = dates.get(date) ?? shiftIntervals(shift, companyCalendar(shift.zone), date)
  dates.set(date, known)
  return known
}

/** Refuses a shift whose anchor, spans or zone make no sense. */
export function checkHours(shift: ShiftFacts): void {
  try {
    checkShift(shift)
    shiftOn(shift, shift.anchor)
  } catch (error) {
    if (error instanceof CalendarError) fail('shift_malformed', { why: error.code })
    throw error
  }
}

/** The local day of an instant and its week, Monday to Sunday, as real time. */
export function dayAndWeek(at: number, zone: string) {
  const date = localDate(at, zone)
  const monday = addDays(date, 1 - weekdayOf(date))
  const dates = Array.from({ length: 7 }, (_, i) => addDays(monday, i))
  return {
    date,
    dates,
    day: [startOfLocalDay(date, zone), startOfLocalDay(addDays(date, 1), zone)] as Interval,
    week: [startOfLocalDay(monday, zone), startOfLocalDay(addDays(monday, 7), zone)] as Interval,
  }
}

export const overlapMin = (a: Interval, b: Interval): number =>
  Math.max(0, Math.min(a[1], b[1]) - Math.max(a[0], b[0])) / 60_000

export interface Load {
  todayMin: number
  todayCapacityMin: number
  todayPercent: number | null
  weekMin: number
  weekCapacityMin: number
  weekPercent: number | null
}

/**
 * Booked minutes (visits and the ways to them) of the day and week around `at`, against what shift, leave and the
 * person's own limit leave. Where nothing is left, there is no percentage to show.
 */
export function loadOf(
  e: Pick<EngineerFacts, 'shift' | 'maxDayMin' | 'maxWeekMin'>,
  booked: readonly { from: Date | number; to: Date | number; kind: string }[],
  at: number,
  zone: string,
): Load {
  const { date, dates, day, week } = dayAndWeek(at, zone)
  const spans = booked.map((b) => ({
    span: [Number(b.from), Number(b.to)] as Interval,
    away: b.kind === 'leave' || b.kind === 'training',
  }))
  const busy = (frame: Interval) => Math.round(spans.reduce((n, s) => n + (s.away ? 0 : overlapMin(s.span, frame)), 0))
  const capacity = (d: string) => {
    const open = shiftOn(e.shift, d).reduce(
      (n, span) => n + overlapMin(span, span) - spans.reduce((m, s) => m + (s.away ? overlapMin(s.span, span) : 0), 0),
      0,
    )
    return Math.min(e.maxDayMin, Math.round(open))
  }
  const todayMin = busy(day)
  const weekMin = busy(week)
  const todayCapacityMin = capacity(date)
  const weekCapacityMin = Math.min(
    e.maxWeekMin,
    dates.reduce((n, d) => n + capacity(d), 0),
  )
  const percent = (n: number, of: number) => (of > 0 ? Math.round((n / of) * 100) : null)
  return {
    todayMin,
    todayCapacityMin,
    todayPercent: percent(todayMin, todayCapacityMin),
    weekMin,
    weekCapacityMin,
    weekPercent: percent(weekMin, weekCapacityMin),
  }
}

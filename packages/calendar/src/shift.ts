import { checkSpans, madeUpSpans, type Spans, type Week, type WorkCalendar } from './calendar'
import { fail } from './errors'
import { epochDay, type Interval, type LocalDate, type Span, spansToIntervals, weekdayOf } from './zone'

/**
 * When a person works: a cycle of days that repeats from an anchor date. 行政班 is one week; 早晚班轮换 two weeks;
 * 上二休二 four days. Its minutes are meant in the calendar's zone.
 */
export interface Shift {
  readonly id: string
  /** The date on which cycle[0] falls. For weekly cycles a Monday. */
  readonly anchor: LocalDate
  readonly cycle: readonly Spans[]
  /** 行政班: free on holidays, at work on 调休. A round-the-clock 倒班 takes no notice of either. */
  readonly followsHolidays: boolean
}

/** A shift whose weeks take turns; `weeks[0]` is the week of `anchor`, which must be a Monday. */
export function weeklyShift(shift: {
  id: string
  anchor: LocalDate
  weeks: readonly Week[]
  followsHolidays: boolean
}): Shift {
  if (weekdayOf(shift.anchor) !== 1) fail('calendar_cycle', { id: shift.id, anchor: shift.anchor })
  const { id, anchor, followsHolidays } = shift
  return checkShift({ id, anchor, followsHolidays, cycle: shift.weeks.flat() })
}

/** Returns the shift if its anchor, cycle and spans make sense; otherwise throws the first coded fault. */
export function checkShift(shift: Shift): Shift {
  epochDay(shift.anchor)
  if (shift.cycle.length === 0) fail('calendar_cycle', { id: shift.id })
  for (const spans of shift.cycle) checkSpans(spans)
  return shift
}

/** The spans of a shift that start on a date. An override with hours of its own (除夕 till noon) limits the shift. */
export function shiftSpans(shift: Shift, cal: WorkCalendar, date: LocalDate): Spans {
  const length = shift.cycle.length
  const index = (((epochDay(date) - epochDay(shift.anchor)) % length) + length) % length
  const own = shift.cycle[index]!
  const override = shift.followsHolidays ? cal.days[date] : undefined
  if (override === undefined) return own
  if (override === 'off') return []
  const usual = madeUpSpans(shift.cycle, index)
  return override === 'work' ? usual : intersect(usual, override)
}

/** The same as real time. */
export const shiftIntervals = (shift: Shift, cal: WorkCalendar, date: LocalDate): Interval[] =>
  spansToIntervals(shiftSpans(shift, cal, date), date, cal.zone)

function intersect(a: Spans, b: Spans): Spans {
  const both: Span[] = []
  for (const [aStart, aEnd] of a)
    for (const [bStart, bEnd] of b) {
      const start = Math.max(aStart, bStart)
      const end = Math.min(aEnd, bEnd)
      if (start < end) both.push([start, end])
    }
  return both
}

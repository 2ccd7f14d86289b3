import { fail } from './errors'
import {
  addDays,
  atLocalDay,
  dateOfEpochDay,
  epochDay,
  type Instant,
  type Interval,
  type LocalDate,
  localDate,
  localEpochDay,
  MINUTE_MS,
  offsetMs,
  type Span,
  weekdayOfEpochDay,
} from './zone'

/** Spans of Monday, Tuesday … Sunday. */
export type Week = readonly [Spans, Spans, Spans, Spans, Spans, Spans, Spans]
export type Spans = readonly Span[]
/** What one date is instead of its weekday: a holiday, a 调休 working day, or its own hours. */
export type DayOverride = 'off' | 'work' | Spans

/** A version of a working calendar: plain data, never changed in place (a new version is a new value). */
export interface WorkCalendar {
  readonly id: string
  readonly version: number
  /** IANA zone in which its days and minutes are meant. */
  readonly zone: string
  readonly week: Week
  readonly days: Readonly<Record<LocalDate, DayOverride>>
  /** First year whose 调休 is not published yet; null when the calendar depends on no announcement. */
  readonly provisionalFrom: number | null
}

/** 09:00–12:00 and 13:00–18:00, Monday to Friday: 8 hours, one 人天. */
const officeDay: Spans = [
  [540, 720],
  [780, 1080],
]
export const officeWeek: Week = [officeDay, officeDay, officeDay, officeDay, officeDay, [], []]

const wholeDay: Spans = [[0, 1440]]

/** 24×7: every minute counts. */
export const always: WorkCalendar = {
  id: 'always',
  version: 1,
  zone: 'UTC',
  week: [wholeDay, wholeDay, wholeDay, wholeDay, wholeDay, wholeDay, wholeDay],
  days: {},
  provisionalFrom: null,
}

/** Returns the calendar if its zone, week, dates and spans make sense; otherwise throws the first coded fault. */
export function checkCalendar(cal: WorkCalendar): WorkCalendar {
  offsetMs(0, cal.zone)
  if (cal.week.length !== 7) fail('calendar_week', { days: cal.week.length })
  for (const spans of cal.week) checkSpans(spans)
  for (const [date, day] of Object.entries(cal.days)) {
    epochDay(date)
    if (typeof day !== 'string') checkSpans(day, date)
    else if (day !== 'off' && day !== 'work') fail('calendar_span', { date, day })
  }
  return cal
}

/** Spans are whole minutes, in order, apart from each other, start on their own day and end by the end of the next. */
export function checkSpans(spans: Spans, date?: LocalDate): void {
  let last = -1
  for (const [start, end] of spans) {
    const sound = Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < 1440
    if (!sound || end <= start || end > 2880 || start < last) fail('calendar_span', { date, span: [start, end] })
    last = end
  }
}

/** A new version with more days decided by an administrator, and the year up to which the state has announced. */
export function withOverrides(
  cal: WorkCalendar,
  change: { version: number; days: Readonly<Record<LocalDate, DayOverride>>; provisionalFrom?: number | null },
): WorkCalendar {
  return checkCalendar({
    ...cal,
    version: change.version,
    days: { ...cal.days, ...change.days },
    provisionalFrom: change.provisionalFrom === undefined ? cal.provisionalFrom : change.provisionalFrom,
  })
}

/**
 * The spans of a 调休 working day: those of its own place in the pattern, or of the nearest earlier place that has
 * any (a Sunday works Friday's hours, in Friday's week).
 */
export function madeUpSpans(pattern: readonly Spans[], index: number): Spans {
  for (let back = 0; back < pattern.length; back++) {
    const spans = pattern[(index - back + pattern.length) % pattern.length]!
    if (spans.length > 0) return spans
  }
  return []
}

function spansOfDay(cal: WorkCalendar, day: number): Spans {
  const index = weekdayOfEpochDay(day) - 1
  const override = cal.days[dateOfEpochDay(day)]
  if (override === undefined) return cal.week[index]!
  if (override === 'off') return []
  return override === 'work' ? madeUpSpans(cal.week, index) : override
}

/** The working spans that start on a date, in minutes of the calendar's wall clock. */
export const daySpans = (cal: WorkCalendar, date: LocalDate): Spans => spansOfDay(cal, epochDay(date))

export const isWorkday = (cal: WorkCalendar, date: LocalDate): boolean => daySpans(cal, date).length > 0

// A calendar is a value, so what its days come to in real time is worked out once. The map dies with the calendar.
const worked = new WeakMap<WorkCalendar, Map<number, readonly Interval[]>>()

/** Working time inside one local day: its own spans and what runs over from the day before, joined and clipped. */
function workOn(cal: WorkCalendar, day: number): readonly Interval[] {
  let known = worked.get(cal)
  if (!known) {
    known = new Map()
    worked.set(cal, known)
  }
  let work = known.get(day)
  if (!work) {
    const midnight = atLocalDay(day, 0, cal.zone)
    const nextMidnight = atLocalDay(day + 1, 0, cal.zone)
    const joined: [Instant, Instant][] = []
    for (const start of [day - 1, day]) {
      for (const [startMin, endMin] of spansOfDay(cal, start)) {
        if (start < day && endMin <= 1440) continue
        const from = Math.max(atLocalDay(start, startMin, cal.zone), midnight)
        const to = Math.min(atLocalDay(start, endMin, cal.zone), nextMidnight)
        if (from < to) joined.push([from, to])
      }
    }
    joined.sort((a, b) => a[0] - b[0])
    const apart: [Instant, Instant][] = []
    for (const [from, to] of joined) {
      const last = apart.at(-1)
      if (last && from <= last[1]) last[1] = Math.max(last[1], to)
      else apart.push([from, to])
    }
    work = apart
    if (known.size >= 20_000) known.clear()
    known.set(day, work)
  }
  return work
}

/** Working time between two instants in milliseconds: exact. Negative when `to` is before `from`. */
export function workingMs(cal: WorkCalendar, from: Instant, to: Instant): number {
  if (to < from) return 0 - workingMs(cal, to, from) // not -0
  const last = localEpochDay(to, cal.zone)
  let sum = 0
  for (let day = localEpochDay(from, cal.zone); day <= last; day++) {
    for (const [start, end] of workOn(cal, day)) {
      const overlap = Math.min(end, to) - Math.max(start, from)
      if (overlap > 0) sum += overlap
    }
  }
  return sum
}

/** Working minutes between two instants, not rounded; real minutes, so an hour that the clocks skip is not worked. */
export const workingMinutes = (cal: WorkCalendar, from: Instant, to: Instant): number =>
  workingMs(cal, from, to) / MINUTE_MS

/** Longer than any shutdown, short enough that a calendar with no hours answers instead of hanging. */
const IDLE_DAYS = 3 * 366

/**
 * The earliest instant by which `minutes` of working time have passed since `from`; for a negative amount the latest
 * instant since which they have passed. Zero stays where it is, inside or outside working hours. Inverse of
 * `workingMinutes` to the millisecond. `calendar_no_working_time` when three years bring none.
 */
export function addWorkingMinutes(cal: WorkCalendar, from: Instant, minutes: number): Instant {
  let left = Math.abs(Math.round(minutes * MINUTE_MS))
  if (!Number.isFinite(left)) fail('calendar_instant', { minutes })
  if (left === 0) return from
  const forward = minutes > 0
  let idle = 0
  for (let day = localEpochDay(from, cal.zone); idle < IDLE_DAYS; day += forward ? 1 : -1) {
    const work = workOn(cal, day)
    idle = work.length > 0 ? 0 : idle + 1
    for (let i = 0; i < work.length; i++) {
      const [start, end] = work[forward ? i : work.length - 1 - i]!
      const open = forward ? Math.max(start, from) : start
      const close = forward ? end : Math.min(end, from)
      if (open >= close) continue
      if (left <= close - open) return forward ? open + left : close - left
      left -= close - open
    }
  }
  return fail('calendar_no_working_time', { calendar: cal.id, version: cal.version })
}

/** Whether an instant is working time (the end of a span is not). */
export const isWorkingTime = (cal: WorkCalendar, at: Instant): boolean =>
  workOn(cal, localEpochDay(at, cal.zone)).some(([from, to]) => from <= at && at < to)

/** The working stretches of a local date, as real time. */
export const workIntervals = (cal: WorkCalendar, date: LocalDate): readonly Interval[] => workOn(cal, epochDay(date))

/** The n-th workday after a date, before it when n is negative; with 0 the date itself, workday or not. */
export function addWorkdays(cal: WorkCalendar, date: LocalDate, n: number): LocalDate {
  if (!Number.isInteger(n)) fail('calendar_date', { date, n })
  const step = n < 0 ? -1 : 1
  let day = epochDay(date)
  let idle = 0
  for (let left = Math.abs(n); left > 0; ) {
    day += step
    if (spansOfDay(cal, day).length > 0) {
      left--
      idle = 0
    } else if (++idle > IDLE_DAYS) fail('calendar_no_workday', { calendar: cal.id, version: cal.version })
  }
  return dateOfEpochDay(day)
}

/** The first workday after a date. */
export const nextWorkday = (cal: WorkCalendar, date: LocalDate): LocalDate => addWorkdays(cal, date, 1)

/** The date itself if it is a workday, otherwise the next one. */
export const workdayOnOrAfter = (cal: WorkCalendar, date: LocalDate): LocalDate =>
  isWorkday(cal, date) ? date : nextWorkday(cal, date)

/** Workdays after `from` up to and including `to`: the n of `addWorkdays`. Negative when `to` is earlier. */
export function workdaysBetween(cal: WorkCalendar, from: LocalDate, to: LocalDate): number {
  const first = epochDay(from)
  const last = epochDay(to)
  let count = 0
  for (let day = first + 1; day <= last; day++) if (spansOfDay(cal, day).length > 0) count++
  for (let day = first - 1; day >= last; day--) if (spansOfDay(cal, day).length > 0) count--
  return count
}

/** Workdays from `first` to `last`, both counted: how many days a phase or a leave takes. 0 when last is earlier. */
export const workdaysIn = (cal: WorkCalendar, first: LocalDate, last: LocalDate): number =>
  last < first ? 0 : workdaysBetween(cal, addDays(first, -1), last)

/** Whether a date lies where the state has not yet announced holidays and 调休. */
export function isProvisionalDate(cal: WorkCalendar, date: LocalDate): boolean {
  if (cal.provisionalFrom === null) return false
  // The notice for a year has five times decided the last days of the year before: 2006-12-30 … 2022-12-31.
  return date >= `${String(cal.provisionalFrom - 1).padStart(4, '0')}-12-29`
}

/** Whether any of the time between two instants is provisional: an SLA or a plan resting on it says so. */
export function isProvisional(cal: WorkCalendar, from: Instant, to: Instant): boolean {
  const last = Math.max(from, to)
  // The end is not part of the time, unless it is all there is.
  return isProvisionalDate(cal, localDate(last === Math.min(from, to) ? last : last - 1, cal.zone))
}

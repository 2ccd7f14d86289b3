import { fail } from './errors'

/** Milliseconds since 1970-01-01T00:00Z. */
export type Instant = number
/** A day on somebody's wall calendar, 'YYYY-MM-DD'; it is an instant only together with a zone. */
export type LocalDate = string
/** Minutes since local midnight on the wall clock. An end may pass 1440: the span then runs into the next day. */
export type Span = readonly [startMin: number, endMin: number]
/** A stretch of real time, end exclusive. */
export type Interval = readonly [from: Instant, to: Instant]

export const DAY_MS = 86_400_000
export const MINUTE_MS = 60_000

/** Days since 1970-01-01 of a date; `calendar_date` if it is not a real day. */
export function epochDay(date: LocalDate): number {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(date) : Number.NaN
  // Date.parse takes 2026-02-30 for 2 March in some engines and refuses it in others.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== date) fail('calendar_date', { date })
  return ms / DAY_MS
}

export const dateOfEpochDay = (day: number): LocalDate => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** The date n days later (earlier when negative). */
export const addDays = (date: LocalDate, n: number): LocalDate => dateOfEpochDay(epochDay(date) + n)

/** ISO weekday, 1 Monday … 7 Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (date: LocalDate): number => weekdayOfEpochDay(epochDay(date))
export const weekdayOfEpochDay = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1

// Intl is exact but takes microseconds a call, and SLA boards ask a hundred thousand times. Offsets are therefore
// kept per zone and UTC day; a day with a transition keeps the millisecond at which it happens. Zones do not change
// twice within one UTC day.
interface DayOffset {
  before: number
  after: number
  at: Instant
}
interface Zone {
  format: Intl.DateTimeFormat
  days: Map<number, DayOffset>
}
const zones = new Map<string, Zone>()
const KEPT_DAYS = 20_000

function zoneOf(name: string): Zone {
  let zone = zones.get(name)
  if (!zone) {
    let format: Intl.DateTimeFormat
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
    } catch {
      fail('calendar_zone', { zone: name })
    }
    zone = { format, days: new Map() }
    zones.set(name, zone)
  }
  return zone
}

function askIntl(format: Intl.DateTimeFormat, at: Instant): number {
  const part: Record<string, string> = {}
  for (const { type, value } of format.formatToParts(at)) part[type] = value
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year)
  const wall = Date.UTC(
    year,
    Number(part.month) - 1,
    Number(part.day),
    Number(part.hour),
    Number(part.minute),
    Number(part.second),
  )
  return wall - Math.floor(at / 1000) * 1000
}

/** Local wall clock minus UTC at an instant, in milliseconds (Asia/Shanghai: 28,800,000). */
export function offsetMs(at: Instant, zoneName: string): number {
  if (!Number.isFinite(at) || Math.abs(at) > 8.64e15 - 4 * DAY_MS) fail('calendar_instant', { at })
  const zone = zoneOf(zoneName)
  const day = Math.floor(at / DAY_MS)
  let known = zone.days.get(day)
  if (!known) {
    const before = askIntl(zone.format, day * DAY_MS)
    const after = askIntl(zone.format, (day + 1) * DAY_MS)
    let low = day * DAY_MS
    let high = (day + 1) * DAY_MS
    if (before !== after) {
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2)
        if (askIntl(zone.format, middle) === before) low = middle
        else high = middle
      }
    }
    known = { before, after, at: high }
    if (zone.days.size >= KEPT_DAYS) zone.days.clear()
    zone.days.set(day, known)
  }
  return at < known.at ? known.before : known.after
}

/** The day on the wall calendar of a zone at an instant. */
export const localDate = (at: Instant, zone: string): LocalDate => dateOfEpochDay(localEpochDay(at, zone))

export const localEpochDay = (at: Instant, zone: string): number => Math.floor((at + offsetMs(at, zone)) / DAY_MS)

/** Minutes on the wall clock since 00:00 of the local date; fractional when the instant has seconds. */
export function localMinutes(at: Instant, zone: string): number {
  const wall = at + offsetMs(at, zone)
  return (wall - Math.floor(wall / DAY_MS) * DAY_MS) / MINUTE_MS
}

/**
 * The instant at which the wall clock of a zone shows `minutes` past 00:00 of a date. A time that the clocks skip
 * moves forward by the gap, a time that comes twice is the first one (Temporal's and RFC 5545's rule).
 */
export const atLocal = (date: LocalDate, minutes: number, zone: string): Instant =>
  atLocalDay(epochDay(date), minutes, zone)

export function atLocalDay(day: number, minutes: number, zone: string): Instant {
  const wall = day * DAY_MS + Math.round(minutes * MINUTE_MS)
  const before = offsetMs(wall - DAY_MS, zone)
  const after = offsetMs(wall + DAY_MS, zone)
  if (before === after && offsetMs(wall - before, zone) === before) return wall - before
  const valid = [wall - before, wall - after].filter((at, i) => offsetMs(at, zone) === (i === 0 ? before : after))
  return valid.length > 0 ? Math.min(...valid) : wall - before
}

/** The first instant of a local date. Where midnight is skipped, that is not 00:00. */
export const startOfLocalDay = (date: LocalDate, zone: string): Instant => atLocal(date, 0, zone)

/** Wall-clock spans of one date as real time; what the clocks skip has no length and is left out. */
export function spansToIntervals(spans: readonly Span[], date: LocalDate, zone: string): Interval[] {
  const day = epochDay(date)
  return spans
    .map(([start, end]): Interval => [atLocalDay(day, start, zone), atLocalDay(day, end, zone)])
    .filter(([from, to]) => from < to)
}

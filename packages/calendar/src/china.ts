// The package's JSON, not its functions: those read dates in the zone of the machine and are a day off west of Greenwich.
import published from 'chinese-days/dist/chinese-days.json' with { type: 'json' }
import { checkCalendar, type DayOverride, type Week, type WorkCalendar } from './calendar'
import type { LocalDate } from './zone'

/** The last year whose holidays and 调休 the State Council had published when the data was made. */
// Marked pure so that a bundle that never asks for China's days (the phone's) leaves the data out.
export const publishedThrough: number = /* @__PURE__ */ (() =>
  Math.max(...Object.keys(published.holidays).map((date) => Number(date.slice(0, 4)))))()

/**
 * The statutory calendar of mainland China, 2004 to `publishedThrough`, over a week of working hours. Later years are
 * plain weekdays and provisional until an administrator adds them by `withOverrides`.
 */
export function chinaCalendar({
  id = 'cn',
  zone = 'Asia/Shanghai',
  week,
  version,
}: {
  id?: string
  zone?: string
  week: Week
  version: number
}): WorkCalendar {
  const days: Record<LocalDate, DayOverride> = {}
  for (const date of Object.keys(published.holidays)) days[date] = 'off'
  for (const date of Object.keys(published.workdays)) days[date] = 'work'
  return checkCalendar({ id, version, zone, week, days, provisionalFrom: publishedThrough + 1 })
}

/** The name of a statutory holiday, in Chinese as published (春节), or undefined. */
export function holidayName(date: LocalDate): string | undefined {
  const holidays: Record<string, string> = published.holidays
  return Object.hasOwn(holidays, date) ? holidays[date]!.split(',')[1] : undefined
}

import { localDate, monthOf, weekdayOf } from '../common/i18n/format'
import type { Language } from '../common/i18n/language'
import { instantOf, wallTime } from '../common/i18n/wallTime'

/** `2026-11-23T14:30` on the wall of the zone. */
export const toWall = (at: string | number, zone: string): string =>
  wallTime(typeof at === 'number' ? at : Date.parse(at), zone)

/** The instant when the zone's wall shows it. In the hour that a clock change leaves out, the hour after. */
export function fromWall(wall: string, zone: string): string {
  const at = instantOf(wall, zone)
  if (at === null) throw new RangeError(`no time: ${wall}`)
  return at
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Monday of the week of a local date. */
export const mondayOf = (date: string): string => addDays(date, -((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7))

export const today = (zone: string): string => localDate(Date.now(), zone)

/** 11月23日 周一, for the head of a page. */
export function dayName(date: string, language: Language): string {
  const [, month, day] = date.split('-').map(Number)
  const weekday = weekdayOf(date, language)
  if (language === 'zh-CN') return `${month}月${day}日 ${weekday}`
  return `${weekday} ${day} ${monthOf(date)}`
}

import { localDate } from '../common/i18n/format'
import type { Language } from '../common/i18n/language'

const parts = (at: number, zone: string): number => {
  const p = Object.fromEntries(
    new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
      .formatToParts(at)
      .map((x) => [x.type, x.value]),
  )
  return Date.parse(`${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:00Z`)
}

/** `2026-11-23T14:30` on the wall of the zone. */
export const toWall = (at: string | number, zone: string): string =>
  new Date(parts(typeof at === 'number' ? at : Date.parse(at), zone)).toISOString().slice(0, 16)

/** The instant when the zone's wall shows it. In the hour that a clock change leaves out, the hour after. */
export function fromWall(wall: string, zone: string): string {
  const want = Date.parse(`${wall.slice(0, 16)}:00Z`)
  let at = want
  // Twice: the first guess may lie on the other side of a change of clocks.
  for (let i = 0; i < 2; i++) at += want - parts(at, zone)
  return new Date(at).toISOString()
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T12:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)

/** Monday of the week of a local date. */
export const mondayOf = (date: string): string => addDays(date, -((new Date(`${date}T12:00:00Z`).getUTCDay() + 6) % 7))

export const today = (zone: string): string => localDate(Date.now(), zone)

/** 11月23日 周一, for the head of a page. */
export function dayName(date: string, language: Language): string {
  const at = Date.parse(`${date}T12:00:00Z`)
  const [, month, day] = date.split('-').map(Number)
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'short', timeZone: 'UTC' }).format(at)
  if (language === 'zh-CN') return `${month}月${day}日 ${weekday}`
  return `${weekday} ${day} ${new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' }).format(at)}`
}

import * as calendar from '#calendar'

// The company works in one zone without summer time, so the story computes in fixed offsets.
export const ZONE = 'Asia/Shanghai'
const OFFSET_MS = 8 * 3_600_000
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A local date `YYYY-MM-DD` in Asia/Shanghai. */
export type LocalDate = string

/** The local date of an instant in milliseconds. */
export const dateOf = (ms: number): LocalDate => new Date(ms + OFFSET_MS).toISOString().slice(0, 10)

/** Minutes since local midnight. */
export const minuteOf = (ms: number): number => Math.floor((ms + OFFSET_MS) / MINUTE) % (24 * 60)

/** The instant of a local date and a minute of its day, in milliseconds. */
export const at = (date: LocalDate, minute = 0): number =>
  Date.parse(`${date}T00:00:00.000Z`) - OFFSET_MS + minute * MINUTE

export const clock = (hour: number, minute = 0): number => hour * 60 + minute

export const addDays = (date: LocalDate, days: number): LocalDate =>
  new Date(Date.parse(`${date}T00:00:00.000Z`) + days * DAY).toISOString().slice(0, 10)

export const daysBetween = (from: LocalDate, to: LocalDate): number =>
  Math.round((Date.parse(`${to}T00:00:00.000Z`) - Date.parse(`${from}T00:00:00.000Z`)) / DAY)

/** 0 Sunday … 6 Saturday. */
export const weekday = (date: LocalDate): number => new Date(`${date}T00:00:00.000Z`).getUTCDay()

const china = calendar.chinaCalendar({ zone: ZONE, week: calendar.officeWeek, version: 1 })
const memo = new Map<LocalDate, boolean>()
/** A working day in mainland China, 调休 included; beyond the published years, plain weekdays. */
export function isWorkday(date: LocalDate): boolean {
  let known = memo.get(date)
  if (known === undefined) {
    known = calendar.isWorkday(china, date)
    memo.set(date, known)
  }
  return known
}

/** A weekend day that 调休 made a working day. */
export const isMakeUpDay = (date: LocalDate): boolean => {
  const day = weekday(date)
  return (day === 0 || day === 6) && isWorkday(date)
}

export const nextWorkday = (date: LocalDate): LocalDate => {
  let day = addDays(date, 1)
  while (!isWorkday(day)) day = addDays(day, 1)
  return day
}

export const workdayOnOrAfter = (date: LocalDate): LocalDate => (isWorkday(date) ? date : nextWorkday(date))

/** `count` working days after `date`; negative goes back. */
export const addWorkdays = (date: LocalDate, count: number): LocalDate => {
  let day = date
  const step = count < 0 ? -1 : 1
  for (let left = Math.abs(count); left > 0; ) {
    day = addDays(day, step)
    if (isWorkday(day)) left--
  }
  return day
}

/** How many working days from `from` (included) to the end of its month. */
export const workdaysLeftInMonth = (from: LocalDate): number => {
  const month = from.slice(0, 7)
  let count = 0
  for (let day = from; day.startsWith(month); day = addDays(day, 1)) if (isWorkday(day)) count++
  return count
}

import { addDays, weekdayOf } from '#calendar'

// A ranking asks some thousand times about the same few dates.
const weeks = new Map<string, readonly string[]>()
const following = new Map<string, string>()

function keep<V>(known: Map<string, V>, date: string, value: V): V {
  if (known.size > 2_000) known.clear()
  known.set(date, value)
  return value
}

/** The seven dates of a date's week, Monday first. */
export function weekOf(date: string): readonly string[] {
  const found = weeks.get(date)
  if (found) return found
  const monday = addDays(date, 1 - weekdayOf(date))
  return keep(
    weeks,
    date,
    Array.from({ length: 7 }, (_, i) => addDays(monday, i)),
  )
}

export const dayAfter = (date: string): string => following.get(date) ?? keep(following, date, addDays(date, 1))

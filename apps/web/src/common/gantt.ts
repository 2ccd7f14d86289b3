const DAY = 86_400_000

/** Days since 1970 of a plain date: a Gantt counts days, not instants. */
export const dayOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY)
export const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10)

/** First and last day (exclusive) of all bars, with a margin, and today inside. */
export function spanOf(dates: (string | null | undefined)[], today: string, margin = 4): [number, number] {
  const days = [...dates, today].flatMap((date) => (date ? [dayOf(date)] : []))
  return [Math.min(...days) - margin, Math.max(...days) + margin + 1]
}

/** Runs of days that are not working days, merged, for the shading. */
export function restRuns(from: number, to: number, isWorkingDay: (date: string) => boolean): [number, number][] {
  const runs: [number, number][] = []
  for (let day = from; day < to; day++) {
    if (isWorkingDay(dateOf(day))) continue
    const last = runs.at(-1)
    if (last && last[1] === day) last[1] = day + 1
    else runs.push([day, day + 1])
  }
  return runs
}

/** Days late: of the actual end against the plan, or of today against an unfinished one. */
export function lateDays(plannedEnd: string | null, actualEnd: string | null, today: string): number {
  if (!plannedEnd) return 0
  return Math.max(0, dayOf(actualEnd ?? today) - dayOf(plannedEnd))
}

import type { Interval } from '#calendar'
import { overlapMin } from '../../engineers'
import { weekOf } from '../days'
import { min, type Objection, type Placement, type Problem, type Rule } from '../problem'

/** Booked minutes of the day and week of the visit, with it, against what shift, leave and his limit leave. */
function compute({ engineer, start, end, travelMin }: Placement, { job, dateOf }: Problem) {
  const date = dateOf(start)
  const week = weekOf(date)
  const work = engineer.stops.filter((s) => s.kind === 'visit' || s.kind === 'travel')
  const away = engineer.stops.filter((s) => s.kind === 'leave' || s.kind === 'training')
  let dayMin = 0
  let weekMin = 0
  for (const s of work) {
    if (job.moving.includes(s.ref)) continue
    const on = dateOf(s.from)
    if (!week.includes(on)) continue
    weekMin += min(s.to - s.from)
    if (on === date) dayMin += min(s.to - s.from)
  }
  const capacity = (d: string) => {
    const free = engineer
      .shiftOn(d)
      .reduce(
        (n, span) =>
          n + min(span[1] - span[0]) - away.reduce((m, a) => m + overlapMin(span, [a.from, a.to] as Interval), 0),
        0,
      )
    return Math.min(engineer.maxDayMin, Math.max(0, Math.round(free)))
  }
  const own = job.mode === 'onsite' ? min(end - start) + travelMin : 0
  const dayCapacity = capacity(date)
  const weekCapacity = Math.min(
    engineer.maxWeekMin,
    week.reduce((n, d) => n + capacity(d), 0),
  )
  const percent = (n: number, of: number) => (of > 0 ? Math.round((n / of) * 100) : null)
  return {
    dayMin,
    dayCapacity,
    dayPercent: percent(dayMin, dayCapacity),
    dayPercentWith: percent(dayMin + own, dayCapacity),
    weekMin,
    weekCapacity,
    weekPercent: percent(weekMin, weekCapacity),
    own,
  }
}

// Check, cost, explanation and answer all ask about one placement.
const known = new WeakMap<Placement, ReturnType<typeof compute>>()
export const loads = (p: Placement, problem: Problem) => {
  const l = known.get(p) ?? compute(p, problem)
  known.set(p, l)
  return l
}

/** Work is shared out: who has less booked comes first, and a full day or week is said. */
export const load: Rule = {
  name: 'load',
  weight: 'load',
  check: (p, problem) => {
    const l = loads(p, problem)
    const found: Objection[] = []
    if (l.dayMin + l.own > p.engineer.maxDayMin)
      found.push({ code: 'over_day_limit', params: { min: l.dayMin + l.own, limit: p.engineer.maxDayMin } })
    if (l.weekMin + l.own > p.engineer.maxWeekMin)
      found.push({ code: 'over_week_limit', params: { min: l.weekMin + l.own, limit: p.engineer.maxWeekMin } })
    return found
  },
  // A full day is worth an hour, a full week another.
  cost: (p, problem) => {
    const l = loads(p, problem)
    return Math.min(150, l.dayPercent ?? 0) * 0.6 + Math.min(150, l.weekPercent ?? 0) * 0.6
  },
  explain: (p, problem) => {
    const l = loads(p, problem)
    return [
      {
        code: 'load',
        params: {
          dayMin: l.dayMin,
          dayPercent: l.dayPercent,
          dayPercentWith: l.dayPercentWith,
          weekMin: l.weekMin,
          weekPercent: l.weekPercent,
        },
      },
    ]
  },
}

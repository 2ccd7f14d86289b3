import { overlaps, type Problem, type Rule, type Stop, samePlace } from '../problem'

// The way to a visit at the same place, right after this one, is ridden before this one instead.
const ridesAlong = (s: Stop, end: number, { job, tripGapMin }: Problem) =>
  s.kind === 'travel' && samePlace(s.point, job.point) && s.to >= end && s.to - end <= tripGapMin * 60_000

/** Nobody is in two places: an on-site visit and the way to it need free time. Remote work may run beside others. */
export const overlap: Rule = {
  name: 'overlap',
  check: ({ engineer, start, end, travelMin }, problem) => {
    const { job } = problem
    if (job.mode !== 'onsite') return []
    const busy = engineer.stops.find(
      (s) =>
        (s.kind === 'visit' || s.kind === 'travel') &&
        !job.moving.includes(s.ref) &&
        !ridesAlong(s, end, problem) &&
        overlaps(s, start - travelMin * 60_000, end),
    )
    return busy
      ? [
          {
            code: 'engineer_busy',
            params: { kind: busy.kind, ref: busy.ref, from: busy.from, to: busy.to, name: busy.name },
          },
        ]
      : []
  },
  explain: () => [],
}

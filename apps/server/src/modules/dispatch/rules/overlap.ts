import { overlaps, type Rule } from '../problem'

/** Nobody is in two places: an on-site visit and the way to it need free time. Remote work may run beside others. */
export const overlap: Rule = {
  name: 'overlap',
  check: ({ engineer, start, end, travelMin }, { job }) => {
    if (job.mode !== 'onsite') return []
    const busy = engineer.stops.find(
      (s) =>
        (s.kind === 'visit' || s.kind === 'travel') &&
        !job.moving.includes(s.ref) &&
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

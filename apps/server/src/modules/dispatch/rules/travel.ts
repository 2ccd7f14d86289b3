import { min, type Objection, type Rule } from '../problem'

/** The way there, and that the visit after it can still be reached in time. */
export const travel: Rule = {
  name: 'travel',
  weight: 'travel',
  check: ({ travel, travelMin, next, end }, { job }) => {
    if (job.mode === 'remote') return []
    const found: Objection[] = []
    if (!travel) found.push({ code: 'travel_unknown', params: { min: travelMin } })
    if (next?.way && end + next.way.min * 60_000 > next.stop.from)
      found.push({
        code: 'next_unreachable',
        params: {
          name: next.stop.name,
          ref: next.stop.ref,
          at: next.stop.from,
          needMin: next.way.min,
          haveMin: Math.max(0, min(next.stop.from - end)),
        },
      })
    return found
  },
  cost: ({ travelMin }, { job }) => (job.mode === 'remote' ? 0 : travelMin),
  explain: ({ travel }) =>
    travel
      ? [
          {
            code: travel.from === 'home' ? 'travel_from_home' : 'travel_from_stop',
            params: { min: travel.min, distanceM: Math.round(travel.distanceM), name: travel.name },
          },
        ]
      : [],
}

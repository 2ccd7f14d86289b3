import type { VisitCard } from '../../offline/visits'

/** The day's visits as stops: neighbours of one trip share one way there and one check-in. */
export function stopsOf<V extends Pick<VisitCard, 'tripId'>>(visits: readonly V[]): V[][] {
  const stops: V[][] = []
  for (const v of visits) {
    const last = stops.at(-1)
    if (last?.[0]?.tripId && last[0].tripId === v.tripId) last.push(v)
    else stops.push([v])
  }
  return stops
}

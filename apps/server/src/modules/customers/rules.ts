import { coordinateFault } from '#geo'
import { fail } from '../../platform/errors'

export interface Point {
  lat: number
  lng: number
  datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'
  accuracyM?: number | undefined
  source?: string | undefined
}

/** Refuses what cannot be a place of work: 0,0 (a fix that was never taken), out of range, lat and lng exchanged. */
export function checkPoint(p: Point | null | undefined): void {
  const fault = p && coordinateFault(p)
  if (fault) fail(fault, { lat: p.lat, lng: p.lng })
}

/** Spans of one day must be in order and apart. */
export function checkAccessHours(week: readonly (readonly (readonly [number, number])[])[] | null | undefined): void {
  for (const [day, spans] of (week ?? []).entries()) {
    let last = -1
    for (const [from, to] of spans) {
      if (from < last || to <= from) fail('access_hours_overlap', { weekday: day + 1 })
      last = to
    }
  }
}

/** ISO dates compare as text. */
export function checkDates(from: string | null | undefined, to: string | null | undefined): void {
  if (from && to && to < from) fail('time_order')
}

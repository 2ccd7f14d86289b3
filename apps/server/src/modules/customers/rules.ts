import { fail } from '../../platform/errors'

export interface Point {
  lat: number
  lng: number
  datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'
  accuracyM?: number | undefined
  source?: string | undefined
}

/**
 * Refuses what cannot be a place of work: 0,0 (a fix that was never taken), values out of range, and a pair whose
 * exchange lies in China while it does not itself lie anywhere near it (lat and lng written into each other's field).
 */
export function checkPoint(p: Point | null | undefined): void {
  if (!p) return
  if (Math.abs(p.lat) < 1e-6 && Math.abs(p.lng) < 1e-6) fail('coordinate_zero')
  const inChina = (lat: number, lng: number) => lat > 3 && lat < 54 && lng > 73 && lng < 136
  if (inChina(p.lng, p.lat)) fail('coordinate_swapped', { lat: p.lat, lng: p.lng })
  if (Math.abs(p.lat) > 90 || Math.abs(p.lng) > 180) fail('coordinate_range', { lat: p.lat, lng: p.lng })
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

// What the check-in page makes of the positions that it saw while it was open: the one that is sent at the tap, and how
// they scattered. The same functions serve the phone and the fixtures.

import { haversineM } from '#geo'
import type { Instant } from './events'

/** One answer of the phone's positioning, as the browser gives it; `at` by the phone's clock. */
export interface Seen {
  lat: number
  lng: number
  accuracyM: number
  altitudeM?: number | null
  altitudeAccuracyM?: number | null
  speedMps?: number | null
  headingDeg?: number | null
  at: Instant
}

/** How the positions on the open page scattered: numbers only, no track. */
export interface Watch {
  n: number
  spanMs: number
  /** Greatest distance from the first of them. */
  spreadM: number
}

const FRESH_MS = 30_000

/**
 * The position to send: of the last half minute the most accurate, a second of age weighing a metre. A cold start is
 * first hundreds of metres off and then right: the last answer may be worse than the one before.
 */
export function chooseFix(seen: readonly Seen[], now: Instant): Seen | null {
  const fresh = seen.filter((s) => now - s.at <= FRESH_MS)
  const from = fresh.length > 0 ? fresh : seen.slice(-1)
  const cost = (s: Seen) => s.accuracyM + Math.max(0, now - s.at) / 1000
  return from.reduce<Seen | null>((best, s) => (best === null || cost(s) < cost(best) ? s : best), null)
}

export function watchOf(seen: readonly Seen[]): Watch | null {
  const first = seen[0]
  const last = seen.at(-1)
  if (!first || !last) return null
  return {
    n: seen.length,
    spanMs: Math.max(0, Math.round(last.at - first.at)),
    spreadM: Math.round(Math.max(...seen.map((s) => haversineM(first, s))) * 100) / 100,
  }
}

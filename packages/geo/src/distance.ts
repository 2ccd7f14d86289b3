import { type Coordinate, type KnownDatum, readAs, toDatum } from './coordinate'

/** Mean radius of the Earth in metres (IUGG); haversine on it is within 0.5 % of the ellipsoid. */
const EARTH_M = 6_371_008.8

/** Great-circle distance in metres between two points in one datum, by the haversine formula. */
export function haversineM(a: { lat: number; lng: number }, b: { lat: number; lng: number }): number {
  const rad = Math.PI / 180
  const sinLat = Math.sin(((b.lat - a.lat) * rad) / 2)
  const sinLng = Math.sin(((b.lng - a.lng) * rad) / 2)
  const h = sinLat * sinLat + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * sinLng * sinLng
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)))
}

export interface Distance {
  /** Metres; the shorter reading when the datum is unknown. */
  readonly distanceM: number
  /** The longer reading; the same where nothing is ambiguous. */
  readonly farthestM: number
  /** True when an unknown datum changes the answer by more than a metre. */
  readonly ambiguous: boolean
}

// A phone gives WGS-84 and a Chinese map GCJ-02; BD-09 always comes with its name.
const readings = (point: Coordinate): KnownDatum[] => (point.datum === 'unknown' ? ['wgs84', 'gcj02'] : [point.datum])

/** Distance in metres with both points brought into one datum; an unknown datum is read as WGS-84 and as GCJ-02. */
export function distanceM(a: Coordinate, b: Coordinate): Distance {
  const all: number[] = []
  for (const da of readings(a))
    for (const db of readings(b)) all.push(haversineM(toDatum(readAs(a, da), 'wgs84'), toDatum(readAs(b, db), 'wgs84')))
  const nearest = Math.min(...all)
  const farthest = Math.max(...all)
  return { distanceM: nearest, farthestM: farthest, ambiguous: farthest - nearest > 1 }
}

export interface Geofence {
  /** Metres from fix to site (the nearer reading of an unknown datum). */
  readonly distanceM: number
  /** The distance that the fix may have: radius plus the accuracies. */
  readonly withinM: number
  /** withinM − distanceM: negative is by how much the fix is too far. */
  readonly margin: number
  /** inside: wherever in its accuracy the fix is, it is in the radius. outside: nowhere in its accuracy it is. */
  readonly certain: 'inside' | 'outside' | 'unsure'
  readonly ambiguous: boolean
}

/** What a fix that does not tell its accuracy is taken to have: a phone on cells and Wi-Fi. */
export const ASSUMED_ACCURACY_M = 100

/** Whether a fix lies within a radius of a site, taking the accuracy of both into account (the site's default is 0). */
export function geofence(fix: Coordinate, site: Coordinate, radiusM: number): Geofence {
  const { distanceM: nearest, farthestM, ambiguous } = distanceM(fix, site)
  const fixM = fix.accuracyM !== undefined && fix.accuracyM >= 0 ? fix.accuracyM : ASSUMED_ACCURACY_M
  const slackM = fixM + Math.max(0, site.accuracyM ?? 0)
  const withinM = radiusM + slackM
  const certain = farthestM + slackM <= radiusM ? 'inside' : nearest > withinM ? 'outside' : 'unsure'
  return { distanceM: nearest, withinM, margin: withinM - nearest, certain, ambiguous }
}

export interface DatumMix {
  /** The datum in which the site's numbers seem to be meant. */
  readonly readAs: KnownDatum
  /** Median distance of the fixes from the site as it is stated, and as it would be read. */
  readonly statedM: number
  readonly readM: number
  readonly fixes: number
}

const median = (sorted: number[]): number => {
  const half = sorted.length >> 1
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/**
 * Whether a site was entered in the wrong datum: at least three fixes stand well away from it (median 150 m or more),
 * and reading its numbers in another datum brings the median under 100 m and a third, and at least four fixes in five
 * nearer. Fixes of unknown datum say nothing and are left out.
 */
export function likelyDatumMix(site: Coordinate, fixes: readonly Coordinate[]): DatumMix | undefined {
  const known = fixes.filter((fix) => fix.datum !== 'unknown')
  if (known.length < 3) return undefined
  const stated = known.map((fix) => distanceM(fix, site).farthestM)
  const statedM = median([...stated].sort((a, b) => a - b))
  if (statedM < 150) return undefined
  let best: DatumMix | undefined
  for (const datum of ['wgs84', 'gcj02', 'bd09'] as const) {
    if (datum === site.datum) continue
    const read = known.map((fix) => distanceM(fix, readAs(site, datum)).distanceM)
    const nearer = read.filter((m, i) => m < stated[i]!).length
    const readM = median([...read].sort((a, b) => a - b))
    const convincing = readM < 100 && readM < statedM / 3 && nearer >= known.length * 0.8
    if (convincing && (!best || readM < best.readM)) best = { readAs: datum, statedM, readM, fixes: known.length }
  }
  return best
}

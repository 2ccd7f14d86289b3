import type { Coordinate } from './coordinate'
import { distanceM } from './distance'

/**
 * Road over straight-line distance in China: 1.33 (Ballou, Rahardja & Sakai, "Selected country circuity factors for
 * travel distance estimation", Transportation Research A 36, 2002).
 */
export const DETOUR = 1.33

/**
 * Speed of a car in a large Chinese city by local hour, km/h: 22–26 in the peaks, near 30 by day, 40 at night. The
 * order of magnitude of Amap's yearly traffic reports of large cities; a company with its own trips replaces it.
 */
export const CITY_KMH: readonly number[] = [
  40, 40, 40, 40, 40, 40, 35, 25, 22, 25, 28, 28, 30, 30, 28, 28, 26, 22, 22, 26, 30, 34, 38, 40,
]

/**
 * A journey is ridden in stretches: the first 20 km of straight line at the city's speed, up to 100 km on motorways,
 * the rest by high-speed rail. Stretches rather than classes, so that a farther place is never the quicker one.
 */
export const CITY_M = 20_000
export const REGION_M = 100_000
export const REGION_KMH = 70
export const RAIL_KMH = 250
/** To the car, out of the gate, parking, to the door. */
export const DOOR_MIN = 8

export interface TravelOptions {
  /** Road over straight line. */
  detour?: number
  /** One speed, or one for each of 24 local hours, for the whole way; replaces the stretches. */
  speedKmh?: number | readonly number[]
  /** Local hour of departure, 0–23; 10, a working morning after the peak, when not given. */
  hour?: number
}

export interface Travel {
  /** Whole minutes, rounded up. 0 when both points are the same. */
  readonly travelMin: number
  readonly roadM: number
  readonly kind: 'city' | 'region' | 'intercity'
  /** default: this file's figures; given: the caller's speed. Neither is a route: a map service replaces both. */
  readonly source: 'default' | 'given'
  /** The datum of a point is unknown: the longer reading was used. */
  readonly ambiguous: boolean
}

/** Estimated travel time between two points: straight line × detour ÷ speed. */
export function travelMin(a: Coordinate, b: Coordinate, options: TravelOptions = {}): Travel {
  const { farthestM: straightM, ambiguous } = distanceM(a, b)
  const { detour = DETOUR, speedKmh, hour = 10 } = options
  const at = (speeds: readonly number[]) =>
    speeds[((Math.floor(hour) % speeds.length) + speeds.length) % speeds.length]!
  const minutes = (metres: number, kmh: number) => (Math.max(0, metres) * detour * 60) / (kmh * 1000)
  let ridden: number
  if (speedKmh === undefined) {
    ridden =
      minutes(Math.min(straightM, CITY_M), at(CITY_KMH)) +
      minutes(Math.min(straightM, REGION_M) - CITY_M, REGION_KMH) +
      minutes(straightM - REGION_M, RAIL_KMH)
  } else ridden = minutes(straightM, typeof speedKmh === 'number' ? speedKmh : at(speedKmh))
  return {
    travelMin: straightM < 1 ? 0 : Math.ceil(ridden + DOOR_MIN),
    roadM: Math.round(straightM * detour),
    kind: straightM <= CITY_M ? 'city' : straightM <= REGION_M ? 'region' : 'intercity',
    source: speedKmh === undefined ? 'default' : 'given',
    ambiguous,
  }
}

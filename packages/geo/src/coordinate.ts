import gcoord from 'gcoord'
import { FIRST_LAT, ROW_LAT, rows } from './china-rows'
import { GeoError, type GeoErrorCode } from './errors'

export type KnownDatum = 'wgs84' | 'gcj02' | 'bd09'
export type Datum = KnownDatum | 'unknown'

/** A point with the datum in which its numbers are meant: the same numbers are 300–600 m apart in two of them. */
export interface Coordinate {
  readonly lat: number
  readonly lng: number
  readonly datum: Datum
  /** Radius in metres in which the true point lies (68 %, as phones give it). */
  readonly accuracyM?: number
  /** Where it came from: phone, map, geocoder, crm … */
  readonly source?: string
}

const { transform } = gcoord
const crs = { wgs84: gcoord.WGS84, gcj02: gcoord.GCJ02, bd09: gcoord.BD09 } as const

/** Whether WGS-84 numbers lie on China's land, widened by about 10 km. The open sea is not land. */
export function onChinaLand(lat: number, lng: number): boolean {
  const row = rows[Math.floor((lat - FIRST_LAT) / ROW_LAT)]
  return row?.some(([from, to]) => from <= lng && lng <= to) ?? false
}

// Maps offset China only. The usual rectangle also covers Seoul, Hanoi and Delhi and moves them half a kilometre.
const toWgs = (lng: number, lat: number, from: KnownDatum): [number, number] => {
  if (from === 'wgs84') return [lng, lat]
  // BD-09 is Baidu's shift on top of GCJ-02 everywhere; its own inverse is 1–2 m off, so it is refined here.
  const [gLng, gLat] = from === 'bd09' ? bdToGcj(lng, lat) : [lng, lat]
  return onChinaLand(gLat, gLng) ? (transform([gLng, gLat], crs.gcj02, crs.wgs84) as [number, number]) : [gLng, gLat]
}

const fromWgs = (lng: number, lat: number, to: KnownDatum): [number, number] => {
  if (to === 'wgs84') return [lng, lat]
  const gcj = onChinaLand(lat, lng) ? (transform([lng, lat], crs.wgs84, crs.gcj02) as [number, number]) : [lng, lat]
  return to === 'gcj02' ? [gcj[0]!, gcj[1]!] : (transform([gcj[0]!, gcj[1]!], crs.gcj02, crs.bd09) as [number, number])
}

function bdToGcj(lng: number, lat: number): [number, number] {
  let [x, y] = transform([lng, lat], crs.bd09, crs.gcj02) as [number, number]
  for (let i = 0; i < 3; i++) {
    const [backLng, backLat] = transform([x, y], crs.gcj02, crs.bd09) as [number, number]
    x += lng - backLng
    y += lat - backLat
  }
  return [x, y]
}

/**
 * The same place in another datum. An unknown datum cannot be converted: say how to read it with `readAs` first.
 * Outside China GCJ-02 equals WGS-84.
 */
export function toDatum<D extends KnownDatum>(
  point: Coordinate & { datum: KnownDatum },
  datum: D,
): Coordinate & { datum: D } {
  if (point.datum === (datum as KnownDatum)) return { ...point, datum }
  const [lng, lat] = fromWgs(...toWgs(point.lng, point.lat, point.datum), datum)
  return { ...point, lng, lat, datum }
}

/** The same numbers, taken to be meant in a datum. */
export const readAs = <D extends KnownDatum>(point: Coordinate, datum: D): Coordinate & { datum: D } => ({
  ...point,
  datum,
})

/** What is wrong with a coordinate, or undefined. */
export function coordinateFault({ lat, lng }: { lat: number; lng: number }): GeoErrorCode | undefined {
  if (!Number.isFinite(lat) || !Number.isFinite(lng)) return 'coordinate_range'
  // Devices without a fix, and forms left empty, report 0,0: a point in the Gulf of Guinea.
  if (Math.abs(lat) < 0.01 && Math.abs(lng) < 0.01) return 'coordinate_zero'
  if (Math.abs(lng) <= 90 && Math.abs(lat) > 90 && Math.abs(lat) <= 180) return 'coordinate_swapped'
  if (Math.abs(lat) > 90 || Math.abs(lng) > 180) return 'coordinate_range'
  // West of 90°E both orders are valid numbers: Ürümqi swapped lies in the Arctic Ocean.
  if (lat > 70 && onChinaLand(lng, lat)) return 'coordinate_swapped'
  return undefined
}

/** Whether a coordinate can be a place at all. */
export const inBounds = (point: { lat: number; lng: number }): boolean => coordinateFault(point) === undefined

/** Returns the coordinate; throws `GeoError` with `coordinate_zero`, `coordinate_range` or `coordinate_swapped`. */
export function checkCoordinate<C extends { lat: number; lng: number }>(point: C): C {
  const fault = coordinateFault(point)
  if (fault) throw new GeoError(fault, { lat: point.lat, lng: point.lng })
  return point
}

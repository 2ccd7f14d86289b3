import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Coordinate,
  checkCoordinate,
  cities,
  coordinateFault,
  distanceM,
  GeoError,
  geofence,
  haversineM,
  inBounds,
  likelyDatumMix,
  onChinaLand,
  readAs,
  toDatum,
  travelMin,
} from './index'

const wgs = (lat: number, lng: number) => ({ lat, lng, datum: 'wgs84' }) as const
/** A point `north` and `east` metres away. */
const moved = (from: Coordinate, north: number, east: number): Coordinate => ({
  ...from,
  lat: from.lat + north / 111_195,
  lng: from.lng + east / (111_195 * Math.cos((from.lat * Math.PI) / 180)),
})
const tiananmen = wgs(39.90734, 116.39123)
const inChina = fc
  .record({
    i: fc.nat(cities.length - 1),
    n: fc.integer({ min: -8000, max: 8000 }),
    e: fc.integer({ min: -8000, max: 8000 }),
  })
  .map(({ i, n, e }) => ({ ...moved(cities[i]!, n, e), datum: 'wgs84' as const }))

describe('coordinates', () => {
  test('G-01 a known point: 天安门 is some 550 m away in GCJ-02', () => {
    const gcj = toDatum(tiananmen, 'gcj02')
    expect(gcj.lat).toBeCloseTo(39.90874, 4)
    expect(gcj.lng).toBeCloseTo(116.39747, 4)
    expect(haversineM(tiananmen, gcj)).toBeGreaterThan(300)
    expect(haversineM(tiananmen, gcj)).toBeLessThan(700)
  })

  test('G-02 there and back is less than a metre, in every pair of datums', () => {
    const datum = fc.constantFrom('wgs84', 'gcj02', 'bd09')
    fc.assert(
      fc.property(inChina, datum, datum, (point, a, b) => {
        const start = toDatum(point, a)
        expect(haversineM(start, toDatum(toDatum(start, b), a))).toBeLessThan(1)
      }),
      { numRuns: 500 },
    )
  })

  test('G-02 what comes with a point stays with it', () => {
    const fix = { ...tiananmen, accuracyM: 12, source: 'phone' }
    expect(toDatum(fix, 'gcj02')).toMatchObject({ accuracyM: 12, source: 'phone', datum: 'gcj02' })
  })

  test.each([
    ['Seoul', 37.5665, 126.978],
    ['Hanoi', 21.0285, 105.8542],
    ['Delhi', 28.6139, 77.209],
    ['Ulaanbaatar', 47.8864, 106.9057],
    ['Vladivostok', 43.1155, 131.8855],
    ['Almaty', 43.222, 76.8512],
    ['Kathmandu', 27.7172, 85.324],
    ['Fukuoka', 33.5904, 130.4017],
    ['Singapore', 1.3521, 103.8198],
    ['London', 51.5074, -0.1278],
  ])('G-03 %s is not shifted', (_, lat, lng) => {
    expect(onChinaLand(lat, lng)).toBe(false)
    expect(toDatum(wgs(lat, lng), 'gcj02')).toEqual({ lat, lng, datum: 'gcj02' })
    expect(haversineM(wgs(lat, lng), toDatum(toDatum(wgs(lat, lng), 'bd09'), 'wgs84'))).toBeLessThan(1)
  })

  test.each([
    ['丹东', 40.1292, 124.3947],
    ['珲春', 42.8627, 130.3658],
    ['黑河', 50.2453, 127.5286],
    ['满洲里', 49.5978, 117.3785],
    ['二连浩特', 43.6532, 111.9774],
    ['霍尔果斯', 44.2139, 80.4206],
    ['瑞丽', 24.0128, 97.8513],
    ['东兴', 21.5478, 107.9719],
    ['喀什', 39.4677, 75.9938],
    ['漠河', 52.9722, 122.5386],
    ['三亚', 18.2528, 109.512],
    ['抚远', 48.3647, 134.3075],
  ])('G-03 %s is shifted', (_, lat, lng) => {
    expect(haversineM(wgs(lat, lng), toDatum(wgs(lat, lng), 'gcj02'))).toBeGreaterThan(50)
  })

  test.each([
    ['the Gulf of Guinea', 0, 0, 'coordinate_zero'],
    ['nearly the Gulf of Guinea', 0.0001, -0.0001, 'coordinate_zero'],
    ['not a number', Number.NaN, 116, 'coordinate_range'],
    ['infinite', 39, Number.POSITIVE_INFINITY, 'coordinate_range'],
    ['beyond the pole', 95, 120, 'coordinate_range'],
    ['beyond the date line', 30, 190, 'coordinate_range'],
    ['Beijing swapped', 116.39, 39.9, 'coordinate_swapped'],
    ['Ürümqi swapped', 87.617, 43.825, 'coordinate_swapped'],
    ['喀什 swapped', 75.9938, 39.4677, 'coordinate_swapped'],
  ])('G-04 %s is refused', (_, lat, lng, code) => {
    expect(coordinateFault({ lat, lng })).toBe(code)
    expect(inBounds({ lat, lng })).toBe(false)
    expect(() => checkCoordinate({ lat, lng })).toThrow(GeoError)
  })

  test('G-04 every city, and places abroad, are accepted', () => {
    for (const place of [...cities, wgs(78.22, 15.65), wgs(-33.87, 151.2), wgs(0.3, 32.6)]) {
      expect(checkCoordinate(place)).toBe(place)
    }
  })
})

describe('distance', () => {
  test('G-10 Beijing to Shanghai is 1,067 km', () => {
    expect(distanceM(cities[0]!, cities.find((c) => c.name === '上海')!).distanceM / 1000).toBeCloseTo(1067, -1)
  })

  test('G-10 it is symmetric, zero to itself, and the same in every datum', () => {
    fc.assert(
      fc.property(inChina, inChina, (a, b) => {
        const there = distanceM(a, b).distanceM
        expect(distanceM(b, a).distanceM).toBeCloseTo(there, 6)
        expect(distanceM(a, a).distanceM).toBe(0)
        expect(Math.abs(distanceM(toDatum(a, 'gcj02'), toDatum(b, 'bd09')).distanceM - there)).toBeLessThan(2)
      }),
    )
  })

  test('G-11 an unknown datum is read both ways', () => {
    const gcj = toDatum(tiananmen, 'gcj02')
    const read = distanceM(tiananmen, { ...gcj, datum: 'unknown' })
    expect(read.ambiguous).toBe(true)
    expect(read.distanceM).toBeLessThan(1)
    expect(read.farthestM).toBeGreaterThan(300)
    // Abroad the datums are one.
    expect(distanceM(wgs(51.5, 0.1), { lat: 51.51, lng: 0.1, datum: 'unknown' }).ambiguous).toBe(false)
  })

  test.each([
    ['close, accurate', 30, 20, 100, 'inside'],
    ['close, vague', 30, 200, 100, 'unsure'],
    ['on the edge', 95, 20, 100, 'unsure'],
    ['a bit outside', 110, 20, 100, 'unsure'],
    ['far', 500, 20, 100, 'outside'],
    ['far but very vague', 500, 800, 100, 'unsure'],
    ['accuracy not told, near', 30, undefined, 100, 'unsure'],
    ['accuracy not told, wide fence', 30, undefined, 300, 'inside'],
  ] as const)('G-12 %s', (_, metres, accuracyM, radiusM, certain) => {
    const fence = geofence({ ...moved(tiananmen, metres, 0), accuracyM }, tiananmen, radiusM)
    expect(fence.certain).toBe(certain)
    expect(fence.distanceM).toBeCloseTo(metres, 0)
    expect(fence.withinM).toBe(radiusM + (accuracyM ?? 100))
    expect(fence.margin).toBeCloseTo(fence.withinM - fence.distanceM, 6)
  })

  test('G-12 an unknown datum does not make anyone surely inside', () => {
    const site: Coordinate = { ...toDatum(tiananmen, 'gcj02'), datum: 'unknown' }
    const fence = geofence({ ...tiananmen, accuracyM: 10 }, site, 100)
    expect(fence.ambiguous).toBe(true)
    expect(fence.certain).toBe('unsure')
  })

  test('G-13 a site entered from a Chinese map as WGS-84 is recognised in every city', () => {
    for (const here of cities) {
      const site = readAs(toDatum(here, 'gcj02'), 'wgs84')
      const fixes = [moved(here, 20, -15), moved(here, -30, 10), moved(here, 5, 40), moved(here, 12, 12)]
      expect(distanceM(here, site).distanceM, here.name).toBeGreaterThan(150)
      expect(likelyDatumMix(site, fixes)?.readAs, here.name).toBe('gcj02')
    }
  })

  test('G-13 the other way round, and Baidu, too', () => {
    const fixes = [moved(tiananmen, 20, 0), moved(tiananmen, -20, 10), moved(tiananmen, 0, 25)]
    expect(likelyDatumMix(readAs(tiananmen, 'gcj02'), fixes)?.readAs).toBe('wgs84')
    expect(likelyDatumMix(readAs(toDatum(tiananmen, 'bd09'), 'gcj02'), fixes)?.readAs).toBe('bd09')
  })

  test('G-13 people who stand elsewhere, near fixes, few fixes or unknown ones say nothing', () => {
    const site = toDatum(tiananmen, 'gcj02')
    const at = (n: number, e: number) => moved(tiananmen, n, e)
    expect(likelyDatumMix(site, [at(10, 0), at(0, 20), at(-15, 5)])).toBeUndefined()
    expect(likelyDatumMix(site, [at(900, 0), at(0, 1200), at(-700, 800)])).toBeUndefined()
    const wrong = readAs(site, 'wgs84')
    expect(likelyDatumMix(wrong, [at(10, 0), at(0, 20)])).toBeUndefined()
    expect(
      likelyDatumMix(
        wrong,
        [at(1, 0), at(2, 0), at(3, 0)].map((f) => ({ ...f, datum: 'unknown' })),
      ),
    ).toBeUndefined()
    expect(likelyDatumMix(wrong, [at(10, 0), at(900, 0), at(0, 1200), at(-700, 800)])).toBeUndefined()
  })
})

describe('travel', () => {
  const to = (metres: number) => moved(tiananmen, -metres, 0)

  test.each([
    ['across a district at ten', 5_000, 10, 'city', 23],
    ['across a district at eight', 5_000, 8, 'city', 27],
    ['to the next city', 60_000, 10, 'region', 111],
    ['across the country', 1_000_000, 10, 'intercity', 444],
  ] as const)('G-20 %s', (_, metres, hour, kind, minutes) => {
    const travel = travelMin(tiananmen, to(metres), { hour })
    expect(travel).toMatchObject({ kind, source: 'default', ambiguous: false })
    expect(Math.abs(travel.travelMin - minutes)).toBeLessThanOrEqual(1)
    expect(Math.abs(travel.roadM - metres * 1.33)).toBeLessThan(5)
  })

  test('G-21 farther never takes less, the peak never less than the night', () => {
    const metres = fc.integer({ min: 0, max: 2_000_000 })
    fc.assert(
      fc.property(metres, metres, fc.nat(23), (x, y, hour) => {
        const near = travelMin(tiananmen, to(Math.min(x, y)), { hour }).travelMin
        expect(near).toBeLessThanOrEqual(travelMin(tiananmen, to(Math.max(x, y)), { hour }).travelMin)
        expect(travelMin(tiananmen, to(x), { hour: 8 }).travelMin).toBeGreaterThanOrEqual(
          travelMin(tiananmen, to(x), { hour: 2 }).travelMin,
        )
      }),
    )
  })

  test('G-22 given figures replace the defaults, and the answer says so', () => {
    expect(travelMin(tiananmen, to(30_000), { detour: 1, speedKmh: 60 })).toMatchObject({
      travelMin: 39,
      source: 'given',
    })
    const hours = Array.from({ length: 24 }, (_, h) => (h === 8 ? 20 : 60))
    expect(travelMin(tiananmen, to(20_000), { detour: 1, speedKmh: hours, hour: 8 }).travelMin).toBe(69)
    expect(travelMin(tiananmen, tiananmen).travelMin).toBe(0)
  })
})

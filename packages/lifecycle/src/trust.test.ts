import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Coordinates, Grade } from './events'
import { at } from './testing'
import { type CheckInSignals, gradeCheckIn } from './trust'

// 上海市浦东新区; one thousandth of a degree of latitude is 111 m.
const SITE: Coordinates = { lat: 31.23, lng: 121.5, datum: 'wgs84', accuracyM: 0 }
const near = (metres: number, more: Partial<Coordinates> = {}): Coordinates => ({
  lat: SITE.lat + metres / 111_195,
  lng: SITE.lng,
  datum: 'wgs84',
  accuracyM: 12,
  ...more,
})
const signals = (more: Partial<CheckInSignals> = {}): CheckInSignals => ({
  at: at(0),
  fix: near(38),
  fixAgeSec: 5,
  site: { point: SITE, radiusM: 200 },
  previous: null,
  identicalBefore: 0,
  deviceBound: true,
  skewMs: 0,
  code: null,
  photoSeenBefore: false,
  ...more,
})
const code = { kind: 'customer', matched: true } as const

describe('G1 the grade of a check-in', () => {
  it.each<[string, Partial<CheckInSignals>, Grade, string]>([
    ['38 m away, 12 m accurate', {}, 'A', 'place_inside'],
    ['outside the radius, within the accuracy', { fix: near(250, { accuracyM: 80 }) }, 'B', 'place_within_accuracy'],
    ['400 m away with a good fix', { fix: near(400) }, 'C', 'place_near'],
    ['5 km away with a good fix', { fix: near(5000) }, 'D', 'place_far'],
    ['5 km away, so coarse that it may be here', { fix: near(5000, { accuracyM: 6000 }) }, 'C', 'accuracy_useless'],
    ['accuracy 150 m', { fix: near(10, { accuracyM: 150 }) }, 'B', 'accuracy_poor'],
    ['accuracy unknown', { fix: near(10, { accuracyM: null }) }, 'B', 'accuracy_unknown'],
    ['a fix of 5 minutes ago', { fixAgeSec: 300 }, 'B', 'fix_old'],
    ['a fix of an hour ago', { fixAgeSec: 3600 }, 'C', 'fix_stale'],
    ['no fix', { fix: null }, 'C', 'no_fix'],
    ['a fix at 0,0', { fix: near(0, { lat: 0, lng: 0 }) }, 'C', 'fix_unusable'],
    ['a site without a point', { site: null }, 'C', 'site_without_point'],
    ['datum unknown', { fix: near(38, { datum: 'unknown' }) }, 'B', 'datum_unknown'],
    ['500 km in half an hour', { previous: { point: near(500_000), at: at(-30) } }, 'C', 'speed_unlikely'],
    ['500 km in ten minutes', { previous: { point: near(500_000), at: at(-10) } }, 'D', 'speed_impossible'],
    [
      'two coarse fixes jump without moving',
      { previous: { point: near(2000, { accuracyM: 2500 }), at: at(0) - 1000 } },
      'A',
      'place_inside',
    ],
    ['by high-speed train', { previous: { point: near(150_000), at: at(-30) } }, 'A', 'place_inside'],
    ['the same coordinates once before', { identicalBefore: 1 }, 'B', 'coordinates_repeated'],
    ['the same coordinates again and again', { identicalBefore: 3 }, 'C', 'coordinates_repeated'],
    ['somebody else’s device', { deviceBound: false }, 'C', 'device_not_bound'],
    ['clock 10 minutes off', { skewMs: -10 * 60_000 }, 'B', 'clock_skewed'],
    ['clock an hour off', { skewMs: 60 * 60_000 }, 'C', 'clock_skewed'],
    ['a photo that was seen before', { photoSeenBefore: true }, 'C', 'photo_seen_before'],
    ['a simulated position', { mocked: true }, 'D', 'position_simulated'],
    ['a wrong code', { code: { kind: 'site_qr', matched: false } }, 'C', 'code_differs'],
    ['a face that differs', { face: 'fail' }, 'C', 'face_differs'],
  ])('%s', (_, more, grade, first) => {
    const verdict = gradeCheckIn(signals(more))
    expect(verdict.grade).toBe(grade)
    expect(verdict.reasons[0]?.code).toBe(first)
  })

  it('G2 a code without a matching place gives B at most', () => {
    for (const more of [{ fix: null }, { fix: near(400) }, { site: null }, { fixAgeSec: 3600 }])
      expect(gradeCheckIn(signals({ ...more, code })).grade).toBe('B')
    expect(gradeCheckIn(signals({ code })).grade).toBe('A')
  })

  it('G3 neither a code nor a face outweighs a contradiction', () => {
    expect(gradeCheckIn(signals({ fix: near(5000), code, face: 'pass' })).grade).toBe('D')
    expect(gradeCheckIn(signals({ fix: null, face: 'pass' })).grade).toBe('C')
  })

  it('G4 a missing face costs nothing', () => {
    expect(gradeCheckIn(signals({ face: null }))).toEqual(gradeCheckIn(signals()))
  })

  it('G5 a map’s coordinates and a phone’s are compared in one datum', () => {
    // The site as a Chinese map gives it: 500 m beside the phone's numbers for the same door.
    const map: Coordinates = { lat: 31.22806, lng: 121.50449, datum: 'gcj02', accuracyM: 0 }
    expect(gradeCheckIn(signals({ site: { point: map, radiusM: 200 } })).grade).toBe('A')
    expect(gradeCheckIn(signals({ site: { point: { ...map, datum: 'wgs84' }, radiusM: 200 } })).grade).not.toBe('A')
  })

  it('G6 always has a grade with a reason, and further away is never better', () => {
    fc.assert(
      fc.property(
        // Nearer than a metre is another matter: see G8.
        fc.integer({ min: 2, max: 9000 }),
        fc.integer({ min: 2, max: 9000 }),
        fc.nat(800),
        (a, b, accuracyM) => {
          const grade = (m: number) => gradeCheckIn(signals({ fix: near(m, { accuracyM }) }))
          const [closer, further] = [grade(Math.min(a, b)), grade(Math.max(a, b))]
          expect(closer.reasons.length).toBeGreaterThan(0)
          expect(closer.grade <= further.grade).toBe(true)
        },
      ),
    )
  })
})

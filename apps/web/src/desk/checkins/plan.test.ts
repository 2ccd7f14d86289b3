import { describe, expect, it } from 'vitest'
import { offsetM, roundLength, scaleFor } from './plan'

const site = { lat: 31.2098, lng: 121.4635, datum: 'wgs84' as const }

describe('the plan of a check-in', () => {
  it('has the site in the middle, north above and east to the right, in metres', () => {
    const { east, north } = offsetM(site, { ...site, lat: site.lat + 0.001, lng: site.lng + 0.001 })
    expect(Math.round(north)).toBe(111)
    expect(Math.round(east)).toBe(95)
  })
  it('compares a Chinese map’s numbers with a receiver’s in one datum', () => {
    // 上海瑞金医院 in GCJ-02: the same door, half a kilometre away by its numbers.
    const { east, north } = offsetM(site, { lat: 31.20785, lng: 121.46807, datum: 'gcj02' })
    expect(Math.hypot(east, north)).toBeLessThan(15)
  })
  it('reads an unknown datum as the site’s own', () => {
    const { east, north } = offsetM(site, { ...site, datum: 'unknown' })
    expect(Math.hypot(east, north)).toBeLessThan(0.01)
  })
  it('shows all that there is, and a scale that people can read', () => {
    expect(scaleFor(100, 300) * 100).toBeGreaterThanOrEqual(300)
    expect(scaleFor(100, 0.1)).toBe(0.2)
    expect([roundLength(130), roundLength(70), roundLength(3), roundLength(2600)]).toEqual([100, 50, 2, 2000])
  })
})

import { describe, expect, it } from 'vitest'
import { navigationLinks } from './navigation'

const place = { name: '瑞金医院', address: '上海市黄浦区瑞金二路197号' }
const numbers = (url: string, pattern: RegExp) => (pattern.exec(url) ?? []).slice(1).map(Number) as [number, number]

describe('the way there', () => {
  it('each map app gets its own datum', () => {
    const links = navigationLinks({ ...place, point: { lat: 31.2098, lng: 121.4635, datum: 'wgs84' } })
    const [lng, lat] = numbers(links.amap, /to=([\d.]+),([\d.]+)/)
    expect(lng - 121.4635).toBeGreaterThan(0.003)
    expect(Math.abs(lat - 31.2098)).toBeGreaterThan(0.001)
    expect(numbers(links.tencent, /tocoord=([\d.]+),([\d.]+)/)).toEqual([lat, lng])
    expect(numbers(links.apple, /daddr=([\d.]+),([\d.]+)/)).toEqual([lat, lng])
    const [bdLat] = numbers(links.baidu, /location=([\d.]+),([\d.]+)/)
    expect(bdLat - lat).toBeGreaterThan(0.003)
  })
  it('without a trustworthy point the address is searched', () => {
    const links = navigationLinks({ ...place, point: { lat: 31.2, lng: 121.4, datum: 'unknown' } })
    for (const url of Object.values(links)) {
      expect(url).toContain(encodeURIComponent(place.address))
      expect(url).not.toContain('121.4')
    }
  })
})

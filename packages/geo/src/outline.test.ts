import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cities, onChinaLand } from './index'
import { chinaOutline, type OutlineFeature } from './outline'

const byName = (name: string, kind?: string): OutlineFeature => {
  const found = chinaOutline.features.find((f) => f.properties.name === name && (!kind || f.properties.kind === kind))
  if (!found) throw new Error(`${name} is missing`)
  return found
}
const points = ({ geometry }: OutlineFeature): [number, number][] =>
  (geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : geometry.coordinates).flat()
const box = (feature: OutlineFeature) => {
  const lngs = points(feature).map(([lng]) => lng)
  const lats = points(feature).map(([, lat]) => lat)
  return { west: Math.min(...lngs), east: Math.max(...lngs), south: Math.min(...lats), north: Math.max(...lats) }
}
function contains({ geometry }: OutlineFeature, lng: number, lat: number): boolean {
  if (geometry.type !== 'MultiPolygon') return false
  let inside = false
  for (const [ring] of geometry.coordinates)
    for (let i = 1; i < ring!.length; i++) {
      const [x1, y1] = ring![i - 1]!
      const [x2, y2] = ring![i]!
      if (y1 <= lat !== y2 <= lat && lng < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside
    }
  return inside
}

describe('outline', () => {
  test('G-30 has the 34 province-level units', () => {
    const provinces = chinaOutline.features.filter((f) => f.properties.kind === 'province')
    expect(provinces).toHaveLength(34)
    expect(provinces.map((f) => f.properties.name)).toEqual(
      expect.arrayContaining(['台湾', '香港', '澳门', '西藏', '新疆', '海南']),
    )
  })

  test.each([
    ['台湾', 119.4, 122.1, 21.8, 25.4],
    ['海南', 108.5, 111.2, 18, 20.3],
    ['钓鱼岛', 123.4, 123.6, 25.7, 25.8],
    ['赤尾屿', 124.5, 124.6, 25.85, 26],
    ['东沙群岛', 116.5, 116.95, 20.5, 20.9],
    ['西沙群岛', 111, 113, 15.6, 17.2],
    ['中沙群岛', 113.5, 118, 15, 16.2],
    ['南沙群岛', 109.3, 118, 3.4, 12],
  ])('G-30 %s is in its place', (name, west, east, south, north) => {
    const found = box(byName(name))
    expect(found.west).toBeGreaterThan(west)
    expect(found.east).toBeLessThan(east)
    expect(found.south).toBeGreaterThan(south)
    expect(found.north).toBeLessThan(north)
  })

  test('G-30 南沙群岛 reach down to 曾母暗沙', () => {
    expect(box(byName('南沙群岛')).south).toBeLessThan(4)
  })

  test('G-30 the line has ten dashes, from 北部湾 round 曾母暗沙 to the east of Taiwan', () => {
    const line = byName('南海诸岛', 'dashes')
    expect(line.geometry.type).toBe('MultiLineString')
    expect(line.geometry.coordinates).toHaveLength(10)
    const { west, east, south, north } = box(line)
    expect([Math.round(west), Math.round(east), Math.round(south), Math.round(north)]).toEqual([108, 123, 3, 25])
    // Every island of the south lies within it.
    for (const name of ['东沙群岛', '西沙群岛', '中沙群岛', '南沙群岛']) {
      const islands = box(byName(name))
      expect(islands.west > west && islands.east < east && islands.south > south).toBe(true)
    }
    // The tenth stands east of Taiwan.
    expect(
      box({ ...line, geometry: { type: 'MultiLineString', coordinates: line.geometry.coordinates.slice(9) as never } })
        .west,
    ).toBeGreaterThan(box(byName('台湾')).east)
  })

  test('G-30 every ring is closed and every point is a coordinate', () => {
    for (const feature of chinaOutline.features) {
      expect(points(feature).every(([lng, lat]) => lng > 73 && lng < 136 && lat > 3 && lat < 54)).toBe(true)
      if (feature.geometry.type !== 'MultiPolygon') continue
      for (const ring of feature.geometry.coordinates.flat()) {
        expect(ring.length).toBeGreaterThanOrEqual(4)
        expect(ring.at(-1)).toEqual(ring[0])
      }
    }
  })

  test('G-31 it stays under 250 KB', () => {
    expect(statSync(new URL('china.geo.json', import.meta.url)).size).toBeLessThan(250_000)
  })

  test('G-32 every city lies in its province, and on land', () => {
    expect(cities.length).toBeGreaterThanOrEqual(40)
    expect(new Set(cities.map((c) => c.name)).size).toBe(cities.length)
    // Across the harbour a kilometre is too coarse to tell land from water.
    const coast = new Set(['香港', '澳门'])
    const outside = cities.filter((c) => !coast.has(c.name) && !contains(byName(c.province), c.lng, c.lat))
    expect(outside.map((c) => c.name)).toEqual([])
    for (const c of cities) expect(onChinaLand(c.lat, c.lng)).toBe(true)
  })
})

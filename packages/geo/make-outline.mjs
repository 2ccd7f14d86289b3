// Makes src/china.geo.json and src/china-rows.ts from an unpacked echarts 4.9.0 (Apache-2.0):
//   npm pack echarts@4.9.0 && tar xzf echarts-4.9.0.tgz && node packages/geo/make-outline.mjs package
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const echarts = process.argv[2]
if (!echarts) throw new Error('Give the folder of the unpacked echarts 4.9.0')
const here = new URL('./src/', import.meta.url)
const source = (path) => readFileSync(join(echarts, path), 'utf8').replace(/^\uFEFF/, '')
const round = (n) => Math.round(n * 1000) / 1000

// --- provinces: zigzag deltas in characters, 1/1024 degree
function decodeRing(text, [x0, y0]) {
  let x = x0
  let y = y0
  const ring = []
  for (let i = 0; i < text.length; i += 2) {
    const dx = text.charCodeAt(i) - 64
    const dy = text.charCodeAt(i + 1) - 64
    x += (dx >> 1) ^ -(dx & 1)
    y += (dy >> 1) ^ -(dy & 1)
    ring.push([round(x / 1024), round(y / 1024)])
  }
  ring.push(ring[0])
  // A kilometre is enough on a map of the country, and rounding keeps shared borders shared, which simplifying a
  // province at a time would not. An island that would vanish keeps its detail.
  const coarse = apart(ring.map(([lng, lat]) => [Math.round(lng * 100) / 100, Math.round(lat * 100) / 100]))
  return coarse.length > 8 ? coarse : apart(ring)
}
const apart = (ring) => ring.filter(([x, y], k) => k === 0 || x !== ring[k - 1][0] || y !== ring[k - 1][1])
const provinces = JSON.parse(source('map/json/china.json')).features.map(({ properties, geometry }) => {
  const { coordinates, encodeOffsets, type } = geometry
  const polygons = type === 'Polygon' ? [coordinates] : coordinates
  const offsets = type === 'Polygon' ? [encodeOffsets] : encodeOffsets
  return {
    type: 'Feature',
    properties: { kind: 'province', adcode: properties.id, name: properties.name, label: properties.cp },
    geometry: {
      type: 'MultiPolygon',
      coordinates: polygons
        .map((p, i) => p.map((ring, k) => decodeRing(ring, offsets[i][k])))
        // 钓鱼岛 and 赤尾屿 come enlarged and up to 20 km off with Taiwan; they are drawn below in their places.
        .filter((p) => p[0].length > 3 && !(properties.id === '710000' && p[0][0][0] > 123)),
    },
  }
})

// --- 钓鱼岛 and its islets: the rectangle of the fix file, and 赤尾屿 at its position
const pointsOf = (path) => {
  const text = source(path).replace(/^\s*\/\/.*$/gm, '')
  return Function(`return ${text.match(/var points = (\[[\s\S]*?\]);/)[1]}`)()
}
const islet = (lng, lat, km) => {
  const ring = []
  for (let k = 0; k <= 8; k++) {
    const angle = ((k % 8) * Math.PI) / 4
    ring.push([
      round(lng + (km / 111.2 / Math.cos((lat * Math.PI) / 180)) * Math.cos(angle)),
      round(lat + (km / 111.2) * Math.sin(angle)),
    ])
  }
  return [ring]
}
const islands = (name, label, polygons) => ({
  type: 'Feature',
  properties: { kind: 'islands', name, label },
  geometry: { type: 'MultiPolygon', coordinates: polygons },
})
const diaoyu = [
  islands(
    '钓鱼岛',
    [123.475, 25.743],
    [pointsOf('src/coord/geo/fix/diaoyuIsland.js').map((ring) => ring.map(([x, y]) => [round(x), round(y)]))],
  ),
  islands('赤尾屿', [124.558, 25.923], [islet(124.558, 25.923, 2)]),
]

// --- 南海诸岛: reefs and cays are too small to see, so each is a schematic octagon at its true position
const groups = {
  东沙群岛: [[116.72, 20.7, 8]],
  西沙群岛: [
    [112.34, 16.83, 6],
    [111.61, 16.53, 6],
    [111.2, 15.78, 6],
    [112.73, 16.67, 6],
  ],
  中沙群岛: [
    [114.4, 15.8, 20],
    [117.76, 15.15, 8],
  ],
  南沙群岛: [
    [114.37, 10.38, 6],
    [112.89, 9.55, 6],
    [115.53, 9.9, 6],
    [114.08, 10.92, 6],
    [112.28, 3.97, 8],
    [111.92, 8.65, 6],
    [113.83, 7.38, 6],
    [114.3, 11.43, 6],
  ],
}
const nanhaiIslands = Object.entries(groups).map(([name, cays]) =>
  islands(
    name,
    cays[0].slice(0, 2),
    cays.map(([lng, lat, km]) => islet(lng, lat, km)),
  ),
)

// --- the dashed line: the inset of the fix file is a drawing, not a map (an affine fit leaves 90 km), so the dashes
// stand here by position, to a tenth of a degree, as in Natural Earth (public domain); the tenth, east of Taiwan, as
// on the standard map.
// biome-ignore format: one dash a line
const dashes = [
  [[109.3, 16.6], [109.6, 16.1], [109.9, 15.6]],
  [[110.4, 12.6], [110.3, 12.1], [110.1, 11.5]],
  [[108.4, 7.4], [108.3, 6.8], [108.4, 6.2]],
  [[111.5, 3.4], [112.1, 3.5], [112.7, 3.7]],
  [[115.7, 7.3], [116.1, 7.7], [116.5, 8.1]],
  [[118.6, 11.3], [118.8, 11.8], [119, 12.4]],
  [[119, 14.8], [119, 15.3], [119, 15.9]],
  [[119.4, 17.8], [119.5, 18.2], [119.8, 18.8]],
  [[121.1, 20.9], [121.4, 21.3], [121.8, 21.7]],
  [[122.5, 23.5], [122.7, 24], [122.8, 24.6]],
]
const dashLine = {
  type: 'Feature',
  properties: { kind: 'dashes', name: '南海诸岛', label: [114.5, 12] },
  geometry: { type: 'MultiLineString', coordinates: dashes },
}

const all = { type: 'FeatureCollection', features: [...provinces, ...diaoyu, ...nanhaiIslands, dashLine] }
writeFileSync(new URL('china.geo.json', here), `${JSON.stringify(all)}\n`)

// --- where the GCJ-02 offset applies: for each quarter degree of latitude the longitudes of land, 0.1° wider
const STEP = 0.25
const first = 18
const table = []
for (let lat = first; lat < 54; lat += STEP) {
  const spans = []
  for (let k = 0; k <= 10; k++) {
    const y = lat + (k * STEP) / 10 + 1e-7
    for (const p of provinces)
      for (const [ring] of p.geometry.coordinates) {
        const xs = []
        for (let i = 1; i < ring.length; i++) {
          const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]]
          if (y1 <= y !== y2 <= y) xs.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1))
        }
        xs.sort((a, b) => a - b)
        for (let i = 0; i + 1 < xs.length; i += 2) spans.push([xs[i] - 0.1, xs[i + 1] + 0.1])
      }
  }
  spans.sort((a, b) => a[0] - b[0])
  const joined = []
  for (const [from, to] of spans) {
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  table.push(joined.map((s) => s.map((n) => Math.round(n * 100) / 100)))
}
writeFileSync(
  new URL('china-rows.ts', here),
  `// Made by make-outline.mjs. Longitudes of China's land, a row for each quarter degree of latitude from ${first}.\nexport const FIRST_LAT = ${first}\nexport const ROW_LAT = ${STEP}\nexport const rows: readonly (readonly (readonly [number, number])[])[] = ${JSON.stringify(table)}\n`,
)

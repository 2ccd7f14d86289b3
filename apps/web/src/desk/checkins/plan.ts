import { readAs, toDatum } from '#geo'

type Point = { lat: number; lng: number; datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' }

/** East and north of the site in metres. Numbers of an unknown datum are read as the site's own: the nearest honest guess. */
export function offsetM(site: Point, fix: Point): { east: number; north: number } {
  const datum = site.datum !== 'unknown' ? site.datum : fix.datum !== 'unknown' ? fix.datum : 'gcj02'
  const plain = (p: Point) => toDatum(p.datum === 'unknown' ? readAs(p, datum) : { ...p, datum: p.datum }, 'wgs84')
  const [a, b] = [plain(site), plain(fix)]
  // A few kilometres at most matter here: the plane is as good as the sphere.
  return {
    east: (b.lng - a.lng) * 111_320 * Math.cos((a.lat * Math.PI) / 180),
    north: (b.lat - a.lat) * 110_574,
  }
}

/** Metres a pixel such that fence, point and its accuracy fit into half the height; never finer than 0.2 m. */
export function scaleFor(halfPx: number, reachM: number): number {
  return Math.max(0.2, (reachM * 1.2) / halfPx)
}

/** The longest of 1, 2, 5 × 10ⁿ metres that fits into the given metres. */
export function roundLength(maxM: number): number {
  const power = 10 ** Math.floor(Math.log10(maxM))
  return [5, 2, 1].map((n) => n * power).find((m) => m <= maxM) ?? power
}

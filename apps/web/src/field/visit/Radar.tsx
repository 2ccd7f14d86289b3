import { haversineM, toDatum } from '#geo'
import type { Fix } from './fix'

type Point = { lat: number; lng: number; datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' }

/** Where two points stand to each other in metres, north up; a site of unknown datum is read as the phone's. */
export function offsetM(site: Point, fix: Fix): { east: number; north: number; distanceM: number } {
  const s = site.datum === 'unknown' ? site : toDatum({ ...site, datum: site.datum }, 'wgs84')
  const north = haversineM({ lat: s.lat, lng: s.lng }, { lat: fix.lat, lng: s.lng }) * Math.sign(fix.lat - s.lat)
  const east = haversineM({ lat: s.lat, lng: s.lng }, { lat: s.lat, lng: fix.lng }) * Math.sign(fix.lng - s.lng)
  return { east, north, distanceM: haversineM(s, fix) }
}

/**
 * The site with its check-in circle and the phone's dot with its accuracy: no tiles, so it works anywhere. The scale
 * holds both; far away the dot stands at the rim on the right bearing.
 */
export function Radar({
  site,
  radiusM,
  fix,
  label,
  wide = false,
}: {
  site: Point | null
  radiusM: number
  fix: Fix | undefined
  label: string
  wide?: boolean
}) {
  const width = wide ? 360 : 320
  const height = wide ? 120 : 320
  const half = Math.min(width, height) / 2
  const at = site && fix ? offsetM(site, fix) : null
  const reach = Math.max(radiusM * 1.35, at ? Math.min(at.distanceM * 1.25, radiusM * 6) : 0)
  const scale = half / reach
  const rim = half - 12
  let x = (at?.east ?? 0) * scale
  let y = -(at?.north ?? 0) * scale
  const far = Math.hypot(x, y) > rim
  if (far) {
    const shrink = rim / Math.hypot(x, y)
    x *= shrink
    y *= shrink
  }
  const inside = at ? at.distanceM <= radiusM : false
  const r = radiusM * scale
  return (
    <svg className="zc-radar" viewBox={`${-width / 2} ${-height / 2} ${width} ${height}`} role="img" aria-label={label}>
      {[0.33, 0.66, 1].map((k) => (
        <circle key={k} className="grid" r={(half - 1) * k} />
      ))}
      <path className="grid" d={`M${-width / 2} 0H${width / 2}M0 ${-height / 2}V${height / 2}`} />
      {site && <circle className="fence" r={r} />}
      {site && (
        <path
          className="site"
          d="M0 0c-6-8-9-11-9-16a9 9 0 1 1 18 0c0 5-3 8-9 16zm0-12.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z"
        />
      )}
      {fix && (
        <g className={inside ? 'me in' : 'me'} transform={`translate(${site ? x : 0} ${site ? y : 0})`}>
          {!far && <circle className="accuracy" r={Math.max(9, Math.min(half, fix.accuracyM * scale))} />}
          <circle className="dot" r={8} />
        </g>
      )}
    </svg>
  )
}

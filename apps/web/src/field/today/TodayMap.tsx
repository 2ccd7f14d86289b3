import { useMemo } from 'react'
import { type Coordinate, type KnownDatum, toDatum } from '#geo'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { type MapLine, type MapPoint, MapView } from '../../common/map/Map'
import { useMe } from '../../common/session'
import type { VisitCard } from '../../offline/visits'
import { navigate } from '../router'
import { isOver } from '../visit/next'
import { stopsOf } from './stops'
import { words } from './words'

/** The day on the map: stops in their order, the way between them, the next one marked. */
export default function TodayMap({ visits, current }: { visits: VisitCard[]; current: string | undefined }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const { points, lines, without } = useMemo(() => {
    const stops = stopsOf(visits)
    const points: MapPoint[] = []
    let without = 0
    stops.forEach((stop, i) => {
      const first = stop.find((v) => v.id === current) ?? stop[0]
      const point = first?.site?.point
      // Remote work has no place; a point of unknown datum would stand half a kilometre off.
      if (!first || !point || point.datum === 'unknown' || first.mode === 'remote') {
        without++
        return
      }
      const at = toDatum(point as Coordinate & { datum: KnownDatum }, 'wgs84')
      points.push({
        id: first.id,
        kind: 'site',
        lat: at.lat,
        lng: at.lng,
        label: `${i + 1} ${first.customer.name}`,
        note: f.time(first.planned.start),
        meaning: stop.some((v) => v.id === current) ? 'teal' : stop.every(isOver) ? 'grey' : 'blue',
      })
    })
    const path = points.map((p): [number, number] => [p.lng, p.lat])
    const lines: MapLine[] = path.length > 1 ? [{ id: 'way', path, meaning: 'teal' }] : []
    return { points, lines, without }
  }, [visits, current, f])
  return (
    <>
      <div className="zc-todaymap">
        <MapView
          label={t('map')}
          points={points}
          lines={lines}
          selectedId={current ?? null}
          onSelect={(id) => navigate(`/m/visits/${id}`)}
        />
      </div>
      {without > 0 && <p className="zc-note">{t('map.without', { n: without })}</p>}
    </>
  )
}

import {
  AttributionControl,
  type GeoJSONSource,
  Map as Globe,
  LngLatBounds,
  type LngLatLike,
  Marker,
  NavigationControl,
  type StyleSpecification,
  setWorkerUrl,
} from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import { useEffect, useRef } from 'react'
import { cities } from '#geo'
import { chinaOutline } from '#geo/outline'
import { useWords } from '../i18n/words'
import { token, useTheme } from '../theme/theme'
import type { MapProps } from './Map'
import { mapWords } from './words'

setWorkerUrl(workerUrl)

type T = (key: keyof (typeof mapWords)['zh-CN']) => string

function style(tiles: MapProps['tiles'], t: T): StyleSpecification {
  return {
    version: 8,
    sources: {
      china: { type: 'geojson', data: chinaOutline as never, attribution: tiles ? '' : t('outline') },
      lines: { type: 'geojson', data: { type: 'FeatureCollection', features: [] } },
      ...(tiles
        ? { tiles: { type: 'raster', tiles: [tiles.url], tileSize: 256, attribution: tiles.attribution } }
        : {}),
    },
    layers: [
      { id: 'sea', type: 'background', paint: { 'background-color': token('--sunken') } },
      {
        id: 'land',
        type: 'fill',
        source: 'china',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'fill-color': token('--surface') },
      },
      { id: 'border', type: 'line', source: 'china', paint: { 'line-color': token('--line-strong'), 'line-width': 1 } },
      ...(tiles ? [{ id: 'tiles', type: 'raster' as const, source: 'tiles' }] : []),
      {
        id: 'lines',
        type: 'line',
        source: 'lines',
        layout: { 'line-cap': 'round' },
        paint: {
          'line-color': ['get', 'color'],
          'line-width': ['case', ['get', 'lit'], 4, 2],
          'line-dasharray': [1, 1.6],
        },
      },
    ],
  }
}

// The names that a map of the whole country needs; nearer, every city of the list is shown where there is room.
const FIRST = [
  '北京',
  '上海',
  '广州',
  '成都',
  '武汉',
  '西安',
  '沈阳',
  '乌鲁木齐',
  '拉萨',
  '昆明',
  '哈尔滨',
  '台北',
  '海口',
  '兰州',
]
const byWeight = [...cities].sort((a, b) => Number(FIRST.includes(b.name)) - Number(FIRST.includes(a.name)))

/** City names are HTML, so that they need no glyph files; those that would overlap a larger city's are left out. */
function cityLabels(globe: Globe, points: MapProps['points']): () => void {
  const markers: Marker[] = []
  const draw = () => {
    for (const marker of markers.splice(0)) marker.remove()
    const zoom = globe.getZoom()
    const bounds = globe.getBounds()
    const taken = points.map((p) => globe.project([p.lng, p.lat]))
    for (const city of byWeight) {
      if (markers.length >= 40) break
      if ((zoom < 4.5 && !FIRST.includes(city.name)) || !bounds.contains([city.lng, city.lat])) continue
      const { x, y } = globe.project([city.lng, city.lat])
      if (taken.some((one) => Math.abs(one.x - x) < 52 && Math.abs(one.y - y) < 20)) continue
      taken.push(globe.project([city.lng, city.lat]))
      const element = document.createElement('span')
      element.className = 'zc-city'
      element.textContent = city.name
      markers.push(new Marker({ element, anchor: 'center' }).setLngLat([city.lng, city.lat]).addTo(globe))
    }
  }
  globe.on('moveend', draw)
  globe.once('load', draw)
  return () => {
    globe.off('moveend', draw)
    for (const marker of markers) marker.remove()
  }
}

export default function Engine({
  points,
  lines = [],
  selectedId,
  hoveredId,
  onSelect,
  onHover,
  tiles,
  onFail,
}: MapProps & { onFail: () => void }) {
  const box = useRef<HTMLDivElement>(null)
  const globe = useRef<Globe | null>(null)
  const pins = useRef(new Map<string, { marker: Marker; element: HTMLButtonElement }>())
  const { theme } = useTheme()
  const t = useWords(mapWords)
  const calls = useRef({ onSelect, onHover })
  useEffect(() => {
    calls.current = { onSelect, onHover }
  })

  useEffect(() => {
    if (!box.current) return
    let map: Globe
    try {
      map = new Globe({
        container: box.current,
        style: style(tiles, t),
        locale: {
          'Map.Title': t('map'),
          'NavigationControl.ZoomIn': t('zoom.in'),
          'NavigationControl.ZoomOut': t('zoom.out'),
          'AttributionControl.ToggleAttribution': t('source'),
        },
        bounds: fit(points),
        fitBoundsOptions: { padding: 48, maxZoom: 12 },
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        fadeDuration: 0,
      })
    } catch {
      return onFail()
    }
    map.touchZoomRotate.disableRotation()
    map.addControl(new NavigationControl({ showCompass: false }), 'top-right')
    map.addControl(new AttributionControl({ compact: true }))
    const stopCities = tiles ? () => {} : cityLabels(map, points)
    globe.current = map
    const held = pins.current
    return () => {
      stopCities()
      held.clear()
      map.remove()
      globe.current = null
    }
  }, [theme, t, tiles?.url])

  useEffect(() => {
    const map = globe.current
    if (!map) return
    const seen = new Set<string>()
    for (const p of points) {
      seen.add(p.id)
      let pin = pins.current.get(p.id)
      if (!pin) {
        const element = document.createElement('button')
        element.type = 'button'
        element.addEventListener('click', (e) => {
          e.stopPropagation()
          calls.current.onSelect?.(p.id)
        })
        element.addEventListener('pointerenter', () => calls.current.onHover?.(p.id))
        element.addEventListener('pointerleave', () => calls.current.onHover?.(null))
        pin = { element, marker: new Marker({ element, anchor: 'center' }).setLngLat([p.lng, p.lat]).addTo(map) }
        pins.current.set(p.id, pin)
      }
      pin.marker.setLngLat([p.lng, p.lat])
      const { element } = pin
      element.classList.add('zc-pin')
      element.classList.toggle('person', p.kind === 'person')
      element.classList.toggle('lit', p.id === selectedId || p.id === hoveredId)
      element.dataset.meaning = p.meaning ?? 'grey'
      element.ariaLabel = p.note ? `${p.label}, ${p.note}` : p.label
      element.title = element.ariaLabel
      element.textContent = p.kind === 'person' ? p.label.slice(-2) : ''
    }
    for (const [id, pin] of pins.current) {
      if (seen.has(id)) continue
      pin.marker.remove()
      pins.current.delete(id)
    }
  }, [points, selectedId, hoveredId, theme, t])

  useEffect(() => {
    const map = globe.current
    if (!map) return
    const put = () => {
      const source = map.getSource('lines') as GeoJSONSource | undefined
      source?.setData({
        type: 'FeatureCollection',
        features: lines.map((l) => ({
          type: 'Feature',
          properties: { color: token(`--${l.meaning ?? 'teal'}-mark`), lit: l.id === selectedId || l.id === hoveredId },
          geometry: { type: 'LineString', coordinates: l.path },
        })),
      } as never)
    }
    if (map.isStyleLoaded()) put()
    else map.once('load', put)
  }, [lines, selectedId, hoveredId, theme])

  return <div ref={box} style={{ position: 'absolute', inset: 0 }} />
}

/** All points; without any, the whole country with its seas. */
function fit(points: MapProps['points']): LngLatBounds {
  const bounds = new LngLatBounds()
  for (const p of points) bounds.extend([p.lng, p.lat] as LngLatLike as [number, number])
  return bounds.isEmpty() ? new LngLatBounds([73, 3], [136, 54]) : bounds
}

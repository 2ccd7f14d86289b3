import { MapPin, UserRound } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useWords } from '../i18n/words'
import type { Meaning } from '../StateTag'
import { Loading } from '../states'
import './Map.css'
import { mapWords } from './words'

const Engine = lazy(() => import('./engine'))

/** `lat`, `lng` in the datum of the base map: WGS-84 for the bundled outline; convert at the edge with `#geo`. */
export type MapPoint = {
  id: string
  kind: 'site' | 'person'
  lat: number
  lng: number
  label: string
  note?: string
  meaning?: Meaning
}
export type MapLine = { id: string; path: [lng: number, lat: number][]; meaning?: Meaning }
export type MapProps = {
  label: string
  points: MapPoint[]
  lines?: MapLine[]
  selectedId?: string | null
  hoveredId?: string | null
  onSelect?: (id: string) => void
  onHover?: (id: string | null) => void
  /** The company's tile service; without one, the bundled outline. */
  tiles?: { url: string; attribution: string }
}

function webgl(): boolean {
  try {
    return !!document.createElement('canvas').getContext('webgl2')
  } catch {
    return false
  }
}

/** Sites, people and routes on a map; fills its container. Where WebGL is missing the same points are a list. */
export function MapView(props: MapProps) {
  const t = useWords(mapWords)
  const [able, setAble] = useState(webgl)
  if (!able)
    return (
      <section className="zc-map list" aria-label={props.label}>
        <p>{props.points.length ? t('noWebgl') : t('empty')}</p>
        <ul>
          {props.points.map((p) => (
            <li key={p.id}>
              <button
                type="button"
                data-meaning={p.meaning ?? 'grey'}
                aria-pressed={p.id === props.selectedId}
                onClick={() => props.onSelect?.(p.id)}
              >
                {p.kind === 'person' ? (
                  <UserRound className="zc-icon" size={16} aria-hidden />
                ) : (
                  <MapPin className="zc-icon" size={16} aria-hidden />
                )}
                {p.label}
                {p.note && <small>{p.note}</small>}
              </button>
            </li>
          ))}
        </ul>
      </section>
    )
  return (
    <section className="zc-map" aria-label={props.label}>
      <Suspense fallback={<Loading shape="cards" lines={2} />}>
        <Engine {...props} onFail={() => setAble(false)} />
      </Suspense>
    </section>
  )
}

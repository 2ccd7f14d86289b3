import { useEffect, useRef, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { offsetM, roundLength, scaleFor } from './plan'
import { words } from './words'

type Point = { lat: number; lng: number; datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'; accuracyM?: number | undefined }

const HEIGHT = 240

/**
 * The check-in as a dot against the site's circle, to scale and north up. Drawn, not mapped: the outline map has no
 * streets at this scale, and a plan in metres says it more plainly.
 */
export function Place({
  site,
  radiusM,
  fix,
  distanceM,
}: {
  site: Point
  radiusM: number
  fix: Point
  distanceM: number | null
}) {
  const t = useWords(words)
  const f = useFormat()
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(420)
  useEffect(() => {
    const el = box.current
    if (!el) return
    const resize = new ResizeObserver(() => setWidth(Math.max(200, el.clientWidth)))
    resize.observe(el)
    return () => resize.disconnect()
  }, [])
  const { east, north } = offsetM(site, fix)
  const away = distanceM ?? Math.hypot(east, north)
  const accuracy = fix.accuracyM ?? 0
  const scale = scaleFor(Math.min(width, HEIGHT) / 2 - 10, Math.max(radiusM, Math.hypot(east, north) + accuracy))
  const px = (m: number) => m / scale
  const [cx, cy] = [width / 2, HEIGHT / 2]
  const [x, y] = [cx + px(east), cy - px(north)]
  const ruler = roundLength(width * 0.25 * scale)
  const inside = away <= radiusM
  const text = fix.accuracyM
    ? t('place.distance', { distance: f.distance(away), accuracy: f.distance(fix.accuracyM) })
    : t('place.noAccuracy', { distance: f.distance(away) })
  return (
    <figure className="checkin-place">
      <div ref={box}>
        <svg width={width} height={HEIGHT} role="img" aria-label={t('place.label', { text })}>
          <circle cx={cx} cy={cy} r={Math.max(4, px(radiusM))} className="fence" />
          <line x1={cx} y1={cy} x2={x} y2={y} className="way" />
          {accuracy > 0 && <circle cx={x} cy={y} r={px(accuracy)} className="accuracy" />}
          <path d={`M${cx - 5} ${cy}h10M${cx} ${cy - 5}v10`} className="site" />
          <circle cx={x} cy={y} r={6} className="fix" data-meaning={inside ? 'teal' : 'red'} />
          <text x={cx} y={cy + 20} textAnchor="middle">
            {t('place.site')}
          </text>
          {Math.hypot(x - cx, y - cy) > 34 && (
            <text x={x} y={y - 12} textAnchor={x > width - 60 ? 'end' : x < 60 ? 'start' : 'middle'}>
              {t('place.fix')}
            </text>
          )}
          <path d={`M12 ${HEIGHT - 12}v-4h${px(ruler)}v4`} className="ruler" />
          <text x={12} y={HEIGHT - 22}>
            {f.distance(ruler)}
          </text>
          <path d={`M${width - 18} 30V12l-5 7m5-7 5 7`} className="ruler" />
        </svg>
      </div>
      <figcaption>
        {text}
        <span> · {t('place.fence', { radius: f.distance(radiusM) })}</span>
      </figcaption>
    </figure>
  )
}

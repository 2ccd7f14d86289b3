import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import type { VisitCard } from '../../offline/visits'
import { useQuietFix } from './fix'
import { offsetM, Radar } from './Radar'
import { words } from './words'

/** The place at a glance: the circle of the site and, when the phone gives it unasked, how far away one is. */
export default function MapStrip({ site }: { site: NonNullable<VisitCard['site']> }) {
  const t = useWords(words)
  const f = useFormat(site.zone)
  const fix = useQuietFix()
  if (!site.point) return <p className="zc-note">{t('noPoint')}</p>
  const away = fix ? t('map.away', { distance: f.distance(offsetM(site.point, fix).distanceM) }) : undefined
  return (
    <div className="zc-strip">
      <Radar wide site={site.point} radiusM={site.radiusM} fix={fix} label={away ?? site.name} />
      <span>{away ?? t('map.radius', { radius: Math.round(site.radiusM) })}</span>
    </div>
  )
}

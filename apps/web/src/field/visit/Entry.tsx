import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import type { VisitCard } from '../../offline/visits'
import { toWall } from '../zone'
import { Part } from './Part'
import { words } from './words'

/** Minutes of the local day as clock time. */
const clock = (min: number) =>
  `${String(Math.floor(min / 60) % 24).padStart(2, '0')}:${String(min % 60).padStart(2, '0')}`

type Needs = {
  leadHours?: number
  namedPersons?: boolean
  equipmentList?: boolean
  certificates?: string[]
  note?: string
}

/** How to get in: hours of the day, lead time, papers. */
export function Entry({ site, at }: { site: NonNullable<VisitCard['site']>; at: string }) {
  const t = useWords(words)
  const needs = (site.entryNeeds ?? {}) as Needs
  const week = site.accessHours as [number, number][][] | null
  const weekday = (new Date(`${toWall(at, site.zone)}Z`).getUTCDay() + 6) % 7
  const hours = week?.[weekday]
  const lines = [
    hours &&
      (hours.length
        ? t('entry.hours', { hours: joinList(hours.map(([a, b]) => `${clock(a)}–${clock(b)}`)) })
        : t('entry.closed')),
    needs.leadHours ? t('entry.lead', { hours: needs.leadHours }) : null,
    needs.namedPersons ? t('entry.named') : null,
    needs.equipmentList ? t('entry.equipment') : null,
    needs.certificates?.length ? t('entry.certificate', { names: joinList(needs.certificates) }) : null,
    needs.note,
  ].filter((x): x is string => !!x)
  if (!lines.length) return null
  return (
    <Part title={t('part.entry')}>
      <ul className="zc-lines">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Part>
  )
}

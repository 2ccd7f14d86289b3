import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { localDate, useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { StateTag, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import type { VisitCard } from '../../offline/visits'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'
import { addDays, dayName, mondayOf, today } from '../zone'
import './schedule.css'
import { useWeek } from './useWeek'
import { words } from './words'

/** Whether a visit touches a local day: a resident assignment stands on each of its days. */
const isOn = (v: VisitCard, date: string, zone: string) =>
  localDate(v.planned.start, zone) <= date && localDate(v.planned.end, zone) >= date
export const onDay = (visits: readonly VisitCard[], date: string, zone: string) =>
  visits.filter((v) => isOn(v, date, zone))

/** The week as a strip, and its days as a list. The address keeps the week, so that coming back finds the same place. */
export default function SchedulePage() {
  const t = useWords(words)
  const o = useWords(orderWords)
  const language = useLanguage()
  const { zone } = useMe()
  const f = useFormat(zone)
  const now = today(zone)
  const [from, setFrom] = useState(() => {
    const asked = new URLSearchParams(location.search).get('week') ?? ''
    return mondayOf(/^\d{4}-\d\d-\d\d$/.test(asked) ? asked : now)
  })
  const plan = useWeek(from)
  const go = (week: string) => {
    setFrom(week)
    history.replaceState(history.state, '', `/m/schedule?week=${week}`)
  }
  const days = Array.from({ length: 7 }, (_, i) => addDays(from, i))
  const visits = (plan.visits ?? []).filter((v) => days.some((day) => isOn(v, day, zone)))
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'narrow', timeZone: 'UTC' })
  return (
    <>
      <FieldBar title={t('title')}>
        {from !== mondayOf(now) && (
          <button type="button" className="zc-btn quiet" onClick={() => go(mondayOf(now))}>
            {t('thisWeek')}
          </button>
        )}
      </FieldBar>
      <nav className="zc-week" aria-label={t('week')}>
        <button
          type="button"
          className="zc-btn quiet icon"
          aria-label={t('before')}
          onClick={() => go(addDays(from, -7))}
        >
          <ChevronLeft className="zc-icon" size={22} />
        </button>
        {days.map((date) => {
          const n = onDay(visits, date, zone).length
          return (
            <a
              key={date}
              href={`#day-${date}`}
              aria-current={date === now ? 'date' : undefined}
              aria-label={`${dayName(date, language)} ${n ? t('count', { n }) : t('none')}`}
            >
              <small>{weekday.format(Date.parse(`${date}T12:00:00Z`))}</small>
              <b>{Number(date.slice(8))}</b>
              <i data-n={Math.min(n, 3)}>{'•'.repeat(Math.min(n, 3))}</i>
            </a>
          )
        })}
        <button
          type="button"
          className="zc-btn quiet icon"
          aria-label={t('after')}
          onClick={() => go(addDays(from, 7))}
        >
          <ChevronRight className="zc-icon" size={22} />
        </button>
      </nav>
      {plan.error && !plan.visits && <ErrorState error={plan.error} onRetry={plan.again} />}
      {!plan.visits && !plan.error && <Loading shape="rows" lines={6} />}
      {plan.partly && <p className="zc-note zc-partly">{t('partly')}</p>}
      {plan.visits && visits.length === 0 && !plan.partly && (
        <Empty icon={CalendarDays} title={t('empty')}>
          {t('empty.text')}
        </Empty>
      )}
      {visits.length > 0 && (
        <div className="zc-days">
          {days.map((date) => {
            const rows = onDay(visits, date, zone)
            return (
              <section key={date} id={`day-${date}`} aria-label={dayName(date, language)}>
                <h2 data-today={date === now || undefined}>
                  {dayName(date, language)}
                  {rows.length === 0 && <small>{t('none')}</small>}
                </h2>
                {rows.map((v) => (
                  <Link key={v.id} className="zc-dayrow" to={`/m/visits/${v.id}`}>
                    <time dateTime={v.planned.start}>{v.mode === 'resident' ? '—' : f.time(v.planned.start)}</time>
                    <span className="stop">
                      <b className="zc-clip">{v.customer.name}</b>
                      <small className="zc-clip">{v.title}</small>
                    </span>
                    {v.mode !== 'onsite' && <Tag meaning="grey">{o(`mode.${v.mode}`)}</Tag>}
                    <StateTag kind="visit" state={v.state} quiet />
                  </Link>
                ))}
              </section>
            )
          })}
        </div>
      )}
    </>
  )
}

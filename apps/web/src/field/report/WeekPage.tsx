import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { DayStrip, framesOf } from '../../common/report/DayStrip'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { useHeld } from '../today/useToday'
import '../visit/visit.css'
import { addDays, dayName, mondayOf, today } from '../zone'
import './report.css'
import { useDays } from './useDay'
import { words } from './words'

/** The week in strips: each day leads to its report. The phone holds two weeks back. */
export default function WeekPage() {
  const t = useWords(words)
  const me = useMe()
  const language = useLanguage()
  const f = useFormat(me.zone)
  const { here, error, again } = useHeld()
  const now = today(me.zone)
  const [monday, go] = useState(() => mondayOf(now))
  const dates = useMemo(() => Array.from({ length: 7 }, (_, i) => addDays(monday, i)), [monday])
  const held = useDays(dates)
  const days = held.filter((d) => d.row.date <= now)
  const frames = framesOf(
    days.map((d) => ({
      start: Date.parse(d.row.from),
      moments: [...d.time.entries, ...d.time.gaps].flatMap((e) => [e.from, e.to]),
    })),
  )
  const sum = (kinds: ('onsite' | 'remote' | 'documentation' | 'travel')[]) =>
    days.reduce((n, d) => n + kinds.reduce((m, k) => m + d.time.minutes[k], 0), 0)
  return (
    <>
      <FieldBar title={t('week')} back="/m/me">
        <button
          type="button"
          className="zc-btn quiet icon"
          aria-label={t('week.before')}
          disabled={monday <= addDays(mondayOf(now), -14)}
          onClick={() => go(addDays(monday, -7))}
        >
          <ChevronLeft className="zc-icon" size={22} aria-hidden />
        </button>
        <button
          type="button"
          className="zc-btn quiet icon"
          aria-label={t('week.after')}
          disabled={monday >= mondayOf(now)}
          onClick={() => go(addDays(monday, 7))}
        >
          <ChevronRight className="zc-icon" size={22} aria-hidden />
        </button>
      </FieldBar>
      {error ? (
        <ErrorState error={error} onRetry={again} />
      ) : !here ? (
        <Loading shape="cards" lines={5} />
      ) : (
        <div className="zc-visit zc-report">
          <p className="state">
            {f.localSpan(monday, addDays(monday, 6))} ·{' '}
            {t('week.total', {
              work: f.duration(sum(['onsite', 'remote', 'documentation'])),
              travel: f.duration(sum(['travel'])),
            })}
          </p>
          {days.map((d, i) => (
            <section key={d.row.date} className="zc-part">
              <Link className="weekday" to={`/m/report/${d.row.date}`}>
                <header>
                  <h2>{dayName(d.row.date, language)}</h2>
                  {d.row.confirmed ? (
                    <Tag quiet meaning="grey">
                      {t('week.confirmed')}
                    </Tag>
                  ) : d.row.report ? (
                    <Tag quiet meaning="green">
                      {t('week.reported')}
                    </Tag>
                  ) : d.worked ? (
                    <Tag quiet meaning="amber">
                      {t('week.missing')}
                    </Tag>
                  ) : null}
                </header>
                {d.time.entries.length > 0 ? (
                  <>
                    <DayStrip
                      zone={d.row.zone}
                      entries={d.time.entries.map((e) => ({
                        key: `${e.kind}${e.from}`,
                        kind: e.kind,
                        from: e.from,
                        to: e.to,
                        corrected: e.correctionId !== null,
                      }))}
                      gaps={d.row.confirmed ? [] : d.time.gaps}
                      shift={d.shift}
                      running={d.time.running}
                      now={Date.now()}
                      frame={frames[i]}
                    />
                    <small>
                      {t('week.total', {
                        work: f.duration(d.time.minutes.onsite + d.time.minutes.remote + d.time.minutes.documentation),
                        travel: f.duration(d.time.minutes.travel),
                      })}
                      {!d.row.confirmed && d.time.gaps.length > 0 && ` · ${t('week.gaps', { n: d.time.gaps.length })}`}
                    </small>
                  </>
                ) : (
                  <small>{t('week.none')}</small>
                )}
              </Link>
            </section>
          ))}
        </div>
      )}
    </>
  )
}

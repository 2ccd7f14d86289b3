import { CalendarDays, Car, CircleCheck, FileClock, HandHelping, List, Map as MapIcon, MapPin } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { orderWords } from '../../common/order.words'
import { StateTag, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { recall, remember } from '../../common/storage'
import { useAct, useRows } from '../../offline'
import type { VisitCard } from '../../offline/visits'
import { useSeen } from '../messages/useUnread'
import { ReportCard } from '../report/Entrance'
import { useWaitingCount } from '../requests/waiting'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import { SyncMark } from '../shell/Sync'
import { useDocuments } from '../visit/data'
import { currentVisit, isOver, isRunning } from '../visit/next'
import { StepButtons, useSteps } from '../visit/steps'
import '../visit/visit.css'
import { words as visitWords } from '../visit/words'
import { dayName } from '../zone'
import { stopsOf } from './stops'
import { useToday } from './useToday'
import { words } from './words'

const TodayMap = lazy(() => import('./TodayMap'))

function Offer({ visit }: { visit: VisitCard }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const now = useNow(1000)
  const run = useAct()
  const steps = useSteps(visit, [])
  useSeen(visit.id)
  useEffect(() => {
    // Browsers refuse it (and say so) before the first tap on the page.
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(200)
  }, [])
  useEffect(() => {
    if (!visit.openedAt && visit.can.open) void run('visit.open', visit.id, {})
  }, [visit.id, visit.openedAt, visit.can.open, run])
  const left = visit.offerExpiresAt ? Date.parse(visit.offerExpiresAt) - now : null
  const clock =
    left !== null && left > 0
      ? `${Math.floor(left / 60_000)}:${String(Math.floor(left / 1000) % 60).padStart(2, '0')}`
      : null
  const length = Math.round((Date.parse(visit.planned.end) - Date.parse(visit.planned.start)) / 60_000)
  return (
    <article className="zc-offer" aria-label={visit.title}>
      <header>
        <StateTag kind="visit" state={visit.state} />
        {visit.priority === 'urgent' && <Urgent />}
        {visit.offerExpiresAt && (
          <span className={`left${left !== null && left < 120_000 ? ' soon' : ''}`} role="timer">
            {clock ? t('offer.expires', { time: ` ${clock} ` }) : t('offer.late')}
          </span>
        )}
      </header>
      <Link to={`/m/visits/${visit.id}`} className="what">
        <h2>{visit.customer.name}</h2>
        <p>{visit.title}</p>
        <p className="dim">
          {t('offer.from', { when: f.range(visit.planned.start, visit.planned.end), time: f.duration(length) })}
        </p>
        {visit.site && (
          <p className="dim">
            <MapPin className="zc-icon" size={16} aria-hidden /> {visit.site.address}
          </p>
        )}
        {visit.travelMin ? (
          <p className="dim">
            <Car className="zc-icon" size={16} aria-hidden /> {t('travel', { time: f.duration(visit.travelMin) })}
          </p>
        ) : null}
      </Link>
      <footer>
        <button type="button" className="zc-btn big" onClick={() => steps.open('decline')}>
          {t('decline')}
        </button>
        <button
          type="button"
          className="zc-btn primary big"
          disabled={steps.busy || steps.primary?.key !== 'take'}
          onClick={() => steps.primary?.run()}
        >
          {t('take')}
        </button>
      </footer>
      {steps.sheet}
    </article>
  )
}

function Urgent() {
  const t = useWords(orderWords)
  return <Tag meaning="red">{t('priority.urgent')}</Tag>
}

/** The visit of the moment: who, where, when, and one button. `small` while offers ask for the eye. */
function Current({ visit, small }: { visit: VisitCard; small: boolean }) {
  const t = useWords(words)
  const v = useWords(visitWords)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const documents = useDocuments(visit.id, isRunning(visit))
  const steps = useSteps(visit, documents.data?.rows ?? [])
  return (
    <section className={`zc-current${small ? ' small' : ''}`} aria-label={t(isRunning(visit) ? 'now' : 'next')}>
      <Link to={`/m/visits/${visit.id}`} className="what">
        <header>
          <span className="kicker">{t(isRunning(visit) ? 'now' : 'next')}</span>
          <StateTag kind="visit" state={visit.state} />
          {visit.priority === 'urgent' && <Urgent />}
        </header>
        <h2>{visit.customer.name}</h2>
        <p>{visit.title}</p>
        <p className="dim">
          {visit.appointment
            ? v('agreed', { when: f.range(visit.appointment.start, visit.appointment.end ?? visit.planned.end) })
            : f.range(visit.planned.start, visit.planned.end)}
        </p>
        {visit.site && visit.mode !== 'remote' && (
          <p className="dim">
            <MapPin className="zc-icon" size={16} aria-hidden /> {visit.site.name} · {visit.site.address}
          </p>
        )}
      </Link>
      <div className="go">
        <StepButtons steps={steps} />
      </div>
      {steps.sheet}
    </section>
  )
}

function Line({ visit, current }: { visit: VisitCard; current: string | undefined }) {
  const f = useFormat(useMe().zone)
  return (
    <Link to={`/m/visits/${visit.id}`} aria-current={visit.id === current ? 'step' : undefined}>
      <time dateTime={visit.planned.start}>{f.time(visit.planned.start)}</time>
      <span className="stop">
        <b className="zc-clip">{visit.customer.name}</b>
        <small className="zc-clip">{visit.title}</small>
      </span>
      <StateTag kind="visit" state={visit.state} quiet />
    </Link>
  )
}

/** The day as stops: the orders of one trip are one stop, with one way there. */
function Route({ visits, current }: { visits: VisitCard[]; current: string | undefined }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  return (
    <ol className="zc-route" aria-label={t('route')}>
      {stopsOf(visits).map((stop) => {
        const [first] = stop
        if (!first) return null
        const over = stop.every(isOver)
        return (
          <li
            key={first.id}
            className={over ? 'over' : ''}
            aria-current={stop.some((v) => v.id === current) ? 'step' : undefined}
          >
            {first.travelMin && !over ? (
              <span className="way">{t('travel', { time: f.duration(first.travelMin) })}</span>
            ) : null}
            {stop.length > 1 && (
              <span className="way trip">
                {t('trip', { n: stop.length, place: first.site?.name ?? first.customer.name })}
              </span>
            )}
            {stop.map((visit) => (
              <Line key={visit.id} visit={visit} current={current} />
            ))}
          </li>
        )
      })}
    </ol>
  )
}

/** What waits for an answer of mine besides offers, and papers that are to follow: one line each, only when there is something. */
function Waiting() {
  const t = useWords(words)
  const n = useWaitingCount()
  const papers = useRows('paper').length
  if (n === 0 && papers === 0) return null
  return (
    <nav className="zc-waits" aria-label={t('waits')}>
      {n > 0 && (
        <Link className="zc-btn" to="/m/requests">
          <HandHelping className="zc-icon" size={20} aria-hidden /> {t('waits.requests', { n })}
        </Link>
      )}
      {papers > 0 && (
        <Link className="zc-btn" to="/m/requests/papers">
          <FileClock className="zc-icon" size={20} aria-hidden /> {t('waits.papers', { n: papers })}
        </Link>
      )}
    </nav>
  )
}

/** 今天: date and state on top, offers, the day as a thin line, and the visit of the moment under the thumb. */
export default function TodayPage() {
  const t = useWords(words)
  const language = useLanguage()
  const me = useMe()
  const f = useFormat(me.zone)
  const day = useToday()
  const { data } = day
  const title = data ? dayName(data.date, language) : t('title')
  const current = data && currentVisit(data.visits)
  const visits = data?.visits.filter((v) => v.state !== 'offered') ?? []
  const [view, setView] = useState(() => (recall('zc.today.view') === 'map' ? 'map' : 'list'))
  const show = (next: 'list' | 'map') => {
    setView(next)
    remember('zc.today.view', next)
  }
  return (
    <div className="zc-today">
      <FieldBar title={title}>
        <SyncMark />
      </FieldBar>
      {day.error && !data && <ErrorState error={day.error} onRetry={day.again} />}
      {!data && !day.error && <Loading shape="cards" lines={3} />}
      {data && (
        <>
          {data.offers.length > 0 && (
            <section className="zc-offers" aria-label={t('offers')}>
              {data.offers.map((v) => (
                <Offer key={v.id} visit={v} />
              ))}
            </section>
          )}
          <Waiting />
          {visits.length > 0 && (
            <section className="zc-part quiet">
              <header>
                <h2>{t('route')}</h2>
                <small>
                  {t('totals', {
                    n: visits.length,
                    work: f.duration(data.totals.workMin),
                    travel: f.duration(data.totals.travelMin),
                  })}
                </small>
              </header>
              <div className="zc-views">
                {(['list', 'map'] as const).map((one) => (
                  <button
                    key={one}
                    type="button"
                    className="zc-btn"
                    aria-pressed={view === one}
                    onClick={() => show(one)}
                  >
                    {one === 'list' ? (
                      <List className="zc-icon" size={20} aria-hidden />
                    ) : (
                      <MapIcon className="zc-icon" size={20} aria-hidden />
                    )}
                    {t(`view.${one}`)}
                  </button>
                ))}
              </div>
              {view === 'map' ? (
                <Suspense fallback={<Loading shape="cards" lines={2} />}>
                  <TodayMap visits={visits} current={current?.id} />
                </Suspense>
              ) : (
                <Route visits={visits} current={current?.id} />
              )}
            </section>
          )}
          {visits.length === 0 && data.offers.length === 0 && (
            <Empty
              icon={CalendarDays}
              title={t('empty')}
              action={
                <Link className="zc-btn" to="/m/schedule">
                  {data.following.visits > 0 ? t('tomorrow', { n: data.following.visits }) : t('empty.next')}
                </Link>
              }
            >
              {t('empty.text')}
            </Empty>
          )}
          {visits.length > 0 && !current && <ReportCard />}
          {visits.length > 0 && !current && (
            <Empty
              icon={CircleCheck}
              title={t('done')}
              action={
                data.following.visits > 0 && (
                  <Link className="zc-btn" to="/m/schedule">
                    {t('tomorrow', { n: data.following.visits })}
                  </Link>
                )
              }
            >
              {t('done.text')}
            </Empty>
          )}
          {current && <Current key={current.id} visit={current} small={data.offers.length > 0} />}
        </>
      )}
    </div>
  )
}

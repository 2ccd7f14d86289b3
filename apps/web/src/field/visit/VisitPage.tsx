import { Clock, MessageCircle, Navigation, Phone, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { orderWords } from '../../common/order.words'
import { SlaClock, type SlaView } from '../../common/Sla'
import { StateTag, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useAct } from '../../offline'
import type { DocumentRow, VisitFull } from '../../offline/visits'
import { useSeen } from '../messages/useUnread'
import { PhotoGrid } from '../photos/PhotoGrid'
import { noteCall } from '../requests/calls'
import { Link, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { WorkRows } from '../worksheet/WorkRows'
import { useDocuments, useVisit } from './data'
import { Entry } from './Entry'
import { GradeLine } from './Grade'
import { Part } from './Part'
import { StepButtons, useSteps } from './steps'
import './visit.css'
import { words } from './words'

const CrewPart = lazy(() => import('../requests/CrewPart'))
const MapStrip = lazy(() => import('./MapStrip'))
const NavigateSheet = lazy(() => import('./NavigateSheet'))
const AppealSheet = lazy(() => import('./sheets').then((m) => ({ default: m.AppealSheet })))
const History = lazy(() => import('./History'))

/**
 * A clock as the wall shows it: the row was written when something last happened, so only its beginning and its due time
 * still hold, whatever hours it counts.
 */
const onTheWall = (c: VisitFull['sla'][number], now: number): SlaView =>
  c.state === 'paused'
    ? {
        state: c.state,
        targetMin: c.targetMin,
        elapsedMin: c.elapsedMin,
        asOf: new Date(now).toISOString(),
        ticking: false,
      }
    : {
        state: c.state,
        targetMin: Math.round((Date.parse(c.dueAt) - Date.parse(c.startAt)) / 60_000),
        elapsedMin: Math.round((now - Date.parse(c.startAt)) / 60_000),
        asOf: new Date(now).toISOString(),
        dueAt: c.dueAt,
      }

/** The SLA clocks that still run for this order and this visit. Nothing to promise, nothing shown. */
function Clocks({ visit, zone }: { visit: VisitFull; zone: string }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const now = useNow()
  const open = visit.sla.filter(
    // Arrived without a network: the clock stands still here before the server has heard of it.
    (c) => c.open && (c.visitId === null || c.visitId === visit.id) && !(c.clock === 'arrival' && visit.arrivedAt),
  )
  if (open.length === 0) return null
  return (
    <Part title={t('part.sla')}>
      <div className="zc-clocks">
        {open.map((c) => (
          <SlaClock key={`${c.clock}${c.visitId}`} name={o(`clock.${c.clock}`)} sla={onTheWall(c, now)} zone={zone} />
        ))}
      </div>
    </Part>
  )
}

function DocumentLine({ visit, row }: { visit: VisitFull; row: DocumentRow }) {
  const t = useWords(words)
  const language = useLanguage()
  return (
    <Link className="zc-line" to={`/m/visits/${visit.id}/documents/${row.id}`}>
      <b className="zc-clip">
        {language === 'zh-CN' ? row.title.zh : row.title.en}
        {row.missing > 0 && visit.pendingDocuments.includes(row.id) && <small> {t('doc.pending')}</small>}
      </b>
      {row.state === 'signed' ? (
        <Tag meaning="green">{t('doc.signed', { name: row.signerName ?? '' })}</Tag>
      ) : row.missing > 0 ? (
        <Tag meaning="amber">{t('doc.missing', { n: row.missing })}</Tag>
      ) : row.state === 'filed' ? (
        <Tag meaning="teal">{t('doc.filed')}</Tag>
      ) : (
        <Tag meaning="blue">{t('doc.ready')}</Tag>
      )}
    </Link>
  )
}

function CheckIns({ visit, zone }: { visit: VisitFull; zone: string }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const [appeal, setAppeal] = useState<string | null>(null)
  if (!visit.checkIns.length) return null
  return (
    <Part title={t('part.checkIns')}>
      {[...visit.checkIns].reverse().map((c) => (
        <div key={c.id} className="zc-checkin">
          <time dateTime={c.at}>{f.when(c.at)}</time>
          <GradeLine checkIn={c} />
          {c.reviewedAt && c.gradedAs && c.gradedAs !== c.grade && (
            <p className="zc-note">{t('appeal.reviewed', { grade: c.grade ?? '' })}</p>
          )}
          {c.appealedAt && (!c.reviewedAt || c.reviewedAt < c.appealedAt) ? (
            <p className="zc-note">{t('appeal.sent')}</p>
          ) : (
            (c.grade === 'C' || c.grade === 'D') && !c.reviewedAt && <p className="zc-note">{t('checkIn.review')}</p>
          )}
          {visit.can.appeal && !c.appealedAt && (c.grade === 'C' || c.grade === 'D') && (
            <button type="button" className="zc-btn" onClick={() => setAppeal(c.id)}>
              {t('appeal.open')}
            </button>
          )}
        </div>
      ))}
      {appeal && (
        <Suspense>
          <AppealSheet visit={visit} checkInId={appeal} onClose={() => setAppeal(null)} />
        </Suspense>
      )}
    </Part>
  )
}

function Page({ visit, documents }: { visit: VisitFull; documents: DocumentRow[] }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const f = useFormat(zone)
  const now = useNow()
  const steps = useSteps(visit, documents, visit.customerConfirmedAt !== null)
  useSeen(visit.id)
  const [navigating, setNavigating] = useState(false)
  const [history, setHistory] = useState(false)
  const run = useAct()
  useEffect(() => {
    // Seen is a fact of its own: the dispatcher's clock for un-opened offers stops.
    if (visit.state === 'offered' && !visit.openedAt && visit.can.open) void run('visit.open', visit.id, {})
  }, [visit.id, visit.state, visit.openedAt, visit.can.open, run])
  const late = visit.dueAt !== null && Date.parse(visit.dueAt) < now && !visit.endedAt
  const length = Math.round((Date.parse(visit.planned.end) - Date.parse(visit.planned.start)) / 60_000)
  return (
    <>
      <FieldBar title={visit.customer.name} back="/m/today" />
      <div className="zc-visit">
        <section className="zc-part top">
          <div className="zc-tags">
            <StateTag kind="visit" state={visit.state} />
            {visit.priority === 'urgent' && <Tag meaning="red">{o('priority.urgent')}</Tag>}
            {visit.priority === 'high' && <Tag meaning="amber">{o('priority.high')}</Tag>}
            <Tag meaning="grey">{o(`mode.${visit.mode}`)}</Tag>
            {visit.result && (
              <Tag meaning={visit.result === 'done' ? 'green' : 'amber'}>{o(`result.${visit.result}`)}</Tag>
            )}
          </div>
          <h2 className="title">{visit.title}</h2>
          <p className="sub">
            {[visit.orderNumber, o(`type.${visit.type}` as 'type.other'), o(`role.${visit.role}`)]
              .filter(Boolean)
              .join(' · ')}
          </p>
          {visit.remaining && <p className="zc-note">{t('result.remaining', { text: visit.remaining })}</p>}
          {visit.conflicts > 0 && (
            <p className="zc-problem">
              <TriangleAlert className="zc-icon" size={18} aria-hidden /> {t('conflicts', { n: visit.conflicts })}
            </p>
          )}
        </section>

        <Part title={t('part.when')}>
          <p className="zc-when">
            <Clock className="zc-icon" size={20} aria-hidden />
            <span>
              <b>
                {visit.appointment
                  ? t('agreed', { when: f.range(visit.appointment.start, visit.appointment.end ?? visit.planned.end) })
                  : f.range(visit.planned.start, visit.planned.end)}
              </b>
              <small>
                {[
                  t('duration', { time: f.duration(length) }),
                  visit.travelMin ? t('travel', { time: f.duration(visit.travelMin) }) : null,
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </small>
              {!visit.appointment && visit.can.appoint && visit.mode !== 'resident' && <small>{t('notAgreed')}</small>}
              {visit.promise && (
                <small>{t('promise', { when: f.range(visit.promise.start, visit.promise.end) })}</small>
              )}
              {visit.promiseOriginal && visit.promiseOriginal.start !== visit.promise?.start && (
                <small>
                  {t('promiseMoved', { when: f.range(visit.promiseOriginal.start, visit.promiseOriginal.end) })}
                </small>
              )}
              {visit.dueAt && (
                <small className={late ? 'late' : ''}>
                  {t(late ? 'overdue' : 'due', { when: f.when(visit.dueAt) })}
                </small>
              )}
            </span>
          </p>
        </Part>

        {!visit.endedAt && <Clocks visit={visit} zone={zone} />}

        <Part title={t('part.where')}>
          {visit.site ? (
            <>
              <p className="zc-address">
                <b>{visit.site.name}</b>
                <span>{visit.site.address}</span>
              </p>
              {visit.mode !== 'remote' && (
                <Suspense fallback={<div className="zc-strip" />}>
                  <MapStrip site={visit.site} />
                </Suspense>
              )}
            </>
          ) : (
            <p className="zc-note">{t('noSite')}</p>
          )}
          <div className="zc-two">
            {visit.site && visit.mode !== 'remote' && (
              <button type="button" className="zc-btn" onClick={() => setNavigating(true)}>
                <Navigation className="zc-icon" size={20} aria-hidden /> {t('navigate')}
              </button>
            )}
            {visit.contact?.phone && (
              <a className="zc-btn" href={`tel:${visit.contact.phone}`} onClick={() => noteCall(visit)}>
                <Phone className="zc-icon" size={20} aria-hidden />
                <span className="zc-clip">{t('call.who', { name: visit.contact.name })}</span>
              </a>
            )}
          </div>
          {visit.contact && !visit.contact.phone && (
            <p className="zc-note">
              {visit.contact.name} · {t('noPhone')}
            </p>
          )}
        </Part>

        <Part title={t('part.what')}>
          <p className="zc-text">{visit.text || t('noText')}</p>
        </Part>

        <WorkRows visit={visit} />

        {visit.site && <Entry site={visit.site} at={visit.planned.start} />}

        {visit.asset && (
          <Part title={t('part.asset')}>
            <p className="zc-address">
              <b>{visit.asset.name}</b>
              <span>
                {[visit.asset.model, visit.asset.serial && t('asset.serial', { serial: visit.asset.serial })]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </p>
            {visit.asset.history.length > 0 && (
              <details className="zc-details">
                <summary>{t('asset.history', { n: visit.asset.history.length })}</summary>
                <ul className="zc-lines">
                  {visit.asset.history.map((h) => (
                    <li key={h.visitId}>
                      {[f.date(h.at), h.title, h.engineer?.name, h.result && o(`result.${h.result}`)]
                        .filter(Boolean)
                        .join(' · ')}
                    </li>
                  ))}
                </ul>
              </details>
            )}
          </Part>
        )}

        {visit.crew.length > 0 && (
          <Suspense>
            <CrewPart visit={visit} zone={zone} />
          </Suspense>
        )}

        {visit.trip.length > 0 && (
          <Part title={t('part.trip')}>
            {visit.trip.map((v) => (
              <Link key={v.visitId} className="zc-line" to={`/m/visits/${v.visitId}`}>
                <b className="zc-clip">{v.title}</b>
                <StateTag kind="visit" state={v.state} quiet />
              </Link>
            ))}
          </Part>
        )}

        <Part title={t('part.documents')}>
          {documents.length ? (
            documents.map((row) => <DocumentLine key={row.id} visit={visit} row={row} />)
          ) : (
            <p className="zc-note">{t('doc.none')}</p>
          )}
        </Part>

        <Part title={t('part.photos')}>
          <PhotoGrid visit={visit} zone={zone} canAdd={visit.can.addEvidence === true} />
        </Part>

        <CheckIns visit={visit} zone={zone} />

        <Part title={t('part.thread')}>
          <Link className="zc-line" to={`/m/messages/order/${visit.orderId}`}>
            <MessageCircle className="zc-icon" size={20} aria-hidden />
            <b className="zc-clip">{t('thread.open')}</b>
          </Link>
        </Part>

        <Part title={t('part.timeline')}>
          {history ? (
            <Suspense fallback={<Loading lines={3} />}>
              <History visit={visit} zone={zone} />
            </Suspense>
          ) : (
            <button type="button" className="zc-btn" onClick={() => setHistory(true)}>
              {t('timeline.show')}
            </button>
          )}
        </Part>
      </div>
      {(steps.primary || steps.more.length > 0) && (
        <ActionBar>
          <StepButtons steps={steps} />
        </ActionBar>
      )}
      {steps.sheet}
      {navigating && visit.site && (
        <Suspense>
          <NavigateSheet site={visit.site} onClose={() => setNavigating(false)} />
        </Suspense>
      )}
    </>
  )
}

/** One visit, from the offer to the end of it. */
export default function VisitPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/visits/:id')
  const visit = useVisit(id)
  const documents = useDocuments(id)
  if (visit.isError) {
    const lost = visit.error?.status === 404 || visit.error?.status === 403
    return (
      <>
        <FieldBar title={t('visit')} back="/m/today" />
        {lost ? (
          <Empty
            title={t('gone')}
            action={
              <Link className="zc-btn" to="/m/today">
                {t('gone.home')}
              </Link>
            }
          >
            {t('gone.text')}
          </Empty>
        ) : (
          <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />
        )}
      </>
    )
  }
  if (!visit.data)
    return (
      <>
        <FieldBar title={t('visit')} back="/m/today" />
        <Loading shape="cards" lines={3} />
      </>
    )
  return <Page key={id} visit={visit.data} documents={documents.data?.rows ?? []} />
}

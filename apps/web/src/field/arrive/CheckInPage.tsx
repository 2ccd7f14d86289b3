import { Check, Circle } from 'lucide-react'
import { useState } from 'react'
import { chooseFix, watchOf } from '#lifecycle/position'
import { useDraft } from '../../common/draft'
import { GRADE_MEANING, useReasons } from '../../common/grade'
import { gradeWords } from '../../common/grade.words'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { type BodyOf, offlineOf, type ReplyOf, useAct, useOutcome, useRow, useStatus } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { LocalTile, PhotoButtons } from '../photos/PhotoGrid'
import { Link, navigate, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { useVisit } from '../visit/data'
import { useFix, withAge } from '../visit/fix'
import { GradeTag } from '../visit/Grade'
import { offsetM, Radar } from '../visit/Radar'
import '../visit/visit.css'
import { clockJumpMs } from '../../offline/clockwatch'
import { type Door, DoorCode, doorBody } from './DoorCode'
import { hardware, prove } from './proof'
import { words } from './words'

/** What the phone itself knows of an arrival before the server has graded it. */
type Arrival = { commandId: string; at: string; distanceM: number | null; accuracyM: number | null }

function Result({ visit, arrival }: { visit: VisitFull; arrival: Arrival }) {
  const t = useWords(words)
  const g = useWords(gradeWords)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const outcome = useOutcome(arrival.commandId)
  const { contact } = useStatus()
  const graded = (outcome?.reply as ReplyOf<'visit.checkIn'> | undefined)?.checkIn ?? null
  const reasons = useReasons()(graded ?? { reasons: [] })
  const run = useAct()
  const back = () => navigate(`/m/visits/${visit.id}`, { replace: true })
  const waits = !outcome || outcome.state === 'waiting' || outcome.state === 'sending'
  return (
    <>
      <FieldBar title={t('result.title')} back={`/m/visits/${visit.id}`} />
      <div className="zc-result" data-meaning={graded?.grade ? GRADE_MEANING[graded.grade] : 'grey'} role="status">
        <b className="letter" aria-hidden>
          {graded?.grade ?? '✓'}
        </b>
        {graded ? (
          <>
            <GradeTag grade={graded.grade} />
            {graded.grade && <p className="say">{g(`say.${graded.grade}`)}</p>}
            <ul className="zc-lines">
              {reasons.map((r) => (
                <li key={r}>{r}</li>
              ))}
            </ul>
          </>
        ) : (
          <>
            <p className="say">
              {outcome?.state === 'refused'
                ? t('result.refused', { why: outcome.problem?.title ?? '' })
                : t(waits && contact !== false ? 'result.grading' : 'result.later')}
            </p>
            <ul className="zc-lines">
              {arrival.distanceM !== null && (
                <li>
                  {t('away', {
                    distance: f.distance(arrival.distanceM),
                    place: visit.site?.name ?? visit.customer.name,
                  })}
                </li>
              )}
              {arrival.accuracyM !== null && <li>{t('accuracy', { accuracy: Math.round(arrival.accuracyM) })}</li>}
            </ul>
            {outcome?.state === 'refused' && (
              <Link className="zc-btn" to="/m/outbox">
                {t('result.outbox')}
              </Link>
            )}
          </>
        )}
        <p className="zc-note">
          {t('result.at', {
            time: f.when(graded?.at ?? arrival.at),
            place: visit.site?.name ?? visit.customer.name,
          })}
        </p>
      </div>
      <ActionBar>
        {visit.can.start && (
          <button
            type="button"
            className="zc-btn primary big"
            onClick={() => void run('visit.start', visit.id, {}).then(back)}
          >
            {t('start')}
          </button>
        )}
        <button type="button" className="zc-btn big" onClick={back}>
          {t('later')}
        </button>
      </ActionBar>
    </>
  )
}

/** A screen's code is good for its half minute and the ones beside it. */
const siteCodeMs = 50_000
const doorStale = (d: Door) => d.state === 'scanned' && d.turns && Date.now() - d.at > siteCodeMs

const fixOf = ({ at, ...fix }: ReturnType<ReturnType<typeof useFix>['seen']>[number]) => ({
  ...fix,
  ageMs: Math.max(0, Math.min(7 * 86_400_000, Math.round(Date.now() - at))),
})

function Form({ visit, onDone }: { visit: VisitFull; onDone: (arrival: Arrival) => void }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const fix = useFix()
  const run = useAct()
  const rules = useRow('arrivalRules', 'rules')
  const { photos, add, declared } = usePhotos(visit)
  const [mine, setMine] = useDraft<string[]>(`${me.id}.checkin.photos.${visit.id}`, [])
  const [door, setDoor, clearDoor] = useDraft<Door>(`${me.id}.checkin.door.${visit.id}`, { state: 'open', value: '' })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const here = fix.state === 'here' ? withAge(fix) : undefined
  const point = visit.site?.point ?? null
  const radiusM = visit.site?.radiusM ?? 300
  const place = visit.site?.name ?? visit.customer.name
  const away = here && point ? offsetM(point, here) : null
  const local = photos.filter((p) => mine.includes(p.id))
  const stored = visit.evidence.filter((e) => mine.includes(e.id) && !photos.some((p) => p.id === e.id))

  /** Hashes of the photos as they were declared, from the outbox or, when that is long done, from the visit. */
  const hashesOf = async (ids: readonly string[]): Promise<Record<string, string>> => {
    const known = new Map(visit.evidence.map((e) => [e.id, e.sha256]))
    for (const i of (await offlineOf(me)).items())
      if (i.command === 'evidence.declare') {
        const { id, sha256 } = i.body as BodyOf<'evidence.declare'>
        known.set(id, sha256)
      }
    return Object.fromEntries(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id) as string]] : [])))
  }
  const asked = rules ? (rules.asked.byType[visit.type as 'other'] ?? rules.asked.all) : []
  const given = { place: fix.state === 'here', code: doorBody(door) !== undefined, photo: mine.length > 0 }

  const checkIn = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      // Half a minute after it was scanned a screen's code is another one: better again than doubted.
      if (doorStale(door)) {
        setDoor({ state: 'open', value: '' })
        setProblem(t('site.stale'))
        return
      }
      const seen = fix.seen()
      const best = chooseFix(seen, Date.now()) as (typeof seen)[number] | null
      const fixed = fix.state === 'here' ? (best ? fixOf(best) : withAge(fix)) : undefined
      const at = new Date().toISOString()
      const { photoIds, commandIds } = await declared(mine)
      const code = doorBody(door)
      const watch = watchOf(seen)
      const body: BodyOf<'visit.checkIn'> = {
        ...(fixed ? { fix: fixed } : {}),
        photoIds,
        ...(code ? { code } : {}),
        ...(watch ? { watch } : {}),
        hardware: hardware(),
        clockJumpMs: clockJumpMs(),
      }
      const proof = await prove(me.id, visit.id, body, await hashesOf(photoIds))
      const { commandId } = await run('visit.checkIn', visit.id, { ...body, proof }, { after: commandIds })
      clearDoor()
      setMine([])
      onDone({
        commandId,
        at,
        distanceM: fixed && point ? offsetM(point, fixed).distanceM : null,
        accuracyM: fixed?.accuracyM ?? null,
      })
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    } finally {
      setBusy(false)
    }
  }

  const headline =
    fix.state === 'asking'
      ? t('asking')
      : fix.state === 'none'
        ? t(`none.${fix.why}`)
        : away
          ? t('away', { distance: f.distance(away.distanceM), place })
          : t('noPoint')
  return (
    <>
      <FieldBar title={t(visit.mode === 'resident' ? 'daily' : 'title')} back={`/m/visits/${visit.id}`} />
      <div className="zc-arrive">
        <Radar site={point} radiusM={radiusM} fix={here} label={headline} />
        <div className="said" role="status">
          <h2>{headline}</h2>
          {fix.state === 'asking' && <p>{t('asking.text')}</p>}
          {fix.state === 'none' && (
            <>
              <p>{t(`none.${fix.why}.text`)}</p>
              {fix.why !== 'insecure' && (
                <button type="button" className="zc-btn" onClick={fix.again}>
                  {t('again')}
                </button>
              )}
            </>
          )}
          {here && (
            <p>
              {[
                away && (away.distanceM <= radiusM ? t('inside') : t('outside', { radius: Math.round(radiusM) })),
                t('accuracy', { accuracy: Math.round(here.accuracyM) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )}
          {here && here.accuracyM > 100 && <p>{t('poor')}</p>}
        </div>
        {asked.length > 0 && (
          <ul className="zc-asked" aria-label={t('asked')}>
            {asked.map((one) => (
              <li key={one} data-given={given[one] || undefined}>
                {given[one] ? (
                  <Check className="zc-icon" size={16} aria-hidden />
                ) : (
                  <Circle className="zc-icon" size={16} aria-hidden />
                )}
                {t(given[one] ? `asked.${one}.given` : `asked.${one}`)}
              </li>
            ))}
          </ul>
        )}
        <section className="zc-part">
          <header>
            <h2>{t('photo')}</h2>
            <small>{t('photo.hint')}</small>
          </header>
          {local.length + stored.length > 0 && (
            <div className="zc-tiles">
              {stored.map((e) => (
                <figure key={e.id} className="zc-tile">
                  {e.thumbUrl && <img src={e.thumbUrl} alt={t('photo')} />}
                </figure>
              ))}
              {local.map((p) => (
                <LocalTile key={p.id} photo={p} />
              ))}
            </div>
          )}
          <PhotoButtons
            album={false}
            onAdd={(files, fromCamera) => void add(files, fromCamera).then((ids) => setMine([...mine, ...ids]))}
          />
        </section>
        <DoorCode visitId={visit.id} door={door} onChange={setDoor} />
        {problem && (
          <p className="zc-problem" role="alert">
            {t('failed', { why: problem })} {t('safe')}
          </p>
        )}
      </div>
      <ActionBar>
        <button
          type="button"
          className="zc-btn primary big"
          disabled={busy || (fix.state === 'asking' && !given.code && !mine.length)}
          onClick={() => void checkIn()}
        >
          {t(busy ? 'doing' : fix.state === 'here' || fix.state === 'asking' ? 'do' : 'doWithout')}
        </button>
      </ActionBar>
    </>
  )
}

/** Arrival: where am I, a photo, a code if there is no place; graded afterwards, never refused. */
export default function CheckInPage() {
  const t = useWords(words)
  const { id = '' } = usePageParams('/m/visits/:id/check-in')
  const visit = useVisit(id)
  const [done, setDone] = useState<Arrival>()
  const back = `/m/visits/${id}`
  if (visit.isError)
    return (
      <>
        <FieldBar title={t('title')} back={back} />
        <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />
      </>
    )
  if (!visit.data)
    return (
      <>
        <FieldBar title={t('title')} back={back} />
        <Loading shape="cards" lines={2} />
      </>
    )
  if (done) return <Result visit={visit.data} arrival={done} />
  if (!visit.data.can.checkIn)
    return (
      <>
        <FieldBar title={t('title')} back={back} />
        <Empty
          title={t('elsewhere')}
          action={
            <Link className="zc-btn" to={back}>
              {t('back')}
            </Link>
          }
        >
          {t('elsewhere.text')}
        </Empty>
      </>
    )
  return <Form visit={visit.data} onDone={setDone} />
}

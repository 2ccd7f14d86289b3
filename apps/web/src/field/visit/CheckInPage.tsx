import { useState } from 'react'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { type ReplyOf, useAct, useOutcome, useStatus } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { usePhotos } from '../photos/hooks'
import { LocalTile, PhotoButtons } from '../photos/PhotoGrid'
import { Link, navigate, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { words } from './checkin.words'
import { useVisit } from './data'
import { useFix, withAge } from './fix'
import { GRADE_MEANING, GradeTag, useReasons } from './Grade'
import { words as gradeWords } from './grade.words'
import { offsetM, Radar } from './Radar'
import './visit.css'

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
  const reasons = useReasons(graded ?? { reasons: [] })
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
              {arrival.accuracyM !== null && <li>{t('accuracy', { accuracy: arrival.accuracyM })}</li>}
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

function Form({ visit, onDone }: { visit: VisitFull; onDone: (arrival: Arrival) => void }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(visit.site?.zone ?? me.zone)
  const fix = useFix()
  const run = useAct()
  const { photos, add, declared } = usePhotos(visit)
  const [mine, setMine] = useDraft<string[]>(`${me.id}.checkin.photos.${visit.id}`, [])
  const [code, setCode, clearCode] = useDraft(`${me.id}.checkin.code.${visit.id}`, '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()

  const here = fix.state === 'here' ? withAge(fix) : undefined
  const point = visit.site?.point ?? null
  const radiusM = visit.site?.radiusM ?? 300
  const place = visit.site?.name ?? visit.customer.name
  const away = here && point ? offsetM(point, here) : null
  const local = photos.filter((p) => mine.includes(p.id))
  const stored = visit.evidence.filter((e) => mine.includes(e.id) && !photos.some((p) => p.id === e.id))

  const checkIn = async () => {
    setBusy(true)
    setProblem(undefined)
    try {
      const fixed = fix.state === 'here' ? withAge(fix) : undefined
      const at = new Date().toISOString()
      const { photoIds, commandIds } = await declared(mine)
      const { commandId } = await run(
        'visit.checkIn',
        visit.id,
        {
          ...(fixed ? { fix: fixed } : {}),
          photoIds,
          ...(code.trim() ? { code: { kind: 'customer' as const, value: code.trim() } } : {}),
        },
        { after: commandIds },
      )
      clearCode()
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
                t('accuracy', { accuracy: here.accuracyM }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </p>
          )}
          {here && here.accuracyM > 100 && <p>{t('poor')}</p>}
        </div>
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
        <section className="zc-part">
          <label className="zc-field-row">
            <span>{t('code')}</span>
            <input
              className="zc-input code"
              inputMode="numeric"
              autoComplete="off"
              maxLength={20}
              value={code}
              placeholder={t('code.hint')}
              onChange={(e) => setCode(e.target.value)}
            />
          </label>
        </section>
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
          disabled={busy || (fix.state === 'asking' && !code.trim() && !mine.length)}
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

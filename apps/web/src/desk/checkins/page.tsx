import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Check, CircleCheck, MapPinCheck, TriangleAlert, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { readAs, toDatum } from '#geo'
import { PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useDraft } from '../../common/draft'
import { evidenceWords } from '../../common/evidence.words'
import { GRADE_MEANING, type Grade, useReasons } from '../../common/grade'
import { gradeWords } from '../../common/grade.words'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { MapView } from '../../common/map/Map'
import { useModal } from '../../common/modal'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import './checkins.css'
import { Place } from './Place'
import { words } from './words'

type Review = Reply<'GET /api/visits/reviews'>['rows'][number]
type CheckIn = Review['checkIns'][number]
const GRADES: Grade[] = ['A', 'B', 'C', 'D']

/** The check-in that waits: an open appeal first, then the newest in doubt. */
const waiting = (checkIns: readonly CheckIn[]): CheckIn | undefined =>
  checkIns.findLast((c) => c.appealedAt !== null && (c.reviewedAt === null || c.reviewedAt < c.appealedAt)) ??
  checkIns.findLast((c) => (c.grade === 'C' || c.grade === 'D' || c.drawn) && c.reviewedAt === null) ??
  checkIns.at(-1)

function GradeTag({ grade }: { grade: Grade }) {
  const t = useWords(gradeWords)
  return <Tag meaning={GRADE_MEANING[grade]}>{`${grade} ${t(grade)}`}</Tag>
}

export default function CheckInsPage() {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const reasons = useReasons()
  const navigate = useNavigate()
  const { id } = useParams({ strict: false }) as { id?: string }
  const answer = useCall('GET /api/visits/reviews', { query: { limit: 200 } }, { watch: ['visit'] })
  const open = (to: string | null) => void navigate({ to: (to ? `/checkins/${to}` : '/checkins') as string })
  if (answer.error) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="rows" lines={8} />
  const rows = answer.data.rows
  const chosen = rows.find((r) => r.id === id)
  const columns: Column<Review>[] = [
    {
      key: 'engineer',
      title: t('col.engineer'),
      width: id ? 'minmax(110px, 1fr)' : '150px',
      render: (r) => (r.engineer ? <PersonChip id={r.engineer.id} name={r.engineer.name} /> : '—'),
    },
    { key: 'customer', title: t('col.customer'), width: 'minmax(120px, 1.2fr)', render: (r) => r.customer.name },
    {
      key: 'grade',
      title: t('col.grade'),
      width: '150px',
      render: (r) => {
        const c = waiting(r.checkIns)
        return c?.grade ? <GradeTag grade={c.grade} /> : null
      },
    },
    {
      key: 'at',
      title: t('col.at'),
      width: '130px',
      render: (r) => {
        const c = waiting(r.checkIns)
        return c ? f.when(c.at) : null
      },
    },
    ...(id
      ? []
      : [
          {
            key: 'why',
            title: t('col.why'),
            width: 'minmax(200px, 2fr)',
            render: (r: Review) => {
              const c = waiting(r.checkIns)
              return c
                ? [c.appealedAt && t('appealed'), c.drawn && t('drawn'), ...reasons(c)].filter(Boolean).join(' · ')
                : null
            },
          },
        ]),
  ]
  return (
    <ListDetail
      id="checkins"
      onClose={() => open(null)}
      list={
        <div className="checkins">
          <PageHeader title={t('title')} meta={<span>{t('lead')}</span>} />
          <DataList
            id="checkins"
            label={t('list')}
            rows={rows}
            rowKey={(r) => r.id}
            columns={columns}
            openId={id ?? null}
            onOpen={(r) => open(r.id)}
            empty={
              <Empty icon={MapPinCheck} title={t('none.title')}>
                {t('none.text')}
              </Empty>
            }
          />
        </div>
      }
      detail={
        !id ? null : chosen ? (
          <Detail
            key={chosen.id}
            review={chosen}
            onDone={() => {
              const at = rows.findIndex((r) => r.id === chosen.id)
              open((rows[at + 1] ?? rows[at - 1])?.id ?? null)
            }}
          />
        ) : (
          <Empty
            icon={CircleCheck}
            title={t('gone.title')}
            action={
              <button type="button" className="zc-btn" onClick={() => open(null)}>
                {t('gone.back')}
              </button>
            }
          >
            {t('gone.text')}
          </Empty>
        )
      }
    />
  )
}

function Detail({ review, onDone }: { review: Review; onDone: () => void }) {
  const t = useWords(words)
  const companyZone = useMe().zone
  const zone = review.site?.zone ?? companyZone
  const f = useFormat(zone)
  const reasons = useReasons()
  const checkIn = waiting(review.checkIns)
  // Each look is written down for the engineer to see: one look a visit, not one a re-render.
  const arrival = useCall(
    'GET /api/visits/:id/arrival',
    { params: { id: review.id } },
    { staleTime: Number.POSITIVE_INFINITY },
  )
  if (!checkIn) return null
  const photos = arrival.data?.photos.filter((e) => e.kind === 'photo') ?? []
  const seen = arrival.data?.checkIns.find((c) => c.id === checkIn.id)
  return (
    <>
      <PageHeader
        level={2}
        title={review.customer.name}
        number={review.orderNumber ?? undefined}
        meta={
          <>
            {checkIn.grade && <GradeTag grade={checkIn.grade} />}
            {checkIn.appealedAt && <Tag meaning="blue">{t('appealed')}</Tag>}
            {checkIn.drawn && <Tag meaning="grey">{t('drawn')}</Tag>}
            {review.engineer && <PersonChip id={review.engineer.id} name={review.engineer.name} />}
            <span>{f.when(checkIn.at)}</span>
          </>
        }
      />
      <Section title={t('why', { grade: checkIn.gradedAs ?? checkIn.grade ?? '' })}>
        <ul className="checkin-why">
          {reasons(checkIn).map((line) => (
            <li key={line}>
              <TriangleAlert className="zc-icon" size={14} aria-hidden />
              {line}
            </li>
          ))}
        </ul>
        {checkIn.drawn && <p className="checkin-note">{t('drawn.note')}</p>}
        {checkIn.appealedAt && (
          <blockquote className="checkin-appeal">
            <small>{t('appeal', { when: f.when(checkIn.appealedAt) })}</small>
            {seen?.appeal?.reason && <p>{seen.appeal.reason}</p>}
            {seen?.appeal && seen.appeal.photoIds.length > 0 && (
              <Photos photos={photos.filter((p) => seen.appeal?.photoIds.includes(p.id))} />
            )}
          </blockquote>
        )}
      </Section>
      <Where review={review} checkInId={checkIn.id} arrival={arrival} />
      <Section title={t('photos')} count={photos.length}>
        {arrival.error ? (
          <ErrorState error={arrival.error} onRetry={() => void arrival.refetch()} />
        ) : !arrival.data ? (
          <Loading shape="cards" lines={2} />
        ) : photos.length === 0 ? (
          <p className="checkin-note">{t('photos.none')}</p>
        ) : (
          <Photos photos={photos} />
        )}
      </Section>
      <Section title={t('arrived')}>
        <Facts
          rows={[
            [
              t('order'),
              <Link
                key="o"
                to={`/orders/${review.orderId}` as string}
              >{`${review.orderNumber ?? ''} ${review.title}`}</Link>,
            ],
            ...(review.site ? [[t('address'), review.site.address] as [string, string]] : []),
            [t('planned'), f.range(review.planned.start, review.planned.end)],
            ...(review.promise
              ? [[t('promise'), f.range(review.promise.start, review.promise.end)] as [string, string]]
              : []),
            ...(review.departedAt ? [[t('departed'), f.when(review.departedAt)] as [string, string]] : []),
            [t('arrived'), f.when(checkIn.at)],
            ...(review.finishedAt ? [[t('finished'), f.when(review.finishedAt)] as [string, string]] : []),
          ]}
        />
      </Section>
      {(review.checkIns.length > 1 || review.checkIns.some((c) => c.reviewedAt)) && (
        <Section title={t('history')} count={review.checkIns.length}>
          <ul className="checkin-history">
            {review.checkIns.map((c) => (
              <li key={c.id}>
                <span>{f.when(c.at)}</span>
                <span>
                  {c.reviewedAt
                    ? t('history.reviewed', { was: c.gradedAs ?? '—', grade: c.grade ?? '—' })
                    : t('history.now', { grade: c.grade ?? '—' })}
                </span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {review.can.review && <Decide review={review} checkIn={checkIn} onDone={onDone} />}
    </>
  )
}

type Arrival = Reply<'GET /api/visits/:id/arrival'>

/** The place in metres, the way there on the map, the phone that said so. */
function Where({
  review,
  checkInId,
  arrival,
}: {
  review: Review
  checkInId: string
  arrival: { data: Arrival | undefined; error: unknown; refetch: () => unknown }
}) {
  const t = useWords(words)
  const g = useWords(gradeWords)
  const companyZone = useMe().zone
  const f = useFormat(review.site?.zone ?? companyZone)
  const point = review.site?.point
  const data = arrival.data
  const seen = data?.checkIns.find((c) => c.id === checkInId)
  return (
    <Section title={t('place')}>
      {arrival.error ? (
        <ErrorState error={arrival.error} onRetry={() => void arrival.refetch()} />
      ) : !data || !seen ? (
        <Loading shape="cards" lines={1} />
      ) : (
        <>
          {!point ? (
            <p className="checkin-note">{t('place.noSite')}</p>
          ) : !seen.fix ? (
            <p className="checkin-note">{t('place.none')}</p>
          ) : (
            <Place site={point} radiusM={review.site?.radiusM ?? 0} fix={seen.fix} distanceM={seen.distanceM} />
          )}
          <Way data={data} fix={seen.fix} at={seen.at} site={point ?? null} />
          <Facts
            rows={[
              ...(data.previous
                ? [
                    [
                      t('way.previous'),
                      [data.previous.place, f.when(data.previous.at)].filter(Boolean).join(' · '),
                    ] as [string, string],
                  ]
                : []),
              ...(data.departed ? [[t('way.departed'), f.when(data.departed.at)] as [string, string]] : []),
              ...(seen.device
                ? [
                    [
                      t('device'),
                      [
                        seen.device.label ?? seen.device.id.slice(-8),
                        seen.device.boundAt && t('device.bound', { when: f.when(seen.device.boundAt) }),
                      ]
                        .filter(Boolean)
                        .join(' · '),
                    ] as [string, string],
                  ]
                : []),
              ...(seen.proof
                ? [
                    [
                      t('proof'),
                      [
                        t(`signature.${seen.proof.signature as 'valid'}`),
                        t(`nonce.${seen.proof.nonce as 'fresh'}`),
                        seen.proof.code && g(`code.${seen.proof.code as 'customer'}`),
                      ]
                        .filter(Boolean)
                        .join(' · '),
                    ] as [string, string],
                  ]
                : []),
              ...(seen.receivedAt && Date.parse(seen.receivedAt) - Date.parse(seen.at) > 120_000
                ? [[t('received'), f.when(seen.receivedAt)] as [string, string]]
                : []),
            ]}
          />
          <p className="checkin-note">{t('place.traced')}</p>
        </>
      )}
      {data && <Before history={data.history} />}
    </Section>
  )
}

type Point = { lat: number; lng: number; datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' }
/** On the outline map everything is drawn in WGS-84; an unknown datum is read as a Chinese map's. */
const onMap = (p: Point) => toDatum(p.datum === 'unknown' ? readAs(p, 'gcj02') : { ...p, datum: p.datum }, 'wgs84')

/** The way to the site as far as it is known: the point before, setting out, the track if there is one, arrival. */
function Way({ data, fix, at, site }: { data: Arrival; fix: Point | null; at: string; site: Point | null }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const steps = [
    ...(data.previous ? [{ id: 'previous', label: t('way.previous'), ...data.previous }] : []),
    ...(data.departed ? [{ id: 'departed', label: t('way.departed'), ...data.departed }] : []),
    ...data.track.map((p, i) => ({ id: `track${i}`, label: t('way.track'), ...p })),
    ...(fix ? [{ id: 'fix', label: t('place.fix'), at, fix }] : []),
  ]
  if (steps.length < 2) return null
  const placed = steps.map((s) => ({ ...s, ...onMap(s.fix) }))
  return (
    <div className="checkin-way">
      <MapView
        label={t('way')}
        points={[
          ...placed
            .filter((s) => !s.id.startsWith('track'))
            .map((s) => ({
              id: s.id,
              kind: 'person' as const,
              lat: s.lat,
              lng: s.lng,
              label: s.label,
              note: f.when(s.at),
              meaning: s.id === 'fix' ? ('teal' as const) : ('grey' as const),
            })),
          ...(site
            ? [{ id: 'site', kind: 'site' as const, ...onMap(site), label: t('place.site'), meaning: 'blue' as const }]
            : []),
        ]}
        lines={[{ id: 'way', path: placed.map((s) => [s.lng, s.lat] as [number, number]), meaning: 'teal' }]}
      />
    </div>
  )
}

/** How this engineer's arrivals were at this site and in the last 90 days: one odd one among many good ones is odd. */
function Before({ history }: { history: Arrival['history'] }) {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const codeReasons = useReasons()
  const { grades, appeals, upheld, reasons } = history.days90
  return (
    <>
      <h3 className="checkin-sub">{t('before')}</h3>
      <p className="checkin-note">
        {t('before.days', { a: grades.A ?? 0, b: grades.B ?? 0, c: grades.C ?? 0, d: grades.D ?? 0 })}
        {appeals > 0 && ` · ${t('before.appeals', { n: appeals, upheld })}`}
      </p>
      {reasons.length > 0 && (
        <p className="checkin-note">
          {t('before.reasons', {
            list: reasons
              .map(
                (r) =>
                  `${codeReasons({ reasons: [{ code: r.code, params: {} }] })[0]?.replace(/\{\w+\}/g, '…')} × ${r.n}`,
              )
              .join('；'),
          })}
        </p>
      )}
      {history.here.length > 0 ? (
        <ul className="checkin-history">
          {history.here.map((h) => (
            <li key={h.visitId}>
              <span>{f.when(h.at)}</span>
              <span>{h.grade ?? '—'}</span>
              <span>{h.distanceM === null ? '—' : f.distance(h.distanceM)}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="checkin-note">{t('before.here.none')}</p>
      )}
    </>
  )
}

type Evidence = Arrival['photos'][number]

function Photos({ photos }: { photos: Evidence[] }) {
  const t = useWords(words)
  const flag = useWords(evidenceWords)
  const f = useFormat(useMe().zone)
  const [shown, setShown] = useState<Evidence | null>(null)
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref, shown !== null)
  return (
    <div className="checkin-photos">
      {photos.map((p, i) =>
        p.thumbUrl ? (
          <button key={p.id} type="button" aria-label={t('photo.open', { n: i + 1 })} onClick={() => setShown(p)}>
            <img src={p.thumbUrl} alt="" loading="lazy" />
            <small>
              {p.flags.length > 0 && (
                <TriangleAlert className="zc-icon" size={12} aria-label={flag(p.flags[0] as 'exif_time')} />
              )}{' '}
              {f.time(p.takenAt)}
            </small>
          </button>
        ) : (
          <span key={p.id} className="pending">
            {t('photo.pending')}
          </span>
        ),
      )}
      <dialog
        ref={ref}
        className="checkin-photo"
        aria-label={t('photos')}
        onCancel={(e) => {
          e.preventDefault()
          setShown(null)
        }}
      >
        {shown?.url && <img src={shown.url} alt={f.when(shown.takenAt)} />}
        {shown && (
          <p className="about">
            {shown.flags.map((code) => (
              <Tag key={code} meaning="amber" icon={TriangleAlert}>
                {flag(code)}
              </Tag>
            ))}
            <Link to={`/evidence/${shown.code}` as string}>{t('photo.facts', { code: shown.code })}</Link>
          </p>
        )}
        <button type="button" className="zc-btn icon" aria-label={t('photo.close')} onClick={() => setShown(null)}>
          <X className="zc-icon" size={18} />
        </button>
      </dialog>
    </div>
  )
}

const QUICK = ['photo', 'customer', 'indoor', 'absent'] as const

function Decide({ review, checkIn, onDone }: { review: Review; checkIn: CheckIn; onDone: () => void }) {
  const t = useWords(words)
  const g = useWords(gradeWords)
  const [draft, setDraft, clearDraft] = useDraft<{ grade: Grade | null; reason: string }>(`review.${checkIn.id}`, {
    grade: null,
    reason: '',
  })
  const decide = useCommand('POST /api/visits/:id/review', {
    onSuccess: () => {
      clearDraft()
      toast(t('done', { name: review.engineer?.name ?? '', grade: draft.grade ?? '' }))
      onDone()
    },
  })
  const ready = draft.grade !== null && draft.reason.trim() !== ''
  return (
    <Section title={t('decide')}>
      <form
        className="checkin-decide"
        onSubmit={(e) => {
          e.preventDefault()
          if (!draft.grade || !ready) return
          decide.mutate({
            params: { id: review.id },
            body: { checkInId: checkIn.id, grade: draft.grade, reason: draft.reason.trim() },
            baseRev: review.rev,
          })
        }}
      >
        <fieldset className="grades">
          <legend className="zc-hidden">{t('decide')}</legend>
          {GRADES.map((grade) => (
            <label key={grade} data-meaning={GRADE_MEANING[grade]} data-on={draft.grade === grade || undefined}>
              <input
                type="radio"
                className="zc-hidden"
                name="grade"
                checked={draft.grade === grade}
                onChange={() => setDraft({ ...draft, grade })}
              />
              <b>{grade}</b>
              <span>{t(`decide.${grade}`)}</span>
              {draft.grade === grade && <Check className="zc-icon" size={15} aria-label={g(grade)} />}
            </label>
          ))}
        </fieldset>
        <label className="field">
          <span>{t('reason')}</span>
          <textarea
            className="zc-input"
            rows={2}
            maxLength={500}
            placeholder={t('reason.hint')}
            value={draft.reason}
            onChange={(e) => setDraft({ ...draft, reason: e.target.value })}
          />
        </label>
        <div className="quick">
          {QUICK.map((one) => (
            <button
              key={one}
              type="button"
              className="zc-chip"
              onClick={() => setDraft({ ...draft, reason: t(`quick.${one}`) })}
            >
              {t(`quick.${one}`)}
            </button>
          ))}
        </div>
        {decide.error && (
          <p className="checkin-error" role="alert">
            {joinSentences([decide.error.title, decide.error.action])}
          </p>
        )}
        <div className="do">
          <small>{t('note')}</small>
          <button type="submit" className="zc-btn primary" disabled={!ready || decide.isPending}>
            {draft.grade ? t('submit', { grade: draft.grade }) : t('pick')}
          </button>
        </div>
      </form>
    </Section>
  )
}

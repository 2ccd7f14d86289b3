import { QRCode } from 'antd'
import { ChevronDown, Copy, Link as LinkIcon, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { call, type Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useReasons } from '../../common/grade'
import { gradeWords } from '../../common/grade.words'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Section } from '../../common/PageHeader'
import { SlaClock, slaView } from '../../common/Sla'
import { type Meaning, StateTag, Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import { Choices } from '../parts/Pick'
import { Field, Sheet, Trouble } from '../parts/Sheet'
import { type Order, useRefresh } from './order'
import { words } from './words'

type Visit = Reply<'GET /api/orders/:id/visits'>['visits'][number]
type CheckIn = Reply<'GET /api/visits/:id'>['checkIns'][number]
const GRADE: Record<'A' | 'B' | 'C' | 'D', Meaning> = { A: 'green', B: 'teal', C: 'amber', D: 'red' }
/** Nobody will come on these any more: they stay as history, without a link for the customer. */
const OVER = ['declined', 'cancelled', 'reassigned', 'missed', 'aborted']

/** Who goes there, when, and how it went. */
export function Visits({ order }: { order: Order }) {
  const t = useWords(words)
  const mayRead = useAbility('visit.read')
  const mayDispatch = useAbility('dispatch.assign')
  const visits = useCall(
    'GET /api/orders/:id/visits',
    { params: { id: order.id } },
    { enabled: mayRead, watch: [{ aggregate: 'order', id: order.id }, 'visit', 'offer', 'sla'] },
  )
  if (!mayRead) return null
  const rows = visits.data?.visits ?? []
  return (
    <Section title={t('visits')} count={rows.length || undefined}>
      {visits.isError && !visits.data ? (
        <ErrorState error={visits.error} onRetry={() => void visits.refetch()} />
      ) : !visits.data ? (
        <Loading lines={2} />
      ) : rows.length === 0 ? (
        <p>
          {t('visits.none')}{' '}
          {mayDispatch && order.state === 'unassigned' && (
            <PlaceLink to={`/dispatch?order=${order.id}`}>{t('visits.noneDo')}</PlaceLink>
          )}
        </p>
      ) : (
        rows.map((v) => <VisitItem key={v.id} visit={v} order={order} asOf={visits.dataUpdatedAt} />)
      )}
    </Section>
  )
}

function VisitItem({ visit: v, order, asOf }: { visit: Visit; order: Order; asOf: number }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat(order.siteZone ?? undefined)
  const g = useWords(gradeWords)
  const mayLink = useAbility('link.issue')
  const [open, setOpen] = useState<'grade' | 'link' | null>(null)
  const toggle = (what: 'grade' | 'link') => setOpen(open === what ? null : what)
  const own = v.sla.filter((c) => c.visitId === v.id && c.open)
  const steps = (
    [
      ['step.taken', v.takenAt],
      ['step.departed', v.departedAt],
      ['step.arrived', v.arrivedAt],
      ['step.started', v.startedAt],
      ['step.finished', v.finishedAt],
    ] as const
  ).filter(([, at]) => at)
  return (
    <div className="order-visit">
      <div className="top">
        {v.engineer ? (
          <PersonChip
            id={v.engineer.id}
            name={v.engineer.name}
            note={order.crew > 1 ? o(`role.${v.role}`) : undefined}
          />
        ) : (
          <span className="order-none">{t('nobody')}</span>
        )}
        <StateTag kind="visit" state={v.state} />
        {v.mode !== 'onsite' && <Tag meaning="grey">{o(`mode.${v.mode}`)}</Tag>}
        {v.result && (
          <Tag meaning={v.result === 'done' ? 'green' : v.result === 'partial' ? 'amber' : 'red'}>
            {o(`result.${v.result}`)}
          </Tag>
        )}
        {own.map((c) => (
          <SlaClock key={c.clock} sla={slaView(c, asOf)} name={o(`clock.${c.clock}`)} />
        ))}
        <span className="spacer" />
        {v.grade && (
          <button
            type="button"
            className="zc-btn quiet"
            aria-expanded={open === 'grade'}
            title={t('grade.why', { grade: v.grade })}
            onClick={() => toggle('grade')}
          >
            <Tag meaning={GRADE[v.grade]} icon={ShieldCheck}>
              {`${t('grade.of', { grade: v.grade })} · ${v.reviewOpen ? t('grade.review') : g(v.grade)}`}
            </Tag>
            <ChevronDown className="zc-icon" size={14} aria-hidden />
          </button>
        )}
        {mayLink && !OVER.includes(v.state) && (
          <button type="button" className="zc-btn quiet" aria-expanded={open === 'link'} onClick={() => toggle('link')}>
            <LinkIcon className="zc-icon" size={15} aria-hidden /> {t('link.title')}
          </button>
        )}
      </div>
      <div className="zc-kv">
        <span>
          {v.appointment
            ? t('visit.agreed', {
                range: v.appointment.end
                  ? f.range(v.appointment.start, v.appointment.end)
                  : f.when(v.appointment.start),
              })
            : t('visit.planned', { range: f.range(v.planned.start, v.planned.end) })}
        </span>
        {!!v.travelMin && <span>{t('visit.travel', { time: f.duration(v.travelMin) })}</span>}
      </div>
      {steps.length > 0 && (
        <ol className="order-steps" aria-label={t('visit.steps')}>
          {steps.map(([key, at]) => (
            <li key={key}>
              {t(key)} <time dateTime={at as string}>{f.time(at as string)}</time>
            </li>
          ))}
        </ol>
      )}
      {v.remaining && <p>{t('remainingBar', { text: v.remaining })}</p>}
      {open === 'grade' && <GradeReasons visitId={v.id} />}
      {open === 'link' && <LinkPanel visitId={v.id} />}
    </div>
  )
}

/** The reasons of a grade in words; those who may review it do so here. */
function Reasons({ checkIn }: { checkIn: CheckIn }) {
  const lines = useReasons()(checkIn)
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  )
}

function GradeReasons({ visitId }: { visitId: string }) {
  const t = useWords(words)
  const f = useFormat()
  const [reviewing, setReviewing] = useState<CheckIn | null>(null)
  const visit = useCall(
    'GET /api/visits/:id',
    { params: { id: visitId } },
    { watch: [{ aggregate: 'visit', id: visitId }] },
  )
  if (visit.isError) return <Trouble error={visit.error} />
  if (!visit.data) return <Loading lines={3} />
  return (
    <div className="order-grade">
      {visit.data.checkIns.map((c) => (
        <div key={c.id}>
          <b>{c.grade ? t('grade.of', { grade: c.grade }) : t('grade.none')}</b> <small>{f.when(c.at)}</small>
          <Reasons checkIn={c} />
          {c.appealedAt && <small>{t('grade.appealed')}</small>}
          {c.reviewedAt ? (
            <small>{t('grade.reviewed')}</small>
          ) : (
            visit.data.can.review && (
              <button type="button" className="zc-btn" onClick={() => setReviewing(c)}>
                {t('review.do')}
              </button>
            )
          )}
        </div>
      ))}
      {reviewing && <Review visitId={visitId} checkIn={reviewing} onClose={() => setReviewing(null)} />}
    </div>
  )
}

function Review({ visitId, checkIn, onClose }: { visitId: string; checkIn: CheckIn; onClose: () => void }) {
  const t = useWords(words)
  const g = useWords(gradeWords)
  const refresh = useRefresh()
  const [grade, setGrade] = useState<'A' | 'B' | 'C' | 'D'>(checkIn.grade ?? 'B')
  const [reason, setReason] = useState('')
  return (
    <Sheet
      title={t('review.do')}
      lead={t('review.lead')}
      submit={t('review.do')}
      disabled={!reason.trim()}
      onClose={onClose}
      onSubmit={async () => {
        await call('POST /api/visits/:id/review', {
          params: { id: visitId },
          body: { checkInId: checkIn.id, grade, reason },
        })
        refresh()
        toast(t('review.done'))
        onClose()
      }}
    >
      <Reasons checkIn={checkIn} />
      <Choices
        label={t('review.to')}
        name="grade"
        value={grade}
        onChange={setGrade}
        options={(['A', 'B', 'C', 'D'] as const).map((value) => ({ value, label: `${value} ${g(value)}` }))}
      />
      <Field label={t('reason')} path="reason">
        {(c) => (
          <textarea
            {...c}
            className="zc-input"
            maxLength={500}
            value={reason}
            onChange={(e) => setReason(e.target.value)}
          />
        )}
      </Field>
    </Sheet>
  )
}

/** The customer's one link of this visit: to copy, to send, to show as a code that is drawn here and leaves no trace elsewhere. */
function LinkPanel({ visitId }: { visitId: string }) {
  const t = useWords(words)
  const f = useFormat()
  const [channel, setChannel] = useState<'contact' | 'shown'>('contact')
  const [made, setMade] = useState<Reply<'POST /api/visits/:id/link'> | null>(null)
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const copy = async (text: string) => {
    await navigator.clipboard.writeText(text)
    toast(t('done.copy'))
  }
  const message = (m: NonNullable<typeof made>) =>
    t('link.message', {
      company: String(m.message.params.company ?? ''),
      title: String(m.message.params.title ?? ''),
      order: String(m.message.params.order ?? ''),
      url: m.url,
    })
  return (
    <div className="order-panel">
      <p>{t('link.text')}</p>
      <div style={{ margin: '8px 0' }}>
        <Choices
          label={t('link.title')}
          name="channel"
          value={channel}
          onChange={(next) => {
            setChannel(next)
            setMade(null)
            setProblem(null)
          }}
          options={[
            { value: 'contact', label: t('link.contact') },
            { value: 'shown', label: t('link.shown') },
          ]}
        />
      </div>
      <small>{t(channel === 'contact' ? 'link.contact.why' : 'link.shown.why')}</small>
      {problem !== null && <Trouble error={problem} />}
      {made ? (
        <div className="order-link">
          <div>
            {made.contact && channel === 'contact' && (
              <div>{t('link.to', { name: made.contact.name, phone: made.contact.phone ?? '' })}</div>
            )}
            <div className="url">{made.url}</div>
            <small>{t('link.expires', { when: f.when(made.expiresAt) })}</small>
            <div className="row">
              <button type="button" className="zc-btn" onClick={() => void copy(made.url)}>
                <Copy className="zc-icon" size={14} aria-hidden /> {t('link.copy')}
              </button>
              <button type="button" className="zc-btn" onClick={() => void copy(message(made))}>
                <Copy className="zc-icon" size={14} aria-hidden /> {t('link.copyText')}
              </button>
            </div>
          </div>
          <div role="img" aria-label={t('link.qr')}>
            <QRCode value={made.url} size={120} type="svg" bordered={false} color="#000" bgColor="#fff" />
          </div>
        </div>
      ) : (
        <p style={{ marginTop: 8 }}>
          <button
            type="button"
            className="zc-btn primary"
            disabled={busy}
            onClick={async () => {
              setBusy(true)
              setProblem(null)
              try {
                setMade(await call('POST /api/visits/:id/link', { params: { id: visitId }, body: { channel } }))
              } catch (error) {
                setProblem(error)
              } finally {
                setBusy(false)
              }
            }}
          >
            {t('link.make')}
          </button>
        </p>
      )}
    </div>
  )
}

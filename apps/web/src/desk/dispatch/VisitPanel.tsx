import { Link } from '@tanstack/react-router'
import { Ban, CalendarClock, CornerUpLeft, Lock, MoveHorizontal, Repeat, Send, X } from 'lucide-react'
import { useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { useCall, useCommand } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Facts } from '../../common/PageHeader'
import { type StateOf, StateTag, Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { type Bar, type Board, dateIn, ended } from './board'
import { Panel, TimePicker } from './Candidates'
import { useFindings } from './findings'
import { Log } from './Log'
import { FindingLine, type Intent } from './Placement'
import { words } from './words'

/** One visit of the board: what is planned, what is wrong with it, and what may be done about it. */
export function VisitPanel({
  board,
  bar,
  zone,
  onPlace,
  onReassign,
  onClose,
}: {
  board: Board
  bar: Bar
  zone: string
  onPlace: (intent: Intent) => void
  onReassign: () => void
  onClose: () => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { conflict } = useFindings(zone)
  const fail = {
    onError: (error: { title: string; action?: string }) => toast(joinSentences([error.title, error.action])),
  }
  const recall = useCommand('POST /api/visits/:id/recall', fail)
  const cancel = useCommand('POST /api/visits/:id/cancel', fail)
  const offer = useCommand('POST /api/visits/:id/offer', fail)
  const [asking, setAsking] = useState<'recall' | 'cancel' | null>(null)
  const [moveTo, setMoveTo] = useState<string | null>(null)
  const person = board.rows.find((r) => r.engineer.id === bar.engineerId)?.engineer ?? null
  const conflicts = board.conflicts.filter((c) => c.visitId === bar.visitId)
  const name = person?.name ?? t('row.open')
  const shut = (
    <button type="button" className="zc-btn quiet icon" aria-label={t('close')} onClick={onClose}>
      <X className="zc-icon" size={18} />
    </button>
  )
  return (
    <Panel title={bar.customerName} shut={shut}>
      <div className="order">
        <span className="line">
          <StateTag kind="visit" state={bar.state as StateOf<'visit'>} />
          {bar.late && !ended(bar.state) && <Tag meaning="red">{t('late')}</Tag>}
          {bar.madeBy !== 'person' && <Tag meaning="violet">{t(`madeBy.${bar.madeBy}`)}</Tag>}
          <Link to={`/orders/${bar.orderId}` as string} className="number">
            {bar.orderNumber ?? t('order.open')}
          </Link>
        </span>
        <span>{bar.title}</span>
        {person ? (
          <PersonChip id={person.id} name={person.name} note={t(bar.role === 'lead' ? 'visit.lead' : 'visit.member')} />
        ) : (
          <span>{t('row.open')}</span>
        )}
      </div>
      {conflicts.length > 0 && (
        <ul className="findings boxed">
          {conflicts.map((c) => (
            <FindingLine key={c.code} severity="warn">
              {conflict(c)}
            </FindingLine>
          ))}
        </ul>
      )}
      <Facts
        rows={[
          [t('visit.when'), f.range(bar.start, bar.end)],
          ...(bar.promise
            ? [[t('visit.promise'), f.range(bar.promise.start, bar.promise.end)] as [string, string]]
            : []),
          ...(bar.appointment ? [[t('visit.appointment'), f.when(bar.appointment.start)] as [string, string]] : []),
          ...(bar.travelMin && bar.mode !== 'remote'
            ? [
                [
                  t('visit.travel'),
                  [f.duration(bar.travelMin), bar.travelM === null ? null : f.distance(bar.travelM)]
                    .filter(Boolean)
                    .join(' · '),
                ] as [string, string],
              ]
            : []),
          ...(bar.offer
            ? [
                [
                  t('visit.offer'),
                  t(bar.offer.opened ? 'visit.offer.opened' : 'visit.offer.unopened', { when: f.when(bar.offer.at) }),
                ] as [string, string],
              ]
            : []),
        ]}
      />
      {bar.offer?.expiresAt && <p className="note">{t('visit.expires', { when: f.when(bar.offer.expiresAt) })}</p>}
      {bar.locked && bar.can.move && (
        <p className="note">
          <Lock className="zc-icon" size={13} aria-hidden /> {t('visit.locked')}
        </p>
      )}
      <div className="buttons">
        {bar.can.reassign && person && (
          <button type="button" className="zc-btn" onClick={onReassign}>
            <Repeat className="zc-icon" size={15} aria-hidden />
            {t('visit.reassign')}
          </button>
        )}
        {bar.can.move && person && (
          <button
            type="button"
            className="zc-btn"
            aria-expanded={moveTo !== null}
            onClick={() => setMoveTo(moveTo === null ? bar.start : null)}
          >
            <MoveHorizontal className="zc-icon" size={15} aria-hidden />
            {t('visit.move')}
          </button>
        )}
        {bar.can.offer && (
          <button
            type="button"
            className="zc-btn"
            disabled={offer.isPending}
            onClick={() =>
              offer.mutate(
                { params: { id: bar.visitId }, body: {}, baseRev: bar.rev },
                { onSuccess: () => toast(t('done.offered', { name })) },
              )
            }
          >
            <Send className="zc-icon" size={15} aria-hidden />
            {t('visit.offerAgain')}
          </button>
        )}
        {bar.can.recall && (
          <button
            type="button"
            className="zc-btn"
            disabled={recall.isPending}
            aria-expanded={asking === 'recall'}
            onClick={() => setAsking(asking === 'recall' ? null : 'recall')}
          >
            <CornerUpLeft className="zc-icon" size={15} aria-hidden />
            {t('visit.recall')}
          </button>
        )}
        {bar.can.cancel && (
          <button
            type="button"
            className="zc-btn danger"
            disabled={cancel.isPending}
            aria-expanded={asking === 'cancel'}
            onClick={() => setAsking(asking === 'cancel' ? null : 'cancel')}
          >
            <Ban className="zc-icon" size={15} aria-hidden />
            {t('visit.cancel')}
          </button>
        )}
      </div>
      {asking && (
        <Reason
          key={asking}
          danger={asking === 'cancel'}
          note={t(`visit.${asking}.text`, { customer: bar.customerName, name })}
          confirm={t(`visit.${asking}`)}
          onGive={(reason) => {
            const input = { params: { id: bar.visitId }, body: { reason }, baseRev: bar.rev }
            if (asking === 'recall') recall.mutate(input, { onSuccess: () => toast(t('done.recalled', { name })) })
            else cancel.mutate(input, { onSuccess: () => toast(t('done.cancelled', { customer: bar.customerName })) })
            setAsking(null)
          }}
        />
      )}
      {moveTo !== null && person && (
        <form
          className="when"
          onSubmit={(e) => {
            e.preventDefault()
            onPlace({ kind: 'move', bar, person, from: person, start: moveTo })
            setMoveTo(null)
          }}
        >
          <TimePicker zone={zone} value={moveTo} onChange={setMoveTo} />
          <button type="submit" className="zc-btn primary" disabled={Date.parse(moveTo) === Date.parse(bar.start)}>
            {t('visit.move')}
          </button>
        </form>
      )}
      <h3>{t('visit.log')}</h3>
      <Log zone={zone} orderId={bar.orderId} />
    </Panel>
  )
}

/** What follows from it, and the reason that stays in the log. */
function Reason({
  note,
  confirm,
  danger,
  onGive,
}: {
  note: string
  confirm: string
  danger: boolean
  onGive: (reason: string) => void
}) {
  const t = useWords(words)
  const [reason, setReason] = useState('')
  return (
    <form
      className="reason"
      onSubmit={(e) => {
        e.preventDefault()
        if (reason.trim()) onGive(reason.trim())
      }}
    >
      <p>{note}</p>
      <input
        className="zc-input"
        aria-label={t('place.reason')}
        placeholder={t('place.reasonHint')}
        maxLength={500}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked for this one field.
        autoFocus
        value={reason}
        onChange={(e) => setReason(e.target.value)}
      />
      <button type="submit" className={`zc-btn ${danger ? 'danger' : 'primary'}`} disabled={!reason.trim()}>
        {confirm}
      </button>
    </form>
  )
}

/** A visit that the address names and this day does not hold: says where it is. */
export function VisitElsewhere({
  visitId,
  zone,
  onDate,
  onClose,
}: {
  visitId: string
  zone: string
  onDate: (date: string) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const visit = useCall('GET /api/visits/:id', { params: { id: visitId } })
  const shut = (
    <button type="button" className="zc-btn quiet icon" aria-label={t('close')} onClick={onClose}>
      <X className="zc-icon" size={18} />
    </button>
  )
  const v = visit.data
  const date = v && dateIn(zone, v.planned.start)
  return (
    <Panel title={v?.customer.name ?? t('title')} shut={shut}>
      {visit.error ? (
        <ErrorState error={visit.error} onRetry={() => void visit.refetch()} />
      ) : !v || !date ? (
        <Loading lines={4} />
      ) : (
        <Empty
          icon={CalendarClock}
          title={t('visit.gone.title')}
          action={
            ended(v.state) && v.state !== 'finished' ? undefined : (
              <button type="button" className="zc-btn" onClick={() => onDate(date)}>
                {t('visit.gone.action', { date: f.date(v.planned.start) })}
              </button>
            )
          }
        >
          {ended(v.state) && v.state !== 'finished'
            ? t('visit.ended.text')
            : t('visit.gone.text', { date: f.date(v.planned.start) })}
        </Empty>
      )}
    </Panel>
  )
}

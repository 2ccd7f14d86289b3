import { Link } from '@tanstack/react-router'
import { CircleHelp, ExternalLink, X } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useState } from 'react'
import { Avatar, PersonChip } from '../../common/Avatar'
import type { Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Popover } from '../../common/Popover'
import { type StateOf, Tag, useStateName } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { type Bar, type Board, dateIn, ended, instantIn, nextStep } from './board'
import { useFindings } from './findings'
import { FindingLine, type Intent } from './Placement'
import { words } from './words'

export type CandidatesReply = Reply<'GET /api/orders/:id/candidates'>
type Candidate = CandidatesReply['ranked'][number]
type Blocked = CandidatesReply['left'][number]

/** The candidates of an order: watched by the panel and by the hints on the timeline, asked once. */
export function useCandidates(orderId: string | null, start: string | null, teamIds: string[]) {
  return useCall(
    'GET /api/orders/:id/candidates',
    {
      params: { id: orderId ?? '' },
      query: { ...(start ? { start } : {}), ...(teamIds.length ? { teamIds } : {}) },
    },
    {
      enabled: orderId !== null,
      watch: ['visit', 'absence', 'engineer', 'order'],
      placeholderData: (before, query) =>
        // Another time for the same order keeps the list in sight; another order starts afresh.
        (query?.queryKey[1] as { params?: { id?: string } } | undefined)?.params?.id === orderId ? before : undefined,
    },
  )
}

const SHARES = ['skills', 'load', 'travel', 'window', 'shift', 'familiarity'] as const
// What every candidate has is no reason to prefer one.
const PLAIN = ['load', 'travel_from_home', 'travel_from_stop', 'on_time', 'in_shift', 'no_leave']

function Cost({ candidate }: { candidate: Candidate }) {
  const t = useWords(words)
  const f = useFormat()
  return (
    <Popover
      right
      trigger={
        <>
          {t('candidates.cost', { n: f.number(Math.round(candidate.cost)) })}
          <CircleHelp className="zc-icon" size={12} aria-hidden />
        </>
      }
      label={t('candidates.costWhy')}
      triggerClass="why"
    >
      <div className="shares">
        <p>{t('candidates.costText')}</p>
        <dl>
          {SHARES.filter((s) => candidate.shares[s] !== undefined).map((s) => (
            <div key={s}>
              <dt>{t(`share.${s}`)}</dt>
              <dd>{f.number(candidate.shares[s] ?? 0, 1)}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Popover>
  )
}

/** Date and time in the company's zone; empty or half typed is no time. */
export function TimePicker({
  zone,
  value,
  onChange,
}: {
  zone: string
  value: string
  onChange: (start: string) => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const put = (date: string, time: string) => {
    if (/^\d{4}-\d{2}-\d{2}$/.test(date) && /^\d{2}:\d{2}$/.test(time)) onChange(instantIn(zone, date, time))
  }
  const [date, time] = [dateIn(zone, value), f.time(value)]
  return (
    <span className="timepicker">
      <input
        type="date"
        className="zc-input"
        aria-label={t('candidates.date')}
        value={date}
        onChange={(e) => put(e.target.value, time)}
      />
      <input
        type="time"
        step={300}
        className="zc-input"
        aria-label={t('candidates.time')}
        value={time}
        onChange={(e) => put(date, e.target.value)}
      />
    </span>
  )
}

/** Who could do it: rank, what it costs, why, and what stands in the way of the others. */
export function Candidates({
  board,
  zone,
  orderId,
  moving,
  start,
  setStart,
  answer,
  onPlace,
  onHover,
  hovered,
  onVisit,
  onClose,
}: {
  board: Board
  zone: string
  orderId: string
  /** Reassigning this visit instead of assigning the order. */
  moving: Bar | null
  /** Judge all at this time; null: each at his own earliest. */
  start: string | null
  setStart: (start: string | null) => void
  answer: ReturnType<typeof useCandidates>
  onPlace: (intent: Intent) => void
  onHover: (engineerId: string | null) => void
  hovered: string | null
  onVisit: (visitId: string) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const stateName = useStateName()
  const { finding } = useFindings(zone)
  const [crew, setCrew] = useState<{ id: string; name: string }[]>([])
  const [further, setFurther] = useState(false)
  useEffect(() => {
    setCrew([])
    setFurther(false)
  }, [orderId])
  const data = answer.data
  const order = data?.order
  const holders = useMemo(
    () => board.bars.filter((b) => b.orderId === orderId && !ended(b.state)),
    [board.bars, orderId],
  )
  const card = board.unassigned.find((c) => c.orderId === orderId)
  const today = dateIn(zone, Date.now())

  const shut = (
    <button type="button" className="zc-btn quiet icon" aria-label={t('close')} onClick={onClose}>
      <X className="zc-icon" size={18} />
    </button>
  )
  if (answer.error)
    return (
      <Panel title={t('candidates')} shut={shut}>
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      </Panel>
    )
  if (!data || !order)
    return (
      <Panel title={t('candidates')} shut={shut}>
        <Loading shape="cards" lines={6} />
      </Panel>
    )

  const open = order.state === 'unassigned'
  const running = ['assigned', 'in_progress'].includes(order.state)
  const assignable = moving !== null || open || (running && further)
  const wanted = moving ? 1 : Math.max(1, order.crew - (card?.crewHave ?? 0))
  const ranked = data.ranked.filter((c) => c.engineer.id !== moving?.engineerId)
  const left = data.left.filter((c) => c.engineer.id !== moving?.engineerId)

  const intent = (people: { id: string; name: string }[], at: string): Intent =>
    moving
      ? {
          kind: 'move',
          bar: moving,
          person: people[0] as { id: string; name: string },
          from: {
            id: moving.engineerId ?? '',
            name: board.rows.find((r) => r.engineer.id === moving.engineerId)?.engineer.name ?? '—',
          },
          start: at,
        }
      : {
          kind: 'assign',
          orderId,
          customer: order.customerName,
          people,
          start: at,
          durationMin: order.durationMin,
          additional: running || (card?.crewHave ?? 0) > 0,
          joins: (card?.crewHave ?? 0) > 0,
        }
  const startOf = (p: { id: string }) =>
    start ?? ranked.find((c) => c.engineer.id === p.id)?.start ?? nextStep(Date.now())
  /** Somebody whom only a reason lets through is tried when the customer was promised, or as soon as can be. */
  const wished = start ?? nextStep(Math.max(Date.now(), order.promise ? Date.parse(order.promise.start) : 0))

  const candidate = (c: Candidate): ReactNode => {
    const chosen = crew.findIndex((p) => p.id === c.engineer.id)
    const otherDay = dateIn(zone, c.start) !== today
    return (
      <li
        key={c.engineer.id}
        className={`candidate${hovered === c.engineer.id ? ' hovered' : ''}`}
        onPointerEnter={() => onHover(c.engineer.id)}
        onPointerLeave={() => onHover(null)}
      >
        <span className="rank">{c.rank}</span>
        <div className="who">
          <span className="name">
            <Avatar id={c.engineer.id} name={c.engineer.name} size={24} />
            <b className="zc-clip">{c.engineer.name}</b>
            <small className="zc-clip">{c.engineer.teamName}</small>
          </span>
          <span className="price">
            <span>
              {order.mode === 'onsite'
                ? t('candidates.arrive', { when: f.when(c.start) })
                : t('candidates.start', { when: f.when(c.start) })}
            </span>
            {order.mode !== 'remote' && c.travelMin > 0 && (
              <span>
                {c.travel ? t('candidates.travel', { time: f.duration(c.travelMin) }) : t('candidates.noTravel')}
              </span>
            )}
            {c.load.dayPercentWith !== null && (
              <span className={c.load.dayPercentWith > 100 ? 'over' : undefined}>
                {t(otherDay ? 'candidates.dayLoad' : 'candidates.load', {
                  share: f.percent(c.load.dayPercentWith / 100),
                })}
              </span>
            )}
          </span>
          <ul className="findings">
            {c.findings.map((one) => (
              <FindingLine key={`${one.code}${JSON.stringify(one.params)}`} severity={one.severity}>
                {finding(one)}
              </FindingLine>
            ))}
            {c.reasons
              .filter((r) => r.code === 'on_time' || !PLAIN.includes(r.code))
              .map((r) => (
                <FindingLine key={`${r.code}${JSON.stringify(r.params)}`} severity="ok">
                  {finding(r)}
                </FindingLine>
              ))}
          </ul>
        </div>
        <div className="do">
          {assignable &&
            (wanted > 1 ? (
              <label className={`zc-chip${chosen >= 0 ? ' on' : ''}`}>
                <input
                  type="checkbox"
                  className="zc-hidden"
                  aria-label={t('candidates.choose', { name: c.engineer.name })}
                  checked={chosen >= 0}
                  disabled={chosen < 0 && crew.length >= wanted}
                  onChange={() =>
                    setCrew(chosen >= 0 ? crew.filter((p) => p.id !== c.engineer.id) : [...crew, c.engineer])
                  }
                />
                {chosen === 0 && (card?.crewHave ?? 0) === 0 ? t('candidates.lead') : t('candidates.pick')}
              </label>
            ) : (
              <button
                type="button"
                className={`zc-btn${c.rank === 1 ? ' primary' : ''}`}
                aria-label={
                  moving ? t('place.reassign', { name: c.engineer.name }) : t('assign.to', { name: c.engineer.name })
                }
                onClick={() => onPlace(intent([c.engineer], c.start))}
                onFocus={() => onHover(c.engineer.id)}
              >
                {moving ? t('visit.reassign') : t('assign')}
              </button>
            ))}
          <Cost candidate={c} />
        </div>
      </li>
    )
  }

  const blocked = (b: Blocked): ReactNode => (
    <li key={b.engineer.id} className="candidate blocked">
      <div className="who">
        <PersonChip id={b.engineer.id} name={b.engineer.name} note={b.engineer.teamName ?? undefined} />
        <ul className="findings">
          {b.findings.map((one) => (
            <FindingLine key={`${one.code}${JSON.stringify(one.params)}`} severity={one.severity}>
              {finding(one)}
            </FindingLine>
          ))}
        </ul>
        {assignable && board.can.override && b.findings.every((one) => one.severity !== 'refuse') && (
          <button
            type="button"
            className="zc-btn quiet"
            onClick={() => onPlace(intent([b.engineer], moving ? (start ?? moving.start) : wished))}
          >
            {t('assign.override')}
          </button>
        )}
      </div>
    </li>
  )

  return (
    <Panel title={t(moving ? 'candidates.reassign' : 'candidates')} shut={shut}>
      <div className="order">
        <span className="line">
          <b className="zc-clip">{order.customerName}</b>
          <Link
            to={`/orders/${orderId}` as string}
            className="number"
            aria-label={`${t('order.open')} ${order.number ?? ''}`}
          >
            {order.number}
            <ExternalLink className="zc-icon" size={12} aria-hidden />
          </Link>
        </span>
        <span>{order.title}</span>
        <span className="facts">
          {order.promise && <span>{f.range(order.promise.start, order.promise.end)}</span>}
          <span>{t('order.duration', { time: f.duration(order.durationMin) })}</span>
          <span>{t(`mode.${order.mode}`)}</span>
        </span>
        {order.skills.length > 0 && (
          <span className="skills">
            {order.skills.map((s) => (
              <span key={s.code} className="skill">
                {t('skill.level', { skill: s.name, level: s.level })}
              </span>
            ))}
          </span>
        )}
      </div>
      {!moving && order.state === 'new' && (
        <div className="notice">
          <p>{t('order.new')}</p>
          <Link className="zc-btn primary" to={`/orders/${orderId}` as string}>
            {t('order.toTriage')}
          </Link>
        </div>
      )}
      {!moving && running && !further && (
        <div className="notice">
          <p>
            {t('order.held', {
              names:
                joinList(
                  holders.map(
                    (b) => board.rows.find((r) => r.engineer.id === b.engineerId)?.engineer.name ?? t('row.open'),
                  ),
                ) || stateName('order', order.state as StateOf<'order'>),
            })}
          </p>
          <div className="buttons">
            {holders[0] && (
              <button type="button" className="zc-btn" onClick={() => onVisit(holders[0]?.visitId ?? '')}>
                {t('order.show')}
              </button>
            )}
            <button type="button" className="zc-btn" onClick={() => setFurther(true)}>
              {t('assign.more')}
            </button>
          </div>
        </div>
      )}
      {!moving && !open && !running && order.state !== 'new' && (
        <div className="notice">
          <p>{t('order.closed', { state: stateName('order', order.state as StateOf<'order'>) })}</p>
        </div>
      )}
      <div className="when">
        <fieldset className="segments" aria-label={t('candidates.when')}>
          <button type="button" aria-pressed={start === null} onClick={() => setStart(null)}>
            {t('candidates.earliest')}
          </button>
          <button type="button" aria-pressed={start !== null} onClick={() => setStart(start ?? wished)}>
            {t('candidates.fixed')}
          </button>
        </fieldset>
        {start !== null && <TimePicker zone={zone} value={start} onChange={setStart} />}
      </div>
      {wanted > 1 && assignable && (
        <div className="crew">
          <span>{t('candidates.crew', { n: wanted })}</span>
          {crew.map((p, i) => (
            <Tag key={p.id} meaning="teal">
              {i === 0 && (card?.crewHave ?? 0) === 0 ? `${p.name} · ${t('candidates.lead')}` : p.name}
            </Tag>
          ))}
          <button
            type="button"
            className="zc-btn primary"
            disabled={crew.length === 0}
            onClick={() => onPlace(intent(crew, crew.map(startOf).sort().at(-1) as string))}
          >
            {t('assign.crew', { n: crew.length || wanted })}
          </button>
        </div>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveElementInteractions: arrows move between the buttons inside. */}
      <ol
        className="ranked"
        aria-label={t('candidates')}
        aria-busy={answer.isFetching}
        onKeyDown={(e) => {
          const step = e.key === 'ArrowDown' || e.key === 'j' ? 1 : e.key === 'ArrowUp' || e.key === 'k' ? -1 : 0
          if (!step) return
          const all = [...e.currentTarget.querySelectorAll<HTMLElement>('.do > .zc-btn, .do input')]
          all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement as HTMLElement) + step))]?.focus()
          e.preventDefault()
        }}
      >
        {ranked.map(candidate)}
      </ol>
      {data.rankedTotal > data.ranked.length && (
        <p className="note">
          {t('candidates.more', { n: data.rankedTotal - data.ranked.length, shown: data.ranked.length })}
        </p>
      )}
      {ranked.length === 0 && <Empty title={t('candidates.none.title')}>{t('candidates.none.text')}</Empty>}
      {left.length > 0 && (
        <details className="left" open={ranked.length === 0}>
          <summary>{t('candidates.left', { n: left.length })}</summary>
          <ul>{left.map(blocked)}</ul>
        </details>
      )}
    </Panel>
  )
}

/** The column on the right: one thing at a time, with its way out. */
export function Panel({
  title,
  shut,
  lead,
  children,
}: {
  title: string
  shut: ReactNode
  lead?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="panel" aria-label={title}>
      <header>
        {lead}
        <h2>{title}</h2>
        {shut}
      </header>
      <div className="body">{children}</div>
    </section>
  )
}

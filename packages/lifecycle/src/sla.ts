// SLA clocks are computed from what happened, never counted down in a row: a late event or a corrected calendar
// corrects them by itself. Its own entry file, so that a phone that only folds loads no calendar.

import { addWorkingMinutes, isProvisional, type WorkCalendar, workingMinutes } from '#calendar'
import type { HoldCause, Instant, SlaTargets } from './events'
import type { Hold, OrderState, VisitState } from './fold'

/** Minutes of a calendar. ALWAYS is 24×7; a site's hours come from #calendar through `minutesOf`. */
export interface Minutes {
  between(from: Instant, to: Instant): number
  after(from: Instant, minutes: number): Instant
  /** The span touches a year whose holidays are not published yet. */
  provisional(from: Instant, to: Instant): boolean
}

export const ALWAYS: Minutes = {
  between: (from, to) => Math.max(0, (to - from) / 60_000),
  after: (from, minutes) => from + minutes * 60_000,
  provisional: () => false,
}

/** A working calendar as minutes for the clocks. */
export const minutesOf = (calendar: WorkCalendar): Minutes => ({
  between: (from, to) => Math.max(0, workingMinutes(calendar, from, to)),
  after: (from, minutes) => addWorkingMinutes(calendar, from, minutes),
  provisional: (from, to) => isProvisional(calendar, from, to),
})

export type ClockName = 'response' | 'takeup' | 'arrival' | 'resolve'
export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled'

export interface ClockInput {
  startAt: Instant
  targetMin: number
  stopAt?: Instant | null
  /** Ended without an answer. A forgiven end (the order was cancelled) counts nothing, not even a breach before it. */
  cancel?: { at: Instant; forgive: boolean } | null
  pauses?: readonly { from: Instant; to: Instant | null }[]
  minutes: Minutes
  now: Instant
}

export interface ClockReading {
  state: ClockState
  startAt: Instant
  stopAt: Instant | null
  /** Still counting: a breach keeps counting until it stops. */
  open: boolean
  elapsedMin: number
  targetMin: number
  /** Extended by every pause; while paused, as if it went on now. */
  dueAt: Instant
  /** Elapsed ÷ target, 1 at the due time. */
  ratio: number
  warnings: readonly { percent: 50 | 75 | 90; at: Instant; reached: boolean }[]
  breachedAt: Instant | null
  provisional: boolean
}

export interface OrderClock extends ClockReading {
  clock: ClockName
  /** The visit that a take-up clock belongs to. */
  visitId: string | null
}

interface Span {
  from: Instant
  to: Instant
}

/** Pauses cut to the clock's own span and merged, so that two holds at once do not pause twice. */
function merged(pauses: NonNullable<ClockInput['pauses']>, start: Instant, end: Instant): Span[] {
  const cut = pauses
    .map((p) => ({ from: Math.max(p.from, start), to: Math.min(p.to ?? end, end) }))
    .filter((p) => p.to > p.from)
    .sort((a, b) => a.from - b.from)
  const result: Span[] = []
  for (const span of cut) {
    const previous = result.at(-1)
    if (previous && span.from <= previous.to) previous.to = Math.max(previous.to, span.to)
    else result.push({ ...span })
  }
  return result
}

/** Minutes of the calendar from start to end without the pauses. */
export function activeMinutes(
  startAt: Instant,
  endAt: Instant,
  pauses: readonly { from: Instant; to: Instant | null }[],
  minutes: Minutes,
): number {
  const paused = merged(pauses, startAt, endAt)
  return paused.reduce(
    (sum, p) => sum - minutes.between(p.from, p.to),
    minutes.between(startAt, Math.max(startAt, endAt)),
  )
}

/** One clock, read at `now`. */
export function readClock(input: ClockInput): ClockReading {
  const { startAt, targetMin, minutes, now, pauses = [], cancel = null } = input
  const stopAt = input.stopAt ?? null
  const ends = [stopAt, cancel?.at].filter((t): t is Instant => typeof t === 'number')
  const endAt = ends.length > 0 ? Math.min(...ends) : null
  // An end recorded after `now` (a reading as of the past) has not happened yet.
  const ended = endAt !== null && endAt <= now
  const until = Math.max(startAt, ended ? endAt : now)
  const gaps = merged(pauses, startAt, until)

  // Walk the active stretches once; `reach` answers when a number of active minutes was or will be reached.
  const stretches: Span[] = []
  let from = startAt
  for (const gap of gaps) {
    stretches.push({ from, to: gap.from })
    from = gap.to
  }
  stretches.push({ from, to: until })
  const elapsed = stretches.reduce((sum, s) => sum + minutes.between(s.from, s.to), 0)
  const reach = (target: number): Instant => {
    let left = target
    for (const s of stretches) {
      const span = minutes.between(s.from, s.to)
      if (left <= span) return minutes.after(s.from, left)
      left -= span
    }
    return minutes.after(until, left)
  }

  const dueAt = reach(targetMin)
  const late = elapsed > targetMin
  const stopped = ended && stopAt === endAt
  const paused = !ended && pauses.some((p) => p.from <= now && (p.to === null || p.to > now))
  const forgiven = ended && !stopped && cancel?.forgive === true
  const state: ClockState = forgiven
    ? 'cancelled'
    : late
      ? 'breached'
      : stopped
        ? 'met'
        : ended
          ? 'cancelled'
          : paused
            ? 'paused'
            : 'running'
  return {
    state,
    startAt,
    stopAt: ended ? endAt : null,
    open: !ended,
    elapsedMin: Math.floor(elapsed),
    targetMin,
    dueAt,
    ratio: targetMin > 0 ? elapsed / targetMin : elapsed > 0 ? Number.POSITIVE_INFINITY : 0,
    warnings: ([50, 75, 90] as const).map((percent) => {
      const share = (targetMin * percent) / 100
      return { percent, at: reach(share), reached: elapsed >= share }
    }),
    breachedAt: late && !forgiven ? dueAt : null,
    provisional: minutes.provisional(startAt, Math.max(dueAt, until)),
  }
}

export interface SlaOptions {
  now: Instant
  /** The site's working hours; used when the snapshot says `site_hours`. */
  siteHours?: Minutes
  /** The company's own table of which holds pause. */
  holdPauses?: Partial<Record<HoldCause, boolean>>
}

const earliest = (times: (Instant | null)[]): Instant | null => {
  const known = times.filter((t): t is Instant => t !== null)
  return known.length > 0 ? Math.min(...known) : null
}

type Cancel = NonNullable<ClockInput['cancel']>
/** The end that came first; a forgiving one wins whenever it comes. */
function sooner(a: Cancel | null, b: Cancel | null): Cancel | null {
  if (!a || !b) return a ?? b
  if (a.forgive !== b.forgive) return a.forgive ? a : b
  return a.at <= b.at ? a : b
}

/** First contact with the customer: a call, a message, an arrival, or the start of a remote session. */
export function firstContactOf(order: OrderState, visits: readonly VisitState[]): Instant | null {
  return earliest([
    order.firstContactAt,
    ...visits.map((v) => v.arrivedAt),
    ...visits.map((v) => (v.mode === 'remote' ? v.startedAt : null)),
  ])
}

/** The holds that stop the clocks, by the company's table where it has one. */
export function slaPauses(order: OrderState, holdPauses: SlaOptions['holdPauses'] = {}): readonly Hold[] {
  return order.holds.filter((hold) => holdPauses[hold.cause] ?? hold.pausesSla)
}

/**
 * The clocks of an order from its folded state and its visits. A clock without a target in the order's snapshot is not
 * there. A draft has no clocks: they start when it becomes new.
 */
export function orderClocks(order: OrderState, visits: readonly VisitState[], options: SlaOptions): OrderClock[] {
  const startAt = order.submittedAt
  const targets = order.sla
  if (startAt === null || !targets) return []
  const minutes = targets.calendar === 'site_hours' ? (options.siteHours ?? ALWAYS) : ALWAYS
  const { now } = options
  const holds = slaPauses(order, options.holdPauses)
  const forgiven = order.mark !== null ? startAt : order.cancelledAt
  const orderCancel =
    forgiven !== null
      ? { at: forgiven, forgive: true }
      : order.cannotCompleteAt !== null
        ? // Impossible through the customer is nobody's breach; through us it stays what it was.
          { at: order.cannotCompleteAt, forgive: order.endResponsibility === 'customer' }
        : null
  const shared = { minutes, now, pauses: holds, cancel: orderCancel }

  const onSite = earliest(visits.map((v) => v.arrivedAt))
  const remoteStart = earliest(visits.map((v) => (v.mode === 'remote' ? v.startedAt : null)))
  const clocks: OrderClock[] = []
  const add = (
    clock: ClockName,
    targetMin: number | null | undefined,
    input: Partial<ClockInput>,
    visitId?: string,
  ) => {
    if (targetMin === null || targetMin === undefined) return
    clocks.push({ clock, visitId: visitId ?? null, ...readClock({ ...shared, startAt, targetMin, ...input }) })
  }

  add('response', targets.responseMin, { stopAt: firstContactOf(order, visits) })
  for (const visit of visits) {
    if (visit.offeredAt === null) continue
    const given = visit.takenAt === null && visit.endedAt !== null ? { at: visit.endedAt, forgive: false } : null
    const cancel = sooner(given, orderCancel)
    add('takeup', targets.takeupMin, { startAt: visit.offeredAt, stopAt: visit.takenAt, cancel }, visit.id)
  }
  // Solved from afar: nobody has to arrive any more.
  const noNeed = onSite === null && remoteStart !== null ? { at: remoteStart, forgive: false } : null
  add('arrival', targets.arrivalMin, { stopAt: onSite, cancel: sooner(noNeed, orderCancel) })
  add('resolve', targets.resolveMin, {
    stopAt: order.awaitingAt,
    // While the customer looked at it, before the no, it was not with us.
    pauses: [...holds, ...order.rejections],
  })
  return clocks
}

export interface SlaPolicy {
  id: string
  /** null: any. */
  contractId: string | null
  priority: string | null
  type: string | null
  targets: Omit<SlaTargets, 'policyId'>
}

/** The most specific policy that fits: contract outweighs priority, priority outweighs order type. */
export function pickTarget(
  policies: readonly SlaPolicy[],
  order: { contractId: string | null; priority: string; type: string },
): SlaTargets | null {
  const fits = policies.filter(
    (p) =>
      (p.contractId === null || p.contractId === order.contractId) &&
      (p.priority === null || p.priority === order.priority) &&
      (p.type === null || p.type === order.type),
  )
  const weight = (p: SlaPolicy) => (p.contractId ? 4 : 0) + (p.priority ? 2 : 0) + (p.type ? 1 : 0)
  // Two equally specific ones are a mistake in the settings; the same one must win every time.
  const best = [...fits].sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? 1 : -1))[0]
  return best ? { ...best.targets, policyId: best.id } : null
}

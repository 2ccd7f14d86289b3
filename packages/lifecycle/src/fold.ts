// State is a fold of an aggregate's events by event time. Late events fold in where they belong, impossible ones are
// kept as conflicts, and nothing throws: a phone that was away for two days must never stop the day of others.

import type {
  Channel,
  EventNamed,
  FollowUpEvent,
  FollowUpPayloads,
  Grade,
  HoldCause,
  Instant,
  LifecycleEvent,
  MemberRole,
  OrderEvent,
  OrderFacts,
  Reason,
  Responsibility,
  SlaTargets,
  VisitEvent,
  VisitResult,
  Window,
} from './events'
import { HOLD_PAUSES_SLA } from './events'
import type { Aggregate, FollowUpStateCode, OrderStateCode, StateOf, VisitMode, VisitStateCode } from './table'
import { judge, verbOf } from './table'

export type ConflictWhy =
  | 'not_from_state'
  | 'not_in_mode'
  | 'already_exists'
  | 'unknown_type'
  | 'other_engineer'
  | 'unknown_checkin'
  | 'promise_is_the_customers'

export interface Conflict {
  eventId: string
  type: string
  why: ConflictWhy
  /** The state that the event met. */
  state: string
}

interface Position {
  occurredAt: Instant
  deviceSeq: number | null
  id: string
}

interface Folded {
  id: string
  /** Events folded, conflicts included. */
  events: number
  conflicts: readonly Conflict[]
  /** Flags of all events, each once, sorted. */
  flags: readonly string[]
  /** Latest event time seen. */
  lastAt: Instant
  /** Order keys: the event that gave birth and the last one after it. */
  born: Position
  cursor: Position | null
}

export interface Hold {
  from: Instant
  to: Instant | null
  cause: HoldCause
  reason: string | null
  responsibility: Responsibility
  pausesSla: boolean
  until: Instant | null
}

export interface OrderState extends Folded {
  aggregate: 'order'
  state: OrderStateCode
  /** Where a resume leads: what the visits have come to, under a hold too. */
  underlying: OrderStateCode
  facts: OrderFacts
  origin: { system: string; externalId: string | null } | null
  repeatOf: string | null
  sla: SlaTargets | null
  promise: { current: Window | null; original: Window | null }
  leadEngineerId: string | null
  engineerIds: readonly string[]
  remaining: string | null
  hold: Hold | null
  holds: readonly Hold[]
  acceptance: { how: 'accepted' | 'deemed' | 'waived'; at: Instant } | null
  waiveRequestedAt: Instant | null
  /** From handing over to the customer's no: time in which the order was not with us. */
  rejections: readonly { from: Instant; to: Instant }[]
  mark: 'duplicate' | 'test' | null
  duplicateOf: string | null
  reopenedAs: readonly string[]
  endReason: string | null
  endResponsibility: Responsibility | null
  createdAt: Instant
  submittedAt: Instant | null
  triagedAt: Instant | null
  firstContactAt: Instant | null
  firstContactBy: Channel | null
  assignedAt: Instant | null
  startedAt: Instant | null
  /** When the work was handed over for the acceptance that is open or given. */
  awaitingAt: Instant | null
  rejectedAt: Instant | null
  completedAt: Instant | null
  closedAt: Instant | null
  cancelledAt: Instant | null
  cannotCompleteAt: Instant | null
}

export interface Pause {
  from: Instant
  to: Instant | null
  reason: string | null
}

export interface CheckIn {
  /** Id of the visit.checked_in event. */
  id: string
  at: Instant
  day: string | null
  grade: Grade | null
  reasons: readonly Reason[]
  /** The grade that the rules gave, when a person has decided otherwise. */
  gradedAs: Grade | null
  reviewedAt: Instant | null
  appealedAt: Instant | null
  /** Drawn for a spot check, whatever its grade. Absent in folds of before there were any. */
  drawn?: boolean
}

export interface VisitState extends Folded {
  aggregate: 'visit'
  state: VisitStateCode
  orderId: string
  siteId: string | null
  engineerId: string | null
  role: MemberRole
  required: boolean
  mode: VisitMode
  tripId: string | null
  replaces: string | null
  successorId: string | null
  planned: Window
  travelMin: number | null
  promise: { current: Window | null; original: Window | null }
  appointment: { start: Instant; end: Instant | null; contactId: string | null; at: Instant } | null
  offerExpiresAt: Instant | null
  declines: number
  reschedules: { customer: number; us: number; engineer: number }
  plannedAt: Instant
  offeredAt: Instant | null
  openedAt: Instant | null
  takenAt: Instant | null
  declinedAt: Instant | null
  departedAt: Instant | null
  arrivedAt: Instant | null
  startedAt: Instant | null
  finishedAt: Instant | null
  /** When it ended, however it ended. */
  endedAt: Instant | null
  pauses: readonly Pause[]
  checkIns: readonly CheckIn[]
  result: VisitResult | null
  remaining: string | null
  cause: string | null
  foreseeable: boolean | null
  pendingDocuments: readonly string[]
  customerConfirmedAt: Instant | null
  evidenceIds: readonly string[]
  endReason: string | null
}

export interface FollowUpState extends Folded {
  aggregate: 'followup'
  state: FollowUpStateCode
  ownerId: string
  orderId: string | null
  visitId: string | null
  surveyId: string | null
  score: number | null
  contactDueAt: Instant | null
  planDueAt: Instant | null
  openedAt: Instant
  contacts: number
  /** First time that the customer was reached; a try alone does not count. */
  contactedAt: Instant | null
  plan: { cause: string; action: string; ownerId: string; dueAt: Instant } | null
  plannedAt: Instant | null
  plans: number
  doneAt: Instant | null
  check: FollowUpPayloads['followup.checked'] | null
  checkedAt: Instant | null
  act: FollowUpPayloads['followup.acted'] | null
  actedAt: Instant | null
  closedAt: Instant | null
}

export type AnyState = OrderState | VisitState | FollowUpState

/** Order of folding: event time, then the device's own count, then the id. */
export function compareEvents(a: Position, b: Position): number {
  return (
    a.occurredAt - b.occurredAt || (a.deviceSeq ?? -1) - (b.deviceSeq ?? -1) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
  )
}

type Effects<E extends LifecycleEvent, S> = {
  // A string is a conflict: the event is possible in this state, but not for this visit.
  [T in E['type']]?: (draft: S, event: Extract<E, { type: T }>) => ConflictWhy | undefined
}

const isBirth = (type: string) => type === 'order.created' || type === 'visit.planned' || type === 'followup.opened'
const position = ({ occurredAt, deviceSeq, id }: Position): Position => ({ occurredAt, deviceSeq, id })
const setFirst = (old: Instant | null, at: Instant) => old ?? at
const union = (a: readonly string[], b: readonly string[]) =>
  b.every((x) => a.includes(x)) ? a : [...new Set([...a, ...b])].sort()
const last = <T>(list: readonly T[], change: (item: T) => T): readonly T[] =>
  list.map((item, i) => (i === list.length - 1 ? change(item) : item))

function beginning(event: LifecycleEvent): Folded {
  return {
    id: event.aggregateId,
    events: 1,
    conflicts: [],
    flags: union([], event.flags),
    lastAt: event.occurredAt,
    born: position(event),
    cursor: null,
  }
}

// ── order ────────────────────────────────────────────────────────────────────────────────────────────────────────

function bornOrder(event: EventNamed<'order.created'>): OrderState {
  const { as, facts, promise = null, sla = null, origin = null, repeatOf = null } = event.payload
  return {
    aggregate: 'order',
    ...beginning(event),
    state: as,
    underlying: as,
    facts,
    origin,
    repeatOf,
    sla,
    promise: { current: promise, original: promise },
    leadEngineerId: null,
    engineerIds: [],
    remaining: null,
    hold: null,
    holds: [],
    acceptance: null,
    waiveRequestedAt: null,
    rejections: [],
    mark: null,
    duplicateOf: null,
    reopenedAs: [],
    endReason: null,
    endResponsibility: null,
    createdAt: event.occurredAt,
    submittedAt: as === 'new' ? event.occurredAt : null,
    triagedAt: null,
    firstContactAt: null,
    firstContactBy: null,
    assignedAt: null,
    startedAt: null,
    awaitingAt: null,
    rejectedAt: null,
    completedAt: null,
    closedAt: null,
    cancelledAt: null,
    cannotCompleteAt: null,
  }
}

function endHold(s: OrderState, at: Instant) {
  if (!s.hold) return
  s.hold = null
  s.holds = last(s.holds, (h) => ({ ...h, to: at }))
}

function endOrder(s: OrderState, e: OrderEvent & { payload: { responsibility: Responsibility } }) {
  endHold(s, e.occurredAt)
  s.endReason = e.reason
  s.endResponsibility = e.payload.responsibility
}

function complete(s: OrderState, at: Instant, how: 'accepted' | 'deemed' | 'waived'): undefined {
  s.acceptance = { how, at }
  s.completedAt = at
  s.waiveRequestedAt = null
}

const ORDER_EFFECTS: Effects<OrderEvent, OrderState> = {
  'order.submitted': (s, e) => {
    s.submittedAt = e.occurredAt
  },
  'order.triaged': (s, e) => {
    s.triagedAt = e.occurredAt
    if (e.payload.facts) s.facts = { ...s.facts, ...e.payload.facts }
    if (e.payload.sla !== undefined) s.sla = e.payload.sla
  },
  'order.edited': (s, e) => {
    const { facts, promise, promiseBy } = e.payload
    if (facts) s.facts = { ...s.facts, ...facts }
    if (promise === undefined) return
    if (promiseBy === 'correction') s.promise = { current: promise, original: promise }
    else if (promiseBy === 'customer') s.promise = { current: promise, original: s.promise.original ?? promise }
    // A first promise is ours to give; a given one is not ours to move.
    else if (!s.promise.current) s.promise = { current: promise, original: promise }
    else return 'promise_is_the_customers'
  },
  'order.contacted': (s, e) => {
    if (s.firstContactAt !== null) return
    s.firstContactAt = e.occurredAt
    s.firstContactBy = e.payload.channel
  },
  'order.progressed': (s, e) => {
    const { to, leadEngineerId, engineerIds, remaining } = e.payload
    const at = e.payload.at ?? e.occurredAt
    if (s.state !== 'on_hold') s.state = to
    s.underlying = to
    if (leadEngineerId !== undefined) s.leadEngineerId = leadEngineerId
    if (engineerIds) s.engineerIds = engineerIds
    if (remaining !== undefined) s.remaining = remaining
    if (to === 'assigned') s.assignedAt = setFirst(s.assignedAt, at)
    if (to === 'in_progress') s.startedAt = setFirst(s.startedAt, at)
    // Handed over once; an order that the visits take back (a late event) was never handed over.
    s.awaitingAt = to === 'awaiting_acceptance' ? (s.awaitingAt ?? at) : null
  },
  'order.held': (s, e) => {
    const { cause, responsibility, until = null } = e.payload
    s.hold = {
      from: e.occurredAt,
      to: null,
      cause,
      reason: e.reason,
      responsibility,
      pausesSla: HOLD_PAUSES_SLA[cause],
      until,
    }
    s.holds = [...s.holds, s.hold]
  },
  'order.resumed': (s, e) => {
    endHold(s, e.occurredAt)
    s.state = s.underlying
  },
  'order.cancelled': (s, e) => {
    endOrder(s, e)
    s.cancelledAt = e.occurredAt
  },
  'order.cannot_complete': (s, e) => {
    endOrder(s, e)
    s.cannotCompleteAt = e.occurredAt
  },
  'order.accepted': (s, e) => complete(s, e.occurredAt, 'accepted'),
  'order.rejected': (s, e) => {
    s.rejections = [...s.rejections, { from: s.awaitingAt ?? e.occurredAt, to: e.occurredAt }]
    s.rejectedAt = e.occurredAt
    s.awaitingAt = null
    s.waiveRequestedAt = null
    s.remaining = e.payload.remaining ?? e.reason
  },
  'order.deemed': (s, e) => complete(s, e.occurredAt, 'deemed'),
  'order.waive_requested': (s, e) => {
    s.waiveRequestedAt = e.occurredAt
  },
  'order.waived': (s, e) => complete(s, e.occurredAt, 'waived'),
  'order.waive_refused': (s) => {
    s.waiveRequestedAt = null
  },
  'order.closed': (s, e) => {
    s.closedAt = e.occurredAt
  },
  'order.reopened': (s, e) => {
    s.reopenedAs = [...s.reopenedAs, e.payload.orderId]
  },
  'order.marked': (s, e) => {
    s.mark = e.payload.as
    s.duplicateOf = e.payload.duplicateOf ?? null
  },
}

// ── visit ────────────────────────────────────────────────────────────────────────────────────────────────────────

function bornVisit(event: EventNamed<'visit.planned'>): VisitState {
  const p = event.payload
  const promise = p.promise ?? null
  return {
    aggregate: 'visit',
    ...beginning(event),
    state: 'planned',
    orderId: p.orderId,
    siteId: p.siteId ?? null,
    engineerId: p.engineerId,
    role: p.role,
    required: p.required,
    mode: p.mode,
    tripId: p.tripId ?? null,
    replaces: p.replaces ?? null,
    successorId: null,
    planned: { start: p.start, end: p.end },
    travelMin: p.travelMin ?? null,
    promise: { current: promise, original: promise },
    appointment: null,
    offerExpiresAt: null,
    declines: 0,
    reschedules: { customer: 0, us: 0, engineer: 0 },
    plannedAt: event.occurredAt,
    offeredAt: null,
    openedAt: null,
    takenAt: null,
    declinedAt: null,
    departedAt: null,
    arrivedAt: null,
    startedAt: null,
    finishedAt: null,
    endedAt: null,
    pauses: [],
    checkIns: [],
    result: null,
    remaining: null,
    cause: null,
    foreseeable: null,
    pendingDocuments: [],
    customerConfirmedAt: null,
    evidenceIds: [],
    endReason: null,
  }
}

function endPause(s: VisitState, at: Instant): undefined {
  if (s.state === 'paused') s.pauses = last(s.pauses, (p) => ({ ...p, to: at }))
}

function endVisit(s: VisitState, e: VisitEvent): undefined {
  endPause(s, e.occurredAt)
  s.endedAt = e.occurredAt
  s.endReason = e.reason
  s.offerExpiresAt = null
}

function changeCheckIn(s: VisitState, id: string, change: (c: CheckIn) => CheckIn): ConflictWhy | undefined {
  if (!s.checkIns.some((c) => c.id === id)) return 'unknown_checkin'
  s.checkIns = s.checkIns.map((c) => (c.id === id ? change(c) : c))
}

const VISIT_EFFECTS: Effects<VisitEvent, VisitState> = {
  'visit.offered': (s, e) => {
    s.engineerId = e.payload.engineerId
    s.offeredAt = e.occurredAt
    s.openedAt = null
    s.offerExpiresAt = e.payload.expiresAt ?? null
  },
  'visit.opened': (s, e) => {
    s.openedAt = setFirst(s.openedAt, e.occurredAt)
  },
  'visit.taken': (s, e) => {
    // A recalled offer may be taken by a phone that has not heard of the recall; the visit is somebody else's now.
    if (s.engineerId !== null && s.engineerId !== e.payload.engineerId) return 'other_engineer'
    s.engineerId = e.payload.engineerId
    s.takenAt = e.occurredAt
    s.offerExpiresAt = null
  },
  'visit.declined': (s, e) => {
    const who = e.payload.engineerId ?? null
    if (who !== null && s.engineerId !== null && who !== s.engineerId) return 'other_engineer'
    endVisit(s, e)
    s.declines += 1
    s.declinedAt = e.occurredAt
    s.cause = e.payload.cause ?? null
  },
  'visit.recalled': (s) => {
    s.offeredAt = null
    s.openedAt = null
    s.takenAt = null
    s.offerExpiresAt = null
  },
  'visit.reassigned': (s, e) => {
    endVisit(s, e)
    s.successorId = e.payload.successorId
  },
  'visit.appointed': (s, e) => {
    const { start, end = null, contactId = null, askedBy } = e.payload
    s.appointment = { start, end, contactId, at: e.occurredAt }
    const promise = s.promise.current
    const agreed = { start, end: end ?? start }
    // Within the window an appointment makes the promise exact; outside it only the customer's wish moves it.
    if (!promise) s.promise = { current: agreed, original: s.promise.original ?? agreed }
    else if (askedBy === 'customer' || (start >= promise.start && agreed.end <= promise.end)) {
      s.promise = { ...s.promise, current: agreed }
    }
  },
  'visit.rescheduled': (s, e) => {
    const { start, end, askedBy, travelMin, promise } = e.payload
    s.reschedules = { ...s.reschedules, [askedBy]: s.reschedules[askedBy] + 1 }
    if (askedBy === 'customer' && (s.promise.current || promise)) {
      const old = s.promise.current
      const moved = promise ?? (old ? { start, end: start + (old.end - old.start) } : null)
      s.promise = { current: moved, original: s.promise.original ?? moved }
    }
    s.planned = { start, end }
    if (travelMin !== undefined) s.travelMin = travelMin
    s.appointment = askedBy === 'customer' ? { start, end: null, contactId: null, at: e.occurredAt } : null
    s.departedAt = null
  },
  'visit.extended': (s, e) => {
    s.planned = { start: s.planned.start, end: e.payload.end }
  },
  'visit.routed': (s, e) => {
    s.travelMin = e.payload.travelMin
  },
  'visit.departed': (s, e) => {
    s.departedAt = e.occurredAt
  },
  'visit.checked_in': (s, e) => {
    s.arrivedAt = setFirst(s.arrivedAt, e.occurredAt)
    s.checkIns = [
      ...s.checkIns,
      {
        id: e.id,
        at: e.occurredAt,
        day: e.payload.day ?? null,
        grade: null,
        reasons: [],
        gradedAs: null,
        reviewedAt: null,
        appealedAt: null,
      },
    ]
  },
  'visit.started': (s, e) => {
    s.startedAt = e.occurredAt
  },
  'visit.paused': (s, e) => {
    s.pauses = [...s.pauses, { from: e.occurredAt, to: null, reason: e.payload.cause ?? e.reason }]
  },
  'visit.resumed': (s, e) => endPause(s, e.occurredAt),
  'visit.finished': (s, e) => {
    endVisit(s, e)
    s.finishedAt = e.occurredAt
    s.result = e.payload.result
    s.remaining = e.payload.remaining ?? null
    s.cause = e.payload.cause ?? null
    s.foreseeable = e.payload.foreseeable ?? null
    s.pendingDocuments = e.payload.pendingDocuments ?? []
  },
  'visit.cancelled': (s, e) => {
    endVisit(s, e)
    s.cause = e.payload.cause ?? null
  },
  'visit.aborted': (s, e) => {
    endVisit(s, e)
    s.cause = e.payload.cause ?? null
    s.remaining = e.payload.remaining ?? null
  },
  'visit.missed': (s, e) => endVisit(s, e),
  'visit.customer_confirmed': (s, e) => {
    s.customerConfirmedAt = setFirst(s.customerConfirmedAt, e.occurredAt)
  },
  'visit.evidence_added': (s, e) => {
    s.evidenceIds = union(s.evidenceIds, [e.payload.evidenceId])
  },
  'visit.checkin_graded': (s, e) =>
    changeCheckIn(s, e.payload.checkInId, (c) => ({
      ...c,
      grade: e.payload.grade,
      reasons: e.payload.reasons,
      ...(e.payload.drawn ? { drawn: true } : {}),
    })),
  'visit.checkin_reviewed': (s, e) =>
    changeCheckIn(s, e.payload.checkInId, (c) => ({
      ...c,
      gradedAs: c.gradedAs ?? c.grade,
      grade: e.payload.grade,
      reviewedAt: e.occurredAt,
    })),
  'visit.checkin_appealed': (s, e) =>
    changeCheckIn(s, e.payload.checkInId, (c) => ({ ...c, appealedAt: e.occurredAt })),
}

// ── follow-up ────────────────────────────────────────────────────────────────────────────────────────────────────

function bornFollowUp(event: EventNamed<'followup.opened'>): FollowUpState {
  const p = event.payload
  return {
    aggregate: 'followup',
    ...beginning(event),
    state: 'open',
    ownerId: p.ownerId,
    orderId: p.orderId ?? null,
    visitId: p.visitId ?? null,
    surveyId: p.surveyId ?? null,
    score: p.score ?? null,
    contactDueAt: p.contactDueAt ?? null,
    planDueAt: p.planDueAt ?? null,
    openedAt: event.occurredAt,
    contacts: 0,
    contactedAt: null,
    plan: null,
    plannedAt: null,
    plans: 0,
    doneAt: null,
    check: null,
    checkedAt: null,
    act: null,
    actedAt: null,
    closedAt: null,
  }
}

const FOLLOWUP_EFFECTS: Effects<FollowUpEvent, FollowUpState> = {
  'followup.contacted': (s, e) => {
    s.contacts += 1
    if (e.payload.outcome === 'reached') s.contactedAt = setFirst(s.contactedAt, e.occurredAt)
  },
  'followup.planned': (s, e) => {
    s.plan = e.payload
    s.plans += 1
    s.plannedAt = setFirst(s.plannedAt, e.occurredAt)
    // A new plan needs its own doing and its own check.
    s.doneAt = null
    s.check = null
    s.checkedAt = null
  },
  'followup.done': (s, e) => {
    s.doneAt = e.occurredAt
  },
  'followup.checked': (s, e) => {
    s.check = e.payload
    s.checkedAt = e.occurredAt
  },
  'followup.acted': (s, e) => {
    s.act = e.payload
    s.actedAt = e.occurredAt
  },
  'followup.closed': (s, e) => {
    s.closedAt = e.occurredAt
  },
  'followup.reassigned': (s, e) => {
    s.ownerId = e.payload.ownerId
  },
}

// ── the machine ──────────────────────────────────────────────────────────────────────────────────────────────────

type EffectTable<S> = Record<string, ((draft: S, event: LifecycleEvent) => ConflictWhy | undefined) | undefined>
const EFFECTS = { order: ORDER_EFFECTS, visit: VISIT_EFFECTS, followup: FOLLOWUP_EFFECTS } as unknown as {
  [A in Aggregate]: EffectTable<AnyState>
}

function birth(event: LifecycleEvent): AnyState | null {
  if (event.type === 'order.created') return bornOrder(event)
  if (event.type === 'visit.planned') return bornVisit(event)
  if (event.type === 'followup.opened') return bornFollowUp(event)
  return null
}

function step<S extends AnyState>(state: S, event: LifecycleEvent): S {
  const draft: S = {
    ...state,
    events: state.events + 1,
    flags: union(state.flags, event.flags),
    lastAt: Math.max(state.lastAt, event.occurredAt),
    cursor: position(event),
  }
  const conflict = (why: ConflictWhy): S => ({
    ...state,
    events: draft.events,
    flags: draft.flags,
    lastAt: draft.lastAt,
    cursor: draft.cursor,
    conflicts: [...state.conflicts, { eventId: event.id, type: event.type, why, state: state.state }],
  })
  const known = verbOf(event.type)
  if (!known || known.aggregate !== state.aggregate) return conflict('unknown_type')
  if (isBirth(event.type)) return conflict('already_exists')
  // The server saw that the phone acted for what was somebody else's by then: kept, and no part of the story.
  if (event.flags.includes('other_engineer')) return conflict('other_engineer')
  const mode = state.aggregate === 'visit' ? state.mode : undefined
  const verdict = judge(state.aggregate, state.state as StateOf<Aggregate>, known.verb, mode ? { mode } : undefined)
  if (!verdict.ok) return conflict(verdict.why === 'not_in_mode' ? 'not_in_mode' : 'not_from_state')
  const why = EFFECTS[state.aggregate][event.type]?.(draft, event)
  if (why) return conflict(why)
  const to = verdict.row.to
  if (to !== 'same' && to !== 'event') {
    draft.state = to as S['state']
    // A hold keeps what it interrupted; everything else is the new ground.
    if (draft.aggregate === 'order' && to !== 'on_hold') draft.underlying = to as OrderStateCode
  }
  return draft
}

function fold<S extends AnyState>(aggregate: Aggregate, events: readonly LifecycleEvent[]): S | null {
  const sorted = [...new Map(events.map((event) => [event.id, event])).values()].sort(compareEvents)
  // The birth comes first whatever its clock says: nothing can have happened before it.
  const first = sorted.findIndex((event) => isBirth(event.type) && event.aggregate === aggregate)
  const born = sorted[first]
  let state = (born ? birth(born) : null) as S | null
  if (!state) return null
  for (const event of sorted) if (event !== born) state = step(state, event)
  return state
}

/** The order's state from all its events in any order of arrival; null as long as its creation is not among them. */
export function foldOrder(events: readonly LifecycleEvent[]): OrderState | null {
  return fold<OrderState>('order', events)
}

/** The visit's state from all its events in any order of arrival; null as long as its planning is not among them. */
export function foldVisit(events: readonly LifecycleEvent[]): VisitState | null {
  return fold<VisitState>('visit', events)
}

/** The follow-up's state from all its events; null as long as its opening is not among them. */
export function foldFollowUp(events: readonly LifecycleEvent[]): FollowUpState | null {
  return fold<FollowUpState>('followup', events)
}

/**
 * The next state when the event comes after everything folded so far. null: it is late (or known already), so fold all
 * events again. There is no state before the birth to apply to: events may have arrived before it, so fold them all.
 */
export function applyEvent(state: OrderState, event: OrderEvent): OrderState | null
export function applyEvent(state: VisitState, event: VisitEvent): VisitState | null
export function applyEvent(state: FollowUpState, event: FollowUpEvent): FollowUpState | null
export function applyEvent(state: AnyState, event: LifecycleEvent): AnyState | null {
  if (event.id === state.born.id) return null
  if (isBirth(event.type) && compareEvents(event, state.born) < 0) return null
  if (state.cursor && compareEvents(event, state.cursor) <= 0) return null
  return step(state, event)
}

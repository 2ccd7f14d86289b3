// What desks decide about visits. Who may decide it is the caller's to check; what the state and the engineer's time
// allow is checked here.

import { randomInt } from 'node:crypto'
import type { MemberRole, Responsibility, VisitMode, Window } from '#lifecycle'
import { constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { fileComplete } from '../documents'
import { tell } from '../notices'
import { lockOrder, orderScope } from '../workorders'
import { contested } from './contested'
import { papersMissing } from './papers'
import { checkRange, requireState } from './rules'
import { type VisitRow, wordsOfOrder } from './store'
import { bear, fact, happen, lockVisit, whenOf } from './write'

constraintErrors.set('visits_engineer_id_fkey', () => new CodedError('engineer_unknown', {}))

/** Order states in which work can be planned: triaged, and not yet handed over or ended. */
const plannable = ['unassigned', 'assigned', 'in_progress', 'on_hold']

export interface PlanVisit {
  id?: string
  orderId: string
  engineerId?: string | null
  start: Date
  end: Date
  mode: VisitMode
  role?: MemberRole
  required?: boolean
  /** Minutes on the way there; booked before the visit, shared by the visits of one trip. */
  travelMin?: number | null
  /** The order's own promise unless said. */
  promise?: Window | null
  /** The visit whose place this one takes. */
  replaces?: string | null
}

/** Plans a visit of a triaged order; with an engineer, his time is booked at once. */
export async function planVisit(ctx: Ctx, p: PlanVisit): Promise<VisitRow> {
  checkRange(p.mode, p.start, p.end)
  const order = await lockOrder(ctx, p.orderId)
  if (!order) return fail('not_found')
  if (!plannable.includes(order.state)) fail('state_forbids', { state: order.state, verb: 'plan' })
  const scope = orderScope(order)
  return bear(ctx, {
    id: p.id ?? newId(),
    scope: { team_id: scope.team_id, customer_id: scope.customer_id },
    title: `${order.number} ${order.fold.facts.title}`,
    arrivalCode: String(randomInt(0, 1_000_000)).padStart(6, '0'),
    payload: {
      orderId: p.orderId,
      engineerId: p.engineerId ?? null,
      role: p.role ?? 'lead',
      required: p.required ?? true,
      mode: p.mode,
      start: p.start.getTime(),
      end: p.end.getTime(),
      travelMin: p.travelMin ?? null,
      siteId: order.site_id,
      promise: p.promise === undefined ? order.fold.promise.current : p.promise,
      replaces: p.replaces ?? null,
    },
  })
}

export interface OfferVisit {
  /** Left out: the one it is planned for. */
  engineerId?: string | null
  /** An open offer: the first of these engineers to take it has it. */
  candidateIds?: readonly string[]
  reason?: string | null
  expiresAt?: Date | null
  by?: 'person' | 'rule' | 'engine'
}

/** Offers a planned visit to one engineer, or openly to several; books the engineer's time and tells him. */
export async function offerVisit(ctx: Ctx, visitId: string, o: OfferVisit = {}): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  requireState(v.fold, 'offer', false)
  const open = (o.candidateIds?.length ?? 0) > 0
  const engineerId = open ? null : (o.engineerId ?? v.engineer_id)
  if (!open && engineerId === null) fail('visit_needs_engineer')
  const to = open ? [...(o.candidateIds as string[])] : [engineerId as string]
  const saved = await happen(
    ctx,
    v,
    [
      fact(
        'visit.offered',
        { engineerId, expiresAt: o.expiresAt?.getTime() ?? null, by: o.by ?? 'person' },
        { reason: o.reason },
      ),
    ],
    { also: to, candidates: open ? to : [], books: true },
  )
  await tellOfVisit(ctx, saved, to, 'visit_offered', 'urgent')
  return saved
}

/** Takes an offer back; the visit stays planned. */
export async function recallVisit(ctx: Ctx, visitId: string, o: { reason: string }): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  requireState(v.fold, 'recall', false)
  const saved = await happen(ctx, v, [fact('visit.recalled', {}, { reason: o.reason })], { candidates: [] })
  await tellOfVisit(ctx, saved, v.people, 'visit_recalled', 'urgent')
  return saved
}

export interface ReassignVisit {
  engineerId: string
  reason: string
  start?: Date
  end?: Date
  travelMin?: number | null
  expiresAt?: Date | null
  by?: 'person' | 'rule' | 'engine'
}

/** Moves a visit to another engineer: the old one ends as reassigned, a successor is planned and offered. Answers the successor. */
export async function reassignVisit(ctx: Ctx, visitId: string, o: ReassignVisit): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  requireState(v.fold, 'reassign', false)
  const successorId = newId()
  await happen(ctx, v, [fact('visit.reassigned', { toEngineerId: o.engineerId, successorId }, { reason: o.reason })], {
    also: [o.engineerId],
  })
  await tellOfVisit(ctx, v, v.people, 'visit_reassigned', 'urgent')
  const f = v.fold
  await planVisit(ctx, {
    id: successorId,
    orderId: v.order_id,
    engineerId: o.engineerId,
    start: o.start ?? v.planned_start,
    end: o.end ?? v.planned_end,
    mode: f.mode,
    role: f.role,
    required: f.required,
    travelMin: o.travelMin === undefined ? f.travelMin : o.travelMin,
    promise: f.promise.current,
    replaces: v.id,
  })
  return offerVisit(ctx, successorId, {
    engineerId: o.engineerId,
    reason: o.reason,
    expiresAt: o.expiresAt ?? null,
    by: o.by ?? 'person',
  })
}

/** Moves the end of a visit in hand and books the time; refused with `engineer_busy` when something else stands there. */
export async function extendVisit(ctx: Ctx, visitId: string, o: { end: Date; reason: string }): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  checkRange(v.mode, v.planned_start, o.end)
  requireState(v.fold, 'extend', false)
  const saved = await happen(ctx, v, [fact('visit.extended', { end: o.end.getTime() }, { reason: o.reason })], {
    books: true,
  })
  await tellOfVisit(ctx, saved, saved.people, 'visit_extended', 'normal')
  return saved
}

/** The engineer has said yes beforehand (he proposed it, or accepted a handover): his word is the take. */
export async function takeFor(ctx: Ctx, visitId: string, engineerId: string): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  requireState(v.fold, 'take', false)
  return happen(ctx, v, [fact('visit.taken', { engineerId })])
}

/** Ends a running visit with work left for somebody else; papers that are missing are to follow. */
export async function leavePartial(
  ctx: Ctx,
  visitId: string,
  o: { remaining: string; reason: string },
): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  requireState(v.fold, 'finish', false)
  const missing = await papersMissing(ctx, v.id, 'partial')
  const saved = await happen(ctx, v, [
    fact(
      'visit.finished',
      { result: 'partial', remaining: o.remaining, pendingDocuments: missing.map((d) => d.id) },
      { reason: o.reason },
    ),
  ])
  await fileComplete(ctx, v.id)
  return saved
}

export interface RescheduleVisit {
  start: Date
  end: Date
  askedBy: 'customer' | 'us' | 'engineer'
  reason: string
  travelMin?: number | null
  /** The planned time that the person saw when he moved it. */
  base?: { start: string; end: string } | undefined
}

/** Moves a visit in time. Only what the customer asked for moves the promise. */
export async function rescheduleVisit(ctx: Ctx, visitId: string, o: RescheduleVisit): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  return moveVisit(ctx, v, o)
}

export async function moveVisit(ctx: Ctx, v: VisitRow, o: RescheduleVisit): Promise<VisitRow> {
  checkRange(v.mode, o.start, o.end)
  requireState(v.fold, 'reschedule', ctx.command?.offline ?? false)
  const when = await whenOf(ctx, v)
  const lost = await contested(ctx, v, when, 'reschedule', {
    field: 'planned',
    types: ['visit.planned', 'visit.rescheduled'],
    value: { start: o.start.toISOString(), end: o.end.toISOString() },
    current: { start: v.planned_start.toISOString(), end: v.planned_end.toISOString() },
    ...(o.base ? { base: o.base } : {}),
  })
  const saved = await happen(
    ctx,
    v,
    [
      fact(
        'visit.rescheduled',
        {
          start: o.start.getTime(),
          end: o.end.getTime(),
          askedBy: o.askedBy,
          ...(o.travelMin !== undefined ? { travelMin: o.travelMin } : {}),
        },
        { reason: o.reason },
      ),
    ],
    { when, books: true },
  )
  // A later word stands: nothing has moved, and nobody is to be told that it has.
  if (!lost) await tellOfVisit(ctx, saved, saved.people, 'visit_rescheduled', 'urgent')
  return saved
}

/** Calls a visit off before anybody arrived. */
export async function cancelVisit(
  ctx: Ctx,
  visitId: string,
  o: { reason: string; cause?: string | null; responsibility?: Responsibility | null },
): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  return callOff(ctx, v, o)
}

export async function callOff(
  ctx: Ctx,
  v: VisitRow,
  o: { reason: string; cause?: string | null; responsibility?: Responsibility | null },
): Promise<VisitRow> {
  requireState(v.fold, 'cancel', false)
  const saved = await happen(ctx, v, [
    fact('visit.cancelled', { cause: o.cause ?? null, responsibility: o.responsibility ?? null }, { reason: o.reason }),
  ])
  await tellOfVisit(ctx, saved, v.people, 'visit_cancelled', 'urgent')
  return saved
}

/** Words are chosen at the edge; the notice says which visit, whose order and when. */
export async function tellOfVisit(
  ctx: Ctx,
  v: VisitRow,
  userIds: readonly string[],
  code: string,
  urgency: 'urgent' | 'normal' | 'quiet' = 'normal',
  params: Record<string, unknown> = {},
): Promise<void> {
  if (userIds.length === 0) return
  const order = await wordsOfOrder(ctx.db, v.order_id)
  await tell(ctx, {
    userIds,
    code,
    urgency,
    subject: { kind: 'visit', id: v.id },
    about: { teamId: v.team_id, orderType: order.type },
    params: {
      start: v.planned_start.toISOString(),
      end: v.planned_end.toISOString(),
      orderId: v.order_id,
      orderNumber: order.number,
      title: order.title,
      customerName: order.customer_name,
      ...params,
    },
  })
}

import type { z } from 'zod'
import type { Ability } from '#contracts'
import type { ordersRoutes } from '#contracts/orders.schema'
import { type Facts, judge, type OrderEventType, type OrderFacts, type OrderPayloads, type Verb } from '#lifecycle'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { nextNumber } from '../../platform/numbers'
import { authorise } from '../../platform/policy'
import { checkBelongs, customerFacts, siteFacts } from '../customers'
import { findProject } from '../projects'
import { bear, findOrder, lockOrder, type OrderRow, orderScope, record } from './order'
import { conflictsOf, type FieldInput, splitFields } from './rules'
import { targetsFor } from './targets'

constraintErrors.set('orders_pkey', () => new CodedError('order_exists'))
constraintErrors.set('orders_number_key', () => new CodedError('busy_retry'))

type Body<K extends keyof typeof ordersRoutes> = (typeof ordersRoutes)[K] extends { body: infer B extends z.ZodType }
  ? z.output<B>
  : never

/** Refuses a verb that the lifecycle does not allow here. What a phone did offline has happened: it is kept as a conflict instead. */
export function demand(ctx: Ctx, row: OrderRow, verb: Verb<'order'>, facts?: Facts): void {
  const j = judge('order', row.state, verb, facts)
  if (j.ok || (ctx.command?.offline && j.why === 'not_from_state')) return
  if (j.why === 'gate_closed') fail('gate_closed', { missing: j.missing.join(', ') })
  fail('state_forbids', { state: row.state, verb })
}

/** Locks the order for one who may do this to it. */
export async function mine(ctx: Ctx, id: string, ability: Ability): Promise<OrderRow> {
  const row = await lockOrder(ctx, id)
  if (!row) return fail('not_found')
  authorise(ctx.actor, ability, orderScope(row), 'order.read')
  return row
}

async function act<T extends OrderEventType>(
  ctx: Ctx,
  id: string,
  ability: Ability,
  verb: Verb<'order'>,
  type: T,
  payload: OrderPayloads[T],
  o: { reason?: string | null; personal?: Record<string, unknown>; facts?: (row: OrderRow) => Facts } = {},
): Promise<OrderRow> {
  const row = await mine(ctx, id, ability)
  checkRev(ctx, row)
  demand(ctx, row, verb, o.facts?.(row))
  return record(ctx, row, type, payload, o)
}

/** The references must fit the customer; the window must have an order. */
export async function checkFacts(ctx: Ctx, customerId: string, f: FieldInput, before?: OrderRow): Promise<void> {
  if (f.promise && Date.parse(f.promise.end) < Date.parse(f.promise.start)) fail('time_order')
  await checkBelongs(ctx, customerId, f)
  const projectId = f.projectId === undefined ? (before?.fold.facts.projectId ?? null) : f.projectId
  // Only what is said is judged: an edit of another field repairs nothing.
  if (f.projectId || f.phaseId) await checkProject(ctx, customerId, projectId, f.phaseId ?? null)
}

async function checkProject(ctx: Ctx, customerId: string, projectId: string | null, phaseId: string | null) {
  const project = projectId ? await findProject(ctx, projectId) : null
  if (project?.customerId !== customerId) return fail('belongs_elsewhere', { what: 'project' })
  if (phaseId && !project.phases.some((p) => p.id === phaseId)) fail('belongs_elsewhere', { what: 'phase' })
}

export interface NewOrder {
  id?: string | undefined
  customerId: string
  fields: FieldInput & { title: string }
  as: 'draft' | 'new'
  origin?: { system: string; externalId: string } | null
  repeatOf?: string | null
  createdBy: string | null
}

/** Makes an order with its number and its SLA snapshot. The caller has decided that it may. */
export async function makeOrder(ctx: Ctx, o: NewOrder): Promise<OrderRow> {
  await checkFacts(ctx, o.customerId, o.fields)
  const { facts, promise } = splitFields(o.fields)
  const full: OrderFacts = {
    type: 'other',
    priority: 'normal',
    crew: 1,
    mode: 'onsite',
    skills: [],
    ...facts,
    title: o.fields.title,
    customerId: o.customerId,
    teamId: facts.teamId ?? (await teamFor(ctx, o.customerId, facts.siteId ?? null)),
  }
  const id = o.id ?? newId()
  const sla = await targetsFor(ctx, full)
  // Asked for last: the day's counter is held until the commit.
  const number = await nextNumber(ctx, 'WO')
  return bear(ctx, {
    id,
    number,
    createdBy: o.createdBy,
    source: o.origin?.system ?? null,
    externalId: o.origin?.externalId ?? null,
    payload: {
      as: o.as,
      facts: { ...full, number },
      promise: promise ?? null,
      sla,
      origin: o.origin ?? null,
      repeatOf: o.repeatOf ?? null,
    },
  })
}

async function teamFor(ctx: Ctx, customerId: string, siteId: string | null): Promise<string | null> {
  if (siteId) return (await siteFacts(ctx, siteId)).teamId
  return (await customerFacts(ctx, customerId))?.teamId ?? null
}

export async function createOrder(ctx: Ctx, b: Body<'createOrder'>): Promise<OrderRow> {
  const { id, customerId, as, ...fields } = b
  const customer = await customerFacts(ctx, customerId)
  if (!customer) return fail('not_found')
  const teamId = fields.teamId ?? (await teamFor(ctx, customerId, fields.siteId ?? null))
  authorise(ctx.actor, 'order.create', { team_id: teamId, customer_id: customerId, people: [] }, 'order.create')
  return makeOrder(ctx, { id, customerId, as, fields: { ...fields, teamId }, createdBy: ctx.actor.id })
}

export const submitOrder = (ctx: Ctx, id: string) => act(ctx, id, 'order.create', 'submit', 'order.submitted', {})

export async function triageOrder(ctx: Ctx, id: string, b: Body<'triageOrder'>): Promise<OrderRow> {
  let row = await mine(ctx, id, 'order.triage')
  checkRev(ctx, row)
  demand(ctx, row, 'triage')
  await checkFacts(ctx, row.customer_id, b, row)
  const { facts, promise } = splitFields(b)
  const next = { ...row.fold.facts, ...facts }
  // What a CRM or a caller guessed is settled here, so the snapshot of the targets is taken again.
  const settled = (['type', 'priority', 'contractId'] as const).some((k) => next[k] !== row.fold.facts[k])
  row = await record(
    ctx,
    row,
    'order.triaged',
    { ...(Object.keys(facts).length ? { facts } : {}), ...(settled ? { sla: await targetsFor(ctx, next) } : {}) },
    { fields: Object.keys(facts) },
  )
  if (promise === undefined) return row
  return record(
    ctx,
    row,
    'order.edited',
    { promise, ...(row.fold.promise.current ? { promiseBy: 'correction' as const } : {}) },
    { fields: ['promise'] },
  )
}

/** Merges by field: what nobody else touched since the editor looked is applied, a real conflict names both sides. */
export async function editOrder(ctx: Ctx, id: string, b: Body<'editOrder'>): Promise<OrderRow> {
  const { promiseBy, ...fields } = b
  const row = await mine(ctx, id, 'order.edit')
  demand(ctx, row, 'edit')
  const conflicts = conflictsOf(row.fold, row.fact_revs, fields, ctx.command?.baseRev)
  const last = conflicts.at(-1)
  if (last)
    fail('changed_meanwhile', {
      rev: row.rev,
      by: last.by,
      at: last.at,
      fields: Object.fromEntries(conflicts.map((c) => [c.field, c.current])),
    })
  await checkFacts(ctx, row.customer_id, fields, row)
  const { facts, promise } = splitFields(fields)
  if (promise !== undefined && row.fold.promise.current && !promiseBy) fail('promise_is_the_customers')
  return record(
    ctx,
    row,
    'order.edited',
    {
      ...(Object.keys(facts).length ? { facts } : {}),
      ...(promise === undefined ? {} : { promise, ...(promiseBy ? { promiseBy } : {}) }),
    },
    { fields: [...Object.keys(facts), ...(promise === undefined ? [] : ['promise'])] },
  )
}

export async function contactOrder(ctx: Ctx, id: string, b: Body<'contactOrder'>): Promise<OrderRow> {
  const row = await mine(ctx, id, 'order.contact')
  await checkBelongs(ctx, row.customer_id, { contactId: b.contactId })
  if (b.visitId && !row.visits.some((v) => v.id === b.visitId)) fail('belongs_elsewhere', { what: 'visit' })
  const payload = { channel: b.channel, contactId: b.contactId, visitId: b.visitId }
  return act(ctx, id, 'order.contact', 'contact', 'order.contacted', payload, { reason: b.note })
}

export function holdOrder(ctx: Ctx, id: string, b: Body<'holdOrder'>) {
  const until = b.until ? Date.parse(b.until) : null
  if (until !== null && until < ctx.now.getTime()) fail('time_order')
  const payload = { cause: b.cause, responsibility: b.responsibility, until }
  return act(ctx, id, 'order.hold', 'hold', 'order.held', payload, { reason: b.reason })
}
export const resumeOrder = (ctx: Ctx, id: string) => act(ctx, id, 'order.hold', 'resume', 'order.resumed', {})

const ended = (b: { responsibility: OrderPayloads['order.cancelled']['responsibility']; cause: string | null }) => ({
  responsibility: b.responsibility,
  cause: b.cause,
})
export const cancelOrder = (ctx: Ctx, id: string, b: Body<'cancelOrder'>) =>
  act(ctx, id, 'order.end', 'cancel', 'order.cancelled', ended(b), { reason: b.reason })
export const cannotComplete = (ctx: Ctx, id: string, b: Body<'cannotCompleteOrder'>) =>
  act(ctx, id, 'order.end', 'cannot_complete', 'order.cannot_complete', ended(b), { reason: b.reason })

export const requestWaive = (ctx: Ctx, id: string, b: Body<'requestWaive'>) =>
  act(
    ctx,
    id,
    'order.requestWaive',
    'request_waive',
    'order.waive_requested',
    { cause: b.cause, photoIds: b.photoIds },
    { reason: b.reason },
  )
const waiveAsked = (row: OrderRow) => ({ waive_requested: row.fold.waiveRequestedAt !== null })
export const waiveOrder = (ctx: Ctx, id: string, b: Body<'waiveOrder'>) =>
  act(ctx, id, 'order.waive', 'waive', 'order.waived', {}, { reason: b.reason, facts: waiveAsked })
export const refuseWaive = (ctx: Ctx, id: string, b: Body<'refuseWaive'>) =>
  act(ctx, id, 'order.waive', 'refuse_waive', 'order.waive_refused', {}, { reason: b.reason, facts: waiveAsked })

export const surveySettled = (row: OrderRow) => row.survey !== 'invited'
export const closeOrder = (ctx: Ctx, id: string, b: Body<'closeOrder'>) =>
  act(
    ctx,
    id,
    'order.close',
    'close',
    'order.closed',
    {},
    { reason: b.note, facts: (row) => ({ reviewed: b.reviewed, survey_settled: surveySettled(row) }) },
  )

/** The old order stays as it ended; the new one is linked and counts as a repeat. */
export async function reopenOrder(ctx: Ctx, id: string, b: Body<'reopenOrder'>): Promise<OrderRow> {
  const old = await mine(ctx, id, 'order.reopen')
  checkRev(ctx, old)
  demand(ctx, old, 'reopen')
  const {
    title,
    text,
    product,
    type,
    priority,
    teamId,
    siteId,
    contactId,
    assetId,
    contractId,
    projectId,
    phaseId,
    mode,
  } = old.fold.facts
  const made = await makeOrder(ctx, {
    id: b.id,
    customerId: old.customer_id,
    as: 'new',
    createdBy: ctx.actor.id,
    repeatOf: old.id,
    fields: {
      title,
      text,
      product,
      type: type as FieldInput['type'],
      priority: priority as FieldInput['priority'],
      teamId,
      siteId,
      contactId,
      assetId,
      contractId,
      projectId,
      phaseId,
      mode,
      skills: (old.fold.facts.skills ?? []).map((s) => ({ code: s.skillId, level: s.level })),
    },
  })
  await record(ctx, old, 'order.reopened', { orderId: made.id }, { reason: b.reason })
  return made
}

export async function markOrder(ctx: Ctx, id: string, b: Body<'markOrder'>): Promise<OrderRow> {
  if (b.duplicateOf) {
    // Whoever cannot see the other order cannot say that this one repeats it.
    const other = b.duplicateOf === id ? undefined : await findOrder(ctx, b.duplicateOf)
    if (!other) return fail('not_found')
    authorise(ctx.actor, 'order.mark', orderScope(other), 'order.read')
  }
  return act(ctx, id, 'order.mark', 'mark', 'order.marked', {
    as: b.as,
    duplicateOf: b.as === 'duplicate' ? b.duplicateOf : null,
  })
}

import { ORDER_ENDED, progressDue } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { checkFacts, demand, makeOrder } from './commands'
import { momentOf } from './moment'
import { findOrder, lockOrder, type OrderRow, project, record, sightOf, type VisitSight } from './order'
import { currentOf, type FieldInput, splitFields } from './rules'

export interface ReceiveOrder {
  /** The system that it comes from, and its id there. */
  source: string
  externalId: string
  customerId: string
  fields: FieldInput & { title: string }
}

/** What a resend of a known order may change; the rest is decided here, not there. */
const theirs = ['title', 'text', 'priority', 'contactId', 'requestedStart', 'dueAt', 'promise'] as const

/**
 * An order from another system, made once however often it is sent. A later version of it updates what the other
 * system may say, except where a person here has corrected the field since.
 */
export async function receiveOrder(
  ctx: Ctx,
  input: ReceiveOrder,
): Promise<{ order: OrderRow; created: boolean; changed: string[] }> {
  await ctx.db.run(
    sql`select pg_advisory_xact_lock(hashtextextended(${`${input.source}\u001f${input.externalId}`}, 52))`,
  )
  const known = await ctx.db.maybe<{ id: string }>(
    sql`select id from orders where source = ${input.source} and external_id = ${input.externalId}`,
  )
  if (!known) {
    const order = await makeOrder(ctx, {
      customerId: input.customerId,
      fields: input.fields,
      as: 'new',
      origin: { system: input.source, externalId: input.externalId },
      createdBy: null,
    })
    return { order, created: true, changed: [] }
  }
  const row = (await lockOrder(ctx, known.id)) as OrderRow
  if (ORDER_ENDED.includes(row.state)) return { order: row, created: false, changed: [] }
  const wanted: FieldInput = {}
  for (const field of theirs) {
    const v = input.fields[field]
    if (v === undefined || v === null || JSON.stringify(v) === JSON.stringify(currentOf(row.fold, field))) continue
    const touched = row.fact_revs[field]
    if (touched && touched.by !== ctx.actor.name) continue
    Object.assign(wanted, { [field]: v })
  }
  const changed = Object.keys(wanted)
  if (changed.length === 0) return { order: row, created: false, changed }
  await checkFacts(ctx, row.customer_id, wanted)
  const { facts, promise } = splitFields(wanted)
  const order = await record(
    ctx,
    row,
    'order.edited',
    {
      ...(Object.keys(facts).length ? { facts } : {}),
      // The customer's own system says when he wants us.
      ...(promise === undefined ? {} : { promise, promiseBy: 'customer' as const }),
    },
    { fields: changed },
  )
  return { order, created: false, changed }
}

/**
 * Tells the order what its visits are now; all of them, every time. Derives its state, its people and its clocks, in
 * the transaction of the visit's command.
 */
export async function visitsChanged(ctx: Ctx, orderId: string, visits: readonly VisitSight[]): Promise<OrderRow> {
  const row = await lockOrder(ctx, orderId)
  if (!row) return fail('not_found')
  const due = progressDue(row.fold, visits)
  if (!due) return project(ctx, row, { visits })
  return record(
    ctx,
    row,
    'order.progressed',
    {
      to: due.to,
      // When it came there; the event itself folds after everything that is known.
      at: momentOf(ctx, 0).at.getTime(),
      leadEngineerId: due.leadEngineerId,
      engineerIds: due.engineerIds,
      remaining: due.remaining,
    },
    { visits: visits.map(sightOf) },
  )
}

type Channel = 'call' | 'message' | 'visit' | 'email' | 'other'

/** A contact with the customer that another module knows of (an appointment made, a link opened). */
export async function contacted(
  ctx: Ctx,
  orderId: string,
  how: { channel: Channel; contactId?: string | null; visitId?: string | null },
): Promise<OrderRow> {
  const row = await lockOrder(ctx, orderId)
  if (!row) return fail('not_found')
  // An order that has ended cannot be contacted about; the fact stands with the visit then.
  if (ORDER_ENDED.includes(row.state) || row.state === 'completed') return row
  return record(ctx, row, 'order.contacted', {
    channel: how.channel,
    contactId: how.contactId ?? null,
    visitId: how.visitId ?? null,
  })
}

export interface Acceptance {
  contactId?: string | null
  documentId?: string | null
  signatureId?: string | null
}

/** The customer accepts: by signature on the phone, or through the link. The caller has checked who it is. */
export async function acceptOrder(ctx: Ctx, orderId: string, a: Acceptance = {}): Promise<OrderRow> {
  const row = await lockOrder(ctx, orderId)
  if (!row) return fail('not_found')
  demand(ctx, row, 'accept')
  return record(ctx, row, 'order.accepted', {
    contactId: a.contactId ?? null,
    documentId: a.documentId ?? null,
    signatureId: a.signatureId ?? null,
  })
}

/** The customer refuses the work: it goes back to be planned again, with his words. */
export async function rejectOrder(
  ctx: Ctx,
  orderId: string,
  r: { reason: string; remaining?: string | null; contactId?: string | null },
): Promise<OrderRow> {
  const row = await lockOrder(ctx, orderId)
  if (!row) return fail('not_found')
  demand(ctx, row, 'reject')
  return record(
    ctx,
    row,
    'order.rejected',
    { contactId: r.contactId ?? null, remaining: r.remaining ?? null },
    { reason: r.reason },
  )
}

/** How the survey of this order stands: an invited one keeps the order from being closed. */
export async function surveyStands(ctx: Ctx, orderId: string, survey: OrderRow['survey']): Promise<OrderRow> {
  const n = await ctx.db.run(sql`update orders set survey = ${survey}, rev = rev + 1 where id = ${orderId}`)
  if (n === 0) fail('not_found')
  return (await findOrder(ctx, orderId)) as OrderRow
}

export interface ProposeOrder {
  id: string
  /** The order at whose site it was found. */
  fromOrderId: string
  title: string
  text?: string | null
  type: NonNullable<FieldInput['type']>
  priority: NonNullable<FieldInput['priority']>
}

/**
 * A draft for what was found on site: same customer, site, contact, equipment, contract and project as the order at hand.
 * Whoever works there may propose it; a dispatcher takes it in. The same id again is the same draft.
 */
export async function proposeOrder(ctx: Ctx, p: ProposeOrder): Promise<OrderRow> {
  const from = await findOrder(ctx, p.fromOrderId)
  if (!from) return fail('not_found')
  const known = await findOrder(ctx, p.id)
  if (known) return known.customer_id === from.customer_id ? known : fail('order_exists')
  const f = from.fold.facts
  return makeOrder(ctx, {
    id: p.id,
    customerId: from.customer_id,
    as: 'draft',
    createdBy: ctx.actor.id,
    fields: {
      title: p.title,
      text: p.text || null,
      type: p.type,
      priority: p.priority,
      teamId: f.teamId ?? null,
      siteId: f.siteId ?? null,
      contactId: f.contactId ?? null,
      assetId: f.assetId ?? null,
      contractId: f.contractId ?? null,
      projectId: f.projectId ?? null,
      phaseId: f.phaseId ?? null,
    },
  })
}

/** The equipment that the order is really about, read from its plate. An order that has ended keeps what it says. */
export async function orderAboutAsset(ctx: Ctx, orderId: string, assetId: string): Promise<void> {
  const row = await lockOrder(ctx, orderId)
  if (!row) return fail('not_found')
  if (row.fold.facts.assetId === assetId || ORDER_ENDED.includes(row.state)) return
  await checkFacts(ctx, row.customer_id, { assetId })
  await record(ctx, row, 'order.edited', { facts: { assetId } }, { fields: ['assetId'] })
}

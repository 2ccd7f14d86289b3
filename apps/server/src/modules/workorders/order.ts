import {
  foldOrder,
  type OrderEventType,
  type OrderFacts,
  type OrderPayloads,
  type OrderState,
  type OrderStateCode,
  type VisitState,
} from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { type Db, sql } from '../../platform/database/pool'
import { historyOf, toLifecycle } from '../../platform/events'
import { derivedId } from '../../platform/ids'
import type { ScopeRow } from '../../platform/policy'
import { openThread, rescopeThread } from '../threads'
import { clocksOf, marksOf, nextSlaAt } from './clocks'
import { momentOf } from './moment'

/** What an order keeps of its visits: enough for its derived state and its clocks. A folded VisitState fits as it is. */
export type VisitSight = Pick<
  VisitState,
  | 'id'
  | 'state'
  | 'role'
  | 'required'
  | 'engineerId'
  | 'result'
  | 'remaining'
  | 'mode'
  | 'planned'
  | 'offeredAt'
  | 'takenAt'
  | 'arrivedAt'
  | 'startedAt'
  | 'endedAt'
>
export const sightOf = (v: VisitSight): VisitSight => ({
  id: v.id,
  state: v.state,
  role: v.role,
  required: v.required,
  engineerId: v.engineerId,
  result: v.result,
  remaining: v.remaining,
  mode: v.mode,
  planned: v.planned,
  offeredAt: v.offeredAt,
  takenAt: v.takenAt,
  arrivedAt: v.arrivedAt,
  startedAt: v.startedAt,
  endedAt: v.endedAt,
})

export interface FieldRev {
  rev: number
  by: string
  at: string
}

export interface OrderRow extends ScopeRow {
  id: string
  number: string
  state: OrderStateCode
  customer_id: string
  site_id: string | null
  contract_id: string | null
  source: string | null
  external_id: string | null
  created_by: string | null
  survey: 'none' | 'invited' | 'answered' | 'expired'
  sla_told: string[]
  rev: number
  changed_at: Date
  changed_by_name: string | null
  fact_revs: Record<string, FieldRev>
  fold: OrderState
  visits: VisitSight[]
}

const columns = sql`id, number, state, team_id, customer_id, people, site_id, contract_id, source, external_id, created_by, survey, sla_told,
  rev, changed_at, changed_by_name, fact_revs, fold, visits`

/** The order's row, or undefined. */
export const findOrder = (ctx: Pick<Ctx, 'db'>, id: string) =>
  ctx.db.maybe<OrderRow>(sql`select ${columns} from orders where id = ${id}`)

/** The order's row, locked until the command commits; undefined if there is none. */
export const lockOrder = (ctx: Pick<Ctx, 'db'>, id: string) =>
  ctx.db.maybe<OrderRow>(sql`select ${columns} from orders where id = ${id} for update`)

/** Who may see what belongs to this order: rows of visits, threads and documents carry the same. */
export const orderScope = (o: ScopeRow): ScopeRow => ({
  team_id: o.team_id,
  customer_id: o.customer_id,
  people: o.people,
})

// Whoever declined or lost a visit has no business with the order any more.
const gone = ['declined', 'reassigned', 'cancelled']
export const peopleOf = (createdBy: string | null, fold: OrderState, visits: readonly VisitSight[]): string[] => [
  ...new Set(
    [createdBy, ...fold.engineerIds, ...visits.filter((v) => !gone.includes(v.state)).map((v) => v.engineerId)].filter(
      (id) => id !== null,
    ),
  ),
]

const at = (ms: number | null | undefined): Date | null => (ms === null || ms === undefined ? null : new Date(ms))

/** What the folded state says, column by column. */
export function projection(fold: OrderState) {
  const f = fold.facts
  return {
    state: fold.state,
    type: f.type,
    priority: f.priority,
    title: f.title,
    team_id: f.teamId ?? null,
    site_id: f.siteId ?? null,
    contact_id: f.contactId ?? null,
    asset_id: f.assetId ?? null,
    contract_id: f.contractId ?? null,
    project_id: f.projectId ?? null,
    phase_id: f.phaseId ?? null,
    lead: fold.leadEngineerId,
    engineers: [...fold.engineerIds],
    promise_start: at(fold.promise.current?.start),
    promise_end: at(fold.promise.current?.end),
    due_at: at(f.dueAt ?? fold.promise.current?.end),
    mark: fold.mark,
    submitted_at: at(fold.submittedAt),
    first_contact_at: at(fold.firstContactAt),
    assigned_at: at(fold.assignedAt),
    started_at: at(fold.startedAt),
    awaiting_at: at(fold.awaitingAt),
    completed_at: at(fold.completedAt),
    closed_at: at(fold.closedAt),
    conflicts: fold.conflicts.length,
  }
}

/** Number, request and the names of what it is about, in the form that a search asks for. */
const searchText = (fold: OrderState, number: string, externalId: string | null) => {
  const own = [number, externalId, fold.facts.title, (fold.facts.text ?? '').slice(0, 600)].filter(Boolean).join(' ')
  return sql`order_search_text(${own}, ${fold.facts.customerId}, ${fold.facts.siteId ?? null}, ${fold.facts.assetId ?? null})`
}

export interface Birth {
  id: string
  number: string
  payload: OrderPayloads['order.created']
  createdBy: string | null
  source: string | null
  externalId: string | null
}

/** Writes a new order: its first event and its row. */
export async function bear(ctx: Ctx, b: Birth): Promise<OrderRow> {
  const facts = b.payload.facts
  const scope = {
    team_id: facts.teamId ?? null,
    customer_id: facts.customerId,
    people: b.createdBy ? [b.createdBy] : [],
  }
  const event = await ctx.emit({
    type: 'order.created',
    aggregate: 'order',
    aggregateId: b.id,
    payload: { ...b.payload },
    scope,
  })
  const fold = foldOrder([toLifecycle(event)]) as OrderState
  const p = projection(fold)
  const row = await ctx.db.one<OrderRow>(sql`
    insert into orders (id, number, state, type, priority, title, team_id, customer_id, people, site_id, contact_id, asset_id, contract_id, project_id, phase_id,
      promise_start, promise_end, due_at, source, external_id, repeat_of, created_by, created_at, submitted_at, changed_at, changed_by, changed_by_name,
      next_sla_at, fold, search_text)
    values (${b.id}, ${b.number}, ${p.state}, ${p.type}, ${p.priority}, ${p.title}, ${p.team_id}, ${facts.customerId}, ${scope.people}, ${p.site_id}, ${p.contact_id}, ${p.asset_id},
      ${p.contract_id}, ${p.project_id}, ${p.phase_id}, ${p.promise_start}, ${p.promise_end}, ${p.due_at}, ${b.source}, ${b.externalId}, ${fold.repeatOf}, ${b.createdBy},
      ${new Date(fold.createdAt)}, ${p.submitted_at}, ${ctx.now}, ${ctx.actor.id}, ${ctx.actor.name}, ${await nextSlaAt(ctx, fold, [])}, ${JSON.stringify(fold)}::jsonb,
      ${searchText(fold, b.number, b.externalId)})
    returning ${columns}`)
  await openThread(ctx, { kind: 'order', id: b.id, title: `${b.number} ${facts.title}`, scope })
  return row
}

const scopeChanged = (a: ScopeRow, b: ScopeRow) =>
  a.team_id !== b.team_id || [...a.people].sort().join() !== [...b.people].sort().join()

/**
 * What was said of a clock and is not so after all: a late event has shown that it was met in time. It is said as well,
 * and what may still come of that clock can be said again. Answers what has been told and stands.
 */
async function correctSla(
  ctx: Ctx,
  row: OrderRow,
  fold: OrderState,
  visits: readonly VisitSight[],
): Promise<readonly string[]> {
  if (!row.sla_told.some((key) => key.endsWith(':100'))) return row.sla_told
  const clocks = await clocksOf(ctx, fold, visits)
  const marks = marksOf(clocks)
  const stands = (key: string) => marks.find((m) => m.key === key)?.reached ?? false
  const wrong = row.sla_told.filter((key) => key.endsWith(':100') && !stands(key))
  if (wrong.length === 0) return row.sla_told
  const aggregateId = derivedId(row.id, 'sla')
  for (const key of wrong) {
    const [clock, visitId = null] = key.slice(0, -':100'.length).split(':')
    const now = clocks.find((c) => c.clock === clock && c.visitId === visitId)
    await ctx.emit({
      type: 'sla.corrected',
      aggregate: 'sla',
      aggregateId,
      payload: {
        orderId: row.id,
        number: row.number,
        clock,
        visitId,
        state: now?.state ?? 'cancelled',
        dueAt: now?.dueAt ?? null,
        stopAt: now?.state === 'met' ? now.stopAt : null,
      },
      scope: orderScope(row),
    })
  }
  const corrected = new Set(wrong.map((key) => key.slice(0, -3)))
  return row.sla_told.filter((key) => !corrected.has(key.slice(0, key.lastIndexOf(':') + 1)) || stands(key))
}

/** Saves the row as the projection of its events; `visits` when they changed. */
export async function project(
  ctx: Ctx,
  row: OrderRow,
  change: { fields?: readonly string[]; visits?: readonly VisitSight[] } = {},
): Promise<OrderRow> {
  const fold = foldOrder((await historyOf(ctx, 'order', row.id)).map(toLifecycle)) as OrderState
  const visits = change.visits ?? row.visits
  const rev = row.rev + 1
  const fieldRevs = { ...row.fact_revs }
  for (const field of change.fields ?? []) fieldRevs[field] = { rev, by: ctx.actor.name, at: ctx.now.toISOString() }
  const p = projection(fold)
  const told = await correctSla(ctx, row, fold, visits)
  const after = await ctx.db.one<OrderRow>(sql`
    update orders set state = ${p.state}, type = ${p.type}, priority = ${p.priority}, title = ${p.title}, team_id = ${p.team_id}, people = ${peopleOf(row.created_by, fold, visits)},
      site_id = ${p.site_id}, contact_id = ${p.contact_id}, asset_id = ${p.asset_id}, contract_id = ${p.contract_id}, project_id = ${p.project_id}, phase_id = ${p.phase_id},
      lead_engineer_id = ${p.lead}, engineer_ids = ${p.engineers}, promise_start = ${p.promise_start}, promise_end = ${p.promise_end}, due_at = ${p.due_at}, mark = ${p.mark},
      submitted_at = ${p.submitted_at}, first_contact_at = ${p.first_contact_at}, assigned_at = ${p.assigned_at}, started_at = ${p.started_at}, awaiting_at = ${p.awaiting_at},
      completed_at = ${p.completed_at}, closed_at = ${p.closed_at}, conflicts = ${p.conflicts}, rev = ${rev}, changed_at = ${ctx.now}, changed_by = ${ctx.actor.id}, changed_by_name = ${ctx.actor.name},
      fact_revs = ${JSON.stringify(fieldRevs)}::jsonb, fold = ${JSON.stringify(fold)}::jsonb, visits = ${JSON.stringify(visits.map(sightOf))}::jsonb, sla_told = ${told},
      next_sla_at = ${await nextSlaAt(ctx, fold, visits, told)}, search_text = ${searchText(fold, row.number, row.external_id)}
    where id = ${row.id}
    returning ${columns}`)
  if (scopeChanged(row, after)) await rescopeThread(ctx, row.id, orderScope(after))
  return after
}

/** States one fact about the order and saves what it comes to. The caller has locked, authorised and judged. */
export async function record<T extends OrderEventType>(
  ctx: Ctx,
  row: OrderRow,
  type: T,
  payload: OrderPayloads[T],
  o: {
    reason?: string | null
    personal?: Record<string, unknown>
    fields?: readonly string[]
    visits?: readonly VisitSight[]
  } = {},
): Promise<OrderRow> {
  const moment = momentOf(ctx, row.fold.lastAt)
  // Judged on what is known now, so it folds last, however early the phone says: sorted among older events it would
  // change a state that it was never asked about. A contact changes no state and keeps its own time.
  if (type !== 'order.contacted' && moment.at.getTime() <= row.fold.lastAt) moment.at = new Date(row.fold.lastAt + 1)
  await ctx.emit({
    type,
    aggregate: 'order',
    aggregateId: row.id,
    payload: { ...payload },
    scope: orderScope(row),
    occurredAt: moment.at,
    flags: moment.flags,
    ...(o.reason ? { reason: o.reason } : {}),
    ...(o.personal ? { personal: o.personal } : {}),
  })
  return project(ctx, row, { ...(o.fields ? { fields: o.fields } : {}), ...(o.visits ? { visits: o.visits } : {}) })
}

/** Puts another aggregate's events on the order's timeline. */
export const linkAggregate = (ctx: Ctx, orderId: string, aggregateId: string) =>
  ctx.db.run(
    sql`insert into order_aggregates (order_id, aggregate_id) values (${orderId}, ${aggregateId}) on conflict do nothing`,
  )

/** A name changed: what orders are found by follows. */
export const refreshSearch = (db: Db, by: 'customer_id' | 'site_id' | 'asset_id', id: string) =>
  db.run(sql`update orders set search_text = order_search_text(
      concat_ws(' ', number, external_id, title, left(fold -> 'facts' ->> 'text', 600)), customer_id, site_id, asset_id)
    where ${by === 'customer_id' ? sql`customer_id` : by === 'site_id' ? sql`site_id` : sql`asset_id`} = ${id}`)

export type { OrderFacts }

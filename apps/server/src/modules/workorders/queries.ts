import type { z } from 'zod'
import type { OrderDetail, ordersRoutes, TimelineEntry } from '#contracts/orders.schema'
import type { OrderStateCode } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { empty, join, type Sql, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { authorise, scopeSql } from '../../platform/policy'
import { cursor, pageOf, readCursor, searchSql } from '../../platform/search'
import { assetFacts, contactFacts, contractFor, siteFacts } from '../customers'
import { namesOf } from '../people'
import { slaOf } from './clocks'
import { findOrder, orderScope } from './order'
import * as present from './present'
import { duplicateHours } from './rules'

type ListQuery = z.output<typeof ordersRoutes.listOrders.query>

const named = sql`o.id, o.number, o.state, o.team_id, o.customer_id, o.people, o.site_id, o.contract_id, o.source, o.external_id, o.created_by, o.survey, o.sla_told,
  o.rev, o.changed_at, o.changed_by_name, o.fact_revs, o.fold, o.visits, o.created_at, o.due_at, o.priority_rank,
  c.name as customer_name, s.name as site_name, s.address as site_address, s.zone as site_zone, s.access_hours as site_hours, t.name as team_name, k.deem_after_days,
  coalesce((select json_agg(json_build_object('id', u.id, 'name', u.name) order by array_position(o.engineer_ids, u.id)) from users u where u.id = any(o.engineer_ids)), '[]') as engineer_names`
const withNames = sql`join customers c on c.id = o.customer_id left join sites s on s.id = o.site_id left join teams t on t.id = o.team_id left join contracts k on k.id = o.contract_id`

const before = sql`('draft', 'new', 'unassigned', 'assigned', 'in_progress', 'on_hold')`

/** Everything but the state: tabs count under the same filter as the rows. */
export function filterSql(ctx: Ctx, f: Omit<ListQuery, 'sort' | 'limit' | 'after' | 'state'>): Sql {
  const parts: Sql[] = [scopeSql(ctx.actor, 'order.read', 'o')]
  if (f.type?.length) parts.push(sql`o.type = any(${f.type}::text[])`)
  if (f.priority?.length) parts.push(sql`o.priority = any(${f.priority}::text[])`)
  if (f.teamId) parts.push(sql`o.team_id = any(array(select id from teams where path @> array[${f.teamId}]::uuid[]))`)
  // `people` has the index; the engineers among them are those who hold it.
  if (f.engineerId)
    parts.push(sql`(o.people @> array[${f.engineerId}]::uuid[] and ${f.engineerId} = any(o.engineer_ids))`)
  if (f.customerId) parts.push(sql`o.customer_id = ${f.customerId}`)
  if (f.siteId) parts.push(sql`o.site_id = ${f.siteId}`)
  if (f.projectId) parts.push(sql`o.project_id = ${f.projectId}`)
  if (f.late === true) parts.push(sql`(o.due_at < ${ctx.now} and o.state in ${before})`)
  if (f.late === false) parts.push(sql`not coalesce(o.due_at < ${ctx.now} and o.state in ${before}, false)`)
  if (f.dueFrom) parts.push(sql`o.due_at >= ${f.dueFrom}`)
  if (f.dueTo) parts.push(sql`o.due_at < ${f.dueTo}`)
  if (f.createdFrom) parts.push(sql`o.created_at >= ${f.createdFrom}`)
  if (f.createdTo) parts.push(sql`o.created_at < ${f.createdTo}`)
  if (f.q) parts.push(searchSql('o.search', f.q, 'o.search_text'))
  return join(parts, ' and ')
}

const due = (o: Keyed) => o.due_at?.toISOString() ?? 'infinity'
interface Keyed extends present.Named {
  due_at: Date | null
  priority_rank: number
}
/** How each order of rows is asked for and where a page ends; ids make it total. */
const sorts: Record<
  ListQuery['sort'],
  {
    by: Sql
    columns: Sql
    length: number
    from: (v: (string | number | null)[]) => Sql
    key: (o: Keyed) => (string | number)[]
  }
> = {
  created: {
    by: sql`o.created_at desc, o.id desc`,
    columns: sql`o.created_at`,
    length: 2,
    from: ([at, id]) => sql`(o.created_at, o.id) < (${at}::timestamptz, ${id}::uuid)`,
    key: (o) => [o.created_at.toISOString(), o.id],
  },
  changed: {
    by: sql`o.changed_at desc, o.id desc`,
    columns: sql`o.changed_at`,
    length: 2,
    from: ([at, id]) => sql`(o.changed_at, o.id) < (${at}::timestamptz, ${id}::uuid)`,
    key: (o) => [o.changed_at.toISOString(), o.id],
  },
  due: {
    by: sql`coalesce(o.due_at, 'infinity'), o.id`,
    columns: sql`o.due_at`,
    length: 2,
    from: ([at, id]) => sql`(coalesce(o.due_at, 'infinity'), o.id) > (${at}::timestamptz, ${id}::uuid)`,
    key: (o) => [due(o), o.id],
  },
  priority: {
    by: sql`o.priority_rank, o.created_at, o.id`,
    columns: sql`o.priority_rank, o.created_at`,
    length: 3,
    from: ([rank, at, id]) =>
      sql`(o.priority_rank, o.created_at, o.id) > (${rank}::smallint, ${at}::timestamptz, ${id}::uuid)`,
    key: (o) => [o.priority_rank, o.created_at.toISOString(), o.id],
  },
}

/** The rows of one page: first the narrow ids in order, then names and clocks for those alone. */
export function pageSql(ctx: Ctx, q: ListQuery): Sql {
  const sort = sorts[q.sort]
  const after = readCursor(q.after, sort.length)
  return sql`select ${named} from (
      select o.* from orders o where ${filterSql(ctx, q)}
        ${q.state?.length ? sql`and o.state = any(${q.state}::text[])` : empty}
        ${after ? sql`and ${sort.from(after)}` : empty}
      order by ${sort.by} limit ${q.limit + 1}
    ) o ${withNames} order by ${sort.by}`
}
export const countSql = (ctx: Ctx, q: ListQuery): Sql =>
  sql`select o.state, count(*) as n from orders o where ${filterSql(ctx, q)} group by o.state`

/**
 * Few are asked for: words, one person's orders, what is late. Left to itself the planner would walk the newest orders
 * hoping to meet enough of them, and walk them all when it does not.
 */
const few = (ctx: Ctx, q: ListQuery): boolean =>
  Boolean(q.q || q.engineerId || q.late) ||
  (ctx.actor.kind !== 'system' && ctx.actor.grants.every((g) => g.reach.kind === 'own'))

/** Goes through the few once, for counts and page together. */
export function hitsSql(ctx: Ctx, q: ListQuery): Sql {
  const sort = sorts[q.sort]
  const after = readCursor(q.after, sort.length)
  return sql`with hits as materialized (
      select o.id, o.state, ${sort.columns} from orders o where ${filterSql(ctx, q)}
    )
    select coalesce((select json_agg(c) from (select state, count(*) as n from hits group by state) c), '[]') as counts,
      coalesce((select json_agg(p.id) from (select o.id from hits o where true
        ${q.state?.length ? sql`and o.state = any(${q.state}::text[])` : empty} ${after ? sql`and ${sort.from(after)}` : empty}
        order by ${sort.by} limit ${q.limit + 1}) p), '[]') as ids`
}

interface Count {
  state: OrderStateCode
  n: number
}
async function pageAndCounts(ctx: Ctx, q: ListQuery): Promise<[Keyed[], Count[]]> {
  if (!few(ctx, q)) return Promise.all([ctx.db.query<Keyed>(pageSql(ctx, q)), ctx.db.query<Count>(countSql(ctx, q))])
  const { ids, counts } = await ctx.db.one<{ ids: string[]; counts: Count[] }>(hitsSql(ctx, q))
  const rows = await ctx.db.query<Keyed>(
    sql`select ${named} from orders o ${withNames} where o.id = any(${ids}::uuid[]) order by ${sorts[q.sort].by}`,
  )
  return [rows, counts]
}

export async function listOrders(ctx: Ctx, q: ListQuery) {
  const [rows, counts] = await pageAndCounts(ctx, q)
  const wanted = counts.filter((c) => !q.state?.length || q.state.includes(c.state))
  return {
    ...pageOf(rows, q.limit, sorts[q.sort].key, (o) => present.row(ctx.actor, o, ctx.now, slaOf(ctx, o))),
    counts: Object.fromEntries(counts.map((c) => [c.state, c.n])),
    total: wanted.reduce((n, c) => n + c.n, 0),
  }
}

/** One order with everything that its page shows beside visits, documents and thread. */
export async function orderDetail(ctx: Ctx, id: string): Promise<z.input<typeof OrderDetail>> {
  const o = await findOrder(ctx, id)
  if (!o) return fail('not_found')
  authorise(ctx.actor, 'order.read', orderScope(o), 'order.read')
  return detailOf(ctx, id)
}

/** The same without asking: a command's answer, even when the command has just moved the order out of sight. */
export async function detailOf(ctx: Ctx, id: string): Promise<z.input<typeof OrderDetail>> {
  const o = await ctx.db.maybe<present.Named>(sql`select ${named} from orders o ${withNames} where o.id = ${id}`)
  if (!o) return fail('not_found')
  const f = o.fold.facts
  const contact = f.contactId ? await contactFacts(ctx, f.contactId) : null
  const asset = f.assetId ? await assetFacts(ctx, f.assetId) : null
  const contract = f.contractId ? await contractFor(ctx, f.contractId) : null
  const site = o.site_id ? await siteFacts(ctx, o.site_id) : null
  const notice =
    o.fold.awaitingAt === null
      ? undefined
      : await ctx.db.maybe<{ sent_at: Date; deem_at: Date }>(sql`
    select sent_at, deem_at from acceptance_notices where order_id = ${id} and awaiting_at = ${present.iso(o.fold.awaitingAt)}::timestamptz order by sent_at desc limit 1`)
  const creator =
    o.created_by === null
      ? undefined
      : o.created_by === ctx.actor.id
        ? { id: o.created_by, name: ctx.actor.name }
        : (await namesOf(ctx.db, [o.created_by]))[0]
  const { iso } = present
  const s = o.fold
  return {
    ...present.row(ctx.actor, o, ctx.now, slaOf(ctx, o)),
    text: f.text ?? null,
    product: f.product ?? null,
    contact: contact && { id: contact.id, name: contact.name, title: contact.title, phone: contact.phone },
    asset: asset && {
      id: asset.id,
      name: asset.name,
      model: asset.model,
      serial: asset.serial,
      warrantyUntil: asset.warrantyUntil,
    },
    contract: contract && {
      id: contract.id,
      number: contract.number,
      title: contract.title,
      deemAfterDays: contract.deemAfterDays,
    },
    sitePoint: site?.point ?? null,
    siteZone: site?.zone ?? null,
    phaseId: f.phaseId ?? null,
    requestedStart: iso(f.requestedStart),
    originalPromise: present.windowOf(s.promise.original),
    holds: s.holds.map((h) => ({
      from: new Date(h.from).toISOString(),
      to: iso(h.to),
      cause: h.cause,
      responsibility: h.responsibility,
      reason: h.reason,
      pausesSla: h.pausesSla,
    })),
    acceptance: s.acceptance && { how: s.acceptance.how, at: new Date(s.acceptance.at).toISOString() },
    waiveRequestedAt: iso(s.waiveRequestedAt),
    rejectedAt: iso(s.rejectedAt),
    acceptanceNotice: notice ? { sentAt: notice.sent_at.toISOString(), deemAt: notice.deem_at.toISOString() } : null,
    endReason: s.endReason,
    endResponsibility: s.endResponsibility,
    duplicateOf: s.duplicateOf,
    reopenedAs: [...s.reopenedAs],
    survey: o.survey,
    createdBy: creator ? { id: creator.id, name: creator.name } : null,
    times: {
      submittedAt: iso(s.submittedAt),
      triagedAt: iso(s.triagedAt),
      firstContactAt: iso(s.firstContactAt),
      assignedAt: iso(s.assignedAt),
      startedAt: iso(s.startedAt),
      awaitingAt: iso(s.awaitingAt),
      completedAt: iso(s.completedAt),
      closedAt: iso(s.closedAt),
    },
  }
}

/** Orders about the same site and asset within 72 hours, whoever's team they are in, as far as this person may see them. */
export async function duplicatesOf(
  ctx: Ctx,
  q: { siteId: string; assetId?: string | undefined; except?: string | undefined },
) {
  const since = new Date(ctx.now.getTime() - duplicateHours * 3_600_000)
  const rows = await ctx.db.query<{
    id: string
    number: string
    title: string
    state: OrderStateCode
    created_at: Date
  }>(sql`
    select o.id, o.number, o.title, o.state, o.created_at from orders o
    where o.site_id = ${q.siteId} and o.created_at >= ${since} and o.state <> 'cancelled' and o.mark is null and ${scopeSql(ctx.actor, 'order.read', 'o')}
      ${q.assetId ? sql`and (o.asset_id = ${q.assetId} or o.asset_id is null)` : empty} ${q.except ? sql`and o.id <> ${q.except}` : empty}
    order by o.created_at desc limit 10`)
  return {
    rows: rows.map((r) => ({
      id: r.id,
      number: r.number,
      title: r.title,
      state: r.state,
      createdAt: r.created_at.toISOString(),
    })),
  }
}

interface EventRow {
  id: string
  aggregate: string
  aggregate_id: string
  type: string
  payload: Record<string, unknown>
  reason: string | null
  actor_kind: string
  actor_id: string | null
  actor_name: string
  source: string
  occurred_at: Date
  recorded_at: Date
  offline: boolean
  flags: string[]
}

const personKeys = new Set(['engineerId', 'leadEngineerId', 'toEngineerId', 'toId', 'ownerId', 'userId'])
function peopleIn(params: Record<string, unknown>): string[] {
  return Object.entries(params).flatMap(([k, v]) =>
    personKeys.has(k) && typeof v === 'string' ? [v] : k === 'engineerIds' && Array.isArray(v) ? (v as string[]) : [],
  )
}

/** All that happened to the order and to what belongs to it, newest first: codes and values, never prose. */
export async function timeline(ctx: Ctx, id: string, q: { after?: string | undefined; limit: number }) {
  const o = await findOrder(ctx, id)
  if (!o) return fail('not_found')
  authorise(ctx.actor, 'order.read', orderScope(o), 'order.read')
  const after = readCursor(q.after, 2)
  const rows = await ctx.db.query<EventRow>(sql`
    select e.id, e.aggregate, e.aggregate_id, e.type, e.payload, e.reason, e.actor_kind, e.actor_id, e.actor_name, e.source, e.occurred_at, e.recorded_at, e.offline, e.flags
    from events e where e.aggregate_id in (select ${id}::uuid union all select aggregate_id from order_aggregates where order_id = ${id})
      -- Every tick of a checklist is in the audit; the story tells what came of them.
      and e.type <> 'worksheet.answered'
      ${after ? sql`and (e.occurred_at, e.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : empty}
    order by e.occurred_at desc, e.id desc limit ${q.limit + 1}`)
  const shown = rows.slice(0, q.limit)
  const ids = [...new Set(shown.flatMap((r) => peopleIn(r.payload)))]
  const people = ids.length ? await namesOf(ctx.db, ids) : []
  const last = shown.at(-1)
  return {
    rows: shown.map(
      (e): z.input<typeof TimelineEntry> => ({
        id: e.id,
        aggregate: e.aggregate,
        aggregateId: e.aggregate_id,
        type: e.type,
        params: e.payload,
        reason: e.reason,
        actor: { kind: e.actor_kind, id: e.actor_id, name: e.actor_name },
        source: e.source,
        occurredAt: e.occurred_at.toISOString(),
        recordedAt: e.recorded_at.toISOString(),
        offline: e.offline,
        flags: e.flags,
      }),
    ),
    next: rows.length > q.limit && last ? cursor([last.occurred_at.toISOString(), last.id]) : null,
    people: people.map((p) => ({ id: p.id, name: p.name })),
  }
}

// What screens ask about visits: one statement a screen. Names of customers, sites and people are joined here and
// nowhere stored twice.

import type { z } from 'zod'
import type { VisitCard } from '#contracts/visits.schema'
import { checkInCard, holds, can as lifecyclePermits, nextVerb, type OrderState, visitCard, workCan } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { type Db, type Sql, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { localDate } from '../../platform/numbers'
import { type Actor, authorise, hasAbility, permits, scopeSql } from '../../platform/policy'
import { slaOf, type VisitSight } from '../workorders'
import { planVerbs } from './rules'
import { type VisitRow, visitScope } from './store'

export interface CardRow extends VisitRow {
  order_number: string | null
  title: string
  order_text: string | null
  type: string
  priority: string
  order_state: string
  order_fold: OrderState
  order_visits: VisitSight[]
  order_changed_at: Date
  due_at: Date | null
  asset: { id: string; name: string; model: string | null; serial: string | null } | null
  customer_name: string
  site: {
    name: string
    address: string
    lat: number | null
    lng: number | null
    datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' | null
    accuracy_m: number | null
    radius_m: number
    zone: string
    access_hours: unknown
    entry_needs: unknown
  } | null
  contact: { id: string; name: string; phone: string | null } | null
  engineer_name: string | null
  review_open: boolean
  conflicts: number
}

// A site asks for certificates by the code of their kind; people read its name.
const entryNeeds = sql`jsonb_set(s.entry_needs, '{certificates}', coalesce((
  select jsonb_agg(coalesce(ck.name, x.code) order by x.at)
  from jsonb_array_elements_text(s.entry_needs->'certificates') with ordinality x (code, at)
    left join certificate_kinds ck on ck.code = x.code), '[]'))`

export const cardColumns = sql`v.id, v.order_id, v.site_id, v.trip_id, v.engineer_id, v.mode, v.state, v.planned_start, v.planned_end, v.fold,
  v.candidates, v.former, v.arrival_code, v.code_wrong, v.team_id, v.customer_id, v.people, v.rev, v.changed_at, null as changed_by_name, v.review_open, v.conflicts,
  o.number as order_number, o.title, o.fold->'facts'->>'text' as order_text, o.type, o.priority, o.state as order_state, o.fold as order_fold, o.visits as order_visits, o.changed_at as order_changed_at, o.due_at, c.name as customer_name,
  case when a.id is not null then json_build_object('id', a.id, 'name', a.name, 'model', a.model, 'serial', a.serial) end as asset,
  case when s.id is not null then json_build_object('name', s.name, 'address', s.address, 'lat', s.lat, 'lng', s.lng, 'datum', s.datum,
    'accuracy_m', s.accuracy_m, 'radius_m', s.radius_m, 'zone', s.zone, 'access_hours', s.access_hours, 'entry_needs', ${entryNeeds}) end as site,
  case when k.id is not null then json_build_object('id', k.id, 'name', k.name, 'phone', k.phone) end as contact,
  e.name as engineer_name`
export const cardTables = sql`visits v join orders o on o.id = v.order_id join customers c on c.id = v.customer_id
  left join sites s on s.id = v.site_id left join contacts k on k.id = o.contact_id left join users e on e.id = v.engineer_id left join assets a on a.id = o.asset_id`

/** Whether the actor is the one who does it: the engineer who holds it, or a candidate of an open offer. */
export const isMine = (actor: Actor, v: VisitRow) => hasAbility(actor, 'visit.work') && holds(v, actor.id)

function canOf(actor: Actor, v: VisitRow): Record<string, boolean> {
  const f = v.fold
  const plans = permits(actor, 'visit.plan', visitScope(v))
  const out: Record<string, boolean> = workCan(f, isMine(actor, v))
  for (const [name, verb] of Object.entries(planVerbs))
    out[name] = plans && lifecyclePermits('visit', f.state, verb, { mode: f.mode })
  out.reschedule ||= plans && lifecyclePermits('visit', f.state, 'reschedule', { mode: f.mode })
  out.review = permits(actor, 'visit.review', visitScope(v)) && f.checkIns.some((c) => c.grade !== null)
  return out
}

/** Where it is, as the card and the phone's row say it. */
export const siteOf = (v: CardRow) =>
  v.site && {
    id: v.site_id as string,
    name: v.site.name,
    address: v.site.address,
    point:
      v.site.lat !== null && v.site.lng !== null && v.site.datum !== null
        ? {
            lat: v.site.lat,
            lng: v.site.lng,
            datum: v.site.datum,
            ...(v.site.accuracy_m !== null ? { accuracyM: v.site.accuracy_m } : {}),
          }
        : null,
    radiusM: v.site.radius_m,
    zone: v.site.zone,
    accessHours: v.site.access_hours,
    entryNeeds: v.site.entry_needs,
  }

export function present(ctx: Ctx, v: CardRow): z.input<typeof VisitCard> {
  const f = v.fold
  const can = canOf(ctx.actor, v)
  const next = isMine(ctx.actor, v) ? nextVerb(f, localDate(ctx.now, v.site?.zone ?? ctx.zone)) : null
  return {
    id: v.id,
    rev: v.rev,
    orderId: v.order_id,
    orderNumber: v.order_number,
    title: v.title,
    type: v.type,
    priority: v.priority,
    orderState: v.order_state,
    dueAt: v.due_at?.toISOString() ?? null,
    sla: slaOf(ctx, {
      fold: v.order_fold,
      visits: v.order_visits,
      site_zone: v.site?.zone ?? null,
      site_hours: (v.site?.access_hours ?? null) as [number, number][][] | null,
    }).filter((c) => c.visitId === null || c.visitId === v.id),
    customer: { id: v.customer_id as string, name: v.customer_name },
    site: siteOf(v),
    contact: v.contact,
    engineer: v.engineer_id ? { id: v.engineer_id, name: v.engineer_name ?? '—' } : null,
    ...visitCard(f),
    tripId: v.trip_id,
    reviewOpen: v.review_open,
    conflicts: v.conflicts,
    next: next && can[next] ? next : null,
    can,
  }
}

export const checkInOf = checkInCard

export const findCard = (db: Db, id: string) =>
  db.maybe<CardRow>(sql`select ${cardColumns} from ${cardTables} where v.id = ${id}`)

/** The visit as it is now, for the answer of a command that has checked already. */
export async function card(ctx: Ctx, id: string) {
  return present(ctx, (await findCard(ctx.db, id)) as CardRow)
}

/** A visit that the actor may read, or `not_found`. */
export async function readable(ctx: Ctx, id: string): Promise<CardRow> {
  const v = await findCard(ctx.db, id)
  if (!v) return fail('not_found')
  authorise(ctx.actor, 'visit.read', visitScope(v), 'visit.read')
  return v
}

export const cards = (db: Db, where: Sql, order: Sql = sql`v.planned_start, v.id`, limit = 500) =>
  db.query<CardRow>(sql`select ${cardColumns} from ${cardTables} where ${where} order by ${order} limit ${limit}`)

/** Visits of the engineer that touch [from, to): what he does, not what was taken from him. */
export const ofEngineer = (ctx: Ctx, from: Date, to: Date) =>
  cards(
    ctx.db,
    sql`v.people @> array[${ctx.actor.id}]::uuid[] and v.engineer_id = ${ctx.actor.id} and v.planned_start < ${to} and v.planned_end > ${from}
      and v.state not in ('planned', 'declined', 'cancelled', 'reassigned')`,
  )

export const offersTo = (ctx: Ctx) =>
  cards(ctx.db, sql`v.people @> array[${ctx.actor.id}]::uuid[] and v.state = 'offered'`)

export const countOfEngineer = async (ctx: Ctx, from: Date, to: Date) =>
  (
    await ctx.db.one<{
      n: number
    }>(sql`select count(*) as n from visits v where v.engineer_id = ${ctx.actor.id} and v.people @> array[${ctx.actor.id}]::uuid[]
      and v.planned_start < ${to} and v.planned_end > ${from} and v.state not in ('planned', 'declined', 'cancelled', 'reassigned')`)
  ).n

export const ofOrder = (ctx: Ctx, orderId: string) => cards(ctx.db, sql`v.order_id = ${orderId}`)

export const toReview = (ctx: Ctx, after: { at: string; id: string } | null, limit: number) =>
  cards(
    ctx.db,
    sql`v.review_open and ${scopeSql(ctx.actor, 'visit.review', 'v')}
      and (${after?.at ?? null}::timestamptz is null or (v.arrived_at, v.id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))`,
    sql`v.arrived_at desc, v.id desc`,
    limit,
  )

export interface ConflictRow {
  event_id: string
  visit_id: string
  order_id: string
  order_number: string | null
  title: string
  type: string
  why: string
  state: string
  actor_id: string | null
  actor_name: string
  occurred_at: Date
  recorded_at: Date
  reason: string | null
  found_at: Date
  team_id: string | null
  customer_id: string | null
  people: string[]
}

export const openConflicts = (ctx: Ctx, after: { at: string; id: string } | null, limit: number) =>
  ctx.db.query<ConflictRow>(sql`
    select x.event_id, x.visit_id, v.order_id, o.number as order_number, o.title, x.type, x.why, x.state, ev.actor_id, ev.actor_name,
      ev.occurred_at, ev.recorded_at, ev.reason, x.found_at, v.team_id, v.customer_id, v.people
    from visit_conflicts x join visits v on v.id = x.visit_id join orders o on o.id = v.order_id join events ev on ev.id = x.event_id
    where x.settled_at is null and ${scopeSql(ctx.actor, 'visit.conflicts', 'v')}
      and (${after?.at ?? null}::timestamptz is null or (x.found_at, x.event_id) < (${after?.at ?? null}::timestamptz, ${after?.id ?? null}::uuid))
    order by x.found_at desc, x.event_id desc limit ${limit}`)

export const crewOf = (db: Db, v: CardRow) =>
  db.query<{ id: string; engineer_id: string | null; name: string | null; fold: VisitRow['fold'] }>(sql`
    select v.id, v.engineer_id, u.name, v.fold from visits v left join users u on u.id = v.engineer_id
    where v.order_id = ${v.order_id} and v.id <> ${v.id} and v.state not in ('declined', 'cancelled', 'reassigned') order by v.planned_start, v.id limit 50`)

export const tripOf = (db: Db, v: CardRow) =>
  db.query<{ id: string; title: string; state: VisitRow['state'] }>(sql`
    select v.id, o.title, v.state from visits v join orders o on o.id = v.order_id
    where v.trip_id = ${v.trip_id} and v.id <> ${v.id} and v.state not in ('declined', 'cancelled', 'reassigned') order by v.planned_start limit 20`)

interface PastVisit {
  asset_id: string
  visit_id: string
  order_id: string
  order_number: string | null
  title: string
  at: Date
  result: 'done' | 'partial' | 'unable' | null
  engineer_id: string | null
  engineer_name: string | null
}

/** What was done to these machines before, newest first: the last eleven of each, so that ten are left beside one's own. */
export const historyOfAssets = (db: Db, assetIds: readonly string[]) =>
  db.query<PastVisit>(sql`
    select a.id as asset_id, h.* from unnest(${assetIds}::uuid[]) as a(id) cross join lateral (
      select v.id as visit_id, v.order_id, o.number as order_number, o.title, v.ended_at as at, v.result, v.engineer_id, u.name as engineer_name
      from orders o join visits v on v.order_id = o.id left join users u on u.id = v.engineer_id
      where o.asset_id = a.id and v.state in ('finished', 'aborted') order by v.ended_at desc limit 11) h`)

/** The machine and what was done to it before. */
export const assetHistory = async (db: Db, assetId: string, besides: string) =>
  (await historyOfAssets(db, [assetId])).filter((h) => h.visit_id !== besides).slice(0, 10)

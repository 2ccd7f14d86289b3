import {
  type ClockFact,
  clockFacts,
  type DayFact,
  type OrderFact,
  type OrderState,
  orderFact,
  type VisitFact,
  type VisitState,
  visitFact,
} from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { timeOfDays } from '../office'
import { siteMinutes } from '../workorders'

export interface OrderBody {
  fact: OrderFact
  clocks: (ClockFact & { visitId: string | null; engineerId: string | null })[]
}
export interface VisitBody {
  fact: VisitFact
}
export interface SurveyBody {
  fact: {
    id: string
    visitId: string | null
    invitedAt: number
    answeredAt: number | null
    score: number | null
    orderMark: 'duplicate' | 'test' | null
    orderCancelled: boolean
  }
  /** What the answer weighs for each: the lead in full, a member half. */
  engineers: { id: string; weight: number }[]
}
export interface DayBody {
  fact: DayFact
}
type Body = OrderBody | VisitBody | SurveyBody | DayBody

interface Source {
  id: string
  team_id: string | null
  site_id: string | null
  site_zone: string | null
  site_hours: [number, number][][] | null
  fold: OrderState
  visits: { fold: VisitState; teamId: string | null }[]
  surveys: {
    id: string
    visitId: string | null
    invitedAt: number
    answeredAt: number | null
    score: number | null
    engineers: { id: string; weight: number }[]
    teamId: string | null
  }[]
}
interface NewFact {
  id: string
  kind: 'order' | 'visit' | 'survey' | 'day'
  subjectId: string
  orderId: string | null
  siteId: string | null
  body: Body
  people: string[]
  teamId: string | null
  firstAt: string
  lastAt: string
}

// The folds are the events in order; the rows carry them whole, so nothing is folded twice.
const sources = (ctx: Pick<Ctx, 'db'>, orderIds: readonly string[]) =>
  ctx.db.query<Source>(sql`
    select o.id, o.team_id, o.site_id, s.zone as site_zone, s.access_hours as site_hours, o.fold,
      (select coalesce(json_agg(json_build_object('fold', v.fold, 'teamId', v.team_id) order by v.created_at, v.id), '[]') from visits v where v.order_id = o.id) as visits,
      (select coalesce(json_agg(json_build_object('id', q.id, 'visitId', q.visit_id, 'invitedAt', (extract(epoch from q.invited_at) * 1000)::bigint,
          'answeredAt', (extract(epoch from q.answered_at) * 1000)::bigint, 'score', q.score, 'engineers', q.engineers, 'teamId', q.team_id) order by q.invited_at, q.id), '[]')
        from surveys q where q.order_id = o.id) as surveys
    from orders o left join sites s on s.id = o.site_id where o.id = any(${orderIds}::uuid[])`)

const gone = ['planned', 'declined', 'reassigned', 'cancelled']
const ids = (list: readonly (string | null)[]) => [...new Set(list.filter((id): id is string => id !== null))].sort()
const iso = (at: number) => new Date(at).toISOString()
const span = (moments: readonly (number | null | undefined)[]) => {
  const known = moments.filter((m): m is number => typeof m === 'number')
  return { firstAt: iso(Math.min(...known)), lastAt: iso(Math.max(...known)) }
}

/** The facts of one order: a pure function of its events, so whoever computes it, whenever, gets the same. */
function factsOf(source: Source, zone: string): NewFact[] {
  const { fold: order } = source
  const visits = source.visits.map((v) => v.fold)
  // Clocks are read at the last thing that happened; what time alone changes is decided when a KPI is asked.
  const now = Math.max(order.lastAt, ...visits.map((v) => v.lastAt))
  const options = { now, siteHours: siteMinutes(source.site_zone ?? zone, source.site_hours) }
  const { facts } = order
  const mark = { orderMark: order.mark, orderCancelled: order.cancelledAt !== null }
  // Nobody has named causes of orders yet: the same skills asked for at the same machine are the same kind of problem.
  const cause = [facts.type, ...(facts.skills ?? []).map((s) => JSON.stringify(s)).sort()].join(' ')
  const fact = orderFact(order, visits, options, { corrective: facts.type === 'repair', cause })
  const clocks = clockFacts(order, visits, options).map((c) => {
    const visitId = c.id.split(':')[2] ?? null
    return { ...c, visitId, engineerId: visits.find((v) => v.id === visitId)?.engineerId ?? null }
  })
  const people = order.engineerIds.length
    ? ids(order.engineerIds)
    : // Work that went back into the pool is still of those who were there.
      ids(visits.filter((v) => !gone.includes(v.state)).map((v) => v.engineerId))
  const shared = { orderId: order.id, siteId: source.site_id }
  return [
    {
      ...shared,
      id: newId(),
      kind: 'order',
      subjectId: order.id,
      body: { fact, clocks },
      people,
      teamId: source.team_id,
      ...span([fact.createdAt, fact.dueAt, fact.closedAt, ...clocks.map((c) => c.dueAt)]),
    },
    ...source.visits.map(({ fold: v, teamId }): NewFact => {
      const visit = visitFact(v, order, options)
      return {
        ...shared,
        id: newId(),
        kind: 'visit',
        subjectId: v.id,
        body: { fact: visit },
        people: ids([v.engineerId]),
        teamId,
        ...span([v.plannedAt, visit.offeredAt, visit.promise?.end]),
      }
    }),
    ...source.surveys.map(({ engineers, teamId, ...s }): NewFact => {
      const weights = engineers.map(({ id, weight }) => ({ id, weight }))
      return {
        ...shared,
        id: newId(),
        kind: 'survey',
        subjectId: s.id,
        body: { fact: { ...s, ...mark }, engineers: weights },
        people: ids(weights.map((e) => e.id)),
        teamId,
        ...span([s.invitedAt, s.answeredAt]),
      }
    }),
  ]
}

/** Appends what is new or has changed about an order; the answer is how many facts that were. */
export async function appendFacts(ctx: Ctx, orderId: string): Promise<number> {
  // Two reactions to the same order wait for each other; each then reads what stands.
  await ctx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${orderId}, 0))`)
  return append(ctx, [orderId])
}

const append = async (ctx: Ctx, orderIds: readonly string[]) =>
  keep(
    ctx,
    (await sources(ctx, orderIds)).flatMap((s) => factsOf(s, ctx.zone)),
  )

/** Days as they stand in the office: one fact a person and day. */
async function days(ctx: Ctx, of: { ids: readonly string[] } | { after: string; limit: number }): Promise<NewFact[]> {
  const found = await timeOfDays(ctx, of)
  return found.map((d) => ({
    id: newId(),
    kind: 'day',
    subjectId: d.id,
    orderId: null,
    siteId: null,
    body: {
      fact: {
        id: d.id,
        personId: d.personId,
        from: d.from,
        to: d.to,
        workMin: d.workMin,
        travelMin: d.travelMin,
        availableMin: d.availableMin,
      },
    },
    people: [d.personId],
    teamId: d.teamId,
    firstAt: iso(d.from),
    lastAt: iso(d.to - 1),
  }))
}

/** Appends what is new or has changed about a person's day. */
export async function appendDay(ctx: Ctx, dayId: string): Promise<number> {
  await ctx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${dayId}, 0))`)
  return keep(ctx, await days(ctx, { ids: [dayId] }))
}

async function keep(ctx: Ctx, found: readonly NewFact[]): Promise<number> {
  if (found.length === 0) return 0
  const changed = await ctx.db.query<{ id: string }>(sql`
    with n as (
      select * from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as n(id uuid, kind text, "subjectId" uuid, "orderId" uuid, "siteId" uuid, body json, people uuid[], "teamId" uuid, "firstAt" timestamptz, "lastAt" timestamptz)
    ), c as (
      select n.*, h.fact_id from n left join fact_heads h on h.subject_id = n."subjectId" and h.kind = n.kind
      where h.fact_id is null or (h.body::jsonb, h.people, h.team_id, h.site_id) is distinct from (n.body::jsonb, n.people, n."teamId", n."siteId")
    ), a as (
      insert into facts (id, kind, subject_id, supersedes, body, recorded_at)
      select id, kind, "subjectId", fact_id, body::jsonb || jsonb_build_object('people', people, 'teamId', "teamId"), ${ctx.now} from c
    )
    insert into fact_heads (subject_id, kind, fact_id, order_id, site_id, body, people, team_id, first_at, last_at)
    select "subjectId", kind, id, "orderId", "siteId", body, people, "teamId", "firstAt", "lastAt" from c
    on conflict (subject_id, kind) do update set fact_id = excluded.fact_id, site_id = excluded.site_id, body = excluded.body, people = excluded.people,
      team_id = excluded.team_id, first_at = excluded.first_at, last_at = excluded.last_at
    returning fact_id as id`)
  return changed.length
}

/** Computes every fact anew from what happened and appends what differs; on facts that stand it changes nothing. */
export async function rebuildFacts(ctx: Ctx): Promise<{ orders: number; appended: number }> {
  // One lock for all: a lock an order would fill the database's table of locks.
  await ctx.db.run(sql`lock table fact_heads in share row exclusive mode`)
  let after = '00000000-0000-0000-0000-000000000000'
  const done = { orders: 0, appended: 0 }
  for (;;) {
    const batch = (
      await ctx.db.query<{ id: string }>(sql`select id from orders where id > ${after} order by id limit 500`)
    ).map((o) => o.id)
    if (batch.length === 0) break
    done.orders += batch.length
    done.appended += await append(ctx, batch)
    after = batch.at(-1) as string
  }
  for (after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const batch = await days(ctx, { after, limit: 2_000 })
    if (batch.length === 0) return done
    done.appended += await keep(ctx, batch)
    after = (batch.at(-1) as NewFact).subjectId
  }
}

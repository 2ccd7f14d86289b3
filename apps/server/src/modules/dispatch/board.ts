import { addDays, startOfLocalDay } from '#calendar'
import { VISIT_ENDED, VISIT_UNDERWAY, type VisitState } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { can, hasAbility, permits, type ScopeRow, scopeSql } from '../../platform/policy'
import { dayAndWeek, engineerFacts, loadOf, occupancyOf, type Point, shiftOn } from '../engineers'
import { type OrderRow, slaOf } from '../workorders'
import { defaultDurationMin, pointSql, skillsSql, wayAt } from './subject'

// The board of one day in four statements: engineers, what holds their time, the visits, the unassigned orders.

interface BarRow extends ScopeRow {
  id: string
  rev: number
  order_id: string
  number: string | null
  title: string
  priority: string
  engineer_id: string | null
  engineer_name: string | null
  order_customer_id: string
  customer_name: string
  site_name: string | null
  point: Point | null
  state: VisitState['state']
  mode: 'onsite' | 'remote' | 'resident'
  role: 'lead' | 'member'
  trip_id: string | null
  planned_start: Date
  planned_end: Date
  fold: VisitState
  made_by: 'person' | 'rule' | 'engine' | null
}

const barsOf = (ctx: Ctx, from: Date, to: Date, teamIds: readonly string[] | null, engineerIds: readonly string[]) =>
  ctx.db.query<BarRow>(sql`
    select v.id, v.rev, v.order_id, o.number, o.title, o.priority, v.engineer_id, u.name as engineer_name, o.customer_id as order_customer_id,
      coalesce(c.short_name, c.name) as customer_name, s.name as site_name, ${pointSql} as point, v.state, v.mode, v.role, v.trip_id,
      v.planned_start, v.planned_end, v.fold, v.team_id, v.customer_id, v.people,
      (select m.made_by from dispatch_moves m where m.visit_id = v.id order by m.at desc limit 1) as made_by
    from visits v join orders o on o.id = v.order_id join customers c on c.id = o.customer_id
    left join sites s on s.id = v.site_id left join users u on u.id = v.engineer_id
    where v.planned_start < ${to} and v.planned_end > ${from} and v.state not in ('cancelled', 'reassigned', 'declined')
      and (${scopeSql(ctx.actor, 'dispatch.read', 'v')} or v.engineer_id = any(${engineerIds}::uuid[]))
      and (${teamIds}::uuid[] is null or v.engineer_id = any(${engineerIds}::uuid[])
        or (v.engineer_id is null and exists (select 1 from teams t where t.id = v.team_id and t.path && ${teamIds}::uuid[])))
    order by v.planned_start, v.id limit 2000`)

interface CardRow extends ScopeRow {
  id: string
  rev: number
  number: string | null
  title: string
  type: string
  priority: string
  state: string
  customer_id: string
  customer_name: string
  site_name: string | null
  address: string | null
  point: Point | null
  mode: 'onsite' | 'remote' | 'resident' | null
  duration_min: number | null
  crew: number | null
  remaining: string | null
  skills: { code: string; name: string; level: number }[]
  promise_start: Date | null
  promise_end: Date | null
  due_at: Date | null
  created_at: Date
  crew_have: number
  fold: OrderRow['fold']
  visits: OrderRow['visits']
  site_zone: string | null
  site_hours: [number, number][][] | null
  total: number
}

const cardsOf = (ctx: Ctx, teamIds: readonly string[] | null) =>
  ctx.db.query<CardRow>(sql`
    with r as (
      select o.* from orders o
      where o.state = 'unassigned' and o.mark is null and ${scopeSql(ctx.actor, 'dispatch.read', 'o')}
        and (${teamIds}::uuid[] is null or exists (select 1 from teams t where t.id = o.team_id and t.path && ${teamIds}::uuid[]))
        and not exists (select 1 from visits v where v.order_id = o.id and v.state in ('planned', 'offered'))
    ), n as (select count(*) as total from r)
    select o.id, o.rev, o.number, o.title, o.type, o.priority, o.state, o.team_id, o.customer_id, o.people,
      coalesce(c.short_name, c.name) as customer_name, s.name as site_name, s.address, ${pointSql} as point,
      o.fold -> 'facts' ->> 'mode' as mode, (o.fold -> 'facts' ->> 'durationMin')::int as duration_min, (o.fold -> 'facts' ->> 'crew')::int as crew,
      o.fold ->> 'remaining' as remaining, ${skillsSql} as skills, o.promise_start, o.promise_end, o.due_at, o.created_at,
      o.fold, o.visits, s.zone as site_zone, s.access_hours as site_hours,
      (select count(*) from visits v where v.order_id = o.id and v.state in ('taken', 'en_route', 'on_site', 'working', 'paused')) as crew_have, n.total
    from (select * from r order by r.priority_rank, coalesce(r.promise_end, r.due_at, 'infinity'), r.created_at, r.id limit 300) o
    cross join n join customers c on c.id = o.customer_id left join sites s on s.id = o.site_id
    order by o.priority_rank, coalesce(o.promise_end, o.due_at, 'infinity'), o.created_at, o.id`)

const iso = (at: Date | number) => new Date(at).toISOString()
const window = (start: Date | number | null, end: Date | number | null) =>
  start === null || end === null ? null : { start: iso(start), end: iso(end) }

function isLate(v: BarRow, now: number): boolean {
  const f = v.fold
  if (f.arrivedAt !== null || f.startedAt !== null)
    return (f.arrivedAt ?? f.startedAt ?? 0) > (f.promise.current?.end ?? Infinity)
  if (VISIT_ENDED.includes(v.state)) return v.state === 'missed'
  return now > (f.promise.current?.end ?? v.planned_start.getTime()) || now > v.planned_start.getTime()
}

const movable: readonly string[] = ['planned', 'offered', 'taken', 'en_route']

export async function board(ctx: Ctx, q: { date?: string | undefined; teamIds?: string[] | undefined }) {
  const now = ctx.now.getTime()
  const date = q.date ?? dayAndWeek(now, ctx.zone).date
  const from = startOfLocalDay(date, ctx.zone)
  const to = startOfLocalDay(addDays(date, 1), ctx.zone)
  const { week } = dayAndWeek(from, ctx.zone)
  const teamIds = q.teamIds ?? null

  const facts = await engineerFacts(
    ctx,
    undefined,
    sql`${scopeSql(ctx.actor, 'dispatch.read', 'u')} and (${teamIds}::uuid[] is null or t.path && ${teamIds}::uuid[])`,
  )
  const ids = facts.map((f) => f.id)
  const [booked, bars, cards] = await Promise.all([
    occupancyOf(ctx, ids, new Date(week[0]), new Date(week[1])),
    barsOf(ctx, new Date(from), new Date(to), teamIds, ids),
    cardsOf(ctx, teamIds),
  ])
  const bookedBy = groupBy(booked, (b) => b.engineerId)
  const barsBy = groupBy(bars, (b) => b.engineer_id ?? '')
  const way = wayAt(ctx.zone)
  const travelM = new Map<string, number>()
  const conflicts: Conflict[] = []
  const rows = facts.map((f) => {
    const own = bookedBy.get(f.id) ?? []
    const shift = shiftOn(f.shift, date)
    const away = own.filter(
      (b) => (b.kind === 'leave' || b.kind === 'training') && b.from.getTime() < to && b.to.getTime() > from,
    )
    const day = walk(barsBy.get(f.id) ?? [], f.home, way, travelM, conflicts)
    for (const b of barsBy.get(f.id) ?? []) {
      const gone = away.find((a) => a.from < b.planned_end && a.to > b.planned_start)
      if (gone && !VISIT_ENDED.includes(b.state))
        conflicts.push(conflict('on_leave', b, { kind: gone.kind, from: iso(gone.from), to: iso(gone.to) }))
      const [first, last] = [shift[0], shift.at(-1)]
      const outside = !first || !last || b.planned_start.getTime() < first[0] || b.planned_end.getTime() > last[1]
      if (outside && b.mode !== 'resident' && !VISIT_ENDED.includes(b.state))
        conflicts.push(
          conflict('outside_shift', b, { from: first ? iso(first[0]) : null, to: last ? iso(last[1]) : null }),
        )
    }
    const scope = { team_id: f.teamId, customer_id: null, people: [f.id] }
    return {
      engineer: { id: f.id, name: f.name, teamId: f.teamId, teamName: f.teamName },
      skills: [...f.skills].sort((a, b) => b.level - a.level).slice(0, 6),
      load: loadOf(f, own, from, ctx.zone),
      dayM: day,
      shift: shift.map(([a, b]) => ({ from: iso(a), to: iso(b) })),
      away: away.map((a) => ({ ref: a.ref, kind: a.kind as 'leave' | 'training', from: iso(a.from), to: iso(a.to) })),
      home: permits(ctx.actor, 'engineer.home', scope) ? f.home : null,
    }
  })
  for (const b of bars)
    if (b.fold.conflicts.length > 0) conflicts.push(conflict('offline_conflict', b, { n: b.fold.conflicts.length }))

  return {
    date,
    zone: ctx.zone,
    asOf: ctx.now.toISOString(),
    day: { from: iso(from), to: iso(to) },
    rows,
    bars: bars.map((b) => presentBar(ctx, b, now, travelM.get(b.id) ?? null)),
    unassigned: cards.map((c) => presentCard(ctx, c, now)),
    unassignedTotal: cards[0]?.total ?? 0,
    conflicts,
    can: { assign: hasAbility(ctx.actor, 'dispatch.assign'), override: hasAbility(ctx.actor, 'dispatch.override') },
  }
}

interface Conflict {
  code: 'overlap' | 'next_unreachable' | 'on_leave' | 'outside_shift' | 'offline_conflict'
  visitId: string
  engineerId: string | null
  params: Record<string, unknown>
}
const conflict = (code: Conflict['code'], b: BarRow, params: Record<string, unknown>): Conflict => ({
  code,
  visitId: b.id,
  engineerId: b.engineer_id,
  params,
})

/** The ways of a day from home through its visits: metres in all, metres to each, and what cannot be reached in time. */
function walk(
  bars: readonly BarRow[],
  home: Point | null,
  way: ReturnType<typeof wayAt>,
  travelM: Map<string, number>,
  conflicts: Conflict[],
): number | null {
  let sum = 0
  let known = true
  let at = home
  let before: BarRow | null = null
  for (const b of bars) {
    if (b.mode === 'remote') continue
    const w = at && b.point ? way(at, b.point, b.planned_start.getTime()) : null
    if (w) {
      sum += w.distanceM
      travelM.set(b.id, Math.round(w.distanceM))
    } else known = false
    if (before && !VISIT_ENDED.includes(b.state) && !VISIT_ENDED.includes(before.state)) {
      const gapMin = Math.round((b.planned_start.getTime() - before.planned_end.getTime()) / 60_000)
      if (gapMin < 0)
        conflicts.push(conflict('overlap', b, { ref: before.id, name: before.customer_name, min: -gapMin }))
      else if (w && w.min > gapMin)
        conflicts.push(
          conflict('next_unreachable', b, {
            ref: before.id,
            name: before.customer_name,
            needMin: w.min,
            haveMin: gapMin,
          }),
        )
    }
    at = b.point ?? at
    before = b
  }
  return known ? Math.round(sum) : null
}

function presentBar(ctx: Ctx, b: BarRow, now: number, travelM: number | null) {
  const f = b.fold
  const open = movable.includes(b.state)
  return {
    visitId: b.id,
    rev: b.rev,
    orderId: b.order_id,
    orderNumber: b.number,
    title: b.title,
    priority: b.priority,
    engineerId: b.engineer_id,
    customerId: b.order_customer_id,
    customerName: b.customer_name,
    siteName: b.site_name,
    point: b.point,
    state: b.state,
    mode: b.mode,
    role: b.role,
    start: iso(b.planned_start),
    end: iso(b.planned_end),
    travelMin: f.travelMin,
    travelM,
    appointment: f.appointment && {
      start: iso(f.appointment.start),
      end: f.appointment.end === null ? null : iso(f.appointment.end),
    },
    promise: f.promise.current && window(f.promise.current.start, f.promise.current.end),
    late: isLate(b, now),
    locked: f.appointment !== null || VISIT_UNDERWAY.includes(b.state) || VISIT_ENDED.includes(b.state),
    madeBy: b.made_by ?? 'person',
    offer:
      b.state === 'offered' && f.offeredAt !== null
        ? {
            at: iso(f.offeredAt),
            expiresAt: f.offerExpiresAt === null ? null : iso(f.offerExpiresAt),
            opened: f.openedAt !== null && f.openedAt >= f.offeredAt,
          }
        : null,
    can: can(ctx.actor, b, {
      move: ['dispatch.assign', open],
      reassign: ['dispatch.assign', open],
      recall: ['dispatch.assign', b.state === 'offered' || b.state === 'taken'],
      offer: ['dispatch.assign', b.state === 'planned'],
      cancel: ['visit.plan', open],
    }),
  }
}

function presentCard(ctx: Ctx, c: CardRow, now: number) {
  const end = c.promise_end ?? c.due_at
  return {
    orderId: c.id,
    rev: c.rev,
    number: c.number,
    title: c.title,
    type: c.type,
    priority: c.priority,
    state: c.state,
    customerId: c.customer_id,
    customerName: c.customer_name,
    siteName: c.site_name,
    address: c.address,
    point: c.point,
    mode: c.mode ?? ('onsite' as const),
    durationMin: c.duration_min ?? defaultDurationMin,
    crew: c.crew ?? 1,
    crewHave: c.crew_have,
    skills: c.skills,
    promise: window(c.promise_start, c.promise_end),
    dueAt: c.due_at?.toISOString() ?? null,
    createdAt: c.created_at.toISOString(),
    late: end !== null && end.getTime() < now,
    sla: slaOf(ctx, c)
      .filter((one) => one.open)
      .sort((a, b) => a.dueAt.localeCompare(b.dueAt)),
    remaining: c.remaining,
    can: can(ctx.actor, c, { assign: ['dispatch.assign', true] }),
  }
}

function groupBy<T>(list: readonly T[], key: (t: T) => string): Map<string, T[]> {
  const out = new Map<string, T[]>()
  for (const t of list) {
    const k = key(t)
    const group = out.get(k)
    if (group) group.push(t)
    else out.set(k, [t])
  }
  return out
}

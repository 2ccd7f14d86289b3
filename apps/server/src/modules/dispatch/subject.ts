import { localDate, localMinutes, spansToIntervals, weekdayOf } from '#calendar'
import { toDatum, travelMin } from '#geo'
import { type OrderState, VISIT_OCCUPYING } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'
import { scopeSql } from '../../platform/policy'
import { dayAndWeek, type EngineerFacts, engineerFacts, type Point, shiftOn } from '../engineers'
import { tripGapMin } from '../visits'
import type { DispatchPolicy, EngineerState, Job, Problem, Stop } from './problem'

/** An order as dispatch needs it: facts, site and the names of what it asks for, in one statement. */
export interface Subject {
  id: string
  number: string | null
  title: string
  type: string
  priority: string
  state: string
  team_id: string | null
  customer_id: string
  people: string[]
  fold: OrderState
  customer_name: string
  site_id: string | null
  site_name: string | null
  address: string | null
  point: Point | null
  site_zone: string | null
  access_hours: [number, number][][] | null
  entry_needs: {
    leadHours: number
    namedPersons: boolean
    equipmentList: boolean
    certificates: string[]
    blocks: boolean
  } | null
  skills: { code: string; name: string; level: number }[]
  certificates: { kind: string; name: string }[]
}

/** A site's point as one value; the columns are the customers module's. */
export const pointSql = sql`case when s.lat is not null then jsonb_build_object('lat', s.lat, 'lng', s.lng, 'datum', s.datum) end`

/** Names of the skills that an order's fold asks for. */
export const skillsSql = sql`coalesce((
  select jsonb_agg(jsonb_build_object('code', n."skillId", 'name', coalesce(k.name, n."skillId"), 'level', n.level))
  from jsonb_to_recordset(o.fold -> 'facts' -> 'skills') as n("skillId" text, level int) left join skills k on k.code = n."skillId"), '[]')`

export const findSubject = (ctx: Pick<Ctx, 'db'>, orderId: string) =>
  ctx.db.maybe<Subject>(sql`
    select o.id, o.number, o.title, o.type, o.priority, o.state, o.team_id, o.customer_id, o.people, o.fold,
      coalesce(c.short_name, c.name) as customer_name, s.id as site_id, s.name as site_name, s.address, ${pointSql} as point,
      s.zone as site_zone, s.access_hours, s.entry_needs, ${skillsSql} as skills,
      -- A site names papers in words or by code; what no kind is known for is asked of everybody.
      coalesce((select jsonb_agg(jsonb_build_object('kind', coalesce(k.code, x.name), 'name', coalesce(k.name, x.name)))
        from jsonb_array_elements_text(s.entry_needs -> 'certificates') as x(name)
        left join certificate_kinds k on x.name in (k.code, k.name)), '[]') as certificates
    from orders o join customers c on c.id = o.customer_id left join sites s on s.id = o.site_id where o.id = ${orderId}`)

export interface Wish {
  start?: Date | null
  durationMin?: number | null
  mode?: Job['mode'] | null
  /** The visit being moved: its own time does not count as taken. */
  visit?: { id: string; trip_id: string | null } | null
}

export const defaultDurationMin = 120

export function jobOf(s: Subject, w: Wish): Job {
  const { facts, promise } = s.fold
  const zone = s.site_zone ?? 'Asia/Shanghai'
  const access = s.access_hours
  const needs = s.entry_needs
  return {
    orderId: s.id,
    mode: w.mode ?? facts.mode ?? 'onsite',
    durationMin: w.durationMin ?? facts.durationMin ?? defaultDurationMin,
    skills: s.skills,
    certificates: s.certificates,
    point: s.point,
    siteName: s.site_name,
    accessOn: access ? (date) => spansToIntervals(access[weekdayOf(date) - 1] ?? [], date, zone) : null,
    entry: needs && {
      leadMin: needs.leadHours * 60,
      namedPersons: needs.namedPersons,
      equipmentList: needs.equipmentList,
      blocks: needs.blocks,
    },
    promise: promise.current,
    dueAt: facts.dueAt ?? null,
    fixedStart: w.start?.getTime() ?? null,
    moving: w.visit?.trip_id ? [w.visit.trip_id] : [],
  }
}

// Each place is brought into one datum once; comparing two of them is then a formula.
const inWgs = new WeakMap<Point, Point>()
function wgs(p: Point): Point {
  const known = inWgs.get(p) ?? (p.datum === 'unknown' ? p : (toDatum({ ...p, datum: p.datum }, 'wgs84') as Point))
  inWgs.set(p, known)
  return known
}

/** Estimated way at the hour in which it is ridden. */
export function wayAt(zone: string): Problem['way'] {
  return (a, b, at) => {
    const t = travelMin(wgs(a), wgs(b), { hour: Math.floor(localMinutes(at, zone) / 60) })
    return { min: t.travelMin, distanceM: t.roadM }
  }
}

/**
 * The question for the recommendation, in three statements whatever the number of engineers: their facts, what holds
 * their time, and what they have done for the customer. Only engineers whom the actor may assign are in it.
 */
export async function problemFor(
  ctx: Pick<Ctx, 'db' | 'now' | 'zone' | 'actor'>,
  s: Subject,
  w: Wish,
  policy: DispatchPolicy,
  who: { ids?: readonly string[]; teamIds?: readonly string[] } = {},
): Promise<Problem> {
  const job = jobOf(s, w)
  const now = ctx.now.getTime()
  const first = Math.max(now, job.promise?.start ?? now)
  const looked = [first, job.fixedStart ?? first]
  const from = Math.min(...looked.map((at) => dayAndWeek(at, ctx.zone).week[0]))
  const to = Math.max(
    ...looked.map((at) => Math.max(dayAndWeek(at, ctx.zone).week[1], at + policy.horizonDays * 86_400_000)),
  )
  const condition: Sql = sql`${scopeSql(ctx.actor, 'dispatch.assign', 'u')}
    and (${who.teamIds ?? null}::uuid[] is null or t.path && ${who.teamIds ?? null}::uuid[])`
  const facts = await engineerFacts(ctx, who.ids, condition)
  const ids = facts.map((f) => f.id)
  // Neither needs the other; in a transaction they simply queue.
  const [stops, past] = await Promise.all([
    stopsOf(ctx, ids, new Date(from), new Date(to), w.visit ?? null),
    ctx.db.query<{ engineer_id: string; n: number; last_at: Date | null }>(sql`
      select engineer_id, count(*) as n, max(ended_at) as last_at from visits
      where customer_id = ${s.customer_id} and state = 'finished' and engineer_id = any(${ids}::uuid[]) group by engineer_id`),
  ])
  const pastBy = new Map(past.map((p) => [p.engineer_id, { visits: p.n, lastAt: p.last_at?.getTime() ?? null }]))
  return {
    now,
    zone: ctx.zone,
    job,
    engineers: facts.map((f) => stateOf(f, stops.get(f.id) ?? [], pastBy.get(f.id) ?? { visits: 0, lastAt: null })),
    policy,
    tripGapMin,
    way: wayAt(ctx.zone),
    dateOf: datesIn(ctx.zone),
  }
}

const stateOf = (f: EngineerFacts, stops: Stop[], past: EngineerState['past']): EngineerState => ({
  id: f.id,
  name: f.name,
  teamId: f.teamId,
  teamName: f.teamName,
  home: f.home,
  skills: f.skills,
  certificates: f.certificates,
  maxDayMin: f.maxDayMin,
  maxWeekMin: f.maxWeekMin,
  shiftOn: (date) => shiftOn(f.shift, date),
  stops,
  past,
})

interface StopRow {
  engineer_id: string
  ref: string
  kind: Stop['kind']
  from: number
  to: number
  travel_min: number | null
  site_id: string | null
}

/**
 * What holds the engineers' time, with places; of the visit being moved only what its trip keeps without it. The way
 * to a trip stands on its row and the places come apart: some thousand rows, each as narrow as it can be.
 */
async function stopsOf(
  ctx: Pick<Ctx, 'db'>,
  ids: readonly string[],
  from: Date,
  to: Date,
  moving: { id: string; trip_id: string | null } | null,
) {
  const rows = await ctx.db.query<StopRow>(sql`
    select o.engineer_id, o.ref, o.kind, date_part('epoch', lower(o.during)) * 1000 as "from", date_part('epoch', upper(o.during)) * 1000 as "to",
      t.travel_min, t.site_id
    from engineer_occupancy o left join trips t on t.id = o.ref
    where o.engineer_id = any(${ids}::uuid[]) and o.during && tstzrange(${from}, ${to}) and o.kind <> 'travel'`)
  if (moving?.trip_id)
    rows.push(
      ...(await ctx.db.query<StopRow>(sql`
        select v.engineer_id, v.id as ref, 'visit' as kind, date_part('epoch', v.planned_start) * 1000 as "from",
          date_part('epoch', v.planned_end) * 1000 as "to", null::int as travel_min, v.site_id
        from visits v where v.trip_id = ${moving.trip_id} and v.id <> ${moving.id} and v.state = any(${VISIT_OCCUPYING}::text[])`)),
    )
  const siteIds = [...new Set(rows.flatMap((r) => r.site_id ?? []))]
  const sites = await ctx.db.query<{ id: string; point: Point | null; name: string }>(sql`
    select s.id, ${pointSql} as point, coalesce(c.short_name, c.name) as name from sites s join customers c on c.id = s.customer_id
    where s.id = any(${siteIds}::uuid[])`)
  const places = new Map(sites.map((s) => [s.id, s]))
  const by = new Map<string, Stop[]>()
  for (const { engineer_id, ref, kind, from, to, travel_min, site_id } of rows) {
    const list = by.get(engineer_id) ?? []
    by.set(engineer_id, list)
    const place = site_id === null ? undefined : places.get(site_id)
    const point = place?.point ?? null
    const name = place?.name ?? null
    if (travel_min) list.push({ ref, kind: 'travel', from: from - travel_min * 60_000, to: from, point, name })
    list.push({ ref, kind, from, to, point, name })
  }
  for (const list of by.values()) list.sort((a, b) => a.from - b.from)
  return by
}

/** Local dates, remembered by quarter of an hour: no zone changes its date between. */
function datesIn(zone: string): Problem['dateOf'] {
  const known = new Map<number, string>()
  return (at) => {
    const quarter = Math.floor(at / 900_000)
    const date = known.get(quarter) ?? localDate(at, zone)
    known.set(quarter, date)
    return date
  }
}

import type { VisitState } from '#lifecycle'
import { type Db, sql } from '../../platform/database/pool'
import type { ScopeRow } from '../../platform/policy'
import { awaitsReview, conflictsToShow } from './rules'

/** The row of a visit: its fold, and what lists and scopes ask for. */
export interface VisitRow {
  id: string
  order_id: string
  site_id: string | null
  trip_id: string | null
  engineer_id: string | null
  mode: 'onsite' | 'remote' | 'resident'
  state: VisitState['state']
  planned_start: Date
  planned_end: Date
  fold: VisitState
  candidates: string[]
  former: string[]
  arrival_code: string
  code_wrong: number
  team_id: string | null
  customer_id: string | null
  people: string[]
  rev: number
  changed_at: Date
  changed_by_name: string | null
}

/** Whose row it is; documents, events and threads of the visit carry the same. */
export const visitScope = (v: Pick<VisitRow, 'team_id' | 'customer_id' | 'people'>): ScopeRow => ({
  team_id: v.team_id,
  customer_id: v.customer_id,
  people: v.people,
})

const columns = sql`v.id, v.order_id, v.site_id, v.trip_id, v.engineer_id, v.mode, v.state, v.planned_start, v.planned_end, v.fold,
  v.candidates, v.former, v.arrival_code, v.code_wrong, v.team_id, v.customer_id, v.people, v.rev, v.changed_at,
  (select u.name from users u where u.id = v.changed_by) as changed_by_name`

export const find = (db: Db, id: string) => db.maybe<VisitRow>(sql`select ${columns} from visits v where v.id = ${id}`)
export const lock = (db: Db, id: string) =>
  db.maybe<VisitRow>(sql`select ${columns} from visits v where v.id = ${id} for update of v`)

/** What the order's state is derived from. */
export async function factsOfOrder(db: Db, orderId: string): Promise<VisitState[]> {
  const rows = await db.query<{ fold: VisitState }>(
    sql`select fold from visits where order_id = ${orderId} order by created_at, id`,
  )
  return rows.map((r) => r.fold)
}

/** What a notice says of the order behind a visit. */
export const wordsOfOrder = (db: Db, orderId: string) =>
  db.one<{ number: string | null; title: string; type: string; customer_name: string }>(sql`
    select o.number, o.title, o.type, coalesce(c.short_name, c.name) as customer_name
    from orders o join customers c on c.id = o.customer_id where o.id = ${orderId}`)

export const rowsOfOrder = (db: Db, orderId: string) =>
  db.query<VisitRow>(sql`select ${columns} from visits v where v.order_id = ${orderId} order by v.planned_start, v.id`)

const at = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : new Date(ms))

/** What the fold says, as columns. */
export function projected(f: VisitState) {
  return {
    engineerId: f.engineerId,
    mode: f.mode,
    role: f.role,
    state: f.state,
    start: at(f.planned.start),
    end: at(f.planned.end),
    travelMin: f.travelMin,
    promiseStart: at(f.promise.current?.start),
    promiseEnd: at(f.promise.current?.end),
    offerExpiresAt: at(f.offerExpiresAt),
    offeredAt: at(f.offeredAt),
    takenAt: at(f.takenAt),
    arrivedAt: at(f.arrivedAt),
    endedAt: at(f.endedAt),
    result: f.result,
    grade: f.checkIns.at(-1)?.grade ?? null,
    reviewOpen: f.checkIns.some(awaitsReview),
    replaces: f.replaces,
  }
}

export async function insertVisit(
  db: Db,
  v: {
    fold: VisitState
    tripId: string | null
    arrivalCode: string
    scope: { team_id: string | null; customer_id: string | null }
    now: Date
    by: string | null
  },
): Promise<void> {
  const p = projected(v.fold)
  await db.run(sql`
    insert into visits (id, order_id, site_id, trip_id, engineer_id, mode, role, state, planned_start, planned_end, travel_min,
      promise_start, promise_end, replaces, fold, arrival_code, team_id, customer_id, created_at, changed_at, changed_by)
    values (${v.fold.id}, ${v.fold.orderId}, ${v.fold.siteId}, ${v.tripId}, ${p.engineerId}, ${p.mode}, ${p.role}, ${p.state}, ${p.start}, ${p.end}, ${p.travelMin},
      ${p.promiseStart}, ${p.promiseEnd}, ${p.replaces}, ${JSON.stringify(v.fold)}::jsonb, ${v.arrivalCode}, ${v.scope.team_id}, ${v.scope.customer_id}, ${v.now}, ${v.now}, ${v.by})`)
}

/** Writes the fold over the row; one more revision. */
export async function saveVisit(
  db: Db,
  v: { fold: VisitState; candidates: string[]; former: string[]; people: string[]; now: Date; by: string | null },
): Promise<VisitRow> {
  const p = projected(v.fold)
  const conflicts = conflictsToShow(v.fold.conflicts)
  if (conflicts.length > 0)
    await db.run(sql`
      insert into visit_conflicts (event_id, visit_id, type, why, state, found_at)
      select c."eventId", ${v.fold.id}, c.type, c.why, c.state, ${v.now}
      from jsonb_to_recordset(${JSON.stringify(conflicts)}::jsonb) as c("eventId" uuid, type text, why text, state text)
      on conflict (event_id) do update set why = excluded.why, state = excluded.state`)
  // A late event may have made sense of an earlier one.
  await db.run(sql`delete from visit_conflicts where visit_id = ${v.fold.id} and settled_at is null
    and event_id <> all(${conflicts.map((c) => c.eventId)}::uuid[])`)
  return db.one<VisitRow>(sql`
    update visits v set engineer_id = ${p.engineerId}, state = ${p.state}, planned_start = ${p.start}, planned_end = ${p.end}, travel_min = ${p.travelMin},
      promise_start = ${p.promiseStart}, promise_end = ${p.promiseEnd}, offer_expires_at = ${p.offerExpiresAt}, offered_at = ${p.offeredAt},
      taken_at = ${p.takenAt}, arrived_at = ${p.arrivedAt}, ended_at = ${p.endedAt}, result = ${p.result}, grade = ${p.grade}, review_open = ${p.reviewOpen},
      conflicts = (select count(*) from visit_conflicts c where c.visit_id = v.id and c.settled_at is null),
      fold = ${JSON.stringify(v.fold)}::jsonb, candidates = ${v.candidates}, former = ${v.former}, people = ${v.people},
      rev = rev + 1, changed_at = ${v.now}, changed_by = ${v.by}
    where v.id = ${v.fold.id} returning ${columns}`)
}

// ── trips ──

export interface TripRow {
  id: string
  engineer_id: string
  starts_at: Date
  ends_at: Date
  travel_min: number
}

export const lockTrip = (db: Db, id: string) =>
  db.maybe<TripRow>(sql`select id, engineer_id, starts_at, ends_at, travel_min from trips where id = ${id} for update`)

/** A trip of the engineer to the same site that ends where this visit starts, or starts where it ends. */
export const neighbourTrip = (
  db: Db,
  v: {
    id: string
    engineerId: string
    siteId: string
    start: Date
    end: Date
    gapMin: number
    states: readonly string[]
  },
) =>
  db.maybe<{ trip_id: string }>(sql`
    select n.trip_id from visits n
    where n.engineer_id = ${v.engineerId} and n.site_id = ${v.siteId} and n.mode = 'onsite' and n.state = any(${v.states})
      and n.id <> ${v.id} and n.trip_id is not null
      and ((n.planned_end <= ${v.start} and n.planned_end >= ${v.start}::timestamptz - make_interval(mins => ${v.gapMin}))
        or (n.planned_start >= ${v.end} and n.planned_start <= ${v.end}::timestamptz + make_interval(mins => ${v.gapMin})))
    order by n.planned_start limit 1`)

export const membersOfTrip = (db: Db, tripId: string, states: readonly string[]) =>
  db.query<{ id: string; planned_start: Date; planned_end: Date; travel_min: number | null }>(sql`
    select id, planned_start, planned_end, travel_min from visits
    where trip_id = ${tripId} and mode = 'onsite' and engineer_id is not null and state = any(${states}) order by planned_start, id`)

export const tripArrived = async (db: Db, tripId: string) =>
  (await db.maybe(sql`select 1 from visits where trip_id = ${tripId} and arrived_at is not null limit 1`)) !== undefined

export const matesOf = (db: Db, v: { id: string; tripId: string; engineerId: string; states: readonly string[] }) =>
  db.query<{ id: string }>(
    sql`select id from visits where trip_id = ${v.tripId} and id <> ${v.id} and engineer_id = ${v.engineerId} and state = any(${v.states}) order by id`,
  )

export const setTrip = (db: Db, visitId: string, tripId: string | null) =>
  db.run(sql`update visits set trip_id = ${tripId} where id = ${visitId}`)

export const insertTrip = (
  db: Db,
  t: {
    id: string
    engineerId: string
    siteId: string | null
    start: Date
    end: Date
    travelMin: number
    scope: { team_id: string | null; customer_id: string | null }
  },
) =>
  db.run(sql`insert into trips (id, engineer_id, site_id, starts_at, ends_at, travel_min, team_id, customer_id, people)
    values (${t.id}, ${t.engineerId}, ${t.siteId}, ${t.start}, ${t.end}, ${t.travelMin}, ${t.scope.team_id}, ${t.scope.customer_id}, ${[t.engineerId]})`)

export const saveTrip = (db: Db, t: { id: string; start: Date; end: Date; travelMin: number }) =>
  db.run(
    sql`update trips set starts_at = ${t.start}, ends_at = ${t.end}, travel_min = ${t.travelMin} where id = ${t.id}`,
  )
export const dropEmptyTrip = (db: Db, id: string) =>
  db.run(sql`delete from trips t where t.id = ${id} and not exists (select 1 from visits v where v.trip_id = t.id)`)

// ── devices ──

export const findDevice = (db: Db, id: string) =>
  db.maybe<{ person_id: string; bound_at: Date }>(sql`select person_id, bound_at from devices where id = ${id}`)
export const bindDevice = (db: Db, id: string, personId: string, now: Date) =>
  db.run(sql`insert into devices (id, person_id, bound_at, last_seen_at) values (${id}, ${personId}, ${now}, ${now})
    on conflict (id) do update set last_seen_at = ${now} where devices.person_id = ${personId}`)
export const otherDevices = async (db: Db, personId: string, id: string) =>
  (await db.one<{ n: number }>(sql`select count(*) as n from devices where person_id = ${personId} and id <> ${id}`)).n

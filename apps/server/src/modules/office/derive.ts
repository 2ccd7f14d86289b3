// Days as rows: derived from what happened, written when that differs from what stands. A confirmed day is never
// rewritten: it is told what it would be now.

import { travelMin } from '#geo'
import {
  type DayOfTime,
  dayOfTime,
  differences,
  draftReport,
  EXCEPTIONS,
  type ExceptionCode,
  exceptionsOf,
  type Minutes,
  type Sentence,
  sumMinutes,
  type TimeEntry,
  worked,
} from '#workday'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { canonical, sha256 } from '../../platform/events'
import { derivedId } from '../../platform/ids'
import { tell } from '../notices'
import { usersWithRole } from '../people'
import { Days } from './load'

export interface DerivedDay {
  id: string
  personId: string
  teamId: string | null
  date: string
  time: DayOfTime
  entries: (TimeEntry & { id: string; distanceM: number | null })[]
  sentences: Sentence[]
  exceptions: ExceptionCode[]
  worked: boolean
  visits: number
  ordersDone: number
  travelM: number
  content: string
}

export const dayId = (personId: string, date: string) => derivedId('workday', personId, date)

/** What one day comes to. Pure on what was loaded. */
export function deriveDay(days: Days, personId: string, date: string): DerivedDay {
  const time = dayOfTime(days.input(personId, date))
  const facts = days.report(personId, date, { minutes: time.minutes, overtimeMin: time.overtimeMin })
  const sentences = draftReport(facts)
  const visits = days.visitsOn(personId, date)
  const byId = new Map(visits.map((v) => [v.id, v]))
  let place: Parameters<typeof travelMin>[0] | null = days.home(personId)
  const entries = time.entries.map((e) => {
    const to = e.visitId ? (byId.get(e.visitId)?.point ?? null) : null
    // An estimate from place to place: nobody is followed on the way.
    const distanceM = e.kind === 'travel' && e.correctionId === null && place && to ? travelMin(place, to).roadM : null
    if ((e.kind === 'travel' || e.kind === 'onsite') && to) place = to
    return { ...e, id: derivedId('time', personId, date, e.kind, String(e.from)), distanceM }
  })
  const low = visits.some((v) => v.low)
  const found = exceptionsOf(sentences)
  const exceptions = EXCEPTIONS.filter(
    (e) =>
      found.includes(e) ||
      (e === 'low_score' && low) ||
      (e === 'gap' && time.gaps.some((g) => g.cause !== 'unexplained')),
  )
  const done = visits.filter((v) => v.fold.result === 'done' && v.role === 'lead')
  const day = {
    id: dayId(personId, date),
    personId,
    teamId: days.people.get(personId)?.team_id ?? null,
    date,
    time,
    entries,
    sentences,
    exceptions,
    worked: worked(facts),
    visits: facts.visits.length,
    ordersDone: new Set(done.map((v) => v.order_id)).size,
    travelM: entries.reduce((n, e) => n + (e.distanceM ?? 0), 0),
  }
  const { minutes, overtimeMin, availableMin, gaps } = time
  const said = {
    e: entries,
    minutes,
    overtimeMin,
    availableMin,
    g: gaps.length,
    x: exceptions,
    w: day.worked,
    v: day.visits,
    o: day.ordersDone,
    t: day.teamId,
  }
  return { ...day, content: sha256(canonical(said)).toString('hex').slice(0, 32) }
}

interface Standing {
  id: string
  state: 'open' | 'confirmed'
  content: string
  minutes: Minutes
  difference: { is: Minutes } | null
}

const alike = (a: Minutes, b: Minutes) => canonical(a) === canonical(b)

/**
 * Derives the days of these people anew and writes what has changed; answers the changed ones. `late`: because of
 * something that happened long before it was heard of. `quiet`: history that was copied in; nobody watches it.
 */
export async function deriveDays(
  ctx: Ctx,
  personIds: readonly string[],
  from: string,
  to: string,
  o: { late?: boolean; quiet?: boolean } = {},
): Promise<DerivedDay[]> {
  const ids = [...new Set(personIds)].sort()
  if (ids.length === 0 || to < from) return []
  // Two reactions to one day wait for each other; each then reads what stands.
  for (const id of ids) await ctx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${`workday:${id}`}, 0))`)
  const days = await Days.load(ctx, ids, from, to)
  const found = [...days.people.keys()].flatMap((p) => days.dates.map((d) => deriveDay(days, p, d)))
  const standing = new Map(
    (
      await ctx.db.query<Standing>(sql`select id, state, content, minutes, difference from work_days
        where person_id = any(${ids}::uuid[]) and date between ${from} and ${to} for update`)
    ).map((s) => [s.id, s]),
  )
  const changed = found.filter((d) => standing.get(d.id)?.content !== d.content)
  const open = changed.filter((d) => standing.get(d.id)?.state !== 'confirmed')
  // Nothing happened, nothing is known, nothing was there before: no row.
  const write = open.filter((d) => standing.has(d.id) || d.worked || d.time.availableMin !== null)
  await save(ctx, write, o, standing)
  for (const d of changed.filter((d) => standing.get(d.id)?.state === 'confirmed'))
    await differ(ctx, d, standing.get(d.id) as Standing)
  await compareReports(ctx, found)
  return write
}

export const scopeOf = (d: { personId: string; teamId: string | null }) => ({
  team_id: d.teamId,
  customer_id: null,
  people: [d.personId],
})

async function save(
  ctx: Ctx,
  days: readonly DerivedDay[],
  o: { late?: boolean; quiet?: boolean },
  standing: ReadonlyMap<string, Standing>,
) {
  if (days.length === 0) return
  const lateAt = (d: DerivedDay) => {
    const was = standing.get(d.id)
    return o.late && was && !alike(was.minutes, d.time.minutes) ? ctx.now.toISOString() : null
  }
  await ctx.db.run(sql`
    insert into work_days (id, person_id, date, zone, late_at, minutes, overtime_min, available_min, travel_m, gaps, worked, visits, orders_done,
      exceptions, content, team_id, people, changed_at)
    select d.id, d.person_id, d.date, ${ctx.zone}, d.late_at, d.minutes, d.overtime_min, d.available_min, d.travel_m, d.gaps, d.worked, d.visits,
      d.orders_done, d.exceptions, d.content, d.team_id, array[d.person_id], ${ctx.now}
    from jsonb_to_recordset(${JSON.stringify(
      days.map((d) => ({
        id: d.id,
        person_id: d.personId,
        date: d.date,
        late_at: lateAt(d),
        minutes: d.time.minutes,
        overtime_min: d.time.overtimeMin,
        available_min: d.time.availableMin,
        travel_m: d.travelM,
        gaps: d.time.gaps.length,
        worked: d.worked,
        visits: d.visits,
        orders_done: d.ordersDone,
        exceptions: d.exceptions,
        content: d.content,
        team_id: d.teamId,
      })),
    )}::jsonb) as d(id uuid, person_id uuid, date date, late_at timestamptz, minutes jsonb, overtime_min int, available_min int, travel_m int,
      gaps int, worked boolean, visits int, orders_done int, exceptions text[], content text, team_id uuid)
    on conflict (person_id, date) do update set late_at = coalesce(excluded.late_at, work_days.late_at), minutes = excluded.minutes,
      overtime_min = excluded.overtime_min, available_min = excluded.available_min, travel_m = excluded.travel_m, gaps = excluded.gaps,
      worked = excluded.worked, visits = excluded.visits, orders_done = excluded.orders_done, exceptions = excluded.exceptions,
      content = excluded.content, team_id = excluded.team_id, rev = work_days.rev + 1, changed_at = excluded.changed_at`)
  await ctx.db.run(sql`delete from time_entries where day_id = any(${days.map((d) => d.id)}::uuid[])`)
  await ctx.db.run(sql`
    insert into time_entries (id, day_id, person_id, date, kind, starts_at, ends_at, minutes, visit_id, order_id, document_id, correction_id, distance_m, source, flags)
    select e.id, e.day_id, e.person_id, e.date, e.kind, e.starts_at, e.ends_at, e.minutes, e.visit_id, e.order_id, e.document_id, e.correction_id, e.distance_m, e.source, e.flags
    from jsonb_to_recordset(${JSON.stringify(days.flatMap((d) => d.entries.map((e) => entryRow(d, e))))}::jsonb) as e(id uuid, day_id uuid, person_id uuid,
      date date, kind text, starts_at timestamptz, ends_at timestamptz, minutes int, visit_id uuid, order_id uuid, document_id uuid, correction_id uuid,
      distance_m int, source uuid[], flags text[])`)
  for (const d of o.quiet ? [] : days)
    await ctx.emit({
      type: 'workday.changed',
      aggregate: 'workday',
      aggregateId: d.id,
      payload: { personId: d.personId, date: d.date, minutes: d.time.minutes, late: lateAt(d) !== null },
      scope: scopeOf(d),
    })
}

export const entryRow = (d: DerivedDay, e: DerivedDay['entries'][number]) => ({
  id: e.id,
  day_id: d.id,
  person_id: d.personId,
  date: d.date,
  kind: e.kind,
  starts_at: new Date(e.from).toISOString(),
  ends_at: new Date(e.to).toISOString(),
  minutes: e.minutes,
  visit_id: e.visitId,
  order_id: e.orderId,
  document_id: e.documentId,
  correction_id: e.correctionId,
  distance_m: e.distanceM,
  source: e.source,
  flags: e.flags,
})

/** A confirmed day stays as it was; whoever answers for it hears what it would be now. */
async function differ(ctx: Ctx, d: DerivedDay, was: Standing) {
  const is = sumMinutes(d.entries)
  const same = alike(is, was.minutes)
  if (same && was.difference === null) return
  if (!same && was.difference && alike(was.difference.is, is)) return
  const difference = same ? null : { was: was.minutes, is, at: ctx.now.toISOString() }
  await ctx.db.run(sql`update work_days set difference = ${difference ? JSON.stringify(difference) : null}::jsonb, exceptions = ${d.exceptions},
    rev = rev + 1, changed_at = ${ctx.now} where id = ${d.id}`)
  await ctx.emit({
    type: 'workday.differs',
    aggregate: 'workday',
    aggregateId: d.id,
    payload: { personId: d.personId, date: d.date, difference },
    scope: scopeOf(d),
  })
  if (same) return
  const [person] = await ctx.db.query<{ name: string }>(sql`select name from users where id = ${d.personId}`)
  const supervisors = await usersWithRole(ctx.db, 'supervisor', d.teamId)
  await tell(ctx, {
    userIds: [d.personId, ...supervisors.map((s) => s.id)],
    code: 'time_differs',
    params: { name: person?.name ?? '—', date: d.date },
    subject: { kind: 'workday', id: d.id },
  })
}

/** Reports that were handed in hear what the facts say now. */
async function compareReports(ctx: Ctx, days: readonly DerivedDay[]) {
  const people = [...new Set(days.map((d) => d.personId))]
  const dates = [...new Set(days.map((d) => d.date))]
  const reports = await ctx.db.query<{
    id: string
    person_id: string
    date: string
    lines: Sentence[]
    differences: unknown
  }>(sql`
    select id, person_id, date, lines, differences from daily_reports where person_id = any(${people}::uuid[]) and date = any(${dates}::date[]) for update`)
  for (const r of reports) {
    const d = days.find((d) => d.personId === r.person_id && d.date === r.date)
    if (!d) continue
    const found = differences(r.lines, d.sentences).map(bare)
    if (canonical(found) === canonical(r.differences)) continue
    await ctx.db.run(
      sql`update daily_reports set differences = ${JSON.stringify(found)}::jsonb, changed_at = ${ctx.now} where id = ${r.id}`,
    )
    await ctx.emit({
      type: 'report.differs',
      aggregate: 'report',
      aggregateId: r.id,
      payload: { personId: d.personId, date: d.date, keys: found.map((x) => x.key) },
      scope: scopeOf(d),
    })
  }
}

const sentence = (s: Sentence | null) =>
  s && { key: s.key, code: s.code, params: s.params, group: s.group, subject: s.subject, exception: s.exception }
/** A line of a report has more than its sentence; what is compared and kept is the sentence. */
export const bare = (d: { key: string; was: Sentence | null; is: Sentence | null }) => ({
  key: d.key,
  was: sentence(d.was),
  is: sentence(d.is),
})

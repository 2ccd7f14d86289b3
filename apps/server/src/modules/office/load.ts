// Everything that days are made of, for any number of people and days, in a handful of statements.

import { addDays, localDate, startOfLocalDay } from '#calendar'
import type { VisitState } from '#lifecycle'
import {
  type Correction,
  type DayFacts,
  type DayInput,
  type Interval,
  type PaperTouch,
  reportedVisit,
  timedVisit,
  touches,
} from '#workday'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { type EngineerFacts, engineerFacts, occupancyOf, shiftOn } from '../engineers'
import { type VisitWork, workOf } from '../worksheets'

export interface LoadedVisit {
  id: string
  order_id: string
  trip_id: string | null
  engineer_id: string
  role: 'lead' | 'member'
  fold: VisitState
  title: string
  customer: string
  point: { lat: number; lng: number; datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' } | null
  photos: number
  holds: { from: number; to: number | null; cause: string }[]
  low: boolean
}
export interface CorrectionRow {
  id: string
  person_id: string
  date: string
  starts_at: Date
  ends_at: Date
  kind: Correction['kind']
  visit_id: string | null
  order_id: string | null
  reason: string
  was: { kind: string; from: string; to: string }[]
  by_id: string
  by_name: string
  at: Date
  withdrawn_at: Date | null
  withdrawn_by: string | null
  withdrawn_name: string | null
  withdraw_reason: string | null
}
/** What he asked for on the day: requests, handovers, escalations. */
interface AskedRow {
  id: string
  person_id: string
  kind: string
  customer: string
  words: string
  at: Date
}
interface PendingRow {
  document_id: string
  visit_id: string
  title: { zh: string; en: string }
}

export interface Person {
  id: string
  name: string
  team_id: string | null
}

export const dayBounds = (date: string, zone: string) => ({
  from: startOfLocalDay(date, zone),
  to: startOfLocalDay(addDays(date, 1), zone),
})
export function datesBetween(from: string, to: string): string[] {
  const out: string[] = []
  for (let d = from; d <= to; d = addDays(d, 1)) out.push(d)
  return out
}

const TIMED = [
  'departed',
  'checked_in',
  'started',
  'paused',
  'resumed',
  'finished',
  'aborted',
  'cancelled',
  'reassigned',
]
const DAY_MS = 86_400_000

/** Days of these people from `from` to `to`, both counted. */
export class Days {
  private constructor(
    readonly ctx: Ctx,
    readonly people: ReadonlyMap<string, Person>,
    readonly dates: readonly string[],
    private readonly facts: ReadonlyMap<string, EngineerFacts>,
    private readonly visits: ReadonlyMap<string, LoadedVisit[]>,
    private readonly events: ReadonlyMap<string, Record<string, string>>,
    private readonly papers: ReadonlyMap<string, PaperTouch[]>,
    private readonly corrections: ReadonlyMap<string, CorrectionRow[]>,
    private readonly away: ReadonlyMap<string, Interval[]>,
    private readonly pending: ReadonlyMap<string, PendingRow[]>,
    private readonly next: ReadonlyMap<string, LoadedVisit[]>,
    private readonly work: ReadonlyMap<string, VisitWork>,
    private readonly asked: ReadonlyMap<string, AskedRow[]>,
  ) {}

  static async load(ctx: Ctx, personIds: readonly string[], from: string, to: string): Promise<Days> {
    const start = dayBounds(from, ctx.zone).from
    const end = dayBounds(to, ctx.zone).to
    const ids = [...new Set(personIds)]
    // What was planned for another day may still have been done on this one; nobody is three days late for a visit.
    const [near, far] = [new Date(start - 3 * DAY_MS), new Date(end + 3 * DAY_MS)]
    // One after the other: inside of a command they share one connection.
    const people = await ctx.db.query<Person>(sql`select id, name, team_id from users where id = any(${ids}::uuid[])`)
    const facts = await engineerFacts(ctx, ids)
    const visits = await ctx.db.query<LoadedVisit>(sql`
        select v.id, v.order_id, v.trip_id, v.engineer_id, v.role, v.fold, o.title, c.name as customer,
          case when s.lat is not null then json_build_object('lat', s.lat, 'lng', s.lng, 'datum', s.datum) end as point,
          (select count(*) from evidence e where e.visit_id = v.id and e.kind = 'photo')::int as photos,
          coalesce(o.fold -> 'holds', '[]') as holds,
          exists (select 1 from surveys q where q.kind in ('visit', 'order') and q.order_id = v.order_id and q.score < 70) as low
        from visits v join orders o on o.id = v.order_id join customers c on c.id = v.customer_id left join sites s on s.id = v.site_id
        where v.engineer_id = any(${ids}::uuid[]) and v.planned_start < ${far} and v.planned_end > ${near}
        order by v.planned_start, v.id`)
    const papers = await ctx.db.query<{
      id: string
      actor_id: string
      document_id: string
      visit_id: string
      order_id: string
      at: Date
    }>(sql`
        select e.id, e.actor_id, d.id as document_id, d.visit_id, d.order_id, e.occurred_at as at
        from events e join documents d on d.id = e.aggregate_id
        where e.type in ('document.filled', 'document.filed', 'document.signed') and e.actor_kind = 'user'
          and e.occurred_at >= ${new Date(start)} and e.occurred_at < ${new Date(end)} and e.actor_id = any(${ids}::uuid[])
        order by e.occurred_at, e.id`)
    const corrections = await ctx.db.query<CorrectionRow>(sql`
        select c.id, c.person_id, c.date, c.starts_at, c.ends_at, c.kind, c.visit_id, c.order_id, c.reason, c.was, c.by_id, b.name as by_name,
          c.at, c.withdrawn_at, c.withdrawn_by, w.name as withdrawn_name, c.withdraw_reason
        from time_corrections c join users b on b.id = c.by_id left join users w on w.id = c.withdrawn_by
        where c.person_id = any(${ids}::uuid[]) and c.date between ${from} and ${to} order by c.at, c.id`)
    const booked = await occupancyOf(ctx, ids, new Date(start), new Date(end))
    const past = visits.filter((v) => v.fold.takenAt !== null || v.fold.arrivedAt !== null)
    const visitIds = past.map((v) => v.id)
    const events = await ctx.db.query<{ id: string; visit_id: string; type: string; at: Date }>(sql`
        select id, aggregate_id as visit_id, type, occurred_at as at from events
        where aggregate_id = any(${visitIds}::uuid[]) and aggregate = 'visit' and type = any(${TIMED.map((t) => `visit.${t}`)}::text[])`)
    const pending = await ctx.db.query<PendingRow>(sql`
        select d.id as document_id, d.visit_id, t.body -> 'title' as title from documents d
        join document_templates t on t.key = d.template_key and t.version = d.template_version
        join visits v on v.id = d.visit_id
        where d.visit_id = any(${visitIds}::uuid[]) and d.state = 'draft' and v.result in ('done', 'partial') order by d.created_at, d.id`)
    const work = await workOf(ctx, visitIds)
    const [since, until] = [new Date(start), new Date(end)]
    const asked = await ctx.db.query<AskedRow>(sql`
      select a.*, c.name as customer from (
        select id, asked_by as person_id, kind, reason as words, asked_at as at, order_id from requests
        where asked_by = any(${ids}::uuid[]) and asked_at >= ${since} and asked_at < ${until} and state <> 'withdrawn'
        union all
        select id, from_id, 'handover', reason, asked_at, order_id from handovers
        where from_id = any(${ids}::uuid[]) and asked_at >= ${since} and asked_at < ${until} and state <> 'withdrawn' and kind = 'visit'
        union all
        select id, raised_by, 'escalation', title, raised_at, order_id from escalations
        where raised_by = any(${ids}::uuid[]) and raised_at >= ${since} and raised_at < ${until}
      ) a join orders o on o.id = a.order_id join customers c on c.id = o.customer_id order by a.at, a.id`)
    const marks = new Map<string, Record<string, string>>()
    for (const e of events) {
      const own = marks.get(e.visit_id) ?? {}
      own[`${e.type}@${e.at.getTime()}`] = e.id
      marks.set(e.visit_id, own)
    }
    return new Days(
      ctx,
      new Map(people.map((p) => [p.id, p])),
      datesBetween(from, to),
      new Map(facts.map((f) => [f.id, f])),
      grouped(past, (v) => v.engineer_id),
      marks,
      grouped(
        papers.map((p) => ({
          person: p.actor_id,
          documentId: p.document_id,
          visitId: p.visit_id,
          orderId: p.order_id,
          at: p.at.getTime(),
          eventId: p.id,
        })),
        (p) => p.person,
      ),
      grouped(corrections, (c) => c.person_id),
      grouped(
        booked.filter((b) => b.kind === 'leave' || b.kind === 'training'),
        (b) => b.engineerId,
        (b): Interval => [Number(b.from), Number(b.to)],
      ),
      grouped(pending, (p) => p.visit_id),
      grouped(
        visits.filter((v) => ['offered', 'taken'].includes(v.fold.state)),
        (v) => v.engineer_id,
      ),
      work,
      grouped(asked, (a) => a.person_id),
    )
  }

  home(personId: string) {
    return this.facts.get(personId)?.home ?? null
  }

  /** When the shift has the person at work on a date; null: he has no calendar here. */
  shift(personId: string, date: string): Interval[] | null {
    const e = this.facts.get(personId)
    if (!e) return null
    const { from, to } = dayBounds(date, this.ctx.zone)
    // A night shift belongs to two days.
    return [...shiftOn(e.shift, addDays(date, -1)), ...shiftOn(e.shift, date)]
      .map(([a, b]): Interval => [Math.max(a, from), Math.min(b, to)])
      .filter(([a, b]) => b > a)
  }

  awayOn(personId: string, date: string): Interval[] {
    const { from, to } = dayBounds(date, this.ctx.zone)
    return (this.away.get(personId) ?? [])
      .map(([a, b]): Interval => [Math.max(a, from), Math.min(b, to)])
      .filter(([a, b]) => b > a)
  }

  papersOn(personId: string, date: string): PaperTouch[] {
    const { from, to } = dayBounds(date, this.ctx.zone)
    return (this.papers.get(personId) ?? []).filter((p) => p.at >= from && p.at < to)
  }

  correctionsOn(personId: string, date: string): CorrectionRow[] {
    return (this.corrections.get(personId) ?? []).filter((c) => c.date === date)
  }

  visitsOn(personId: string, date: string): LoadedVisit[] {
    const { from, to } = dayBounds(date, this.ctx.zone)
    return (this.visits.get(personId) ?? []).filter((v) => touches(v.fold, from, to))
  }

  input(personId: string, date: string): DayInput {
    return {
      ...dayBounds(date, this.ctx.zone),
      asOf: this.ctx.now.getTime(),
      visits: this.visitsOn(personId, date).map((v) =>
        timedVisit(v.fold, { tripId: v.trip_id, events: this.events.get(v.id) ?? {} }),
      ),
      papers: this.papersOn(personId, date),
      corrections: this.correctionsOn(personId, date)
        .filter((c) => c.withdrawn_at === null)
        .map((c) => ({
          id: c.id,
          from: c.starts_at.getTime(),
          to: c.ends_at.getTime(),
          kind: c.kind,
          visitId: c.visit_id,
          orderId: c.order_id,
        })),
      shift: this.shift(personId, date),
      away: this.awayOn(personId, date),
    }
  }

  /** What the worksheet says: checks answered, those that failed, parts used. */
  private workAt(visitId: string) {
    const w = this.work.get(visitId)
    return {
      checks: w ? { done: w.checks.answered, failed: w.failed.map((f) => f.label) } : null,
      parts: w ? w.parts.map((p) => `${p.name} ${p.qty} ${p.unit}`) : [],
    }
  }

  /** Orders of the day's visits that were put on hold on this day. */
  held(personId: string, date: string): DayFacts['held'] {
    const { from, to } = dayBounds(date, this.ctx.zone)
    const seen = new Set<string>()
    return this.visitsOn(personId, date).flatMap((v) => {
      const hold = v.holds.find((h) => h.from >= from && h.from < to)
      if (!hold || seen.has(v.order_id)) return []
      seen.add(v.order_id)
      return [{ orderId: v.order_id, title: v.title, customer: v.customer, cause: hold.cause, from: hold.from }]
    })
  }

  report(personId: string, date: string, time: DayFacts['time']): DayFacts {
    const bounds = dayBounds(date, this.ctx.zone)
    const after = dayBounds(addDays(date, 1), this.ctx.zone)
    const visits = this.visitsOn(personId, date)
    return {
      date,
      zone: this.ctx.zone,
      visits: visits.map((v) =>
        reportedVisit(v.fold, { title: v.title, customer: v.customer, photos: v.photos, ...this.workAt(v.id) }, bounds),
      ),
      pending: visits
        .filter((v) => v.fold.endedAt !== null && v.fold.endedAt < bounds.to)
        .flatMap((v) =>
          (this.pending.get(v.id) ?? []).map((p) => ({
            documentId: p.document_id,
            visitId: v.id,
            titleZh: p.title.zh,
            titleEn: p.title.en,
            customer: v.customer,
          })),
        ),
      held: this.held(personId, date),
      requests: (this.asked.get(personId) ?? [])
        .filter((a) => a.at.getTime() >= bounds.from && a.at.getTime() < bounds.to)
        .map((a) => ({ id: a.id, kind: a.kind, customer: a.customer, words: a.words })),
      time,
      tomorrow: (this.next.get(personId) ?? [])
        .filter((v) => v.fold.planned.start >= after.from && v.fold.planned.start < after.to)
        .map((v) => ({ id: v.id, title: v.title, customer: v.customer, start: v.fold.planned.start })),
    }
  }
}

function grouped<T, V = T>(rows: readonly T[], key: (row: T) => string, value?: (row: T) => V): Map<string, V[]> {
  const out = new Map<string, V[]>()
  for (const r of rows) {
    const v = value ? value(r) : (r as unknown as V)
    const list = out.get(key(r))
    if (list) list.push(v)
    else out.set(key(r), [v])
  }
  return out
}

export const today = (ctx: Pick<Ctx, 'now' | 'zone'>) => localDate(ctx.now.getTime(), ctx.zone)

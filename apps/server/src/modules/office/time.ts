// Time of a person by day: read, corrected with a reason, confirmed, opened again.

import { localDate } from '#calendar'
import { officeRoutes } from '#contracts/office.schema'
import type { TimeKind } from '#workday'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { can } from '../../platform/policy'
import { tell } from '../notices'
import { type DerivedDay, dayId, deriveDay, deriveDays } from './derive'
import { type CorrectionRow, Days, datesBetween, dayBounds, type Person, today } from './load'
import { personFor, personScope } from './people'

const MAX_DAYS = 100
/** Older time is in the books. */
export const CORRECT_DAYS = 62

const iso = (at: Date | number) => new Date(at).toISOString()

interface DayRow {
  id: string
  date: string
  state: 'open' | 'confirmed'
  confirmed_at: Date | null
  confirmed_by: string | null
  confirmed_name: string | null
  late_at: Date | null
  difference: { was: DerivedDay['time']['minutes']; is: DerivedDay['time']['minutes']; at: string } | null
  minutes: DerivedDay['time']['minutes']
  overtime_min: number | null
  available_min: number | null
  rev: number
}
interface EntryRow {
  id: string
  day_id: string
  kind: TimeKind
  starts_at: Date
  ends_at: Date
  minutes: number
  visit_id: string | null
  order_id: string | null
  document_id: string | null
  correction_id: string | null
  distance_m: number | null
  source: string[]
  flags: string[]
}

export const presentCorrection = (c: CorrectionRow) => ({
  id: c.id,
  date: c.date,
  from: iso(c.starts_at),
  to: iso(c.ends_at),
  kind: c.kind,
  visitId: c.visit_id,
  orderId: c.order_id,
  reason: c.reason,
  was: c.was as { kind: TimeKind; from: string; to: string }[],
  by: { id: c.by_id, name: c.by_name },
  at: iso(c.at),
  withdrawn: c.withdrawn_at && {
    by: { id: c.withdrawn_by as string, name: c.withdrawn_name ?? '—' },
    at: iso(c.withdrawn_at),
    reason: c.withdraw_reason ?? '',
  },
})

/** Days as they stand; an open day as it is this minute, a confirmed one as it was confirmed. */
async function daysOf(ctx: Ctx, person: Person, from: string, to: string) {
  const days = await Days.load(ctx, [person.id], from, to)
  const rows = await ctx.db.query<DayRow>(sql`
    select d.id, d.date, d.state, d.confirmed_at, d.confirmed_by, u.name as confirmed_name, d.late_at, d.difference, d.minutes, d.overtime_min, d.available_min, d.rev
    from work_days d left join users u on u.id = d.confirmed_by where d.person_id = ${person.id} and d.date between ${from} and ${to}`)
  const stored = new Map(rows.map((r) => [r.date, r]))
  const locked = rows.filter((r) => r.state === 'confirmed').map((r) => r.id)
  const entries = locked.length
    ? await ctx.db.query<EntryRow>(sql`select id, day_id, kind, starts_at, ends_at, minutes, visit_id, order_id, document_id, correction_id, distance_m, source, flags
        from time_entries where day_id = any(${locked}::uuid[]) order by starts_at`)
    : []
  const names = await namesOfOrders(ctx, [
    ...entries.map((e) => e.order_id),
    ...days.dates.flatMap((d) => days.visitsOn(person.id, d).map((v) => v.order_id)),
    ...days.dates.flatMap((d) => days.papersOn(person.id, d).map((p) => p.orderId)),
  ])
  return days.dates.map((date) => presentDay(ctx, person, days, date, stored.get(date), entries, names))
}

async function namesOfOrders(ctx: Ctx, ids: readonly (string | null)[]) {
  const wanted = [...new Set(ids.filter((id) => id !== null))]
  const rows = await ctx.db.query<{ id: string; title: string; customer: string }>(
    sql`select o.id, o.title, c.name as customer from orders o join customers c on c.id = o.customer_id where o.id = any(${wanted}::uuid[])`,
  )
  return new Map(rows.map((r) => [r.id, r]))
}

function presentDay(
  ctx: Ctx,
  person: Person,
  days: Days,
  date: string,
  row: DayRow | undefined,
  stored: readonly EntryRow[],
  names: ReadonlyMap<string, { title: string; customer: string }>,
) {
  const now = deriveDay(days, person.id, date)
  const locked = row?.state === 'confirmed'
  const named = (orderId: string | null) => ({
    customer: (orderId && names.get(orderId)?.customer) || null,
    title: (orderId && names.get(orderId)?.title) || null,
  })
  const entries = locked
    ? stored
        .filter((e) => e.day_id === row.id)
        .map((e) => ({
          id: e.id,
          date,
          kind: e.kind,
          from: iso(e.starts_at),
          to: iso(e.ends_at),
          minutes: e.minutes,
          state: 'confirmed' as const,
          visitId: e.visit_id,
          orderId: e.order_id,
          ...named(e.order_id),
          documentId: e.document_id,
          correctionId: e.correction_id,
          source: e.source,
          flags: e.flags,
          distanceM: e.distance_m,
        }))
    : now.entries.map((e) => ({
        id: e.id,
        date,
        kind: e.kind,
        from: iso(e.from),
        to: iso(e.to),
        minutes: e.minutes,
        state: e.correctionId ? ('corrected' as const) : ('derived' as const),
        visitId: e.visitId,
        orderId: e.orderId,
        ...named(e.orderId),
        documentId: e.documentId,
        correctionId: e.correctionId,
        source: e.source,
        flags: e.flags,
        distanceM: e.distanceM,
      }))
  const over = date < today(ctx)
  return {
    date,
    zone: ctx.zone,
    state: row?.state ?? ('open' as const),
    confirmed:
      row?.confirmed_at && row.confirmed_by
        ? { by: { id: row.confirmed_by, name: row.confirmed_name ?? '—' }, at: iso(row.confirmed_at) }
        : null,
    lateAt: row?.late_at ? iso(row.late_at) : null,
    difference: row?.difference ?? null,
    entries,
    gaps: locked
      ? []
      : now.time.gaps.map((g) => ({
          from: iso(g.from),
          to: iso(g.to),
          minutes: g.minutes,
          cause: g.cause,
          visitId: g.visitId,
        })),
    corrections: days.correctionsOn(person.id, date).map(presentCorrection),
    minutes: locked ? row.minutes : now.time.minutes,
    overtimeMin: locked ? row.overtime_min : now.time.overtimeMin,
    availableMin: locked ? row.available_min : now.time.availableMin,
    rev: row?.rev ?? 0,
    can: can(ctx.actor, personScope(person), {
      correct: ['time.correct', !locked],
      confirm: ['time.confirm', !locked && over],
      reopen: ['time.confirm', locked],
    }),
  }
}

const oneDay = async (ctx: Ctx, person: Person, date: string) => {
  const [day] = await daysOf(ctx, person, date, date)
  return day as NonNullable<typeof day>
}

function checkSpan(from: string, to: string) {
  if (to < from) fail('time_order')
  if (datesBetween(from, to).length > MAX_DAYS) fail('period_too_long', { days: MAX_DAYS })
}

async function openDay(ctx: Ctx, person: Person, date: string): Promise<void> {
  await ctx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${`workday:${person.id}`}, 0))`)
  const row = await ctx.db.maybe<{ state: string }>(
    sql`select state from work_days where person_id = ${person.id} and date = ${date}`,
  )
  if (row?.state === 'confirmed') fail('time_confirmed', { date })
}

export const timeHandlers: Implemented[] = [
  implement(officeRoutes.personTime, async (ctx, { params, query }) => {
    const person = await personFor(ctx, params.id, 'time.read')
    checkSpan(query.from, query.to)
    return { person: { id: person.id, name: person.name }, days: await daysOf(ctx, person, query.from, query.to) }
  }),

  implement(officeRoutes.correctTime, async (ctx, { params, body }) => {
    const person = await personFor(ctx, params.id, 'time.correct')
    const [from, to] = [Date.parse(body.from), Date.parse(body.to)]
    if (to <= from) fail('time_order')
    const bounds = dayBounds(body.date, ctx.zone)
    // What has not happened yet cannot be told; a phone's clock may be a few minutes ahead.
    if (from < bounds.from || to > bounds.to || to > ctx.now.getTime() + 5 * 60_000)
      fail('time_outside_day', { date: body.date })
    if (bounds.from < ctx.now.getTime() - CORRECT_DAYS * 86_400_000)
      fail('time_too_early', { date: body.date, days: CORRECT_DAYS })
    await openDay(ctx, person, body.date)
    const days = await Days.load(ctx, [person.id], body.date, body.date)
    const visit = days.visitsOn(person.id, body.date).find((v) => v.id === body.visitId)
    if (body.visitId && !visit) fail('not_found')
    const before = deriveDay(days, person.id, body.date)
    const was = before.entries.flatMap((e) => {
      const [a, b] = [Math.max(e.from, from), Math.min(e.to, to)]
      return b > a ? [{ kind: e.kind, from: iso(a), to: iso(b) }] : []
    })
    const id = body.id ?? newId()
    const fresh = await ctx.db.run(sql`
      insert into time_corrections (id, person_id, date, starts_at, ends_at, kind, visit_id, order_id, reason, was, by_id, at)
      values (${id}, ${person.id}, ${body.date}, ${new Date(from)}, ${new Date(to)}, ${body.kind}, ${visit?.id ?? null}, ${visit?.order_id ?? null},
        ${body.reason}, ${JSON.stringify(was)}::jsonb, ${ctx.actor.id}, ${ctx.now}) on conflict (id) do nothing`)
    // The same correction sent twice under two commands is one; another person's id is nobody's business.
    if (fresh === 0) {
      const known = await ctx.db.maybe(
        sql`select 1 from time_corrections where id = ${id} and person_id = ${person.id} and date = ${body.date}`,
      )
      if (!known) fail('not_found')
      return oneDay(ctx, person, body.date)
    }
    await ctx.emit({
      type: 'time.corrected',
      aggregate: 'workday',
      aggregateId: dayId(person.id, body.date),
      payload: { personId: person.id, date: body.date, correctionId: id, kind: body.kind, from, to, was },
      reason: body.reason,
      scope: personScope(person),
    })
    await deriveDays(ctx, [person.id], body.date, body.date)
    await tell(ctx, {
      userIds: [person.id],
      code: 'time_corrected',
      params: { by: ctx.actor.name, date: body.date, reason: body.reason },
      subject: { kind: 'workday', id: dayId(person.id, body.date) },
    })
    return oneDay(ctx, person, body.date)
  }),

  implement(officeRoutes.withdrawCorrection, async (ctx, { params, body }) => {
    const c = await ctx.db.maybe<{ person_id: string; date: string; withdrawn_at: Date | null }>(
      sql`select person_id, date, withdrawn_at from time_corrections where id = ${params.id} for update`,
    )
    if (!c) return fail('not_found')
    const person = await personFor(ctx, c.person_id, 'time.correct')
    if (c.withdrawn_at) fail('correction_withdrawn')
    await openDay(ctx, person, c.date)
    await ctx.db.run(sql`update time_corrections set withdrawn_at = ${ctx.now}, withdrawn_by = ${ctx.actor.id}, withdraw_reason = ${body.reason}
      where id = ${params.id}`)
    await ctx.emit({
      type: 'time.correction_withdrawn',
      aggregate: 'workday',
      aggregateId: dayId(person.id, c.date),
      payload: { personId: person.id, date: c.date, correctionId: params.id },
      reason: body.reason,
      scope: personScope(person),
    })
    await deriveDays(ctx, [person.id], c.date, c.date)
    return oneDay(ctx, person, c.date)
  }),

  implement(officeRoutes.confirmTime, async (ctx, { params, body }) => {
    const person = await personFor(ctx, params.id, 'time.confirm')
    checkSpan(body.from, body.to)
    if (body.to >= localDate(ctx.now.getTime(), ctx.zone)) fail('time_not_over')
    // What is confirmed is what the events say now.
    await deriveDays(ctx, [person.id], body.from, body.to)
    const days = await ctx.db.query<{ id: string; date: string }>(sql`
      update work_days set state = 'confirmed', confirmed_at = ${ctx.now}, confirmed_by = ${ctx.actor.id}, difference = null, rev = rev + 1, changed_at = ${ctx.now}
      where person_id = ${person.id} and date between ${body.from} and ${body.to} and state = 'open' returning id, date`)
    for (const d of days)
      await ctx.emit({
        type: 'workday.confirmed',
        aggregate: 'workday',
        aggregateId: d.id,
        payload: { personId: person.id, date: d.date },
        scope: personScope(person),
      })
    return { confirmed: days.length }
  }),

  implement(officeRoutes.reopenTime, async (ctx, { params, body }) => {
    const person = await personFor(ctx, params.id, 'time.confirm')
    const day = await ctx.db.maybe<{ id: string; state: string }>(
      sql`select id, state from work_days where person_id = ${person.id} and date = ${body.date} for update`,
    )
    if (day?.state !== 'confirmed') return fail('time_not_confirmed', { date: body.date })
    await ctx.db.run(sql`update work_days set state = 'open', confirmed_at = null, confirmed_by = null, difference = null, rev = rev + 1, changed_at = ${ctx.now}
      where id = ${day.id}`)
    await ctx.emit({
      type: 'workday.reopened',
      aggregate: 'workday',
      aggregateId: day.id,
      payload: { personId: person.id, date: body.date },
      reason: body.reason,
      scope: personScope(person),
    })
    await deriveDays(ctx, [person.id], body.date, body.date)
    await tell(ctx, {
      userIds: [person.id],
      code: 'time_reopened',
      params: { by: ctx.actor.name, date: body.date, reason: body.reason },
      subject: { kind: 'workday', id: day.id },
    })
    return oneDay(ctx, person, body.date)
  }),
]

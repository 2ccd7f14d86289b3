import { z } from 'zod'
import { addDays, localDate, localMinutes } from '#calendar'
import { officeRoutes } from '#contracts/office.schema'
import { LATE_MS, type VisitState } from '#lifecycle'
import { implement, implementRaw, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import type { StoredEvent } from '../../platform/events'
import { readSetting, setting } from '../../platform/settings'
import { tell } from '../notices'
import { deriveDays } from './derive'
import { exportMonth, exportWeek } from './export'
import { today } from './load'
import { reportReplica } from './phone'
import { reportHandlers } from './reports'
import { monthOf, reportsOn, weekOf } from './rollups'
import { timeHandlers } from './time'

export { type DerivedDay, deriveDay, deriveDays } from './derive'
export { timeOfDays } from './facts'
export { Days } from './load'
export { reportHash } from './reports'

/** When somebody who worked is reminded of his report, on the company's clock. */
const reminder = setting('reports.reminder', z.object({ at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/) }), {
  at: '20:30',
})

// ── following what happens ──

const DAY_MS = 86_400_000
const dateOf = (ctx: Ctx, at: number) => localDate(at, ctx.zone)

interface Touched {
  personId: string
  from: string
  to: string
}
const lateEvent = (e: StoredEvent) => e.recordedAt.getTime() - e.occurredAt.getTime() > LATE_MS

async function derive(ctx: Ctx, touched: readonly Touched[], late: boolean): Promise<void> {
  for (const t of touched) {
    const to = t.to < today(ctx) ? t.to : today(ctx)
    await deriveDays(ctx, [t.personId], t.from, to, { late })
  }
}

async function followVisit(ctx: Ctx, e: StoredEvent): Promise<void> {
  const v = await ctx.db.maybe<{ engineer_id: string | null; fold: VisitState }>(
    sql`select engineer_id, fold from visits where id = ${e.aggregateId}`,
  )
  if (!v?.engineer_id) return
  const at = e.occurredAt.getTime()
  const { fold } = v
  // The night before belongs to it as well; a resident's other days do not.
  const known = fold.mode === 'resident' ? [] : [fold.departedAt, fold.arrivedAt, fold.startedAt, fold.endedAt]
  const moments = [at, ...known.filter((m): m is number => m !== null && Math.abs(m - at) < 3 * DAY_MS)]
  await derive(
    ctx,
    [{ personId: v.engineer_id, from: dateOf(ctx, Math.min(...moments)), to: dateOf(ctx, Math.max(...moments)) }],
    lateEvent(e),
  )
}

async function followPaper(ctx: Ctx, e: StoredEvent): Promise<void> {
  const date = dateOf(ctx, e.occurredAt.getTime())
  const touched: Touched[] = []
  const v = await ctx.db.maybe<{ engineer_id: string | null; ended_at: Date | null }>(
    sql`select v.engineer_id, v.ended_at from documents d join visits v on v.id = d.visit_id where d.id = ${e.aggregateId}`,
  )
  if (e.actorKind === 'user' && e.actorId) touched.push({ personId: e.actorId, from: date, to: date })
  // What was to follow on the day of the visit is there now.
  if (v?.engineer_id && v.ended_at) {
    const ended = dateOf(ctx, v.ended_at.getTime())
    if (v.engineer_id !== e.actorId || ended !== date) touched.push({ personId: v.engineer_id, from: ended, to: ended })
  }
  const engineers = await ctx.db.query<{ user_id: string }>(
    sql`select user_id from engineers where user_id = any(${touched.map((t) => t.personId)}::uuid[])`,
  )
  await derive(
    ctx,
    touched.filter((t) => engineers.some((x) => x.user_id === t.personId)),
    lateEvent(e),
  )
}

async function followOrder(ctx: Ctx, orderId: string, at: number | null): Promise<void> {
  const rows = await ctx.db.query<{ engineer_id: string; ended_at: Date | null }>(
    sql`select distinct on (engineer_id) engineer_id, ended_at from visits where order_id = ${orderId} and engineer_id is not null and arrived_at is not null
      order by engineer_id, ended_at desc nulls last`,
  )
  const touched = rows.flatMap((r): Touched[] => {
    const when = at ?? r.ended_at?.getTime()
    if (when === undefined) return []
    const date = dateOf(ctx, when)
    return [{ personId: r.engineer_id, from: date, to: date }]
  })
  await derive(ctx, touched, false)
}

async function followSurvey(ctx: Ctx, e: StoredEvent): Promise<void> {
  const s = await ctx.db.maybe<{ order_id: string }>(sql`select order_id from surveys where id = ${e.aggregateId}`)
  if (s) await followOrder(ctx, s.order_id, null)
}

async function followAbsence(ctx: Ctx, e: StoredEvent): Promise<void> {
  const a = await ctx.db.maybe<{ engineer_id: string; from: Date; to: Date }>(
    sql`select engineer_id, lower(during) as "from", upper(during) as "to" from absences where id = ${e.aggregateId}`,
  )
  if (!a) return
  const oldest = addDays(today(ctx), -60)
  const from = dateOf(ctx, a.from.getTime())
  await derive(
    ctx,
    [{ personId: a.engineer_id, from: from > oldest ? from : oldest, to: dateOf(ctx, a.to.getTime() - 1) }],
    false,
  )
}

const followed = [
  ...['departed', 'checked_in', 'started', 'paused', 'resumed', 'finished', 'aborted', 'cancelled', 'reassigned'],
  ...['rescheduled', 'missed', 'evidence_added', 'checkin_graded', 'checkin_reviewed'],
].map((t) => `visit.${t}`)

// ── the turn of the day ──

/** Days that are over are looked at once more, and everybody with a calendar has one: who had no work was free. */
async function closeDays(ctx: Ctx): Promise<void> {
  const yesterday = addDays(today(ctx), -1)
  const open = await ctx.db.query<{ id: string }>(sql`
    select e.user_id as id from engineers e join users u on u.id = e.user_id
    where u.disabled_at is null and u.created_at < ${ctx.now}::timestamptz - interval '1 day'
      and not exists (select 1 from work_days d where d.person_id = e.user_id and d.date = ${yesterday} and d.closed)
    order by e.user_id limit 200`)
  if (open.length === 0) return
  const ids = open.map((o) => o.id)
  await deriveDays(ctx, ids, yesterday, yesterday)
  await ctx.db.run(
    sql`update work_days set closed = true where person_id = any(${ids}::uuid[]) and date = ${yesterday}`,
  )
}

/** Reminds once of a report that is missing, in the evening of a day with work, when the work is over. */
async function remind(ctx: Ctx): Promise<void> {
  const { at } = await readSetting(ctx, reminder)
  const [hour, minute] = at.split(':').map(Number) as [number, number]
  const date = today(ctx)
  if (localMinutes(ctx.now.getTime(), ctx.zone) < hour * 60 + minute) return
  const missing = await ctx.db.query<{ id: string; person_id: string }>(sql`
    update work_days d set chased_at = ${ctx.now}
    where d.date = ${date} and d.worked and d.chased_at is null
      and not exists (select 1 from daily_reports r where r.person_id = d.person_id and r.date = d.date)
      and not exists (select 1 from visits v where v.engineer_id = d.person_id and v.state in ('en_route', 'on_site', 'working', 'paused')
        and v.mode <> 'resident' and v.ended_at is null)
    returning d.id, d.person_id`)
  for (const m of missing)
    await tell(ctx, {
      userIds: [m.person_id],
      code: 'report_missing',
      params: { date },
      subject: { kind: 'workday', id: m.id },
    })
}

export const office: Module = {
  name: 'office',
  live: { workday: 'time.read', report: 'report.read' },
  replica: [reportReplica],
  reactions: [
    ...followed.map((type) => on(type, 'office.visit', followVisit)),
    ...['document.filled', 'document.filed', 'document.signed'].map((type) => on(type, 'office.paper', followPaper)),
    on('order.held', 'office.order', (ctx, e) => followOrder(ctx, e.aggregateId, e.occurredAt.getTime())),
    on('survey.answered', 'office.survey', followSurvey),
    on('absence.added', 'office.absence', followAbsence),
    on('absence.cancelled', 'office.absence', followAbsence),
  ],
  jobs: [
    { name: 'office.close', every: '*/15 * * * *', run: closeDays },
    { name: 'office.remind', every: '*/15 * * * *', run: remind },
  ],
  handlers: [
    ...timeHandlers,
    ...reportHandlers,
    implement(officeRoutes.listReports, (ctx, { query }) => reportsOn(ctx, query)),
    implement(officeRoutes.reportWeek, (ctx, { query }) => weekOf(ctx, query)),
    implement(officeRoutes.timeMonth, (ctx, { query }) => monthOf(ctx, query)),
    ...[
      implementRaw(officeRoutes.exportWeek, async (ctx, { query }, { reply }) =>
        download(reply, await exportWeek(ctx, query)),
      ),
      implementRaw(officeRoutes.exportMonth, async (ctx, { query }, { reply }) =>
        download(reply, await exportMonth(ctx, query)),
      ),
    ],
  ],
}

const download = (
  reply: { header(name: string, value: string): typeof reply; send(bytes: Buffer): unknown },
  file: { bytes: Buffer; type: string; name: string },
) =>
  reply
    .header('content-type', file.type)
    .header('content-disposition', `attachment; filename="${file.name}"`)
    .header('cache-control', 'no-store')
    .send(file.bytes)

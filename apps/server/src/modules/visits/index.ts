import { addDays, startOfLocalDay } from '#calendar'
import { visitsRoutes } from '#contracts/visits.schema'
import { visitDetail } from '#lifecycle'
import { type Implemented, implement, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { localDate } from '../../platform/numbers'
import { authorise, can } from '../../platform/policy'
import { pageOf, readCursor } from '../../platform/search'
import { printPhotosBy } from '../documents'
import { usersWithRole } from '../people'
import { findOrder, orderScope } from '../workorders'
import { findAlike } from './alike'
import { arrivalHandlers, expireUploads } from './arrival'
import { briefHandlers, briefReplica } from './brief'
import { checkInHandlers } from './checkin'
import { codeHandlers } from './codes'
import { deviceHandlers } from './devices'
import { doorCodeHandlers } from './doorcodes'
import { evidenceHandlers, evidenceOf, photoCopies, presentEvidence } from './evidence'
import { fieldHandlers } from './field'
import { tellOfVisit } from './planning'
import { policyHandlers } from './policy'
import * as queries from './queries'
import { recordHandlers } from './record'
import { visitReplica } from './replica'
import { minutesBetween } from './rules'
import { siteCodeHandlers } from './sitecodes'
import * as store from './store'
import { arrivalUpkeep, rulesReplica, trackHandlers } from './track'
import { fact, happen, lockVisit } from './write'

export { findAlike } from './alike'
export { adoptPhotos, photoBytes, photoCopies } from './evidence'
export {
  cancelVisit,
  extendVisit,
  leavePartial,
  type OfferVisit,
  offerVisit,
  type PlanVisit,
  planVisit,
  type ReassignVisit,
  type RescheduleVisit,
  reassignVisit,
  recallVisit,
  rescheduleVisit,
  takeFor,
} from './planning'
export { card as visitCardOf } from './queries'
export { tripGapMin } from './rules'
export { type VisitRow, visitScope } from './store'
export { lockVisit } from './write'

printPhotosBy(photoCopies)

export const findVisit = (ctx: Pick<Ctx, 'db'>, id: string) => store.find(ctx.db, id)
/** All visits of an order, by planned time. */
export const visitsOfOrder = (ctx: Pick<Ctx, 'db'>, orderId: string) => store.rowsOfOrder(ctx.db, orderId)

/** The customer says that the remote work was done; his link or a code stands for him. A second time changes nothing. */
export async function confirmVisit(
  ctx: Ctx,
  visitId: string,
  o: { by: 'link' | 'code' | 'call'; contactId?: string | null },
) {
  const v = await lockVisit(ctx, visitId)
  if (v.fold.customerConfirmedAt !== null) return v
  return happen(ctx, v, [fact('visit.customer_confirmed', { by: o.by, contactId: o.contactId ?? null })])
}

const pageAt = (after: string | undefined) => {
  const [at, id] = (readCursor(after, 2) ?? []) as [string?, string?]
  return at && id ? { at, id } : null
}

const day = (ctx: Ctx, date: string) => ({
  from: new Date(startOfLocalDay(date, ctx.zone)),
  to: new Date(startOfLocalDay(addDays(date, 1), ctx.zone)),
})

const handlers: Implemented[] = [
  implement(visitsRoutes.fieldToday, async (ctx, { query }) => {
    const date = query.date ?? localDate(ctx.now, ctx.zone)
    const { from, to } = day(ctx, date)
    const before = day(ctx, addDays(date, -1))
    const after = day(ctx, addDays(date, 1))
    const [rows, offers, previous, following] = await Promise.all([
      queries.ofEngineer(ctx, from, to),
      queries.offersTo(ctx),
      queries.countOfEngineer(ctx, before.from, before.to),
      queries.countOfEngineer(ctx, after.from, after.to),
    ])
    const ways = new Map(rows.map((v) => [v.trip_id ?? v.id, v.fold.travelMin ?? 0]))
    return {
      date,
      zone: ctx.zone,
      visits: rows.map((v) => queries.present(ctx, v)),
      offers: offers.map((v) => queries.present(ctx, v)),
      previous: { date: addDays(date, -1), visits: previous },
      following: { date: addDays(date, 1), visits: following },
      totals: {
        visits: rows.length,
        workMin: rows
          .filter((v) => v.mode !== 'resident')
          .reduce((sum, v) => sum + minutesBetween(v.fold.planned.start, v.fold.planned.end), 0),
        travelMin: [...ways.values()].reduce((sum, m) => sum + m, 0),
      },
      serverTime: ctx.now.toISOString(),
    }
  }),

  implement(visitsRoutes.fieldSchedule, async (ctx, { query }) => {
    const rows = await queries.ofEngineer(
      ctx,
      day(ctx, query.from).from,
      day(ctx, addDays(query.from, query.days - 1)).to,
    )
    return { zone: ctx.zone, visits: rows.map((v) => queries.present(ctx, v)) }
  }),

  implement(visitsRoutes.visitsOfOrder, async (ctx, { params }) => {
    const order = await findOrder(ctx, params.id)
    if (!order) return fail('not_found')
    authorise(ctx.actor, 'order.read', orderScope(order), 'order.read')
    return { visits: (await queries.ofOrder(ctx, params.id)).map((v) => queries.present(ctx, v)) }
  }),

  implement(visitsRoutes.visitReviews, async (ctx, { query }) =>
    pageOf(
      await queries.toReview(ctx, pageAt(query.after), query.limit + 1),
      query.limit,
      (v) => [new Date(v.fold.arrivedAt ?? 0).toISOString(), v.id],
      (v) => ({ ...queries.present(ctx, v), checkIns: v.fold.checkIns.map(queries.checkInOf) }),
    ),
  ),

  implement(visitsRoutes.visitConflicts, async (ctx, { query }) =>
    pageOf(
      await queries.openConflicts(ctx, pageAt(query.after), query.limit + 1),
      query.limit,
      (c) => [c.found_at.toISOString(), c.event_id],
      (c) => ({
        eventId: c.event_id,
        visitId: c.visit_id,
        orderId: c.order_id,
        orderNumber: c.order_number,
        title: c.title,
        type: c.type,
        why: c.why,
        state: c.state,
        actor: { id: c.actor_id, name: c.actor_name },
        occurredAt: c.occurred_at.toISOString(),
        recordedAt: c.recorded_at.toISOString(),
        reason: c.reason,
        can: can(ctx.actor, c, { settle: ['visit.conflicts', true] }),
      }),
    ),
  ),

  implement(visitsRoutes.settleConflict, async (ctx, { params, body }) => {
    const c = await ctx.db.maybe<{ visit_id: string; settled_at: Date | null }>(
      sql`select visit_id, settled_at from visit_conflicts where event_id = ${params.id} for update`,
    )
    const v = c && (await store.find(ctx.db, c.visit_id))
    if (!c || !v) return fail('not_found')
    authorise(ctx.actor, 'visit.conflicts', store.visitScope(v), 'visit.conflicts')
    if (c.settled_at) fail('conflict_settled')
    await ctx.db.run(
      sql`update visit_conflicts set settled_at = ${ctx.now}, settled_by = ${ctx.actor.id}, note = ${body.note} where event_id = ${params.id}`,
    )
    await ctx.db.run(sql`update visits set conflicts = (select count(*) from visit_conflicts where visit_id = ${v.id} and settled_at is null)
      where id = ${v.id}`)
    await ctx.emit({
      type: 'conflict.settled',
      aggregate: 'conflict',
      aggregateId: params.id,
      payload: { visitId: v.id, orderId: v.order_id },
      reason: body.note,
      scope: store.visitScope(v),
    })
    return { ok: true as const }
  }),

  implement(visitsRoutes.getVisit, async (ctx, { params }) => {
    const v = await queries.readable(ctx, params.id)
    const [evidence, crew, trip, history] = await Promise.all([
      evidenceOf(ctx, v.id),
      queries.crewOf(ctx.db, v),
      v.trip_id ? queries.tripOf(ctx.db, v) : [],
      v.asset ? queries.assetHistory(ctx.db, v.asset.id, v.id) : [],
    ])
    return {
      ...queries.present(ctx, v),
      ...visitDetail(v.fold),
      text: v.order_text,
      evidence: evidence.map(presentEvidence),
      asset: v.asset && {
        ...v.asset,
        history: history.map((h) => ({
          visitId: h.visit_id,
          orderId: h.order_id,
          orderNumber: h.order_number,
          title: h.title,
          at: h.at.toISOString(),
          result: h.result,
          engineer: h.engineer_id ? { id: h.engineer_id, name: h.engineer_name ?? '—' } : null,
        })),
      },
      crew: crew.map((c) => ({
        visitId: c.id,
        engineer: c.engineer_id ? { id: c.engineer_id, name: c.name ?? '—' } : null,
        role: c.fold.role,
        state: c.fold.state,
      })),
      trip: trip.map((t) => ({ visitId: t.id, title: t.title, state: t.state })),
    }
  }),
]

/** Hours after the planned end before a visit that nobody came to counts as missed; never before its day is over. */
const missedAfterHours = 4

/** Finds visits that nobody came to; each is ended in a job of its own, so that one cannot hold up the others. */
async function sweepMissed(ctx: Ctx): Promise<void> {
  const due = await ctx.db.query<{ id: string }>(sql`
    select id from visits where ended_at is null and arrived_at is null and state in ('planned', 'offered', 'taken', 'en_route')
      and planned_end < ${ctx.now}::timestamptz - make_interval(hours => ${missedAfterHours})
      and planned_end < (date_trunc('day', ${ctx.now}::timestamptz at time zone ${ctx.zone}) at time zone ${ctx.zone})
    order by planned_end limit 500`)
  for (const { id } of due) await ctx.job('visits.miss', { visitId: id }, { jobKey: `visits.miss:${id}` })
}

async function missVisit(ctx: Ctx, visitId: string): Promise<void> {
  const v = await lockVisit(ctx, visitId)
  // The phone may have spoken since the sweep.
  if (v.fold.arrivedAt !== null || !['planned', 'offered', 'taken', 'en_route'].includes(v.state)) return
  const saved = await happen(ctx, v, [fact('visit.missed', {})])
  const dispatchers = await usersWithRole(ctx.db, 'dispatcher', v.team_id)
  await tellOfVisit(ctx, saved, [...v.people, ...dispatchers.map((d) => d.id)], 'visit_missed', 'urgent')
}

export const visits: Module = {
  name: 'visits',
  live: {
    visit: 'visit.read',
    evidence: 'evidence.read',
    conflict: 'visit.conflicts',
    device: 'device.manage',
    siteCode: 'site.codes',
  },
  replica: [...visitReplica, briefReplica, rulesReplica],
  reactions: [on('visit.taken', 'visits.findAlike', (ctx, e) => findAlike(ctx, [e.aggregateId]))],
  handlers: [
    ...handlers,
    ...fieldHandlers,
    ...checkInHandlers,
    ...evidenceHandlers,
    ...briefHandlers,
    ...arrivalHandlers,
    ...codeHandlers,
    ...doorCodeHandlers,
    ...deviceHandlers,
    ...policyHandlers,
    ...recordHandlers,
    ...siteCodeHandlers,
    ...trackHandlers,
  ],
  jobs: [
    expireUploads,
    { name: 'visits.sweep', every: '*/15 * * * *', run: sweepMissed },
    arrivalUpkeep,
    { name: 'visits.miss', run: (ctx, payload) => missVisit(ctx, payload.visitId as string) },
  ],
}

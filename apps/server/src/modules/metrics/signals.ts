import { ARRIVAL_GRACE_MIN, type FollowUpState, type VisitState } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { readSetting } from '../../platform/settings'
import { runningProjects, type SignalCause, setSignals, setTally } from '../projects'
import { satisfactionSetting } from '../surveys'

const DAY_MIN = 8 * 60
const ended = ['completed', 'closed', 'cannot_complete']
// Handed over in time and waiting for the customer is not late with us.
const handedOver = [...ended, 'awaiting_acceptance']

interface OrderSight {
  id: string
  number: string
  state: string
  due_at: Date | null
  visits: { fold: VisitState; engineer: string | null }[]
  surveys: { id: string; score: number; answeredAt: string }[]
  followups: { id: string; number: string; fold: FollowUpState }[]
}
interface Found {
  cause: SignalCause
  ref: { kind: 'visit' | 'survey' | 'order' | 'followup'; id: string }
  at: Date
  params: Record<string, unknown>
}

/** Minutes of work that has ended, without pauses; a day of 8 hours for each day as a resident. */
export function workedMin(v: VisitState): number {
  if (v.mode === 'resident') return new Set(v.checkIns.map((c) => c.day ?? c.id)).size * DAY_MIN
  const from = v.startedAt ?? v.arrivedAt
  const to = v.endedAt
  // What still runs is counted when it ends: otherwise the number would be news at every look.
  if (from === null || to === null || to <= from) return 0
  const paused = v.pauses.reduce((sum, p) => sum + Math.max(0, Math.min(p.to ?? to, to) - Math.max(p.from, from)), 0)
  return Math.max(0, Math.round((to - from - paused) / 60_000))
}

/** How late somebody came, in minutes after the promise; null: in time, not due yet, or not expected at all. */
export function lateMin(v: VisitState, now: number): number | null {
  const end = v.promise.current?.end
  if (end === undefined || ['cancelled', 'reassigned', 'declined'].includes(v.state)) return null
  const seen = v.arrivedAt ?? (v.state === 'missed' || v.endedAt === null ? now : null)
  if (seen === null || v.mode !== 'onsite') return null
  const late = Math.floor((seen - end) / 60_000)
  return late > ARRIVAL_GRACE_MIN ? late : null
}

/** When an open follow-up should have been contacted, planned or done and was not; null: nothing is overdue. */
function followUpDue(f: FollowUpState, now: number): number | null {
  if (f.closedAt !== null) return null
  const due = [
    f.contactedAt === null ? f.contactDueAt : null,
    f.plannedAt === null ? f.planDueAt : null,
    f.doneAt === null ? (f.plan?.dueAt ?? null) : null,
  ].filter((d): d is number => d !== null && d < now)
  return due.length ? Math.min(...due) : null
}

/** Looks at all work of a project: what is wrong with it now, how many orders there are, how many days it took. */
export async function syncProject(ctx: Ctx, projectId: string): Promise<void> {
  const now = ctx.now.getTime()
  const { threshold } = await readSetting(ctx, satisfactionSetting)
  // Duplicates, tests and what was cancelled are nobody's trouble.
  const orders = await ctx.db.query<OrderSight>(sql`
    select o.id, o.number, o.state, o.due_at,
      (select coalesce(json_agg(json_build_object('fold', v.fold, 'engineer', u.name)), '[]') from visits v left join users u on u.id = v.engineer_id where v.order_id = o.id) as visits,
      (select coalesce(json_agg(json_build_object('id', s.id, 'score', s.score, 'answeredAt', s.answered_at)), '[]') from surveys s where s.order_id = o.id and s.score is not null) as surveys,
      (select coalesce(json_agg(json_build_object('id', f.id, 'number', f.number, 'fold', f.fold)), '[]') from followups f where f.order_id = o.id and f.closed_at is null) as followups
    from orders o where o.project_id = ${projectId} and o.mark is null and o.state not in ('draft', 'cancelled')`)
  const found: Found[] = []
  let ordersLate = 0
  let usedMin = 0
  for (const o of orders) {
    const number = o.number
    if (o.due_at && o.due_at < ctx.now && !handedOver.includes(o.state)) {
      ordersLate++
      found.push({ cause: 'overdue_order', ref: { kind: 'order', id: o.id }, at: o.due_at, params: { number } })
    }
    for (const { fold: v, engineer } of o.visits) {
      usedMin += workedMin(v)
      const late = lateMin(v, now)
      if (late === null || !v.promise.current) continue
      // Minutes only of an arrival: of somebody who is still missing they would change at every look.
      const params = { number, orderId: o.id, engineer, lateMin: v.arrivedAt === null ? null : late }
      found.push({
        cause: 'late_checkin',
        ref: { kind: 'visit', id: v.id },
        at: new Date(v.promise.current.end),
        params,
      })
    }
    for (const s of o.surveys)
      if (s.score < threshold)
        found.push({
          cause: 'low_score',
          ref: { kind: 'survey', id: s.id },
          at: new Date(s.answeredAt),
          params: { number, orderId: o.id, score: s.score },
        })
    for (const { id, number: followUp, fold } of o.followups) {
      const due = followUpDue(fold, now)
      if (due !== null)
        found.push({
          cause: 'overdue_follow_up',
          ref: { kind: 'followup', id },
          at: new Date(due),
          params: { number: followUp, orderId: o.id, order: number },
        })
    }
  }
  await setTally(ctx, projectId, {
    ordersTotal: orders.length,
    ordersOpen: orders.filter((o) => !ended.includes(o.state)).length,
    ordersLate,
    usedMin,
  })
  await setSignals(ctx, projectId, found)
}

/** The project of an order that something happened to, if it has one. */
export async function syncProjectOf(ctx: Ctx, orderId: string): Promise<void> {
  const o = await ctx.db.maybe<{ project_id: string | null }>(sql`select project_id from orders where id = ${orderId}`)
  if (o?.project_id) await syncProject(ctx, o.project_id)
}

/** Orders become overdue and people late by the clock alone: each running project is looked at in a job of its own. */
export async function sweepProjects(ctx: Ctx): Promise<void> {
  for (const projectId of await runningProjects(ctx))
    await ctx.job('metrics.project', { projectId }, { jobKey: `metrics.project:${projectId}` })
}

import { VISIT_OCCUPYING } from '#lifecycle'
import { checkRev } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { authorise, permits, type ScopeRow, systemActor } from '../../platform/policy'
import {
  lockVisit,
  offerVisit,
  planVisit,
  reassignVisit,
  recallVisit,
  rescheduleVisit,
  type VisitRow,
  visitScope,
} from '../visits'
import { lockOrder, orderScope } from '../workorders'
import { readPolicy } from './policy'
import { judged, wireMessages } from './present'
import type { Candidate, Finding, Job, Problem } from './problem'
import { place, recommend } from './ranking'
import * as store from './store'
import { findSubject, problemFor, type Subject, type Wish } from './subject'

export type Override = { reason: string } | undefined

interface Decision {
  chosen: Candidate
  overridden: Finding[]
  rank: number | null
  alternative: store.NewMove['alternative']
}

/** Order, its question and the policy: what every dispatch command decides from. */
async function ask(ctx: Ctx, orderId: string, wish: Wish, only?: string) {
  const subject = (await findSubject(ctx, orderId)) as Subject
  const policy = await readPolicy(ctx)
  const problem = only
    ? await problemFor({ ...ctx, actor: systemActor }, subject, wish, policy, { ids: [only] })
    : await problemFor(ctx, subject, wish, policy)
  return { subject, policy, problem }
}

/**
 * One engineer at one time: judged by every rule, refused or let through with a reason, and compared with the best
 * that the ranking would have taken instead.
 */
function decide(
  ctx: Ctx,
  problem: Problem,
  engineerId: string,
  start: Date,
  override: Override,
  scope: ScopeRow,
): Decision {
  const engineer = problem.engineers.find((e) => e.id === engineerId)
  if (!engineer) return fail('engineer_unknown')
  const chosen = judged(place(engineer, start.getTime(), problem), problem)
  const params = (findings: Finding[]) => ({
    engineerId,
    engineerName: engineer.name,
    findings: wireMessages(findings),
  })
  const refused = chosen.findings.filter((f) => f.severity === 'refuse')
  const busy = refused.find((f) => f.code === 'engineer_busy')
  if (busy) fail('engineer_busy', { ...params(refused), ...wireMessages([busy])[0]?.params })
  if (refused.length > 0) fail('placement_refused', params(refused))
  const overridden = chosen.findings.filter((f) => f.severity === 'override')
  if (overridden.length > 0) {
    if (!override) fail('override_needed', params(overridden))
    if (!permits(ctx.actor, 'dispatch.override', scope)) fail('forbidden', { ability: 'dispatch.override' })
  }
  return { chosen, overridden, ...compare(problem, chosen) }
}

/** The place of the chosen one among all, each at his own best time, and the best of the others. */
function compare(problem: Problem, chosen: Candidate): Pick<Decision, 'rank' | 'alternative'> {
  const { ranked } = recommend({ ...problem, job: { ...problem.job, fixedStart: null } })
  const id = chosen.placement.engineer.id
  const at = ranked.findIndex((c) => c.placement.engineer.id === id)
  const other = ranked.findIndex((c) => c.placement.engineer.id !== id)
  const best = ranked[other]
  return {
    rank: at < 0 ? null : at + 1,
    alternative: best
      ? {
          engineerId: best.placement.engineer.id,
          start: new Date(best.placement.start).toISOString(),
          cost: best.cost,
          rank: other + 1,
        }
      : null,
  }
}

const expiry = (ctx: Ctx, unansweredMin: number) => new Date(ctx.now.getTime() + unansweredMin * 60_000)
const span = (v: VisitRow) => ({ engineerId: v.engineer_id, start: v.planned_start, end: v.planned_end })

export function placed(v: VisitRow, findings: readonly Finding[] = []) {
  return {
    id: v.id,
    rev: v.rev,
    orderId: v.order_id,
    engineerId: v.engineer_id,
    state: v.state,
    start: v.planned_start.toISOString(),
    end: v.planned_end.toISOString(),
    travelMin: v.fold.travelMin,
    findings: wireMessages(findings),
  }
}

export interface Assign {
  crew: { engineerId: string; role: 'lead' | 'member'; required: boolean }[]
  start: string
  durationMin?: number | undefined
  mode?: Job['mode'] | undefined
  reason?: string | undefined
  override?: Override
  additional: boolean
}

/** Gives an order to an engineer or a crew: plans and offers a visit for each, all or none. */
export async function assign(ctx: Ctx, orderId: string, a: Assign) {
  const order = await lockOrder(ctx, orderId)
  if (!order) return fail('not_found')
  const scope = orderScope(order)
  authorise(ctx.actor, 'dispatch.assign', scope, 'order.read')
  if (new Set(a.crew.map((m) => m.engineerId)).size !== a.crew.length) fail('engineer_twice')
  const leads = a.crew.filter((m) => m.role === 'lead')
  // A single engineer leads himself; a further visit may bring members only.
  if (leads.length > 1 || (leads.length === 0 && !a.additional)) fail('crew_lead')
  checkRev(ctx, order)
  const start = new Date(a.start)
  const { policy, problem } = await ask(ctx, orderId, { start, durationMin: a.durationMin, mode: a.mode })
  const [holder] = await store.holdersOf(ctx.db, orderId, VISIT_OCCUPYING)
  const decisions = a.crew.map((m) => decide(ctx, problem, m.engineerId, start, a.override, scope))
  // Said after the time was judged: who lost a race for the hour hears that it is taken.
  if (holder && !a.additional) fail('order_has_engineer', { engineerId: holder.engineer_id, engineerName: holder.name })
  const reason = a.override?.reason ?? a.reason ?? null
  const end = new Date(start.getTime() + problem.job.durationMin * 60_000)
  const visits: ReturnType<typeof placed>[] = []
  for (const [i, m] of a.crew.entries()) {
    const d = decisions[i] as Decision
    const planned = await planVisit(ctx, {
      orderId,
      engineerId: m.engineerId,
      start,
      end,
      mode: problem.job.mode,
      role: m.role,
      required: m.required,
      travelMin: d.chosen.placement.travelMin,
      promise: problem.job.promise,
    })
    const v = await offerVisit(ctx, planned.id, {
      engineerId: m.engineerId,
      reason,
      expiresAt: expiry(ctx, policy.unansweredMin),
      by: ctx.actor.kind === 'system' ? 'rule' : 'person',
    })
    await log(ctx, v, { verb: 'assign', reason, from: null }, d)
    visits.push(placed(v, d.chosen.findings))
  }
  return { visits }
}

async function log(
  ctx: Ctx,
  v: VisitRow,
  m: Pick<store.NewMove, 'verb' | 'reason' | 'from'>,
  d: Decision | null = null,
) {
  await store.insertMove(ctx, {
    ...m,
    id: newId(),
    orderId: v.order_id,
    visitId: v.id,
    to: span(v),
    rank: d?.rank ?? null,
    cost: d?.chosen.cost ?? null,
    alternative: d?.alternative ?? null,
    overridden: d ? wireMessages(d.overridden) : [],
    scope: visitScope(v),
  })
}

async function mine(ctx: Ctx, visitId: string) {
  const v = await lockVisit(ctx, visitId)
  authorise(ctx.actor, 'dispatch.assign', visitScope(v), 'visit.read')
  checkRev(ctx, v)
  return v
}

export async function offerAgain(ctx: Ctx, visitId: string, o: { reason?: string | undefined }) {
  await mine(ctx, visitId)
  const policy = await readPolicy(ctx)
  const v = await offerVisit(ctx, visitId, {
    reason: o.reason ?? null,
    expiresAt: expiry(ctx, policy.unansweredMin),
    by: 'person',
  })
  await log(ctx, v, { verb: 'offer', reason: o.reason ?? null, from: null })
  return placed(v)
}

export async function recall(ctx: Ctx, visitId: string, o: { reason: string }) {
  const before = await mine(ctx, visitId)
  const v = await recallVisit(ctx, visitId, o)
  await log(ctx, v, { verb: 'recall', reason: o.reason, from: span(before) })
  return placed(v)
}

interface To {
  engineerId: string
  start: Date
  durationMin?: number | undefined
  reason: string
  override?: Override
}

/** `alone`: the colleague has been named by those whom it concerns; he is judged, and nobody else is looked at. */
async function judgeMove(ctx: Ctx, v: VisitRow, to: To, alone = false) {
  const durationMin = to.durationMin ?? Math.round((v.planned_end.getTime() - v.planned_start.getTime()) / 60_000)
  const wish = { start: to.start, durationMin, mode: v.mode, visit: v }
  const { policy, problem } = await ask(ctx, v.order_id, wish, alone ? to.engineerId : undefined)
  const d = decide(ctx, problem, to.engineerId, to.start, to.override, visitScope(v))
  return { d, policy, end: new Date(to.start.getTime() + durationMin * 60_000) }
}

/** Gives a visit to another engineer, at its time or at another. */
export async function reassign(ctx: Ctx, visitId: string, to: Omit<To, 'start'> & { start?: Date | undefined }) {
  const before = await mine(ctx, visitId)
  return handOver(ctx, before, { ...to, start: to.start ?? before.planned_start }, 'reassign')
}

/**
 * Gives an offer that nobody answered to the best of the others, at its time: whoever can do it without a rule being
 * overridden and has not had it before. null: there is nobody.
 */
export async function passToNext(ctx: Ctx, v: VisitRow): Promise<{ engineerId: string; name: string } | null> {
  const durationMin = Math.round((v.planned_end.getTime() - v.planned_start.getTime()) / 60_000)
  const { problem } = await ask(ctx, v.order_id, { start: v.planned_start, durationMin, mode: v.mode, visit: v })
  const had = new Set(await store.engineersAsked(ctx.db, v.order_id))
  const next = recommend(problem).ranked.find((c) => !had.has(c.placement.engineer.id))?.placement.engineer
  if (!next) return null
  // The timeline says by itself that nobody had answered: no sentence of ours stands for a reason.
  await handOver(ctx, v, { engineerId: next.id, start: v.planned_start, reason: '' }, 'reassign')
  return { engineerId: next.id, name: next.name }
}

/** A colleague takes over a visit that nobody has reached: by the same rules as a dispatcher's reassign, without his override. */
export async function passOn(ctx: Ctx, before: VisitRow, to: { engineerId: string; reason: string }) {
  return handOver(ctx, before, { ...to, start: before.planned_start }, 'reassign', true)
}

/** Plans and offers what a colleague left unfinished, in the place of his visit. */
export async function continueWith(
  ctx: Ctx,
  before: VisitRow,
  to: { engineerId: string; start: Date; durationMin: number; reason: string },
) {
  const { d, policy, end } = await judgeMove(ctx, before, to, true)
  const f = before.fold
  const planned = await planVisit(ctx, {
    orderId: before.order_id,
    engineerId: to.engineerId,
    start: to.start,
    end,
    mode: f.mode,
    role: f.role,
    required: f.required,
    travelMin: d.chosen.placement.travelMin,
    promise: f.promise.current,
    replaces: before.id,
  })
  const v = await offerVisit(ctx, planned.id, {
    engineerId: to.engineerId,
    reason: to.reason,
    expiresAt: expiry(ctx, policy.unansweredMin),
    by: 'person',
  })
  await log(ctx, v, { verb: 'assign', reason: to.reason, from: span(before) }, d)
  return placed(v, d.chosen.findings)
}

async function handOver(ctx: Ctx, before: VisitRow, to: To, verb: 'reassign' | 'move', alone = false) {
  const { d, policy, end } = await judgeMove(ctx, before, to, alone)
  const reason = to.override?.reason ?? to.reason
  const v = await reassignVisit(ctx, before.id, {
    engineerId: to.engineerId,
    reason,
    start: to.start,
    end,
    travelMin: d.chosen.placement.travelMin,
    expiresAt: expiry(ctx, policy.unansweredMin),
    by: ctx.actor.kind === 'system' ? 'rule' : 'person',
  })
  await log(ctx, v, { verb, reason, from: span(before) }, d)
  return placed(v, d.chosen.findings)
}

/** A drag on the timeline: another time for the same engineer, or another engineer. */
export async function move(
  ctx: Ctx,
  visitId: string,
  to: Omit<To, 'engineerId'> & { engineerId?: string | undefined; askedBy: 'us' | 'customer' | 'engineer' },
) {
  const before = await mine(ctx, visitId)
  const engineerId = to.engineerId ?? before.engineer_id
  // An open offer has no engineer to judge it by: it moves in time alone.
  if (engineerId === null) {
    const length = before.planned_end.getTime() - before.planned_start.getTime()
    const end = new Date(to.start.getTime() + (to.durationMin ? to.durationMin * 60_000 : length))
    const v = await rescheduleVisit(ctx, visitId, { start: to.start, end, askedBy: to.askedBy, reason: to.reason })
    await log(ctx, v, { verb: 'move', reason: to.reason, from: span(before) })
    return placed(v)
  }
  if (engineerId !== before.engineer_id) return handOver(ctx, before, { ...to, engineerId }, 'move')
  const { d, end } = await judgeMove(ctx, before, { ...to, engineerId })
  const reason = to.override?.reason ?? to.reason
  const v = await rescheduleVisit(ctx, visitId, {
    start: to.start,
    end,
    askedBy: to.askedBy,
    reason,
    travelMin: d.chosen.placement.travelMin,
  })
  await log(ctx, v, { verb: 'move', reason, from: span(before) }, d)
  return placed(v, d.chosen.findings)
}

import type { z } from 'zod'
import { addWorkdays, atLocal, localDate } from '#calendar'
import type { FollowUp } from '#contracts/surveys.schema'
import { type FollowUpState, foldFollowUp, followUpDue, judge, type Verb, verbsFrom } from '#lifecycle'
import { checkRev } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { historyOf, toLifecycle } from '../../platform/events'
import { newId } from '../../platform/ids'
import { nextNumber } from '../../platform/numbers'
import { authorise, permits, type ScopeRow } from '../../platform/policy'
import { tell } from '../notices'
import { companyCalendar, namesOf, usersWithRole } from '../people'
import { linkAggregate } from '../workorders'
import * as store from './store'

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

export function presentFollowUp(ctx: Ctx, f: store.FollowUpRow): z.input<typeof FollowUp> {
  const s = f.fold
  const now = ctx.now.getTime()
  const works = permits(ctx.actor, 'followup.work', f)
  const late: string[] = []
  if (!s.contactedAt && s.contactDueAt && s.contactDueAt < now && !s.closedAt) late.push('contact')
  if (!s.plannedAt && s.planDueAt && s.planDueAt < now && !s.closedAt) late.push('plan')
  if (s.state === 'planned' && s.plan && s.plan.dueAt < now) late.push('do')
  return {
    id: f.id,
    number: f.number,
    state: f.state,
    owner: { id: f.owner_id, name: f.owner_name },
    orderId: f.order_id,
    orderNumber: f.order_number,
    customerName: f.customer_name,
    surveyId: f.survey_id,
    score: f.score,
    openedAt: f.opened_at.toISOString(),
    contactDueAt: iso(s.contactDueAt),
    planDueAt: iso(s.planDueAt),
    contactedAt: iso(s.contactedAt),
    plan: s.plan
      ? {
          cause: s.plan.cause,
          action: s.plan.action,
          owner: { id: s.plan.ownerId, name: f.plan_owner_name ?? '' },
          dueAt: new Date(s.plan.dueAt).toISOString(),
        }
      : null,
    doneAt: iso(s.doneAt),
    check: s.check
      ? {
          method: s.check.method,
          effective: s.check.effective,
          score: s.check.score ?? null,
          words: s.check.words ?? null,
        }
      : null,
    act: s.act ? { change: s.act.change, words: s.act.words ?? null } : null,
    closedAt: iso(s.closedAt),
    late,
    rev: f.rev,
    can: Object.fromEntries(verbsFrom('followup', f.state).map((verb) => [verb, works && allowed(s, verb)])),
  }
}

// An ineffective check leads back to a new plan, never on to "what we changed".
const allowed = (s: FollowUpState, verb: Verb<'followup'>): boolean =>
  verb === 'act' ? s.check?.effective === true : verb === 'close' ? s.check !== null : true

/** Opens a PDCA case for a low score: for the team's supervisor, for quality when the supervisor was there himself. */
export async function openFollowUp(
  ctx: Ctx,
  c: {
    surveyId: string
    orderId: string
    visitId: string | null
    orderNumber: string | null
    customerName: string | null
    score: number
    engineerIds: readonly string[]
    scope: ScopeRow
  },
) {
  const supervisors = (await usersWithRole(ctx.db, 'supervisor', c.scope.team_id)).filter(
    (u) => !c.engineerIds.includes(u.id),
  )
  const quality = await usersWithRole(ctx.db, 'quality', c.scope.team_id)
  const owner = supervisors[0] ?? quality[0] ?? (await usersWithRole(ctx.db, 'administrator', c.scope.team_id))[0]
  if (!owner) throw new Error('a company without supervisor, quality and administrator cannot follow up')
  const calendar = companyCalendar(ctx.zone)
  const due = followUpDue(ctx.now.getTime(), (from, days) =>
    atLocal(addWorkdays(calendar, localDate(from, ctx.zone), days), 18 * 60, ctx.zone),
  )
  const id = newId()
  const people = [...new Set([owner.id, ...quality.map((q) => q.id)])]
  const scope = { team_id: c.scope.team_id, customer_id: c.scope.customer_id, people }
  const event = await ctx.emit({
    type: 'followup.opened',
    aggregate: 'followup',
    aggregateId: id,
    scope,
    payload: {
      ownerId: owner.id,
      orderId: c.orderId,
      visitId: c.visitId,
      surveyId: c.surveyId,
      score: c.score,
      ...due,
    },
  })
  const fold = foldFollowUp([toLifecycle(event)]) as FollowUpState
  await linkAggregate(ctx, c.orderId, id)
  const number = await nextNumber(ctx, 'FU')
  await store.insertFollowUp(ctx.db, {
    id,
    number,
    orderId: c.orderId,
    orderNumber: c.orderNumber,
    customerName: c.customerName,
    surveyId: c.surveyId,
    score: c.score,
    fold,
    ...scope,
  })
  await tell(ctx, {
    userIds: [owner.id],
    code: 'followup_opened',
    params: { number, score: c.score, order: c.orderNumber, customer: c.customerName },
    subject: { kind: 'followup', id },
    urgency: 'urgent',
  })
  return id
}

/** One verb of the PDCA: load → authorise → judge by the table → state the fact → fold → save. */
export async function workFollowUp(
  ctx: Ctx,
  id: string,
  verb: Verb<'followup'>,
  type: string,
  payload: Record<string, unknown>,
  reason: string | null = null,
) {
  const f = await store.lockFollowUp(ctx.db, id)
  if (!f) return fail('not_found')
  authorise(ctx.actor, 'followup.work', f, 'followup.read')
  checkRev(ctx, f)
  const verdict = judge('followup', f.state, verb, verb === 'close' ? { checked: f.fold.check !== null } : undefined)
  if (verb === 'close' && !f.fold.check) fail('followup_unchecked')
  if (!verdict.ok) fail('state_forbids', { state: f.state, verb })
  if (verb === 'act' && !f.fold.check?.effective) fail('followup_not_effective')
  await ctx.emit({ type, aggregate: 'followup', aggregateId: id, payload, reason, scope: f })
  const fold = foldFollowUp((await historyOf(ctx, 'followup', id)).map(toLifecycle)) as FollowUpState
  await store.saveFollowUp(ctx.db, id, fold, [
    ...new Set([...f.people, fold.ownerId, ...(fold.plan ? [fold.plan.ownerId] : [])]),
  ])
  if (verb === 'reassign')
    await tell(ctx, {
      userIds: [fold.ownerId],
      code: 'followup_reassigned',
      params: { number: f.number, by: ctx.actor.name },
      subject: { kind: 'followup', id },
      urgency: 'urgent',
    })
  if (verb === 'plan' && fold.plan)
    await tell(ctx, {
      userIds: [fold.plan.ownerId],
      code: 'followup_action',
      params: { number: f.number, action: fold.plan.action },
      subject: { kind: 'followup', id },
    })
  return presentFollowUp(ctx, (await store.findFollowUp(ctx.db, id)) as store.FollowUpRow)
}

export async function followUpDetail(ctx: Ctx, id: string) {
  const f = await store.findFollowUp(ctx.db, id)
  if (!f) return fail('not_found')
  authorise(ctx.actor, 'followup.read', f, 'followup.read')
  const survey = f.survey_id ? await store.findSurvey(ctx.db, f.survey_id) : undefined
  const history = await historyOf({ db: ctx.db, emitted: [] }, 'followup', id)
  const owners = await namesOf(
    ctx.db,
    history.flatMap((e) => (typeof e.payload.ownerId === 'string' ? [e.payload.ownerId] : [])),
  )
  const name = (ownerId: unknown) => owners.find((o) => o.id === ownerId)?.name
  return {
    ...presentFollowUp(ctx, f),
    survey: survey ?? null,
    history: history.map((e) => ({
      id: e.id,
      at: e.occurredAt.toISOString(),
      actor: e.actorName,
      message: {
        code: e.type,
        params: { ...e.payload, ...(e.payload.ownerId ? { owner: name(e.payload.ownerId) } : {}) },
      },
      reason: e.reason,
    })),
    recurrence:
      f.closed_at && f.cause
        ? {
            ...(await store.recurrence(ctx.db, {
              id,
              customerId: f.customer_id,
              cause: f.cause,
              closedAt: f.closed_at,
            })),
            provisional: ctx.now.getTime() - f.closed_at.getTime() < 90 * 86_400_000,
          }
        : null,
  }
}

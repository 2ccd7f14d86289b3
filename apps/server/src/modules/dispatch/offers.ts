// The take-up ladder: an offer that nobody opens goes up the channels and then to the dispatcher; one that nobody answers
// goes to the dispatcher or to the next candidate. Steps are policy; each is made once and stands on the timeline.

import type { Ctx } from '../../platform/context'
import { newId } from '../../platform/ids'
import { tell, withdraw } from '../notices'
import { usersWithRole } from '../people'
import { lockVisit, type VisitRow } from '../visits'
import { linkAggregate } from '../workorders'
import { passToNext } from './commands'
import { readPolicy } from './policy'
import type { DispatchPolicy } from './problem'
import * as store from './store'

const minutesOf = (o: store.OpenOffer, now: Date) => Math.floor((now.getTime() - o.offered_at.getTime()) / 60_000)
/** The name of a step in the record: its place counts too, since a channel may be asked twice. */
const keyOf = (by: string, place: number) => `${place}:${by}`

/** Steps of the ladder that are still to be made, and whether the first of them is due. */
export function nextSteps(o: Pick<store.OpenOffer, 'opened' | 'made'>, min: number, p: DispatchPolicy) {
  if (min >= p.unansweredMin) return { unanswered: !o.made.includes('unanswered'), steps: [] }
  const left = p.ladder.map((s, i) => ({ ...s, key: keyOf(s.by, i) })).filter((s) => !o.made.includes(s.key))
  return { unanswered: false, steps: !o.opened && left[0] && min >= left[0].afterMin ? left : [] }
}

/** Every minute: finds the offers that have a step due; each goes up in a job of its own. */
export async function remindOfOffers(ctx: Ctx): Promise<void> {
  const policy = await readPolicy(ctx)
  const first = Math.min(policy.unansweredMin, ...policy.ladder.map((s) => s.afterMin))
  for (const o of await store.offersSince(ctx.db, new Date(ctx.now.getTime() - first * 60_000))) {
    const { unanswered, steps } = nextSteps(o, minutesOf(o, ctx.now), policy)
    if (unanswered || steps.length > 0)
      await ctx.job('dispatch.raise_offer', { visitId: o.visit_id }, { jobKey: `dispatch.raise_offer:${o.visit_id}` })
  }
}

export async function raiseOffer(ctx: Ctx, visitId: string): Promise<void> {
  const v = await lockVisit(ctx, visitId)
  // Under the lock: whoever has opened, taken, declined or recalled it by now is not disturbed.
  const o = await store.openOffer(ctx.db, visitId)
  if (!o) return
  const policy = await readPolicy(ctx)
  const { unanswered, steps } = nextSteps(o, minutesOf(o, ctx.now), policy)
  if (unanswered) return giveUp(ctx, v, o, policy)
  // A channel that leads nowhere costs no minutes: the next step comes at once.
  let reached = false
  for (const s of steps) {
    if (reached && minutesOf(o, ctx.now) < s.afterMin) return
    reached = await goUp(ctx, v, o, s)
  }
}

const paramsOf = (ctx: Ctx, o: store.OpenOffer) => ({
  orderId: o.order_id,
  orderNumber: o.number,
  title: o.title,
  customerName: o.customer_name,
  engineerId: o.engineer_id,
  engineerName: o.engineer_name,
  offeredAt: o.offered_at.toISOString(),
  min: minutesOf(o, ctx.now),
})
/** Who made the offer; the dispatchers of the team, when no person did. */
const dispatchersOf = async (ctx: Ctx, v: VisitRow, o: store.OpenOffer): Promise<string[]> =>
  o.offered_by ? [o.offered_by] : (await usersWithRole(ctx.db, 'dispatcher', v.team_id)).map((u) => u.id)

/** One step; whether it reached anybody. */
async function goUp(
  ctx: Ctx,
  v: VisitRow,
  o: store.OpenOffer,
  s: { by: DispatchPolicy['ladder'][number]['by']; key: string },
) {
  const about = { teamId: v.team_id, orderType: o.order_type }
  const subject = { kind: 'visit', id: v.id }
  const params = paramsOf(ctx, o)
  if (s.by === 'dispatcher') {
    const dispatchers = await dispatchersOf(ctx, v, o)
    await tell(ctx, { userIds: dispatchers, code: 'offer_unopened', params, subject, about, urgency: 'urgent' })
    await state(ctx, v, o, {
      key: s.key,
      type: 'offer.reminded',
      by: s.by,
      sent: dispatchers.length > 0,
      also: dispatchers,
    })
    return dispatchers.length > 0
  }
  const { queued, why } = await tell(ctx, {
    userIds: [o.engineer_id],
    code: 'offer_waiting',
    params,
    subject,
    about,
    urgency: 'urgent',
    via: s.by,
  })
  await state(ctx, v, o, { key: s.key, type: 'offer.reminded', by: s.by, sent: queued > 0, why })
  return queued > 0
}

/** Nobody answered in time. */
async function giveUp(ctx: Ctx, v: VisitRow, o: store.OpenOffer, policy: DispatchPolicy): Promise<void> {
  const dispatchers = await dispatchersOf(ctx, v, o)
  const params = paramsOf(ctx, o)
  const tellThem = (code: string, more = {}) =>
    tell(ctx, {
      userIds: dispatchers,
      code,
      params: { ...params, ...more },
      subject: { kind: 'visit', id: v.id },
      about: { teamId: v.team_id, orderType: o.order_type },
      urgency: 'urgent',
    })
  // A customer who agreed this hour with this engineer is asked by a person first.
  const next = policy.unanswered === 'next_candidate' && !v.fold.appointment ? await passToNext(ctx, v) : null
  if (next) await tellThem('offer_passed_on', { nextName: next.name })
  else await tellThem('offer_unanswered')
  await state(ctx, v, o, {
    key: 'unanswered',
    type: next ? 'offer.passed_on' : 'offer.unanswered',
    by: 'dispatcher',
    sent: dispatchers.length > 0,
    also: dispatchers,
    ...(next ? { engineerId: next.engineerId } : {}),
  })
}

/** Each step stands on the order's timeline, and is made once. It is no event of the visit: its revision stays. */
async function state(
  ctx: Ctx,
  v: VisitRow,
  o: store.OpenOffer,
  s: {
    key: string
    type: string
    by: string
    sent: boolean
    why?: string | null
    also?: string[]
    engineerId?: string
  },
): Promise<void> {
  const id = newId()
  await store.remind(ctx.db, {
    id,
    visitId: v.id,
    offeredAt: o.offered_at,
    step: s.key,
    why: s.why ?? null,
    at: ctx.now,
  })
  await linkAggregate(ctx, v.order_id, id)
  await ctx.emit({
    type: s.type,
    aggregate: 'offer',
    aggregateId: id,
    payload: {
      visitId: v.id,
      orderId: v.order_id,
      engineerId: s.engineerId ?? o.engineer_id,
      offeredAt: o.offered_at.getTime(),
      by: s.by,
      sent: s.sent,
      why: s.why ?? null,
    },
    scope: { team_id: v.team_id, customer_id: v.customer_id, people: [...new Set([...v.people, ...(s.also ?? [])])] },
  })
}

/** Seen, answered or taken back: what waits to be sent about it is not sent any more. */
export const settleOffer = (ctx: Ctx, visitId: string, at: Date) =>
  withdraw(ctx, visitId, ['visit_offered', 'offer_waiting'], at)

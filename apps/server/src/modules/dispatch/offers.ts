import type { Ctx } from '../../platform/context'
import { newId } from '../../platform/ids'
import { tell } from '../notices'
import { usersWithRole } from '../people'
import { linkAggregate } from '../workorders'
import { readPolicy } from './policy'
import * as store from './store'

/**
 * Says of each offer that it was not opened, or not answered, in its time: the engineer is asked again, the dispatcher
 * who made it is told (the dispatchers of the team, when no person did). Once a step.
 */
export async function remindOfOffers(ctx: Ctx): Promise<void> {
  const policy = await readPolicy(ctx)
  for (const o of await store.overdueOffers(ctx.db, ctx.now, policy)) {
    const id = newId()
    if (
      (await store.remind(ctx.db, { id, visitId: o.visit_id, offeredAt: o.offered_at, step: o.step, at: ctx.now })) ===
      0
    )
      continue
    const code = o.step === 'unopened' ? 'offer_unopened' : 'offer_unanswered'
    const params = {
      orderId: o.order_id,
      orderNumber: o.number,
      title: o.title,
      customerName: o.customer_name,
      engineerId: o.engineer_id,
      engineerName: o.engineer_name,
      offeredAt: o.offered_at.toISOString(),
      min: Math.floor((ctx.now.getTime() - o.offered_at.getTime()) / 60_000),
    }
    const subject = { kind: 'visit', id: o.visit_id }
    const dispatchers = o.offered_by
      ? [o.offered_by]
      : (await usersWithRole(ctx.db, 'dispatcher', o.team_id)).map((u) => u.id)
    await tell(ctx, {
      userIds: dispatchers,
      code,
      params,
      subject,
      urgency: o.step === 'unanswered' ? 'urgent' : 'normal',
    })
    if (o.step === 'unopened')
      await tell(ctx, { userIds: [o.engineer_id], code: 'offer_waiting', params, subject, urgency: 'urgent' })
    // Each step stands on the order's timeline.
    await linkAggregate(ctx, o.order_id, id)
    await ctx.emit({
      type: `offer.${o.step}`,
      aggregate: 'offer',
      aggregateId: id,
      payload: {
        visitId: o.visit_id,
        orderId: o.order_id,
        engineerId: o.engineer_id,
        offeredAt: o.offered_at.getTime(),
      },
      scope: { team_id: o.team_id, customer_id: o.customer_id, people: [...new Set([...o.people, ...dispatchers])] },
    })
  }
}

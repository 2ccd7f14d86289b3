import type { Ctx } from '../../platform/context'
import { derivedId } from '../../platform/ids'
import { checkBelongs } from '../customers'
import { visitCardOf, visitScope } from '../visits'
import { contacted, linkAggregate } from '../workorders'
import { mine, momentOf } from './about'

/**
 * One tap after a call. Only a call that somebody answered is a contact and stops the response clock; a call that rang in
 * vain stands on the timeline, so that nobody says afterwards that nobody tried.
 */
export async function logCall(
  ctx: Ctx,
  visitId: string,
  b: { outcome: 'reached' | 'unreachable'; contactId?: string | undefined },
) {
  const v = await mine(ctx, visitId)
  if (b.contactId && v.customer_id) await checkBelongs(ctx, v.customer_id, { contactId: b.contactId })
  if (b.outcome === 'reached')
    await contacted(ctx, v.order_id, { channel: 'call', contactId: b.contactId ?? null, visitId: v.id })
  else {
    // A story of its own beside the order's: the order's fold knows no calls that came to nothing.
    const id = derivedId('calls', v.id)
    await linkAggregate(ctx, v.order_id, id)
    await ctx.emit({
      type: 'call.unanswered',
      aggregate: 'call',
      aggregateId: id,
      payload: { visitId: v.id, orderId: v.order_id, contactId: b.contactId ?? null },
      occurredAt: momentOf(ctx),
      scope: visitScope(v),
    })
  }
  return visitCardOf(ctx, v.id)
}

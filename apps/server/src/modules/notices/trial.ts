import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import type { ChannelKey } from './port'
import { sendLater } from './tell'

/** A test goes the way of every message: through the queue, the connector and the log. */
export async function testDelivery(
  ctx: Ctx,
  d: {
    channel: ChannelKey
    target: string
    userId?: string
    robotId?: string
    subscriptionId?: string
    /** A mail to an address that is nobody's yet. */
    address?: string
  },
): Promise<string> {
  const id = newId()
  const params = { by: ctx.actor.name, ...(d.address ? { address: d.address } : {}) }
  await ctx.db.run(sql`
    insert into deliveries (id, channel, user_id, robot_id, subscription_id, target, code, params, subject_kind, subject_id, urgency, state, due_at, created_at)
    values (${id}, ${d.channel}, ${d.userId ?? null}, ${d.robotId ?? null}, ${d.subscriptionId ?? null}, ${d.target}, 'notice_test',
      ${JSON.stringify(params)}::jsonb, 'delivery', ${id}, 'normal', 'queued', ${ctx.now}, ${ctx.now})`)
  await sendLater(ctx, id, ctx.now)
  return id
}

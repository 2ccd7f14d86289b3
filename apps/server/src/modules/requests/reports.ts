// A problem seen on the site becomes an order at once, from the phone of whoever stands before it.

import type { z } from 'zod'
import type { ReportedOrder, requestsRoutes } from '#contracts/requests.schema'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { tell } from '../notices'
import { findOrder, makeOrder, type OrderRow } from '../workorders'
import { checkPhotos, deskOf, mine, momentOf } from './about'
import { ask, shownRequest } from './requests'

type Wire = z.input<typeof ReportedOrder>

interface Row {
  id: string
  number: string
  title: string
  state: string
  customer_id: string
  customer_name: string
  site_name: string | null
  reported_at: Date
}
const selected = sql`select o.id, o.number, o.title, o.state, o.customer_id, coalesce(c.short_name, c.name) as customer_name, s.name as site_name, r.reported_at
  from reported_orders r join orders o on o.id = r.order_id join customers c on c.id = o.customer_id left join sites s on s.id = o.site_id`
const present = (r: Row): Wire => ({
  id: r.id,
  number: r.number,
  title: r.title,
  state: r.state,
  customer: { id: r.customer_id, name: r.customer_name },
  siteName: r.site_name,
  reportedAt: r.reported_at.toISOString(),
})

export const reportsOf = async (ctx: Ctx, from: Date): Promise<Wire[]> =>
  (
    await ctx.db.query<Row>(
      sql`${selected} where r.reported_by = ${ctx.actor.id} and r.reported_at >= ${from} order by r.reported_at desc limit 100`,
    )
  ).map(present)

export async function reportOrder(ctx: Ctx, visitId: string, b: z.output<typeof requestsRoutes.reportOrder.body>) {
  const v = await mine(ctx, visitId)
  const here = (await findOrder(ctx, v.order_id)) as OrderRow
  const facts = here.fold.facts
  await checkPhotos(ctx, v.id, b.photoIds)
  const id = b.id ?? newId()
  const order = await makeOrder(ctx, {
    id,
    customerId: here.customer_id,
    as: 'new',
    origin: { system: 'field', externalId: id },
    createdBy: ctx.actor.id,
    fields: {
      title: b.title,
      text: b.text ?? null,
      type: b.type,
      priority: b.priority,
      teamId: here.team_id,
      siteId: here.site_id,
      contactId: facts.contactId ?? null,
      contractId: here.contract_id,
      assetId: b.assetId === undefined ? (facts.assetId ?? null) : b.assetId,
    },
  })
  const at = momentOf(ctx)
  await ctx.db.run(sql`insert into reported_orders (order_id, visit_id, reported_by, photo_ids, reported_at)
    values (${order.id}, ${v.id}, ${ctx.actor.id}, ${b.photoIds}::uuid[], ${at})`)
  await tell(ctx, {
    userIds: await deskOf(ctx, order.team_id),
    code: 'order_reported',
    urgency: b.priority === 'urgent' ? 'urgent' : 'normal',
    subject: { kind: 'order', id: order.id },
    params: { by: ctx.actor.name, orderNumber: order.number, title: b.title, orderId: order.id },
  })
  const requestId = b.doNow
    ? await ask(ctx, v, {
        kind: 'now',
        urgency: 'urgent',
        reason: b.text ?? b.title,
        parts: [],
        photoIds: b.photoIds,
        orderId: order.id,
        durationMin: b.doNow.durationMin,
      })
    : null
  const row = await ctx.db.one<Row>(sql`${selected} where r.order_id = ${order.id}`)
  return { order: present(row), request: requestId ? await shownRequest(ctx, requestId) : null }
}

import { ordersRoutes } from '#contracts/orders.schema'
import { implement, type Module, on } from '../../platform/app'
import { checkRev } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import * as commands from './commands'
import { jobs } from './jobs'
import { noticeAcceptance } from './notice'
import { type OrderRow, refreshSearch } from './order'
import { detailOf, duplicatesOf, listOrders, orderDetail, timeline } from './queries'
import { acceptOrder, rejectOrder } from './receive'

export { siteMinutes, slaOf } from './clocks'
export { makeOrder, triageOrder } from './commands'
export { momentOf } from './moment'
export { findOrder, linkAggregate, lockOrder, type OrderRow, orderScope, type VisitSight } from './order'
export {
  type Acceptance,
  acceptOrder,
  contacted,
  orderAboutAsset,
  type ProposeOrder,
  proposeOrder,
  type ReceiveOrder,
  receiveOrder,
  rejectOrder,
  surveyStands,
  visitsChanged,
} from './receive'

const r = ordersRoutes
const shown = async (ctx: Ctx, change: Promise<OrderRow>) => detailOf(ctx, (await change).id)

export const workorders: Module = {
  name: 'workorders',
  live: { order: 'order.read', acceptance: 'order.read', sla: 'order.read' },
  jobs,
  reactions: [
    on(
      'customer.edited',
      'workorders.customerNames',
      async (ctx, e) => void (await refreshSearch(ctx.db, 'customer_id', e.aggregateId)),
    ),
    on(
      'site.edited',
      'workorders.siteNames',
      async (ctx, e) => void (await refreshSearch(ctx.db, 'site_id', e.aggregateId)),
    ),
    on(
      'asset.edited',
      'workorders.assetNames',
      async (ctx, e) => void (await refreshSearch(ctx.db, 'asset_id', e.aggregateId)),
    ),
  ],
  handlers: [
    implement(r.listOrders, (ctx, { query }) => listOrders(ctx, query)),
    implement(r.orderDuplicates, (ctx, { query }) => duplicatesOf(ctx, query)),
    implement(r.getOrder, (ctx, { params }) => orderDetail(ctx, params.id)),
    implement(r.orderTimeline, (ctx, { params, query }) => timeline(ctx, params.id, query)),
    implement(r.createOrder, (ctx, { body }) => shown(ctx, commands.createOrder(ctx, body))),
    implement(r.submitOrder, (ctx, { params }) => shown(ctx, commands.submitOrder(ctx, params.id))),
    implement(r.triageOrder, (ctx, { params, body }) => shown(ctx, commands.triageOrder(ctx, params.id, body))),
    implement(r.editOrder, (ctx, { params, body }) => shown(ctx, commands.editOrder(ctx, params.id, body))),
    implement(r.contactOrder, (ctx, { params, body }) => shown(ctx, commands.contactOrder(ctx, params.id, body))),
    implement(r.holdOrder, (ctx, { params, body }) => shown(ctx, commands.holdOrder(ctx, params.id, body))),
    implement(r.resumeOrder, (ctx, { params }) => shown(ctx, commands.resumeOrder(ctx, params.id))),
    implement(r.cancelOrder, (ctx, { params, body }) => shown(ctx, commands.cancelOrder(ctx, params.id, body))),
    implement(r.cannotCompleteOrder, (ctx, { params, body }) =>
      shown(ctx, commands.cannotComplete(ctx, params.id, body)),
    ),
    implement(r.acceptOrder, async (ctx, { params, body }) => {
      checkRev(ctx, await commands.mine(ctx, params.id, 'order.accept'))
      return shown(ctx, acceptOrder(ctx, params.id, body))
    }),
    implement(r.rejectOrder, async (ctx, { params, body }) => {
      checkRev(ctx, await commands.mine(ctx, params.id, 'order.accept'))
      return shown(ctx, rejectOrder(ctx, params.id, body))
    }),
    implement(r.noticeAcceptance, async (ctx, { params, body }) => {
      await noticeAcceptance(ctx, await commands.mine(ctx, params.id, 'order.accept'), body)
      return detailOf(ctx, params.id)
    }),
    implement(r.requestWaive, (ctx, { params, body }) => shown(ctx, commands.requestWaive(ctx, params.id, body))),
    implement(r.waiveOrder, (ctx, { params, body }) => shown(ctx, commands.waiveOrder(ctx, params.id, body))),
    implement(r.refuseWaive, (ctx, { params, body }) => shown(ctx, commands.refuseWaive(ctx, params.id, body))),
    implement(r.closeOrder, (ctx, { params, body }) => shown(ctx, commands.closeOrder(ctx, params.id, body))),
    implement(r.reopenOrder, (ctx, { params, body }) => shown(ctx, commands.reopenOrder(ctx, params.id, body))),
    implement(r.markOrder, (ctx, { params, body }) => shown(ctx, commands.markOrder(ctx, params.id, body))),
  ],
}

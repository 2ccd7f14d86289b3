import type { JobDef } from '../../platform/app'
import { sql } from '../../platform/database/pool'
import { derivedId } from '../../platform/ids'
import { clocksOf, marksOf, nextSlaAt } from './clocks'
import { linkAggregate, lockOrder, orderScope, record } from './order'

/** 超时视为验收: the contract has the clause, the notice was sent about this handing-over, and its days are over. */
const deemSilence: JobDef = {
  name: 'workorders.deem',
  every: '*/15 * * * *',
  async run(ctx) {
    const due = await ctx.db.query<{ order_id: string; notice_id: string; contract_id: string }>(sql`
      select distinct on (n.order_id) n.order_id, n.id as notice_id, n.contract_id
      from acceptance_notices n join orders o on o.id = n.order_id and o.state = 'awaiting_acceptance' and o.awaiting_at = n.awaiting_at
        join contracts k on k.id = o.contract_id and k.id = n.contract_id and k.deem_after_days is not null
      where n.deem_at <= ${ctx.now} order by n.order_id, n.deem_at limit 200`)
    for (const d of due) {
      const row = await lockOrder(ctx, d.order_id)
      // Accepted or refused while we waited for the lock.
      if (row?.state !== 'awaiting_acceptance') continue
      await record(ctx, row, 'order.deemed', { contractId: d.contract_id, noticeId: d.notice_id })
    }
  },
}

/**
 * Says once when a clock reaches 50, 75 and 90 % of its target and when it is breached. Where several marks were passed
 * at once (the server was down), only the last is said: a warning of 50 % beside a breach helps nobody.
 */
const tellSla: JobDef = {
  name: 'workorders.sla',
  every: '* * * * *',
  async run(ctx) {
    const due = await ctx.db.query<{ id: string }>(
      sql`select id from orders where next_sla_at <= ${ctx.now} order by next_sla_at limit 200 for update skip locked`,
    )
    for (const { id } of due) {
      const row = await lockOrder(ctx, id)
      if (!row) continue
      const clocks = (await clocksOf(ctx, row.fold, row.visits)).filter((c) => c.open && c.state !== 'paused')
      const reached = marksOf(clocks).filter((m) => m.reached && !row.sla_told.includes(m.key))
      const last = new Map(reached.map((m) => [`${m.clock}:${m.visitId}`, m]))
      const aggregateId = derivedId(id, 'sla')
      if (last.size > 0) await linkAggregate(ctx, id, aggregateId)
      for (const m of last.values())
        await ctx.emit({
          type: m.percent === 100 ? 'sla.breached' : 'sla.warned',
          aggregate: 'sla',
          aggregateId,
          payload: {
            orderId: id,
            number: row.number,
            clock: m.clock,
            visitId: m.visitId,
            percent: m.percent,
            dueAt: m.dueAt,
          },
          scope: orderScope(row),
        })
      const told = [...row.sla_told, ...reached.map((m) => m.key)]
      // Not the order's own revision: nobody who edits it must be told that a clock has moved on.
      await ctx.db.run(
        sql`update orders set sla_told = ${told}, next_sla_at = ${await nextSlaAt(ctx, row.fold, row.visits, told)} where id = ${id}`,
      )
    }
  },
}

export const jobs: JobDef[] = [deemSilence, tellSla]

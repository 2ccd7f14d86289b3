import type { JobDef } from '../../platform/app'
import { sql } from '../../platform/database/pool'
import { lockOrder, record } from './order'

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

export const jobs: JobDef[] = [deemSilence]

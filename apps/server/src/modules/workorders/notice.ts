import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { contractFor } from '../customers'
import { demand } from './commands'
import { linkAggregate, type OrderRow, orderScope } from './order'

export interface AcceptanceNotice {
  channel: 'call' | 'message' | 'visit' | 'email' | 'other'
  contactId?: string | null
  evidenceSha256?: string | null
}

const day = 86_400_000

/**
 * The customer has been told that the work waits for his acceptance, and from when on his silence counts as one. Kept
 * with its evidence; without it, and without the clause in the contract, nothing is ever deemed accepted.
 */
export async function noticeAcceptance(ctx: Ctx, row: OrderRow, n: AcceptanceNotice): Promise<void> {
  // The same verb's gate: only work that waits for acceptance can be given notice of.
  demand(ctx, row, 'deem', { contract_deems: true, notice_sent: true })
  const contract = row.contract_id ? await contractFor(ctx, row.contract_id) : null
  if (!contract?.deemAfterDays) return fail('contract_never_deems')
  const id = newId()
  const deemAt = new Date(ctx.now.getTime() + contract.deemAfterDays * day)
  await ctx.db.run(sql`
    insert into acceptance_notices (id, order_id, contract_id, channel, contact_id, evidence_sha256, sent_at, deem_at, awaiting_at, sent_by)
    values (${id}, ${row.id}, ${contract.id}, ${n.channel}, ${n.contactId ?? null}, ${n.evidenceSha256 ?? null}, ${ctx.now}, ${deemAt},
      ${new Date(row.fold.awaitingAt ?? ctx.now.getTime())}, ${ctx.actor.id})`)
  await linkAggregate(ctx, row.id, id)
  await ctx.emit({
    type: 'acceptance.noticed',
    aggregate: 'acceptance',
    aggregateId: id,
    payload: {
      orderId: row.id,
      channel: n.channel,
      contactId: n.contactId ?? null,
      evidence: n.evidenceSha256 ?? null,
      deemAt: deemAt.getTime(),
    },
    scope: orderScope(row),
  })
}

import { can as lifecyclePermits } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { type FieldEdit, mergeFields } from '../../platform/merge'
import { findOrder } from '../workorders'
import type { requireState } from './rules'
import { type VisitRow, visitScope } from './store'
import type { When } from './write'

/** What a conflict about something of this visit says of the visit. */
export async function subjectOf(ctx: Ctx, v: VisitRow) {
  const title = (await findOrder(ctx, v.order_id))?.fold.facts.title ?? null
  return { scope: visitScope(v), visitId: v.id, orderId: v.order_id, title }
}

/**
 * Whether somebody else's later word about this stands. The event is stated in any case, and the fold comes to the same:
 * here it is said who lost to whom. What the state does not allow is a conflict of another kind, and the fold's alone.
 */
export async function contested(
  ctx: Ctx,
  v: VisitRow,
  when: When,
  verb: Parameters<typeof requireState>[1],
  edit: FieldEdit,
): Promise<boolean> {
  if (!lifecyclePermits('visit', v.state, verb, { mode: v.mode })) return false
  const about = await subjectOf(ctx, v)
  const lost = await mergeFields(
    ctx,
    { aggregate: 'visit', aggregateId: v.id, listedIn: 'changed', ...about },
    when.occurredAt,
    [edit],
  )
  return lost.has(edit.field)
}

import type { OrderState } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import type { VisitSight } from './order'
import type { Named } from './present'

/** When this order's clocks next have something to say; null: no clock runs. */
export async function nextSlaAt(
  _ctx: Ctx,
  _fold: OrderState,
  _visits: readonly VisitSight[],
  _told: readonly string[] = [],
): Promise<Date | null> {
  return null
}
export const slaOf = (_ctx: Ctx, _o: Named): never[] => []

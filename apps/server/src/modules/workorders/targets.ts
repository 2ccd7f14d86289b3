import { z } from 'zod'
import { SlaLine } from '#contracts/customers.schema'
import { type OrderFacts, pickTarget, type SlaTargets } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { readSetting, setting } from '../../platform/settings'
import { contractFor } from '../customers'

type Line = z.output<typeof SlaLine>

const line = (
  n: number,
  priority: Line['priority'],
  responseMin: number,
  arrivalMin: number,
  resolveMin: number,
): Line => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  priority,
  type: null,
  targets: {
    calendar: priority === 'urgent' ? 'always' : 'site_hours',
    responseMin,
    takeupMin: 15,
    arrivalMin,
    resolveMin,
  },
})

/** What the company promises when a contract says nothing of its own. */
export const slaSetting = setting('sla', z.object({ lines: z.array(SlaLine).max(200) }), {
  lines: [
    line(1, 'urgent', 30, 240, 480),
    line(2, 'high', 60, 480, 960),
    line(3, 'normal', 120, 960, 2400),
    line(4, 'low', 480, 2400, 4800),
  ],
})

/** The snapshot that an order keeps, whatever becomes of contract and settings later. */
export async function targetsFor(ctx: Ctx, facts: OrderFacts): Promise<SlaTargets | null> {
  const contract = facts.contractId ? await contractFor(ctx, facts.contractId) : null
  const company = (await readSetting(ctx, slaSetting)).lines
  const policies = [
    ...(contract?.sla ?? []).map((line) => ({ ...line, contractId: contract?.id ?? null })),
    ...company.map((line) => ({ ...line, contractId: null })),
  ]
  return pickTarget(policies, { contractId: contract?.id ?? null, priority: facts.priority, type: facts.type })
}

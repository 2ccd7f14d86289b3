// The company's rules of arrival: which evidence an order type asks for, how many trusted check-ins are looked at without
// cause, and whether there may be a track on the way.

import { createHmac } from 'node:crypto'
import { ArrivalPolicy, arrivalsRoutes } from '#contracts/arrivals.schema'
import type { Asked } from '#lifecycle'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { derivedId } from '../../platform/ids'
import { hasAbility } from '../../platform/policy'
import { readSetting, setting, writeSetting } from '../../platform/settings'

export const arrivalPolicy = setting('visits.arrival', ArrivalPolicy, {
  asked: { all: ['place'], byType: {} },
  spotRate: 0.04,
  track: { on: false, keepDays: 30 },
})

export type Policy = Awaited<ReturnType<typeof readSetting<typeof ArrivalPolicy>>>

/** What an order of this type asks for; a type with an own list does not ask for the common one as well. */
export const askedFor = (policy: Pick<Policy, 'asked'>, type: string): Asked[] =>
  (policy.asked.byType as Record<string, Asked[] | undefined>)[type] ?? policy.asked.all

/**
 * The number of a check-in in the draw for spot checks, 0 ≤ n < 1: made from its id with the installation's key. Nobody
 * can foresee it, nobody chooses it, and whoever holds the key can reckon it again.
 */
export function drawOf(secret: Buffer, checkInId: string): number {
  const digest = createHmac('sha256', secret).update(`spot-check:${checkInId}`).digest()
  return digest.readUIntBE(0, 6) / 2 ** 48
}

const answer = (ctx: Ctx, policy: Policy) => ({ ...policy, can: { edit: hasAbility(ctx.actor, 'arrival.policy') } })

export const policyHandlers: Implemented[] = [
  implement(arrivalsRoutes.arrivalPolicy, async (ctx) => answer(ctx, await readSetting(ctx, arrivalPolicy))),
  implement(arrivalsRoutes.setArrivalPolicy, async (ctx, { body }) => {
    await writeSetting(ctx, arrivalPolicy, body)
    await ctx.emit({
      type: 'arrival.policy_set',
      aggregate: 'policy',
      aggregateId: derivedId('policy', arrivalPolicy.key),
      payload: body,
    })
    return answer(ctx, body)
  }),
]

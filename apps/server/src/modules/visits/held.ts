import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { permits } from '../../platform/policy'
import { type VisitRow, visitScope } from './store'
import { checkSeen, lockVisit } from './write'

export interface Held {
  v: VisitRow
  offline: boolean
  /** The phone acted for a visit that was somebody else's by then: kept, and never folded. */
  flags: string[]
}

/** The visit, locked, if it is the actor's to act on. What the phone of a former holder did offline is heard as well. */
export async function held(ctx: Ctx, id: string, verb: string): Promise<Held> {
  const v = await lockVisit(ctx, id)
  const me = ctx.actor.id as string
  const offline = ctx.command?.offline ?? false
  const openOffer = v.engineer_id === null && v.people.includes(me)
  if (v.engineer_id === me && v.people.includes(me)) {
    checkSeen(ctx, v)
    return { v, offline, flags: [] }
  }
  if (openOffer && (verb === 'take' || verb === 'open')) return { v, offline, flags: [] }
  if (offline && v.former.includes(me)) return { v, offline, flags: ['other_engineer'] }
  if (verb === 'take' && v.candidates.includes(me) && v.engineer_id !== null) fail('visit_taken_by_other')
  if (openOffer) fail('state_forbids', { state: v.state, verb })
  if (permits(ctx.actor, 'visit.read', visitScope(v))) fail('forbidden', { ability: 'visit.work' })
  return fail('not_found')
}

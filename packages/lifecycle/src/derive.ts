// What the visits of an order come to. One table, first row that holds; a person's decision stands above it.

import type { Instant } from './events'
import type { OrderState, VisitState } from './fold'
import { ORDER_DERIVED, type OrderDerivedState, type OrderStateCode, VISIT_UNDERWAY } from './table'

/** What the derivation reads of a visit; a folded VisitState fits as it is. */
export type VisitFacts = Pick<
  VisitState,
  'id' | 'state' | 'role' | 'required' | 'engineerId' | 'result' | 'remaining' | 'endedAt' | 'planned'
>

export interface DeriveOptions {
  /** Engineers that must have taken it; 1 unless the order says more. */
  crew?: number
  /** The customer's last rejection: work that ended before it settles nothing any more. */
  rejectedAt?: Instant | null
}

export interface Derived {
  state: OrderDerivedState
  /** Which row of the table spoke. */
  rule:
    | 'underway'
    | 'open_offer'
    | 'planned'
    | 'crew_incomplete'
    | 'more_to_come'
    | 'taken'
    | 'done'
    | 'rework'
    | 'nobody'
  /** Work that is left, in the words of the last engineer who left it. */
  remaining: string | null
  leadEngineerId: string | null
  engineerIds: string[]
}

interface Sight {
  underway: VisitFacts[]
  waiting: VisitFacts[]
  offered: VisitFacts[]
  taken: VisitFacts[]
  /** Required engineers who hold a visit now. */
  seats: number
  crew: number
  /** The last visit that reached an end with work in it, after the last rejection. */
  lastWord: VisitFacts | null
  worked: boolean
}

const TABLE: { rule: Derived['rule']; state: OrderDerivedState; when: (s: Sight) => boolean }[] = [
  // A member's `partial`, or a declined colleague, changes nothing while somebody works.
  { rule: 'underway', state: 'in_progress', when: (s) => s.underway.length > 0 },
  { rule: 'open_offer', state: 'unassigned', when: (s) => s.offered.length > 0 },
  { rule: 'planned', state: 'unassigned', when: (s) => s.waiting.length > 0 },
  // Somebody has taken it and a required colleague declined, was cancelled or never planned.
  { rule: 'crew_incomplete', state: 'unassigned', when: (s) => s.taken.length > 0 && !s.worked && s.seats < s.crew },
  // The first of several days is done and the next is in somebody's hands.
  { rule: 'more_to_come', state: 'in_progress', when: (s) => s.taken.length > 0 && s.lastWord?.result === 'done' },
  { rule: 'taken', state: 'assigned', when: (s) => s.taken.length > 0 },
  { rule: 'done', state: 'awaiting_acceptance', when: (s) => s.lastWord?.result === 'done' },
  { rule: 'rework', state: 'unassigned', when: (s) => s.lastWord !== null },
  { rule: 'nobody', state: 'unassigned', when: () => true },
]

/** The order state that its visits come to, with the remaining work and the people who hold it. */
export function deriveOrder(
  visits: readonly VisitFacts[],
  { crew = 1, rejectedAt = null }: DeriveOptions = {},
): Derived {
  const underway = visits.filter((v) => VISIT_UNDERWAY.includes(v.state))
  const taken = visits.filter((v) => v.state === 'taken')
  const required = visits.filter((v) => v.required)
  const ends = visits
    .filter((v) => v.state === 'finished' || v.state === 'aborted')
    .filter((v) => rejectedAt === null || (v.endedAt ?? 0) > rejectedAt)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0) || (a.id < b.id ? -1 : 1))
  const lastWord = ends.at(-1) ?? null
  const sight: Sight = {
    underway,
    taken,
    offered: required.filter((v) => v.state === 'offered'),
    waiting: required.filter((v) => v.state === 'planned'),
    seats: new Set([...taken, ...underway].filter((v) => v.required).map((v) => v.engineerId)).size,
    crew,
    lastWord,
    worked: ends.length > 0,
  }
  const { rule, state } = TABLE.find((row) => row.when(sight))!
  const holders = [...underway, ...taken]
  // When nobody holds it, the people who did the work stay on the order's row.
  const people = holders.length > 0 ? holders : state === 'awaiting_acceptance' ? ends : []
  const lead = people.find((v) => v.role === 'lead') ?? people[0]
  return {
    state,
    rule,
    remaining: lastWord && lastWord.result !== 'done' ? lastWord.remaining : null,
    leadEngineerId: lead?.engineerId ?? null,
    engineerIds: [...new Set(people.map((v) => v.engineerId).filter((id) => id !== null))].sort(),
  }
}

/** The payload of the order.progressed that is due after a visit changed, or null when nothing about the order did. */
export function progressDue(
  order: OrderState,
  visits: readonly VisitFacts[],
): (Derived & { to: OrderDerivedState }) | null {
  const derivable: readonly OrderStateCode[] = [...ORDER_DERIVED, 'on_hold']
  if (!derivable.includes(order.state)) return null
  const derived = deriveOrder(visits, { crew: order.facts.crew ?? 1, rejectedAt: order.rejectedAt })
  // A rejection has put its own words on the order: they stay until somebody leaves work with other words.
  const remaining =
    derived.remaining ??
    (derived.state === 'awaiting_acceptance' ? null : order.rejectedAt !== null ? order.remaining : null)
  const same =
    derived.state === order.underlying &&
    derived.leadEngineerId === order.leadEngineerId &&
    derived.engineerIds.join() === order.engineerIds.join() &&
    remaining === order.remaining
  return same ? null : { ...derived, remaining, to: derived.state }
}

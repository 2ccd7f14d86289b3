// From folded states to the facts that KPIs count.

import type { OrderState, VisitState } from './fold'
import type { ClockFact, OrderFact, VisitFact } from './kpi'
import { ALWAYS, activeMinutes, firstContactOf, orderClocks, type SlaOptions, slaPauses } from './sla'

const minutesFor = (order: OrderState, options: SlaOptions) =>
  order.sla?.calendar === 'site_hours' ? (options.siteHours ?? ALWAYS) : ALWAYS

/** The fact of an order; `kind` says what the company's order type and the review's cause tree mean. */
export function orderFact(
  order: OrderState,
  visits: readonly VisitState[],
  options: SlaOptions,
  kind: { corrective: boolean; cause: string | null },
): OrderFact {
  const minutes = minutesFor(order, options)
  const startAt = order.submittedAt ?? order.createdAt
  const contactAt = firstContactOf(order, visits)
  const worked = visits
    .filter((v) => v.arrivedAt !== null || v.startedAt !== null)
    .sort((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0))
  return {
    id: order.id,
    createdAt: order.createdAt,
    dueAt: order.facts.dueAt ?? order.promise.current?.end ?? null,
    completedAt: order.completedAt,
    closedAt: order.closedAt,
    cancelledAt: order.cancelledAt,
    mark: order.mark,
    cannotComplete:
      order.cannotCompleteAt !== null && order.endResponsibility !== null
        ? { at: order.cannotCompleteAt, responsibility: order.endResponsibility }
        : null,
    holds: order.holds,
    firstContactAt: contactAt,
    responseMin:
      contactAt === null ? null : activeMinutes(startAt, contactAt, slaPauses(order, options.holdPauses), minutes),
    provisional: minutes.provisional(startAt, contactAt ?? options.now),
    corrective: kind.corrective,
    siteId: order.facts.siteId ?? null,
    assetId: order.facts.assetId ?? null,
    cause: kind.cause,
    visits: worked.length,
    lastResult: worked.at(-1)?.result ?? null,
  }
}

export function visitFact(visit: VisitState, order: OrderState, options: SlaOptions): VisitFact {
  const { offeredAt, takenAt } = visit
  return {
    id: visit.id,
    engineerId: visit.engineerId,
    state: visit.state,
    // Nobody arrives at remote work: a promise of it is kept by its start, which is no arrival.
    promise: visit.mode === 'remote' ? null : visit.promise.current,
    arrivedAt: visit.arrivedAt,
    offeredAt,
    takenAt,
    takeupMin:
      offeredAt !== null && takenAt !== null
        ? activeMinutes(offeredAt, takenAt, slaPauses(order, options.holdPauses), minutesFor(order, options))
        : null,
    orderMark: order.mark,
    orderCancelled: order.cancelledAt !== null,
  }
}

/** The clocks of an order as facts; a take-up clock is one of its visit. */
export function clockFacts(order: OrderState, visits: readonly VisitState[], options: SlaOptions): ClockFact[] {
  return orderClocks(order, visits, options).map((c) => ({
    id: [order.id, c.clock, ...(c.visitId ? [c.visitId] : [])].join(':'),
    clock: c.clock,
    state: c.state,
    dueAt: c.dueAt,
    stopAt: c.stopAt,
    orderMark: order.mark,
    orderCancelled: order.cancelledAt !== null,
    provisional: c.provisional,
  }))
}

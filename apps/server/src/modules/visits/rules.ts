import {
  type CheckIn,
  type Conflict,
  can as lifecyclePermits,
  VISIT_OCCUPYING,
  type VisitMode,
  type VisitState,
} from '#lifecycle'
import { fail } from '../../platform/errors'

const hourMs = 3_600_000
/** Work of several days is several visits; only a resident stays. */
const longestHours: Record<VisitMode, number> = { onsite: 24, remote: 24, resident: 24 * 366 }

/** Refuses a range that ends before it starts or that no single visit of this mode can last. */
export function checkRange(mode: VisitMode, start: Date, end: Date): void {
  if (end <= start) fail('time_order')
  const hours = longestHours[mode]
  if (end.getTime() - start.getTime() > hours * hourMs) fail('visit_too_long', { mode, hours })
}

/** On-site work holds the engineer's planned time; remote and resident work does not. */
export const occupies = (v: Pick<VisitState, 'state' | 'mode' | 'engineerId'>): boolean =>
  v.mode === 'onsite' && v.engineerId !== null && VISIT_OCCUPYING.includes(v.state)

/** Two visits at one site are one trip when the second starts within this time of the first one's end. */
export const tripGapMin = 30

/** Whose visit it is to see and to act on: nobody's before it is offered, then the engineer's or the candidates'. */
export function peopleOf(v: Pick<VisitState, 'offeredAt' | 'engineerId' | 'state'>, candidates: readonly string[]) {
  if (v.offeredAt === null) return []
  if (v.engineerId !== null) return [v.engineerId]
  return v.state === 'offered' ? [...candidates] : []
}

/** A check-in that a supervisor has to look at: graded C or D or drawn, and never reviewed; or appealed since. */
export function awaitsReview(c: Pick<CheckIn, 'grade' | 'reviewedAt' | 'appealedAt' | 'drawn'>): boolean {
  if (c.appealedAt !== null && (c.reviewedAt === null || c.reviewedAt < c.appealedAt)) return true
  return c.reviewedAt === null && (c.grade === 'C' || c.grade === 'D' || c.drawn === true)
}

/**
 * Conflicts that people should look at. A sweep that took somebody for missing, before his phone could tell of his
 * arrival, was wrong by design and is nobody's business.
 */
export const conflictsToShow = (conflicts: readonly Conflict[]) => conflicts.filter((c) => c.type !== 'visit.missed')

export const planVerbs = {
  offer: 'offer',
  recall: 'recall',
  reassign: 'reassign',
  cancel: 'cancel',
} as const

/** Refuses what the table does not allow. An offline command is never refused for its state: the fold will judge it. */
export function requireState(v: VisitState, verb: Parameters<typeof lifecyclePermits<'visit'>>[2], offline: boolean) {
  if (offline || lifecyclePermits('visit', v.state, verb, { mode: v.mode })) return
  fail('state_forbids', { state: v.state, verb })
}

export function checkResult(b: { result: 'done' | 'partial' | 'unable'; remaining?: string; cause?: string }): void {
  if (b.result === 'partial' && !b.remaining) fail('remaining_needed')
  if (b.result === 'unable' && !b.cause) fail('cause_needed')
}

/** Whole minutes from one instant to another, never negative. */
export const minutesBetween = (a: number, b: number) => Math.max(0, Math.round((b - a) / 60_000))

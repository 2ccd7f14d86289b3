// From ratings to a survey score, and what the score asks for.

import type { Instant } from './events'

export const FOLLOW_UP_BELOW = 70
export const GOOD_FROM = 80

export interface Rating {
  /** 1 to 5; anything else is no answer. */
  rating: number | null
  weight?: number
}

/** Weighted mean of r/5 × 100, rounded to one decimal; null when nothing was answered. Unanswered is never good. */
export function surveyScore(ratings: readonly Rating[]): number | null {
  const valid = ratings.filter(
    (r): r is { rating: number; weight?: number } =>
      r.rating !== null && r.rating >= 1 && r.rating <= 5 && (r.weight ?? 1) > 0,
  )
  const weight = valid.reduce((sum, r) => sum + (r.weight ?? 1), 0)
  if (weight === 0) return null
  const score = valid.reduce((sum, r) => sum + (r.rating / 5) * 100 * (r.weight ?? 1), 0) / weight
  return Math.round(score * 10) / 10
}

export const isGood = (score: number | null): boolean => score !== null && score >= GOOD_FROM

export const needsFollowUp = (score: number | null, threshold = FOLLOW_UP_BELOW): boolean =>
  score !== null && score < threshold

/** Weight of a crew's survey for one of its people: the lead in full, a member half. */
export const surveyWeight = (role: 'lead' | 'member'): number => (role === 'lead' ? 1 : 0.5)

/** First contact within 24 hours by the clock, the plan within 3 working days of the company's calendar. */
export function followUpDue(
  openedAt: Instant,
  addWorkingDays: (from: Instant, days: number) => Instant,
): { contactDueAt: Instant; planDueAt: Instant } {
  return { contactDueAt: openedAt + 24 * 60 * 60_000, planDueAt: addWorkingDays(openedAt, 3) }
}

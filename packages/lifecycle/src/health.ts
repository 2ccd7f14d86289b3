// A project's health is its worst named cause. A colour without a cause is never shown, so none is returned.

import type { Instant } from './events'

export type HealthLevel = 'good' | 'watch' | 'risk' | 'unknown'

export type HealthCauseCode =
  | 'overdue_phase'
  | 'phase_slipping'
  | 'late_checkin'
  | 'low_score'
  | 'overdue_order'
  | 'overdue_follow_up'
  | 'over_budget'
  | 'nothing_planned'

export interface HealthCause {
  code: HealthCauseCode
  level: Exclude<HealthLevel, 'good'>
  /** The phases, visits, surveys, orders… that it comes from. */
  ids: string[]
  params: Record<string, number>
}

export interface ProjectFacts {
  phases: readonly {
    id: string
    plannedStart: Instant
    plannedEnd: Instant
    actualStart: Instant | null
    actualEnd: Instant | null
  }[]
  visits: readonly { id: string; promiseEnd: Instant | null; arrivedAt: Instant | null; ended: boolean }[]
  surveys: readonly { id: string; score: number; answeredAt: Instant }[]
  orders: readonly { id: string; dueAt: Instant | null; doneAt: Instant | null; ended: boolean }[]
  followUps: readonly { id: string; dueAt: Instant | null; done: boolean }[]
  budget?: { id: string; plannedDays: number; usedDays: number } | null
}

export interface HealthRules {
  now: Instant
  /** How far back a late check-in or a low score still speaks. */
  windowDays?: number
  /** A phase this late is a risk; anything earlier is to be watched. */
  phaseRiskDays?: number
  lowScoreBelow?: number
  lateAfterMin?: number
  /** Late check-ins in the window from which they are a risk and no longer an incident. */
  lateRiskCount?: number
}

const DAY = 24 * 60 * 60_000
const RANK: Record<HealthLevel, number> = { good: 0, unknown: 1, watch: 2, risk: 3 }

/** Causes, worst first, each with the facts behind it; the level is the worst of them. */
export function projectHealth(
  facts: ProjectFacts,
  { now, windowDays = 30, phaseRiskDays = 7, lowScoreBelow = 70, lateAfterMin = 15, lateRiskCount = 3 }: HealthRules,
): { level: HealthLevel; causes: HealthCause[] } {
  const since = now - windowDays * DAY
  const causes: HealthCause[] = []
  const name = (code: HealthCauseCode, level: HealthCause['level'], items: readonly { id: string }[], params = {}) => {
    if (items.length > 0)
      causes.push({ code, level, ids: items.map((item) => item.id), params: { count: items.length, ...params } })
  }

  const overdue = facts.phases.filter((p) => p.actualEnd === null && p.plannedEnd < now)
  const days = Math.ceil(Math.max(0, ...overdue.map((p) => now - p.plannedEnd)) / DAY)
  name('overdue_phase', days >= phaseRiskDays ? 'risk' : 'watch', overdue, { days })
  const slipping = facts.phases.filter((p) => p.actualStart === null && p.plannedStart < now && p.plannedEnd >= now)
  name('phase_slipping', 'watch', slipping)

  const late = facts.visits.filter((v) => {
    if (v.promiseEnd === null || v.promiseEnd < since) return false
    const latest = v.promiseEnd + lateAfterMin * 60_000
    return v.arrivedAt !== null ? v.arrivedAt > latest : !v.ended && latest < now
  })
  name('late_checkin', late.length >= lateRiskCount ? 'risk' : 'watch', late)

  const low = facts.surveys.filter((s) => s.answeredAt >= since && s.answeredAt <= now && s.score < lowScoreBelow)
  name('low_score', 'risk', low, { lowest: Math.min(100, ...low.map((s) => s.score)) })

  const orders = facts.orders.filter((o) => !o.ended && o.doneAt === null && o.dueAt !== null && o.dueAt < now)
  name('overdue_order', 'watch', orders)
  name(
    'overdue_follow_up',
    'risk',
    facts.followUps.filter((f) => !f.done && f.dueAt !== null && f.dueAt < now),
  )

  const budget = facts.budget
  if (budget && budget.plannedDays > 0 && budget.usedDays > budget.plannedDays) {
    const percent = Math.round((budget.usedDays / budget.plannedDays) * 100)
    causes.push({
      code: 'over_budget',
      level: percent >= 120 ? 'risk' : 'watch',
      ids: [budget.id],
      params: { percent },
    })
  }
  if (facts.phases.length === 0 && causes.length === 0)
    causes.push({ code: 'nothing_planned', level: 'unknown', ids: [], params: {} })

  causes.sort((a, b) => RANK[b.level] - RANK[a.level])
  return { level: causes[0]?.level ?? 'good', causes }
}

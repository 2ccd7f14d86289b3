import {
  addDays,
  addWorkdays,
  holidayName,
  isProvisionalDate,
  isWorkday,
  type LocalDate,
  nextWorkday,
  startOfLocalDay,
  type WorkCalendar,
  workdayOnOrAfter,
  workdaysBetween,
} from '#calendar'
import { type ProjectFacts, projectHealth } from '#lifecycle'
import { fail } from '../../platform/errors'

export interface Plan {
  plannedStart: LocalDate
  plannedEnd: LocalDate
}
export interface Fact {
  actualStart: LocalDate | null
  actualEnd: LocalDate | null
}
export type PhaseFacts = { id: string; weight: number } & Plan & Fact

/** Planned dates of phases that follow each other, on workdays, from the first workday on or after the start. */
export function planPhases(cal: WorkCalendar, startsOn: LocalDate, durations: readonly number[]): Plan[] {
  let start = workdayOnOrAfter(cal, startsOn)
  return durations.map((days) => {
    const plan = { plannedStart: start, plannedEnd: addWorkdays(cal, start, days - 1) }
    start = nextWorkday(cal, plan.plannedEnd)
    return plan
  })
}

/** The plan moved by working days: what has ended stays, what has begun only ends at another time. */
export function shift<P extends Plan & Fact>(cal: WorkCalendar, phase: P, days: number): P {
  if (phase.actualEnd !== null || days === 0) return phase
  const plannedEnd = addWorkdays(cal, phase.plannedEnd, days)
  const plannedStart = phase.actualStart === null ? addWorkdays(cal, phase.plannedStart, days) : phase.plannedStart
  // An end that comes before a start that has already been: the phase is then one day of plan.
  return { ...phase, plannedStart, plannedEnd: plannedEnd < plannedStart ? plannedStart : plannedEnd }
}

/** The phases after a new plan for one of them; with `move` the ones behind it keep their distance in working days. */
export function replan<P extends PhaseFacts>(
  cal: WorkCalendar,
  phases: readonly P[],
  id: string,
  to: { start: LocalDate; end: LocalDate; following: 'move' | 'keep' },
): P[] {
  if (to.end < to.start) fail('time_order')
  const at = phases.findIndex((p) => p.id === id)
  const before = phases[at] as P
  const days = workdaysBetween(cal, before.plannedEnd, to.end)
  return phases.map((p, i) => {
    if (i === at) return { ...p, plannedStart: to.start, plannedEnd: to.end }
    return i > at && to.following === 'move' ? shift(cal, p, days) : p
  })
}

export const phaseState = (p: Fact): 'planned' | 'active' | 'done' =>
  p.actualEnd !== null ? 'done' : p.actualStart !== null ? 'active' : 'planned'

/** Ended, or still open, after its planned day. While a project pauses, the days do not count against it. */
export const isLate = (p: Plan & Fact, today: LocalDate, pausedOn: LocalDate | null): boolean =>
  (p.actualEnd ?? pausedOn ?? today) > p.plannedEnd

/**
 * Per cent by weight with the 50/50 rule of earned value: what has begun counts half, what has ended counts in full,
 * for the plan as for the fact. Guessed percentages of a running phase would compare nothing.
 */
export function progress(phases: readonly PhaseFacts[], today: LocalDate): { planned: number; actual: number } {
  const all = phases.reduce((sum, p) => sum + p.weight, 0)
  if (all === 0) return { planned: 0, actual: 0 }
  const share = (of: (p: PhaseFacts) => number) =>
    Math.round((phases.reduce((sum, p) => sum + p.weight * of(p), 0) / all) * 100)
  return {
    planned: share((p) => (p.plannedEnd < today ? 1 : p.plannedStart <= today ? 0.5 : 0)),
    actual: share((p) => (p.actualEnd !== null ? 1 : p.actualStart !== null ? 0.5 : 0)),
  }
}

export type SignalCause = 'late_checkin' | 'low_score' | 'overdue_order' | 'overdue_follow_up'
export interface Signal {
  cause: SignalCause
  refKind: 'visit' | 'survey' | 'order' | 'followup'
  refId: string
  /** When it happened: the arrival, the answer, the due time. Epoch milliseconds. */
  at: number
  params: Record<string, unknown>
}

const refKindOf = {
  overdue_phase: 'phase',
  phase_slipping: 'phase',
  late_checkin: 'visit',
  low_score: 'survey',
  overdue_order: 'order',
  overdue_follow_up: 'followup',
  over_budget: 'project',
  nothing_planned: 'project',
} as const

const NEVER = Number.POSITIVE_INFINITY

/**
 * The project's health by #lifecycle from its phases, its budget and the signals that later rooms raised. A signal is
 * a fact that somebody already found: it enters as one that meets its cause, and the rules decide how bad it is and
 * for how long it speaks.
 */
export function healthOf(
  p: { id: string; state: string; pausedOn: LocalDate | null; budgetDays: number; usedMin: number },
  phases: readonly PhaseFacts[],
  signals: readonly Signal[],
  { now, zone }: { now: number; zone: string },
) {
  const of = (cause: SignalCause) => signals.filter((s) => s.cause === cause)
  // A plan that the pause overtook accuses nobody until the project goes on; what was late before still is.
  const frozen = (date: LocalDate) => p.pausedOn !== null && date >= p.pausedOn
  const startOf = (date: LocalDate) => startOfLocalDay(date, zone)
  const endOf = (date: LocalDate) => startOfLocalDay(addDays(date, 1), zone)
  const facts: ProjectFacts = {
    phases: phases.map((x) => ({
      id: x.id,
      // Begun late is said on the day after, not in the first minute of the planned day.
      plannedStart: frozen(x.plannedStart) ? NEVER : endOf(x.plannedStart),
      plannedEnd: frozen(x.plannedEnd) ? NEVER : endOf(x.plannedEnd),
      actualStart: x.actualStart === null ? null : startOf(x.actualStart),
      actualEnd: x.actualEnd === null ? null : endOf(x.actualEnd),
    })),
    visits: of('late_checkin').map((s) => ({ id: s.refId, promiseEnd: s.at, arrivedAt: NEVER, ended: true })),
    surveys: of('low_score').map((s) => ({ id: s.refId, score: Number(s.params.score ?? 0), answeredAt: s.at })),
    orders: of('overdue_order').map((s) => ({ id: s.refId, dueAt: s.at, doneAt: null, ended: false })),
    followUps: of('overdue_follow_up').map((s) => ({ id: s.refId, dueAt: s.at, done: false })),
    budget: { id: p.id, plannedDays: p.budgetDays, usedDays: p.usedMin / 480 },
  }
  // The company's own threshold was asked when the score came in.
  const health = projectHealth(facts, { now, lowScoreBelow: NEVER })
  return {
    level: health.level,
    causes: health.causes.map((c) => ({
      code: c.code,
      level: c.level,
      params: c.params,
      refs: c.ids.map((id) => ({ kind: refKindOf[c.code], id })),
    })),
  }
}

/** Spans of days without work from `from` to `to`, each with the holiday's name if it has one. */
export function daysOff(cal: WorkCalendar, from: LocalDate, to: LocalDate) {
  const spans: { from: LocalDate; to: LocalDate; name: string | null }[] = []
  let provisionalFrom: LocalDate | null = null
  for (let day = from; day <= to; day = addDays(day, 1)) {
    if (provisionalFrom === null && isProvisionalDate(cal, day)) provisionalFrom = day
    if (isWorkday(cal, day)) continue
    const name = holidayName(day) ?? null
    const last = spans.at(-1)
    if (last && addDays(last.to, 1) === day && last.name === name) last.to = day
    else spans.push({ from: day, to: day, name })
  }
  return { daysOff: spans, provisionalFrom }
}

// The KPI definitions as code: pure functions over facts. Each answer carries its n, its rows and what was left out
// and why, so that any number on a screen can be opened down to the orders behind it.

import type { Instant, Responsibility, Window } from './events'
import { isGood } from './score'
import type { ClockState } from './sla'

export interface Period {
  from: Instant
  /** Exclusive. */
  to: Instant
  /** What was known when: facts after this instant do not count yet. */
  asOf: Instant
}

export interface KpiRow {
  id: string
  /** Counted in the numerator (shares) or in the mean (means). */
  hit: boolean
  /** The row's own number: minutes, score, days. */
  value: number | null
}

export interface Kpi {
  /** A share of 0..1, or the unit of the definition; null when nothing counts. */
  value: number | null
  n: number
  rows: KpiRow[]
  excluded: { id: string; reason: ExclusionReason }[]
  provisional: boolean
  /** 95 % Wilson interval of a share; null under n = 10 and for means. */
  interval: { low: number; high: number } | null
}

export type ExclusionReason =
  | 'cancelled'
  | 'duplicate'
  | 'test'
  | 'held_for_customer'
  | 'customer_cannot_complete'
  | 'no_contact_yet'
  | 'not_taken'
  | 'not_answered'
  | 'voided'
  | 'not_due_yet'
  | 'no_promise'
  | 'reassigned'
  | 'declined'
  | 'clock_cancelled'
  | 'no_calendar'

export interface KpiDefinition {
  code: string
  /** Key of the sentence in the catalogue. */
  formula: string
  unit: 'share' | 'minutes' | 'score'
  better: 'higher' | 'lower'
  /** Code of the number shown beside it. */
  beside: string | null
}

export const KPI_DEFINITIONS: readonly KpiDefinition[] = [
  {
    code: 'completion',
    formula: 'kpi.completion.formula',
    unit: 'share',
    better: 'higher',
    beside: 'completion_on_time',
  },
  {
    code: 'completion_on_time',
    formula: 'kpi.completion_on_time.formula',
    unit: 'share',
    better: 'higher',
    beside: null,
  },
  { code: 'response_team', formula: 'kpi.response_team.formula', unit: 'minutes', better: 'lower', beside: null },
  { code: 'response_person', formula: 'kpi.response_person.formula', unit: 'minutes', better: 'lower', beside: null },
  { code: 'good_rate', formula: 'kpi.good_rate.formula', unit: 'share', better: 'higher', beside: 'response_rate' },
  { code: 'response_rate', formula: 'kpi.response_rate.formula', unit: 'share', better: 'higher', beside: null },
  { code: 'on_time_arrival', formula: 'kpi.on_time_arrival.formula', unit: 'share', better: 'higher', beside: null },
  { code: 'first_time_fix', formula: 'kpi.first_time_fix.formula', unit: 'share', better: 'higher', beside: null },
  { code: 'utilisation', formula: 'kpi.utilisation.formula', unit: 'share', better: 'higher', beside: null },
  { code: 'sla_compliance', formula: 'kpi.sla_compliance.formula', unit: 'share', better: 'higher', beside: null },
]

/** 95 % Wilson score interval (Wilson 1927); null under n = 10, where it would only pretend to know. */
export function wilson(hits: number, n: number): { low: number; high: number } | null {
  if (n < 10) return null
  const z = 1.959963984540054
  const p = hits / n
  const middle = p + (z * z) / (2 * n)
  const spread = z * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n))
  const scale = 1 + (z * z) / n
  return { low: Math.max(0, (middle - spread) / scale), high: Math.min(1, (middle + spread) / scale) }
}

/** Quantile by linear interpolation between the ranks; null for nothing. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (sorted.length - 1) * q
  const low = sorted[Math.floor(rank)]!
  const high = sorted[Math.ceil(rank)]!
  return low + (high - low) * (rank - Math.floor(rank))
}

const within = (at: Instant | null, { from, to }: Period): at is Instant => at !== null && at >= from && at < to
const known = (at: Instant | null, asOf: Instant): at is Instant => at !== null && at <= asOf
const open = (period: Period) => period.asOf < period.to

type Verdict =
  | { out: ExclusionReason }
  | { hit: boolean; value?: number | null; weight?: number; provisional?: boolean }

/** A share over the facts that concern the period: null from `judge` means that a fact does not concern it at all. */
function share<F extends { id: string }>(facts: readonly F[], period: Period, judge: (fact: F) => Verdict | null): Kpi {
  const kpi: Kpi = { value: null, n: 0, rows: [], excluded: [], provisional: open(period), interval: null }
  let hits = 0
  let weights = 0
  for (const fact of facts) {
    const verdict = judge(fact)
    if (!verdict) continue
    if ('out' in verdict) {
      kpi.excluded.push({ id: fact.id, reason: verdict.out })
      continue
    }
    kpi.rows.push({ id: fact.id, hit: verdict.hit, value: verdict.value ?? null })
    if (verdict.provisional) kpi.provisional = true
    const weight = verdict.weight ?? 1
    weights += weight
    if (verdict.hit) hits += weight
  }
  kpi.n = kpi.rows.length
  kpi.value = weights > 0 ? hits / weights : null
  // Under weights the interval keeps the weighted share and the number of answers behind it.
  kpi.interval = kpi.value === null ? null : wilson(kpi.value * kpi.n, kpi.n)
  return kpi
}

export interface MeanKpi extends Kpi {
  median: number | null
  p90: number | null
}

function mean<F extends { id: string }>(
  facts: readonly F[],
  period: Period,
  judge: (fact: F) => { out: ExclusionReason } | { value: number; provisional?: boolean } | null,
): MeanKpi {
  const kpi = share(facts, period, (fact) => {
    const verdict = judge(fact)
    return verdict && ('out' in verdict ? verdict : { hit: true, ...verdict })
  })
  const values = kpi.rows.map((row) => row.value!)
  return {
    ...kpi,
    value: values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null,
    median: quantile(values, 0.5),
    p90: quantile(values, 0.9),
    interval: null,
  }
}

// ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface OrderFact {
  id: string
  createdAt: Instant
  dueAt: Instant | null
  /** Completed: the customer's acceptance in whatever form. */
  completedAt: Instant | null
  closedAt: Instant | null
  cancelledAt: Instant | null
  mark: 'duplicate' | 'test' | null
  cannotComplete: { at: Instant; responsibility: Responsibility } | null
  holds: readonly { from: Instant; to: Instant | null; responsibility: Responsibility }[]
  firstContactAt: Instant | null
  /** Created → first contact in minutes of the SLA calendar, pauses left out. */
  responseMin: number | null
  /** The calendar behind it is not published yet. */
  provisional?: boolean
  corrective: boolean
  siteId: string | null
  assetId: string | null
  cause: string | null
  /** Visits that arrived or worked from afar, and whether the last said done. */
  visits: number
  lastResult: 'done' | 'partial' | 'unable' | null
}

export interface VisitFact {
  id: string
  engineerId: string | null
  state: string
  /** The promise that counts: the customer's last wish. */
  promise: Window | null
  arrivedAt: Instant | null
  offeredAt: Instant | null
  takenAt: Instant | null
  /** Offered → taken in minutes of the SLA calendar. */
  takeupMin: number | null
  orderMark?: 'duplicate' | 'test' | null
  orderCancelled?: boolean
}

export interface SurveyFact {
  id: string
  invitedAt: Instant
  answeredAt: Instant | null
  score: number | null
  /** 1 for the lead and for teams, ½ for a crew's member (surveyWeight). */
  weight?: number
  /** Set aside by a review, for instance answered from the engineer's own device. */
  voided?: boolean
  orderMark?: 'duplicate' | 'test' | null
  orderCancelled?: boolean
}

/** One person's local day. */
export interface DayFact {
  id: string
  personId: string
  from: Instant
  /** Exclusive. */
  to: Instant
  /** Onsite, remote and documentation. */
  workMin: number
  travelMin: number
  /** Minutes of the shift that leave does not take; null: nobody knows when he works. */
  availableMin: number | null
}

export interface ClockFact {
  id: string
  clock: string
  state: ClockState
  dueAt: Instant
  stopAt: Instant | null
  orderMark?: 'duplicate' | 'test' | null
  orderCancelled?: boolean
  provisional?: boolean
}

const strayOrder = (o: OrderFact, asOf: Instant): { out: ExclusionReason } | null =>
  o.mark ? { out: o.mark } : known(o.cancelledAt, asOf) ? { out: 'cancelled' } : null
const stray = (f: {
  orderMark?: 'duplicate' | 'test' | null
  orderCancelled?: boolean
}): { out: ExclusionReason } | null =>
  f.orderMark ? { out: f.orderMark } : f.orderCancelled ? { out: 'cancelled' } : null

// ── definitions ──────────────────────────────────────────────────────────────────────────────────────────────────

function completion(
  orders: readonly OrderFact[],
  period: Period,
  doneBy: (o: OrderFact & { dueAt: Instant }) => Instant,
): Kpi {
  return share(orders, period, (o) => {
    const { dueAt } = o
    if (!within(dueAt, period)) return null
    const out = strayOrder(o, period.asOf)
    if (out) return out
    if (o.cannotComplete && known(o.cannotComplete.at, period.asOf) && o.cannotComplete.responsibility === 'customer')
      return { out: 'customer_cannot_complete' }
    // Early finishers of days to come are left out too, or a number taken in mid-month would flatter.
    if (dueAt > period.asOf) return { out: 'not_due_yet' }
    const held = o.holds.some(
      (h) => h.responsibility === 'customer' && h.from <= dueAt && (h.to === null || h.to > dueAt),
    )
    if (held) return { out: 'held_for_customer' }
    const done = known(o.completedAt, period.asOf) && o.completedAt <= doneBy({ ...o, dueAt })
    return { hit: done }
  })
}

/** 工单完成率: due in the period and completed by its end ÷ due in the period. */
export const completionRate = (orders: readonly OrderFact[], period: Period): Kpi =>
  completion(orders, period, () => period.to - 1)

/** 及时完成率: due in the period and completed by its own due time ÷ due in the period. */
export const completionOnTimeRate = (orders: readonly OrderFact[], period: Period): Kpi =>
  completion(orders, period, (o) => o.dueAt)

/** 平均响应时长 of a team or contract: mean(first contact − created) of the orders created in the period. */
export function meanResponseTeam(orders: readonly OrderFact[], period: Period): MeanKpi {
  return mean(orders, period, (o) => {
    if (!within(o.createdAt, period)) return null
    const out = strayOrder(o, period.asOf)
    if (out) return out
    if (!known(o.firstContactAt, period.asOf) || o.responseMin === null) return { out: 'no_contact_yet' }
    return { value: o.responseMin, provisional: o.provisional }
  })
}

/** 平均响应时长 of a person: mean(taken − offered) of the visits offered in the period. */
export function meanResponsePerson(visits: readonly VisitFact[], period: Period): MeanKpi {
  return mean(visits, period, (v) => {
    if (!within(v.offeredAt, period)) return null
    const out = stray(v)
    if (out) return out
    if (!known(v.takenAt, period.asOf) || v.takeupMin === null) return { out: 'not_taken' }
    return { value: v.takeupMin }
  })
}

/** 客户好评率: answered in the period with a score of 80 or more ÷ answered in the period. */
export function goodRate(surveys: readonly SurveyFact[], period: Period): Kpi {
  return share(surveys, period, (s) => {
    if (!within(s.answeredAt, period) || !known(s.answeredAt, period.asOf)) {
      // Listed, so that nobody takes silence for praise.
      return s.answeredAt === null && within(s.invitedAt, period) ? { out: 'not_answered' } : null
    }
    const out = stray(s) ?? (s.voided ? ({ out: 'voided' } as const) : null)
    if (out) return out
    if (s.score === null) return { out: 'not_answered' }
    return { hit: isGood(s.score), value: s.score, weight: s.weight ?? 1 }
  })
}

/** Response rate: answered ÷ invited in the period. */
export function responseRate(surveys: readonly SurveyFact[], period: Period): Kpi {
  return share(surveys, period, (s) => {
    if (!within(s.invitedAt, period)) return null
    return stray(s) ?? { hit: known(s.answeredAt, period.asOf) && s.score !== null }
  })
}

export const ARRIVAL_GRACE_MIN = 15

/** 准时到场率: on site by the end of the promise + 15 min ÷ visits with a promise; nobody came counts as late. */
export function onTimeArrival(visits: readonly VisitFact[], period: Period): Kpi {
  return share(visits, period, (v) => {
    if (!v.promise || !within(v.promise.end, period)) return null
    const out = stray(v)
    if (out) return out
    if (v.state === 'cancelled' || v.state === 'reassigned' || v.state === 'declined') return { out: v.state }
    const latest = v.promise.end + ARRIVAL_GRACE_MIN * 60_000
    if (latest > period.asOf) return { out: 'not_due_yet' }
    const arrived = known(v.arrivedAt, period.asOf)
    const late = arrived ? Math.max(0, Math.round((v.arrivedAt! - v.promise.end) / 60_000)) : null
    return { hit: arrived && v.arrivedAt! <= latest, value: late }
  })
}

const REPEAT_MS = 30 * 24 * 60 * 60_000

/**
 * 一次修复率: corrective orders done in one visit, with no order for the same site, asset and cause in 30 days ÷
 * corrective orders closed in the period. Rows whose 30 days still run are provisional.
 */
export function firstTimeFix(orders: readonly OrderFact[], period: Period): Kpi {
  const place = (o: OrderFact) => [o.siteId, o.assetId, o.cause].join('|')
  const later = new Map<string, OrderFact[]>()
  for (const o of orders) if (!strayOrder(o, period.asOf)) later.set(place(o), [...(later.get(place(o)) ?? []), o])
  return share(orders, period, (o) => {
    if (!o.corrective || !within(o.closedAt, period) || !known(o.closedAt, period.asOf)) return null
    const out = strayOrder(o, period.asOf)
    if (out) return out
    const done = o.completedAt ?? o.closedAt
    const repeated = (later.get(place(o)) ?? []).some(
      (x) => x.id !== o.id && x.createdAt > done && x.createdAt <= done + REPEAT_MS && x.createdAt <= period.asOf,
    )
    const fixed = o.visits === 1 && o.lastResult === 'done' && !repeated
    return { hit: fixed, provisional: fixed && done + REPEAT_MS > period.asOf }
  })
}

/** SLA 达成率: clocks met ÷ (met + breached) among clocks due in the period; open and overdue counts as breached. */
export function slaCompliance(clocks: readonly ClockFact[], period: Period): Kpi {
  return share(clocks, period, (c) => {
    if (!within(c.dueAt, period)) return null
    const out = stray(c)
    if (out) return out
    if (c.state === 'cancelled') return { out: 'clock_cancelled' }
    if (c.dueAt > period.asOf) return { out: 'not_due_yet' }
    const stopped = known(c.stopAt, period.asOf)
    return { hit: stopped && c.stopAt! <= c.dueAt, provisional: c.provisional }
  })
}

/**
 * 有效工时利用率: (onsite + remote + documentation) ÷ available calendar time of the days that are over. A day without a
 * calendar is left out and listed; work on a free day counts as work. Travel is no part of it.
 */
export function utilisation(days: readonly DayFact[], period: Period): Kpi {
  const kpi: Kpi = { value: null, n: 0, rows: [], excluded: [], provisional: open(period), interval: null }
  let work = 0
  let available = 0
  for (const d of days) {
    if (!within(d.from, period)) continue
    if (d.availableMin === null) kpi.excluded.push({ id: d.id, reason: 'no_calendar' })
    else if (d.to > period.asOf) kpi.excluded.push({ id: d.id, reason: 'not_due_yet' })
    else if (d.availableMin > 0 || d.workMin > 0) {
      kpi.rows.push({ id: d.id, hit: d.workMin > 0, value: d.workMin })
      work += d.workMin
      available += d.availableMin
    }
  }
  kpi.n = kpi.rows.length
  kpi.value = available > 0 ? work / available : null
  return kpi
}

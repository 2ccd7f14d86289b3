import {
  type ClockFact,
  completionOnTimeRate,
  completionRate,
  type DayFact,
  firstTimeFix,
  goodRate,
  KPI_DEFINITIONS,
  type Kpi,
  type KpiDefinition,
  meanResponsePerson,
  meanResponseTeam,
  type OrderFact,
  onTimeArrival,
  type Period,
  responseRate,
  type SurveyFact,
  slaCompliance,
  utilisation,
  type VisitFact,
} from '#lifecycle'
import type { DayBody, OrderBody, SurveyBody, VisitBody } from './facts'

/** A fact as it is read for a period. */
export type Head = {
  /** null: a day is nobody's order. */
  orderId: string | null
  siteId: string | null
  people: readonly string[]
  teamId: string | null
  firstAt: number
  lastAt: number
} & (
  | { kind: 'order'; body: OrderBody }
  | { kind: 'visit'; body: VisitBody }
  | { kind: 'survey'; body: SurveyBody }
  | { kind: 'day'; body: DayBody }
)

export interface FactSet {
  orders: OrderFact[]
  visits: VisitFact[]
  surveys: SurveyFact[]
  clocks: ClockFact[]
  days: DayFact[]
}

const codes = [
  'completion',
  'completion_on_time',
  'response_team',
  'response_person',
  'good_rate',
  'response_rate',
  'on_time_arrival',
  'first_time_fix',
  'sla_compliance',
  'utilisation',
] as const
export type KpiCode = (typeof codes)[number]

const REPEAT_DAYS = 30

interface Definition {
  code: KpiCode
  /** A formula that changes is a new version: old exports can be explained. */
  version: number
  unit: KpiDefinition['unit']
  better: KpiDefinition['better']
  beside: KpiCode | null
  /** The facts that it counts. */
  kind: Head['kind']
  /** Nobody's own number: the desk makes the first contact. */
  teamOnly?: boolean
  of: (
    set: FactSet,
    period: Period,
    others: readonly OrderFact[],
  ) => Kpi & { median?: number | null; p90?: number | null }
  /** The moment by which a row belongs to the period. */
  at: (set: FactSet) => Map<string, number | null>
}
const by = <F extends { id: string }>(facts: readonly F[], at: (f: F) => number | null) =>
  new Map(facts.map((f) => [f.id, at(f)]))

const formulas: Record<KpiCode, Pick<Definition, 'of' | 'at' | 'teamOnly' | 'kind'>> = {
  completion: { kind: 'order', of: (s, p) => completionRate(s.orders, p), at: (s) => by(s.orders, (o) => o.dueAt) },
  completion_on_time: {
    kind: 'order',
    of: (s, p) => completionOnTimeRate(s.orders, p),
    at: (s) => by(s.orders, (o) => o.dueAt),
  },
  response_team: {
    kind: 'order',
    of: (s, p) => meanResponseTeam(s.orders, p),
    at: (s) => by(s.orders, (o) => o.createdAt),
    teamOnly: true,
  },
  response_person: {
    kind: 'visit',
    of: (s, p) => meanResponsePerson(s.visits, p),
    at: (s) => by(s.visits, (v) => v.offeredAt),
  },
  good_rate: {
    kind: 'survey',
    of: (s, p) => goodRate(s.surveys, p),
    at: (s) => by(s.surveys, (q) => q.answeredAt ?? q.invitedAt),
  },
  response_rate: {
    kind: 'survey',
    of: (s, p) => responseRate(s.surveys, p),
    at: (s) => by(s.surveys, (q) => q.invitedAt),
  },
  on_time_arrival: {
    kind: 'visit',
    of: (s, p) => onTimeArrival(s.visits, p),
    at: (s) => by(s.visits, (v) => v.promise?.end ?? null),
  },
  first_time_fix: {
    kind: 'order',
    // A colleague's order for the same machine spoils the fix as one's own does: it is looked at and never counted.
    of: (s, p, others) => firstTimeFix([...s.orders, ...others.map((o) => ({ ...o, corrective: false }))], p),
    at: (s) => by(s.orders, (o) => o.closedAt),
  },
  utilisation: { kind: 'day', of: (s, p) => utilisation(s.days, p), at: (s) => by(s.days, (d) => d.from) },
  sla_compliance: { kind: 'order', of: (s, p) => slaCompliance(s.clocks, p), at: (s) => by(s.clocks, (c) => c.dueAt) },
}

export const definitions: readonly Definition[] = codes.map((code) => {
  const d = KPI_DEFINITIONS.find((x) => x.code === code) as KpiDefinition
  return {
    code,
    version: 1,
    unit: d.unit,
    better: d.better,
    beside: codes.find((c) => c === d.beside) ?? null,
    ...formulas[code],
  }
})
export const definitionsFor = (subject: 'company' | 'team' | 'person') =>
  definitions.filter((d) => !(subject === 'person' && d.teamOnly))

/** What counts for a person (his own part), or for a team or the company (every fact in full). */
export function setOf(heads: readonly Head[], personId: string | null, asOf: number): FactSet {
  const set: FactSet = { orders: [], visits: [], surveys: [], clocks: [], days: [] }
  for (const h of heads) {
    if (personId !== null && !h.people.includes(personId)) continue
    if (h.kind === 'visit') set.visits.push(h.body.fact)
    else if (h.kind === 'day') set.days.push(h.body.fact)
    else if (h.kind === 'survey') {
      const weight = personId === null ? 1 : (h.body.engineers.find((e) => e.id === personId)?.weight ?? 1)
      set.surveys.push({ ...h.body.fact, weight })
    } else {
      set.orders.push(h.body.fact)
      for (const c of h.body.clocks) {
        // The first response is the desk's; a take-up is his whose offer it was.
        if (personId !== null && (c.clock === 'response' || (c.clock === 'takeup' && c.engineerId !== personId)))
          continue
        // While a clock pauses its due time moves on: it has not come yet, whatever was written when the pause began.
        set.clocks.push(c.state === 'paused' ? { ...c, dueAt: Math.max(c.dueAt, asOf + 1) } : c)
      }
    }
  }
  return set
}

/** Orders at the same sites, so that a repeat is found whoever did it. */
export class Neighbours {
  private readonly bySite = new Map<string, OrderFact[]>()
  constructor(orders: Iterable<OrderFact>) {
    const seen = new Set<string>()
    for (const o of orders) {
      if (!o.siteId || seen.has(o.id)) continue
      seen.add(o.id)
      const list = this.bySite.get(o.siteId)
      if (list) list.push(o)
      else this.bySite.set(o.siteId, [o])
    }
  }
  of(set: FactSet, period: Period): OrderFact[] {
    const own = new Set(set.orders.map((o) => o.id))
    const sites = new Set(fixed(set.orders, period).map((o) => o.siteId))
    return [...sites].flatMap((s) => (s ? (this.bySite.get(s) ?? []).filter((o) => !own.has(o.id)) : []))
  }
}
/** Repairs closed in the period: those that first-time fix asks about. */
export const fixed = (orders: readonly OrderFact[], period: Period) =>
  orders.filter((o) => o.corrective && o.closedAt !== null && o.closedAt >= period.from && o.closedAt < period.to)
export const repeatMs = REPEAT_DAYS * 24 * 60 * 60_000

/** A KPI as the wire shows it. */
export function show(d: Definition, kpi: ReturnType<Definition['of']>) {
  const reasons = new Map<string, number>()
  for (const e of kpi.excluded) reasons.set(e.reason, (reasons.get(e.reason) ?? 0) + 1)
  return {
    code: d.code,
    version: d.version,
    value: kpi.value,
    n: kpi.n,
    median: kpi.median ?? null,
    p90: kpi.p90 ?? null,
    interval: kpi.interval,
    excluded: [...reasons].map(([reason, n]) => ({ reason, n })).sort((a, b) => b.n - a.n),
    provisional: kpi.provisional,
  }
}

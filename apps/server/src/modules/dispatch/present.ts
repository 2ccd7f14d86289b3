import type { Candidate, EngineerState, Finding, Params, Placement, Problem, Reason } from './problem'
import { check, explain, price } from './ranking'
import { loads } from './rules/load'
import type { Subject } from './subject'

// Rules speak in epoch milliseconds; the wire speaks ISO.
const instants = new Set(['from', 'to', 'start', 'end', 'at', 'lastAt', 'dueAt', 'promiseStart', 'promiseEnd'])
const iso = (ms: number) => new Date(ms).toISOString()
const onWire = (p: Params): Params =>
  Object.fromEntries(Object.entries(p).map(([k, v]) => [k, instants.has(k) && typeof v === 'number' ? iso(v) : v]))
export const wireMessages = <T extends Finding | Reason>(list: readonly T[]): T[] =>
  list.map((m) => ({ ...m, params: onWire(m.params) }))

export const engineerRef = (e: EngineerState) => ({ id: e.id, name: e.name, teamId: e.teamId, teamName: e.teamName })

export function judged(p: Placement, problem: Problem): Candidate {
  return { placement: p, ...price(p, problem), findings: check(p, problem), reasons: explain(p, problem) }
}

export function presentPlacement({ placement: p, cost, shares, findings, reasons }: Candidate, problem: Problem) {
  const l = loads(p, problem)
  return {
    engineer: engineerRef(p.engineer),
    start: iso(p.start),
    end: iso(p.end),
    leaveBy: iso(p.start - p.travelMin * 60_000),
    travel: p.travel && { ...p.travel, distanceM: Math.round(p.travel.distanceM) },
    travelMin: p.travelMin,
    load: {
      dayMin: l.dayMin,
      dayCapacityMin: l.dayCapacity,
      dayPercent: l.dayPercent,
      dayPercentWith: l.dayPercentWith,
      weekMin: l.weekMin,
      weekCapacityMin: l.weekCapacity,
      weekPercent: l.weekPercent,
    },
    cost,
    shares,
    reasons: wireMessages(reasons),
    findings: wireMessages(findings),
  }
}

export function presentOrder(s: Subject, problem: Problem) {
  const { job } = problem
  return {
    id: s.id,
    number: s.number,
    title: s.title,
    priority: s.priority,
    state: s.state,
    mode: job.mode,
    durationMin: job.durationMin,
    crew: s.fold.facts.crew ?? 1,
    skills: s.skills,
    promise: job.promise && { start: iso(job.promise.start), end: iso(job.promise.end) },
    dueAt: job.dueAt === null ? null : iso(job.dueAt),
    customerId: s.customer_id,
    customerName: s.customer_name,
    siteId: s.site_id,
    siteName: s.site_name,
    point: s.point,
  }
}

export const verdictOf = (findings: readonly Finding[]) => findings[0]?.severity ?? ('ok' as const)

import { dayAfter } from './days'
import {
  type Candidate,
  type EngineerState,
  type Finding,
  overlaps,
  type Placement,
  type Problem,
  type Reason,
  type Recommend,
  type Stop,
} from './problem'
import { rules } from './rules'

const MINUTE = 60_000

/** Puts an engineer at a time: where he comes from, how long it takes, what follows. */
export function place(engineer: EngineerState, start: number, problem: Problem): Placement {
  const { job, policy, dateOf, way } = problem
  const end = start + job.durationMin * MINUTE
  if (job.mode === 'remote') return { engineer, start, end, travel: null, travelMin: 0, next: null }
  const date = dateOf(start)
  let before: Stop | undefined
  let after: Stop | undefined
  for (const s of engineer.stops) {
    if (s.kind !== 'visit' || job.moving.includes(s.ref)) continue
    if (s.to <= start && (!before || s.to > before.to)) before = s
    if (s.from < end) continue
    // They stand in order: what follows is later still.
    after = s
    break
  }
  // The nearest ones decide: where they are of another day, so are all that are further away.
  if (before && dateOf(before.to) !== date) before = undefined
  if (after && dateOf(after.from) !== date) after = undefined
  const origin = before ? before.point : engineer.home
  const reached = origin && job.point ? way(origin, job.point, start) : null
  return {
    engineer,
    start,
    end,
    travel: reached && { ...reached, from: before ? 'stop' : 'home', name: before?.name ?? null },
    travelMin: reached ? reached.min : policy.unknownTravelMin,
    next: after ? { stop: after, way: after.point && job.point ? way(job.point, after.point, end) : null } : null,
  }
}

/** Everything that the rules have to say about a placement, the gravest first. */
export function check(p: Placement, problem: Problem): Finding[] {
  const order = { refuse: 0, override: 1, warn: 2 }
  return rules
    .flatMap((rule) =>
      rule
        .check(p, problem)
        .map((f): Finding => ({ rule: rule.name, ...f, severity: f.severity ?? problem.policy.severity[f.code] })),
    )
    .sort((a, b) => order[a.severity] - order[b.severity])
}

export function explain(p: Placement, problem: Problem): Reason[] {
  return rules.flatMap((rule) => rule.explain(p, problem).map((r): Reason => ({ rule: rule.name, ...r })))
}

export function price(p: Placement, problem: Problem): { cost: number; shares: Record<string, number> } {
  const shares: Record<string, number> = {}
  let cost = 0
  for (const rule of rules) {
    if (!rule.cost || !rule.weight) continue
    const share = Math.round(rule.cost(p, problem) * problem.policy.weights[rule.weight] * 10) / 10
    shares[rule.name] = share
    cost += share
  }
  return { cost: Math.round(cost * 10) / 10, shares }
}

/**
 * The earliest start that is free, in the shift and in the site's hours: first inside the promise, then after it,
 * within the horizon. Gaps between bookings are tried in order; the way there and on must fit.
 */
export function earliest(engineer: EngineerState, problem: Problem): Placement | null {
  const { job, now, policy, dateOf } = problem
  const step = policy.stepMin * MINUTE
  const from = Math.max(
    now,
    job.promise?.start ?? now,
    now + (job.mode === 'remote' ? 0 : (job.entry?.leadMin ?? 0)) * MINUTE,
  )
  const busy = engineer.stops.filter(
    (s) => !job.moving.includes(s.ref) && (job.mode === 'onsite' || s.kind === 'leave' || s.kind === 'training'),
  )
  for (let d = 0, date = dateOf(from); d < policy.horizonDays; d++, date = dayAfter(date)) {
    const hours = engineer.shiftOn(date)
    const first = hours[0]
    const last = hours.at(-1)
    if (!first || !last) continue
    const access = job.accessOn && job.mode !== 'remote' ? job.accessOn(date) : null
    if (access && access.length === 0) continue
    const open = Math.max(first[0], access?.[0]?.[0] ?? first[0], from)
    const close = Math.min(last[1], access?.at(-1)?.[1] ?? last[1])
    // A free stretch can begin when the day opens or where a booking ends.
    const begins = [open, ...busy.filter((s) => s.to > open && s.to < close).map((s) => s.to)].sort((a, b) => a - b)
    for (const begin of begins) {
      // A way of unknown length first: where he comes from depends on when he comes.
      let start = Math.ceil(begin / step) * step
      for (let tries = 0; tries < 2; tries++) {
        const p = place(engineer, start, problem)
        const leave = start - p.travelMin * MINUTE
        const blocked = busy.some((s) => overlaps(s, leave, p.end))
        if (leave >= now && !blocked && (p.end <= close || job.mode === 'resident')) {
          if (!p.next?.way || p.end + p.next.way.min * MINUTE <= p.next.stop.from) return p
        }
        const later = Math.ceil((Math.max(begin, now) + p.travelMin * MINUTE) / step) * step
        if (later <= start) break
        start = later
      }
    }
  }
  return null
}

/** Ranks by cost in minutes; equal costs by name and id, so that the same question has the same answer. */
export const recommend: Recommend = (problem) => {
  const ranked: Candidate[] = []
  const left: ReturnType<Recommend>['left'] = []
  for (const engineer of problem.engineers) {
    const { fixedStart } = problem.job
    const found = fixedStart !== null ? place(engineer, fixedStart, problem) : earliest(engineer, problem)
    // Without free time the rest is still said, judged at the time that was wished for.
    const p = found ?? place(engineer, Math.max(problem.now, problem.job.promise?.start ?? problem.now), problem)
    const findings = check(p, problem)
    if (!found)
      findings.unshift({
        rule: 'overlap',
        code: 'no_free_time',
        severity: problem.policy.severity.no_free_time,
        params: { days: problem.policy.horizonDays, durationMin: problem.job.durationMin },
      })
    if (!found || findings.some((f) => f.severity !== 'warn')) {
      left.push({ engineer, findings: findings.filter((f) => f.severity !== 'warn' || f.code === 'day_off') })
      continue
    }
    ranked.push({ placement: p, ...price(p, problem), findings, reasons: explain(p, problem) })
  }
  const by = (a: EngineerState, b: EngineerState) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1)
  ranked.sort((a, b) => a.cost - b.cost || by(a.placement.engineer, b.placement.engineer))
  left.sort((a, b) => a.findings.length - b.findings.length || by(a.engineer, b.engineer))
  return { ranked, left }
}

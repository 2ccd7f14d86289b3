// The same reading of a visit's fold on the server and on the phone. The shape is told here, since pure packages know
// each other not: it is what VisitState of the lifecycle package has.

import type { ReportedVisit } from './report'
import type { Instant, TimedVisit } from './time'

export interface FoldedVisit {
  id: string
  orderId: string
  tripId: string | null
  mode: 'onsite' | 'remote' | 'resident'
  state: string
  planned: { start: Instant; end: Instant }
  travelMin: number | null
  promise: { current: { start: Instant; end: Instant } | null }
  departedAt: Instant | null
  arrivedAt: Instant | null
  startedAt: Instant | null
  endedAt: Instant | null
  pauses: readonly { from: Instant; to: Instant | null; reason: string | null }[]
  checkIns: readonly { at: Instant; grade: 'A' | 'B' | 'C' | 'D' | null }[]
  result: 'done' | 'partial' | 'unable' | null
  remaining: string | null
  cause: string | null
  endReason: string | null
}

/** Whether something of the visit happened, or should have, between two instants. */
export const touches = (v: FoldedVisit, from: Instant, to: Instant): boolean =>
  [v.departedAt, v.arrivedAt, v.startedAt, v.endedAt, ...v.checkIns.map((c) => c.at)].some(
    (at) => at !== null && at >= from && at < to,
  ) ||
  (v.startedAt !== null && v.startedAt < from && (v.endedAt === null ? v.mode !== 'resident' : v.endedAt >= to)) ||
  (v.state === 'missed' && v.planned.start >= from && v.planned.start < to)

const pausesOf = (v: FoldedVisit) => v.pauses.map((p) => ({ from: p.from, to: p.to, cause: p.reason }))

export const timedVisit = (
  v: FoldedVisit,
  o: { tripId: string | null; events?: Readonly<Record<string, string>> },
): TimedVisit => ({
  id: v.id,
  orderId: v.orderId,
  tripId: o.tripId,
  mode: v.mode,
  state: v.state,
  travelMin: v.travelMin,
  departedAt: v.departedAt,
  arrivedAt: v.arrivedAt,
  startedAt: v.startedAt,
  endedAt: v.endedAt,
  pauses: pausesOf(v),
  checkIns: v.checkIns.map((c) => c.at),
  ...(o.events ? { events: o.events } : {}),
})

export interface AroundVisit {
  title: string
  customer: string
  photos: number
  checks: ReportedVisit['checks']
  parts: readonly string[]
}

/** What the report says of a visit on a day: what came after the day is not known yet. */
export function reportedVisit(v: FoldedVisit, o: AroundVisit, day: { from: Instant; to: Instant }): ReportedVisit {
  const by = (at: Instant | null) => (at !== null && at < day.to ? at : null)
  const ended = by(v.endedAt)
  const checkIns = v.checkIns.filter((c) => c.at >= day.from && c.at < day.to)
  const open = v.endedAt !== null && ended === null
  return {
    id: v.id,
    orderId: v.orderId,
    title: o.title,
    customer: o.customer,
    mode: v.mode,
    state: open ? 'working' : v.state,
    planned: v.planned,
    travelMin: v.travelMin,
    // A promise of another day was broken on that day: a visit planned afterwards cannot be late for it.
    promiseEnd: v.promise.current && v.promise.current.end >= day.from ? v.promise.current.end : null,
    departedAt: by(v.departedAt),
    arrivedAt: by(v.arrivedAt),
    startedAt: by(v.startedAt),
    endedAt: ended,
    checkInAt: v.mode === 'resident' ? (checkIns[0]?.at ?? null) : null,
    result: open ? null : v.result,
    remaining: v.remaining,
    cause: v.cause,
    reason: v.endReason,
    grade: checkIns.at(-1)?.grade ?? null,
    pauses: pausesOf(v).filter((p) => p.from >= day.from && p.from < day.to),
    photos: o.photos,
    checks: o.checks,
    parts: o.parts,
  }
}

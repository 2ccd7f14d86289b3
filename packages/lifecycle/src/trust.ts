// How far a check-in can be believed. Every signal caps the grade and leaves its reason; the worst cap is the grade.
// Nothing here refuses work: a grade is for the supervisor's eye, and the engineer can appeal.

import { coordinateFault, distanceM, geofence } from '#geo'
import type { Coordinates, Grade, Instant, Reason } from './events'

export interface CheckInSignals {
  at: Instant
  fix: Coordinates | null
  /** Seconds between the fix and the tap. */
  fixAgeSec: number | null
  site: { point: Coordinates; radiusM: number } | null
  /** The same engineer's last known point. */
  previous: { point: Coordinates; at: Instant } | null
  /** Earlier check-ins at other times with exactly these coordinates. */
  identicalBefore: number
  /** The device is bound to this person; null when unknown. */
  deviceBound: boolean | null
  skewMs: number | null
  /** Customer's one-time code or the site's QR. */
  code: { kind: 'customer' | 'site_qr'; matched: boolean } | null
  photoSeenBefore: boolean
  /** Self-asserted by the device; never needed, and never above a contradiction. */
  face?: 'pass' | 'fail' | null
  /** The phone itself says that its position is simulated. */
  mocked?: boolean
}

export interface TrustLimits {
  /** Beyond radius + accuracies by this much: contradicted, not only doubtful. */
  farM: number
  poorAccuracyM: number
  uselessAccuracyM: number
  oldSec: number
  staleSec: number
  fastKmh: number
  impossibleKmh: number
  skewMs: number
  bigSkewMs: number
}

export const TRUST_LIMITS: TrustLimits = {
  farM: 500,
  poorAccuracyM: 100,
  uselessAccuracyM: 500,
  oldSec: 120,
  staleSec: 600,
  // Faster than the fastest train; then faster than an airliner.
  fastKmh: 360,
  impossibleKmh: 1100,
  skewMs: 5 * 60_000,
  bigSkewMs: 30 * 60_000,
}

const RANK: Record<Grade, number> = { A: 0, B: 1, C: 2, D: 3 }
const point = (c: Coordinates) => ({ ...c, accuracyM: c.accuracyM ?? undefined })

interface Finding {
  cap: Grade
  reason: Reason
  /** A doubt about the place that a matching code may lift to B; a contradiction stays. */
  lifted?: boolean
}

/** The grade, and a reason for every signal that spoke, worst first. Distances and speeds in the params are whole. */
export function gradeCheckIn(
  signals: CheckInSignals,
  limits: TrustLimits = TRUST_LIMITS,
): { grade: Grade; reasons: Reason[] } {
  const findings: Finding[] = []
  const find = (cap: Grade, code: string, params: Reason['params'] = {}, lifted = false): undefined => {
    findings.push({ cap, reason: { code, params }, lifted })
  }

  place(signals, limits, find)
  speed(signals, limits, find)
  if (signals.mocked) find('D', 'position_simulated')
  // Indoors a phone may answer twice from the same cells; the third time it is no measurement.
  if (signals.identicalBefore > 0)
    find(signals.identicalBefore >= 3 ? 'C' : 'B', 'coordinates_repeated', { times: signals.identicalBefore })
  if (signals.deviceBound === false) find('C', 'device_not_bound')
  if (signals.deviceBound === null) find('B', 'device_unknown')
  const skew = Math.abs(signals.skewMs ?? 0)
  if (skew > limits.skewMs)
    find(skew > limits.bigSkewMs ? 'C' : 'B', 'clock_skewed', { minutes: Math.round(skew / 60_000) })
  if (signals.photoSeenBefore) find('C', 'photo_seen_before')
  if (signals.face === 'fail') find('C', 'face_differs')
  if (signals.face === 'pass') find('A', 'face_matches')
  const code = signals.code
  if (code) find(code.matched ? 'A' : 'C', code.matched ? 'code_matches' : 'code_differs', { kind: code.kind })

  const matched = code?.matched === true
  const capped = findings.map((f) => (matched && f.lifted && RANK[f.cap] > RANK.B ? { ...f, cap: 'B' as const } : f))
  capped.sort((a, b) => RANK[b.cap] - RANK[a.cap])
  return { grade: capped[0]!.cap, reasons: capped.map((f) => f.reason) }
}

type Find = (cap: Grade, code: string, params?: Reason['params'], lifted?: boolean) => undefined

function place({ fix, fixAgeSec, site }: CheckInSignals, limits: TrustLimits, find: Find): undefined {
  if (!fix) return find('C', 'no_fix', {}, true)
  const fault = coordinateFault(fix)
  if (fault) return find('C', 'fix_unusable', { fault }, true)
  if (!site || coordinateFault(site.point)) return find('C', 'site_without_point', {}, true)

  const fence = geofence(point(fix), point(site.point), site.radiusM)
  const accuracy = fix.accuracyM ?? null
  const params = {
    distanceM: Math.round(fence.distanceM),
    radiusM: Math.round(site.radiusM),
    accuracyM: accuracy === null ? null : Math.round(accuracy),
  }
  const beyond = -fence.margin
  if (fence.distanceM <= site.radiusM) find('A', 'place_inside', params)
  else if (beyond <= 0) find('B', 'place_within_accuracy', params)
  else if (beyond <= limits.farM) find('C', 'place_near', params, true)
  else find('D', 'place_far', params)

  if (fix.datum === 'unknown' || site.point.datum === 'unknown') find('B', 'datum_unknown')
  if (accuracy === null) find('B', 'accuracy_unknown')
  else if (accuracy > limits.uselessAccuracyM) find('C', 'accuracy_useless', { accuracyM: Math.round(accuracy) }, true)
  else if (accuracy > limits.poorAccuracyM) find('B', 'accuracy_poor', { accuracyM: Math.round(accuracy) })
  if (fixAgeSec === null) find('B', 'fix_age_unknown')
  else if (fixAgeSec > limits.staleSec) find('C', 'fix_stale', { seconds: Math.round(fixAgeSec) }, true)
  else if (fixAgeSec > limits.oldSec) find('B', 'fix_old', { seconds: Math.round(fixAgeSec) })
}

function speed({ fix, previous, at }: CheckInSignals, limits: TrustLimits, find: Find): void {
  if (!fix || !previous || coordinateFault(fix) || coordinateFault(previous.point) || at <= previous.at) return
  // Two coarse fixes jump without moving: only what exceeds both accuracies counts as a way.
  const slack = (fix.accuracyM ?? 100) + (previous.point.accuracyM ?? 100)
  const wayM = Math.max(0, distanceM(point(fix), point(previous.point)).distanceM - slack)
  const kmh = wayM / 1000 / ((at - previous.at) / 3_600_000)
  if (kmh > limits.impossibleKmh) find('D', 'speed_impossible', { kmh: Math.round(kmh) })
  else if (kmh > limits.fastKmh) find('C', 'speed_unlikely', { kmh: Math.round(kmh) })
}

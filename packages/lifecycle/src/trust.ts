// How far a check-in can be believed. Every signal caps the grade and leaves its reason; the worst cap is the grade.
// Nothing here refuses work: a grade is for the supervisor's eye, and the engineer can appeal.

import { coordinateFault, distanceM, geofence } from '#geo'
import type { Coordinates, Grade, Instant, Reason } from './events'
import { type Hardware, type MeasuredFix, signsOf } from './pattern'
import type { Watch } from './position'

/** What a company may ask for at the door. */
export type Asked = 'place' | 'code' | 'photo'
/**
 * A code as proof of a second party. `customer`: the one-time code on the customer's link; `site_qr`: the site's screen,
 * new every half minute; `poster` and `sticker` stay the same and can be photographed: they support, and lift nothing.
 */
export type CodeKind = 'customer' | 'site_qr' | 'poster' | 'sticker'

export interface CheckInSignals {
  at: Instant
  fix: MeasuredFix | null
  /** Seconds between the fix and the tap. */
  fixAgeSec: number | null
  site: { point: Coordinates; radiusM: number } | null
  /** The same engineer's last known point. */
  previous: { point: Coordinates; at: Instant } | null
  /** Where and when the engineer set out for this visit. */
  departed?: { point: Coordinates; at: Instant } | null
  /** Earlier check-ins at other times with exactly these coordinates. */
  identicalBefore: number
  /** The device is bound to this person; null when unknown. */
  deviceBound: boolean | null
  skewMs: number | null
  /** `oldMin`: a code of the site's screen that was right this many minutes before the check-in (or after it). */
  code: { kind: CodeKind; matched: boolean; oldMin?: number } | null
  /** Wrong customer's codes used up: this one was not compared. */
  codeLocked?: boolean
  photoSeenBefore: boolean
  /** What the device proves. Left out where nothing was looked at (history of before there were proofs). */
  proof?: {
    /** `unkeyed`: a device that has never registered a key, or a page without https. */
    signature: 'valid' | 'invalid' | 'missing' | 'unkeyed'
    /** `early`: the check-in says that it was made before its nonce was given out. */
    nonce: 'fresh' | 'missing' | 'expired' | 'used' | 'unknown' | 'early'
  }
  /** One device, one person, one day. */
  deviceToday?: 'shared' | 'second' | null
  /** The event's time needed correction beyond what phones drift (flags of `occurredAt`). */
  timeFlags?: readonly string[]
  /** How far the phone's clock was moved while the page was open, against a clock that cannot be moved. */
  clockJumpMs?: number | null
  watch?: Watch | null
  hardware?: Hardware | null
  /** What the company asks for with this type of order. */
  asked?: readonly Asked[]
  photos?: number
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
  /** A clock moved by this much in mid-visit was moved by a hand. */
  jumpMs: number
  /** Together the signs of a made position give B, and C, from these weights on. */
  signsB: number
  signsC: number
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
  jumpMs: 90_000,
  signsB: 2,
  signsC: 3,
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
  look(signals, limits, find)
  if (signals.deviceBound === false) find('C', 'device_not_bound')
  if (signals.deviceBound === null) find('B', 'device_unknown')
  if (signals.deviceToday === 'shared') find('C', 'device_shared_today')
  if (signals.deviceToday === 'second') find('B', 'second_device_today')
  prove(signals, find)
  clock(signals, limits, find)
  const skew = Math.abs(signals.skewMs ?? 0)
  if (skew > limits.skewMs)
    find(skew > limits.bigSkewMs ? 'C' : 'B', 'clock_skewed', { minutes: Math.round(skew / 60_000) })
  if (signals.photoSeenBefore) find('C', 'photo_seen_before')
  if (signals.face === 'fail') find('C', 'face_differs')
  if (signals.face === 'pass') find('A', 'face_matches')
  const code = signals.code
  if (signals.codeLocked) find('C', 'code_locked')
  else if (code?.matched && code.oldMin !== undefined) find('C', 'code_old', { minutes: code.oldMin })
  else if (code) find(code.matched ? 'A' : 'C', code.matched ? 'code_matches' : 'code_differs', { kind: code.kind })
  const matched = code?.matched === true && code.oldMin === undefined && !signals.codeLocked
  if (signals.asked?.includes('code') && !code) find('C', 'code_asked')
  if (signals.asked?.includes('photo') && signals.photos === 0) find('C', 'photo_asked')
  const lifts = matched && (code?.kind === 'customer' || code?.kind === 'site_qr')

  const capped = findings.map((f) => (lifts && f.lifted && RANK[f.cap] > RANK.B ? { ...f, cap: 'B' as const } : f))
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

/** How the position looks: several signs together say that it was made. */
function look(s: CheckInSignals, limits: TrustLimits, find: Find): void {
  const known = s.fix && s.site && !coordinateFault(s.fix) && !coordinateFault(s.site.point)
  const away = known && s.fix && s.site ? distanceM(point(s.fix), point(s.site.point)).distanceM : null
  const usable = s.fix && !coordinateFault(s.fix) ? s.fix : null
  const signs = signsOf(usable, { distanceM: away, watch: s.watch ?? null, hardware: s.hardware ?? null })
  const weight = signs.reduce((sum, one) => sum + one.weight, 0)
  const params = { signs: signs.map((one) => one.code).join(' ') }
  if (weight >= limits.signsC) find('C', 'position_made', params)
  else if (weight >= limits.signsB) find('B', 'position_odd', params)
  // Browsers measure in WGS-84, all of them: another datum under their name is a claim, not a measurement.
  if (s.fix?.source === 'browser' && s.fix.datum !== 'wgs84') find('C', 'datum_claimed', { datum: s.fix.datum })
}

function prove({ proof }: CheckInSignals, find: Find): void {
  if (!proof) return
  const { signature, nonce } = proof
  // An old browser or a page without https can give neither: one reason, not two.
  if (signature === 'unkeyed' && nonce === 'missing') {
    find('B', 'proof_missing')
    return
  }
  if (signature === 'invalid') find('C', 'signature_invalid')
  if (signature === 'missing') find('C', 'signature_missing')
  if (signature === 'unkeyed') find('B', 'device_unkeyed')
  if (nonce === 'missing') find('B', 'nonce_missing')
  if (nonce === 'expired') find('B', 'nonce_expired')
  if (nonce === 'used') find('C', 'nonce_used')
  if (nonce === 'unknown') find('C', 'nonce_unknown')
  if (nonce === 'early') find('C', 'nonce_early')
}

function clock({ timeFlags = [], clockJumpMs }: CheckInSignals, limits: TrustLimits, find: Find): void {
  const jump = Math.abs(clockJumpMs ?? 0)
  if (jump > limits.jumpMs) find('C', 'clock_moved', { minutes: Math.round(jump / 60_000) })
  const flag = timeFlags.find((f) => f === 'clock_went_back' || f === 'before_last_contact' || f === 'in_the_future')
  if (flag) find('C', 'time_contradicts', { flag })
}

function speed({ fix, previous, departed, at }: CheckInSignals, limits: TrustLimits, find: Find): void {
  if (!fix || coordinateFault(fix)) return
  const ways = [previous, departed].flatMap((from) => {
    if (!from || coordinateFault(from.point) || at <= from.at) return []
    // Two coarse fixes jump without moving: only what exceeds both accuracies counts as a way.
    const slack = (fix.accuracyM ?? 100) + (from.point.accuracyM ?? 100)
    const wayM = Math.max(0, distanceM(point(fix), point(from.point)).distanceM - slack)
    return [wayM / 1000 / ((at - from.at) / 3_600_000)]
  })
  const kmh = Math.max(0, ...ways)
  if (kmh > limits.impossibleKmh) find('D', 'speed_impossible', { kmh: Math.round(kmh) })
  else if (kmh > limits.fastKmh) find('C', 'speed_unlikely', { kmh: Math.round(kmh) })
}

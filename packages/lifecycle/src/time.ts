// When did it happen? The phone's clock says when, corrected by the skew that was measured at the last contact, and
// bounded by what the server knows for certain: after that contact, and not after it arrived here.

import type { Instant } from './events'

export interface DeviceTime {
  atDevice: Instant | null
  /** Device clock minus server clock, measured at the last contact; null when never measured. */
  skewMs: number | null
  /** Server time of the device's last contact before the event was made. */
  lastContactAt: Instant | null
  /** Server time of receipt. */
  recordedAt: Instant
  /** Event time of the same device's event before this one (by deviceSeq). */
  previousAt?: Instant | null
}

export type TimeFlag =
  | 'no_device_time'
  | 'skew_unknown'
  | 'clock_skewed'
  | 'before_last_contact'
  | 'in_the_future'
  | 'clock_went_back'
  | 'late'

export const SKEW_FLAG_MS = 2 * 60_000
/** A skew measured over a slow network is off by its round trip: such small overhangs are bounded without a word. */
export const TOLERANCE_MS = 5_000
export const LATE_MS = 60 * 60_000

/** Event time and its flags, sorted. Never later than receipt, never before the last contact or the device's last event. */
export function occurredAt(time: DeviceTime): { occurredAt: Instant; flags: TimeFlag[] } {
  const { atDevice, skewMs, lastContactAt, recordedAt, previousAt = null } = time
  if (atDevice === null) return { occurredAt: recordedAt, flags: ['no_device_time'] }
  const flags: TimeFlag[] = []
  if (skewMs === null) flags.push('skew_unknown')
  else if (Math.abs(skewMs) > SKEW_FLAG_MS) flags.push('clock_skewed')
  let at = atDevice - (skewMs ?? 0)
  const raise = (bound: Instant | null, flag: TimeFlag) => {
    if (bound === null || at >= bound) return
    if (bound - at > TOLERANCE_MS) flags.push(flag)
    at = bound
  }
  raise(lastContactAt, 'before_last_contact')
  raise(previousAt, 'clock_went_back')
  if (at > recordedAt) {
    if (at - recordedAt > TOLERANCE_MS) flags.push('in_the_future')
    at = recordedAt
  }
  if (recordedAt - at > LATE_MS) flags.push('late')
  return { occurredAt: at, flags: flags.sort() }
}

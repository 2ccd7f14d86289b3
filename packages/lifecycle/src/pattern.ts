// How a position looks, beside where it lies. A phone that measures leaves traces: uneven digits, an accuracy that is no
// round number, a height when satellites were seen, a scatter from answer to answer. None of them proves anything by
// itself, since cheap phones lack each of them sometimes: only several together say that a position was made, not taken.

import { decimalsOf } from './digits'
import type { Coordinates } from './events'
import type { Watch } from './position'

export interface MeasuredFix extends Coordinates {
  altitudeM?: number | null
  altitudeAccuracyM?: number | null
  speedMps?: number | null
  headingDeg?: number | null
}

/** What the browser says of the machine that it runs on. */
export interface Hardware {
  /** navigator.platform: `Linux armv81`, `iPhone`, `Win32`. */
  platform?: string | null
  /** The browser presents itself as a phone's. */
  mobile?: boolean | null
  /** navigator.maxTouchPoints */
  touch?: number | null
}

export type SignCode =
  | 'round_digits'
  | 'exact_centre'
  | 'round_accuracy'
  | 'no_height'
  | 'zero_height'
  | 'no_scatter'
  | 'desktop'
  | 'emulated'

export interface Sign {
  code: SignCode
  weight: number
}

const DESKTOP = /^(Win|Mac|Linux (x86_64|i686)|X11|CrOS)/

/** The signs of a made position. `distanceM`: from the site's point, in one datum; null when unknown. */
export function signsOf(
  fix: MeasuredFix | null,
  o: { distanceM: number | null; watch?: Watch | null; hardware?: Hardware | null },
): Sign[] {
  const signs: Sign[] = []
  const add = (code: SignCode, weight: number) => void signs.push({ code, weight })
  const platform = o.hardware?.platform ?? ''
  if (DESKTOP.test(platform)) {
    // An iPad calls itself a Mac and says so in its user agent as well: only a phone's user agent contradicts.
    if (o.hardware?.mobile) add('emulated', 3)
    else if (!(platform.startsWith('Mac') && (o.hardware?.touch ?? 0) > 1)) add('desktop', 1)
  }
  if (!fix) return signs
  const digits = Math.max(decimalsOf(fix.lat), decimalsOf(fix.lng))
  // Six decimals lose one in a hundred at the end by chance; four are typed.
  if (digits <= 5) add('round_digits', digits <= 4 ? 2 : 1)
  // A measurement that meets the point in the data to a metre: a place in a building does not.
  if (o.distanceM !== null && o.distanceM < 1) add('exact_centre', 2)
  const accuracy = fix.accuracyM ?? null
  if (accuracy !== null && Number.isInteger(accuracy)) add('round_accuracy', 1)
  if (fix.altitudeM === 0 && !fix.speedMps) add('zero_height', 2)
  // As good as this without satellites is rare; with satellites there is a height. Not told is not the same as absent.
  else if (accuracy !== null && accuracy <= 15 && fix.altitudeM === null) add('no_height', 1)
  const w = o.watch
  if (w && w.n >= 4 && w.spanMs >= 3_000 && w.spreadM === 0) add('no_scatter', 1)
  return signs
}

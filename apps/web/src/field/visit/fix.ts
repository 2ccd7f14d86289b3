import { useEffect, useRef, useState } from 'react'

/** A position as this browser gives it: WGS-84 by the standard, with the time that has passed since it was taken. */
export type Fix = {
  lat: number
  lng: number
  datum: 'wgs84'
  accuracyM: number
  source: 'browser'
  ageMs: number
  altitudeM: number | null
  altitudeAccuracyM: number | null
  speedMps: number | null
  headingDeg: number | null
}
export type FixState =
  | { state: 'asking' }
  | { state: 'here'; fix: Omit<Fix, 'ageMs'>; takenAt: number }
  /** `insecure`: the browser gives positions to https pages only. */
  | { state: 'none'; why: 'refused' | 'unavailable' | 'timeout' | 'insecure' }

const bound = (n: number | null | undefined, least: number, most: number) =>
  n === null || n === undefined || !Number.isFinite(n) ? null : Math.min(most, Math.max(least, n))

// As the browser gives it, to the last digit: how a position looks says whether it was measured.
const read = ({ coords: c }: GeolocationPosition): Omit<Fix, 'ageMs'> => ({
  lat: c.latitude,
  lng: c.longitude,
  datum: 'wgs84',
  accuracyM: bound(c.accuracy, 0, 100_000) ?? 100_000,
  source: 'browser',
  altitudeM: bound(c.altitude, -1_000, 20_000),
  altitudeAccuracyM: bound(c.altitudeAccuracy, 0, 100_000),
  speedMps: bound(c.speed, 0, 1_000),
  headingDeg: bound(c.heading, 0, 360),
})

const whyOf = (e: GeolocationPositionError) =>
  e.code === e.PERMISSION_DENIED ? 'refused' : e.code === e.TIMEOUT ? 'timeout' : 'unavailable'

export const withAge = (s: Extract<FixState, { state: 'here' }>): Fix => ({
  ...s.fix,
  ageMs: Math.max(0, Math.min(7 * 86_400_000, Math.round(Date.now() - s.takenAt))),
})

async function granted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'geolocation' })).state === 'granted'
  } catch {
    return false
  }
}

/** Where the phone is, if it may be asked without a question and knows within a moment: setting out must not wait for it. */
export async function lastFix(ms = 1500): Promise<Fix | undefined> {
  if (!('geolocation' in navigator) || !window.isSecureContext || !(await granted())) return undefined
  return new Promise((done) => {
    navigator.geolocation.getCurrentPosition(
      (p) => done(withAge({ state: 'here', fix: read(p), takenAt: p.timestamp })),
      () => done(undefined),
      { enableHighAccuracy: false, maximumAge: 60_000, timeout: ms },
    )
  })
}

/** Newest positions kept while a page is open: enough to choose the best of and to see how they scatter. */
const kept = 120

/**
 * Follows the position while the page is open; nothing of it leaves the phone before the tap. `seen`: what was answered so
 * far. `again` asks anew after a refusal was lifted in the settings.
 */
export function useFix(): FixState & {
  again: () => void
  seen: () => readonly (Omit<Fix, 'ageMs'> & { at: number })[]
} {
  const seen = useRef<(Omit<Fix, 'ageMs'> & { at: number })[]>([])
  const [fix, setFix] = useState<FixState>({ state: 'asking' })
  const [round, setRound] = useState(0)
  useEffect(() => {
    setFix({ state: 'asking' })
    if (!window.isSecureContext) return setFix({ state: 'none', why: 'insecure' })
    if (!('geolocation' in navigator)) return setFix({ state: 'none', why: 'unavailable' })
    const id = navigator.geolocation.watchPosition(
      (p) => {
        const fix = read(p)
        seen.current = [...seen.current.slice(1 - kept), { ...fix, at: p.timestamp }]
        setFix({ state: 'here', fix, takenAt: p.timestamp })
      },
      // A later failure does not take away the position that was had: its age tells.
      (e) => setFix((now) => (now.state === 'here' ? now : { state: 'none', why: whyOf(e) })),
      { enableHighAccuracy: true, maximumAge: 5_000, timeout: 20_000 },
    )
    return () => navigator.geolocation.clearWatch(id)
  }, [round])
  return { ...fix, again: () => setRound((n) => n + 1), seen: () => seen.current }
}

/** The position only when the phone gives it without asking: for what is nice to see, not needed. */
export function useQuietFix(): Fix | undefined {
  const [fix, setFix] = useState<Fix>()
  useEffect(() => {
    let current = true
    void lastFix(10_000).then((f) => current && setFix(f))
    return () => {
      current = false
    }
  }, [])
  return fix
}

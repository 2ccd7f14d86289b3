// What works on this phone, from plain findings: no browser here, so that every case is a line in a test.

export type Maker = 'huawei' | 'xiaomi' | 'oppo' | 'vivo' | 'iphone' | 'other'
export type Verdict = 'good' | 'bad' | 'none' | 'untested'
export const CHECKS = [
  'push',
  'location',
  'camera',
  'microphone',
  'storage',
  'offline',
  'clock',
  'network',
  'battery',
] as const
export type Check = (typeof CHECKS)[number]
/** Settings of the phone that a person can be led to. */
export type Topic = 'push' | 'location' | 'camera' | 'battery' | 'storage'

type Permission = 'granted' | 'denied' | 'prompt' | 'unknown'

export interface Findings {
  /** Inside a messenger's web view. */
  im: boolean
  secure: boolean
  push: { able: boolean; permission: Permission; subscribed: boolean }
  /** `null`: not asked yet. */
  location: { able: boolean; permission: Permission; fix: { accuracyM: number } | 'failed' | null }
  camera: { able: boolean; permission: Permission }
  microphone: { able: boolean; permission: Permission }
  storage: { persisted: boolean; freeBytes: number | null }
  worker: { able: boolean; active: boolean }
  /** Phone minus server; null when there was never contact. */
  skewMs: number | null
  /** Median round trip; null: no answer. */
  roundTripMs: number | null
  battery: { level: number; charging: boolean } | null
}

export interface Item {
  check: Check
  verdict: Verdict
  /** Code of the sentence; words stand beside the page. */
  why: string
  /** Which of the phone's settings mends it. */
  mend: Topic | null
}

/** A good fix indoors is some tens of metres: more than this and the circle of no site can be told. */
export const POOR_FIX_M = 200
export const SKEW_MS = 2 * 60_000
export const SLOW_MS = 1_500
const LOW_SPACE = 200 * 1024 * 1024
const LOW_BATTERY = 0.2

export function makerOf(userAgent: string): Maker {
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'iphone'
  if (/HarmonyOS|OpenHarmony|HUAWEI|HONOR|HMSCore|HuaweiBrowser/i.test(userAgent)) return 'huawei'
  if (/XiaoMi|Redmi|MiuiBrowser|POCO|\bMI \d|\b2[1-5]\d{6,}[A-Z]/i.test(userAgent)) return 'xiaomi'
  if (/OPPO|HeyTapBrowser|realme|OnePlus|\bP[A-Z]{3}\d0\b|\bCPH\d{4}/i.test(userAgent)) return 'oppo'
  if (/vivo|iQOO|\bV\d{4}[A-Z]{1,2}\b/i.test(userAgent)) return 'vivo'
  return 'other'
}

const item = (check: Check, verdict: Verdict, why: string, mend: Topic | null = null): Item => ({
  check,
  verdict,
  why,
  mend,
})

const granted = (check: 'camera' | 'microphone', f: { able: boolean; permission: Permission }): Item => {
  if (!f.able) return item(check, 'none', `${check}.none`)
  if (f.permission === 'denied') return item(check, 'bad', `${check}.denied`, 'camera')
  return f.permission === 'granted' ? item(check, 'good', `${check}.good`) : item(check, 'untested', `${check}.ask`)
}

/** Each check with its verdict and the one sentence that goes with it. */
export function judge(f: Findings): Item[] {
  const push = !f.push.able
    ? item('push', 'none', f.im ? 'push.im' : 'push.none', 'storage')
    : f.push.permission === 'denied'
      ? item('push', 'bad', 'push.denied', 'push')
      : f.push.permission !== 'granted'
        ? item('push', 'bad', 'push.ask')
        : f.push.subscribed
          ? item('push', 'good', 'push.good')
          : item('push', 'bad', 'push.unsubscribed')
  const { fix } = f.location
  const location = !f.location.able
    ? item('location', 'none', f.secure ? 'location.none' : 'insecure')
    : f.location.permission === 'denied'
      ? item('location', 'bad', 'location.denied', 'location')
      : fix === 'failed'
        ? item('location', 'bad', 'location.failed', 'location')
        : fix === null
          ? item('location', 'untested', 'location.ask')
          : fix.accuracyM > POOR_FIX_M
            ? item('location', 'bad', 'location.poor', 'location')
            : item('location', 'good', 'location.good')
  const low = f.storage.freeBytes !== null && f.storage.freeBytes < LOW_SPACE
  const storage = low
    ? item('storage', 'bad', 'storage.low')
    : f.storage.persisted
      ? item('storage', 'good', 'storage.good')
      : item('storage', 'bad', 'storage.unkept', 'storage')
  const offline = !f.worker.able
    ? item('offline', 'none', f.im ? 'offline.im' : f.secure ? 'offline.none' : 'insecure', 'storage')
    : f.worker.active
      ? item('offline', 'good', 'offline.good')
      : item('offline', 'bad', 'offline.later')
  const clock =
    f.skewMs === null
      ? item('clock', 'untested', 'clock.unknown')
      : Math.abs(f.skewMs) > SKEW_MS
        ? item('clock', 'bad', 'clock.off')
        : item('clock', 'good', 'clock.good')
  const network =
    f.roundTripMs === null
      ? item('network', 'bad', 'network.none')
      : f.roundTripMs > SLOW_MS
        ? item('network', 'bad', 'network.slow')
        : item('network', 'good', 'network.good')
  const battery = !f.battery
    ? item('battery', 'none', 'battery.none', 'battery')
    : f.battery.level < LOW_BATTERY && !f.battery.charging
      ? item('battery', 'bad', 'battery.low', 'battery')
      : item('battery', 'good', 'battery.good', 'battery')
  return [
    push,
    location,
    granted('camera', f.camera),
    granted('microphone', f.microphone),
    storage,
    offline,
    clock,
    network,
    battery,
  ]
}

import { call } from '../../common/api/call'
import { clockSkewMs } from '../../offline'
import type { Findings } from './judge'

type Permission = Findings['camera']['permission']

/** What the browser says of a permission; some do not know the name, and say so by throwing. */
async function permissionOf(name: string): Promise<Permission> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state
  } catch {
    return 'unknown'
  }
}

/** The median of three small answers; null when none came in five seconds. */
async function roundTrip(): Promise<number | null> {
  const times: number[] = []
  for (let i = 0; i < 3; i++) {
    const began = performance.now()
    try {
      await Promise.race([
        call('GET /healthz', {}),
        new Promise((_, late) => setTimeout(() => late(new Error('late')), 5_000)),
      ])
      times.push(performance.now() - began)
    } catch {
      return null
    }
  }
  return times.sort((a, b) => a - b)[1] ?? null
}

type WithBattery = Navigator & { getBattery?: () => Promise<{ level: number; charging: boolean }> }

/** Everything that can be found out without a question to the person. */
export async function findings(im: boolean): Promise<Findings> {
  const media = !!navigator.mediaDevices?.getUserMedia
  const worker = 'serviceWorker' in navigator ? await navigator.serviceWorker.getRegistration() : undefined
  const pushAble = 'PushManager' in window && 'Notification' in window
  const [geo, camera, microphone, persisted, room, roundTripMs, battery, subscription] = await Promise.all([
    permissionOf('geolocation'),
    permissionOf('camera'),
    permissionOf('microphone'),
    navigator.storage?.persisted?.().catch(() => false) ?? false,
    navigator.storage?.estimate?.().catch(() => undefined),
    roundTrip(),
    (navigator as WithBattery).getBattery?.().catch(() => null) ?? null,
    pushAble ? (worker?.pushManager?.getSubscription().catch(() => null) ?? null) : null,
  ])
  return {
    im,
    secure: window.isSecureContext,
    push: {
      able: pushAble && 'serviceWorker' in navigator,
      permission: pushAble ? (Notification.permission === 'default' ? 'prompt' : Notification.permission) : 'unknown',
      subscribed: subscription !== null,
    },
    location: { able: 'geolocation' in navigator && window.isSecureContext, permission: geo, fix: null },
    camera: { able: media, permission: camera },
    microphone: { able: media, permission: microphone },
    storage: {
      persisted,
      freeBytes: room?.quota !== undefined && room.usage !== undefined ? room.quota - room.usage : null,
    },
    worker: { able: 'serviceWorker' in navigator, active: !!worker?.active },
    skewMs: roundTripMs === null ? null : clockSkewMs(),
    roundTripMs: roundTripMs === null ? null : Math.round(roundTripMs),
    battery: battery ? { level: battery.level, charging: battery.charging } : null,
  }
}

export const tryLocation = (): Promise<Findings['location']['fix']> =>
  new Promise((done) =>
    navigator.geolocation.getCurrentPosition(
      (p) => done({ accuracyM: Math.round(p.coords.accuracy) }),
      () => done('failed'),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 0 },
    ),
  )

/** Opens camera or microphone for a moment: asking is the only way to know. */
export async function tryMedia(kind: 'camera' | 'microphone'): Promise<Permission> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(
      kind === 'camera' ? { video: { facingMode: 'environment' } } : { audio: true },
    )
    for (const track of stream.getTracks()) track.stop()
    return 'granted'
  } catch {
    return 'denied'
  }
}

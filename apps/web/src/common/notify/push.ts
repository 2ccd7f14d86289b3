// Web Push of this browser: whether it can, whether it may, and turning it on and off.

import { call } from '../api/call'

/**
 * on, off: it works here. phone: these are the desk's pages; push belongs to the phone's. denied: the person has said no to the browser. The rest says why it cannot:
 * ios_install: an iPhone pushes only to what stands on its home screen; in_app: the browser inside WeChat, DingTalk or
 * Feishu has no push; insecure: plain http; unsupported: an old browser; starting: the page was opened a moment ago.
 */
export type PushState =
  | 'on'
  | 'off'
  | 'phone'
  | 'denied'
  | 'ios_install'
  | 'in_app'
  | 'insecure'
  | 'unsupported'
  | 'starting'

export interface Surroundings {
  secure: boolean
  worker: boolean
  push: boolean
  standalone: boolean
  userAgent: string
  touchPoints: number
}

/** Why push cannot work in these surroundings; null: it can. */
export function obstacle(s: Surroundings): PushState | null {
  const iphone = /iPhone|iPad|iPod/.test(s.userAgent) || (/Macintosh/.test(s.userAgent) && s.touchPoints > 1)
  if (/MicroMessenger|DingTalk|Lark|Feishu|wxwork/i.test(s.userAgent)) return 'in_app'
  if (!s.secure) return 'insecure'
  if (iphone && !s.standalone) return 'ios_install'
  return s.worker && s.push ? null : 'unsupported'
}

const here = (): Surroundings => ({
  secure: window.isSecureContext,
  worker: 'serviceWorker' in navigator,
  push: 'PushManager' in window && 'Notification' in window,
  standalone: matchMedia('(display-mode: standalone)').matches || 'standalone' in navigator,
  userAgent: navigator.userAgent,
  touchPoints: navigator.maxTouchPoints,
})

const registration = () => navigator.serviceWorker.getRegistration('/m/')

/** The subscription of this browser, as its push service knows it. */
export async function ownSubscription(): Promise<PushSubscription | null> {
  if (obstacle(here())) return null
  return (await (await registration())?.pushManager.getSubscription()) ?? null
}

export async function pushState(known: readonly { endpoint: string }[]): Promise<PushState> {
  if (!location.pathname.startsWith('/m/')) return 'phone'
  const why = obstacle(here())
  if (why) return why
  if (Notification.permission === 'denied') return 'denied'
  if (!(await registration())?.active) return 'starting'
  const own = await ownSubscription()
  // A subscription that the server does not know (another person's, an ended one) counts for nothing.
  return own && known.some((s) => s.endpoint === own.endpoint) ? 'on' : 'off'
}

const bytes = (base64url: string) =>
  Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))

/** What a person calls this device. */
export function deviceLabel(userAgent = navigator.userAgent): string {
  const device =
    userAgent.match(/iPhone|iPad/)?.[0] ??
    userAgent.match(/Android[^;]*; ([^;)]+?)(?: Build|;|\))/)?.[1]?.trim() ??
    (/Windows/.test(userAgent) ? 'Windows' : /Macintosh/.test(userAgent) ? 'Mac' : 'Linux')
  const browser = /Edg\//.test(userAgent)
    ? 'Edge'
    : /Firefox\//.test(userAgent)
      ? 'Firefox'
      : /HuaweiBrowser/.test(userAgent)
        ? '华为浏览器'
        : /Chrome\//.test(userAgent)
          ? 'Chrome'
          : 'Safari'
  return `${device} · ${browser}`.slice(0, 60)
}

/** Asks the person, subscribes the browser and tells the server. Call it from a tap: browsers ask only then. */
export async function turnOn(publicKey: string): Promise<void> {
  const r = await registration()
  if (!r) return
  const key = bytes(publicKey)
  const old = await r.pushManager.getSubscription()
  // A subscription made under other keys (another installation on this address) cannot be used.
  const same = old && new Uint8Array(old.options.applicationServerKey ?? new ArrayBuffer(0)).join() === key.join()
  if (old && !same) await old.unsubscribe()
  const s = same ? old : await r.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
  const { endpoint, keys } = s.toJSON() as { endpoint: string; keys: { p256dh: string; auth: string } }
  await call('POST /api/notices/push-subscriptions', { body: { endpoint, keys, label: deviceLabel() } })
}

export async function turnOff(id: string, endpoint: string): Promise<void> {
  await call('DELETE /api/notices/push-subscriptions/:id', { params: { id } })
  const own = await ownSubscription()
  if (own?.endpoint === endpoint) await own.unsubscribe()
}

/** Before a sign-out: whoever takes this phone next must not read the news of the one before. */
export async function forgetHere(): Promise<void> {
  const own = await ownSubscription()
  if (!own) return
  const { subscriptions } = await call('GET /api/notices/preferences')
  const known = subscriptions.find((s) => s.endpoint === own.endpoint)
  if (known) await turnOff(known.id, known.endpoint)
  else await own.unsubscribe()
}

// What works where. A web page on a phone is a guest: the table below says what its host allows, for the check page of the
// app, for the manual (docs/manual/phone-limits.md, held equal by a test), and for the words that an engineer reads.

export const PLACES = [
  'android_app',
  'android_browser',
  'android_im',
  'ios_app',
  'ios_browser',
  'ios_im',
  'desktop',
] as const
export type Place = (typeof PLACES)[number]
export const FEATURES = ['open', 'keep', 'background', 'push', 'location', 'camera', 'install'] as const
export type Feature = (typeof FEATURES)[number]
export type Works = 'yes' | 'partly' | 'no'

/**
 * open: opens without a network · keep: keeps what was done · background: sends while the app is closed · push: is
 * told of an offer while closed · location · camera · install: can be put on the home screen.
 */
export const LIMITS: Record<Place, Record<Feature, Works>> = {
  android_app: {
    open: 'yes',
    keep: 'yes',
    background: 'no',
    push: 'partly',
    location: 'yes',
    camera: 'yes',
    install: 'yes',
  },
  android_browser: {
    open: 'yes',
    keep: 'partly',
    background: 'no',
    push: 'partly',
    location: 'yes',
    camera: 'yes',
    install: 'yes',
  },
  android_im: {
    open: 'partly',
    keep: 'partly',
    background: 'no',
    push: 'no',
    location: 'partly',
    camera: 'yes',
    install: 'no',
  },
  ios_app: { open: 'yes', keep: 'yes', background: 'no', push: 'yes', location: 'yes', camera: 'yes', install: 'yes' },
  ios_browser: {
    open: 'yes',
    keep: 'partly',
    background: 'no',
    push: 'no',
    location: 'yes',
    camera: 'yes',
    install: 'yes',
  },
  ios_im: {
    open: 'no',
    keep: 'partly',
    background: 'no',
    push: 'no',
    location: 'partly',
    camera: 'yes',
    install: 'no',
  },
  desktop: {
    open: 'yes',
    keep: 'yes',
    background: 'no',
    push: 'yes',
    location: 'partly',
    camera: 'partly',
    install: 'yes',
  },
}

export type Im = 'dingtalk' | 'feishu' | 'wecom' | 'wechat' | 'qq' | 'alipay' | null

/** Messengers say who they are in the user agent, beside the browser that they embed. */
const MESSENGERS: [RegExp, Exclude<Im, null>][] = [
  [/DingTalk/i, 'dingtalk'],
  [/Feishu|Lark/i, 'feishu'],
  [/wxwork/i, 'wecom'],
  [/MicroMessenger/i, 'wechat'],
  [/\bQQ\//i, 'qq'],
  [/AlipayClient/i, 'alipay'],
]

/** What this browser says of itself and what it has. */
export interface Capabilities {
  userAgent: string
  /** iPads call themselves Macs; they have fingers. */
  touchPoints: number
  /** Opened from the home screen. */
  standalone: boolean
  /** https, or this very machine: everything below depends on it. */
  secure: boolean
  serviceWorker: boolean
  database: boolean
  geolocation: boolean
  camera: boolean
  push: boolean
  persisted: boolean
}

export interface Limits {
  place: Place
  im: Im
  works: Record<Feature, Works>
  /** Code of the reason, where something does not work in full; words stand in limits.words.ts. */
  why: Partial<Record<Feature, Why>>
}
export type Why =
  | 'insecure'
  | 'no_worker'
  | 'no_database'
  | 'messenger'
  | 'seven_days'
  | 'may_be_cleared'
  | 'no_background'
  | 'needs_install'
  | 'maker_blocks'
  | 'no_push'
  | 'no_location'
  | 'messenger_asks'
  | 'no_camera'
  | 'desktop'

const isIos = (c: Pick<Capabilities, 'userAgent' | 'touchPoints'>) =>
  /iPhone|iPad|iPod/.test(c.userAgent) || (/Macintosh/.test(c.userAgent) && c.touchPoints > 1)

export function placeOf(c: Pick<Capabilities, 'userAgent' | 'touchPoints' | 'standalone'>): { place: Place; im: Im } {
  const im = MESSENGERS.find(([says]) => says.test(c.userAgent))?.[1] ?? null
  const system = isIos(c) ? 'ios' : /Android|HarmonyOS|OpenHarmony/i.test(c.userAgent) ? 'android' : null
  if (!system) return { place: 'desktop', im }
  return { place: im ? `${system}_im` : c.standalone ? `${system}_app` : `${system}_browser`, im }
}

/** What works here, by the table and by what the browser really has: the worse of the two, with its reason. */
export function limitsOf(c: Capabilities): Limits {
  const { place, im } = placeOf(c)
  const works = { ...LIMITS[place] }
  const why: Limits['why'] = {}
  const because = (feature: Feature, reason: Why) => {
    if (works[feature] !== 'yes') why[feature] ??= reason
  }
  const no = (feature: Feature, reason: Why) => {
    works[feature] = 'no'
    why[feature] = reason
  }
  if (!c.secure) {
    no('open', 'insecure')
    no('push', 'insecure')
    no('location', 'insecure')
    no('install', 'insecure')
  } else {
    if (!c.serviceWorker) no('open', 'no_worker')
    if (!c.geolocation) no('location', 'no_location')
    if (!c.push && works.push !== 'no') no('push', place === 'ios_browser' ? 'needs_install' : 'no_push')
  }
  if (!c.database) no('keep', 'no_database')
  else if (c.persisted && works.keep === 'partly' && !place.startsWith('ios')) works.keep = 'yes'
  if (!c.camera) no('camera', 'no_camera')
  because('open', 'messenger')
  because('keep', place === 'ios_browser' ? 'seven_days' : im ? 'messenger' : 'may_be_cleared')
  because('background', 'no_background')
  because('push', im ? 'messenger' : place === 'ios_browser' ? 'needs_install' : 'maker_blocks')
  because('location', im ? 'messenger_asks' : 'desktop')
  because('camera', 'desktop')
  because('install', 'messenger')
  return { place, im, works, why }
}

/** What this browser has, asked without a question to the person. */
export async function capabilities(): Promise<Capabilities> {
  const standalone =
    matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true
  return {
    userAgent: navigator.userAgent,
    touchPoints: navigator.maxTouchPoints,
    standalone,
    secure: window.isSecureContext,
    serviceWorker: 'serviceWorker' in navigator,
    database: await databaseWorks(),
    geolocation: 'geolocation' in navigator,
    // A file input with `capture` is how photos are taken: every phone has it.
    camera: 'HTMLInputElement' in window,
    push: 'PushManager' in window && 'Notification' in window,
    persisted: (await navigator.storage?.persisted?.().catch(() => false)) ?? false,
  }
}

/** Private windows have the name of a database and none behind it. */
function databaseWorks(): Promise<boolean> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open('zc.probe')
      request.onsuccess = () => {
        request.result.close()
        indexedDB.deleteDatabase('zc.probe')
        done(true)
      }
      request.onerror = () => done(false)
    } catch {
      done(false)
    }
  })
}

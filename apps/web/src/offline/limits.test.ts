import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Capabilities, FEATURES, LIMITS, limitsOf, PLACES, placeOf } from './limits'
import { words } from './limits.words'

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0.0.0 Mobile Safari/537.36'
const full: Capabilities = {
  userAgent: `${ANDROID}`,
  touchPoints: 5,
  standalone: false,
  secure: true,
  serviceWorker: true,
  database: true,
  geolocation: true,
  camera: true,
  push: true,
  persisted: false,
}

describe('where am I', () => {
  it.each([
    [ANDROID, 5, false, 'android_browser', null],
    [ANDROID, 5, true, 'android_app', null],
    [`${ANDROID} DingTalk/7.6.0 com.alibaba.android.rimet`, 5, false, 'android_im', 'dingtalk'],
    [`${ANDROID} wxwork/4.1.20 MicroMessenger/7.0.1 Language/zh`, 5, false, 'android_im', 'wecom'],
    [
      'Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114 ArkWeb/4.1 Mobile HuaweiBrowser/5.0',
      5,
      false,
      'android_browser',
      null,
    ],
    [`${IPHONE} Version/18.2 Mobile/15E148 Safari/604.1`, 5, false, 'ios_browser', null],
    [`${IPHONE} Mobile/15E148`, 5, true, 'ios_app', null],
    [`${IPHONE} Mobile/15E148 MicroMessenger/8.0.50 Language/zh_CN`, 5, false, 'ios_im', 'wechat'],
    [`${IPHONE} Mobile/15E148 Lark/7.30 LarkLocale/zh_CN`, 5, false, 'ios_im', 'feishu'],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.2 Safari/605.1.15',
      5,
      false,
      'ios_browser',
      null,
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36',
      0,
      false,
      'desktop',
      null,
    ],
  ] as const)('%s', (userAgent, touchPoints, standalone, place, im) => {
    expect(placeOf({ userAgent, touchPoints, standalone })).toEqual({ place, im })
  })
})

describe('what works there', () => {
  it('an installed phone does everything but work while it is closed', () => {
    const { works, why } = limitsOf({ ...full, standalone: true })
    expect(works).toMatchObject({ open: 'yes', keep: 'yes', location: 'yes', background: 'no' })
    expect(why.background).toBe('no_background')
  })

  it('Safari forgets after seven days, and tells of offers only when it is installed', () => {
    const safari = limitsOf({ ...full, userAgent: `${IPHONE} Version/18.2 Safari/604.1`, push: false })
    expect(safari.why).toMatchObject({ keep: 'seven_days', push: 'needs_install' })
  })

  it('an iPhone’s messenger has no worker: online first, and it says so', () => {
    const im = limitsOf({ ...full, userAgent: `${IPHONE} DingTalk/7.6`, serviceWorker: false, push: false })
    expect(im.works).toMatchObject({ open: 'no', push: 'no', install: 'no' })
    expect(im.why).toMatchObject({ open: 'no_worker', keep: 'messenger' })
  })

  it('without https nothing that matters is there, whatever the phone', () => {
    const plain = limitsOf({ ...full, secure: false, standalone: true })
    for (const feature of ['open', 'push', 'location', 'install'] as const) {
      expect(plain.works[feature]).toBe('no')
      expect(plain.why[feature]).toBe('insecure')
    }
  })

  it('a private window keeps nothing; a browser that promises to keep is believed', () => {
    expect(limitsOf({ ...full, database: false })).toMatchObject({
      works: { keep: 'no' },
      why: { keep: 'no_database' },
    })
    expect(limitsOf({ ...full, persisted: true }).works.keep).toBe('yes')
  })

  it('whatever does not work in full has its reason in words', () => {
    for (const userAgent of [ANDROID, `${ANDROID} Lark/7`, IPHONE, `${IPHONE} wxwork/4`, 'Windows'])
      for (const part of [{}, { secure: false }, { push: false, serviceWorker: false }]) {
        const { works, why } = limitsOf({ ...full, userAgent, ...part })
        for (const feature of FEATURES)
          if (works[feature] !== 'yes') expect(words['zh-CN']).toHaveProperty([`why.${why[feature]}`])
      }
  })

  it.each([['zh-CN', 'docs/manual/phone-limits.md']] as const)(
    'the manual shows the same table (%s)',
    (language, path) => {
      const t = words[language] as Record<string, string>
      const manual = readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8')
      for (const place of PLACES) {
        const row = [t[`place.${place}`], ...FEATURES.map((f) => t[`works.${LIMITS[place][f]}`])]
        expect(manual).toContain(`| ${row.join(' | ')} |`)
      }
    },
  )
})

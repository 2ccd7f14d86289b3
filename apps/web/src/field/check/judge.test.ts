import { describe, expect, it } from 'vitest'
import { CHECKS, type Findings, judge, type Maker, makerOf } from './judge'
import { words } from './words'

const good: Findings = {
  im: false,
  secure: true,
  push: { able: true, permission: 'granted', subscribed: true },
  location: { able: true, permission: 'granted', fix: { accuracyM: 12 } },
  camera: { able: true, permission: 'granted' },
  microphone: { able: true, permission: 'granted' },
  storage: { persisted: true, freeBytes: 5e9 },
  worker: { able: true, active: true },
  skewMs: 800,
  roundTripMs: 90,
  battery: { level: 0.8, charging: false },
}
const of = (change: Partial<Findings>, check: (typeof CHECKS)[number]) => {
  const item = judge({ ...good, ...change }).find((i) => i.check === check)
  return item && [item.verdict, item.why]
}

describe('the check of a phone', () => {
  it('looks at everything, and a good phone is good', () => {
    expect(judge(good).map((i) => i.check)).toEqual([...CHECKS])
    expect(judge(good).filter((i) => i.verdict !== 'good')).toEqual([])
  })
  it.each<[string, (typeof CHECKS)[number], Partial<Findings>, string[]]>([
    [
      'a refused position',
      'location',
      { location: { able: true, permission: 'denied', fix: null } },
      ['bad', 'location.denied'],
    ],
    [
      'no fix',
      'location',
      { location: { able: true, permission: 'prompt', fix: 'failed' } },
      ['bad', 'location.failed'],
    ],
    [
      'a poor fix',
      'location',
      { location: { able: true, permission: 'granted', fix: { accuracyM: 900 } } },
      ['bad', 'location.poor'],
    ],
    [
      'nobody asked yet',
      'location',
      { location: { able: true, permission: 'prompt', fix: null } },
      ['untested', 'location.ask'],
    ],
    [
      'no https',
      'location',
      { secure: false, location: { able: false, permission: 'unknown', fix: null } },
      ['none', 'insecure'],
    ],
    [
      'a messenger',
      'push',
      { im: true, push: { able: false, permission: 'unknown', subscribed: false } },
      ['none', 'push.im'],
    ],
    [
      'push allowed, not registered',
      'push',
      { push: { able: true, permission: 'granted', subscribed: false } },
      ['bad', 'push.unsubscribed'],
    ],
    ['a refused camera', 'camera', { camera: { able: true, permission: 'denied' } }, ['bad', 'camera.denied']],
    [
      'no microphone',
      'microphone',
      { microphone: { able: false, permission: 'unknown' } },
      ['none', 'microphone.none'],
    ],
    [
      'storage that may be cleared',
      'storage',
      { storage: { persisted: false, freeBytes: 5e9 } },
      ['bad', 'storage.unkept'],
    ],
    ['a full phone', 'storage', { storage: { persisted: true, freeBytes: 1e7 } }, ['bad', 'storage.low']],
    ['a worker not yet there', 'offline', { worker: { able: true, active: false } }, ['bad', 'offline.later']],
    ['a clock ten minutes off', 'clock', { skewMs: -600_000 }, ['bad', 'clock.off']],
    ['never in contact', 'clock', { skewMs: null }, ['untested', 'clock.unknown']],
    ['a slow network', 'network', { roundTripMs: 4_000 }, ['bad', 'network.slow']],
    ['no network', 'network', { roundTripMs: null }, ['bad', 'network.none']],
    ['an empty battery', 'battery', { battery: { level: 0.1, charging: false } }, ['bad', 'battery.low']],
  ])('%s', (_, check, change, expected) => {
    expect(of(change, check)).toEqual(expected)
  })
  it('has words for whatever it can say', () => {
    const none = { able: false, permission: 'unknown' as const }
    for (const im of [true, false])
      for (const secure of [true, false])
        for (const able of [true, false])
          for (const permission of ['granted', 'denied', 'prompt', 'unknown'] as const)
            for (const item of judge({
              ...good,
              im,
              secure,
              push: { able, permission, subscribed: able },
              location: { able, permission, fix: null },
              camera: able ? { able, permission } : none,
              microphone: able ? { able, permission } : none,
              worker: { able, active: able },
              battery: able ? good.battery : null,
            })) {
              expect(words['zh-CN']).toHaveProperty([item.why])
              if (item.mend) expect(words['zh-CN']).toHaveProperty([`huawei.${item.mend}`])
            }
  })
})

describe('the make of a phone', () => {
  it.each<[string, Maker]>([
    ['Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 ArkWeb/4.1.6.1 Mobile', 'huawei'],
    ['Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00; HMSCore 6.13) HuaweiBrowser/14', 'huawei'],
    ['Mozilla/5.0 (Linux; U; Android 14; zh-cn; 23127PN0CC Build/UKQ1) XiaoMi/MiuiBrowser/18.6', 'xiaomi'],
    ['Mozilla/5.0 (Linux; U; Android 14; zh-cn; PHZ110 Build/UKQ1) HeyTapBrowser/40.9', 'oppo'],
    ['Mozilla/5.0 (Linux; Android 14; V2309A; wv) VivoBrowser/21', 'vivo'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Mobile Safari/604.1', 'iphone'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/131', 'other'],
  ])('%s', (userAgent, maker) => {
    expect(makerOf(userAgent)).toBe(maker)
  })
})

/** The page of the manual, from the words of the app. `npx vitest run -u` on this file writes it anew. */
function manual(): string {
  const t = words['zh-CN'] as Record<string, string>
  const topics = ['storage', 'push', 'location', 'camera', 'battery']
  const makers = ['huawei', 'xiaomi', 'oppo', 'vivo', 'iphone', 'other']
  return [
    '# 手机设置',
    '',
    '手机上打开「我的 → 检查本机」，会逐项检查下面这些，并按手机品牌告诉你怎么改。各品牌系统版本不同，菜单名称可能略有出入。',
    '',
    ...makers.flatMap((m) => [
      `## ${t[`maker.${m}`]}`,
      '',
      ...topics.map((topic) => `- **${t[`topic.${topic}`]}**：${t[`${m}.${topic}`]}`),
      '',
    ]),
    `## ${t['im.title']}`,
    '',
    ...['wechat', 'dingtalk', 'feishu', 'wecom'].map((im) => `- ${t[`im.${im}`]}`),
    '',
    '哪些能力在哪里可用，见 [手机上的限制](phone-limits.md)。',
    '',
  ].join('\n')
}

describe('the manual', () => {
  it('says what the check page says', async () => {
    await expect(manual()).toMatchFileSnapshot('../../../../../docs/manual/手机设置.md')
  })
})

import { describe, expect, it } from 'vitest'
import { deviceLabel, obstacle, type Surroundings } from './push'

const android =
  'Mozilla/5.0 (Linux; Android 14; ALN-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36'
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile Safari/604.1'
const full: Surroundings = {
  secure: true,
  worker: true,
  push: true,
  standalone: false,
  userAgent: android,
  touchPoints: 5,
}

describe('push', () => {
  it.each<[string, Partial<Surroundings>, string | null]>([
    ['works in Chrome on Android', {}, null],
    ['asks an iPhone to be installed first', { userAgent: iphone, push: false }, 'ios_install'],
    ['works on an iPhone’s home screen', { userAgent: iphone, standalone: true }, null],
    [
      'knows an iPad that calls itself a Mac',
      { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X)', push: false },
      'ios_install',
    ],
    ['has no way in WeChat', { userAgent: `${android} MicroMessenger/8.0` }, 'in_app'],
    ['nor in DingTalk', { userAgent: `${android} DingTalk/7.6` }, 'in_app'],
    ['nor in WeCom on an iPhone', { userAgent: `${iphone} wxwork/4.1 MicroMessenger/7` }, 'in_app'],
    ['needs https', { secure: false, worker: false }, 'insecure'],
    ['needs a browser that knows it', { push: false }, 'unsupported'],
  ])('%s', (_, part, expected) => expect(obstacle({ ...full, ...part })).toBe(expected))

  it('names the device as its owner would', () => {
    expect(deviceLabel(android)).toBe('ALN-AL00 · Chrome')
    expect(deviceLabel(iphone)).toBe('iPhone · Safari')
    expect(deviceLabel('Mozilla/5.0 (Windows NT 10.0) Chrome/126 Safari/537 Edg/126')).toBe('Windows · Edge')
  })
})

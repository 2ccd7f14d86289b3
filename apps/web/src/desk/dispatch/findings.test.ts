import { describe, expect, it } from 'vitest'
import { BoardConflict, FindingCode, ReasonCode } from '#contracts/dispatch.schema'
import type { Language } from '../../common/i18n/language'
import { wordsIn } from '../../common/i18n/words'
import { type Said, sayConflict, sayFinding } from './findings'
import { findingWords } from './findings.words'

const plain = {
  time: (at: unknown) => String(at).slice(11, 16),
  date: (at: unknown) => String(at).slice(0, 10),
  localDate: (d: string) => d,
  range: (a: unknown, b: unknown) => `${String(a).slice(11, 16)}–${String(b).slice(11, 16)}`,
  when: (at: unknown) => String(at).slice(11, 16),
  duration: (n: number) => `${n} 分`,
  distance: (n: number) => `${n} 米`,
  percent: (n: number) => `${Math.round(n * 100)} %`,
  number: (n: number) => String(n),
} as unknown as Parameters<typeof sayFinding>[2]
const full = {
  skill: '交换机',
  need: 3,
  has: 1,
  level: 4,
  certificate: '高压电工',
  expiresOn: '2026-10-01',
  kind: 'leave',
  from: '2026-11-24T05:00:00.000Z',
  to: '2026-11-24T10:00:00.000Z',
  name: '星海医院',
  min: 20,
  limit: 600,
  date: '2026-11-24',
  lateMin: 25,
  earlyMin: 0,
  promiseStart: '2026-11-24T01:00:00.000Z',
  promiseEnd: '2026-11-24T02:00:00.000Z',
  needMin: 40,
  haveMin: 10,
  at: '2026-11-24T06:00:00.000Z',
  days: 7,
  durationMin: 120,
  dayPercent: 62,
  dayPercentWith: 82,
  distanceM: 12_000,
  visits: 3,
  lastAt: '2026-10-08T06:00:00.000Z',
  n: 2,
}
const say = (m: Said, language: Language = 'zh-CN') => sayFinding(m, wordsIn(findingWords, language), plain)

describe('what the rules say', () => {
  it('has words for every code of the contract, in both languages, with nothing left to fill in', () => {
    for (const language of ['zh-CN', 'en-US'] as const)
      for (const code of [...FindingCode.options, ...ReasonCode.options]) {
        const text = say({ code, params: full }, language)
        expect(text, code).not.toBe(code)
        expect(text, code).not.toMatch(/[{}]|undefined|NaN/)
      }
  })
  it('has words for every conflict of the board', () => {
    for (const code of BoardConflict.shape.code.options) {
      const text = sayConflict({ code, params: full }, wordsIn(findingWords, 'zh-CN'), plain)
      expect(text, code).not.toBe(code)
      expect(text, code).not.toMatch(/[{}]|undefined|NaN/)
    }
  })
  it('names who or what is in the way', () => {
    expect(say({ code: 'engineer_busy', params: full })).toBe('05:00–10:00 已有安排：星海医院')
    expect(say({ code: 'engineer_busy', params: { ...full, kind: 'travel' } })).toContain('在去 星海医院 的路上')
    expect(say({ code: 'engineer_busy', params: { ...full, name: null } })).toBe('05:00–10:00 已有其他安排')
  })
  it('tells early from late', () => {
    expect(say({ code: 'outside_promise', params: full })).toContain('晚 25 分')
    expect(say({ code: 'outside_promise', params: { ...full, lateMin: 0, earlyMin: 15 } })).toContain('早 15 分')
  })
  it('shows a code that it does not know rather than nothing', () => {
    expect(say({ code: 'moon_phase', params: {} })).toBe('moon_phase')
  })
})

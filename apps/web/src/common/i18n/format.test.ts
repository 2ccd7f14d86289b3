import { describe, expect, it } from 'vitest'
import {
  type FormatContext,
  formatDate,
  formatDistance,
  formatDuration,
  formatLocalDate,
  formatLocalSpan,
  formatMoney,
  formatPercent,
  formatRange,
  formatRelative,
  formatWhen,
} from './format'

// Monday 2026-11-23 14:30 in Shanghai.
const now = Date.parse('2026-11-23T06:30:00Z')
const zh: FormatContext = { language: 'zh-CN', zone: 'Asia/Shanghai', now }
const en: FormatContext = { ...zh, language: 'en-US' }

describe('times are written as people say them', () => {
  it.each([
    ['2026-11-23T06:30:00Z', '今天 14:30', 'Today 14:30'],
    ['2026-11-24T01:05:00Z', '明天 09:05', 'Tomorrow 09:05'],
    ['2026-11-22T16:30:00Z', '今天 00:30', 'Today 00:30'],
    ['2026-11-22T15:59:00Z', '昨天 23:59', 'Yesterday 23:59'],
    ['2026-11-25T06:30:00Z', '11月25日 周三 14:30', 'Wed 25 Nov 14:30'],
    ['2025-03-04T06:30:00Z', '2025年3月4日 周二 14:30', 'Tue 4 Mar 2025 14:30'],
  ])('%s', (at, chinese, english) => {
    expect(formatWhen(at, zh)).toBe(chinese)
    expect(formatWhen(at, en)).toBe(english)
  })
  it('"today" is the site’s today, not the viewer’s', () => {
    const evening = Date.parse('2026-11-23T17:00:00Z')
    expect(formatDate(evening, { ...zh, now: evening, zone: 'Asia/Shanghai' })).toBe('今天')
    expect(formatDate('2026-11-23T15:00:00Z', { ...zh, now: evening })).toBe('昨天')
    expect(formatDate('2026-11-23T15:00:00Z', { ...zh, now: evening, zone: 'UTC' })).toBe('今天')
  })
  it('a range names its second day only when it differs', () => {
    expect(formatRange('2026-11-23T06:00:00Z', '2026-11-23T08:00:00Z', zh)).toBe('今天 14:00–16:00')
    expect(formatRange('2026-11-23T14:00:00Z', '2026-11-23T18:00:00Z', zh)).toBe('今天 22:00– 明天 02:00')
  })
  it('a plain date has no zone to be moved by', () => {
    expect(formatLocalDate('2026-11-25', zh)).toBe('2026年11月25日 周三')
    expect(formatLocalDate('2026-11-25', en)).toBe('Wed 25 Nov 2026')
  })
  it.each([
    [0, '刚刚'],
    [-5, '5 分钟前'],
    [90, '2 小时后'],
    [-1440, '昨天 14:30'],
  ])('%s minutes from now is %s', (min, text) => {
    expect(formatRelative(now + min * 60_000, zh)).toBe(text)
  })
})

describe('numbers have their units', () => {
  it.each([
    [135, '2 小时 15 分', '2 h 15 min'],
    [0, '0 分', '0 min'],
    [0.3, '1 分', '1 min'],
    [60, '1 小时', '1 h'],
    [4320, '3 天', '3 d'],
    [-20, '−20 分', '−20 min'],
  ])('%s minutes', (min, chinese, english) => {
    expect(formatDuration(min, zh)).toBe(chinese)
    expect(formatDuration(min, en)).toBe(english)
  })
  it.each([
    [38, '38 米'],
    [384, '380 米'],
    [999, '1.0 公里'],
    [1240, '1.2 公里'],
    [36_400, '36 公里'],
  ])('%s metres', (m, text) => expect(formatDistance(m, zh)).toBe(text))
  it.each([
    [0, '¥0'],
    [123_450, '¥1,234.50'],
    [100_000_000, '¥1,000,000'],
    [-5, '−¥0.05'],
  ])('%s fen', (fen, text) => expect(formatMoney(fen)).toBe(text))
  it.each([
    [0.824, '82 %'],
    [0.035, '3.5 %'],
    [0.996, '99.6 %'],
    [1, '100 %'],
    [0, '0 %'],
  ])('%s as a share', (share, text) => expect(formatPercent(share)).toBe(text))
})

describe('a span of plain dates', () => {
  it.each([
    ['2026-11-09', '2026-11-27', '2026年11月9日–27日', '9–27 Nov 2026'],
    ['2026-11-09', '2026-12-02', '2026年11月9日–12月2日', '9 Nov–2 Dec 2026'],
    ['2026-12-29', '2027-01-05', '2026年12月29日–2027年1月5日', '29 Dec 2026–5 Jan 2027'],
    ['2026-11-09', '2026-11-09', '2026年11月9日', '9 Nov 2026'],
  ])('%s to %s', (from, to, zh, en) => {
    expect(formatLocalSpan(from, to, { language: 'zh-CN' })).toBe(zh)
    expect(formatLocalSpan(from, to, { language: 'en-US' })).toBe(en)
  })
})

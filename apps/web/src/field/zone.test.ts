import { describe, expect, it } from 'vitest'
import { addDays, dayName, fromWall, mondayOf, toWall } from './zone'

describe('times on the wall of the site', () => {
  it('an appointment typed for Shanghai means Shanghai, wherever the phone is', () => {
    expect(fromWall('2026-11-23T14:30', 'Asia/Shanghai')).toBe('2026-11-23T06:30:00.000Z')
    expect(fromWall('2026-11-23T14:30', 'Asia/Urumqi')).toBe('2026-11-23T08:30:00.000Z')
  })
  it('comes back as it was typed, across a change of clocks too', () => {
    for (const wall of ['2026-10-25T01:30', '2026-03-29T03:30', '2026-07-01T00:00'])
      expect(toWall(fromWall(wall, 'Europe/Berlin'), 'Europe/Berlin')).toBe(wall)
  })
  it('weeks begin on Monday', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23')
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(addDays('2026-11-30', 1)).toBe('2026-12-01')
  })
  it('names the day', () => expect(dayName('2026-11-23', 'zh-CN')).toBe('11月23日 周一'))
})

import { describe, expect, it } from 'vitest'
import { after, before, periodOf, pile, presetOf, trendOf } from './period'

describe('periods', () => {
  it.each([
    ['week', '2026-11-24', '2026-11-23', '2026-11-29'],
    ['week', '2026-11-23', '2026-11-23', '2026-11-29'],
    ['week', '2027-01-03', '2026-12-28', '2027-01-03'],
    ['month', '2026-02-11', '2026-02-01', '2026-02-28'],
    ['quarter', '2026-11-24', '2026-10-01', '2026-12-31'],
    ['year', '2026-11-24', '2026-01-01', '2026-12-31'],
  ] as const)('the %s of %s', (preset, day, from, to) => {
    expect(periodOf(preset, day)).toEqual({ from, to })
    expect(presetOf({ from, to })).toBe(preset)
  })
  it('goes back over the turn of the year', () => {
    expect(before({ from: '2026-01-01', to: '2026-01-31' })).toEqual({ from: '2025-12-01', to: '2025-12-31' })
    expect(after({ from: '2026-10-01', to: '2026-12-31' })).toEqual({ from: '2027-01-01', to: '2027-03-31' })
  })
  it('takes as many days for a period that somebody chose', () => {
    expect(before({ from: '2026-11-10', to: '2026-11-19' })).toEqual({ from: '2026-10-31', to: '2026-11-09' })
  })
  it('shows weeks for a week and months for a month, the period before among them', () => {
    expect(trendOf({ from: '2026-11-23', to: '2026-11-29' })).toEqual({
      from: '2026-10-05',
      to: '2026-11-29',
      trend: 'week',
    })
    expect(trendOf({ from: '2026-11-01', to: '2026-11-30' })).toEqual({
      from: '2026-06-01',
      to: '2026-11-30',
      trend: 'month',
    })
    expect(trendOf({ from: '2026-01-01', to: '2026-12-31' })).toEqual({
      from: '2026-01-01',
      to: '2026-12-31',
      trend: 'month',
    })
  })
})

describe('dots of a strip', () => {
  it('stacks equal values and leaves others on the line', () => {
    const dots = pile([{ value: 1 }, { value: 0.5 }, { value: 0.5 }, { value: 0.5 }], 0, 1, 0.1)
    expect(dots.map((d) => [d.x, d.row])).toEqual([
      [0.5, 0],
      [0.5, 1],
      [0.5, 2],
      [1, 0],
    ])
  })
  it('stands in the middle when all are equal', () => {
    expect(pile([{ value: 3 }], 3, 3, 0.1)[0]?.x).toBe(0.5)
  })
})

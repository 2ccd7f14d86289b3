import { describe, expect, it } from 'vitest'
import { curves } from './health'

const phases = [
  {
    weight: 50,
    plannedStart: '2026-01-01',
    plannedEnd: '2026-01-10',
    actualStart: '2026-01-01',
    actualEnd: '2026-01-12',
  },
  { weight: 50, plannedStart: '2026-01-11', plannedEnd: '2026-01-20', actualStart: null, actualEnd: null },
]

describe('planned against actual', () => {
  it('begins at half of the first phase and ends the plan at 100', () => {
    const { planned } = curves(phases, '2026-01-15', 20)
    expect(planned[0]).toBe(25)
    expect(planned.at(-1)).toBe(100)
  })
  it('ends the actual line today, where the project is', () => {
    const { planned, actual } = curves(phases, '2026-01-15', 20)
    expect(actual.length).toBeLessThan(planned.length)
    expect(actual.at(-1)).toBe(50)
  })
  it('reaches to today when the plan has already passed and work is open', () => {
    const { planned, actual } = curves(phases, '2026-02-20', 20)
    expect(actual).toHaveLength(20)
    expect(planned.at(-1)).toBe(100)
    expect(actual.at(-1)).toBe(50)
  })
  it('has nothing to draw without weights', () => {
    expect(curves([], '2026-01-01')).toEqual({ planned: [], actual: [] })
  })
})

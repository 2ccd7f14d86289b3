import { describe, expect, it } from 'vitest'
import { byAge, greeting, monthOf } from './ages'

const now = Date.parse('2026-11-24T04:00:00Z')
const card = (minutes: number, late = false) => ({ createdAt: new Date(now - minutes * 60_000).toISOString(), late })

describe('the desk at a glance', () => {
  it('counts waiting orders by age, each once, with those that are overdue', () => {
    expect(byAge([card(0), card(59), card(60), card(239, true), card(240), card(1440, true), card(9000)], now)).toEqual(
      [
        { age: 'hour', n: 2, late: 0 },
        { age: 'half', n: 2, late: 1 },
        { age: 'day', n: 1, late: 0 },
        { age: 'more', n: 2, late: 1 },
      ],
    )
  })
  it('takes an order from a clock that runs ahead as a new one', () => {
    expect(byAge([card(-3)], now)[0]?.n).toBe(1)
  })
  it('reads the month up to today', () => {
    expect(monthOf('2026-11-24')).toEqual({ from: '2026-11-01', to: '2026-11-24' })
  })
  it('greets by the hour, night owls included', () => {
    expect([3, 4, 11, 13, 18].map(greeting)).toEqual(['evening', 'early', 'noon', 'afternoon', 'evening'])
  })
})

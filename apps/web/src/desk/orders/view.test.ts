import { describe, expect, it } from 'vitest'
import { countOf, queryOf, renew, sortOf, TABS, tabOf } from './view'

const row = (id: string, n = 0) => ({ id, n })

describe('the view of the list of orders', () => {
  it('opens with what is not ended', () => {
    expect(tabOf({}).key).toBe('open')
    expect(queryOf({}).state).not.toContain('closed')
  })
  it('asks for all states without naming them', () => expect(queryOf({ tab: ['all'] })).not.toHaveProperty('state'))
  it('lets a group decide the order of its rows', () => {
    expect(sortOf({ group: ['due'], sort: ['created'] })).toBe('due')
    expect(sortOf({ sort: ['priority'] })).toBe('priority')
  })
  it('does not pass on what it does not know', () => {
    expect(queryOf({ tab: ['nonsense'], sort: ['x'], late: ['perhaps'] })).toMatchObject({ sort: 'created' })
    expect(queryOf({ late: ['perhaps'] })).not.toHaveProperty('late')
  })
  it('counts a tab as the sum of its states', () => {
    const all = TABS.find((t) => t.key === 'all')!
    expect(countOf(all.states, { new: 2, closed: 3 })).toBe(5)
  })
})

describe('fresh rows', () => {
  it('renew those on the screen in place', () => {
    expect(renew([row('a'), row('b')], [row('a', 1), row('b', 1)])).toEqual({
      rows: [row('a', 1), row('b', 1)],
      waiting: 0,
    })
  })
  it('wait when they would come above or go away', () => {
    expect(renew([row('a'), row('b')], [row('new'), row('a'), row('b')])).toEqual({
      rows: [row('a'), row('b')],
      waiting: 1,
    })
    expect(renew([row('a'), row('b')], [row('a')])).toEqual({ rows: [row('a'), row('b')], waiting: 1 })
  })
  it('are added at the end as the next page', () => {
    expect(renew([row('a')], [row('a'), row('b'), row('c')])).toEqual({
      rows: [row('a'), row('b'), row('c')],
      waiting: 0,
    })
  })
})

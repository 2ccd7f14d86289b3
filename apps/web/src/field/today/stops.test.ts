import { describe, expect, it } from 'vitest'
import { stopsOf } from './stops'

const v = (id: string, tripId: string | null) => ({ id, tripId })

describe('the stops of a day', () => {
  it('are the visits, those of one trip together', () => {
    const day = [v('a', 't1'), v('b', 't1'), v('c', 't2'), v('d', null), v('e', null)]
    expect(stopsOf(day).map((s) => s.map((x) => x.id))).toEqual([['a', 'b'], ['c'], ['d'], ['e']])
  })
  it('stay in the order of the day: a trip left and come back to is two stops', () => {
    expect(stopsOf([v('a', 't1'), v('b', 't2'), v('c', 't1')])).toHaveLength(3)
  })
})

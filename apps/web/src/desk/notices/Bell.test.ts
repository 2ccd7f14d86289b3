import { describe, expect, it } from 'vitest'
import { placeOf } from './Bell'

describe('a notice', () => {
  it('leads to what it is about', () => {
    expect(placeOf({ subject: { kind: 'order', id: 'o' }, params: {} })).toBe('/orders/o')
    expect(placeOf({ subject: { kind: 'followup', id: 'f' }, params: {} })).toBe('/satisfaction/cases/f')
    expect(placeOf({ subject: { kind: 'project', id: 'p' }, params: {} })).toBe('/projects/p')
  })
  it('of a visit leads to the order of the visit', () => {
    expect(placeOf({ subject: { kind: 'visit', id: 'v' }, params: { orderId: 'o' } })).toBe('/orders/o')
    expect(placeOf({ subject: { kind: 'visit', id: 'v' }, params: {} })).toBeNull()
  })
})

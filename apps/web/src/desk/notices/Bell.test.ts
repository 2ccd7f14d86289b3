import { describe, expect, it } from 'vitest'
import { noticePlace } from '#contracts/words/notices'
import { byDay } from '../../common/notices'

const of = (kind: string, id: string, params = {}, code = 'visit_offered') => ({ code, subject: { kind, id }, params })

describe('a notice', () => {
  it('leads to what it is about', () => {
    expect(noticePlace(of('order', 'o'), 'desk')).toBe('/orders/o')
    expect(noticePlace(of('followup', 'f'), 'desk')).toBe('/satisfaction/cases/f')
    expect(noticePlace(of('project', 'p'), 'desk')).toBe('/projects/p')
  })
  it('of a visit leads to the order of the visit on the desk, to itself on the phone', () => {
    expect(noticePlace(of('visit', 'v', { orderId: 'o' }), 'desk')).toBe('/orders/o')
    expect(noticePlace(of('visit', 'v'), 'desk')).toBeNull()
    expect(noticePlace(of('visit', 'v'), 'field')).toBe('/m/visits/v')
    expect(noticePlace(of('order', 'o', {}, 'mentioned'), 'field')).toBe('/m/messages/order/o')
  })
  it('stands under its day', () => {
    const rows = ['2026-11-23T02:00:00Z', '2026-11-23T01:00:00Z', '2026-11-22T01:00:00Z'].map((createdAt) => ({
      createdAt,
    }))
    expect(byDay(rows, (at) => at.slice(0, 10)).map((d) => [d.day, d.rows.length])).toEqual([
      ['2026-11-23', 2],
      ['2026-11-22', 1],
    ])
  })
})

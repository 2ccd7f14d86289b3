import { describe, expect, it } from 'vitest'
import { printDay, readDay, readPoint } from './hours'

describe('access hours as typed', () => {
  it('are read and printed', () => {
    expect(readDay('9:00-12:00，14:00－18:00'.replace('－', '-'))).toEqual([
      [540, 720],
      [840, 1080],
    ])
    expect(printDay([[540, 720]])).toBe('09:00-12:00')
  })
  it('run past midnight', () => expect(readDay('22:00-06:00')).toEqual([[1320, 1800]]))
  it('are closed when empty, and not guessed when unreadable', () => {
    expect(readDay(' ')).toEqual([])
    expect(readDay('上午')).toBeNull()
    expect(readDay('25:00-26:00')).toBeNull()
  })
  it('print a night as it was typed', () => expect(printDay([[1320, 1800]])).toBe('22:00-06:00'))
})

describe('a point copied from a map', () => {
  it('is read with comma or space', () => {
    expect(readPoint('31.2304, 121.4737')).toEqual({ lat: 31.2304, lng: 121.4737 })
    expect(readPoint('31.2304 121.4737')).toEqual({ lat: 31.2304, lng: 121.4737 })
    expect(readPoint('上海')).toBeNull()
  })
})

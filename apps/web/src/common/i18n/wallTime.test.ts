import { describe, expect, it } from 'vitest'
import { instantOf, wallTime } from './wallTime'

describe('wall time of a zone', () => {
  it.each([
    ['2026-11-24T09:00', 'Asia/Shanghai', '2026-11-24T01:00:00.000Z'],
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-03-29T12:00', 'Europe/Berlin', '2026-03-29T10:00:00.000Z'],
    ['2026-01-01T00:00', 'America/New_York', '2026-01-01T05:00:00.000Z'],
  ])('%s in %s', (local, zone, instant) => {
    expect(instantOf(local, zone)).toBe(instant)
    expect(wallTime(Date.parse(instant), zone)).toBe(local)
  })
  it('in China is what the browser says it is, since there is one clock', () => {
    const formatter = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'Asia/Shanghai',
      dateStyle: 'short',
      timeStyle: 'short',
    })
    const first = Date.UTC(1991, 8, 15)
    for (let i = 0; i < 2_000; i++) {
      const at = first + i * 7 * 86_399_000 + i * 61_000
      expect(wallTime(at, 'Asia/Shanghai')).toBe(formatter.format(at).replace(' ', 'T'))
    }
  })
  it('says null for a time that is not finished', () => {
    expect(instantOf('', 'Asia/Shanghai')).toBeNull()
  })
})

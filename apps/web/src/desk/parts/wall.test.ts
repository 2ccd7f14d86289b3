import dayjs from 'dayjs'
import { describe, expect, it } from 'vitest'
import { fromWall, toWall } from './wall'

const wall = (text: string) => dayjs(text)

describe('the clock on the wall of a site', () => {
  it('is the site’s, wherever the browser stands', () => {
    expect(toWall('2026-11-23T01:30:00.000Z', 'Asia/Shanghai')?.format('YYYY-MM-DD HH:mm')).toBe('2026-11-23 09:30')
    expect(toWall('2026-11-23T01:30:00.000Z', 'Asia/Urumqi')?.format('HH:mm')).toBe('07:30')
  })
  it('goes back to the same instant', () => {
    expect(fromWall(wall('2026-11-23T09:30'), 'Asia/Shanghai')).toBe('2026-11-23T01:30:00.000Z')
    expect(fromWall(wall('2026-11-23T00:10'), 'Asia/Shanghai')).toBe('2026-11-22T16:10:00.000Z')
  })
  it('knows summer time on both sides of its change', () => {
    expect(fromWall(wall('2026-03-29T01:30'), 'Europe/Berlin')).toBe('2026-03-29T00:30:00.000Z')
    expect(fromWall(wall('2026-03-29T03:30'), 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z')
  })
  it('has nothing for nothing', () => {
    expect(toWall(null, 'Asia/Shanghai')).toBeNull()
    expect(fromWall(null, 'Asia/Shanghai')).toBeNull()
  })
})

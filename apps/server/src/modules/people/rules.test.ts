import { describe, expect, it } from 'vitest'
import { checkPassword, waitMs } from './rules'

const at = (s: number) => new Date(1_800_000_000_000 + s * 1000)

describe('sign-in throttle', () => {
  it.each([
    [4, 0, 0],
    [5, 0, 30_000],
    [5, 20, 10_000],
    [7, 0, 120_000],
    [40, 0, 900_000],
    [40, 901, 0],
  ])('after %i failures, %i s later, waits %i ms', (n, seconds, wait) => {
    expect(waitMs({ n, last_at: at(0) }, at(seconds))).toBe(wait)
  })
  it('lets a first try pass', () => expect(waitMs(undefined, at(0))).toBe(0))
})

describe('passwords', () => {
  it.each(['short', '1111111111', 'password123', 'zhuchang2026'])('%s is refused', (p) =>
    expect(() => checkPassword(p)).toThrow('password_weak'),
  )
  it.each(['浦东机房的钥匙在抽屉里', 'correct horse battery'])('%s is accepted', (p) =>
    expect(() => checkPassword(p)).not.toThrow(),
  )
})

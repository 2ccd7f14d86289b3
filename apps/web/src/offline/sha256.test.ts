import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { digestOf } from './digest'
import { sha256Hex } from './sha256'

describe('hashes on the phone', () => {
  it.each(['', 'abc', '驻场', 'a'.repeat(55), 'a'.repeat(56), 'a'.repeat(64), '设备👍'.repeat(5000)])(
    'SHA-256 is that of everybody else (%#)',
    (text) => expect(sha256Hex(text)).toBe(createHash('sha256').update(text).digest('hex')),
  )
  it('a collection has one digest, whatever order its rows came in', () => {
    expect(
      digestOf([
        ['b', '2'],
        ['a', '1'],
      ]),
    ).toBe(
      digestOf([
        ['a', '1'],
        ['b', '2'],
      ]),
    )
    expect(digestOf([])).toBe('e3b0c44298fc1c149afbf4c8996fb924')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, sha256 } from './events'
import { canonicalRow, changesFor, digestOf, rowHash } from './replica'

describe('the content of a row', () => {
  it('is written as RFC 8785 has it, whatever is in it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (v) => {
        // Minus nought is nought once it has been through JSON.
        const row = JSON.parse(JSON.stringify(v))
        expect(canonicalRow(row)).toBe(canonical(row))
      }),
      { numRuns: 500 },
    )
    const odd = { b: [1, undefined, { '\u20ac': 1e21, a: undefined }], a: '\ud83d\ude00\u2028"', '': null }
    expect(canonicalRow(odd)).toBe(canonical(odd))
    expect(rowHash({ b: 1, a: 2 })).toBe(sha256('{"a":2,"b":1}').toString('hex').slice(0, 32))
  })
})

describe('what a phone lacks', () => {
  const rows = [
    { id: 'a', row: { n: 1 } },
    { id: 'b', row: { n: 2 } },
  ]
  const hashes = Object.fromEntries(rows.map((r) => [r.id, rowHash(r.row)]))
  const digest = digestOf(Object.entries(hashes))
  it('is nothing when it has the same, in whatever order', () => {
    expect(changesFor([...rows].reverse(), { digest })).toEqual({ state: 'same', digest })
  })
  it('is everything when it has nothing, and is asked for when it did not say', () => {
    expect(changesFor(rows, undefined)).toMatchObject({ state: 'changed', digest, gone: [] })
    expect(changesFor(rows, { digest: 'x' })).toEqual({ state: 'ask', digest })
  })
  it('is the changed rows, the new ones, and the ids that are gone', () => {
    const have = { digest: 'x', rows: { a: hashes.a as string, b: 'old', c: 'gone' } }
    expect(changesFor(rows, have)).toEqual({
      state: 'changed',
      digest,
      rows: [{ ...rows[1], hash: hashes.b }],
      gone: ['c'],
    })
  })
})

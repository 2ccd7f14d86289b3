import { describe, expect, it } from 'vitest'
import type { OrderState } from '#lifecycle'
import type { FieldRev } from './order'
import { conflictsOf, currentOf, type FieldInput, splitFields } from './rules'

const fold = {
  facts: {
    title: '现在的标题',
    type: 'repair',
    priority: 'high',
    customerId: 'c',
    crew: 1,
    skills: [{ skillId: 'net', level: 3 }],
    dueAt: Date.UTC(2026, 10, 24),
  },
  promise: { current: { start: Date.UTC(2026, 10, 24, 1), end: Date.UTC(2026, 10, 24, 3) }, original: null },
} as unknown as OrderState
const rev = (n: number): FieldRev => ({ rev: n, by: '王调度', at: `2026-11-23T0${n}:00:00.000Z` })

describe('an edit against an older revision', () => {
  it.each<[string, FieldInput, Record<string, FieldRev>, number | undefined, string[]]>([
    ['nothing changed since', { title: '新' }, { title: rev(2) }, 2, []],
    ['the same field changed since', { title: '新' }, { title: rev(3) }, 2, ['title']],
    ['another field changed since', { crew: 2 }, { title: rev(3) }, 2, []],
    ['the same field changed to the same value', { title: '现在的标题' }, { title: rev(3) }, 2, []],
    ['a date written another way is the same', { dueAt: '2026-11-24T00:00:00Z' }, { dueAt: rev(3) }, 2, []],
    [
      'the promise changed since',
      { promise: { start: '2026-11-25T01:00:00Z', end: '2026-11-25T03:00:00Z' } },
      { promise: rev(3) },
      2,
      ['promise'],
    ],
    [
      'the same promise',
      { promise: { start: '2026-11-24T01:00:00Z', end: '2026-11-24T03:00:00Z' } },
      { promise: rev(3) },
      2,
      [],
    ],
    ['skills changed since', { skills: [] }, { skills: rev(3) }, 1, ['skills']],
    [
      'two of three',
      { title: '新', crew: 3, priority: 'low' },
      { title: rev(4), priority: rev(3), crew: rev(1) },
      2,
      ['priority', 'title'],
    ],
    ['no revision said', { title: '新' }, { title: rev(9) }, undefined, []],
  ])('%s', (_name, wanted, revs, base, fields) => {
    expect(conflictsOf(fold, revs, wanted, base).map((c) => c.field)).toEqual(fields)
  })
  it('names the value that stands now, who set it and when', () => {
    expect(conflictsOf(fold, { title: rev(3) }, { title: '新' }, 2)).toEqual([
      { field: 'title', current: '现在的标题', by: '王调度', at: '2026-11-23T03:00:00.000Z' },
    ])
  })
})

describe('fields on the wire and in the events', () => {
  it('leave out what is left out, and clear what is null', () => {
    expect(splitFields({ title: 'x', text: undefined, siteId: null, dueAt: null })).toEqual({
      facts: { title: 'x', siteId: null, dueAt: null },
    })
    expect(splitFields({ promise: null })).toEqual({ facts: {}, promise: null })
  })
  it('come back as they went in', () => {
    const wire: FieldInput = { skills: [{ code: 'net', level: 3 }], dueAt: '2026-11-24T00:00:00.000Z' }
    for (const [field, v] of Object.entries(wire)) expect(currentOf(fold, field)).toEqual(v)
  })
})

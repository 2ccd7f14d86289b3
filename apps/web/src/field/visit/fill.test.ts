import { describe, expect, it } from 'vitest'
import { factAt, stillDirty } from './fill'

describe('filling a document', () => {
  it('what was typed while a save was under way is still to be saved', () => {
    expect(stillDirty({ a: 'new', b: 2, rows: [{ s: 1 }] }, { a: 'old', b: 2, rows: [{ s: 1 }] })).toEqual({ a: 'new' })
    expect(stillDirty({ a: 1, c: 3 }, { a: 1 })).toEqual({ c: 3 })
  })
  it('finds a fact by its path, and nothing where there is none', () => {
    expect(factAt({ site: { name: '机房' } }, 'site.name')).toBe('机房')
    expect(factAt({ site: null }, 'site.name')).toBeUndefined()
  })
})

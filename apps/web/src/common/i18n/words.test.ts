import { describe, expect, it } from 'vitest'
import { defineWords, fill, type Phrase, wordsIn } from './words'

const modules = import.meta.glob<Record<string, unknown>>('../../**/*words.ts')
const isWords = (value: unknown): value is Record<'zh-CN' | 'en-US', Record<string, Phrase>> =>
  typeof value === 'object' && value !== null && 'zh-CN' in value && 'en-US' in value && !('icon' in value)
const params = (phrase: Phrase | undefined): string[] =>
  phrase === undefined
    ? []
    : [
        ...new Set(
          [...(typeof phrase === 'string' ? phrase : phrase.one + phrase.other).matchAll(/\{(\w+)\}/g)].map(
            (m) => m[1] as string,
          ),
        ),
      ].sort()

describe('the words of every scene', () => {
  const files = Object.entries(modules)
  it('are found', () => expect(files.length).toBeGreaterThan(5))
  for (const [path, load] of files) {
    if (path === './words.ts') continue
    it(`${path} says the same in both languages, and nothing is empty`, async () => {
      const tables = Object.values(await load()).filter(isWords)
      expect(tables.length).toBeGreaterThan(0)
      for (const table of tables) {
        expect(Object.keys(table['en-US']).sort()).toEqual(Object.keys(table['zh-CN']).sort())
        for (const [key, chinese] of Object.entries(table['zh-CN'])) {
          const english = table['en-US'][key]
          expect(chinese, key).toBeTruthy()
          expect(typeof english === 'string' ? english : english?.one && english.other, key).toBeTruthy()
          // A plural may leave the number out in the singular ("this row").
          if (typeof english === 'string') expect(params(english), `${key}: parameters`).toEqual(params(chinese))
          else expect(params(chinese), `${key}: parameters`).toEqual(expect.arrayContaining(params(english)))
        }
      }
    })
  }
})

describe('a phrase', () => {
  it('takes the English plural by n', () => {
    const phrase = { one: '{n} row', other: '{n} rows' }
    expect(fill(phrase, { n: 1 }, 'en-US')).toBe('1 row')
    expect(fill(phrase, { n: 0 }, 'en-US')).toBe('0 rows')
  })
  it('shows a parameter that was forgotten instead of a gap', () => {
    expect(fill('已指派给 {name}', undefined, 'zh-CN')).toBe('已指派给 {name}')
  })
  it('knows its keys and parameters', () => {
    const t = wordsIn(defineWords({ 'zh-CN': { sent: '发给 {name}' }, 'en-US': { sent: 'Sent to {name}' } }), 'en-US')
    expect(t('sent', { name: 'Li' })).toBe('Sent to Li')
  })
})

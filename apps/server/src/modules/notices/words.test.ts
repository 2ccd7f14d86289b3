import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { noticeText, noticeWords } from '#contracts/words/notices'

const sources = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Every code that some line of the server tells: the literals inside the calls. */
function toldCodes(): Map<string, string> {
  const told = new Map<string, string>()
  for (const file of readdirSync(sources, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const text = readFileSync(join(sources, file), 'utf8')
    if (!/from '(?:\.\.\/)+(?:modules\/)?notices'/.test(text) && !/tellOfVisit|modules\/notices\//.test(file + text))
      continue
    for (const call of text.matchAll(/\btell(?:OfVisit)?\(/g)) {
      // The call up to its closing bracket.
      let depth = 1
      let end = (call.index as number) + call[0].length
      for (; depth > 0 && end < text.length; end++) depth += text[end] === '(' ? 1 : text[end] === ')' ? -1 : 0
      const args = text.slice(call.index, end)
      const literal = call[0].startsWith('tellOfVisit')
        ? args.match(/'([a-z]+_[a-z_]+)'/)?.[1]
        : args.match(/\bcode: '([a-z_]+)'/)?.[1]
      if (literal) told.set(literal, file)
    }
    // `const code = a ? 'x' : 'y'` before a call.
    for (const m of text.matchAll(/const code = [^\n]*/g))
      for (const c of m[0].matchAll(/'([a-z]+_[a-z_]+)'/g)) told.set(c[1] as string, file)
  }
  return told
}

const params = (s: string) => [...s.matchAll(/\{(\w+)\}/g)].map((m) => m[1]).sort()

describe('the words of notices', () => {
  it('exist for every code that is told', () => {
    const told = toldCodes()
    expect(told.size).toBeGreaterThan(15)
    for (const [code, file] of told) expect(noticeWords[code], `${code}, told in ${file}, has no words`).toBeDefined()
  })

  it('say the same in both languages', () => {
    for (const [code, { title, text }] of Object.entries(noticeWords)) {
      expect(params(text.en), code).toEqual(params(text.zh))
      expect(params(title.en), code).toEqual(params(title.zh))
    }
  })

  it('leave out what is not known instead of showing a gap', () => {
    expect(noticeText('visit_offered', { when: '今天 14:00' }, 'zh')).toEqual({ title: '新派单', text: '今天 14:00' })
    expect(
      noticeText('visit_offered', { when: '今天 14:00', customerName: '星海医院', title: '换交换机' }, 'zh').text,
    ).toBe('今天 14:00 · 星海医院 · 换交换机')
    expect(noticeText('followup_opened', { customer: '星海医院', score: 40 }, 'en').text).toBe(
      'A new follow-up is yours: 星海医院, 40 points',
    )
    expect(noticeText('from_the_future', {}, 'zh').title).toBe('新消息')
  })
})

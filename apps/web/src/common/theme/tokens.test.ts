import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function block(selector: RegExp): Record<string, string> {
  const values: Record<string, string> = {}
  for (const found of css.matchAll(new RegExp(`${selector.source}\\s*\\{([^}]*)\\}`, 'g')))
    for (const [, name, value] of (found[1] as string).matchAll(/--([\w-]+):\s*([^;]+);/g))
      values[name as string] = (value as string).trim()
  return values
}
const base = block(/:root/)
const themes = {
  light: { ...base, ...block(/\[data-theme="light"\]/) },
  dark: { ...base, ...block(/\[data-theme="dark"\]/) },
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

for (const [theme, values] of Object.entries(themes)) {
  const color = (name: string): string => {
    const value = values[name] as string
    const reference = /^var\(--([\w-]+)\)$/.exec(value)
    return reference ? color(reference[1] as string) : value
  }
  const contrast = (a: string, b: string) => {
    const [x, y] = [luminance(color(a)), luminance(color(b))].sort((m, n) => n - m) as [number, number]
    return (x + 0.05) / (y + 0.05)
  }
  describe(`${theme}: every text can be read`, () => {
    for (const surface of ['bg', 'surface', 'raised', 'sunken', 'hover', 'selected'])
      for (const text of ['text', 'text-2', 'text-3', 'brand-text'])
        it(`${text} on ${surface}`, () => expect(contrast(text, surface)).toBeGreaterThanOrEqual(4.5))
    it('words on the primary button', () => expect(contrast('on-brand', 'brand')).toBeGreaterThanOrEqual(4.5))
    for (const meaning of ['blue', 'teal', 'green', 'amber', 'red', 'grey', 'violet']) {
      for (const surface of [`${meaning}-soft`, 'surface', 'bg', 'selected'])
        it(`${meaning} on ${surface}`, () => expect(contrast(meaning, surface)).toBeGreaterThanOrEqual(4.5))
      it(`${meaning} as a mark is seen on the surface`, () =>
        expect(contrast(`${meaning}-mark`, 'surface')).toBeGreaterThanOrEqual(3))
    }
    it('the edge of a field is seen', () => expect(contrast('control', 'surface')).toBeGreaterThanOrEqual(3))
  })
}

import type { Part } from './data'

const fold = (s: string) => s.normalize('NFKC').toLowerCase()

/**
 * Parts that hold every word typed, best first: the number itself, then what fits the equipment, then the name. The same
 * reading of words as the server's search, over the catalogue that the phone holds.
 */
export function findParts(parts: readonly Part[], q: string, model: string | null): Part[] {
  const words = fold(q).split(/\s+/).filter(Boolean)
  const fits = (p: Part) => fitsModel(p, model)
  const rank = (p: Part) =>
    (fold(p.number) === words.join('') ? 4 : 0) +
    (fits(p) ? 2 : 0) +
    (words.length > 0 && fold(p.name).startsWith(words[0] as string) ? 1 : 0)
  return parts
    .filter((p) => {
      const text = fold([p.number, p.name, p.spec, p.category, ...p.models].filter(Boolean).join(' '))
      return words.every((w) => text.includes(w))
    })
    .sort((a, b) => rank(b) - rank(a) || (a.number < b.number ? -1 : 1))
}

export const fitsModel = (p: Pick<Part, 'models'>, model: string | null): boolean =>
  model !== null && p.models.some((m) => fold(model).startsWith(fold(m)))

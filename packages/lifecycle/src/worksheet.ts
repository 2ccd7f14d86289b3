// What a checklist asks, item by item: which items show, what an answer means, what is still missing. Pure, so that the
// phone in a basement and the server say the same.

export type ItemKind = 'passFail' | 'number' | 'text' | 'choice' | 'photo' | 'scan' | 'signature'

export interface ItemCondition {
  /** Key of an earlier item of the same checklist. */
  item: string
  /** It shows when the earlier answer is one of these: a verdict (`pass`, `fail`, `na`) or the value of a choice. */
  is: readonly string[]
}

export interface Item {
  key: string
  kind: ItemKind
  required: boolean
  /** Limits of a number; outside it is a fail, and still the value that was measured. */
  min?: number | undefined
  max?: number | undefined
  options?: readonly { value: string; fails?: boolean | undefined }[] | undefined
  when?: ItemCondition | undefined
}

/** Item key → value as it was answered; null or absent: nothing yet. */
export type Answers = Readonly<Record<string, unknown>>
export type ItemVerdict = 'empty' | 'pass' | 'fail' | 'na' | 'done'

const blank = (v: unknown) =>
  v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0)

/** What an answer comes to. `done` is an answer that cannot fail: a text, a photo, a scan. */
export function verdictOf(item: Item, value: unknown): ItemVerdict {
  if (blank(value)) return 'empty'
  switch (item.kind) {
    case 'passFail':
      return value === 'pass' || value === 'fail' || value === 'na' ? value : 'empty'
    case 'number': {
      if (typeof value !== 'number' || !Number.isFinite(value)) return 'empty'
      const limited = item.min !== undefined || item.max !== undefined
      const out = (item.min !== undefined && value < item.min) || (item.max !== undefined && value > item.max)
      return out ? 'fail' : limited ? 'pass' : 'done'
    }
    case 'choice': {
      const option = item.options?.find((o) => o.value === value)
      if (!option) return 'empty'
      return option.fails ? 'fail' : item.options?.some((o) => o.fails) ? 'pass' : 'done'
    }
    default:
      return 'done'
  }
}

/** The items that show with these answers. What hangs on a hidden item is hidden too, whatever was answered before. */
export function shownItems<I extends Item>(items: readonly I[], answers: Answers): I[] {
  const shown = new Map<string, I>()
  for (const item of items) {
    if (item.when) {
      const asked = shown.get(item.when.item)
      if (!asked) continue
      const value = answers[asked.key]
      const verdict = verdictOf(asked, value)
      if (!item.when.is.includes(verdict) && !(typeof value === 'string' && item.when.is.includes(value))) continue
    }
    shown.set(item.key, item)
  }
  return [...shown.values()]
}

/** Required items that show and have no answer. */
export const missingItems = <I extends Item>(items: readonly I[], answers: Answers): I[] =>
  shownItems(items, answers).filter((i) => i.required && verdictOf(i, answers[i.key]) === 'empty')

export interface Progress {
  /** Items that show. */
  total: number
  answered: number
  failed: number
  missing: number
}
export function progressOf(items: readonly Item[], answers: Answers): Progress {
  const shown = shownItems(items, answers)
  const verdicts = shown.map((i) => verdictOf(i, answers[i.key]))
  return {
    total: shown.length,
    answered: verdicts.filter((v) => v !== 'empty').length,
    failed: verdicts.filter((v) => v === 'fail').length,
    missing: shown.filter((i, at) => i.required && verdicts[at] === 'empty').length,
  }
}

/** Faults of a list of items that nobody could answer: twice the same key, a condition on something that is not before it. */
export function faultsOf(
  items: readonly Item[],
): { key: string; why: 'duplicate' | 'condition' | 'options' | 'limits' }[] {
  const before = new Map<string, Item>()
  const faults: ReturnType<typeof faultsOf> = []
  for (const item of items) {
    if (before.has(item.key)) faults.push({ key: item.key, why: 'duplicate' })
    const { when } = item
    if (when) {
      const asked = before.get(when.item)
      const known = asked?.options?.map((o) => o.value) ?? []
      const verdicts = ['pass', 'fail', 'na', 'done', 'empty']
      if (!asked || when.is.some((v) => !verdicts.includes(v) && !known.includes(v)))
        faults.push({ key: item.key, why: 'condition' })
    }
    if (
      item.kind === 'choice' &&
      new Set(item.options?.map((o) => o.value)).size < Math.max(2, item.options?.length ?? 0)
    )
      faults.push({ key: item.key, why: 'options' })
    if (item.min !== undefined && item.max !== undefined && item.min > item.max)
      faults.push({ key: item.key, why: 'limits' })
    before.set(item.key, item)
  }
  return faults
}

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

interface Words {
  zh: string
  en?: string | undefined
}
interface Worded extends Item {
  label: Words
  unit?: string | undefined
  options?: readonly { value: string; label: Words; fails?: boolean | undefined }[] | undefined
}
/** A worksheet as the phone holds it; the server's rows in the same shape. */
export interface SheetView {
  lists: readonly { checklistId: string; version: number; body: { title: Words; items: readonly Worded[] } }[]
  answers: readonly { checklistId: string; item: string; value?: unknown; note: string | null }[]
  parts: readonly {
    number: string | null
    name: string
    qty: number
    unit: string
    serialIn: string | null
    serialOut: string | null
    returned: boolean
    by: { name: string }
  }[]
  serials: readonly {
    serial: string
    outcome: string
    asset: { name: string; model: string | null } | null
    by: { name: string }
  }[]
  notes: readonly { text: string; visibility: string; by: { name: string } }[]
}

export const valuesOf = (s: Pick<SheetView, 'answers'>, checklistId: string): Record<string, unknown> =>
  Object.fromEntries(s.answers.filter((a) => a.checklistId === checklistId).map((a) => [a.item, a.value ?? null]))

const both = (w: Words) => ({ zh: w.zh, en: w.en ?? '' })

function shownValue(item: Worded, value: unknown): { zh: string; en: string } | string | null {
  if (value === null || value === undefined) return null
  if (item.kind === 'choice') {
    const option = item.options?.find((o) => o.value === value)
    return option ? both(option.label) : null
  }
  if (item.kind === 'number') return item.unit ? `${value} ${item.unit}` : String(value)
  if (Array.isArray(value)) return String(value.length)
  if (typeof value === 'object') return String((value as { name?: string }).name ?? '')
  return String(value)
}

/** Limits of a number as people write them; null without any. */
export const limitsOf = (i: Pick<Item, 'min' | 'max'>): string | null =>
  i.min !== undefined && i.max !== undefined
    ? `${i.min}–${i.max}`
    : i.min !== undefined
      ? `≥ ${i.min}`
      : i.max !== undefined
        ? `≤ ${i.max}`
        : null

/**
 * What flows into the delivery document, under `work`. The customer signs its hash, and the phone computes that in a
 * basement: so it is a function of the rows alone, and holds no times. Colleagues' notes stay with colleagues.
 */
export function workFacts(s: SheetView) {
  return {
    checks: s.lists.flatMap((l) => {
      const values = valuesOf(s, l.checklistId)
      const rows = shownItems(l.body.items, values).flatMap((item) => {
        const value = values[item.key] ?? null
        const verdict = verdictOf(item, value)
        const note = s.answers.find((a) => a.checklistId === l.checklistId && a.item === item.key)?.note ?? null
        if (verdict === 'empty' && note === null) return []
        return [
          {
            label: both(item.label),
            kind: item.kind,
            verdict,
            value: shownValue(item, value),
            limits: item.kind === 'number' ? limitsOf(item) : null,
            note,
            photos: item.kind === 'photo' && Array.isArray(value) ? (value as string[]) : [],
          },
        ]
      })
      const { answered, failed } = progressOf(l.body.items, values)
      return rows.length === 0 ? [] : [{ title: both(l.body.title), version: l.version, answered, failed, rows }]
    }),
    parts: s.parts.map((p) => ({
      number: p.number,
      name: p.name,
      qty: p.qty,
      unit: p.unit,
      serialIn: p.serialIn,
      serialOut: p.serialOut,
      returned: p.returned,
      by: p.by.name,
    })),
    serials: s.serials
      .filter((x) => x.outcome !== 'elsewhere')
      .map((x) => ({ serial: x.serial, name: x.asset?.name ?? null, model: x.asset?.model ?? null, by: x.by.name })),
    notes: s.notes
      .filter((n) => n.visibility === 'customer' && n.text !== '')
      .map((n) => ({ text: n.text, by: n.by.name })),
  }
}

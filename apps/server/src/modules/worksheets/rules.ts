import type { z } from 'zod'
import type { AnswerValue, ChecklistBody, ChecklistItem } from '#contracts/worksheets.schema'
import { missingItems, progressOf, shownItems, verdictOf } from '#lifecycle/worksheet'

export type Body = z.output<typeof ChecklistBody>
export type Item = z.output<typeof ChecklistItem>
export type Value = z.output<typeof AnswerValue>

/** A checklist as a worksheet holds it, with the values by item. */
export interface OpenList {
  checklistId: string
  version: number
  body: Body
  values: Readonly<Record<string, Value | null>>
}

/** Whether a value is of the item's kind. What was measured out of its limits is a value all the same. */
export function fits(item: Item, value: Value): boolean {
  switch (item.kind) {
    case 'number':
      return typeof value === 'number' && Number.isFinite(value)
    case 'photo':
      return Array.isArray(value)
    case 'signature':
      return typeof value === 'object' && !Array.isArray(value)
    case 'passFail':
      return value === 'pass' || value === 'fail' || value === 'na'
    case 'choice':
      return item.options?.some((o) => o.value === value) ?? false
    default:
      return typeof value === 'string'
  }
}

export interface MissingCheck {
  checklistId: string
  item: string
  label: { zh: string; en: string }
}
export const missingOf = (lists: readonly OpenList[]): MissingCheck[] =>
  lists.flatMap((l) =>
    missingItems(l.body.items, l.values).map((i) => ({ checklistId: l.checklistId, item: i.key, label: i.label })),
  )

export function checksOf(lists: readonly OpenList[]) {
  const sum = { total: 0, answered: 0, failed: 0, missing: 0 }
  for (const l of lists) {
    const p = progressOf(l.body.items, l.values)
    for (const key of ['total', 'answered', 'failed', 'missing'] as const) sum[key] += p[key]
  }
  return sum
}

/** A checklist's answered items as a document prints them; items that do not show are not there. */
export function printed(list: OpenList, notes: Readonly<Record<string, string>>) {
  return shownItems(list.body.items, list.values).flatMap((item) => {
    const value = list.values[item.key] ?? null
    const verdict = verdictOf(item, value)
    const note = notes[item.key] ?? null
    if (verdict === 'empty' && note === null) return []
    return [
      {
        label: item.label,
        kind: item.kind,
        verdict,
        value: shown(item, value),
        limits: item.kind === 'number' ? limitsOf(item) : null,
        note,
        photos: Array.isArray(value) ? value : [],
      },
    ]
  })
}

function shown(item: Item, value: Value | null): { zh: string; en: string } | string | null {
  if (value === null) return null
  if (item.kind === 'choice') return item.options?.find((o) => o.value === value)?.label ?? null
  if (item.kind === 'number') return item.unit ? `${value} ${item.unit}` : String(value)
  if (Array.isArray(value)) return String(value.length)
  if (typeof value === 'object') return value.name
  return String(value)
}

const limitsOf = (i: Item): string | null =>
  i.min !== undefined && i.max !== undefined
    ? `${i.min}–${i.max}`
    : i.min !== undefined
      ? `≥ ${i.min}`
      : i.max !== undefined
        ? `≤ ${i.max}`
        : null

/** Checklists that an order asks for: of its type, and of the model of its equipment where the checklist names models. */
export function asksFor(
  c: { order_types: readonly string[]; models: readonly string[] },
  type: string,
  model: string | null,
) {
  if (c.order_types.length > 0 && !c.order_types.includes(type)) return false
  if (c.models.length === 0) return c.order_types.length > 0
  const of = model?.toLowerCase() ?? ''
  return c.models.some((m) => of !== '' && of.startsWith(m.toLowerCase()))
}

import type { z } from 'zod'
import type { AnswerValue, ChecklistBody, ChecklistItem } from '#contracts/worksheets.schema'
import { missingItems, progressOf } from '#lifecycle/worksheet'

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

// One worksheet as screens, documents and later rooms see it.

import type { z } from 'zod'
import type { WorkFacts } from '#contracts/documents.schema'
import type { WorkSummary, Worksheet, WorksheetReplica } from '#contracts/worksheets.schema'
import { verdictOf, workFacts } from '#lifecycle/worksheet'
import type { Ctx } from '../../platform/context'
import { can, permits } from '../../platform/policy'
import { checksOf, type OpenList, type Value } from './rules'
import type { Sheet } from './store'

export function openLists(s: Sheet): OpenList[] {
  return s.lists.map((l) => ({
    checklistId: l.checklist_id,
    version: l.version,
    body: l.body,
    values: Object.fromEntries(
      s.answers
        .filter((a) => a.checklist_id === l.checklist_id && a.field === 'value')
        .map((a) => [a.item, a.value as Value | null]),
    ),
  }))
}

const person = (r: { by_id: string | null; by_name: string }) => ({
  id: r.by_id ?? '00000000-0000-0000-0000-000000000000',
  name: r.by_name,
})

function answersOf(s: Sheet): z.input<typeof WorksheetReplica>['answers'] {
  const rows = new Map<string, (typeof s.answers)[number][]>()
  for (const a of s.answers) {
    const key = `${a.checklist_id}/${a.item}`
    rows.set(key, [...(rows.get(key) ?? []), a])
  }
  return [...rows.values()].map((fields) => {
    const last = fields.reduce((a, b) => (b.at > a.at ? b : a))
    const value = fields.find((f) => f.field === 'value')
    const note = fields.find((f) => f.field === 'note')
    const follow = s.followUps.find((f) => f.checklist_id === last.checklist_id && f.item === last.item)
    return {
      checklistId: last.checklist_id,
      item: last.item,
      value: value?.value ?? null,
      note: (note?.value as string | null | undefined) ?? null,
      at: last.at.toISOString(),
      // Whose answer it is: who gave the value, else who wrote the note.
      by: person(value ?? last),
      followUp: follow ? { orderId: follow.order_id, number: follow.number, title: follow.title } : null,
    }
  })
}

export function replicaOf(s: Sheet, mayWork: boolean): z.input<typeof WorksheetReplica> {
  return {
    id: s.visit_id,
    orderId: s.order_id,
    visitIds: s.visit_ids,
    rev: s.rev,
    customerId: s.customer_id,
    siteId: s.site_id,
    assetId: s.asset_id,
    lists: s.lists.map((l) => ({ checklistId: l.checklist_id, version: l.version, body: l.body })),
    answers: answersOf(s),
    parts: s.parts.map((p) => ({
      id: p.id,
      partId: p.part_id,
      number: p.number,
      name: p.name,
      qty: p.qty,
      unit: p.unit,
      serialIn: p.serial_in,
      serialOut: p.serial_out,
      returned: p.returned,
      note: p.note,
      at: p.at.toISOString(),
      by: person(p),
    })),
    notes: s.notes.map((n) => ({
      id: n.id,
      text: n.text,
      visibility: n.visibility,
      audioId: n.audio_id,
      at: n.at.toISOString(),
      by: person(n),
    })),
    serials: s.serials.map((x) => ({
      id: x.id,
      serial: x.serial,
      outcome: x.outcome,
      asset: x.asset_id ? { id: x.asset_id, name: x.asset_name ?? '—', model: x.asset_model } : null,
      at: x.at.toISOString(),
      by: person(x),
    })),
    mayWork,
  }
}

export const summaryOf = (s: Sheet): z.output<typeof WorkSummary> => ({
  checks: checksOf(openLists(s)),
  parts: s.parts.length,
  serials: s.serials.length,
  notes: s.notes.length,
})

export function present(ctx: Ctx, s: Sheet): z.input<typeof Worksheet> {
  const { mayWork: _, ...row } = replicaOf(s, permits(ctx.actor, 'worksheet.work', s))
  return { ...row, summary: summaryOf(s), can: can(ctx.actor, s, { work: ['worksheet.work', true] }) }
}

/** What flows into the delivery document, under `work`: known on site, each line with who said so. */
export const factsOf = (s: Sheet): z.input<typeof WorkFacts> => workFacts(replicaOf(s, false))

/** What was done on a visit, as the day's report tells it. */
export interface VisitWork {
  checks: { total: number; answered: number; failed: number; missing: number }
  /** The items that failed, in their own words. */
  failed: { label: { zh: string; en: string }; note: string | null; followUpNumber: string | null }[]
  parts: { number: string | null; name: string; qty: number; unit: string }[]
  serials: string[]
  notes: { text: string; visibility: 'internal' | 'customer' }[]
}
export function workIn(s: Sheet): VisitWork {
  const lists = openLists(s)
  return {
    checks: checksOf(lists),
    failed: lists.flatMap((l) =>
      l.body.items
        .filter((i) => verdictOf(i, l.values[i.key]) === 'fail')
        .map((i) => ({
          label: i.label,
          note:
            (s.answers.find((a) => a.checklist_id === l.checklistId && a.item === i.key && a.field === 'note')?.value as
              | string
              | null
              | undefined) ?? null,
          followUpNumber: s.followUps.find((f) => f.checklist_id === l.checklistId && f.item === i.key)?.number ?? null,
        })),
    ),
    parts: s.parts.map(({ number, name, qty, unit }) => ({ number, name, qty, unit })),
    serials: s.serials.map((x) => x.serial),
    notes: s.notes.filter((n) => n.text !== '').map(({ text, visibility }) => ({ text, visibility })),
  }
}

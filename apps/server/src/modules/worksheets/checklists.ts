// Checklists and the parts catalogue: what operations keeps, and everyone on site uses.

import type { z } from 'zod'
import type { Checklist, ChecklistRow, Part, worksheetsRoutes } from '#contracts/worksheets.schema'
import { faultsOf } from '#lifecycle/worksheet'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { hasAbility } from '../../platform/policy'
import * as store from './store'

constraintErrors.set('parts_number_key', () => new CodedError('part_number_taken'))

type BodyOf<K extends keyof typeof worksheetsRoutes> = (typeof worksheetsRoutes)[K] extends {
  body: infer B extends z.ZodType
}
  ? z.output<B>
  : never

// Company data: there is no row that could lie out of scope.
const mayEdit = (ctx: Ctx) => ({ edit: hasAbility(ctx.actor, 'checklist.edit') })
const ref = (id: string | null, name: string | null) => (id ? { id, name: name ?? '—' } : null)

export const checklistRow = (ctx: Ctx, c: store.ChecklistRow): z.input<typeof ChecklistRow> => ({
  id: c.id,
  title: c.body.title,
  version: c.version,
  orderTypes: c.order_types as z.input<typeof ChecklistRow>['orderTypes'],
  models: c.models,
  items: c.body.items.length,
  retired: c.retired,
  used: c.used,
  usedLately: c.used_lately,
  lastUsedAt: c.last_used_at?.toISOString() ?? null,
  changedAt: c.changed_at.toISOString(),
  changedBy: ref(c.changed_by, c.changed_by_name),
  rev: c.rev,
  can: mayEdit(ctx),
})

export async function checklist(ctx: Ctx, id: string): Promise<z.input<typeof Checklist>> {
  const [c] = await store.checklists(ctx.db, { now: ctx.now, id })
  if (!c) return fail('not_found')
  const versions = await store.versionsOf(ctx.db, id)
  return {
    ...checklistRow(ctx, c),
    versions: versions.map((v) => ({
      checklistId: id,
      version: v.version,
      orderTypes: v.order_types as z.input<typeof ChecklistRow>['orderTypes'],
      models: v.models,
      body: v.body,
      createdAt: v.created_at.toISOString(),
      createdBy: ref(v.created_by, v.created_by_name),
      used: v.used,
    })),
  }
}

const tell = (ctx: Ctx, type: string, id: string, payload: Record<string, unknown>) =>
  ctx.emit({ type, aggregate: 'checklist', aggregateId: id, payload })

/** A new version; visits under way keep theirs. Two editors of the same one: the second is told. */
export async function publish(ctx: Ctx, b: BodyOf<'publishChecklist'>) {
  const fault = faultsOf(b.body.items)[0]
  if (fault) fail('checklist_faulty', { key: fault.key, why: fault.why })
  const before = await store.lockChecklist(ctx.db, b.id)
  if (!before && b.from !== undefined) fail('checklist_unknown')
  if (before && before.version !== b.from)
    fail('changed_meanwhile', {
      rev: before.rev,
      by: before.changed_by_name ?? '—',
      at: before.changed_at.toISOString(),
    })
  const version = (before?.version ?? 0) + 1
  await store.putChecklist(ctx.db, {
    id: b.id,
    version,
    orderTypes: b.orderTypes,
    models: b.models,
    body: b.body,
    now: ctx.now,
    by: ctx.actor.id,
    byName: ctx.actor.name,
  })
  await tell(ctx, 'checklist.published', b.id, { version, title: b.body.title, items: b.body.items.length })
  return checklist(ctx, b.id)
}

export async function retire(ctx: Ctx, id: string, retired: boolean) {
  if (!(await store.lockChecklist(ctx.db, id))) return fail('not_found')
  const n = await store.retireChecklist(ctx.db, id, { retired, now: ctx.now, by: ctx.actor.id, byName: ctx.actor.name })
  if (n > 0) await tell(ctx, retired ? 'checklist.retired' : 'checklist.revived', id, {})
  return checklist(ctx, id)
}

// ── parts ──

export const partRow = (ctx: Ctx, p: store.PartRow): z.input<typeof Part> => ({
  id: p.id,
  number: p.number,
  name: p.name,
  spec: p.spec,
  unit: p.unit,
  category: p.category,
  serial: p.serial,
  models: p.models,
  archived: p.archived,
  rev: p.rev,
  can: { edit: hasAbility(ctx.actor, 'part.edit') },
})

async function savePart(ctx: Ctx, p: Omit<store.PartRow, 'rev' | 'changed_at' | 'changed_by_name'>, type: string) {
  await store.putPart(ctx.db, p, { now: ctx.now, id: ctx.actor.id, name: ctx.actor.name })
  await ctx.emit({ type, aggregate: 'part', aggregateId: p.id, payload: { number: p.number, name: p.name } })
  return partRow(ctx, (await store.findPart(ctx.db, p.id)) as store.PartRow)
}

export async function addPart(ctx: Ctx, b: BodyOf<'addPart'>) {
  const id = b.id ?? newId()
  const known = await store.findPart(ctx.db, id)
  if (known) return known.number === b.number ? partRow(ctx, known) : fail('part_number_taken')
  return savePart(
    ctx,
    {
      id,
      number: b.number,
      name: b.name,
      spec: b.spec ?? null,
      unit: b.unit,
      category: b.category ?? null,
      serial: b.serial ?? false,
      models: b.models ?? [],
      archived: b.archived ?? false,
    },
    'part.added',
  )
}

export async function editPart(ctx: Ctx, id: string, b: BodyOf<'editPart'>) {
  const p = await store.lockPart(ctx.db, id)
  if (!p) return fail('not_found')
  checkRev(ctx, p)
  const given = Object.fromEntries(Object.entries(b).filter(([, v]) => v !== undefined))
  const { rev: _, changed_at: _at, changed_by_name: _by, ...row } = p
  return savePart(ctx, { ...row, ...given }, 'part.edited')
}

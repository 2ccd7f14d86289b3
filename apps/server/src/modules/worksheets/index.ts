import type { ReplicaRows } from '#contracts/replica'
import { worksheetsRoutes } from '#contracts/worksheets.schema'
import { implement, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { authorise, hasAbility, permits, type ScopeRow } from '../../platform/policy'
import { type ReplicaRow, replica } from '../../platform/replica'
import { pageOf, readCursor } from '../../platform/search'
import { findOrder, orderScope } from '../workorders'
import * as checklists from './checklists'
import { asksFor, type MissingCheck, missingOf } from './rules'
import { openLists, present, replicaOf, type VisitWork, workIn } from './sheet'
import * as store from './store'
import * as work from './work'

export type { Body as ChecklistBody, MissingCheck } from './rules'
export type { VisitWork } from './sheet'

export interface BeginWorksheet {
  visitId: string
  orderId: string
  orderType: string
  assetModel: string | null
  /** Visits that share it: the lead's own and his crew's. */
  visitIds: readonly string[]
  scope: ScopeRow
}

/**
 * Begins the worksheet of a visit with the checklists that its order asks for, as they stand now; a repeat only brings
 * crew and scope up to date. Called by visits when the lead takes it and whenever the crew changes.
 */
export async function keepWorksheet(ctx: Ctx, w: BeginWorksheet): Promise<void> {
  const begun = await store.insertSheet(ctx.db, { ...w, now: ctx.now })
  if (begun === 0) {
    await store.share(ctx.db, w.visitId, { visitIds: w.visitIds, scope: w.scope, now: ctx.now })
    return
  }
  const lists = (await store.inUse(ctx.db)).filter((c) => asksFor(c, w.orderType, w.assetModel))
  await store.insertLists(ctx.db, w.visitId, lists, ctx.now)
  await ctx.emit({
    type: 'worksheet.begun',
    aggregate: 'worksheet',
    aggregateId: w.visitId,
    payload: {
      orderId: w.orderId,
      visitId: w.visitId,
      checklists: lists.map((l) => ({ id: l.checklist_id, version: l.version })),
    },
    scope: w.scope,
  })
}

/** Required checks of a visit that nobody has answered: what stands between the engineer and a finished visit. */
export async function checksMissing(ctx: Ctx, visitId: string): Promise<MissingCheck[]> {
  const s = await work.wholeOf(ctx, visitId)
  return s ? missingOf(openLists(s)) : []
}

/** What was done on these visits, by visit; one that shares another's worksheet shows the same. */
export async function workOf(ctx: Pick<Ctx, 'db'>, visitIds: readonly string[]): Promise<Map<string, VisitWork>> {
  const sheets = await store.whole(ctx.db, await store.serving(ctx.db, visitIds))
  const out = new Map<string, VisitWork>()
  for (const s of sheets) {
    const done = workIn(s)
    for (const id of s.visit_ids) if (visitIds.includes(id)) out.set(id, done)
  }
  return out
}

/** What the checklists of such an order say is to be brought, each line once. */
export async function bringLists(ctx: Pick<Ctx, 'db'>) {
  const all = await store.inUse(ctx.db)
  return (orderType: string, assetModel: string | null) => {
    const lines = all
      .filter((c) => asksFor(c, orderType, assetModel))
      .flatMap((c) => c.body.bring.map((b) => ({ ...b, checklist: c.body.title })))
    return lines.filter((l, i) => lines.findIndex((o) => o.name.zh === l.name.zh && o.part === l.part) === i)
  }
}

/** The worksheets of these visits as a phone holds them; only what the actor may read. */
export async function worksheetsReplica(
  ctx: Ctx,
  visitIds: readonly string[],
): Promise<ReplicaRow<ReplicaRows['worksheet']>[]> {
  const sheets = await store.whole(ctx.db, await store.serving(ctx.db, visitIds))
  return sheets
    .filter((s) => permits(ctx.actor, 'worksheet.read', s))
    .map((s) => ({
      id: s.visit_id,
      row: replicaOf(s, permits(ctx.actor, 'worksheet.work', s)) as ReplicaRows['worksheet'],
    }))
}

const r = worksheetsRoutes
export const worksheets: Module = {
  name: 'worksheets',
  replica: [
    replica('part', async (ctx) =>
      hasAbility(ctx.actor, 'part.read') && hasAbility(ctx.actor, 'worksheet.work')
        ? (await store.catalogue(ctx.db)).map((p) => ({
            id: p.id,
            row: {
              id: p.id,
              number: p.number,
              name: p.name,
              spec: p.spec,
              unit: p.unit,
              category: p.category,
              serial: p.serial,
              models: p.models,
              rev: p.rev,
            },
          }))
        : [],
    ),
  ],
  live: { worksheet: 'worksheet.read', checklist: 'checklist.read', part: 'part.read' },
  handlers: [
    implement(r.listChecklists, async (ctx, { query }) => ({
      rows: (await store.checklists(ctx.db, { now: ctx.now, q: query.q })).map((c) => checklists.checklistRow(ctx, c)),
      can: { publish: hasAbility(ctx.actor, 'checklist.edit') },
    })),
    implement(r.getChecklist, (ctx, { params }) => checklists.checklist(ctx, params.id)),
    implement(r.publishChecklist, (ctx, { body }) => checklists.publish(ctx, body)),
    implement(r.retireChecklist, (ctx, { params, body }) => checklists.retire(ctx, params.id, body.retired)),
    implement(r.listParts, async (ctx, { query }) => ({
      ...pageOf(
        await store.parts(ctx.db, { ...query, after: readCursor(query.after, 2) }),
        query.limit,
        (p) => [p.number, p.id],
        (p) => checklists.partRow(ctx, p),
      ),
      can: { add: hasAbility(ctx.actor, 'part.edit') },
    })),
    implement(r.addPart, (ctx, { body }) => checklists.addPart(ctx, body)),
    implement(r.editPart, (ctx, { params, body }) => checklists.editPart(ctx, params.id, body)),
    implement(r.worksheetsOfOrder, async (ctx, { params }) => {
      const order = await findOrder(ctx, params.id)
      if (!order) return fail('not_found')
      authorise(ctx.actor, 'worksheet.read', orderScope(order), 'order.read')
      const sheets = await store.whole(ctx.db, await store.ofOrder(ctx.db, params.id))
      return { worksheets: sheets.map((s) => present(ctx, s)) }
    }),
    implement(r.getWorksheet, async (ctx, { params }) => present(ctx, await work.readable(ctx, params.id))),
    implement(r.answerCheck, async (ctx, { params, body }) => present(ctx, await work.answer(ctx, params.id, body))),
    implement(r.proposeFollowUp, async (ctx, { params, body }) =>
      present(ctx, await work.followUp(ctx, params.id, body)),
    ),
    implement(r.usePart, async (ctx, { params, body }) => present(ctx, await work.usePart(ctx, params.id, body))),
    implement(r.dropPart, async (ctx, { params, body }) => present(ctx, await work.dropPart(ctx, params.id, body))),
    implement(r.addWorkNote, async (ctx, { params, body }) => present(ctx, await work.addNote(ctx, params.id, body))),
    implement(r.editWorkNote, async (ctx, { params, body }) => present(ctx, await work.editNote(ctx, params.id, body))),
    implement(r.scanSerial, async (ctx, { params, body }) => present(ctx, await work.scan(ctx, params.id, body))),
  ],
}

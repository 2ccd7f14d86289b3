// The visit's delivery documents: begun when it is taken, kept up with what happens, asked for at its end.

import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { requiredMissing, startDocuments, updateFacts } from '../documents'
import { linkAggregate } from '../workorders'
import { type CardRow, findCard } from './queries'
import { type VisitRow, visitScope } from './store'

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** What a template may name as a source, by path: order, customer, site, contact, asset, engineers, visit. */
export function factsFor(
  v: Pick<CardRow, 'order_number' | 'title' | 'type' | 'order_text' | 'customer_name' | 'contact' | 'asset'> &
    Pick<CardRow, 'engineer_id' | 'engineer_name' | 'mode' | 'fold'> & {
      site: { name: string; address: string } | null
    },
) {
  const asset = v.asset
  return {
    order: { number: v.order_number, title: v.title, type: v.type, request: v.order_text || v.title },
    customer: { name: v.customer_name },
    site: v.site && { name: v.site.name, address: v.site.address },
    contact: v.contact && { name: v.contact.name, phone: v.contact.phone },
    asset: asset && { name: asset.name, model: asset.model, serial: asset.serial },
    engineers: v.engineer_id ? [{ id: v.engineer_id, name: v.engineer_name }] : [],
    visit: {
      mode: v.mode,
      arrivedAt: iso(v.fold.arrivedAt),
      startedAt: iso(v.fold.startedAt),
      finishedAt: iso(v.fold.finishedAt),
    },
  }
}

/** Photos of the work by their declared hash: the document names them before their bytes arrive. Those taken for the check-in prove an arrival and are nobody's delivery. */
const photosFor = (ctx: Ctx, visitId: string) =>
  ctx.db.query<{ id: string; sha256: string; takenAt: string }>(
    sql`select id, sha256, taken_at as "takenAt" from evidence where visit_id = ${visitId} and kind = 'photo' and check_in_id is null order by taken_at, id`,
  )

const moments = (v: VisitRow) =>
  [v.fold.arrivedAt, v.fold.startedAt, v.fold.finishedAt, v.engineer_id, v.fold.evidenceIds.length].join()

/** Begins the documents when the visit is taken; later lets arrival, end and people flow into what is not signed yet. */
export async function keepPapers(ctx: Ctx, before: VisitRow, after: VisitRow): Promise<void> {
  const begins = before.fold.takenAt === null && after.fold.takenAt !== null
  if (!begins && (after.fold.takenAt === null || moments(before) === moments(after))) return
  const row = (await findCard(ctx.db, after.id)) as CardRow
  const facts = { ...factsFor(row), photos: await photosFor(ctx, after.id) }
  const scope = visitScope(after)
  if (begins)
    for (const id of await startDocuments(ctx, {
      visitId: after.id,
      orderId: after.order_id,
      orderType: row.type,
      facts,
      scope,
    }))
      await linkAggregate(ctx, after.order_id, id)
  await updateFacts(ctx, after.id, facts, scope)
}

/** Required documents that are not complete. Work that could not be done has nothing to deliver. */
export async function papersMissing(ctx: Ctx, visitId: string, result: 'done' | 'partial' | 'unable') {
  if (result === 'unable') return []
  const zh = ctx.actor.locale === 'zh-CN'
  return (await requiredMissing(ctx, visitId)).map((d) => ({
    id: d.documentId,
    name: zh ? d.title.zh : d.title.en,
  }))
}

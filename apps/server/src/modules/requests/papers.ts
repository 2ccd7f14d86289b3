// 待补交: required documents that were left to follow when a visit ended, with a reason and a due time. What the finish
// said becomes a row in a reaction; filing or signing the document settles it.

import type { z } from 'zod'
import type { PendingPaper, requestsRoutes } from '#contracts/requests.schema'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import type { StoredEvent } from '../../platform/events'
import { newId } from '../../platform/ids'
import { type ScopeRow, scopeSql } from '../../platform/policy'
import { pageOf, readCursor } from '../../platform/search'
import { fileComplete, findDocument, requiredMissing } from '../documents'
import { tell } from '../notices'
import { findVisit, visitScope } from '../visits'
import { type AboutColumns, aboutColumns, aboutJoins, noticeAbout, presentAbout, supervisorsOf } from './about'
import { readPolicy } from './policy'

type Wire = z.input<typeof PendingPaper>

interface Row extends AboutColumns, ScopeRow {
  id: string
  document_id: string
  visit_id: string
  title: { zh: string; en: string }
  engineer_id: string
  engineer_name: string
  reason: string | null
  left_at: Date
  due_at: Date
  told: string[]
  missing: number
}

const selected = sql`select r.id, r.document_id, r.visit_id, r.order_id, t.body -> 'title' as title, r.engineer_id, u.name as engineer_name, r.reason, r.left_at, r.due_at, r.told,
    r.team_id, r.customer_id, r.people, ${aboutColumns}
  from pending_papers r ${aboutJoins(sql`r`)} join users u on u.id = r.engineer_id join documents d on d.id = r.document_id
    join document_templates t on t.key = d.template_key and t.version = d.template_version`

const present = (r: Row): Wire => ({
  id: r.id,
  documentId: r.document_id,
  title: r.title,
  ...presentAbout(r),
  visitId: r.visit_id,
  engineer: { id: r.engineer_id, name: r.engineer_name },
  reason: r.reason,
  leftAt: r.left_at.toISOString(),
  dueAt: r.due_at.toISOString(),
  missing: r.missing,
})

/** How much each still lacks; a page has few visits, and each is asked once. */
async function withMissing(ctx: Ctx, rows: Row[]): Promise<Row[]> {
  const lacks = new Map<string, number>()
  for (const visitId of new Set(rows.map((r) => r.visit_id)))
    for (const d of await requiredMissing(ctx, visitId)) lacks.set(d.documentId, d.missing.length)
  return rows.map((r) => ({ ...r, missing: lacks.get(r.document_id) ?? 0 }))
}

export async function papersOf(ctx: Ctx): Promise<Wire[]> {
  const rows = await ctx.db.query<Row>(
    sql`${selected} where r.engineer_id = ${ctx.actor.id} and r.settled_at is null order by r.due_at, r.id limit 100`,
  )
  return (await withMissing(ctx, rows)).map(present)
}

export async function listPapers(ctx: Ctx, q: z.output<typeof requestsRoutes.listPapers.query>) {
  const [at, id] = (readCursor(q.after, 2) ?? []) as [string?, string?]
  const rows = await ctx.db.query<Row>(sql`${selected}
    where r.settled_at is null and ${scopeSql(ctx.actor, 'document.read', 'r')}
      and (${q.overdue ?? null}::text is distinct from 'true' or r.due_at <= ${ctx.now})
      and (${q.scope} = 'all' or r.engineer_id = ${ctx.actor.id})
      and (${at ?? null}::timestamptz is null or (r.due_at, r.id) > (${at ?? null}::timestamptz, ${id ?? null}::uuid))
    order by r.due_at, r.id limit ${q.limit + 1}`)
  const { n } = await ctx.db.one<{ n: number }>(sql`select count(*) as n from pending_papers r
    where r.settled_at is null and r.due_at <= ${ctx.now} and ${scopeSql(ctx.actor, 'document.read', 'r')}`)
  return {
    ...pageOf(await withMissing(ctx, rows), q.limit, (r) => [r.due_at.toISOString(), r.id], present),
    overdue: n,
  }
}

/** The end of a visit that left papers behind. */
export async function keepPending(ctx: Ctx, e: StoredEvent): Promise<void> {
  const ids = (e.payload.pendingDocuments as string[] | undefined) ?? []
  const v = ids.length > 0 ? await findVisit(ctx, e.aggregateId) : undefined
  if (!v?.engineer_id || v.fold.finishedAt === null) return
  const { papersHours } = await readPolicy(ctx)
  const lacks = new Set((await requiredMissing(ctx, v.id)).map((d) => d.documentId))
  const scope = { ...visitScope(v), people: [v.engineer_id] }
  for (const documentId of ids.filter((one) => lacks.has(one)))
    await ctx.db.run(sql`
      insert into pending_papers (id, document_id, visit_id, order_id, engineer_id, reason, left_at, due_at, team_id, customer_id, people)
      values (${newId()}, ${documentId}, ${v.id}, ${v.order_id}, ${v.engineer_id}, ${e.reason}, ${e.occurredAt},
        ${new Date(e.occurredAt.getTime() + papersHours * 3_600_000)}, ${scope.team_id}, ${scope.customer_id}, ${scope.people}::uuid[]) on conflict (document_id) do nothing`)
}

/** A paper that is complete is handed in by its last word: nobody presses a second button for it. */
export async function settleFilled(ctx: Ctx, documentId: string): Promise<void> {
  const d = await findDocument(ctx, documentId)
  const row =
    d &&
    (await ctx.db.maybe(sql`select 1 from pending_papers where document_id = ${documentId} and settled_at is null`))
  if (!d || !row) return
  if ((await requiredMissing(ctx, d.visit_id)).some((m) => m.documentId === documentId)) return
  await fileComplete(ctx, d.visit_id)
  await settlePaper(ctx, documentId)
}

export const settlePaper = (ctx: Ctx, documentId: string) =>
  ctx.db.run(
    sql`update pending_papers set settled_at = ${ctx.now} where document_id = ${documentId} and settled_at is null`,
  )

/** Four hours before it is due the engineer hears of it; when it is overdue his supervisors do too. */
export async function remindOfPapers(ctx: Ctx): Promise<void> {
  const due = await ctx.db.query<Row>(sql`${selected} where r.settled_at is null
    and (not 'overdue' = any(r.told) and r.due_at <= ${ctx.now}
      or not 'soon' = any(r.told) and r.due_at - interval '4 hours' <= ${ctx.now}) order by r.due_at limit 200`)
  for (const r of due) {
    const overdue = r.due_at <= ctx.now
    await tell(ctx, {
      userIds: [r.engineer_id, ...(overdue ? await supervisorsOf(ctx, r.team_id) : [])],
      code: overdue ? 'papers_overdue' : 'papers_due',
      urgency: overdue ? 'urgent' : 'normal',
      subject: { kind: 'paper', id: r.id },
      params: {
        by: r.engineer_name,
        document: r.title.zh,

        start: r.due_at.toISOString(),
        visitId: r.visit_id,
        documentId: r.document_id,
        ...noticeAbout(r),
      },
    })
    await ctx.db.run(
      sql`update pending_papers set told = ${overdue ? ['soon', 'overdue'] : ['soon']} where id = ${r.id}`,
    )
  }
}

// What the engineer's phone holds of visits: his own of the span and whatever of his is still open, each with the facts
// around it. Set by set, never a statement a row: a month of eight visits a day is asked for at every sync.

import type { z } from 'zod'
import type { VisitReplica } from '#contracts/visits.schema'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'
import { scopeSql } from '../../platform/policy'
import { type ReplicaRow, type ReplicaSpan, replica } from '../../platform/replica'
import { documentsReplica } from '../documents'
import { slaOf } from '../workorders'
import { worksheetsReplica } from '../worksheets'
import { evidenceOfVisits, presentEvidence } from './evidence'
import { type CardRow, cards, historyOfAssets, siteOf } from './queries'
import type { VisitRow } from './store'

type Row = z.output<typeof VisitReplica>

/** Visits of the span, and those that have not ended: last month's open visit is today's work. */
export const heldSql = (ctx: Ctx, span: ReplicaSpan): Sql =>
  sql`v.people @> array[${ctx.actor.id}]::uuid[] and ${scopeSql(ctx.actor, 'visit.read', 'v')}
    and ((v.planned_start < ${span.to} and v.planned_end > ${span.from}) or v.ended_at is null)`

const grouped = <T>(rows: readonly T[], key: (row: T) => string | null): Map<string | null, T[]> => {
  const out = new Map<string | null, T[]>()
  for (const r of rows) out.set(key(r), [...(out.get(key(r)) ?? []), r])
  return out
}

interface Mate {
  id: string
  order_id: string
  trip_id: string | null
  engineer_id: string | null
  engineer_name: string | null
  title: string
  role: VisitRow['fold']['role']
  state: VisitRow['state']
}

const gone = ['declined', 'cancelled', 'reassigned']

async function visitRows(ctx: Ctx, span: ReplicaSpan): Promise<ReplicaRow<Row>[]> {
  if (ctx.actor.id === null) return []
  const rows = await cards(ctx.db, heldSql(ctx, span), sql`v.planned_start, v.id`, 2_000)
  if (rows.length === 0) return []
  const ids = rows.map((v) => v.id)
  const assets = [...new Set(rows.flatMap((v) => v.asset?.id ?? []))]
  const [mates, evidence, history] = await Promise.all([
    // Who else is on the order, and what else is done on the way: asked by both keys at once.
    ctx.db.query<Mate>(sql`
      select v.id, v.order_id, v.trip_id, v.engineer_id, u.name as engineer_name, o.title, v.role, v.state
      from visits v join orders o on o.id = v.order_id left join users u on u.id = v.engineer_id
      where (v.order_id = any(${[...new Set(rows.map((v) => v.order_id))]}::uuid[]) or v.trip_id = any(${[...new Set(rows.flatMap((v) => v.trip_id ?? []))]}::uuid[]))
        and v.state <> all(${gone}::text[])
      order by v.planned_start, v.id`),
    evidenceOfVisits(ctx, ids),
    historyOfAssets(ctx.db, assets),
  ])
  const crews = grouped(mates, (m) => m.order_id)
  const trips = grouped(mates, (m) => m.trip_id)
  const proofs = grouped(evidence, (e) => e.visit_id)
  const past = grouped(history, (h) => h.asset_id)
  return rows.map((v) => {
    const others = (list: Mate[] | undefined) => (list ?? []).filter((m) => m.id !== v.id)
    return {
      id: v.id,
      row: rowOf(ctx, v, {
        evidence: (proofs.get(v.id) ?? []).map(presentEvidence),
        asset: v.asset && {
          ...v.asset,
          history: (past.get(v.asset.id) ?? [])
            .filter((h) => h.visit_id !== v.id)
            .slice(0, 10)
            .map((h) => ({
              visitId: h.visit_id,
              orderId: h.order_id,
              orderNumber: h.order_number,
              title: h.title,
              at: h.at.toISOString(),
              result: h.result,
              engineer: h.engineer_id ? { id: h.engineer_id, name: h.engineer_name ?? '—' } : null,
            })),
        },
        crew: others(crews.get(v.order_id))
          .slice(0, 50)
          .map((m) => ({
            visitId: m.id,
            engineer: m.engineer_id ? { id: m.engineer_id, name: m.engineer_name ?? '—' } : null,
            role: m.role,
            state: m.state,
          })),
        trip: v.trip_id
          ? others(trips.get(v.trip_id))
              .slice(0, 20)
              .map((m) => ({ visitId: m.id, title: m.title, state: m.state }))
          : [],
      }),
    }
  })
}

function rowOf(ctx: Ctx, v: CardRow, around: Pick<Row, 'evidence' | 'asset' | 'crew' | 'trip'>): Row {
  // Read as of the last change, not as of now: the clocks' reading is then a function of the rows, and the phone lets
  // them run on by itself.
  const slaAt = new Date(
    Math.max(v.order_changed_at.getTime(), v.changed_at.getTime(), v.order_fold.lastAt, v.fold.lastAt),
  )
  return {
    id: v.id,
    rev: v.rev,
    orderId: v.order_id,
    orderNumber: v.order_number,
    title: v.title,
    text: v.order_text,
    type: v.type,
    priority: v.priority,
    orderState: v.order_state,
    dueAt: v.due_at?.toISOString() ?? null,
    sla: slaOf(
      { now: slaAt, zone: ctx.zone },
      {
        fold: v.order_fold,
        visits: v.order_visits,
        site_zone: v.site?.zone ?? null,
        site_hours: (v.site?.access_hours ?? null) as [number, number][][] | null,
      },
    ).filter((c) => c.visitId === null || c.visitId === v.id),
    slaAt: slaAt.toISOString(),
    customer: { id: v.customer_id as string, name: v.customer_name },
    site: siteOf(v),
    contact: v.contact,
    engineer: v.engineer_id ? { id: v.engineer_id, name: v.engineer_name ?? '—' } : null,
    people: v.people,
    tripId: v.trip_id,
    reviewOpen: v.review_open,
    conflicts: v.conflicts,
    fold: v.fold as unknown as Record<string, unknown>,
    ...around,
  }
}

const heldIds = async (ctx: Ctx, span: ReplicaSpan) =>
  (await ctx.db.query<{ id: string }>(sql`select v.id from visits v where ${heldSql(ctx, span)} limit 2000`)).map(
    (v) => v.id,
  )

export const visitReplica = [
  replica('visit', visitRows, { first: true }),
  replica('worksheet', async (ctx, span) => {
    if (ctx.actor.id === null) return []
    return worksheetsReplica(ctx, await heldIds(ctx, span))
  }),
  // Documents do not know when their visit is: which of them the phone holds is asked here.
  replica('document', async (ctx, span) => {
    if (ctx.actor.id === null) return []
    return documentsReplica(ctx, await heldIds(ctx, span))
  }),
]

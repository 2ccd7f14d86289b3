// The visit's worksheet: one for the lead and the crew that helps him in the same hours.

import type { Ctx } from '../../platform/context'
import { checksMissing, keepWorksheet } from '../worksheets'
import { type CardRow, findCard } from './queries'
import { rowsOfOrder, type VisitRow, visitScope } from './store'

const gone = ['planned', 'offered', 'declined', 'cancelled', 'reassigned']
const together = (a: VisitRow, b: VisitRow) =>
  a.fold.planned.start < b.fold.planned.end && b.fold.planned.start < a.fold.planned.end

/** What a worksheet depends on: who holds which visit when, and that it has begun. */
const crewOf = (v: VisitRow) =>
  [v.state, v.engineer_id, v.fold.takenAt, v.fold.role, v.fold.planned.start, v.fold.planned.end].join()

/** Begins the worksheet when the lead takes his visit; later keeps in step who writes on it. */
export async function keepSheets(ctx: Ctx, before: VisitRow, after: VisitRow): Promise<void> {
  if (after.fold.takenAt === null || crewOf(before) === crewOf(after)) return
  const visits = await rowsOfOrder(ctx.db, after.order_id)
  const there = visits.filter((v) => v.fold.takenAt !== null && !gone.includes(v.state))
  const leadOf = (v: VisitRow) =>
    v.fold.role === 'lead' ? undefined : there.find((l) => l.fold.role === 'lead' && together(l, v))
  const lead = leadOf(after) ?? after
  const crew = [lead, ...there.filter((v) => v.id !== lead.id && leadOf(v)?.id === lead.id)]
  const row = (await findCard(ctx.db, lead.id)) as CardRow
  const lost = gone.includes(lead.state)
  await keepWorksheet(ctx, {
    visitId: lead.id,
    orderId: lead.order_id,
    orderType: row.type,
    assetModel: row.asset?.model ?? null,
    visitIds: crew.map((v) => v.id),
    scope: {
      ...visitScope(lead),
      people: lost ? [] : [...new Set(crew.flatMap((v) => v.people))],
    },
  })
}

/** Required checks that nobody has answered. Only work that is done has to show them: the rest says what is left. */
export async function checksOpen(ctx: Ctx, v: VisitRow, result: 'done' | 'partial' | 'unable') {
  if (result !== 'done' || v.fold.role !== 'lead') return []
  return checksMissing(ctx, v.id)
}

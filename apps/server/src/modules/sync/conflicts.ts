// One field changed in two places: both words, who said them and when, until a dispatcher has settled it.

import type { z } from 'zod'
import type { ReplicaRows } from '#contracts/replica'
import { type FieldConflict, syncRoutes } from '#contracts/sync.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { empty, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { authorise, can, type ScopeRow, scopeSql } from '../../platform/policy'
import { type ReplicaRow, replica } from '../../platform/replica'
import { pageOf, readCursor } from '../../platform/search'

interface ConflictRow extends ScopeRow {
  id: string
  aggregate: string
  aggregate_id: string
  field: string
  command_id: string | null
  label: { zh: string; en: string } | null
  visit_id: string | null
  order_id: string | null
  order_number: string | null
  title: string | null
  kept: unknown
  kept_by: string | null
  kept_by_name: string | null
  kept_at: Date | null
  lost: unknown
  lost_by: string | null
  lost_by_name: string | null
  lost_at: Date | null
  found_at: Date
  settled_at: Date | null
  settled_by_name: string | null
  note: string | null
}

const columns = sql`x.id, x.aggregate, x.aggregate_id, x.field, x.command_id, x.label, x.visit_id, x.order_id, o.number as order_number, coalesce(x.title, o.title) as title,
  x.kept, x.kept_by, x.kept_by_name, x.kept_at, x.lost, x.lost_by, x.lost_by_name, x.lost_at, x.found_at, x.settled_at, x.settled_by_name, x.note,
  x.team_id, x.customer_id, x.people`
const tables = sql`field_conflicts x left join orders o on o.id = x.order_id`

const said = (value: unknown, by: string | null, name: string | null, at: Date | null) => ({
  value: value ?? null,
  by: by ? { id: by, name: name ?? '—' } : null,
  at: at?.toISOString() ?? null,
})

const shown = (c: ConflictRow): z.output<typeof FieldConflict> => ({
  id: c.id,
  of: c.aggregate,
  ofId: c.aggregate_id,
  field: c.field,
  commandId: c.command_id,
  label: c.label,
  visitId: c.visit_id,
  orderId: c.order_id,
  orderNumber: c.order_number,
  title: c.title,
  kept: said(c.kept, c.kept_by, c.kept_by_name, c.kept_at),
  lost: said(c.lost, c.lost_by, c.lost_by_name, c.lost_at),
  foundAt: c.found_at.toISOString(),
  settledAt: c.settled_at?.toISOString() ?? null,
  settledBy: c.settled_by_name,
  note: c.note,
})

/** How long the phone shows what has been settled. */
const toldDays = 14

/** Conflicts that this person is one of the two sides of, and what of his own actions a visit's story has no place for. */
async function conflictRows(ctx: Ctx): Promise<ReplicaRow<ReplicaRows['conflict']>[]> {
  if (ctx.actor.id === null) return []
  const recent = sql`date_trunc('day', ${ctx.now}::timestamptz) - make_interval(days => ${toldDays})`
  const [fields, events] = await Promise.all([
    ctx.db.query<ConflictRow>(sql`
      select ${columns} from ${tables} where x.people @> array[${ctx.actor.id}]::uuid[] and ${ctx.actor.id} in (x.kept_by, x.lost_by)
        and (x.settled_at is null or x.settled_at > ${recent}) order by x.found_at desc limit 200`),
    ctx.db.query<{
      event_id: string
      command_id: string | null
      visit_id: string
      order_id: string
      order_number: string | null
      title: string
      type: string
      why: string
      state: string
      occurred_at: Date
      found_at: Date
      settled_at: Date | null
      settled_by: string | null
      note: string | null
    }>(sql`
      select x.event_id, e.command_id, x.visit_id, v.order_id, o.number as order_number, o.title, x.type, x.why, x.state, e.occurred_at, x.found_at, x.settled_at,
        u.name as settled_by, x.note
      from visits v join visit_conflicts x on x.visit_id = v.id join events e on e.id = x.event_id join orders o on o.id = v.order_id
        left join users u on u.id = x.settled_by
      where (v.people @> array[${ctx.actor.id}]::uuid[] or v.former @> array[${ctx.actor.id}]::uuid[]) and e.actor_id = ${ctx.actor.id}
        and (x.settled_at is null or x.settled_at > ${recent}) order by x.found_at desc limit 200`),
  ])
  return [
    ...fields.map((c) => ({ id: c.id, row: { kind: 'field' as const, ...shown(c) } })),
    ...events.map((c) => ({
      id: c.event_id,
      row: {
        kind: 'event' as const,
        id: c.event_id,
        commandId: c.command_id,
        visitId: c.visit_id,
        orderId: c.order_id,
        orderNumber: c.order_number,
        title: c.title,
        type: c.type,
        why: c.why,
        state: c.state,
        occurredAt: c.occurred_at.toISOString(),
        foundAt: c.found_at.toISOString(),
        settledAt: c.settled_at?.toISOString() ?? null,
        settledBy: c.settled_by,
        note: c.note,
      },
    })),
  ]
}
export const conflictReplica = replica('conflict', conflictRows)

export const conflictHandlers: Implemented[] = [
  implement(syncRoutes.fieldConflicts, async (ctx, { query }) => {
    const after = readCursor(query.after, 2)
    const mine = sql`x.settled_at is null and ${scopeSql(ctx.actor, 'visit.conflicts', 'x')}`
    const rows = await ctx.db.query<ConflictRow>(sql`
      select ${columns} from ${tables} where ${mine} ${after ? sql`and (x.found_at, x.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : empty}
      order by x.found_at desc, x.id desc limit ${query.limit + 1}`)
    const { n } = await ctx.db.one<{ n: number }>(sql`select count(*) as n from field_conflicts x where ${mine}`)
    return {
      ...pageOf(
        rows,
        query.limit,
        (c) => [c.found_at.toISOString(), c.id],
        (c) => ({ ...shown(c), can: can(ctx.actor, c, { settle: ['visit.conflicts', true] }) }),
      ),
      total: n,
    }
  }),
  implement(syncRoutes.settleFieldConflict, async (ctx, { params, body }) => {
    const c = await ctx.db.maybe<ConflictRow>(
      sql`select ${columns} from ${tables} where x.id = ${params.id} for update of x`,
    )
    if (!c) return fail('not_found')
    authorise(ctx.actor, 'visit.conflicts', c, 'visit.conflicts')
    if (c.settled_at) fail('conflict_settled')
    await ctx.db.run(sql`update field_conflicts set settled_at = ${ctx.now}, settled_by = ${ctx.actor.id}, settled_by_name = ${ctx.actor.name},
      note = ${body.note} where id = ${params.id}`)
    await ctx.emit({
      type: 'conflict.settled',
      aggregate: 'conflict',
      aggregateId: params.id,
      payload: { of: c.aggregate, ofId: c.aggregate_id, field: c.field, visitId: c.visit_id, orderId: c.order_id },
      reason: body.note,
      scope: c,
    })
    return { ok: true as const }
  }),
]

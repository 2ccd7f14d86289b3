import { constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'

export type OccupancyKind = 'visit' | 'travel' | 'leave' | 'training'

export interface Booking {
  engineerId: string
  from: Date
  to: Date
  kind: OccupancyKind
  /** The visit, trip or absence that holds the time. */
  ref: string
}

/**
 * Gives time of engineers away, in the caller's transaction. Bookings may be several, for a crew or for work moved in
 * one go: release what moves first, then book. Fails with `engineer_busy` saying who, what and when is in the way.
 */
export async function occupy(ctx: Pick<Ctx, 'db'>, bookings: Booking | readonly Booking[]): Promise<void> {
  const list: readonly Booking[] = Array.isArray(bookings) ? bookings : [bookings as Booking]
  if (list.length === 0) return
  for (const b of list) if (b.to <= b.from) fail('time_order')
  const ids = [...new Set(list.map((b) => b.engineerId))]
  // Rivals for one engineer wait here, in one order for all: the loser then sees what the winner booked and can say
  // so, where the bare constraint would answer after a deadlock's second.
  const known = await ctx.db.query(
    sql`select user_id from engineers where user_id = any(${ids}::uuid[]) order by user_id for no key update`,
  )
  if (known.length !== ids.length) fail('engineer_unknown')
  const wanted = JSON.stringify(
    list.map((b) => ({ engineer_id: b.engineerId, f: b.from, t: b.to, kind: b.kind, ref: b.ref })),
  )
  const inTheWay = await ctx.db.maybe<{
    engineer_id: string
    name: string
    kind: OccupancyKind
    ref: string
    from: Date
    to: Date
    wanted_from: Date
    wanted_to: Date
  }>(sql`
    select o.engineer_id, u.name, o.kind, o.ref, lower(o.during) as from, upper(o.during) as to, w.f as wanted_from, w.t as wanted_to
    from jsonb_to_recordset(${wanted}::jsonb) as w(engineer_id uuid, f timestamptz, t timestamptz, kind text, ref uuid)
    join engineer_occupancy o on o.engineer_id = w.engineer_id and o.during && tstzrange(w.f, w.t)
    join users u on u.id = o.engineer_id
    order by o.kind = 'travel', lower(o.during) limit 1`)
  if (inTheWay)
    fail('engineer_busy', {
      engineerId: inTheWay.engineer_id,
      engineerName: inTheWay.name,
      kind: inTheWay.kind,
      ref: inTheWay.ref,
      from: inTheWay.from.toISOString(),
      to: inTheWay.to.toISOString(),
      wantedFrom: inTheWay.wanted_from.toISOString(),
      wantedTo: inTheWay.wanted_to.toISOString(),
    })
  await ctx.db.run(sql`
    insert into engineer_occupancy (engineer_id, during, kind, ref)
    select w.engineer_id, tstzrange(w.f, w.t), w.kind, w.ref
    from jsonb_to_recordset(${wanted}::jsonb) as w(engineer_id uuid, f timestamptz, t timestamptz, kind text, ref uuid)`)
}

/** Gives back all time that the visit, trip or absence holds; of one engineer only, if named. */
export async function release(ctx: Pick<Ctx, 'db'>, ref: string, engineerId?: string): Promise<void> {
  await ctx.db.run(sql`
    delete from engineer_occupancy where ref = ${ref} and (${engineerId ?? null}::uuid is null or engineer_id = ${engineerId ?? null})`)
}

/** What is booked in [from, to), by engineer and time. One statement, whatever the number of engineers. */
export async function occupancyOf(
  ctx: Pick<Ctx, 'db'>,
  engineerIds: readonly string[],
  from: Date,
  to: Date,
): Promise<Booking[]> {
  return ctx.db.query<Booking>(sql`
    select engineer_id as "engineerId", lower(during) as "from", upper(during) as "to", kind, ref from engineer_occupancy
    where engineer_id = any(${engineerIds}::uuid[]) and during && tstzrange(${from}, ${to}) order by engineer_id, lower(during)`)
}

// Should a writer come past `occupy`, the database still refuses; its detail names the engineer and both ranges.
constraintErrors.set('engineer_occupancy_once', (detail) => {
  const [wanted, held] = [...detail.matchAll(/=\(([0-9a-f-]{36}), \["?([^",]+)"?,"?([^")\]]+)"?\)/g)]
  const iso = (t?: string) => (t ? new Date(t.replace(/([+-]\d\d)$/, '$1:00')).toISOString() : '—')
  return new CodedError('engineer_busy', {
    engineerId: wanted?.[1] ?? '—',
    engineerName: '—',
    kind: 'visit',
    ref: null,
    from: iso(held?.[2]),
    to: iso(held?.[3]),
    wantedFrom: iso(wanted?.[2]),
    wantedTo: iso(wanted?.[3]),
  })
})

import { occurredAt, type TimeFlag } from '#lifecycle'
import type { Ctx } from './context'
import { sql } from './database/pool'

export interface Moment {
  at: Date
  flags: TimeFlag[]
}

/**
 * When the command happened. In contact it is now; offline the phone's clock says, corrected by its measured skew and
 * bounded by what is known for certain: after the device's last contact, after `knownAt` (what the action is about must
 * have existed), and not after it arrived here. Two people on one phone count apart; of the facts that one action states
 * the first is the action, the others (a phone that was bound) may be told by the server's clock.
 */
export async function momentOf(ctx: Ctx, o: { knownAt?: number | null; lastAt?: number } = {}): Promise<Moment> {
  const c = ctx.command
  // Two people in the same instant: what was judged last must fold last.
  const now = new Date(Math.max(ctx.now.getTime(), (o.lastAt ?? 0) + 1))
  if (!c || (!c.offline && !c.atDevice)) return { at: now, flags: [] }
  // What is about different things overtakes each other on the way: the device's time before this is the latest of all
  // its actions before, not that of the one that happens to be known just before.
  const bounds =
    c.deviceId !== undefined && c.deviceSeq !== undefined
      ? await ctx.db.one<{ last_contact_at: Date | null; previous_at: Date | null }>(sql`
          with before as (
            select device_seq, occurred_at, recorded_at, offline from events
            where device_id = ${c.deviceId} and device_seq < ${c.deviceSeq} and actor_id = ${ctx.actor.id}
          )
          select (select max(recorded_at) from before where not offline) as last_contact_at,
            (select max(b.at) from (select min(occurred_at) as at from before group by device_seq) b) as previous_at`)
      : { last_contact_at: null, previous_at: null }
  const known = Math.max(bounds.last_contact_at?.getTime() ?? 0, o.knownAt ?? 0)
  const time = occurredAt({
    atDevice: c.atDevice?.getTime() ?? null,
    skewMs: c.skewMs ?? null,
    lastContactAt: known || null,
    previousAt: bounds.previous_at?.getTime() ?? null,
    recordedAt: ctx.now.getTime(),
  })
  return { at: c.offline ? new Date(time.occurredAt) : now, flags: time.flags }
}

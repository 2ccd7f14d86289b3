// A visit went to somebody else while its holder had no network. The phone shows both sides: who has it now and why, and
// what he did meanwhile, which is kept as flagged events of his old visit.

import type { z } from 'zod'
import type { LostVisit } from '#contracts/requests.schema'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { type AboutColumns, aboutColumns, aboutJoins, person, presentAbout } from './about'

type Wire = z.input<typeof LostVisit>

interface Row extends AboutColumns {
  visit_id: string
  state: Wire['state']
  planned_start: Date
  planned_end: Date
  away_at: Date | null
  away_by: string | null
  away_reason: string | null
  now_id: string | null
  now_state: Wire['state'] | null
  now_engineer_id: string | null
  now_engineer_name: string | null
  mine: Wire['mine']
  photos: Wire['photos']
  handover: Wire['handover']
}

const keptDays = 14

// What the fold could find no place for because the visit was no longer this person's: kept as conflicts, told here.
const keptOf = (me: string | null) => sql`visit_conflicts x join events e on e.id = x.event_id
  where x.visit_id = v.id and e.actor_id = ${me} and (x.why = 'other_engineer' or v.state in ('reassigned', 'cancelled'))`
const mineOf = (me: string | null) => sql`(select json_agg(json_build_object('eventId', e.id, 'type', e.type,
    'at', to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'settled', x.settled_at is not null, 'note', x.note) order by e.occurred_at, e.id)
  from ${keptOf(me)})`

/** Visits of the last two weeks that were taken from the actor while he went on working for them. */
export async function lostVisits(ctx: Ctx): Promise<Wire[]> {
  const me = ctx.actor.id
  const rows = await ctx.db.query<Row>(sql`
    select v.id as visit_id, v.order_id, v.state, v.planned_start, v.planned_end, ${aboutColumns},
      away.occurred_at as away_at, away.actor_name as away_by, away.reason as away_reason,
      n.id as now_id, n.state as now_state, n.engineer_id as now_engineer_id, nu.name as now_engineer_name,
      ${mineOf(me)} as mine,
      coalesce((select json_agg(json_build_object('id', x.id, 'stored', x.stored_at is not null) order by x.taken_at)
        from evidence x where x.visit_id = v.id and x.kind = 'photo' and x.taken_by = ${me}), '[]') as photos,
      (select json_build_object('id', h.id, 'state', h.state) from handovers h where h.visit_id = v.id and h.kind = 'work' and h.from_id = ${me}
        order by h.asked_at desc limit 1) as handover
    from visits v ${aboutJoins(sql`v`)}
      left join lateral (select ev.occurred_at, ev.actor_name, ev.reason from events ev
        where ev.aggregate_id = v.id and ev.type in ('visit.reassigned', 'visit.recalled', 'visit.cancelled') order by ev.occurred_at desc limit 1) away on true
      -- A recalled visit lives on under its own id; a reassigned one in its successor.
      left join visits n on n.id = coalesce((v.fold ->> 'successorId')::uuid, case when v.engineer_id <> ${me} and v.state not in ('reassigned', 'cancelled') then v.id end)
      left join users nu on nu.id = n.engineer_id
    where (v.former @> array[${me}]::uuid[] or v.engineer_id = ${me}) and v.planned_start > ${ctx.now}::timestamptz - make_interval(days => ${keptDays})
      and exists (select 1 from ${keptOf(me)})
    order by v.planned_start desc limit 20`)
  return rows.map((r) => ({
    visitId: r.visit_id,
    ...presentAbout(r),
    planned: { start: r.planned_start.toISOString(), end: r.planned_end.toISOString() },
    state: r.state,
    takenAwayAt: r.away_at?.toISOString() ?? null,
    takenAwayBy: r.away_by,
    reason: r.away_reason,
    now:
      r.now_id && r.now_state
        ? { visitId: r.now_id, engineer: person(r.now_engineer_id, r.now_engineer_name), state: r.now_state }
        : null,
    mine: r.mine ?? [],
    photos: r.photos,
    handover: r.handover,
  }))
}

/** The same facts as lines of a handover. */
export async function happenedOffline(ctx: Ctx, visitId: string) {
  const rows = await ctx.db.query<{ type: string; occurred_at: Date }>(sql`
    select k.* from visits v cross join lateral (select e.id, e.type, e.occurred_at from ${keptOf(ctx.actor.id)}) k
    where v.id = ${visitId} order by k.occurred_at, k.id limit 50`)
  return rows.map((r) => ({ code: 'happened', params: { type: r.type, at: r.occurred_at.toISOString() } }))
}

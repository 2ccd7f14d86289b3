import type { z } from 'zod'
import type { Shift } from '#calendar'
import type { Coordinate } from '#contracts/common.schema'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'

export type Point = z.output<typeof Coordinate>

/** A shift as #calendar reads it, with its name and the zone that its minutes are meant in. */
export interface ShiftFacts extends Shift {
  name: string
  zone: string
}

/** What planning needs to know about one engineer. */
export interface EngineerFacts {
  id: string
  name: string
  teamId: string | null
  teamName: string | null
  home: Point | null
  maxDayMin: number
  maxWeekMin: number
  shift: ShiftFacts | null
  skills: { code: string; name: string; level: number }[]
  /** `expiresOn`: valid through that day; null: for ever. */
  certificates: { kind: string; name: string; expiresOn: string | null }[]
  /** Leave and training that has not ended, epoch milliseconds. */
  absences: { id: string; kind: 'leave' | 'training'; from: number; to: number }[]
}

/** Facts of all active engineers, of the given ones, or of those that a condition on users `u` leaves. One statement. */
export async function engineerFacts(
  ctx: Pick<Ctx, 'db' | 'now'>,
  ids?: readonly string[],
  condition: Sql = sql`true`,
): Promise<EngineerFacts[]> {
  const facts = await ctx.db.query<EngineerFacts>(sql`
    with who as materialized (
      select u.id, u.name, u.team_id, t.name as team_name, e.home, e.max_day_min, e.max_week_min, e.shift_id
      from engineers e
      join (select u.*, array[u.id] as people, null::uuid as customer_id from users u) u on u.id = e.user_id
      left join teams t on t.id = u.team_id
      where u.disabled_at is null and (${ids ?? null}::uuid[] is null or u.id = any(${ids ?? null}::uuid[])) and ${condition}
    )
    select w.id, w.name, w.team_id as "teamId", w.team_name as "teamName", w.home, w.max_day_min as "maxDayMin", w.max_week_min as "maxWeekMin",
      case when h.id is not null then json_build_object('id', h.id, 'name', h.name, 'anchor', h.anchor, 'cycle', h.cycle, 'followsHolidays', h.follows_holidays, 'zone', h.zone) end as shift,
      -- By index for each person: grouped lists joined again were compared pair by pair, since nobody knows how many there are.
      coalesce((select json_agg(json_build_object('code', k.code, 'name', k.name, 'level', x.level) order by k.position, k.code)
        from engineer_skills x join skills k on k.code = x.skill_code where x.engineer_id = w.id), '[]') as skills,
      coalesce((select json_agg(json_build_object('kind', k.code, 'name', k.name, 'expiresOn', x.expires_on) order by k.position, k.code)
        from certificates x join certificate_kinds k on k.code = x.kind where x.engineer_id = w.id and x.removed_at is null), '[]') as certificates,
      coalesce((select json_agg(json_build_object('id', x.id, 'kind', x.kind,
          'from', (extract(epoch from lower(x.during)) * 1000)::bigint, 'to', (extract(epoch from upper(x.during)) * 1000)::bigint) order by lower(x.during))
        from absences x where x.engineer_id = w.id and x.cancelled_at is null and upper(x.during) > ${ctx.now}), '[]') as absences
    from who w left join shifts h on h.id = w.shift_id
    order by w.name, w.id`)
  // People on one shift share one object, so that its hours are computed once a date.
  const shifts = new Map<string, ShiftFacts>()
  for (const f of facts) {
    if (!f.shift) continue
    const first = shifts.get(f.shift.id)
    if (first) f.shift = first
    else shifts.set(f.shift.id, f.shift)
  }
  return facts
}

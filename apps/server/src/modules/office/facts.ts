import { type Minutes, WORK_KINDS } from '#workday'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { dayBounds } from './load'

/** What a person's day counts as: work, way, and the calendar behind it. */
export interface TimeOfDay {
  id: string
  personId: string
  teamId: string | null
  from: number
  to: number
  workMin: number
  travelMin: number
  availableMin: number | null
}

/** Days by their ids, or all of them in pages by id. */
export async function timeOfDays(
  ctx: Ctx,
  of: { ids: readonly string[] } | { after: string; limit: number },
): Promise<TimeOfDay[]> {
  const rows = await ctx.db.query<{
    id: string
    person_id: string
    team_id: string | null
    date: string
    zone: string
    minutes: Minutes
    available_min: number | null
  }>(sql`
    select id, person_id, team_id, date, zone, minutes, available_min from work_days
    where ${'ids' in of ? sql`id = any(${of.ids}::uuid[])` : sql`id > ${of.after}::uuid`} order by id limit ${'ids' in of ? of.ids.length : of.limit}`)
  return rows.map((d) => ({
    id: d.id,
    personId: d.person_id,
    teamId: d.team_id,
    ...dayBounds(d.date, d.zone),
    workMin: WORK_KINDS.reduce((n, k) => n + d.minutes[k], 0),
    travelMin: d.minutes.travel,
    availableMin: d.available_min,
  }))
}

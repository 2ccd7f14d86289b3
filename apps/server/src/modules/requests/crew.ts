// The others of the same order as an engineer sees them: how far each is, his papers and photos, to look at and never to
// touch. And the colleagues whom one may ask.

import type { z } from 'zod'
import type { Colleague, CrewMate } from '#contracts/requests.schema'
import type { VisitState } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { authorise } from '../../platform/policy'
import { documentsFor, requiredMissing } from '../documents'
import { findVisit, visitScope } from '../visits'
import { person } from './about'

type Mate = z.input<typeof CrewMate>

const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
const gone = ['declined', 'cancelled', 'reassigned']

async function readable(ctx: Ctx, visitId: string) {
  const v = await findVisit(ctx, visitId)
  if (!v) return fail('not_found')
  authorise(ctx.actor, 'visit.read', visitScope(v), 'visit.read')
  return v
}

export async function crewOf(ctx: Ctx, visitId: string): Promise<Mate[]> {
  const v = await readable(ctx, visitId)
  const rows = await ctx.db.query<{
    id: string
    engineer_id: string | null
    name: string | null
    phone: string | null
    fold: VisitState
    photos: Mate['photos']
  }>(sql`
    select m.id, m.engineer_id, u.name, u.phone, m.fold,
      coalesce((select json_agg(json_build_object('id', x.id, 'stored', x.stored_at is not null, 'takenAt', to_char(x.taken_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
        order by x.taken_at, x.id) from evidence x where x.visit_id = m.id and x.kind = 'photo' and x.check_in_id is null), '[]') as photos
    from visits m left join users u on u.id = m.engineer_id
    where m.order_id = ${v.order_id} and m.id <> ${v.id} and m.state <> all(${gone}) order by m.role, m.planned_start, m.id limit 20`)
  const mates: Mate[] = []
  for (const r of rows) {
    const lacks = new Map((await requiredMissing(ctx, r.id)).map((d) => [d.documentId, d.missing.length]))
    const f = r.fold
    mates.push({
      visitId: r.id,
      engineer: person(r.engineer_id, r.name),
      phone: r.phone,
      role: f.role,
      state: f.state,
      departedAt: at(f.departedAt),
      arrivedAt: at(f.arrivedAt),
      startedAt: at(f.startedAt),
      finishedAt: at(f.finishedAt),
      remaining: f.remaining,
      documents: (await documentsFor(ctx, r.id)).map((d) => ({
        id: d.id,
        title: d.body.title,
        state: d.state,
        missing: d.state === 'signed' ? 0 : (lacks.get(d.id) ?? 0),
      })),
      photos: r.photos,
    })
  }
  return mates
}

/** Whether the photo is of somebody else's visit of the same order. */
export async function crewPhoto(ctx: Ctx, visitId: string, photoId: string): Promise<void> {
  const v = await readable(ctx, visitId)
  const found = await ctx.db.maybe(sql`select 1 from evidence x join visits m on m.id = x.visit_id
    where x.id = ${photoId} and x.kind = 'photo' and m.order_id = ${v.order_id}`)
  if (!found) fail('not_found')
}

/** Engineers of the company one may turn to; the own team first. */
export const colleaguesOf = (ctx: Ctx, q: { q?: string | undefined; skill?: string | undefined } = {}) =>
  ctx.db.query<z.input<typeof Colleague>>(sql`
    select u.id, u.name, u.phone, t.name as "teamName",
      coalesce((select json_agg(json_build_object('code', s.skill_code, 'name', k.name, 'level', s.level) order by s.level desc, k.name)
        from engineer_skills s join skills k on k.code = s.skill_code where s.engineer_id = u.id), '[]') as skills
    from engineers e join users u on u.id = e.user_id left join teams t on t.id = u.team_id
      join users me on me.id = ${ctx.actor.id} left join teams mt on mt.id = me.team_id
    where u.disabled_at is null and u.id <> me.id
      -- The same region: who is a flight away is asked through the desk.
      and (t.path && (select array_agg(r.id) from teams r where r.kind = 'region' and r.id = any(mt.path)) or t.id = mt.id)
      and (${q.q ?? null}::text is null or u.name like '%' || ${q.q ?? ''} || '%')
      and (${q.skill ?? null}::text is null or exists (select 1 from engineer_skills s where s.engineer_id = u.id and s.skill_code = ${q.skill ?? null}))
    order by (u.team_id is not distinct from me.team_id) desc, u.name collate "zh-x-icu", u.id limit 120`)

import { type Db, sql } from '../../platform/database/pool'
import type { Actor } from '../../platform/policy'
import { reachOf, type SessionRow } from './store'

/** Colleagues as actors, with their reach: for asking what somebody else may see (a mention, an assignment). */
export async function actorsOf(db: Db, f: { ids?: readonly string[]; q?: string; limit?: number }): Promise<Actor[]> {
  const rows = await db.query<Pick<SessionRow, 'user_id' | 'name' | 'locale' | 'team_id' | 'grants'>>(sql`
    select u.id as user_id, u.name, u.locale, u.team_id,
      (select json_agg(json_build_object('role', g.role, 'scope', g.scope, 'refId', g.ref_id,
          'teams', case when g.scope in ('team', 'department', 'region') then
            (select json_agg(t.id) from teams t where t.path @> array[coalesce(g.ref_id, u.team_id)]) end))
        from user_grants g where g.user_id = u.id) as grants
    from users u where u.disabled_at is null
      and (${f.ids ?? null}::uuid[] is null or u.id = any(${f.ids ?? null}::uuid[]))
      and (${f.q ?? null}::text is null or u.name ilike '%' || ${f.q ?? null} || '%' or u.user_name ilike ${f.q ?? null} || '%')
    order by u.name limit ${f.limit ?? 1000}`)
  return rows.map((r) => ({
    kind: 'user' as const,
    id: r.user_id,
    name: r.name,
    locale: r.locale,
    teamId: r.team_id,
    grants: (r.grants ?? []).map((g) => ({ role: g.role, reach: reachOf(g) })),
  }))
}

import type { Ability } from '#contracts'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { type Actor, authorise, permits, type ScopeRow, scopeSql } from '../../platform/policy'
import type { Person } from './load'

export const personScope = (p: Person): ScopeRow => ({ team_id: p.team_id, customer_id: null, people: [p.id] })

export const findPerson = (ctx: Ctx, id: string) =>
  ctx.db.maybe<Person>(sql`select id, name, team_id from users where id = ${id}`)

/** The person whose time or reports are meant, if the actor may do this to them. */
export async function personFor(ctx: Ctx, id: string, ability: Ability, read: Ability = 'time.read'): Promise<Person> {
  const p = await findPerson(ctx, id)
  if (!p) return fail('not_found')
  authorise(ctx.actor, ability, personScope(p), read)
  return p
}

/** Engineers in sight, as a table `u` with the scope's columns. */
export const engineersIn = (actor: Actor, ability: Ability, teamId: string | null): Sql => sql`
  (select x.id, x.name, x.team_id, t.name as team_name, x.disabled_at, null::uuid as customer_id, array[x.id] as people
    from engineers e join users x on x.id = e.user_id left join teams t on t.id = x.team_id
    where ${teamId}::uuid is null or t.path @> array[${teamId}]::uuid[]) u
  where ${scopeSql(actor, ability, 'u')}`

/** Teams that the actor sees as a whole, to choose from. */
export async function teamsFor(ctx: Ctx, ability: Ability): Promise<{ id: string; name: string }[]> {
  const teams = await ctx.db.query<{ id: string; name: string }>(
    sql`select id, name from teams where kind <> 'company' order by path, position`,
  )
  return teams
    .filter((t) => permits(ctx.actor, ability, { team_id: t.id, customer_id: null, people: [] }))
    .map((t) => ({ id: t.id, name: t.name }))
}

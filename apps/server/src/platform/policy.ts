import { type Ability, abilityRoles, type Role } from '#contracts'
import { join, raw, type Sql, sql } from './database/pool'
import { fail } from './errors'

/** How far one grant reaches, resolved when the session is loaded (teams below are already spread out). */
export type Reach =
  | { kind: 'all' }
  | { kind: 'teams'; ids: readonly string[] }
  | { kind: 'customers'; ids: readonly string[] }
  | { kind: 'own' }
export interface ResolvedGrant {
  role: Role
  reach: Reach
}
export interface Actor {
  kind: 'user' | 'system' | 'integration' | 'link'
  id: string | null
  name: string
  locale: 'zh-CN' | 'en-US'
  grants: readonly ResolvedGrant[]
  sessionId?: string
  teamId?: string | null
}

/** The columns that decide about scope. Every scoped table has them under these names. */
export interface ScopeRow {
  team_id: string | null
  customer_id: string | null
  /** Users who are in it: owners, engineers, project managers. `own` reaches rows that name the person. */
  people: readonly string[]
}

export const systemActor: Actor = { kind: 'system', id: null, name: 'system', locale: 'zh-CN', grants: [] }

const rolesWith = (ability: Ability): readonly string[] => abilityRoles[ability] as readonly string[]

/** Whether some role of the actor has the ability at all, whatever the row. */
export function hasAbility(actor: Actor, ability: Ability): boolean {
  return actor.kind === 'system' || actor.grants.some((g) => rolesWith(ability).includes(g.role))
}

function covers(actor: Actor, reach: Reach, row: ScopeRow): boolean {
  if (reach.kind === 'all') return true
  if (reach.kind === 'teams') return row.team_id !== null && reach.ids.includes(row.team_id)
  if (reach.kind === 'customers') return row.customer_id !== null && reach.ids.includes(row.customer_id)
  return actor.id !== null && row.people.includes(actor.id)
}

/** Ability × scope for one row. `scopeSql` says the same in SQL; a property test holds them together. */
export function permits(actor: Actor, ability: Ability, row: ScopeRow): boolean {
  if (actor.kind === 'system') return true
  return actor.grants.some((g) => rolesWith(ability).includes(g.role) && covers(actor, g.reach, row))
}

/** Condition on the rows that `permits` allows; `alias` is the table's alias in the query. */
export function scopeSql(actor: Actor, ability: Ability, alias: string): Sql {
  if (actor.kind === 'system') return sql`true`
  const a = raw(alias)
  const parts: Sql[] = []
  for (const g of actor.grants) {
    if (!rolesWith(ability).includes(g.role)) continue
    if (g.reach.kind === 'all') return sql`true`
    if (g.reach.kind === 'teams') parts.push(sql`${a}.team_id = any(${g.reach.ids}::uuid[])`)
    else if (g.reach.kind === 'customers') parts.push(sql`${a}.customer_id = any(${g.reach.ids}::uuid[])`)
    else parts.push(sql`${a}.people @> array[${actor.id}]::uuid[]`)
  }
  if (parts.length === 0) return sql`false`
  return sql`(${join(parts, ' or ')})`
}

/**
 * Refuses unless the actor may do this to the row. Out of scope answers `not_found`, so that ids cannot be probed;
 * in sight but not allowed answers `forbidden`.
 */
export function authorise(actor: Actor, ability: Ability, row: ScopeRow, read: Ability): void {
  if (permits(actor, ability, row)) return
  if (permits(actor, read, row)) fail('forbidden', { ability })
  fail('not_found')
}

/** `can` for an answer: each verb by ability and by what the state allows. */
export function can(
  actor: Actor,
  row: ScopeRow,
  verbs: Record<string, readonly [Ability, boolean]>,
): Record<string, boolean> {
  const out: Record<string, boolean> = {}
  for (const [verb, [ability, state]] of Object.entries(verbs)) out[verb] = state && permits(actor, ability, row)
  return out
}

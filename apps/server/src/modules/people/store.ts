import type { Role, Scope } from '#contracts'
import { type Db, sql } from '../../platform/database/pool'
import type { Actor, Reach } from '../../platform/policy'
import { scopeSql } from '../../platform/policy'

export interface UserRow {
  id: string
  user_name: string
  name: string
  phone: string | null
  team_id: string | null
  team_name: string | null
  locale: 'zh-CN' | 'en-US'
  demo: boolean
  disabled_at: Date | null
  rev: number
  changed_at: Date
  changed_by_name: string | null
  last_seen_at: Date | null
  grants: { role: Role; scope: Scope; refId: string | null }[]
}

const userColumns = sql`u.id, u.user_name, u.name, u.phone, u.team_id, t.name as team_name, u.locale, u.demo, u.disabled_at, u.rev, u.changed_at,
  (select c.name from users c where c.id = u.changed_by) as changed_by_name,
  (select max(s.last_seen_at) from sessions s where s.user_id = u.id) as last_seen_at,
  coalesce((select json_agg(json_build_object('role', g.role, 'scope', g.scope, 'refId', g.ref_id) order by g.role) from user_grants g where g.user_id = u.id), '[]') as grants`

export const findUser = (db: Db, id: string) =>
  db.maybe<UserRow>(sql`select ${userColumns} from users u left join teams t on t.id = u.team_id where u.id = ${id}`)

export async function lockUser(db: Db, id: string): Promise<UserRow | undefined> {
  await db.run(sql`select 1 from users where id = ${id} for update`)
  return findUser(db, id)
}

/** The user's own row is people's `own`: users have no people column, so the scope is put together here. */
export function listUsers(
  db: Db,
  actor: Actor,
  f: { q?: string; teamId?: string; role?: string; after?: string; limit: number },
) {
  return db.query<UserRow>(sql`
    select ${userColumns} from (select u.*, array[u.id] as people, null::uuid as customer_id from users u) u left join teams t on t.id = u.team_id
    where ${scopeSql(actor, 'people.read', 'u')}
      and (${f.q ?? null}::text is null or u.name ilike '%' || ${f.q ?? null} || '%' or u.user_name ilike '%' || ${f.q ?? null} || '%')
      and (${f.teamId ?? null}::uuid is null or t.path @> array[${f.teamId ?? null}]::uuid[])
      and (${f.role ?? null}::text is null or exists (select 1 from user_grants g where g.user_id = u.id and g.role = ${f.role ?? null}))
      and (${f.after ?? null}::text is null or u.user_name > ${f.after ?? null})
    order by u.user_name limit ${f.limit + 1}`)
}

export const findForSignIn = (db: Db, userName: string) =>
  db.maybe<{ id: string; name: string; password_hash: string; demo: boolean; disabled_at: Date | null }>(
    sql`select id, name, password_hash, demo, disabled_at from users where user_name = ${userName}`,
  )

export const failures = (db: Db, key: string) =>
  db.maybe<{ n: number; last_at: Date }>(sql`select n, last_at from sign_in_failures where key = ${key}`)
export const countFailure = (db: Db, key: string, n: number, now: Date) =>
  db.run(
    sql`insert into sign_in_failures (key, n, last_at) values (${key}, ${n}, ${now}) on conflict (key) do update set n = ${n}, last_at = ${now}`,
  )
export const forgetFailures = (db: Db, key: string) => db.run(sql`delete from sign_in_failures where key = ${key}`)

/** Failures older than a day, devices that no cookie can name any more, sessions that ended a season ago. */
export async function forgetOld(db: Db, now: Date): Promise<void> {
  const ago = (days: number) => new Date(now.getTime() - days * 86_400_000)
  await db.run(sql`delete from sign_in_failures where last_at < ${ago(1)}`)
  await db.run(sql`delete from known_devices where seen_at < ${ago(400)}`)
  await db.run(sql`delete from sessions where coalesce(ended_at, expires_at) < ${ago(90)}`)
}

export const knowsDevice = async (db: Db, tokenHash: Buffer, userId: string) =>
  (await db.maybe(sql`select 1 from known_devices where token_hash = ${tokenHash} and user_id = ${userId}`)) !==
  undefined
export const rememberDevice = (db: Db, tokenHash: Buffer, userId: string, now: Date) =>
  db.run(sql`insert into known_devices (token_hash, user_id, seen_at) values (${tokenHash}, ${userId}, ${now})
    on conflict (token_hash, user_id) do update set seen_at = ${now}`)

export const insertSession = (
  db: Db,
  s: {
    id: string
    tokenHash: Buffer
    userId: string
    face: string
    now: Date
    expiresAt: Date
    userAgent: string | null
    ip: string | null
  },
) =>
  db.run(sql`insert into sessions (id, token_hash, user_id, face, created_at, last_seen_at, expires_at, user_agent, ip)
    values (${s.id}, ${s.tokenHash}, ${s.userId}, ${s.face}, ${s.now}, ${s.now}, ${s.expiresAt}, ${s.userAgent}, ${s.ip})`)
export const endSession = (db: Db, id: string, now: Date) =>
  db.run(sql`update sessions set ended_at = ${now} where id = ${id} and ended_at is null`)
export const endSessionsOf = (db: Db, userId: string, now: Date) =>
  db.run(sql`update sessions set ended_at = ${now} where user_id = ${userId} and ended_at is null`)

export interface SessionRow {
  session_id: string
  face: 'desk' | 'field'
  last_seen_at: Date
  user_id: string
  name: string
  locale: 'zh-CN' | 'en-US'
  team_id: string | null
  grants: { role: Role; scope: Scope; refId: string | null; teams: string[] | null }[] | null
}

/** Session, user and his grants with the teams below already spread out, in one statement: this runs on every request. */
export const findSession = (db: Db, tokenHash: Buffer, now: Date, demo: boolean) =>
  db.maybe<SessionRow>(sql`
    select s.id as session_id, s.face, s.last_seen_at, u.id as user_id, u.name, u.locale, u.team_id,
      (select json_agg(json_build_object('role', g.role, 'scope', g.scope, 'refId', g.ref_id,
          'teams', case when g.scope in ('team', 'department', 'region') then
            (select json_agg(t.id) from teams t where t.path @> array[coalesce(g.ref_id, u.team_id)]) end))
        from user_grants g where g.user_id = u.id) as grants
    from sessions s join users u on u.id = s.user_id
    where s.token_hash = ${tokenHash} and s.ended_at is null and s.expires_at > ${now} and u.disabled_at is null and (not u.demo or ${demo})`)

export const touchSession = (db: Db, id: string, now: Date, expiresAt: Date, ip: string | null) =>
  db.run(
    sql`update sessions set last_seen_at = ${now}, expires_at = ${expiresAt}, ip = coalesce(${ip}::inet, ip) where id = ${id}`,
  )

/** Whether one of these people was signed in from this address within the last day. */
export const anyFrom = async (db: Db, userIds: readonly string[], ip: string, now: Date) =>
  (await db.maybe(
    sql`select 1 from sessions where user_id = any(${userIds}::uuid[]) and ip = ${ip}::inet and last_seen_at > ${now}::timestamptz - interval '1 day' limit 1`,
  )) !== undefined

export function reachOf(g: { scope: Scope; refId: string | null; teams: string[] | null }): Reach {
  if (g.scope === 'all') return { kind: 'all' }
  if (g.scope === 'own') return { kind: 'own' }
  if (g.scope === 'customer') return { kind: 'customers', ids: g.refId ? [g.refId] : [] }
  return { kind: 'teams', ids: g.teams ?? [] }
}

export async function insertUser(
  db: Db,
  u: {
    id: string
    userName: string
    name: string
    phone: string | null
    teamId: string | null
    passwordHash: string
    now: Date
    by: string | null
    demo?: boolean
  },
) {
  await db.run(sql`insert into users (id, user_name, name, phone, team_id, password_hash, demo, created_at, changed_at, changed_by)
    values (${u.id}, ${u.userName}, ${u.name}, ${u.phone}, ${u.teamId}, ${u.passwordHash}, ${u.demo ?? false}, ${u.now}, ${u.now}, ${u.by})`)
}

export async function replaceGrants(
  db: Db,
  userId: string,
  grants: { role: string; scope: string; refId: string | null }[],
) {
  await db.run(sql`delete from user_grants where user_id = ${userId}`)
  await db.run(sql`insert into user_grants (user_id, role, scope, ref_id)
    select distinct ${userId}::uuid, g.role, g.scope, g."refId" from jsonb_to_recordset(${JSON.stringify(grants)}::jsonb) as g(role text, scope text, "refId" uuid)`)
}

export const saveUser = (
  db: Db,
  u: {
    id: string
    name: string
    phone: string | null
    teamId: string | null
    disabledAt: Date | null
    now: Date
    by: string | null
  },
) =>
  db.run(
    sql`update users set name = ${u.name}, phone = ${u.phone}, team_id = ${u.teamId}, disabled_at = ${u.disabledAt}, rev = rev + 1, changed_at = ${u.now}, changed_by = ${u.by} where id = ${u.id}`,
  )

export const otherAdministrators = async (db: Db, userId: string) =>
  (
    await db.one<{ n: number }>(
      sql`select count(*) as n from users u join user_grants g on g.user_id = u.id where g.role = 'administrator' and u.disabled_at is null and u.id <> ${userId}`,
    )
  ).n

export const setPassword = (db: Db, userId: string, hash: string) =>
  db.run(sql`update users set password_hash = ${hash} where id = ${userId}`)
export const setLocale = (db: Db, userId: string, locale: string) =>
  db.run(sql`update users set locale = ${locale} where id = ${userId}`)

export const demoAccounts = (db: Db) =>
  db.query<{ user_name: string; name: string; role: Role }>(sql`
    select distinct on (g.role) u.user_name, u.name, g.role from users u join user_grants g on g.user_id = u.id
    where u.demo and u.disabled_at is null and g.role not in ('integration', 'partner_engineer') order by g.role, u.created_at, u.id`)

export const listTeams = (db: Db) =>
  db.query<{
    id: string
    parent_id: string | null
    kind: 'company' | 'region' | 'department' | 'team'
    name: string
    people: number
  }>(sql`
    select t.id, t.parent_id, t.kind, t.name, (select count(*) from users u join teams b on b.id = u.team_id where b.path @> array[t.id] and u.disabled_at is null) as people
    from teams t order by cardinality(t.path), t.position, t.name`)

export async function insertTeam(
  db: Db,
  t: { id: string; parentId: string | null; kind: string; name: string; position: number },
) {
  await db.run(sql`insert into teams (id, parent_id, kind, name, path, position)
    values (${t.id}, ${t.parentId}, ${t.kind}, ${t.name}, coalesce((select path from teams where id = ${t.parentId}), '{}') || ${t.id}::uuid, ${t.position})`)
}

export const names = (db: Db, ids: readonly string[]) =>
  db.query<{ id: string; name: string; team_id: string | null }>(
    sql`select id, name, team_id from users where id = any(${ids}::uuid[])`,
  )

/** Users with a role whose grant reaches the team; for "tell the supervisor of this team". */
export const withRole = (db: Db, role: Role, teamId: string | null) =>
  db.query<{ id: string; name: string }>(sql`
    select distinct u.id, u.name from users u join user_grants g on g.user_id = u.id left join teams t on t.id = ${teamId}
    where g.role = ${role} and u.disabled_at is null and (g.scope = 'all' or t.path @> array[coalesce(g.ref_id, u.team_id)])`)

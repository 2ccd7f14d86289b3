import { type Db, empty, sql } from '../../platform/database/pool'
import { type Actor, type ScopeRow, scopeSql } from '../../platform/policy'
import { readCursor } from '../../platform/search'

export interface SourceRow {
  key: string
  name: string
  team_id: string | null
  enabled: boolean
  mapping_version: number | null
  secrets: { id: string; createdAt: string; expiresAt: string | null }[]
  waiting: number
  last_at: Date | null
  rev: number
  changed_at: Date
  changed_by_name: string | null
}
export interface ItemRow extends ScopeRow {
  id: string
  source: string
  webhook_id: string
  payload: string
  state: 'waiting' | 'replayed' | 'discarded'
  code: string
  params: Record<string, unknown>
  mapping_version: number | null
  tries: number
  order_id: string | null
  discard_reason: string | null
  decided_at: Date | null
  received_at: Date
  rev: number
}
export interface MappingRow {
  version: number
  expression: string
  note: string | null
  created_at: Date
  created_by_name: string | null
}

const sourceColumns = (
  now: Date,
) => sql`s.key, s.name, s.team_id, s.enabled, s.rev, s.changed_at, (select name from users where id = s.changed_by) as changed_by_name,
  (select max(version) from intake_mappings m where m.source = s.key) as mapping_version,
  coalesce((select json_agg(json_build_object('id', k.id, 'createdAt', to_char(k.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'expiresAt', to_char(k.expires_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by k.created_at desc)
    from intake_secrets k where k.source = s.key and (k.expires_at is null or k.expires_at > ${now})), '[]') as secrets,
  (select count(*) from intake_items i where i.source = s.key and i.state = 'waiting') as waiting,
  (select max(o.created_at) from orders o where o.source = s.key) as last_at`

// A source has no customer and names nobody: its team decides.
const scoped = sql`(select s.*, null::uuid as customer_id, '{}'::uuid[] as people from intake_sources s) s`
export const listSources = (db: Db, actor: Actor, now: Date) =>
  db.query<SourceRow>(
    sql`select ${sourceColumns(now)} from ${scoped} where ${scopeSql(actor, 'intake.read', 's')} order by s.key`,
  )
export const findSource = (db: Db, key: string, now: Date) =>
  db.maybe<SourceRow>(sql`select ${sourceColumns(now)} from intake_sources s where s.key = ${key}`)
export const lockSource = async (db: Db, key: string, now: Date) => {
  await db.run(sql`select 1 from intake_sources where key = ${key} for update`)
  return findSource(db, key, now)
}
export const secretsOf = (db: Db, key: string, now: Date) =>
  db.query<{ sealed: Buffer }>(
    sql`select sealed from intake_secrets where source = ${key} and (expires_at is null or expires_at > ${now})`,
  )
export const mappingsOf = (db: Db, key: string, limit = 50) =>
  db.query<MappingRow>(sql`select version, expression, note, created_at, (select name from users where id = created_by) as created_by_name
    from intake_mappings where source = ${key} order by version desc limit ${limit}`)

const itemColumns = sql`i.id, i.source, i.webhook_id, i.payload, i.state, i.code, i.params, i.mapping_version, i.tries, i.order_id, i.discard_reason, i.decided_at, i.received_at, i.rev,
  i.team_id, i.customer_id, i.people`
export const findItem = (db: Db, id: string) =>
  db.maybe<ItemRow>(sql`select ${itemColumns} from intake_items i where i.id = ${id}`)
export const lockItem = (db: Db, id: string) =>
  db.maybe<ItemRow>(sql`select ${itemColumns} from intake_items i where i.id = ${id} for update`)
export function listItems(
  db: Db,
  actor: Actor,
  f: { state: string; source?: string | undefined; after?: string | undefined; limit: number },
) {
  const after = readCursor(f.after, 2)
  return db.query<ItemRow>(sql`select ${itemColumns} from intake_items i where ${scopeSql(actor, 'intake.read', 'i')} and i.state = ${f.state}
    ${f.source ? sql`and i.source = ${f.source}` : empty}
    ${after ? sql`and (i.received_at, i.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : empty}
    order by i.received_at desc, i.id desc limit ${f.limit + 1}`)
}

import type { z } from 'zod'
import type { AccessHours, Attachment, EntryNeeds, PaymentNode, SlaLine } from '#contracts/customers.schema'
import type { Ctx } from '../../platform/context'
import { type Db, empty, join, raw, type Sql, sql } from '../../platform/database/pool'
import { type Actor, scopeSql } from '../../platform/policy'
import { readCursor, searchSql } from '../../platform/search'

interface Tracked {
  id: string
  rev: number
  archived: boolean
  changed_at: Date
  changed_by_name: string | null
}
export interface CustomerRow extends Tracked {
  name: string
  short_name: string | null
  code: string | null
  industry: string | null
  level: 'key' | 'normal'
  note: string | null
  team_id: string | null
  team_name: string | null
  customer_id: string
  people: string[]
  sites: number
}
export interface SiteRow extends Tracked {
  customer_id: string
  customer_name: string
  customer_team_id: string | null
  team_id: string | null
  name: string
  address: string
  lat: number | null
  lng: number | null
  datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' | null
  accuracy_m: number | null
  point_source: string | null
  radius_m: number
  zone: string
  access_hours: z.output<typeof AccessHours> | null
  entry_needs: z.output<typeof EntryNeeds>
  note: string | null
}
export interface ContactRow extends Tracked {
  customer_id: string
  site_id: string | null
  name: string
  title: string | null
  phone: string | null
  email: string | null
  note: string | null
  main: boolean
}
export interface AssetRow extends Tracked {
  customer_id: string
  site_id: string | null
  name: string
  model: string | null
  serial: string | null
  installed_on: string | null
  warranty_until: string | null
  qr: string
  note: string | null
}
export interface ContractRow extends Tracked {
  customer_id: string
  number: string
  title: string
  starts_on: string
  ends_on: string
  entitlement: string | null
  visits_allowed: number | null
  person_days_allowed: number | null
  deem_after_days: number | null
  penalty: string | null
  amount_fen: number | null
  payment_nodes: z.output<typeof PaymentNode>[]
  sla: z.output<typeof SlaLine>[]
  attachments: z.output<typeof Attachment>[]
}
interface Rows {
  customers: CustomerRow
  sites: SiteRow
  contacts: ContactRow
  assets: AssetRow
  contracts: ContractRow
}
export type Table = keyof Rows

const customerColumns = sql`c.id, c.name, c.short_name, c.code, c.industry, c.level, c.note, c.archived, c.team_id, c.customer_id, c.people, c.rev, c.changed_at,
  (select name from users where id = c.changed_by) as changed_by_name, (select name from teams where id = c.team_id) as team_name,
  (select count(*) from sites s where s.customer_id = c.id and not s.archived) as sites`
const siteColumns = sql`s.id, s.customer_id, c.name as customer_name, c.team_id as customer_team_id, s.team_id, s.name, s.address, s.lat, s.lng, s.datum, s.accuracy_m, s.point_source,
  s.radius_m, s.zone, s.access_hours, s.entry_needs, s.note, s.archived, s.rev, s.changed_at, (select name from users where id = s.changed_by) as changed_by_name`
const fromSites = sql`from sites s join customers c on c.id = s.customer_id`

export const findCustomer = (db: Db, id: string) =>
  db.maybe<CustomerRow>(sql`select ${customerColumns} from customers c where c.id = ${id}`)
export const findSite = (db: Db, id: string) =>
  db.maybe<SiteRow>(sql`select ${siteColumns} ${fromSites} where s.id = ${id}`)
/** Any row of master data, locked for an edit. */
export async function lock<T extends Table>(db: Db, table: T, id: string): Promise<Rows[T] | undefined> {
  const t = raw(table)
  await db.run(sql`select 1 from ${t} where id = ${id} for update`)
  return find(db, table, id)
}
export function find<T extends Table>(db: Db, table: T, id: string): Promise<Rows[T] | undefined> {
  if (table === 'customers') return findCustomer(db, id) as Promise<Rows[T] | undefined>
  if (table === 'sites') return findSite(db, id) as Promise<Rows[T] | undefined>
  return db.maybe<Rows[T]>(
    sql`select t.*, (select name from users where id = t.changed_by) as changed_by_name from ${raw(table)} t where t.id = ${id}`,
  )
}
export const childrenOf = <T extends 'contacts' | 'assets' | 'contracts'>(db: Db, table: T, customerId: string) =>
  db.query<
    Rows[T]
  >(sql`select t.*, (select name from users where id = t.changed_by) as changed_by_name from ${raw(table)} t
    where t.customer_id = ${customerId} order by t.archived, ${table === 'contacts' ? sql`t.main desc, ` : empty}t.created_at, t.id limit 2000`)
export const sitesOf = (db: Db, customerId: string) =>
  db.query<SiteRow>(
    sql`select ${siteColumns} ${fromSites} where s.customer_id = ${customerId} order by s.archived, s.created_at, s.id limit 2000`,
  )

export function listCustomers(
  db: Db,
  actor: Actor,
  f: { q?: string; teamId?: string; archived?: boolean; after?: string; limit: number },
) {
  const after = readCursor(f.after, 2)
  return db.query<CustomerRow>(sql`select ${customerColumns} from customers c
    where ${scopeSql(actor, 'customer.read', 'c')} and c.archived = ${f.archived ?? false}
      ${f.q ? sql`and ${searchSql('c.search', f.q)}` : empty}
      ${f.teamId ? sql`and c.team_id in (select id from teams where path @> array[${f.teamId}]::uuid[])` : empty}
      ${after ? sql`and (c.name collate "zh-x-icu", c.id) > (${after[0]} collate "zh-x-icu", ${after[1]}::uuid)` : empty}
    order by c.name collate "zh-x-icu", c.id limit ${f.limit + 1}`)
}
export function listSites(db: Db, actor: Actor, f: { q?: string; customerId?: string; after?: string; limit: number }) {
  const after = readCursor(f.after, 2)
  return db.query<SiteRow>(sql`select ${siteColumns} ${fromSites}
    where ${scopeSql(actor, 'customer.read', 'c')} and not s.archived and not c.archived
      ${f.q ? sql`and (${searchSql('s.search', f.q)} or ${searchSql('c.search', f.q)})` : empty}
      ${f.customerId ? sql`and s.customer_id = ${f.customerId}` : empty}
      ${after ? sql`and (s.name collate "zh-x-icu", s.id) > (${after[0]} collate "zh-x-icu", ${after[1]}::uuid)` : empty}
    order by s.name collate "zh-x-icu", s.id limit ${f.limit + 1}`)
}

const json = new Set(['access_hours', 'entry_needs', 'payment_nodes', 'sla', 'attachments'])
// Column names come from the code of this module, never from a request.
const value = (column: string, v: unknown): Sql =>
  json.has(column) && v !== null ? sql`${JSON.stringify(v)}::jsonb` : sql`${v}`

export async function insert(ctx: Ctx, table: Table, id: string, columns: Record<string, unknown>) {
  const entries = Object.entries(columns).filter(([, v]) => v !== undefined)
  await ctx.db.run(sql`insert into ${raw(table)} (id, ${join(entries.map(([k]) => raw(k)))}, created_at, changed_at, changed_by)
    values (${id}, ${join(entries.map(([k, v]) => value(k, v)))}, ${ctx.now}, ${ctx.now}, ${ctx.actor.id})`)
}
export async function update(ctx: Ctx, table: Table, id: string, columns: Record<string, unknown>) {
  const entries = Object.entries(columns).filter(([, v]) => v !== undefined)
  const set = entries.map(([k, v]) => sql`${raw(k)} = ${value(k, v)}, `)
  await ctx.db.run(
    sql`update ${raw(table)} set ${set.length ? join(set, '') : empty}rev = rev + 1, changed_at = ${ctx.now}, changed_by = ${ctx.actor.id} where id = ${id}`,
  )
}

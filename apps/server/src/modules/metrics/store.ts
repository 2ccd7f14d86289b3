import type { OrderFact } from '#lifecycle'
import { type Db, type Sql, sql } from '../../platform/database/pool'
import { type Actor, scopeSql } from '../../platform/policy'
import type { OrderBody } from './facts'
import type { Head } from './kpis'

const ms = (column: Sql) => sql`(extract(epoch from ${column}) * 1000)::bigint`

const within = (from: number, to: number, condition: Sql) =>
  sql`h.last_at >= ${new Date(from)} and h.first_at < ${new Date(to)} and ${condition}`

/** Every fact that may concern the period, under a condition on heads `h`. */
export const heads = (db: Db, from: number, to: number, condition: Sql) =>
  db.query<Head>(sql`
    select h.kind, h.order_id as "orderId", h.site_id as "siteId", h.body, h.people, h.team_id as "teamId", ${ms(sql`h.first_at`)} as "firstAt", ${ms(sql`h.last_at`)} as "lastAt"
    from fact_heads h where ${within(from, to, condition)}`)
export const ofPeople = (ids: readonly string[]) => sql`h.people && ${ids}::uuid[]`
/** A team with those below it. */
export const ofTeam = (id: string) =>
  sql`h.team_id = any(array(select t.id from teams t where t.path @> array[${id}]::uuid[]))`

/** Orders at these sites that came in between and are not among the heads read already; for finding repeats. */
export const ordersAt = async (
  db: Db,
  siteIds: readonly string[],
  since: number,
  until: number,
  known: { from: number; to: number; condition: Sql },
): Promise<OrderFact[]> =>
  siteIds.length === 0
    ? []
    : (
        await db.query<{ body: OrderBody }>(sql`select h.body from fact_heads h
          where h.kind = 'order' and h.site_id = any(${siteIds}::uuid[]) and h.first_at >= ${new Date(since)} and h.first_at < ${new Date(until)}
            and not (${within(known.from, known.to, known.condition)})`)
      ).map((r) => r.body.fact)

export interface TeamRow {
  id: string
  name: string
  kind: string
  path: string[]
}
export const teams = (db: Db) => db.query<TeamRow>(sql`select id, name, kind, path from teams order by path, position`)
export const person = (db: Db, id: string) =>
  db.maybe<{ id: string; name: string; team_id: string | null }>(
    sql`select id, name, team_id from users where id = ${id}`,
  )
/** Engineers whose numbers the actor may see; somebody who has left is there as long as his work is. */
export const engineers = (db: Db, actor: Actor, teamId: string | null) =>
  db.query<{ id: string; name: string; team_name: string | null; disabled: boolean }>(sql`
    select u.id, u.name, t.name as team_name, u.disabled from engineers e
    join (select x.id, x.name, x.team_id, x.disabled_at is not null as disabled, null::uuid as customer_id, array[x.id] as people from users x) u on u.id = e.user_id
    left join teams t on t.id = u.team_id
    where ${scopeSql(actor, 'metrics.read', 'u')} and (${teamId}::uuid is null or t.path @> array[${teamId}]::uuid[])
    order by u.name collate "zh-x-icu", u.id`)

export interface Label {
  id: string
  number: string
  title: string
  customer_name: string
}
export const labels = async (db: Db, orderIds: readonly string[]): Promise<Map<string, Label>> =>
  new Map(
    (
      await db.query<Label>(
        sql`select o.id, o.number, o.title, c.name as customer_name from orders o join customers c on c.id = o.customer_id where o.id = any(${orderIds}::uuid[])`,
      )
    ).map((o) => [o.id, o]),
  )

export const isEngineer = async (db: Db, userId: string): Promise<boolean> =>
  (await db.maybe(sql`select 1 from engineers where user_id = ${userId}`)) !== undefined

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, world } from '../../../test/world'
import type { Ctx } from '../../platform/context'
import { join, type Sql, sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { type Actor, systemActor } from '../../platform/policy'
import { countSql, hitsSql, pageSql } from './queries'

// An empty table is read whole whatever the indexes: with that forbidden, the plan shows whether an index can serve.
let w: World
beforeAll(async () => {
  w = await world()
})
afterAll(() => w.close())

const explain = (make: (ctx: Ctx) => Sql, actor: Actor = systemActor) =>
  w.app.asSystem('plan', async (c) => {
    await c.db.run(sql`set local enable_seqscan = off`)
    const rows = await c.db.query<{ 'QUERY PLAN': string }>(join([sql`explain`, make({ ...c, actor })], ' '))
    return rows.map((r) => r['QUERY PLAN']).join('\n')
  })
const q = { limit: 50, sort: 'created' as const }
const team: Actor = {
  kind: 'user',
  id: newId(),
  name: '调度',
  locale: 'zh-CN',
  grants: [{ role: 'dispatcher', reach: { kind: 'teams', ids: [newId()] } }],
}
const own: Actor = { ...team, grants: [{ role: 'engineer', reach: { kind: 'own' } }] }

describe('the list of orders is served by an index', () => {
  it.each(['created', 'changed', 'due', 'priority'] as const)('sorted by %s, without sorting', async (sort) => {
    const plan = await explain((c) => sql`select o.id from (${pageSql(c, { ...q, sort })}) o`)
    expect(plan).toContain(`orders_${sort}`)
    expect(plan).not.toContain('Seq Scan on orders')
  })
  it('searched by words', async () => {
    const plan = await explain((c) => hitsSql(c, { ...q, q: '核心交换机 告警' }))
    expect(plan).toContain('orders_search')
    expect(plan).not.toContain('Seq Scan on orders')
  })
  it('late', async () => {
    expect(await explain((c) => hitsSql(c, { ...q, late: true }))).toContain('orders_late')
  })
  it('of one engineer, and for one who sees only his own', async () => {
    expect(await explain((c) => hitsSql(c, { ...q, engineerId: newId() }))).toContain('orders_people')
    expect(await explain((c) => hitsSql(c, q), own)).toContain('orders_people')
  })
  it('of one team, counted by state', async () => {
    expect(await explain((c) => countSql(c, q), team)).toContain('Index Only Scan using orders_counts')
  })
  it('of one customer or site', async () => {
    expect(await explain((c) => pageSql(c, { ...q, customerId: newId() }))).toContain('orders_customer_created')
    expect(await explain((c) => countSql(c, { ...q, siteId: newId() }))).toContain('orders_site_asset')
  })
})

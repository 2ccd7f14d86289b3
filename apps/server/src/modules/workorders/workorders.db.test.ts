import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { acceptOrder, linkAggregate, receiveOrder, surveyStands, type VisitSight, visitsChanged } from './index'

let w: World
let ops: Client
let dispatcher: Client
let supervisor: Client
let engineer: Client
let customerId: string
let siteId: string
let assetId: string
let contractId: string
beforeAll(async () => {
  w = await world()
  ops = await w.person('operations', 'all')
  dispatcher = await w.person('dispatcher')
  supervisor = await w.person('supervisor')
  engineer = await w.person('engineer')
  const c = await ops.ok('POST /api/customers', {
    body: { name: '上海瑞金医院', shortName: '瑞金', teamId: w.teams.eastOne },
  })
  customerId = c.id
  const params = { id: c.id }
  siteId = (
    await ops.ok('POST /api/customers/:id/sites', {
      params,
      body: { name: '门诊楼机房', address: '上海市黄浦区瑞金二路197号' },
    })
  ).id
  assetId = (
    await ops.ok('POST /api/customers/:id/assets', {
      params,
      body: { name: '影像服务器', serial: 'DELL-R750-0042', siteId },
    })
  ).id
  contractId = (
    await ops.ok('POST /api/customers/:id/contracts', {
      params,
      body: { number: 'HT-1', title: '维保', startsOn: '2026-01-01', endsOn: '2027-01-01', deemAfterDays: 2 },
    })
  ).id
})
afterAll(() => w.close())

const order = (more: Record<string, unknown> = {}, by: Client = dispatcher) =>
  by.ok('POST /api/orders', {
    body: { customerId, siteId, title: '影像服务器无法启动', type: 'repair', priority: 'high', ...more },
  })

const visit = (more: Partial<VisitSight> = {}): VisitSight => ({
  id: newId(),
  state: 'taken',
  role: 'lead',
  required: true,
  engineerId: engineer.id,
  result: null,
  remaining: null,
  mode: 'onsite',
  planned: { start: w.clock.now().getTime(), end: w.clock.now().getTime() + 3_600_000 },
  offeredAt: null,
  takenAt: null,
  arrivedAt: null,
  startedAt: null,
  endedAt: null,
  ...more,
})
const visits = (id: string, list: VisitSight[]) => w.app.asSystem('test', (ctx) => visitsChanged(ctx, id, list))
const done = async (more: Record<string, unknown> = {}) => {
  const o = await order(more)
  await dispatcher.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
  await visits(o.id, [visit({ state: 'finished', result: 'done', endedAt: w.clock.now().getTime() })])
  return dispatcher.ok('GET /api/orders/:id', { params: { id: o.id } })
}

describe('an order', () => {
  it('is created with a number of the day and the team of its site', async () => {
    const o = await order()
    expect(o).toMatchObject({
      state: 'new',
      number: 'WO-20261123-0001',
      team: { id: w.teams.eastOne },
      customer: { name: '上海瑞金医院' },
      rev: 1,
    })
    expect(o.can).toMatchObject({ triage: true, accept: false, waive: false })
  })
  it('is made once however often the form is sent', async () => {
    const key = { 'idempotency-key': newId() }
    const body = { customerId, title: '重复提交' }
    const a = await dispatcher.ok('POST /api/orders', { body }, key)
    expect(await dispatcher.ok('POST /api/orders', { body }, key)).toEqual(a)
    const id = newId()
    await dispatcher.ok('POST /api/orders', { body: { ...body, id } })
    expect(await dispatcher.refused('POST /api/orders', { body: { ...body, id } })).toBe('order_exists')
  })
  it('follows its visits to acceptance and is closed after the survey', async () => {
    const o = await done()
    expect(o).toMatchObject({ state: 'awaiting_acceptance', engineers: [{ id: engineer.id }] })
    await w.app.asSystem('test', (ctx) => acceptOrder(ctx, o.id, { documentId: newId() }))
    await w.app.asSystem('test', (ctx) => surveyStands(ctx, o.id, 'invited'))
    const params = { id: o.id }
    expect(await dispatcher.refused('POST /api/orders/:id/close', { params, body: { reviewed: true } })).toBe(
      'gate_closed',
    )
    await w.app.asSystem('test', (ctx) => surveyStands(ctx, o.id, 'answered'))
    expect(await dispatcher.ok('POST /api/orders/:id/close', { params, body: { reviewed: true } })).toMatchObject({
      state: 'closed',
      acceptance: { how: 'accepted' },
    })
  })
  it('goes back to be planned when the customer refuses the work', async () => {
    const o = await done()
    const r = await dispatcher.ok('POST /api/orders/:id/reject', {
      params: { id: o.id },
      body: { reason: '报警灯仍亮', remaining: '更换电源' },
    })
    expect(r).toMatchObject({ state: 'unassigned', remaining: '更换电源' })
  })
  it('is held with cause and responsibility, and resumes to what its visits came to', async () => {
    const o = await order()
    const params = { id: o.id }
    await dispatcher.ok('POST /api/orders/:id/triage', { params, body: { priority: 'urgent' } })
    await visits(o.id, [visit()])
    const held = await dispatcher.ok('POST /api/orders/:id/hold', {
      params,
      body: { cause: 'customer', responsibility: 'customer', reason: '机房停电' },
    })
    expect(held).toMatchObject({ state: 'on_hold', hold: { pausesSla: true, reason: '机房停电' } })
    await visits(o.id, [visit({ state: 'working' })])
    expect(await dispatcher.ok('POST /api/orders/:id/resume', { params, body: {} })).toMatchObject({
      state: 'in_progress',
      hold: null,
    })
  })
  it('refuses what its state does not allow, and a hold that ends before now', async () => {
    const o = await order()
    const params = { id: o.id }
    expect(await dispatcher.refused('POST /api/orders/:id/accept', { params, body: {} })).toBe('state_forbids')
    expect(
      await dispatcher.refused('POST /api/orders/:id/hold', {
        params,
        body: { cause: 'parts', responsibility: 'us', reason: 'x', until: '2020-01-01T00:00:00Z' },
      }),
    ).toBe('time_order')
    expect(
      await dispatcher.refused('POST /api/orders', {
        body: { customerId, title: 'x', promise: { start: '2026-11-24T02:00:00Z', end: '2026-11-24T01:00:00Z' } },
      }),
    ).toBe('time_order')
  })
  it('waives the signature only when an engineer asked and the supervisor agrees', async () => {
    const o = await done()
    const params = { id: o.id }
    expect(await supervisor.refused('POST /api/orders/:id/waive', { params, body: {} })).toBe('gate_closed')
    await engineer.ok('POST /api/orders/:id/request-waive', {
      params,
      body: { reason: '客户已离场', cause: 'customer_absent', photoIds: [newId()] },
    })
    expect(await dispatcher.refused('POST /api/orders/:id/waive', { params, body: {} })).toBe('forbidden')
    expect(await supervisor.ok('POST /api/orders/:id/waive', { params, body: {} })).toMatchObject({
      state: 'completed',
      acceptance: { how: 'waived' },
    })
  })
  it('is deemed accepted only by a contract that says so, after a notice and its days', async () => {
    const plain = await done()
    expect(
      await dispatcher.refused('POST /api/orders/:id/acceptance-notice', {
        params: { id: plain.id },
        body: { channel: 'email' },
      }),
    ).toBe('contract_never_deems')
    const o = await done({ contractId })
    expect(o.can.notice).toBe(true)
    await dispatcher.ok('POST /api/orders/:id/acceptance-notice', { params: { id: o.id }, body: { channel: 'email' } })
    const job = async () => {
      await w.db.run(sql`select graphile_worker.add_job('workorders:deem')`)
      await w.settle()
      return (await dispatcher.ok('GET /api/orders/:id', { params: { id: o.id } })).state
    }
    w.clock.advance(2 * 24 * 60 - 1)
    expect(await job()).toBe('awaiting_acceptance')
    w.clock.advance(2)
    expect(await job()).toBe('completed')
    expect((await dispatcher.ok('GET /api/orders/:id', { params: { id: plain.id } })).state).toBe('awaiting_acceptance')
  })
  it('reopens as a linked order that counts as a repeat', async () => {
    const o = await order()
    const params = { id: o.id }
    await dispatcher.ok('POST /api/orders/:id/cancel', { params, body: { reason: '误报', responsibility: 'customer' } })
    const again = await dispatcher.ok('POST /api/orders/:id/reopen', { params, body: { reason: '又坏了' } })
    expect(again).toMatchObject({ state: 'new', repeatOf: o.id, title: o.title })
    expect(await dispatcher.ok('GET /api/orders/:id', { params })).toMatchObject({
      state: 'cancelled',
      reopenedAs: [again.id],
    })
  })
  it('names likely duplicates and can be marked as one', async () => {
    const a = await order({ assetId })
    const b = await order({ assetId, title: '服务器又坏' })
    const { rows } = await dispatcher.ok('GET /api/orders/duplicates', { query: { siteId, assetId, except: b.id } })
    expect(rows.map((r) => r.id)).toContain(a.id)
    expect(
      await dispatcher.ok('POST /api/orders/:id/mark', {
        params: { id: b.id },
        body: { as: 'duplicate', duplicateOf: a.id },
      }),
    ).toMatchObject({ mark: 'duplicate', duplicateOf: a.id })
    w.clock.advance(73 * 60)
    expect((await dispatcher.ok('GET /api/orders/duplicates', { query: { siteId, assetId } })).rows).toEqual([])
  })
})

describe('two people editing one order', () => {
  it('merges what does not conflict and shows the second what changed', async () => {
    const o = await order()
    const params = { id: o.id }
    await dispatcher.ok(
      'PATCH /api/orders/:id',
      { params, body: { priority: 'urgent', title: '甲改的标题' } },
      { 'if-match': '1' },
    )
    const merged = await supervisor.ok(
      'PATCH /api/orders/:id',
      { params, body: { durationMin: 90 } },
      { 'if-match': '1' },
    )
    expect(merged).toMatchObject({ priority: 'urgent', durationMin: 90, title: '甲改的标题' })
    const clash = await supervisor.call(
      'PATCH /api/orders/:id',
      { params, body: { title: '乙改的标题', crew: 2 } },
      { 'if-match': '1' },
    )
    expect(clash).toMatchObject({
      status: 409,
      body: { code: 'changed_meanwhile', params: { by: dispatcher.name, fields: { title: '甲改的标题' } } },
    })
    expect(await supervisor.ok('GET /api/orders/:id', { params })).toMatchObject({ crew: 1 })
    // The same wish is no conflict.
    await supervisor.ok('PATCH /api/orders/:id', { params, body: { title: '甲改的标题' } }, { 'if-match': '1' })
  })
  it('moves a given promise only for the customer or as a correction', async () => {
    const promise = { start: '2026-11-25T01:00:00.000Z', end: '2026-11-25T03:00:00.000Z' }
    const o = await order({ promise })
    const params = { id: o.id }
    const later = { start: '2026-11-26T01:00:00.000Z', end: '2026-11-26T03:00:00.000Z' }
    expect(await dispatcher.refused('PATCH /api/orders/:id', { params, body: { promise: later } })).toBe(
      'promise_is_the_customers',
    )
    expect(
      await dispatcher.ok('PATCH /api/orders/:id', { params, body: { promise: later, promiseBy: 'customer' } }),
    ).toMatchObject({ promise: later, originalPromise: promise })
  })
})

describe('an order from another system', () => {
  const receive = (title: string, externalId = 'CRM-1') =>
    w.app.asSystem('crm', (ctx) =>
      receiveOrder(ctx, { source: 'crm', externalId, customerId, fields: { title, siteId, text: '原文' } }),
    )
  it('is one order however often and however simultaneously it is sent', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => receive('同一张单', 'CRM-8')))
    expect(new Set(all.map((a) => a.order.id)).size).toBe(1)
    expect(all.filter((a) => a.created)).toHaveLength(1)
  })
  it('takes the other system’s later version, but not over a correction made here', async () => {
    const { order: o } = await receive('旧标题')
    expect((await receive('新标题')).changed).toEqual(['title'])
    await dispatcher.ok('PATCH /api/orders/:id', { params: { id: o.id }, body: { title: '调度改过' } })
    expect((await receive('CRM 又改')).changed).toEqual([])
    expect((await dispatcher.ok('GET /api/orders/:id', { params: { id: o.id } })).title).toBe('调度改过')
  })
})

describe('the list', () => {
  it('finds by number, customer, site, request and serial number, in Chinese or not', async () => {
    const o = await order({ title: '核磁共振数据迁移', text: '需要夜间窗口', assetId, type: 'upgrade' })
    for (const q of [
      '核磁',
      '迁移',
      o.number,
      o.number.slice(-8),
      '瑞金 核磁',
      '门诊楼机房 迁移',
      '夜间窗口',
      'r750-0042 核磁',
    ])
      expect(
        (await dispatcher.ok('GET /api/orders', { query: { q } })).rows.map((r) => r.id),
        q,
      ).toContain(o.id)
    expect((await dispatcher.ok('GET /api/orders', { query: { q: '磁共 移迁' } })).rows).toEqual([])
    await ops.ok('PATCH /api/customers/:id', { params: { id: customerId }, body: { shortName: '广慈' } })
    await w.settle()
    expect((await dispatcher.ok('GET /api/orders', { query: { q: '广慈 核磁' } })).rows).toHaveLength(1)
  })
  it('counts by state under the same filter as its rows', async () => {
    const all = await dispatcher.ok('GET /api/orders', { query: { limit: 200 } })
    const counted: Record<string, number> = {}
    for (const r of all.rows) counted[r.state] = (counted[r.state] ?? 0) + 1
    expect(all.counts).toEqual(counted)
    const some = await dispatcher.ok('GET /api/orders', { query: { state: ['new', 'closed'] } })
    expect(some.total).toBe((counted.new ?? 0) + (counted.closed ?? 0))
    expect(some.counts).toEqual(counted)
  })
  it.each(['created', 'due', 'priority', 'changed'] as const)(
    'pages by %s without losing or repeating a row',
    async (sort) => {
      const seen: string[] = []
      let after: string | undefined
      do {
        const p = await dispatcher.ok('GET /api/orders', { query: { limit: 3, sort, ...(after ? { after } : {}) } })
        seen.push(...p.rows.map((r) => r.id))
        after = p.next ?? undefined
      } while (after)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen.length).toBe((await dispatcher.ok('GET /api/orders', { query: { limit: 200 } })).rows.length)
    },
  )
  it('filters by engineer, type and lateness', async () => {
    const mine = await dispatcher.ok('GET /api/orders', { query: { engineerId: engineer.id, limit: 200 } })
    expect(mine.rows.length).toBeGreaterThan(0)
    expect(mine.rows.every((r) => r.engineers.some((e) => e.id === engineer.id))).toBe(true)
    const late = await order({ dueAt: '2026-11-01T00:00:00Z' })
    const rows = (await dispatcher.ok('GET /api/orders', { query: { late: 'true', type: ['repair'] } })).rows
    expect(rows.map((r) => r.id)).toContain(late.id)
    expect(rows.every((r) => r.late)).toBe(true)
  })
})

describe('SLA clocks', () => {
  const job = async () => {
    await w.db.run(sql`select graphile_worker.add_job('workorders:sla')`)
    await w.settle()
  }
  const said = async (id: string) =>
    (await dispatcher.ok('GET /api/orders/:id/timeline', { params: { id } })).rows
      .filter((e) => e.aggregate === 'sla')
      .map((e) => `${e.type} ${e.params.clock} ${e.params.percent}`)
      .reverse()

  it('run from the events against the snapshot, on row and detail', async () => {
    const o = await order({ priority: 'urgent', contractId })
    expect(o.sla.map((c) => [c.clock, c.state, c.targetMin])).toEqual([
      ['response', 'running', 30],
      ['arrival', 'running', 240],
      ['resolve', 'running', 480],
    ])
    w.clock.advance(10)
    await engineerContacts(o.id)
    w.clock.advance(60)
    const row = (await dispatcher.ok('GET /api/orders', { query: { q: o.number } })).rows[0]
    expect(row?.sla[0]).toMatchObject({ clock: 'response', state: 'met', elapsedMin: 10 })
    expect(row?.sla[1]).toMatchObject({ clock: 'arrival', state: 'running', percent: 29 })
  })
  it('pause while the customer holds us up and go on afterwards', async () => {
    const o = await order({ priority: 'urgent' })
    const params = { id: o.id }
    w.clock.advance(5)
    await dispatcher.ok('POST /api/orders/:id/hold', {
      params,
      body: { cause: 'customer', responsibility: 'customer', reason: '停电' },
    })
    w.clock.advance(100)
    expect((await dispatcher.ok('GET /api/orders/:id', { params })).sla[0]).toMatchObject({
      state: 'paused',
      elapsedMin: 5,
    })
    await job()
    expect(await said(o.id)).toEqual([])
    await dispatcher.ok('POST /api/orders/:id/resume', { params, body: {} })
    w.clock.advance(10)
    await job()
    expect(await said(o.id)).toEqual(['sla.warned response 50'])
  })
  it('say each mark once, and after a silence only the last', async () => {
    const o = await order({ priority: 'urgent' })
    w.clock.advance(16)
    await job()
    await job()
    expect(await said(o.id)).toEqual(['sla.warned response 50'])
    w.clock.advance(20)
    await job()
    expect(await said(o.id)).toEqual(['sla.warned response 50', 'sla.breached response 100'])
    expect((await dispatcher.ok('GET /api/orders/:id', { params: { id: o.id } })).rev).toBe(1)
  })
  it('count the site’s own hours, and stand still at night', async () => {
    w.clock.at = new Date('2026-11-25T09:30:00Z') // 17:30 in Shanghai
    const o = await order({ priority: 'high' })
    w.clock.at = new Date('2026-11-26T01:20:00Z') // 09:20 on the next day
    expect((await dispatcher.ok('GET /api/orders/:id', { params: { id: o.id } })).sla[0]).toMatchObject({
      clock: 'response',
      elapsedMin: 50,
      state: 'running',
    })
  })
  const engineerContacts = (id: string) =>
    dispatcher.ok('POST /api/orders/:id/contact', { params: { id }, body: { channel: 'call' } })
})

describe('the timeline', () => {
  it('tells the order with what is linked to it, in codes', async () => {
    const o = await done()
    const visitId = newId()
    w.clock.advance(1)
    await w.app.asSystem('test', async (ctx) => {
      await linkAggregate(ctx, o.id, visitId)
      await ctx.emit({
        type: 'visit.departed',
        aggregate: 'visit',
        aggregateId: visitId,
        payload: { engineerId: engineer.id },
      })
    })
    const t = await dispatcher.ok('GET /api/orders/:id/timeline', { params: { id: o.id } })
    expect(t.rows.map((e) => e.type)).toEqual(['visit.departed', 'order.progressed', 'order.triaged', 'order.created'])
    expect(t.people).toEqual([{ id: engineer.id, name: engineer.name }])
    expect(t.rows.at(-1)).toMatchObject({ actor: { name: dispatcher.name, kind: 'user' }, offline: false })
  })
})

describe('who may', () => {
  it('sees an engineer’s own orders only, and another team’s never', async () => {
    const o = await order()
    expect(await engineer.refused('GET /api/orders/:id', { params: { id: o.id } })).toBe('not_found')
    const other = await w.person('dispatcher', 'team', w.teams.northOne)
    expect(await other.refused('GET /api/orders/:id', { params: { id: o.id } })).toBe('not_found')
    expect(await other.refused('GET /api/orders/:id/timeline', { params: { id: o.id } })).toBe('not_found')
    expect(await other.refused('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })).toBe('not_found')
    expect(await other.refused('POST /api/orders', { body: { customerId, title: '越权' } })).toBe('not_found')
    expect((await other.ok('GET /api/orders')).rows).toEqual([])
    await dispatcher.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
    await visits(o.id, [visit({ state: 'offered' })])
    expect(await engineer.ok('GET /api/orders/:id', { params: { id: o.id } })).toMatchObject({
      can: { triage: false, contact: true },
    })
    await visits(o.id, [visit({ state: 'declined', endedAt: 1 })])
    expect(await engineer.refused('GET /api/orders/:id', { params: { id: o.id } })).toBe('not_found')
  })
  it('lets no engineer accept his own work or triage', async () => {
    const o = await done()
    expect(await engineer.refused('POST /api/orders/:id/accept', { params: { id: o.id }, body: {} })).toBe('forbidden')
    expect(
      await engineer.refused('POST /api/orders/:id/close', { params: { id: o.id }, body: { reviewed: true } }),
    ).toBe('forbidden')
  })
  it('answers the dispatcher who hands an order to another team', async () => {
    const o = await order()
    const moved = await dispatcher.ok('POST /api/orders/:id/triage', {
      params: { id: o.id },
      body: { teamId: w.teams.northOne },
    })
    expect(moved).toMatchObject({ state: 'unassigned', team: { id: w.teams.northOne } })
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wecomGroup } from '../../../test/vendors'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { insertEngineer, insertSkill, replaceSkills } from '../engineers'

let w: World
let dispatcher: Client
let supervisor: Client
let north: Client
let zhang: Client
let li: Client
let wang: Client
let siteId: string
let customerId: string
// The clock stands at 09:00 on Monday 2026-11-23 in Shanghai.
const at = (hm: string, date = '2026-11-23') => new Date(`${date}T${hm}:00+08:00`).toISOString()
const home = (lng: number) => ({ lat: 31.2, lng, datum: 'gcj02' as const })

async function engineer(name: string, level: number | null, lng: number, team = w.teams.eastOne) {
  const p = await w.person('engineer', 'own', team, name)
  await insertEngineer(w.db, { userId: p.id, home: home(lng), now: w.clock.now() })
  if (level !== null) await replaceSkills(w.db, p.id, [{ code: 'switch', level }])
  return p
}

async function order(more: Record<string, unknown> = {}) {
  const o = await dispatcher.ok('POST /api/orders', {
    body: {
      customerId,
      siteId,
      teamId: w.teams.eastOne,
      title: '核心交换机替换',
      type: 'install',
      priority: 'normal',
      skills: [{ code: 'switch', level: 3 }],
      durationMin: 60,
      promise: { start: at('10:00'), end: at('12:00') },
      ...more,
    },
  })
  await dispatcher.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
  return o.id
}

const assign = (by: Client, id: string, engineerId: string, start: string, more: Record<string, unknown> = {}) =>
  by.call('POST /api/orders/:id/assign', { params: { id }, body: { crew: [{ engineerId }], start, ...more } })
const overlaps = () =>
  w.db.query(
    sql`select 1 from engineer_occupancy a join engineer_occupancy b on a.engineer_id = b.engineer_id and a.ctid < b.ctid and a.during && b.during`,
  )
const clear = async () => {
  w.clock.at = new Date(at('09:00'))
  for (const v of await w.db.query<{ id: string }>(
    sql`select id from visits where state in ('planned', 'offered', 'taken')`,
  ))
    await dispatcher.ok('POST /api/visits/:id/cancel', { params: { id: v.id }, body: { reason: '清场' } })
}

beforeAll(async () => {
  w = await world({ outboundAllow: ['127.0.0.1'] })
  await insertSkill(w.db, { code: 'switch', name: '交换机' })
  dispatcher = await w.person('dispatcher', 'region', w.teams.east)
  supervisor = await w.person('supervisor', 'region', w.teams.east)
  north = await w.person('dispatcher', 'region', w.teams.north)
  zhang = await engineer('张工', 4, 121.5)
  li = await engineer('李工', 3, 121.9)
  wang = await engineer('王工', null, 121.5)
  await engineer('北方工', 5, 121.5, w.teams.northOne)
  const ops = await w.person('operations', 'all')
  const c = await ops.ok('POST /api/customers', {
    body: { name: '上海星海医院', shortName: '星海医院', teamId: w.teams.eastOne },
  })
  customerId = c.id
  siteId = (
    await ops.ok('POST /api/customers/:id/sites', {
      params: { id: c.id },
      body: { name: '门诊楼机房', address: '上海市浦东新区张江路 1 号', point: home(121.52) },
    })
  ).id
})
afterAll(() => w.close())

describe('who could do it', () => {
  it('ranks the engineers of the region with reasons, and says what blocks the others', async () => {
    const id = await order()
    const { ranked, left, order: about } = await dispatcher.ok('GET /api/orders/:id/candidates', { params: { id } })
    expect(about).toMatchObject({ customerName: '星海医院', durationMin: 60, skills: [{ name: '交换机', level: 3 }] })
    expect(ranked.map((c) => [c.rank, c.engineer.name])).toEqual([
      [1, '张工'],
      [2, '李工'],
    ])
    expect(ranked[0]).toMatchObject({
      start: at('10:00'),
      travel: { from: 'home' },
      load: { dayPercent: 0, weekPercent: 0 },
    })
    expect(ranked[0]?.travelMin).toBeGreaterThan(8)
    expect(ranked[0]?.reasons.map((r) => r.code)).toContain('skill_has')
    expect(left).toMatchObject([
      {
        engineer: { name: '王工' },
        findings: [{ code: 'skill_missing', severity: 'override', params: { skill: '交换机', need: 3 } }],
      },
    ])
  })
  it('judges all at a wished start, and leaves out who is away then', async () => {
    const id = await order()
    const leave = await dispatcher.ok('POST /api/engineers/:id/absences', {
      params: { id: zhang.id },
      body: { kind: 'leave', from: at('14:00'), to: at('18:00') },
    })
    const { ranked, left } = await dispatcher.ok('GET /api/orders/:id/candidates', {
      params: { id },
      query: { start: at('15:00') },
    })
    expect(ranked.map((c) => c.engineer.name)).toEqual(['李工'])
    expect(ranked[0]?.findings.map((f) => f.code)).toEqual(['outside_promise'])
    expect(left.find((b) => b.engineer.name === '张工')?.findings[0]).toMatchObject({
      code: 'on_leave',
      params: { kind: 'leave', from: at('14:00') },
    })
    await dispatcher.ok('POST /api/absences/:id/cancel', { params: { id: leave.id }, body: { reason: '销假' } })
  })
  it('is nobody else’s business', async () => {
    const id = await order()
    expect(await north.refused('GET /api/orders/:id/candidates', { params: { id } })).toBe('not_found')
    expect(await zhang.refused('GET /api/orders/:id/candidates', { params: { id } })).toBe('forbidden')
  })
})

describe('assigning', () => {
  it('plans, offers and books the visit with the way before it, and logs it against the alternative', async () => {
    const id = await order()
    const answer = await assign(dispatcher, id, zhang.id, at('10:00'), { reason: '最近' })
    expect(answer).toMatchObject({ status: 200, body: { visits: [{ state: 'offered', engineerId: zhang.id }] } })
    const [visit] = answer.body.visits
    const held = await w.db.query(
      sql`select kind from engineer_occupancy where engineer_id = ${zhang.id} order by during`,
    )
    expect(held.map((h) => h.kind)).toEqual(['travel', 'visit'])
    const { rows } = await dispatcher.ok('GET /api/dispatch/log', { query: { orderId: id } })
    expect(rows).toMatchObject([
      {
        verb: 'assign',
        visitId: visit?.id,
        by: { name: dispatcher.name },
        reason: '最近',
        rank: 1,
        alternative: { engineerName: '李工', rank: 2 },
      },
    ])
    expect((await north.ok('GET /api/dispatch/log', { query: { orderId: id } })).rows).toEqual([])
    await clear()
  })
  it('refuses a second engineer for the same order, and the same hour for a second order', async () => {
    const [a, b] = [await order(), await order()]
    expect((await assign(dispatcher, a, zhang.id, at('10:00'))).status).toBe(200)
    expect(await assign(dispatcher, a, li.id, at('10:00'))).toMatchObject({
      body: { code: 'order_has_engineer', params: { engineerName: '张工' } },
    })
    expect(await assign(dispatcher, b, zhang.id, at('10:30'))).toMatchObject({
      status: 409,
      body: {
        code: 'engineer_busy',
        params: { engineerName: '张工', kind: 'visit', from: at('10:00'), name: '星海医院' },
      },
    })
    await clear()
  })
  it('lets only a supervisor override a missing skill, with a reason that stands in the log', async () => {
    const id = await order()
    expect(await assign(dispatcher, id, wang.id, at('10:00'))).toMatchObject({
      body: { code: 'override_needed', params: { findings: [{ code: 'skill_missing' }] } },
    })
    const override = { reason: '由张工电话指导' }
    expect((await assign(dispatcher, id, wang.id, at('10:00'), { override })).body).toMatchObject({ code: 'forbidden' })
    expect((await assign(supervisor, id, wang.id, at('10:00'), { override })).status).toBe(200)
    const { rows } = await supervisor.ok('GET /api/dispatch/log', { query: { orderId: id } })
    expect(rows[0]).toMatchObject({ reason: '由张工电话指导', overridden: [{ code: 'skill_missing' }] })
    await clear()
  })
  it('allows a visit outside the shift and says so', async () => {
    const id = await order()
    const answer = await assign(dispatcher, id, zhang.id, at('19:00'))
    expect(answer.body.visits[0]?.findings.map((f) => f.code)).toContain('outside_shift')
    await clear()
  })
  it('brings a crew, all or nobody', async () => {
    const id = await order({ crew: 2 })
    const crew = [
      { engineerId: zhang.id, role: 'lead' as const },
      { engineerId: li.id, role: 'member' as const },
    ]
    const busy = await assign(dispatcher, await order(), li.id, at('10:00'))
    const both = { params: { id }, body: { crew, start: at('10:00') } }
    expect(await dispatcher.refused('POST /api/orders/:id/assign', both)).toBe('engineer_busy')
    expect(await w.db.query(sql`select 1 from visits where order_id = ${id}`)).toEqual([])
    await dispatcher.ok('POST /api/visits/:id/cancel', {
      params: { id: busy.body.visits[0]?.id as string },
      body: { reason: '让出' },
    })
    expect((await dispatcher.ok('POST /api/orders/:id/assign', both)).visits).toHaveLength(2)
    const twice = { params: { id }, body: { crew: [...crew, crew[1] as never], start: at('14:00') } }
    expect(await dispatcher.refused('POST /api/orders/:id/assign', twice)).toBe('engineer_twice')
    await clear()
  })
  it('has one winner among sixteen dispatchers who want one engineer at one time, ten times', async () => {
    const orders = await Promise.all(Array.from({ length: 16 }, () => order({ promise: null })))
    for (let round = 0; round < 10; round++) {
      const start = at('10:00', `2026-11-${24 + (round % 5)}`)
      const engineerId = round < 5 ? zhang.id : li.id
      const answers = await Promise.all(
        orders.map((id) => assign(dispatcher, id, engineerId, start, { additional: true })),
      )
      expect(answers.filter((a) => a.status === 200)).toHaveLength(1)
      expect(new Set(answers.filter((a) => a.status !== 200).map((a) => (a.body as { code?: string }).code))).toEqual(
        new Set(['engineer_busy']),
      )
    }
    expect(await overlaps()).toEqual([])
    await clear()
  })
  it('answers a repeat with the first answer', async () => {
    const id = await order()
    const key = { 'idempotency-key': newId() }
    const body = { crew: [{ engineerId: zhang.id }], start: at('10:00') }
    const first = await dispatcher.call('POST /api/orders/:id/assign', { params: { id }, body }, key)
    const again = await dispatcher.call('POST /api/orders/:id/assign', { params: { id }, body }, key)
    expect(again.body).toEqual(first.body)
    expect(await w.db.query(sql`select 1 from visits where order_id = ${id}`)).toHaveLength(1)
    await clear()
  })
  it('belongs to dispatchers of the region', async () => {
    const id = await order()
    expect((await assign(north, id, zhang.id, at('10:00'))).body).toMatchObject({ code: 'not_found' })
    expect((await assign(zhang, id, zhang.id, at('10:00'))).body).toMatchObject({ code: 'forbidden' })
    expect((await assign(dispatcher, id, newId(), at('10:00'))).body).toMatchObject({ code: 'engineer_unknown' })
  })
})

describe('changing a plan', () => {
  const given = async (engineerId: string, start: string) => {
    const id = await order()
    const answer = await assign(dispatcher, id, engineerId, start)
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
    return { orderId: id, visit: answer.body.visits[0] as NonNullable<(typeof answer.body.visits)[0]> }
  }
  it('drags a visit over its own old time', async () => {
    const { visit, orderId } = await given(zhang.id, at('10:00'))
    const body = { start: at('10:30'), reason: '客户晚到半小时' }
    const moved = await dispatcher.ok('POST /api/visits/:id/move', { params: { id: visit.id }, body })
    expect(moved).toMatchObject({ id: visit.id, start: at('10:30'), end: at('11:30') })
    const { rows } = await dispatcher.ok('GET /api/dispatch/log', { query: { orderId } })
    expect(rows[0]).toMatchObject({ verb: 'move', from: { start: at('10:00') }, to: { start: at('10:30') } })
    await clear()
  })
  it('reassigns: the first is freed, the second is offered', async () => {
    const { visit } = await given(zhang.id, at('10:00'))
    const body = { engineerId: li.id, reason: '张工改去急单' }
    const next = await dispatcher.ok('POST /api/visits/:id/reassign', { params: { id: visit.id }, body })
    expect(next).toMatchObject({ engineerId: li.id, state: 'offered', start: at('10:00') })
    expect(
      await w.db.query(sql`select 1 from engineer_occupancy where engineer_id = ${zhang.id} and kind = 'visit'`),
    ).toEqual([])
    await clear()
  })
  it('puts work at the same place before what is planned there, as one trip', async () => {
    await given(zhang.id, at('11:00'))
    const { visit } = await given(zhang.id, at('10:00'))
    expect(visit.state).toBe('offered')
    const held = await w.db.query<{ kind: string }>(
      sql`select kind from engineer_occupancy where engineer_id = ${zhang.id} order by during`,
    )
    expect(held.map((h) => h.kind)).toEqual(['travel', 'visit'])
    await clear()
  })
  it('recalls an offer, and offers it again', async () => {
    const { visit } = await given(zhang.id, at('10:00'))
    const params = { id: visit.id }
    expect(await dispatcher.ok('POST /api/visits/:id/recall', { params, body: { reason: '先等客户' } })).toMatchObject({
      state: 'planned',
    })
    expect(await dispatcher.ok('POST /api/visits/:id/offer', { params, body: {} })).toMatchObject({ state: 'offered' })
    expect(await north.refused('POST /api/visits/:id/recall', { params, body: { reason: '越界' } })).toBe('not_found')
    await clear()
  })
  it('explains a proposed placement without writing', async () => {
    const { visit } = await given(zhang.id, at('10:00'))
    const other = await order()
    const ask = (more: Record<string, unknown>) =>
      dispatcher.ok('POST /api/dispatch/check', {
        body: { orderId: other, engineerIds: [zhang.id], start: at('10:30'), ...more },
      })
    const before = await w.db.one(sql`select count(*) as n from events`)
    expect((await ask({})).placements[0]).toMatchObject({ verdict: 'refuse', findings: [{ code: 'engineer_busy' }] })
    expect((await ask({ visitId: visit.id })).placements[0]).toMatchObject({ verdict: 'ok', canOverride: false })
    expect(await w.db.one(sql`select count(*) as n from events`)).toEqual(before)
    await clear()
  })
})

describe('the board of a day', () => {
  it('shows rows, bars, unassigned cards and offers in one answer, each in scope', async () => {
    const [a, b] = [await order(), await order({ title: '待派' })]
    await assign(dispatcher, a, zhang.id, at('10:00'))
    const day = await dispatcher.ok('GET /api/dispatch/board', { query: { date: '2026-11-23' } })
    const row = day.rows.find((r) => r.engineer.id === zhang.id)
    expect(day.rows.map((r) => r.engineer.name).sort()).toEqual(['张工', '李工', '王工'].sort())
    expect(row?.load.todayMin).toBeGreaterThan(60)
    expect(row?.load.todayCapacityMin).toBe(480)
    expect(row?.dayM).toBeGreaterThan(1000)
    expect(row?.shift).toEqual([
      { from: at('09:00'), to: at('12:00') },
      { from: at('13:00'), to: at('18:00') },
    ])
    const bar = day.bars.find((x) => x.orderId === a)
    expect(bar).toMatchObject({
      customerName: '星海医院',
      state: 'offered',
      madeBy: 'person',
      promise: { start: at('10:00'), end: at('12:00') },
      locked: false,
      late: false,
      offer: { opened: false },
      can: { move: true, recall: true },
    })
    expect(day.unassigned.map((c) => c.orderId)).toContain(b)
    expect(day.unassigned.map((c) => c.orderId)).not.toContain(a)
    expect(day.unassigned.find((c) => c.orderId === b)).toMatchObject({ durationMin: 60, skills: [{ name: '交换机' }] })
    const elsewhere = await north.ok('GET /api/dispatch/board', { query: { date: '2026-11-23' } })
    expect([elsewhere.bars, elsewhere.unassigned]).toEqual([[], []])
    const team = await dispatcher.ok('GET /api/dispatch/board', { query: { teamIds: [w.teams.eastTwo] } })
    expect([team.rows, team.bars]).toEqual([[], []])
    expect(await zhang.refused('GET /api/dispatch/board')).toBe('forbidden')
    await clear()
  })
})

describe('offers that nobody answers', () => {
  const run = async (minutes: number) => {
    w.clock.advance(minutes)
    await w.db.run(sql`select graphile_worker.add_job('dispatch:remind_of_offers')`)
    await w.settle()
  }
  const told = async (by: Client) =>
    (await by.ok('GET /api/notices')).rows.map((n) => n.code).filter((c) => c.startsWith('offer_'))
  const steps = async (id: string) =>
    (await dispatcher.ok('GET /api/orders/:id/timeline', { params: { id } })).rows
      .filter((e) => e.aggregate === 'offer')
      .map((e) => [e.type, e.params.by, e.params.sent, e.params.why])
      .reverse()

  it('go up the channels after 3 minutes unopened; where none leads anywhere the dispatcher hears at once', async () => {
    const id = await order({ promise: null })
    await assign(dispatcher, id, zhang.id, at('14:00'))
    await run(2)
    expect(await told(dispatcher)).toEqual([])
    await run(2)
    await run(1)
    expect(await told(dispatcher)).toEqual(['offer_unopened'])
    expect(await told(zhang)).toEqual(['offer_waiting'])
    expect(await steps(id)).toEqual([
      ['offer.reminded', 'push', false, 'no_subscription'],
      ['offer.reminded', 'robot', false, 'no_robot'],
      ['offer.reminded', 'email', false, 'no_address'],
      ['offer.reminded', 'dispatcher', true, null],
    ])
    await run(11)
    await run(1)
    expect(await told(dispatcher)).toEqual(['offer_unanswered', 'offer_unopened'])
    expect((await steps(id)).at(-1)).toEqual(['offer.unanswered', 'dispatcher', true, null])
    await clear()
  })

  it('leave each channel its minutes, and stop at once when the offer is opened', async () => {
    const ops = await w.person('operations', 'all')
    const wx = await wecomGroup(() => w.clock.now())
    await ops.ok('POST /api/notice-robots', {
      body: {
        vendor: 'wecom',
        name: '东区派工群',
        webhook: wx.url,
        codes: ['offer_waiting'],
        teamIds: [w.teams.eastOne],
      },
    })
    const id = await order({ promise: null })
    const { visits } = (await assign(dispatcher, id, zhang.id, at('14:00'))).body as {
      visits: { id: string; rev: number }[]
    }
    const [v] = visits
    await run(4)
    expect(await steps(id)).toEqual([
      ['offer.reminded', 'push', false, 'no_subscription'],
      ['offer.reminded', 'robot', true, null],
    ])
    expect(wx.received.map((m) => m.markdown.content).join()).toMatch(/派单等你回应[\s\S]*张工/)
    // The steps are no events of the visit: what the phone holds is still good.
    expect((await zhang.ok('GET /api/visits/:id', { params: { id: v?.id as string } })).rev).toBe(v?.rev)
    await zhang.ok('POST /api/visits/:id/open', { params: { id: v?.id as string }, body: {} })
    await run(5)
    await run(2)
    expect(await steps(id)).toHaveLength(2)
    await zhang.ok('POST /api/visits/:id/take', { params: { id: v?.id as string }, body: {} })
    await run(10)
    expect(await steps(id)).toHaveLength(2)
    await wx.close()
    await clear()
  })

  it('say nothing any more about an offer that was taken while the message waited', async () => {
    const ops = await w.person('operations', 'all')
    const wx = await wecomGroup(() => w.clock.now())
    await ops.ok('POST /api/notice-robots', {
      body: { vendor: 'wecom', name: '新派单群', webhook: wx.url, codes: ['visit_offered'] },
    })
    await w.db.run(sql`update notice_robots set throttled_until = ${new Date(w.clock.now().getTime() + 60_000)}`)
    const id = await order({ promise: null })
    const { visits } = (await assign(dispatcher, id, zhang.id, at('14:00'))).body as { visits: { id: string }[] }
    await zhang.ok('POST /api/visits/:id/take', { params: { id: visits[0]?.id as string }, body: {} })
    await w.settle()
    await run(5)
    await w.db.run(sql`select graphile_worker.add_job('notices:sweep')`)
    await w.settle()
    expect(wx.received).toEqual([])
    expect((await ops.ok('GET /api/deliveries', { query: { code: 'visit_offered' } })).rows[0]).toMatchObject({
      state: 'skipped',
      why: 'settled',
    })
    await wx.close()
    await clear()
  })

  it('go to the next candidate when the policy says so, never to one who has had it', async () => {
    const ops = await w.person('operations', 'all')
    const { policy } = await ops.ok('GET /api/dispatch/policy')
    await ops.ok('PUT /api/dispatch/policy', { body: { ...policy, unanswered: 'next_candidate' } })
    const id = await order({ promise: null })
    await assign(dispatcher, id, zhang.id, at('14:00'))
    await run(16)
    const { visits } = await dispatcher.ok('GET /api/orders/:id/visits', { params: { id } })
    expect(visits.map((v) => v.state).sort()).toEqual(['offered', 'reassigned'])
    const next = visits.find((v) => v.state === 'offered')
    expect(next?.engineer?.id).not.toBe(zhang.id)
    expect(await told(dispatcher)).toContain('offer_passed_on')
    expect((await steps(id)).at(-1)?.[0]).toBe('offer.passed_on')
    await ops.ok('PUT /api/dispatch/policy', { body: policy })
    await clear()
  })
})

describe('the policy', () => {
  it('decides what a finding does, by whoever runs the operations', async () => {
    const ops = await w.person('operations', 'all')
    const { policy } = await ops.ok('GET /api/dispatch/policy')
    const strict = { ...policy, severity: { ...policy.severity, outside_shift: 'refuse' as const } }
    expect(await dispatcher.refused('PUT /api/dispatch/policy', { body: strict })).toBe('forbidden')
    await ops.ok('PUT /api/dispatch/policy', { body: strict })
    expect((await assign(dispatcher, await order(), zhang.id, at('19:00'))).body).toMatchObject({
      code: 'placement_refused',
      params: { findings: [{ code: 'outside_shift' }] },
    })
    await ops.ok('PUT /api/dispatch/policy', { body: policy })
  })
})

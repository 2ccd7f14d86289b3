import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, field } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import type { CodedError } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { cancelVisit, offerVisit, planVisit, reassignVisit, recallVisit, rescheduleVisit } from './index'

let f: Field
let zhang: Client
let li: Client
beforeAll(async () => {
  f = await field()
  zhang = await f.engineer('张工')
  li = await f.engineer('李工')
})
afterAll(() => f.w.close())

const system = <T>(work: Parameters<Field['w']['app']['asSystem']>[1]) => f.w.app.asSystem('test', work) as Promise<T>
const code = (p: Promise<unknown>) =>
  p.then(
    () => 'done',
    (e: CodedError) => e.code ?? String(e),
  )
const booked = (engineerId: string) =>
  f.w.db.query<{ kind: string; from: string; to: string }>(sql`
    select kind, to_char(lower(during) at time zone 'Asia/Shanghai', 'HH24:MI') as from, to_char(upper(during) at time zone 'Asia/Shanghai', 'HH24:MI') as to
    from engineer_occupancy where engineer_id = ${engineerId} order by lower(during)`)
const orderState = async (id: string) =>
  (await f.dispatcher.ok('GET /api/orders/:id', { params: { id } })) as { state: string; engineers: { id: string }[] }

describe('planning a visit', () => {
  it('books the way there and the visit, and gives both back when it is cancelled', async () => {
    const v = await f.offer(zhang)
    expect(await booked(zhang.id)).toEqual([
      { kind: 'travel', from: '09:30', to: '10:00' },
      { kind: 'visit', from: '10:00', to: '12:00' },
    ])
    await f.dispatcher.ok('POST /api/visits/:id/cancel', { params: { id: v.id }, body: { reason: '客户改期' } })
    expect(await booked(zhang.id)).toEqual([])
    expect((await orderState(v.orderId)).state).toBe('unassigned')
  })
  it('refuses an engineer who is taken, naming what is in the way', async () => {
    const v = await f.offer(zhang)
    const other = await f.order()
    const attempt = f.plan({ orderId: other.id, engineerId: zhang.id, start: f.at(11), end: f.at(13) })
    await expect(attempt).rejects.toMatchObject({ code: 'engineer_busy', params: { engineerName: '张工' } })
    // Nothing of the refused plan is left.
    expect((await f.dispatcher.ok('GET /api/orders/:id/visits', { params: { id: other.id } })).visits).toEqual([])
    await system((ctx) => cancelVisit(ctx, v.id, { reason: '测试' }))
  })
  it('lets remote work and residents stand beside other work', async () => {
    const o = await f.order()
    await f.plan({ orderId: o.id, engineerId: li.id, mode: 'remote' })
    await f.plan({ orderId: o.id, engineerId: li.id, mode: 'resident', end: f.at(24 * 20) })
    expect(await booked(li.id)).toEqual([])
  })
  it('refuses an end before its start, a visit of two days, an unknown engineer and an order that is not triaged', async () => {
    const o = await f.order()
    expect(await code(f.plan({ orderId: o.id, start: f.at(12), end: f.at(10) }))).toBe('time_order')
    expect(await code(f.plan({ orderId: o.id, end: f.at(24 * 3) }))).toBe('visit_too_long')
    expect(await code(f.plan({ orderId: o.id, engineerId: newId() }))).toBe('engineer_unknown')
    expect(await code(f.plan({ orderId: o.id, engineerId: newId(), mode: 'remote' }))).toBe('engineer_unknown')
    const fresh = await f.dispatcher.ok('POST /api/orders', {
      body: { customerId: f.customerId, title: '未受理' },
    })
    expect(await code(f.plan({ orderId: fresh.id }))).toBe('state_forbids')
    expect(await code(f.plan({ orderId: newId() }))).toBe('not_found')
  })
  it('shares one way and one booking between visits at one site in one go', async () => {
    const wang = await f.engineer('王工')
    const a = await f.offer(wang, { start: f.at(13), end: f.at(14) })
    const b = await f.offer(wang, { start: f.at(14, 10), end: f.at(15), travelMin: 0 })
    expect(await booked(wang.id)).toEqual([
      { kind: 'travel', from: '12:30', to: '13:00' },
      { kind: 'visit', from: '13:00', to: '15:00' },
    ])
    const full = await wang.ok('GET /api/visits/:id', { params: { id: a.id } })
    expect(full.trip).toMatchObject([{ visitId: b.id }])
    // One departure and one check-in for both.
    for (const v of [a, b]) await wang.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    f.w.clock.advance(1)
    await wang.ok('POST /api/visits/:id/depart', { params: { id: a.id }, body: {} })
    f.w.clock.advance(20)
    await wang.ok('POST /api/visits/:id/check-in', { params: { id: a.id }, body: {} })
    const second = await wang.ok('GET /api/visits/:id', { params: { id: b.id } })
    expect(second).toMatchObject({ state: 'on_site', checkIns: [{ grade: 'C' }] })
    expect(second.departedAt).not.toBeNull()
    // The first one ends: the second keeps its time, and nobody is refused for want of it.
    await wang.ok('POST /api/visits/:id/start', { params: { id: a.id }, body: {} })
    await wang.ok('POST /api/visits/:id/finish', { params: { id: a.id }, body: { result: 'done' } })
    expect(await booked(wang.id)).toEqual([{ kind: 'visit', from: '14:10', to: '15:00' }])
  })
  it('books overlapping work at the same site only once', async () => {
    const qian = await f.engineer('钱工')
    await f.offer(qian)
    const o = await f.order()
    expect(await code(f.plan({ orderId: o.id, engineerId: qian.id }))).toBe('engineer_busy')
  })
})

describe('an offer', () => {
  it('reaches the engineer, his inbox and his day', async () => {
    const sun = await f.engineer('孙工')
    const v = await f.offer(sun)
    const { offers, visits } = await sun.ok('GET /api/field/today')
    expect(offers.map((o) => o.id)).toEqual([v.id])
    expect(visits[0]).toMatchObject({ id: v.id, next: 'take', can: { take: true, decline: true, cancel: false } })
    const inbox = await sun.ok('GET /api/notices')
    expect(inbox.rows[0]).toMatchObject({ code: 'visit_offered', urgency: 'urgent', subject: { id: v.id } })
  })
  it('is invisible before it is offered, and again after the recall', async () => {
    const wu = await f.engineer('吴工')
    const o = await f.order()
    const v = await f.plan({ orderId: o.id, engineerId: wu.id })
    expect(await wu.refused('GET /api/visits/:id', { params: { id: v.id } })).toBe('not_found')
    await system((ctx) => offerVisit(ctx, v.id, {}))
    await wu.ok('POST /api/visits/:id/open', { params: { id: v.id }, body: {} })
    await system((ctx) => recallVisit(ctx, v.id, { reason: '换人' }))
    expect(await wu.refused('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })).toBe('not_found')
  })
  it('needs an engineer', async () => {
    const o = await f.order()
    const v = await f.plan({ orderId: o.id })
    expect(await code(system((ctx) => offerVisit(ctx, v.id, {})))).toBe('visit_needs_engineer')
  })
  it('goes to the first of several takers, whose time is booked then', async () => {
    const o = await f.order()
    const v = await f.plan({ orderId: o.id, start: f.at(16), end: f.at(17) })
    const [a, b] = [await f.engineer('甲工'), await f.engineer('乙工')]
    await system((ctx) => offerVisit(ctx, v.id, { candidateIds: [a.id, b.id] }))
    const take = (c: Client) => c.call('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    const answers = await Promise.all([take(a), take(b)])
    expect(answers.map((r) => r.status).sort()).toEqual([200, 409])
    const loser = answers.find((r) => r.status === 409) as { body: unknown }
    expect(loser.body).toMatchObject({ code: 'visit_taken_by_other' })
    const winner = answers[0]?.status === 200 ? a : b
    expect((await booked(winner.id)).at(-1)).toEqual({ kind: 'visit', from: '16:00', to: '17:00' })
    expect((await orderState(o.id)).engineers.map((e) => e.id)).toEqual([winner.id])
  })
  it('is taken once when the same engineer taps twice', async () => {
    const c = await f.engineer('丙工')
    const v = await f.offer(c)
    const take = () => c.call('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    const answers = await Promise.all([take(), take(), take()])
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409, 409])
  })
  it('comes back to the dispatcher with the reason when it is declined', async () => {
    const d = await f.engineer('丁工')
    const v = await f.offer(d)
    const answer = await d.ok('POST /api/visits/:id/decline', {
      params: { id: v.id },
      body: { reason: '家里有事', cause: 'personal' },
    })
    expect(answer).toMatchObject({ state: 'declined', next: null })
    expect(await booked(d.id)).toEqual([])
    const { rows } = await f.dispatcher.ok('GET /api/notices')
    expect(rows.find((n) => n.subject.id === v.id)).toMatchObject({
      code: 'visit_declined',
      params: { reason: '家里有事' },
    })
  })
})

describe('changing one’s mind', () => {
  it('moves a visit to a colleague: the old one ends, a successor is offered', async () => {
    const [a, b] = [await f.engineer('前任'), await f.engineer('继任')]
    const v = await f.offer(a)
    await a.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    const next = await f.w.app.asSystem('test', (ctx) =>
      reassignVisit(ctx, v.id, { engineerId: b.id, reason: '前任生病' }),
    )
    const { visits } = await f.dispatcher.ok('GET /api/orders/:id/visits', { params: { id: v.orderId } })
    expect(visits.map((x) => [x.engineer?.name, x.state, x.replaces, x.successorId])).toEqual(
      expect.arrayContaining([
        ['前任', 'reassigned', null, next.id],
        ['继任', 'offered', v.id, null],
      ]),
    )
    expect(await booked(a.id)).toEqual([])
    expect(await booked(b.id)).toHaveLength(2)
  })
  it('moves the promise only when the customer asked', async () => {
    const e = await f.engineer('戊工')
    const promise = { start: f.at(10).getTime(), end: f.at(12).getTime() }
    const v = await f.offer(e, { promise })
    await system((ctx) =>
      rescheduleVisit(ctx, v.id, { start: f.at(14), end: f.at(16), askedBy: 'us', reason: '前一单超时' }),
    )
    const ours = await e.ok('GET /api/visits/:id', { params: { id: v.id } })
    expect(ours.promise?.start).toBe(f.at(10).toISOString())
    expect(ours.planned.start).toBe(f.at(14).toISOString())
    await e.ok('POST /api/visits/:id/reschedule', {
      params: { id: v.id },
      body: { start: f.at(15).toISOString(), end: f.at(17).toISOString(), askedBy: 'customer', reason: '客户下午开会' },
    })
    const theirs = await e.ok('GET /api/visits/:id', { params: { id: v.id } })
    expect(theirs.promise?.start).toBe(f.at(15).toISOString())
    expect(theirs.promiseOriginal?.start).toBe(f.at(10).toISOString())
    expect(await booked(e.id)).toEqual([
      { kind: 'travel', from: '14:30', to: '15:00' },
      { kind: 'visit', from: '15:00', to: '17:00' },
    ])
    expect(
      await e.refused('POST /api/visits/:id/reschedule', {
        params: { id: v.id },
        body: { start: f.at(17).toISOString(), end: f.at(16).toISOString(), askedBy: 'us', reason: '写反了' },
      }),
    ).toBe('time_order')
  })
  it('ends as missed when nobody came and the day is over', async () => {
    const g = await f.engineer('己工')
    const v = await f.offer(g)
    await g.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    const saved = f.w.clock.at
    f.w.clock.at = new Date('2026-11-24T01:00:00Z')
    await f.w.app.asSystem('test', (ctx) => ctx.job('visits.sweep', {}))
    await f.w.settle()
    f.w.clock.at = saved
    expect(await f.dispatcher.ok('GET /api/visits/:id', { params: { id: v.id } })).toMatchObject({ state: 'missed' })
    expect(await booked(g.id)).toEqual([])
  })
  it('races sixteen dispatchers for one engineer and one slot: one wins', async () => {
    const h = await f.engineer('庚工')
    const orders = await Promise.all(Array.from({ length: 8 }, () => f.order()))
    const results = await Promise.all(
      orders.map((o) =>
        code(
          f.w.app.asSystem('race', (ctx) =>
            planVisit(ctx, { orderId: o.id, engineerId: h.id, mode: 'onsite', start: f.at(18), end: f.at(19) }),
          ),
        ),
      ),
    )
    expect(results.filter((r) => r === 'done')).toHaveLength(1)
    expect(new Set(results)).toEqual(new Set(['done', 'engineer_busy']))
  })
})

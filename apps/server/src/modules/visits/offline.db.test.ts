import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { newId } from '../../platform/ids'
import { cancelVisit, offerVisit, recallVisit } from './index'

let f: Field
beforeAll(async () => {
  f = await field()
})
beforeEach(() => {
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

const send = async (c: Client, items: ReturnType<typeof fromPhone>[]) =>
  (await c.ok('POST /api/commands', { body: { items } })).items
const take = (c: Client, id: string) => c.ok('POST /api/visits/:id/take', { params: { id }, body: {} })
const get = (c: Client, id: string) => c.ok('GET /api/visits/:id', { params: { id } })
const order = (id: string) => f.dispatcher.ok('GET /api/orders/:id', { params: { id } })
const off = (o: Omit<NonNullable<Parameters<typeof fromPhone>[3]>, 'offline'>) => ({ offline: true, ...o })

/** The afternoon in a basement without a network, as the outbox holds it. */
const afternoon = (id: string, device: string) => [
  fromPhone('visit.depart', id, {}, off({ at: f.at(9, 40), seq: 1, device })),
  fromPhone('visit.checkIn', id, { fix: goodFix }, off({ at: f.at(10, 2), seq: 2, device })),
  fromPhone('visit.start', id, {}, off({ at: f.at(10, 5), seq: 3, device })),
  fromPhone('visit.finish', id, { result: 'done' }, off({ at: f.at(11, 30), seq: 4, device })),
]

describe('a day without a network', () => {
  it('arrives late and stands at the times at which it happened', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(13)
    const verdicts = await send(e, afternoon(v.id, 'p1'))
    expect(verdicts.map((x) => x.verdict)).toEqual(['applied', 'applied', 'applied', 'applied'])
    expect(await get(e, v.id)).toMatchObject({
      state: 'finished',
      departedAt: f.at(9, 40).toISOString(),
      arrivedAt: f.at(10, 2).toISOString(),
      finishedAt: f.at(11, 30).toISOString(),
      conflicts: 0,
      flags: ['late'],
    })
    expect((await order(v.orderId)).state).toBe('awaiting_acceptance')
  })
  it('comes to the same in any order of arrival', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(13)
    for (const item of afternoon(v.id, 'p2').reverse()) await send(e, [item])
    expect(await get(e, v.id)).toMatchObject({
      state: 'finished',
      arrivedAt: f.at(10, 2).toISOString(),
      finishedAt: f.at(11, 30).toISOString(),
      conflicts: 0,
    })
    expect((await order(v.orderId)).state).toBe('awaiting_acceptance')
  })
  it('is answered, not repeated, when the phone sends it again', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(13)
    const items = afternoon(v.id, 'p3')
    const first = await send(e, items)
    const again = await send(e, items)
    expect(again.map((x) => x.verdict)).toEqual(Array(4).fill('duplicate'))
    expect(again.map((x) => x.reply)).toEqual(first.map((x) => x.reply))
  })
  it('is corrected by the skew of the phone’s clock', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(13)
    // The phone is ten minutes ahead, and it was measured.
    await send(e, [
      fromPhone('visit.depart', v.id, {}, off({ at: f.at(9, 50), seq: 1, device: 'p4', skewMs: 600_000 })),
    ])
    expect(await get(e, v.id)).toMatchObject({
      departedAt: f.at(9, 40).toISOString(),
      flags: ['clock_skewed', 'late'],
    })
  })
  it('never stands in the future, nor before the offer that it is about', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    f.w.clock.advance(1)
    await send(e, [
      fromPhone('visit.take', v.id, {}, off({ at: f.at(3), seq: 1, device: 'p5' })),
      fromPhone('visit.depart', v.id, {}, off({ at: f.at(23), seq: 2, device: 'p5' })),
    ])
    const full = await get(e, v.id)
    expect(full).toMatchObject({ state: 'en_route', departedAt: f.at(9, 1).toISOString() })
    expect(full.flags).toEqual(['before_last_contact', 'in_the_future'])
    expect(full.takenAt && full.offeredAt && full.takenAt >= full.offeredAt).toBe(true)
  })
  it('makes good a sweep that had taken the engineer for missing', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(24 + 8)
    await f.w.app.asSystem('test', (ctx) => ctx.job('visits.sweep', {}))
    await f.w.settle()
    expect((await get(e, v.id)).state).toBe('missed')
    await send(e, afternoon(v.id, 'p6'))
    expect(await get(e, v.id)).toMatchObject({ state: 'finished', conflicts: 0 })
    expect((await order(v.orderId)).state).toBe('awaiting_acceptance')
  })
  it('does not undo what a colleague did since: the order is what its visits come to', async () => {
    const [a, b] = [await f.engineer('甲'), await f.engineer('乙')]
    const o = await f.order({ crew: 2 })
    const lead = await f.offer(a, { orderId: o.id })
    const member = await f.offer(b, { orderId: o.id, role: 'member' })
    await take(a, lead.id)
    await take(b, member.id)
    f.w.clock.at = f.at(10)
    await a.ok('POST /api/visits/:id/check-in', { params: { id: lead.id }, body: {} })
    await b.ok('POST /api/visits/:id/check-in', { params: { id: member.id }, body: {} })
    f.w.clock.at = f.at(12)
    await b.ok('POST /api/visits/:id/finish', { params: { id: member.id }, body: { result: 'done' } })
    expect((await order(o.id)).state).toBe('in_progress')
    f.w.clock.at = f.at(13)
    await send(a, [fromPhone('visit.finish', lead.id, { result: 'done' }, off({ at: f.at(11), seq: 9, device: 'p7' }))])
    expect((await order(o.id)).state).toBe('awaiting_acceptance')
  })
})

describe('what does not fit', () => {
  it('is kept, flagged and shown to the dispatcher until somebody settles it', async () => {
    const e = await f.engineer('丙')
    const v = await f.offer(e)
    await take(e, v.id)
    await f.w.app.asSystem('test', (ctx) => cancelVisit(ctx, v.id, { reason: '客户取消' }))
    f.w.clock.at = f.at(13)
    const [first] = await send(e, [fromPhone('visit.depart', v.id, {}, off({ at: f.at(9, 40), seq: 1, device: 'p8' }))])
    expect(first?.verdict).toBe('applied')
    expect(await get(e, v.id)).toMatchObject({ state: 'cancelled', conflicts: 1 })
    const { rows } = await f.dispatcher.ok('GET /api/visits/conflicts')
    const row = rows.find((r) => r.visitId === v.id)
    expect(row).toMatchObject({
      type: 'visit.departed',
      why: 'not_from_state',
      state: 'cancelled',
      actor: { name: '丙' },
    })
    const north = await f.w.person('dispatcher', 'team', f.w.teams.northOne)
    expect((await north.ok('GET /api/visits/conflicts')).rows).toEqual([])
    const settle = { params: { id: row?.eventId as string }, body: { note: '已电话告知' } }
    expect(await north.refused('POST /api/visits/conflicts/:id/settle', settle)).toBe('not_found')
    expect(await e.refused('POST /api/visits/conflicts/:id/settle', settle)).toBe('forbidden')
    await f.dispatcher.ok('POST /api/visits/conflicts/:id/settle', settle)
    expect(await f.dispatcher.refused('POST /api/visits/conflicts/:id/settle', settle)).toBe('conflict_settled')
    expect((await get(e, v.id)).conflicts).toBe(0)
  })
  it('never touches the visit of the colleague who has it now', async () => {
    const [a, b] = [await f.engineer('前任'), await f.engineer('继任')]
    const v = await f.offer(a)
    await take(a, v.id)
    await f.w.app.asSystem('test', (ctx) => recallVisit(ctx, v.id, { reason: '换人' }))
    await f.w.app.asSystem('test', (ctx) => offerVisit(ctx, v.id, { engineerId: b.id }))
    await take(b, v.id)
    f.w.clock.at = f.at(13)
    const verdicts = await send(a, afternoon(v.id, 'p9'))
    expect(verdicts.map((x) => x.verdict)).toEqual(Array(4).fill('applied'))
    expect(await get(b, v.id)).toMatchObject({
      state: 'taken',
      engineer: { name: '继任' },
      arrivedAt: null,
      conflicts: 4,
    })
    const { rows } = await f.dispatcher.ok('GET /api/visits/conflicts')
    expect(rows.filter((r) => r.visitId === v.id).map((r) => r.why)).toEqual(Array(4).fill('other_engineer'))
    // In contact he is simply told that it is not his.
    expect(await a.refused('POST /api/visits/:id/depart', { params: { id: v.id }, body: {} })).toBe('not_found')
  })
  it('is refused when it was never his, offline or not', async () => {
    const [mine, other] = [await f.engineer(), await f.engineer()]
    const v = await f.offer(mine)
    const [x] = await send(other, [fromPhone('visit.take', v.id, {}, off({ at: f.at(9), seq: 1, device: 'p10' }))])
    expect(x).toMatchObject({ verdict: 'refused', problem: { code: 'not_found' } })
    const [y] = await send(mine, [fromPhone('visit.take', newId(), {}, off({ at: f.at(9), seq: 1, device: 'p11' }))])
    expect(y).toMatchObject({ verdict: 'refused', problem: { code: 'not_found' } })
  })
})

describe('a phone that talks nonsense', () => {
  it('is answered, never crashed upon', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    f.w.clock.at = f.at(13)
    // The battery died: the clock stands at 1970, and the skew was measured.
    const skewMs = Date.parse('1970-01-01T00:00:00Z') - f.at(9, 30).getTime()
    const [reset] = await send(e, [
      fromPhone('visit.depart', v.id, {}, off({ at: new Date(0), seq: 1, device: 'p12', skewMs })),
    ])
    expect(reset?.verdict).toBe('applied')
    expect((await get(e, v.id)).departedAt).toBe(f.at(9, 30).toISOString())
    const bad = (more: Record<string, unknown>) =>
      e.refused('POST /api/commands', {
        body: { items: [{ ...fromPhone('visit.start', v.id, {}), ...more }] as never },
      })
    expect(await bad({ skewMs: 9e15 })).toBe('invalid_input')
    expect(await bad({ deviceId: 'a\u0000b' })).toBe('invalid_input')
    const [half] = await send(e, [fromPhone('visit.pause', v.id, { reason: 'a\ud800b' }, { device: 'p12' })])
    expect(half).toMatchObject({ verdict: 'refused', problem: { code: 'invalid_input' } })
    expect(await e.refused('GET /api/field/today', { query: { date: '9999-12-31' } })).toBe('invalid_input')
    const forged = Buffer.from('["x","y"]').toString('base64url')
    expect(await f.dispatcher.refused('GET /api/visits/conflicts', { query: { after: forged } })).toBe('invalid_input')
    expect(await f.supervisor.refused('GET /api/visits/reviews', { query: { after: forged } })).toBe('invalid_input')
  })
})

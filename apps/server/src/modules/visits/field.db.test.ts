import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, field, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { confirmVisit, findVisit } from './index'

let f: Field
beforeAll(async () => {
  f = await field({ templates: true })
})
afterAll(() => f.w.close())

const take = (c: Client, id: string) => c.ok('POST /api/visits/:id/take', { params: { id }, body: {} })
const order = (id: string) => f.dispatcher.ok('GET /api/orders/:id', { params: { id } })

describe('an engineer’s visit on site', () => {
  it('goes from the offer to the acceptance, the order following each step', async () => {
    const zhang = await f.engineer('张工')
    const v = await f.offer(zhang)
    const params = { id: v.id }
    await zhang.ok('POST /api/visits/:id/open', { params, body: {} })
    expect(await take(zhang, v.id)).toMatchObject({ state: 'taken', next: 'appoint' })
    expect((await order(v.orderId)).state).toBe('assigned')
    const agreed = await zhang.ok('POST /api/visits/:id/appoint', {
      params,
      body: { start: f.at(10).toISOString(), contactId: f.contactId, channel: 'call' },
    })
    expect(agreed).toMatchObject({ next: 'depart', appointment: { contactId: f.contactId } })
    expect((await order(v.orderId)).times.firstContactAt).not.toBeNull()
    f.w.clock.advance(30)
    expect(await zhang.ok('POST /api/visits/:id/depart', { params, body: { fix: goodFix } })).toMatchObject({
      state: 'en_route',
      next: 'checkIn',
    })
    expect((await order(v.orderId)).state).toBe('in_progress')
    f.w.clock.advance(25)
    expect(await zhang.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })).toMatchObject({
      state: 'on_site',
      next: 'start',
      checkIn: { grade: 'B' },
    })
    await zhang.ok('POST /api/visits/:id/start', { params, body: {} })
    await zhang.ok('POST /api/visits/:id/pause', { params, body: { reason: '等机房钥匙' } })
    f.w.clock.advance(10)
    await zhang.ok('POST /api/visits/:id/resume', { params, body: {} })

    // The report is not filled: the gate names it.
    const early = await zhang.call('POST /api/visits/:id/finish', { params, body: { result: 'done' } })
    expect(early).toMatchObject({ status: 409, body: { code: 'documents_missing' } })
    const { documents } = (early.body as unknown as { params: { documents: { id: string; name: string }[] } }).params
    expect(documents[0]?.name).toMatch(/服务/)
    // To follow within its time, with a reason; without one it is refused.
    const pending = { result: 'done' as const, pendingDocuments: documents.map((d) => d.id) }
    expect(await zhang.refused('POST /api/visits/:id/finish', { params, body: pending })).toBe('reason_needed')
    f.w.clock.advance(60)
    const end = await zhang.ok('POST /api/visits/:id/finish', {
      params,
      body: { ...pending, reason: '客户盖章人外出' },
    })
    expect(end).toMatchObject({ state: 'finished', result: 'done', next: null })
    expect((await order(v.orderId)).state).toBe('awaiting_acceptance')
    const full = await zhang.ok('GET /api/visits/:id', { params })
    expect(full.pauses).toHaveLength(1)
    expect(full.pendingDocuments).toEqual(documents.map((d) => d.id))
    expect(full.asset).toMatchObject({ serial: 'DELL-R750-0042' })
    // The document knows what happened without anybody typing it.
    const d = await zhang.ok('GET /api/documents/:id', { params: { id: documents[0]?.id as string } })
    expect(d.facts).toMatchObject({ customer: { name: '上海瑞金医院' }, visit: { arrivedAt: full.arrivedAt } })
  })

  it('may be started however bad the check-in was', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    const params = { id: v.id }
    await take(e, v.id)
    const c = await e.ok('POST /api/visits/:id/check-in', { params, body: {} })
    expect(c.checkIn).toMatchObject({ grade: 'C' })
    expect(c.can.start).toBe(true)
    await e.ok('POST /api/visits/:id/start', { params, body: {} })
  })

  it('wants to know what is left of a partial visit and why an unable one failed', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    const params = { id: v.id }
    await take(e, v.id)
    await e.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })
    expect(await e.refused('POST /api/visits/:id/finish', { params, body: { result: 'partial' } })).toBe(
      'remaining_needed',
    )
    expect(await e.refused('POST /api/visits/:id/finish', { params, body: { result: 'unable' } })).toBe('cause_needed')
    const end = await e.ok('POST /api/visits/:id/finish', {
      params,
      body: { result: 'unable', cause: 'no_access', foreseeable: true, remaining: '全部工作' },
    })
    expect(end).toMatchObject({ state: 'finished', result: 'unable', cause: 'no_access' })
    expect(await order(v.orderId)).toMatchObject({ state: 'unassigned', remaining: '全部工作' })
  })

  it('is nobody else’s: a colleague finds nothing, a dispatcher may look and not act', async () => {
    const [mine, other] = [await f.engineer(), await f.engineer()]
    const north = await f.w.person('dispatcher', 'team', f.w.teams.northOne)
    const v = await f.offer(mine)
    const params = { id: v.id }
    for (const stranger of [other, north])
      expect(await stranger.refused('GET /api/visits/:id', { params })).toBe('not_found')
    expect(await other.refused('POST /api/visits/:id/take', { params, body: {} })).toBe('not_found')
    expect(await other.refused('POST /api/visits/:id/check-in', { params, body: {} })).toBe('not_found')
    expect(await f.dispatcher.refused('POST /api/visits/:id/take', { params, body: {} })).toBe('forbidden')
    expect(await mine.refused('POST /api/visits/:id/cancel', { params, body: { reason: '不想去' } })).toBe('forbidden')
    expect(await north.refused('POST /api/visits/:id/cancel', { params, body: { reason: '取消' } })).toBe('not_found')
    expect(await other.refused('GET /api/orders/:id/visits', { params: { id: v.orderId } })).toBe('not_found')
  })

  it('answers a repeat with the first answer and refuses a verb out of turn', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    const params = { id: v.id }
    const key = { 'idempotency-key': '0192d3a4-7b00-7000-8000-00000000abcd' }
    const first = await e.call('POST /api/visits/:id/take', { params, body: {} }, key)
    const again = await e.call('POST /api/visits/:id/take', { params, body: {} }, key)
    expect(again.body).toEqual(first.body)
    expect(await e.refused('POST /api/visits/:id/finish', { params, body: { result: 'done' } })).toBe('state_forbids')
    expect(await e.refused('POST /api/visits/:id/take', { params, body: {} }, { 'if-match': '1' })).toBe(
      'changed_meanwhile',
    )
  })

  it('shows the day with what the engineer needs to know', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await f.offer(e, { start: f.at(34), end: f.at(35) })
    const day = await e.ok('GET /api/field/today')
    expect(day).toMatchObject({
      date: '2026-11-23',
      zone: 'Asia/Shanghai',
      previous: { visits: 0 },
      following: { date: '2026-11-24', visits: 1 },
      totals: { visits: 1, workMin: 120, travelMin: 30 },
    })
    expect(day.visits[0]).toMatchObject({
      id: v.id,
      customer: { name: '上海瑞金医院' },
      site: { address: '上海市黄浦区瑞金二路197号', point: { datum: 'wgs84' }, radiusM: 300 },
      contact: { name: '周主任', phone: '13800138000' },
      next: 'take',
    })
    // The arrival code belongs to the customer.
    const row = await f.w.db.one<{ arrival_code: string }>(sql`select arrival_code from visits where id = ${v.id}`)
    expect(JSON.stringify(day)).not.toContain(row.arrival_code)
    const { visits } = await e.ok('GET /api/field/schedule', { query: { from: '2026-11-23', days: 7 } })
    expect(visits).toHaveLength(2)
  })
})

describe('a remote visit', () => {
  it('goes from the take to the work, and the customer confirms it', async () => {
    const e = await f.engineer()
    const v = await f.offer(e, { mode: 'remote' })
    const params = { id: v.id }
    expect(await take(e, v.id)).toMatchObject({ next: 'start', can: { depart: false, checkIn: false } })
    expect(await e.refused('POST /api/visits/:id/check-in', { params, body: {} })).toBe('state_forbids')
    await e.ok('POST /api/visits/:id/start', { params, body: {} })
    expect(await e.refused('POST /api/visits/:id/confirm', { params, body: { by: 'code', code: 'xxxxxx' } })).toBe(
      'confirm_code_wrong',
    )
    await f.w.app.asSystem('link', (ctx) => confirmVisit(ctx, v.id, { by: 'link' }))
    await f.w.app.asSystem('link', (ctx) => confirmVisit(ctx, v.id, { by: 'link' }))
    const full = await e.ok('GET /api/visits/:id', { params })
    expect(full.customerConfirmedAt).not.toBeNull()
    const n = await f.w.db.query(
      sql`select 1 from events where aggregate_id = ${v.id} and type = 'visit.customer_confirmed'`,
    )
    expect(n).toHaveLength(1)
  })
  it('is not confirmed on site', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await take(e, v.id)
    await e.ok('POST /api/visits/:id/check-in', { params: { id: v.id }, body: {} })
    expect(await e.refused('POST /api/visits/:id/confirm', { params: { id: v.id }, body: { by: 'call' } })).toBe(
      'state_forbids',
    )
  })
})

describe('a resident', () => {
  it('checks in once a day', async () => {
    const e = await f.engineer()
    const v = await f.offer(e, { mode: 'resident', start: f.at(9), end: f.at(24 * 5) })
    const params = { id: v.id }
    expect(await take(e, v.id)).toMatchObject({ next: 'checkIn' })
    await e.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })
    await e.ok('POST /api/visits/:id/start', { params, body: {} })
    expect(await e.refused('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })).toBe(
      'already_checked_in',
    )
    const saved = f.w.clock.at
    f.w.clock.advance(24 * 60)
    const second = await e.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })
    f.w.clock.at = saved
    expect(second.state).toBe('working')
    const full = await e.ok('GET /api/visits/:id', { params })
    expect(full.checkIns.map((c) => c.day)).toEqual(['2026-11-23', '2026-11-24'])
  })
})

describe('a crew', () => {
  it('is complete when all required members have taken it', async () => {
    const [a, b] = [await f.engineer('主工'), await f.engineer('副工')]
    const o = await f.order({ crew: 2 })
    const lead = await f.offer(a, { orderId: o.id })
    const member = await f.offer(b, { orderId: o.id, role: 'member' })
    await take(a, lead.id)
    expect((await order(o.id)).state).toBe('unassigned')
    await take(b, member.id)
    expect(await order(o.id)).toMatchObject({ state: 'assigned', lead: { name: '主工' } })
    const full = await a.ok('GET /api/visits/:id', { params: { id: lead.id } })
    expect(full.crew).toMatchObject([{ engineer: { name: '副工' }, role: 'member', state: 'taken' }])
    const { visits } = await a.ok('GET /api/orders/:id/visits', { params: { id: o.id } })
    expect(visits.map((v) => v.can.start)).toEqual([false, false])
    expect((await findVisit({ db: f.w.db }, member.id))?.people).toEqual([b.id])
  })
})

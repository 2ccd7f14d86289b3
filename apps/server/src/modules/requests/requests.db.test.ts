import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { insertSkill } from '../engineers'
import { cancelVisit, reassignVisit } from '../visits'

let f: Field
beforeAll(async () => {
  f = await field({ templates: true })
  await insertSkill(f.w.db, { code: 'networking', name: '网络' })
})
beforeEach(() => {
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

type Step = 'take' | 'depart' | 'start'
const step = (c: Client, id: string, verb: Step) =>
  c.ok(`POST /api/visits/:id/${verb}` as 'POST /api/visits/:id/take', { params: { id }, body: {} })
const get = (c: Client, id: string) => c.ok('GET /api/visits/:id', { params: { id } })
const send = async (c: Client, items: ReturnType<typeof fromPhone>[]) =>
  (await c.ok('POST /api/commands', { body: { items } })).items
const noticesOf = async (c: Client) => (await c.ok('GET /api/notices')).rows.map((n) => n.code)
const occupied = async (engineerId: string) =>
  (
    await f.w.db.query<{ kind: string; a: Date; b: Date }>(
      sql`select kind, lower(during) as a, upper(during) as b from engineer_occupancy where engineer_id = ${engineerId} order by lower(during)`,
    )
  ).map((o) => `${o.kind} ${o.a.toISOString().slice(11, 16)}–${o.b.toISOString().slice(11, 16)}`)

async function working(e: Client, more: Parameters<Field['offer']>[1] = {}) {
  const v = await f.offer(e, more)
  await step(e, v.id, 'take')
  f.w.clock.at = f.at(10)
  await e.ok('POST /api/visits/:id/check-in', { params: { id: v.id }, body: { fix: goodFix } })
  await step(e, v.id, 'start')
  return v
}

describe('asking from the site', () => {
  it('help: goes to those who know the subject; the first to take it has it; the asker says that it helped', async () => {
    const e = await f.engineer()
    const expert = await f.engineer('专家')
    const stranger = await f.engineer()
    await f.w.db.run(
      sql`insert into engineer_skills (engineer_id, skill_code, level) values (${expert.id}, 'networking', 5)`,
    )
    const v = await working(e)
    const asked = await e.ok('POST /api/visits/:id/requests', {
      params: { id: v.id },
      body: { kind: 'help', urgency: 'urgent', skill: 'networking', reason: '核心交换机起不来', photoIds: [] },
    })
    expect(asked).toMatchObject({ state: 'open', kind: 'help', skill: { name: '网络' } })
    expect(asked.can).toMatchObject({ withdraw: true, accept: false, answer: false })
    expect(await noticesOf(expert)).toContain('help_wanted')
    expect(await noticesOf(f.dispatcher)).toContain('request_help')
    const params = { id: asked.id }
    expect(await stranger.refused('POST /api/requests/:id/accept', { params, body: {} })).toBe('not_found')
    expect(await e.refused('POST /api/requests/:id/accept', { params, body: {} })).toBe('request_not_yours')
    await expert.ok('POST /api/requests/:id/accept', { params, body: {} })
    expect(await f.dispatcher.refused('POST /api/requests/:id/accept', { params, body: {} })).toBe('request_closed')
    await expert.ok('POST /api/requests/:id/answer', { params, body: { answer: '先断电 30 秒再上电' } })
    expect(await noticesOf(e)).toEqual(expect.arrayContaining(['request_accepted', 'request_answered']))
    expect(await e.ok('POST /api/requests/:id/done', { params, body: {} })).toMatchObject({
      state: 'done',
      helper: { name: '专家' },
      answer: '先断电 30 秒再上电',
    })
    const { rows } = await f.dispatcher.ok('GET /api/orders/:id/timeline', { params: { id: v.orderId } })
    expect(rows.map((r) => r.type)).toEqual(
      expect.arrayContaining(['request.asked', 'request.accepted', 'request.answered', 'request.done']),
    )
    const thread = await f.dispatcher.ok('GET /api/threads/:kind/:id', { params: { kind: 'order', id: v.orderId } })
    expect(thread.messages.map((m) => m.body)).toEqual(['核心交换机起不来', '先断电 30 秒再上电'])
  })

  it('is taken however late it comes, at its time; the repeat is answered, not repeated', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const id = newId()
    const item = fromPhone(
      'request.ask',
      v.id,
      { id, kind: 'parts', reason: '电源坏了', parts: [{ name: '750W 电源', quantity: 2 }] },
      { offline: true, at: f.at(10, 20), seq: 1, device: 'rq1' },
    )
    f.w.clock.at = f.at(13)
    const [first] = await send(e, [item])
    const [again] = await send(e, [item])
    expect([first?.verdict, again?.verdict]).toEqual(['applied', 'duplicate'])
    expect(await e.ok('GET /api/requests/:id', { params: { id } })).toMatchObject({
      askedAt: f.at(10, 20).toISOString(),
      parts: [{ name: '750W 电源', quantity: 2 }],
    })
    expect((await e.ok('GET /api/requests', { query: { visitId: v.id } })).rows).toHaveLength(1)
  })

  it('a supervisor hears of what nobody answered in its time, once', async () => {
    const e = await f.engineer()
    const v = await working(e)
    await e.ok('POST /api/visits/:id/requests', {
      params: { id: v.id },
      body: { kind: 'colleague', urgency: 'urgent', reason: '机柜太重' },
    })
    f.w.clock.at = f.at(10, 30)
    const overdue = async () => (await noticesOf(f.supervisor)).filter((c) => c === 'request_overdue').length
    const before = await overdue()
    for (let i = 0; i < 2; i++)
      await f.w.app.asSystem('job', (ctx) => import('./requests').then((m) => m.remindOfRequests(ctx)))
    expect(await overdue()).toBe(before + 1)
  })

  it('more time moves the end of the visit and what is booked, and stays in hand', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const { id } = await e.ok('POST /api/visits/:id/requests', {
      params: { id: v.id },
      body: { kind: 'time', reason: '还要测一小时', until: f.at(13).toISOString() },
    })
    expect(await e.refused('POST /api/requests/:id/approve', { params: { id }, body: {} })).toBe('forbidden')
    await f.dispatcher.ok('POST /api/requests/:id/approve', { params: { id }, body: {} })
    expect(await get(e, v.id)).toMatchObject({ state: 'working', planned: { end: f.at(13).toISOString() } })
    expect(await occupied(e.id)).toContain('visit 02:00–05:00')
  })

  it('more time is refused when the engineer is expected elsewhere: the dispatcher is told where', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const elsewhere = await f.order({ siteId: null })
    await f.offer(e, { orderId: elsewhere.id, start: f.at(12, 30), end: f.at(14), travelMin: 0 })
    const { id } = await e.ok('POST /api/visits/:id/requests', {
      params: { id: v.id },
      body: { kind: 'time', reason: '没做完', until: f.at(13).toISOString() },
    })
    const answer = await f.dispatcher.call('POST /api/requests/:id/approve', { params: { id }, body: {} })
    expect(answer.body).toMatchObject({ code: 'engineer_busy' })
    expect(await get(e, v.id)).toMatchObject({ planned: { end: f.at(12).toISOString() } })
    await f.dispatcher.ok('POST /api/requests/:id/decline', { params: { id }, body: { answer: '12:30 还有一家' } })
    expect(await noticesOf(e)).toContain('request_declined')
  })
})

describe('an order from the site', () => {
  it('stands at the dispatcher’s at once, with customer and site; a second tap is the same order', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const id = newId()
    const item = fromPhone(
      'order.report',
      v.id,
      { id, title: 'UPS 电池鼓包', priority: 'high' },
      { offline: true, at: f.at(10, 30), seq: 1, device: 'rp1' },
    )
    await send(e, [item, item])
    const order = await f.dispatcher.ok('GET /api/orders/:id', { params: { id } })
    expect(order).toMatchObject({
      state: 'new',
      source: 'field',
      customer: { id: f.customerId },
      site: { id: f.siteId },
    })
    expect(await noticesOf(f.dispatcher)).toContain('order_reported')
    expect((await e.ok('GET /api/field/reports')).rows).toMatchObject([{ id, title: 'UPS 电池鼓包' }])
  })

  it('done at once: one tap of the dispatcher, and it is the next visit of the same trip, taken', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const { order, request } = await e.ok('POST /api/visits/:id/orders', {
      params: { id: v.id },
      body: { title: '门禁读卡器松动', doNow: { durationMin: 20 } },
    })
    const done = await f.dispatcher.ok('POST /api/requests/:id/approve', {
      params: { id: request?.id as string },
      body: {},
    })
    const made = await get(e, done.madeVisitId as string)
    const now = await get(e, v.id)
    expect(made).toMatchObject({ state: 'taken', orderId: order.id, tripId: now.tripId })
    expect(made.planned).toEqual({ start: f.at(12).toISOString(), end: f.at(12, 20).toISOString() })
  })

  it('is not made by somebody who has nothing to do with the visit', async () => {
    const e = await f.engineer()
    const other = await f.engineer()
    const v = await working(e)
    const refused = await other.refused('POST /api/visits/:id/orders', { params: { id: v.id }, body: { title: 'x' } })
    expect(refused).toBe('not_found')
  })
})

describe('a handover', () => {
  const offer = (e: Client, visitId: string, to: Client, more = {}) =>
    e.ok('POST /api/visits/:id/handover', {
      params: { id: visitId },
      body: { toId: to.id, reason: '家里有急事', remaining: '还差第二台的割接', keys: '机房门禁卡 1 张', ...more },
    })

  it('before the arrival reassigns the visit; accepting it is taking it', async () => {
    const e = await f.engineer()
    const colleague = await f.engineer()
    const v = await f.offer(e, { start: f.at(14), end: f.at(16) })
    await step(e, v.id, 'take')
    const h = await offer(e, v.id, colleague)
    expect(h.items.map((i) => i.code)).toContain('document')
    expect(await noticesOf(colleague)).toContain('handover_offered')
    expect(await e.refused('POST /api/handovers/:id/accept', { params: { id: h.id }, body: {} })).toBe(
      'handover_not_yours',
    )
    const accepted = await colleague.ok('POST /api/handovers/:id/accept', { params: { id: h.id }, body: {} })
    expect(accepted.state).toBe('accepted')
    expect(await get(colleague, accepted.successorId as string)).toMatchObject({ state: 'taken', replaces: v.id })
    expect((await get(f.dispatcher, v.id)).state).toBe('reassigned')
    expect(await occupied(e.id)).toEqual([])
    expect(await occupied(colleague.id)).toContain('visit 06:00–08:00')
    expect(await colleague.refused('POST /api/handovers/:id/accept', { params: { id: h.id }, body: {} })).toBe(
      'handover_closed',
    )
  })

  it('of running work ends it in part and plans its place for the colleague', async () => {
    const e = await f.engineer()
    const colleague = await f.engineer()
    const v = await working(e)
    const h = await offer(e, v.id, colleague)
    expect(await colleague.refused('POST /api/handovers/:id/accept', { params: { id: h.id }, body: {} })).toBe(
      'handover_start_needed',
    )
    const { successorId } = await colleague.ok('POST /api/handovers/:id/accept', {
      params: { id: h.id },
      body: { start: f.at(11).toISOString() },
    })
    expect(await get(f.dispatcher, v.id)).toMatchObject({
      state: 'finished',
      result: 'partial',
      remaining: '还差第二台的割接',
    })
    expect(await get(colleague, successorId as string)).toMatchObject({ state: 'taken', replaces: v.id })
    const order = await f.dispatcher.ok('GET /api/orders/:id', { params: { id: v.orderId } })
    expect(order).toMatchObject({ state: 'assigned', lead: { id: colleague.id } })
  })

  it('that is declined changes nothing and the dispatcher sees it', async () => {
    const e = await f.engineer()
    const colleague = await f.engineer()
    const v = await f.offer(e, { start: f.at(14), end: f.at(16) })
    await step(e, v.id, 'take')
    const h = await offer(e, v.id, colleague)
    await colleague.ok('POST /api/handovers/:id/decline', { params: { id: h.id }, body: { answer: '在外地' } })
    expect(await get(e, v.id)).toMatchObject({ state: 'taken' })
    expect(await noticesOf(f.dispatcher)).toContain('handover_declined')
    const again = await offer(e, v.id, colleague)
    await f.w.app.asSystem('t', (ctx) => cancelVisit(ctx, v.id, { reason: '客户取消' }))
    await f.w.settle()
    expect((await e.ok('GET /api/handovers/:id', { params: { id: again.id } })).state).toBe('withdrawn')
  })
})

describe('a visit that went to somebody else while its holder was in a basement', () => {
  it('shows him both sides, and gives what he did to the one who has it now', async () => {
    const e = await f.engineer()
    const heir = await f.engineer('接手人')
    const v = await f.offer(e)
    await step(e, v.id, 'take')
    const next = await f.w.app.asSystem('t', (ctx) =>
      reassignVisit(ctx, v.id, { engineerId: heir.id, reason: '联系不上' }),
    )
    await step(heir, next.id, 'take')
    f.w.clock.at = f.at(15)
    const off = (hour: number, minute: number, seq: number) => ({
      offline: true,
      at: f.at(hour, minute),
      seq,
      device: 'cellar',
    })
    const photo = { id: newId(), kind: 'photo', sha256: 'b'.repeat(64), bytes: 10, takenAt: f.at(10, 10).toISOString() }
    await send(e, [
      fromPhone('visit.depart', v.id, {}, off(9, 40, 1)),
      fromPhone('visit.checkIn', v.id, { fix: goodFix }, off(10, 0, 2)),
      fromPhone('evidence.declare', v.id, photo, off(10, 10, 3)),
    ])
    const { rows } = await e.ok('GET /api/field/lost')
    expect(rows).toMatchObject([
      {
        visitId: v.id,
        state: 'reassigned',
        reason: '联系不上',
        now: { engineer: { name: '接手人' } },
        photos: [{ id: photo.id, stored: false }],
        handover: null,
      },
    ])
    expect(rows[0]?.mine.map((m) => m.type)).toEqual(['visit.departed', 'visit.checked_in', 'visit.evidence_added'])
    const h = await e.ok('POST /api/visits/:id/handover', {
      params: { id: v.id },
      body: { toId: heir.id, reason: '我已经到现场拍了照' },
    })
    expect(h).toMatchObject({ kind: 'work' })
    expect(h.items.map((i) => i.params.type)).toContain('visit.checked_in')
    await heir.ok('POST /api/handovers/:id/accept', { params: { id: h.id }, body: {} })
    expect((await get(heir, next.id)).evidence.map((x) => x.sha256)).toEqual([photo.sha256])
    expect(await heir.ok('GET /api/field/lost')).toEqual({ rows: [] })
  })
})

describe('an escalation', () => {
  const raise = (c: Client, orderId: string, more = {}) =>
    c.ok('POST /api/orders/:id/escalations', {
      params: { id: orderId },
      body: {
        to: 'rnd',
        priority: 'high',
        title: '升级后进程反复重启',
        symptom: '每 10 分钟重启',
        steps: '装 V5.2',
        ...more,
      },
    })

  it('has an owner, a clock that waits for the site, an answer, and ends when the site says that it helped', async () => {
    const e = await f.engineer()
    const v = await working(e)
    const x = await raise(e, v.orderId, { visitId: v.id })
    expect(x).toMatchObject({ state: 'open', dueAt: f.at(18).toISOString() })
    expect(x.number).toMatch(/^ES-20261123-\d{4}$/)
    const params = { id: x.id }
    expect(await e.refused('POST /api/escalations/:id/answer', { params, body: { answer: 'x' } })).toBe(
      'escalation_not_yours',
    )
    await f.supervisor.ok('POST /api/escalations/:id/take', { params, body: {} })
    await f.supervisor.ok('POST /api/escalations/:id/ask', { params, body: { question: '日志发我' } })
    expect(await noticesOf(e)).toContain('escalation_asked')
    f.w.clock.at = f.at(12)
    expect(await e.ok('POST /api/escalations/:id/supply', { params, body: { text: 'OOM at 10:31' } })).toMatchObject({
      state: 'taken',
      dueAt: f.at(20).toISOString(),
    })
    await f.supervisor.ok('POST /api/escalations/:id/link', {
      params,
      body: { externalRef: 'JIRA-42', externalUrl: 'https://jira.example.com/42' },
    })
    await f.supervisor.ok('POST /api/escalations/:id/answer', { params, body: { answer: '关掉探针' } })
    await e.ok('POST /api/escalations/:id/close', { params, body: { solved: false, text: '还是重启' } })
    await f.supervisor.ok('POST /api/escalations/:id/answer', { params, body: { answer: '换 V5.2.3' } })
    expect(await e.ok('POST /api/escalations/:id/close', { params, body: { solved: true } })).toMatchObject({
      state: 'closed',
      solved: true,
      externalRef: 'JIRA-42',
    })
    expect(await e.refused('POST /api/escalations/:id/supply', { params, body: { text: 'x' } })).toBe(
      'escalation_forbids',
    )
  })

  it('is warned of before and after its time, and only those see it who may', async () => {
    const e = await f.engineer()
    const stranger = await f.engineer()
    const v = await working(e)
    const x = await raise(e, v.orderId, { priority: 'urgent' })
    expect(await stranger.refused('GET /api/escalations/:id', { params: { id: x.id } })).toBe('not_found')
    const remind = () =>
      f.w.app.asSystem('job', (ctx) => import('./escalations').then((m) => m.remindOfEscalations(ctx)))
    f.w.clock.at = f.at(11, 40)
    await remind()
    expect(await noticesOf(f.supervisor)).toContain('escalation_due')
    f.w.clock.at = f.at(12, 1)
    await remind()
    await remind()
    expect((await noticesOf(e)).filter((c) => c === 'escalation_overdue')).toHaveLength(1)
    const { rows } = await f.supervisor.ok('GET /api/escalations', { query: { state: 'overdue' } })
    expect(rows.map((r) => r.id)).toContain(x.id)
  })
})

describe('papers that follow', () => {
  it('are due in a day; engineer, then supervisor hear of it; the last word settles them', async () => {
    const e = await f.engineer()
    const order = await f.order({ type: 'install' })
    const v = await working(e, { orderId: order.id })
    const { rows: documents } = await e.ok('GET /api/documents', { query: { visitId: v.id } })
    const lacking = documents.filter((d) => d.missing > 0)
    expect(lacking.length).toBeGreaterThan(0)
    f.w.clock.at = f.at(11)
    await e.ok('POST /api/visits/:id/finish', {
      params: { id: v.id },
      body: { result: 'done', pendingDocuments: lacking.map((d) => d.id), reason: '客户催离场' },
    })
    await f.w.settle()
    const mine = await e.ok('GET /api/pending-documents', { query: { scope: 'mine' } })
    expect(mine.rows).toMatchObject([
      { reason: '客户催离场', dueAt: new Date(f.at(11).getTime() + 86_400_000).toISOString() },
    ])
    f.w.clock.at = new Date(f.at(12).getTime() + 86_400_000)
    const remind = () => f.w.app.asSystem('job', (ctx) => import('./papers').then((m) => m.remindOfPapers(ctx)))
    await remind()
    await remind()
    const told = (await f.supervisor.ok('GET /api/notices')).rows
    const about = lacking.map((d) => told.filter((n) => n.code === 'papers_overdue' && n.params.documentId === d.id))
    expect(about.map((n) => n.length)).toEqual(lacking.map(() => 1))
    expect((await f.supervisor.ok('GET /api/pending-documents')).overdue).toBeGreaterThanOrEqual(lacking.length)
    // Whatever the templates ask for: the last word hands the paper in, without another button.
    for (const d of lacking) {
      const values = {
        devices: [{ model: 'S6720', serial: 'X1', place: 'A 机柜' }],
        software_version: 'V5.2.1',
        check_power: 'pass',
        check_network: 'pass',
        check_function: 'pass',
        work_done: '装好了',
        trained: true,
      }
      await e.ok('PATCH /api/documents/:id', { params: { id: d.id }, body: { values } })
    }
    await f.w.settle()
    expect((await e.ok('GET /api/pending-documents', { query: { scope: 'mine' } })).rows).toEqual([])
  })
})

describe('a call', () => {
  it('that nobody answered stands on the timeline and stops no clock; one that was answered is a contact', async () => {
    const e = await f.engineer()
    const v = await f.offer(e)
    await step(e, v.id, 'take')
    const params = { id: v.id }
    await e.ok('POST /api/visits/:id/calls', { params, body: { outcome: 'unreachable', contactId: f.contactId } })
    const order = () => f.dispatcher.ok('GET /api/orders/:id', { params: { id: v.orderId } })
    const types = async () =>
      (await f.dispatcher.ok('GET /api/orders/:id/timeline', { params: { id: v.orderId } })).rows.map((r) => r.type)
    expect(await types()).toContain('call.unanswered')
    expect(await types()).not.toContain('order.contacted')
    await e.ok('POST /api/visits/:id/calls', { params, body: { outcome: 'reached', contactId: f.contactId } })
    expect(await types()).toContain('order.contacted')
    expect((await order()).conflicts).toBe(0)
  })
})

describe('a crew', () => {
  it('sees how far the lead is, and cannot take his steps', async () => {
    const lead = await f.engineer('老大')
    const member = await f.engineer()
    const order = await f.order({ crew: 2 })
    const v = await f.offer(lead, { orderId: order.id })
    const m = await f.offer(member, { orderId: order.id, role: 'member' })
    await step(lead, v.id, 'take')
    await step(member, m.id, 'take')
    await step(lead, v.id, 'depart')
    const { mates } = await member.ok('GET /api/visits/:id/crew', { params: { id: m.id } })
    expect(mates).toMatchObject([{ engineer: { name: '老大' }, role: 'lead', state: 'en_route' }])
    expect(
      await member.refused('POST /api/visits/:id/check-in', { params: { id: v.id }, body: { fix: goodFix } }),
    ).toBe('not_found')
  })
})

describe('a trip whose first visit is called off', () => {
  it('keeps its way for the next one', async () => {
    const e = await f.engineer()
    const first = await f.offer(e)
    const second = await f.offer(e, { start: f.at(12), end: f.at(13), travelMin: 0 })
    expect(await occupied(e.id)).toEqual(['travel 01:30–02:00', 'visit 02:00–05:00'])
    await f.w.app.asSystem('t', (ctx) => cancelVisit(ctx, first.id, { reason: '客户取消' }))
    expect(await occupied(e.id)).toEqual(['travel 03:30–04:00', 'visit 04:00–05:00'])
    expect((await get(f.dispatcher, second.id)).travelMin).toBe(30)
  })
  it('has no way left once somebody is there', async () => {
    const e = await f.engineer()
    const v = await working(e)
    await f.offer(e, { start: f.at(12), end: f.at(13), travelMin: 0 })
    f.w.clock.at = f.at(11)
    const { rows } = await e.ok('GET /api/documents', { query: { visitId: v.id } })
    await e.ok('POST /api/visits/:id/finish', {
      params: { id: v.id },
      body: { result: 'done', pendingDocuments: rows.filter((d) => d.missing > 0).map((d) => d.id), reason: '稍后' },
    })
    expect(await occupied(e.id)).toEqual(['visit 04:00–05:00'])
  })
})

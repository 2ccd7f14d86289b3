import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import { sql } from '../../platform/database/pool'

let f: Field
beforeAll(async () => {
  f = await field()
})
afterAll(() => f.w.close())

const heard = async (id: string) =>
  (await f.dispatcher.ok('GET /api/orders/:id/timeline', { params: { id } })).rows.filter((e) =>
    e.type.startsWith('sla.'),
  )

it('an arrival that is told of late takes the breach back: clock, timeline and KPI say so', async () => {
  f.w.clock.at = f.at(9)
  const contract = await f.ops.ok('POST /api/customers/:id/contracts', {
    params: { id: f.customerId },
    body: {
      number: 'HT-LATE',
      title: '金牌维保',
      startsOn: '2026-01-01',
      endsOn: '2027-01-01',
      sla: [
        {
          id: '019ab3c0-0000-7000-8000-0000000000aa',
          priority: null,
          type: null,
          targets: { calendar: 'always', responseMin: null, takeupMin: null, arrivalMin: 60, resolveMin: null },
        },
      ],
    },
  })
  const order = await f.order({ contractId: contract.id })
  const e = await f.engineer('甲')
  const v = await f.offer(e, { orderId: order.id, start: f.at(9, 40), end: f.at(11) })
  await e.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
  // Ten o'clock passes and nobody has been heard of.
  f.w.clock.at = f.at(10, 5)
  await f.w.app.asSystem('test', (ctx) => ctx.job('workorders.sla', {}))
  await f.w.settle()
  expect((await heard(order.id)).map((x) => x.type)).toEqual(['sla.breached'])
  const fact = async () =>
    await f.w.db.one<{ clocks: { state: string }[]; supersedes: string | null }>(sql`
        select h.body->'clocks' as clocks, x.supersedes from fact_heads h join facts x on x.id = h.fact_id where h.kind = 'order' and h.subject_id = ${order.id}`)
  const before = await fact()

  // At 16:40 his phone has a line again: he was there at 9:50.
  f.w.clock.at = f.at(16, 40)
  const off = (at: Date, seq: number) => ({ offline: true, at, seq, device: 'late-1' })
  await e.ok('POST /api/commands', {
    body: {
      items: [
        fromPhone('visit.depart', v.id, {}, off(f.at(9, 20), 1)),
        fromPhone('visit.checkIn', v.id, { fix: goodFix }, off(f.at(9, 50), 2)),
      ],
    },
  })
  await f.w.settle()
  const [arrival] = (await f.dispatcher.ok('GET /api/orders/:id', { params: { id: order.id } })).sla
  expect(arrival).toMatchObject({ clock: 'arrival', state: 'met', stopAt: f.at(9, 50).toISOString() })
  expect((await heard(order.id)).map((x) => [x.type, x.params])).toMatchObject([
    ['sla.corrected', { clock: 'arrival', state: 'met', stopAt: f.at(9, 50).getTime() }],
    ['sla.breached', { clock: 'arrival' }],
  ])
  const after = await fact()
  expect(after.clocks).toMatchObject([{ id: expect.stringContaining('arrival'), stopAt: f.at(9, 50).getTime() }])
  expect(after).not.toEqual(before)
  expect(after.supersedes).not.toBeNull()
  // It is said once.
  await f.dispatcher.ok('POST /api/orders/:id/contact', { params: { id: order.id }, body: { channel: 'call' } })
  expect((await heard(order.id)).filter((x) => x.type === 'sla.corrected')).toHaveLength(1)
  // When it happened and when it was told stand beside each other.
  const { rows } = await f.dispatcher.ok('GET /api/orders/:id/timeline', { params: { id: order.id } })
  expect(rows.find((x) => x.type === 'visit.checked_in')).toMatchObject({
    occurredAt: f.at(9, 50).toISOString(),
    recordedAt: f.at(16, 40).toISOString(),
    offline: true,
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Phone } from '../../../seed/builders/phone'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { drawOf } from './policy'
import { posterText, readSiteCode, screenText, stepMs } from './sitecodes'

let f: Field
let e: Client
let phone: Phone
const secret = Buffer.alloc(32, 7)
const fetchNumbers = async () => {
  const { nonces } = await e.ok('POST /api/field/nonces', { body: { deviceId: phone.id, held: [] } })
  phone.nonces = nonces.map((n) => n.id)
}
beforeAll(async () => {
  f = await field()
  e = await f.engineer('甲')
  phone = new Phone('phone-a')
  await e.ok('POST /api/field/device', { body: { deviceId: phone.id, publicKey: phone.publicKey, label: 'Pixel' } })
  await fetchNumbers()
})
afterAll(() => f.w.close())

async function visit() {
  f.w.clock.advance(7)
  const start = f.w.clock.now().getTime() + 3_600_000
  const v = await f.offer(e, { start: new Date(start), end: new Date(start + 3_600_000) })
  await e.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
  return v
}
interface Graded {
  id: string
  grade: string
  reasons: { code: string; params: Record<string, unknown> }[]
}
async function checkIn(id: string, body: Record<string, unknown>): Promise<Graded> {
  if (phone.nonces.length === 0) await fetchNumbers()
  const at = f.w.clock.now()
  const proof = phone.prove({ visitId: id, at, fix: body.fix, code: body.code as never })
  const { items } = await e.ok('POST /api/commands', {
    body: { items: [fromPhone('visit.checkIn', id, { proof, ...body }, { device: phone.id, at })] },
  })
  if (items[0]?.verdict !== 'applied') throw new Error(JSON.stringify(items))
  await e.ok('POST /api/visits/:id/abort', { params: { id }, body: { reason: '测试结束' } })
  return (items[0].reply as { checkIn: Graded }).checkIn
}
let stood = 0
/** At the door, never on the same spot twice. */
const door = () => ({ ...goodFix, lat: goodFix.lat + ++stood * 0.0000113 })
const codes = (c: Graded) => c.reasons.map((r) => r.code)
const setPolicy = (more: Record<string, unknown>) =>
  f.ops.ok('POST /api/arrival-policy', {
    body: { asked: { all: ['place'], byType: {} }, spotRate: 0, track: { on: false, keepDays: 30 }, ...more } as never,
  })

describe('the customer’s code', () => {
  it('is compared six times and then no more, whoever asks and however the check-in goes on', async () => {
    const v = await visit()
    const { arrival_code } = await f.w.db.one<{ arrival_code: string }>(
      sql`select arrival_code from visits where id = ${v.id}`,
    )
    const wrong = arrival_code === '000000' ? '000001' : '000000'
    const ask = (value: string) => e.ok('POST /api/visits/:id/code', { params: { id: v.id }, body: { value } })
    for (let left = 5; left >= 1; left--) expect(await ask(wrong)).toEqual({ matched: false, locked: false, left })
    expect(await ask(wrong)).toEqual({ matched: false, locked: true, left: 0 })
    expect(await ask(arrival_code)).toEqual({ matched: false, locked: true, left: 0 })
    const c = await checkIn(v.id, { fix: door(), code: { kind: 'customer', value: arrival_code } })
    expect(c.grade).toBe('C')
    expect(codes(c)).toContain('code_locked')
  })
  it('counts what a remote confirmation tried, though each try was refused', async () => {
    const v = await f.plan({
      orderId: (await f.order()).id,
      engineerId: e.id,
      mode: 'remote',
      start: new Date(f.w.clock.now().getTime() + 86_400_000),
      end: new Date(f.w.clock.now().getTime() + 90_000_000),
    })
    await f.w.app.asSystem('test.offer', async (ctx) => (await import('.')).offerVisit(ctx, v.id, {}))
    const params = { id: v.id }
    await e.ok('POST /api/visits/:id/take', { params, body: {} })
    await e.ok('POST /api/visits/:id/start', { params, body: {} })
    await e.ok('POST /api/visits/:id/finish', { params, body: { result: 'done' } })
    const confirm = () => e.refused('POST /api/visits/:id/confirm', { params, body: { by: 'code', code: 'nope' } })
    for (let i = 0; i < 6; i++) expect(await confirm()).toBe('confirm_code_wrong')
    expect(await confirm()).toBe('confirm_code_locked')
  })
})

describe('a one-time number', () => {
  it('serves one check-in; used again it is a replay', async () => {
    const nonce = phone.nonces[0] as string
    const first = await checkIn((await visit()).id, { fix: door() })
    expect(first.grade).toBe('A')
    const v = await visit()
    const at = f.w.clock.now()
    const proof = phone.prove({ visitId: v.id, at, fix: goodFix, nonce })
    const again = await checkIn(v.id, { fix: door(), proof })
    expect(codes(again)).toEqual(expect.arrayContaining(['nonce_used', 'signature_invalid']))
  })
})

describe('the site’s code', () => {
  it('turns every half minute, knows its site, and is void when revoked; a poster only supports', async () => {
    const issue = (kind: 'screen' | 'poster') =>
      f.dispatcher.ok('POST /api/sites/:id/codes', { params: { id: f.siteId }, body: { kind } })
    const screen = await issue('screen')
    const now = () => Math.floor(f.w.clock.now().getTime() / stepMs)
    const text = (step: number) => screenText(secret, screen.id, step)
    const scan = async (value: string, more = {}) =>
      checkIn((await visit()).id, { code: { kind: 'site_qr', value }, ...more })
    const v = await visit()
    expect((await checkIn(v.id, { code: { kind: 'site_qr', value: text(now()) } })).grade).toBe('B')
    f.w.clock.advance(1)
    const old = await scan(text(now()))
    expect([old.grade, codes(old)]).toEqual(['C', expect.arrayContaining(['code_old'])])
    expect(codes(await scan(`${text(now()).slice(0, -1)}x`))).toContain('code_differs')
    const poster = await issue('poster')
    const supported = await scan(posterText(secret, poster.id))
    expect([supported.grade, codes(supported)]).toEqual(['C', expect.arrayContaining(['no_fix', 'code_matches'])])
    await f.dispatcher.ok('POST /api/site-codes/:id/revoke', {
      params: { id: screen.id },
      body: { reason: '屏幕已搬走' },
    })
    expect(codes(await scan(text(now())))).toContain('code_differs')
    expect(readSiteCode(Buffer.alloc(32, 8), posterText(secret, poster.id))).toBeNull()
    const pdf = await f.dispatcher.call('GET /api/site-codes/:id/pdf', { params: { id: poster.id } })
    expect([pdf.status, pdf.headers['content-type']]).toEqual([200, 'application/pdf'])
  })
})

describe('the company’s rules', () => {
  it('say what a type asks for, and a missing photo is told', async () => {
    await setPolicy({ asked: { all: ['place'], byType: { other: ['place', 'photo'] } } })
    const c = await checkIn((await visit()).id, { fix: door() })
    expect([c.grade, codes(c)]).toEqual(['C', expect.arrayContaining(['photo_asked', 'place_inside'])])
    expect(
      await e.refused('POST /api/arrival-policy', {
        body: { asked: { all: [], byType: {} }, spotRate: 0, track: { on: false, keepDays: 1 } },
      }),
    ).toBe('forbidden')
    await setPolicy({})
  })
  it('draw trusted check-ins for a look by a number that can be reckoned again', async () => {
    await setPolicy({ spotRate: 0.2 })
    const seen: [boolean, boolean][] = []
    for (let i = 0; i < 12; i++) {
      const v = await visit()
      const c = await checkIn(v.id, { fix: door() })
      const { rows } = await f.supervisor.ok('GET /api/visits/reviews')
      seen.push([rows.some((r) => r.id === v.id), drawOf(secret, c.id) < 0.2])
    }
    for (const [queued, drawn] of seen) expect(queued).toBe(drawn)
    const values = Array.from({ length: 4_000 }, (_, i) => drawOf(secret, `${i}`))
    expect(values.filter((n) => n < 0.04).length / values.length).toBeCloseTo(0.04, 1)
    await setPolicy({})
  })
})

describe('the engineer’s own record', () => {
  it('shows what was recorded and who looked; a track needs switch and consent and goes with the consent', async () => {
    const v = await visit()
    await e.ok('POST /api/visits/:id/depart', { params: { id: v.id }, body: {} })
    const point = () => ({ points: [{ at: f.w.clock.now().toISOString(), fix: goodFix }] })
    const add = { params: { id: v.id } }
    expect(await e.refused('POST /api/visits/:id/track', { ...add, body: point() })).toBe('track_off')
    await setPolicy({ track: { on: true, keepDays: 30 } })
    expect(await e.refused('POST /api/visits/:id/track', { ...add, body: point() })).toBe('track_off')
    await e.ok('POST /api/field/track-consent', { body: { given: true } })
    f.w.clock.advance(2)
    expect(await e.ok('POST /api/visits/:id/track', { ...add, body: point() })).toEqual({ kept: 1 })
    f.w.clock.advance(2)
    const c = await checkIn(v.id, { fix: door() })
    const seen = await f.supervisor.ok('GET /api/visits/:id/arrival', { params: { id: v.id } })
    expect(seen.track).toHaveLength(1)
    expect(seen.checkIns[0]).toMatchObject({
      proof: { signature: 'valid', nonce: 'fresh' },
      device: { label: 'Pixel' },
    })
    const record = await e.ok('GET /api/field/record')
    expect(record.rows.find((r) => r.id === c.id)).toMatchObject({ fix: { lat: expect.any(Number) }, visitId: v.id })
    expect(record.views[0]).toMatchObject({ by: f.supervisor.name, what: 'position', visitId: v.id })
    expect(record.track).toMatchObject({ on: true, points: 1 })
    await e.ok('POST /api/field/track-consent', { body: { given: false } })
    expect((await e.ok('GET /api/field/record')).track).toMatchObject({ points: 0, consentedAt: null })
  })
})

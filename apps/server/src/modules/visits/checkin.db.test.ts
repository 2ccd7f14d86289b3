import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toDatum } from '#geo'
import { Phone } from '../../../seed/builders/phone'
import { type Field, field, fromPhone, goodFix, hospital } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'

let f: Field
beforeAll(async () => {
  f = await field()
})
afterAll(() => f.w.close())

interface Graded {
  grade: string
  reasons: { code: string; params: Record<string, unknown> }[]
  id: string
}
/** A taken visit. */
async function ready(e: Client) {
  f.w.clock.advance(1)
  const v = await f.offer(e)
  await e.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
  return v
}
/** Ends a visit so that the engineer's next one finds his time free. */
const done = (e: Client, id: string) =>
  e.ok('POST /api/visits/:id/abort', { params: { id }, body: { reason: '测试结束' } })

/** Phones by their id: made, registered and given numbers when they are first used. */
const phones = new Map<string, Phone>()
async function phoneOf(e: Client, id = `phone-${e.id}`): Promise<Phone> {
  const phone = phones.get(id) ?? new Phone(id)
  phones.set(id, phone)
  await e.call('POST /api/field/device', { body: { deviceId: id, publicKey: phone.publicKey } })
  const { nonces } = await e.ok('POST /api/field/nonces', { body: { deviceId: id, held: [] } })
  phone.nonces = nonces.map((n) => n.id)
  return phone
}

async function checkIn(
  e: Client,
  body: Record<string, unknown>,
  device: Parameters<typeof fromPhone>[3] = {},
): Promise<Graded & { visitId: string }> {
  const v = await ready(e)
  const phone = await phoneOf(e, device.device)
  const at = device.at ?? f.w.clock.now()
  const proof = phone.prove({ visitId: v.id, at, fix: body.fix, code: body.code as never })
  const { items } = await e.ok('POST /api/commands', {
    body: { items: [fromPhone('visit.checkIn', v.id, { proof, ...body }, { device: phone.id, at, ...device })] },
  })
  const item = items[0]
  if (item?.verdict !== 'applied') throw new Error(JSON.stringify(item))
  await done(e, v.id)
  return { ...(item.reply as { checkIn: Graded }).checkIn, visitId: v.id }
}
const codes = (c: Graded) => c.reasons.map((r) => r.code)

describe('a check-in', () => {
  it('is verified at the door with the engineer’s own phone', async () => {
    const e = await f.engineer()
    const c = await checkIn(e, { fix: goodFix })
    expect(c.grade).toBe('A')
    expect(c.reasons).toEqual([{ code: 'place_inside', params: { distanceM: 23, radiusM: 300, accuracyM: 12 } }])
  })
  it('compares in one datum: the same place in GCJ-02 is the same place, the numbers in the wrong datum are not', async () => {
    const e = await f.engineer()
    const gcj = toDatum({ ...hospital, lat: goodFix.lat, lng: goodFix.lng }, 'gcj02')
    expect((await checkIn(e, { fix: { ...gcj, accuracyM: 12.4, ageMs: 1000 } })).grade).toBe('A')
    f.w.clock.advance(30)
    const wrong = await checkIn(e, { fix: { ...gcj, datum: 'wgs84', accuracyM: 12.4, ageMs: 1000 } })
    expect(wrong.grade).toBe('C')
    expect(codes(wrong)).toContain('place_near')
    f.w.clock.advance(30)
    const unknown = await checkIn(e, {
      fix: { ...gcj, lat: gcj.lat + 0.00001, datum: 'unknown', accuracyM: 12.4, ageMs: 1000 },
    })
    expect(unknown.grade).toBe('B')
    expect(codes(unknown)).toContain('datum_unknown')
  })
  it('takes 0,0 for no position, and a place far away for a contradiction', async () => {
    const e = await f.engineer()
    const zero = await checkIn(e, { fix: { lat: 0, lng: 0, datum: 'wgs84', accuracyM: 10.5 } })
    expect(zero).toMatchObject({
      grade: 'C',
      reasons: [{ code: 'fix_unusable', params: { fault: 'coordinate_zero' } }],
    })
    const far = await checkIn(e, { fix: { ...goodFix, lat: 31.3 } })
    expect(far.grade).toBe('D')
    expect(codes(far)[0]).toBe('place_far')
  })
  it('refuses coordinates that are none', async () => {
    const e = await f.engineer()
    const v = await ready(e)
    const bad = (fix: unknown) =>
      e.refused('POST /api/visits/:id/check-in', { params: { id: v.id }, body: { fix } as never })
    expect(await bad({ lat: 91, lng: 0, datum: 'wgs84' })).toBe('invalid_input')
    expect(await bad({ lat: 31, lng: 121, datum: 'epsg4326' })).toBe('invalid_input')
    expect(await bad({ lat: '31', lng: 121, datum: 'wgs84' })).toBe('invalid_input')
    await e.ok('POST /api/visits/:id/check-in', { params: { id: v.id }, body: {} })
    await done(e, v.id)
  })
  it('sees a clock that is ten minutes off, and says so', async () => {
    const e = await f.engineer()
    const c = await checkIn(
      e,
      { fix: goodFix },
      { at: new Date(f.w.clock.now().getTime() + 11 * 60_000), skewMs: 600_000 },
    )
    expect(c.grade).toBe('B')
    expect(c.reasons).toContainEqual({ code: 'clock_skewed', params: { minutes: 10 } })
  })
  it('knows a phone that belongs to somebody else, until it is unbound', async () => {
    const [a, b] = [await f.engineer('甲'), await f.engineer('乙')]
    const device = 'phone-shared'
    expect((await checkIn(a, { fix: goodFix }, { device })).grade).toBe('A')
    const borrowed = await checkIn(b, { fix: { ...goodFix, lat: goodFix.lat + 0.0001 } }, { device })
    expect(borrowed.grade).toBe('C')
    expect(codes(borrowed)).toContain('device_not_bound')
    const { rows } = await f.supervisor.ok('GET /api/devices', { query: { personId: a.id } })
    expect(rows).toMatchObject([{ id: device, person: { name: '甲' }, can: { unbind: true } }])
    const unbind = { params: { id: device }, body: { reason: '换人使用' } }
    expect(await a.refused('POST /api/devices/:id/unbind', unbind)).toBe('forbidden')
    const north = await f.w.person('supervisor', 'team', f.w.teams.northOne)
    expect(await north.refused('POST /api/devices/:id/unbind', unbind)).toBe('not_found')
    await f.supervisor.ok('POST /api/devices/:id/unbind', unbind)
    f.w.clock.advance(30)
    expect((await checkIn(b, { fix: { ...goodFix, lat: goodFix.lat + 0.0002 } }, { device })).grade).toBe('A')
  })
  it('notices a speed that no train reaches and coordinates that repeat to the last digit', async () => {
    const e = await f.engineer()
    await checkIn(e, { fix: { ...goodFix, lat: 39.9, lng: 116.4 } })
    const fast = await checkIn(e, { fix: goodFix })
    expect(fast.grade).toBe('D')
    expect(codes(fast)).toContain('speed_impossible')
    for (let i = 0; i < 2; i++) {
      f.w.clock.advance(60)
      await checkIn(e, { fix: goodFix })
    }
    f.w.clock.advance(60)
    const same = await checkIn(e, { fix: goodFix })
    expect(same.grade).toBe('C')
    expect(same.reasons).toContainEqual({ code: 'coordinates_repeated', params: { times: 3 } })
  })
  it('lifts a doubt with the customer’s code, but no contradiction', async () => {
    const e = await f.engineer()
    const v = await ready(e)
    const { arrival_code } = await f.w.db.one<{ arrival_code: string }>(
      sql`select arrival_code from visits where id = ${v.id}`,
    )
    const code = { kind: 'customer' as const, value: arrival_code }
    const c = await e.ok('POST /api/visits/:id/check-in', { params: { id: v.id }, body: { code } })
    expect(c.checkIn).toMatchObject({ grade: 'B' })
    await done(e, v.id)
    const guess = await checkIn(e, { code: { kind: 'customer', value: 'nope' } })
    expect(codes(guess)).toContain('code_differs')
    expect(guess.grade).toBe('C')
  })
  it('recognises a photo that was evidence elsewhere', async () => {
    const e = await f.engineer()
    const sha256 = 'ab'.repeat(32)
    const shoot = async () => {
      const v = await ready(e)
      const id = newId()
      await e.ok('POST /api/visits/:id/evidence', {
        params: { id: v.id },
        body: { id, kind: 'photo', sha256, bytes: 1000, takenAt: f.w.clock.now().toISOString() },
      })
      const c = await e.ok('POST /api/visits/:id/check-in', {
        params: { id: v.id },
        body: { fix: goodFix, photoIds: [id] },
      })
      await done(e, v.id)
      f.w.clock.advance(30)
      return c.checkIn as Graded
    }
    expect(codes(await shoot())).not.toContain('photo_seen_before')
    expect(codes(await shoot())).toContain('photo_seen_before')
    const v = await ready(e)
    expect(
      await e.refused('POST /api/visits/:id/check-in', { params: { id: v.id }, body: { photoIds: [newId()] } }),
    ).toBe('evidence_unknown')
  })
})

describe('a doubtful grade', () => {
  it('goes to the supervisor, who decides; the engineer may appeal', async () => {
    const e = await f.engineer('丙')
    const c = await checkIn(e, { fix: { ...goodFix, lat: 31.3 } })
    const inbox = await f.supervisor.ok('GET /api/visits/reviews')
    const row = inbox.rows.find((r) => r.id === c.visitId)
    expect(row).toMatchObject({ grade: 'D', reviewOpen: true, can: { review: true } })
    const params = { id: c.visitId }
    expect(
      await e.refused('POST /api/visits/:id/review', { params, body: { checkInId: c.id, grade: 'A', reason: '我在' } }),
    ).toBe('forbidden')
    await f.supervisor.ok('POST /api/visits/:id/review', {
      params,
      body: { checkInId: c.id, grade: 'D', reason: '位置不符' },
    })
    expect((await f.supervisor.ok('GET /api/visits/reviews')).rows.some((r) => r.id === c.visitId)).toBe(false)
    await e.ok('POST /api/visits/:id/appeal', { params, body: { checkInId: c.id, reason: '地图上站点画错了楼' } })
    expect((await f.supervisor.ok('GET /api/visits/reviews')).rows.some((r) => r.id === c.visitId)).toBe(true)
    const upheld = await f.supervisor.ok('POST /api/visits/:id/review', {
      params,
      body: { checkInId: c.id, grade: 'B', reason: '站点坐标有误，已更正' },
    })
    expect(upheld).toMatchObject({ grade: 'B', reviewOpen: false })
    const full = await e.ok('GET /api/visits/:id', { params })
    expect(full.checkIns[0]).toMatchObject({ grade: 'B', gradedAs: 'D' })
    expect(
      await e.refused('POST /api/visits/:id/appeal', { params, body: { checkInId: c.id, reason: '再申诉' } }),
    ).toBe('appeal_needless')
    expect(
      await f.supervisor.refused('POST /api/visits/:id/review', {
        params,
        body: { checkInId: newId(), grade: 'A', reason: '无此签到' },
      }),
    ).toBe('checkin_unknown')
  })
  it('keeps the position out of the chain and of other people’s answers', async () => {
    const e = await f.engineer()
    const c = await checkIn(e, { fix: goodFix })
    const events = await f.w.db.query<{ payload: unknown; personalHash: string | null; type: string }>(
      sql`select type, payload, personal_hash as "personalHash" from events where aggregate_id = ${c.visitId}`,
    )
    expect(JSON.stringify(events)).not.toContain('121.46')
    expect(events.find((x) => x.type === 'visit.checked_in')?.personalHash).toMatch(/^[0-9a-f]{64}$/)
    const params = { id: c.visitId }
    expect(JSON.stringify((await f.dispatcher.ok('GET /api/visits/:id', { params })).checkIns)).not.toContain('121.46')
    expect(await f.dispatcher.refused('GET /api/visits/:id/positions', { params })).toBe('forbidden')
    const { positions } = await f.supervisor.ok('GET /api/visits/:id/positions', { params })
    expect(positions).toMatchObject([{ fix: { lat: goodFix.lat }, distanceM: expect.closeTo(22.7, 1) }])
    expect(
      await f.w.db.query(sql`select 1 from events where type = 'evidence.viewed' and actor_id = ${f.supervisor.id}`),
    ).toHaveLength(1)
  })
})

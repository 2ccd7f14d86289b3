import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { insertCertificateKind, insertEngineer, insertSkill } from '.'

let w: World
let hr: Client
let dispatcher: Client
let stranger: Client
let zhang: Client
let li: Client
const day = (hm: string, date = '2026-11-24') => new Date(`${date}T${hm}:00+08:00`).toISOString()
const office = [
  [540, 720],
  [780, 1080],
] as [number, number][]
const officeShift = {
  name: '行政班',
  anchor: '2026-01-05',
  cycle: [office, office, office, office, office, [], []],
  followsHolidays: true,
}

beforeAll(async () => {
  w = await world()
  hr = await w.person('hr', 'all')
  dispatcher = await w.person('dispatcher', 'region', w.teams.east)
  stranger = await w.person('dispatcher', 'region', w.teams.north)
  zhang = await w.person('engineer', 'own', w.teams.eastOne, '张工')
  li = await w.person('engineer', 'own', w.teams.northOne, '李工')
  for (const p of [zhang, li]) await insertEngineer(w.db, { userId: p.id, now: w.clock.now() })
  await insertSkill(w.db, { code: 'network', name: '网络' })
  await insertSkill(w.db, { code: 'network.switch', parentCode: 'network', name: '交换机' })
  await insertCertificateKind(w.db, { code: 'hv', name: '高压电工' })
})
afterAll(() => w.close())
const at = (c: Client) => ({ params: { id: c.id } })

describe('who sees which engineers', () => {
  it('shows a regional dispatcher his region, and an engineer himself', async () => {
    expect((await dispatcher.ok('GET /api/engineers')).rows.map((r) => r.name)).toEqual(['张工'])
    expect((await zhang.ok('GET /api/engineers')).rows.map((r) => r.name)).toEqual(['张工'])
    expect((await hr.ok('GET /api/engineers')).total).toBe(2)
    expect(await stranger.refused('GET /api/engineers/:id', at(zhang))).toBe('not_found')
  })
  it('keeps the home to himself and to those who plan his ways', async () => {
    const home = { lat: 31.23, lng: 121.47, datum: 'gcj02' as const }
    const body = { home, homeAddress: '浦东新区世纪大道 1 号' }
    const set = await zhang.ok('PUT /api/engineers/:id/home', { ...at(zhang), body })
    expect(set.home).toEqual(home)
    const manager = await w.person('project_manager', 'all')
    expect((await manager.ok('GET /api/engineers/:id', at(zhang))).home).toBeNull()
    const at0 = { home: { ...home, lat: 0, lng: 0 } }
    expect(await zhang.refused('PUT /api/engineers/:id/home', { ...at(zhang), body: at0 })).toBe('point_unlikely')
    expect(
      await w.db.query(sql`select 1 from events where type = 'engineer.home_set' and payload::text like '%121.47%'`),
    ).toEqual([])
  })
})

describe('what an engineer can do', () => {
  it('has skills with levels, in a tree', async () => {
    const body = { skills: [{ code: 'network.switch', level: 4 }] }
    const e = await hr.ok('PUT /api/engineers/:id/skills', { ...at(zhang), body })
    expect(e.skills).toEqual([{ code: 'network.switch', name: '交换机', level: 4 }])
    const find = (minLevel: number) => hr.ok('GET /api/engineers', { query: { skill: 'network.switch', minLevel } })
    expect((await find(4)).rows).toHaveLength(1)
    expect((await find(5)).rows).toHaveLength(0)
    expect((await hr.ok('GET /api/skills')).skills.find((s) => s.code === 'network.switch')).toMatchObject({
      parentCode: 'network',
      engineers: 1,
    })
  })
  it('refuses a skill that does not exist, a retired one, and a level of 6', async () => {
    const put = (code: string, level = 3) =>
      hr.refused('PUT /api/engineers/:id/skills', { ...at(li), body: { skills: [{ code, level }] } })
    expect(await put('juggling')).toBe('skill_unknown')
    await hr.ok('POST /api/skills', { body: { code: 'fax', name: '传真机' } })
    await hr.ok('PATCH /api/skills/:code', { params: { code: 'fax' }, body: { retired: true } })
    expect(await put('fax')).toBe('skill_unknown')
    expect(await put('network', 6)).toBe('invalid_input')
    expect(await hr.refused('POST /api/skills', { body: { code: 'fax', name: '又一台' } })).toBe('skill_code_taken')
  })
  it('lets neither a dispatcher nor the engineer himself raise his level', async () => {
    const body = { skills: [{ code: 'network', level: 5 }] }
    expect(await dispatcher.refused('PUT /api/engineers/:id/skills', { ...at(zhang), body })).toBe('forbidden')
    expect(await zhang.refused('PUT /api/engineers/:id/skills', { ...at(zhang), body })).toBe('forbidden')
  })
  it('marks a certificate as expired on the day after its last', async () => {
    const add = (expiresOn: string) =>
      hr.ok('POST /api/engineers/:id/certificates', { ...at(zhang), body: { kind: 'hv', expiresOn } })
    await add('2026-11-22')
    const e = await add('2026-11-23')
    expect(e.certificates.map((c) => c.expired)).toEqual([true, false])
    const gone = await hr.ok('DELETE /api/engineers/:id/certificates/:certificateId', {
      params: { id: zhang.id, certificateId: e.certificates[0]?.id as string },
    })
    expect(gone.certificates).toHaveLength(1)
    const unknown = { ...at(zhang), body: { kind: 'driving' } }
    expect(await hr.refused('POST /api/engineers/:id/certificates', unknown)).toBe('certificate_kind_unknown')
  })
  it('tells the second of two editors who was first', async () => {
    const { rev } = await hr.ok('GET /api/engineers/:id', at(li))
    const put = (level: number) =>
      hr.call(
        'PUT /api/engineers/:id/skills',
        { ...at(li), body: { skills: [{ code: 'network', level }] } },
        { 'if-match': `"${rev}"` },
      )
    expect((await put(2)).status).toBe(200)
    expect(await put(3)).toMatchObject({ status: 409, body: { code: 'changed_meanwhile', params: { by: hr.name } } })
  })
})

describe('when an engineer works', () => {
  it('takes capacity from shift, holidays and leave', async () => {
    const shift = await hr.ok('POST /api/shifts', { body: officeShift })
    const e = await hr.ok('PATCH /api/engineers/:id', { ...at(zhang), body: { shiftId: shift.id } })
    expect(e.load).toMatchObject({ todayCapacityMin: 480, weekCapacityMin: 2400, todayMin: 0, todayPercent: 0 })
    await dispatcher.ok('POST /api/engineers/:id/absences', {
      ...at(zhang),
      body: { kind: 'training', from: day('09:00'), to: day('18:00') },
    })
    expect((await hr.ok('GET /api/engineers/:id', at(zhang))).load.weekCapacityMin).toBe(1920)
    // National Day: nobody in the office shift has capacity.
    const before = w.clock.at
    w.clock.at = new Date('2026-10-01T02:00:00Z')
    expect((await hr.ok('GET /api/engineers/:id', at(zhang))).load).toMatchObject({
      todayCapacityMin: 0,
      todayPercent: null,
    })
    w.clock.at = before
  })
  it('refuses hours that overlap or a zone that does not exist', async () => {
    const cycle = [
      [
        [540, 720],
        [700, 900],
      ],
    ] as [number, number][][]
    expect(await hr.refused('POST /api/shifts', { body: { ...officeShift, cycle } })).toBe('shift_malformed')
    expect(await hr.refused('POST /api/shifts', { body: { ...officeShift, zone: 'Asia/Atlantis' } })).toBe(
      'shift_malformed',
    )
    expect(await dispatcher.refused('POST /api/shifts', { body: officeShift })).toBe('forbidden')
  })
  it('occupies leave, refuses what crosses it, and gives it back when cancelled', async () => {
    const add = (from: string, to: string) =>
      dispatcher.call('POST /api/engineers/:id/absences', {
        ...at(zhang),
        body: { kind: 'leave', from: day(from, '2026-11-26'), to: day(to, '2026-11-26'), reason: '看牙' },
      })
    const leave = (await add('09:00', '12:00')).body
    expect(await add('11:00', '13:00')).toMatchObject({
      status: 409,
      body: { code: 'engineer_busy', params: { engineerName: '张工', kind: 'leave', ref: leave.id } },
    })
    const cancel = { params: { id: leave.id }, body: { reason: '改期' } }
    expect((await dispatcher.ok('POST /api/absences/:id/cancel', cancel)).cancelled).toBe(true)
    expect(await dispatcher.refused('POST /api/absences/:id/cancel', cancel)).toBe('absence_cancelled')
    expect((await add('11:00', '13:00')).status).toBe(200)
  })
  it('tells colleagues that somebody is away but not why', async () => {
    const query = { from: day('00:00', '2026-11-26'), to: day('23:00', '2026-11-26') }
    const [seen] = (await dispatcher.ok('GET /api/absences', { query })).rows
    expect(seen?.reason).toBe('看牙')
    const manager = await w.person('project_manager', 'all')
    const [bare] = (await manager.ok('GET /api/absences', { query })).rows
    expect(bare).toMatchObject({ kind: 'leave', reason: null, can: { cancel: false } })
    expect((await stranger.ok('GET /api/absences', { query })).rows).toEqual([])
  })
  it('refuses leave that ends before it begins, and a stranger who enters it', async () => {
    const body = { kind: 'leave' as const, from: day('12:00'), to: day('09:00') }
    expect(await dispatcher.refused('POST /api/engineers/:id/absences', { ...at(zhang), body })).toBe('time_order')
    expect(await stranger.refused('POST /api/engineers/:id/absences', { ...at(zhang), body })).toBe('not_found')
  })
})

describe('becoming an engineer', () => {
  it('comes with the role', async () => {
    const admin = await w.person('administrator', 'all')
    const p = await admin.ok('POST /api/people', {
      body: {
        userName: `e${newId().slice(-8)}`,
        name: '新同事',
        teamId: w.teams.eastTwo,
        grants: [{ role: 'engineer', scope: 'own', refId: null }],
        password: '浦东机房的钥匙在抽屉里',
      },
    })
    await w.settle()
    expect((await hr.ok('GET /api/engineers/:id', { params: { id: p.id } })).name).toBe('新同事')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'

let w: World
let ops: Client
let dispatcher: Client
beforeAll(async () => {
  w = await world()
  ops = await w.person('operations', 'all')
  dispatcher = await w.person('dispatcher')
})
afterAll(() => w.close())

const point = { lat: 31.2304, lng: 121.4737, datum: 'gcj02' as const }
const customer = (name: string, teamId: string | null = w.teams.eastOne) =>
  ops.ok('POST /api/customers', { body: { name, teamId } })

describe('customers', () => {
  it('keeps a customer with its sites, contacts, assets and contracts', async () => {
    const c = await customer('上海申康医院发展中心')
    const params = { id: c.id }
    const site = await ops.ok('POST /api/customers/:id/sites', {
      params,
      body: {
        name: '东院区机房',
        address: '上海市浦东新区即墨路150号',
        point,
        accessHours: [[[540, 1080]], [], [], [], [], [], []],
      },
    })
    expect(site).toMatchObject({ point, radiusM: 300, zone: 'Asia/Shanghai', rev: 1 })
    await ops.ok('POST /api/customers/:id/contacts', {
      params,
      body: { name: '欧阳䶮', phone: '138 0000 1234', siteId: site.id, main: true },
    })
    const asset = await ops.ok('POST /api/customers/:id/assets', {
      params,
      body: { name: '影像服务器', serial: 'SN-0001', siteId: site.id, warrantyUntil: '2027-12-31' },
    })
    expect(asset.qr).toMatch(/^[\w-]{12}$/)
    await ops.ok('POST /api/customers/:id/contracts', {
      params,
      body: {
        number: 'HT-2026-001',
        title: '三年维保',
        startsOn: '2026-01-01',
        endsOn: '2028-12-31',
        deemAfterDays: 7,
        amountFen: 128_000_00,
      },
    })
    const d = await ops.ok('GET /api/customers/:id', { params })
    expect(d).toMatchObject({
      siteList: [{ id: site.id }],
      contacts: [{ name: '欧阳䶮' }],
      assets: [{ serial: 'SN-0001' }],
      contracts: [{ deemAfterDays: 7 }],
    })
  })

  it('finds Chinese names by any two characters and sorts by pinyin', async () => {
    for (const name of ['重庆长安汽车', '安徽海螺水泥', '北京同仁医院', '杭州海康威视']) await customer(name)
    const found = async (q: string) => (await ops.ok('GET /api/customers', { query: { q } })).rows.map((r) => r.name)
    expect(await found('海')).toEqual(['安徽海螺水泥', '杭州海康威视', '上海申康医院发展中心'])
    expect(await found('海康')).toEqual(['杭州海康威视'])
    expect(await found('医院 同仁')).toEqual(['北京同仁医院'])
    const all = (await ops.ok('GET /api/customers')).rows.map((r) => r.name)
    expect(all.indexOf('安徽海螺水泥')).toBeLessThan(all.indexOf('北京同仁医院'))
    expect(all.indexOf('北京同仁医院')).toBeLessThan(all.indexOf('杭州海康威视'))
  })

  it('pages without losing or repeating a row', async () => {
    const seen: string[] = []
    let after: string | undefined
    do {
      const p = await ops.ok('GET /api/customers', { query: { limit: 2, ...(after ? { after } : {}) } })
      seen.push(...p.rows.map((r) => r.id))
      after = p.next ?? undefined
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe((await ops.ok('GET /api/customers')).rows.length)
    expect(await ops.refused('GET /api/customers', { query: { after: '💥' } })).toBe('invalid_input')
  })

  it.each([
    [0, 0, 'coordinate_zero'],
    [116.4, 39.9, 'coordinate_swapped'],
    [120, 170, 'coordinate_range'],
    [91, 200, 'invalid_input'],
  ])('refuses a place at %d, %d as %s', async (lat, lng, code) => {
    const c = await customer(`坐标 ${code}`)
    const body = { name: '机房', address: '某路1号', point: { lat, lng, datum: 'gcj02' as const } }
    expect(await ops.refused('POST /api/customers/:id/sites', { params: { id: c.id }, body })).toBe(code)
  })

  it('refuses an end before its start and what belongs to another customer', async () => {
    const a = await customer('甲方')
    const b = await customer('乙方')
    const site = await ops.ok('POST /api/customers/:id/sites', {
      params: { id: b.id },
      body: { name: '乙方机房', address: '某路2号' },
    })
    const params = { id: a.id }
    expect(
      await ops.refused('POST /api/customers/:id/contracts', {
        params,
        body: { number: 'X1', title: 'x', startsOn: '2026-02-01', endsOn: '2026-01-01' },
      }),
    ).toBe('time_order')
    expect(
      await ops.refused('POST /api/customers/:id/contacts', { params, body: { name: '王', siteId: site.id } }),
    ).toBe('belongs_elsewhere')
    await ops.ok('POST /api/customers/:id/assets', { params, body: { name: '机', serial: 'S' } })
    expect(await ops.refused('POST /api/customers/:id/assets', { params, body: { name: '机', serial: 'S' } })).toBe(
      'serial_taken',
    )
    expect(
      await ops.refused('PATCH /api/sites/:id', {
        params: { id: site.id },
        body: { accessHours: [[[600, 540]], [], [], [], [], [], []] },
      }),
    ).toBe('access_hours_overlap')
    expect(await ops.refused('PATCH /api/sites/:id', { params: { id: site.id }, body: { zone: 'Asia/Nowhere' } })).toBe(
      'invalid_input',
    )
  })

  it('keeps a long name with rare characters, HTML and formulas as they are', async () => {
    const name = `=HYPERLINK("x")<b>𠮷䶮</b>${'长'.repeat(165)}`
    const c = await customer(name)
    expect((await ops.ok('GET /api/customers/:id', { params: { id: c.id } })).name).toBe(name)
    expect((await ops.ok('GET /api/customers', { query: { q: '𠮷䶮' } })).rows).toHaveLength(1)
  })

  it('tells the second editor who changed it; an edit leaves the rest alone', async () => {
    const c = await customer('两人同改')
    const params = { id: c.id }
    await ops.ok('PATCH /api/customers/:id', { params, body: { note: '先改' } }, { 'if-match': '1' })
    expect(
      await dispatcher.refused('PATCH /api/customers/:id', { params, body: { code: 'C1' } }, { 'if-match': '1' }),
    ).toBe('changed_meanwhile')
    const now = await dispatcher.ok('PATCH /api/customers/:id', { params, body: { code: 'C1' } }, { 'if-match': '2' })
    expect(now).toMatchObject({ note: '先改', code: 'C1', level: 'normal', rev: 3 })
  })
})

describe('who sees customers', () => {
  it('keeps another team’s customers out of sight', async () => {
    const north = await customer('华北客户', w.teams.northOne)
    expect(await dispatcher.refused('GET /api/customers/:id', { params: { id: north.id } })).toBe('not_found')
    expect(
      await dispatcher.refused('PATCH /api/customers/:id', { params: { id: north.id }, body: { note: 'x' } }),
    ).toBe('not_found')
    expect((await dispatcher.ok('GET /api/customers', { query: { q: '华北' } })).rows).toEqual([])
    expect(await dispatcher.refused('POST /api/customers', { body: { name: '外队', teamId: w.teams.northOne } })).toBe(
      'not_found',
    )
  })
  it('shows no contract to those who only need the address, and lets a dispatcher not write one', async () => {
    const c = await customer('有合同')
    expect((await dispatcher.ok('GET /api/customers/:id', { params: { id: c.id } })).can).toMatchObject({
      edit: true,
      addContract: false,
    })
    const engineer = await w.person('engineer')
    expect(await engineer.refused('GET /api/customers/:id', { params: { id: c.id } })).toBe('not_found')
    expect(await engineer.refused('POST /api/customers', { body: { name: 'x', teamId: null } })).toBe('forbidden')
  })
  it('writes no name or phone into the chain', async () => {
    const c = await customer('链上不见')
    await ops.ok('POST /api/customers/:id/contacts', {
      params: { id: c.id },
      body: { name: '赵不见', phone: '13912345678' },
    })
    const rows = await w.db.query(
      sql`select 1 from events where payload::text like '%赵不见%' or payload::text like '%13912345678%' or payload::text like '%链上不见%'`,
    )
    expect(rows).toEqual([])
  })
})

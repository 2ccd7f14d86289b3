import sharp from 'sharp'
import { extractText } from 'unpdf'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { newId } from '../../platform/ids'
import { ensureTemplates, requiredMissing, startDocuments, updateFacts } from '.'
import { contentHash } from './rules'

let w: World
let engineer: Client
let colleague: Client
let dispatcher: Client
let visit: string
let id: string
const name = '㛃𬭎阿卜杜热合曼·买买提'
const values = {
  devices: [{ model: 'S6720', serial: 'SN-001', place: 'A 机柜' }],
  software_version: 'V5.2.1',
  check_power: 'pass',
  check_network: 'pass',
  check_function: 'pass',
  work_done: '<b>=1+1</b> 设备上架、加电、调试',
  trained: true,
}
let image: string

beforeAll(async () => {
  w = await world()
  await ensureTemplates(w.db, w.clock.now())
  engineer = await w.person('engineer')
  colleague = await w.person('engineer')
  dispatcher = await w.person('dispatcher')
  const ink = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><path d="M20 80 Q80 10 150 70 T280 40" stroke="#111" stroke-width="5" fill="none"/></svg>',
  )
  image = `data:image/png;base64,${(await sharp(ink).png().toBuffer()).toString('base64')}`
})
afterAll(() => w.close())
beforeEach(async () => {
  visit = newId()
  const scope = { team_id: w.teams.eastOne, customer_id: null, people: [engineer.id] }
  const ids = await w.app.asSystem('test', (ctx) =>
    startDocuments(ctx, {
      visitId: visit,
      orderId: newId(),
      orderType: 'install',
      facts: { customer: { name }, order: { number: 'WO-20261123-0001' } },
      scope,
    }),
  )
  id = ids[0] as string
})
const fill = (v: Record<string, unknown>) =>
  engineer.ok('PATCH /api/documents/:id', { params: { id }, body: { values: v } })

describe('a delivery document', () => {
  it('starts with the facts and says what is still missing', async () => {
    const d = await engineer.ok('GET /api/documents/:id', { params: { id } })
    expect(d.facts.customer).toEqual({ name })
    expect(d.missing.map((m) => m.key)).toContain('devices')
    expect(d.can).toMatchObject({ fill: true, sign: false, file: false })
    expect(await w.app.asSystem('t', (ctx) => requiredMissing(ctx, visit))).toMatchObject([{ documentId: id }])
    await fill(values)
    expect(await w.app.asSystem('t', (ctx) => requiredMissing(ctx, visit))).toEqual([])
  })
  it('is found by customer and order number, and pages name every document once', async () => {
    const find = async (q: string) => (await engineer.ok('GET /api/documents', { query: { q } })).rows
    expect((await find('阿卜杜热合曼')).map((d) => d.id)).toContain(id)
    expect((await find('20261123 买买提')).map((d) => d.id)).toContain(id)
    expect(await find('_%')).toEqual([])
    const [row] = await find('WO-20261123-0001')
    expect(row?.about).toEqual({ orderNumber: 'WO-20261123-0001', orderTitle: null, customerName: name, engineers: [] })
    const all = (await engineer.ok('GET /api/documents', {})).rows.map((d) => d.id)
    const seen: string[] = []
    for (let after: string | undefined; ; ) {
      const page = await engineer.ok('GET /api/documents', { query: { limit: 1, after } })
      seen.push(...page.rows.map((d) => d.id))
      if (!page.next) break
      after = page.next
    }
    expect(seen).toEqual(all)
  })
  it('keeps what two people type into different fields', async () => {
    await fill({ work_done: '上架' })
    await fill({ software_version: 'V6' })
    expect((await engineer.ok('GET /api/documents/:id', { params: { id } })).values).toMatchObject({
      work_done: '上架',
      software_version: 'V6',
    })
  })
  it('is signed once, bound to what was read', async () => {
    const d = await fill(values)
    const body = { expectedHash: d.hash, signerName: name, signerTitle: '信息科科长', image }
    const signed = await engineer.ok('POST /api/documents/:id/sign', { params: { id }, body })
    expect(signed).toMatchObject({
      state: 'signed',
      already: false,
      signature: { signerName: name, documentHash: d.hash },
    })
    expect(
      await engineer.ok('POST /api/documents/:id/sign', { params: { id }, body: { ...body, signerName: '别人' } }),
    ).toMatchObject({ already: true, signature: { signerName: name } })
    expect(
      await engineer.refused('PATCH /api/documents/:id', { params: { id }, body: { values: { work_done: '改' } } }),
    ).toBe('document_signed')
    // Facts that come later do not change what was signed.
    await w.app.asSystem('t', (ctx) =>
      updateFacts(
        ctx,
        visit,
        { visit: { finishedAt: '2026-11-23T05:00:00Z' } },
        { team_id: w.teams.eastOne, customer_id: null, people: [engineer.id] },
      ),
    )
    expect((await engineer.ok('GET /api/documents/:id', { params: { id } })).hash).toBe(d.hash)
  })
  describe('signed on a phone without contact', () => {
    const sign = (body: object, offline = true) =>
      engineer
        .ok('POST /api/commands', {
          body: {
            items: [{ commandId: newId(), command: 'document.sign', params: { id }, body, offline, deviceId: 'p' }],
          },
        })
        .then((r) => r.items[0])
    const shownHash = async (shown: { values: object; facts: object }) => {
      const d = await engineer.ok('GET /api/documents/:id', { params: { id } })
      return contentHash({
        templateKey: d.template.key,
        templateVersion: d.template.version,
        values: shown.values as Record<string, unknown>,
        facts: shown.facts as Record<string, unknown>,
      })
    }
    const flow = (facts: Record<string, unknown>) =>
      w.app.asSystem('t', (ctx) =>
        updateFacts(ctx, visit, facts, { team_id: w.teams.eastOne, customer_id: null, people: [engineer.id] }),
      )

    it('stands as the customer read it, though facts have flowed in since and a colleague has typed', async () => {
      const read = await fill(values)
      await flow({ visit: { arrivedAt: '2026-11-23T02:00:00.000Z' }, photos: [{ id: newId() }] })
      await fill({ work_done: '后来改的' })
      const shown = { values: read.values, facts: { ...read.facts, visit: { arrivedAt: '2026-11-23T02:00:20.000Z' } } }
      const expectedHash = await shownHash(shown)
      const answer = await sign({ expectedHash, signerName: name, image, shown })
      expect(answer).toMatchObject({ verdict: 'applied' })
      expect(await engineer.ok('GET /api/documents/:id', { params: { id } })).toMatchObject({
        state: 'signed',
        hash: expectedHash,
        values: { work_done: values.work_done },
        facts: shown.facts,
      })
    })
    it('is refused for another customer, another time, or as soon as there is contact', async () => {
      const read = await fill(values)
      await flow({ visit: { arrivedAt: '2026-11-23T02:00:00.000Z' } })
      const forged = [
        { ...read.facts, customer: { name: '别的客户' } },
        { ...read.facts, visit: { arrivedAt: '2026-11-23T01:00:00.000Z' } },
      ]
      for (const facts of forged) {
        const shown = { values: read.values, facts }
        const body = { expectedHash: await shownHash(shown), signerName: name, image, shown }
        expect(await sign(body)).toMatchObject({ verdict: 'refused', problem: { code: 'document_changed' } })
      }
      const shown = { values: read.values, facts: read.facts }
      const body = { expectedHash: await shownHash(shown), signerName: name, image, shown }
      expect(await sign(body, false)).toMatchObject({ verdict: 'refused', problem: { code: 'document_changed' } })
      expect(await sign(body)).toMatchObject({ verdict: 'applied' })
    })
  })
  it('refuses a signature on something else than what was read, on an incomplete document, and a blank sheet', async () => {
    const first = await fill({ work_done: '一' })
    expect(
      await engineer.refused('POST /api/documents/:id/sign', {
        params: { id },
        body: { expectedHash: first.hash, signerName: '李', image },
      }),
    ).toBe('document_incomplete')
    const read = await fill(values)
    await fill({ work_done: '二' })
    expect(
      await engineer.refused('POST /api/documents/:id/sign', {
        params: { id },
        body: { expectedHash: read.hash, signerName: '李', image },
      }),
    ).toBe('document_changed')
    const blank = `data:image/png;base64,${(
      await sharp({ create: { width: 300, height: 120, channels: 4, background: '#0000' } })
        .png()
        .toBuffer()
    ).toString('base64')}`
    const now = await engineer.ok('GET /api/documents/:id', { params: { id } })
    expect(
      await engineer.refused('POST /api/documents/:id/sign', {
        params: { id },
        body: { expectedHash: now.hash, signerName: '李', image: blank },
      }),
    ).toBe('signature_unreadable')
  })
  it('is filled by its engineer only; others see it or do not', async () => {
    expect(await colleague.refused('GET /api/documents/:id', { params: { id } })).toBe('not_found')
    expect(await dispatcher.refused('PATCH /api/documents/:id', { params: { id }, body: { values: {} } })).toBe(
      'forbidden',
    )
    expect((await dispatcher.ok('GET /api/documents/:id', { params: { id } })).can.fill).toBe(false)
  })
  it('prints as a PDF whose Chinese, rare characters and markup can be read', async () => {
    const d = await fill(values)
    await engineer.ok('POST /api/documents/:id/sign', {
      params: { id },
      body: { expectedHash: d.hash, signerName: name, image },
    })
    const r = await w.http.inject({ url: `/api/documents/${id}/pdf`, headers: { cookie: engineer.cookie } })
    expect(r.headers['content-type']).toBe('application/pdf')
    const { text: pages } = await extractText(new Uint8Array(r.rawPayload))
    const text = pages.join('')
    expect(text).toContain(name)
    expect(text).toContain('设备部署报告')
    expect(text).toContain('<b>=1+1</b>')
    expect(text).toContain(d.hash)
  })
})

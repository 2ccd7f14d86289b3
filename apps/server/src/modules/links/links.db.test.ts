import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { extractText } from 'unpdf'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceCode } from '#lifecycle'
import { type Field, field, goodFix } from '../../../test/field'
import { upload } from '../../../test/upload'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { ensureDefinition } from '../surveys'
import { spelled } from '../visits/photo'
import { tokenHash } from './tokens'

let f: Field
let engineer: Client
let quality: Client
let image: string

beforeAll(async () => {
  f = await field({ templates: true })
  await ensureDefinition(f.w.db, f.w.clock.now())
  quality = await f.w.person('quality', 'all')
  engineer = await f.engineer('张伟')
  const ink =
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="120"><path d="M20 80 Q80 10 150 70 T280 40" stroke="#111" stroke-width="5" fill="none"/></svg>'
  image = `data:image/png;base64,${(await sharp(Buffer.from(ink)).png().toBuffer()).toString('base64')}`
})
afterAll(() => f.w.close())

/** A visitor without any account: only the link. */
const customer = (token: string) => ({
  async get(path = '') {
    const r = await f.w.http.inject({
      url: `/api/link/${token}${path}`,
      headers: { 'x-forwarded-for': '203.0.113.9' },
      remoteAddress: '203.0.113.9',
    })
    return { status: r.statusCode, body: r.json() }
  },
  async post(path: string, payload: object = {}, cookie?: string) {
    const r = await f.w.http.inject({
      method: 'POST',
      url: `/api/link/${token}${path}`,
      payload,
      remoteAddress: '203.0.113.9',
      ...(cookie ? { headers: { cookie } } : {}),
    })
    return { status: r.statusCode, body: r.json() }
  },
})

const tokenIn = (url: string) => url.split('/v/')[1] as string

async function worked(options: { sign?: boolean; hour?: number } = {}) {
  const order = await f.order({ type: 'repair' })
  const hour = options.hour ?? 10
  const visit = await f.offer(engineer, { orderId: order.id, start: f.at(hour), end: f.at(hour + 1) })
  const params = { id: visit.id }
  await engineer.ok('POST /api/visits/:id/take', { params, body: {} })
  const contact = await f.dispatcher.ok('POST /api/visits/:id/link', { params, body: { channel: 'contact' } })
  const c = customer(tokenIn(contact.url))
  return {
    order,
    visit,
    params,
    contact,
    c,
    token: tokenIn(contact.url),
    async work() {
      await engineer.ok('POST /api/visits/:id/depart', { params, body: {} })
      await engineer.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })
      await engineer.ok('POST /api/visits/:id/start', { params, body: {} })
      const { rows } = await engineer.ok('GET /api/documents', { query: { visitId: visit.id } })
      const id = rows[0]?.id as string
      await engineer.ok('PATCH /api/documents/:id', {
        params: { id },
        body: { values: { finding: '磁盘告警', work_done: '更换磁盘并重建阵列', check_function: 'pass' } },
      })
      return id
    },
    async finish() {
      await engineer.ok('POST /api/visits/:id/finish', { params, body: { result: 'done' } })
      await f.w.settle()
    },
  }
}

const good = {
  ratings: { overall: 5, result: 5, punctual: 5, attitude: 5 },
  tags: ['professional', 'no_such_tag'],
  words: '很专业',
}
const bad = {
  ratings: { overall: 2, result: 1, punctual: 3, attitude: 4 },
  tags: ['not_solved'],
  words: '问题没有解决',
}

describe("the customer's link", () => {
  it('goes with the work from the code at the door to the survey, without an account', async () => {
    const v = await worked()
    const before = await v.c.get()
    expect(before.body).toMatchObject({
      engineer: { name: '张伟' },
      site: { name: '门诊楼机房' },
      survey: { state: 'not_yet' },
    })
    expect(before.body.arrivalCode).toMatch(/^\d{6}$/)
    expect(before.body.steps.map((s: { key: string; state: string }) => `${s.key}:${s.state}`)).toEqual([
      'received:done',
      'scheduled:now',
      'on_the_way:todo',
      'working:todo',
      'finished:todo',
      'accepted:todo',
    ])
    const documentId = await v.work()
    expect((await v.c.get()).body.arrivalCode).toBeNull()
    await v.finish()
    const read = await v.c.get(`/documents/${documentId}`)
    expect(read.body).toMatchObject({ state: 'filed', canSign: true, values: { finding: '磁盘告警' } })
    const signed = await v.c.post(`/documents/${documentId}/sign`, {
      expectedHash: read.body.hash,
      signerName: '周主任',
      image,
    })
    expect(signed.body).toMatchObject({ state: 'signed', already: false, signature: { method: 'link' } })
    await f.w.settle()
    // Signing the last document of finished work is the acceptance.
    expect((await f.dispatcher.ok('GET /api/orders/:id', { params: { id: v.order.id } })).state).toBe('completed')
    expect(
      (await v.c.post(`/documents/${documentId}/sign`, { expectedHash: read.body.hash, signerName: '别人', image }))
        .body,
    ).toMatchObject({ already: true, signature: { signerName: '周主任' } })
    expect((await v.c.get()).body).toMatchObject({ survey: { state: 'open' }, acceptance: { state: 'accepted' } })
    expect((await v.c.post('/survey', good)).body).toEqual({ ok: true, good: true })
    expect((await v.c.post('/survey', bad)).body.code).toBe('survey_answered')
    const surveys = await f.supervisor.ok('GET /api/surveys', { query: { orderId: v.order.id } })
    expect(surveys.rows).toMatchObject([{ score: 100, tags: ['professional'], flags: [], followUpId: null }])
  })

  it('stores only the hash of its token, and shows the same link again', async () => {
    const v = await worked({ hour: 13 })
    const again = await f.dispatcher.ok('POST /api/visits/:id/link', { params: v.params, body: { channel: 'contact' } })
    expect(again.url).toBe(v.contact.url)
    const stored =
      JSON.stringify(await f.w.db.query(sql`select * from links`)) +
      JSON.stringify(await f.w.db.query(sql`select payload, source from events`))
    expect(stored).not.toContain(v.token)
    expect(await f.w.db.maybe(sql`select 1 from links where token_hash = ${tokenHash(v.token)}`)).toBeDefined()
  })

  it('shown by the engineer has no code and no survey, and engineers cannot make the other one', async () => {
    const v = await worked({ hour: 15 })
    expect(
      await engineer.refused('POST /api/visits/:id/link', { params: v.params, body: { channel: 'contact' } }),
    ).toBe('link_channel')
    const shown = await engineer.ok('POST /api/visits/:id/link', { params: v.params, body: { channel: 'shown' } })
    const c = customer(tokenIn(shown.url))
    expect((await c.get()).body.arrivalCode).toBeNull()
    await v.work()
    await v.finish()
    expect((await c.get()).body.survey).toMatchObject({ state: 'elsewhere', definition: null })
    expect((await c.post('/survey', good)).body.code).toBe('survey_elsewhere')
  })

  it('tells whom to call when it is wrong or has expired', async () => {
    expect((await customer('A'.repeat(32)).get()).body).toMatchObject({ code: 'link_unknown', status: 404 })
    expect((await customer('short').get()).body.code).toBe('link_unknown')
    const v = await worked({ hour: 17 })
    await f.w.db.run(sql`update links set progress_until = ${f.w.clock.now()} where visit_id = ${v.visit.id}`)
    expect((await v.c.get()).body).toMatchObject({ code: 'link_expired', status: 410 })
  })

  it('opens nothing of another visit', async () => {
    const a = await worked({ hour: 19 })
    const documentId = await a.work()
    const b = await worked({ hour: 21 })
    expect((await b.c.get(`/documents/${documentId}`)).status).toBe(404)
    expect(
      (await b.c.post(`/documents/${documentId}/sign`, { expectedHash: 'a'.repeat(64), signerName: 'x', image }))
        .status,
    ).toBe(404)
  })
})

describe('the photos of a document', () => {
  it('are those of the work, not those that prove the arrival, and only they are shown to the customer', async () => {
    const v = await worked({ hour: 58 })
    const photo = async (color: string) => {
      const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: color } })
        .jpeg()
        .toBuffer()
      const id = newId()
      await engineer.ok('POST /api/visits/:id/evidence', {
        params: v.params,
        body: {
          id,
          kind: 'photo',
          sha256: createHash('sha256').update(bytes).digest('hex'),
          bytes: bytes.length,
          takenAt: f.w.clock.now().toISOString(),
        },
      })
      expect((await upload(f.w.http, engineer, id, bytes)).statusCode).toBe(204)
      return id
    }
    const door = await photo('#225')
    await engineer.ok('POST /api/visits/:id/depart', { params: v.params, body: {} })
    await engineer.ok('POST /api/visits/:id/check-in', { params: v.params, body: { fix: goodFix, photoIds: [door] } })
    await engineer.ok('POST /api/visits/:id/start', { params: v.params, body: {} })
    const rack = await photo('#522')
    const { rows } = await engineer.ok('GET /api/documents', { query: { visitId: v.visit.id } })
    const d = await engineer.ok('GET /api/documents/:id', { params: { id: rows[0]?.id as string } })
    expect((d.facts.photos as { id: string }[]).map((p) => p.id)).toEqual([rack])
    const get = (id: string) => f.w.http.inject({ url: `/api/link/${v.token}/photos/${id}` })
    expect((await get(rack)).headers['content-type']).toBe('image/jpeg')
    // Printed with the code that leads back to it.
    const pdf = await f.w.http.inject({ url: `/api/documents/${d.id}/pdf`, headers: { cookie: engineer.cookie } })
    const { text } = await extractText(new Uint8Array(pdf.rawPayload), { mergePages: true })
    expect(text).toContain(spelled(evidenceCode(rack)))
    expect(text).not.toContain(spelled(evidenceCode(door)))
    expect((await get(door)).statusCode).toBe(404)
  })
})

describe('a low score', () => {
  it('opens a case for the supervisor at once, which cannot close without a check', async () => {
    const v = await worked({ hour: 23 })
    await v.work()
    await v.finish()
    const before = await f.supervisor.ok('GET /api/notices')
    expect((await v.c.post('/survey', bad)).body).toEqual({ ok: true, good: false })
    const inbox = await f.supervisor.ok('GET /api/notices')
    expect(inbox.unread).toBe(before.unread + 1)
    expect(inbox.rows[0]).toMatchObject({ code: 'followup_opened', urgency: 'urgent' })
    const id = inbox.rows[0]?.subject.id as string
    const params = { id }
    const open = await f.supervisor.ok('GET /api/follow-ups/:id', { params })
    expect(open).toMatchObject({ state: 'open', score: 43.3, survey: { words: '问题没有解决' } })
    expect(Date.parse(open.contactDueAt as string) - Date.parse(open.openedAt)).toBe(24 * 3600_000)
    expect(await f.supervisor.refused('POST /api/follow-ups/:id/close', { params, body: {} })).toBe(
      'followup_unchecked',
    )
    await f.supervisor.ok('POST /api/follow-ups/:id/contact', {
      params,
      body: { outcome: 'reached', channel: 'call', words: '已致歉' },
    })
    await f.supervisor.ok('POST /api/follow-ups/:id/plan', {
      params,
      body: {
        cause: 'not_solved',
        action: '二线工程师复查',
        ownerId: engineer.id,
        dueAt: new Date(f.w.clock.now().getTime() + 86_400_000).toISOString(),
      },
    })
    await f.supervisor.ok('POST /api/follow-ups/:id/do', { params, body: { words: '已复查' } })
    expect(await f.supervisor.refused('POST /api/follow-ups/:id/close', { params, body: {} })).toBe(
      'followup_unchecked',
    )
    await f.supervisor.ok('POST /api/follow-ups/:id/check', {
      params,
      body: { method: 'call', effective: false, words: '还是报警' },
    })
    expect(
      await f.supervisor.refused('POST /api/follow-ups/:id/act', { params, body: { change: 'none', words: 'x' } }),
    ).toBe('followup_not_effective')
    await f.supervisor.ok('POST /api/follow-ups/:id/plan', {
      params,
      body: {
        cause: 'product_defect',
        action: '更换控制器',
        ownerId: engineer.id,
        dueAt: new Date(f.w.clock.now().getTime() + 86_400_000).toISOString(),
      },
    })
    await f.supervisor.ok('POST /api/follow-ups/:id/do', { params, body: {} })
    await f.supervisor.ok('POST /api/follow-ups/:id/check', {
      params,
      body: { method: 'call', effective: true, words: '已恢复' },
    })
    await f.supervisor.ok('POST /api/follow-ups/:id/act', { params, body: { change: 'article', words: '写入知识库' } })
    const closed = await f.supervisor.ok('POST /api/follow-ups/:id/close', { params, body: {} })
    expect(closed.state).toBe('closed')
    expect((await quality.ok('GET /api/follow-ups/:id', { params })).history.map((h) => h.message.code)).toHaveLength(
      10,
    )
    expect(await engineer.refused('GET /api/follow-ups/:id', { params })).toBe('forbidden')
  })

  it("flags an answer that comes from a colleague's device", async () => {
    f.w.clock.advance(24 * 60)
    const v = await worked({ hour: 34 })
    await v.work()
    await v.finish()
    await v.c.post('/survey', good, engineer.cookie)
    expect((await f.supervisor.ok('GET /api/surveys', { query: { orderId: v.order.id } })).rows[0]?.flags).toContain(
      'staff_device',
    )
  })
})

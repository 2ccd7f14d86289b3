import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RouteMap } from '#contracts'
import { newId } from '../src/platform/ids'
import { buildCorners, type Corners } from './corners'
import { signedHeaders } from './sign'
import { type World, world } from './world'

// What the tests of the rooms do not say already: doors that take bytes, texts on their way through an order, tokens used.
let w: World
let corners: Corners
beforeAll(async () => {
  w = await world()
  corners = await buildCorners(w)
  await corners.grantAll('team')
})
afterAll(() => w.close())

const put = async (url: string, payload: Buffer, type = 'image/png') => {
  const headers = { cookie: corners.me.cookie, 'content-type': type }
  const answer = await w.http.inject({ method: 'PUT', url, headers, payload })
  return answer.json() as { code: string; params: Record<string, unknown>; action: string }
}
const hashOf = (b: Buffer) => createHash('sha256').update(b).digest('hex')

describe('bytes', () => {
  const big = Buffer.alloc(26 * 1024 * 1024, 1)
  it('beyond 25 MB are refused with the limit, at the thread', async () => {
    expect(await put(`/api/thread-photos/${hashOf(big)}`, big)).toMatchObject({ code: 'body_too_large' })
  })
  it('of 60 megapixels are refused at the thread, however small the file', async () => {
    const photo = await sharp({ create: { width: 10_000, height: 6_000, channels: 3, background: '#fff' } })
      .png()
      .toBuffer()
    expect(await put(`/api/thread-photos/${hashOf(photo)}`, photo)).toMatchObject({ code: 'file_too_many_pixels' })
  })
  it('that are no picture, or others than were named, are refused', async () => {
    const text = Buffer.from('<svg onload="alert(1)">')
    expect(await put(`/api/thread-photos/${hashOf(text)}`, text)).toMatchObject({ code: 'file_unreadable' })
    expect(await put(`/api/thread-photos/${'0'.repeat(64)}`, text)).toMatchObject({ code: 'file_hash_mismatch' })
  })
  it('of a delivery larger than any order are refused before they are read', async () => {
    const text = 'x'.repeat(2 * 1024 * 1024)
    const answer = await w.http.inject({
      method: 'POST',
      url: `/api/intake/${corners.of.mine.ids.key}`,
      headers: signedHeaders('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'msg_1', w.clock.now(), text),
      payload: text,
    })
    expect(answer.json()).toMatchObject({ code: 'body_too_large' })
  })
})

describe('an order', () => {
  const create = (more: Partial<RouteMap['POST /api/orders']['body']>) =>
    corners.me.call('POST /api/orders', {
      body: { customerId: corners.of.mine.rows.customer as string, title: '样本', ...more },
    })
  it('keeps a text with rare characters, markup and a formula as it was typed, and finds it again', async () => {
    const title = `=cmd|'/C calc'!A1 <img src=x onerror=alert(1)> 𠮷野家 㛃𬭎 ${'阿'.repeat(140)}`
    const made = await create({ title, text: '<script>alert(1)</script>\n第二行' })
    expect(made).toMatchObject({ status: 200, body: { title, text: '<script>alert(1)</script>\n第二行' } })
    const found = await corners.me.ok('GET /api/orders', { query: { q: '𠮷野家' } })
    expect(found.rows.map((r) => r.title)).toEqual([title])
  })
  it('is refused with the name of the field when its title is longer than 200 characters or empty', async () => {
    for (const title of ['长'.repeat(201), ' ', '有\u0000空字符'])
      expect(await create({ title })).toMatchObject({
        status: 422,
        body: { code: 'invalid_input', issues: [{ path: 'body.title' }] },
      })
  })
  it('is refused when its window ends before it starts, or lies in a year that cannot be meant', async () => {
    const window = (start: string, end: string) => create({ promise: { start, end } })
    expect(await window('2026-11-24T04:00:00Z', '2026-11-24T01:00:00Z')).toMatchObject({ body: { code: 'time_order' } })
    expect(await window('0206-11-24T01:00:00Z', '0206-11-24T04:00:00Z')).toMatchObject({
      body: { code: 'invalid_input' },
    })
  })
})

describe('a token', () => {
  it('that was used for the survey does not count twice, and says so', async () => {
    const params = { token: corners.of.mine.ids.token as string }
    const body = { ratings: { overall: 5 }, words: '改成好评' }
    expect(await corners.me.refused('POST /api/link/:token/survey', { params, body })).toBe('survey_answered')
  })
  it('of a command that was used for another is refused', async () => {
    const key = { 'idempotency-key': newId() }
    const body = { name: '甲', teamId: w.teams.eastOne }
    await corners.me.ok('POST /api/customers', { body }, key)
    expect(await corners.me.refused('POST /api/customers', { body: { ...body, name: '乙' } }, key)).toBe(
      'command_reused',
    )
  })
})

import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, field, goodFix } from '../../../test/field'
import { append, begin, howFar, upload as send } from '../../../test/upload'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'

let f: Field
let e: Client
let visitId: string
beforeAll(async () => {
  f = await field()
  e = await f.engineer('张工')
  visitId = (await f.offer(e)).id
  await e.ok('POST /api/visits/:id/take', { params: { id: visitId }, body: {} })
})
afterAll(() => f.w.close())

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const photo = (colour: string) =>
  sharp({ create: { width: 1200, height: 900, channels: 3, background: colour } })
    .withExif({ IFD0: { Make: 'HUAWEI', Model: 'Mate 70' }, IFD3: { GPSLatitudeRef: 'N' } })
    .jpeg()
    .toBuffer()

const declare = (bytes: Buffer, more: Record<string, unknown> = {}, by = e) =>
  by.call('POST /api/visits/:id/evidence', {
    params: { id: visitId },
    body: {
      id: newId(),
      kind: 'photo',
      sha256: hashOf(bytes),
      bytes: bytes.length,
      takenAt: f.w.clock.now().toISOString(),
      takenFix: goodFix,
      ...more,
    } as never,
  })
const upload = (id: string, bytes: Buffer, by = e) => send(f.w.http, by, id, bytes)
const look = (id: string, size: string, by: Client) =>
  f.w.http.inject({ method: 'GET', url: `/api/evidence/${id}/bytes?size=${size}`, headers: { cookie: by.cookie } })
const declared = async (bytes: Buffer) => (await declare(bytes)).body.id

describe('evidence', () => {
  it('is declared first and stored when there is a network', async () => {
    const bytes = await photo('#0a7')
    const { body } = await declare(bytes)
    expect(body).toMatchObject({ storedAt: null, url: null, sha256: hashOf(bytes) })
    expect((await look(body.id, 'thumb', e)).json()).toMatchObject({ code: 'evidence_not_stored' })
    expect((await upload(body.id, bytes)).statusCode).toBe(204)
    const full = await e.ok('GET /api/visits/:id', { params: { id: visitId } })
    const row = full.evidence.find((x) => x.id === body.id)
    expect(row).toMatchObject({ mediaType: 'image/jpeg', width: 1200, height: 900 })
    expect(row?.thumbUrl).toContain('size=thumb')
    // The same upload again changes nothing: the phone asks how far it is, and it is done.
    expect((await upload(body.id, bytes)).json()).toMatchObject({ code: 'upload_offset' })
    expect((await howFar(f.w.http, e, body.id)).headers['upload-offset']).toBe(String(bytes.length))
    expect(
      await f.w.db.query(sql`select 1 from events where aggregate_id = ${body.id} and type = 'evidence.stored'`),
    ).toHaveLength(1)
  })
  it('answers a repeated declaration, and refuses its id for something else', async () => {
    const bytes = await photo('#123')
    const id = newId()
    expect((await declare(bytes, { id })).status).toBe(200)
    expect((await declare(bytes, { id })).body.id).toBe(id)
    expect((await declare(await photo('#321'), { id })).body).toMatchObject({ code: 'evidence_id_taken' })
  })
  it('refuses other bytes than were declared', async () => {
    const id = await declared(await photo('#456'))
    expect((await upload(id, await photo('#654'))).json()).toMatchObject({ code: 'file_hash_mismatch', status: 422 })
  })
  it('refuses a 60-megapixel photo with its size and the limit', async () => {
    const huge = await sharp({ create: { width: 10_000, height: 6_000, channels: 3, background: '#888' } })
      .png({ compressionLevel: 9 })
      .toBuffer()
    const answer = await upload(await declared(huge), huge)
    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({ code: 'file_too_many_pixels', params: { megapixels: 60, limit: 50 } })
    expect(answer.json().title).toContain('60')
  })
  it('refuses what is no picture, a picture cut short and more than 25 MB', async () => {
    const text = Buffer.from('<svg onload="alert(1)">')
    expect((await upload(await declared(text), text)).json()).toMatchObject({ code: 'file_unreadable' })
    const whole = await sharp({
      create: {
        width: 800,
        height: 600,
        channels: 3,
        background: '#fff',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .jpeg()
      .toBuffer()
    const cut = whole.subarray(0, whole.length / 2)
    expect((await upload(await declared(cut), cut)).json()).toMatchObject({ code: 'file_unreadable' })
    const big = Buffer.alloc(26 * 1024 * 1024)
    expect((await declare(big)).body).toMatchObject({ code: 'invalid_input' })
    const id = (await declare(big, { bytes: 1000 })).body.id
    expect((await upload(id, big)).json()).toMatchObject({ code: 'upload_length' })
    await begin(f.w.http, e, id, 1000)
    expect((await append(f.w.http, e, id, 0, big)).json()).toMatchObject({ code: 'body_too_large' })
  })
  it('shows a copy without what the camera wrote, and the original only to those who may', async () => {
    const bytes = await photo('#789')
    const id = await declared(bytes)
    await upload(id, bytes)
    const copy = await look(id, 'full', f.dispatcher)
    expect(copy.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    })
    expect((await sharp(copy.rawPayload).metadata()).exif).toBeUndefined()
    expect((await sharp(bytes).metadata()).exif).toBeDefined()
    expect((await look(id, 'original', f.dispatcher)).json()).toMatchObject({ code: 'forbidden' })
    const original = await look(id, 'original', f.supervisor)
    expect(hashOf(original.rawPayload)).toBe(hashOf(bytes))
    expect(original.headers['content-disposition']).toContain('attachment')
    const seen = await f.w.db.query<{ name: string; what: string }>(
      sql`select actor_name as name, payload->>'what' as what from events where type = 'evidence.viewed' and aggregate_id = ${id} order by recorded_at, id`,
    )
    expect(seen).toEqual([
      { name: f.dispatcher.name, what: 'full' },
      { name: f.supervisor.name, what: 'original' },
    ])
    // The taker’s own look leaves no trace.
    await look(id, 'full', e)
    expect(
      await f.w.db.query(sql`select 1 from events where type = 'evidence.viewed' and aggregate_id = ${id}`),
    ).toHaveLength(2)
  })
  it('is nobody else’s to send or to see', async () => {
    const other = await f.engineer('李工')
    const bytes = await photo('#abc')
    expect((await declare(bytes, {}, other)).body).toMatchObject({ code: 'not_found' })
    const id = await declared(bytes)
    expect((await upload(id, bytes, other)).json()).toMatchObject({ code: 'not_found' })
    await upload(id, bytes)
    expect((await look(id, 'thumb', other)).json()).toMatchObject({ code: 'not_found' })
    const north = await f.w.person('supervisor', 'team', f.w.teams.northOne)
    expect((await look(id, 'original', north)).json()).toMatchObject({ code: 'not_found' })
    expect((await look(newId(), 'full', f.supervisor)).json()).toMatchObject({ code: 'not_found' })
    const signedOut = await f.w.http.inject({ method: 'GET', url: `/api/evidence/${id}/bytes` })
    expect(signedOut.statusCode).toBe(401)
  })
  it('refuses a hash that is none and a visit that is not taken yet', async () => {
    const bytes = await photo('#def')
    expect((await declare(bytes, { sha256: 'xyz' })).body).toMatchObject({ code: 'invalid_input' })
    const later = await f.offer(e, { start: f.at(20), end: f.at(21) })
    const answer = await e.call('POST /api/visits/:id/evidence', {
      params: { id: later.id },
      body: { id: newId(), kind: 'photo', sha256: hashOf(bytes), bytes: 10, takenAt: f.w.clock.now().toISOString() },
    })
    expect(answer.body).toMatchObject({ code: 'state_forbids' })
  })
})

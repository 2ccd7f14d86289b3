import { createHash } from 'node:crypto'
import { appendFile } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidenceCode } from '#lifecycle'
import { type Field, field, goodFix } from '../../../test/field'
import { append, begin, howFar, tus, upload } from '../../../test/upload'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { differenceHash } from '../../platform/images'
import { sealAll } from '../../platform/journal'
import { readCode } from './codes'
import { stampOf } from './photo'

let f: Field
let e: Client
let visit: { id: string; orderId: string }
let other: { id: string; orderId: string }
beforeAll(async () => {
  f = await field()
  e = await f.engineer('张伟')
  visit = await f.offer(e)
  other = await f.offer(e, { start: f.at(14), end: f.at(15) })
  for (const { id } of [visit, other]) await e.ok('POST /api/visits/:id/take', { params: { id }, body: {} })
})
afterAll(() => f.w.close())

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
/** A picture of its own for every seed: bars and blocks, as a cabinet has. */
const cabinet = (seed: number, edge = 640, more: (s: Sharp) => Sharp = (s) => s) => {
  let state = seed * 2_654_435_761
  const next = (n: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 12345) >>> 0
    return state % n
  }
  const blocks = Array.from(
    { length: 40 },
    () =>
      `<rect x="${next(600)}" y="${next(440)}" width="${next(160) + 20}" height="${next(110) + 10}" fill="rgb(${next(256)},${next(256)},${next(256)})"/>`,
  )
  return more(
    sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">${blocks.join('')}</svg>`)),
  )
    .resize({ width: edge })
    .jpeg({ quality: 90 })
    .toBuffer()
}
/** A black picture of one bit a pixel: it packs a thousandfold. */
function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const out = Buffer.alloc(body.length + 8)
    out.writeUInt32BE(data.length, 0)
    body.copy(out, 4)
    out.writeUInt32BE(crc32(body), body.length + 4)
    return out
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc((width / 8 + 1) * height))
  const mark = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10])
  return Buffer.concat([mark, chunk('IHDR', head), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))])
}
/** PNG's check sum (zlib.crc32 came with Node 22.2). */
function crc32(bytes: Buffer): number {
  let c = 0xffffffff
  for (const b of bytes) {
    c ^= b
    for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  }
  return (c ^ 0xffffffff) >>> 0
}
const declare = async (bytes: Buffer, more: Record<string, unknown> = {}, at = visit) =>
  e.ok('POST /api/visits/:id/evidence', {
    params: { id: at.id },
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
const stored = async (bytes: Buffer, more: Record<string, unknown> = {}, at = visit) => {
  const { id } = await declare(bytes, more, at)
  expect((await upload(f.w.http, e, id, bytes)).statusCode).toBe(204)
  return (await f.w.db.one<{ code: string }>(sql`select code from evidence where id = ${id}`)).code
}
const facts = async (code: string, by: Client = f.supervisor) => {
  const { matches } = await by.ok('GET /api/evidence/codes/:evidenceCode', { params: { evidenceCode: code } })
  expect(matches).toHaveLength(1)
  return matches[0] as NonNullable<(typeof matches)[number]>
}

describe('an upload', () => {
  it('goes on where the line broke, and the same piece twice is not in the file twice', async () => {
    const bytes = await cabinet(1)
    const { id } = await declare(bytes)
    const half = Math.floor(bytes.length / 2)
    expect((await howFar(f.w.http, e, id)).statusCode).toBe(404)
    const begun = await begin(f.w.http, e, id, bytes.length)
    expect(begun.headers.location).toBe(`/api/uploads/${id}`)
    expect((await append(f.w.http, e, id, 0, bytes.subarray(0, half))).headers['upload-offset']).toBe(String(half))
    // The answer was lost; the phone sends the piece again, is told that it is elsewhere, and asks.
    expect((await append(f.w.http, e, id, 0, bytes.subarray(0, half))).json()).toMatchObject({ code: 'upload_offset' })
    // A phone that forgot the upload begins it again: nothing of it is thrown away.
    expect((await begin(f.w.http, e, id, bytes.length)).statusCode).toBe(201)
    expect((await howFar(f.w.http, e, id)).headers).toMatchObject({
      'upload-offset': String(half),
      'upload-length': String(bytes.length),
    })
    expect((await append(f.w.http, e, id, half, bytes.subarray(half))).statusCode).toBe(204)
    expect((await howFar(f.w.http, e, id)).headers['upload-offset']).toBe(String(bytes.length))
    expect(await f.w.app.options.files.uploads.offset(id)).toBeNull()
  })
  it('of which the last answer was lost with the server is finished when the phone asks how far it is', async () => {
    const bytes = await cabinet(2)
    const { id } = await declare(bytes)
    await begin(f.w.http, e, id, bytes.length)
    await append(f.w.http, e, id, 0, bytes.subarray(0, 100))
    // The rest came, and the process died before it could look at it.
    const path = (f.w.app.options.files as unknown as { folder: string }).folder
    await appendFile(`${path}/uploading/${id}`, bytes.subarray(100))
    const [a, b] = await Promise.all([howFar(f.w.http, e, id), howFar(f.w.http, e, id)])
    expect([a.statusCode, b.statusCode]).toEqual([200, 200])
    const events = await f.w.db.query(sql`select 1 from events where aggregate_id = ${id} and type = 'evidence.stored'`)
    expect(events).toHaveLength(1)
  })
  it('that was refused leaves its line usable: the next question on it is answered', async () => {
    const bytes = Buffer.concat([await cabinet(7), Buffer.alloc(600_000, 1)])
    const { id } = await declare(bytes)
    await begin(f.w.http, e, id, bytes.length)
    await f.w.http.listen({ port: 0, host: '127.0.0.1' })
    const { port } = f.w.http.server.address() as AddressInfo
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = (method: string, more: Record<string, string>, body?: Buffer) =>
      new Promise<number | undefined>((done, fail) => {
        const headers = { cookie: e.cookie, ...tus, ...more, 'content-length': String(body?.length ?? 0) }
        const sent = request({ host: '127.0.0.1', port, agent, method, path: `/api/uploads/${id}`, headers }, (r) => {
          r.resume()
          r.on('end', () => done(r.statusCode))
        })
        sent.on('error', fail)
        sent.end(body)
      })
    const elsewhere = { 'upload-offset': '99', 'content-type': 'application/offset+octet-stream' }
    expect(await ask('PATCH', elsewhere, bytes.subarray(99))).toBe(409)
    expect(await ask('HEAD', {})).toBe(200)
    agent.destroy()
  })
  it('is nobody else’s to begin, to go on with or to ask about', async () => {
    const bytes = await cabinet(3)
    const { id } = await declare(bytes)
    await begin(f.w.http, e, id, bytes.length)
    const stranger = await f.engineer('李工')
    for (const by of [stranger, f.supervisor]) {
      expect([403, 404]).toContain((await begin(f.w.http, by, id, bytes.length)).statusCode)
      expect([403, 404]).toContain((await append(f.w.http, by, id, 0, bytes)).statusCode)
      expect([403, 404]).toContain((await howFar(f.w.http, by, id)).statusCode)
    }
    expect(await f.w.app.options.files.uploads.offset(id)).toBe(0)
  })
  it('is as long as was declared, speaks tus, and needs a declaration', async () => {
    const bytes = await cabinet(4)
    const { id } = await declare(bytes)
    expect((await begin(f.w.http, e, id, bytes.length + 1)).json()).toMatchObject({ code: 'upload_length' })
    expect((await begin(f.w.http, e, newId(), bytes.length)).json()).toMatchObject({ code: 'not_found' })
    expect((await append(f.w.http, e, id, 0, bytes)).json()).toMatchObject({ code: 'not_found' })
    const plain = { cookie: e.cookie, 'upload-length': String(bytes.length) }
    const answer = await f.w.http.inject({ method: 'POST', url: `/api/uploads/${id}`, headers: plain })
    expect(answer.json()).toMatchObject({ code: 'upload_header' })
    const form = await f.w.http.inject({
      method: 'PATCH',
      url: `/api/uploads/${id}`,
      headers: { ...plain, ...tus, 'content-type': 'multipart/form-data; boundary=x', 'upload-offset': '0' },
      payload: 'x',
    })
    expect(form.statusCode).toBe(415)
  })
  it('with other bytes than declared is refused and begins anew', async () => {
    const bytes = await cabinet(5)
    const { id } = await declare(bytes)
    const forged = Buffer.from(bytes)
    forged[forged.length - 10] = (forged[forged.length - 10] as number) ^ 1
    expect((await upload(f.w.http, e, id, forged)).json()).toMatchObject({ code: 'file_hash_mismatch' })
    expect((await upload(f.w.http, e, id, bytes)).statusCode).toBe(204)
  })
  it('that nobody goes on with for a week is cleared away; the phone then begins anew', async () => {
    const bytes = await cabinet(6)
    const { id } = await declare(bytes)
    await begin(f.w.http, e, id, bytes.length)
    await append(f.w.http, e, id, 0, bytes.subarray(0, 500))
    const { uploads } = f.w.app.options.files
    const day = 86_400_000
    expect(await uploads.expire(new Date(Date.now() - 7 * day))).toBe(0)
    expect(await uploads.expire(new Date(Date.now() + day))).toBeGreaterThan(0)
    expect((await howFar(f.w.http, e, id)).statusCode).toBe(404)
    expect((await upload(f.w.http, e, id, bytes)).statusCode).toBe(204)
  })
  it('of a small file that would unfold to gigabytes is refused before it is unfolded', async () => {
    const bomb = png(30_000, 30_000)
    expect(bomb.length).toBeLessThan(200_000)
    const { id } = await declare(bomb)
    expect((await upload(f.w.http, e, id, bomb)).json()).toMatchObject({
      code: 'file_too_many_pixels',
      params: { megapixels: 900 },
    })
  })
  it('of a HEIC that nobody here decodes is kept as it is, and says that it cannot be shown', async () => {
    const heic = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from('ftypheic\0\0\0\0mif1heic', 'latin1'),
      Buffer.alloc(400, 7),
    ])
    const row = await facts(await stored(heic))
    expect(row).toMatchObject({ mediaType: 'image/heic', url: null, thumbUrl: null, flags: ['no_preview'] })
    const look = (size: string) =>
      f.w.http.inject({ url: `/api/evidence/${row.id}/bytes?size=${size}`, headers: { cookie: f.supervisor.cookie } })
    expect((await look('full')).json()).toMatchObject({ code: 'evidence_no_preview' })
    expect(hashOf((await look('original')).rawPayload)).toBe(hashOf(heic))
  })
})

describe('a photo', () => {
  const withExif = (seed: number, when: string, lat: string, lng: string) =>
    cabinet(seed, 1600, (s) =>
      s.withExif({
        IFD0: { Make: 'HUAWEI', Model: 'Mate 70', Software: 'MagicEditor 3' },
        IFD2: { DateTimeOriginal: when, OffsetTimeOriginal: '+08:00' },
        IFD3: { GPSLatitudeRef: 'N', GPSLatitude: lat, GPSLongitudeRef: 'E', GPSLongitude: lng },
      }),
    )
  it('tells what the camera wrote, and its served copy does not', async () => {
    // 09:00 in Shanghai, where the test clock stands; the hospital.
    const row = await facts(
      await stored(await withExif(20, '2026:11:23 09:00:30', '31/1 12/1 3528/100', '121/1 27/1 4860/100')),
    )
    expect(row.exif).toMatchObject({
      make: 'HUAWEI',
      model: 'Mate 70',
      software: 'MagicEditor 3',
      takenAt: '2026-11-23T01:00:30.000Z',
    })
    expect(row.exif?.distanceM).toBeLessThan(200)
    expect(row.flags).toEqual([])
    const copy = await f.w.http.inject({ url: row.url as string, headers: { cookie: f.dispatcher.cookie } })
    expect((await sharp(copy.rawPayload).metadata()).exif).toBeUndefined()
  })
  it('whose camera was elsewhere or at another time is flagged, not refused', async () => {
    const row = await facts(await stored(await withExif(21, '2026:11:20 10:00:00', '39/1 54/1 0/1', '116/1 24/1 0/1')))
    expect(row.flags).toEqual(['exif_time', 'exif_place'])
    expect(row.exif?.distanceM).toBeGreaterThan(1_000_000)
  })
  it('that served another order is flagged on both, by its bytes and by its original', async () => {
    const bytes = await cabinet(22)
    const original = hashOf(Buffer.from('as the camera gave it'))
    const first = await stored(bytes, { originalSha256: original, originalBytes: 4_000_000 })
    const second = await facts(await stored(bytes, {}, other))
    expect(second.flags).toEqual(['seen_before'])
    expect(second.alike).toMatchObject([{ code: first, same: true, earlier: true, takenBy: '张伟' }])
    // Compressed anew, its bytes are others; what it was made of is the same.
    const again = await facts(await stored(await cabinet(23), { originalSha256: original }, other))
    expect(again.flags).toEqual(['seen_before'])
    expect((await facts(first)).alike.filter((a) => !a.earlier)).toHaveLength(2)
    // On one order the same picture twice is a slip of the thumb.
    expect((await facts(await stored(await cabinet(24)))).flags).toEqual([])
  })
  it('saved again, smaller and darker, is still known; another cabinet is not', async () => {
    const first = await stored(await cabinet(30, 1600))
    const resaved = await cabinet(30, 900, (s) => s.modulate({ brightness: 0.9 }).jpeg({ quality: 55 }))
    const row = await facts(await stored(resaved, {}, other))
    expect(row.flags).toEqual(['similar_before'])
    expect(row.alike).toMatchObject([{ code: first, same: false }])
    expect((await facts(await stored(await cabinet(31), {}, other))).flags).toEqual([])
    const wall = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#ddd' } })
      .jpeg()
      .toBuffer()
    expect(await differenceHash(wall)).toBeNull()
  })
  it('shows nobody the other order’s name who may not see that order', async () => {
    const bytes = await cabinet(32)
    await stored(bytes)
    const row = await facts(await stored(bytes, {}, other), e)
    expect(row.alike[0]).toMatchObject({ same: true })
    const stranger = await f.engineer('王工')
    const { id } = await f.offer(stranger, { start: f.at(10), end: f.at(11) })
    await stranger.ok('POST /api/visits/:id/take', { params: { id }, body: {} })
    const his = await stranger.ok('POST /api/visits/:id/evidence', {
      params: { id },
      body: {
        id: newId(),
        kind: 'photo',
        sha256: hashOf(bytes),
        bytes: bytes.length,
        takenAt: f.w.clock.now().toISOString(),
      },
    })
    expect((await facts(his.code, stranger)).alike[0]).toMatchObject({
      code: null,
      orderNumber: null,
      takenBy: null,
      same: true,
    })
  })
})

describe('a watermark', () => {
  it('says time at the site, place, order and engineer, and a code that the phone knew before', async () => {
    const stamp = stampOf(
      { code: '7K3M9QAZ', taken_at: new Date('2026-11-23T06:30:05Z') },
      {
        order_number: 'WO-20261123-0042',
        customer_name: '瑞金医院',
        taken_by_name: '张伟',
        site: { name: '门诊楼机房', zone: 'Asia/Shanghai' },
      },
      'Asia/Shanghai',
    )
    expect(stamp).toEqual({
      lines: ['2026-11-23 周一 14:30:05', '瑞金医院 · 门诊楼机房', 'WO-20261123-0042 · 张伟'],
      code: '7K3M 9QAZ',
    })
    const { db } = f.w
    const { code } = await db.one<{ code: string }>(
      sql`select evidence_code('019ab1c2-0000-7000-8000-00ffffffff1f'::uuid) as code`,
    )
    expect(code).toBe('ZZZZZZRZ')
    for (const id of Array.from({ length: 50 }, newId)) {
      const said = await db.one<{ code: string }>(sql`select evidence_code(${id}::uuid) as code`)
      expect(evidenceCode(id)).toBe(said.code)
    }
  })
  it('is drawn into the copy: its foot differs from the picture, its head does not', async () => {
    const bytes = await cabinet(40, 1200)
    const row = await facts(await stored(bytes))
    const copy = await f.w.http.inject({ url: row.url as string, headers: { cookie: e.cookie } })
    const grey = (b: Buffer, top: number) =>
      sharp(b).extract({ left: 0, top, width: 1200, height: 160 }).greyscale().raw().toBuffer()
    const apart = async (top: number) => {
      const [a, b] = [await grey(bytes, top), await grey(copy.rawPayload, top)]
      return a.reduce((sum, v, i) => sum + Math.abs(v - (b[i] as number)), 0) / a.length
    }
    expect(await apart(0)).toBeLessThan(4)
    expect(await apart(740)).toBeGreaterThan(15)
  })
  it('leads back to the photo, however its code is typed, for those who may see it', async () => {
    const bytes = await cabinet(41)
    const code = await stored(bytes)
    const typed = `${code.slice(0, 4).toLowerCase()}-${code.slice(4)}`
    const row = await facts(typed)
    expect(row).toMatchObject({ sha256: hashOf(bytes), takenBy: { name: '张伟' }, site: { name: '门诊楼机房' } })
    expect(row.order.id).toBe(visit.orderId)
    await sealAll(f.w.app.pool)
    const sealed = await facts(code)
    expect(sealed.chain.declared?.position).toBeLessThan(sealed.chain.stored?.position as number)
    expect(sealed.chain.stored?.hash).toMatch(/^[0-9a-f]{64}$/)
    const north = await f.w.person('supervisor', 'team', f.w.teams.northOne)
    for (const params of [{ evidenceCode: code }, { evidenceCode: '00000000' }, { evidenceCode: 'nonsense' }])
      expect(await north.refused('GET /api/evidence/codes/:evidenceCode', { params })).toBe('not_found')
    expect(readCode('7k3m 9oil')).toBe('7K3M9011')
  })
})

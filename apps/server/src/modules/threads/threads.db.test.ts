import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { newId } from '../../platform/ids'
import { openThread } from '.'

let w: World
let dispatcher: Client
let engineer: Client
let stranger: Client
const order = newId()
const params = { kind: 'order' as const, id: order }
beforeAll(async () => {
  w = await world()
  dispatcher = await w.person('dispatcher', 'team', w.teams.eastOne, '调度小李')
  engineer = await w.person('engineer', 'own', w.teams.eastOne, '张伟')
  stranger = await w.person('engineer', 'own', w.teams.northOne, '王强')
  await w.app.asSystem('test', (ctx) =>
    openThread(ctx, {
      kind: 'order',
      id: order,
      title: 'WO-1',
      scope: { team_id: w.teams.eastOne, customer_id: null, people: [engineer.id] },
    }),
  )
})
afterAll(() => w.close())

const upload = (who: Client, bytes: Buffer, sha256 = createHash('sha256').update(bytes).digest('hex')) =>
  w.http.inject({
    method: 'PUT',
    url: `/api/thread-photos/${sha256}`,
    headers: { cookie: who.cookie, 'content-type': 'image/jpeg' },
    payload: bytes,
  })

describe('the thread of an order', () => {
  it('is talked in by those who see the order, and told to those who are mentioned', async () => {
    const m = await dispatcher.ok('POST /api/threads/:kind/:id/messages', {
      params,
      body: { body: '@张伟 机房钥匙在前台', mentions: [engineer.id] },
    })
    expect(m.mentions).toEqual([{ id: engineer.id, name: '张伟' }])
    const inbox = await engineer.ok('GET /api/notices')
    expect(inbox).toMatchObject({
      unread: 1,
      rows: [{ code: 'mentioned', subject: { kind: 'order', id: order }, params: { by: '调度小李' } }],
    })
    expect((await engineer.ok('GET /api/threads/:kind/:id', { params })).unread).toBe(1)
    await engineer.ok('POST /api/threads/:kind/:id/read', { params, body: {} })
    const t = await engineer.ok('GET /api/threads/:kind/:id', { params })
    expect(t.unread).toBe(0)
    expect(t.reads.map((r) => r.person.name).sort()).toEqual(['张伟', '调度小李'])
  })
  it('does not exist for anybody else', async () => {
    expect(await stranger.refused('GET /api/threads/:kind/:id', { params })).toBe('not_found')
    expect(await stranger.refused('POST /api/threads/:kind/:id/messages', { params, body: { body: '?' } })).toBe(
      'not_found',
    )
  })
  it('offers only people who may see it for a mention, and refuses others by name', async () => {
    const { people } = await dispatcher.ok('GET /api/threads/:kind/:id/people', { params })
    expect(people.map((p) => p.name)).toEqual(['张伟'])
    expect(
      await dispatcher.refused('POST /api/threads/:kind/:id/messages', {
        params,
        body: { body: 'x', mentions: [stranger.id] },
      }),
    ).toBe('thread_mention_outside')
  })
  it('keeps text as it was typed, whatever it looks like', async () => {
    const body = '<img src=x onerror=alert(1)> =1+1 𬭎㛃'
    expect((await engineer.ok('POST /api/threads/:kind/:id/messages', { params, body: { body } })).body).toBe(body)
    expect(await engineer.refused('POST /api/threads/:kind/:id/messages', { params, body: { body: '  ' } })).toBe(
      'thread_empty',
    )
  })
  it('pages backwards without losing or repeating a message', async () => {
    for (let i = 0; i < 7; i++)
      await engineer.ok('POST /api/threads/:kind/:id/messages', { params, body: { body: `第 ${i} 条` } })
    const seen: string[] = []
    let before: string | undefined
    do {
      const t = await engineer.ok('GET /api/threads/:kind/:id', { params, query: { limit: 3, before } })
      seen.unshift(...t.messages.map((m) => m.id))
      before = t.earlier ?? undefined
    } while (before)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe(
      (await engineer.ok('GET /api/threads/:kind/:id', { params, query: { limit: 200 } })).messages.length,
    )
  })
  it('carries photos: declared by their hash, shown without their place', async () => {
    const bytes = await sharp({ create: { width: 640, height: 480, channels: 3, background: '#a33' } })
      .withExif({ IFD3: { GPSLatitude: '31/1 14/1 0/1' } })
      .jpeg()
      .toBuffer()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect((await upload(engineer, bytes)).statusCode).toBe(200)
    const m = await engineer.ok('POST /api/threads/:kind/:id/messages', { params, body: { photos: [sha256] } })
    const shown = await w.http.inject({ url: m.photos[0]?.url as string, headers: { cookie: dispatcher.cookie } })
    expect((await sharp(shown.rawPayload).metadata()).exif).toBeUndefined()
    expect(
      (await w.http.inject({ url: m.photos[0]?.url as string, headers: { cookie: stranger.cookie } })).statusCode,
    ).toBe(404)
  })
  it('refuses what is no photo, what is not what it says, and what is missing', async () => {
    expect((await upload(engineer, Buffer.from('no picture'))).json().code).toBe('file_unreadable')
    const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#fff' } })
      .jpeg()
      .toBuffer()
    expect((await upload(engineer, bytes, 'a'.repeat(64))).json().code).toBe('file_hash_mismatch')
    expect(
      await engineer.refused('POST /api/threads/:kind/:id/messages', { params, body: { photos: ['b'.repeat(64)] } }),
    ).toBe('thread_photo_missing')
  })
})

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../test/world'
import { sql } from './database/pool'
import { newId } from './ids'
import { sealAll, verifyChain } from './journal'

let w: World
let admin: Client
beforeAll(async () => {
  w = await world()
  admin = await w.person('administrator', 'all')
})
afterAll(() => w.close())

const someone = (name = '王小明') => ({
  userName: `u${newId().slice(-10)}`,
  name,
  teamId: w.teams.eastOne,
  grants: [],
  password: '浦东机房的钥匙在抽屉里',
  phone: '13800000000',
})

describe('the write path', () => {
  it('answers a repeated command with the first answer and does it once', async () => {
    const key = { 'idempotency-key': newId() }
    const body = someone()
    const first = await admin.call('POST /api/people', { body }, key)
    const again = await admin.call('POST /api/people', { body }, key)
    expect(again.body).toEqual(first.body)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(
      await w.db.query(sql`select 1 from events where type = 'person.added' and aggregate_id = ${first.body.id}`),
    ).toHaveLength(1)
  })
  it('refuses the same command id with another body', async () => {
    const key = { 'idempotency-key': newId() }
    await admin.ok('POST /api/people', { body: someone() }, key)
    expect(await admin.refused('POST /api/people', { body: someone() }, key)).toBe('command_reused')
  })
  it('applies sixteen simultaneous repeats once', async () => {
    const key = { 'idempotency-key': newId() }
    const body = someone()
    const answers = await Promise.all(Array.from({ length: 16 }, () => admin.call('POST /api/people', { body }, key)))
    expect(new Set(answers.map((a) => (a.body as { id: string }).id)).size).toBe(1)
  })
  it('leaves nothing behind when a command is refused', async () => {
    const body = someone()
    await admin.ok('POST /api/people', { body })
    const before = await w.db.one(sql`select count(*) as n from events`)
    expect(await admin.refused('POST /api/people', { body })).toBe('user_name_taken')
    expect(await w.db.one(sql`select count(*) as n from events`)).toEqual(before)
  })
  it('says who changed it meanwhile to the second of two editors', async () => {
    const p = await admin.ok('POST /api/people', { body: someone() })
    await admin.ok(
      'PATCH /api/people/:id',
      { params: { id: p.id }, body: { name: '王大明' } },
      { 'if-match': `"${p.rev}"` },
    )
    const second = await admin.call(
      'PATCH /api/people/:id',
      { params: { id: p.id }, body: { phone: '13900000000' } },
      { 'if-match': `"${p.rev}"` },
    )
    expect(second).toMatchObject({ status: 409, body: { code: 'changed_meanwhile', params: { by: admin.name } } })
  })
  it('gives each item of a batch its own verdict', async () => {
    const id = newId()
    const good = someone()
    const items = [
      { commandId: id, command: 'person.add', body: good },
      { commandId: id, command: 'person.add', body: good },
      { commandId: newId(), command: 'person.add', body: { ...good, userName: '！' } },
      { commandId: newId(), command: 'no.such', body: {} },
      { commandId: newId(), command: 'person.add', body: someone() },
    ]
    const { items: verdicts } = await admin.ok('POST /api/commands', { body: { items } })
    expect(verdicts.map((v) => v.verdict)).toEqual(['applied', 'duplicate', 'refused', 'refused', 'applied'])
    expect(verdicts[2]?.problem).toMatchObject({ code: 'invalid_input', issues: [{ path: 'body.userName' }] })
  })
})

describe('the journal', () => {
  it('gives every committed event a gapless position and verifies', async () => {
    await sealAll(w.app.pool)
    const rows = await w.db.query<{ position: number }>(sql`select position from events order by position`)
    expect(rows.map((r) => r.position)).toEqual(rows.map((_, i) => i + 1))
    expect(await verifyChain(w.app.pool)).toMatchObject({ ok: true, checked: rows.length, unsealed: 0 })
  })
  it('refuses to change or delete what happened', async () => {
    await expect(w.db.run(sql`update events set payload = '{}'`)).rejects.toThrow('append-only')
    await expect(w.db.run(sql`delete from events`)).rejects.toThrow('append-only')
  })
  it('survives the erasure of personal values and names the first altered link', async () => {
    await sealAll(w.app.pool)
    await w.db.run(sql`delete from event_personal where event_id = (select event_id from event_personal limit 1)`)
    expect(await verifyChain(w.app.pool)).toMatchObject({ ok: true })
    await w.db.run(sql`alter table events disable trigger events_no_change`)
    await w.db.run(sql`update events set payload = '{"x":1}' where position = 3`)
    expect(await verifyChain(w.app.pool)).toMatchObject({ ok: false, position: 3, why: 'hash' })
  })
})

describe('the door', () => {
  it('answers problems in the language of the caller', async () => {
    const r = await w.http.inject({ method: 'GET', url: '/api/people', headers: { 'accept-language': 'en-US' } })
    expect(r.statusCode).toBe(401)
    expect(r.headers['content-type']).toContain('application/problem+json')
    expect(r.json()).toMatchObject({ code: 'signed_out', title: 'You are signed out' })
  })
  it('refuses writes from a foreign origin', async () => {
    expect(await admin.refused('POST /api/people', { body: someone() }, { origin: 'https://evil.example' })).toBe(
      'origin_refused',
    )
  })
  it('names each wrong field', async () => {
    const answer = await admin.call('POST /api/people', { body: { ...someone(), userName: 'x y', name: '' } })
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
    expect((answer.body as unknown as { issues: { path: string }[] }).issues.map((i) => i.path)).toEqual([
      'body.userName',
      'body.name',
    ])
  })
  it('answers malformed JSON, foreign media types and too large bodies with a problem', async () => {
    const send = (headers: Record<string, string>, payload: string) =>
      w.http.inject({ method: 'POST', url: '/api/people', headers: { cookie: admin.cookie, ...headers }, payload })
    expect((await send({ 'content-type': 'application/json' }, '{oops')).json()).toMatchObject({
      code: 'body_malformed',
      status: 400,
    })
    expect((await send({ 'content-type': 'text/csv' }, 'a,b')).json()).toMatchObject({ code: 'media_unsupported' })
    expect(
      (await send({ 'content-type': 'application/json' }, JSON.stringify({ name: 'x'.repeat(2_000_000) }))).json(),
    ).toMatchObject({ code: 'body_too_large' })
    expect((await admin.call('POST /api/people', { body: someone('a\u0000b') })).body).toMatchObject({
      code: 'invalid_input',
    })
  })
  it('lists exactly its routes in OpenAPI 3.1', async () => {
    const { routes } = await import('#contracts')
    const doc = (await w.http.inject('/openapi.json')).json()
    expect(doc.openapi).toBe('3.1.0')
    const listed = Object.entries(doc.paths as Record<string, object>).flatMap(([path, ops]) =>
      Object.keys(ops).map((m) => `${m.toUpperCase()} ${path}`),
    )
    expect(listed.sort()).toEqual(
      // OpenAPI here tells no HEAD of its own: each GET has one.
      (Object.values(routes) as { method: string; path: string }[])
        .filter((r) => r.method !== 'HEAD')
        .map((r) => `${r.method} ${r.path.replace(/:(\w+)/g, '{$1}')}`)
        .sort(),
    )
  })
})

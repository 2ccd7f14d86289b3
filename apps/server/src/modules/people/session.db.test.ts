import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { demoPassword, hashPassword, insertUser, replaceGrants } from '.'

let w: World
let url: string
beforeAll(async () => {
  w = await world({ background: true })
  url = await w.http.listen({ port: 0, host: '127.0.0.1' })
})
afterAll(() => w.close())

const enter = async (where: World, userName: string, password = demoPassword, cookie = '') => {
  const r = await where.http.inject({
    method: 'POST',
    url: '/api/session',
    headers: cookie ? { cookie } : {},
    payload: { userName, password },
  })
  const cookies = r.cookies.map((c) => `${c.name}=${c.value}`).join('; ')
  return { status: r.statusCode, code: (r.json() as { code?: string }).code, cookies }
}
const userNameOf = async (c: Client) =>
  (await w.db.one<{ user_name: string }>(sql`select user_name from users where id = ${c.id}`)).user_name

/** Opens the live stream; answers what resolves when the server ends it. */
async function stream(cookie: string): Promise<{ ended: Promise<void> }> {
  let opened: () => void = () => {}
  const open = new Promise<void>((done) => {
    opened = done
  })
  const ended = new Promise<void>((done) => {
    const request = get(`${url}/api/live`, { headers: { cookie } }, (response) => {
      response.on('data', (b: Buffer) => b.includes('hello') && opened())
      response.on('end', done)
      response.on('close', done)
    })
    request.on('error', () => done())
  })
  await open
  return { ended }
}
const within = (ms: number, p: Promise<void>) =>
  Promise.race([p.then(() => 'ended'), new Promise((done) => setTimeout(done, ms, 'still open'))])

describe('somebody who guesses passwords', () => {
  it('is slowed down, and never keeps out the person on a device that has signed in before', async () => {
    const person = await w.person('dispatcher')
    const userName = await userNameOf(person)
    for (let i = 0; i < 5; i++) expect((await enter(w, userName, `wrong ${i}`)).code).toBe('sign_in_failed')
    for (let i = 0; i < 20; i++) expect((await enter(w, userName, `wrong ${i}`)).code).toBe('sign_in_throttled')
    // The right password does not help a stranger either while he waits.
    expect((await enter(w, userName)).code).toBe('sign_in_throttled')
    expect(await enter(w, userName, demoPassword, person.cookie)).toMatchObject({ status: 200 })
    // And from a new device the person waits a quarter of an hour at the most, however long the hammering went on.
    w.clock.advance(15)
    expect(await enter(w, userName)).toMatchObject({ status: 200 })
  })
  it('learns nothing about which names exist', async () => {
    const nobody = `nobody.${newId().slice(-8)}`
    for (let i = 0; i < 5; i++) expect((await enter(w, nobody, 'wrong')).code).toBe('sign_in_failed')
    expect((await enter(w, nobody, 'wrong')).code).toBe('sign_in_throttled')
  })
  it('on a stolen device is slowed down there as well', async () => {
    const person = await w.person('dispatcher')
    const userName = await userNameOf(person)
    for (let i = 0; i < 5; i++) expect((await enter(w, userName, 'wrong', person.cookie)).code).toBe('sign_in_failed')
    expect((await enter(w, userName, demoPassword, person.cookie)).code).toBe('sign_in_throttled')
  })
})

describe('a session', () => {
  it('ends on every device with one tap, open streams included', async () => {
    const person = await w.person('engineer')
    const other = await enter(w, await userNameOf(person))
    const streams = await Promise.all([stream(person.cookie), stream(other.cookies)])
    await person.ok('DELETE /api/sessions')
    for (const s of streams) expect(await within(2_000, s.ended)).toBe('ended')
    for (const cookie of [person.cookie, other.cookies])
      expect((await w.http.inject({ url: '/api/session', headers: { cookie } })).statusCode).toBe(401)
  })
  it('signed out on one device goes on at the other', async () => {
    const person = await w.person('engineer')
    const other = await enter(w, await userNameOf(person))
    const [mine, others] = await Promise.all([stream(person.cookie), stream(other.cookies)])
    await person.ok('DELETE /api/session')
    expect(await within(2_000, mine.ended)).toBe('ended')
    expect(await within(200, others.ended)).toBe('still open')
    expect((await w.http.inject({ url: '/api/session', headers: { cookie: other.cookies } })).statusCode).toBe(200)
    await w.http.inject({ method: 'DELETE', url: '/api/session', headers: { cookie: other.cookies } })
  })
  it('of somebody who is disabled ends at once, streams included, and he does not come in again', async () => {
    const admin = await w.person('administrator', 'all')
    const person = await w.person('engineer')
    const userName = await userNameOf(person)
    const open = await stream(person.cookie)
    await admin.ok('POST /api/people/:id/disable', { params: { id: person.id }, body: { reason: '离职' } })
    expect(await within(2_000, open.ended)).toBe('ended')
    expect(await person.refused('GET /api/session')).toBe('signed_out')
    expect((await enter(w, userName)).code).toBe('account_disabled')
  })
  it('loses at once what its person may no longer do', async () => {
    const admin = await w.person('administrator', 'all')
    const person = await w.person('supervisor')
    await person.ok('GET /api/people')
    await admin.ok('PATCH /api/people/:id', { params: { id: person.id }, body: { grants: [] } })
    expect(await person.refused('GET /api/people')).toBe('forbidden')
  })
  it('ends by itself after a week in which nobody came', async () => {
    const person = await w.person('dispatcher')
    await w.db.run(sql`update sessions set expires_at = ${w.clock.now()} where user_id = ${person.id}`)
    expect(await person.refused('GET /api/session')).toBe('signed_out')
  })
})

describe('outside demo mode', () => {
  it('demo accounts are shown to nobody and let nobody in, not even with a session from before', async () => {
    const real = await world({ demo: false })
    try {
      const person = async (demo: boolean) => {
        const id = newId()
        const userName = `u${id.slice(-8)}`
        const passwordHash = await hashPassword(demoPassword)
        const now = real.clock.now()
        await insertUser(real.db, {
          id,
          userName,
          name: userName,
          phone: null,
          teamId: null,
          passwordHash,
          now,
          by: null,
          demo,
        })
        await replaceGrants(real.db, id, [{ role: 'administrator', scope: 'all', refId: null }])
        return { id, userName }
      }
      const demo = await person(true)
      expect((await enter(real, demo.userName)).code).toBe('demo_only')
      const accounts = await real.http.inject({ url: '/api/session/demo' })
      expect(accounts.json()).toEqual({ accounts: [] })
      // A session that he had while it was a demo.
      const own = await person(false)
      const { cookies } = await enter(real, own.userName)
      await real.db.run(sql`update users set demo = true where id = ${own.id}`)
      expect((await real.http.inject({ url: '/api/session', headers: { cookie: cookies } })).statusCode).toBe(401)
    } finally {
      await real.close()
    }
  })
})

import { get } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../src/modules'
import { authenticator } from '../src/modules/people'
import { App, on } from '../src/platform/app'
import { sql } from '../src/platform/database/pool'
import { LocalFiles } from '../src/platform/files'
import { buildHttp } from '../src/platform/http'
import { verifyChain } from '../src/platform/journal'
import { silent } from '../src/platform/logging'
import { type Client, type World, world } from './world'

/** A reaction that counts itself: the same in both servers, as in two processes of one product. */
const ran: { server: string; eventId: string }[] = []
const counted = (server: string) => ({
  name: 'counted',
  reactions: [
    on('customer.created', 'test.count', async (_ctx, e) => {
      ran.push({ server, eventId: e.id })
    }),
  ],
})

interface Second {
  app: App
  url: string
  stop(): Promise<void>
}
async function serve(w: World, name: string): Promise<Second> {
  const app = new App({
    databaseUrl: w.url,
    files: new LocalFiles('/tmp/zhuchang-two'),
    log: silent,
    clock: w.clock,
    zone: 'Asia/Shanghai',
    demo: true,
    publicUrl: 'http://localhost',
    secret: Buffer.alloc(32, 7),
    modules: [...modules, counted(name)],
    authenticator: authenticator(true, w.clock),
    poolSize: 8,
    version: 'test',
  })
  const http = await buildHttp(app)
  await app.startBackground()
  const url = await http.listen({ port: 0, host: '127.0.0.1' })
  return {
    app,
    url,
    async stop() {
      await http.close()
      await app.stop()
    },
  }
}

/** A stream as a browser holds it: remembers the last id and what it was told. */
function listen(url: string, cookie: string, lastId?: number) {
  const heard: { position: number; aggregateId: string; type: string }[] = []
  const state = { last: lastId ?? null, closed: false }
  let opened: () => void
  const open = new Promise<void>((done) => {
    opened = done
  })
  const request = get(
    `${url}/api/live`,
    { headers: { cookie, ...(lastId === undefined ? {} : { 'last-event-id': String(lastId) }) } },
    (response) => {
      let rest = ''
      response.on('data', (chunk: Buffer) => {
        const blocks = (rest + chunk.toString()).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const b of blocks) {
          const id = /^id: (\d+)/m.exec(b)?.[1]
          if (id) state.last = Number(id)
          if (b.includes('event: hello')) opened()
          else if (id) heard.push(JSON.parse(/^data: (.*)$/m.exec(b)?.[1] ?? '{}'))
        }
      })
      response.on('close', () => {
        state.closed = true
      })
    },
  )
  request.on('error', () => {
    state.closed = true
  })
  return { heard, state, open, close: () => request.destroy() }
}

const until = async (what: () => boolean | Promise<boolean>, ms = 10_000) => {
  const deadline = Date.now() + ms
  while (!(await what())) {
    if (Date.now() > deadline) throw new Error('it never happens')
    await new Promise((done) => setTimeout(done, 20))
  }
}

describe('two servers on one database', () => {
  let w: World
  let ops: Client
  let a: Second
  let b: Second
  beforeAll(async () => {
    w = await world()
    ops = await w.person('operations', 'all')
    a = await serve(w, 'a')
    b = await serve(w, 'b')
  })
  afterAll(async () => {
    await a.stop()
    await b.stop()
    await w.close()
  })
  const create = async (server: Second, name: string) => {
    const answer = await fetch(`${server.url}/api/customers`, {
      method: 'POST',
      headers: { cookie: ops.cookie, 'content-type': 'application/json' },
      body: JSON.stringify({ name, teamId: w.teams.eastOne }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    return ((await answer.json()) as { id: string }).id
  }
  const created = (heard: { aggregateId: string; type: string }[]) =>
    heard.filter((e) => e.type === 'customer.created').map((e) => e.aggregateId)

  it('tell the streams of both everything once, in order, across a restart of one', async () => {
    const atA = listen(a.url, ops.cookie)
    const atB = listen(b.url, ops.cookie)
    await Promise.all([atA.open, atB.open])
    const made: string[] = []
    const burst = async (servers: Second[], n: number) => {
      await Promise.all(
        Array.from({ length: n }, async (_, i) => {
          made.push(await create(servers[i % servers.length] as Second, `客户 ${made.length} ${i}`))
        }),
      )
    }
    await burst([a, b], 20)
    await until(() => created(atA.heard).length === 20 && created(atB.heard).length === 20)
    // One goes away; whoever listened there comes back with the last id that he has seen.
    await b.stop()
    await until(() => atB.state.closed)
    await burst([a], 10)
    b = await serve(w, 'b')
    const back = listen(b.url, ops.cookie, atB.state.last as number)
    await back.open
    await burst([a, b], 20)
    await until(() => created(atA.heard).length === 50 && created(back.heard).length === 30)
    const positions = (heard: { position: number }[]) => heard.map((e) => e.position)
    const inOrder = (list: number[]) => list.every((p, i) => i === 0 || p > (list[i - 1] as number))
    const resumed = [...atB.heard, ...back.heard]
    expect(inOrder(positions(atA.heard))).toBe(true)
    expect(inOrder(positions(resumed))).toBe(true)
    expect(positions(resumed)).toEqual(positions(atA.heard))
    expect(created(atA.heard).sort()).toEqual([...made].sort())
    atA.close()
    back.close()
  }, 60_000)

  it('seal one chain without a gap, one sealer at a time', async () => {
    await until(async () => {
      const { n } = await w.db.one<{ n: number }>(sql`select count(*) as n from events where position is null`)
      return n === 0
    })
    expect(await verifyChain(a.app.pool)).toMatchObject({ ok: true, unsealed: 0 })
  })

  it('run each reaction once, whoever of them takes it', async () => {
    const { n } = await w.db.one<{ n: number }>(sql`select count(*) as n from events where type = 'customer.created'`)
    await until(() => ran.length >= n)
    // A second run would come within the worker's next poll.
    await new Promise((done) => setTimeout(done, 300))
    expect(ran).toHaveLength(n)
    expect(new Set(ran.map((r) => r.eventId)).size).toBe(n)
    expect(new Set(ran.map((r) => r.server)).size).toBe(2)
  })

  it('go on when one of them is killed in the middle of a job: its jobs are free again', async () => {
    await a.stop()
    await b.stop()
    const { id } = await w.db.one<{ id: string }>(
      sql`select id::text from graphile_worker.add_job('react:test:count', payload := '{"id":"019ab3c0-0000-7000-8000-000000000001","aggregate":"x"}'::json)`,
    )
    await w.db.run(
      sql`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now() - interval '11 minutes' where id = ${id}::bigint`,
    )
    const before = ran.length
    a = await serve(w, 'a')
    b = await serve(w, 'b')
    await until(() => ran.length === before + 1)
  }, 30_000)
})

// Sixteen writers: commands through the whole product, against the very same statements sent bare to the same database
// in the same run, turn and turn about. The bare writers have no HTTP, no policy, no rules: what is left is the database.
import { Agent, request as httpRequest } from 'node:http'
import pg from 'pg'
import { newId } from '../apps/server/src/platform/ids'
import { world } from '../apps/server/test/world'
import { type Bench, database } from './harness'
import { startServer } from './server'

const writers = 16
const turnMs = 4_000
const turns = 2

interface Statement {
  text: string
  name?: string
  values?: unknown[]
}

/** Records what one piece of work sends to the database. */
async function record(work: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: never[]) {
    const first = args[0] as unknown
    const s = typeof first === 'string' ? { text: first } : (first as Statement)
    sent.push({ text: s.text, ...(s.name ? { name: s.name } : {}), values: s.values ?? [] })
    return (query as (...a: unknown[]) => unknown).apply(this, args)
  } as never
  try {
    await work()
  } finally {
    pg.Client.prototype.query = query
  }
  return sent
}

const token = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|WO-\d{8}-\d{4,}/g
const tokensOf = (s: Statement[]) => new Set(JSON.stringify(s.map((x) => x.values)).match(token) ?? [])

/** The recorded statements with new ids in place of those that only this one command had. */
function again(statements: Statement[], fresh: ReadonlySet<string>, given: ReadonlyMap<string, string>, n: number) {
  const made = new Map(given)
  const of = (t: string) => {
    if (!fresh.has(t) && !given.has(t)) return t
    const v = made.get(t) ?? (t.startsWith('WO-') ? `BENCH-${n}` : newId())
    made.set(t, v)
    return v
  }
  const swap = (v: unknown): unknown =>
    typeof v === 'string' ? v.replace(token, of) : Array.isArray(v) ? v.map(swap) : v
  return statements.map((s) => ({ ...s, values: s.values?.map(swap) ?? [] }))
}

async function inTurn(work: (writer: number) => Promise<void>): Promise<number> {
  const until = performance.now() + turnMs
  const began = performance.now()
  let done = 0
  await Promise.all(
    Array.from({ length: writers }, async (_, i) => {
      while (performance.now() < until) {
        await work(i)
        done++
      }
    }),
  )
  return done / ((performance.now() - began) / 1000)
}

export const bench: Bench = {
  name: 'writes',
  async run({ say }) {
    const db = await database()
    const w = await world({ database: db })
    const bare = await Promise.all(
      Array.from({ length: writers }, async () => {
        const c = new pg.Client(db.url)
        await c.connect()
        return c
      }),
    )
    // The first person is there before the server comes up: an empty database would be given the demo company.
    const ops = await w.person('operations', 'all')
    const server = await startServer({
      DATABASE_URL: db.url,
      ZHUCHANG_DATA: '/tmp/zhuchang-bench-files',
      ZHUCHANG_DEMO: '1',
    })
    const agent = new Agent({ keepAlive: true, maxSockets: writers })
    try {
      // The server has the system's clock, the world its own: the session must hold for both.
      await w.app.pool.query(`update sessions set expires_at = now() + interval '1 year' + interval '30 days'`)
      const subjects: string[] = []
      for (let i = 0; i < writers + 2; i++)
        subjects.push(
          (await ops.ok('POST /api/customers', { body: { name: `客户 ${i}`, teamId: w.teams.eastOne } })).id,
        )
      const post = (method: string, path: string, body: unknown) =>
        new Promise<void>((done, failed) => {
          const text = JSON.stringify(body)
          const r = httpRequest(
            `${server.url}${path}`,
            {
              method,
              agent,
              headers: {
                cookie: ops.cookie,
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(text),
                'idempotency-key': newId(),
              },
            },
            (answer) => {
              let said = ''
              answer.on('data', (b) => (said += b))
              answer.on('end', () => (answer.statusCode === 200 ? done() : failed(new Error(said))))
            },
          )
          r.on('error', failed)
          r.end(text)
        })
      const commands = [
        {
          name: 'customer.edit, a customer each',
          once: (i: number) =>
            ops.ok(
              'PATCH /api/customers/:id',
              { params: { id: subjects[i] as string }, body: { note: '改' } },
              { 'idempotency-key': newId() },
            ),
          full: (i: number) => post('PATCH', `/api/customers/${subjects[i]}`, { note: '改' }),
          subject: (i: number) => new Map([[subjects[writers] as string, subjects[i] as string]]),
          samples: [writers, writers],
        },
        {
          name: 'order.create, numbers of one day',
          once: () =>
            ops.ok(
              'POST /api/orders',
              { body: { customerId: subjects[0] as string, title: '测速' } },
              { 'idempotency-key': newId() },
            ),
          full: () => post('POST', '/api/orders', { customerId: subjects[0], title: '测速' }),
          subject: () => new Map<string, string>(),
          samples: [0, 0],
        },
      ]
      const rows = []
      for (const c of commands) {
        await c.once(c.samples[0] as number)
        const one = await record(() => c.once(c.samples[0] as number))
        const two = await record(() => c.once(c.samples[1] as number))
        const other = tokensOf(two)
        const fresh = new Set([...tokensOf(one)].filter((t) => !other.has(t)))
        const rates = { full: 0, bare: 0 }
        let n = 0
        for (let turn = 0; turn < turns; turn++) {
          rates.full += (await inTurn((i) => c.full(i))) / turns
          rates.bare +=
            (await inTurn(async (i) => {
              for (const s of again(one, fresh, c.subject(i), n++)) await (bare[i] as pg.Client).query(s)
            })) / turns
        }
        const ratio = rates.full / rates.bare
        say(`${c.name}: ${one.length} statements; full ${rates.full.toFixed(0)}/s, bare ${rates.bare.toFixed(0)}/s`)
        rows.push({
          what: `full-stack commands with ${writers} writers: ${c.name} (${one.length} statements)`,
          atLeast: 'at least 25 % of the same statements sent bare',
          measured: `${rates.full.toFixed(0)}/s against ${rates.bare.toFixed(0)}/s: ${(ratio * 100).toFixed(0)} %`,
          ok: ratio >= 0.25,
        })
      }
      return rows
    } finally {
      agent.destroy()
      await server.stop()
      await Promise.all(bare.map((c) => c.end()))
      await w.close()
    }
  },
}

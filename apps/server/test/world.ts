import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import type { Role, RouteMap, Scope } from '#contracts'
import { modules } from '../src/modules'
import { authenticator, demoPassword, hashPassword, insertTeam, insertUser, replaceGrants } from '../src/modules/people'
import { App, type Module } from '../src/platform/app'
import type { Clock } from '../src/platform/clock'
import { sql, wrap } from '../src/platform/database/pool'
import { LocalFiles } from '../src/platform/files'
import { buildHttp } from '../src/platform/http'
import { newId } from '../src/platform/ids'
import { type Logger, silent } from '../src/platform/logging'
import { freshDb } from './db'

/** A clock that tests set. It starts on a working Monday morning, 09:00 in Shanghai. */
export class TestClock implements Clock {
  constructor(public at = new Date('2026-11-23T01:00:00Z')) {}
  now() {
    return new Date(this.at)
  }
  advance(minutes: number) {
    this.at = new Date(this.at.getTime() + minutes * 60_000)
  }
}

type Key = keyof RouteMap & string
type Input<K extends Key> = { params?: RouteMap[K]['params']; query?: RouteMap[K]['query']; body?: RouteMap[K]['body'] }
export interface Answer<T> {
  status: number
  body: T
  headers: Record<string, unknown>
}

/** A person in the test: signs in through the real door and calls the real routes. */
export class Client {
  constructor(
    private readonly http: FastifyInstance,
    readonly id: string,
    readonly name: string,
    public cookie: string,
  ) {}

  async call<K extends Key>(
    key: K,
    input: Input<K> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer<RouteMap[K]['reply']>> {
    const [method, path] = key.split(' ') as [InjectOptions['method'], string]
    const url = path.replace(/:(\w+)/g, (_, k) =>
      encodeURIComponent(String((input.params as Record<string, unknown>)?.[k])),
    )
    const query = Object.entries((input.query as Record<string, unknown>) ?? {}).flatMap(([k, v]) =>
      v === undefined ? [] : (Array.isArray(v) ? v : [v]).map((x) => `${k}=${encodeURIComponent(String(x))}`),
    )
    const response = await this.http.inject({
      method: method as 'GET',
      url: query.length ? `${url}?${query.join('&')}` : url,
      headers: { cookie: this.cookie, ...headers },
      ...(input.body !== undefined ? { payload: input.body as never } : {}),
    })
    const json = String(response.headers['content-type'] ?? '').includes('json')
    return {
      status: response.statusCode,
      body: (json ? response.json() : response.rawPayload) as never,
      headers: response.headers,
    }
  }

  /** The reply of a call that must succeed. */
  async ok<K extends Key>(
    key: K,
    input: Input<K> = {},
    headers: Record<string, string> = {},
  ): Promise<RouteMap[K]['reply']> {
    const answer = await this.call(key, input, headers)
    if (answer.status !== 200) throw new Error(`${key} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }

  /** The error code of a call that must be refused. */
  async refused<K extends Key>(key: K, input: Input<K> = {}, headers: Record<string, string> = {}): Promise<string> {
    const answer = await this.call(key, input, headers)
    if (answer.status < 400) throw new Error(`${key} was not refused`)
    return (answer.body as { code: string }).code
  }
}

export interface World {
  app: App
  http: FastifyInstance
  clock: TestClock
  teams: { company: string; east: string; eastOne: string; eastTwo: string; north: string; northOne: string }
  /** Adds a person and signs him in. */
  person(role: Role, scope?: Scope, teamId?: string, name?: string): Promise<Client>
  db: ReturnType<typeof wrap>
  /** Runs due jobs until none is left. */
  settle(): Promise<void>
  close(): Promise<void>
  url: string
}

const passwordHash = hashPassword(demoPassword)

/**
 * The product over a database of its own: company → 华东 (一队, 二队) and 华北 (一队). Nothing runs in the background:
 * `settle()` runs the jobs.
 */
export async function world(
  options: {
    template?: string
    background?: boolean
    clock?: TestClock
    publicRateLimit?: number
    /** Other rooms than the product's, to prove that a test notices. */
    modules?: Module[]
    demo?: boolean
    log?: Logger
    /** A database of the caller's instead of a fresh one of the test cluster. */
    database?: { url: string; drop(): Promise<void> }
    poolSize?: number
    /** Fake vendors live on this machine. */
    outboundAllow?: readonly string[]
  } = {},
): Promise<World> {
  const database = options.database ?? (await freshDb(options.template))
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-files-'))
  const clock = options.clock ?? new TestClock()
  const app = new App({
    databaseUrl: database.url,
    files: new LocalFiles(folder),
    log: options.log ?? silent,
    clock,
    zone: 'Asia/Shanghai',
    demo: options.demo ?? true,
    publicUrl: 'http://localhost',
    secret: Buffer.alloc(32, 7),
    ...(options.outboundAllow ? { outboundAllow: options.outboundAllow } : {}),
    modules: options.modules ?? modules,
    authenticator: authenticator(options.demo ?? true, clock),
    poolSize: options.poolSize ?? 8,
    version: 'test',
  })
  const http = await buildHttp(app, { publicRateLimit: options.publicRateLimit ?? 100_000 })
  await http.ready()
  if (options.background) await app.startBackground()
  const db = wrap(app.pool)
  const teams = {
    company: newId(),
    east: newId(),
    eastOne: newId(),
    eastTwo: newId(),
    north: newId(),
    northOne: newId(),
  }
  const tree: [string, string | null, string, string][] = [
    [teams.company, null, 'company', '测试公司'],
    [teams.east, teams.company, 'region', '华东'],
    [teams.eastOne, teams.east, 'team', '华东一队'],
    [teams.eastTwo, teams.east, 'team', '华东二队'],
    [teams.north, teams.company, 'region', '华北'],
    [teams.northOne, teams.north, 'team', '华北一队'],
  ]
  for (const [position, [id, parentId, kind, name]] of tree.entries())
    await insertTeam(db, { id, parentId, kind, name, position })
  let n = 0
  return {
    app,
    http,
    clock,
    teams,
    db,
    url: database.url,
    async person(role, scope = role === 'engineer' ? 'own' : 'team', teamId = teams.eastOne, name = `${role}${++n}`) {
      const id = newId()
      const userName = `${role.replaceAll('_', '')}.${id.slice(-8)}`
      await insertUser(db, {
        id,
        userName,
        name,
        phone: null,
        teamId,
        passwordHash: await passwordHash,
        now: clock.now(),
        by: null,
        demo: true,
      })
      await replaceGrants(db, id, [
        { role, scope, refId: scope === 'region' || scope === 'department' ? teamId : null },
      ])
      const answer = await http.inject({
        method: 'POST',
        url: '/api/session',
        payload: { userName, password: demoPassword },
      })
      if (answer.statusCode !== 200) throw new Error(answer.body)
      const cookie = answer.cookies.map((c) => `${c.name}=${c.value}`).join('; ')
      return new Client(http, id, name, cookie)
    },
    async settle() {
      for (let i = 0; i < 20; i++) {
        await app.drainJobs()
        const { n } = await db.one<{ n: number }>(
          sql`select count(*) as n from graphile_worker.jobs where run_at <= now() and attempts < max_attempts and locked_at is null`,
        )
        if (n === 0) return
      }
      throw new Error('jobs never settle')
    },
    async close() {
      await http.close()
      await app.stop()
      await database.drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

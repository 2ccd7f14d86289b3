import { EventEmitter } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Runner, run, runOnce, type TaskList, Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'
import type { Ability, Parsed, Reply, RouteDef } from '#contracts'
import { type Clock, systemClock } from './clock'
import { runCommand, taskName } from './command'
import type { Ctx } from './context'
import { openPool, sql, wrap } from './database/pool'
import type { StoredEvent } from './events'
import type { FileStore } from './files'
import { derivedId } from './ids'
import { Sealer } from './journal'
import { LiveHub } from './live'
import type { Logger } from './logging'
import { Outbound } from './outbound'
import { type Actor, systemActor } from './policy'
import type { ReplicaDef } from './replica'
import { upkeep } from './upkeep'

/** A route with its handler. Commands run inside a transaction, queries read through the pool. */
export interface Implemented {
  route: RouteDef
  handle: (ctx: Ctx, input: Parsed<RouteDef>) => Promise<unknown>
  /** Answers with a stream or a file by itself; used for downloads, uploads and server-sent events. */
  raw?: (
    ctx: Ctx,
    input: Parsed<RouteDef>,
    http: { request: FastifyRequest; reply: FastifyReply; app: App },
  ) => Promise<unknown>
}

export function implement<R extends RouteDef>(
  route: R,
  handle: (ctx: Ctx, input: Parsed<R>) => Promise<Reply<R>>,
): Implemented {
  return { route, handle: handle as Implemented['handle'] }
}
export function implementRaw<R extends RouteDef>(
  route: R,
  raw: (
    ctx: Ctx,
    input: Parsed<R>,
    http: { request: FastifyRequest; reply: FastifyReply; app: App },
  ) => Promise<unknown>,
): Implemented {
  return { route, handle: () => Promise.reject(new Error('raw route')), raw: raw as Implemented['raw'] }
}

/** Something that happens because of an event: a command of its own, in a job, once an event. */
export interface Reaction {
  on: string
  name: string
  run: (ctx: Ctx, event: StoredEvent) => Promise<void>
}
export const on = (type: string, name: string, react: Reaction['run']): Reaction => ({ on: type, name, run: react })

export interface JobDef {
  name: string
  run: (ctx: Ctx, payload: Record<string, unknown>) => Promise<void>
  /** Cron pattern in UTC; the job itself decides in the company's zone whether it is time. */
  every?: string
}

/** A job that calls others over the network: it runs outside of any transaction and opens its own. */
export interface Errand {
  name: string
  run: (app: App, payload: Record<string, unknown>) => Promise<void>
}

export interface Module {
  name: string
  handlers?: Implemented[]
  reactions?: Reaction[]
  jobs?: JobDef[]
  errands?: Errand[]
  /** Aggregate kind → the ability that lets a person see its live events. */
  live?: Record<string, Ability>
  /** Collections of the phone's copy. */
  replica?: ReplicaDef[]
}

/** How a request becomes an actor; the people module fulfils it. */
export interface Authenticator {
  bySession(token: string, ip?: string): Promise<Actor | null>
}

export interface AppOptions {
  databaseUrl: string
  files: FileStore
  log: Logger
  clock?: Clock
  zone: string
  demo: boolean
  publicUrl: string
  /** Key from which links to customers are made: kept beside the database, never in it. */
  secret: Buffer
  /** Hosts, addresses or networks of one's own that outbound calls may reach. */
  outboundAllow?: readonly string[]
  modules: Module[]
  authenticator: (pool: pg.Pool) => Authenticator
  poolSize?: number
  version: string
}

/** The running product without its HTTP door: database, write path, jobs, sealer, live hub. */
export class App {
  readonly pool: pg.Pool
  readonly clock: Clock
  readonly log: Logger
  readonly sealer: Sealer
  readonly live: LiveHub
  readonly outbound: Outbound
  readonly authenticator: Authenticator
  readonly reactionsByType = new Map<string, Reaction[]>()
  readonly commands = new Map<string, Implemented>()
  readonly replicas: readonly ReplicaDef[]
  private runner: Runner | null = null
  private working: Promise<void> | null = null
  private stopping = false
  private readonly workers = new Set<string>()
  private pulse: NodeJS.Timeout | null = null

  constructor(readonly options: AppOptions) {
    this.pool = openPool(options.databaseUrl, options.poolSize)
    this.clock = options.clock ?? systemClock
    this.log = options.log
    this.authenticator = options.authenticator(this.pool)
    this.sealer = new Sealer(this.pool, 60, (error) => this.log.warn({ error }, 'sealer waits for the database'))
    this.outbound = new Outbound(options.outboundAllow)
    const liveAbilities = Object.assign({}, ...options.modules.map((m) => m.live ?? {}))
    this.live = new LiveHub(options.databaseUrl, this.pool, liveAbilities, this.log)
    this.replicas = options.modules.flatMap((m) => m.replica ?? [])
    for (const m of options.modules) {
      for (const r of m.reactions ?? []) this.reactionsByType.set(r.on, [...(this.reactionsByType.get(r.on) ?? []), r])
      for (const h of m.handlers ?? []) {
        if (!h.route.command) continue
        if (this.commands.has(h.route.command)) throw new Error(`command ${h.route.command} twice`)
        this.commands.set(h.route.command, h)
      }
    }
  }

  get modules() {
    return this.options.modules
  }

  /** Context of a query: reads through the pool, states nothing. */
  readContext(actor: Actor, requestId = '-'): Ctx {
    const refuse = () => Promise.reject(new Error('a query states no facts'))
    const o = this.options
    return {
      db: wrap(this.pool),
      actor,
      clock: this.clock,
      now: this.clock.now(),
      log: this.log,
      files: o.files,
      requestId,
      zone: o.zone,
      demo: o.demo,
      publicUrl: o.publicUrl,
      secret: o.secret,
      command: null,
      emitted: [],
      met: { conflict: null },
      emit: refuse,
      job: refuse,
    }
  }

  /** Runs one unit of the system's own work (a job, a reaction, the seed) on the same write path as everyone's. */
  async asSystem<T>(
    name: string,
    work: (ctx: Ctx) => Promise<T>,
    options: { commandId?: string; actor?: Actor; source?: string } = {},
  ): Promise<T> {
    const { reply } = await runCommand(this, {
      actor: options.actor ?? systemActor,
      meta: { id: options.commandId, name, offline: false, source: options.source ?? 'system' },
      hashOf: { name },
      keepReply: false,
      requestId: '-',
      work,
    })
    return reply as T
  }

  private tasks(): TaskList {
    const tasks: TaskList = {}
    for (const m of this.modules) {
      for (const r of m.reactions ?? [])
        tasks[taskName(`react:${r.name}`)] = async (payload) => {
          const event = revive(payload as unknown as StoredEvent)
          await this.asSystem(`react.${r.name}`, (ctx) => r.run(ctx, event), { commandId: derivedId(event.id, r.name) })
        }
    }
    for (const j of this.jobs())
      tasks[taskName(j.name)] = async (payload) => {
        await this.asSystem(`job.${j.name}`, (ctx) => j.run(ctx, (payload ?? {}) as Record<string, unknown>))
      }
    for (const e of this.modules.flatMap((m) => m.errands ?? []))
      tasks[taskName(e.name)] = (payload) => e.run(this, (payload ?? {}) as Record<string, unknown>)
    return tasks
  }

  private jobs(): JobDef[] {
    return [upkeep, ...this.modules.flatMap((m) => m.jobs ?? [])]
  }

  private workerLogger() {
    return new WorkerLogger(() => (level, message, meta) => {
      if (level === 'error' || level === 'warning') this.log.warn({ meta }, message)
    })
  }

  async startBackground() {
    this.sealer.start()
    await this.live.start()
    this.runner = await this.startRunner()
    const beat = () => this.tendJobs().catch((error) => this.log.warn({ error }, 'job workers'))
    this.pulse = setInterval(beat, 15_000)
    await beat()
    this.working = this.keepWorking(this.runner)
  }

  private startRunner(): Promise<Runner> {
    const crontab = this.jobs()
      .filter((j) => j.every)
      .map((j) => `${j.every} ${taskName(j.name)}`)
      .join('\n')
    const events = new EventEmitter()
    events.on('worker:create', ({ worker }: { worker: { workerId: string } }) => this.workers.add(worker.workerId))
    return run({
      events,
      pgPool: this.pool,
      taskList: this.tasks(),
      concurrency: 4,
      noHandleSignals: true,
      crontab,
      logger: this.workerLogger(),
      // One by one, the worker's note that a job is done is a promise that nobody waits for: when the database goes
      // away it would end the process. In batches it is tried again.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    })
  }

  // The worker gives up when the database goes away: without this no reaction would ever run again in this process.
  private async keepWorking(first: Runner) {
    for (let runner: Runner | null = first; ; ) {
      const why = await runner?.promise.catch((error: unknown) => error)
      if (this.stopping) return
      this.log.warn({ why }, 'the worker ended and is started again')
      await new Promise((done) => setTimeout(done, 1_000))
      if (this.stopping) return
      runner = await this.startRunner().catch(() => null)
      if (this.stopping) return void (await runner?.stop().catch(() => {}))
      if (runner) this.runner = runner
    }
  }

  /**
   * Says that this process's workers live, and frees the jobs of those that have said nothing for a minute: a killed
   * server's jobs would wait for four hours otherwise. A job that ran twice does its work once (see `asSystem`).
   */
  async tendJobs() {
    const db = wrap(this.pool)
    await db.run(sql`insert into job_workers (worker_id, seen_at) select id, now() from unnest(${[...this.workers]}::text[]) as id
      on conflict (worker_id) do update set seen_at = now()`)
    await db.run(sql`delete from job_workers where seen_at < now() - interval '1 minute'`)
    await db.run(sql`select graphile_worker.force_unlock_workers(array(
      select distinct locked_by from graphile_worker.jobs
      where locked_at < now() - interval '1 minute' and locked_by not in (select worker_id from job_workers)))`)
  }

  /** Runs all jobs that are due and returns; for tests and the seed. */
  async drainJobs() {
    await runOnce({
      pgPool: this.pool,
      taskList: this.tasks(),
      concurrency: 2,
      noHandleSignals: true,
      logger: this.workerLogger(),
    })
  }

  async stop() {
    this.stopping = true
    if (this.pulse) clearInterval(this.pulse)
    await this.live.stop()
    // The runner may already have ended if the database went away.
    await this.runner?.stop().catch(() => {})
    await this.working
    // What a worker of this process still holds is free at once for the next one.
    if (this.workers.size > 0)
      await wrap(this.pool)
        .run(sql`delete from job_workers where worker_id = any(${[...this.workers]}::text[])`)
        .catch(() => {})
    await this.sealer.stop()
    await this.pool.end()
  }
}

// A job's payload went through JSON: its instants are text again.
function revive(e: StoredEvent): StoredEvent {
  return {
    ...e,
    occurredAt: new Date(e.occurredAt),
    recordedAt: new Date(e.recordedAt),
    atDevice: e.atDevice ? new Date(e.atDevice) : null,
  }
}

import type { ServerResponse } from 'node:http'
import pg from 'pg'
import type { Ability } from '#contracts'
import { sql, wrap } from './database/pool'
import { eventColumns, type StoredEvent } from './events'
import type { Logger } from './logging'
import { type Actor, permits } from './policy'

interface Connection {
  response: ServerResponse
  actor: Actor
  /** Asks again who this is; null ends the stream. */
  refresh: () => Promise<Actor | null>
  /** What the client already has: another process may be ahead of this one. */
  from: number
}

/**
 * Sends sealed events to open streams, in order, each process for its own connections. What is sent says only that
 * something changed (kind, id, type); the screen asks for the rest, where permission is checked again.
 */
export class LiveHub {
  private connections = new Set<Connection>()
  private listener: pg.Client | null = null
  private position = 0
  private stopped = false
  private pumping: Promise<void> | null = null
  private again = false
  private timer: NodeJS.Timeout | null = null
  private beat: NodeJS.Timeout | null = null

  constructor(
    private readonly url: string,
    private readonly pool: pg.Pool,
    private readonly abilities: Record<string, Ability>,
    private readonly log: Logger,
  ) {}

  async start() {
    this.position = await this.head()
    await this.listen()
    // NOTIFY is the fast way; the slow poll covers a lost listener connection.
    this.timer = setInterval(() => this.pump(), 1_000)
    this.beat = setInterval(() => this.heartbeat(), 15_000)
  }

  async stop() {
    this.stopped = true
    if (this.timer) clearInterval(this.timer)
    if (this.beat) clearInterval(this.beat)
    for (const c of this.connections) c.response.end()
    this.connections.clear()
    await this.pumping
    await this.listener?.end().catch(() => {})
  }

  private async head(): Promise<number> {
    const { position } = await wrap(this.pool).one<{ position: number }>(sql`select position from chain_head`)
    return position
  }

  private async listen() {
    const client = new pg.Client({ connectionString: this.url, application_name: 'zhuchang live' })
    client.on('notification', () => this.pump())
    client.on('error', () => {})
    client.on('end', () => {
      if (!this.stopped && this.listener === client) this.listenAgain()
    })
    await client.connect()
    await client.query('listen sealed')
    this.listener = client
  }

  private listenAgain() {
    setTimeout(() => {
      if (this.stopped) return
      // A database that restarts is not back in half a second.
      this.listen().catch((error) => {
        this.log.warn({ error }, 'live listener')
        this.listenAgain()
      })
    }, 500)
  }

  private pump() {
    if (this.pumping) {
      this.again = true
      return
    }
    this.pumping = this.send()
      .catch((error) => this.log.warn({ error }, 'live pump'))
      .finally(() => {
        this.pumping = null
        if (this.again && !this.stopped) {
          this.again = false
          this.pump()
        }
      })
  }

  private async send() {
    for (;;) {
      const events = await this.after(this.position, 500)
      if (events.length === 0) return
      for (const e of events) {
        const text = frame(e)
        for (const c of this.connections) {
          if (e.aggregateId === c.actor.id && e.aggregate === 'person') void this.recheck(c)
          if ((e.position as number) > c.from && this.sees(c.actor, e)) this.write(c, text)
        }
        this.position = e.position as number
      }
    }
  }

  private after(position: number, limit: number): Promise<StoredEvent[]> {
    return wrap(this.pool).query<StoredEvent>(
      sql`select ${eventColumns} from events where position > ${position} order by position limit ${limit}`,
    )
  }

  private sees(actor: Actor, e: StoredEvent): boolean {
    const ability = this.abilities[e.aggregate]
    // A notice or a mention concerns exactly the people it names.
    if (!ability) return actor.id !== null && e.people.includes(actor.id)
    return permits(actor, ability, { team_id: e.teamId, customer_id: e.customerId, people: e.people })
  }

  /** A client that does not read is let go: it resumes from where it was, and we do not keep its unread events. */
  private write(c: Connection, text: string) {
    if (c.response.writableLength > maxUnread) c.response.destroy()
    else c.response.write(text)
  }

  private async recheck(c: Connection) {
    const actor = await c.refresh().catch(() => c.actor)
    if (actor) c.actor = actor
    else {
      this.connections.delete(c)
      c.response.end()
    }
  }

  private heartbeat() {
    for (const c of this.connections) {
      this.write(c, ': still here\n\n')
      void this.recheck(c)
    }
  }

  /** Opens a stream; sends what the client missed since `lastId` before anything new, without a gap. */
  async open(response: ServerResponse, actor: Actor, refresh: () => Promise<Actor | null>, lastId: number | null) {
    let at = lastId ?? this.position
    const connection: Connection = { response, actor, refresh, from: at }
    let gone = false
    response.on('close', () => {
      gone = true
      this.connections.delete(connection)
    })
    if (this.position - at > 10_000) {
      // Away for too long: reading everything again is cheaper than replaying it.
      response.write(`event: reset\nid: ${this.position}\ndata: {}\n\n`)
      at = this.position
    }
    response.write(`id: ${at}\nevent: hello\ndata: ${JSON.stringify({ position: at })}\n\n`)
    for (;;) {
      if (this.stopped) response.end()
      if (gone || this.stopped) return
      if (at >= this.position) {
        // No await between this comparison and joining: the pump cannot slip in between.
        this.connections.add(connection)
        break
      }
      const missed = await this.after(at, 500)
      for (const e of missed) {
        if ((e.position as number) > this.position) break
        if (this.sees(actor, e)) response.write(frame(e))
        at = e.position as number
      }
      if (missed.length === 0) at = this.position
    }
  }
}

const maxUnread = 1024 * 1024

const frame = (e: StoredEvent) =>
  `id: ${e.position}\ndata: ${JSON.stringify({ position: e.position, aggregate: e.aggregate, aggregateId: e.aggregateId, type: e.type, at: e.occurredAt })}\n\n`

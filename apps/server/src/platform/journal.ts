import type pg from 'pg'
import { sql, wrap } from './database/pool'
import { canonical, eventColumns, type StoredEvent, sha256 } from './events'

/** Version byte of the chain's hash: a new way of hashing gets a new byte, old rows stay verifiable. */
const version = 1
const sealerLock = 7_315_001

/** Hash of one event in the chain: SHA-256 over version, previous hash and the canonical JSON of what was recorded. */
export function chainHash(previous: Buffer, e: StoredEvent): Buffer {
  const { hash: _hash, ...row } = e
  return sha256(Buffer.concat([Buffer.from([version]), previous, Buffer.from(canonical(row))]))
}

/**
 * Gives committed events their gapless position and chain hash, in batches, one sealer a database at a time
 * (advisory lock). A sequence would not do: a smaller number can commit later and would never be sent.
 */
export class Sealer {
  private stopped = false
  private wake: (() => void) | null = null
  private nudged = false
  private loop: Promise<void> | null = null
  constructor(
    private readonly pool: pg.Pool,
    private readonly pollMs = 60,
    private readonly log?: (error: unknown) => void,
  ) {}

  start() {
    this.loop = this.run()
  }
  /** Called after a commit in this process, so that its events are sealed at once rather than at the next poll. */
  nudge() {
    this.nudged = true
    this.wake?.()
  }
  async stop() {
    this.stopped = true
    this.wake?.()
    await this.loop
  }

  private async pause(ms: number) {
    if (this.nudged || this.stopped) {
      this.nudged = false
      return
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.wake = null
    this.nudged = false
  }

  private async run() {
    while (!this.stopped) {
      let client: pg.PoolClient | undefined
      try {
        client = await this.pool.connect()
        const { rows } = await client.query('select pg_try_advisory_lock($1) as held', [sealerLock])
        if (!rows[0].held) {
          client.release()
          client = undefined
          await this.pause(500)
          continue
        }
        while (!this.stopped) {
          const n = await sealBatch(client)
          if (n === 0) await this.pause(this.pollMs)
        }
        await client.query('select pg_advisory_unlock($1)', [sealerLock])
        client.release()
      } catch (error) {
        // The database went away: another process, or this one after it is back, goes on from the last sealed position.
        client?.release(true)
        if (!this.stopped) {
          this.log?.(error)
          await this.pause(500)
        }
      }
    }
  }
}

/** Seals up to 1,000 events in one transaction; returns how many. The caller holds the sealer's lock. */
export async function sealBatch(client: pg.PoolClient): Promise<number> {
  const db = wrap(client)
  const waiting = await db.query<StoredEvent>(
    sql`select ${eventColumns} from events where position is null order by recorded_at, id limit 1000`,
  )
  if (waiting.length === 0) return 0
  await client.query('begin')
  try {
    const head = await db.one<{ position: number; hash: Buffer }>(sql`select position, hash from chain_head for update`)
    let { position, hash } = head
    const ids: string[] = []
    const positions: number[] = []
    const hashes: Buffer[] = []
    for (const e of waiting) {
      position += 1
      hash = chainHash(hash, { ...e, position })
      ids.push(e.id)
      positions.push(position)
      hashes.push(hash)
    }
    await db.run(sql`update events e set position = s.position, hash = s.hash
      from unnest(${ids}::uuid[], ${positions}::bigint[], ${hashes}::bytea[]) as s(id, position, hash) where e.id = s.id`)
    await db.run(sql`update chain_head set position = ${position}, hash = ${hash}`)
    await db.run(sql`select pg_notify('sealed', ${String(position)})`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
  return waiting.length
}

/** Seals everything that is waiting; for tests, the seed and the command line, when no server runs. */
export async function sealAll(pool: pg.Pool): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [sealerLock])
    while ((await sealBatch(client)) > 0);
    await client.query('select pg_advisory_unlock($1)', [sealerLock])
  } finally {
    client.release()
  }
}

export type Verdict =
  | { ok: true; checked: number; unsealed: number }
  | { ok: false; checked: number; position: number; eventId: string | null; why: 'hash' | 'gap' | 'head' | 'personal' }

/** Walks the whole chain and names the first broken link. Erased personal values are fine; altered ones are not. */
export async function verifyChain(
  pool: pg.Pool,
  onProgress?: (checked: number, total: number) => void,
): Promise<Verdict> {
  const db = wrap(pool)
  const genesis = await db.one<{ hash: Buffer }>(sql`select hash from chain_genesis`)
  const head = await db.one<{ position: number; hash: Buffer }>(sql`select position, hash from chain_head`)
  const { n: unsealed } = await db.one<{ n: number }>(sql`select count(*) as n from events where position is null`)
  let previous = genesis.hash
  let at = 0
  for (;;) {
    const rows = await db.query<StoredEvent & { salt: Buffer | null; values: Record<string, unknown> | null }>(sql`
      select ${eventColumns}, p.salt, p.values from events left join event_personal p on p.event_id = events.id
      where position > ${at} and position <= ${head.position} order by position limit 2000`)
    if (rows.length === 0) break
    for (const { salt, values, ...e } of rows) {
      if (e.position !== at + 1) return { ok: false, checked: at, position: at + 1, eventId: null, why: 'gap' }
      const hash = chainHash(previous, e)
      if (!e.hash || !hash.equals(e.hash))
        return { ok: false, checked: at, position: e.position, eventId: e.id, why: 'hash' }
      if (
        salt &&
        values &&
        sha256(Buffer.concat([salt, Buffer.from(canonical(values))])).toString('hex') !== e.personalHash
      )
        return { ok: false, checked: at, position: e.position, eventId: e.id, why: 'personal' }
      previous = hash
      at = e.position
    }
    onProgress?.(at, head.position)
  }
  if (at !== head.position) return { ok: false, checked: at, position: at + 1, eventId: null, why: 'gap' }
  if (!previous.equals(head.hash))
    return { ok: false, checked: at, position: head.position, eventId: null, why: 'head' }
  return { ok: true, checked: at, unsealed }
}

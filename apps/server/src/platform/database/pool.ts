import { createHash } from 'node:crypto'
import pg from 'pg'
import type { Sql } from 'sql-template-tag'

export { default as sql, empty, join, raw, type Sql } from 'sql-template-tag'

// bigint and numeric come back as text by default; our integers (positions, fen, bytes) all fit a double.
pg.types.setTypeParser(20, Number)
pg.types.setTypeParser(1700, Number)
// A calendar date has no zone: as a Date it would shift by one day in half of the world.
pg.types.setTypeParser(1082, (v) => v)

/** What commands and queries see: a pool outside a transaction, a client inside. */
export interface Db {
  query<T = Record<string, unknown>>(statement: Sql): Promise<T[]>
  /** The first row, or undefined. */
  maybe<T = Record<string, unknown>>(statement: Sql): Promise<T | undefined>
  /** The only row; none is a bug. */
  one<T = Record<string, unknown>>(statement: Sql): Promise<T>
  /** Number of rows changed. */
  run(statement: Sql): Promise<number>
}

type Queryable = { query(config: pg.QueryConfig): Promise<pg.QueryResult> }

const names = new Map<string, string>()

// Named statements are parsed once a connection. Texts with long lists differ every time and stay unnamed.
function config(statement: Sql): pg.QueryConfig {
  const text = statement.text
  if (statement.values.length > 64 || names.size > 5_000) return { text, values: statement.values }
  let name = names.get(text)
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url').slice(0, 20)
    names.set(text, name)
  }
  return { name, text, values: statement.values }
}

export function wrap(q: Queryable): Db {
  return {
    async query<T>(statement: Sql) {
      return (await q.query(config(statement))).rows as T[]
    },
    async maybe<T>(statement: Sql) {
      return (await q.query(config(statement))).rows[0] as T | undefined
    },
    async one<T>(statement: Sql) {
      const { rows } = await q.query(config(statement))
      if (rows.length !== 1) throw new Error(`expected one row, got ${rows.length}: ${statement.text.slice(0, 200)}`)
      return rows[0] as T
    },
    async run(statement: Sql) {
      return (await q.query(config(statement))).rowCount ?? 0
    },
  }
}

export function openPool(url: string, max = 20): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'zhuchang',
    // A search may find every order: counting them in memory takes half the time of spilling them to a file.
    options: '-c work_mem=16MB',
    connectionTimeoutMillis: 10_000,
  })
  // A connection that dies while idle is replaced by the pool; without a listener Node would end the process.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

export type { Pool, PoolClient } from 'pg'

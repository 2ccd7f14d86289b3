// Rows by the thousand: one statement a batch, each value in the form that its column reads from JSON.

import { type Db, join, raw, type Sql, sql } from '../src/platform/database/pool'

type Row = Record<string, unknown>

const batch = 1000

/**
 * Puts rows into a table; the keys of the first name the columns. `worked` gives columns that the database works out
 * from the row `r` itself.
 */
export async function insertRows(
  db: Db,
  table: string,
  rows: readonly Row[],
  worked: Readonly<Record<string, Sql>> = {},
): Promise<void> {
  const first = rows[0]
  if (!first) return
  const names = Object.keys(first)
  const columns = join(names.map((n) => raw(`"${n}"`)))
  const values = join(names.map((n) => worked[n] ?? raw(`r."${n}"`)))
  for (let at = 0; at < rows.length; at += batch)
    await db.run(sql`insert into ${raw(table)} (${columns}) select ${values}
      from json_populate_recordset(null::${raw(table)}, ${JSON.stringify(rows.slice(at, at + batch))}::json) r`)
}

/** A range of time as the database reads it. */
export const during = (from: number, to: number): string =>
  `[${new Date(from).toISOString()},${new Date(to).toISOString()})`

export const bytea = (bytes: Buffer): string => `\\x${bytes.toString('hex')}`

export const time = (ms: number | null | undefined): string | null =>
  ms === null || ms === undefined ? null : new Date(ms).toISOString()

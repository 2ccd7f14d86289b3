import { join, raw, type Sql, sql } from './database/pool'
import { fail } from './errors'

/**
 * Condition that every word typed stands in the text: its characters and pairs through the index on `gramsColumn`
 * (see `grams` in the migrations), and, where the text itself is at hand, the word as a whole.
 */
export function searchSql(gramsColumn: string, q: string, textColumn?: string): Sql {
  const words = q.normalize('NFKC').toLowerCase().split(/\s+/).filter(Boolean).slice(0, 8)
  if (words.length === 0) return sql`true`
  // As a subquery its value is hidden from the planner: told that a word is common, it would rather read the whole
  // table with every row's grams than the index.
  const parts = words.map((w) => sql`${raw(gramsColumn)} @> (select gram_query(${w}))`)
  // Pairs of a longer word may stand apart in the text: the word itself decides.
  if (textColumn)
    for (const w of words.filter((w) => [...w].length > 2))
      parts.push(sql`${raw(textColumn)} like ${`%${w.replace(/[\\%_]/g, '\\$&')}%`}`)
  return sql`(${join(parts, ' and ')})`
}

/** Keyset cursors are opaque on the wire: the sort values of the last row. */
export const cursor = (values: readonly (string | number | null)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

export function readCursor(text: string | undefined, length: number): (string | number | null)[] | null {
  if (!text) return null
  try {
    const values = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as (string | number | null)[]
    if (Array.isArray(values) && values.length === length && values.every((v) => v === null || typeof v !== 'object'))
      return values
  } catch {
    // falls through to the refusal
  }
  return fail('invalid_input', { query: 'after' })
}

/** One page of rows: the query asked for one more than it shows. */
export function pageOf<T, U>(
  rows: T[],
  limit: number,
  key: (row: T) => readonly (string | number | null)[],
  show: (row: T) => U,
): { rows: U[]; next: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown.map(show), next: rows.length > limit && last ? cursor(key(last)) : null }
}

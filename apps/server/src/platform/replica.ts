// What a phone holds: rows that its person may read, collection by collection, compared by their content. The phone says
// what it has, the answer says what differs; nobody keeps track of which phone has seen what.

import type { CollectionName, ReplicaRows } from '#contracts/replica'
import type { App } from './app'
import type { Ctx } from './context'
import { sql } from './database/pool'
import { sha256 } from './events'
import { localDate } from './numbers'

/** The days that a phone holds, around today. */
export interface ReplicaSpan {
  from: Date
  to: Date
}

export interface ReplicaRow<R = unknown> {
  id: string
  row: R
}

/** One collection of the phone's copy; a module declares it, and only what the actor may read is in it. */
export interface ReplicaDef {
  collection: CollectionName
  rows: (ctx: Ctx, span: ReplicaSpan) => Promise<ReplicaRow[]>
  /** Today's rows of it stand in the page itself, for the first paint of a phone that has nothing yet. */
  first: boolean
}

/** Keeps a collection's name and the shape of its rows together. */
export const replica = <K extends CollectionName>(
  collection: K,
  rows: (ctx: Ctx, span: ReplicaSpan) => Promise<ReplicaRow<ReplicaRows[K]>[]>,
  { first = false }: { first?: boolean } = {},
): ReplicaDef => ({ collection, rows, first })

export const spanDays = 14

// 32 hex digits are 128 bits: enough for a content that nobody forges against himself, and half the upload.
const short = (text: string): string => sha256(text).toString('hex').slice(0, 32)

/**
 * RFC 8785 of what has come from JSON columns and plain objects. A phone's whole month is hashed at every sync, and the
 * library's way takes three times as long; a test holds the two together.
 */
export function canonicalRow(v: unknown): string {
  if (typeof v !== 'object' || v === null) return JSON.stringify(v) ?? 'null'
  if (Array.isArray(v)) return `[${v.map(canonicalRow).join(',')}]`
  const o = v as Record<string, unknown>
  let out = ''
  for (const key of Object.keys(o).sort()) {
    const value = o[key]
    if (value === undefined) continue
    out += `${out ? ',' : ''}${JSON.stringify(key)}:${canonicalRow(value)}`
  }
  return `{${out}}`
}

/** Hash of a row's content, the same on every machine: RFC 8785 and SHA-256. */
export const rowHash = (row: unknown): string => short(canonicalRow(row))

/** Hash of a whole collection from the hashes of its rows. */
export function digestOf(rows: Iterable<readonly [id: string, hash: string]>): string {
  const lines = [...rows].map(([id, hash]) => `${id}:${hash}\n`)
  return short(lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(''))
}

export interface Have {
  digest: string
  rows?: Record<string, string> | undefined
}

/** What a phone that has `have` lacks to have exactly `rows`. */
export function changesFor(rows: readonly ReplicaRow[], have: Have | undefined) {
  const hashed = rows.map((r) => ({ ...r, hash: rowHash(r.row) }))
  const digest = digestOf(hashed.map((r) => [r.id, r.hash] as const))
  if (have?.digest === digest) return { state: 'same' as const, digest }
  if (have && !have.rows) return { state: 'ask' as const, digest }
  const had = new Map(Object.entries(have?.rows ?? {}))
  const ids = new Set(hashed.map((r) => r.id))
  return {
    state: 'changed' as const,
    digest,
    rows: hashed.filter((r) => had.get(r.id) !== r.hash),
    gone: [...had.keys()].filter((id) => !ids.has(id)),
  }
}

/** Fourteen days back and ahead of the company's today, whole days: the span moves at midnight and not with the clock. */
export function spanAt(ctx: Pick<Ctx, 'now' | 'zone'>): ReplicaSpan {
  const dayMs = 86_400_000
  const today = Date.parse(`${localDate(ctx.now, ctx.zone)}T00:00:00Z`)
  return { from: new Date(today - (spanDays + 1) * dayMs), to: new Date(today + (spanDays + 1) * dayMs) }
}

export async function syncPhone(
  app: App,
  ctx: Ctx,
  body: { collections?: string[] | undefined; have: Record<string, Have> },
) {
  // Read before the rows: what happens between is sent twice rather than never.
  const { position } = await ctx.db.one<{ position: number }>(sql`select position from chain_head`)
  const span = spanAt(ctx)
  const wanted = app.replicas.filter((r) => !body.collections || body.collections.includes(r.collection))
  const answers = await Promise.all(
    wanted.map(async (r) => [r.collection, changesFor(await r.rows(ctx, span), body.have[r.collection])] as const),
  )
  return { collections: Object.fromEntries(answers), serverTime: ctx.now.toISOString(), position }
}

/** Today's rows of the collections that the first page shows. */
export async function firstRows(app: App, ctx: Ctx): Promise<Record<string, ReplicaRow[]>> {
  const today = Date.parse(`${localDate(ctx.now, ctx.zone)}T00:00:00Z`)
  const span = { from: new Date(today - 86_400_000), to: new Date(today + 2 * 86_400_000) }
  const wanted = app.replicas.filter((r) => r.first)
  return Object.fromEntries(
    await Promise.all(wanted.map(async (r) => [r.collection, await r.rows(ctx, span)] as const)),
  )
}

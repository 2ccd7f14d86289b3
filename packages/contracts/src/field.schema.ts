import { z } from 'zod'
import { Instant } from './common.schema'
import { defineRoute } from './route'

// How a phone keeps its copy of what it may see. One small question when nothing has changed (a digest a collection),
// ids and hashes only for the collections that differ.

/** First 32 hex digits of the SHA-256 of a row's canonical JSON (RFC 8785). */
export const RowHash = z.string().regex(/^[0-9a-f]{32}$/)
/** First 32 hex digits of the SHA-256 of the lines `id:hash\n`, sorted by id (by code unit); of nothing when empty. */
export const Digest = RowHash
const Collection = z.string().max(40)
/** Ids are the rows' own: mostly UUIDs, for templates `key@version`. */
const RowId = z.string().max(120)

export const ReplicaChange = z.union([
  /** The phone has exactly what it should have. */
  z.object({ state: z.literal('same'), digest: Digest }),
  /** Something differs and the phone did not say what it has: ask again with `rows`. */
  z.object({ state: z.literal('ask'), digest: Digest }),
  z.object({
    state: z.literal('changed'),
    /** Of the whole collection, after the changes. */
    digest: Digest,
    rows: z.array(z.object({ id: RowId, hash: RowHash, row: z.unknown() })),
    gone: z.array(RowId),
  }),
])

export const fieldRoutes = {
  syncField: defineRoute({
    method: 'POST',
    path: '/api/field/sync',
    tag: 'field',
    access: 'self',
    summary: { zh: '手机同步：只答有变化的', en: 'Bring a phone up to date: answers only what has changed' },
    body: z.object({
      /** Left out: every collection of this version. Known ones that the phone does not name count as empty. */
      collections: z.array(Collection).max(40).optional(),
      have: z.record(Collection, z.object({ digest: Digest, rows: z.record(RowId, RowHash).optional() })).default({}),
    }),
    reply: z.object({
      collections: z.record(Collection, ReplicaChange),
      serverTime: Instant,
      /** Sealed position before the rows were read: what happened later comes as a live event. */
      position: z.number().int(),
    }),
  }),
}

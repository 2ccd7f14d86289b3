import { z } from 'zod'
import { Id, Instant, Problem, Rev, text } from './common.schema'
import { defineRoute } from './route'

const tag = 'platform'

export const CommandItem = z.object({
  commandId: Id,
  command: z.string().max(80),
  params: z.record(z.string(), z.unknown()).default({}),
  body: z.unknown().optional(),
  baseRev: Rev.optional(),
  deviceId: text(80).optional(),
  deviceSeq: z.number().int().min(0).optional(),
  /** The device's own clock when the person acted. */
  atDevice: Instant.optional(),
  /** Device clock minus server clock; a phone whose battery died may be decades off. */
  skewMs: z.number().int().min(-3_200_000_000_000).max(3_200_000_000_000).optional(),
  offline: z.boolean().optional(),
})

/**
 * What became of an action that met a changed world: it is kept and shown, here and to the dispatcher.
 * `why` as the fold says it (`not_from_state`, `other_engineer` …), or `field` for values that lost or won a merge.
 */
export const CommandConflict = z.object({
  why: z.string(),
  /** The state that it met, for lifecycle actions. */
  state: z.string().nullable(),
  fields: z.array(
    z.object({
      field: z.string(),
      /** What this phone says. */
      mine: z.unknown(),
      theirs: z.unknown(),
      theirsBy: z.string().nullable(),
      theirsAt: Instant.nullable(),
      /** Which of the two stands. */
      kept: z.enum(['mine', 'theirs']),
    }),
  ),
})

export const platformRoutes = {
  commands: defineRoute({
    method: 'POST',
    path: '/api/commands',
    tag,
    access: 'self',
    errors: ['command_unknown', 'command_reused'],
    summary: { zh: '批量提交操作，逐条给出结论', en: 'Send a batch of commands; a verdict for each' },
    body: z.object({ items: z.array(CommandItem).min(1).max(100) }),
    reply: z.object({
      items: z.array(
        z.object({
          commandId: Id,
          verdict: z.enum(['applied', 'duplicate', 'refused', 'retry']),
          reply: z.unknown().optional(),
          problem: Problem.optional(),
          /** Taken, yet not as it was meant. */
          conflict: CommandConflict.optional(),
        }),
      ),
      serverTime: Instant,
    }),
  }),
  live: defineRoute({
    method: 'GET',
    path: '/api/live',
    tag,
    access: 'self',
    summary: { zh: '实时更新（SSE，可续传）', en: 'Live updates (SSE, resumable)' },
  }),
  healthz: defineRoute({
    method: 'GET',
    path: '/healthz',
    tag,
    access: 'public',
    summary: { zh: '进程存活', en: 'Process is alive' },
    reply: z.object({ ok: z.literal(true), version: z.string() }),
  }),
  readyz: defineRoute({
    method: 'GET',
    path: '/readyz',
    tag,
    access: 'public',
    errors: ['database_unavailable'],
    summary: { zh: '可以接收请求', en: 'Ready for requests' },
    reply: z.object({ ok: z.literal(true), position: z.number().int(), unsealed: z.number().int() }),
  }),
  auditEntries: defineRoute({
    method: 'GET',
    path: '/api/audit',
    tag,
    access: 'audit.read',
    summary: { zh: '审计记录', en: 'Audit entries' },
    query: z.object({
      after: z.coerce.number().int().optional(),
      limit: z.coerce.number().int().min(1).max(200).default(100),
      aggregateId: Id.optional(),
      actorId: Id.optional(),
    }),
    reply: z.object({
      rows: z.array(
        z.object({
          position: z.number().int(),
          id: Id,
          type: z.string(),
          aggregate: z.string(),
          aggregateId: Id,
          actor: z.object({ id: Id.nullable(), name: z.string() }),
          occurredAt: Instant,
          recordedAt: Instant,
          payload: z.unknown(),
          reason: z.string().nullable(),
          hash: z.string(),
        }),
      ),
      next: z.number().int().nullable(),
    }),
  }),
}

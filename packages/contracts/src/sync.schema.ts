import { z } from 'zod'
import { Can, Id, IdParams, Instant, Ok, Page, PersonRef, Problem, page, Reason } from './common.schema'
import { defineRoute } from './route'

// What phones did that was refused, and what two people changed without knowing of each other.

const Words = z.object({ zh: z.string(), en: z.string() })
/** Whom it was about, as far as it is known: the visit (or the order) with its words. */
const About = z.object({
  visitId: Id.nullable(),
  orderId: Id.nullable(),
  orderNumber: z.string().nullable(),
  title: z.string().nullable(),
})
const Said = z.object({ value: z.unknown(), by: PersonRef.nullable(), at: Instant.nullable() })

export const FieldConflict = About.extend({
  id: Id,
  /** Kind of the thing whose field it is: document, visit, contact, site, asset. */
  of: z.string(),
  ofId: Id,
  field: z.string(),
  /** The action that met the other: its phone has a card of its own for it. */
  commandId: Id.nullable(),
  /** The field's own words, where it has some. */
  label: Words.nullable(),
  kept: Said,
  lost: Said,
  foundAt: Instant,
  settledAt: Instant.nullable(),
  settledBy: z.string().nullable(),
  note: z.string().nullable(),
})

/** A conflict as the card on the phone shows it: two values of a field, or an action that the visit's story has no place for. */
export const ConflictReplica = z.union([
  FieldConflict.extend({ kind: z.literal('field') }),
  About.extend({
    kind: z.literal('event'),
    id: Id,
    commandId: Id.nullable(),
    /** Event type, why it does not fit, the state that it met. */
    type: z.string(),
    why: z.string(),
    state: z.string(),
    occurredAt: Instant,
    foundAt: Instant,
    settledAt: Instant.nullable(),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
  }),
])

export const RefusalState = z.enum(['open', 'retried', 'discarded'])
/** What has become of a refused action, for the phone that holds it. Id: its command id. */
export const RefusalReplica = z.object({
  commandId: Id,
  command: z.string(),
  code: z.string(),
  state: RefusalState,
  receivedAt: Instant,
  decidedAt: Instant.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
})

export const RefusedAction = About.extend({
  id: Id,
  command: z.string(),
  /** What the command is called, from its route; null: this version knows no such command. */
  summary: Words.nullable(),
  owner: PersonRef,
  teamName: z.string().nullable(),
  deviceId: z.string().nullable(),
  offline: z.boolean(),
  /** What was sent. Positions are left out, pictures are named by their size. */
  params: z.record(z.string(), z.unknown()),
  body: z.unknown(),
  problem: Problem,
  madeAt: Instant,
  receivedAt: Instant,
  attempts: z.number().int(),
  state: RefusalState,
  decidedAt: Instant.nullable(),
  decidedBy: z.string().nullable(),
  note: z.string().nullable(),
  can: Can,
})

const tag = 'sync'

export const syncRoutes = {
  refusedActions: defineRoute({
    method: 'GET',
    path: '/api/refusals',
    tag,
    access: 'refusal.settle',
    summary: { zh: '被拒收的手机操作', en: 'Actions of phones that were refused' },
    query: Page.extend({ state: z.enum(['open', 'settled']).default('open') }),
    reply: page(RefusedAction),
  }),
  retryRefusal: defineRoute({
    method: 'POST',
    path: '/api/refusals/:id/retry',
    tag,
    access: 'refusal.settle',
    command: 'refusal.retry',
    errors: ['not_found', 'refusal_settled'],
    summary: { zh: '以本人名义重新提交一条被拒收的操作', en: 'Send a refused action again as its owner' },
    params: IdParams,
    body: z.object({}).default({}),
    reply: z.object({
      verdict: z.enum(['applied', 'refused', 'retry']),
      /** Why it was refused again. */
      problem: Problem.nullable(),
    }),
  }),
  discardRefusal: defineRoute({
    method: 'POST',
    path: '/api/refusals/:id/discard',
    tag,
    access: 'refusal.settle',
    command: 'refusal.discard',
    errors: ['not_found', 'refusal_settled'],
    summary: { zh: '放弃一条被拒收的操作', en: 'Discard a refused action' },
    params: IdParams,
    body: z.object({ note: Reason }),
    reply: Ok,
  }),
  fieldConflicts: defineRoute({
    method: 'GET',
    path: '/api/field-conflicts',
    tag,
    access: 'visit.conflicts',
    summary: { zh: '字段冲突：两处改了同一项', en: 'Field conflicts: one field changed in two places' },
    query: Page,
    reply: page(FieldConflict.extend({ can: Can })),
  }),
  settleFieldConflict: defineRoute({
    method: 'POST',
    path: '/api/field-conflicts/:id/settle',
    tag,
    access: 'visit.conflicts',
    command: 'fieldConflict.settle',
    errors: ['not_found', 'conflict_settled'],
    summary: { zh: '处理一条字段冲突', en: 'Settle a field conflict' },
    params: IdParams,
    body: z.object({ note: Reason }),
    reply: Ok,
  }),
}

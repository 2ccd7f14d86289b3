import { z } from 'zod'
import { Can, Coordinate, Id, IdParams, Instant, Name, Note, Ok, Page, page, Reason, Rev, text } from './common.schema'
import { OrderType, Priority } from './orders.schema'
import { defineRoute } from './route'

/** As other systems write instants: with Z or an offset, `+0000` without a colon included. */
const TheirInstant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/)
  .transform((s) => new Date(s.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')))
  .refine((d) => !Number.isNaN(d.getTime()), 'instant')
  .transform((d) => d.toISOString())
const maybe = <T extends z.ZodType>(t: T) => t.nullable().default(null)

/** What a mapping must make of a payload; nothing more, nothing else. */
export const IntakeOrder = z.strictObject({
  externalId: text(120),
  customer: z.strictObject({ externalId: maybe(text(120)), name: Name }),
  site: maybe(
    z.strictObject({
      externalId: maybe(text(120)),
      name: maybe(Name),
      address: text(300),
      point: maybe(Coordinate.extend({ lat: z.number().min(-180).max(180) })),
    }),
  ),
  contact: maybe(z.strictObject({ name: Name, phone: maybe(text(40)), email: maybe(z.email().max(200)) })),
  contractRef: maybe(text(60)),
  product: maybe(text(200)),
  asset: maybe(z.strictObject({ serial: text(100), model: maybe(text(100)), name: maybe(Name) })),
  title: Name,
  text: maybe(Note),
  promise: maybe(z.strictObject({ start: TheirInstant, end: TheirInstant })),
  durationMin: maybe(z.number().int().min(5).max(43_200)),
  type: OrderType.default('other'),
  priority: Priority.default('normal'),
})
export type IntakeOrderShape = z.output<typeof IntakeOrder>

const Key = z.string().regex(/^[a-z0-9][a-z0-9-]{1,39}$/)
const KeyParams = z.object({ key: Key })
const Expression = z.string().min(1).max(20_000)
/** Mappings that the product brings along, by the documentation that they follow. */
export const ShippedMapping = z.enum(['salesforce-workorder'])

export const IntakeSource = z.object({
  key: z.string(),
  name: z.string(),
  teamId: Id.nullable(),
  enabled: z.boolean(),
  url: z.string(),
  mappingVersion: z.number().int().nullable(),
  secrets: z.array(z.object({ id: Id, createdAt: Instant, expiresAt: Instant.nullable() })),
  waiting: z.number().int(),
  lastAt: Instant.nullable(),
  rev: Rev,
  can: Can,
})
export const IntakeMapping = z.object({
  version: z.number().int(),
  expression: z.string(),
  note: z.string().nullable(),
  createdAt: Instant,
  createdBy: z.string().nullable(),
})
export const IntakeItem = z.object({
  id: Id,
  source: z.string(),
  webhookId: z.string(),
  state: z.enum(['waiting', 'replayed', 'discarded']),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  mappingVersion: z.number().int().nullable(),
  tries: z.number().int(),
  orderId: Id.nullable(),
  discardReason: z.string().nullable(),
  receivedAt: Instant,
  decidedAt: Instant.nullable(),
  rev: Rev,
  can: Can,
})
/** What became of a delivery: the order it made or changed, or the inbox item that it waits as. */
export const Verdict = z.object({
  verdict: z.enum(['created', 'updated', 'unchanged', 'waiting']),
  orderId: Id.nullable(),
  number: z.string().nullable(),
  itemId: Id.nullable(),
  code: z.string().nullable(),
})
const Dry = z.object({
  ok: z.boolean(),
  order: z.unknown().optional(),
  code: z.string().nullable(),
  params: z.record(z.string(), z.unknown()),
})

const tag = 'intake'
export const intakeRoutes = {
  intakeReceive: defineRoute({
    method: 'POST',
    path: '/api/intake/:key',
    tag,
    access: 'signature',
    raw: true,
    errors: ['intake_source_unknown', 'signature_missing', 'signature_expired', 'signature_wrong', 'command_reused'],
    summary: {
      zh: '接收外部系统的工单（Standard Webhooks 签名）',
      en: 'Receive an order from another system (Standard Webhooks)',
    },
    params: KeyParams,
    reply: Verdict,
  }),
  listIntakeSources: defineRoute({
    method: 'GET',
    path: '/api/intake-sources',
    tag,
    access: 'intake.read',
    summary: { zh: '接入来源', en: 'Intake sources' },
    reply: z.object({ sources: z.array(IntakeSource) }),
  }),
  getIntakeSource: defineRoute({
    method: 'GET',
    path: '/api/intake-sources/:key',
    tag,
    access: 'intake.read',
    summary: { zh: '接入来源及其映射版本', en: 'One source with the versions of its mapping' },
    params: KeyParams,
    reply: IntakeSource.extend({ mappings: z.array(IntakeMapping) }),
  }),
  addIntakeSource: defineRoute({
    method: 'POST',
    path: '/api/intake-sources',
    tag,
    access: 'intake.manage',
    command: 'intake.addSource',
    errors: ['intake_source_taken', 'mapping_invalid'],
    summary: { zh: '新增接入来源', en: 'Add a source' },
    body: z.object({
      key: Key,
      name: Name,
      teamId: Id.nullable().default(null),
      mapping: ShippedMapping.nullable().default(null),
    }),
    reply: IntakeSource,
  }),
  editIntakeSource: defineRoute({
    method: 'PATCH',
    path: '/api/intake-sources/:key',
    tag,
    access: 'intake.manage',
    command: 'intake.editSource',
    errors: ['changed_meanwhile'],
    summary: { zh: '修改接入来源', en: 'Edit a source' },
    params: KeyParams,
    body: z.object({ name: Name.optional(), teamId: Id.nullable().optional(), enabled: z.boolean().optional() }),
    reply: IntakeSource,
  }),
  addIntakeSecret: defineRoute({
    method: 'POST',
    path: '/api/intake-sources/:key/secrets',
    tag,
    access: 'intake.manage',
    // Shown once: no receipt may keep the answer.
    raw: true,
    summary: {
      zh: '生成新的签名密钥（只显示一次），旧密钥一天后失效',
      en: 'Make a new signing secret (shown once); older ones end in a day',
    },
    params: KeyParams,
    reply: z.object({ id: Id, secret: z.string() }),
  }),
  endIntakeSecret: defineRoute({
    method: 'DELETE',
    path: '/api/intake-secrets/:id',
    tag,
    access: 'intake.manage',
    command: 'intake.endSecret',
    summary: { zh: '立即停用签名密钥', en: 'End a signing secret at once' },
    params: IdParams,
    reply: Ok,
  }),
  addIntakeMapping: defineRoute({
    method: 'POST',
    path: '/api/intake-sources/:key/mappings',
    tag,
    access: 'intake.manage',
    command: 'intake.addMapping',
    errors: ['mapping_invalid'],
    summary: { zh: '保存新版本的映射', en: 'Save a new version of the mapping' },
    params: KeyParams,
    body: z.object({ expression: Expression, note: text(300).nullable().default(null) }),
    reply: IntakeMapping,
  }),
  tryIntakeMapping: defineRoute({
    method: 'POST',
    path: '/api/intake-sources/:key/try',
    tag,
    access: 'intake.manage',
    summary: { zh: '试运行映射，不产生工单', en: 'Try a mapping without making an order' },
    params: KeyParams,
    body: z.object({ expression: Expression.optional(), payload: z.string().max(500_000) }),
    reply: Dry,
  }),
  listIntakeItems: defineRoute({
    method: 'GET',
    path: '/api/intake-items',
    tag,
    access: 'intake.read',
    summary: { zh: '接入待处理箱', en: 'Intake inbox' },
    query: Page.extend({
      state: z.enum(['waiting', 'replayed', 'discarded']).default('waiting'),
      source: Key.optional(),
    }),
    reply: page(IntakeItem),
  }),
  getIntakeItem: defineRoute({
    method: 'GET',
    path: '/api/intake-items/:id',
    tag,
    access: 'intake.read',
    summary: { zh: '待处理项及其原始内容', en: 'One item with its raw payload' },
    params: IdParams,
    reply: IntakeItem.extend({ payload: z.string() }),
  }),
  replayIntakeItem: defineRoute({
    method: 'POST',
    path: '/api/intake-items/:id/replay',
    tag,
    access: 'intake.handle',
    raw: true,
    errors: ['intake_item_settled'],
    summary: { zh: '用当前映射重放', en: 'Replay with the mapping as it is now' },
    params: IdParams,
    reply: Verdict,
  }),
  discardIntakeItem: defineRoute({
    method: 'POST',
    path: '/api/intake-items/:id/discard',
    tag,
    access: 'intake.handle',
    command: 'intake.discard',
    errors: ['intake_item_settled'],
    summary: { zh: '弃用并说明原因', en: 'Discard with a reason' },
    params: IdParams,
    body: z.object({ reason: Reason }),
    reply: IntakeItem,
  }),
}

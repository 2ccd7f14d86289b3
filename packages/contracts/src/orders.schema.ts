import { z } from 'zod'
import {
  Can,
  Coordinate,
  Flag,
  Id,
  IdParams,
  Instant,
  Minutes,
  many,
  Name,
  Note,
  Page,
  PersonRef,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { SkillCode, SkillLevel } from './engineers.schema'
import { defineRoute } from './route'

export const OrderType = z.enum(['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'])
export const Priority = z.enum(['urgent', 'high', 'normal', 'low'])
export const OrderStateCode = z.enum([
  'draft',
  'new',
  'unassigned',
  'assigned',
  'in_progress',
  'on_hold',
  'awaiting_acceptance',
  'completed',
  'closed',
  'cancelled',
  'cannot_complete',
])
export const VisitMode = z.enum(['onsite', 'remote', 'resident'])
export const Responsibility = z.enum(['customer', 'us', 'product', 'third_party'])
export const HoldCause = z.enum(['customer', 'window', 'force_majeure', 'parts', 'product', 'other'])
export const Channel = z.enum(['call', 'message', 'visit', 'email', 'other'])

export const Window = z.object({ start: Instant, end: Instant })
export const SkillNeed = z.object({ code: SkillCode, level: SkillLevel })
const Ref = z.object({ id: Id, name: z.string() })

/** One SLA clock, read at the moment of the answer from what happened. */
export const SlaClock = z.object({
  clock: z.enum(['response', 'takeup', 'arrival', 'resolve']),
  visitId: Id.nullable(),
  state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
  open: z.boolean(),
  startAt: Instant,
  dueAt: Instant,
  stopAt: Instant.nullable(),
  targetMin: z.number().int(),
  elapsedMin: z.number().int(),
  /** Elapsed ÷ target in per cent, whole. */
  percent: z.number().int(),
  /** Rests on a year whose 调休 is not published yet. */
  provisional: z.boolean(),
})

export const OrderRow = z.object({
  id: Id,
  number: z.string(),
  state: OrderStateCode,
  type: OrderType,
  priority: Priority,
  title: z.string(),
  customer: Ref,
  site: z.object({ id: Id, name: z.string(), address: z.string() }).nullable(),
  team: Ref.nullable(),
  lead: Ref.nullable(),
  engineers: z.array(Ref),
  mode: VisitMode,
  crew: z.number().int(),
  durationMin: z.number().int().nullable(),
  skills: z.array(SkillNeed),
  promise: Window.nullable(),
  dueAt: Instant.nullable(),
  late: z.boolean(),
  remaining: z.string().nullable(),
  hold: z
    .object({
      cause: HoldCause,
      responsibility: Responsibility,
      reason: z.string().nullable(),
      since: Instant,
      until: Instant.nullable(),
      pausesSla: z.boolean(),
    })
    .nullable(),
  mark: z.enum(['duplicate', 'test']).nullable(),
  repeatOf: Id.nullable(),
  source: z.string().nullable(),
  externalId: z.string().nullable(),
  projectId: Id.nullable(),
  /** Events that could not happen where they fell; they are kept and shown. */
  conflicts: z.number().int(),
  sla: z.array(SlaClock),
  createdAt: Instant,
  changedAt: Instant,
  rev: Rev,
  can: Can,
})

export const OrderDetail = OrderRow.extend({
  text: z.string().nullable(),
  contact: z
    .object({ id: Id, name: z.string(), title: z.string().nullable(), phone: z.string().nullable() })
    .nullable(),
  asset: z
    .object({
      id: Id,
      name: z.string(),
      model: z.string().nullable(),
      serial: z.string().nullable(),
      warrantyUntil: z.string().nullable(),
    })
    .nullable(),
  contract: z
    .object({ id: Id, number: z.string(), title: z.string(), deemAfterDays: z.number().int().nullable() })
    .nullable(),
  sitePoint: Coordinate.nullable(),
  siteZone: z.string().nullable(),
  phaseId: Id.nullable(),
  requestedStart: Instant.nullable(),
  originalPromise: Window.nullable(),
  holds: z.array(
    z.object({
      from: Instant,
      to: Instant.nullable(),
      cause: HoldCause,
      responsibility: Responsibility,
      reason: z.string().nullable(),
      pausesSla: z.boolean(),
    }),
  ),
  acceptance: z.object({ how: z.enum(['accepted', 'deemed', 'waived']), at: Instant }).nullable(),
  waiveRequestedAt: Instant.nullable(),
  rejectedAt: Instant.nullable(),
  /** When the customer was told that silence counts as acceptance, and when it will. */
  acceptanceNotice: z.object({ sentAt: Instant, deemAt: Instant }).nullable(),
  endReason: z.string().nullable(),
  endResponsibility: Responsibility.nullable(),
  duplicateOf: Id.nullable(),
  reopenedAs: z.array(Id),
  survey: z.enum(['none', 'invited', 'answered', 'expired']),
  createdBy: PersonRef.nullable(),
  times: z.object({
    submittedAt: Instant.nullable(),
    triagedAt: Instant.nullable(),
    firstContactAt: Instant.nullable(),
    assignedAt: Instant.nullable(),
    startedAt: Instant.nullable(),
    awaitingAt: Instant.nullable(),
    completedAt: Instant.nullable(),
    closedAt: Instant.nullable(),
  }),
})

/** What an order is about: every field may be corrected by a later edit. */
const facts = z.object({
  title: Name,
  text: Note.nullable(),
  type: OrderType,
  priority: Priority,
  teamId: Id.nullable(),
  siteId: Id.nullable(),
  contactId: Id.nullable(),
  assetId: Id.nullable(),
  contractId: Id.nullable(),
  projectId: Id.nullable(),
  phaseId: Id.nullable(),
  skills: z.array(SkillNeed).max(20),
  durationMin: Minutes.min(5)
    .max(60 * 24 * 30)
    .nullable(),
  crew: z.number().int().min(1).max(20),
  mode: VisitMode,
  requestedStart: Instant.nullable(),
  dueAt: Instant.nullable(),
  promise: Window.nullable(),
})
export type OrderFactsInput = z.output<typeof facts>
const anyFacts = facts.partial()
const create = anyFacts.required({ title: true }).extend({
  id: Id.optional(),
  customerId: Id,
  as: z.enum(['draft', 'new']).default('new'),
})

export const TimelineEntry = z.object({
  id: Id,
  aggregate: z.string(),
  aggregateId: Id,
  /** Code of what happened; words are chosen at the edge. */
  type: z.string(),
  params: z.record(z.string(), z.unknown()),
  reason: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: Id.nullable(), name: z.string() }),
  source: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  offline: z.boolean(),
  flags: z.array(z.string()),
})

const tag = 'orders'
const params = IdParams
const act = { reason: Reason, responsibility: Responsibility }
const errors = ['state_forbids', 'changed_meanwhile'] as const

export const ordersRoutes = {
  listOrders: defineRoute({
    method: 'GET',
    path: '/api/orders',
    tag,
    access: 'order.read',
    summary: { zh: '工单列表：筛选、中文搜索、各状态数量', en: 'Work orders: filters, Chinese search, count by state' },
    query: Page.extend({
      state: many(OrderStateCode),
      type: many(OrderType),
      priority: many(Priority),
      teamId: Id.optional(),
      engineerId: Id.optional(),
      customerId: Id.optional(),
      siteId: Id.optional(),
      projectId: Id.optional(),
      late: Flag.optional(),
      dueFrom: Instant.optional(),
      dueTo: Instant.optional(),
      createdFrom: Instant.optional(),
      createdTo: Instant.optional(),
      q: z.string().trim().max(100).optional(),
      sort: z.enum(['created', 'due', 'priority', 'changed']).default('created'),
    }),
    reply: page(OrderRow).extend({ counts: z.partialRecord(OrderStateCode, z.number().int()) }),
  }),
  orderDuplicates: defineRoute({
    method: 'GET',
    path: '/api/orders/duplicates',
    tag,
    access: 'order.create',
    summary: {
      zh: '可能重复的工单：72 小时内同站点同设备',
      en: 'Likely duplicates: same site and asset within 72 hours',
    },
    query: z.object({ siteId: Id, assetId: Id.optional(), except: Id.optional() }),
    reply: z.object({
      rows: z.array(
        z.object({ id: Id, number: z.string(), title: z.string(), state: OrderStateCode, createdAt: Instant }),
      ),
    }),
  }),
  getOrder: defineRoute({
    method: 'GET',
    path: '/api/orders/:id',
    tag,
    access: 'order.read',
    summary: { zh: '工单详情', en: 'One work order' },
    params,
    reply: OrderDetail,
  }),
  orderTimeline: defineRoute({
    method: 'GET',
    path: '/api/orders/:id/timeline',
    tag,
    access: 'order.read',
    summary: {
      zh: '工单时间线：工单、上门、文档、回访的全部事件',
      en: 'Timeline of the order with its visits, documents and surveys',
    },
    params,
    query: Page,
    reply: page(TimelineEntry).extend({ people: z.array(PersonRef) }),
  }),
  createOrder: defineRoute({
    method: 'POST',
    path: '/api/orders',
    tag,
    access: 'order.create',
    command: 'order.create',
    errors: ['belongs_elsewhere', 'time_order', 'order_exists'],
    summary: { zh: '新建工单', en: 'Create a work order' },
    body: create,
    reply: OrderDetail,
  }),
  submitOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/submit',
    tag,
    access: 'order.create',
    command: 'order.submit',
    errors,
    summary: { zh: '提交草稿', en: 'Submit a draft' },
    params,
    body: z.object({}),
    reply: OrderDetail,
  }),
  triageOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/triage',
    tag,
    access: 'order.triage',
    command: 'order.triage',
    errors: [...errors, 'belongs_elsewhere', 'time_order'],
    summary: { zh: '受理工单', en: 'Triage: take the order in' },
    params,
    body: anyFacts.omit({ promise: true }).extend({ promise: Window.optional() }),
    reply: OrderDetail,
  }),
  editOrder: defineRoute({
    method: 'PATCH',
    path: '/api/orders/:id',
    tag,
    access: 'order.edit',
    command: 'order.edit',
    errors: [...errors, 'belongs_elsewhere', 'time_order', 'promise_is_the_customers'],
    summary: { zh: '修改工单：只合并不冲突的字段', en: 'Edit: fields that do not conflict are merged' },
    params,
    body: anyFacts.extend({ promiseBy: z.enum(['customer', 'correction']).optional() }),
    reply: OrderDetail,
  }),
  contactOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/contact',
    tag,
    access: 'order.contact',
    command: 'order.contact',
    errors,
    summary: { zh: '登记与客户的联系', en: 'Record a contact with the customer' },
    params,
    body: z.object({
      channel: Channel,
      contactId: Id.nullable().default(null),
      visitId: Id.nullable().default(null),
      note: text(500).nullable().default(null),
    }),
    reply: OrderDetail,
  }),
  holdOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/hold',
    tag,
    access: 'order.hold',
    command: 'order.hold',
    errors: [...errors, 'time_order'],
    summary: { zh: '挂起', en: 'Put on hold' },
    params,
    body: z.object({ ...act, cause: HoldCause, until: Instant.nullable().default(null) }),
    reply: OrderDetail,
  }),
  resumeOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/resume',
    tag,
    access: 'order.hold',
    command: 'order.resume',
    errors,
    summary: { zh: '恢复', en: 'Resume' },
    params,
    body: z.object({}),
    reply: OrderDetail,
  }),
  cancelOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/cancel',
    tag,
    access: 'order.end',
    command: 'order.cancel',
    errors,
    summary: { zh: '取消工单', en: 'Cancel' },
    params,
    body: z.object({ ...act, cause: text(60).nullable().default(null) }),
    reply: OrderDetail,
  }),
  cannotCompleteOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/cannot-complete',
    tag,
    access: 'order.end',
    command: 'order.cannotComplete',
    errors,
    summary: { zh: '标记无法完成', en: 'Mark as impossible to complete' },
    params,
    body: z.object({ ...act, cause: text(60).nullable().default(null) }),
    reply: OrderDetail,
  }),
  acceptOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/accept',
    tag,
    access: 'order.accept',
    command: 'order.accept',
    errors,
    summary: { zh: '登记客户验收通过', en: 'Record the customer’s acceptance' },
    params,
    body: z.object({ contactId: Id.nullable().default(null), documentId: Id.nullable().default(null) }),
    reply: OrderDetail,
  }),
  rejectOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/reject',
    tag,
    access: 'order.accept',
    command: 'order.reject',
    errors,
    summary: { zh: '登记客户验收不通过', en: 'Record that the customer refuses the work' },
    params,
    body: z.object({
      reason: Reason,
      remaining: text(1000).nullable().default(null),
      contactId: Id.nullable().default(null),
    }),
    reply: OrderDetail,
  }),
  noticeAcceptance: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/acceptance-notice',
    tag,
    access: 'order.accept',
    command: 'order.noticeAcceptance',
    errors: [...errors, 'contract_never_deems'],
    summary: {
      zh: '登记验收通知已送达（超时视为验收从此起算）',
      en: 'Record the notice from which silence counts as acceptance',
    },
    params,
    body: z.object({
      channel: Channel,
      contactId: Id.nullable().default(null),
      evidenceSha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .nullable()
        .default(null),
    }),
    reply: OrderDetail,
  }),
  requestWaive: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/request-waive',
    tag,
    access: 'order.requestWaive',
    command: 'order.requestWaive',
    errors,
    summary: { zh: '申请免签', en: 'Ask to waive the signature' },
    params,
    body: z.object({
      reason: Reason,
      cause: z.enum(['customer_absent', 'customer_refuses', 'other']),
      photoIds: z.array(Id).min(1).max(10),
    }),
    reply: OrderDetail,
  }),
  waiveOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/waive',
    tag,
    access: 'order.waive',
    command: 'order.waive',
    errors,
    summary: { zh: '同意免签', en: 'Waive the signature' },
    params,
    body: z.object({ reason: Reason.nullable().default(null) }),
    reply: OrderDetail,
  }),
  refuseWaive: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/refuse-waive',
    tag,
    access: 'order.waive',
    command: 'order.refuseWaive',
    errors,
    summary: { zh: '不同意免签', en: 'Refuse to waive' },
    params,
    body: z.object({ reason: Reason }),
    reply: OrderDetail,
  }),
  closeOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/close',
    tag,
    access: 'order.close',
    command: 'order.close',
    errors: [...errors, 'gate_closed'],
    summary: { zh: '审核并关闭', en: 'Review and close' },
    params,
    body: z.object({ reviewed: z.literal(true), note: text(500).nullable().default(null) }),
    reply: OrderDetail,
  }),
  reopenOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/reopen',
    tag,
    access: 'order.reopen',
    command: 'order.reopen',
    errors,
    summary: { zh: '重开：生成关联的新工单', en: 'Reopen: makes a linked new order' },
    params,
    body: z.object({ reason: Reason, id: Id.optional() }),
    reply: OrderDetail,
  }),
  markOrder: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/mark',
    tag,
    access: 'order.mark',
    command: 'order.mark',
    errors,
    summary: { zh: '标记为重复或测试', en: 'Mark as duplicate or test' },
    params,
    body: z.object({ as: z.enum(['duplicate', 'test']).nullable(), duplicateOf: Id.nullable().default(null) }),
    reply: OrderDetail,
  }),
}

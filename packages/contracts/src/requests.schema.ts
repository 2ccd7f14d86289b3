import { z } from 'zod'
import {
  Can,
  Id,
  IdParams,
  Instant,
  LocalDate,
  Message,
  many,
  Name,
  Note,
  Ok,
  Page,
  PersonRef,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { SkillCode } from './engineers.schema'
import { OrderType, Priority } from './orders.schema'
import { defineRoute } from './route'
import { VisitCard, VisitRole, VisitStateCode } from './visits.schema'

// ── requests from the site ──

/** 远程支援, 要备件, 加人, 延时, 顺手做掉. */
export const RequestKind = z.enum(['help', 'parts', 'colleague', 'time', 'now'])
export const RequestState = z.enum(['open', 'accepted', 'answered', 'approved', 'declined', 'done', 'withdrawn'])
export const RequestUrgency = z.enum(['urgent', 'normal'])
const PartLine = z.object({ name: text(120), quantity: z.number().int().min(1).max(9999), note: text(200).optional() })
const Photo = z.object({ id: Id, stored: z.boolean() })

/** The order and the place that something is about, as a line says it. */
const About = {
  orderId: Id,
  orderNumber: z.string().nullable(),
  orderTitle: z.string(),
  customer: z.object({ id: Id, name: z.string() }),
  siteName: z.string().nullable(),
}

export const RequestRow = z.object({
  id: Id,
  rev: Rev,
  kind: RequestKind,
  state: RequestState,
  urgency: RequestUrgency,
  ...About,
  visitId: Id,
  askedBy: PersonRef,
  askedAt: Instant,
  reason: z.string(),
  skill: z.object({ code: z.string(), name: z.string() }).nullable(),
  parts: z.array(PartLine),
  /** What `time` asks for: the new end; the old one beside it. */
  until: Instant.nullable(),
  was: Instant.nullable(),
  photos: z.array(Photo),
  helper: PersonRef.nullable(),
  answer: z.string().nullable(),
  answeredBy: PersonRef.nullable(),
  answeredAt: Instant.nullable(),
  /** When the parts are there, or the colleague. */
  readyAt: Instant.nullable(),
  /** The visit that an approval has made. */
  madeVisitId: Id.nullable(),
  /** Until when somebody has to have answered. */
  dueAt: Instant,
  closedAt: Instant.nullable(),
  can: Can,
})

// ── handover ──

export const HandoverState = z.enum(['open', 'accepted', 'declined', 'withdrawn'])
export const HandoverRow = z.object({
  id: Id,
  rev: Rev,
  /** `visit`: the visit goes over. `work`: what a former holder did without knowing that it was no longer his. */
  kind: z.enum(['visit', 'work']),
  state: HandoverState,
  ...About,
  visitId: Id,
  visitState: VisitStateCode,
  planned: z.object({ start: Instant, end: Instant }),
  from: PersonRef,
  to: PersonRef,
  askedAt: Instant,
  reason: z.string(),
  /** What is left, in words. */
  remaining: z.string().nullable(),
  /** Keys, cards and passes that are held. */
  keys: z.string().nullable(),
  /** What the customer was promised. */
  promises: z.string().nullable(),
  /** What the facts say is open, or what was done meanwhile. */
  items: z.array(Message),
  photos: z.array(Photo),
  answer: z.string().nullable(),
  answeredAt: Instant.nullable(),
  successorId: Id.nullable(),
  can: Can,
})

// ── escalation ──

export const EscalationTo = z.enum(['product', 'rnd', 'after_sales'])
export const EscalationState = z.enum(['open', 'taken', 'asked', 'answered', 'closed'])
export const EscalationRow = z.object({
  id: Id,
  rev: Rev,
  number: z.string(),
  to: EscalationTo,
  state: EscalationState,
  priority: Priority,
  ...About,
  visitId: Id.nullable(),
  orderState: z.string(),
  title: z.string(),
  /** What happens, how it is made to happen again, and where. */
  symptom: z.string(),
  steps: z.string().nullable(),
  reproducible: z.enum(['always', 'sometimes', 'once', 'unknown']),
  environment: z.string().nullable(),
  logs: z.string().nullable(),
  photos: z.array(Photo),
  raisedBy: PersonRef,
  raisedAt: Instant,
  owner: PersonRef.nullable(),
  takenAt: Instant.nullable(),
  dueAt: Instant,
  /** What the owner wants to know before he goes on: the clock waits. */
  question: z.string().nullable(),
  supplied: z.array(z.object({ by: PersonRef, at: Instant, text: z.string() })),
  answer: z.string().nullable(),
  answeredAt: Instant.nullable(),
  /** Ticket in another system. */
  externalRef: z.string().nullable(),
  externalUrl: z.string().nullable(),
  solved: z.boolean().nullable(),
  closedAt: Instant.nullable(),
  can: Can,
})

/** An order that its engineer reported from the site. */
export const ReportedOrder = z.object({
  id: Id,
  number: z.string().nullable(),
  title: z.string(),
  state: z.string(),
  customer: z.object({ id: Id, name: z.string() }),
  siteName: z.string().nullable(),
  reportedAt: Instant,
})

/** A required document that was left to follow when its visit ended. */
export const PendingPaper = z.object({
  id: Id,
  documentId: Id,
  title: z.object({ zh: z.string(), en: z.string() }),
  ...About,
  visitId: Id,
  engineer: PersonRef,
  reason: z.string().nullable(),
  leftAt: Instant,
  dueAt: Instant,
  missing: z.number().int(),
})

/** What a former holder did for a visit that was somebody else's by then: both sides. */
export const LostVisit = z.object({
  visitId: Id,
  ...About,
  planned: z.object({ start: Instant, end: Instant }),
  /** How it stands: taken back, cancelled, or given to somebody. */
  state: VisitStateCode,
  takenAwayAt: Instant.nullable(),
  takenAwayBy: z.string().nullable(),
  reason: z.string().nullable(),
  now: z.object({ visitId: Id, engineer: PersonRef.nullable(), state: VisitStateCode }).nullable(),
  mine: z.array(
    z.object({ eventId: Id, type: z.string(), at: Instant, settled: z.boolean(), note: z.string().nullable() }),
  ),
  photos: z.array(Photo),
  /** Already handed to the one who has it now. */
  handover: z.object({ id: Id, state: HandoverState }).nullable(),
})

export const CrewMate = z.object({
  visitId: Id,
  engineer: PersonRef.nullable(),
  phone: z.string().nullable(),
  role: VisitRole,
  state: VisitStateCode,
  departedAt: Instant.nullable(),
  arrivedAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  remaining: z.string().nullable(),
  documents: z.array(
    z.object({
      id: Id,
      title: z.object({ zh: z.string(), en: z.string() }),
      state: z.string(),
      missing: z.number().int(),
    }),
  ),
  photos: z.array(Photo.extend({ takenAt: Instant })),
})

/** A colleague whom one may ask: skills so that the right one is found. Held by the phone. */
export const Colleague = z.object({
  id: Id,
  name: z.string(),
  phone: z.string().nullable(),
  teamName: z.string().nullable(),
  skills: z.array(z.object({ code: z.string(), name: z.string(), level: z.number().int() })),
})

export const RequestsPolicy = z.object({
  /** Hours that a document left to follow has. */
  papersHours: z.number().int().min(1).max(240),
  /** Minutes in which a request has to be answered. */
  answerMin: z.object({ urgent: z.number().int().min(1).max(1440), normal: z.number().int().min(1).max(10_080) }),
  /** Hours in which an escalation has to be answered, by priority. */
  escalationHours: z.object({
    urgent: z.number().int().min(1).max(720),
    high: z.number().int().min(1).max(720),
    normal: z.number().int().min(1).max(720),
    low: z.number().int().min(1).max(720),
  }),
})

const tag = 'requests'
const Photos = z.array(Id).max(20).default([])
const photoParams = z.object({ id: Id, photoId: Id })
const Size = z.object({ size: z.enum(['thumb', 'full']).default('full') })
const Scope = z.enum(['all', 'mine']).default('all')

const requestVerb = <
  const P extends string,
  const N extends string,
  const A extends 'request.answer' | 'request.decide',
  B extends z.ZodType,
>(
  path: P,
  name: N,
  access: A,
  summary: { zh: string; en: string },
  body: B,
) =>
  ({
    method: 'POST',
    path: `/api/requests/:id/${path}`,
    tag,
    access,
    command: `request.${name}`,
    errors: ['not_found', 'changed_meanwhile', 'request_closed', 'request_not_yours', 'request_other_kind'],
    summary,
    params: IdParams,
    body,
    reply: RequestRow,
  }) as const

const handoverVerb = <const P extends string, B extends z.ZodType>(
  path: P,
  summary: { zh: string; en: string },
  body: B,
) =>
  ({
    method: 'POST',
    path: `/api/handovers/:id/${path}`,
    tag,
    access: 'handover.answer',
    command: `handover.${path}`,
    errors: [
      'not_found',
      'changed_meanwhile',
      'handover_closed',
      'handover_not_yours',
      'handover_start_needed',
      'state_forbids',
      'engineer_busy',
      'placement_refused',
      'override_needed',
    ],
    summary,
    params: IdParams,
    body,
    reply: HandoverRow,
  }) as const

const escalationVerb = <
  const P extends string,
  const A extends 'escalation.handle' | 'escalation.raise',
  B extends z.ZodType,
>(
  path: P,
  access: A,
  summary: { zh: string; en: string },
  body: B,
) =>
  ({
    method: 'POST',
    path: `/api/escalations/:id/${path}`,
    tag,
    access,
    command: `escalation.${path}`,
    errors: ['not_found', 'changed_meanwhile', 'escalation_forbids', 'escalation_not_yours'],
    summary,
    params: IdParams,
    body,
    reply: EscalationRow,
  }) as const

export const requestsRoutes = {
  listRequests: defineRoute({
    method: 'GET',
    path: '/api/requests',
    tag,
    access: 'request.read',
    summary: { zh: '现场求助与申请', en: 'Requests from the site' },
    query: Page.extend({
      state: z.enum(['open', 'closed', 'all']).default('all'),
      kind: many(RequestKind),
      scope: Scope,
      visitId: Id.optional(),
    }),
    reply: page(RequestRow),
  }),
  getRequest: defineRoute({
    method: 'GET',
    path: '/api/requests/:id',
    tag,
    access: 'request.read',
    errors: ['not_found'],
    summary: { zh: '一条求助或申请', en: 'One request' },
    params: IdParams,
    reply: RequestRow,
  }),
  requestPhoto: defineRoute({
    method: 'GET',
    path: '/api/requests/:id/photos/:photoId',
    tag,
    access: 'request.read',
    errors: ['not_found', 'evidence_not_stored'],
    summary: { zh: '求助里的照片', en: 'A photo of a request' },
    params: photoParams,
    query: Size,
  }),
  askVisit: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/requests',
    tag,
    access: 'visit.work',
    command: 'request.ask',
    offline: 'append',
    errors: ['not_found', 'request_exists', 'engineer_unknown', 'time_order'],
    summary: { zh: '从现场求助、要备件、加人、延时', en: 'Ask for help, parts, a colleague or more time' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      kind: z.enum(['help', 'parts', 'colleague', 'time']),
      urgency: RequestUrgency.default('normal'),
      reason: Reason,
      skill: SkillCode.optional(),
      helperId: Id.optional(),
      parts: z.array(PartLine).max(30).default([]),
      until: Instant.optional(),
      photoIds: Photos,
    }),
    reply: RequestRow,
  }),
  acceptRequest: defineRoute({
    ...requestVerb(
      'accept',
      'accept',
      'request.answer',
      { zh: '我来支援', en: 'I will help' },
      z.object({}).default({}),
    ),
    offline: 'fail',
  }),
  answerRequest: defineRoute({
    ...requestVerb(
      'answer',
      'answer',
      'request.answer',
      { zh: '答复', en: 'Answer a request' },
      z.object({ answer: Note }),
    ),
    offline: 'fail',
  }),
  approveRequest: defineRoute({
    ...requestVerb(
      'approve',
      'approve',
      'request.decide',
      { zh: '同意', en: 'Approve a request' },
      z.object({
        answer: Note.optional(),
        readyAt: Instant.optional(),
        /** Whom to send along. */
        engineerId: Id.optional(),
        start: Instant.optional(),
        override: z.object({ reason: Reason }).optional(),
      }),
    ),
    errors: [
      'not_found',
      'changed_meanwhile',
      'request_closed',
      'request_other_kind',
      'state_forbids',
      'engineer_busy',
      'placement_refused',
      'override_needed',
      'order_has_engineer',
    ],
  }),
  declineRequest: defineRoute(
    requestVerb(
      'decline',
      'decline',
      'request.decide',
      { zh: '不同意', en: 'Decline a request' },
      z.object({ answer: Note }),
    ),
  ),
  doneRequest: defineRoute({
    ...requestVerb('done', 'done', 'request.answer', { zh: '已解决', en: 'Settled' }, z.object({}).default({})),
    offline: 'fail',
  }),
  withdrawRequest: defineRoute({
    ...requestVerb('withdraw', 'withdraw', 'request.answer', { zh: '撤回', en: 'Withdraw' }, z.object({}).default({})),
    offline: 'fail',
  }),

  listHandovers: defineRoute({
    method: 'GET',
    path: '/api/handovers',
    tag,
    access: 'handover.read',
    summary: { zh: '交接', en: 'Handovers' },
    query: Page.extend({ state: z.enum(['open', 'closed', 'all']).default('all'), scope: Scope }),
    reply: page(HandoverRow),
  }),
  getHandover: defineRoute({
    method: 'GET',
    path: '/api/handovers/:id',
    tag,
    access: 'handover.read',
    errors: ['not_found'],
    summary: { zh: '一次交接', en: 'One handover' },
    params: IdParams,
    reply: HandoverRow,
  }),
  handoverPhoto: defineRoute({
    method: 'GET',
    path: '/api/handovers/:id/photos/:photoId',
    tag,
    access: 'handover.read',
    errors: ['not_found', 'evidence_not_stored'],
    summary: { zh: '交接里的照片', en: 'A photo of a handover' },
    params: photoParams,
    query: Size,
  }),
  openWork: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/open-work',
    tag,
    access: 'visit.work',
    errors: ['not_found'],
    summary: { zh: '这次上门还没了结的事', en: 'What is open of this visit' },
    params: IdParams,
    reply: z.object({ items: z.array(Message) }),
  }),
  offerHandover: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/handover',
    tag,
    access: 'visit.work',
    command: 'handover.offer',
    offline: 'append',
    errors: ['not_found', 'handover_open', 'handover_to_self', 'engineer_unknown', 'handover_over'],
    summary: { zh: '交接给同事', en: 'Hand over to a colleague' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      toId: Id,
      reason: Reason,
      remaining: Note.optional(),
      keys: text(500).optional(),
      promises: text(1000).optional(),
    }),
    reply: HandoverRow,
  }),
  acceptHandover: defineRoute({
    ...handoverVerb(
      'accept',
      { zh: '接手', en: 'Take over' },
      z.object({ start: Instant.optional(), answer: Reason.optional() }),
    ),
    offline: 'fail',
  }),
  declineHandover: defineRoute({
    ...handoverVerb('decline', { zh: '不接手', en: 'Decline to take over' }, z.object({ answer: Reason })),
    offline: 'fail',
  }),
  withdrawHandover: defineRoute({
    ...handoverVerb('withdraw', { zh: '撤回交接', en: 'Withdraw a handover' }, z.object({}).default({})),
    offline: 'fail',
  }),

  listEscalations: defineRoute({
    method: 'GET',
    path: '/api/escalations',
    tag,
    access: 'escalation.read',
    summary: { zh: '升级', en: 'Escalations' },
    query: Page.extend({
      state: z.enum(['open', 'overdue', 'closed', 'all']).default('all'),
      to: EscalationTo.optional(),
      scope: Scope,
      orderId: Id.optional(),
    }),
    reply: page(EscalationRow),
  }),
  getEscalation: defineRoute({
    method: 'GET',
    path: '/api/escalations/:id',
    tag,
    access: 'escalation.read',
    errors: ['not_found'],
    summary: { zh: '一次升级', en: 'One escalation' },
    params: IdParams,
    reply: EscalationRow,
  }),
  escalationPhoto: defineRoute({
    method: 'GET',
    path: '/api/escalations/:id/photos/:photoId',
    tag,
    access: 'escalation.read',
    errors: ['not_found', 'evidence_not_stored'],
    summary: { zh: '升级里的照片', en: 'A photo of an escalation' },
    params: photoParams,
    query: Size,
  }),
  raiseEscalation: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/escalations',
    tag,
    access: 'escalation.raise',
    command: 'escalation.raise',
    offline: 'append',
    errors: ['not_found', 'escalation_exists', 'belongs_elsewhere'],
    summary: { zh: '升级给产品、研发或售后', en: 'Escalate to product, R&D or after-sales' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      to: EscalationTo,
      priority: Priority.default('normal'),
      title: Name,
      symptom: Note,
      steps: Note.optional(),
      reproducible: EscalationRow.shape.reproducible.default('unknown'),
      environment: text(2000).optional(),
      logs: text(20_000).optional(),
      visitId: Id.optional(),
      photoIds: Photos,
      externalRef: text(80).optional(),
    }),
    reply: EscalationRow,
  }),
  takeEscalation: defineRoute(
    escalationVerb('take', 'escalation.handle', { zh: '我来处理', en: 'Take an escalation' }, z.object({}).default({})),
  ),
  assignEscalation: defineRoute({
    ...escalationVerb(
      'assign',
      'escalation.handle',
      { zh: '指定负责人', en: 'Name its owner' },
      z.object({ ownerId: Id }),
    ),
    errors: ['not_found', 'changed_meanwhile', 'escalation_forbids', 'escalation_not_yours', 'engineer_unknown'],
  }),
  askEscalation: defineRoute(
    escalationVerb('ask', 'escalation.handle', { zh: '要求补充', en: 'Ask for more' }, z.object({ question: Note })),
  ),
  supplyEscalation: defineRoute({
    ...escalationVerb(
      'supply',
      'escalation.raise',
      { zh: '补充信息', en: 'Supply what was asked' },
      z.object({ text: Note, photoIds: Photos }),
    ),
    offline: 'append',
  }),
  answerEscalation: defineRoute(
    escalationVerb(
      'answer',
      'escalation.handle',
      { zh: '答复', en: 'Answer an escalation' },
      z.object({ answer: Note }),
    ),
  ),
  linkEscalation: defineRoute(
    escalationVerb(
      'link',
      'escalation.handle',
      { zh: '登记外部单号', en: 'Note the ticket in another system' },
      z.object({
        externalRef: text(80).nullable(),
        externalUrl: z
          .url({ protocol: /^https?$/ })
          .max(500)
          .nullable(),
      }),
    ),
  ),
  closeEscalation: defineRoute(
    escalationVerb(
      'close',
      'escalation.raise',
      { zh: '确认结果', en: 'Say whether it helped' },
      z.object({ solved: z.boolean(), text: Note.optional() }),
    ),
  ),

  reportOrder: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/orders',
    tag,
    access: 'visit.work',
    command: 'order.report',
    offline: 'append',
    errors: ['not_found', 'order_exists', 'belongs_elsewhere'],
    summary: { zh: '从现场上报问题（新建工单）', en: 'Report a problem: a new order from the site' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      title: Name,
      text: Note.optional(),
      type: OrderType.default('repair'),
      priority: Priority.default('normal'),
      assetId: Id.nullable().optional(),
      photoIds: Photos,
      /** I could do it while I am here. */
      doNow: z.object({ durationMin: z.number().int().min(5).max(600) }).optional(),
    }),
    reply: z.object({ order: ReportedOrder, request: RequestRow.nullable() }),
  }),
  fieldReports: defineRoute({
    method: 'GET',
    path: '/api/field/reports',
    tag,
    access: 'visit.work',
    summary: { zh: '我上报的问题', en: 'What I have reported' },
    reply: z.object({ rows: z.array(ReportedOrder) }),
  }),

  listPapers: defineRoute({
    method: 'GET',
    path: '/api/pending-documents',
    tag,
    access: 'document.read',
    summary: { zh: '待补交文档', en: 'Documents that are to follow' },
    query: Page.extend({ overdue: z.enum(['true', 'false']).optional(), scope: Scope }),
    reply: page(PendingPaper).extend({ overdue: z.number().int() }),
  }),

  logCall: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/calls',
    tag,
    access: 'visit.work',
    command: 'visit.call',
    offline: 'append',
    errors: ['not_found'],
    summary: { zh: '记一次电话', en: 'Note a call' },
    params: IdParams,
    body: z.object({ outcome: z.enum(['reached', 'unreachable']), contactId: Id.optional() }),
    reply: VisitCard,
  }),

  visitCrew: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/crew',
    tag,
    access: 'visit.read',
    errors: ['not_found'],
    summary: { zh: '同单同事的进度', en: 'How the others of the crew stand' },
    params: IdParams,
    reply: z.object({ mates: z.array(CrewMate) }),
  }),
  crewPhoto: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/crew/photos/:photoId',
    tag,
    access: 'visit.read',
    errors: ['not_found', 'evidence_not_stored'],
    summary: { zh: '同单同事的照片', en: 'A photo that a colleague of the crew took' },
    params: photoParams,
    query: Size,
  }),

  lostVisits: defineRoute({
    method: 'GET',
    path: '/api/field/lost',
    tag,
    access: 'visit.work',
    summary: { zh: '离线期间被改派的上门', en: 'Visits that went to somebody else while I was offline' },
    reply: z.object({ rows: z.array(LostVisit) }),
  }),
  colleagues: defineRoute({
    method: 'GET',
    path: '/api/field/colleagues',
    tag,
    access: 'self',
    summary: { zh: '可以求助或交接的同事', en: 'Colleagues to ask or to hand over to' },
    query: z.object({ q: text(40).optional(), skill: SkillCode.optional(), on: LocalDate.optional() }),
    reply: z.object({ rows: z.array(Colleague) }),
  }),

  getRequestsPolicy: defineRoute({
    method: 'GET',
    path: '/api/requests-policy',
    tag,
    access: 'request.policy',
    summary: { zh: '求助、升级与待补交的时限', en: 'How long answers and papers may take' },
    reply: RequestsPolicy,
  }),
  setRequestsPolicy: defineRoute({
    method: 'PUT',
    path: '/api/requests-policy',
    tag,
    access: 'request.policy',
    command: 'request.policy',
    summary: { zh: '设定时限', en: 'Set how long answers and papers may take' },
    body: RequestsPolicy,
    reply: Ok,
  }),
}

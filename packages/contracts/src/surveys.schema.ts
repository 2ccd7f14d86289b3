import { z } from 'zod'
import { Can, Id, IdParams, Instant, Message, Page, PersonRef, page, Rev, text } from './common.schema'
import { defineRoute } from './route'

export const SurveyState = z.enum(['invited', 'answered', 'expired'])
const Words = z.object({ zh: z.string(), en: z.string() })
/** The questions of a survey: a version never changes. */
export const SurveyDefinition = z.object({
  version: z.number().int(),
  questions: z.array(z.object({ key: z.string(), label: Words, weight: z.number().min(0) })),
  tags: z.object({
    good: z.array(z.object({ key: z.string(), label: Words })),
    bad: z.array(z.object({ key: z.string(), label: Words })),
  }),
})
export const SurveyAnswer = z.object({
  ratings: z
    .record(z.string().max(40), z.number().int().min(1).max(5))
    .refine((r) => Object.keys(r).length > 0, 'empty'),
  tags: z.array(z.string().max(40)).max(20).default([]),
  words: text(2000, 0).default(''),
  /** 0–10: would you recommend us. */
  nps: z.number().int().min(0).max(10).nullable().default(null),
})
export const Survey = z.object({
  id: Id,
  kind: z.enum(['visit', 'order', 'project']),
  orderId: Id,
  orderNumber: z.string().nullable(),
  visitId: Id.nullable(),
  customerName: z.string().nullable(),
  engineers: z.array(PersonRef),
  state: SurveyState,
  score: z.number().nullable(),
  ratings: z.record(z.string(), z.number()).nullable(),
  tags: z.array(z.string()),
  words: z.string().nullable(),
  nps: z.number().nullable(),
  /** `staff_device`, `staff_network`: answered from where an engineer works. */
  flags: z.array(z.string()),
  invitedAt: Instant,
  answeredAt: Instant.nullable(),
  followUpId: Id.nullable(),
})

export const FollowUpState = z.enum(['open', 'contacted', 'planned', 'done', 'checked', 'acted', 'closed'])
export const Cause = z.enum([
  'late',
  'not_solved',
  'skill',
  'attitude',
  'communication',
  'product_defect',
  'parts',
  'documents',
  'price',
  'misunderstanding',
  'other',
])
export const FollowUp = z.object({
  id: Id,
  number: z.string(),
  state: FollowUpState,
  owner: PersonRef,
  orderId: Id.nullable(),
  orderNumber: z.string().nullable(),
  customerName: z.string().nullable(),
  surveyId: Id.nullable(),
  score: z.number().nullable(),
  openedAt: Instant,
  contactDueAt: Instant.nullable(),
  planDueAt: Instant.nullable(),
  contactedAt: Instant.nullable(),
  plan: z.object({ cause: z.string(), action: z.string(), owner: PersonRef, dueAt: Instant }).nullable(),
  doneAt: Instant.nullable(),
  check: z
    .object({
      method: z.enum(['resurvey', 'call']),
      effective: z.boolean(),
      score: z.number().nullable(),
      words: z.string().nullable(),
    })
    .nullable(),
  act: z
    .object({ change: z.enum(['none', 'template', 'rule', 'article', 'training']), words: z.string().nullable() })
    .nullable(),
  closedAt: Instant.nullable(),
  /** What is late now: `contact`, `plan`, `do`. */
  late: z.array(z.string()),
  rev: Rev,
  can: Can,
})
export const FollowUpDetail = FollowUp.extend({
  survey: Survey.nullable(),
  history: z.array(
    z.object({ id: Id, at: Instant, actor: z.string(), message: Message, reason: z.string().nullable() }),
  ),
  /** The same cause at the same customer in the 30 and 90 days after this one was closed. */
  recurrence: z.object({ days30: z.number().int(), days90: z.number().int(), provisional: z.boolean() }).nullable(),
})

const tag = 'surveys'
const reply = FollowUp

export const surveysRoutes = {
  listSurveys: defineRoute({
    method: 'GET',
    path: '/api/surveys',
    tag,
    access: 'survey.read',
    summary: { zh: '满意度问卷', en: 'Surveys' },
    query: Page.extend({
      state: SurveyState.optional(),
      below: z.coerce.number().min(0).max(100).optional(),
      orderId: Id.optional(),
    }),
    reply: page(Survey).extend({ answered: z.number().int(), invited: z.number().int(), good: z.number().int() }),
  }),
  surveyDefinition: defineRoute({
    method: 'GET',
    path: '/api/survey-definition',
    tag,
    access: 'survey.read',
    summary: { zh: '问卷题目', en: 'Questions of the survey' },
    reply: SurveyDefinition,
  }),
  listFollowUps: defineRoute({
    method: 'GET',
    path: '/api/follow-ups',
    tag,
    access: 'followup.read',
    summary: { zh: '回访与改进', en: 'Follow-ups' },
    query: Page.extend({
      state: FollowUpState.optional(),
      open: z.enum(['true', 'false']).optional(),
      mine: z.enum(['true', 'false']).optional(),
    }),
    reply: page(FollowUp).extend({ counts: z.record(z.string(), z.number().int()) }),
  }),
  getFollowUp: defineRoute({
    method: 'GET',
    path: '/api/follow-ups/:id',
    tag,
    access: 'followup.read',
    summary: { zh: '一个改进案例', en: 'One follow-up' },
    params: IdParams,
    reply: FollowUpDetail,
  }),
  contactFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/contact',
    tag,
    access: 'followup.work',
    command: 'followup.contact',
    errors: ['state_forbids'],
    summary: { zh: '记录联系客户', en: 'Record a contact with the customer' },
    params: IdParams,
    body: z.object({
      outcome: z.enum(['reached', 'unreachable']),
      channel: z.enum(['call', 'message', 'visit', 'email', 'other']),
      words: text(2000, 0).default(''),
    }),
    reply,
  }),
  planFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/plan',
    tag,
    access: 'followup.work',
    command: 'followup.plan',
    errors: ['state_forbids', 'time_order'],
    summary: { zh: '计划：原因与措施', en: 'Plan: cause and action' },
    params: IdParams,
    body: z.object({ cause: Cause, action: text(2000), ownerId: Id, dueAt: Instant }),
    reply,
  }),
  doFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/do',
    tag,
    access: 'followup.work',
    command: 'followup.do',
    errors: ['state_forbids'],
    summary: { zh: '执行：措施已完成', en: 'Do: the action is done' },
    params: IdParams,
    body: z.object({ words: text(2000, 0).default('') }),
    reply,
  }),
  checkFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/check',
    tag,
    access: 'followup.work',
    command: 'followup.check',
    errors: ['state_forbids'],
    summary: { zh: '检查：效果如何', en: 'Check: did it help' },
    params: IdParams,
    body: z.object({
      method: z.enum(['resurvey', 'call']),
      effective: z.boolean(),
      score: z.number().min(0).max(100).nullable().default(null),
      words: text(2000),
    }),
    reply,
  }),
  actFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/act',
    tag,
    access: 'followup.work',
    command: 'followup.act',
    errors: ['state_forbids', 'followup_not_effective'],
    summary: { zh: '固化：改了什么', en: 'Act: what changes' },
    params: IdParams,
    body: z.object({ change: z.enum(['none', 'template', 'rule', 'article', 'training']), words: text(2000) }),
    reply,
  }),
  closeFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/close',
    tag,
    access: 'followup.work',
    command: 'followup.close',
    errors: ['state_forbids', 'followup_unchecked'],
    summary: { zh: '关闭案例', en: 'Close the case' },
    params: IdParams,
    body: z.object({}),
    reply,
  }),
  reassignFollowUp: defineRoute({
    method: 'POST',
    path: '/api/follow-ups/:id/reassign',
    tag,
    access: 'followup.work',
    command: 'followup.reassign',
    errors: ['state_forbids'],
    summary: { zh: '转交', en: 'Hand to somebody else' },
    params: IdParams,
    body: z.object({ ownerId: Id, reason: text(500) }),
    reply,
  }),
}

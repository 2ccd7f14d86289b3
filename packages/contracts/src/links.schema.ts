import { z } from 'zod'
import { Id, IdParams, Instant, Message, Ok, text } from './common.schema'
import { DocumentView, SignBody } from './documents.schema'
import { defineRoute } from './route'
import { SurveyAnswer, SurveyDefinition } from './surveys.schema'

/** Whatever came through the message: a link cut short must still say whom to call. */
export const Token = z.string().min(1).max(200)
export const linkAbilities = ['progress', 'code', 'document', 'signature', 'survey'] as const

export const LinkStep = z.object({
  key: z.enum(['received', 'scheduled', 'on_the_way', 'working', 'finished', 'accepted']),
  at: Instant.nullable(),
  state: z.enum(['done', 'now', 'todo']),
})

export const LinkPage = z.object({
  company: z.object({ name: z.string(), phone: z.string() }),
  zone: z.string(),
  order: z.object({ number: z.string().nullable(), title: z.string() }),
  site: z.object({ name: z.string(), address: z.string() }).nullable(),
  engineer: z.object({ name: z.string() }).nullable(),
  remote: z.boolean(),
  steps: z.array(LinkStep),
  /** Agreed time, else the planned range. */
  expected: z.object({ start: Instant, end: Instant.nullable(), agreed: z.boolean() }).nullable(),
  /** To be read out to the engineer at the door; gone once he has arrived. */
  arrivalCode: z.string().nullable(),
  documents: z.array(
    z.object({
      id: Id,
      title: z.object({ zh: z.string(), en: z.string() }),
      state: z.enum(['draft', 'filed', 'signed']),
      signedAt: Instant.nullable(),
      canSign: z.boolean(),
    }),
  ),
  acceptance: z.object({
    state: z.enum(['not_yet', 'awaiting', 'accepted', 'reworking']),
    canAccept: z.boolean(),
    canReject: z.boolean(),
    canConfirm: z.boolean(),
  }),
  survey: z.object({
    state: z.enum(['not_yet', 'open', 'answered', 'expired', 'elsewhere']),
    definition: SurveyDefinition.nullable(),
    expiresAt: Instant.nullable(),
  }),
  abilities: z.array(z.object({ key: z.enum(linkAbilities), expiresAt: Instant, open: z.boolean() })),
})

const tag = 'links'
const TokenParams = z.object({ token: Token })
const DocumentParams = TokenParams.extend({ id: Id })
const gone = ['link_unknown', 'link_expired'] as const

export const linksRoutes = {
  issueLink: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/link',
    tag,
    access: 'link.issue',
    command: 'link.issue',
    errors: ['link_channel'],
    summary: { zh: '生成客户链接', en: "Issue the customer's link" },
    params: IdParams,
    body: z.object({
      /** `contact`: goes to the contact's own phone and may answer the survey. `shown`: shown on a colleague's screen, without survey and code. */
      channel: z.enum(['contact', 'shown']),
    }),
    reply: z.object({
      url: z.string(),
      channel: z.enum(['contact', 'shown']),
      contact: z.object({ name: z.string(), phone: z.string().nullable() }).nullable(),
      message: Message,
      expiresAt: Instant,
    }),
  }),
  readLink: defineRoute({
    method: 'GET',
    path: '/api/link/:token',
    tag,
    access: 'link',
    errors: gone,
    summary: { zh: '客户查看进度', en: 'The customer looks at the progress' },
    params: TokenParams,
    reply: LinkPage,
  }),
  readLinkDocument: defineRoute({
    method: 'GET',
    path: '/api/link/:token/documents/:id',
    tag,
    access: 'link',
    errors: gone,
    summary: { zh: '客户阅读文档', en: 'The customer reads a document' },
    params: DocumentParams,
    reply: DocumentView.extend({ canSign: z.boolean() }),
  }),
  linkDocumentPdf: defineRoute({
    method: 'GET',
    path: '/api/link/:token/documents/:id/pdf',
    tag,
    access: 'link',
    errors: gone,
    summary: { zh: '客户下载文档', en: 'The customer downloads a document' },
    params: DocumentParams,
    query: z.object({ lang: z.enum(['zh-CN', 'en-US']).optional() }),
  }),
  linkPhoto: defineRoute({
    method: 'GET',
    path: '/api/link/:token/photos/:id',
    tag,
    access: 'link',
    errors: gone,
    summary: { zh: '客户查看文档照片', en: 'A photo of a document' },
    params: DocumentParams,
  }),
  signLinkDocument: defineRoute({
    method: 'POST',
    path: '/api/link/:token/documents/:id/sign',
    tag,
    access: 'link',
    command: 'link.sign',
    errors: [...gone, 'document_changed', 'document_incomplete', 'signature_unreadable'],
    summary: { zh: '客户签字', en: 'The customer signs' },
    params: DocumentParams,
    body: SignBody,
    reply: DocumentView.extend({ canSign: z.boolean(), already: z.boolean() }),
  }),
  acceptByLink: defineRoute({
    method: 'POST',
    path: '/api/link/:token/accept',
    tag,
    access: 'link',
    command: 'link.accept',
    errors: [...gone, 'state_forbids'],
    summary: { zh: '客户验收通过', en: 'The customer accepts the work' },
    params: TokenParams,
    body: z.object({}),
    reply: Ok,
  }),
  rejectByLink: defineRoute({
    method: 'POST',
    path: '/api/link/:token/reject',
    tag,
    access: 'link',
    command: 'link.reject',
    errors: [...gone, 'state_forbids'],
    summary: { zh: '客户验收不通过', en: 'The customer refuses the work' },
    params: TokenParams,
    body: z.object({ reason: text(500) }),
    reply: Ok,
  }),
  confirmByLink: defineRoute({
    method: 'POST',
    path: '/api/link/:token/confirm',
    tag,
    access: 'link',
    command: 'link.confirm',
    errors: [...gone, 'state_forbids'],
    summary: { zh: '客户确认远程服务', en: 'The customer confirms remote work' },
    params: TokenParams,
    body: z.object({}),
    reply: Ok,
  }),
  answerByLink: defineRoute({
    method: 'POST',
    path: '/api/link/:token/survey',
    tag,
    access: 'link',
    command: 'link.survey',
    errors: [...gone, 'survey_answered', 'survey_closed', 'survey_elsewhere'],
    summary: { zh: '客户评价', en: 'The customer answers the survey' },
    params: TokenParams,
    body: SurveyAnswer,
    reply: z.object({ ok: z.literal(true), good: z.boolean() }),
  }),
}

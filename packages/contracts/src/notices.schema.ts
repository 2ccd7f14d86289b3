import { z } from 'zod'
import { Id, Instant, Ok, Page, page } from './common.schema'
import { defineRoute } from './route'

export const Notice = z.object({
  id: Id,
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  subject: z.object({ kind: z.string(), id: Id }),
  urgency: z.enum(['urgent', 'normal', 'quiet']),
  createdAt: Instant,
  readAt: Instant.nullable(),
})

const tag = 'notices'

export const noticesRoutes = {
  listNotices: defineRoute({
    method: 'GET',
    path: '/api/notices',
    tag,
    access: 'self',
    summary: { zh: '我的消息', en: 'My notices' },
    query: Page.extend({ unread: z.enum(['true', 'false']).optional() }),
    reply: page(Notice).extend({ unread: z.number().int() }),
  }),
  readNotices: defineRoute({
    method: 'POST',
    path: '/api/notices/read',
    tag,
    access: 'self',
    command: 'notice.read',
    summary: { zh: '标为已读', en: 'Mark as read' },
    body: z.object({ ids: z.array(Id).max(200).optional() }),
    reply: Ok,
  }),
}

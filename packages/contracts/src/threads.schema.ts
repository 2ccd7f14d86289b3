import { z } from 'zod'
import { Can, Id, Instant, Ok, PersonRef, text } from './common.schema'
import { defineRoute } from './route'

export const ThreadKind = z.enum(['order', 'visit', 'project'])
export const Photo = z.object({
  id: Id,
  width: z.number().int(),
  height: z.number().int(),
  url: z.string(),
  thumbUrl: z.string(),
})
export const ThreadMessage = z.object({
  id: Id,
  author: PersonRef,
  body: z.string(),
  mentions: z.array(PersonRef),
  photos: z.array(Photo),
  writtenAt: Instant,
  mine: z.boolean(),
})
export const Thread = z.object({
  kind: ThreadKind,
  subjectId: Id,
  title: z.string(),
  messages: z.array(ThreadMessage),
  /** Cursor of the page before; null at the beginning. */
  earlier: z.string().nullable(),
  /** How far each person has read. */
  reads: z.array(z.object({ person: PersonRef, readAt: Instant })),
  unread: z.number().int(),
  can: Can,
})

const tag = 'threads'
const SubjectParams = z.object({ kind: ThreadKind, id: Id })

export const threadsRoutes = {
  readThread: defineRoute({
    method: 'GET',
    path: '/api/threads/:kind/:id',
    tag,
    access: 'thread.read',
    summary: { zh: '沟通记录', en: 'The thread of an order, visit or project' },
    params: SubjectParams,
    query: z.object({
      before: z.string().max(100).optional(),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    reply: Thread,
  }),
  mentionable: defineRoute({
    method: 'GET',
    path: '/api/threads/:kind/:id/people',
    tag,
    access: 'thread.write',
    summary: { zh: '可以 @ 的同事', en: 'Colleagues who can be mentioned here' },
    params: SubjectParams,
    query: z.object({ q: z.string().max(50).optional() }),
    reply: z.object({ people: z.array(PersonRef) }),
  }),
  uploadPhoto: defineRoute({
    method: 'PUT',
    path: '/api/thread-photos/:sha256',
    tag,
    access: 'thread.write',
    raw: true,
    errors: ['file_hash_mismatch', 'file_unreadable', 'file_too_many_pixels', 'body_too_large'],
    summary: { zh: '上传沟通图片', en: 'Upload a photo for a message' },
    params: z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
    reply: z.object({ sha256: z.string(), width: z.number().int(), height: z.number().int(), mediaType: z.string() }),
  }),
  postMessage: defineRoute({
    method: 'POST',
    path: '/api/threads/:kind/:id/messages',
    tag,
    access: 'thread.write',
    command: 'thread.post',
    offline: 'append',
    errors: ['thread_photo_missing', 'thread_mention_outside', 'thread_empty'],
    summary: { zh: '发送消息', en: 'Post a message' },
    params: SubjectParams,
    body: z.object({
      id: Id.optional(),
      body: text(4000, 0).default(''),
      mentions: z.array(Id).max(20).default([]),
      photos: z
        .array(z.string().regex(/^[0-9a-f]{64}$/))
        .max(9)
        .default([]),
    }),
    reply: ThreadMessage,
  }),
  markRead: defineRoute({
    method: 'POST',
    path: '/api/threads/:kind/:id/read',
    tag,
    access: 'thread.read',
    command: 'thread.markRead',
    offline: 'append',
    summary: { zh: '标为已读', en: 'Mark the thread as read' },
    params: SubjectParams,
    body: z.object({}),
    reply: Ok,
  }),
  messagePhoto: defineRoute({
    method: 'GET',
    path: '/api/message-photos/:id',
    tag,
    access: 'thread.read',
    summary: { zh: '查看沟通图片', en: 'A photo of a message' },
    params: z.object({ id: Id }),
    query: z.object({ size: z.enum(['thumb', 'full']).default('full') }),
  }),
}

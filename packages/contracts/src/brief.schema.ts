import { z } from 'zod'
import { Id, IdParams, Instant, PersonRef } from './common.schema'
import { OrderStateCode, Priority } from './orders.schema'
import { defineRoute } from './route'
import { VisitResult } from './visits.schema'
import { BringLine } from './worksheets.schema'

const Words = z.object({ zh: z.string(), en: z.string() })

/** What an engineer wants to know before he sets out. What stands with the visit itself (hours, entry, contact) is not repeated. */
export const Brief = z.object({
  /** The visit's. */
  id: Id,
  bring: z.array(
    BringLine.omit({ part: true, qty: true, name: true }).extend({
      name: Words,
      qty: z.number(),
      part: z.string().nullable(),
      /** The checklist that says so. */
      from: Words,
    }),
  ),
  /** Earlier visits to this site, newest first. */
  history: z.array(
    z.object({
      visitId: Id,
      orderId: Id,
      orderNumber: z.string().nullable(),
      title: z.string(),
      at: Instant,
      result: VisitResult.nullable(),
      remaining: z.string().nullable(),
      engineer: PersonRef.nullable(),
      /** From the delivery document: what was found, what was done. */
      found: z.string().nullable(),
      done: z.string().nullable(),
    }),
  ),
  /** Other orders at this site that are still open. */
  open: z.array(
    z.object({
      orderId: Id,
      number: z.string().nullable(),
      title: z.string(),
      state: OrderStateCode,
      priority: Priority,
      since: Instant,
    }),
  ),
  /** What failed at the last visits here and nobody has ordered to be put right. */
  failed: z.array(z.object({ visitId: Id, at: Instant, label: Words, note: z.string().nullable() })),
  /** Equipment of the site, so that a scanned number means something in a basement. */
  assets: z.array(
    z.object({ id: Id, name: z.string(), model: z.string().nullable(), serial: z.string().nullable(), qr: z.string() }),
  ),
  /** Closed orders of the team that were like this one, and why they are thought so. */
  similar: z.array(
    z.object({
      orderId: Id,
      number: z.string().nullable(),
      title: z.string(),
      at: Instant,
      engineer: PersonRef.nullable(),
      model: z.string().nullable(),
      found: z.string().nullable(),
      done: z.string().nullable(),
      why: z.object({ model: z.boolean(), words: z.array(z.string()) }),
    }),
  ),
})

export const briefRoutes = {
  visitBrief: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/brief',
    tag: 'visits',
    access: 'visit.read',
    summary: { zh: '出发前：带什么、历史与相似案例', en: 'Before setting out: what to bring, history, similar cases' },
    params: IdParams,
    reply: Brief,
  }),
}

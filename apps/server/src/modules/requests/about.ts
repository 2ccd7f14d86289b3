// What requests, handovers, escalations and pending papers share: the order and the place that they are about, the
// photos that stand with them, and whose visit it is.

import type { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { permits } from '../../platform/policy'
import { readCursor } from '../../platform/search'
import { usersWithRole } from '../people'
import { findVisit, lockVisit, photoBytes, type VisitRow, visitScope } from '../visits'

export interface AboutColumns {
  order_id: string
  order_number: string | null
  order_title: string
  about_customer_id: string
  customer_name: string
  site_name: string | null
}
/** `alias` is the table that has the order_id. */
export const aboutColumns = sql`o.number as order_number, o.title as order_title, o.customer_id as about_customer_id,
  coalesce(c.short_name, c.name) as customer_name, s.name as site_name`
export const aboutJoins = (alias: Sql) =>
  sql`join orders o on o.id = ${alias}.order_id join customers c on c.id = o.customer_id left join sites s on s.id = o.site_id`

export const presentAbout = (r: AboutColumns) => ({
  orderId: r.order_id,
  orderNumber: r.order_number,
  orderTitle: r.order_title,
  customer: { id: r.about_customer_id, name: r.customer_name },
  siteName: r.site_name,
})

export const person = (id: string | null, name: string | null) => (id ? { id, name: name ?? '—' } : null)
export const iso = (d: Date | null) => d?.toISOString() ?? null

/** Photos of evidence by id, with whether their bytes have arrived; ids of other visits are nobody's. */
export const photosSql = (ids: Sql, visitId: Sql) => sql`coalesce((
  select json_agg(json_build_object('id', x.id, 'stored', x.stored_at is not null) order by x.taken_at, x.id)
  from evidence x where x.id = any(${ids}) and x.visit_id = ${visitId} and x.kind = 'photo'), '[]')`

/** The visit, locked, if the actor holds or held it: what he asks for stands, however the plan has moved on. */
export async function mine(ctx: Ctx, visitId: string): Promise<VisitRow> {
  const v = await lockVisit(ctx, visitId)
  const me = ctx.actor.id
  if (me === null) return fail('not_found')
  if (v.engineer_id === me && v.people.includes(me)) return v
  if (v.former.includes(me)) return v
  return fail(permits(ctx.actor, 'visit.read', visitScope(v)) ? 'forbidden' : 'not_found', { ability: 'visit.work' })
}

/** The same without a lock, for questions. */
export async function seenMine(ctx: Ctx, visitId: string): Promise<VisitRow> {
  const v = await findVisit(ctx, visitId)
  const me = ctx.actor.id
  if (v && me !== null && (v.former.includes(me) || (v.engineer_id === me && v.people.includes(me)))) return v
  return fail(v && permits(ctx.actor, 'visit.read', visitScope(v)) ? 'forbidden' : 'not_found', {
    ability: 'visit.work',
  })
}

/** When it happened: an offline phone says, corrected by its skew and never later than now. */
export const momentOf = (ctx: Ctx): Date =>
  ctx.command?.offline && ctx.command.atDevice
    ? new Date(Math.min(ctx.command.atDevice.getTime() - (ctx.command.skewMs ?? 0), ctx.now.getTime()))
    : ctx.now

/** Whoever answers for the plan of a team: its dispatchers; without any, its supervisors. */
export async function deskOf(ctx: Ctx, teamId: string | null): Promise<string[]> {
  const dispatchers = await usersWithRole(ctx.db, 'dispatcher', teamId)
  return (dispatchers.length > 0 ? dispatchers : await usersWithRole(ctx.db, 'supervisor', teamId)).map((u) => u.id)
}
export const supervisorsOf = async (ctx: Ctx, teamId: string | null) =>
  (await usersWithRole(ctx.db, 'supervisor', teamId)).map((u) => u.id)

export async function sendPhoto(ctx: Ctx, reply: FastifyReply, id: string, size: 'thumb' | 'full') {
  const bytes: Readable | Buffer | null = await photoBytes(ctx, id, size)
  if (!bytes) return fail('evidence_not_stored')
  return reply
    .header('content-type', 'image/jpeg')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, max-age=86400')
    .send(bytes)
}

/** Photos that are declared for another visit are not this one's to show; what is not declared yet may still come. */
export async function checkPhotos(ctx: Ctx, visitId: string | null, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const foreign = await ctx.db.maybe(
    sql`select 1 from evidence where id = any(${ids}::uuid[]) and visit_id is distinct from ${visitId}::uuid limit 1`,
  )
  if (foreign) fail('evidence_unknown')
}

/** The caller's revision was the request's; what the answer changes besides is locked and judged by itself. */
export function forgetRev(ctx: Ctx): void {
  if (ctx.command) delete ctx.command.baseRev
}

/** A page's cursor: instant and id of its last row. */
export const pageAt = (after: string | undefined) => {
  const [at, id] = (readCursor(after, 2) ?? []) as [string?, string?]
  return at && id ? { at, id } : null
}

/** What a notice says of the order behind it. */
export const noticeAbout = (r: AboutColumns) => ({
  orderId: r.order_id,
  orderNumber: r.order_number,
  title: r.order_title,
  customerName: r.customer_name,
})

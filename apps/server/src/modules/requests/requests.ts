// Requests from the site. Asking is always taken, however late it comes; help is answered by whoever can, parts, people
// and time are given by a desk, and giving them changes the plan in the same transaction.

import type { z } from 'zod'
import type { RequestRow, requestsRoutes } from '#contracts/requests.schema'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { type Actor, authorise, permits, type ScopeRow, scopeSql } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { assign } from '../dispatch'
import { tell } from '../notices'
import { say } from '../threads'
import { extendVisit, lockVisit, offerVisit, planVisit, takeFor, type VisitRow } from '../visits'
import { findOrder, linkAggregate, triageOrder } from '../workorders'
import {
  type AboutColumns,
  aboutColumns,
  aboutJoins,
  checkPhotos,
  deskOf,
  forgetRev,
  iso,
  mine,
  momentOf,
  noticeAbout,
  pageAt,
  person,
  photosSql,
  presentAbout,
  supervisorsOf,
} from './about'
import { readPolicy } from './policy'

constraintErrors.set('requests_pkey', () => new CodedError('request_exists'))
constraintErrors.set('requests_helper_id_fkey', () => new CodedError('engineer_unknown', {}))

type Wire = z.input<typeof RequestRow>
export type Kind = Wire['kind']

interface Row extends AboutColumns, ScopeRow {
  id: string
  kind: Kind
  state: Wire['state']
  urgency: Wire['urgency']
  visit_id: string
  asked_by: string
  asked_name: string
  asked_at: Date
  reason: string
  skill: string | null
  skill_name: string | null
  parts: Wire['parts']
  until_at: Date | null
  was_at: Date | null
  duration_min: number | null
  photos: Wire['photos']
  helper_id: string | null
  helper_name: string | null
  answer: string | null
  answered_by: string | null
  answered_name: string | null
  answered_at: Date | null
  ready_at: Date | null
  made_visit_id: string | null
  due_at: Date
  closed_at: Date | null
  rev: number
  changed_at: Date
}

const selected = sql`select r.id, r.kind, r.state, r.urgency, r.order_id, r.visit_id, r.asked_by, a.name as asked_name, r.asked_at, r.reason, r.skill, k.name as skill_name,
    r.parts, r.until_at, r.was_at, r.duration_min, ${photosSql(sql`r.photo_ids`, sql`r.visit_id`)} as photos, r.helper_id, h.name as helper_name,
    r.answer, r.answered_by, w.name as answered_name, r.answered_at, r.ready_at, r.made_visit_id, r.due_at, r.closed_at, r.team_id, r.customer_id, r.people,
    r.rev, r.changed_at, ${aboutColumns}
  from requests r ${aboutJoins(sql`r`)} join users a on a.id = r.asked_by left join users h on h.id = r.helper_id left join users w on w.id = r.answered_by
    left join skills k on k.code = r.skill`

const open = (r: Pick<Row, 'state'>) => r.state === 'open' || r.state === 'accepted'
const decided = (kind: Kind) => kind !== 'help'

function canOf(actor: Actor, r: Row) {
  const asker = r.asked_by === actor.id
  const answers = permits(actor, 'request.answer', r)
  const decides = permits(actor, 'request.decide', r)
  return {
    accept: answers && !asker && r.kind === 'help' && r.state === 'open',
    answer: answers && !asker && r.kind === 'help' && open(r),
    approve: decides && decided(r.kind) && open(r),
    decline: decides && open(r),
    done: answers && (asker || decides) && ['answered', 'approved'].includes(r.state),
    withdraw: asker && open(r),
  }
}

export const presentRequest = (actor: Actor, r: Row): Wire => ({
  id: r.id,
  rev: r.rev,
  kind: r.kind,
  state: r.state,
  urgency: r.urgency,
  ...presentAbout(r),
  visitId: r.visit_id,
  askedBy: { id: r.asked_by, name: r.asked_name },
  askedAt: r.asked_at.toISOString(),
  reason: r.reason,
  skill: r.skill ? { code: r.skill, name: r.skill_name ?? r.skill } : null,
  parts: r.parts,
  until: iso(r.until_at),
  was: iso(r.was_at),
  photos: r.photos,
  helper: person(r.helper_id, r.helper_name),
  answer: r.answer,
  answeredBy: person(r.answered_by, r.answered_name),
  answeredAt: iso(r.answered_at),
  readyAt: iso(r.ready_at),
  madeVisitId: r.made_visit_id,
  dueAt: r.due_at.toISOString(),
  closedAt: iso(r.closed_at),
  can: canOf(actor, r),
})

const find = (ctx: Pick<Ctx, 'db'>, id: string) => ctx.db.maybe<Row>(sql`${selected} where r.id = ${id}`)

export async function readRequest(ctx: Ctx, id: string): Promise<Row> {
  const r = await find(ctx, id)
  if (!r) return fail('not_found')
  authorise(ctx.actor, 'request.read', r, 'request.read')
  return r
}

export const shownRequest = async (ctx: Ctx, id: string) => presentRequest(ctx.actor, await readRequest(ctx, id))

/** Rows of whoever asks, for his phone: what he asked and what he is asked. */
export const requestsOf = async (ctx: Ctx, from: Date) =>
  (
    await ctx.db.query<Row>(sql`${selected} where r.people @> array[${ctx.actor.id}]::uuid[] and ${scopeSql(ctx.actor, 'request.read', 'r')}
      and (r.asked_at >= ${from} or r.state in ('open', 'accepted')) order by r.asked_at desc limit 300`)
  ).map((r) => presentRequest(ctx.actor, r))

type ListQuery = z.output<typeof requestsRoutes.listRequests.query>
export async function listRequests(ctx: Ctx, q: ListQuery) {
  const at = pageAt(q.after)
  const rows = await ctx.db.query<Row>(sql`${selected}
    where ${scopeSql(ctx.actor, 'request.read', 'r')}
      and (${q.state} = 'all' or (r.state in ('open', 'accepted')) = (${q.state} = 'open'))
      and (${q.kind ?? null}::text[] is null or r.kind = any(${q.kind ?? null}::text[]))
      and (${q.visitId ?? null}::uuid is null or r.visit_id = ${q.visitId ?? null}::uuid)
      and (${q.scope} = 'all' or r.people @> array[${ctx.actor.id}]::uuid[])
      and (${at?.at ?? null}::timestamptz is null or (r.asked_at, r.id) < (${at?.at ?? null}::timestamptz, ${at?.id ?? null}::uuid))
    order by r.asked_at desc, r.id desc limit ${q.limit + 1}`)
  return pageOf(
    rows,
    q.limit,
    (r) => [r.asked_at.toISOString(), r.id],
    (r) => presentRequest(ctx.actor, r),
  )
}

/** Colleagues who know the subject, best first; the asker's own team before others. */
const expertsIn = (ctx: Ctx, skill: string | null, teamId: string | null) =>
  ctx.db.query<{ id: string }>(sql`
    select e.user_id as id from engineers e join users u on u.id = e.user_id join engineer_skills s on s.engineer_id = e.user_id
    where s.skill_code = ${skill} and u.disabled_at is null and u.id <> ${ctx.actor.id}
    order by (u.team_id is not distinct from ${teamId}::uuid) desc, s.level desc, u.id limit 8`)

export interface Ask {
  id?: string | undefined
  kind: Kind
  urgency: 'urgent' | 'normal'
  reason: string
  skill?: string | undefined
  helperId?: string | undefined
  parts: Wire['parts']
  until?: string | undefined
  durationMin?: number
  photoIds: string[]
  /** The order that it is about, when it is not the visit's. */
  orderId?: string
}

/** Writes a request of the engineer who holds (or held) the visit and tells those who can answer it. */
export async function ask(ctx: Ctx, v: VisitRow, a: Ask): Promise<string> {
  const id = a.id ?? newId()
  const me = ctx.actor.id as string
  if (a.until && Date.parse(a.until) <= v.planned_start.getTime()) fail('time_order')
  if (a.skill && !(await ctx.db.maybe(sql`select 1 from skills where code = ${a.skill}`))) fail('skill_unknown')
  await checkPhotos(ctx, v.id, a.photoIds)
  const at = momentOf(ctx)
  const policy = await readPolicy(ctx)
  const experts =
    a.kind === 'help'
      ? a.helperId
        ? [a.helperId]
        : (await expertsIn(ctx, a.skill ?? null, v.team_id)).map((e) => e.id)
      : []
  const scope = {
    team_id: v.team_id,
    customer_id: v.customer_id,
    people: [...new Set([me, ...experts])],
  }
  await ctx.db.run(sql`
    insert into requests (id, kind, state, urgency, order_id, visit_id, asked_by, asked_at, reason, skill, parts, until_at, was_at, duration_min, photo_ids,
      helper_id, due_at, team_id, customer_id, people, changed_at)
    values (${id}, ${a.kind}, 'open', ${a.urgency}, ${a.orderId ?? v.order_id}, ${v.id}, ${me}, ${at}, ${a.reason}, ${a.skill ?? null}, ${JSON.stringify(a.parts)}::jsonb,
      ${a.until ? new Date(a.until) : null}, ${a.until ? v.planned_end : null}, ${a.durationMin ?? null}, ${a.photoIds}::uuid[], ${a.helperId ?? null},
      ${new Date(ctx.now.getTime() + policy.answerMin[a.urgency] * 60_000)}, ${scope.team_id}, ${scope.customer_id}, ${scope.people}::uuid[], ${ctx.now})`)
  const r = (await find(ctx, id)) as Row
  await ctx.emit({
    type: 'request.asked',
    aggregate: 'request',
    aggregateId: id,
    payload: {
      kind: a.kind,
      urgency: a.urgency,
      visitId: v.id,
      orderId: r.order_id,
      parts: a.parts,
      until: a.until ?? null,
    },
    reason: a.reason,
    occurredAt: at,
    scope,
  })
  await linkAggregate(ctx, r.order_id, id)
  await say(ctx, { kind: 'order', id: r.order_id, body: a.reason, at })
  const urgency = a.urgency === 'urgent' ? 'urgent' : 'normal'
  const about = { by: ctx.actor.name, kind: a.kind, reason: a.reason, ...noticeAbout(r) }
  const subject = { kind: 'request', id }
  if (experts.length > 0) await tell(ctx, { userIds: experts, code: 'help_wanted', urgency, subject, params: about })
  const desk = (await deskOf(ctx, v.team_id)).filter((d) => !experts.includes(d))
  await tell(ctx, { userIds: desk, code: `request_${a.kind}`, urgency, subject, params: about })
  return id
}

export async function askVisit(ctx: Ctx, visitId: string, b: z.output<typeof requestsRoutes.askVisit.body>) {
  return shownRequest(ctx, await ask(ctx, await mine(ctx, visitId), b))
}

// ── answers ──

async function locked(ctx: Ctx, id: string, ability: 'request.answer' | 'request.decide'): Promise<Row> {
  // Who changes the plan locks the order and the visit first, as everybody does; the request comes after them.
  const seen = await find(ctx, id)
  if (!seen) return fail('not_found')
  authorise(ctx.actor, ability, seen, 'request.read')
  await lockVisit(ctx, seen.visit_id)
  await ctx.db.run(sql`select 1 from requests where id = ${id} for update`)
  const r = (await find(ctx, id)) as Row
  checkRev(ctx, r)
  forgetRev(ctx)
  return r
}

const requireOpen = (r: Row) => {
  if (!open(r)) fail('request_closed', { state: r.state })
}

interface Change {
  state: Wire['state']
  answer?: string | null
  readyAt?: Date | null
  helperId?: string
  madeVisitId?: string | null
  closes?: boolean
}

async function settle(ctx: Ctx, r: Row, c: Change): Promise<Wire> {
  const answers = ['answered', 'approved', 'declined'].includes(c.state)
  await ctx.db.run(sql`
    update requests set state = ${c.state}, answer = coalesce(${c.answer ?? null}, answer), ready_at = coalesce(${c.readyAt ?? null}, ready_at),
      helper_id = coalesce(${c.helperId ?? null}, helper_id), made_visit_id = coalesce(${c.madeVisitId ?? null}, made_visit_id),
      answered_by = case when ${answers} then ${ctx.actor.id}::uuid else answered_by end,
      answered_at = case when ${answers} then ${ctx.now}::timestamptz else answered_at end,
      closed_at = case when ${c.closes ?? false} then ${ctx.now}::timestamptz else closed_at end,
      people = case when ${ctx.actor.id}::uuid = any(people) or ${c.state} <> 'accepted' then people else people || ${ctx.actor.id}::uuid end,
      rev = rev + 1, changed_at = ${ctx.now} where id = ${r.id}`)
  await ctx.emit({
    type: `request.${c.state}`,
    aggregate: 'request',
    aggregateId: r.id,
    payload: {
      kind: r.kind,
      visitId: r.visit_id,
      orderId: r.order_id,
      ...(c.readyAt ? { readyAt: c.readyAt.toISOString() } : {}),
      ...(c.madeVisitId ? { madeVisitId: c.madeVisitId } : {}),
    },
    reason: c.answer ?? null,
    scope: r,
  })
  if (c.answer) await say(ctx, { kind: 'order', id: r.order_id, body: c.answer })
  if (ctx.actor.id !== r.asked_by && ['accepted', 'answered', 'approved', 'declined'].includes(c.state))
    await tell(ctx, {
      userIds: [r.asked_by],
      code: `request_${c.state}`,
      urgency: r.urgency === 'urgent' ? 'urgent' : 'normal',
      subject: { kind: 'request', id: r.id },
      params: { by: ctx.actor.name, kind: r.kind, answer: c.answer ?? null, ...noticeAbout(r) },
    })
  return presentRequest(ctx.actor, (await find(ctx, r.id)) as Row)
}

const notByAsker = (ctx: Ctx, r: Row) => {
  if (r.asked_by === ctx.actor.id) fail('request_not_yours', { who: r.helper_name ?? '—' })
}
const onlyHelp = (r: Row) => {
  if (r.kind !== 'help') fail('request_other_kind')
}

export async function acceptRequest(ctx: Ctx, id: string) {
  const r = await locked(ctx, id, 'request.answer')
  onlyHelp(r)
  notByAsker(ctx, r)
  // The first who takes it has it; a second one's yes is an answer that came too late.
  if (r.state === 'accepted' && r.helper_id !== ctx.actor.id) fail('request_closed', { state: r.state })
  requireOpen(r)
  return settle(ctx, r, { state: 'accepted', helperId: ctx.actor.id as string })
}

export async function answerRequest(ctx: Ctx, id: string, b: { answer: string }) {
  const r = await locked(ctx, id, 'request.answer')
  onlyHelp(r)
  notByAsker(ctx, r)
  requireOpen(r)
  return settle(ctx, r, {
    state: 'answered',
    answer: b.answer,
    ...(r.helper_id ? {} : { helperId: ctx.actor.id as string }),
  })
}

export async function declineRequest(ctx: Ctx, id: string, b: { answer: string }) {
  const r = await locked(ctx, id, 'request.decide')
  requireOpen(r)
  return settle(ctx, r, { state: 'declined', answer: b.answer, closes: true })
}

export async function doneRequest(ctx: Ctx, id: string) {
  const r = await locked(ctx, id, 'request.answer')
  if (r.asked_by !== ctx.actor.id && !permits(ctx.actor, 'request.decide', r))
    fail('request_not_yours', { who: r.asked_name })
  if (!['answered', 'approved'].includes(r.state)) fail('request_closed', { state: r.state })
  return settle(ctx, r, { state: 'done', closes: true })
}

export async function withdrawRequest(ctx: Ctx, id: string) {
  const r = await locked(ctx, id, 'request.answer')
  if (r.asked_by !== ctx.actor.id) fail('request_not_yours', { who: r.asked_name })
  requireOpen(r)
  return settle(ctx, r, { state: 'withdrawn', closes: true })
}

type Approve = z.output<typeof requestsRoutes.approveRequest.body>

/** Yes: more time moves the visit's end, a colleague is offered his visit, a reported problem becomes a visit of the same trip. */
export async function approveRequest(ctx: Ctx, id: string, b: Approve) {
  const r = await locked(ctx, id, 'request.decide')
  if (!decided(r.kind)) fail('request_other_kind')
  requireOpen(r)
  const change: Change = {
    state: 'approved',
    answer: b.answer ?? null,
    readyAt: b.readyAt ? new Date(b.readyAt) : null,
  }
  if (r.kind === 'time' && r.until_at) await extendVisit(ctx, r.visit_id, { end: r.until_at, reason: r.reason })
  if (r.kind === 'colleague' && b.engineerId) change.madeVisitId = await sendAlong(ctx, r, b)
  if (r.kind === 'now') change.madeVisitId = await doNow(ctx, r)
  return settle(ctx, r, change)
}

async function sendAlong(ctx: Ctx, r: Row, b: Approve): Promise<string | null> {
  // Judged by the dispatcher's own rules: who may send somebody is asked there as well.
  const { visits } = await assign(ctx, r.order_id, {
    crew: [{ engineerId: b.engineerId as string, role: 'member', required: true }],
    start: b.start ?? ctx.now.toISOString(),
    reason: r.reason,
    override: b.override,
    additional: true,
  })
  return visits[0]?.id ?? null
}

/** The engineer is there and has said that he would: planned behind what he does now, and taken by his own word. */
async function doNow(ctx: Ctx, r: Row): Promise<string> {
  const order = await findOrder(ctx, r.order_id)
  if (!order) return fail('not_found')
  if (order.state === 'new') {
    await triageOrder(ctx, r.order_id, {})
  }
  const at = await lockVisit(ctx, r.visit_id)
  const start = new Date(Math.max(ctx.now.getTime(), at.planned_end.getTime()))
  const planned = await planVisit(ctx, {
    orderId: r.order_id,
    engineerId: r.asked_by,
    start,
    end: new Date(start.getTime() + (r.duration_min ?? 30) * 60_000),
    mode: 'onsite',
    travelMin: 0,
  })
  await offerVisit(ctx, planned.id, { engineerId: r.asked_by, reason: r.reason, by: 'person' })
  await takeFor(ctx, planned.id, r.asked_by)
  return planned.id
}

/** Requests that nobody answered in their time go to the supervisors, once. */
export async function remindOfRequests(ctx: Ctx): Promise<void> {
  const due =
    await ctx.db.query<Row>(sql`${selected} where r.state in ('open', 'accepted') and r.due_at <= ${ctx.now} and not r.told_overdue
    order by r.due_at limit 200`)
  for (const r of due) {
    await tell(ctx, {
      userIds: [...(await supervisorsOf(ctx, r.team_id)), ...(await deskOf(ctx, r.team_id))],
      code: 'request_overdue',
      urgency: 'urgent',
      subject: { kind: 'request', id: r.id },
      params: { by: r.asked_name, kind: r.kind, reason: r.reason, ...noticeAbout(r) },
    })
    await ctx.db.run(sql`update requests set told_overdue = true where id = ${r.id}`)
  }
}

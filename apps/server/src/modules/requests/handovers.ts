// 交接: a colleague takes over what is open of a visit, and accepts it. Before anybody has arrived the visit is
// reassigned to him by the rules that bind a dispatcher; once the work has begun the visit ends `partial` in the words of
// the one who leaves, and a successor in its place is planned for the time that the colleague names. His acceptance is
// his take: nobody is asked twice.

import type { z } from 'zod'
import type { HandoverRow, requestsRoutes } from '#contracts/requests.schema'
import { can as lifecyclePermits, VISIT_ENDED } from '#lifecycle'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { type Actor, authorise, permits, type ScopeRow, scopeSql } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { continueWith, passOn } from '../dispatch'
import { requiredMissing } from '../documents'
import { tell } from '../notices'
import { say } from '../threads'
import { adoptPhotos, leavePartial, lockVisit, takeFor, type VisitRow } from '../visits'
import { linkAggregate } from '../workorders'
import {
  type AboutColumns,
  aboutColumns,
  aboutJoins,
  deskOf,
  forgetRev,
  iso,
  mine,
  momentOf,
  noticeAbout,
  pageAt,
  presentAbout,
} from './about'
import { happenedOffline } from './lost'

constraintErrors.set('handovers_pkey', () => new CodedError('request_exists'))
constraintErrors.set('handovers_one_open', () => new CodedError('handover_open', { name: '—' }))
constraintErrors.set('handovers_to_id_fkey', () => new CodedError('engineer_unknown', {}))

type Wire = z.output<typeof HandoverRow>
type Item = { code: string; params: Record<string, unknown> }

interface Row extends AboutColumns, ScopeRow {
  id: string
  kind: Wire['kind']
  state: Wire['state']
  visit_id: string
  visit_state: Wire['visitState']
  planned_start: Date
  planned_end: Date
  from_id: string
  from_name: string
  to_id: string
  to_name: string
  asked_at: Date
  reason: string
  remaining: string | null
  keys: string | null
  promises: string | null
  items: Item[]
  photos: Wire['photos']
  answer: string | null
  answered_at: Date | null
  successor_id: string | null
  rev: number
  changed_at: Date
}

// Of lost work the photos of the one who did it are shown: the visit that has them is not the colleague's to read.
const selected = sql`select r.id, r.kind, r.state, r.order_id, r.visit_id, v.state as visit_state, v.planned_start, v.planned_end, r.from_id, f.name as from_name,
    r.to_id, t.name as to_name, r.asked_at, r.reason, r.remaining, r.keys, r.promises, r.items, r.answer, r.answered_at, r.successor_id,
    coalesce((select json_agg(json_build_object('id', x.id, 'stored', x.stored_at is not null) order by x.taken_at, x.id)
      from evidence x where x.visit_id = r.visit_id and x.kind = 'photo' and x.taken_by = r.from_id), '[]') as photos,
    r.team_id, r.customer_id, r.people, r.rev, r.changed_at, ${aboutColumns}
  from handovers r ${aboutJoins(sql`r`)} join visits v on v.id = r.visit_id join users f on f.id = r.from_id join users t on t.id = r.to_id`

const present = (actor: Actor, r: Row): Wire => ({
  id: r.id,
  rev: r.rev,
  kind: r.kind,
  state: r.state,
  ...presentAbout(r),
  visitId: r.visit_id,
  visitState: r.visit_state,
  planned: { start: r.planned_start.toISOString(), end: r.planned_end.toISOString() },
  from: { id: r.from_id, name: r.from_name },
  to: { id: r.to_id, name: r.to_name },
  askedAt: r.asked_at.toISOString(),
  reason: r.reason,
  remaining: r.remaining,
  keys: r.keys,
  promises: r.promises,
  items: r.items,
  photos: r.photos,
  answer: r.answer,
  answeredAt: iso(r.answered_at),
  successorId: r.successor_id,
  can: {
    accept: r.state === 'open' && r.to_id === actor.id && permits(actor, 'handover.answer', r),
    decline: r.state === 'open' && r.to_id === actor.id && permits(actor, 'handover.answer', r),
    withdraw: r.state === 'open' && r.from_id === actor.id && permits(actor, 'handover.answer', r),
  },
})

const find = (ctx: Pick<Ctx, 'db'>, id: string) => ctx.db.maybe<Row>(sql`${selected} where r.id = ${id}`)

export async function readHandover(ctx: Ctx, id: string): Promise<Row> {
  const r = await find(ctx, id)
  if (!r) return fail('not_found')
  authorise(ctx.actor, 'handover.read', r, 'handover.read')
  return r
}
export const shownHandover = async (ctx: Ctx, id: string) => present(ctx.actor, await readHandover(ctx, id))

export const handoversOf = async (ctx: Ctx, from: Date) =>
  (
    await ctx.db.query<Row>(sql`${selected} where r.people @> array[${ctx.actor.id}]::uuid[] and ${scopeSql(ctx.actor, 'handover.read', 'r')}
      and (r.asked_at >= ${from} or r.state = 'open') order by r.asked_at desc limit 100`)
  ).map((r) => present(ctx.actor, r))

export async function listHandovers(ctx: Ctx, q: z.output<typeof requestsRoutes.listHandovers.query>) {
  const at = pageAt(q.after)
  const rows = await ctx.db.query<Row>(sql`${selected}
    where ${scopeSql(ctx.actor, 'handover.read', 'r')}
      and (${q.state} = 'all' or (r.state = 'open') = (${q.state} = 'open'))
      and (${q.scope} = 'all' or r.people @> array[${ctx.actor.id}]::uuid[])
      and (${at?.at ?? null}::timestamptz is null or (r.asked_at, r.id) < (${at?.at ?? null}::timestamptz, ${at?.id ?? null}::uuid))
    order by r.asked_at desc, r.id desc limit ${q.limit + 1}`)
  return pageOf(
    rows,
    q.limit,
    (r) => [r.asked_at.toISOString(), r.id],
    (r) => present(ctx.actor, r),
  )
}

/** What the facts say is open of a visit; the words of the one who hands it over come besides. */
export async function openWork(ctx: Ctx, v: VisitRow): Promise<Item[]> {
  const items: Item[] = []
  const f = v.fold
  if (f.remaining) items.push({ code: 'remaining', params: { text: f.remaining } })
  if (f.appointment && f.arrivedAt === null)
    items.push({ code: 'appointment', params: { start: new Date(f.appointment.start).toISOString() } })
  for (const d of await requiredMissing(ctx, v.id))
    items.push({ code: 'document', params: { zh: d.title.zh, en: d.title.en, missing: d.missing.length } })
  const asked = await ctx.db.query<{ kind: string; reason: string }>(
    sql`select kind, reason from requests where visit_id = ${v.id} and state in ('open', 'accepted') order by asked_at`,
  )
  for (const r of asked) items.push({ code: 'request', params: { kind: r.kind, text: r.reason } })
  const escalated = await ctx.db.query<{ number: string; title: string }>(
    sql`select number, title from escalations where order_id = ${v.order_id} and state <> 'closed' order by raised_at`,
  )
  for (const e of escalated) items.push({ code: 'escalation', params: { number: e.number, text: e.title } })
  return items
}

export async function offerHandover(
  ctx: Ctx,
  visitId: string,
  b: z.output<typeof requestsRoutes.offerHandover.body>,
): Promise<Wire> {
  const v = await mine(ctx, visitId)
  const me = ctx.actor.id as string
  if (b.toId === me) fail('handover_to_self')
  // No longer his: what he did meanwhile is what there is to give.
  const kind = v.engineer_id === me && !['reassigned', 'cancelled'].includes(v.state) ? 'visit' : 'work'
  if (kind === 'visit' && VISIT_ENDED.includes(v.state)) fail('handover_over')
  if (kind === 'visit') {
    const open = await ctx.db.maybe<{ name: string }>(
      sql`select u.name from handovers h join users u on u.id = h.to_id where h.visit_id = ${v.id} and h.state = 'open' and h.kind = 'visit'`,
    )
    if (open) fail('handover_open', { name: open.name })
  }
  const id = b.id ?? newId()
  const at = momentOf(ctx)
  const items = kind === 'visit' ? await openWork(ctx, v) : await happenedOffline(ctx, v.id)
  const scope = { team_id: v.team_id, customer_id: v.customer_id, people: [me, b.toId] }
  await ctx.db.run(sql`
    insert into handovers (id, kind, state, order_id, visit_id, from_id, to_id, asked_at, reason, remaining, keys, promises, items, team_id, customer_id, people, changed_at)
    values (${id}, ${kind}, 'open', ${v.order_id}, ${v.id}, ${me}, ${b.toId}, ${at}, ${b.reason}, ${b.remaining ?? null}, ${b.keys ?? null}, ${b.promises ?? null},
      ${JSON.stringify(items)}::jsonb, ${scope.team_id}, ${scope.customer_id}, ${scope.people}::uuid[], ${ctx.now})`)
  const r = (await find(ctx, id)) as Row
  await ctx.emit({
    type: 'handover.offered',
    aggregate: 'handover',
    aggregateId: id,
    payload: { kind, visitId: v.id, orderId: v.order_id, toId: b.toId, remaining: b.remaining ?? null },
    reason: b.reason,
    occurredAt: at,
    scope,
  })
  await linkAggregate(ctx, v.order_id, id)
  const params = { by: ctx.actor.name, to: r.to_name, reason: b.reason, ...noticeAbout(r) }
  const subject = { kind: 'handover', id }
  await tell(ctx, {
    userIds: [b.toId],
    code: kind === 'visit' ? 'handover_offered' : 'handover_work',
    urgency: 'urgent',
    subject,
    params,
  })
  await tell(ctx, { userIds: await deskOf(ctx, v.team_id), code: 'handover_asked', subject, params })
  return present(ctx.actor, r)
}

async function locked(ctx: Ctx, id: string): Promise<{ r: Row; v: VisitRow }> {
  const seen = await find(ctx, id)
  if (!seen) return fail('not_found')
  authorise(ctx.actor, 'handover.answer', seen, 'handover.read')
  const v = await lockVisit(ctx, seen.visit_id)
  await ctx.db.run(sql`select 1 from handovers where id = ${id} for update`)
  const r = (await find(ctx, id)) as Row
  checkRev(ctx, r)
  forgetRev(ctx)
  return { r, v }
}

async function settle(
  ctx: Ctx,
  r: Row,
  c: { state: 'accepted' | 'declined' | 'withdrawn'; answer?: string | null; successorId?: string | null },
): Promise<Wire> {
  await ctx.db.run(sql`update handovers set state = ${c.state}, answer = ${c.answer ?? null}, answered_at = ${ctx.now},
      successor_id = ${c.successorId ?? null}, rev = rev + 1, changed_at = ${ctx.now} where id = ${r.id}`)
  await ctx.emit({
    type: `handover.${c.state}`,
    aggregate: 'handover',
    aggregateId: r.id,
    payload: { visitId: r.visit_id, orderId: r.order_id, toId: r.to_id, successorId: c.successorId ?? null },
    reason: c.answer ?? null,
    scope: r,
  })
  const subject = { kind: 'handover', id: r.id }
  const params = { by: ctx.actor.name, from: r.from_name, to: r.to_name, reason: c.answer ?? null, ...noticeAbout(r) }
  const code = `handover_${c.state}`
  const others = [r.from_id, r.to_id].filter((one) => one !== ctx.actor.id)
  await tell(ctx, { userIds: others, code, urgency: c.state === 'withdrawn' ? 'normal' : 'urgent', subject, params })
  await tell(ctx, {
    userIds: (await deskOf(ctx, r.team_id)).filter((one) => !others.includes(one)),
    code,
    urgency: c.state === 'declined' ? 'urgent' : 'normal',
    subject,
    params,
  })
  return present(ctx.actor, (await find(ctx, r.id)) as Row)
}

const requireOpen = (r: Row) => {
  if (r.state !== 'open') fail('handover_closed', { state: r.state })
}
const onlyFor = (ctx: Ctx, id: string, name: string) => {
  if (ctx.actor.id !== id) fail('handover_not_yours', { name })
}

export async function acceptHandover(
  ctx: Ctx,
  id: string,
  b: { start?: string | undefined; answer?: string | undefined },
) {
  const { r, v } = await locked(ctx, id)
  onlyFor(ctx, r.to_id, r.to_name)
  requireOpen(r)
  const successorId = r.kind === 'visit' ? await takeOver(ctx, r, v, b.start) : await adopt(ctx, r, v)
  if (b.answer) await say(ctx, { kind: 'order', id: r.order_id, body: b.answer })
  return settle(ctx, r, { state: 'accepted', answer: b.answer ?? null, successorId })
}

/** The lifecycle says which way: what can be reassigned is reassigned, what has begun is left and continued. */
async function takeOver(ctx: Ctx, r: Row, v: VisitRow, start: string | undefined): Promise<string | null> {
  const to = { engineerId: r.to_id, reason: r.reason }
  let made: { id: string }
  if (lifecyclePermits('visit', v.state, 'reassign')) made = await passOn(ctx, v, to)
  else if (lifecyclePermits('visit', v.state, 'finish')) {
    if (!start) return fail('handover_start_needed')
    const begins = new Date(start)
    // What was planned and not used yet; half an hour at the least, since coming there is for nothing otherwise.
    const durationMin = Math.max(30, Math.round((v.planned_end.getTime() - ctx.now.getTime()) / 60_000))
    // Left first: the order would have two at work otherwise, and the same seat twice.
    const left = await leavePartial(ctx, v.id, { remaining: r.remaining ?? r.reason, reason: r.reason })
    made = await continueWith(ctx, left, { ...to, start: begins, durationMin })
  } else return fail('handover_over')
  await takeFor(ctx, made.id, r.to_id)
  return made.id
}

/** The photos of the former holder become the new visit's, if it is this person's now. */
async function adopt(ctx: Ctx, r: Row, v: VisitRow): Promise<string | null> {
  const heir = await ctx.db.maybe<{
    id: string
  }>(sql`select id from visits where order_id = ${r.order_id} and engineer_id = ${r.to_id}
    and state not in ('declined', 'cancelled', 'reassigned') order by (id = ${v.fold.successorId}::uuid) desc, planned_start desc limit 1`)
  if (!heir) return null
  const to = await lockVisit(ctx, heir.id)
  if (lifecyclePermits('visit', to.state, 'add_evidence'))
    await adoptPhotos(ctx, { fromVisitId: r.visit_id, takenBy: r.from_id, to })
  return heir.id
}

export async function declineHandover(ctx: Ctx, id: string, b: { answer: string }) {
  const { r } = await locked(ctx, id)
  onlyFor(ctx, r.to_id, r.to_name)
  requireOpen(r)
  return settle(ctx, r, { state: 'declined', answer: b.answer })
}

export async function withdrawHandover(ctx: Ctx, id: string) {
  const { r } = await locked(ctx, id)
  onlyFor(ctx, r.from_id, r.from_name)
  requireOpen(r)
  return settle(ctx, r, { state: 'withdrawn' })
}

/** A visit that went another way (reassigned at a desk, called off) leaves no handover open behind it. */
export async function dropHandovers(ctx: Ctx, visitId: string): Promise<void> {
  const open = await ctx.db.query<{ id: string }>(
    sql`select id from handovers where visit_id = ${visitId} and state = 'open' and kind = 'visit'`,
  )
  for (const { id } of open) await settle(ctx, (await find(ctx, id)) as Row, { state: 'withdrawn' })
}

// 升级: what the site cannot solve goes to product, R&D or after-sales, with what they need to see it happen, an owner and
// a clock. The clock waits while the owner waits for an answer from the site.

import type { z } from 'zod'
import type { EscalationRow, requestsRoutes } from '#contracts/requests.schema'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { nextNumber } from '../../platform/numbers'
import { type Actor, authorise, permits, type ScopeRow, scopeSql } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { tell } from '../notices'
import { actorsOf } from '../people'
import { say } from '../threads'
import { findVisit } from '../visits'
import { findOrder, linkAggregate, orderScope } from '../workorders'
import {
  type AboutColumns,
  aboutColumns,
  aboutJoins,
  checkPhotos,
  iso,
  momentOf,
  noticeAbout,
  pageAt,
  person,
  photosSql,
  presentAbout,
  supervisorsOf,
} from './about'
import { readPolicy } from './policy'

constraintErrors.set('escalations_pkey', () => new CodedError('escalation_exists'))
constraintErrors.set('escalations_number_key', () => new CodedError('busy_retry'))

type Wire = z.input<typeof EscalationRow>
type State = Wire['state']

interface Row extends AboutColumns, ScopeRow {
  id: string
  number: string
  to_whom: Wire['to']
  state: State
  priority: Wire['priority']
  order_state: string
  visit_id: string | null
  title: string
  symptom: string
  steps: string | null
  reproducible: Wire['reproducible']
  environment: string | null
  logs: string | null
  photos: Wire['photos']
  raised_by: string
  raised_name: string
  raised_at: Date
  owner_id: string | null
  owner_name: string | null
  taken_at: Date | null
  due_at: Date
  asked_at: Date | null
  question: string | null
  supplied: Wire['supplied']
  answer: string | null
  answered_at: Date | null
  external_ref: string | null
  external_url: string | null
  solved: boolean | null
  closed_at: Date | null
  told: string[]
  rev: number
  changed_at: Date
}

const selected = sql`select r.id, r.number, r.to_whom, r.state, r.priority, r.order_id, o.state as order_state, r.visit_id, r.title, r.symptom, r.steps, r.reproducible,
    r.environment, r.logs, ${photosSql(sql`r.photo_ids`, sql`r.visit_id`)} as photos, r.raised_by, a.name as raised_name, r.raised_at, r.owner_id, w.name as owner_name,
    r.taken_at, r.due_at, r.asked_at, r.question, r.supplied, r.answer, r.answered_at, r.external_ref, r.external_url, r.solved, r.closed_at, r.told,
    r.team_id, r.customer_id, r.people, r.rev, r.changed_at, ${aboutColumns}
  from escalations r ${aboutJoins(sql`r`)} join users a on a.id = r.raised_by left join users w on w.id = r.owner_id`

/** Who may do what in which state: the whole life of an escalation. */
const allowed: Record<string, readonly State[]> = {
  take: ['open', 'taken', 'asked'],
  assign: ['open', 'taken', 'asked'],
  ask: ['open', 'taken'],
  supply: ['open', 'taken', 'asked'],
  answer: ['open', 'taken', 'asked'],
  link: ['open', 'taken', 'asked', 'answered'],
  close: ['answered'],
}
export type Step = keyof typeof allowed

/** An engineer with no desk handles only what he owns; a desk handles all that it sees. */
const handles = (actor: Actor, r: Row) =>
  permits(actor, 'escalation.handle', r) &&
  (r.owner_id === actor.id || actor.kind === 'system' || actor.grants.some((g) => g.role !== 'engineer'))
const speaksForSite = (actor: Actor, r: Row) =>
  permits(actor, 'escalation.raise', r) &&
  (r.raised_by === actor.id || actor.grants.some((g) => !['engineer', 'partner_engineer'].includes(g.role)))

function canOf(actor: Actor, r: Row) {
  const is = (step: string) => (allowed[step] as readonly State[]).includes(r.state)
  const owner = handles(actor, r)
  const site = speaksForSite(actor, r)
  return {
    take: owner && is('take') && r.owner_id !== actor.id,
    assign: owner && is('assign'),
    ask: owner && is('ask'),
    answer: owner && is('answer'),
    link: owner && is('link'),
    supply: site && is('supply'),
    close: site && is('close'),
  }
}

const present = (actor: Actor, r: Row): Wire => ({
  id: r.id,
  rev: r.rev,
  number: r.number,
  to: r.to_whom,
  state: r.state,
  priority: r.priority,
  ...presentAbout(r),
  visitId: r.visit_id,
  orderState: r.order_state,
  title: r.title,
  symptom: r.symptom,
  steps: r.steps,
  reproducible: r.reproducible,
  environment: r.environment,
  logs: r.logs,
  photos: r.photos,
  raisedBy: { id: r.raised_by, name: r.raised_name },
  raisedAt: r.raised_at.toISOString(),
  owner: person(r.owner_id, r.owner_name),
  takenAt: iso(r.taken_at),
  dueAt: r.due_at.toISOString(),
  question: r.question,
  supplied: r.supplied,
  answer: r.answer,
  answeredAt: iso(r.answered_at),
  externalRef: r.external_ref,
  externalUrl: r.external_url,
  solved: r.solved,
  closedAt: iso(r.closed_at),
  can: canOf(actor, r),
})

const find = (ctx: Pick<Ctx, 'db'>, id: string) => ctx.db.maybe<Row>(sql`${selected} where r.id = ${id}`)

export async function readEscalation(ctx: Ctx, id: string): Promise<Row> {
  const r = await find(ctx, id)
  if (!r) return fail('not_found')
  authorise(ctx.actor, 'escalation.read', r, 'escalation.read')
  return r
}
export const shownEscalation = async (ctx: Ctx, id: string) => present(ctx.actor, await readEscalation(ctx, id))

export const escalationsOf = async (ctx: Ctx, from: Date) =>
  (
    await ctx.db.query<Row>(sql`${selected} where r.people @> array[${ctx.actor.id}]::uuid[] and ${scopeSql(ctx.actor, 'escalation.read', 'r')}
      and (r.raised_at >= ${from} or r.state <> 'closed') order by r.raised_at desc limit 100`)
  ).map((r) => present(ctx.actor, r))

export async function listEscalations(ctx: Ctx, q: z.output<typeof requestsRoutes.listEscalations.query>) {
  const at = pageAt(q.after)
  const rows = await ctx.db.query<Row>(sql`${selected}
    where ${scopeSql(ctx.actor, 'escalation.read', 'r')}
      and (${q.state} = 'all' or (${q.state} = 'open' and r.state <> 'closed') or (${q.state} = 'closed' and r.state = 'closed')
        or (${q.state} = 'overdue' and r.state in ('open', 'taken') and r.due_at <= ${ctx.now}))
      and (${q.to ?? null}::text is null or r.to_whom = ${q.to ?? null})
      and (${q.orderId ?? null}::uuid is null or r.order_id = ${q.orderId ?? null}::uuid)
      and (${q.scope} = 'all' or r.people @> array[${ctx.actor.id}]::uuid[])
      and (${at?.at ?? null}::timestamptz is null or (r.raised_at, r.id) < (${at?.at ?? null}::timestamptz, ${at?.id ?? null}::uuid))
    order by r.raised_at desc, r.id desc limit ${q.limit + 1}`)
  return pageOf(
    rows,
    q.limit,
    (r) => [r.raised_at.toISOString(), r.id],
    (r) => present(ctx.actor, r),
  )
}

export async function raiseEscalation(
  ctx: Ctx,
  orderId: string,
  b: z.output<typeof requestsRoutes.raiseEscalation.body>,
): Promise<Wire> {
  const order = await findOrder(ctx, orderId)
  if (!order) return fail('not_found')
  const visit = b.visitId ? await findVisit(ctx, b.visitId) : null
  if (b.visitId && visit?.order_id !== orderId) fail('belongs_elsewhere', { what: 'visit' })
  const me = ctx.actor.id as string
  // Who was there may tell of it, though the order is somebody else's by now.
  const wasThere = visit !== null && visit !== undefined && (visit.engineer_id === me || visit.former.includes(me))
  if (!wasThere) authorise(ctx.actor, 'escalation.raise', orderScope(order), 'order.read')
  await checkPhotos(ctx, visit?.id ?? null, b.photoIds)
  const id = b.id ?? newId()
  const at = momentOf(ctx)
  const policy = await readPolicy(ctx)
  const scope = { team_id: order.team_id, customer_id: order.customer_id, people: [me] }
  const due = new Date(at.getTime() + policy.escalationHours[b.priority] * 3_600_000)
  const number = await nextNumber(ctx, 'ES')
  await ctx.db.run(sql`
    insert into escalations (id, number, to_whom, state, priority, order_id, visit_id, title, symptom, steps, reproducible, environment, logs, photo_ids, raised_by,
      raised_at, due_at, external_ref, team_id, customer_id, people, changed_at)
    values (${id}, ${number}, ${b.to}, 'open', ${b.priority}, ${orderId}, ${b.visitId ?? null}, ${b.title}, ${b.symptom}, ${b.steps ?? null}, ${b.reproducible},
      ${b.environment ?? null}, ${b.logs ?? null}, ${b.photoIds}::uuid[], ${me}, ${at}, ${due}, ${b.externalRef ?? null}, ${scope.team_id}, ${scope.customer_id},
      ${scope.people}::uuid[], ${ctx.now})`)
  const r = (await find(ctx, id)) as Row
  await ctx.emit({
    type: 'escalation.raised',
    aggregate: 'escalation',
    aggregateId: id,
    payload: { number, to: b.to, priority: b.priority, title: b.title, orderId, dueAt: due.getTime() },
    occurredAt: at,
    scope,
  })
  await linkAggregate(ctx, orderId, id)
  const managers = await actorsOf(ctx.db, {})
  await tell(ctx, {
    userIds: [
      ...(await supervisorsOf(ctx, order.team_id)),
      // Whoever handles escalations for a living, and sees this one.
      ...managers
        .filter((a) => a.grants.some((g) => g.role === 'quality' || g.role === 'knowledge_editor'))
        .filter((a) => permits(a, 'escalation.handle', r))
        .map((a) => a.id as string),
    ],
    code: 'escalation_raised',
    urgency: b.priority === 'urgent' ? 'urgent' : 'normal',
    subject: { kind: 'escalation', id },
    params: { by: ctx.actor.name, number, to: b.to, ...noticeAbout(r), title: b.title },
  })
  return present(ctx.actor, r)
}

// ── its life ──

async function locked(
  ctx: Ctx,
  id: string,
  ability: 'escalation.handle' | 'escalation.raise',
  step: Step,
): Promise<Row> {
  await ctx.db.run(sql`select 1 from escalations where id = ${id} for update`)
  const r = await find(ctx, id)
  if (!r) return fail('not_found')
  authorise(ctx.actor, ability, r, 'escalation.read')
  checkRev(ctx, r)
  const may = ability === 'escalation.handle' ? handles(ctx.actor, r) : speaksForSite(ctx.actor, r)
  if (!may)
    fail('escalation_not_yours', { who: (ability === 'escalation.handle' ? r.owner_name : r.raised_name) ?? '—' })
  // What the site adds is kept, whatever has become of the escalation meanwhile.
  const late = step === 'supply' && (ctx.command?.offline ?? false)
  if (!late && !(allowed[step] as readonly State[]).includes(r.state)) fail('escalation_forbids', { state: r.state })
  return r
}

type Set = Partial<{
  state: State
  ownerId: string
  takenAt: Date
  dueAt: Date
  askedAt: Date | null
  question: string | null
  supplied: Wire['supplied']
  answer: string
  solved: boolean
  ref: { externalRef: string | null; externalUrl: string | null }
  photoIds: string[]
}>

async function save(
  ctx: Ctx,
  r: Row,
  step: string,
  s: Set,
  told: { userIds: readonly (string | null)[]; code: string; params?: Record<string, unknown> } | null,
  reason: string | null = null,
): Promise<Wire> {
  const owner = s.ownerId ?? r.owner_id
  const people = [...new Set([r.raised_by, ...r.people, ...(owner ? [owner] : [])])].filter(
    (p) => p === r.raised_by || p === owner || p !== r.owner_id,
  )
  const answered = s.state === 'answered'
  await ctx.db.run(sql`
    update escalations set state = ${s.state ?? r.state}, owner_id = ${owner}, taken_at = ${s.takenAt ?? r.taken_at}, due_at = ${s.dueAt ?? r.due_at},
      asked_at = ${s.askedAt === undefined ? r.asked_at : s.askedAt}, question = ${s.question === undefined ? r.question : s.question},
      supplied = ${JSON.stringify(s.supplied ?? r.supplied)}::jsonb, answer = ${s.answer ?? r.answer}, answered_at = ${answered ? ctx.now : r.answered_at},
      external_ref = ${s.ref ? s.ref.externalRef : r.external_ref}, external_url = ${s.ref ? s.ref.externalUrl : r.external_url},
      solved = ${s.solved ?? r.solved}, closed_at = ${s.state === 'closed' ? ctx.now : null}, photo_ids = photo_ids || ${s.photoIds ?? []}::uuid[],
      told = case when ${s.dueAt !== undefined} then '{}' else told end, people = ${people}::uuid[], rev = rev + 1, changed_at = ${ctx.now}
    where id = ${r.id}`)
  const after = (await find(ctx, r.id)) as Row
  await ctx.emit({
    type: `escalation.${step}`,
    aggregate: 'escalation',
    aggregateId: r.id,
    payload: {
      number: r.number,
      orderId: r.order_id,
      ...(s.ownerId ? { ownerId: s.ownerId } : {}),
      ...(s.ref ?? {}),
      ...(s.solved === undefined ? {} : { solved: s.solved }),
    },
    reason,
    scope: { ...after, people: [...new Set([...r.people, ...people])] },
  })
  if (told)
    await tell(ctx, {
      userIds: told.userIds.filter((u): u is string => u !== null),
      code: told.code,
      urgency: r.priority === 'urgent' ? 'urgent' : 'normal',
      subject: { kind: 'escalation', id: r.id },
      params: { by: ctx.actor.name, number: r.number, text: reason, ...noticeAbout(r), title: r.title, ...told.params },
    })
  return present(ctx.actor, after)
}

/** The clock goes on where it stood when the owner asked. */
const resumed = (ctx: Ctx, r: Row): Set =>
  r.asked_at ? { dueAt: new Date(r.due_at.getTime() + ctx.now.getTime() - r.asked_at.getTime()), askedAt: null } : {}

export async function takeEscalation(ctx: Ctx, id: string) {
  const r = await locked(ctx, id, 'escalation.handle', 'take')
  return save(
    ctx,
    r,
    'taken',
    { ownerId: ctx.actor.id as string, takenAt: r.taken_at ?? ctx.now, state: r.state === 'open' ? 'taken' : r.state },
    { userIds: [r.raised_by], code: 'escalation_taken' },
  )
}

export async function assignEscalation(ctx: Ctx, id: string, b: { ownerId: string }) {
  const r = await locked(ctx, id, 'escalation.handle', 'assign')
  const [owner] = await actorsOf(ctx.db, { ids: [b.ownerId] })
  // An owner who could not even open it would own nothing.
  if (!owner || !permits(owner, 'escalation.handle', { ...r, people: [b.ownerId] })) return fail('engineer_unknown')
  return save(
    ctx,
    r,
    'assigned',
    { ownerId: b.ownerId, takenAt: r.taken_at ?? ctx.now, state: r.state === 'open' ? 'taken' : r.state },
    { userIds: [b.ownerId, r.raised_by], code: 'escalation_assigned', params: { owner: owner.name } },
  )
}

export async function askEscalation(ctx: Ctx, id: string, b: { question: string }) {
  const r = await locked(ctx, id, 'escalation.handle', 'ask')
  return save(
    ctx,
    r,
    'asked',
    { state: 'asked', question: b.question, askedAt: ctx.now, ownerId: r.owner_id ?? (ctx.actor.id as string) },
    { userIds: [r.raised_by], code: 'escalation_asked' },
    b.question,
  )
}

export async function supplyEscalation(ctx: Ctx, id: string, b: { text: string; photoIds: string[] }) {
  const r = await locked(ctx, id, 'escalation.raise', 'supply')
  await checkPhotos(ctx, r.visit_id, b.photoIds)
  const by = { id: ctx.actor.id as string, name: ctx.actor.name }
  return save(
    ctx,
    r,
    'supplied',
    {
      supplied: [...r.supplied, { by, at: momentOf(ctx).toISOString(), text: b.text }],
      photoIds: b.photoIds,
      ...(r.state === 'asked' ? { state: 'taken' as const, question: null, ...resumed(ctx, r) } : {}),
    },
    { userIds: [r.owner_id], code: 'escalation_supplied' },
    b.text,
  )
}

export async function answerEscalation(ctx: Ctx, id: string, b: { answer: string }) {
  const r = await locked(ctx, id, 'escalation.handle', 'answer')
  await say(ctx, { kind: 'order', id: r.order_id, body: b.answer })
  return save(
    ctx,
    r,
    'answered',
    { state: 'answered', answer: b.answer, ownerId: r.owner_id ?? (ctx.actor.id as string), ...resumed(ctx, r) },
    { userIds: [r.raised_by], code: 'escalation_answered' },
    b.answer,
  )
}

export async function linkEscalation(
  ctx: Ctx,
  id: string,
  b: { externalRef: string | null; externalUrl: string | null },
) {
  const r = await locked(ctx, id, 'escalation.handle', 'link')
  return save(ctx, r, 'linked', { ref: b }, null)
}

/** The site says whether the answer helped; if not, it goes on with a fresh clock. */
export async function closeEscalation(ctx: Ctx, id: string, b: { solved: boolean; text?: string | undefined }) {
  const r = await locked(ctx, id, 'escalation.raise', 'close')
  if (b.solved)
    return save(
      ctx,
      r,
      'closed',
      { state: 'closed', solved: true },
      { userIds: [r.owner_id], code: 'escalation_closed' },
      b.text ?? null,
    )
  const policy = await readPolicy(ctx)
  return save(
    ctx,
    r,
    'returned',
    {
      state: 'taken',
      solved: false,
      dueAt: new Date(ctx.now.getTime() + policy.escalationHours[r.priority] * 3_600_000),
    },
    { userIds: [r.owner_id], code: 'escalation_returned' },
    b.text ?? null,
  )
}

/** Three quarters of the time gone, and the time gone: owner (or those who can name one), then the supervisors. */
export async function remindOfEscalations(ctx: Ctx): Promise<void> {
  const due = await ctx.db.query<Row>(sql`${selected} where r.state in ('open', 'taken')
    and (not 'overdue' = any(r.told) and r.due_at <= ${ctx.now}
      or not 'soon' = any(r.told) and r.due_at - (r.due_at - r.raised_at) / 4 <= ${ctx.now}) order by r.due_at limit 200`)
  for (const r of due) {
    const overdue = r.due_at <= ctx.now
    const supervisors = await supervisorsOf(ctx, r.team_id)
    await tell(ctx, {
      userIds: [...(r.owner_id ? [r.owner_id] : supervisors), ...(overdue ? [...supervisors, r.raised_by] : [])],
      code: overdue ? 'escalation_overdue' : 'escalation_due',
      urgency: overdue ? 'urgent' : 'normal',
      subject: { kind: 'escalation', id: r.id },
      params: {
        number: r.number,
        owner: r.owner_name,
        start: r.due_at.toISOString(),
        ...noticeAbout(r),
        title: r.title,
      },
    })
    await ctx.db.run(sql`update escalations set told = ${overdue ? ['soon', 'overdue'] : ['soon']} where id = ${r.id}`)
  }
}

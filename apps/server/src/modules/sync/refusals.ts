// What phones did and the server refused: read by those who dispatch, tried again as its owner, or discarded with a note.

import type { z } from 'zod'
import { type ErrorCode, errorCatalogue } from '#contracts'
import { type RefusedAction, syncRoutes } from '#contracts/sync.schema'
import { type App, type Implemented, implement, implementRaw } from '../../platform/app'
import { type Item, refusalOf, runItem } from '../../platform/batch'
import type { Ctx } from '../../platform/context'
import { type Db, empty, type Sql, sql } from '../../platform/database/pool'
import { CodedError, fail, type Locale, toProblem } from '../../platform/errors'
import { type Actor, authorise, can, type ScopeRow, scopeSql } from '../../platform/policy'
import { type ReplicaRow, replica } from '../../platform/replica'
import { pageOf, readCursor } from '../../platform/search'
import { tell } from '../notices'
import { actorsOf } from '../people'

interface RefusalRow extends ScopeRow {
  command_id: string
  person_id: string
  person_name: string
  team_name: string | null
  command: string
  device_id: string | null
  device_seq: number | null
  params: string
  body: string | null
  base_rev: number | null
  problem: string
  offline: boolean
  at_device: Date | null
  skew_ms: number | null
  made_at: Date
  received_at: Date
  attempts: number
  state: 'open' | 'retried' | 'discarded'
  decided_at: Date | null
  decided_by_name: string | null
  note: string | null
  visit_id: string | null
  order_id: string | null
  order_number: string | null
  title: string | null
}

// What the action was about is named by an id of the phone's: of a visit, of a document, of an order, or of nothing that
// is known here.
const columns = sql`r.command_id, r.person_id, u.name as person_name, t.name as team_name, r.command, r.device_id, r.device_seq, r.params, r.body, r.base_rev,
  r.problem, r.offline, r.at_device, r.skew_ms, r.made_at, r.received_at, r.attempts, r.state, r.decided_at, r.decided_by_name, r.note,
  r.team_id, r.customer_id, r.people, v.id as visit_id, o.id as order_id, o.number as order_number, o.title`
const tables = sql`refused_actions r join users u on u.id = r.person_id left join teams t on t.id = r.team_id
  left join documents d on d.id = r.subject_id left join visits v on v.id = coalesce(d.visit_id, r.subject_id)
  left join orders o on o.id = coalesce(v.order_id, r.subject_id)`

const select = (db: Db, where: Sql, rest: Sql) =>
  db.query<RefusalRow>(sql`select ${columns} from ${tables} where ${where} ${rest}`)

type Sent = { code: ErrorCode; params: Record<string, unknown>; issues?: CodedError['issues'] }

/** The refusal in the reader's language; an error that this version no longer knows is shown as bad input. */
function problemOf(text: string, locale: Locale) {
  const p = JSON.parse(text) as Sent
  return toProblem(new CodedError(p.code in errorCatalogue ? p.code : 'invalid_input', p.params, p.issues), locale)
}

// Where somebody stood is not for everyone who may retry his action; a picture is no reading matter.
const hidden = new Set(['fix', 'takenFix'])
const longest = 2_000
function readable(v: unknown): unknown {
  if (typeof v === 'string') {
    if (v.startsWith('data:')) return { bytes: Math.floor(((v.length - v.indexOf(',') - 1) * 3) / 4) }
    return v.length > longest ? `${v.slice(0, longest)}…` : v
  }
  if (Array.isArray(v)) return v.slice(0, 100).map(readable)
  if (v && typeof v === 'object')
    return Object.fromEntries(
      Object.entries(v).flatMap(([k, x]) => (hidden.has(k) || k === '__proto__' ? [] : [[k, readable(x)]])),
    )
  return v
}

function present(ctx: Ctx, r: RefusalRow, summary: { zh: string; en: string } | null): z.input<typeof RefusedAction> {
  const open = r.state === 'open'
  return {
    id: r.command_id,
    command: r.command,
    summary,
    owner: { id: r.person_id, name: r.person_name },
    teamName: r.team_name,
    deviceId: r.device_id,
    offline: r.offline,
    params: readable(JSON.parse(r.params)) as Record<string, unknown>,
    body: r.body === null ? null : readable(JSON.parse(r.body)),
    problem: problemOf(r.problem, ctx.actor.locale),
    madeAt: r.made_at.toISOString(),
    receivedAt: r.received_at.toISOString(),
    attempts: r.attempts,
    state: r.state,
    decidedAt: r.decided_at?.toISOString() ?? null,
    decidedBy: r.decided_by_name,
    note: r.note,
    visitId: r.visit_id,
    orderId: r.order_id,
    orderNumber: r.order_number,
    title: r.title,
    can: can(ctx.actor, r, { retry: ['refusal.settle', open], discard: ['refusal.settle', open] }),
  }
}

async function openRefusal(db: Db, actor: Actor, id: string, lock: Sql = empty): Promise<RefusalRow> {
  const [r] = await select(db, sql`r.command_id = ${id}`, lock)
  if (!r) return fail('not_found')
  authorise(actor, 'refusal.settle', r, 'refusal.settle')
  if (r.state !== 'open') fail('refusal_settled')
  return r
}

async function decide(ctx: Ctx, id: string, to: 'retried' | 'discarded', note: string | null) {
  const r = await openRefusal(ctx.db, ctx.actor, id, sql`for update of r`)
  await ctx.db.run(sql`update refused_actions set state = ${to}, decided_at = ${ctx.now}, decided_by = ${ctx.actor.id},
    decided_by_name = ${ctx.actor.name}, note = ${note} where command_id = ${id}`)
  await ctx.emit({
    type: `refusal.${to}`,
    aggregate: 'refusal',
    aggregateId: id,
    payload: { command: r.command, personId: r.person_id, visitId: r.visit_id, orderId: r.order_id },
    reason: note,
    scope: r,
  })
  await tell(ctx, {
    userIds: [r.person_id],
    code: `refusal_${to}`,
    params: { by: ctx.actor.name, command: r.command, ...(note ? { reason: note } : {}) },
    subject: r.visit_id ? { kind: 'visit', id: r.visit_id } : { kind: 'refusal', id },
    urgency: 'normal',
  })
}

const itemOf = (r: RefusalRow): Item => ({
  commandId: r.command_id,
  command: r.command,
  params: JSON.parse(r.params) as Record<string, unknown>,
  ...(r.body === null ? {} : { body: JSON.parse(r.body) as unknown }),
  // The revision that the phone had seen is why it was refused, perhaps: who tries again has seen the present one.
  ...(r.device_id ? { deviceId: r.device_id } : {}),
  ...(r.device_seq !== null ? { deviceSeq: r.device_seq } : {}),
  ...(r.at_device ? { atDevice: r.at_device.toISOString() } : {}),
  ...(r.skew_ms !== null ? { skewMs: r.skew_ms } : {}),
  // It comes late whatever it was when it was made: judged by the time at which it was done.
  offline: r.offline || r.at_device !== null,
})

/**
 * Runs the action as its owner, under its own command id: should the phone send it at the same time, it is done once. Who
 * asked for it is the actor of `refusal.retried`.
 */
async function retry(app: App, ctx: Ctx, id: string) {
  const r = await openRefusal(ctx.db, ctx.actor, id)
  const [owner] = await actorsOf(ctx.db, { ids: [r.person_id] })
  try {
    // Somebody who has left can do nothing any more, and nobody can do it in his name.
    if (!owner) fail('not_found')
    await runItem(app, owner, itemOf(r), ctx.requestId)
  } catch (error) {
    const why = refusalOf(app, error, ctx.requestId)
    const problem = toProblem(why, ctx.actor.locale)
    if (problem.status >= 500) return { verdict: 'retry' as const, problem }
    await app.asSystem(
      'refusal.retry',
      async (c) => {
        await openRefusal(c.db, c.actor, id, sql`for update of r`)
        const kept = JSON.stringify({
          code: why.code,
          params: why.params,
          ...(why.issues ? { issues: why.issues } : {}),
        })
        await c.db.run(
          sql`update refused_actions set problem = ${kept}, attempts = attempts + 1 where command_id = ${id}`,
        )
        await c.emit({
          type: 'refusal.retry_refused',
          aggregate: 'refusal',
          aggregateId: id,
          payload: { command: r.command, code: why.code, personId: r.person_id },
          scope: r,
        })
      },
      { actor: ctx.actor, source: 'web' },
    )
    return { verdict: 'refused' as const, problem }
  }
  await app.asSystem('refusal.retry', (c) => decide(c, id, 'retried', null), { actor: ctx.actor, source: 'web' })
  return { verdict: 'applied' as const, problem: null }
}

/** How long the phone is told of what has been decided. */
const toldDays = 14

async function refusalRows(ctx: Ctx): Promise<ReplicaRow<import('#contracts/replica').ReplicaRows['refusal']>[]> {
  if (ctx.actor.id === null) return []
  const rows = await ctx.db.query<
    Pick<
      RefusalRow,
      'command_id' | 'command' | 'problem' | 'state' | 'received_at' | 'decided_at' | 'decided_by_name' | 'note'
    >
  >(sql`
    select command_id, command, problem, state, received_at, decided_at, decided_by_name, note from refused_actions
    where people @> array[${ctx.actor.id}]::uuid[] and person_id = ${ctx.actor.id}
      and (state = 'open' or decided_at > date_trunc('day', ${ctx.now}::timestamptz) - make_interval(days => ${toldDays}))
    order by received_at desc limit 500`)
  return rows.map((r) => ({
    id: r.command_id,
    row: {
      commandId: r.command_id,
      command: r.command,
      code: (JSON.parse(r.problem) as Sent).code,
      state: r.state,
      receivedAt: r.received_at.toISOString(),
      decidedAt: r.decided_at?.toISOString() ?? null,
      decidedBy: r.decided_by_name,
      note: r.note,
    },
  }))
}
export const refusalReplica = replica('refusal', refusalRows)

export const refusalHandlers: Implemented[] = [
  // What a command is called stands in its route, which only the running product knows by name.
  implementRaw(syncRoutes.refusedActions, async (ctx, { query }, { app }) => {
    const after = readCursor(query.after, 2)
    const open = query.state === 'open'
    const mine = sql`${scopeSql(ctx.actor, 'refusal.settle', 'r')} and ${open ? sql`r.state = 'open'` : sql`r.state <> 'open'`}`
    const [rows, { n }] = await Promise.all([
      select(
        ctx.db,
        sql`${mine} ${after ? sql`and (r.received_at, r.command_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : empty}`,
        sql`order by r.received_at desc, r.command_id desc limit ${query.limit + 1}`,
      ),
      ctx.db.one<{ n: number }>(sql`select count(*) as n from refused_actions r where ${mine}`),
    ])
    return {
      ...pageOf(
        rows,
        query.limit,
        (r) => [r.received_at.toISOString(), r.command_id],
        (r) => present(ctx, r, app.commands.get(r.command)?.route.summary ?? null),
      ),
      total: n,
    }
  }),
  implementRaw(syncRoutes.retryRefusal, (ctx, { params }, { app }) => retry(app, ctx, params.id)),
  implement(syncRoutes.discardRefusal, async (ctx, { params, body }) => {
    await decide(ctx, params.id, 'discarded', body.note)
    return { ok: true as const }
  }),
]

// Reports of a day: handed in by whoever did the work, read, answered and asked about by whoever answers for him.

import { officeRoutes } from '#contracts/office.schema'
import { differences, type Sentence } from '#workday'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { canonical, sha256 } from '../../platform/events'
import { newId } from '../../platform/ids'
import { authorise, can, hasAbility, permits, type ScopeRow } from '../../platform/policy'
import { tell } from '../notices'
import { usersWithRole } from '../people'
import { bare, deriveDay, deriveDays } from './derive'
import { Days, today } from './load'
import { findPerson, personScope } from './people'

type Line = Sentence & { hidden: boolean; text: string | null }
type Own = { kind: 'note' | 'problem' | 'suggestion' | 'plan'; text: string }
export interface ReportRow extends ScopeRow {
  id: string
  person_id: string
  person_name: string
  date: string
  zone: string
  version: number
  submitted_at: Date
  offline: boolean
  lines: Line[]
  own: Own[]
  hash: string
  differences: { key: string; was: Sentence | null; is: Sentence | null }[]
  comments: { id: string; authorId: string; author: string; body: string; question: boolean; at: string }[]
  reactions: { id: string; name: string; kind: 'seen' | 'thanks' | 'well_done' | 'attention' }[]
  reads: { id: string; name: string; at: string }[]
}

const columns = sql`r.id, r.person_id, u.name as person_name, r.date, r.zone, r.version, r.submitted_at, r.offline, r.lines, r.own, r.hash, r.differences,
  r.team_id, r.customer_id, r.people,
  coalesce((select json_agg(json_build_object('id', c.id, 'authorId', c.author_id, 'author', a.name, 'body', c.body, 'question', c.question, 'at', c.at) order by c.at, c.id)
    from report_comments c join users a on a.id = c.author_id where c.report_id = r.id), '[]') as comments,
  coalesce((select json_agg(json_build_object('id', x.person_id, 'name', a.name, 'kind', x.kind) order by x.at, x.kind)
    from report_reactions x join users a on a.id = x.person_id where x.report_id = r.id), '[]') as reactions,
  coalesce((select json_agg(json_build_object('id', x.person_id, 'name', a.name, 'at', x.read_at) order by x.read_at)
    from report_reads x join users a on a.id = x.person_id where x.report_id = r.id), '[]') as reads`
const tables = sql`daily_reports r join users u on u.id = r.person_id`

export const reportsOf = (ctx: Ctx, personId: string, from: string, to: string) =>
  ctx.db.query<ReportRow>(
    sql`select ${columns} from ${tables} where r.person_id = ${personId} and r.date between ${from} and ${to}`,
  )
const find = (ctx: Ctx, id: string) => ctx.db.maybe<ReportRow>(sql`select ${columns} from ${tables} where r.id = ${id}`)

const iso = (at: Date | string) => new Date(at).toISOString()

export function presentReport(ctx: Ctx, r: ReportRow) {
  const mine = r.person_id === ctx.actor.id
  return {
    id: r.id,
    person: { id: r.person_id, name: r.person_name },
    date: r.date,
    zone: r.zone,
    version: r.version,
    submittedAt: iso(r.submitted_at),
    offline: r.offline,
    lines: r.lines,
    own: r.own,
    hash: r.hash,
    exceptions: [...new Set(r.lines.flatMap((l) => l.exception ?? []))],
    differences: r.differences,
    comments: r.comments.map((c) => ({
      id: c.id,
      author: { id: c.authorId, name: c.author },
      body: c.body,
      question: c.question,
      at: iso(c.at),
    })),
    reactions: r.reactions.map((x) => ({ person: { id: x.id, name: x.name }, kind: x.kind })),
    reads: r.reads.map((x) => ({ person: { id: x.id, name: x.name }, at: iso(x.at) })),
    can: {
      ...can(ctx.actor, r, { comment: ['report.comment', true] }),
      react: !mine && permits(ctx.actor, 'report.react', r),
      submit: mine && hasAbility(ctx.actor, 'report.write'),
    },
  }
}

/** What a report is bound to: who, when, every line as it was handed in. */
export const reportHash = (r: { personId: string; date: string; lines: readonly Line[]; own: readonly Own[] }) =>
  sha256(canonical({ v: 1, ...r })).toString('hex')

async function readable(ctx: Ctx, id: string, ability: 'report.read' | 'report.comment' | 'report.react') {
  const r = await find(ctx, id)
  if (!r) return fail('not_found')
  authorise(ctx.actor, ability, r, 'report.read')
  return r
}

export const reportHandlers: Implemented[] = [
  implement(officeRoutes.submitReport, async (ctx, { params, body }) => {
    const me = ctx.actor.id as string
    if (params.id !== me) {
      // A day is reported by whoever had it, whatever the role of the one who would do it for him.
      const other = await findPerson(ctx, params.id)
      if (other && permits(ctx.actor, 'report.read', personScope(other))) fail('forbidden', { ability: 'report.write' })
      return fail('not_found')
    }
    if (body.date > today(ctx)) fail('report_future')
    if (body.lines.every((l) => l.hidden) && body.own.length === 0) fail('report_empty')
    const person = await findPerson(ctx, me)
    if (!person) return fail('not_found')
    const scope = personScope(person)
    await deriveDays(ctx, [me], body.date, body.date)
    const days = await Days.load(ctx, [me], body.date, body.date)
    const now = deriveDay(days, me, body.date)
    const at =
      ctx.command?.offline && ctx.command.atDevice
        ? new Date(Math.min(ctx.command.atDevice.getTime() - (ctx.command.skewMs ?? 0), ctx.now.getTime()))
        : ctx.now
    const lines = body.lines as Line[]
    const hash = reportHash({ personId: me, date: body.date, lines, own: body.own })
    const found = differences(lines, now.sentences).map(bare)
    const taken = await ctx.db.maybe(
      sql`select 1 from daily_reports where id = ${body.id} and (person_id <> ${me} or date <> ${body.date})`,
    )
    // A day has one report: handed in from another phone or again, it is that report's next version.
    const saved = await ctx.db.one<{ id: string; version: number }>(sql`
      insert into daily_reports (id, person_id, date, zone, version, submitted_at, offline, lines, own, hash, differences, team_id, people, changed_at)
      values (${taken ? newId() : body.id}, ${me}, ${body.date}, ${ctx.zone}, 1, ${at}, ${ctx.command?.offline ?? false}, ${JSON.stringify(lines)}::jsonb, ${JSON.stringify(body.own)}::jsonb,
        ${hash}, ${JSON.stringify(found)}::jsonb, ${scope.team_id}, ${[me]}, ${ctx.now})
      on conflict (person_id, date) do update set version = daily_reports.version + 1, submitted_at = excluded.submitted_at, offline = excluded.offline,
        lines = excluded.lines, own = excluded.own, hash = excluded.hash, differences = excluded.differences, changed_at = excluded.changed_at
      returning id, version`)
    await ctx.db.run(sql`insert into report_versions (report_id, version, submitted_at, lines, own, hash)
      values (${saved.id}, ${saved.version}, ${at}, ${JSON.stringify(lines)}::jsonb, ${JSON.stringify(body.own)}::jsonb, ${hash})`)
    // Who has read the first version has not read this one.
    if (saved.version > 1) await ctx.db.run(sql`delete from report_reads where report_id = ${saved.id}`)
    await ctx.emit({
      type: 'report.submitted',
      aggregate: 'report',
      aggregateId: saved.id,
      payload: {
        personId: me,
        date: body.date,
        version: saved.version,
        hash,
        lines: lines.length,
        own: body.own.length,
      },
      occurredAt: at,
      scope,
    })
    return presentReport(ctx, (await find(ctx, saved.id)) as ReportRow)
  }),

  implement(officeRoutes.getReport, async (ctx, { params }) =>
    presentReport(ctx, await readable(ctx, params.id, 'report.read')),
  ),

  implement(officeRoutes.commentReport, async (ctx, { params, body }) => {
    const r = await readable(ctx, params.id, 'report.comment')
    const id = body.id ?? newId()
    const mine = r.person_id === ctx.actor.id
    await ctx.db.run(sql`insert into report_comments (id, report_id, author_id, body, question, at)
      values (${id}, ${r.id}, ${ctx.actor.id}, ${body.body}, ${body.question && !mine}, ${ctx.now}) on conflict (id) do nothing`)
    await ctx.emit({
      type: 'report.commented',
      aggregate: 'report',
      aggregateId: r.id,
      payload: { commentId: id, question: body.question && !mine },
      personal: { body: body.body },
      scope: r,
    })
    const excerpt = [...body.body].slice(0, 60).join('')
    const asked = [...new Set(r.comments.map((c) => c.authorId))].filter((x) => x !== r.person_id)
    await tell(ctx, {
      userIds: mine
        ? asked.length > 0
          ? asked
          : (await usersWithRole(ctx.db, 'supervisor', r.team_id)).map((s) => s.id)
        : [r.person_id],
      code: mine ? 'report_answered' : body.question ? 'report_asked' : 'report_commented',
      params: { by: ctx.actor.name, date: r.date, excerpt },
      subject: { kind: 'report', id: r.id },
    })
    return presentReport(ctx, (await find(ctx, r.id)) as ReportRow)
  }),

  implement(officeRoutes.reactReport, async (ctx, { params, body }) => {
    const r = await readable(ctx, params.id, 'report.react')
    const changed = body.on
      ? await ctx.db.run(
          sql`insert into report_reactions (report_id, person_id, kind, at) values (${r.id}, ${ctx.actor.id}, ${body.kind}, ${ctx.now}) on conflict do nothing`,
        )
      : await ctx.db.run(
          sql`delete from report_reactions where report_id = ${r.id} and person_id = ${ctx.actor.id} and kind = ${body.kind}`,
        )
    if (changed > 0) {
      await ctx.emit({
        type: 'report.reacted',
        aggregate: 'report',
        aggregateId: r.id,
        payload: { kind: body.kind, on: body.on },
        scope: r,
      })
      if (body.on && body.kind !== 'seen')
        await tell(ctx, {
          userIds: [r.person_id],
          code: `report_${body.kind}`,
          params: { by: ctx.actor.name, date: r.date },
          subject: { kind: 'report', id: r.id },
          urgency: 'quiet',
        })
    }
    return presentReport(ctx, (await find(ctx, r.id)) as ReportRow)
  }),

  implement(officeRoutes.readReport, async (ctx, { params }) => {
    const r = await readable(ctx, params.id, 'report.read')
    if (r.person_id === ctx.actor.id) return { ok: true as const }
    const fresh = await ctx.db.run(
      sql`insert into report_reads (report_id, person_id, read_at) values (${r.id}, ${ctx.actor.id}, ${ctx.now}) on conflict do nothing`,
    )
    if (fresh > 0)
      await ctx.emit({ type: 'report.read', aggregate: 'report', aggregateId: r.id, payload: {}, scope: r })
    return { ok: true as const }
  }),
]

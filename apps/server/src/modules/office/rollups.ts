// Days added up: who has reported, a week against the four before, a month for HR. Everything is read from the rows of
// days; nothing is derived while somebody waits.

import type { z } from 'zod'
import { addDays, weekdayOf } from '#calendar'
import type { officeRoutes, RollUpRow } from '#contracts/office.schema'
import { EXCEPTIONS, type ExceptionCode, type Minutes, noMinutes, WORK_KINDS } from '#workday'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { hasAbility } from '../../platform/policy'
import { today } from './load'
import { engineersIn, teamsFor } from './people'

type Query<K extends keyof typeof officeRoutes> = z.output<
  (typeof officeRoutes)[K] extends { query: infer Q extends z.ZodType } ? Q : never
>
export interface PersonRow {
  id: string
  name: string
  team_id: string | null
  team_name: string | null
}
interface DaySum {
  person_id: string
  date: string
  minutes: Minutes
  overtime_min: number | null
  available_min: number | null
  travel_m: number
  worked: boolean
  visits: number
  orders_done: number
  exceptions: ExceptionCode[]
  reported: boolean
}

const PERSON_DAY_MIN = 480
const BEFORE_WEEKS = 4
export const workMin = (m: Minutes) => WORK_KINDS.reduce((n, k) => n + m[k], 0)
const add = (a: Minutes, b: Minutes): Minutes => {
  const out = { ...a }
  for (const k of Object.keys(a) as (keyof Minutes)[]) out[k] += b[k]
  return out
}
const round = (n: number, digits = 2) => Math.round(n * 10 ** digits) / 10 ** digits

/** People in sight: those who work here, and those who have left as long as their days are asked for. */
const peopleFor = (
  ctx: Ctx,
  ability: 'report.read' | 'time.read' | 'time.export',
  teamId: string | undefined,
  from: string,
  to: string,
) =>
  ctx.db.query<PersonRow>(sql`
    select u.id, u.name, u.team_id, u.team_name from ${engineersIn(ctx.actor, ability, teamId ?? null)}
      and (u.disabled_at is null or exists (select 1 from work_days d where d.person_id = u.id and d.date between ${from} and ${to} and d.worked))
    order by u.team_name nulls last, u.name collate "zh-x-icu", u.id`)

// ── who has reported ──

const rank = (exceptions: readonly ExceptionCode[]) =>
  exceptions.length === 0 ? EXCEPTIONS.length : Math.min(...exceptions.map((e) => EXCEPTIONS.indexOf(e)))

export async function reportsOn(ctx: Ctx, q: Query<'listReports'>) {
  const date = q.date ?? today(ctx)
  const rows = await ctx.db.query<
    PersonRow & {
      day: {
        minutes: Minutes
        overtime: number | null
        gaps: number
        visits: number
        worked: boolean
        exceptions: ExceptionCode[]
        chased: string | null
      } | null
      report: {
        id: string
        at: string
        own: never[]
        differences: number
        read: boolean
        comments: number
        last: { author: string; question: boolean } | null
      } | null
      reactions: { kind: 'seen' | 'thanks' | 'well_done' | 'attention'; n: number }[]
    }
  >(sql`
    select u.id, u.name, u.team_id, u.team_name,
      case when d.id is not null then json_build_object('minutes', d.minutes, 'overtime', d.overtime_min, 'gaps', d.gaps, 'visits', d.visits, 'worked', d.worked,
        'exceptions', d.exceptions, 'chased', d.chased_at) end as day,
      case when r.id is not null then json_build_object('id', r.id, 'at', r.submitted_at, 'own', r.own, 'differences', jsonb_array_length(r.differences),
        'read', exists (select 1 from report_reads x where x.report_id = r.id and x.person_id = ${ctx.actor.id}),
        'comments', (select count(*) from report_comments c where c.report_id = r.id),
        'last', (select json_build_object('author', c.author_id, 'question', c.question) from report_comments c where c.report_id = r.id order by c.at desc, c.id desc limit 1)) end as report,
      coalesce((select json_agg(json_build_object('kind', x.kind, 'n', x.n)) from (select kind, count(*) as n from report_reactions where report_id = r.id group by kind order by kind) x), '[]') as reactions
    from (select u.* from ${engineersIn(ctx.actor, 'report.read', q.teamId ?? null)}) u
    left join work_days d on d.person_id = u.id and d.date = ${date}
    left join daily_reports r on r.person_id = u.id and r.date = ${date}
    where u.disabled_at is null or d.worked or r.id is not null
    order by u.name collate "zh-x-icu", u.id`)
  const shown = rows.map((r) => ({
    person: { id: r.id, name: r.name },
    teamName: r.team_name,
    worked: r.day?.worked ?? false,
    report: r.report && {
      id: r.report.id,
      submittedAt: new Date(r.report.at).toISOString(),
      changed: r.report.differences > 0,
      own: r.report.own,
      readByMe: r.report.read,
      comments: r.report.comments,
      waiting: r.report.last?.question === true && r.report.last.author !== r.id,
      reactions: r.reactions,
    },
    chasedAt: r.day?.chased ? new Date(r.day.chased).toISOString() : null,
    exceptions: r.day?.exceptions ?? [],
    minutes: r.day?.minutes ?? noMinutes(),
    overtimeMin: r.day?.overtime ?? null,
    gaps: r.day?.gaps ?? 0,
    visits: r.day?.visits ?? 0,
  }))
  // Exceptions first, the worst on top; then what is missing; then the rest as it is named.
  const group = (r: (typeof shown)[number]) =>
    r.exceptions.length > 0 ? 0 : r.worked && !r.report ? 1 : r.report ? 2 : 3
  return {
    date,
    zone: ctx.zone,
    teams: await teamsFor(ctx, 'report.read'),
    rows: shown
      .map((r, i) => ({ r, i }))
      .sort(
        (a, b) =>
          group(a.r) - group(b.r) ||
          rank(a.r.exceptions) - rank(b.r.exceptions) ||
          b.r.exceptions.length - a.r.exceptions.length ||
          a.i - b.i,
      )
      .map(({ r }) => r),
    can: { export: hasAbility(ctx.actor, 'time.export') },
  }
}

// ── a week against the four before ──

const daySums = (ctx: Ctx, people: readonly PersonRow[], from: string, to: string) =>
  ctx.db.query<DaySum>(sql`
    select d.person_id, d.date, d.minutes, d.overtime_min, d.available_min, d.travel_m, d.worked, d.visits, d.orders_done, d.exceptions, r.id is not null as reported
    from work_days d left join daily_reports r on r.person_id = d.person_id and r.date = d.date
    where d.person_id = any(${people.map((p) => p.id)}::uuid[]) and d.date between ${from} and ${to}`)

function rollUp(
  today: string,
  who: { id: string; name: string; teamName: string | null },
  days: readonly DaySum[],
  earlier: readonly DaySum[],
): z.input<typeof RollUpRow> {
  const minutes = days.reduce((n, d) => add(n, d.minutes), noMinutes())
  // A day that is not over has not had its time yet.
  const known = days.filter((d) => d.available_min !== null && d.date < today)
  const available = known.reduce((n, d) => n + (d.available_min as number), 0)
  const counts = new Map<ExceptionCode, number>()
  for (const d of days) for (const e of d.exceptions) counts.set(e, (counts.get(e) ?? 0) + 1)
  const mean = (of: (d: DaySum) => number) => round(earlier.reduce((n, d) => n + of(d), 0) / BEFORE_WEEKS, 1)
  return {
    ...who,
    minutes,
    personDays: round(workMin(minutes) / PERSON_DAY_MIN),
    overtimeMin: days.reduce((n, d) => n + (d.overtime_min ?? 0), 0),
    availableMin: known.length > 0 ? available : null,
    // Only time of days with a calendar counts against the calendar.
    utilisation: available > 0 ? round(known.reduce((n, d) => n + workMin(d.minutes), 0) / available, 4) : null,
    travelM: days.reduce((n, d) => n + d.travel_m, 0),
    ordersDone: days.reduce((n, d) => n + d.orders_done, 0),
    visits: days.reduce((n, d) => n + d.visits, 0),
    reports: days.filter((d) => d.reported).length,
    reportsDue: days.filter((d) => d.worked).length,
    exceptions: EXCEPTIONS.filter((e) => counts.has(e)).map((code) => ({ code, n: counts.get(code) as number })),
    before: {
      workMin: mean((d) => workMin(d.minutes)),
      travelMin: mean((d) => d.minutes.travel),
      ordersDone: mean((d) => d.orders_done),
      exceptions: mean((d) => d.exceptions.length),
    },
  }
}

export async function weekOf(ctx: Ctx, q: Query<'reportWeek'>, ability: 'report.read' | 'time.export' = 'report.read') {
  const now = today(ctx)
  const day = q.monday ?? now
  const from = addDays(day, 1 - weekdayOf(day))
  const to = addDays(from, 6)
  const since = addDays(from, -7 * BEFORE_WEEKS)
  const people = await peopleFor(ctx, ability, q.teamId, from, to)
  const sums = await daySums(ctx, people, since, to)
  const byPerson = new Map<string, DaySum[]>(people.map((p) => [p.id, []]))
  for (const s of sums) byPerson.get(s.person_id)?.push(s)
  const split = (days: readonly DaySum[]) =>
    [days.filter((d) => d.date >= from), days.filter((d) => d.date < from)] as const
  const teams = new Map<string, { id: string; name: string; days: DaySum[] }>()
  for (const p of people) {
    if (!p.team_id) continue
    const team = teams.get(p.team_id) ?? { id: p.team_id, name: p.team_name ?? '—', days: [] }
    team.days.push(...(byPerson.get(p.id) as DaySum[]))
    teams.set(p.team_id, team)
  }
  const weeks = Array.from({ length: BEFORE_WEEKS + 1 }, (_, i) => addDays(since, 7 * i))
  return {
    from,
    to,
    zone: ctx.zone,
    teams: await teamsFor(ctx, ability),
    people: people.map((p) =>
      rollUp(now, { id: p.id, name: p.name, teamName: p.team_name }, ...split(byPerson.get(p.id) as DaySum[])),
    ),
    byTeam: [...teams.values()].map((t) => rollUp(now, { id: t.id, name: t.name, teamName: null }, ...split(t.days))),
    trend: weeks.map((monday) => {
      const days = sums.filter((d) => d.date >= monday && d.date < addDays(monday, 7))
      return {
        from: monday,
        minutes: days.reduce((n, d) => add(n, d.minutes), noMinutes()),
        ordersDone: days.reduce((n, d) => n + d.orders_done, 0),
        exceptions: days.reduce((n, d) => n + d.exceptions.length, 0),
      }
    }),
    can: { export: hasAbility(ctx.actor, 'time.export') },
  }
}

// ── a month for HR ──

export const monthSpan = (month: string) => {
  const from = `${month}-01`
  return { from, to: addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1) }
}

export async function monthOf(ctx: Ctx, q: Query<'timeMonth'>, ability: 'time.read' | 'time.export' = 'time.read') {
  const { from, to } = monthSpan(q.month)
  const people = await peopleFor(ctx, ability, q.teamId, from, to)
  const ids = people.map((p) => p.id)
  const [days, corrections] = await Promise.all([
    ctx.db.query<{
      person_id: string
      state: string
      minutes: Minutes
      overtime_min: number | null
      available_min: number | null
      worked: boolean
      differs: boolean
    }>(sql`
      select person_id, state, minutes, overtime_min, available_min, worked, difference is not null as differs from work_days
      where person_id = any(${ids}::uuid[]) and date between ${from} and ${to}`),
    ctx.db.query<{ person_id: string; n: number }>(sql`
      select person_id, count(*) as n from time_corrections where person_id = any(${ids}::uuid[]) and date between ${from} and ${to} and withdrawn_at is null group by person_id`),
  ])
  const corrected = new Map(corrections.map((c) => [c.person_id, c.n]))
  const rows = people.map((p) => {
    const own = days.filter((d) => d.person_id === p.id)
    const minutes = own.reduce((n, d) => add(n, d.minutes), noMinutes())
    const known = own.filter((d) => d.available_min !== null)
    return {
      id: p.id,
      name: p.name,
      teamName: p.team_name,
      minutes,
      personDays: round(workMin(minutes) / PERSON_DAY_MIN),
      overtimeMin: own.reduce((n, d) => n + (d.overtime_min ?? 0), 0),
      availableMin: known.length > 0 ? known.reduce((n, d) => n + (d.available_min as number), 0) : null,
      days: own.filter((d) => d.worked).length,
      confirmedDays: own.filter((d) => d.worked && d.state === 'confirmed').length,
      corrections: corrected.get(p.id) ?? 0,
      differences: own.filter((d) => d.differs).length,
    }
  })
  return { month: q.month, zone: ctx.zone, rows, can: { export: hasAbility(ctx.actor, 'time.export') } }
}

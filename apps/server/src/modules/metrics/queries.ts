import type { z } from 'zod'
import { addDays, localDate, startOfLocalDay, weekdayOf } from '#calendar'
import type { metricsRoutes } from '#contracts/metrics.schema'
import type { Period } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { permits } from '../../platform/policy'
import { cursor, readCursor } from '../../platform/search'
import { namesOf } from '../people'
import {
  definitions,
  definitionsFor,
  type FactSet,
  fixed,
  type Head,
  type KpiCode,
  Neighbours,
  repeatMs,
  setOf,
  show,
} from './kpis'
import * as store from './store'

type Query<K extends keyof typeof metricsRoutes> = z.output<
  (typeof metricsRoutes)[K] extends { query: infer Q extends z.ZodType } ? Q : never
>
export type SubjectKind = 'company' | 'team' | 'person'
export interface Subject {
  subject: SubjectKind
  id: string | null
  name: string
}

const MAX_DAYS = 800

/** The days from and to, both counted, as real time in the company's zone. */
export function periodOf(ctx: Pick<Ctx, 'now' | 'zone'>, q: { from: string; to: string }): Period {
  if (q.to < q.from) fail('time_order')
  const period = {
    from: startOfLocalDay(q.from, ctx.zone),
    to: startOfLocalDay(addDays(q.to, 1), ctx.zone),
    asOf: ctx.now.getTime(),
  }
  if (period.to - period.from > (MAX_DAYS + 0.5) * 86_400_000) fail('period_too_long', { days: MAX_DAYS })
  return period
}
const wirePeriod = (ctx: Ctx, q: { from: string; to: string }) => ({
  from: q.from,
  to: q.to,
  zone: ctx.zone,
  asOf: ctx.now.toISOString(),
})

const teamScope = (id: string) => ({ team_id: id, customer_id: null, people: [] })
const companyScope = { team_id: null, customer_id: null, people: [] }

/**
 * Whose number is asked for, if the actor may see it. Who may see a subject sees all of it: a number that depends on
 * the reader would be nobody's number.
 */
export async function subjectOf(
  ctx: Ctx,
  q: { subject: SubjectKind; id?: string | undefined },
  ability: 'metrics.read' | 'metrics.export' = 'metrics.read',
): Promise<Subject> {
  if (q.subject === 'company') {
    if (!permits(ctx.actor, ability, companyScope)) fail('forbidden', { ability })
    return { subject: 'company', id: null, name: '' }
  }
  if (q.subject === 'team') {
    if (!q.id) return fail('invalid_input', { query: 'id' })
    const team = (await store.teams(ctx.db)).find((t) => t.id === q.id)
    if (!team || !permits(ctx.actor, ability, teamScope(team.id))) return fail('not_found')
    return { subject: 'team', id: team.id, name: team.name }
  }
  const id = q.id ?? ctx.actor.id
  const p = id ? await store.person(ctx.db, id) : undefined
  if (!p || !permits(ctx.actor, ability, { team_id: p.team_id, customer_id: null, people: [p.id] }))
    return fail('not_found')
  return { subject: 'person', id: p.id, name: p.name }
}

const conditionOf = (s: Subject) =>
  s.subject === 'person'
    ? store.ofPeople([s.id as string])
    : s.subject === 'team'
      ? store.ofTeam(s.id as string)
      : sql`true`

/** The facts of a period, and the orders of the same sites in which a repeat may hide. */
async function read(ctx: Ctx, period: Period, condition: ReturnType<typeof conditionOf>) {
  const heads = await store.heads(ctx.db, period.from, period.to, condition)
  const orders = heads.flatMap((h) => (h.kind === 'order' ? [h.body.fact] : []))
  const repairs = fixed(orders, period)
  const sites = [...new Set(repairs.flatMap((o) => (o.siteId ? [o.siteId] : [])))]
  const since = Math.min(...repairs.map((o) => o.completedAt ?? (o.closedAt as number)))
  const near = await store.ordersAt(ctx.db, sites, since, period.to + repeatMs, { ...period, condition })
  return { heads, neighbours: new Neighbours([...orders, ...near]) }
}

/** Weeks (from Monday) or months of the period, cut to it; those that have not begun are not there. */
export function bucketsOf(q: { from: string; to: string; trend: 'none' | 'week' | 'month' }, today: string) {
  const buckets: { from: string; to: string }[] = []
  if (q.trend === 'none') return buckets
  const last = q.to < today ? q.to : today
  for (let from = q.from; from <= last; ) {
    const end =
      q.trend === 'week'
        ? addDays(from, 7 - weekdayOf(from))
        : addDays(`${addDays(`${from.slice(0, 7)}-28`, 4).slice(0, 7)}-01`, -1)
    const to = end < q.to ? end : q.to
    buckets.push({ from, to })
    from = addDays(to, 1)
  }
  return buckets
}

export async function kpis(ctx: Ctx, q: Query<'kpis'>) {
  const period = periodOf(ctx, q)
  const subject = await subjectOf(ctx, q)
  const { heads, neighbours } = await read(ctx, period, conditionOf(subject))
  const personId = subject.subject === 'person' ? subject.id : null
  const compute = (p: Period, among: readonly Head[]) => {
    const set = setOf(among, personId, p.asOf)
    const others = neighbours.of(set, p)
    return definitionsFor(subject.subject).map((d) => show(d, d.of(set, p, others)))
  }
  const trend = bucketsOf(q, localDate(period.asOf, ctx.zone)).map((b) => {
    const p = periodOf(ctx, b)
    return {
      ...b,
      kpis: compute(
        p,
        heads.filter((h) => h.lastAt >= p.from && h.firstAt < p.to),
      ),
    }
  })
  return {
    period: wirePeriod(ctx, q),
    subject,
    kpis: compute(period, heads).map((k, i) => ({
      ...k,
      trend: trend.map((b) => {
        const at = b.kpis[i] as typeof k
        return { from: b.from, to: b.to, value: at.value, n: at.n, provisional: at.provisional }
      }),
    })),
  }
}

export async function kpiTable(
  ctx: Ctx,
  q: { from: string; to: string; by: 'person' | 'team'; teamId?: string | undefined },
) {
  const period = periodOf(ctx, q)
  const rows = q.by === 'person' ? await ofPersons(ctx, q, period) : await ofTeams(ctx, q, period)
  return { period: wirePeriod(ctx, q), by: q.by, rows }
}

async function ofPersons(ctx: Ctx, q: { teamId?: string | undefined }, period: Period) {
  const people = await store.engineers(ctx.db, ctx.actor, q.teamId ?? null)
  const { heads, neighbours } = await read(ctx, period, store.ofPeople(people.map((p) => p.id)))
  const byPerson = new Map<string, Head[]>(people.map((p) => [p.id, []]))
  for (const h of heads) for (const id of h.people) byPerson.get(id)?.push(h)
  return people.flatMap((p) => {
    const own = byPerson.get(p.id) as Head[]
    if (p.disabled && own.length === 0) return []
    const set = setOf(own, p.id, period.asOf)
    const others = neighbours.of(set, period)
    const kpis = definitionsFor('person').map((d) => show(d, d.of(set, period, others)))
    return [{ id: p.id, name: p.name, teamName: p.team_name, kpis }]
  })
}

async function ofTeams(ctx: Ctx, q: { teamId?: string | undefined }, period: Period) {
  const all = await store.teams(ctx.db)
  const teams = all.filter(
    (t) =>
      t.kind !== 'company' &&
      permits(ctx.actor, 'metrics.read', teamScope(t.id)) &&
      (!q.teamId || t.path.includes(q.teamId)),
  )
  const visible = all.filter((t) => t.path.some((id) => teams.some((x) => x.id === id)))
  const { heads, neighbours } = await read(ctx, period, sql`h.team_id = any(${visible.map((t) => t.id)}::uuid[])`)
  const byTeam = new Map<string, Head[]>(all.map((t) => [t.id, []]))
  for (const h of heads) if (h.teamId) byTeam.get(h.teamId)?.push(h)
  return teams.map((t) => {
    const below = all.filter((x) => x.path.includes(t.id)).flatMap((x) => byTeam.get(x.id) as Head[])
    const set = setOf(below, null, period.asOf)
    const others = neighbours.of(set, period)
    const parent = all.find((x) => x.id === t.path.at(-2))
    return {
      id: t.id,
      name: t.name,
      teamName: parent && parent.kind !== 'company' ? parent.name : null,
      kpis: definitionsFor('team').map((d) => show(d, d.of(set, period, others))),
    }
  })
}

interface Behind {
  id: string
  kind: 'order' | 'visit' | 'survey' | 'clock' | 'day'
  orderId: string | null
  visitId: string | null
  surveyId: string | null
  clock: string | null
  people: readonly string[]
}
/** Where each fact of the set comes from. */
function sourcesOf(heads: readonly Head[]): Map<string, Behind> {
  const all = new Map<string, Behind>()
  const none = { visitId: null, surveyId: null, clock: null }
  for (const h of heads) {
    const shared = { ...none, orderId: h.orderId, people: h.people }
    const { id } = h.body.fact
    if (h.kind === 'day') all.set(id, { ...shared, id, kind: 'day' })
    else if (h.kind === 'visit') all.set(id, { ...shared, id, kind: 'visit', visitId: id })
    else if (h.kind === 'survey')
      all.set(id, { ...shared, id, kind: 'survey', surveyId: id, visitId: h.body.fact.visitId })
    else {
      all.set(id, { ...shared, id, kind: 'order' })
      for (const c of h.body.clocks)
        all.set(c.id, {
          ...shared,
          id: c.id,
          kind: 'clock',
          clock: c.clock,
          visitId: c.visitId,
          people: c.engineerId ? [c.engineerId] : h.people,
        })
    }
  }
  return all
}

/** Every row behind a number, newest first: what counted and how, and what did not and why. */
export async function rowsOf(ctx: Ctx, q: { from: string; to: string; kpi: KpiCode }, subject: Subject) {
  const period = periodOf(ctx, q)
  const definition = definitionsFor(subject.subject).find((d) => d.code === q.kpi)
  // The desk's first response is nobody's own number.
  if (!definition) return fail('invalid_input', { query: 'kpi' })
  const condition = sql`(${conditionOf(subject)}) and h.kind = ${definition.kind}`
  const { heads, neighbours } = await read(ctx, period, condition)
  const set: FactSet = setOf(heads, subject.subject === 'person' ? subject.id : null, period.asOf)
  const kpi = definition.of(set, period, neighbours.of(set, period))
  const at = definition.at(set)
  const behind = sourcesOf(heads)
  const rows = [
    ...kpi.rows.map((r) => ({ ...r, counted: true, reason: null as string | null })),
    ...kpi.excluded.map((e) => ({ id: e.id, hit: null, value: null, counted: false, reason: e.reason as string })),
  ]
    .flatMap((r) => {
      const source = behind.get(r.id)
      const moment = at.get(r.id) ?? null
      return source ? [{ ...source, ...r, at: moment ?? period.from }] : []
    })
    .sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  return { definition, kpi: show(definition, kpi), rows }
}
export type Row = Awaited<ReturnType<typeof rowsOf>>['rows'][number]

/** Names and numbers for a page of rows. */
export async function label(ctx: Ctx, rows: readonly Row[]) {
  const orders = await store.labels(ctx.db, [...new Set(rows.flatMap((r) => r.orderId ?? []))])
  const people = new Map(
    (await namesOf(ctx.db, [...new Set(rows.flatMap((r) => r.people))])).map((p) => [p.id, p.name]),
  )
  return rows.map((r) => {
    const order = r.orderId ? orders.get(r.orderId) : undefined
    return {
      id: r.id,
      kind: r.kind,
      counted: r.counted,
      hit: r.hit,
      value: r.value,
      reason: r.reason,
      clock: r.clock,
      at: new Date(r.at).toISOString(),
      orderId: r.orderId,
      orderNumber: order?.number ?? '—',
      title: order?.title ?? '—',
      customerName: order?.customer_name ?? '—',
      visitId: r.visitId,
      surveyId: r.surveyId,
      engineers: r.people.map((id) => people.get(id) ?? '—'),
    }
  })
}

export async function kpiRows(ctx: Ctx, q: Query<'kpiRows'>) {
  const subject = await subjectOf(ctx, q)
  const { kpi, rows: all } = await rowsOf(ctx, q, subject)
  const rows = all.filter((r) =>
    q.show === 'counted'
      ? r.counted
      : q.show === 'excluded'
        ? !r.counted
        : q.show === 'missed'
          ? r.counted && !r.hit
          : true,
  )
  const after = readCursor(q.after, 2)
  const [at, id] = (after ?? []) as [number?, string?]
  const start =
    after === null ? 0 : rows.findIndex((r) => r.at < Number(at) || (r.at === Number(at) && r.id < String(id)))
  const page = start < 0 ? [] : rows.slice(start, start + q.limit)
  const last = page.at(-1)
  return {
    period: wirePeriod(ctx, q),
    kpi,
    rows: await label(ctx, page),
    next: last && start + q.limit < rows.length ? cursor([last.at, last.id]) : null,
    total: rows.length,
  }
}

/** What the screen may offer: definitions, and whose numbers this person sees. */
export async function offered(ctx: Ctx) {
  const teams = (await store.teams(ctx.db)).filter(
    (t) => t.kind !== 'company' && permits(ctx.actor, 'metrics.read', teamScope(t.id)),
  )
  const self = ctx.actor.id ? await store.isEngineer(ctx.db, ctx.actor.id) : false
  return {
    definitions: definitions.map(({ code, version, unit, better, beside }) => ({
      code,
      version,
      unit,
      better,
      beside,
    })),
    subjects: {
      company: permits(ctx.actor, 'metrics.read', companyScope),
      teams: teams.map((t) => ({ id: t.id, name: t.name })),
      self,
    },
  }
}

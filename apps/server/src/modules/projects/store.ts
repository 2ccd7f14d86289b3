import type { z } from 'zod'
import type { LocalDate } from '#calendar'
import type { HealthCause, PhaseDocument } from '#contracts/projects.schema'
import type { Ctx } from '../../platform/context'
import { type Db, empty, sql } from '../../platform/database/pool'
import { type Actor, type ScopeRow, scopeSql } from '../../platform/policy'
import { readCursor, searchSql } from '../../platform/search'
import type { Signal, SignalCause } from './rules'

type Words = { zh: string; en: string }
export interface PhaseRow {
  id: string
  key: string
  name: Words
  position: number
  weight: number
  ownerId: string
  ownerName: string
  plannedStart: LocalDate
  plannedEnd: LocalDate
  baselineStart: LocalDate
  baselineEnd: LocalDate
  actualStart: LocalDate | null
  actualEnd: LocalDate | null
  documents: z.output<typeof PhaseDocument>[]
}
export interface ProjectRow extends ScopeRow {
  id: string
  number: string
  name: string
  state: 'active' | 'paused' | 'accepted'
  customer_id: string
  customer_name: string
  team_name: string | null
  site_id: string | null
  contract_id: string | null
  template_id: string
  template_version: number
  manager_id: string
  manager_name: string
  people: string[]
  starts_on: LocalDate
  budget_person_days: number
  summary: string | null
  paused_on: LocalDate | null
  pause_reason: string | null
  pause_responsibility: 'customer' | 'us' | 'third_party' | null
  accepted_on: LocalDate | null
  orders_total: number
  orders_open: number
  orders_late: number
  used_min: number
  health_level: 'good' | 'watch' | 'risk' | 'unknown'
  health_rank: number
  health_causes: z.output<typeof HealthCause>[]
  rev: number
  changed_at: Date
  changed_by_name: string | null
  phases: PhaseRow[]
}

const select = sql`select p.*, c.name as customer_name, t.name as team_name, m.name as manager_name, (select name from users where id = p.changed_by) as changed_by_name,
    (select coalesce(json_agg(json_build_object('id', f.id, 'key', f.key, 'name', f.name, 'position', f.position, 'weight', f.weight, 'ownerId', f.owner_id, 'ownerName', o.name,
      'plannedStart', f.planned_start, 'plannedEnd', f.planned_end, 'baselineStart', f.baseline_start, 'baselineEnd', f.baseline_end,
      'actualStart', f.actual_start, 'actualEnd', f.actual_end, 'documents', f.documents) order by f.position), '[]')
     from phases f join users o on o.id = f.owner_id where f.project_id = p.id) as phases
  from projects p join customers c on c.id = p.customer_id join users m on m.id = p.manager_id left join teams t on t.id = p.team_id`

export const find = (db: Db, id: string) => db.maybe<ProjectRow>(sql`${select} where p.id = ${id}`)
export async function lock(db: Db, id: string): Promise<ProjectRow | undefined> {
  await db.run(sql`select 1 from projects where id = ${id} for update`)
  return find(db, id)
}
export const projectOfPhase = async (db: Db, phaseId: string) =>
  (await db.maybe<{ project_id: string }>(sql`select project_id from phases where id = ${phaseId}`))?.project_id

export interface ListFilter {
  q?: string | undefined
  state?: string | undefined
  health?: string | undefined
  customerId?: string | undefined
  managerId?: string | undefined
  teamId?: string | undefined
  mine?: boolean | undefined
  after?: string | undefined
  limit: number
}
/** The worst first, what is accepted last, the newest number first. */
export function list(db: Db, actor: Actor, f: ListFilter) {
  const after = readCursor(f.after, 3)
  return db.query<ProjectRow>(sql`${select}
    where ${scopeSql(actor, 'project.read', 'p')}
      ${f.q ? sql`and (${searchSql('p.search', f.q)} or ${searchSql('c.search', f.q)})` : empty}
      ${f.state ? sql`and p.state = ${f.state}` : empty}
      ${f.health ? sql`and p.health_level = ${f.health}` : empty}
      ${f.customerId ? sql`and p.customer_id = ${f.customerId}` : empty}
      ${f.managerId ? sql`and p.manager_id = ${f.managerId}` : empty}
      ${f.teamId ? sql`and p.team_id in (select id from teams where path @> array[${f.teamId}]::uuid[])` : empty}
      ${f.mine ? sql`and p.people @> array[${actor.id}]::uuid[]` : empty}
      ${
        after
          ? sql`and ((p.state = 'accepted')::int, p.health_rank) >= (${after[0]}::int, ${after[1]}::int)
              and (((p.state = 'accepted')::int, p.health_rank) > (${after[0]}::int, ${after[1]}::int) or p.number < ${after[2]})`
          : empty
      }
    order by (p.state = 'accepted'), p.health_rank, p.number desc limit ${f.limit + 1}`)
}
export const healthCounts = (db: Db, actor: Actor) =>
  db.one<{ risk: number; watch: number; good: number; unknown: number }>(sql`
    select count(*) filter (where health_level = 'risk') as risk, count(*) filter (where health_level = 'watch') as watch,
      count(*) filter (where health_level = 'good') as good, count(*) filter (where health_level = 'unknown') as unknown
    from projects p where p.state <> 'accepted' and ${scopeSql(actor, 'project.read', 'p')}`)

export interface NewProject extends ScopeRow {
  id: string
  number: string
  name: string
  siteId: string | null
  contractId: string | null
  templateId: string
  templateVersion: number
  managerId: string
  startsOn: LocalDate
  budgetPersonDays: number
  summary: string | null
}
export const insert = (ctx: Ctx, p: NewProject) =>
  ctx.db.run(sql`insert into projects (id, number, name, customer_id, site_id, contract_id, template_id, template_version, manager_id, team_id, people, starts_on, budget_person_days, summary, created_at, changed_at, changed_by)
    values (${p.id}, ${p.number}, ${p.name}, ${p.customer_id}, ${p.siteId}, ${p.contractId}, ${p.templateId}, ${p.templateVersion}, ${p.managerId}, ${p.team_id}, ${p.people}, ${p.startsOn}, ${p.budgetPersonDays}, ${p.summary}, ${ctx.now}, ${ctx.now}, ${ctx.actor.id})`)

export interface NewPhase {
  id: string
  position: number
  key: string
  name: Words
  weight: number
  ownerId: string
  plannedStart: LocalDate
  plannedEnd: LocalDate
  documents: PhaseRow['documents']
  milestoneId: string | null
  milestone: Words | null
}
export async function insertPhases(ctx: Ctx, projectId: string, phases: readonly NewPhase[]) {
  const rows = sql`jsonb_to_recordset(${JSON.stringify(phases)}::jsonb) as p(id uuid, position int, key text, name jsonb, weight int, "ownerId" uuid,
    "plannedStart" date, "plannedEnd" date, documents jsonb, "milestoneId" uuid, milestone jsonb)`
  await ctx.db.run(sql`insert into phases (id, project_id, position, key, name, weight, owner_id, planned_start, planned_end, baseline_start, baseline_end, documents)
    select p.id, ${projectId}, p.position, p.key, p.name, p.weight, p."ownerId", p."plannedStart", p."plannedEnd", p."plannedStart", p."plannedEnd", p.documents from ${rows}`)
  await ctx.db.run(sql`insert into milestones (id, project_id, phase_id, name, baseline_on, planned_on)
    select p."milestoneId", ${projectId}, p.id, p.milestone, p."plannedEnd", p."plannedEnd" from ${rows} where p."milestoneId" is not null`)
}
/** Writes what a command changed in the phases: plan, fact, owner, documents. Milestones follow their phase. */
export async function savePhases(ctx: Ctx, projectId: string, phases: readonly PhaseRow[]) {
  await ctx.db.run(sql`update phases f set owner_id = p."ownerId", planned_start = p."plannedStart", planned_end = p."plannedEnd",
      actual_start = p."actualStart", actual_end = p."actualEnd", documents = p.documents
    from jsonb_to_recordset(${JSON.stringify(phases)}::jsonb) as p(id uuid, "ownerId" uuid, "plannedStart" date, "plannedEnd" date, "actualStart" date, "actualEnd" date, documents jsonb)
    where f.id = p.id and f.project_id = ${projectId}`)
  await ctx.db.run(sql`update milestones m set planned_on = f.planned_end, reached_on = f.actual_end from phases f
    where f.id = m.phase_id and m.project_id = ${projectId} and (m.planned_on, m.reached_on) is distinct from (f.planned_end, f.actual_end)`)
}
/** Writes the project's own columns. */
export const save = (ctx: Ctx, p: ProjectRow) =>
  ctx.db.run(sql`update projects set name = ${p.name}, state = ${p.state}, site_id = ${p.site_id}, contract_id = ${p.contract_id}, manager_id = ${p.manager_id}, people = ${p.people},
      budget_person_days = ${p.budget_person_days}, summary = ${p.summary}, paused_on = ${p.paused_on}, pause_reason = ${p.pause_reason}, pause_responsibility = ${p.pause_responsibility},
      accepted_on = ${p.accepted_on}, rev = rev + 1, changed_at = ${ctx.now}, changed_by = ${ctx.actor.id}
    where id = ${p.id}`)

export const milestonesOf = (db: Db, projectId: string) =>
  db.query<{
    id: string
    phaseId: string
    name: Words
    baselineOn: LocalDate
    plannedOn: LocalDate
    reachedOn: LocalDate | null
  }>(sql`
    select m.id, m.phase_id as "phaseId", m.name, m.baseline_on as "baselineOn", m.planned_on as "plannedOn", m.reached_on as "reachedOn"
    from milestones m join phases f on f.id = m.phase_id where m.project_id = ${projectId} order by f.position`)

export interface SignalRow {
  cause: SignalCause
  ref_kind: Signal['refKind']
  ref_id: string
  at: Date
  params: Record<string, unknown>
  cleared_at: Date | null
}
export const signalsOf = (db: Db, projectId: string) =>
  db.query<SignalRow>(
    sql`select cause, ref_kind, ref_id, at, params, cleared_at from project_signals where project_id = ${projectId} order by at desc, ref_id limit 2000`,
  )
/** 0 when it stands there already with the same time and numbers. */
export const upsertSignal = (db: Db, projectId: string, s: Omit<Signal, 'at'> & { at: Date }) =>
  db.run(sql`insert into project_signals (project_id, cause, ref_kind, ref_id, at, params)
    values (${projectId}, ${s.cause}, ${s.refKind}, ${s.refId}, ${s.at}, ${JSON.stringify(s.params)}::jsonb)
    on conflict (project_id, cause, ref_id) do update set at = excluded.at, params = excluded.params, cleared_at = null
    where project_signals.cleared_at is not null or (project_signals.at, project_signals.params) is distinct from (excluded.at, excluded.params)`)
export const clearSignal = (db: Db, projectId: string, cause: SignalCause, refId: string, at: Date) =>
  db.run(
    sql`update project_signals set cleared_at = ${at} where project_id = ${projectId} and cause = ${cause} and ref_id = ${refId} and cleared_at is null`,
  )
export const saveHealth = (db: Db, id: string, level: string, causes: unknown) =>
  db.run(
    sql`update projects set health_level = ${level}, health_causes = ${JSON.stringify(causes)}::jsonb where id = ${id}`,
  )
export const saveTally = (
  db: Db,
  id: string,
  t: { ordersTotal: number; ordersOpen: number; ordersLate: number; usedMin: number },
) =>
  db.run(sql`update projects set orders_total = ${t.ordersTotal}, orders_open = ${t.ordersOpen}, orders_late = ${t.ordersLate}, used_min = ${t.usedMin}
    where id = ${id} and (orders_total, orders_open, orders_late, used_min) is distinct from (${t.ordersTotal}::int, ${t.ordersOpen}::int, ${t.ordersLate}::int, ${t.usedMin}::int)`)
export const runningIds = async (db: Db) =>
  (await db.query<{ id: string }>(sql`select id from projects where state <> 'accepted' order by id`)).map((r) => r.id)

export const eventsOf = (db: Db, id: string) =>
  db.query<{
    id: string
    type: string
    payload: Record<string, unknown>
    actor_name: string
    occurred_at: Date
    reason: string | null
  }>(sql`
    select id, type, payload, actor_name, occurred_at, reason from events where aggregate_id = ${id} and aggregate = 'project' and type <> 'project.tallied'
    order by occurred_at desc, id desc limit 60`)
export const related = (db: Db, p: ProjectRow) =>
  db.one<{
    site: { id: string; name: string } | null
    contract: { id: string; number: string; title: string } | null
    template: Words
  }>(sql`
    select (select json_build_object('id', id, 'name', name) from sites where id = ${p.site_id}) as site,
      (select json_build_object('id', id, 'number', number, 'title', title) from contracts where id = ${p.contract_id}) as contract,
      (select name from project_templates where id = ${p.template_id} and version = ${p.template_version}) as template`)
export const activePeople = async (db: Db, ids: readonly string[]) =>
  (
    await db.query<{ id: string }>(sql`select id from users where id = any(${ids}::uuid[]) and disabled_at is null`)
  ).map((r) => r.id)

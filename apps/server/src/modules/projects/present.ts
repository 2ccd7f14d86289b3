import type { z } from 'zod'
import { addDays, localDate, workdaysIn } from '#calendar'
import type { ProjectDetail, ProjectRow as WireRow } from '#contracts/projects.schema'
import type { Ctx } from '../../platform/context'
import { can, permits, type ScopeRow } from '../../platform/policy'
import { companyCalendar, namesOf } from '../people'
import { daysOff, isLate, phaseState, progress } from './rules'
import * as store from './store'

export const scopeOf = (p: ScopeRow): ScopeRow => ({
  team_id: p.team_id,
  customer_id: p.customer_id,
  people: p.people,
})
/** Of a phase: its owner and the manager; whoever has the team has it too. */
export const phaseScope = (p: store.ProjectRow, phase: { ownerId: string }): ScopeRow => ({
  team_id: p.team_id,
  customer_id: p.customer_id,
  people: [p.manager_id, phase.ownerId],
})
export const today = (ctx: Pick<Ctx, 'now' | 'zone'>) => localDate(ctx.now.getTime(), ctx.zone)

const bar = (p: store.ProjectRow, f: store.PhaseRow, on: string) => ({
  id: f.id,
  key: f.key,
  name: f.name,
  weight: f.weight,
  state: phaseState(f),
  late: isLate(f, on, p.paused_on),
  plannedStart: f.plannedStart,
  plannedEnd: f.plannedEnd,
  actualStart: f.actualStart,
  actualEnd: f.actualEnd,
})

export function row(ctx: Ctx, p: store.ProjectRow): z.input<typeof WireRow> {
  const on = today(ctx)
  const open = p.state !== 'accepted'
  return {
    id: p.id,
    number: p.number,
    name: p.name,
    state: p.state,
    customer: { id: p.customer_id, name: p.customer_name },
    team: p.team_id && p.team_name ? { id: p.team_id, name: p.team_name } : null,
    manager: { id: p.manager_id, name: p.manager_name },
    health: { level: p.health_level, causes: p.health_causes },
    phases: p.phases.map((f) => bar(p, f, on)),
    progress: progress(p.phases, on),
    orders: { total: p.orders_total, open: p.orders_open, late: p.orders_late },
    budget: { plannedDays: p.budget_person_days, usedDays: Math.round(p.used_min / 48) / 10 },
    startsOn: p.starts_on,
    endsOn: p.phases.reduce((last, f) => (f.plannedEnd > last ? f.plannedEnd : last), p.starts_on),
    acceptedOn: p.accepted_on,
    pause:
      p.paused_on && p.pause_reason && p.pause_responsibility
        ? { since: p.paused_on, reason: p.pause_reason, responsibility: p.pause_responsibility }
        : null,
    changedAt: p.changed_at.toISOString(),
    rev: p.rev,
    can: can(ctx.actor, scopeOf(p), {
      edit: ['project.manage', open],
      people: ['project.manage', open],
      pause: ['project.manage', p.state === 'active'],
      resume: ['project.manage', p.state === 'paused'],
      accept: ['project.manage', p.state === 'active'],
    }),
  }
}

export async function detail(ctx: Ctx, p: store.ProjectRow): Promise<z.input<typeof ProjectDetail>> {
  const on = today(ctx)
  const cal = companyCalendar(ctx.zone)
  const milestones = await store.milestonesOf(ctx.db, p.id)
  const signals = await store.signalsOf(ctx.db, p.id)
  const people = await namesOf(ctx.db, p.people)
  const related = await store.related(ctx.db, p)
  const events = await store.eventsOf(ctx.db, p.id)
  const dates = p.phases.flatMap((f) => [f.plannedStart, f.plannedEnd, f.baselineEnd, f.actualStart, f.actualEnd])
  const known = [p.starts_on, on, ...dates.filter((d): d is string => d !== null)].sort()
  const from = known[0] as string
  const to = addDays(known.at(-1) as string, 7)
  const active = p.state === 'active'
  return {
    ...row(ctx, p),
    phases: p.phases.map((f) => {
      const work = permits(ctx.actor, 'phase.work', phaseScope(p, f))
      const manage = permits(ctx.actor, 'project.manage', scopeOf(p))
      const state = phaseState(f)
      return {
        ...bar(p, f, on),
        position: f.position,
        owner: { id: f.ownerId, name: f.ownerName },
        plannedDays: workdaysIn(cal, f.plannedStart, f.plannedEnd),
        actualDays: f.actualStart ? workdaysIn(cal, f.actualStart, f.actualEnd ?? on) : null,
        baselineStart: f.baselineStart,
        baselineEnd: f.baselineEnd,
        documents: f.documents,
        can: {
          start: active && work && state === 'planned',
          finish: active && work && state === 'active',
          file: p.state !== 'accepted' && work,
          replan: p.state !== 'accepted' && manage && state !== 'done',
          owner: p.state !== 'accepted' && manage && state !== 'done',
        },
      }
    }),
    milestones,
    summary: p.summary,
    site: related.site,
    contract: related.contract,
    template: { id: p.template_id, version: p.template_version, name: related.template },
    people: people.map((u) => ({ id: u.id, name: u.name })),
    anomalies: signals.map((s) => ({
      cause: s.cause,
      ref: { kind: s.ref_kind, id: s.ref_id },
      at: s.at.toISOString(),
      params: s.params,
      clearedAt: s.cleared_at?.toISOString() ?? null,
    })),
    calendar: { zone: ctx.zone, from, to, today: on, ...daysOff(cal, from, to) },
    events: [
      // What this very command states is stored with its commit, after this answer was made.
      ...ctx.emitted
        .filter((e) => e.aggregateId === p.id && e.aggregate === 'project' && e.type !== 'project.tallied')
        .map((e) => ({ ...e, actor_name: e.actorName, occurred_at: e.occurredAt }))
        .reverse(),
      ...events,
    ].map((e) => ({
      id: e.id,
      at: e.occurred_at.toISOString(),
      actor: e.actor_name,
      message: { code: e.type, params: e.payload },
      reason: e.reason,
    })),
  }
}

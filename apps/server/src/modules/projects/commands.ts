import type { z } from 'zod'
import { workdaysBetween } from '#calendar'
import type { projectsRoutes } from '#contracts/projects.schema'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { nextNumber } from '../../platform/numbers'
import { authorise, permits } from '../../platform/policy'
import { checkBelongs, customerFacts } from '../customers'
import { tell } from '../notices'
import { companyCalendar } from '../people'
import { openThread, rescopeThread } from '../threads'
import { refreshHealth } from './health'
import { phaseScope, scopeOf, today } from './present'
import { phaseState, planPhases, replan, shift } from './rules'
import * as store from './store'
import { latestTemplate } from './templates'

constraintErrors.set('projects_pkey', () => new CodedError('project_exists'))
constraintErrors.set('projects_manager_id_fkey', () => new CodedError('person_unknown'))
constraintErrors.set('phases_owner_id_fkey', () => new CodedError('person_unknown'))

type Body<K extends keyof typeof projectsRoutes> = (typeof projectsRoutes)[K] extends {
  body: infer B extends z.ZodType
}
  ? z.output<B>
  : never
const unique = (ids: readonly string[]) => [...new Set(ids)]
const peopleOf = (p: store.ProjectRow, members: readonly string[]) =>
  unique([p.manager_id, ...members, ...p.phases.map((f) => f.ownerId)])

async function checkPeople(ctx: Ctx, ids: readonly string[]) {
  const known = new Set(await store.activePeople(ctx.db, ids))
  if (ids.some((id) => !known.has(id))) fail('person_unknown')
}

export async function createProject(ctx: Ctx, body: Body<'createProject'>): Promise<store.ProjectRow> {
  const customer = await customerFacts(ctx, body.customerId)
  if (!customer) return fail('not_found')
  authorise(ctx.actor, 'customer.read', customer.scope, 'customer.read')
  await checkBelongs(ctx, body.customerId, { siteId: body.siteId, contractId: body.contractId })
  const template = await latestTemplate(ctx.db, body.templateId)
  const stray = [...Object.keys(body.owners), ...Object.keys(body.durations)].find(
    (key) => !template.phases.some((f) => f.key === key),
  )
  if (stray) fail('template_keys', { key: stray })
  const people = unique([body.managerId, ...body.people, ...Object.values(body.owners)])
  const scope = {
    team_id: body.teamId === undefined ? customer.teamId : body.teamId,
    customer_id: body.customerId,
    people,
  }
  // A new project must lie in one's own scope: nobody creates what he could not see afterwards.
  authorise(ctx.actor, 'project.create', scope, 'project.create')
  await checkPeople(ctx, people)
  const plans = planPhases(
    companyCalendar(ctx.zone),
    body.startsOn,
    template.phases.map((f) => body.durations[f.key] ?? f.durationDays),
  )
  const id = body.id ?? newId()
  const number = await nextNumber(ctx, 'XM')
  await store.insert(ctx, {
    ...scope,
    id,
    number,
    name: body.name,
    siteId: body.siteId,
    contractId: body.contractId,
    templateId: template.id,
    templateVersion: template.version,
    managerId: body.managerId,
    startsOn: plans[0]?.plannedStart ?? body.startsOn,
    budgetPersonDays: body.budgetPersonDays,
    summary: body.summary,
  })
  // Who answers for the engineers' phases: the one named for them, else the manager himself.
  const engineer = template.phases.map((f) => f.ownerRole === 'engineer' && body.owners[f.key]).find(Boolean) || null
  await store.insertPhases(
    ctx,
    id,
    template.phases.map((f, position) => ({
      id: newId(),
      position,
      key: f.key,
      name: f.name,
      weight: f.weight,
      ownerId: body.owners[f.key] ?? (f.ownerRole === 'engineer' && engineer ? engineer : body.managerId),
      ...(plans[position] as (typeof plans)[number]),
      documents: f.requiredDocuments.map((name) => ({ name, filedOn: null, filedBy: null, ref: null })),
      milestoneId: f.milestone ? newId() : null,
      milestone: f.milestone,
    })),
  )
  await openThread(ctx, { kind: 'project', id, title: `${number} ${body.name}`, scope })
  await ctx.emit({
    type: 'project.created',
    aggregate: 'project',
    aggregateId: id,
    payload: { number, templateId: template.id, templateVersion: template.version, startsOn: plans[0]?.plannedStart },
    scope,
  })
  await tellJoined(ctx, { id, number, name: body.name }, people)
  await refreshHealth(ctx, id)
  return (await store.find(ctx.db, id)) as store.ProjectRow
}

const tellJoined = (ctx: Ctx, p: { id: string; number: string; name: string }, userIds: readonly string[]) =>
  tell(ctx, {
    userIds,
    code: 'project_joined',
    params: { number: p.number, name: p.name, by: ctx.actor.name },
    subject: { kind: 'project', id: p.id },
  })

async function mine(ctx: Ctx, id: string): Promise<store.ProjectRow> {
  const p = await store.lock(ctx.db, id)
  if (!p) return fail('not_found')
  authorise(ctx.actor, 'project.manage', scopeOf(p), 'project.read')
  checkRev(ctx, p)
  return p
}
async function ofPhase(ctx: Ctx, phaseId: string, ability: 'project.manage' | 'phase.work') {
  const projectId = await store.projectOfPhase(ctx.db, phaseId)
  const p = projectId ? await store.lock(ctx.db, projectId) : undefined
  const phase = p?.phases.find((f) => f.id === phaseId)
  if (!p || !phase) return fail('not_found')
  if (ability === 'project.manage') authorise(ctx.actor, ability, scopeOf(p), 'project.read')
  else {
    authorise(ctx.actor, 'project.read', scopeOf(p), 'project.read')
    // The phase has a narrower scope than the project that everybody on it sees.
    if (!permits(ctx.actor, ability, phaseScope(p, phase))) fail('forbidden', { ability })
  }
  checkRev(ctx, p)
  return { p, phase }
}

/** Saves what changed, keeps the thread's people, states the fact, looks at the health again. */
async function saved(
  ctx: Ctx,
  p: store.ProjectRow,
  e: { type: string; payload?: Record<string, unknown>; reason?: string | null },
): Promise<store.ProjectRow> {
  await store.save(ctx, p)
  await store.savePhases(ctx, p.id, p.phases)
  await rescopeThread(ctx, p.id, scopeOf(p))
  await ctx.emit({ ...e, aggregate: 'project', aggregateId: p.id, scope: scopeOf(p) })
  await refreshHealth(ctx, p.id)
  return (await store.find(ctx.db, p.id)) as store.ProjectRow
}
const changePhase = (p: store.ProjectRow, phaseId: string, change: Partial<store.PhaseRow>) => ({
  ...p,
  phases: p.phases.map((f) => (f.id === phaseId ? { ...f, ...change } : f)),
})
function must(state: string, allowed: readonly string[], verb: string) {
  if (!allowed.includes(state)) fail('state_forbids', { state, verb })
}
function notAhead(ctx: Ctx, on: string | undefined): string {
  const now = today(ctx)
  if (on !== undefined && on > now) fail('date_ahead', { on })
  return on ?? now
}
const named = (f: store.PhaseRow) => ({ phaseId: f.id, phase: f.key, name: f.name })

export async function editProject(ctx: Ctx, id: string, body: Body<'editProject'>) {
  const p = await mine(ctx, id)
  must(p.state, ['active', 'paused'], 'edit')
  await checkBelongs(ctx, p.customer_id as string, { siteId: body.siteId, contractId: body.contractId })
  const next = {
    ...p,
    name: body.name ?? p.name,
    summary: body.summary === undefined ? p.summary : body.summary,
    site_id: body.siteId === undefined ? p.site_id : body.siteId,
    contract_id: body.contractId === undefined ? p.contract_id : body.contractId,
    budget_person_days: body.budgetPersonDays ?? p.budget_person_days,
  }
  return saved(ctx, next, { type: 'project.edited', payload: { changed: Object.keys(body) } })
}

export async function setPeople(ctx: Ctx, id: string, body: Body<'setProjectPeople'>) {
  const p = await mine(ctx, id)
  must(p.state, ['active', 'paused'], 'people')
  const wanted = unique([body.managerId, ...body.people])
  await checkPeople(
    ctx,
    wanted.filter((x) => !p.people.includes(x)),
  )
  // The manager's own phases go to the next manager; somebody else's must be given away first.
  const phases = p.phases.map((f) =>
    f.actualEnd === null && f.ownerId === p.manager_id && !wanted.includes(f.ownerId)
      ? { ...f, ownerId: body.managerId }
      : f,
  )
  const left = phases.find((f) => f.actualEnd === null && !wanted.includes(f.ownerId))
  if (left) fail('owner_leaves', { name: left.ownerName })
  const next = { ...p, manager_id: body.managerId, phases }
  next.people = unique(wanted)
  const joined = next.people.filter((x) => !p.people.includes(x))
  const row = await saved(ctx, next, {
    type: 'project.people_changed',
    payload: { managerId: body.managerId, joined, left: p.people.filter((x) => !next.people.includes(x)) },
  })
  await tellJoined(ctx, p, joined)
  return row
}

export async function pause(ctx: Ctx, id: string, body: Body<'pauseProject'>) {
  const p = await mine(ctx, id)
  must(p.state, ['active'], 'pause')
  return saved(
    ctx,
    {
      ...p,
      state: 'paused',
      paused_on: today(ctx),
      pause_reason: body.reason,
      pause_responsibility: body.responsibility,
    },
    { type: 'project.paused', payload: { responsibility: body.responsibility }, reason: body.reason },
  )
}

export async function resume(ctx: Ctx, id: string, body: Body<'resumeProject'>) {
  const p = await mine(ctx, id)
  must(p.state, ['paused'], 'resume')
  const cal = companyCalendar(ctx.zone)
  const days = workdaysBetween(cal, p.paused_on as string, today(ctx))
  const phases = body.movePlan ? p.phases.map((f) => shift(cal, f, days)) : p.phases
  return saved(
    ctx,
    { ...p, state: 'active', paused_on: null, pause_reason: null, pause_responsibility: null, phases },
    {
      type: 'project.resumed',
      payload: { since: p.paused_on, movedDays: body.movePlan ? days : 0 },
      reason: body.reason,
    },
  )
}

export async function accept(ctx: Ctx, id: string, body: Body<'acceptProject'>) {
  const p = await mine(ctx, id)
  must(p.state, ['active'], 'accept')
  const on = notAhead(ctx, body.on)
  // The last phase is the acceptance itself: it ends with it. Everything before must have ended.
  const open = p.phases.slice(0, -1).filter((f) => f.actualEnd === null)
  if (open.length > 0) fail('phases_open', { phases: open.map((f) => f.name.zh).join('、') })
  if (p.phases.some((f) => (f.actualEnd ?? f.actualStart ?? on) > on)) fail('time_order')
  const phases = p.phases.map((f) =>
    f.actualEnd === null ? { ...f, actualStart: f.actualStart ?? on, actualEnd: on } : f,
  )
  return saved(
    ctx,
    { ...p, state: 'accepted', accepted_on: on, phases },
    { type: 'project.accepted', payload: { on }, reason: body.note },
  )
}

export async function startPhase(ctx: Ctx, phaseId: string, body: Body<'startPhase'>) {
  const { p, phase } = await ofPhase(ctx, phaseId, 'phase.work')
  must(p.state, ['active'], 'start')
  must(phaseState(phase), ['planned'], 'start')
  const on = notAhead(ctx, body.on)
  return saved(ctx, changePhase(p, phaseId, { actualStart: on }), {
    type: 'project.phase_started',
    payload: { ...named(phase), on },
  })
}

export async function finishPhase(ctx: Ctx, phaseId: string, body: Body<'finishPhase'>) {
  const { p, phase } = await ofPhase(ctx, phaseId, 'phase.work')
  must(p.state, ['active'], 'finish')
  must(phaseState(phase), ['active'], 'finish')
  const on = notAhead(ctx, body.on)
  if (on < (phase.actualStart as string)) fail('time_order')
  const missing = phase.documents.filter((d) => d.filedOn === null).map((d) => d.name)
  if (missing.length > 0 && body.reason === null) fail('phase_documents_missing', { documents: missing.join('、') })
  return saved(ctx, changePhase(p, phaseId, { actualEnd: on }), {
    type: 'project.phase_finished',
    payload: { ...named(phase), on, missing },
    reason: body.reason,
  })
}

export async function replanPhase(ctx: Ctx, phaseId: string, body: Body<'replanPhase'>) {
  const { p, phase } = await ofPhase(ctx, phaseId, 'project.manage')
  must(p.state, ['active', 'paused'], 'replan')
  must(phaseState(phase), ['planned', 'active'], 'replan')
  const phases = replan(companyCalendar(ctx.zone), p.phases, phaseId, body)
  return saved(
    ctx,
    { ...p, phases },
    {
      type: 'project.phase_replanned',
      payload: {
        ...named(phase),
        from: { start: phase.plannedStart, end: phase.plannedEnd },
        to: { start: body.start, end: body.end },
        following: body.following,
      },
      reason: body.reason,
    },
  )
}

export async function setOwner(ctx: Ctx, phaseId: string, body: Body<'setPhaseOwner'>) {
  const { p, phase } = await ofPhase(ctx, phaseId, 'project.manage')
  must(p.state, ['active', 'paused'], 'owner')
  must(phaseState(phase), ['planned', 'active'], 'owner')
  await checkPeople(ctx, [body.ownerId])
  const next = changePhase(p, phaseId, { ownerId: body.ownerId })
  next.people = peopleOf(next, p.people)
  const row = await saved(ctx, next, {
    type: 'project.phase_owner_changed',
    payload: { ...named(phase), from: phase.ownerId, to: body.ownerId },
  })
  if (!p.people.includes(body.ownerId)) await tellJoined(ctx, p, [body.ownerId])
  return row
}

export async function fileDocument(ctx: Ctx, phaseId: string, body: Body<'filePhaseDocument'>) {
  const { p, phase } = await ofPhase(ctx, phaseId, 'phase.work')
  must(p.state, ['active', 'paused'], 'file')
  if (!phase.documents.some((d) => d.name === body.name)) fail('phase_document_unknown', { name: body.name })
  const on = notAhead(ctx, body.on)
  const documents = phase.documents.map((d) =>
    d.name === body.name ? { ...d, filedOn: on, filedBy: ctx.actor.name, ref: body.ref } : d,
  )
  return saved(ctx, changePhase(p, phaseId, { documents }), {
    type: 'project.phase_document_filed',
    payload: { ...named(phase), document: body.name, on },
  })
}

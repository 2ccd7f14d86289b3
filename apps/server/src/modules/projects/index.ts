import { isProvisionalDate } from '#calendar'
import { projectsRoutes } from '#contracts/projects.schema'
import { implement, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { authorise, hasAbility, type ScopeRow } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { companyCalendar } from '../people'
import * as commands from './commands'
import { refreshAll } from './health'
import * as present from './present'
import { planPhases } from './rules'
import * as store from './store'
import { checkTemplate, insertTemplate, latestTemplate, latestTemplates } from './templates'

export { refreshAll as refreshProjects, setSignals, setTally } from './health'
export type { SignalCause } from './rules'
export { ensureProjectTemplates, standardTemplate } from './templates'

export interface ProjectFacts {
  id: string
  number: string
  name: string
  state: 'active' | 'paused' | 'accepted'
  customerId: string
  siteId: string | null
  contractId: string | null
  managerId: string
  scope: ScopeRow
  phases: { id: string; key: string; name: { zh: string; en: string } }[]
}
/** A project as later rooms need it; null if there is none. */
export async function findProject(ctx: Pick<Ctx, 'db'>, id: string): Promise<ProjectFacts | null> {
  const p = await store.find(ctx.db, id)
  if (!p) return null
  return {
    id: p.id,
    number: p.number,
    name: p.name,
    state: p.state,
    customerId: p.customer_id,
    siteId: p.site_id,
    contractId: p.contract_id,
    managerId: p.manager_id,
    scope: present.scopeOf(p),
    phases: p.phases.map((f) => ({ id: f.id, key: f.key, name: f.name })),
  }
}

/** Ids of the projects that are not accepted yet. */
export const runningProjects = (ctx: Pick<Ctx, 'db'>) => store.runningIds(ctx.db)

async function visible(ctx: Ctx, id: string) {
  const p = await store.find(ctx.db, id)
  if (!p) return fail('not_found')
  authorise(ctx.actor, 'project.read', present.scopeOf(p), 'project.read')
  return p
}

const r = projectsRoutes
export const projects: Module = {
  name: 'projects',
  live: { project: 'project.read' },
  // A phase becomes late at midnight of the company's zone, whichever that is.
  jobs: [{ name: 'projects.refresh', every: '*/15 * * * *', run: refreshAll }],
  handlers: [
    implement(r.listProjectTemplates, async (ctx) => ({
      templates: await latestTemplates(ctx.db),
      can: { save: hasAbility(ctx.actor, 'project.template') },
    })),
    implement(r.saveProjectTemplate, async (ctx, { body }) => {
      checkTemplate(body)
      const before = body.id ? await latestTemplate(ctx.db, body.id) : null
      const t = {
        id: before?.id ?? newId(),
        version: (before?.version ?? 0) + 1,
        name: body.name,
        phases: body.phases,
      }
      // Somebody else saved the same version in this moment: read again, then save on top of it.
      if ((await insertTemplate(ctx.db, t, ctx.now, ctx.actor.id)) === 0) fail('busy_retry')
      await ctx.emit({
        type: 'project_template.saved',
        aggregate: 'project_template',
        aggregateId: t.id,
        payload: { version: t.version },
      })
      return t
    }),
    implement(r.planProject, async (ctx, { query }) => {
      const t = await latestTemplate(ctx.db, query.templateId)
      const cal = companyCalendar(ctx.zone)
      const plans = planPhases(
        cal,
        query.startsOn,
        t.phases.map((f) => f.durationDays),
      )
      return {
        templateVersion: t.version,
        phases: t.phases.map((f, i) => ({
          key: f.key,
          name: f.name,
          durationDays: f.durationDays,
          start: plans[i]?.plannedStart as string,
          end: plans[i]?.plannedEnd as string,
        })),
        provisional: plans.some((p) => isProvisionalDate(cal, p.plannedEnd)),
      }
    }),
    implement(r.listProjects, async (ctx, { query }) => {
      const rows = await store.list(ctx.db, ctx.actor, query)
      return {
        ...pageOf(
          rows,
          query.limit,
          (p) => [p.state === 'accepted' ? 1 : 0, p.health_rank, p.number],
          (p) => present.row(ctx, p),
        ),
        counts: await store.healthCounts(ctx.db, ctx.actor),
        can: { create: hasAbility(ctx.actor, 'project.create') },
      }
    }),
    implement(r.getProject, async (ctx, { params }) => present.detail(ctx, await visible(ctx, params.id))),
    implement(r.createProject, async (ctx, { body }) => present.detail(ctx, await commands.createProject(ctx, body))),
    implement(r.editProject, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.editProject(ctx, params.id, body)),
    ),
    implement(r.setProjectPeople, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.setPeople(ctx, params.id, body)),
    ),
    implement(r.pauseProject, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.pause(ctx, params.id, body)),
    ),
    implement(r.resumeProject, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.resume(ctx, params.id, body)),
    ),
    implement(r.acceptProject, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.accept(ctx, params.id, body)),
    ),
    implement(r.startPhase, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.startPhase(ctx, params.id, body)),
    ),
    implement(r.finishPhase, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.finishPhase(ctx, params.id, body)),
    ),
    implement(r.replanPhase, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.replanPhase(ctx, params.id, body)),
    ),
    implement(r.setPhaseOwner, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.setOwner(ctx, params.id, body)),
    ),
    implement(r.filePhaseDocument, async (ctx, { params, body }) =>
      present.detail(ctx, await commands.fileDocument(ctx, params.id, body)),
    ),
  ],
}

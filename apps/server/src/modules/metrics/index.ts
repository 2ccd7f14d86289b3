import { metricsRoutes } from '#contracts/metrics.schema'
import { implement, implementRaw, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import type { StoredEvent } from '../../platform/events'
import { hasAbility } from '../../platform/policy'
import { refreshProjects } from '../projects'
import { exportKpis } from './export'
import { appendDay, appendFacts, rebuildFacts } from './facts'
import { kpiRows, kpis, kpiTable, offered } from './queries'
import { sweepProjects, syncProject, syncProjectOf } from './signals'

/**
 * Everything that is counted, computed anew from what happened: facts, and what the projects hear of. On what stands
 * it changes nothing; after history was copied in, it makes all of it.
 */
export async function rebuildMetrics(ctx: Ctx): Promise<{ orders: number; appended: number }> {
  const done = await rebuildFacts(ctx)
  const projects = await ctx.db.query<{ id: string }>(
    sql`select distinct project_id as id from orders where project_id is not null order by 1`,
  )
  for (const { id } of projects) await syncProject(ctx, id)
  await refreshProjects(ctx)
  return done
}

/** What can change a number or a project's health. */
const telling = [
  ...['created', 'submitted', 'triaged', 'edited', 'contacted', 'progressed', 'held', 'resumed', 'cancelled'],
  ...['cannot_complete', 'accepted', 'rejected', 'deemed', 'waived', 'closed', 'marked'],
].map((e) => `order.${e}`)
telling.push(
  ...[
    ...['planned', 'offered', 'taken', 'declined', 'recalled', 'reassigned', 'appointed', 'rescheduled', 'checked_in'],
    ...['started', 'paused', 'resumed', 'finished', 'cancelled', 'aborted', 'missed'],
  ].map((e) => `visit.${e}`),
  ...['invited', 'answered', 'expired'].map((e) => `survey.${e}`),
  ...['opened', 'contacted', 'planned', 'done', 'closed'].map((e) => `followup.${e}`),
)

async function orderOf(ctx: Ctx, e: StoredEvent): Promise<string | null> {
  if (e.aggregate === 'order') return e.aggregateId
  const row = await ctx.db.maybe<{ order_id: string | null }>(
    e.aggregate === 'visit'
      ? sql`select order_id from visits where id = ${e.aggregateId}`
      : e.aggregate === 'survey'
        ? sql`select order_id from surveys where id = ${e.aggregateId}`
        : sql`select order_id from followups where id = ${e.aggregateId}`,
  )
  return row?.order_id ?? null
}

async function count(ctx: Ctx, e: StoredEvent): Promise<void> {
  const orderId = await orderOf(ctx, e)
  if (!orderId) return
  await appendFacts(ctx, orderId)
  await syncProjectOf(ctx, orderId)
}

const r = metricsRoutes
export const metrics: Module = {
  name: 'metrics',
  reactions: [
    ...telling.map((type) => on(type, 'metrics.count', count)),
    ...['workday.changed', 'workday.reopened'].map((type) =>
      on(type, 'metrics.day', async (ctx, e) => void (await appendDay(ctx, e.aggregateId))),
    ),
  ],
  jobs: [
    { name: 'metrics.projects', every: '*/15 * * * *', run: sweepProjects },
    { name: 'metrics.project', run: (ctx, payload) => syncProject(ctx, payload.projectId as string) },
  ],
  handlers: [
    implement(r.kpiDefinitions, async (ctx) => ({
      ...(await offered(ctx)),
      can: { export: hasAbility(ctx.actor, 'metrics.export') },
    })),
    implement(r.kpis, (ctx, { query }) => kpis(ctx, query)),
    implement(r.kpiTable, (ctx, { query }) => kpiTable(ctx, query)),
    implement(r.kpiRows, (ctx, { query }) => kpiRows(ctx, query)),
    implementRaw(r.exportKpis, async (ctx, { query }, { reply }) => {
      const file = await exportKpis(ctx, query)
      return reply
        .header('content-type', file.type)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .header('cache-control', 'no-store')
        .send(file.bytes)
    }),
  ],
}

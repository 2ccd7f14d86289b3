import type { z } from 'zod'
import { z as zod } from 'zod'
import type { SurveyAnswer } from '#contracts/surveys.schema'
import { surveysRoutes } from '#contracts/surveys.schema'
import { needsFollowUp, surveyScore, surveyWeight } from '#lifecycle'
import { implement, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { permits, type ScopeRow } from '../../platform/policy'
import { readSetting, setting } from '../../platform/settings'
import { customerFacts } from '../customers'
import { companySetting, namesOf } from '../people'
import { findVisit, visitScope, visitsOfOrder } from '../visits'
import { findOrder, linkAggregate, surveyStands } from '../workorders'
import { definitionOf, latestDefinition } from './definition'
import { followUpDetail, openFollowUp, presentFollowUp, workFollowUp } from './followups'
import * as store from './store'

export { definitionOf as surveyDefinition, ensureDefinition } from './definition'
export { surveyOfVisit } from './store'

export const satisfactionSetting = setting(
  'satisfaction',
  zod.object({ threshold: zod.number().min(0).max(100), expireDays: zod.number().int().min(1).max(90) }),
  { threshold: 70, expireDays: 7 },
)

export function presentSurvey(s: store.SurveyRow) {
  return {
    id: s.id,
    kind: s.kind,
    orderId: s.order_id,
    orderNumber: s.order_number,
    visitId: s.visit_id,
    customerName: s.customer_name,
    engineers: s.engineers.map((e) => ({ id: e.id, name: e.name })),
    state: s.state,
    score: s.score,
    ratings: s.ratings,
    tags: s.tags,
    words: s.words,
    nps: s.nps,
    flags: s.flags,
    invitedAt: s.invited_at.toISOString(),
    answeredAt: s.answered_at?.toISOString() ?? null,
    followUpId: s.followup_id,
  }
}

/** Invites the customer to rate a visit that has ended; a repeat changes nothing. */
export async function inviteSurvey(
  ctx: Ctx,
  v: {
    visitId: string
    orderId: string
    orderNumber: string | null
    customerName: string | null
    engineers: { id: string; name: string; role: 'lead' | 'member' }[]
    scope: ScopeRow
  },
) {
  const { expireDays } = await readSetting(ctx, satisfactionSetting)
  const definition = await latestDefinition(ctx.db)
  const id = newId()
  const n = await store.insertSurvey(ctx.db, {
    id,
    kind: 'visit',
    definition_version: definition.version,
    order_id: v.orderId,
    order_number: v.orderNumber,
    visit_id: v.visitId,
    customer_name: v.customerName,
    engineers: v.engineers.map((e) => ({ id: e.id, name: e.name, weight: surveyWeight(e.role) })),
    invited_at: ctx.now,
    expires_at: new Date(ctx.now.getTime() + expireDays * 86_400_000),
    ...pick(v.scope),
  })
  if (n === 0) return
  await linkAggregate(ctx, v.orderId, id)
  await surveyStands(ctx, v.orderId, 'invited')
  await ctx.emit({
    type: 'survey.invited',
    aggregate: 'survey',
    aggregateId: id,
    payload: { visitId: v.visitId, orderId: v.orderId },
    scope: v.scope,
  })
}

/** The lead's visit has ended with work done: its customer is asked. */
async function inviteAfter(ctx: Ctx, visitId: string): Promise<void> {
  const visit = await findVisit(ctx, visitId)
  if (visit?.fold.role !== 'lead' || (visit.fold.result !== 'done' && visit.fold.result !== 'partial')) return
  const order = await findOrder(ctx, visit.order_id)
  if (!order) return
  // The crew of this visit: whoever worked for the same order while the lead did.
  const crew = (await visitsOfOrder(ctx, order.id)).filter(
    (v) =>
      v.id === visit.id ||
      (v.fold.arrivedAt !== null && v.planned_start < visit.planned_end && visit.planned_start < v.planned_end),
  )
  const names = await namesOf(
    ctx.db,
    crew.flatMap((v) => (v.engineer_id ? [v.engineer_id] : [])),
  )
  const customer = await customerFacts(ctx, order.customer_id)
  await inviteSurvey(ctx, {
    visitId,
    orderId: order.id,
    orderNumber: order.number,
    customerName: customer?.name ?? null,
    engineers: crew.flatMap((v) =>
      v.engineer_id
        ? [{ id: v.engineer_id, name: names.find((n) => n.id === v.engineer_id)?.name ?? '', role: v.fold.role }]
        : [],
    ),
    scope: visitScope(visit),
  })
}

const pick = (s: ScopeRow) => ({ team_id: s.team_id, customer_id: s.customer_id, people: s.people })

/** Takes the customer's answer, once; a low score opens a follow-up in the same transaction. The caller has checked the link. */
export async function answerSurvey(ctx: Ctx, surveyId: string, a: z.output<typeof SurveyAnswer>, flags: string[]) {
  const s = await store.lockSurvey(ctx.db, surveyId)
  if (!s) return fail('not_found')
  if (s.state === 'answered') fail('survey_answered')
  if (s.state === 'expired' || s.expires_at <= ctx.now)
    fail('survey_closed', { phone: (await readSetting(ctx, companySetting)).phone })
  const definition = await definitionOf(ctx.db, s.definition_version)
  const ratings = Object.fromEntries(
    definition.questions.flatMap((q) => (a.ratings[q.key] ? [[q.key, a.ratings[q.key] as number]] : [])),
  )
  const score = surveyScore(definition.questions.map((q) => ({ rating: ratings[q.key] ?? null, weight: q.weight })))
  if (score === null) return fail('invalid_input', { field: 'ratings' })
  const known = new Set([...definition.tags.good, ...definition.tags.bad].map((t) => t.key))
  await store.saveAnswer(ctx.db, {
    id: s.id,
    ratings,
    tags: a.tags.filter((t) => known.has(t)),
    words: a.words,
    nps: a.nps,
    score,
    flags,
    at: ctx.now,
  })
  await ctx.emit({
    type: 'survey.answered',
    aggregate: 'survey',
    aggregateId: s.id,
    payload: { visitId: s.visit_id, orderId: s.order_id, score, ratings, nps: a.nps, engineers: s.engineers },
    personal: { words: a.words },
    flags,
    scope: s,
  })
  await surveyStands(ctx, s.order_id, 'answered')
  const { threshold } = await readSetting(ctx, satisfactionSetting)
  if (needsFollowUp(score, threshold))
    await openFollowUp(ctx, {
      surveyId: s.id,
      orderId: s.order_id,
      visitId: s.visit_id,
      orderNumber: s.order_number,
      customerName: s.customer_name,
      score,
      engineerIds: s.engineers.map((e) => e.id),
      scope: s,
    })
  return { score }
}

export const surveys: Module = {
  name: 'surveys',
  live: { survey: 'survey.read', followup: 'followup.read' },
  reactions: [on('visit.finished', 'surveys.invite', (ctx, e) => inviteAfter(ctx, e.aggregateId))],
  jobs: [
    {
      name: 'surveys.expire',
      every: '*/15 * * * *',
      run: async (ctx) => {
        for (const s of await store.expireSurveys(ctx.db, ctx.now)) {
          await surveyStands(ctx, s.order_id, 'expired')
          await ctx.emit({
            type: 'survey.expired',
            aggregate: 'survey',
            aggregateId: s.id,
            payload: { orderId: s.order_id, visitId: s.visit_id },
            scope: s,
          })
        }
      },
    },
  ],
  handlers: [
    implement(surveysRoutes.surveyDefinition, (ctx) => latestDefinition(ctx.db)),
    implement(surveysRoutes.listSurveys, async (ctx, { query }) => {
      const rows = await store.listSurveys(ctx.db, ctx.actor, query)
      const more = rows.length > query.limit
      if (more) rows.pop()
      const last = rows.at(-1)
      return {
        rows: rows.map(presentSurvey),
        next: more && last ? `${(last.answered_at ?? last.invited_at).toISOString()}|${last.id}` : null,
        ...(await store.countSurveys(ctx.db, ctx.actor)),
      }
    }),
    implement(surveysRoutes.listFollowUps, async (ctx, { query }) => {
      const rows = await store.listFollowUps(ctx.db, ctx.actor, query)
      const more = rows.length > query.limit
      if (more) rows.pop()
      const last = rows.at(-1)
      const counts = Object.fromEntries((await store.countFollowUps(ctx.db, ctx.actor)).map((c) => [c.state, c.n]))
      return {
        rows: rows.map((f) => presentFollowUp(ctx, f)),
        next: more && last ? `${last.opened_at.toISOString()}|${last.id}` : null,
        counts,
      }
    }),
    implement(surveysRoutes.getFollowUp, async (ctx, { params }) => {
      const d = await followUpDetail(ctx, params.id)
      return { ...d, survey: d.survey && permits(ctx.actor, 'survey.read', d.survey) ? presentSurvey(d.survey) : null }
    }),
    implement(surveysRoutes.contactFollowUp, (ctx, { params, body }) =>
      workFollowUp(ctx, params.id, 'contact', 'followup.contacted', body),
    ),
    implement(surveysRoutes.planFollowUp, async (ctx, { params, body }) => {
      if (new Date(body.dueAt) <= ctx.now) fail('time_order', { field: 'dueAt' })
      return workFollowUp(ctx, params.id, 'plan', 'followup.planned', { ...body, dueAt: Date.parse(body.dueAt) })
    }),
    implement(surveysRoutes.doFollowUp, (ctx, { params, body }) =>
      workFollowUp(ctx, params.id, 'do', 'followup.done', body),
    ),
    implement(surveysRoutes.checkFollowUp, (ctx, { params, body }) =>
      workFollowUp(ctx, params.id, 'check', 'followup.checked', body),
    ),
    implement(surveysRoutes.actFollowUp, (ctx, { params, body }) =>
      workFollowUp(ctx, params.id, 'act', 'followup.acted', body),
    ),
    implement(surveysRoutes.closeFollowUp, (ctx, { params }) =>
      workFollowUp(ctx, params.id, 'close', 'followup.closed', {}),
    ),
    implement(surveysRoutes.reassignFollowUp, (ctx, { params, body }) =>
      workFollowUp(ctx, params.id, 'reassign', 'followup.reassigned', { ownerId: body.ownerId }, body.reason),
    ),
  ],
}

import { dispatchRoutes } from '#contracts/dispatch.schema'
import { implement, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { authorise, hasAbility, permits, type ScopeRow } from '../../platform/policy'
import { findVisit, visitScope } from '../visits'
import { board } from './board'
import * as commands from './commands'
import { raiseOffer, remindOfOffers, settleOffer } from './offers'
import { readPolicy, writePolicy } from './policy'
import { engineerRef, judged, presentOrder, presentPlacement, verdictOf, wireMessages } from './present'
import type { DispatchPolicy } from './problem'
import { place, recommend } from './ranking'
import * as store from './store'
import { findSubject, problemFor, type Subject } from './subject'

export { assign, continueWith, passOn } from './commands'
export type { Recommend } from './problem'

const scopeOf = (s: Subject): ScopeRow => ({ team_id: s.team_id, customer_id: s.customer_id, people: s.people })

async function subjectFor(ctx: Ctx, orderId: string): Promise<Subject> {
  const s = await findSubject(ctx, orderId)
  if (!s) return fail('not_found')
  authorise(ctx.actor, 'dispatch.assign', scopeOf(s), 'order.read')
  return s
}

const presentPolicy = (ctx: Ctx, policy: DispatchPolicy) => ({
  policy,
  can: { edit: hasAbility(ctx.actor, 'dispatch.policy') },
})
const at = (s: string | undefined) => (s === undefined ? undefined : new Date(s))

export const dispatch: Module = {
  name: 'dispatch',
  live: { offer: 'visit.read' },
  jobs: [
    { name: 'dispatch.remind_of_offers', every: '* * * * *', run: (ctx) => remindOfOffers(ctx) },
    { name: 'dispatch.raise_offer', run: (ctx, payload) => raiseOffer(ctx, payload.visitId as string) },
  ],
  reactions: ['opened', 'taken', 'declined', 'recalled', 'reassigned', 'cancelled'].map((verb) =>
    on(`visit.${verb}`, `dispatch.settle_offer_${verb}`, (ctx, e) => settleOffer(ctx, e.aggregateId, e.recordedAt)),
  ),
  handlers: [
    implement(dispatchRoutes.candidates, async (ctx, { params, query }) => {
      const s = await subjectFor(ctx, params.id)
      const problem = await problemFor(
        ctx,
        s,
        { start: at(query.start) ?? null, durationMin: query.durationMin ?? null, mode: query.mode ?? null },
        await readPolicy(ctx),
        query.teamIds ? { teamIds: query.teamIds } : {},
      )
      const { ranked, left } = recommend(problem)
      return {
        order: presentOrder(s, problem),
        rankedTotal: ranked.length,
        ranked: ranked.slice(0, query.limit).map((c, i) => ({ rank: i + 1, ...presentPlacement(c, problem) })),
        left: left.map((b) => ({ engineer: engineerRef(b.engineer), findings: wireMessages(b.findings) })),
        asOf: ctx.now.toISOString(),
      }
    }),
    implement(dispatchRoutes.checkPlacement, async (ctx, { body }) => {
      const visit = body.visitId ? await findVisit(ctx, body.visitId) : null
      if (body.visitId && !visit) return fail('not_found')
      if (visit) authorise(ctx.actor, 'dispatch.assign', visitScope(visit), 'visit.read')
      const s = await subjectFor(ctx, visit ? visit.order_id : (body.orderId as string))
      const length = visit ? Math.round((visit.planned_end.getTime() - visit.planned_start.getTime()) / 60_000) : null
      const start = new Date(body.start)
      const problem = await problemFor(
        ctx,
        s,
        { start, durationMin: body.durationMin ?? length, mode: body.mode ?? visit?.mode ?? null, visit },
        await readPolicy(ctx),
        { ids: body.engineerIds },
      )
      if (problem.engineers.length !== new Set(body.engineerIds).size) fail('engineer_unknown')
      return {
        placements: problem.engineers.map((e) => {
          const c = judged(place(e, start.getTime(), problem), problem)
          return {
            ...presentPlacement(c, problem),
            verdict: verdictOf(c.findings),
            canOverride: permits(ctx.actor, 'dispatch.override', scopeOf(s)),
          }
        }),
      }
    }),
    implement(dispatchRoutes.assign, (ctx, { params, body }) => commands.assign(ctx, params.id, body)),
    implement(dispatchRoutes.offerAgain, (ctx, { params, body }) => commands.offerAgain(ctx, params.id, body)),
    implement(dispatchRoutes.reassign, (ctx, { params, body }) =>
      commands.reassign(ctx, params.id, { ...body, start: at(body.start) }),
    ),
    implement(dispatchRoutes.recall, (ctx, { params, body }) => commands.recall(ctx, params.id, body)),
    implement(dispatchRoutes.move, (ctx, { params, body }) =>
      commands.move(ctx, params.id, { ...body, start: new Date(body.start) }),
    ),
    implement(dispatchRoutes.board, (ctx, { query }) => board(ctx, query)),
    implement(dispatchRoutes.log, async (ctx, { query }) => {
      const [time, id] = query.after?.split('|') ?? []
      const rows = await store.listMoves(ctx.db, ctx.actor, {
        ...query,
        after: time && id ? { at: time, id } : undefined,
      } as never)
      const more = rows.length > query.limit
      if (more) rows.pop()
      const last = rows.at(-1)
      return { rows: rows.map(presentMove), next: more && last ? `${last.at.toISOString()}|${last.id}` : null }
    }),
    implement(dispatchRoutes.getDispatchPolicy, async (ctx) => presentPolicy(ctx, await readPolicy(ctx))),
    implement(dispatchRoutes.setDispatchPolicy, async (ctx, { body }) => {
      await writePolicy(ctx, body)
      await ctx.emit({
        type: 'dispatch.policy_set',
        aggregate: 'setting',
        aggregateId: dispatchPolicyId,
        payload: { ...body },
      })
      return presentPolicy(ctx, await readPolicy(ctx))
    }),
  ],
}

// Settings have a key for an id; the history of this one reads as one aggregate.
const dispatchPolicyId = '00000000-0000-7000-8000-0000000d15ba'

function presentMove(m: store.MoveRow) {
  return {
    id: m.id,
    at: m.at.toISOString(),
    verb: m.verb,
    orderId: m.order_id,
    orderNumber: m.number,
    title: m.title,
    visitId: m.visit_id,
    by: { kind: m.actor_kind, id: m.actor_id, name: m.actor_name },
    madeBy: m.made_by,
    reason: m.reason,
    from:
      m.from_start && m.from_end
        ? {
            engineerId: m.from_engineer_id,
            engineerName: m.from_name,
            start: m.from_start.toISOString(),
            end: m.from_end.toISOString(),
          }
        : null,
    to: {
      engineerId: m.engineer_id,
      engineerName: m.engineer_name,
      start: m.starts_at.toISOString(),
      end: m.ends_at.toISOString(),
    },
    rank: m.rank,
    cost: m.cost,
    alternative: m.alternative ? { ...m.alternative, engineerName: m.alternative_name ?? '—' } : null,
    overridden: m.overridden,
  }
}

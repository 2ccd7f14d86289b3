// What happens around the work itself: asking from the site, handing over, escalating, reporting, papers that follow.

import { requestsRoutes } from '#contracts/requests.schema'
import { type Implemented, implement, implementRaw, type Module, on } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { derivedId } from '../../platform/ids'
import { replica } from '../../platform/replica'
import { writeSetting } from '../../platform/settings'
import { seenMine, sendPhoto } from './about'
import { logCall } from './calls'
import { colleaguesOf, crewOf, crewPhoto } from './crew'
import * as escalations from './escalations'
import * as handovers from './handovers'
import { lostVisits } from './lost'
import { keepPending, listPapers, papersOf, remindOfPapers, settleFilled, settlePaper } from './papers'
import { readPolicy, requestsSetting } from './policy'
import { reportOrder, reportsOf } from './reports'
import * as requests from './requests'

const r = requestsRoutes

const has = (photos: readonly { id: string }[], id: string) => {
  if (!photos.some((p) => p.id === id)) fail('not_found')
}

const handlers: Implemented[] = [
  implement(r.listRequests, (ctx, { query }) => requests.listRequests(ctx, query)),
  implement(r.getRequest, (ctx, { params }) => requests.shownRequest(ctx, params.id)),
  implementRaw(r.requestPhoto, async (ctx, { params, query }, { reply }) => {
    has((await requests.readRequest(ctx, params.id)).photos, params.photoId)
    return sendPhoto(ctx, reply, params.photoId, query.size)
  }),
  implement(r.askVisit, (ctx, { params, body }) => requests.askVisit(ctx, params.id, body)),
  implement(r.acceptRequest, (ctx, { params }) => requests.acceptRequest(ctx, params.id)),
  implement(r.answerRequest, (ctx, { params, body }) => requests.answerRequest(ctx, params.id, body)),
  implement(r.approveRequest, (ctx, { params, body }) => requests.approveRequest(ctx, params.id, body)),
  implement(r.declineRequest, (ctx, { params, body }) => requests.declineRequest(ctx, params.id, body)),
  implement(r.doneRequest, (ctx, { params }) => requests.doneRequest(ctx, params.id)),
  implement(r.withdrawRequest, (ctx, { params }) => requests.withdrawRequest(ctx, params.id)),

  implement(r.listHandovers, (ctx, { query }) => handovers.listHandovers(ctx, query)),
  implement(r.getHandover, (ctx, { params }) => handovers.shownHandover(ctx, params.id)),
  implementRaw(r.handoverPhoto, async (ctx, { params, query }, { reply }) => {
    has((await handovers.readHandover(ctx, params.id)).photos, params.photoId)
    return sendPhoto(ctx, reply, params.photoId, query.size)
  }),
  implement(r.openWork, async (ctx, { params }) => ({
    items: await handovers.openWork(ctx, await seenMine(ctx, params.id)),
  })),
  implement(r.offerHandover, (ctx, { params, body }) => handovers.offerHandover(ctx, params.id, body)),
  implement(r.acceptHandover, (ctx, { params, body }) => handovers.acceptHandover(ctx, params.id, body)),
  implement(r.declineHandover, (ctx, { params, body }) => handovers.declineHandover(ctx, params.id, body)),
  implement(r.withdrawHandover, (ctx, { params }) => handovers.withdrawHandover(ctx, params.id)),

  implement(r.listEscalations, (ctx, { query }) => escalations.listEscalations(ctx, query)),
  implement(r.getEscalation, (ctx, { params }) => escalations.shownEscalation(ctx, params.id)),
  implementRaw(r.escalationPhoto, async (ctx, { params, query }, { reply }) => {
    has((await escalations.readEscalation(ctx, params.id)).photos, params.photoId)
    return sendPhoto(ctx, reply, params.photoId, query.size)
  }),
  implement(r.raiseEscalation, (ctx, { params, body }) => escalations.raiseEscalation(ctx, params.id, body)),
  implement(r.takeEscalation, (ctx, { params }) => escalations.takeEscalation(ctx, params.id)),
  implement(r.assignEscalation, (ctx, { params, body }) => escalations.assignEscalation(ctx, params.id, body)),
  implement(r.askEscalation, (ctx, { params, body }) => escalations.askEscalation(ctx, params.id, body)),
  implement(r.supplyEscalation, (ctx, { params, body }) => escalations.supplyEscalation(ctx, params.id, body)),
  implement(r.answerEscalation, (ctx, { params, body }) => escalations.answerEscalation(ctx, params.id, body)),
  implement(r.linkEscalation, (ctx, { params, body }) => escalations.linkEscalation(ctx, params.id, body)),
  implement(r.closeEscalation, (ctx, { params, body }) => escalations.closeEscalation(ctx, params.id, body)),

  implement(r.reportOrder, (ctx, { params, body }) => reportOrder(ctx, params.id, body)),
  implement(r.fieldReports, async (ctx) => ({ rows: await reportsOf(ctx, monthAgo(ctx)) })),
  implement(r.listPapers, (ctx, { query }) => listPapers(ctx, query)),
  implement(r.logCall, (ctx, { params, body }) => logCall(ctx, params.id, body)),
  implement(r.visitCrew, async (ctx, { params }) => ({ mates: await crewOf(ctx, params.id) })),
  implementRaw(r.crewPhoto, async (ctx, { params, query }, { reply }) => {
    await crewPhoto(ctx, params.id, params.photoId)
    return sendPhoto(ctx, reply, params.photoId, query.size)
  }),
  implement(r.lostVisits, async (ctx) => ({ rows: await lostVisits(ctx) })),
  implement(r.colleagues, async (ctx, { query }) => ({ rows: await colleaguesOf(ctx, query) })),

  implement(r.getRequestsPolicy, (ctx) => readPolicy(ctx)),
  implement(r.setRequestsPolicy, async (ctx, { body }) => {
    await writeSetting(ctx, requestsSetting, body)
    await ctx.emit({
      type: 'request.policy_set',
      aggregate: 'setting',
      aggregateId: derivedId('setting', 'requests'),
      payload: { ...body },
    })
    return { ok: true as const }
  }),
]

const byId = <R extends { id: string }>(rows: readonly R[]) => rows.map((row) => ({ id: row.id, row }))
const monthAgo = (ctx: Ctx) => new Date(ctx.now.getTime() - 30 * 86_400_000)

export const requestsModule: Module = {
  name: 'requests',
  handlers,
  live: {
    request: 'request.read',
    handover: 'handover.read',
    escalation: 'escalation.read',
    call: 'visit.read',
  },
  // What the engineer asked for and is asked, and whom he may ask.
  replica: [
    replica('request', async (ctx, span) => byId(await requests.requestsOf(ctx, span.from))),
    replica('handover', async (ctx, span) => byId(await handovers.handoversOf(ctx, span.from))),
    replica('escalation', async (ctx, span) => byId(await escalations.escalationsOf(ctx, span.from))),
    replica('reported', async (ctx, span) => byId(await reportsOf(ctx, span.from))),
    replica('paper', async (ctx) => byId(await papersOf(ctx))),
    replica('lost', async (ctx) => (await lostVisits(ctx)).map((row) => ({ id: row.visitId, row }))),
    replica('colleague', async (ctx) => byId(await colleaguesOf(ctx))),
  ],
  reactions: [
    on('visit.finished', 'requests.papers', (ctx, e) => keepPending(ctx, e)),
    on('document.filled', 'requests.filled', (ctx, e) => settleFilled(ctx, e.aggregateId)),
    on('document.filed', 'requests.filed', async (ctx, e) => void (await settlePaper(ctx, e.aggregateId))),
    on('document.signed', 'requests.signed', async (ctx, e) => void (await settlePaper(ctx, e.aggregateId))),
    on('visit.reassigned', 'requests.dropReassigned', (ctx, e) => handovers.dropHandovers(ctx, e.aggregateId)),
    on('visit.cancelled', 'requests.dropCancelled', (ctx, e) => handovers.dropHandovers(ctx, e.aggregateId)),
    on('visit.finished', 'requests.dropFinished', (ctx, e) => handovers.dropHandovers(ctx, e.aggregateId)),
  ],
  jobs: [
    { name: 'requests.remind', every: '* * * * *', run: (ctx) => requests.remindOfRequests(ctx) },
    { name: 'requests.escalations', every: '*/5 * * * *', run: (ctx) => escalations.remindOfEscalations(ctx) },
    { name: 'requests.papers', every: '*/15 * * * *', run: (ctx) => remindOfPapers(ctx) },
  ],
}

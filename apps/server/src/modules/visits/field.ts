// What the engineer does, one verb a command. In contact the state decides; what happened offline is kept whatever the
// state, and the fold says whether it fits.

import { visitsRoutes } from '#contracts/visits.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { fail, failAfter } from '../../platform/errors'
import { authorise, hasAbility, permits } from '../../platform/policy'
import { correct } from '../customers'
import { fileComplete } from '../documents'
import { usersWithRole } from '../people'
import { contacted } from '../workorders'
import { contested, subjectOf } from './contested'
import { codeLocked, countWrong } from './doorcodes'
import { keepFix, photosOf } from './evidence'
import { type Held, held } from './held'
import { papersMissing } from './papers'
import { callOff, moveVisit, tellOfVisit } from './planning'
import { type CardRow, card, findCard } from './queries'
import { awaitsReview, checkRange, checkResult, requireState } from './rules'
import { checksOpen } from './sheets'
import { type VisitRow, visitScope } from './store'
import { checkSeen, type Fact, fact, happen, lockVisit, tripMates, whenOf } from './write'

type Verb = Parameters<typeof requireState>[1]

/** One verb of the engineer: held by him, allowed by the state, stated, saved. */
async function act(ctx: Ctx, id: string, verb: Verb, facts: (h: Held) => Fact[]): Promise<VisitRow> {
  const h = await held(ctx, id, verb)
  requireState(h.v.fold, verb, h.offline)
  // An open offer becomes a booking of the winner's time when it is taken, and may be refused for want of it.
  const books = verb === 'take' && h.v.engineer_id === null
  return happen(ctx, h.v, facts(h), { flags: h.flags, books })
}

export const fieldHandlers: Implemented[] = [
  implement(visitsRoutes.openVisit, async (ctx, { params }) => {
    await act(ctx, params.id, 'open', () => [fact('visit.opened', {})])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.takeVisit, async (ctx, { params }) => {
    const engineerId = ctx.actor.id as string
    await act(ctx, params.id, 'take', () => [fact('visit.taken', { engineerId })])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.declineVisit, async (ctx, { params, body }) => {
    const v = await act(ctx, params.id, 'decline', () => [
      fact('visit.declined', { engineerId: ctx.actor.id, cause: body.cause ?? null }, { reason: body.reason }),
    ])
    const dispatchers = await usersWithRole(ctx.db, 'dispatcher', v.team_id)
    await tellOfVisit(
      ctx,
      v,
      dispatchers.map((d) => d.id),
      'visit_declined',
      'urgent',
      { by: ctx.actor.name, reason: body.reason },
    )
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.appointVisit, async (ctx, { params, body }) => {
    const start = new Date(body.start)
    const end = body.end ? new Date(body.end) : null
    const h = await held(ctx, params.id, 'appoint')
    if (end) checkRange('onsite', start, end)
    requireState(h.v.fold, 'appoint', h.offline)
    const when = await whenOf(ctx, h.v)
    const agreed = h.v.fold.appointment
    const range = (a: { start: number; end: number | null }) => ({
      start: new Date(a.start).toISOString(),
      end: a.end === null ? null : new Date(a.end).toISOString(),
    })
    await contested(ctx, h.v, when, 'appoint', {
      field: 'appointment',
      types: ['visit.appointed'],
      value: range({ start: start.getTime(), end: end?.getTime() ?? null }),
      current: agreed && range(agreed),
      ...(body.base !== undefined ? { base: body.base } : {}),
    })
    await happen(
      ctx,
      h.v,
      [
        fact('visit.appointed', {
          start: start.getTime(),
          end: end?.getTime() ?? null,
          contactId: body.contactId ?? null,
          channel: body.channel,
          ...(body.askedBy ? { askedBy: body.askedBy } : {}),
        }),
      ],
      { when, flags: h.flags },
    )
    if (h.flags.length === 0)
      await contacted(ctx, h.v.order_id, {
        channel: body.channel,
        contactId: body.contactId ?? null,
        visitId: h.v.id,
      })
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.rescheduleVisit, async (ctx, { params, body }) => {
    const o = {
      start: new Date(body.start),
      end: new Date(body.end),
      askedBy: body.askedBy,
      reason: body.reason,
      base: body.base,
      ...(body.travelMin !== undefined ? { travelMin: body.travelMin } : {}),
    }
    const v = await lockVisit(ctx, params.id)
    if (permits(ctx.actor, 'visit.plan', visitScope(v))) checkSeen(ctx, v)
    else if (!hasAbility(ctx.actor, 'visit.work')) authorise(ctx.actor, 'visit.plan', visitScope(v), 'visit.read')
    // A former holder has no say about the time any more, offline or not.
    else if ((await held(ctx, params.id, 'reschedule')).flags.length > 0) fail('not_found')
    await moveVisit(ctx, v, o)
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.correctAtVisit, async (ctx, { params, body }) => {
    const h = await held(ctx, params.id, 'correct')
    // Whoever has lost the visit has no business with the customer's data any more.
    if (h.flags.length > 0) fail('not_found')
    const { occurredAt: at } = await whenOf(ctx, h.v)
    const about = await subjectOf(ctx, h.v)
    const row = (await findCard(ctx.db, params.id)) as CardRow
    const of = { contact: row.contact?.id, site: row.site_id, asset: row.asset?.id } as const
    for (const kind of ['contact', 'site', 'asset'] as const) {
      const values = body[kind]
      if (!values || Object.keys(values).length === 0) continue
      await correct(ctx, kind, of[kind] ?? fail('not_found'), { values, base: body.base?.[kind], at, about })
    }
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.departForVisit, async (ctx, { params, body }) => {
    const departed = () => [fact('visit.departed', {}, body.fix ? { personal: { fix: body.fix } } : {})]
    const h = await held(ctx, params.id, 'depart')
    requireState(h.v.fold, 'depart', h.offline)
    const when = await whenOf(ctx, h.v)
    await happen(ctx, h.v, departed(), { when, flags: h.flags })
    if (body.fix) await keepFix(ctx, { visitId: h.v.id, fix: body.fix, at: when.occurredAt })
    if (h.flags.length === 0)
      for (const mate of await tripMates(ctx, h.v, ['taken']))
        await happen(ctx, await lockVisit(ctx, mate.id), departed(), { when })
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.startVisit, async (ctx, { params }) => {
    await act(ctx, params.id, 'start', () => [fact('visit.started', {})])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.pauseVisit, async (ctx, { params, body }) => {
    await act(ctx, params.id, 'pause', () => [
      fact('visit.paused', { cause: body.cause ?? null }, { reason: body.reason }),
    ])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.resumeVisit, async (ctx, { params }) => {
    await act(ctx, params.id, 'resume', () => [fact('visit.resumed', {})])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.finishVisit, async (ctx, { params, body }) => {
    checkResult(body)
    const h = await held(ctx, params.id, 'finish')
    requireState(h.v.fold, 'finish', h.offline)
    const when = await whenOf(ctx, h.v)
    const missing = await papersMissing(ctx, h.v.id, body.result)
    const open = missing.filter((d) => !body.pendingDocuments.includes(d.id))
    // Who was offline has left already: what is missing then is to follow, and flagged.
    if (open.length > 0 && !h.offline)
      fail('documents_missing', { names: open.map((d) => d.name).join('、'), documents: open })
    const checks = await checksOpen(ctx, h.v, body.result)
    if (checks.length > 0 && !h.offline)
      fail('checks_missing', {
        count: checks.length,
        names: checks
          .slice(0, 5)
          .map((c) => (ctx.actor.locale === 'zh-CN' ? c.label.zh : c.label.en || c.label.zh))
          .join('、'),
        checks: checks.map((c) => ({ checklistId: c.checklistId, item: c.item })),
      })
    if (body.pendingDocuments.length > 0 && !body.reason) fail('reason_needed')
    await happen(
      ctx,
      h.v,
      [
        fact(
          'visit.finished',
          {
            result: body.result,
            remaining: body.remaining ?? null,
            cause: body.cause ?? null,
            foreseeable: body.foreseeable ?? null,
            pendingDocuments: missing.map((d) => d.id),
          },
          { reason: body.reason ?? null, ...(body.fix ? { personal: { fix: body.fix } } : {}) },
        ),
      ],
      {
        when,
        flags: [
          ...h.flags,
          ...(open.length > 0 ? ['documents_missing'] : []),
          ...(checks.length > 0 ? ['checks_missing'] : []),
        ],
      },
    )
    if (body.fix) await keepFix(ctx, { visitId: h.v.id, fix: body.fix, at: when.occurredAt })
    if (h.flags.length === 0) await fileComplete(ctx, h.v.id)
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.abortVisit, async (ctx, { params, body }) => {
    await act(ctx, params.id, 'abort', () => [
      fact('visit.aborted', { cause: body.cause ?? null, remaining: body.remaining ?? null }, { reason: body.reason }),
    ])
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.cancelVisit, async (ctx, { params, body }) => {
    const v = await lockVisit(ctx, params.id)
    if (!permits(ctx.actor, 'visit.plan', visitScope(v)))
      fail(permits(ctx.actor, 'visit.read', visitScope(v)) ? 'forbidden' : 'not_found')
    checkSeen(ctx, v)
    await callOff(ctx, v, body)
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.confirmVisit, async (ctx, { params, body }) => {
    await act(ctx, params.id, 'confirm', ({ v }) => {
      // Said by phone it is the engineer's word; the code is the customer's own.
      if (body.by === 'code' && codeLocked(v)) fail('confirm_code_locked')
      // The refusal undoes what the command wrote; the try counts all the same.
      if (body.by === 'code' && body.code !== v.arrival_code)
        failAfter((db) => countWrong(db, v.id), 'confirm_code_wrong')
      return [fact('visit.customer_confirmed', { by: body.by, contactId: body.contactId ?? null })]
    })
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.appealCheckIn, async (ctx, { params, body }) => {
    const photos = await photosOf(ctx, params.id, body.photoIds)
    if (photos.length !== new Set(body.photoIds).size) fail('evidence_unknown')
    const v = await act(ctx, params.id, 'appeal_checkin', ({ v }) => {
      const c = v.fold.checkIns.find((c) => c.id === body.checkInId)
      if (!c) return fail('checkin_unknown')
      if (c.grade !== 'C' && c.grade !== 'D') fail('appeal_needless')
      return [fact('visit.checkin_appealed', { checkInId: c.id, photoIds: body.photoIds }, { reason: body.reason })]
    })
    const supervisors = await usersWithRole(ctx.db, 'supervisor', v.team_id)
    await tellOfVisit(
      ctx,
      v,
      supervisors.map((s) => s.id),
      'checkin_appealed',
      'normal',
      { by: ctx.actor.name, reason: body.reason },
    )
    return card(ctx, params.id)
  }),

  implement(visitsRoutes.reviewCheckIn, async (ctx, { params, body }) => {
    const v = await lockVisit(ctx, params.id)
    if (!permits(ctx.actor, 'visit.review', visitScope(v)))
      fail(permits(ctx.actor, 'visit.read', visitScope(v)) ? 'forbidden' : 'not_found')
    checkSeen(ctx, v)
    const c = v.fold.checkIns.find((c) => c.id === body.checkInId)
    if (!c) return fail('checkin_unknown')
    requireState(v.fold, 'review_checkin', false)
    const wasOpen = awaitsReview(c)
    const saved = await happen(ctx, v, [
      fact(
        'visit.checkin_reviewed',
        { checkInId: c.id, grade: body.grade, verdict: body.grade === c.grade ? 'confirmed' : 'corrected' },
        { reason: body.reason },
      ),
    ])
    if (wasOpen)
      await tellOfVisit(ctx, saved, saved.people, 'checkin_reviewed', 'normal', {
        by: ctx.actor.name,
        grade: body.grade,
        reason: body.reason,
      })
    return card(ctx, params.id)
  }),
]

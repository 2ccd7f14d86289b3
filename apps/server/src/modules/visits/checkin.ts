// Check-in: graded, never refused. The grade is for the supervisor's eye; work may start whatever it says.

import type { z } from 'zod'
import { visitsRoutes } from '#contracts/visits.schema'
import { distanceM } from '#geo'
import { type CheckInSignals, gradeCheckIn } from '#lifecycle'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { derivedId, newId } from '../../platform/ids'
import { localDate } from '../../platform/numbers'
import { type SiteFacts, siteFacts } from '../customers'
import { usersWithRole } from '../people'
import { contacted } from '../workorders'
import { keepCode, keepFix, photosOf, positionsBefore, seenElsewhere, tieToCheckIn } from './evidence'
import { held } from './held'
import { tellOfVisit } from './planning'
import { card, checkInOf } from './queries'
import { requireState } from './rules'
import type { VisitRow } from './store'
import * as store from './store'
import { fact, happen, lockVisit, tripMates, type When, whenOf } from './write'

type Body = z.output<typeof visitsRoutes.checkIn.body>

/** Positions older than this say nothing about how fast somebody travelled. */
const trailHours = 24

async function deviceBound(ctx: Ctx): Promise<boolean | null> {
  const id = ctx.command?.deviceId
  if (id === undefined) return null
  const me = ctx.actor.id as string
  const known = await store.findDevice(ctx.db, id)
  await store.bindDevice(ctx.db, id, me, ctx.now)
  if (known) return known.person_id === me
  // The first check-in with a phone binds it. A second phone of the same person is his too, and on the record.
  await ctx.emit({
    type: 'device.bound',
    aggregate: 'device',
    aggregateId: derivedId('device', id),
    payload: { deviceId: id, personId: me, others: await store.otherDevices(ctx.db, me, id) },
    scope: { team_id: ctx.actor.teamId ?? null, people: [me] },
  })
  return true
}

async function signalsOf(ctx: Ctx, v: VisitRow, site: SiteFacts | null, body: Body, when: When) {
  const fix = body.fix ?? null
  const trail = await positionsBefore(ctx, ctx.actor.id as string, when.occurredAt, 200)
  const last = trail[0]
  const recent = last && when.occurredAt.getTime() - last.taken_at.getTime() < trailHours * 3_600_000 ? last : undefined
  const photos = await photosOf(ctx, v.id, body.photoIds)
  // Offline the declaration may have been refused for reasons of its own; in contact a wrong id is a mistake.
  if (photos.length !== new Set(body.photoIds).size && !ctx.command?.offline) fail('evidence_unknown')
  const code = body.code
    ? { kind: body.code.kind, matched: body.code.value === (await expectedCode(ctx, v, body.code.kind)) }
    : null
  const signals: CheckInSignals = {
    at: when.occurredAt.getTime(),
    fix,
    fixAgeSec: fix?.ageMs === undefined ? null : Math.round(fix.ageMs / 1000),
    site: site?.point ? { point: site.point, radiusM: site.radiusM } : null,
    previous: recent ? { point: recent.fix, at: recent.taken_at.getTime() } : null,
    // The same spot twice in one visit is a person standing still.
    identicalBefore: fix
      ? trail.filter(
          (t) => t.check_in_id !== null && t.visit_id !== v.id && t.fix.lat === fix.lat && t.fix.lng === fix.lng,
        ).length
      : 0,
    deviceBound: await deviceBound(ctx),
    skewMs: ctx.command?.skewMs ?? null,
    code,
    photoSeenBefore: await seenElsewhere(
      ctx,
      v.id,
      photos.map((p) => p.sha256),
    ),
    mocked: fix?.mocked ?? false,
  }
  return { signals, photos }
}

/** The sticker of a machine of the order's site, or the customer's one-time code. */
async function expectedCode(ctx: Ctx, v: VisitRow, kind: 'customer' | 'site_qr'): Promise<string | null> {
  if (kind === 'customer') return v.arrival_code
  const asset = await ctx.db.maybe<{ qr: string }>(
    sql`select a.qr from orders o join assets a on a.id = o.asset_id where o.id = ${v.order_id}`,
  )
  return asset?.qr ?? null
}

async function arrive(
  ctx: Ctx,
  v: VisitRow,
  a: {
    body: Body
    when: When
    flags: string[]
    site: SiteFacts | null
    graded: ReturnType<typeof gradeCheckIn>
    codeMatched: boolean | null
  },
): Promise<string | null> {
  const checkInId = newId()
  const day = v.mode === 'resident' ? localDate(a.when.occurredAt, a.site?.zone ?? ctx.zone) : null
  const checkedIn = fact(
    'visit.checked_in',
    {
      // Positions are personal: the value stands in the evidence, its hash in the chain.
      fix: null,
      fixAgeSec: a.body.fix?.ageMs === undefined ? null : Math.round(a.body.fix.ageMs / 1000),
      code: a.body.code?.kind ?? null,
      codeMatched: a.codeMatched,
      photoIds: a.body.photoIds,
      day,
    },
    { id: checkInId, ...(a.body.fix ? { personal: { fix: a.body.fix } } : {}) },
  )
  const arrived = await happen(ctx, v, [checkedIn], { when: a.when, flags: a.flags })
  // An arrival that does not fit the visit's story is a conflict already; its grade would be a second one.
  if (!arrived.fold.checkIns.some((c) => c.id === checkInId)) return null
  const saved = await happen(
    ctx,
    arrived,
    [fact('visit.checkin_graded', { checkInId, grade: a.graded.grade, reasons: a.graded.reasons })],
    { when: a.when },
  )
  await contacted(ctx, v.order_id, { channel: 'visit', visitId: v.id })
  if (a.graded.grade === 'C' || a.graded.grade === 'D') {
    const supervisors = await usersWithRole(ctx.db, 'supervisor', v.team_id)
    await tellOfVisit(
      ctx,
      saved,
      supervisors.map((s) => s.id),
      'checkin_to_review',
      'normal',
      { by: ctx.actor.name, grade: a.graded.grade },
    )
  }
  return checkInId
}

export const checkInHandlers: Implemented[] = [
  implement(visitsRoutes.checkIn, async (ctx, { params, body }) => {
    const h = await held(ctx, params.id, 'check_in')
    requireState(h.v.fold, 'check_in', h.offline)
    const when = await whenOf(ctx, h.v)
    const site = h.v.site_id ? await siteFacts(ctx, h.v.site_id) : null
    const today = localDate(when.occurredAt, site?.zone ?? ctx.zone)
    if (h.v.mode === 'resident' && !h.offline && h.v.fold.checkIns.some((c) => c.day === today))
      fail('already_checked_in', { day: today })

    const { signals, photos } = await signalsOf(ctx, h.v, site, body, when)
    const arrival = {
      body,
      when,
      site,
      graded: gradeCheckIn(signals),
      codeMatched: signals.code?.matched ?? null,
    }
    const checkInId = await arrive(ctx, h.v, { ...arrival, flags: h.flags })
    if (body.fix)
      await keepFix(ctx, {
        visitId: h.v.id,
        fix: body.fix,
        at: when.occurredAt,
        distanceM: site?.point ? distanceM(body.fix, site.point).distanceM : null,
        checkInId,
      })
    if (checkInId && body.code) await keepCode(ctx, { visitId: h.v.id, ...body.code, at: when.occurredAt, checkInId })
    if (checkInId)
      await tieToCheckIn(
        ctx,
        photos.map((p) => p.id),
        checkInId,
      )
    if (h.flags.length === 0 && h.v.mode === 'onsite')
      for (const mate of await tripMates(ctx, h.v, ['taken', 'en_route']))
        await arrive(ctx, await lockVisit(ctx, mate.id), { ...arrival, flags: [] })

    const saved = (await store.find(ctx.db, h.v.id)) as VisitRow
    const mine = saved.fold.checkIns.find((c) => c.id === checkInId)
    return { ...(await card(ctx, params.id)), checkIn: mine ? checkInOf(mine) : null }
  }),
]

// Check-in: graded, never refused. The grade is for the supervisor's eye; work may start whatever it says.

import type { z } from 'zod'
import { visitsRoutes } from '#contracts/visits.schema'
import { distanceM } from '#geo'
import { type Asked, type CheckInSignals, gradeCheckIn } from '#lifecycle'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { localDate } from '../../platform/numbers'
import { readSetting } from '../../platform/settings'
import { type SiteFacts, siteFacts } from '../customers'
import { usersWithRole } from '../people'
import { contacted } from '../workorders'
import { deviceBound, deviceToday } from './devices'
import { judgeCode } from './doorcodes'
import { keepCode, keepFix, photosOf, positionsBefore, seenElsewhere, tieToCheckIn } from './evidence'
import { held } from './held'
import { tellOfVisit } from './planning'
import { arrivalPolicy, askedFor, drawOf } from './policy'
import { judgeProof, keepProof } from './proof'
import { card, checkInOf } from './queries'
import { requireState } from './rules'
import type { VisitRow } from './store'
import * as store from './store'
import { fact, happen, lockVisit, tripMates, type When, whenOf } from './write'

type Body = z.output<typeof visitsRoutes.checkIn.body>

/** Positions older than this say nothing about how fast somebody travelled. */
const trailHours = 24

/**
 * How far the phone's clock was set: what the phone noticed itself, or, in contact, what its corrected time misses the
 * server's by. A phone that slept cannot notice; the server can as soon as the phone speaks.
 */
function clockJump(ctx: Ctx, body: Body): number | null {
  const c = ctx.command
  const said = body.clockJumpMs ?? null
  if (!c?.atDevice || c.offline || c.skewMs === undefined) return said
  const missed = c.atDevice.getTime() - c.skewMs - ctx.now.getTime()
  return said !== null && Math.abs(said) > Math.abs(missed) ? said : missed
}

const typeOf = async (ctx: Ctx, v: VisitRow) =>
  (await ctx.db.one<{ type: string }>(sql`select type from orders where id = ${v.order_id}`)).type

/** Everything that speaks for or against this check-in, as the rules want it. */
async function signalsOf(
  ctx: Ctx,
  v: VisitRow,
  site: SiteFacts | null,
  body: Body,
  when: When,
  asked: readonly Asked[],
) {
  const fix = body.fix ?? null
  const at = when.occurredAt
  const trail = await positionsBefore(ctx, ctx.actor.id as string, at, 200)
  const recently = (t: { taken_at: Date }) => at.getTime() - t.taken_at.getTime() < trailHours * 3_600_000
  const last = trail.find(recently)
  const departed = trail.find((t) => t.visit_id === v.id && t.check_in_id === null && recently(t))
  const pointOf = (t: (typeof trail)[number] | undefined) => (t ? { point: t.fix, at: t.taken_at.getTime() } : null)
  const photos = await photosOf(ctx, v.id, body.photoIds)
  // Offline the declaration may have been refused for reasons of its own; in contact a wrong id is a mistake.
  if (photos.length !== new Set(body.photoIds).size && !ctx.command?.offline) fail('evidence_unknown')
  const { code, locked } = await judgeCode(ctx, v, body.code, at)
  const today = await deviceToday(ctx, at)
  const signals: CheckInSignals & { proof: NonNullable<CheckInSignals['proof']> } = {
    at: at.getTime(),
    fix,
    fixAgeSec: fix?.ageMs === undefined ? null : Math.round(fix.ageMs / 1000),
    site: site?.point ? { point: site.point, radiusM: site.radiusM } : null,
    previous: pointOf(last),
    departed: pointOf(departed),
    // The same spot twice in one visit is a person standing still.
    identicalBefore: fix
      ? trail.filter(
          (t) => t.check_in_id !== null && t.visit_id !== v.id && t.fix.lat === fix.lat && t.fix.lng === fix.lng,
        ).length
      : 0,
    // The key that signed is looked for before an unknown phone is bound.
    proof: await judgeProof(ctx, v, body, photos, at),
    deviceBound: await deviceBound(ctx),
    deviceToday: today,
    skewMs: ctx.command?.skewMs ?? null,
    timeFlags: when.flags,
    clockJumpMs: clockJump(ctx, body),
    code,
    codeLocked: locked,
    photoSeenBefore: await seenElsewhere(
      ctx,
      v.id,
      photos.map((p) => p.sha256),
    ),
    mocked: fix?.mocked ?? false,
    watch: body.watch ?? null,
    hardware: body.hardware ?? null,
    asked,
    photos: body.photoIds.length,
  }
  return { signals, photos }
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
    spotRate: number
  },
): Promise<{ id: string; drawn: boolean } | null> {
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
  // Doubtful ones are looked at anyway; of the others chance picks a few.
  const draw = drawOf(ctx.secret, checkInId)
  const drawn = (a.graded.grade === 'A' || a.graded.grade === 'B') && draw < a.spotRate
  const saved = await happen(
    ctx,
    arrived,
    [
      fact('visit.checkin_graded', {
        checkInId,
        grade: a.graded.grade,
        reasons: a.graded.reasons,
        ...(drawn ? { drawn: { value: draw, rate: a.spotRate } } : {}),
      }),
    ],
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
  return { id: checkInId, drawn }
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

    const policy = await readSetting(ctx, arrivalPolicy)
    const asked = askedFor(policy, await typeOf(ctx, h.v))
    const { signals, photos } = await signalsOf(ctx, h.v, site, body, when, asked)
    const arrival = {
      body,
      when,
      site,
      graded: gradeCheckIn(signals),
      codeMatched: signals.code ? signals.code.matched && signals.code.oldMin === undefined : null,
      spotRate: policy.spotRate,
    }
    const made = await arrive(ctx, h.v, { ...arrival, flags: h.flags })
    const checkInId = made?.id ?? null
    if (body.fix)
      await keepFix(ctx, {
        visitId: h.v.id,
        fix: body.fix,
        at: when.occurredAt,
        distanceM: site?.point ? distanceM(body.fix, site.point).distanceM : null,
        checkInId,
      })
    if (made) {
      await keepProof(ctx, {
        checkInId: made.id,
        visitId: h.v.id,
        body,
        proof: signals.proof,
        code: signals.code?.kind ?? null,
        asked,
        drawn: made.drawn,
        at: when.occurredAt,
      })
      if (body.code) await keepCode(ctx, { visitId: h.v.id, ...body.code, at: when.occurredAt, checkInId: made.id })
      await tieToCheckIn(
        ctx,
        photos.map((p) => p.id),
        made.id,
      )
    }
    if (h.flags.length === 0 && h.v.mode === 'onsite')
      for (const mate of await tripMates(ctx, h.v, ['taken', 'en_route']))
        await arrive(ctx, await lockVisit(ctx, mate.id), { ...arrival, flags: [] })

    const saved = (await store.find(ctx.db, h.v.id)) as VisitRow
    const mine = saved.fold.checkIns.find((c) => c.id === checkInId)
    return { ...(await card(ctx, params.id)), checkIn: mine ? checkInOf(mine) : null }
  }),
]

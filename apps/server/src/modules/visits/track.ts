// The track on the way: only where the company switched it on AND the person consented; gone after its days, and at once
// when the consent is taken back.

import { arrivalsRoutes } from '#contracts/arrivals.schema'
import { type Implemented, implement, type JobDef } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { hasAbility } from '../../platform/policy'
import { replica } from '../../platform/replica'
import { readSetting } from '../../platform/settings'
import type { Fix } from './evidence'
import { held } from './held'
import { arrivalPolicy } from './policy'

export const consentOf = async (ctx: Pick<Ctx, 'db'>, personId: string): Promise<Date | null> =>
  (
    await ctx.db.maybe<{ given_at: Date }>(
      sql`select given_at from track_consents where person_id = ${personId} and withdrawn_at is null`,
    )
  )?.given_at ?? null

export const trackOf = (ctx: Pick<Ctx, 'db'>, visitId: string) =>
  ctx.db.query<{ at: Date; fix: Fix }>(
    sql`select at, fix from track_points where visit_id = ${visitId} order by at limit 1000`,
  )

export const trackHandlers: Implemented[] = [
  implement(arrivalsRoutes.consentToTrack, async (ctx, { body }) => {
    if (!hasAbility(ctx.actor, 'visit.work')) fail('forbidden', { ability: 'visit.work' })
    const me = ctx.actor.id as string
    const had = (await consentOf(ctx, me)) !== null
    if (had === body.given) return { ok: true as const }
    if (body.given)
      await ctx.db.run(sql`insert into track_consents (person_id, given_at) values (${me}, ${ctx.now})
        on conflict (person_id) do update set given_at = ${ctx.now}, withdrawn_at = null`)
    else {
      await ctx.db.run(sql`update track_consents set withdrawn_at = ${ctx.now} where person_id = ${me}`)
      await ctx.db.run(sql`delete from track_points where person_id = ${me}`)
    }
    await ctx.emit({
      type: body.given ? 'track.consented' : 'track.withdrawn',
      aggregate: 'person',
      aggregateId: me,
      scope: { team_id: ctx.actor.teamId ?? null, people: [me] },
    })
    return { ok: true as const }
  }),

  implement(arrivalsRoutes.addTrack, async (ctx, { params, body }) => {
    const { v, flags } = await held(ctx, params.id, 'add_evidence')
    const me = ctx.actor.id as string
    const { track } = await readSetting(ctx, arrivalPolicy)
    const consent = await consentOf(ctx, me)
    if (!track.on || !consent || flags.length > 0) return fail('track_off')
    // Nothing before setting out, nothing after arrival, nothing of before the consent: the way to this visit only.
    const from = Math.max(v.fold.departedAt ?? Number.POSITIVE_INFINITY, consent.getTime())
    const to = v.fold.arrivedAt ?? ctx.now.getTime()
    const skew = ctx.command?.skewMs ?? 0
    const points = body.points
      .map((p) => ({ at: Date.parse(p.at) - skew, fix: p.fix }))
      .filter((p) => p.at >= from && p.at <= to)
      .map((p) => ({ at: new Date(p.at).toISOString(), fix: p.fix }))
    const kept = await ctx.db.run(sql`insert into track_points (visit_id, person_id, at, fix)
      select ${v.id}, ${me}, p.at, p.fix from jsonb_to_recordset(${JSON.stringify(points)}::jsonb) as p(at timestamptz, fix jsonb)
      on conflict do nothing`)
    return { kept }
  }),
]

/** The rules as a phone keeps them: one row. */
export const rulesReplica = replica('arrivalRules', async (ctx) => {
  if (!ctx.actor.id || !hasAbility(ctx.actor, 'visit.work')) return []
  const { asked, track } = await readSetting(ctx, arrivalPolicy)
  const consented = (await consentOf(ctx, ctx.actor.id)) !== null
  return [{ id: 'rules', row: { asked, track: { on: track.on, consented } } }]
})

/** What has had its days: tracks, numbers that nobody used, what browsers said of themselves. */
export const arrivalUpkeep: JobDef = {
  name: 'visits.arrivalUpkeep',
  every: '21 19 * * *',
  run: async (ctx) => {
    const { track } = await readSetting(ctx, arrivalPolicy)
    const ago = (days: number) => new Date(ctx.now.getTime() - days * 86_400_000)
    await ctx.db.run(sql`delete from track_points where at < ${ago(track.keepDays)}`)
    await ctx.db.run(sql`delete from checkin_nonces where expires_at < ${ago(30)}`)
    await ctx.db.run(sql`update checkin_proofs set seen = null where seen is not null and at < ${ago(180)}`)
  },
}

// What is on record about arrivals: one's own, whole and with who looked; and one arrival for the supervisor who decides.

import { arrivalsRoutes } from '#contracts/arrivals.schema'
import { checkInCard } from '#lifecycle'
import { type Implemented, implement, implementRaw } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { authorise } from '../../platform/policy'
import { pageOf, readCursor } from '../../platform/search'
import { readSetting } from '../../platform/settings'
import { devicesOf } from './devices'
import { evidenceOf, type Fix, presentEvidence } from './evidence'
import { arrivalPolicy } from './policy'
import { readable } from './queries'
import type { VisitRow } from './store'
import { consentOf, trackOf } from './track'
import { noteView } from './views'

interface ProofRow {
  check_in_id: string
  device_id: string | null
  label: string | null
  bound_at: Date | null
  signature: string
  nonce: string
  code: string | null
  asked: ('place' | 'code' | 'photo')[]
  received_at: Date
}

interface FixRow {
  check_in_id: string | null
  taken_at: Date
  fix: Fix | null
  distance_m: number | null
}

interface Decision {
  type: 'visit.checkin_reviewed' | 'visit.checkin_appealed'
  check_in_id: string
  actor_name: string
  occurred_at: Date
  reason: string | null
  photo_ids: string[] | null
}

/** Proofs, positions, reviews and appeals of these visits: three statements, whatever their number. */
async function around(ctx: Ctx, visitIds: readonly string[]) {
  const [proofs, fixes, decisions] = await Promise.all([
    ctx.db.query<ProofRow>(sql`
      select p.check_in_id, p.device_id, d.label, d.bound_at, p.signature, p.nonce, p.code, p.asked, p.received_at
      from checkin_proofs p left join devices d on d.id = p.device_id where p.visit_id = any(${visitIds}::uuid[])`),
    ctx.db.query<FixRow & { visit_id: string }>(sql`
      select visit_id, check_in_id, taken_at, fix, distance_m from evidence
      where visit_id = any(${visitIds}::uuid[]) and kind = 'fix' order by taken_at, id`),
    ctx.db.query<Decision>(sql`
      select type, payload->>'checkInId' as check_in_id, actor_name, occurred_at, reason,
        array(select jsonb_array_elements_text(coalesce(payload->'photoIds', '[]'))) as photo_ids
      from events where aggregate = 'visit' and aggregate_id = any(${visitIds}::uuid[])
        and type in ('visit.checkin_reviewed', 'visit.checkin_appealed') order by occurred_at, id`),
  ])
  const last = (type: Decision['type'], id: string) =>
    decisions.findLast((d) => d.type === type && d.check_in_id === id)
  return {
    fixes,
    fixOf: (id: string) => fixes.find((f) => f.check_in_id === id),
    proofOf: (id: string) => proofs.find((p) => p.check_in_id === id),
    reviewOf: (id: string) => last('visit.checkin_reviewed', id),
    appealOf: (id: string) => last('visit.checkin_appealed', id),
  }
}

interface MineRow extends Pick<VisitRow, 'id' | 'fold'> {
  order_number: string | null
  title: string
  customer_name: string
  site: {
    name: string
    lat: number | null
    lng: number | null
    datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' | null
    radius_m: number
    zone: string
  } | null
  arrived_at: Date
  photos: Record<string, number> | null
}

async function historyOf(ctx: Ctx, v: VisitRow) {
  const [here, recent] = await Promise.all([
    v.site_id
      ? ctx.db.query<{
          visit_id: string
          at: Date
          grade: 'A' | 'B' | 'C' | 'D' | null
          distance_m: number | null
        }>(sql`
          select o.id as visit_id, o.arrived_at as at, o.grade,
            (select e.distance_m from evidence e where e.visit_id = o.id and e.kind = 'fix' and e.check_in_id is not null order by e.taken_at desc limit 1) as distance_m
          from visits o where o.site_id = ${v.site_id} and o.engineer_id = ${v.engineer_id} and o.id <> ${v.id} and o.arrived_at is not null
          order by o.arrived_at desc limit 10`)
      : [],
    ctx.db.query<{ fold: VisitRow['fold'] }>(sql`
      select fold from visits where engineer_id = ${v.engineer_id} and id <> ${v.id}
        and arrived_at > ${new Date(ctx.now.getTime() - 90 * 86_400_000)} order by arrived_at desc limit 1000`),
  ])
  const all = recent.flatMap((r) => r.fold.checkIns)
  const grades = { A: 0, B: 0, C: 0, D: 0 }
  const codes = new Map<string, number>()
  for (const c of all) {
    if (c.grade) grades[c.grade]++
    for (const r of c.reasons)
      if (!['place_inside', 'code_matches', 'face_matches'].includes(r.code))
        codes.set(r.code, (codes.get(r.code) ?? 0) + 1)
  }
  const appealed = all.filter((c) => c.appealedAt !== null)
  return {
    here: here.map((h) => ({ visitId: h.visit_id, at: h.at.toISOString(), grade: h.grade, distanceM: h.distance_m })),
    days90: {
      grades,
      appeals: appealed.length,
      upheld: appealed.filter((c) => c.reviewedAt !== null && (c.grade === 'A' || c.grade === 'B')).length,
      reasons: [...codes]
        .map(([code, n]) => ({ code, n }))
        .sort((a, b) => b.n - a.n)
        .slice(0, 5),
    },
  }
}

export const recordHandlers: Implemented[] = [
  implement(arrivalsRoutes.myRecord, async (ctx, { query }) => {
    const me = ctx.actor.id as string
    const [at, id] = (readCursor(query.after, 2) ?? []) as [string?, string?]
    const [rows, devices, nonces, views, { track }, consentedAt, points] = await Promise.all([
      ctx.db.query<MineRow>(sql`
        select v.id, v.fold, o.number as order_number, o.title, c.name as customer_name, v.arrived_at,
          case when s.id is not null then json_build_object('name', s.name, 'lat', s.lat, 'lng', s.lng, 'datum', s.datum, 'radius_m', s.radius_m, 'zone', s.zone) end as site,
          (select jsonb_object_agg(x.check_in_id, x.n) from (select check_in_id, count(*) as n from evidence
            where visit_id = v.id and kind = 'photo' and check_in_id is not null group by check_in_id) x) as photos
        from visits v join orders o on o.id = v.order_id join customers c on c.id = v.customer_id left join sites s on s.id = v.site_id
        where v.engineer_id = ${me} and v.people @> array[${me}]::uuid[] and v.arrived_at is not null
          and (${at ?? null}::timestamptz is null or (v.arrived_at, v.id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))
        order by v.arrived_at desc, v.id desc limit ${query.limit + 1}`),
      devicesOf(ctx, me),
      ctx.db.one<{ open: number; used: number }>(sql`
        select count(*) filter (where used_at is null and expires_at > ${ctx.now}) as open, count(*) filter (where used_at is not null) as used
        from checkin_nonces where person_id = ${me}`),
      ctx.db.query<{
        at: Date
        viewer_name: string
        what: string
        visit_id: string
        number: string | null
        title: string
      }>(sql`
        select w.at, w.viewer_name, w.what, w.visit_id, o.number, o.title
        from evidence_views w join visits v on v.id = w.visit_id join orders o on o.id = v.order_id
        where w.person_id = ${me} order by w.at desc limit 100`),
      readSetting(ctx, arrivalPolicy),
      consentOf(ctx, me),
      ctx.db.one<{ n: number }>(sql`select count(*) as n from track_points where person_id = ${me}`),
    ])
    const page = pageOf(
      rows,
      query.limit,
      (v) => [v.arrived_at.toISOString(), v.id],
      (v) => v,
    )
    const facts = await around(
      ctx,
      page.rows.map((v) => v.id),
    )
    return {
      rows: page.rows.flatMap((v) =>
        v.fold.checkIns.toReversed().map((c) => {
          const proof = facts.proofOf(c.id)
          const fix = facts.fixOf(c.id)
          const review = facts.reviewOf(c.id)
          const appeal = facts.appealOf(c.id)
          const s = v.site
          return {
            ...checkInCard(c),
            visitId: v.id,
            orderNumber: v.order_number,
            title: v.title,
            customer: v.customer_name,
            site: s && {
              name: s.name,
              point: s.lat !== null && s.lng !== null && s.datum ? { lat: s.lat, lng: s.lng, datum: s.datum } : null,
              radiusM: s.radius_m,
              zone: s.zone,
            },
            fix: fix?.fix ?? null,
            distanceM: fix?.distance_m ?? null,
            device: proof?.device_id ? { id: proof.device_id, label: proof.label } : null,
            proof: proof ? { signature: proof.signature, nonce: proof.nonce, code: proof.code } : null,
            photos: v.photos?.[c.id] ?? 0,
            can: { appeal: (c.grade === 'C' || c.grade === 'D') && c.appealedAt === null },
            review: review
              ? { by: review.actor_name, at: review.occurred_at.toISOString(), reason: review.reason }
              : null,
            appeal: appeal ? { at: appeal.occurred_at.toISOString(), reason: appeal.reason } : null,
          }
        }),
      ),
      next: page.next,
      devices,
      nonces,
      views: views.map((w) => ({
        at: w.at.toISOString(),
        by: w.viewer_name,
        what: w.what,
        visitId: w.visit_id,
        orderNumber: w.number,
        title: w.title,
      })),
      track: {
        on: track.on,
        keepDays: track.keepDays,
        consentedAt: consentedAt?.toISOString() ?? null,
        points: points.n,
      },
    }
  }),

  implementRaw(arrivalsRoutes.arrivalOf, async (ctx, { params }, { app }) => {
    const v = await readable(ctx, params.id)
    authorise(ctx.actor, 'visit.review', v, 'visit.read')
    const first = v.fold.checkIns[0]?.at ?? ctx.now.getTime()
    const [facts, photos, track, previous, history] = await Promise.all([
      around(ctx, [v.id]),
      evidenceOf(ctx, v.id),
      trackOf(ctx, v.id),
      ctx.db.maybe<{ taken_at: Date; fix: Fix; place: string | null }>(sql`
        select e.taken_at, e.fix, s.name as place from evidence e join visits o on o.id = e.visit_id left join sites s on s.id = o.site_id
        where e.taken_by = ${v.engineer_id} and e.kind = 'fix' and e.fix is not null and e.visit_id <> ${v.id}
          and e.taken_at < ${new Date(first)} and e.taken_at > ${new Date(first - 86_400_000)} order by e.taken_at desc limit 1`),
      historyOf(ctx, v),
    ])
    if (facts.fixes.some((f) => f.fix))
      await noteView(app, ctx, { personId: v.engineer_id, visitId: v.id, what: 'position' })
    const departed = facts.fixes.find((f) => f.check_in_id === null && f.fix && f.taken_at.getTime() <= first)
    return {
      checkIns: v.fold.checkIns.map((c) => {
        const fix = facts.fixOf(c.id)
        const p = facts.proofOf(c.id)
        const appeal = facts.appealOf(c.id)
        return {
          ...checkInCard(c),
          fix: fix?.fix ?? null,
          distanceM: fix?.distance_m ?? null,
          proof: p ? { signature: p.signature, nonce: p.nonce, code: p.code, asked: p.asked } : null,
          device: p?.device_id ? { id: p.device_id, label: p.label, boundAt: p.bound_at?.toISOString() ?? null } : null,
          receivedAt: p?.received_at.toISOString() ?? null,
          appeal: appeal
            ? { at: appeal.occurred_at.toISOString(), reason: appeal.reason, photoIds: appeal.photo_ids ?? [] }
            : null,
        }
      }),
      departed: departed?.fix ? { at: departed.taken_at.toISOString(), fix: departed.fix } : null,
      previous: previous ? { at: previous.taken_at.toISOString(), fix: previous.fix, place: previous.place } : null,
      track: track.map((t) => ({ at: t.at.toISOString(), fix: t.fix })),
      photos: photos.map(presentEvidence),
      history,
    }
  }),
]

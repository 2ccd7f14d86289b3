// From the code in a watermark back to the photo and everything known of it.

import { visitsRoutes } from '#contracts/visits.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { permits, type ScopeRow } from '../../platform/policy'
import { type EvidenceRow, evidenceColumns, presentEvidence } from './evidence'
import { exifDistanceM, exifInstant, type Scene, scenesOf } from './photo'

/** As a person reads a code from a print: spaces and hyphens do not count, O is 0, I and L are 1 (Crockford). */
export const readCode = (typed: string): string | null => {
  const code = typed.toUpperCase().replace(/[\s-]/g, '').replaceAll('O', '0').replace(/[IL]/g, '1')
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : null
}

type Found = EvidenceRow & ScopeRow

interface Alike extends ScopeRow {
  evidence_id: string
  code: string
  order_number: string | null
  taken_at: Date
  taken_by_name: string | null
  same: boolean
  earlier: boolean
}

async function factsOf(ctx: Ctx, found: readonly Found[]) {
  const ids = found.map((e) => e.id)
  const [scenes, sealed, alike] = await Promise.all([
    scenesOf(ctx, ids),
    ctx.db.query<{ id: string; type: string; position: number; hash: Buffer; recorded_at: Date }>(sql`
      select x.id, e.type, e.position, e.hash, e.recorded_at from evidence x join events e on
        (e.aggregate_id = x.visit_id and e.type = 'visit.evidence_added' and e.payload->>'evidenceId' = x.id::text)
        or (e.aggregate_id = x.id and e.type = 'evidence.stored')
      where x.id = any(${ids}::uuid[]) and e.position is not null`),
    ctx.db.query<Alike>(sql`
      select n.mine as evidence_id, x.code, o.number as order_number, x.taken_at, u.name as taken_by_name, n.same, n.earlier, v.team_id, v.customer_id, v.people
      from (select evidence_id as mine, earlier_id as other, same, true as earlier from evidence_alike where evidence_id = any(${ids}::uuid[])
        union all select earlier_id, evidence_id, same, false from evidence_alike where earlier_id = any(${ids}::uuid[])) n
      join evidence x on x.id = n.other join visits v on v.id = x.visit_id join orders o on o.id = v.order_id left join users u on u.id = x.taken_by
      order by x.taken_at desc limit 50`),
  ])
  return found.map((e) => {
    const scene = scenes.get(e.id) as Scene
    const place = (type: string) => {
      const s = sealed.find((x) => x.id === e.id && x.type === type)
      return s ? { position: s.position, hash: s.hash.toString('hex'), recordedAt: s.recorded_at.toISOString() } : null
    }
    const zone = scene.site?.zone ?? ctx.zone
    return {
      ...presentEvidence(e),
      originalSha256: e.original_sha256,
      originalBytes: e.original_bytes,
      order: { id: scene.order_id, number: scene.order_number, title: scene.order_title },
      customer: { id: scene.customer_id, name: scene.customer_name },
      site: scene.site && { id: scene.site.id, name: scene.site.name, address: scene.site.address, zone },
      takenBy: e.taken_by ? { id: e.taken_by, name: scene.taken_by_name ?? '—' } : null,
      deviceId: e.device_id,
      distanceM: e.distance_m,
      exif: e.exif && {
        make: e.exif.make,
        model: e.exif.model,
        software: e.exif.software,
        takenAt: exifInstant(e.exif, zone)?.toISOString() ?? null,
        distanceM: exifDistanceM(e.exif, scene.site),
      },
      chain: { declared: place('visit.evidence_added'), stored: place('evidence.stored') },
      alike: alike
        .filter((a) => a.evidence_id === e.id)
        .map((a) => {
          const seen = permits(ctx.actor, 'evidence.read', a)
          return {
            code: seen ? a.code : null,
            orderNumber: seen ? a.order_number : null,
            takenAt: a.taken_at.toISOString(),
            takenBy: seen ? a.taken_by_name : null,
            same: a.same,
            earlier: a.earlier,
          }
        }),
      can: { original: e.taken_by === ctx.actor.id || permits(ctx.actor, 'evidence.original', e) },
    }
  })
}

export const codeHandlers: Implemented[] = [
  implement(visitsRoutes.evidenceByCode, async (ctx, { params }) => {
    const code = readCode(params.evidenceCode)
    if (!code) return fail('not_found')
    const found = await ctx.db.query<Found>(sql`
      select ${evidenceColumns}, v.team_id, v.customer_id, v.people from evidence x join visits v on v.id = x.visit_id
      where x.code = ${code} and x.kind = 'photo' order by x.declared_at limit 10`)
    const seen = found.filter((e) => e.taken_by === ctx.actor.id || permits(ctx.actor, 'evidence.read', e))
    // Whether a code exists is not a stranger's to know.
    if (seen.length === 0) return fail('not_found')
    return { matches: await factsOf(ctx, seen) }
  }),
]

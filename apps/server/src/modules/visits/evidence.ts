// Evidence: the row first, with the hash that the phone declares; the bytes when there is a network. Raw bytes and
// positions are personal: whoever but the taker looks at them leaves a trace.

import type { z } from 'zod'
import { type EvidenceFlag, visitsRoutes } from '#contracts/visits.schema'
import { type App, type Implemented, implement, implementRaw } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { canonical, sha256 } from '../../platform/events'
import type { Exif } from '../../platform/exif'
import { newId } from '../../platform/ids'
import { preview, smaller } from '../../platform/images'
import { authorise, permits, type ScopeRow } from '../../platform/policy'
import { playAudio } from './audio'
import { held } from './held'
import { noteSame, spelled, stampedCopy } from './photo'
import { readable } from './queries'
import { requireState } from './rules'
import { noteView } from './views'
import { fact, happen, whenOf } from './write'

export const maxEvidenceBytes = 25 * 1024 * 1024
export const thumbEdge = 320
const fullEdge = 2000

export interface Fix {
  lat: number
  lng: number
  datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'
  accuracyM?: number
  source?: string
  ageMs?: number
  mocked?: boolean
  altitudeM?: number | null
  altitudeAccuracyM?: number | null
  speedMps?: number | null
  headingDeg?: number | null
}

export interface EvidenceRow {
  id: string
  visit_id: string
  kind: 'fix' | 'photo' | 'signature' | 'code' | 'document' | 'audio'
  sha256: string
  bytes: number | null
  media_type: string | null
  width: number | null
  height: number | null
  taken_at: Date
  taken_by: string | null
  fix: Fix | null
  distance_m: number | null
  check_in_id: string | null
  thumb_sha256: string | null
  declared_at: Date
  stored_at: Date | null
  code: string
  device_id: string | null
  flags: z.output<typeof EvidenceFlag>[]
  exif: Exif | null
  original_sha256: string | null
  original_bytes: number | null
  stamped_sha256: string | null
}

export const evidenceColumns = sql`x.id, x.visit_id, x.kind, x.sha256, x.bytes, x.media_type, x.width, x.height, x.taken_at, x.taken_by, x.fix, x.distance_m,
  x.check_in_id, x.thumb_sha256, x.declared_at, x.stored_at, x.code, x.device_id, x.flags, x.exif, x.original_sha256, x.original_bytes, x.stamped_sha256`

export const find = (ctx: Pick<Ctx, 'db'>, id: string) =>
  ctx.db.maybe<EvidenceRow & ScopeRow>(
    sql`select ${evidenceColumns}, v.team_id, v.customer_id, v.people from evidence x join visits v on v.id = x.visit_id where x.id = ${id}`,
  )

/** Photos, signatures and files of visits; positions and codes are asked for apart. */
export const evidenceOfVisits = (ctx: Pick<Ctx, 'db'>, visitIds: readonly string[]) =>
  ctx.db.query<EvidenceRow>(
    sql`select ${evidenceColumns} from evidence x where x.visit_id = any(${visitIds}::uuid[]) and x.kind in ('photo', 'signature', 'document', 'audio') order by x.taken_at, x.id`,
  )
export const evidenceOf = (ctx: Pick<Ctx, 'db'>, visitId: string) => evidenceOfVisits(ctx, [visitId])

export function presentEvidence(e: EvidenceRow) {
  const url = e.stored_at && !e.flags.includes('no_preview') ? `/api/evidence/${e.id}/bytes` : null
  return {
    id: e.id,
    visitId: e.visit_id,
    kind: e.kind,
    sha256: e.sha256,
    bytes: e.bytes,
    mediaType: e.media_type,
    width: e.width,
    height: e.height,
    takenAt: e.taken_at.toISOString(),
    declaredAt: e.declared_at.toISOString(),
    storedAt: e.stored_at?.toISOString() ?? null,
    url,
    thumbUrl: url && `${url}?size=thumb`,
    code: e.code,
    flags: e.flags,
  }
}

interface NewEvidence {
  id: string
  visitId: string
  kind: EvidenceRow['kind']
  sha256: string
  bytes: number | null
  takenAt: Date
  fix: Fix | null
  distanceM?: number | null
  checkInId?: string | null
  originalSha256?: string | null
  originalBytes?: number | null
}

export const insertEvidence = (ctx: Ctx, e: NewEvidence) =>
  ctx.db.run(sql`
    insert into evidence (id, visit_id, kind, sha256, bytes, taken_at, taken_by, fix, distance_m, device_id, check_in_id, declared_at, original_sha256, original_bytes)
    values (${e.id}, ${e.visitId}, ${e.kind}, ${e.sha256}, ${e.bytes}, ${e.takenAt}, ${ctx.actor.id},
      ${e.fix ? JSON.stringify(e.fix) : null}::jsonb, ${e.distanceM ?? null}, ${ctx.command?.deviceId ?? null}, ${e.checkInId ?? null}, ${ctx.now},
      ${e.originalSha256 ?? null}, ${e.originalBytes ?? null})`)

/** The customer's code as it was given: that it was, and its hash; never the code itself. */
export const keepCode = (ctx: Ctx, c: { visitId: string; kind: string; value: string; at: Date; checkInId: string }) =>
  insertEvidence(ctx, {
    id: newId(),
    visitId: c.visitId,
    kind: 'code',
    sha256: sha256(canonical({ kind: c.kind, value: c.value })).toString('hex'),
    bytes: null,
    takenAt: c.at,
    fix: null,
    checkInId: c.checkInId,
  })

/** Keeps a position as evidence: the value in an erasable row, its hash in the chain. */
export async function keepFix(
  ctx: Ctx,
  f: { visitId: string; fix: Fix; at: Date; distanceM?: number | null; checkInId?: string | null },
): Promise<string> {
  const id = newId()
  await insertEvidence(ctx, {
    id,
    visitId: f.visitId,
    kind: 'fix',
    sha256: sha256(canonical(f.fix)).toString('hex'),
    bytes: null,
    takenAt: f.at,
    fix: f.fix,
    distanceM: f.distanceM ?? null,
    checkInId: f.checkInId ?? null,
  })
  return id
}

/** A photo that the caller has found out may be seen, without its metadata; null while its bytes are still on the phone. */
export async function photoBytes(ctx: Pick<Ctx, 'db' | 'files'>, id: string, size: 'thumb' | 'full') {
  const e = await find(ctx, id)
  if (!e?.stored_at || !e.thumb_sha256) return null
  return size === 'thumb' ? ctx.files.read(e.thumb_sha256) : preview(ctx.files, e.sha256, fullEdge)
}

/**
 * Photos that somebody took for a visit that was no longer his become evidence of the visit that took its place: the
 * same bytes by the same hash, under a new id. Answers how many.
 */
export async function adoptPhotos(
  ctx: Ctx,
  o: { fromVisitId: string; takenBy: string; to: Parameters<typeof happen>[1] },
): Promise<number> {
  const rows = await ctx.db.query<{ id: string; sha256: string }>(sql`
    select x.id, x.sha256 from evidence x where x.visit_id = ${o.fromVisitId} and x.taken_by = ${o.takenBy} and x.kind = 'photo'
      and not exists (select 1 from evidence y where y.visit_id = ${o.to.id} and y.sha256 = x.sha256) order by x.taken_at, x.id`)
  const made = rows.map((r) => ({ ...r, as: newId() }))
  for (const m of made)
    await ctx.db.run(sql`
      insert into evidence (id, visit_id, kind, sha256, bytes, media_type, width, height, taken_at, taken_by, device_id, thumb_sha256, declared_at, stored_at)
      select ${m.as}, ${o.to.id}, kind, sha256, bytes, media_type, width, height, taken_at, taken_by, device_id, thumb_sha256, declared_at, stored_at
      from evidence where id = ${m.id}`)
  if (made.length > 0)
    await happen(
      ctx,
      o.to,
      made.map((m) => fact('visit.evidence_added', { evidenceId: m.as, kind: 'photo', sha256: m.sha256 })),
    )
  return made.length
}

/** Photos declared for this visit, of the ids given. */
export const photosOf = (ctx: Ctx, visitId: string, ids: readonly string[]) =>
  ctx.db.query<{ id: string; sha256: string }>(
    sql`select id, sha256 from evidence where visit_id = ${visitId} and kind = 'photo' and id = any(${ids}::uuid[])`,
  )

/** Photos as they are printed and shown to customers: stamped, at most `edge` pixels; those whose bytes have arrived. */
export async function photoCopies(
  ctx: Ctx,
  ids: readonly string[],
  edge: number,
): Promise<Map<string, { image: Buffer; code: string }>> {
  const rows = await ctx.db.query<EvidenceRow>(
    sql`select ${evidenceColumns} from evidence x where x.id = any(${ids}::uuid[]) and x.kind = 'photo' and x.thumb_sha256 is not null`,
  )
  const out = new Map<string, { image: Buffer; code: string }>()
  for (const e of rows)
    if (e.stamped_sha256 !== null || (await ctx.files.size(e.sha256)) !== null)
      out.set(e.id, { image: await smaller(await stampedCopy(ctx, e), edge), code: spelled(e.code) })
  return out
}

/** Whether any of these photos was evidence of another visit before, or its original was. */
export const seenElsewhere = async (ctx: Ctx, visitId: string, hashes: readonly string[]) =>
  hashes.length > 0 &&
  (await ctx.db.maybe(
    sql`select 1 from evidence where sha256 = any(${hashes}) and visit_id <> ${visitId} and kind = 'photo'
      union all select 1 from evidence x join evidence_alike a on a.evidence_id = x.id and a.same where x.visit_id = ${visitId} and x.sha256 = any(${hashes}) limit 1`,
  )) !== undefined

/** The engineer's last positions before an instant, newest first. */
export const positionsBefore = (ctx: Ctx, engineerId: string, at: Date, limit: number) =>
  ctx.db.query<{ visit_id: string; taken_at: Date; fix: Fix; check_in_id: string | null }>(sql`
    select visit_id, taken_at, fix, check_in_id from evidence
    where taken_by = ${engineerId} and kind = 'fix' and taken_at < ${at} and fix is not null order by taken_at desc limit ${limit}`)

export const tieToCheckIn = (ctx: Ctx, ids: readonly string[], checkInId: string) =>
  ctx.db.run(sql`update evidence set check_in_id = ${checkInId} where id = any(${ids}::uuid[]) and check_in_id is null`)

/** States `evidence.viewed` unless it is the taker's own. A query states nothing, so this is a small command beside it. */
async function trace(app: App, ctx: Ctx, e: EvidenceRow & ScopeRow, what: string) {
  if (e.taken_by === ctx.actor.id) return
  await noteView(app, ctx, {
    personId: e.taken_by,
    visitId: e.visit_id,
    what: what === 'position' || what === 'original' ? what : 'photo',
  })
  await app.asSystem(
    'evidence.view',
    (c) =>
      c.emit({
        type: 'evidence.viewed',
        aggregate: 'evidence',
        aggregateId: e.id,
        payload: { visitId: e.visit_id, kind: e.kind, what },
        scope: { team_id: e.team_id, customer_id: e.customer_id, people: e.people },
      }),
    { actor: ctx.actor, source: 'web' },
  )
}

export const evidenceHandlers: Implemented[] = [
  implement(visitsRoutes.declareEvidence, async (ctx, { params, body }) => {
    const h = await held(ctx, params.id, 'add_evidence')
    const known = await find(ctx, body.id)
    if (known) {
      if (known.visit_id !== params.id || known.sha256 !== body.sha256 || known.kind !== body.kind)
        fail('evidence_id_taken')
      return presentEvidence(known)
    }
    requireState(h.v.fold, 'add_evidence', h.offline)
    const when = await whenOf(ctx, h.v)
    // The phone's own clock took it; never later than the command that tells of it.
    const taken = Math.min(Date.parse(body.takenAt) - (ctx.command?.skewMs ?? 0), when.occurredAt.getTime())
    await insertEvidence(ctx, {
      id: body.id,
      visitId: params.id,
      kind: body.kind,
      sha256: body.sha256,
      bytes: body.bytes,
      takenAt: new Date(taken),
      fix: body.takenFix ?? null,
      originalSha256: body.originalSha256 ?? null,
      originalBytes: body.originalBytes ?? null,
    })
    const hashes = [body.sha256, ...(body.originalSha256 ? [body.originalSha256] : [])]
    // Flagged for whoever reviews, never refused: one cabinet may serve two orders.
    if (body.kind === 'photo' && (await noteSame(ctx, { id: body.id, visitId: params.id, hashes })))
      await ctx.db.run(sql`update evidence set flags = flags || array['seen_before'] where id = ${body.id}`)
    await happen(
      ctx,
      h.v,
      [
        fact(
          'visit.evidence_added',
          { evidenceId: body.id, kind: body.kind, sha256: body.sha256 },
          body.takenFix ? { personal: { takenFix: body.takenFix } } : {},
        ),
      ],
      { when, flags: h.flags },
    )
    return presentEvidence((await find(ctx, body.id)) as EvidenceRow)
  }),

  implementRaw(visitsRoutes.evidenceBytes, async (ctx, { params, query }, { request, reply, app }) => {
    const e = await find(ctx, params.id)
    if (!e) return fail('not_found')
    const own = e.taken_by === ctx.actor.id
    if (!own) authorise(ctx.actor, 'evidence.read', e, 'visit.read')
    if (!e.stored_at) return fail('evidence_not_stored')
    if (e.kind === 'audio') {
      await trace(app, ctx, e, 'recording')
      return playAudio(ctx, e, request, reply)
    }
    if (!e.thumb_sha256 && query.size !== 'original') return fail('evidence_no_preview')
    reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; sandbox")
    if (query.size === 'thumb')
      return reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(ctx.files.read(e.thumb_sha256 as string))
    if (query.size === 'original' && !own && !permits(ctx.actor, 'evidence.original', e))
      fail('forbidden', { ability: 'evidence.original' })
    await trace(app, ctx, e, query.size)
    // Asked for each time: a look from the browser's cache would leave no trace.
    reply.header('cache-control', 'private, no-store')
    if (query.size === 'original')
      return reply
        .header('content-type', e.media_type ?? 'application/octet-stream')
        .header('content-disposition', `attachment; filename="${e.id}"`)
        .send(ctx.files.read(e.sha256))
    return reply
      .header('content-type', 'image/jpeg')
      .send(e.kind === 'photo' ? await stampedCopy(ctx, e) : await preview(ctx.files, e.sha256, fullEdge))
  }),

  implementRaw(visitsRoutes.visitPositions, async (ctx, { params }, { app }) => {
    const v = await readable(ctx, params.id)
    authorise(ctx.actor, 'evidence.original', v, 'visit.read')
    const rows = await ctx.db.query<EvidenceRow>(
      sql`select ${evidenceColumns} from evidence x where x.visit_id = ${v.id} and x.kind = 'fix' and x.fix is not null order by x.taken_at, x.id`,
    )
    for (const e of rows)
      await trace(app, ctx, { ...e, team_id: v.team_id, customer_id: v.customer_id, people: v.people }, 'position')
    return {
      positions: rows.map((e) => ({
        evidenceId: e.id,
        takenAt: e.taken_at.toISOString(),
        fix: e.fix as Fix,
        distanceM: e.distance_m,
      })),
    }
  }),
]

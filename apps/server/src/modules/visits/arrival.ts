// The bytes of declared evidence: in pieces by tus, then checked, looked at, stamped and stored. Whoever declared it
// sends it, even when the visit is somebody else's by now.

import { Readable } from 'node:stream'
import { visitsRoutes } from '#contracts/visits.schema'
import { type App, type Implemented, implementRaw, type JobDef } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { stamped, studyImage } from '../../platform/images'
import type { ScopeRow } from '../../platform/policy'
import { studyAudio } from './audio'
import { type EvidenceRow, find, maxEvidenceBytes, thumbEdge } from './evidence'
import { contradictions, noteAlike, type Scene, scenesOf, stampEdge, stampOf } from './photo'

/** Days after its last piece that an upload is given up; a phone that comes later begins it anew. */
const uploadDays = 7

async function mine(ctx: Ctx, id: string) {
  const e = await find(ctx, id)
  if (!e || e.taken_by !== ctx.actor.id || e.kind === 'fix' || e.kind === 'code') return fail('not_found')
  return e
}

// Two tabs that both learn that the last piece is here: the evidence is looked at once.
const arriving = new Map<string, Promise<void>>()
function arrive(app: App, ctx: Ctx, e: EvidenceRow & ScopeRow): Promise<void> {
  const running = arriving.get(e.id)
  if (running) return running
  const work = store(app, ctx, e).finally(() => arriving.delete(e.id))
  arriving.set(e.id, work)
  return work
}

async function store(app: App, ctx: Ctx, e: EvidenceRow & ScopeRow): Promise<void> {
  const { files } = ctx
  const stored = await files.put(files.uploads.read(e.id), maxEvidenceBytes)
  try {
    if (stored.sha256 !== e.sha256) fail('file_hash_mismatch', { declared: e.sha256, received: stored.sha256 })
    // Looked at now: a picture that cannot be read must be refused while the phone still has it.
    const study =
      e.kind === 'audio' ? await studyAudio(files, stored.sha256) : await studyImage(files, stored.sha256, thumbEdge)
    const scene = (await scenesOf(ctx, [e.id])).get(e.id) as Scene
    const keep = async (bytes: Buffer) => files.put(Readable.from([bytes]), maxEvidenceBytes)
    const thumb = study.thumb && (await keep(study.thumb))
    const copy =
      study.thumb && e.kind === 'photo'
        ? await keep(await stamped(files, stored.sha256, stampEdge, stampOf(e, scene, ctx.zone)))
        : null
    const flags = [
      ...contradictions(e, study.exif, scene, ctx.zone),
      ...(study.thumb || e.kind === 'audio' ? [] : (['no_preview'] as const)),
    ]
    await app.asSystem(
      'evidence.store',
      async (c) => {
        const made = [thumb, copy].filter((f) => f !== null)
        await c.db.run(sql`insert into files (sha256, bytes, media_type, created_at)
          select * from unnest(${[stored.sha256, ...made.map((f) => f.sha256)]}::text[], ${[stored.bytes, ...made.map((f) => f.bytes)]}::int[],
            ${[study.mediaType, ...made.map(() => 'image/jpeg')]}::text[], ${[stored, ...made].map(() => c.now)}::timestamptz[]) on conflict do nothing`)
        const n = await c.db.run(sql`
          update evidence set stored_at = ${c.now}, bytes = ${stored.bytes}, media_type = ${study.mediaType}, width = ${study.width || null},
            height = ${study.height || null}, thumb_sha256 = ${thumb?.sha256 ?? null}, stamped_sha256 = ${copy?.sha256 ?? null},
            exif = ${study.exif ? JSON.stringify(study.exif) : null}::jsonb, dhash = ${e.kind === 'photo' ? study.dhash : null}::bit(64), flags = flags || ${flags}::text[]
          where id = ${e.id} and stored_at is null`)
        // Another server may have been told of the last piece as well: the second finds it stored.
        if (n === 0) return
        if (e.kind === 'photo' && (await noteAlike(c, e, study.dhash)) && !e.flags.includes('seen_before')) {
          flags.push('similar_before')
          await c.db.run(sql`update evidence set flags = flags || array['similar_before'] where id = ${e.id}`)
        }
        await c.emit({
          type: 'evidence.stored',
          aggregate: 'evidence',
          aggregateId: e.id,
          payload: {
            visitId: e.visit_id,
            kind: e.kind,
            sha256: stored.sha256,
            bytes: stored.bytes,
            stampedSha256: copy?.sha256 ?? null,
            flags,
          },
          ...(study.exif ? { personal: { exif: study.exif } } : {}),
          scope: { team_id: e.team_id, customer_id: e.customer_id, people: e.people },
        })
      },
      { actor: ctx.actor, source: 'web' },
    )
  } catch (error) {
    // What was refused is refused for its bytes: to send the same end again would not help, so the upload begins anew.
    await files.uploads.drop(e.id)
    throw error
  }
  await files.uploads.drop(e.id)
}

/** What the tus answer to “how far” is for evidence that is here already. */
const whole = (e: EvidenceRow) => ({
  'tus-resumable': '1.0.0',
  'upload-offset': String(e.bytes),
  'upload-length': String(e.bytes),
})

export const arrivalHandlers: Implemented[] = [
  implementRaw(visitsRoutes.beginUpload, async (ctx, { params }, { request, reply }) => {
    const e = await mine(ctx, params.id)
    const length = Number(request.headers['upload-length'] ?? Number.NaN)
    if (!Number.isInteger(length)) fail('upload_header', { header: 'upload-length' })
    if (length !== e.bytes) fail('upload_length', { declared: e.bytes, received: length })
    // Begun before and its answer lost, or even finished: what is here is not thrown away, the phone asks how far it is.
    if (e.stored_at || (await ctx.files.uploads.offset(e.id)) !== null)
      return reply.status(201).header('location', request.url).header('tus-resumable', '1.0.0').send()
    await ctx.files.uploads.speak(e.id, request, reply)
    return reply.send()
  }),

  implementRaw(visitsRoutes.uploadOffset, async (ctx, { params }, { request, reply, app }) => {
    const e = await mine(ctx, params.id)
    if (e.stored_at) return reply.headers(whole(e)).send()
    const offset = await ctx.files.uploads.offset(e.id)
    if (offset === null) return fail('not_found')
    // Everything came, and then this server or the line died before the answer.
    if (offset === e.bytes) {
      await arrive(app, ctx, e)
      return reply.headers(whole(e)).send()
    }
    await ctx.files.uploads.speak(e.id, request, reply)
    return reply.status(200).send()
  }),

  implementRaw(visitsRoutes.appendUpload, async (ctx, { params }, { request, reply, app }) => {
    const e = await mine(ctx, params.id)
    if (e.stored_at) return fail('upload_offset')
    if ((await ctx.files.uploads.offset(e.id)) === null) return fail('not_found')
    const offset = await ctx.files.uploads.speak(e.id, request, reply)
    if (offset === e.bytes) await arrive(app, ctx, e)
    return reply.send()
  }),
]

export const expireUploads: JobDef = {
  name: 'visits.expire_uploads',
  every: '23 19 * * *',
  run: async (ctx) => {
    const n = await ctx.files.uploads.expire(new Date(ctx.now.getTime() - uploadDays * 86_400_000))
    if (n > 0) ctx.log.info({ n }, 'abandoned uploads removed')
  },
}

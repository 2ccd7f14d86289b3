import { threadsRoutes } from '#contracts/threads.schema'
import { implement, implementRaw, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql, wrap } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { inspectImage, preview } from '../../platform/images'
import { authorise, can, permits, type ScopeRow } from '../../platform/policy'
import { tell } from '../notices'
import { actorsOf } from '../people'
import type { ThreadRow } from './policy'
import * as store from './store'

const maxPhotoBytes = 25 * 1024 * 1024

/** Opens the thread of a new order, visit or project; its scope is the subject's. */
export async function openThread(
  ctx: Ctx,
  t: { kind: ThreadRow['kind']; id: string; title: string; scope: ScopeRow },
): Promise<void> {
  await store.insertThread(ctx.db, { id: newId(), kind: t.kind, subject_id: t.id, title: t.title, ...pick(t.scope) })
}

/** Keeps the thread's scope equal to its subject's when people come and go. */
export async function rescopeThread(ctx: Ctx, subjectId: string, scope: ScopeRow): Promise<void> {
  await store.rescope(ctx.db, subjectId, pick(scope))
}

/** What somebody wrote elsewhere (a request, a handover) stands in the conversation too, in his own words. */
export async function say(
  ctx: Ctx,
  m: { kind: ThreadRow['kind']; id: string; body: string; at?: Date; mentions?: readonly string[] },
): Promise<void> {
  const t = await store.findThread(ctx.db, m.kind, m.id)
  if (!t || !ctx.actor.id || m.body.trim() === '') return
  const id = newId()
  await store.insertMessage(ctx.db, {
    id,
    threadId: t.id,
    authorId: ctx.actor.id,
    body: m.body,
    mentions: m.mentions ?? [],
    writtenAt: m.at ?? ctx.now,
    now: ctx.now,
  })
  await ctx.emit({
    type: 'thread.posted',
    aggregate: 'thread',
    aggregateId: t.subject_id,
    payload: { messageId: id, kind: t.kind, photos: [] },
    personal: { body: m.body },
    scope: t,
  })
}

const pick = (s: ScopeRow) => ({ team_id: s.team_id, customer_id: s.customer_id, people: s.people })

async function threadOf(
  ctx: Ctx,
  p: { kind: string; id: string },
  ability: 'thread.read' | 'thread.write',
): Promise<ThreadRow> {
  const t = await store.findThread(ctx.db, p.kind, p.id)
  if (!t) return fail('not_found')
  authorise(ctx.actor, ability, t, 'thread.read')
  return t
}

function present(ctx: Ctx, m: store.MessageRow) {
  return {
    id: m.id,
    author: { id: m.author_id, name: m.author_name },
    body: m.body,
    mentions: m.mentions,
    writtenAt: m.written_at.toISOString(),
    mine: m.author_id === ctx.actor.id,
    photos: m.photos.map((p) => ({
      ...p,
      url: `/api/message-photos/${p.id}`,
      thumbUrl: `/api/message-photos/${p.id}?size=thumb`,
    })),
  }
}

export const threads: Module = {
  name: 'threads',
  live: { thread: 'thread.read' },
  handlers: [
    implement(threadsRoutes.readThread, async (ctx, { params, query }) => {
      const t = await threadOf(ctx, params, 'thread.read')
      const [at, id] = query.before?.split('|') ?? []
      const rows = await store.messagesBefore(ctx.db, t.id, at && id ? { at, id } : null, query.limit)
      const more = rows.length > query.limit
      if (more) rows.pop()
      const oldest = rows.at(-1)
      const reads = await store.readsOf(ctx.db, t.id)
      return {
        kind: t.kind,
        subjectId: t.subject_id,
        title: t.title,
        messages: rows.reverse().map((m) => present(ctx, m)),
        earlier: more && oldest ? `${oldest.written_at.toISOString()}|${oldest.id}` : null,
        reads: reads.map((r) => ({ person: { id: r.id, name: r.name }, readAt: r.read_at.toISOString() })),
        unread: await store.unread(ctx.db, t.id, ctx.actor.id as string),
        can: can(ctx.actor, t, { write: ['thread.write', true] }),
      }
    }),
    implement(threadsRoutes.mentionable, async (ctx, { params, query }) => {
      const t = await threadOf(ctx, params, 'thread.write')
      const people = await actorsOf(ctx.db, { ...(query.q ? { q: query.q } : {}) })
      return {
        people: people
          .filter((p) => p.id !== ctx.actor.id && permits(p, 'thread.read', t))
          .slice(0, 20)
          .map((p) => ({ id: p.id as string, name: p.name })),
      }
    }),
    implementRaw(threadsRoutes.uploadPhoto, async (ctx, { params }, { request, app }) => {
      const stored = await ctx.files.put(request.body as never, maxPhotoBytes)
      if (stored.sha256 !== params.sha256) fail('file_hash_mismatch')
      const facts = await inspectImage(ctx.files, stored.sha256)
      // Bytes by their hash: the same upload again is the same row. The message that uses it is the recorded change.
      await wrap(app.pool).run(
        sql`insert into files (sha256, bytes, media_type, created_at) values (${stored.sha256}, ${stored.bytes}, ${facts.mediaType}, ${ctx.now}) on conflict do nothing`,
      )
      return { sha256: stored.sha256, ...facts }
    }),
    implement(threadsRoutes.postMessage, async (ctx, { params, body }) => {
      const t = await threadOf(ctx, params, 'thread.write')
      if (body.body === '' && body.photos.length === 0) fail('thread_empty')
      const mentioned = body.mentions.length > 0 ? await actorsOf(ctx.db, { ids: body.mentions }) : []
      const outside = mentioned.find((p) => !permits(p, 'thread.read', t))
      if (outside) fail('thread_mention_outside', { name: outside.name })
      const id = body.id ?? newId()
      await store.insertMessage(ctx.db, {
        id,
        threadId: t.id,
        authorId: ctx.actor.id as string,
        body: body.body,
        mentions: mentioned.map((p) => p.id as string),
        writtenAt:
          ctx.command?.offline && ctx.command.atDevice
            ? new Date(Math.min(ctx.command.atDevice.getTime() - (ctx.command.skewMs ?? 0), ctx.now.getTime()))
            : ctx.now,
        now: ctx.now,
      })
      if (body.photos.length > 0) await attach(ctx, id, body.photos)
      await store.markRead(ctx.db, t.id, ctx.actor.id as string, ctx.now)
      await ctx.emit({
        type: 'thread.posted',
        aggregate: 'thread',
        aggregateId: t.subject_id,
        payload: { messageId: id, kind: t.kind, photos: body.photos },
        personal: { body: body.body },
        scope: t,
      })
      await tell(ctx, {
        userIds: mentioned.map((p) => p.id as string),
        code: 'mentioned',
        params: { by: ctx.actor.name, title: t.title, excerpt: [...body.body].slice(0, 60).join('') },
        subject: { kind: t.kind, id: t.subject_id },
      })
      return present(ctx, await store.findMessage(ctx.db, id))
    }),
    implement(threadsRoutes.markRead, async (ctx, { params }) => {
      const t = await threadOf(ctx, params, 'thread.read')
      await store.markRead(ctx.db, t.id, ctx.actor.id as string, ctx.now)
      await ctx.emit({
        type: 'thread.read',
        aggregate: 'thread',
        aggregateId: t.subject_id,
        payload: { kind: t.kind },
        scope: t,
      })
      return { ok: true as const }
    }),
    implementRaw(threadsRoutes.messagePhoto, async (ctx, { params, query }, { reply }) => {
      const p = await store.threadOfPhoto(ctx.db, params.id)
      if (!p) return fail('not_found')
      authorise(ctx.actor, 'thread.read', p, 'thread.read')
      // Always a preview: the original keeps its place data to itself.
      const bytes = await preview(ctx.files, p.sha256, query.size === 'thumb' ? 320 : 2000)
      return reply
        .header('content-type', 'image/jpeg')
        .header('cache-control', 'private, max-age=31536000, immutable')
        .send(bytes)
    }),
  ],
}

async function attach(ctx: Ctx, messageId: string, hashes: readonly string[]) {
  const photos = []
  for (const sha256 of hashes) {
    if ((await ctx.files.size(sha256)) === null) fail('thread_photo_missing')
    photos.push({ id: newId(), sha256, ...(await inspectImage(ctx.files, sha256)) })
  }
  await store.insertPhotos(ctx.db, messageId, photos)
}

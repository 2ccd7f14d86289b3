import { noticesRoutes } from '#contracts/notices.schema'
import { implement, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'

export interface Tell {
  userIds: readonly string[]
  /** Which words; the web, the mail and the robots choose them from one catalogue. */
  code: string
  params?: Record<string, unknown>
  subject: { kind: string; id: string }
  urgency?: 'urgent' | 'normal' | 'quiet'
  /** Which team's and which kind of order's it is: the group robots choose by it. */
  about?: { teamId?: string | null; orderType?: string | null }
}

/** Puts a notice into each person's inbox, in the command's transaction, and lights the bell of those who are here. */
export async function tell(ctx: Ctx, t: Tell): Promise<void> {
  const userIds = [...new Set(t.userIds)].filter((id) => id !== ctx.actor.id)
  if (userIds.length === 0) return
  const ids = userIds.map(() => newId())
  await ctx.db.run(sql`
    insert into notices (id, user_id, code, params, subject_kind, subject_id, urgency, created_at)
    select n.id, n.user_id, ${t.code}, ${JSON.stringify(t.params ?? {})}::jsonb, ${t.subject.kind}, ${t.subject.id}, ${t.urgency ?? 'normal'}, ${ctx.now}
    from unnest(${ids}::uuid[], ${userIds}::uuid[]) as n(id, user_id)`)
  await ctx.emit({
    type: 'notice.added',
    aggregate: 'notice',
    aggregateId: ids[0] as string,
    payload: { code: t.code, subject: t.subject, to: userIds },
    scope: { people: userIds },
  })
}

interface Row {
  id: string
  code: string
  params: Record<string, unknown>
  subject_kind: string
  subject_id: string
  urgency: 'urgent' | 'normal' | 'quiet'
  created_at: Date
  read_at: Date | null
}

export const notices: Module = {
  name: 'notices',
  handlers: [
    implement(noticesRoutes.listNotices, async (ctx, { query }) => {
      const [at, id] = query.after?.split('|') ?? []
      const rows = await ctx.db.query<Row>(sql`
        select id, code, params, subject_kind, subject_id, urgency, created_at, read_at from notices
        where user_id = ${ctx.actor.id} and (${query.unread === 'true'} = false or read_at is null)
          and (${at ?? null}::timestamptz is null or (created_at, id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))
        order by created_at desc, id desc limit ${query.limit + 1}`)
      const { n } = await ctx.db.one<{ n: number }>(
        sql`select count(*) as n from notices where user_id = ${ctx.actor.id} and read_at is null`,
      )
      const more = rows.length > query.limit
      if (more) rows.pop()
      const last = rows.at(-1)
      return {
        unread: n,
        next: more && last ? `${last.created_at.toISOString()}|${last.id}` : null,
        rows: rows.map((r) => ({
          id: r.id,
          code: r.code,
          params: r.params,
          subject: { kind: r.subject_kind, id: r.subject_id },
          urgency: r.urgency,
          createdAt: r.created_at.toISOString(),
          readAt: r.read_at?.toISOString() ?? null,
        })),
      }
    }),
    implement(noticesRoutes.readNotices, async (ctx, { body }) => {
      const n = await ctx.db.run(sql`
        update notices set read_at = ${ctx.now} where user_id = ${ctx.actor.id} and read_at is null
          and (${body.ids ?? null}::uuid[] is null or id = any(${body.ids ?? null}::uuid[]))`)
      // The bell of the person's other devices goes out as well.
      if (n > 0)
        await ctx.emit({
          type: 'notice.read',
          aggregate: 'notice',
          aggregateId: ctx.actor.id as string,
          payload: { n },
          scope: { people: [ctx.actor.id as string] },
        })
      return { ok: true as const }
    }),
  ],
}

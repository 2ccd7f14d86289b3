import { noticesRoutes } from '#contracts/notices.schema'
import { groupOfNotice, type NoticeGroup, noticeGroups, noticeWords } from '#contracts/words/notices'
import { type Implemented, implement } from '../../platform/app'
import { empty, type Sql, sql } from '../../platform/database/pool'
import type { Urgency } from './rules'

interface Row {
  id: string
  code: string
  params: Record<string, unknown>
  subject_kind: string
  subject_id: string
  urgency: Urgency
  count: number
  created_at: Date
  read_at: Date | null
}

const allCodes = Object.keys(noticeWords)
/** Codes that no catalogue knows (of a newer server) belong where `groupOfNotice` puts them. */
const inGroup = (group: NoticeGroup | undefined): Sql =>
  group === undefined
    ? empty
    : sql`and (code = any(${allCodes.filter((c) => groupOfNotice(c) === group)}::text[])
        or (${group === groupOfNotice('other')} and not code = any(${allCodes}::text[])))`

export const inboxHandlers: Implemented[] = [
  implement(noticesRoutes.listNotices, async (ctx, { query }) => {
    const [at, id] = query.after?.split('|') ?? []
    const rows = await ctx.db.query<Row>(sql`
      select id, code, params, subject_kind, subject_id, urgency, count, created_at, read_at from notices
      where user_id = ${ctx.actor.id} and (${query.unread === 'true'} = false or read_at is null) ${inGroup(query.group)}
        and (${at ?? null}::timestamptz is null or (created_at, id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))
      order by created_at desc, id desc limit ${query.limit + 1}`)
    const byCode = await ctx.db.query<{ code: string; n: number }>(
      sql`select code, count(*) as n from notices where user_id = ${ctx.actor.id} and read_at is null group by code`,
    )
    const unread = new Map<NoticeGroup, number>()
    for (const { code, n } of byCode) unread.set(groupOfNotice(code), (unread.get(groupOfNotice(code)) ?? 0) + n)
    const more = rows.length > query.limit
    if (more) rows.pop()
    const last = rows.at(-1)
    return {
      unread: byCode.reduce((sum, c) => sum + c.n, 0),
      groups: (Object.keys(noticeGroups) as NoticeGroup[]).map((group) => ({ group, unread: unread.get(group) ?? 0 })),
      next: more && last ? `${last.created_at.toISOString()}|${last.id}` : null,
      rows: rows.map((r) => ({
        id: r.id,
        code: r.code,
        group: groupOfNotice(r.code),
        params: r.params,
        subject: { kind: r.subject_kind, id: r.subject_id },
        urgency: r.urgency,
        count: r.count,
        createdAt: r.created_at.toISOString(),
        readAt: r.read_at?.toISOString() ?? null,
      })),
    }
  }),
  implement(noticesRoutes.readNotices, async (ctx, { body }) => {
    const n = await ctx.db.run(sql`
      update notices set read_at = ${ctx.now} where user_id = ${ctx.actor.id} and read_at is null
        and (${body.ids ?? null}::uuid[] is null or id = any(${body.ids ?? null}::uuid[]))
        and (${body.subjectId ?? null}::uuid is null or subject_id = ${body.subjectId ?? null}) ${inGroup(body.group)}`)
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
]

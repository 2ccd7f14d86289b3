import { type Db, sql } from '../../platform/database/pool'
import type { ThreadRow } from './policy'

const columns = sql`id, kind, subject_id, title, team_id, customer_id, people`

export const findThread = (db: Db, kind: string, subjectId: string) =>
  db.maybe<ThreadRow>(sql`select ${columns} from threads where subject_id = ${subjectId} and kind = ${kind}`)

export const insertThread = (db: Db, t: ThreadRow) =>
  db.run(sql`insert into threads (id, kind, subject_id, title, team_id, customer_id, people)
    values (${t.id}, ${t.kind}, ${t.subject_id}, ${t.title}, ${t.team_id}, ${t.customer_id}, ${t.people})`)

export const rescope = (
  db: Db,
  subjectId: string,
  s: { team_id: string | null; customer_id: string | null; people: readonly string[] },
) =>
  db.run(sql`update threads set team_id = ${s.team_id}, customer_id = ${s.customer_id}, people = ${s.people}
    where subject_id = ${subjectId} and (team_id, customer_id, people) is distinct from (${s.team_id}::uuid, ${s.customer_id}::uuid, ${s.people}::uuid[])`)

export interface MessageRow {
  id: string
  author_id: string
  author_name: string
  body: string
  mentions: { id: string; name: string }[]
  photos: { id: string; width: number; height: number }[]
  written_at: Date
}

const messageColumns = sql`m.id, m.author_id, u.name as author_name, m.body, m.written_at,
  coalesce((select json_agg(json_build_object('id', x.id, 'name', x.name)) from users x where x.id = any(m.mentions)), '[]') as mentions,
  coalesce((select json_agg(json_build_object('id', p.id, 'width', p.width, 'height', p.height)) from message_photos p where p.message_id = m.id), '[]') as photos`

/** Newest first, one more than asked so that the caller knows whether there are earlier ones. */
export const messagesBefore = (db: Db, threadId: string, before: { at: string; id: string } | null, limit: number) =>
  db.query<MessageRow>(sql`
    select ${messageColumns} from messages m join users u on u.id = m.author_id
    where m.thread_id = ${threadId} and (${before?.at ?? null}::timestamptz is null or (m.written_at, m.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::uuid))
    order by m.written_at desc, m.id desc limit ${limit + 1}`)

export const findMessage = (db: Db, id: string) =>
  db.one<MessageRow>(
    sql`select ${messageColumns} from messages m join users u on u.id = m.author_id where m.id = ${id}`,
  )

export const insertMessage = (
  db: Db,
  m: {
    id: string
    threadId: string
    authorId: string
    body: string
    mentions: readonly string[]
    writtenAt: Date
    now: Date
  },
) =>
  db.run(sql`insert into messages (id, thread_id, author_id, body, mentions, written_at, created_at)
    values (${m.id}, ${m.threadId}, ${m.authorId}, ${m.body}, ${m.mentions}, ${m.writtenAt}, ${m.now})`)

export const insertPhotos = (db: Db, messageId: string, photos: readonly object[]) =>
  db.run(sql`insert into message_photos (id, message_id, sha256, media_type, width, height)
    select p.id, ${messageId}::uuid, p.sha256, p."mediaType", p.width, p.height
    from jsonb_to_recordset(${JSON.stringify(photos)}::jsonb) as p(id uuid, sha256 text, "mediaType" text, width int, height int)`)

export const readsOf = (db: Db, threadId: string) =>
  db.query<{ id: string; name: string; read_at: Date }>(sql`
    select u.id, u.name, r.read_at from thread_reads r join users u on u.id = r.user_id where r.thread_id = ${threadId} order by r.read_at desc`)

export const unread = async (db: Db, threadId: string, userId: string) =>
  (
    await db.one<{ n: number }>(sql`
      select count(*) as n from messages m where m.thread_id = ${threadId} and m.author_id <> ${userId}
        and m.created_at > coalesce((select read_at from thread_reads where thread_id = ${threadId} and user_id = ${userId}), '-infinity')`)
  ).n

export const markRead = (db: Db, threadId: string, userId: string, now: Date) =>
  db.run(sql`insert into thread_reads (thread_id, user_id, read_at) values (${threadId}, ${userId}, ${now})
    on conflict (thread_id, user_id) do update set read_at = greatest(thread_reads.read_at, ${now})`)

export const threadOfPhoto = (db: Db, photoId: string) =>
  db.maybe<ThreadRow & { sha256: string; media_type: string }>(sql`
    select t.id, t.kind, t.subject_id, t.title, t.team_id, t.customer_id, t.people, p.sha256, p.media_type
    from message_photos p join messages m on m.id = p.message_id join threads t on t.id = m.thread_id where p.id = ${photoId}`)

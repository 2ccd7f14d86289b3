import { type Db, sql } from '../../platform/database/pool'

export interface LinkRow {
  id: string
  visit_id: string
  order_id: string
  channel: 'contact' | 'shown'
  contact_id: string | null
  contact_name: string | null
  progress_until: Date
  code_until: Date | null
  document_until: Date
  signature_until: Date
  survey_until: Date | null
  created_at: Date
  revoked_at: Date | null
}

const columns = sql`id, visit_id, order_id, channel, contact_id, contact_name, progress_until, code_until, document_until, signature_until, survey_until, created_at, revoked_at`

export const byToken = (db: Db, hash: Buffer) =>
  db.maybe<LinkRow>(sql`select ${columns} from links where token_hash = ${hash}`)
export const ofVisit = (db: Db, visitId: string, channel: string) =>
  db.maybe<LinkRow>(sql`select ${columns} from links where visit_id = ${visitId} and channel = ${channel} for update`)

export const insert = (db: Db, l: LinkRow & { token_hash: Buffer }) =>
  db.run(sql`insert into links (id, visit_id, order_id, channel, token_hash, contact_id, contact_name, progress_until, code_until, document_until, signature_until, survey_until, created_at)
    values (${l.id}, ${l.visit_id}, ${l.order_id}, ${l.channel}, ${l.token_hash}, ${l.contact_id}, ${l.contact_name}, ${l.progress_until}, ${l.code_until}, ${l.document_until}, ${l.signature_until}, ${l.survey_until}, ${l.created_at})`)

export const extend = (
  db: Db,
  id: string,
  l: Pick<LinkRow, 'progress_until' | 'code_until' | 'document_until' | 'signature_until' | 'survey_until'>,
) =>
  db.run(sql`update links set progress_until = greatest(progress_until, ${l.progress_until}), code_until = greatest(code_until, ${l.code_until}), document_until = greatest(document_until, ${l.document_until}),
    signature_until = greatest(signature_until, ${l.signature_until}), survey_until = greatest(survey_until, ${l.survey_until}) where id = ${id}`)

import { type Db, empty, join, sql } from '../../platform/database/pool'
import { type Actor, type ScopeRow, scopeSql } from '../../platform/policy'
import type { Values } from './rules'
import type { ShippedTemplate } from './templates'

export interface SignatureRow {
  signer_name: string
  signer_title: string | null
  method: 'phone' | 'link'
  image_sha256: string
  document_hash: string
  signed_at: Date
}

export interface DocumentRow extends ScopeRow {
  id: string
  template_key: string
  template_version: number
  body: ShippedTemplate['body']
  order_types: string[]
  order_id: string
  visit_id: string
  state: 'draft' | 'filed' | 'signed'
  values: Values
  facts: Values
  filed_at: Date | null
  changed_at: Date
  rev: number
  signature: (Omit<SignatureRow, 'signed_at'> & { signed_at: string }) | null
}

const columns = sql`d.id, d.template_key, d.template_version, t.body, t.order_types, d.order_id, d.visit_id, d.state, d.values, d.facts, d.filed_at, d.changed_at, d.rev,
  d.team_id, d.customer_id, d.people, to_jsonb(s) as signature`
const from = sql`from documents d join document_templates t on t.key = d.template_key and t.version = d.template_version
  left join document_signatures s on s.document_id = d.id`

export const find = (db: Db, id: string) => db.maybe<DocumentRow>(sql`select ${columns} ${from} where d.id = ${id}`)

export async function lock(db: Db, id: string): Promise<DocumentRow | undefined> {
  await db.run(sql`select 1 from documents where id = ${id} for update`)
  return find(db, id)
}

export const ofVisit = (db: Db, visitId: string) =>
  db.query<DocumentRow>(sql`select ${columns} ${from} where d.visit_id = ${visitId} order by d.created_at, d.id`)

/** Documents of these visits that the actor may read. */
export const readableOfVisits = (db: Db, actor: Actor, visitIds: readonly string[]) =>
  db.query<DocumentRow & { created_at: Date }>(sql`select ${columns}, d.created_at ${from}
    where d.visit_id = any(${visitIds}::uuid[]) and ${scopeSql(actor, 'document.read', 'd')} order by d.created_at, d.id`)

/** The words that the shipped templates use for what was found and done. */
export const saidOf = (db: Db, visitIds: readonly string[]) =>
  db.query<{ visit_id: string; found: string | null; done: string | null }>(sql`
    select visit_id, max(left(values->>'finding', 400)) as found, max(left(coalesce(values->>'work_done', values->>'topics'), 400)) as done
    from documents where visit_id = any(${visitIds}::uuid[]) and state <> 'draft' group by visit_id`)

export interface ListedRow extends DocumentRow {
  created_at: Date
  /** The same moment as text: a Date would lose the microseconds that the cursor needs. */
  created_key: string
}

/** Newest first; one more than the page shows. The words of the search are those of the facts that the document holds. */
export const list = (
  db: Db,
  actor: Actor,
  f: {
    orderId?: string
    visitId?: string
    state?: string
    template?: string
    q?: string
    after: readonly (string | number | null)[] | null
    limit: number
  },
) => {
  const words = (f.q ?? '').split(/\s+/).filter(Boolean).slice(0, 8)
  const said = sql`concat_ws(' ', d.facts #>> '{order,number}', d.facts #>> '{order,title}', d.facts #>> '{customer,name}', d.facts #>> '{engineers}')`
  const matches = words.map((w) => sql`and ${said} ilike ${`%${w.replace(/[\\%_]/g, '\\$&')}%`}`)
  return db.query<ListedRow>(sql`
    select ${columns}, d.created_at, d.created_at::text as created_key ${from} where ${scopeSql(actor, 'document.read', 'd')}
      and (${f.orderId ?? null}::uuid is null or d.order_id = ${f.orderId ?? null}) and (${f.visitId ?? null}::uuid is null or d.visit_id = ${f.visitId ?? null})
      and (${f.state ?? null}::text is null or d.state = ${f.state ?? null}) and (${f.template ?? null}::text is null or d.template_key = ${f.template ?? null})
      ${matches.length ? join(matches, ' ') : empty}
      ${f.after ? sql`and (d.created_at, d.id) < (${f.after[0]}::timestamptz, ${f.after[1]}::uuid)` : empty}
    order by d.created_at desc, d.id desc limit ${f.limit + 1}`)
}

export const templates = (db: Db) =>
  db.query<{ key: string; version: number; order_types: string[]; body: ShippedTemplate['body'] }>(sql`
    select distinct on (key) key, version, order_types, body from document_templates order by key, version desc`)

export const allTemplates = (db: Db) =>
  db.query<{ key: string; version: number; order_types: string[]; body: ShippedTemplate['body'] }>(
    sql`select key, version, order_types, body from document_templates`,
  )

/** The latest version of each template that this type of order asks for. */
export const templatesFor = (db: Db, orderType: string) =>
  db.query<{ key: string; version: number }>(sql`
    select key, version from (select distinct on (key) key, version, order_types from document_templates order by key, version desc) t where ${orderType} = any(order_types) order by key`)

export const insertTemplate = (db: Db, t: ShippedTemplate, now: Date) =>
  db.run(sql`insert into document_templates (key, version, order_types, body, created_at)
    values (${t.key}, ${t.version}, ${t.orderTypes}, ${JSON.stringify(t.body)}::jsonb, ${now}) on conflict do nothing`)

export const insert = (
  db: Db,
  d: {
    id: string
    templateKey: string
    templateVersion: number
    orderId: string
    visitId: string
    facts: Values
    now: Date
  } & ScopeRow,
) =>
  db.run(sql`
    insert into documents (id, template_key, template_version, order_id, visit_id, state, facts, created_at, changed_at, team_id, customer_id, people)
    values (${d.id}, ${d.templateKey}, ${d.templateVersion}, ${d.orderId}, ${d.visitId}, 'draft', ${JSON.stringify(d.facts)}::jsonb, ${d.now}, ${d.now}, ${d.team_id}, ${d.customer_id}, ${d.people})
    on conflict (visit_id, template_key) do nothing`)

export const saveValues = (db: Db, id: string, values: Values, now: Date) =>
  db.run(
    sql`update documents set values = values || ${JSON.stringify(values)}::jsonb, changed_at = ${now}, rev = rev + 1 where id = ${id}`,
  )

/** What was signed is what stands, as it was read. */
export const saveShown = (db: Db, id: string, values: Values, facts: Values, now: Date) =>
  db.run(sql`update documents set values = ${JSON.stringify(values)}::jsonb, facts = ${JSON.stringify(facts)}::jsonb,
    changed_at = ${now}, rev = rev + 1 where id = ${id}`)

/** Facts flow in until the document is signed. */
export const saveFacts = (db: Db, visitId: string, facts: Values, scope: ScopeRow) =>
  db.run(sql`update documents set facts = facts || ${JSON.stringify(facts)}::jsonb, team_id = ${scope.team_id}, customer_id = ${scope.customer_id}, people = ${scope.people}, rev = rev + 1
    where visit_id = ${visitId} and state <> 'signed' and not (facts @> ${JSON.stringify(facts)}::jsonb and people = ${scope.people}::uuid[])`)

/** The same for some of the facts, whole: containment would take a line that is gone for one that is still there. */
export const flowFacts = (db: Db, visitIds: readonly string[], facts: Values) =>
  db.run(sql`update documents set facts = facts || ${JSON.stringify(facts)}::jsonb, rev = rev + 1
    where visit_id = any(${visitIds}::uuid[]) and state <> 'signed' and facts <> facts || ${JSON.stringify(facts)}::jsonb`)

export const saveState = (db: Db, id: string, state: 'filed' | 'signed', now: Date) =>
  db.run(
    sql`update documents set state = ${state}, filed_at = coalesce(filed_at, ${now}), changed_at = ${now}, rev = rev + 1 where id = ${id}`,
  )

export const insertSignature = (db: Db, id: string, s: SignatureRow) =>
  db.run(sql`insert into document_signatures (document_id, signer_name, signer_title, method, image_sha256, document_hash, signed_at)
    values (${id}, ${s.signer_name}, ${s.signer_title}, ${s.method}, ${s.image_sha256}, ${s.document_hash}, ${s.signed_at})`)

export const insertFile = (db: Db, sha256: string, bytes: number, mediaType: string, now: Date) =>
  db.run(
    sql`insert into files (sha256, bytes, media_type, created_at) values (${sha256}, ${bytes}, ${mediaType}, ${now}) on conflict do nothing`,
  )

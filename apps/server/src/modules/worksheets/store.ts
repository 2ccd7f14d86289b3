import { type Db, empty, sql } from '../../platform/database/pool'
import type { ScopeRow } from '../../platform/policy'
import { searchSql } from '../../platform/search'
import type { Body, Value } from './rules'

export interface SheetRow extends ScopeRow {
  visit_id: string
  order_id: string
  visit_ids: string[]
  former: string[]
  rev: number
  begun_at: Date
  changed_at: Date
  site_id: string | null
  asset_id: string | null
}
interface Person {
  by_id: string | null
  by_name: string
}
export interface AnswerRow extends Person {
  visit_id: string
  checklist_id: string
  item: string
  field: 'value' | 'note'
  value: Value | null
  at: Date
  recorded_at: Date
}
export interface PartLineRow extends Person {
  id: string
  visit_id: string
  part_id: string | null
  number: string | null
  name: string
  qty: number
  unit: string
  serial_in: string | null
  serial_out: string | null
  returned: boolean
  note: string | null
  at: Date
  dropped_at: Date | null
}
export interface NoteRow extends Person {
  id: string
  visit_id: string
  text: string
  visibility: 'internal' | 'customer'
  audio_id: string | null
  at: Date
  changed_at: Date
}
export interface SerialRow extends Person {
  id: string
  visit_id: string
  serial: string
  outcome: 'found' | 'registered' | 'corrected' | 'elsewhere' | 'unknown'
  asset_id: string | null
  asset_name: string | null
  asset_model: string | null
  at: Date
}
export interface FollowUpRow {
  order_id: string
  visit_id: string
  checklist_id: string
  item: string
  number: string | null
  title: string
}
export interface ListRow {
  visit_id: string
  checklist_id: string
  version: number
  body: Body
}
/** A worksheet with everything that stands on it. */
export interface Sheet extends SheetRow {
  lists: ListRow[]
  answers: AnswerRow[]
  parts: PartLineRow[]
  notes: NoteRow[]
  serials: SerialRow[]
  followUps: FollowUpRow[]
}

const sheetColumns = sql`w.visit_id, w.order_id, w.visit_ids, w.former, w.rev, w.begun_at, w.changed_at, w.team_id, w.customer_id, w.people, o.site_id, o.asset_id`

/** The worksheet of a visit: its own or that of the lead whom it helps. */
export const find = (db: Db, visitId: string) =>
  db.maybe<SheetRow>(
    sql`select ${sheetColumns} from worksheets w join orders o on o.id = w.order_id where w.visit_ids @> array[${visitId}]::uuid[] order by (w.visit_id = ${visitId}) desc limit 1`,
  )
export const lock = (db: Db, sheetId: string) =>
  db.run(sql`select 1 from worksheets where visit_id = ${sheetId} for update`)
export const ofOrder = (db: Db, orderId: string) =>
  db.query<SheetRow>(
    sql`select ${sheetColumns} from worksheets w join orders o on o.id = w.order_id where w.order_id = ${orderId} order by w.begun_at, w.visit_id`,
  )
/** Worksheets that serve any of these visits. */
export const serving = (db: Db, visitIds: readonly string[]) =>
  db.query<SheetRow>(
    sql`select ${sheetColumns} from worksheets w join orders o on o.id = w.order_id where w.visit_ids && ${visitIds}::uuid[] order by w.begun_at, w.visit_id`,
  )

/** Everything that stands on these worksheets, six statements whatever their number. */
export async function whole(db: Db, rows: readonly SheetRow[]): Promise<Sheet[]> {
  if (rows.length === 0) return []
  const ids = rows.map((r) => r.visit_id)
  const of = sql`any(${ids}::uuid[])`
  const lists = await db.query<ListRow>(sql`select l.visit_id, l.checklist_id, l.version, v.body from worksheet_lists l
    join checklist_versions v on v.checklist_id = l.checklist_id and v.version = l.version where l.visit_id = ${of} order by l.begun_at, l.checklist_id`)
  const answers =
    await db.query<AnswerRow>(sql`select visit_id, checklist_id, item, field, value, at, recorded_at, by_id, by_name from worksheet_answers
    where visit_id = ${of} order by checklist_id, item, field`)
  const parts =
    await db.query<PartLineRow>(sql`select id, visit_id, part_id, number, name, qty::float8 as qty, unit, serial_in, serial_out, returned, note, at, dropped_at, by_id, by_name
    from worksheet_parts where visit_id = ${of} and dropped_at is null order by at, id`)
  const notes = await db.query<NoteRow>(
    sql`select id, visit_id, text, visibility, audio_id, at, changed_at, by_id, by_name from worksheet_notes where visit_id = ${of} order by at, id`,
  )
  const serials =
    await db.query<SerialRow>(sql`select s.id, s.visit_id, s.serial, s.outcome, s.asset_id, a.name as asset_name, a.model as asset_model, s.at, s.by_id, s.by_name
    from worksheet_serials s left join assets a on a.id = s.asset_id where s.visit_id = ${of} order by s.at, s.id`)
  const followUps =
    await db.query<FollowUpRow>(sql`select f.order_id, f.visit_id, f.checklist_id, f.item, o.number, o.title from worksheet_follow_ups f
    join orders o on o.id = f.order_id where f.visit_id = ${of} order by f.made_at, f.order_id`)
  const mine =
    <T extends { visit_id: string }>(all: T[]) =>
    (id: string) =>
      all.filter((x) => x.visit_id === id)
  const [l, a, p, n, s, f] = [mine(lists), mine(answers), mine(parts), mine(notes), mine(serials), mine(followUps)]
  return rows.map((r) => ({
    ...r,
    lists: l(r.visit_id),
    answers: a(r.visit_id),
    parts: p(r.visit_id),
    notes: n(r.visit_id),
    serials: s(r.visit_id),
    followUps: f(r.visit_id),
  }))
}

export const insertSheet = (
  db: Db,
  w: { visitId: string; orderId: string; visitIds: readonly string[]; scope: ScopeRow; now: Date },
) =>
  db.run(sql`insert into worksheets (visit_id, order_id, visit_ids, begun_at, changed_at, team_id, customer_id, people)
    values (${w.visitId}, ${w.orderId}, ${w.visitIds}, ${w.now}, ${w.now}, ${w.scope.team_id}, ${w.scope.customer_id}, ${w.scope.people}) on conflict do nothing`)

export const insertLists = (
  db: Db,
  visitId: string,
  lists: readonly { checklist_id: string; version: number }[],
  now: Date,
) =>
  db.run(sql`insert into worksheet_lists (visit_id, checklist_id, version, begun_at)
    select ${visitId}::uuid, l.checklist_id, l.version, ${now}::timestamptz from jsonb_to_recordset(${JSON.stringify(lists)}::jsonb) as l(checklist_id uuid, version int)
    on conflict do nothing`)

/** Whose worksheet it is now; whoever it was before may still bring what he did offline. */
export const share = (db: Db, sheetId: string, o: { visitIds: readonly string[]; scope: ScopeRow; now: Date }) =>
  db.run(sql`update worksheets set visit_ids = ${o.visitIds}, team_id = ${o.scope.team_id}, customer_id = ${o.scope.customer_id}, people = ${o.scope.people},
      former = array(select distinct x from unnest(former || people) x where x <> all(${o.scope.people}::uuid[])), rev = rev + 1, changed_at = ${o.now}
    where visit_id = ${sheetId} and (people <> ${o.scope.people}::uuid[] or visit_ids <> ${o.visitIds}::uuid[] or team_id is distinct from ${o.scope.team_id})`)

export const touch = (db: Db, sheetId: string, now: Date) =>
  db.run(sql`update worksheets set rev = rev + 1, changed_at = ${now} where visit_id = ${sheetId}`)

export const putAnswer = (
  db: Db,
  a: Omit<AnswerRow, 'value'> & {
    value: unknown
  },
) =>
  db.run(sql`insert into worksheet_answers (visit_id, checklist_id, item, field, value, at, recorded_at, by_id, by_name)
    values (${a.visit_id}, ${a.checklist_id}, ${a.item}, ${a.field}, ${a.value === null ? null : JSON.stringify(a.value)}::jsonb, ${a.at}, ${a.recorded_at}, ${a.by_id}, ${a.by_name})
    on conflict (visit_id, checklist_id, item, field) do update set value = excluded.value, at = excluded.at, recorded_at = excluded.recorded_at,
      by_id = excluded.by_id, by_name = excluded.by_name`)

export const insertFollowUp = (
  db: Db,
  f: { orderId: string; sheetId: string; checklistId: string; item: string; now: Date },
) =>
  db.run(sql`insert into worksheet_follow_ups (order_id, visit_id, checklist_id, item, made_at)
    values (${f.orderId}, ${f.sheetId}, ${f.checklistId}, ${f.item}, ${f.now})`)

export const findPartLine = (db: Db, id: string) =>
  db.maybe<PartLineRow>(
    sql`select id, visit_id, part_id, number, name, qty::float8 as qty, unit, serial_in, serial_out, returned, note, at, dropped_at, by_id, by_name from worksheet_parts where id = ${id}`,
  )
export const putPartLine = (db: Db, p: PartLineRow) =>
  db.run(sql`insert into worksheet_parts (id, visit_id, part_id, number, name, qty, unit, serial_in, serial_out, returned, note, at, by_id, by_name)
    values (${p.id}, ${p.visit_id}, ${p.part_id}, ${p.number}, ${p.name}, ${p.qty}, ${p.unit}, ${p.serial_in}, ${p.serial_out}, ${p.returned}, ${p.note}, ${p.at}, ${p.by_id}, ${p.by_name})
    on conflict (id) do update set part_id = excluded.part_id, number = excluded.number, name = excluded.name, qty = excluded.qty, unit = excluded.unit,
      serial_in = excluded.serial_in, serial_out = excluded.serial_out, returned = excluded.returned, note = excluded.note, at = excluded.at,
      by_id = excluded.by_id, by_name = excluded.by_name`)
export const dropPartLine = (db: Db, id: string, at: Date) =>
  db.run(sql`update worksheet_parts set dropped_at = ${at} where id = ${id} and dropped_at is null`)

export const findNote = (db: Db, id: string) =>
  db.maybe<NoteRow>(
    sql`select id, visit_id, text, visibility, audio_id, at, changed_at, by_id, by_name from worksheet_notes where id = ${id}`,
  )
export const insertNote = (db: Db, n: NoteRow) =>
  db.run(sql`insert into worksheet_notes (id, visit_id, text, visibility, audio_id, at, changed_at, by_id, by_name)
    values (${n.id}, ${n.visit_id}, ${n.text}, ${n.visibility}, ${n.audio_id}, ${n.at}, ${n.changed_at}, ${n.by_id}, ${n.by_name})`)
export const saveNote = (db: Db, n: Pick<NoteRow, 'id' | 'text' | 'visibility' | 'changed_at'>) =>
  db.run(
    sql`update worksheet_notes set text = ${n.text}, visibility = ${n.visibility}, changed_at = ${n.changed_at} where id = ${n.id}`,
  )

export const findSerial = (db: Db, id: string) =>
  db.maybe<{ id: string; visit_id: string }>(sql`select id, visit_id from worksheet_serials where id = ${id}`)
/** A number that was read before is one line, as it was read last. */
export const putSerial = (db: Db, s: Omit<SerialRow, 'asset_name' | 'asset_model'>) =>
  db.run(sql`insert into worksheet_serials (id, visit_id, serial, outcome, asset_id, at, by_id, by_name)
    values (${s.id}, ${s.visit_id}, ${s.serial}, ${s.outcome}, ${s.asset_id}, ${s.at}, ${s.by_id}, ${s.by_name})
    on conflict (visit_id, serial) do update set outcome = excluded.outcome, asset_id = excluded.asset_id, at = excluded.at, by_id = excluded.by_id, by_name = excluded.by_name`)

// ── checklists ──

export interface ChecklistRow {
  id: string
  version: number
  retired: boolean
  rev: number
  changed_at: Date
  changed_by: string | null
  changed_by_name: string | null
  order_types: string[]
  models: string[]
  body: Body
  used: number
  used_lately: number
  last_used_at: Date | null
}
const checklistColumns = sql`c.id, c.version, c.retired, c.rev, c.changed_at, c.changed_by, c.changed_by_name, v.order_types, v.models, v.body`
const current = sql`checklists c join checklist_versions v on v.checklist_id = c.id and v.version = c.version`

export const checklists = (db: Db, o: { now: Date; id?: string; q?: string | undefined }) =>
  db.query<ChecklistRow>(sql`
    select ${checklistColumns}, coalesce(u.used, 0)::int as used, coalesce(u.lately, 0)::int as used_lately, u.last as last_used_at from ${current}
    left join (select checklist_id, count(*) as used, count(*) filter (where begun_at > ${o.now}::timestamptz - interval '30 days') as lately, max(begun_at) as last
      from worksheet_lists group by checklist_id) u on u.checklist_id = c.id
    where true ${o.id ? sql`and c.id = ${o.id}` : empty}
      ${o.q ? sql`and (v.body->'title'->>'zh' || ' ' || (v.body->'title'->>'en') || ' ' || v.models::text) ilike ${`%${o.q.replace(/[\\%_]/g, '\\$&')}%`}` : empty}
    order by c.retired, v.body->'title'->>'zh' collate "zh-x-icu", c.id`)

export const lockChecklist = (db: Db, id: string) =>
  db.maybe<{ id: string; version: number; rev: number; changed_at: Date; changed_by_name: string | null }>(
    sql`select id, version, rev, changed_at, changed_by_name from checklists where id = ${id} for update`,
  )
export const versionsOf = (db: Db, id: string) =>
  db.query<{
    version: number
    order_types: string[]
    models: string[]
    body: Body
    created_at: Date
    created_by: string | null
    created_by_name: string | null
    used: number
  }>(sql`
    select v.version, v.order_types, v.models, v.body, v.created_at, v.created_by, v.created_by_name,
      (select count(*)::int from worksheet_lists l where l.checklist_id = v.checklist_id and l.version = v.version) as used
    from checklist_versions v where v.checklist_id = ${id} order by v.version desc`)

export async function putChecklist(
  db: Db,
  c: {
    id: string
    version: number
    orderTypes: readonly string[]
    models: readonly string[]
    body: unknown
    now: Date
    by: string | null
    byName: string | null
  },
) {
  await db.run(sql`insert into checklists (id, version, changed_at, changed_by, changed_by_name) values (${c.id}, ${c.version}, ${c.now}, ${c.by}, ${c.byName})
    on conflict (id) do update set version = excluded.version, rev = checklists.rev + 1, retired = false, changed_at = excluded.changed_at,
      changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`)
  await db.run(sql`insert into checklist_versions (checklist_id, version, order_types, models, body, created_at, created_by, created_by_name)
    values (${c.id}, ${c.version}, ${c.orderTypes}, ${c.models}, ${JSON.stringify(c.body)}::jsonb, ${c.now}, ${c.by}, ${c.byName})`)
}
export const retireChecklist = (
  db: Db,
  id: string,
  o: { retired: boolean; now: Date; by: string | null; byName: string },
) =>
  db.run(sql`update checklists set retired = ${o.retired}, rev = rev + 1, changed_at = ${o.now}, changed_by = ${o.by}, changed_by_name = ${o.byName}
    where id = ${id} and retired <> ${o.retired}`)

/** The current version of every checklist that is in use. */
export const inUse = (db: Db) =>
  db.query<{ checklist_id: string; version: number; order_types: string[]; models: string[]; body: Body }>(
    sql`select c.id as checklist_id, c.version, v.order_types, v.models, v.body from ${current} where not c.retired order by v.body->'title'->>'zh' collate "zh-x-icu", c.id`,
  )

// ── parts ──

export interface PartRow {
  id: string
  number: string
  name: string
  spec: string | null
  unit: string
  category: string | null
  serial: boolean
  models: string[]
  archived: boolean
  rev: number
  changed_at: Date
  changed_by_name: string | null
}
const partColumns = sql`p.id, p.number, p.name, p.spec, p.unit, p.category, p.serial, p.models, p.archived, p.rev, p.changed_at, p.changed_by_name`

export const parts = (
  db: Db,
  o: {
    q?: string | undefined
    archived?: string | undefined
    after: readonly (string | number | null)[] | null
    limit: number
  },
) =>
  db.query<PartRow>(sql`
    select ${partColumns} from parts p where (${o.archived === 'true'} or not p.archived) and ${searchSql('p.search', o.q ?? '', 'p.search_text')}
      ${o.after ? sql`and (p.number, p.id) > (${o.after[0]}, ${o.after[1]}::uuid)` : empty}
    order by p.number, p.id limit ${o.limit + 1}`)
export const catalogue = (db: Db) =>
  db.query<PartRow>(sql`select ${partColumns} from parts p where not p.archived order by p.number limit 2000`)
export const findPart = (db: Db, id: string) =>
  db.maybe<PartRow>(sql`select ${partColumns} from parts p where p.id = ${id}`)
export async function lockPart(db: Db, id: string): Promise<PartRow | undefined> {
  await db.run(sql`select 1 from parts where id = ${id} for update`)
  return findPart(db, id)
}
export const putPart = (
  db: Db,
  p: Omit<PartRow, 'rev' | 'changed_at' | 'changed_by_name'>,
  who: { now: Date; id: string | null; name: string },
) =>
  db.run(sql`insert into parts (id, number, name, spec, unit, category, serial, models, archived, changed_at, changed_by, changed_by_name)
    values (${p.id}, ${p.number}, ${p.name}, ${p.spec}, ${p.unit}, ${p.category}, ${p.serial}, ${p.models}, ${p.archived}, ${who.now}, ${who.id}, ${who.name})
    on conflict (id) do update set number = excluded.number, name = excluded.name, spec = excluded.spec, unit = excluded.unit, category = excluded.category,
      serial = excluded.serial, models = excluded.models, archived = excluded.archived, rev = parts.rev + 1, changed_at = excluded.changed_at,
      changed_by = excluded.changed_by, changed_by_name = excluded.changed_by_name`)

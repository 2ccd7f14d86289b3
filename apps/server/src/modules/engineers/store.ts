import { type Db, sql } from '../../platform/database/pool'
import { type Actor, scopeSql } from '../../platform/policy'
import type { Point, ShiftFacts } from './facts'

/** Makes a user an engineer; a second time changes nothing. */
export const insertEngineer = (
  db: Db,
  e: {
    userId: string
    home?: Point | null
    homeAddress?: string | null
    shiftId?: string | null
    maxDayMin?: number
    maxWeekMin?: number
    now: Date
    by?: string | null
  },
) =>
  db.run(sql`insert into engineers (user_id, home, home_address, shift_id, max_day_min, max_week_min, changed_at, changed_by)
    values (${e.userId}, ${e.home ? JSON.stringify(e.home) : null}::jsonb, ${e.homeAddress ?? null}, ${e.shiftId ?? null},
      ${e.maxDayMin ?? 480}, ${e.maxWeekMin ?? 2400}, ${e.now}, ${e.by ?? null}) on conflict (user_id) do nothing`)

export const insertShift = (db: Db, s: ShiftFacts, now: Date, by: string | null = null) =>
  db.run(sql`insert into shifts (id, name, anchor, cycle, follows_holidays, zone, changed_at, changed_by)
    values (${s.id}, ${s.name}, ${s.anchor}, ${JSON.stringify(s.cycle)}::jsonb, ${s.followsHolidays}, ${s.zone}, ${now}, ${by})`)

export const insertSkill = (db: Db, s: { code: string; parentCode?: string | null; name: string; position?: number }) =>
  db.run(
    sql`insert into skills (code, parent_code, name, position) values (${s.code}, ${s.parentCode ?? null}, ${s.name}, ${s.position ?? 0})`,
  )

export const insertCertificateKind = (db: Db, k: { code: string; name: string; position?: number }) =>
  db.run(sql`insert into certificate_kinds (code, name, position) values (${k.code}, ${k.name}, ${k.position ?? 0})`)

export async function replaceSkills(db: Db, engineerId: string, skills: readonly { code: string; level: number }[]) {
  await db.run(sql`delete from engineer_skills where engineer_id = ${engineerId}`)
  await db.run(sql`insert into engineer_skills (engineer_id, skill_code, level)
    select ${engineerId}::uuid, s.code, s.level from jsonb_to_recordset(${JSON.stringify(skills)}::jsonb) as s(code text, level int)`)
}

export const insertCertificate = (
  db: Db,
  c: {
    id: string
    engineerId: string
    kind: string
    number?: string | null
    issuedOn?: string | null
    expiresOn?: string | null
  },
) =>
  db.run(sql`insert into certificates (id, engineer_id, kind, number, issued_on, expires_on)
    values (${c.id}, ${c.engineerId}, ${c.kind}, ${c.number ?? null}, ${c.issuedOn ?? null}, ${c.expiresOn ?? null})`)

export interface EngineerHead {
  id: string
  name: string
  phone: string | null
  team_id: string | null
  home: Point | null
  home_address: string | null
  shift_id: string | null
  max_day_min: number
  max_week_min: number
  rev: number
  changed_at: Date
  changed_by_name: string | null
}

const headColumns = sql`u.id, u.name, u.phone, u.team_id, e.home, e.home_address, e.shift_id, e.max_day_min, e.max_week_min, e.rev, e.changed_at,
  (select c.name from users c where c.id = e.changed_by) as changed_by_name`

export const findEngineer = (db: Db, id: string) =>
  db.maybe<EngineerHead>(
    sql`select ${headColumns} from engineers e join users u on u.id = e.user_id where u.id = ${id}`,
  )
export const lockEngineer = (db: Db, id: string) =>
  db.maybe<EngineerHead>(
    sql`select ${headColumns} from engineers e join users u on u.id = e.user_id where u.id = ${id} for no key update of e`,
  )

/** Ids in the order of the list: by name, then id. Team and scope come from the user. */
export const listEngineerIds = (
  db: Db,
  actor: Actor,
  f: { q?: string; teamIds?: string[]; skill?: string; minLevel: number; after?: string; limit: number },
) =>
  db.query<{ id: string; rev: number; total: number }>(sql`
    with r as (
      select u.id, u.name, e.rev from engineers e
      join (select u.*, array[u.id] as people, null::uuid as customer_id from users u) u on u.id = e.user_id
      left join teams t on t.id = u.team_id
      where u.disabled_at is null and ${scopeSql(actor, 'engineer.read', 'u')}
        and (${f.q ?? null}::text is null or u.name ilike '%' || ${f.q ?? null} || '%')
        and (${f.teamIds ?? null}::uuid[] is null or t.path && ${f.teamIds ?? null}::uuid[])
        and (${f.skill ?? null}::text is null or exists (
          select 1 from engineer_skills s where s.engineer_id = e.user_id and s.skill_code = ${f.skill ?? null} and s.level >= ${f.minLevel})))
    select r.id, r.rev, (select count(*) from r) as total from r
    where (${f.after ?? null}::uuid is null or (r.name, r.id) > (select a.name, a.id from users a where a.id = ${f.after ?? null}))
    order by r.name, r.id limit ${f.limit + 1}`)

export const touchEngineer = (db: Db, id: string, now: Date, by: string | null) =>
  db.run(sql`update engineers set rev = rev + 1, changed_at = ${now}, changed_by = ${by} where user_id = ${id}`)
export const saveHome = (db: Db, id: string, home: Point | null, address: string | null) =>
  db.run(
    sql`update engineers set home = ${home ? JSON.stringify(home) : null}::jsonb, home_address = ${address} where user_id = ${id}`,
  )
export const saveLimits = (db: Db, id: string, e: { shiftId: string | null; maxDayMin: number; maxWeekMin: number }) =>
  db.run(
    sql`update engineers set shift_id = ${e.shiftId}, max_day_min = ${e.maxDayMin}, max_week_min = ${e.maxWeekMin} where user_id = ${id}`,
  )

/** Codes that cannot be given to this engineer: unknown, or retired and not already his. */
export const refusedSkills = (db: Db, engineerId: string, codes: readonly string[]) =>
  db.query<{ code: string }>(sql`
    select c.code from unnest(${codes}::text[]) as c(code) left join skills s on s.code = c.code
    left join engineer_skills h on h.skill_code = c.code and h.engineer_id = ${engineerId}
    where s.code is null or (s.retired_at is not null and h.engineer_id is null)`)

export interface CertificateRow {
  id: string
  kind: string
  name: string
  number: string | null
  issued_on: string | null
  expires_on: string | null
}
export const certificatesOf = (db: Db, engineerId: string) =>
  db.query<CertificateRow>(sql`
    select c.id, c.kind, k.name, c.number, c.issued_on, c.expires_on from certificates c join certificate_kinds k on k.code = c.kind
    where c.engineer_id = ${engineerId} and c.removed_at is null order by k.position, k.code, c.expires_on`)
export const removeCertificate = (db: Db, engineerId: string, id: string, now: Date) =>
  db.run(
    sql`update certificates set removed_at = ${now} where id = ${id} and engineer_id = ${engineerId} and removed_at is null`,
  )

export interface AbsenceRow {
  id: string
  engineer_id: string
  engineer_name: string
  team_id: string | null
  kind: 'leave' | 'training'
  from: Date
  to: Date
  reason: string | null
  cancelled_at: Date | null
  rev: number
  changed_at: Date
  changed_by_name: string | null
}
const absenceColumns = sql`a.id, a.engineer_id, u.name as engineer_name, u.team_id, a.kind, lower(a.during) as from, upper(a.during) as to, a.reason,
  a.cancelled_at, a.rev, a.changed_at, (select c.name from users c where c.id = a.changed_by) as changed_by_name`

export const insertAbsence = (
  db: Db,
  a: {
    id: string
    engineerId: string
    kind: 'leave' | 'training'
    from: Date
    to: Date
    reason: string | null
    now: Date
    by: string | null
  },
) =>
  db.run(sql`insert into absences (id, engineer_id, kind, during, reason, created_at, created_by, changed_at, changed_by)
    values (${a.id}, ${a.engineerId}, ${a.kind}, tstzrange(${a.from}, ${a.to}), ${a.reason}, ${a.now}, ${a.by}, ${a.now}, ${a.by})`)
export const findAbsence = (db: Db, id: string) =>
  db.maybe<AbsenceRow>(
    sql`select ${absenceColumns} from absences a join users u on u.id = a.engineer_id where a.id = ${id}`,
  )
export const lockAbsence = (db: Db, id: string) =>
  db.maybe<AbsenceRow>(
    sql`select ${absenceColumns} from absences a join users u on u.id = a.engineer_id where a.id = ${id} for update of a`,
  )
export const endAbsence = (db: Db, id: string, now: Date, by: string | null) =>
  db.run(
    sql`update absences set cancelled_at = ${now}, rev = rev + 1, changed_at = ${now}, changed_by = ${by} where id = ${id}`,
  )
export const absencesBetween = (
  db: Db,
  actor: Actor,
  f: { from: Date; to: Date; teamIds?: string[]; engineerId?: string },
) =>
  db.query<AbsenceRow>(sql`
    select ${absenceColumns} from absences a
    join (select u.*, array[u.id] as people, null::uuid as customer_id from users u) u on u.id = a.engineer_id
    left join teams t on t.id = u.team_id
    where a.cancelled_at is null and a.during && tstzrange(${f.from}, ${f.to}) and ${scopeSql(actor, 'absence.read', 'u')}
      and (${f.teamIds ?? null}::uuid[] is null or t.path && ${f.teamIds ?? null}::uuid[])
      and (${f.engineerId ?? null}::uuid is null or a.engineer_id = ${f.engineerId ?? null})
    order by lower(a.during), a.id limit 2000`)

export interface SkillRow {
  code: string
  parentCode: string | null
  name: string
  position: number
  retired: boolean
  engineers: number
  rev: number
}
const skillColumns = sql`s.code, s.parent_code as "parentCode", s.name, s.position, s.retired_at is not null as retired, s.rev,
  (select count(*) from engineer_skills h where h.skill_code = s.code) as engineers`
export const listSkills = (db: Db) =>
  db.query<SkillRow>(sql`select ${skillColumns} from skills s order by s.position, s.code`)
export const findSkill = (db: Db, code: string) =>
  db.maybe<SkillRow>(sql`select ${skillColumns} from skills s where s.code = ${code}`)
export const lockSkill = async (db: Db, code: string) => {
  await db.run(sql`select 1 from skills where code = ${code} for update`)
  return findSkill(db, code)
}
export const saveSkill = (db: Db, s: { code: string; name: string; position: number; retiredAt: Date | null }) =>
  db.run(
    sql`update skills set name = ${s.name}, position = ${s.position}, retired_at = ${s.retiredAt}, rev = rev + 1 where code = ${s.code}`,
  )
export const listCertificateKinds = (db: Db) =>
  db.query<{ code: string; name: string }>(sql`select code, name from certificate_kinds order by position, code`)

export interface ShiftRow extends ShiftFacts {
  engineers: number
  rev: number
}
const shiftColumns = sql`s.id, s.name, s.anchor, s.cycle, s.follows_holidays as "followsHolidays", s.zone, s.rev,
  (select count(*) from engineers e where e.shift_id = s.id) as engineers`
export const listShifts = (db: Db) =>
  db.query<ShiftRow>(sql`select ${shiftColumns} from shifts s order by s.name, s.id`)
export const findShift = (db: Db, id: string) =>
  db.maybe<ShiftRow>(sql`select ${shiftColumns} from shifts s where s.id = ${id}`)
export const lockShift = async (db: Db, id: string) => {
  await db.run(sql`select 1 from shifts where id = ${id} for update`)
  return findShift(db, id)
}
export const saveShift = (db: Db, s: ShiftFacts, now: Date, by: string | null) =>
  db.run(sql`update shifts set name = ${s.name}, anchor = ${s.anchor}, cycle = ${JSON.stringify(s.cycle)}::jsonb, follows_holidays = ${s.followsHolidays},
    zone = ${s.zone}, rev = rev + 1, changed_at = ${now}, changed_by = ${by} where id = ${s.id}`)

import { type Db, sql } from '../../platform/database/pool'
import type { Point, ShiftPattern } from './facts'

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

export const insertShift = (
  db: Db,
  s: { id: string; name: string; pattern: ShiftPattern; holidaysOff?: boolean; zone?: string; now: Date },
) =>
  db.run(sql`insert into shifts (id, name, pattern, holidays_off, zone, changed_at)
    values (${s.id}, ${s.name}, ${JSON.stringify(s.pattern)}::jsonb, ${s.holidaysOff ?? true}, ${s.zone ?? 'Asia/Shanghai'}, ${s.now})`)

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

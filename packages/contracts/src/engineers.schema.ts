import { z } from 'zod'
import {
  Can,
  Coordinate,
  Id,
  IdParams,
  Instant,
  LocalDate,
  Minutes,
  many,
  Name,
  Ok,
  Page,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { defineRoute } from './route'

/** Codes stand in orders, rules and mappings: they never change, names may. */
export const SkillCode = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,59}$/)
export const SkillLevel = z.number().int().min(1).max(5)

export const Skill = z.object({
  code: SkillCode,
  parentCode: SkillCode.nullable(),
  name: z.string(),
  position: z.number().int(),
  retired: z.boolean(),
  /** Engineers who have it. */
  engineers: z.number().int(),
  rev: Rev,
})
export const HeldSkill = z.object({ code: SkillCode, name: z.string(), level: SkillLevel })
export const CertificateKind = z.object({ code: SkillCode, name: z.string() })
export const Certificate = z.object({
  id: Id,
  kind: SkillCode,
  name: z.string(),
  number: z.string().nullable(),
  issuedOn: LocalDate.nullable(),
  /** Valid through this day. */
  expiresOn: LocalDate.nullable(),
  expired: z.boolean(),
})

/** Minutes of the local day; an end past 1440 runs into the next day. */
const Span = z.tuple([z.number().int().min(0).max(1439), z.number().int().min(1).max(2880)]).refine(([a, b]) => a < b)
export const Shift = z.object({
  id: Id,
  name: z.string(),
  anchor: LocalDate,
  cycle: z.array(z.array(Span).max(6)).min(1).max(56),
  followsHolidays: z.boolean(),
  zone: z.string(),
  engineers: z.number().int(),
  rev: Rev,
})
const ShiftInput = z.object({
  name: text(60),
  anchor: LocalDate,
  cycle: Shift.shape.cycle,
  followsHolidays: z.boolean(),
  zone: z.string().max(60).default('Asia/Shanghai'),
})

export const AbsenceKind = z.enum(['leave', 'training'])
export const Absence = z.object({
  id: Id,
  engineerId: Id,
  engineerName: z.string(),
  kind: AbsenceKind,
  from: Instant,
  to: Instant,
  /** Only for those who decide about it, and for himself. */
  reason: z.string().nullable(),
  cancelled: z.boolean(),
  rev: Rev,
  can: Can,
})

/** Booked minutes (visits and ways) against what the shift and the person's limit leave; null: nothing to divide by. */
export const Load = z.object({
  todayMin: Minutes,
  todayCapacityMin: Minutes,
  todayPercent: z.number().int().nullable(),
  weekMin: Minutes,
  weekCapacityMin: Minutes,
  weekPercent: z.number().int().nullable(),
})

export const EngineerRow = z.object({
  id: Id,
  name: z.string(),
  teamId: Id.nullable(),
  teamName: z.string().nullable(),
  skills: z.array(HeldSkill),
  shiftId: Id.nullable(),
  shiftName: z.string().nullable(),
  /** The leave or training that is running now. */
  away: z.object({ kind: AbsenceKind, to: Instant }).nullable(),
  load: Load,
  rev: Rev,
  can: Can,
})
export const Engineer = EngineerRow.extend({
  phone: z.string().nullable(),
  home: Coordinate.nullable(),
  homeAddress: z.string().nullable(),
  maxDayMin: Minutes,
  maxWeekMin: Minutes,
  shift: Shift.omit({ engineers: true, rev: true }).nullable(),
  certificates: z.array(Certificate),
  absences: z.array(Absence),
})

const tag = 'engineers'
const changed = ['changed_meanwhile'] as const

export const engineersRoutes = {
  listEngineers: defineRoute({
    method: 'GET',
    path: '/api/engineers',
    tag,
    access: 'engineer.read',
    summary: { zh: '工程师列表', en: 'Engineers' },
    query: Page.extend({
      q: z.string().max(100).optional(),
      teamIds: many(Id),
      skill: SkillCode.optional(),
      minLevel: z.coerce.number().int().min(1).max(5).default(1),
    }),
    reply: page(EngineerRow),
  }),
  getEngineer: defineRoute({
    method: 'GET',
    path: '/api/engineers/:id',
    tag,
    access: 'engineer.read',
    summary: { zh: '工程师详情', en: 'One engineer' },
    params: IdParams,
    reply: Engineer,
  }),
  setSkills: defineRoute({
    method: 'PUT',
    path: '/api/engineers/:id/skills',
    tag,
    access: 'engineer.skills',
    command: 'engineer.set_skills',
    errors: ['skill_unknown', ...changed],
    summary: { zh: '设置工程师的技能与等级', en: 'Set the skills and levels of an engineer' },
    params: IdParams,
    body: z.object({ skills: z.array(z.object({ code: SkillCode, level: SkillLevel })).max(200) }),
    reply: Engineer,
  }),
  addCertificate: defineRoute({
    method: 'POST',
    path: '/api/engineers/:id/certificates',
    tag,
    access: 'engineer.skills',
    command: 'engineer.add_certificate',
    errors: ['certificate_kind_unknown', 'time_order', ...changed],
    summary: { zh: '登记证书', en: 'Add a certificate' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      kind: SkillCode,
      number: text(80).nullable().default(null),
      issuedOn: LocalDate.nullable().default(null),
      expiresOn: LocalDate.nullable().default(null),
    }),
    reply: Engineer,
  }),
  removeCertificate: defineRoute({
    method: 'DELETE',
    path: '/api/engineers/:id/certificates/:certificateId',
    tag,
    access: 'engineer.skills',
    command: 'engineer.remove_certificate',
    errors: [...changed],
    summary: { zh: '移除证书', en: 'Remove a certificate' },
    params: z.object({ id: Id, certificateId: Id }),
    reply: Engineer,
  }),
  setHome: defineRoute({
    method: 'PUT',
    path: '/api/engineers/:id/home',
    tag,
    access: 'engineer.home',
    command: 'engineer.set_home',
    errors: ['point_unlikely', ...changed],
    summary: { zh: '设置出发地', en: 'Set where an engineer starts from' },
    params: IdParams,
    body: z.object({ home: Coordinate.nullable(), homeAddress: text(300).nullable().default(null) }),
    reply: Engineer,
  }),
  editEngineer: defineRoute({
    method: 'PATCH',
    path: '/api/engineers/:id',
    tag,
    access: 'engineer.edit',
    command: 'engineer.edit',
    errors: ['shift_unknown', ...changed],
    summary: { zh: '设置班次与工作量上限', en: 'Set shift and limits of an engineer' },
    params: IdParams,
    body: z.object({
      shiftId: Id.nullable().optional(),
      maxDayMin: z.number().int().min(0).max(1440).optional(),
      maxWeekMin: z.number().int().min(0).max(10_080).optional(),
    }),
    reply: Engineer,
  }),
  listAbsences: defineRoute({
    method: 'GET',
    path: '/api/absences',
    tag,
    access: 'absence.read',
    summary: { zh: '请假与培训', en: 'Leave and training' },
    query: z.object({ from: Instant, to: Instant, teamIds: many(Id), engineerId: Id.optional() }),
    reply: z.object({ rows: z.array(Absence) }),
  }),
  addAbsence: defineRoute({
    method: 'POST',
    path: '/api/engineers/:id/absences',
    tag,
    access: 'absence.manage',
    command: 'absence.add',
    errors: ['engineer_busy', 'time_order'],
    summary: { zh: '登记请假或培训', en: 'Enter leave or training' },
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      kind: AbsenceKind,
      from: Instant,
      to: Instant,
      reason: text(500).nullable().default(null),
    }),
    reply: Absence,
  }),
  cancelAbsence: defineRoute({
    method: 'POST',
    path: '/api/absences/:id/cancel',
    tag,
    access: 'absence.manage',
    command: 'absence.cancel',
    errors: ['absence_cancelled', ...changed],
    summary: { zh: '取消请假或培训', en: 'Cancel leave or training' },
    params: IdParams,
    body: z.object({ reason: Reason }),
    reply: Absence,
  }),
  listSkills: defineRoute({
    method: 'GET',
    path: '/api/skills',
    tag,
    access: 'self',
    summary: { zh: '技能树与证书种类', en: 'Skill tree and certificate kinds' },
    reply: z.object({ skills: z.array(Skill), certificateKinds: z.array(CertificateKind), can: Can }),
  }),
  addSkill: defineRoute({
    method: 'POST',
    path: '/api/skills',
    tag,
    access: 'skill.manage',
    command: 'skill.add',
    errors: ['skill_code_taken', 'skill_unknown'],
    summary: { zh: '新增技能', en: 'Add a skill' },
    body: z.object({
      code: SkillCode,
      parentCode: SkillCode.nullable().default(null),
      name: Name,
      position: z.number().int().min(0).max(10_000).default(0),
    }),
    reply: Skill,
  }),
  editSkill: defineRoute({
    method: 'PATCH',
    path: '/api/skills/:code',
    tag,
    access: 'skill.manage',
    command: 'skill.edit',
    errors: ['skill_unknown', ...changed],
    summary: { zh: '修改或停用技能', en: 'Edit or retire a skill' },
    params: z.object({ code: SkillCode }),
    body: z.object({
      name: Name.optional(),
      position: z.number().int().min(0).max(10_000).optional(),
      retired: z.boolean().optional(),
    }),
    reply: Skill,
  }),
  addCertificateKind: defineRoute({
    method: 'POST',
    path: '/api/certificate-kinds',
    tag,
    access: 'skill.manage',
    command: 'certificate_kind.add',
    errors: ['skill_code_taken'],
    summary: { zh: '新增证书种类', en: 'Add a kind of certificate' },
    body: z.object({ code: SkillCode, name: Name }),
    reply: Ok,
  }),
  listShifts: defineRoute({
    method: 'GET',
    path: '/api/shifts',
    tag,
    access: 'engineer.read',
    summary: { zh: '班次', en: 'Shifts' },
    reply: z.object({ rows: z.array(Shift), can: Can }),
  }),
  addShift: defineRoute({
    method: 'POST',
    path: '/api/shifts',
    tag,
    access: 'shift.manage',
    command: 'shift.add',
    errors: ['shift_malformed'],
    summary: { zh: '新增班次', en: 'Add a shift' },
    body: ShiftInput.extend({ id: Id.optional() }),
    reply: Shift,
  }),
  editShift: defineRoute({
    method: 'PUT',
    path: '/api/shifts/:id',
    tag,
    access: 'shift.manage',
    command: 'shift.edit',
    errors: ['shift_malformed', ...changed],
    summary: { zh: '修改班次', en: 'Edit a shift' },
    params: IdParams,
    body: ShiftInput,
    reply: Shift,
  }),
}

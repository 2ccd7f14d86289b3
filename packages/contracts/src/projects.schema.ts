import { z } from 'zod'
import {
  Can,
  Flag,
  Id,
  IdParams,
  Instant,
  LocalDate,
  Message,
  Name,
  Note,
  Page,
  PersonRef,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { defineRoute } from './route'

const Words = z.object({ zh: text(100), en: text(100) })

export const HealthLevel = z.enum(['good', 'watch', 'risk', 'unknown'])
/** A cause is a code with its numbers; `refs` are the things that it comes from. */
export const HealthCause = z.object({
  code: z.enum([
    'overdue_phase',
    'phase_slipping',
    'late_checkin',
    'low_score',
    'overdue_order',
    'overdue_follow_up',
    'over_budget',
    'nothing_planned',
  ]),
  level: z.enum(['watch', 'risk', 'unknown']),
  params: z.record(z.string(), z.number()),
  refs: z.array(z.object({ kind: z.enum(['phase', 'visit', 'survey', 'order', 'followup', 'project']), id: Id })),
})
export const Health = z.object({ level: HealthLevel, causes: z.array(HealthCause) })

export const TemplatePhase = z.object({
  key: z
    .string()
    .max(40)
    .regex(/^[a-z][a-z0-9_]*$/),
  name: Words,
  /** Working days. */
  durationDays: z.number().int().min(1).max(400),
  /** Share of the project's progress; all phases together 100. */
  weight: z.number().int().min(0).max(100),
  requiredDocuments: z.array(text(100)).max(20),
  /** Who answers for it unless the project names somebody. */
  ownerRole: z.enum(['project_manager', 'engineer']),
  /** What is reached when the phase ends; null: nothing worth a name. */
  milestone: Words.nullable(),
})
export const ProjectTemplate = z.object({
  id: Id,
  version: z.number().int(),
  name: Words,
  phases: z.array(TemplatePhase).min(1).max(30),
})

/** planned → active → done; `late` says that its planned day has passed. */
export const PhaseState = z.enum(['planned', 'active', 'done'])
const PhaseBar = z.object({
  id: Id,
  key: z.string(),
  name: Words,
  weight: z.number().int(),
  state: PhaseState,
  late: z.boolean(),
  plannedStart: LocalDate,
  plannedEnd: LocalDate,
  actualStart: LocalDate.nullable(),
  actualEnd: LocalDate.nullable(),
})
export const ProjectState = z.enum(['active', 'paused', 'accepted'])

export const ProjectRow = z.object({
  id: Id,
  number: z.string(),
  name: z.string(),
  state: ProjectState,
  customer: z.object({ id: Id, name: z.string() }),
  team: z.object({ id: Id, name: z.string() }).nullable(),
  manager: PersonRef,
  health: Health,
  phases: z.array(PhaseBar),
  /** Per cent by weight: a phase that has begun counts half, one that has ended in full, planned as actual. */
  progress: z.object({ planned: z.number(), actual: z.number() }),
  orders: z.object({ total: z.number().int(), open: z.number().int(), late: z.number().int() }),
  /** Person-days of 8 hours. */
  budget: z.object({ plannedDays: z.number(), usedDays: z.number() }),
  startsOn: LocalDate,
  endsOn: LocalDate,
  acceptedOn: LocalDate.nullable(),
  pause: z
    .object({ since: LocalDate, reason: z.string(), responsibility: z.enum(['customer', 'us', 'third_party']) })
    .nullable(),
  changedAt: Instant,
  rev: Rev,
  can: Can,
})

export const PhaseDocument = z.object({
  name: z.string(),
  filedOn: LocalDate.nullable(),
  filedBy: z.string().nullable(),
  /** Where it lies: a number, a path, a link. */
  ref: z.string().nullable(),
})
export const Phase = PhaseBar.extend({
  position: z.number().int(),
  owner: PersonRef,
  /** Working days of the plan now, and what it took or takes so far. */
  plannedDays: z.number().int(),
  actualDays: z.number().int().nullable(),
  /** The plan of the first day; replanning leaves it alone. */
  baselineStart: LocalDate,
  baselineEnd: LocalDate,
  documents: z.array(PhaseDocument),
  can: Can,
})
export const Milestone = z.object({
  id: Id,
  phaseId: Id,
  name: Words,
  baselineOn: LocalDate,
  plannedOn: LocalDate,
  reachedOn: LocalDate.nullable(),
})
export const Anomaly = z.object({
  cause: HealthCause.shape.code,
  ref: z.object({ kind: z.enum(['phase', 'visit', 'survey', 'order', 'followup', 'project']), id: Id }),
  at: Instant,
  params: z.record(z.string(), z.unknown()),
  clearedAt: Instant.nullable(),
})
export const ProjectDetail = ProjectRow.omit({ phases: true }).extend({
  phases: z.array(Phase),
  milestones: z.array(Milestone),
  summary: z.string().nullable(),
  site: z.object({ id: Id, name: z.string() }).nullable(),
  contract: z.object({ id: Id, number: z.string(), title: z.string() }).nullable(),
  template: z.object({ id: Id, version: z.number().int(), name: Words }),
  people: z.array(PersonRef),
  anomalies: z.array(Anomaly),
  /** Days on which nobody works, as spans, between the first and the last day of plan and fact. */
  calendar: z.object({
    zone: z.string(),
    from: LocalDate,
    to: LocalDate,
    today: LocalDate,
    daysOff: z.array(z.object({ from: LocalDate, to: LocalDate, name: z.string().nullable() })),
    /** First day whose holidays nobody has published yet; null: none in sight. */
    provisionalFrom: LocalDate.nullable(),
  }),
  events: z.array(
    z.object({ id: Id, at: Instant, actor: z.string(), message: Message, reason: z.string().nullable() }),
  ),
})

// Years that a plan can mean; a slip of the keyboard (0206) is refused here.
const Day = LocalDate.refine((d) => d >= '2000-01-01' && d <= '2100-12-31', 'date_unlikely')

const PlanPhase = z.object({
  key: z.string(),
  name: Words,
  durationDays: z.number().int(),
  start: LocalDate,
  end: LocalDate,
})

const tag = 'projects'
const Days = z.number().min(0).max(100_000)
const common = { params: IdParams, reply: ProjectDetail, tag }

export const projectsRoutes = {
  listProjectTemplates: defineRoute({
    method: 'GET',
    path: '/api/project-templates',
    tag,
    access: 'project.read',
    summary: { zh: '项目模板（各模板最新版本）', en: 'Project templates, the latest version of each' },
    reply: z.object({ templates: z.array(ProjectTemplate), can: Can }),
  }),
  saveProjectTemplate: defineRoute({
    method: 'POST',
    path: '/api/project-templates',
    tag,
    access: 'project.template',
    command: 'project_template.save',
    errors: ['template_weights', 'template_keys'],
    summary: { zh: '保存项目模板（产生新版本）', en: 'Save a project template as a new version' },
    body: z.object({ id: Id.optional(), name: Words, phases: ProjectTemplate.shape.phases }),
    reply: ProjectTemplate,
  }),
  planProject: defineRoute({
    method: 'GET',
    path: '/api/project-plan',
    tag,
    access: 'project.read',
    summary: { zh: '按模板和开始日期推算计划', en: 'The dates that a template gives from a start' },
    query: z.object({ templateId: Id, startsOn: Day }),
    reply: z.object({ templateVersion: z.number().int(), phases: z.array(PlanPhase), provisional: z.boolean() }),
  }),
  listProjects: defineRoute({
    method: 'GET',
    path: '/api/projects',
    tag,
    access: 'project.read',
    summary: { zh: '项目列表', en: 'Projects' },
    query: Page.extend({
      q: z.string().max(100).optional(),
      state: ProjectState.optional(),
      health: HealthLevel.optional(),
      customerId: Id.optional(),
      managerId: Id.optional(),
      teamId: Id.optional(),
      mine: Flag.optional(),
    }),
    reply: page(ProjectRow).extend({
      /** By health, of what is in sight and not accepted yet. */
      counts: z.object({
        risk: z.number().int(),
        watch: z.number().int(),
        good: z.number().int(),
        unknown: z.number().int(),
      }),
      can: Can,
    }),
  }),
  getProject: defineRoute({
    ...common,
    method: 'GET',
    path: '/api/projects/:id',
    access: 'project.read',
    summary: { zh: '项目详情', en: 'One project' },
  }),
  createProject: defineRoute({
    method: 'POST',
    path: '/api/projects',
    tag,
    access: 'project.create',
    command: 'project.create',
    errors: ['project_exists', 'belongs_elsewhere', 'person_unknown', 'template_unknown', 'template_keys'],
    summary: { zh: '按模板立项', en: 'Create a project from a template' },
    body: z.object({
      id: Id.optional(),
      name: Name,
      customerId: Id,
      siteId: Id.nullable().default(null),
      contractId: Id.nullable().default(null),
      templateId: Id,
      startsOn: Day,
      managerId: Id,
      /** Left out: the customer's team. */
      teamId: Id.nullable().optional(),
      people: z.array(Id).max(100).default([]),
      /** Phase key → who answers for it, where it is not the manager. */
      owners: z.record(z.string().max(40), Id).default({}),
      /** Phase key → working days, where they differ from the template's. */
      durations: z.record(z.string().max(40), z.number().int().min(1).max(400)).default({}),
      budgetPersonDays: Days,
      summary: Note.nullable().default(null),
    }),
    reply: ProjectDetail,
  }),
  editProject: defineRoute({
    ...common,
    method: 'PATCH',
    path: '/api/projects/:id',
    access: 'project.manage',
    command: 'project.edit',
    errors: ['changed_meanwhile', 'belongs_elsewhere'],
    summary: { zh: '修改项目', en: 'Edit a project' },
    body: z.object({
      name: Name.optional(),
      summary: Note.nullable().optional(),
      siteId: Id.nullable().optional(),
      contractId: Id.nullable().optional(),
      budgetPersonDays: Days.optional(),
    }),
  }),
  setProjectPeople: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/projects/:id/people',
    access: 'project.manage',
    command: 'project.people',
    errors: ['changed_meanwhile', 'person_unknown', 'owner_leaves'],
    summary: { zh: '调整项目经理与成员', en: 'Change manager and members' },
    body: z.object({ managerId: Id, people: z.array(Id).max(100) }),
  }),
  pauseProject: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/projects/:id/pause',
    access: 'project.manage',
    command: 'project.pause',
    errors: ['state_forbids', 'changed_meanwhile'],
    summary: { zh: '暂停项目', en: 'Pause a project' },
    body: z.object({ reason: Reason, responsibility: z.enum(['customer', 'us', 'third_party']) }),
  }),
  resumeProject: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/projects/:id/resume',
    access: 'project.manage',
    command: 'project.resume',
    errors: ['state_forbids', 'changed_meanwhile'],
    summary: { zh: '恢复项目', en: 'Resume a project' },
    /** movePlan: what has not ended moves by the working days that the pause took. */
    body: z.object({ movePlan: z.boolean(), reason: Reason.nullable().default(null) }),
  }),
  acceptProject: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/projects/:id/accept',
    access: 'project.manage',
    command: 'project.accept',
    errors: ['state_forbids', 'phases_open', 'date_ahead', 'time_order', 'changed_meanwhile'],
    summary: { zh: '项目验收', en: 'The customer has accepted the project' },
    body: z.object({ on: Day, note: Reason.nullable().default(null) }),
  }),
  startPhase: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/phases/:id/start',
    access: 'phase.work',
    command: 'phase.start',
    errors: ['state_forbids', 'date_ahead', 'changed_meanwhile'],
    summary: { zh: '开始阶段', en: 'Start a phase' },
    body: z.object({ on: Day.optional() }),
  }),
  finishPhase: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/phases/:id/finish',
    access: 'phase.work',
    command: 'phase.finish',
    errors: ['state_forbids', 'date_ahead', 'time_order', 'phase_documents_missing', 'changed_meanwhile'],
    summary: { zh: '完成阶段', en: 'Finish a phase' },
    /** A reason lets it end with documents to follow (待补交). */
    body: z.object({ on: Day.optional(), reason: Reason.nullable().default(null) }),
  }),
  replanPhase: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/phases/:id/plan',
    access: 'project.manage',
    command: 'phase.replan',
    errors: ['state_forbids', 'time_order', 'changed_meanwhile'],
    summary: { zh: '调整阶段计划', en: 'Re-plan a phase' },
    body: z.object({
      start: Day,
      end: Day,
      reason: Reason,
      /** move: the phases after it keep their working distance. */
      following: z.enum(['move', 'keep']),
    }),
  }),
  setPhaseOwner: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/phases/:id/owner',
    access: 'project.manage',
    command: 'phase.owner',
    errors: ['person_unknown', 'changed_meanwhile'],
    summary: { zh: '指定阶段负责人', en: 'Name who answers for a phase' },
    body: z.object({ ownerId: Id }),
  }),
  filePhaseDocument: defineRoute({
    ...common,
    method: 'POST',
    path: '/api/phases/:id/documents',
    access: 'phase.work',
    command: 'phase.file',
    errors: ['phase_document_unknown', 'state_forbids', 'date_ahead', 'changed_meanwhile'],
    summary: { zh: '登记阶段文档', en: 'File a required document' },
    body: z.object({ name: text(100), ref: text(300).nullable().default(null), on: Day.optional() }),
  }),
}

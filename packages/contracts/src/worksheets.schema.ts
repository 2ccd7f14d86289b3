import { z } from 'zod'
import { Can, Id, IdParams, Instant, Page, PersonRef, page, Rev, text } from './common.schema'
import { OrderType, Priority } from './orders.schema'
import { defineRoute } from './route'

// What is done on site: checklists, parts, serial numbers, notes. One worksheet serves the lead's visit and his crew.

/** A checklist's own words. Chinese is what people read; English where somebody wrote it. */
const Label = z.object({ zh: text(200), en: text(200, 0).default('') })
const Key = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)

export const ChecklistItem = z.object({
  key: Key,
  label: Label,
  kind: z.enum(['passFail', 'number', 'text', 'choice', 'photo', 'scan', 'signature']),
  required: z.boolean(),
  /** How to do it, in a line under the question. */
  hint: Label.optional(),
  unit: text(20).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  options: z
    .array(z.object({ value: Key, label: Label, fails: z.boolean().optional() }))
    .max(20)
    .optional(),
  /** Shown only when an earlier item was answered so: a verdict (pass, fail, na) or the value of a choice. */
  when: z.object({ item: Key, is: z.array(z.string().max(40)).min(1).max(20) }).optional(),
  /** A fail proposes an order of this kind. */
  onFail: z
    .object({ followUp: z.object({ type: OrderType, priority: Priority, title: text(120).optional() }) })
    .optional(),
})
export const BringLine = z.object({
  what: z.enum(['tool', 'part', 'paper']),
  name: Label,
  qty: z.number().min(1).max(999).default(1),
  /** Number of the catalogue. */
  part: text(60).optional(),
})
export const ChecklistBody = z.object({
  title: Label,
  items: z.array(ChecklistItem).min(1).max(120),
  bring: z.array(BringLine).max(40).default([]),
})
/** A version never changes; a visit keeps the one that it began with. */
export const ChecklistVersion = z.object({
  checklistId: Id,
  version: z.number().int(),
  orderTypes: z.array(OrderType),
  models: z.array(z.string()),
  body: ChecklistBody,
  createdAt: Instant,
  createdBy: PersonRef.nullable(),
  /** Worksheets that were begun with it. */
  used: z.number().int(),
})
export const ChecklistRow = z.object({
  id: Id,
  title: Label,
  version: z.number().int(),
  orderTypes: z.array(OrderType),
  models: z.array(z.string()),
  items: z.number().int(),
  retired: z.boolean(),
  used: z.number().int(),
  /** Worksheets begun with any version in the last 30 days. */
  usedLately: z.number().int(),
  lastUsedAt: Instant.nullable(),
  changedAt: Instant,
  changedBy: PersonRef.nullable(),
  rev: Rev,
  can: Can,
})
export const Checklist = ChecklistRow.extend({ versions: z.array(ChecklistVersion) })

/** What an answer may be: a verdict or choice, a number, words, photos by id, a signature by id with the signer's name. */
export const AnswerValue = z.union([
  z.number(),
  text(2000, 0),
  z.array(Id).max(20),
  z.object({ evidenceId: Id, name: text(100) }),
])
export const Answer = z.object({
  checklistId: Id,
  item: z.string(),
  value: AnswerValue.nullable(),
  note: z.string().nullable(),
  at: Instant,
  by: PersonRef,
  /** The order that was proposed because of this fail. */
  followUp: z.object({ orderId: Id, number: z.string().nullable(), title: z.string() }).nullable(),
})
export const PartLine = z.object({
  id: Id,
  partId: Id.nullable(),
  number: z.string().nullable(),
  name: z.string(),
  qty: z.number(),
  unit: z.string(),
  serialIn: z.string().nullable(),
  serialOut: z.string().nullable(),
  /** The old part goes back to us. */
  returned: z.boolean(),
  note: z.string().nullable(),
  at: Instant,
  by: PersonRef,
})
export const WorkNote = z.object({
  id: Id,
  text: z.string(),
  /** What the customer reads in his document, or what only colleagues read. */
  visibility: z.enum(['internal', 'customer']),
  /** The recording that it was spoken as. */
  audioId: Id.nullable(),
  at: Instant,
  by: PersonRef,
})
export const ScannedSerial = z.object({
  id: Id,
  serial: z.string(),
  /** `found` at this site, `registered` by the scan, `corrected`: the order is about this one now, `elsewhere`: known at another site of the customer, `unknown`. */
  outcome: z.enum(['found', 'registered', 'corrected', 'elsewhere', 'unknown']),
  asset: z.object({ id: Id, name: z.string(), model: z.string().nullable() }).nullable(),
  at: Instant,
  by: PersonRef,
})
export const WorkSummary = z.object({
  checks: z.object({
    total: z.number().int(),
    answered: z.number().int(),
    failed: z.number().int(),
    missing: z.number().int(),
  }),
  parts: z.number().int(),
  serials: z.number().int(),
  notes: z.number().int(),
})

/** A worksheet as the phone keeps it; the checklists stand in it with their words, as they were when it was begun. */
export const WorksheetReplica = z.object({
  /** The lead's visit. */
  id: Id,
  orderId: Id,
  /** Visits that share it: the lead's and his crew's. */
  visitIds: z.array(Id),
  rev: Rev,
  customerId: Id.nullable(),
  siteId: Id.nullable(),
  assetId: Id.nullable(),
  lists: z.array(
    z.object({
      checklistId: Id,
      version: z.number().int(),
      body: ChecklistBody,
    }),
  ),
  answers: z.array(Answer),
  parts: z.array(PartLine),
  notes: z.array(WorkNote),
  serials: z.array(ScannedSerial),
  mayWork: z.boolean(),
})
export const Worksheet = WorksheetReplica.omit({ mayWork: true }).extend({ summary: WorkSummary, can: Can })

export const Part = z.object({
  id: Id,
  number: z.string(),
  name: z.string(),
  spec: z.string().nullable(),
  unit: z.string(),
  category: z.string().nullable(),
  /** Each piece has a number of its own that is to be read. */
  serial: z.boolean(),
  models: z.array(z.string()),
  archived: z.boolean(),
  rev: Rev,
  can: Can,
})
export const PartReplica = Part.omit({ can: true, archived: true })
const partFields = z.object({
  number: text(60),
  name: text(120),
  spec: text(200).nullable(),
  unit: text(20),
  category: text(60).nullable(),
  serial: z.boolean(),
  models: z.array(text(60)).max(40),
  archived: z.boolean(),
})

const Serial = text(120)
const tag = 'worksheets'
const params = IdParams
const known = ['not_found'] as const

export const worksheetsRoutes = {
  listChecklists: defineRoute({
    method: 'GET',
    path: '/api/checklists',
    tag,
    access: 'checklist.read',
    summary: { zh: '检查单模板', en: 'Checklists' },
    query: z.object({ q: z.string().trim().max(100).optional() }),
    reply: z.object({ rows: z.array(ChecklistRow), can: Can }),
  }),
  getChecklist: defineRoute({
    method: 'GET',
    path: '/api/checklists/:id',
    tag,
    access: 'checklist.read',
    summary: { zh: '检查单与全部版本', en: 'One checklist with its versions' },
    params,
    reply: Checklist,
  }),
  publishChecklist: defineRoute({
    method: 'POST',
    path: '/api/checklists',
    tag,
    access: 'checklist.edit',
    command: 'checklist.publish',
    errors: ['checklist_faulty', 'changed_meanwhile', 'checklist_unknown'],
    summary: { zh: '发布检查单新版本', en: 'Publish a version of a checklist' },
    body: z.object({
      id: Id,
      /** The version that this one was written from; left out for a new checklist. */
      from: z.number().int().min(1).optional(),
      orderTypes: z.array(OrderType).max(7),
      models: z.array(text(60)).max(40),
      body: ChecklistBody,
    }),
    reply: Checklist,
  }),
  retireChecklist: defineRoute({
    method: 'POST',
    path: '/api/checklists/:id/retire',
    tag,
    access: 'checklist.edit',
    command: 'checklist.retire',
    errors: known,
    summary: { zh: '停用或恢复检查单', en: 'Retire a checklist or bring it back' },
    params,
    body: z.object({ retired: z.boolean() }),
    reply: Checklist,
  }),
  listParts: defineRoute({
    method: 'GET',
    path: '/api/parts',
    tag,
    access: 'part.read',
    summary: { zh: '备件目录', en: 'Parts catalogue' },
    query: Page.extend({
      q: z.string().trim().max(100).optional(),
      archived: z.enum(['true', 'false']).optional(),
    }),
    reply: page(Part).extend({ can: Can }),
  }),
  addPart: defineRoute({
    method: 'POST',
    path: '/api/parts',
    tag,
    access: 'part.edit',
    command: 'part.add',
    errors: ['part_number_taken'],
    summary: { zh: '新增备件', en: 'Add a part to the catalogue' },
    body: partFields.partial().required({ number: true, name: true, unit: true }).extend({ id: Id.optional() }),
    reply: Part,
  }),
  editPart: defineRoute({
    method: 'PATCH',
    path: '/api/parts/:id',
    tag,
    access: 'part.edit',
    command: 'part.edit',
    errors: ['not_found', 'part_number_taken', 'changed_meanwhile'],
    summary: { zh: '修改备件', en: 'Edit a part' },
    params,
    body: partFields.partial(),
    reply: Part,
  }),
  worksheetsOfOrder: defineRoute({
    method: 'GET',
    path: '/api/orders/:id/worksheets',
    tag,
    access: 'worksheet.read',
    summary: { zh: '工单的全部作业单', en: 'All worksheets of an order' },
    params,
    reply: z.object({ worksheets: z.array(Worksheet) }),
  }),
  getWorksheet: defineRoute({
    method: 'GET',
    path: '/api/worksheets/:id',
    tag,
    access: 'worksheet.read',
    summary: { zh: '一次上门的作业单', en: 'The worksheet of a visit' },
    params,
    reply: Worksheet,
  }),
  answerCheck: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/answers',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.answer',
    offline: 'merge',
    errors: ['not_found', 'check_unknown', 'check_value_wrong'],
    summary: { zh: '填写检查项', en: 'Answer an item' },
    params,
    body: z.object({
      checklistId: Id,
      item: Key,
      /** Left out: only the note changes. null: taken back. */
      value: AnswerValue.nullable().optional(),
      note: text(1000, 0).nullable().optional(),
      /** The value that the engineer saw when he answered. */
      base: AnswerValue.nullable().optional(),
    }),
    reply: Worksheet,
  }),
  proposeFollowUp: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/follow-ups',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.followUp',
    offline: 'append',
    errors: ['not_found', 'check_unknown'],
    summary: { zh: '由不合格项生成后续工单', en: 'Propose an order because of a failed item' },
    params,
    body: z.object({
      /** Of the order to be made. */
      followUpId: Id,
      checklistId: Id,
      item: Key,
      title: text(200),
      text: text(4000, 0).default(''),
      type: OrderType,
      priority: Priority,
    }),
    reply: Worksheet,
  }),
  usePart: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/parts',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.usePart',
    offline: 'merge',
    errors: ['not_found', 'line_elsewhere'],
    summary: { zh: '登记用料', en: 'Record a part that was used, or correct its line' },
    params,
    body: z.object({
      lineId: Id,
      partId: Id.nullable().default(null),
      number: text(60).nullable().default(null),
      name: text(120),
      qty: z.number().min(0.01).max(100_000),
      unit: text(20),
      serialIn: Serial.nullable().default(null),
      serialOut: Serial.nullable().default(null),
      returned: z.boolean().default(false),
      note: text(500).nullable().default(null),
    }),
    reply: Worksheet,
  }),
  dropPart: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/parts/drop',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.dropPart',
    offline: 'append',
    errors: known,
    summary: { zh: '删除用料行', en: 'Take a line of parts back' },
    params,
    body: z.object({ lineId: Id }),
    reply: Worksheet,
  }),
  addWorkNote: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/notes',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.note',
    offline: 'append',
    errors: ['not_found', 'line_elsewhere', 'note_empty'],
    summary: { zh: '添加备注', en: 'Add a note' },
    params,
    body: z.object({
      noteId: Id,
      text: text(4000, 0),
      visibility: z.enum(['internal', 'customer']),
      audioId: Id.nullable().default(null),
    }),
    reply: Worksheet,
  }),
  editWorkNote: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/notes/edit',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.editNote',
    offline: 'merge',
    errors: ['not_found', 'note_unknown', 'note_empty', 'note_of_other'],
    summary: { zh: '修改自己的备注', en: 'Correct a note of one’s own' },
    params,
    body: z.object({
      noteId: Id,
      text: text(4000, 0).optional(),
      visibility: z.enum(['internal', 'customer']).optional(),
    }),
    reply: Worksheet,
  }),
  scanSerial: defineRoute({
    method: 'POST',
    path: '/api/worksheets/:id/serials',
    tag,
    access: 'worksheet.work',
    command: 'worksheet.scan',
    offline: 'append',
    errors: ['not_found', 'line_elsewhere', 'serial_elsewhere'],
    summary: {
      zh: '扫描序列号：核对、登记或更正设备',
      en: 'Scan a serial number: check, register or correct the asset',
    },
    params,
    body: z.object({
      scanId: Id,
      serial: Serial,
      /** `check`: what is it? `register`: it is new here. `correct`: this is the one that the order is about. */
      purpose: z.enum(['check', 'register', 'correct']),
      name: text(120).nullable().default(null),
      model: text(120).nullable().default(null),
    }),
    reply: Worksheet,
  }),
}

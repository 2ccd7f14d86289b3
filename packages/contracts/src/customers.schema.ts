import { z } from 'zod'
import {
  Can,
  Coordinate,
  Fen,
  Flag,
  Id,
  IdParams,
  Instant,
  LocalDate,
  Minutes,
  Name,
  Page,
  PersonRef,
  Phone,
  page,
  Rev,
  text,
} from './common.schema'
import { defineRoute } from './route'

const short = (max: number) => text(max).nullable()

/** Minutes of the wall clock, [from, to]; a span may end on the next day. */
const Span = z.tuple([z.number().int().min(0).max(1439), z.number().int().min(1).max(2880)])
/** Monday first. */
export const AccessHours = z.array(z.array(Span).max(6)).length(7)

/** 进场要求: what a place asks of those who come, and whether it blocks a dispatch or only warns. */
export const EntryNeeds = z.object({
  leadHours: z.number().int().min(0).max(720),
  namedPersons: z.boolean(),
  equipmentList: z.boolean(),
  certificates: z.array(text(80)).max(10),
  blocks: z.boolean(),
  note: short(1000),
})

/** IANA zone; checked against the platform's own list. */
export const Zone = z
  .string()
  .max(60)
  .refine((zone) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      return true
    } catch {
      return false
    }
  }, 'zone_unknown')

export const Site = z.object({
  id: Id,
  customerId: Id,
  teamId: Id.nullable(),
  name: z.string(),
  address: z.string(),
  point: Coordinate.nullable(),
  radiusM: z.number().int(),
  zone: z.string(),
  accessHours: AccessHours.nullable(),
  entryNeeds: EntryNeeds,
  note: z.string().nullable(),
  archived: z.boolean(),
  rev: Rev,
})
export const Contact = z.object({
  id: Id,
  customerId: Id,
  siteId: Id.nullable(),
  name: z.string(),
  title: z.string().nullable(),
  phone: z.string().nullable(),
  email: z.string().nullable(),
  note: z.string().nullable(),
  main: z.boolean(),
  archived: z.boolean(),
  rev: Rev,
})
export const Asset = z.object({
  id: Id,
  customerId: Id,
  siteId: Id.nullable(),
  name: z.string(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  installedOn: LocalDate.nullable(),
  warrantyUntil: LocalDate.nullable(),
  qr: z.string(),
  note: z.string().nullable(),
  archived: z.boolean(),
  rev: Rev,
})

const TargetMin = Minutes.max(525_600).nullable()
export const SlaTargets = z.object({
  calendar: z.enum(['always', 'site_hours']),
  responseMin: TargetMin,
  takeupMin: TargetMin,
  arrivalMin: TargetMin,
  resolveMin: TargetMin,
})
/** One line of SLA: which orders (null: any) and what is promised for them. */
export const SlaLine = z.object({
  id: Id,
  priority: z.enum(['urgent', 'high', 'normal', 'low']).nullable(),
  type: z.enum(['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other']).nullable(),
  targets: SlaTargets,
})
export const PaymentNode = z.object({
  name: text(100),
  amountFen: Fen.min(0).nullable(),
  dueOn: LocalDate.nullable(),
  condition: short(300),
})
export const Attachment = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), name: text(200) })
export const Contract = z.object({
  id: Id,
  customerId: Id,
  number: z.string(),
  title: z.string(),
  startsOn: LocalDate,
  endsOn: LocalDate,
  entitlement: z.string().nullable(),
  visitsAllowed: z.number().int().nullable(),
  personDaysAllowed: z.number().nullable(),
  deemAfterDays: z.number().int().nullable(),
  penalty: z.string().nullable(),
  amountFen: Fen.nullable(),
  paymentNodes: z.array(PaymentNode),
  sla: z.array(SlaLine),
  attachments: z.array(Attachment),
  archived: z.boolean(),
  rev: Rev,
})

export const CustomerRow = z.object({
  id: Id,
  name: z.string(),
  shortName: z.string().nullable(),
  code: z.string().nullable(),
  industry: z.string().nullable(),
  level: z.enum(['key', 'normal']),
  teamId: Id.nullable(),
  teamName: z.string().nullable(),
  sites: z.number().int(),
  archived: z.boolean(),
  rev: Rev,
  can: Can,
})
export const CustomerDetail = CustomerRow.extend({
  note: z.string().nullable(),
  people: z.array(PersonRef),
  changedAt: Instant,
  siteList: z.array(Site),
  contacts: z.array(Contact),
  assets: z.array(Asset),
  /** null: not yours to see (prices and penalties are). */
  contracts: z.array(Contract).nullable(),
})
export const SiteRow = Site.extend({ customerName: z.string() })

/** As people and maps write it: a latitude of 116 is let in so that the refusal can say “swapped”. */
const TypedPoint = Coordinate.extend({ lat: z.number().min(-180).max(180) })

const customerBody = z.object({
  name: Name,
  shortName: short(60).default(null),
  code: short(60).default(null),
  industry: short(60).default(null),
  level: z.enum(['key', 'normal']).default('normal'),
  teamId: Id.nullable(),
  people: z.array(Id).max(20).default([]),
  note: short(4000).default(null),
})
const siteBody = z.object({
  teamId: Id.nullable().default(null),
  name: Name,
  address: text(300),
  point: TypedPoint.nullable().default(null),
  radiusM: z.number().int().min(20).max(5000).default(300),
  zone: Zone.default('Asia/Shanghai'),
  accessHours: AccessHours.nullable().default(null),
  entryNeeds: EntryNeeds.default({
    leadHours: 0,
    namedPersons: false,
    equipmentList: false,
    certificates: [],
    blocks: false,
    note: null,
  }),
  note: short(4000).default(null),
})
const contactBody = z.object({
  siteId: Id.nullable().default(null),
  name: Name,
  title: short(60).default(null),
  phone: Phone.nullable().default(null),
  email: z.email().max(200).nullable().default(null),
  note: short(1000).default(null),
  main: z.boolean().default(false),
})
const assetBody = z.object({
  siteId: Id.nullable().default(null),
  name: Name,
  model: short(100).default(null),
  serial: short(100).default(null),
  installedOn: LocalDate.nullable().default(null),
  warrantyUntil: LocalDate.nullable().default(null),
  note: short(1000).default(null),
})
const contractBody = z.object({
  number: text(60),
  title: Name,
  startsOn: LocalDate,
  endsOn: LocalDate,
  entitlement: short(4000).default(null),
  visitsAllowed: z.number().int().min(0).max(100_000).nullable().default(null),
  personDaysAllowed: z.number().min(0).max(100_000).multipleOf(0.5).nullable().default(null),
  deemAfterDays: z.number().int().min(1).max(365).nullable().default(null),
  penalty: short(4000).default(null),
  amountFen: Fen.min(0).nullable().default(null),
  paymentNodes: z.array(PaymentNode).max(50).default([]),
  sla: z.array(SlaLine).max(50).default([]),
  attachments: z.array(Attachment).max(20).default([]),
})

/** Every field optional and without its default: an edit says only what it changes. */
const edit = <T extends z.ZodRawShape>(body: z.ZodObject<T>) =>
  z
    .object(
      Object.fromEntries(
        Object.entries(body.shape).map(([k, v]) => [
          k,
          ((v instanceof z.ZodDefault ? v.unwrap() : v) as z.ZodType).optional(),
        ]),
      ),
    )
    .extend({ archived: z.boolean().optional() }) as unknown as z.ZodObject<
    { [K in keyof T]: z.ZodOptional<T[K] extends z.ZodDefault<infer U> ? U : T[K]> } & {
      archived: z.ZodOptional<z.ZodBoolean>
    }
  >
const withId = { id: Id.optional() }
const tag = 'customers'

export const customersRoutes = {
  listCustomers: defineRoute({
    method: 'GET',
    path: '/api/customers',
    tag,
    access: 'customer.read',
    summary: { zh: '客户列表，按拼音排序，支持中文搜索', en: 'Customers by pinyin, with Chinese search' },
    query: Page.extend({ q: z.string().trim().max(100).optional(), teamId: Id.optional(), archived: Flag.optional() }),
    reply: page(CustomerRow),
  }),
  getCustomer: defineRoute({
    method: 'GET',
    path: '/api/customers/:id',
    tag,
    access: 'customer.read',
    summary: {
      zh: '客户详情：站点、联系人、设备、合同',
      en: 'One customer with sites, contacts, assets and contracts',
    },
    params: IdParams,
    reply: CustomerDetail,
  }),
  listSites: defineRoute({
    method: 'GET',
    path: '/api/sites',
    tag,
    access: 'customer.read',
    summary: { zh: '站点列表，支持中文搜索', en: 'Sites with Chinese search' },
    query: Page.extend({ q: z.string().trim().max(100).optional(), customerId: Id.optional() }),
    reply: page(SiteRow),
  }),
  createCustomer: defineRoute({
    method: 'POST',
    path: '/api/customers',
    tag,
    access: 'customer.edit',
    command: 'customer.create',
    summary: { zh: '新增客户', en: 'Add a customer' },
    body: customerBody.extend(withId),
    reply: CustomerDetail,
  }),
  editCustomer: defineRoute({
    method: 'PATCH',
    path: '/api/customers/:id',
    tag,
    access: 'customer.edit',
    command: 'customer.edit',
    errors: ['changed_meanwhile'],
    summary: { zh: '修改客户', en: 'Edit a customer' },
    params: IdParams,
    body: edit(customerBody),
    reply: CustomerDetail,
  }),
  addSite: defineRoute({
    method: 'POST',
    path: '/api/customers/:id/sites',
    tag,
    access: 'customer.edit',
    command: 'site.add',
    errors: ['coordinate_zero', 'coordinate_swapped', 'coordinate_range', 'access_hours_overlap'],
    summary: { zh: '新增站点', en: 'Add a site' },
    params: IdParams,
    body: siteBody.extend(withId),
    reply: Site,
  }),
  editSite: defineRoute({
    method: 'PATCH',
    path: '/api/sites/:id',
    tag,
    access: 'customer.edit',
    command: 'site.edit',
    errors: ['changed_meanwhile', 'coordinate_zero', 'coordinate_swapped', 'coordinate_range', 'access_hours_overlap'],
    summary: { zh: '修改站点', en: 'Edit a site' },
    params: IdParams,
    body: edit(siteBody),
    reply: Site,
  }),
  addContact: defineRoute({
    method: 'POST',
    path: '/api/customers/:id/contacts',
    tag,
    access: 'customer.edit',
    command: 'contact.add',
    errors: ['belongs_elsewhere'],
    summary: { zh: '新增联系人', en: 'Add a contact' },
    params: IdParams,
    body: contactBody.extend(withId),
    reply: Contact,
  }),
  editContact: defineRoute({
    method: 'PATCH',
    path: '/api/contacts/:id',
    tag,
    access: 'customer.edit',
    command: 'contact.edit',
    errors: ['changed_meanwhile', 'belongs_elsewhere'],
    summary: { zh: '修改联系人', en: 'Edit a contact' },
    params: IdParams,
    body: edit(contactBody),
    reply: Contact,
  }),
  addAsset: defineRoute({
    method: 'POST',
    path: '/api/customers/:id/assets',
    tag,
    access: 'customer.edit',
    command: 'asset.add',
    errors: ['belongs_elsewhere', 'serial_taken', 'time_order'],
    summary: { zh: '新增设备', en: 'Add an asset' },
    params: IdParams,
    body: assetBody.extend(withId),
    reply: Asset,
  }),
  editAsset: defineRoute({
    method: 'PATCH',
    path: '/api/assets/:id',
    tag,
    access: 'customer.edit',
    command: 'asset.edit',
    errors: ['changed_meanwhile', 'belongs_elsewhere', 'serial_taken', 'time_order'],
    summary: { zh: '修改设备', en: 'Edit an asset' },
    params: IdParams,
    body: edit(assetBody),
    reply: Asset,
  }),
  addContract: defineRoute({
    method: 'POST',
    path: '/api/customers/:id/contracts',
    tag,
    access: 'contract.edit',
    command: 'contract.add',
    errors: ['contract_number_taken', 'time_order'],
    summary: { zh: '新增合同', en: 'Add a contract' },
    params: IdParams,
    body: contractBody.extend(withId),
    reply: Contract,
  }),
  editContract: defineRoute({
    method: 'PATCH',
    path: '/api/contracts/:id',
    tag,
    access: 'contract.edit',
    command: 'contract.edit',
    errors: ['changed_meanwhile', 'contract_number_taken', 'time_order'],
    summary: { zh: '修改合同', en: 'Edit a contract' },
    params: IdParams,
    body: edit(contractBody),
    reply: Contract,
  }),
}

import { randomBytes } from 'node:crypto'
import type { z } from 'zod'
import type { customersRoutes } from '#contracts/customers.schema'
import { checkRev, constraintErrors } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { CodedError, fail } from '../../platform/errors'
import { canonical } from '../../platform/events'
import { newId } from '../../platform/ids'
import { type MergeSubject, mergeFields } from '../../platform/merge'
import { authorise } from '../../platform/policy'
import { scopeOf } from './present'
import { checkAccessHours, checkDates, checkPoint } from './rules'
import * as store from './store'

constraintErrors.set('assets_serial_key', () => new CodedError('serial_taken'))
constraintErrors.set('contracts_number_key', () => new CodedError('contract_number_taken'))
constraintErrors.set('contracts_time', () => new CodedError('time_order'))

type Body<K extends keyof typeof customersRoutes> = (typeof customersRoutes)[K] extends {
  body: infer B extends z.ZodType
}
  ? z.output<B>
  : never
/** The fields of a creation or of an edit: an edit leaves out what it does not change. */
type Fields<K extends keyof typeof customersRoutes> = Partial<Body<K>> & { archived?: boolean | undefined }
type Kind = 'site' | 'contact' | 'asset' | 'contract'
const tableOf = { site: 'sites', contact: 'contacts', asset: 'assets', contract: 'contracts' } as const
const abilityOf = (kind: Kind) => (kind === 'contract' ? 'contract.edit' : 'customer.edit')

const columns = {
  customer: (b: Fields<'createCustomer'>) => ({
    name: b.name,
    short_name: b.shortName,
    code: b.code,
    industry: b.industry,
    level: b.level,
    team_id: b.teamId,
    people: b.people,
    note: b.note,
    archived: b.archived,
  }),
  site: (b: Fields<'addSite'>) => {
    checkPoint(b.point)
    checkAccessHours(b.accessHours)
    return {
      team_id: b.teamId,
      name: b.name,
      address: b.address,
      ...(b.point === undefined
        ? {}
        : {
            lat: b.point?.lat ?? null,
            lng: b.point?.lng ?? null,
            datum: b.point?.datum ?? null,
            accuracy_m: b.point?.accuracyM ?? null,
            point_source: b.point?.source ?? null,
          }),
      radius_m: b.radiusM,
      zone: b.zone,
      access_hours: b.accessHours,
      entry_needs: b.entryNeeds,
      note: b.note,
      archived: b.archived,
    }
  },
  contact: (b: Fields<'addContact'>) => ({
    site_id: b.siteId,
    name: b.name,
    title: b.title,
    phone: b.phone,
    email: b.email,
    note: b.note,
    main: b.main,
    archived: b.archived,
  }),
  asset: (b: Fields<'addAsset'>) => ({
    site_id: b.siteId,
    name: b.name,
    model: b.model,
    serial: b.serial,
    installed_on: b.installedOn,
    warranty_until: b.warrantyUntil,
    note: b.note,
    archived: b.archived,
  }),
  contract: (b: Fields<'addContract'>) => ({
    number: b.number,
    title: b.title,
    starts_on: b.startsOn,
    ends_on: b.endsOn,
    entitlement: b.entitlement,
    visits_allowed: b.visitsAllowed,
    person_days_allowed: b.personDaysAllowed,
    deem_after_days: b.deemAfterDays,
    penalty: b.penalty,
    amount_fen: b.amountFen,
    payment_nodes: b.paymentNodes,
    sla: b.sla,
    attachments: b.attachments,
    archived: b.archived,
  }),
}

/** Names, numbers and addresses of people and places stay out of the chain. */
async function tell(
  ctx: Ctx,
  type: string,
  kind: string,
  id: string,
  customer: store.CustomerRow,
  body: Record<string, unknown>,
  at?: Date,
) {
  await ctx.emit({
    type,
    ...(at ? { occurredAt: at } : {}),
    aggregate: kind === 'customer' ? 'customer' : kind,
    aggregateId: id,
    payload: { customerId: customer.id, changed: Object.keys(body).filter((k) => body[k] !== undefined && k !== 'id') },
    personal: body,
    scope: scopeOf(customer),
  })
}

async function customerFor(ctx: Ctx, id: string, ability: 'customer.edit' | 'contract.edit') {
  const customer = await store.findCustomer(ctx.db, id)
  if (!customer) return fail('not_found')
  authorise(ctx.actor, ability, scopeOf(customer), 'customer.read')
  return customer
}

async function checkSite(ctx: Ctx, siteId: string | null | undefined, customerId: string) {
  if (!siteId) return
  const site = await store.findSite(ctx.db, siteId)
  if (site?.customer_id !== customerId) fail('belongs_elsewhere', { what: 'site' })
}

export async function createCustomer(ctx: Ctx, body: Body<'createCustomer'>): Promise<store.CustomerRow> {
  const id = body.id ?? newId()
  // A new customer must lie in one's own scope: nobody creates what he could not see afterwards.
  authorise(ctx.actor, 'customer.edit', { team_id: body.teamId, customer_id: id, people: body.people }, 'customer.edit')
  await store.insert(ctx, 'customers', id, columns.customer(body))
  const row = (await store.findCustomer(ctx.db, id)) as store.CustomerRow
  await tell(ctx, 'customer.created', 'customer', id, row, body)
  return row
}

export async function editCustomer(ctx: Ctx, id: string, body: Fields<'editCustomer'>): Promise<store.CustomerRow> {
  const before = await store.lock(ctx.db, 'customers', id)
  if (!before) return fail('not_found')
  authorise(ctx.actor, 'customer.edit', scopeOf(before), 'customer.read')
  checkRev(ctx, before)
  await store.update(ctx, 'customers', id, columns.customer(body))
  const row = (await store.findCustomer(ctx.db, id)) as store.CustomerRow
  await tell(ctx, 'customer.edited', 'customer', id, row, body)
  return row
}

async function check(
  ctx: Ctx,
  kind: Kind,
  body: Record<string, unknown>,
  customerId: string,
  before?: Record<string, unknown>,
) {
  if (kind === 'contact' || kind === 'asset') await checkSite(ctx, body.siteId as string | null | undefined, customerId)
  const now = <T>(field: string, column: string) => (body[field] === undefined ? before?.[column] : body[field]) as T
  if (kind === 'asset') checkDates(now('installedOn', 'installed_on'), now('warrantyUntil', 'warranty_until'))
  if (kind === 'contract') checkDates(now('startsOn', 'starts_on'), now('endsOn', 'ends_on'))
}

/** Adds a site, contact, asset or contract to a customer. */
export async function add(
  ctx: Ctx,
  kind: Kind,
  customerId: string,
  body: Record<string, unknown> & { id?: string | undefined },
): Promise<string> {
  const customer = await customerFor(ctx, customerId, abilityOf(kind))
  await check(ctx, kind, body, customerId)
  const id = body.id ?? newId()
  const extra = kind === 'asset' ? { qr: randomBytes(9).toString('base64url') } : {}
  await store.insert(ctx, tableOf[kind], id, { customer_id: customerId, ...extra, ...columns[kind](body as never) })
  await tell(ctx, `${kind}.added`, kind, id, customer, body)
  return id
}

/** Edits one of them; it stays with its customer. */
export async function edit(ctx: Ctx, kind: Kind, id: string, body: Record<string, unknown>): Promise<void> {
  const before = await store.lock(ctx.db, tableOf[kind], id)
  if (!before) return fail('not_found')
  const customer = await customerFor(ctx, before.customer_id, abilityOf(kind))
  checkRev(ctx, before)
  await check(ctx, kind, body, customer.id, before as unknown as Record<string, unknown>)
  await store.update(ctx, tableOf[kind], id, columns[kind](body as never))
  await tell(ctx, `${kind}.edited`, kind, id, customer, changedOf(kind, body, before))
}

/** The fields whose value is another now: a form sends them all, and the journal must know who had the last word on which. */
function changedOf(kind: Kind, body: Record<string, unknown>, before: object): Record<string, unknown> {
  const was = before as Record<string, unknown>
  return Object.fromEntries(
    Object.entries(body).filter(([field, value]) =>
      Object.entries(columns[kind]({ [field]: value } as never)).some(
        ([column, now]) => now !== undefined && canonical(now) !== canonical(was[column] ?? null),
      ),
    ),
  )
}

/** What an engineer at the site may put right, by kind: how it is read from the row, and as what the desk would write it. */
const corrections = {
  contact: {
    phone: { read: (c: store.ContactRow) => c.phone, write: (v: string) => ({ phone: v }), listedAs: 'phone' },
  },
  site: {
    entryNote: {
      read: (s: store.SiteRow) => s.entry_needs.note,
      write: (v: string, s: store.SiteRow) => ({ entryNeeds: { ...s.entry_needs, note: v } }),
      listedAs: 'entryNeeds',
    },
  },
  asset: {
    serial: { read: (a: store.AssetRow) => a.serial, write: (v: string) => ({ serial: v }), listedAs: 'serial' },
    model: { read: (a: store.AssetRow) => a.model, write: (v: string) => ({ model: v }), listedAs: 'model' },
  },
} as const
type Correction = { read: (row: never) => unknown; write: (v: never, row: never) => object; listedAs: string }

export interface Correct {
  values: Record<string, unknown>
  /** What the phone showed when it was corrected. */
  base: Record<string, unknown> | undefined
  at: Date
  about: Pick<MergeSubject, 'scope' | 'visitId' | 'orderId' | 'title'>
}

/**
 * Puts right what somebody at the site has found to be otherwise. He need not have the right to edit the customer: that
 * he may do it for this visit's site, contact or asset is the caller's to check.
 */
export async function correct(ctx: Ctx, kind: 'contact' | 'site' | 'asset', id: string, c: Correct): Promise<void> {
  const before = await store.lock(ctx.db, tableOf[kind], id)
  if (!before) return fail('not_found')
  const known = corrections[kind] as Record<string, Correction>
  const edits = Object.entries(c.values).flatMap(([field, value]) => {
    const k = known[field]
    return k && value !== undefined
      ? [
          {
            field,
            value,
            current: k.read(before as never) ?? null,
            listedAs: k.listedAs,
            ...(c.base && field in c.base ? { base: c.base[field] ?? null } : {}),
          },
        ]
      : []
  })
  const lost = await mergeFields(
    ctx,
    { aggregate: kind, aggregateId: id, listedIn: 'changed', ...c.about },
    c.at,
    edits,
  )
  const body: Record<string, unknown> = Object.assign(
    {},
    ...edits
      .filter((e) => !lost.has(e.field) && e.value !== e.current)
      .map((e) => known[e.field]?.write(e.value as never, before as never)),
  )
  if (Object.keys(body).length === 0) return
  const customer = (await store.findCustomer(ctx.db, before.customer_id)) as store.CustomerRow
  await store.update(ctx, tableOf[kind], id, columns[kind](body as never))
  await tell(ctx, `${kind}.edited`, kind, id, customer, body, c.at)
}

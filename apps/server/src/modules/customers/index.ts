import type { z } from 'zod'
import { customersRoutes, type SlaLine } from '#contracts/customers.schema'
import { implement, type Module } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { authorise, permits } from '../../platform/policy'
import { pageOf } from '../../platform/search'
import { namesOf } from '../people'
import * as commands from './commands'
import * as present from './present'
import * as store from './store'

export { type Correct, correct } from './commands'
export {
  contractByNumber,
  findOrCreateAsset,
  findOrCreateContact,
  findOrCreateCustomer,
  findOrCreateSite,
} from './intake'

export interface SiteFacts {
  id: string
  customerId: string
  customerName: string
  teamId: string | null
  name: string
  address: string
  point: {
    lat: number
    lng: number
    datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'
    accuracyM?: number
    source?: string
  } | null
  radiusM: number
  zone: string
  accessHours: [number, number][][] | null
  entryNeeds: store.SiteRow['entry_needs']
}
const facts = (s: store.SiteRow): SiteFacts => ({
  id: s.id,
  customerId: s.customer_id,
  customerName: s.customer_name,
  teamId: s.team_id ?? s.customer_team_id,
  name: s.name,
  address: s.address,
  point: present.pointOf(s),
  radiusM: s.radius_m,
  zone: s.zone,
  accessHours: s.access_hours,
  entryNeeds: s.entry_needs,
})

/** Where the work is: address, point with datum, radius, zone, access. `not_found` if there is no such site. */
export async function siteFacts(ctx: Pick<Ctx, 'db'>, siteId: string): Promise<SiteFacts> {
  const s = await store.findSite(ctx.db, siteId)
  return s ? facts(s) : fail('not_found')
}

export interface ContractFacts {
  id: string
  customerId: string
  number: string
  title: string
  startsOn: string
  endsOn: string
  /** 超时视为验收 after so many days; null: no such clause. */
  deemAfterDays: number | null
  sla: z.output<typeof SlaLine>[]
}
export async function contractFor(ctx: Pick<Ctx, 'db'>, contractId: string): Promise<ContractFacts | null> {
  const c = await store.find(ctx.db, 'contracts', contractId)
  if (!c) return null
  return {
    id: c.id,
    customerId: c.customer_id,
    number: c.number,
    title: c.title,
    startsOn: c.starts_on,
    endsOn: c.ends_on,
    deemAfterDays: c.deem_after_days,
    sla: c.sla,
  }
}

/** Scope and name of a customer; null if unknown. */
export async function customerFacts(ctx: Pick<Ctx, 'db'>, customerId: string) {
  const c = await store.findCustomer(ctx.db, customerId)
  return c
    ? { id: c.id, name: c.name, level: c.level, teamId: c.team_id, people: c.people, scope: present.scopeOf(c) }
    : null
}
export const contactFacts = async (ctx: Pick<Ctx, 'db'>, id: string) => {
  const c = await store.find(ctx.db, 'contacts', id)
  return c ? present.contact(c) : null
}
export const assetFacts = async (ctx: Pick<Ctx, 'db'>, id: string) => {
  const a = await store.find(ctx.db, 'assets', id)
  return a ? present.asset(a) : null
}

/** The customer's machine with this serial number, or with this code on its QR sticker (bare or at the end of an address). */
export async function assetBySerial(ctx: Pick<Ctx, 'db'>, customerId: string, serial: string) {
  const code = serial.split('/').pop() as string
  const a =
    await ctx.db.maybe<store.AssetRow>(sql`select * from assets where customer_id = ${customerId} and not archived
    and (lower(serial) = lower(${serial}) or qr = ${code}) order by lower(serial) = lower(${serial}) desc nulls last limit 1`)
  return a ? present.asset(a) : null
}

/** Refuses references that do not belong to the customer: an order for one must not name another's machine. */
export async function checkBelongs(
  ctx: Pick<Ctx, 'db'>,
  customerId: string,
  refs: {
    siteId?: string | null | undefined
    contactId?: string | null | undefined
    assetId?: string | null | undefined
    contractId?: string | null | undefined
  },
): Promise<void> {
  const foreign = await ctx.db.query<{ what: string }>(sql`
    select r.what from (values ('site', ${refs.siteId ?? null}::uuid), ('contact', ${refs.contactId ?? null}::uuid), ('asset', ${refs.assetId ?? null}::uuid), ('contract', ${refs.contractId ?? null}::uuid)) as r(what, id)
    where r.id is not null and not exists (
      select 1 from sites x where r.what = 'site' and x.id = r.id and x.customer_id = ${customerId}
      union all select 1 from contacts x where r.what = 'contact' and x.id = r.id and x.customer_id = ${customerId}
      union all select 1 from assets x where r.what = 'asset' and x.id = r.id and x.customer_id = ${customerId}
      union all select 1 from contracts x where r.what = 'contract' and x.id = r.id and x.customer_id = ${customerId})`)
  if (foreign[0]) fail('belongs_elsewhere', { what: foreign[0].what })
}

async function detail(ctx: Ctx, c: store.CustomerRow) {
  const mayContracts = permits(ctx.actor, 'contract.read', present.scopeOf(c))
  // One client inside a command: the statements wait for each other there anyway.
  const sites = await store.sitesOf(ctx.db, c.id)
  const contacts = await store.childrenOf(ctx.db, 'contacts', c.id)
  const assets = await store.childrenOf(ctx.db, 'assets', c.id)
  const contracts = mayContracts ? await store.childrenOf(ctx.db, 'contracts', c.id) : null
  const people = await namesOf(ctx.db, c.people)
  return {
    ...present.customerRow(ctx.actor, c),
    note: c.note,
    people: people.map((p) => ({ id: p.id, name: p.name })),
    changedAt: c.changed_at.toISOString(),
    siteList: sites.map(present.site),
    contacts: contacts.map(present.contact),
    assets: assets.map(present.asset),
    contracts: contracts?.map(present.contract) ?? null,
  }
}

const site = async (ctx: Ctx, id: string) => present.site((await store.findSite(ctx.db, id)) as store.SiteRow)
const contact = async (ctx: Ctx, id: string) =>
  present.contact((await store.find(ctx.db, 'contacts', id)) as store.ContactRow)
const asset = async (ctx: Ctx, id: string) => present.asset((await store.find(ctx.db, 'assets', id)) as store.AssetRow)
const contract = async (ctx: Ctx, id: string) =>
  present.contract((await store.find(ctx.db, 'contracts', id)) as store.ContractRow)

const r = customersRoutes
export const customers: Module = {
  name: 'customers',
  live: {
    customer: 'customer.read',
    site: 'customer.read',
    contact: 'customer.read',
    asset: 'customer.read',
    contract: 'contract.read',
  },
  handlers: [
    implement(r.listCustomers, async (ctx, { query }) =>
      pageOf(
        await store.listCustomers(ctx.db, ctx.actor, query),
        query.limit,
        (c) => [c.name, c.id],
        (c) => present.customerRow(ctx.actor, c),
      ),
    ),
    implement(r.getCustomer, async (ctx, { params }) => {
      const c = await store.findCustomer(ctx.db, params.id)
      if (!c) return fail('not_found')
      authorise(ctx.actor, 'customer.read', present.scopeOf(c), 'customer.read')
      return detail(ctx, c)
    }),
    implement(r.listSites, async (ctx, { query }) =>
      pageOf(
        await store.listSites(ctx.db, ctx.actor, query),
        query.limit,
        (s) => [s.name, s.id],
        (s) => ({ ...present.site(s), customerName: s.customer_name }),
      ),
    ),
    implement(r.createCustomer, async (ctx, { body }) => detail(ctx, await commands.createCustomer(ctx, body))),
    implement(r.editCustomer, async (ctx, { params, body }) =>
      detail(ctx, await commands.editCustomer(ctx, params.id, body)),
    ),
    implement(r.addSite, async (ctx, { params, body }) => site(ctx, await commands.add(ctx, 'site', params.id, body))),
    implement(r.editSite, async (ctx, { params, body }) => {
      await commands.edit(ctx, 'site', params.id, body)
      return site(ctx, params.id)
    }),
    implement(r.addContact, async (ctx, { params, body }) =>
      contact(ctx, await commands.add(ctx, 'contact', params.id, body)),
    ),
    implement(r.editContact, async (ctx, { params, body }) => {
      await commands.edit(ctx, 'contact', params.id, body)
      return contact(ctx, params.id)
    }),
    implement(r.addAsset, async (ctx, { params, body }) =>
      asset(ctx, await commands.add(ctx, 'asset', params.id, body)),
    ),
    implement(r.editAsset, async (ctx, { params, body }) => {
      await commands.edit(ctx, 'asset', params.id, body)
      return asset(ctx, params.id)
    }),
    implement(r.addContract, async (ctx, { params, body }) =>
      contract(ctx, await commands.add(ctx, 'contract', params.id, body)),
    ),
    implement(r.editContract, async (ctx, { params, body }) => {
      await commands.edit(ctx, 'contract', params.id, body)
      return contract(ctx, params.id)
    }),
  ],
}

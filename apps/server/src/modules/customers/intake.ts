import { randomBytes } from 'node:crypto'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { scopeOf } from './present'
import { checkPoint, type Point } from './rules'
import * as store from './store'

// What another system knows under its own ids becomes master data here: found by external id, then by exact name,
// otherwise created. Called inside intake's transaction.

const entryNeeds = {
  leadHours: 0,
  namedPersons: false,
  equipmentList: false,
  certificates: [],
  blocks: false,
  note: null,
}

/** Two deliveries about one new customer at the same time must not make it twice. */
const onlyOne = (ctx: Ctx, ...key: string[]) =>
  ctx.db.run(sql`select pg_advisory_xact_lock(hashtextextended(${key.join('\u001f')}, 51))`)

export async function findOrCreateCustomer(
  ctx: Ctx,
  origin: string,
  c: { externalId: string | null; name: string; teamId?: string | null },
): Promise<{ id: string; teamId: string | null; created: boolean }> {
  await onlyOne(ctx, 'customer', origin, c.externalId ?? c.name)
  const known = await ctx.db.maybe<{ id: string; team_id: string | null }>(sql`select id, team_id from customers
    where (origin = ${origin} and external_id = ${c.externalId}) or (external_id is null and name = ${c.name})
    order by external_id nulls last, archived, created_at limit 1`)
  if (known) {
    // Entered by hand before the CRM spoke of it: from now on it is known by the CRM's id as well.
    if (c.externalId)
      await ctx.db.run(
        sql`update customers set origin = ${origin}, external_id = ${c.externalId} where id = ${known.id} and external_id is null`,
      )
    return { id: known.id, teamId: known.team_id, created: false }
  }
  const id = newId()
  await store.insert(ctx, 'customers', id, {
    name: c.name,
    team_id: c.teamId ?? null,
    origin: c.externalId ? origin : null,
    external_id: c.externalId,
  })
  const row = (await store.findCustomer(ctx.db, id)) as store.CustomerRow
  await ctx.emit({
    type: 'customer.created',
    aggregate: 'customer',
    aggregateId: id,
    payload: { customerId: id, origin },
    personal: { name: c.name },
    scope: scopeOf(row),
  })
  return { id, teamId: c.teamId ?? null, created: true }
}

export async function findOrCreateSite(
  ctx: Ctx,
  customerId: string,
  s: { externalId: string | null; name: string | null; address: string; point?: Point | null },
): Promise<{ id: string; teamId: string | null; created: boolean }> {
  checkPoint(s.point)
  await onlyOne(ctx, 'site', customerId, s.externalId ?? s.address)
  const known = await ctx.db.maybe<{ id: string; team_id: string | null }>(sql`select id, team_id from sites
    where customer_id = ${customerId} and (external_id = ${s.externalId} or (external_id is null and (address = ${s.address} or name = ${s.name})))
    order by external_id nulls last, archived, created_at limit 1`)
  if (known) {
    if (s.externalId)
      await ctx.db.run(
        sql`update sites set external_id = ${s.externalId} where id = ${known.id} and external_id is null`,
      )
    return { id: known.id, teamId: known.team_id, created: false }
  }
  const id = newId()
  await store.insert(ctx, 'sites', id, {
    customer_id: customerId,
    name: s.name ?? s.address.slice(0, 60),
    address: s.address,
    lat: s.point?.lat ?? null,
    lng: s.point?.lng ?? null,
    datum: s.point?.datum ?? null,
    point_source: s.point ? 'crm' : null,
    zone: ctx.zone,
    entry_needs: entryNeeds,
    external_id: s.externalId,
  })
  await ctx.emit({
    type: 'site.added',
    aggregate: 'site',
    aggregateId: id,
    payload: { customerId },
    personal: { address: s.address },
    scope: scopeOf((await store.findCustomer(ctx.db, customerId)) as store.CustomerRow),
  })
  return { id, teamId: null, created: true }
}

/** By phone, then by name, within the customer. */
export async function findOrCreateContact(
  ctx: Ctx,
  customerId: string,
  c: { name: string; phone: string | null; email?: string | null; siteId?: string | null },
): Promise<{ id: string; created: boolean }> {
  await onlyOne(ctx, 'contact', customerId, c.phone ?? c.name)
  const known = await ctx.db.maybe<{
    id: string
  }>(sql`select id from contacts where customer_id = ${customerId} and not archived
    and ((${c.phone}::text is not null and regexp_replace(phone, '\\D', '', 'g') = regexp_replace(${c.phone}, '\\D', '', 'g')) or (${c.phone}::text is null and name = ${c.name}))
    order by created_at limit 1`)
  if (known) return { id: known.id, created: false }
  const id = newId()
  await store.insert(ctx, 'contacts', id, {
    customer_id: customerId,
    site_id: c.siteId ?? null,
    name: c.name,
    phone: c.phone,
    email: c.email ?? null,
  })
  await ctx.emit({
    type: 'contact.added',
    aggregate: 'contact',
    aggregateId: id,
    payload: { customerId },
    personal: { name: c.name, phone: c.phone, email: c.email ?? null },
    scope: scopeOf((await store.findCustomer(ctx.db, customerId)) as store.CustomerRow),
  })
  return { id, created: true }
}

/** By serial number within the customer; made when the CRM names one that nobody has entered. */
export async function findOrCreateAsset(
  ctx: Ctx,
  customerId: string,
  a: { serial: string; model: string | null; name: string | null; siteId?: string | null },
): Promise<{ id: string; created: boolean }> {
  await onlyOne(ctx, 'asset', customerId, a.serial)
  const known = await ctx.db.maybe<{ id: string }>(
    sql`select id from assets where customer_id = ${customerId} and serial = ${a.serial}`,
  )
  if (known) return { id: known.id, created: false }
  const id = newId()
  await store.insert(ctx, 'assets', id, {
    customer_id: customerId,
    site_id: a.siteId ?? null,
    name: a.name ?? a.model ?? a.serial,
    model: a.model,
    serial: a.serial,
    qr: randomBytes(9).toString('base64url'),
  })
  await ctx.emit({
    type: 'asset.added',
    aggregate: 'asset',
    aggregateId: id,
    payload: { customerId },
    scope: scopeOf((await store.findCustomer(ctx.db, customerId)) as store.CustomerRow),
  })
  return { id, created: true }
}

/** The customer's contract with this number, or null. */
export async function contractByNumber(ctx: Ctx, customerId: string, number: string): Promise<string | null> {
  const row = await ctx.db.maybe<{ id: string }>(
    sql`select id from contracts where customer_id = ${customerId} and number = ${number} and not archived`,
  )
  return row?.id ?? null
}

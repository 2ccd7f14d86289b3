import type { z } from 'zod'
import type { Asset, Contact, Contract, CustomerRow, Site } from '#contracts/customers.schema'
import { type Actor, can, type ScopeRow } from '../../platform/policy'
import type * as store from './store'

export const scopeOf = (c: { id: string; team_id: string | null; people: string[] }): ScopeRow => ({
  team_id: c.team_id,
  customer_id: c.id,
  people: c.people,
})

export function customerRow(actor: Actor, c: store.CustomerRow): z.input<typeof CustomerRow> {
  return {
    id: c.id,
    name: c.name,
    shortName: c.short_name,
    code: c.code,
    industry: c.industry,
    level: c.level,
    teamId: c.team_id,
    teamName: c.team_name,
    sites: c.sites,
    archived: c.archived,
    rev: c.rev,
    can: can(actor, scopeOf(c), {
      edit: ['customer.edit', true],
      addSite: ['customer.edit', !c.archived],
      addContact: ['customer.edit', !c.archived],
      addAsset: ['customer.edit', !c.archived],
      addContract: ['contract.edit', !c.archived],
    }),
  }
}

export const pointOf = (s: store.SiteRow) =>
  s.lat === null || s.lng === null || s.datum === null
    ? null
    : {
        lat: s.lat,
        lng: s.lng,
        datum: s.datum,
        ...(s.accuracy_m === null ? {} : { accuracyM: s.accuracy_m }),
        ...(s.point_source === null ? {} : { source: s.point_source }),
      }

export const site = (s: store.SiteRow): z.input<typeof Site> => ({
  id: s.id,
  customerId: s.customer_id,
  teamId: s.team_id,
  name: s.name,
  address: s.address,
  point: pointOf(s),
  radiusM: s.radius_m,
  zone: s.zone,
  accessHours: s.access_hours,
  entryNeeds: s.entry_needs,
  note: s.note,
  archived: s.archived,
  rev: s.rev,
})
export const contact = (c: store.ContactRow): z.input<typeof Contact> => ({
  id: c.id,
  customerId: c.customer_id,
  siteId: c.site_id,
  name: c.name,
  title: c.title,
  phone: c.phone,
  email: c.email,
  note: c.note,
  main: c.main,
  archived: c.archived,
  rev: c.rev,
})
export const asset = (a: store.AssetRow): z.input<typeof Asset> => ({
  id: a.id,
  customerId: a.customer_id,
  siteId: a.site_id,
  name: a.name,
  model: a.model,
  serial: a.serial,
  installedOn: a.installed_on,
  warrantyUntil: a.warranty_until,
  qr: a.qr,
  note: a.note,
  archived: a.archived,
  rev: a.rev,
})
export const contract = (c: store.ContractRow): z.input<typeof Contract> => ({
  id: c.id,
  customerId: c.customer_id,
  number: c.number,
  title: c.title,
  startsOn: c.starts_on,
  endsOn: c.ends_on,
  entitlement: c.entitlement,
  visitsAllowed: c.visits_allowed,
  personDaysAllowed: c.person_days_allowed,
  deemAfterDays: c.deem_after_days,
  penalty: c.penalty,
  amountFen: c.amount_fen,
  paymentNodes: c.payment_nodes,
  sla: c.sla,
  attachments: c.attachments,
  archived: c.archived,
  rev: c.rev,
})

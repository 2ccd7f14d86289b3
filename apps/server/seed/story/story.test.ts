import gcoord from 'gcoord'
import { describe, expect, test } from 'vitest'
import { AccessHours, EntryNeeds, PaymentNode, SlaLine } from '#contracts/customers.schema'
import { Shift, SkillCode } from '#contracts/engineers.schema'
import { OrderType } from '#contracts/orders.schema'
import { Cause } from '#contracts/surveys.schema'
import { standardTemplate } from '../../src/modules/projects/templates'
import { shipped } from '../../src/modules/surveys/definition'
import {
  CITIES,
  distanceM,
  ORDER_TYPES,
  RADIUS_M,
  STREETS,
  SURVEY_QUESTIONS,
  tellCompany,
  tellCustomers,
  tellPeople,
  tellProjects,
} from './index'
import { addWorkdays, at, clock, dateOf, daysBetween, isMakeUpDay, isWorkday } from './time'
import { CAUSES, TAGS } from './words'

const NOW = at('2026-11-23', clock(10, 20))
const tell = (seed: string, now = NOW) => {
  const company = tellCompany(seed, now)
  const people = tellPeople(seed, now, company)
  const customers = tellCustomers(seed, now, company)
  return { company, people, customers, projects: tellProjects(seed, now, company, people, customers) }
}
const story = tell('demo')
const unique = (values: readonly unknown[]) => new Set(values).size === values.length

describe('the company', () => {
  test('the same seed and day tell the same story, another seed another one', () => {
    expect(tell('demo')).toEqual(story)
    expect(tell('other').people.engineers[0]!.id).not.toBe(story.people.engineers[0]!.id)
  })

  test('ids of people, teams and customers stay when the demo is made on another day', () => {
    const later = tell('demo', at('2026-12-19', clock(3)))
    expect(later.people.everyone.map((p) => p.id)).toEqual(story.people.everyone.map((p) => p.id))
    expect(later.customers.sites.map((s) => s.id)).toEqual(story.customers.sites.map((s) => s.id))
  })

  test('every id is a UUIDv7 and stands once', () => {
    const ids = [
      ...story.company.teams,
      ...story.people.everyone,
      ...story.people.absences,
      ...story.customers.customers,
      ...story.customers.sites,
      ...story.customers.contacts,
      ...story.customers.assets,
      ...story.customers.contracts,
      ...story.projects.projects,
      ...story.projects.projects.flatMap((p) => p.phases),
    ].map((row) => row.id)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(unique(ids)).toBe(true)
  })

  test('the pilot of 20 in 华东 is live for six months, two teams for weeks, the others not yet', () => {
    const { engineers } = story.people
    const pilot = engineers.filter((e) => e.regionKey === 'east')
    expect(pilot).toHaveLength(20)
    for (const e of pilot) expect(daysBetween(e.liveSince!, dateOf(NOW))).toBeGreaterThan(170)
    const late = engineers.filter((e) => e.regionKey !== 'east' && e.liveSince)
    expect(late).toHaveLength(9)
    for (const e of late) expect(daysBetween(e.liveSince!, dateOf(NOW))).toBeLessThan(45)
    expect(engineers.filter((e) => !e.liveSince)).toHaveLength(11)
  })
})

describe('people', () => {
  test('40 engineers and one demo account for each role that has people', () => {
    expect(story.people.engineers).toHaveLength(40)
    const roles = story.people.everyone.flatMap((p) => (p.demo ? [p.demo.role] : []))
    expect(unique(roles)).toBe(true)
    expect([...roles].sort()).toEqual([
      'administrator',
      'auditor',
      'dispatcher',
      'engineer',
      'executive',
      'hr',
      'knowledge_editor',
      'operations',
      'project_manager',
      'quality',
      'supervisor',
    ])
  })

  test('names, user names and telephone numbers are different from each other', () => {
    const { everyone } = story.people
    expect(unique(everyone.map((p) => p.name))).toBe(true)
    expect(unique(everyone.map((p) => p.userName))).toBe(true)
    const phones = [...everyone, ...story.customers.contacts].map((p) => p.phone)
    expect(unique(phones)).toBe(true)
    for (const phone of phones) expect(phone).toMatch(/^1[3-9]\d0000\d{4}$/)
    for (const p of everyone) expect(p.userName).toMatch(/^[a-z0-9][a-z0-9._-]{1,39}$/)
    expect(everyone.map((p) => p.name)).toEqual(expect.arrayContaining(['傅𬭎', '陆㛃', '阿卜杜热合曼·买买提', '方可']))
  })

  test('one certificate has expired and some expire within six weeks', () => {
    const left = story.people.engineers
      .flatMap((e) => e.certificates)
      .flatMap((c) => (c.expiresOn ? [daysBetween(dateOf(NOW), c.expiresOn)] : []))
    expect(left.filter((d) => d < 0)).toHaveLength(1)
    expect(left.filter((d) => d >= 0 && d <= 45).length).toBeGreaterThanOrEqual(3)
  })

  test('nobody holds a skill twice and every level is 1 to 5', () => {
    for (const e of story.people.engineers) {
      expect(unique(e.skills.map((s) => s.code))).toBe(true)
      for (const s of e.skills) expect([1, 2, 3, 4, 5]).toContain(s.level)
    }
  })
})

describe('customers', () => {
  test('60 customers with one to four sites, each in the box of its city and near its street', () => {
    const { customers, sites } = story.customers
    expect(customers).toHaveLength(60)
    expect(unique(customers.map((c) => c.name))).toBe(true)
    for (const customer of customers) {
      const own = sites.filter((s) => s.customerId === customer.id)
      expect(own.length).toBeGreaterThanOrEqual(1)
      expect(own.length).toBeLessThanOrEqual(4)
      expect(unique(own.map((s) => s.name))).toBe(true)
    }
    for (const site of sites) {
      const [south, west, north, east] = CITIES[site.city].box
      const [lng, lat] =
        site.point.datum === 'gcj02'
          ? [site.point.lng, site.point.lat]
          : (gcoord.transform([site.point.lng, site.point.lat], gcoord.WGS84, gcoord.GCJ02) as [number, number])
      expect(lat > south && lat < north && lng > west && lng < east, site.address).toBe(true)
      const street = STREETS.find(
        (s) => s.city === site.city && s.district === site.district && s.street === site.street,
      )!
      expect(distanceM(street, { lat, lng }), site.address).toBeLessThan(RADIUS_M)
      expect(site.address).toContain(site.district)
    }
    expect(new Set(sites.map((s) => s.point.datum))).toEqual(new Set(['gcj02', 'wgs84']))
  })

  test('every customer has a main site, a primary contact, equipment with its own serial number and a running contract', () => {
    const { customers, sites, contacts, assets, contracts } = story.customers
    const today = dateOf(NOW)
    for (const customer of customers) {
      expect(sites.filter((s) => s.customerId === customer.id && s.isMain)).toHaveLength(1)
      expect(contacts.filter((c) => c.customerId === customer.id && c.main)).toHaveLength(1)
      expect(
        contracts.some((c) => c.customerId === customer.id && c.startsOn <= today && c.endsOn > today && c.sla.length),
      ).toBe(true)
    }
    expect(unique(assets.map((a) => a.serial))).toBe(true)
    for (const site of sites) expect(assets.some((a) => a.siteId === site.id)).toBe(true)
  })
})

describe('projects', () => {
  test('8 projects in 8 conditions, planned on working days, phases without gaps', () => {
    const { projects } = story.projects
    expect(new Set(projects.map((p) => p.told)).size).toBe(8)
    for (const project of projects) {
      for (const [i, phase] of project.phases.entries()) {
        expect(isWorkday(phase.plannedStart) && isWorkday(phase.plannedEnd)).toBe(true)
        if (i > 0) expect(phase.plannedStart).toBe(addWorkdays(project.phases[i - 1]!.plannedEnd, 1))
        if (phase.actualEnd) expect(phase.actualEnd >= phase.actualStart!).toBe(true)
        if (phase.actualStart) expect(phase.actualStart <= dateOf(NOW)).toBe(true)
      }
    }
  })

  test.each(['2026-11-23', '2026-10-03', '2026-02-21', '2027-06-30'])(
    'on %s the conditions told are the ones shown',
    (day) => {
      const { projects } = tell('demo', at(day, clock(15))).projects
      const running = (told: string) => {
        const project = projects.find((p) => p.told === told)!
        return project.phases.find((p) => p.actualStart && !p.actualEnd)
      }
      for (const told of ['on_track', 'low_score', 'late_checkin', 'just_started', 'in_trial'])
        expect(running(told)!.plannedEnd >= day, told).toBe(true)
      expect(running('overdue_phase')!.plannedEnd < day).toBe(true)
      expect(running('in_trial')!.key).toBe('trial')
      expect(running('accepted')).toBeUndefined()
    },
  )
})

describe('the story speaks the words of the product', () => {
  test('its phases, questions, tags, causes and papers are the shipped ones', () => {
    expect(
      story.projects.phases.map(({ key, durationDays, weight, requiredDocuments }) => ({
        key,
        durationDays,
        weight,
        requiredDocuments,
      })),
    ).toEqual(
      standardTemplate.phases.map(({ key, durationDays, weight, requiredDocuments }) => ({
        key,
        durationDays,
        weight,
        requiredDocuments,
      })),
    )
    expect(SURVEY_QUESTIONS.map(({ key, weight }) => ({ key, weight }))).toEqual(
      shipped.questions.map(({ key, weight }) => ({ key, weight })),
    )
    for (const kind of ['good', 'bad'] as const) {
      const keys = shipped.tags[kind].map((t) => t.key)
      for (const tag of TAGS[kind]) expect(keys).toContain(tag)
    }
    for (const cause of CAUSES) expect(Cause.options).toContain(cause.key)
  })

  test('every site, contract, skill and shift has the shape of its contract', () => {
    for (const s of story.customers.sites) {
      expect(AccessHours.safeParse(s.accessHours).success).toBe(true)
      expect(EntryNeeds.safeParse(s.entryNeeds).success).toBe(true)
    }
    for (const c of [...story.customers.contracts, ...story.projects.contracts]) {
      for (const line of c.sla) expect(SlaLine.safeParse(line).success).toBe(true)
      for (const node of c.paymentNodes) expect(PaymentNode.safeParse(node).success).toBe(true)
      expect(c.paymentNodes.reduce((sum, n) => sum + n.amountFen, 0)).toBe(c.amountFen)
    }
    for (const s of story.people.skills) expect(SkillCode.safeParse(s.code).success).toBe(true)
    expect(unique(story.people.skills.map((s) => s.code))).toBe(true)
    for (const s of story.people.shifts) expect(Shift.shape.cycle.safeParse(s.cycle).success).toBe(true)
    for (const type of ORDER_TYPES) expect(OrderType.options).toContain(type)
  })
})

test('the story knows 调休: 2026-02-14 was a Saturday at work, 2026-10-01 a Thursday off', () => {
  expect(isMakeUpDay('2026-02-14')).toBe(true)
  expect(isWorkday('2026-10-01')).toBe(false)
})

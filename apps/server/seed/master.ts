// The demo company before its first order: people, teams, skills, customers, contracts, projects.

import { companySetting, demoPassword, hashPassword } from '../src/modules/people'
import { standardTemplate } from '../src/modules/projects'
import { satisfactionSetting } from '../src/modules/surveys'
import type { Db } from '../src/platform/database/pool'
import type { StoredEvent } from '../src/platform/events'
import { derivedId } from '../src/platform/ids'
import type { ScopeRow } from '../src/platform/policy'
import type { Chronicle } from './chain'
import { during, insertRows, time } from './rows'
import type { Story } from './story'
import { addDays, at, DAY, MINUTE } from './story/time'
import { writeKit } from './worksheets'

const INDUSTRIES = {
  hospital: '医院',
  school: '学校',
  factory: '制造',
  property: '园区物业',
  retail: '零售',
  government: '政务',
} as const

/** Master data is made by the administrator, before the history begins. */
interface Making {
  db: Db
  story: Story
  chronicle: Chronicle
  /** When the administrator set the system up. */
  from: number
}

export async function writeMaster(db: Db, seed: string, story: Story, chronicle: Chronicle): Promise<void> {
  const making = { db, story, chronicle, from: at(addDays(story.company.liveSince, -3), 9 * 60) }
  await writeCompany(making)
  await writePeople(making)
  await writeCustomers(making)
  await writeProjects(making)
  const keeper = story.people.staff.find((p) => p.grants.some((g) => g.role === 'operations')) ?? administrator(story)
  await writeKit(db, seed, { now: making.from, by: keeper })
}

/** A fact of setting up, told by the administrator. */
function told(
  m: Making,
  e: { type: string; aggregate: string; id: string; at: number; payload: Record<string, unknown>; by?: string },
  scope: Partial<ScopeRow>,
  personal?: Record<string, unknown>,
): void {
  const by = m.story.people.everyone.find((p) => p.id === e.by) ?? administrator(m.story)
  const event: Omit<StoredEvent, 'position' | 'hash' | 'personalHash'> = {
    id: derivedId(e.id, e.type, String(e.at)),
    aggregate: e.aggregate,
    aggregateId: e.id,
    type: e.type,
    version: 1,
    payload: e.payload,
    actorId: by.id,
    actorKind: 'user',
    actorName: by.name,
    source: 'web',
    commandId: null,
    deviceId: null,
    deviceSeq: null,
    atDevice: null,
    skewMs: null,
    occurredAt: new Date(e.at),
    recordedAt: new Date(e.at),
    offline: false,
    reason: null,
    flags: [],
    teamId: scope.team_id ?? null,
    customerId: scope.customer_id ?? null,
    people: [...(scope.people ?? [])],
  }
  m.chronicle.add(event, personal)
}

const administrator = (story: Story) =>
  story.people.staff.find((p) => p.grants.some((g) => g.role === 'administrator')) as Story['people']['staff'][number]

async function writeCompany({ db, story, from }: Making): Promise<void> {
  const { company } = story
  const path = (id: string | null): string[] => {
    const team = company.teams.find((t) => t.id === id)
    return team ? [...path(team.parentId), team.id] : []
  }
  await insertRows(
    db,
    'teams',
    company.teams.map((t) => ({
      id: t.id,
      parent_id: t.parentId,
      kind: t.kind,
      name: t.name,
      path: path(t.id),
      position: t.order,
    })),
  )
  const settings: [string, unknown][] = [
    [
      companySetting.key,
      { name: company.legalName, shortName: company.name, phone: company.hotline, zone: company.zone },
    ],
    [satisfactionSetting.key, { threshold: company.settings.lowScore, expireDays: company.settings.surveyValidDays }],
  ]
  await insertRows(
    db,
    'settings',
    settings.map(([key, value]) => ({ key, version: 1, value, changed_at: time(from) })),
  )
}

async function writePeople(m: Making): Promise<void> {
  const { db, story, from } = m
  const { people, company } = story
  // One password for all of them, so it is worked out once.
  const password = await hashPassword(demoPassword)
  // Sign-in offers the first of a role: those whom the demo shows come first.
  const order = [...people.everyone].sort((a, b) => Number(b.demo !== null) - Number(a.demo !== null))
  await insertRows(
    db,
    'users',
    order.map((p, i) => ({
      id: p.id,
      user_name: p.userName,
      name: p.name,
      phone: p.phone,
      team_id: p.teamId,
      password_hash: password,
      locale: 'zh-CN',
      demo: true,
      rev: 1,
      created_at: time(from + i * 1000),
      changed_at: time(from + i * 1000),
    })),
  )
  await insertRows(
    db,
    'user_grants',
    order.flatMap((p) => p.grants.map((g) => ({ user_id: p.id, role: g.role, scope: g.scope, ref_id: g.refId }))),
  )
  for (const [i, p] of order.entries())
    told(
      m,
      {
        type: 'person.added',
        aggregate: 'person',
        id: p.id,
        at: from + i * 1000,
        payload: { teamId: p.teamId, grants: p.grants },
      },
      { team_id: p.teamId, people: [p.id] },
      { name: p.name, phone: p.phone, userName: p.userName },
    )

  await insertRows(
    db,
    'skills',
    people.skills.map((s) => ({
      code: s.code,
      parent_code: s.parentCode,
      name: s.name,
      position: s.position,
      rev: 1,
    })),
  )
  await insertRows(
    db,
    'certificate_kinds',
    people.certificateKinds.map((k, position) => ({ code: k.code, name: k.name, position })),
  )
  await insertRows(
    db,
    'shifts',
    people.shifts.map((s) => ({
      id: s.id,
      name: s.name,
      anchor: s.anchor,
      cycle: s.cycle,
      follows_holidays: s.followsHolidays,
      zone: company.zone,
      rev: 1,
      changed_at: time(from),
    })),
  )
  await insertRows(
    db,
    'engineers',
    people.engineers.map((e) => ({
      user_id: e.id,
      home: { lat: e.home.lat, lng: e.home.lng, datum: e.home.datum, source: 'map_pick' },
      home_address: `${e.city}市${e.home.district}${e.home.street}`,
      shift_id: people.shifts.find((s) => s.key === e.shiftKey)?.id,
      max_day_min: 480,
      max_week_min: 2400,
      rev: 1,
      changed_at: time(from),
    })),
  )
  await insertRows(
    db,
    'engineer_skills',
    people.engineers.flatMap((e) => e.skills.map((s) => ({ engineer_id: e.id, skill_code: s.code, level: s.level }))),
  )
  await insertRows(
    db,
    'certificates',
    people.engineers.flatMap((e) =>
      e.certificates.map((c) => ({
        id: c.id,
        engineer_id: e.id,
        kind: c.kind,
        number: c.number,
        issued_on: c.issuedOn,
        expires_on: c.expiresOn,
      })),
    ),
  )
  const asked = (start: number) => time(Math.max(from, start - 4 * DAY))
  await insertRows(
    db,
    'absences',
    people.absences.map((a) => ({
      id: a.id,
      engineer_id: a.engineerId,
      kind: a.kind,
      during: during(a.start, a.end),
      reason: a.reason,
      rev: 1,
      created_at: asked(a.start),
      created_by: a.engineerId,
      changed_at: asked(a.start),
      changed_by: a.engineerId,
    })),
  )
  await insertRows(
    db,
    'engineer_occupancy',
    people.absences.map((a) => ({
      engineer_id: a.engineerId,
      during: during(a.start, a.end),
      kind: a.kind,
      ref: a.id,
    })),
  )
}

async function writeCustomers(m: Making): Promise<void> {
  const { db, story, from } = m
  const { customers, sites, contacts, assets } = story.customers
  const by = administrator(story).id
  const made = (n: number) => ({
    rev: 1,
    created_at: time(from + MINUTE + n),
    changed_at: time(from + MINUTE + n),
    changed_by: by,
  })
  await insertRows(
    db,
    'customers',
    customers.map((c, i) => ({
      id: c.id,
      name: c.name,
      short_name: c.shortName,
      code: c.number,
      industry: INDUSTRIES[c.industry],
      level: c.tier === 'gold' ? 'key' : 'normal',
      archived: false,
      team_id: c.teamId,
      people: [],
      ...made(i),
    })),
  )
  for (const [i, c] of customers.entries())
    told(
      m,
      {
        type: 'customer.added',
        aggregate: 'customer',
        id: c.id,
        at: from + MINUTE + i,
        payload: { customerId: c.id, changed: ['name', 'shortName', 'code', 'industry', 'level', 'teamId'] },
      },
      { team_id: c.teamId, customer_id: c.id },
      { name: c.name, shortName: c.shortName, code: c.number },
    )
  await insertRows(
    db,
    'sites',
    sites.map((s, i) => ({
      id: s.id,
      customer_id: s.customerId,
      name: s.name,
      address: s.address,
      lat: s.point.lat,
      lng: s.point.lng,
      datum: s.point.datum,
      accuracy_m: s.point.source === 'field_survey' ? 12 : 20,
      point_source: s.point.source,
      radius_m: s.radiusM,
      zone: s.zone,
      access_hours: s.accessHours,
      entry_needs: s.entryNeeds,
      archived: false,
      ...made(i),
    })),
  )
  await insertRows(
    db,
    'contacts',
    contacts.map((c, i) => ({
      id: c.id,
      customer_id: c.customerId,
      site_id: c.siteId,
      name: c.name,
      title: c.title,
      phone: c.phone,
      main: c.main,
      archived: false,
      ...made(i),
    })),
  )
  await insertRows(
    db,
    'assets',
    assets.map((a, i) => ({
      id: a.id,
      customer_id: a.customerId,
      site_id: a.siteId,
      name: a.name,
      model: a.model,
      serial: a.serial,
      installed_on: a.installedOn,
      warranty_until: a.warrantyUntil,
      qr: Buffer.from(derivedId(a.id, 'qr').replaceAll('-', ''), 'hex').subarray(0, 9).toString('base64url'),
      note: a.place,
      archived: false,
      ...made(i),
    })),
  )
  await insertRows(
    db,
    'contracts',
    [...story.customers.contracts, ...story.projects.contracts].map((c, i) => ({
      id: c.id,
      customer_id: c.customerId,
      number: c.number,
      title: c.title,
      starts_on: c.startsOn,
      ends_on: c.endsOn,
      entitlement: c.entitlement,
      visits_allowed: c.visitsAllowed,
      person_days_allowed: c.personDaysAllowed,
      deem_after_days: c.deemAfterDays,
      penalty: c.penalty,
      amount_fen: c.amountFen,
      payment_nodes: c.paymentNodes,
      sla: c.sla,
      attachments: [],
      archived: false,
      ...made(i),
    })),
  )
}

async function writeProjects(m: Making): Promise<void> {
  const { db, story } = m
  const { projects } = story.projects
  const begun = (startsOn: string) => at(startsOn, 9 * 60 + 30)
  const people = (p: (typeof projects)[number]) => [...new Set([p.managerId, ...p.phases.map((f) => f.ownerId)])]
  await insertRows(
    db,
    'projects',
    projects.map((p) => ({
      id: p.id,
      number: p.number,
      name: p.name,
      state: p.state,
      customer_id: p.customerId,
      site_id: p.siteId,
      contract_id: p.contractId,
      template_id: standardTemplate.id,
      template_version: standardTemplate.version,
      manager_id: p.managerId,
      team_id: p.teamId,
      people: people(p),
      starts_on: p.phases[0]?.plannedStart,
      budget_person_days: p.budgetPersonDays,
      summary: p.risk ? `${p.summary}\n${p.risk}` : p.summary,
      paused_on: p.pause?.since ?? null,
      pause_reason: p.pause?.reason ?? null,
      pause_responsibility: p.pause?.responsibility ?? null,
      accepted_on: p.acceptedOn,
      orders_total: 0,
      orders_open: 0,
      orders_late: 0,
      used_min: 0,
      health_level: 'good',
      health_causes: [],
      rev: 1,
      created_at: time(begun(p.phases[0]?.plannedStart as string)),
      changed_at: time(begun(p.phases[0]?.plannedStart as string)),
      changed_by: p.managerId,
    })),
  )
  await insertRows(
    db,
    'threads',
    projects.map((p) => ({
      id: derivedId(p.id, 'thread'),
      kind: 'project',
      subject_id: p.id,
      title: `${p.number} ${p.name}`,
      team_id: p.teamId,
      customer_id: p.customerId,
      people: people(p),
    })),
  )
  await insertRows(
    db,
    'phases',
    projects.flatMap((p) =>
      p.phases.map((f) => ({
        id: f.id,
        project_id: p.id,
        position: f.order,
        key: f.key,
        name: standardTemplate.phases[f.order]?.name,
        weight: f.weight,
        owner_id: f.ownerId,
        planned_start: f.plannedStart,
        planned_end: f.plannedEnd,
        baseline_start: f.plannedStart,
        baseline_end: f.plannedEnd,
        actual_start: f.actualStart,
        actual_end: f.actualEnd,
        documents: f.requiredDocuments.map((d) => ({
          name: d.name,
          filedOn: d.filedOn,
          filedBy: d.filedOn ? f.ownerId : null,
          ref: null,
        })),
      })),
    ),
  )
  await insertRows(
    db,
    'milestones',
    projects.flatMap((p) =>
      p.phases.flatMap((f) => {
        const name = standardTemplate.phases[f.order]?.milestone
        return name
          ? [
              {
                id: derivedId(f.id, 'milestone'),
                project_id: p.id,
                phase_id: f.id,
                name,
                baseline_on: f.plannedEnd,
                planned_on: f.plannedEnd,
                reached_on: f.actualEnd,
              },
            ]
          : []
      }),
    ),
  )
  for (const p of projects) {
    const scope = { team_id: p.teamId, customer_id: p.customerId, people: people(p) }
    const about = { aggregate: 'project', id: p.id, by: p.managerId }
    const first = p.phases[0]
    if (!first) continue
    told(
      m,
      {
        ...about,
        type: 'project.created',
        at: begun(first.plannedStart),
        payload: {
          number: p.number,
          templateId: standardTemplate.id,
          templateVersion: standardTemplate.version,
          startsOn: first.plannedStart,
        },
      },
      scope,
    )
    for (const f of p.phases) {
      const named = { phaseId: f.id, phase: f.key, name: standardTemplate.phases[f.order]?.name }
      if (f.actualStart)
        told(
          m,
          {
            ...about,
            by: f.ownerId,
            type: 'project.phase_started',
            at: at(f.actualStart, 9 * 60 + 35 + f.order),
            payload: { ...named, on: f.actualStart },
          },
          scope,
        )
      if (f.actualEnd)
        told(
          m,
          {
            ...about,
            by: f.ownerId,
            type: 'project.phase_finished',
            at: at(f.actualEnd, 17 * 60 + 20 + f.order),
            payload: { ...named, on: f.actualEnd },
          },
          scope,
        )
    }
    if (p.pause)
      told(
        m,
        {
          ...about,
          type: 'project.paused',
          at: at(p.pause.since, 10 * 60),
          payload: { responsibility: p.pause.responsibility, on: p.pause.since },
        },
        scope,
      )
    if (p.acceptedOn)
      told(
        m,
        { ...about, type: 'project.accepted', at: at(p.acceptedOn, 17 * 60 + 40), payload: { on: p.acceptedOn } },
        scope,
      )
  }
}

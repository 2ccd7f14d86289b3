import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { ensureProjectTemplates, refreshProjects, setSignals, setTally, standardTemplate } from '.'

let w: World
let manager: Client
let engineer: Client
let outsider: Client
let executive: Client
let customerId: string
beforeAll(async () => {
  w = await world()
  await ensureProjectTemplates(w.db, w.clock.now())
  manager = await w.person('project_manager', 'team')
  engineer = await w.person('engineer')
  outsider = await w.person('project_manager', 'team', w.teams.northOne)
  executive = await w.person('executive', 'all')
  const operations = await w.person('operations', 'all')
  customerId = (await operations.ok('POST /api/customers', { body: { name: '星海医院', teamId: w.teams.eastOne } })).id
})
afterAll(() => w.close())
beforeEach(() => {
  w.clock.at = new Date('2026-11-23T01:00:00Z')
})

const body = (over: object = {}) => ({
  name: '门诊一体化升级 <b>=1+1</b>',
  customerId,
  templateId: standardTemplate.id,
  startsOn: '2026-11-22',
  managerId: manager.id,
  people: [engineer.id],
  owners: { survey: engineer.id },
  budgetPersonDays: 86,
  ...over,
})
const create = (over: object = {}) => manager.ok('POST /api/projects', { body: body(over) })
const system = <T>(work: Parameters<typeof w.app.asSystem<T>>[1]) => w.app.asSystem<T>('test', work)
/** Days go by; sessions end after a week in which nobody comes. */
async function days(n: number) {
  for (let i = 0; i < n; i++) {
    w.clock.advance(24 * 60)
    await manager.ok('GET /api/session')
  }
}
const read = (id: string, who = manager) => who.ok('GET /api/projects/:id', { params: { id } })

describe('a project from a template', () => {
  it('has its dates on the working calendar, its owners, milestones and a thread', async () => {
    const p = await create()
    expect(p.number).toMatch(/^XM-20261123-\d{4}$/)
    expect(p.phases.map((f) => [f.key, f.plannedStart, f.plannedEnd]).slice(0, 3)).toEqual([
      ['initiation', '2026-11-23', '2026-11-25'],
      ['survey', '2026-11-26', '2026-12-07'],
      ['design', '2026-12-08', '2026-12-16'],
    ])
    expect(p.phases.map((f) => f.owner.id)).toEqual(
      ['m', 'e', 'e', 'e', 'e', 'e', 'm'].map((x) => (x === 'm' ? manager.id : engineer.id)),
    )
    expect(p.milestones[0]).toMatchObject({ plannedOn: '2026-11-25', reachedOn: null })
    expect(p.calendar.daysOff).toContainEqual({ from: '2026-11-28', to: '2026-11-29', name: null })
    expect(p.calendar.provisionalFrom).toBe('2026-12-29')
    expect(p.health).toEqual({ level: 'good', causes: [] })
    const thread = await engineer.ok('GET /api/threads/:kind/:id', { params: { kind: 'project', id: p.id } })
    expect(thread.can).toEqual({ write: true })
  })
  it('shows the same dates before anything is created', async () => {
    const plan = await manager.ok('GET /api/project-plan', {
      query: { templateId: standardTemplate.id, startsOn: '2026-11-22' },
    })
    expect(plan.phases[1]).toMatchObject({ key: 'survey', start: '2026-11-26', end: '2026-12-07' })
    expect(plan.provisional).toBe(true)
  })
  it('refuses people, keys, templates and years that make no sense', async () => {
    const refused = (over: object, who = manager) => who.refused('POST /api/projects', { body: body(over) })
    expect(await refused({ managerId: newId() })).toBe('person_unknown')
    expect(await refused({ owners: { nothing: engineer.id } })).toBe('template_keys')
    expect(await refused({ templateId: newId() })).toBe('template_unknown')
    expect(await refused({ startsOn: '0206-01-01' })).toBe('invalid_input')
    expect(await refused({ siteId: newId() })).toBe('belongs_elsewhere')
    expect(await refused({ id: (await create()).id })).toBe('project_exists')
    expect(await refused({}, engineer)).toBe('forbidden')
    expect(await refused({}, outsider)).toBe('not_found')
  })
  it('is one project when the same command comes again', async () => {
    const key = { 'idempotency-key': newId() }
    const b = body()
    const first = await manager.call('POST /api/projects', { body: b }, key)
    const again = await manager.call('POST /api/projects', { body: b }, key)
    expect(again.body).toEqual(first.body)
  })
  it('keeps the version of its template when a new one is saved', async () => {
    const p = await create()
    const operations = await w.person('operations', 'all')
    const phases = standardTemplate.phases.map((f) => ({ ...f, durationDays: f.durationDays + 1 }))
    const save = { id: standardTemplate.id, name: standardTemplate.name, phases }
    expect(await manager.refused('POST /api/project-templates', { body: save })).toBe('forbidden')
    expect(
      await operations.refused('POST /api/project-templates', { body: { ...save, phases: phases.slice(1) } }),
    ).toBe('template_weights')
    expect((await operations.ok('POST /api/project-templates', { body: save })).version).toBe(2)
    expect((await read(p.id)).template.version).toBe(1)
    expect((await create()).phases[0]).toMatchObject({ plannedEnd: '2026-11-26' })
  })
})

describe('a phase', () => {
  it('is started and finished by its owner, with its documents or a reason', async () => {
    const p = await create()
    const phase = p.phases[1]!
    const params = { id: phase.id }
    expect(await engineer.refused('POST /api/phases/:id/start', { params: { id: p.phases[0]!.id }, body: {} })).toBe(
      'forbidden',
    )
    expect(await outsider.refused('POST /api/phases/:id/start', { params, body: {} })).toBe('not_found')
    expect(await engineer.refused('POST /api/phases/:id/finish', { params, body: {} })).toBe('state_forbids')
    expect(await engineer.refused('POST /api/phases/:id/start', { params, body: { on: '2026-11-24' } })).toBe(
      'date_ahead',
    )
    await engineer.ok('POST /api/phases/:id/start', { params, body: { on: '2026-11-20' } })
    expect(await engineer.refused('POST /api/phases/:id/finish', { params, body: {} })).toBe('phase_documents_missing')
    expect(await engineer.refused('POST /api/phases/:id/documents', { params, body: { name: '没有这份' } })).toBe(
      'phase_document_unknown',
    )
    await engineer.ok('POST /api/phases/:id/documents', { params, body: { name: '需求调研报告', ref: 'DOC-1' } })
    expect(
      await engineer.refused('POST /api/phases/:id/finish', { params, body: { on: '2026-11-19', reason: '补交' } }),
    ).toBe('time_order')
    const after = await engineer.ok('POST /api/phases/:id/finish', { params, body: { reason: '确认书客户盖章中' } })
    expect(after.phases[1]).toMatchObject({ state: 'done', actualStart: '2026-11-20', actualEnd: '2026-11-23' })
    expect(after.milestones[1]).toMatchObject({ reachedOn: '2026-11-23' })
    expect(after.events[0]).toMatchObject({
      message: { code: 'project.phase_finished', params: { missing: ['需求确认书'] } },
      reason: '确认书客户盖章中',
    })
    expect(after.can.pause).toBe(false)
  })
  it('is replanned with a reason; what follows moves with it, the first plan stays', async () => {
    const p = await create()
    const params = { id: p.phases[0]!.id }
    const to = { start: '2026-11-23', end: '2026-11-27', reason: '客户启动会改期', following: 'move' as const }
    expect(await engineer.refused('POST /api/phases/:id/plan', { params, body: to })).toBe('forbidden')
    expect(await manager.refused('POST /api/phases/:id/plan', { params, body: { ...to, end: '2026-11-20' } })).toBe(
      'time_order',
    )
    const after = await manager.ok('POST /api/phases/:id/plan', { params, body: to })
    expect(after.phases[1]).toMatchObject({ plannedStart: '2026-11-30', baselineStart: p.phases[1]!.baselineStart })
    expect(after.milestones[0]).toMatchObject({ plannedOn: '2026-11-27', baselineOn: p.milestones[0]!.baselineOn })
    const second = await manager.refused(
      'POST /api/phases/:id/plan',
      { params, body: to },
      { 'if-match': `"${p.rev}"` },
    )
    expect(second).toBe('changed_meanwhile')
  })
})

describe('a project on its way', () => {
  it('pauses with a reason and goes on with the plan moved', async () => {
    const p = await create()
    const params = { id: p.id }
    const b = { reason: '大厅二次装修', responsibility: 'customer' as const }
    await manager.ok('POST /api/projects/:id/pause', { params, body: b })
    expect(await manager.refused('POST /api/projects/:id/pause', { params, body: b })).toBe('state_forbids')
    expect(await manager.refused('POST /api/phases/:id/start', { params: { id: p.phases[0]!.id }, body: {} })).toBe(
      'state_forbids',
    )
    await days(14)
    await system(refreshProjects)
    expect((await read(p.id)).health.level).toBe('good')
    const after = await manager.ok('POST /api/projects/:id/resume', { params, body: { movePlan: true } })
    expect(after.pause).toBeNull()
    expect(after.phases[0]!.plannedStart > '2026-12-01').toBe(true)
  })
  it('gives people the project and takes it away, but not from who answers for a phase', async () => {
    const p = await create({ owners: {} })
    const colleague = await w.person('engineer')
    const params = { id: p.id }
    expect(await colleague.refused('GET /api/projects/:id', { params })).toBe('not_found')
    const people = (ids: string[]) =>
      manager.call('POST /api/projects/:id/people', { params, body: { managerId: manager.id, people: ids } })
    await people([colleague.id])
    expect((await read(p.id, colleague)).can).toMatchObject({ edit: false })
    expect(await engineer.refused('GET /api/projects/:id', { params })).toBe('not_found')
    await manager.ok('POST /api/phases/:id/owner', {
      params: { id: p.phases[3]!.id },
      body: { ownerId: engineer.id },
    })
    expect((await people([colleague.id])).body).toMatchObject({ code: 'owner_leaves', params: { name: engineer.name } })
    expect((await colleague.ok('GET /api/notices', {})).rows.map((n) => n.code)).toContain('project_joined')
  })
  it('is accepted when every phase before the last has ended', async () => {
    const p = await create()
    const accept = () =>
      manager.call('POST /api/projects/:id/accept', { params: { id: p.id }, body: { on: '2026-11-23' } })
    expect((await accept()).body).toMatchObject({ code: 'phases_open' })
    for (const f of p.phases.slice(0, -1)) {
      await manager.ok('POST /api/phases/:id/start', { params: { id: f.id }, body: {} })
      await manager.ok('POST /api/phases/:id/finish', { params: { id: f.id }, body: { reason: '补录' } })
    }
    const after = (await accept()).body
    expect(after).toMatchObject({ state: 'accepted', acceptedOn: '2026-11-23', progress: { actual: 100 } })
    expect(after.phases.at(-1)).toMatchObject({ actualEnd: '2026-11-23' })
    expect(await manager.refused('PATCH /api/projects/:id', { params: { id: p.id }, body: { name: 'x' } })).toBe(
      'state_forbids',
    )
  })
})

describe('health', () => {
  it('turns by the clock, says why once, and tells the manager', async () => {
    const p = await create()
    await days(12)
    await system(refreshProjects)
    await system(refreshProjects)
    const late = await read(p.id)
    expect(late.health).toMatchObject({
      level: 'risk',
      causes: [
        { code: 'overdue_phase', refs: [{ kind: 'phase', id: p.phases[0]!.id }] },
        { code: 'phase_slipping', refs: [{ kind: 'phase', id: p.phases[1]!.id }] },
      ],
    })
    expect(late.events.filter((e) => e.message.code === 'project.health_changed')).toHaveLength(1)
    expect((await manager.ok('GET /api/notices', {})).rows[0]).toMatchObject({ code: 'project_at_risk' })
  })
  it('comes and goes with the signals of later rooms, each with the thing that it comes from', async () => {
    const p = await create()
    const survey = newId()
    const raise = () =>
      system((ctx) =>
        setSignals(ctx, p.id, [
          {
            cause: 'low_score',
            ref: { kind: 'survey', id: survey },
            at: w.clock.now(),
            params: { score: 45 },
          },
        ]),
      )
    await raise()
    await raise()
    const risky = await read(p.id)
    expect(risky.health.causes[0]).toMatchObject({ code: 'low_score', refs: [{ kind: 'survey', id: survey }] })
    expect(risky.anomalies).toMatchObject([{ cause: 'low_score', params: { score: 45 }, clearedAt: null }])
    await system((ctx) => setSignals(ctx, p.id, []))
    const calm = await read(p.id)
    expect(calm.health.level).toBe('good')
    expect(calm.anomalies[0]?.clearedAt).not.toBeNull()
    expect(calm.events.filter((e) => e.message.code === 'project.health_changed')).toHaveLength(2)
  })
  it('counts orders and person-days, and an overrun is a cause', async () => {
    const p = await create({ budgetPersonDays: 2 })
    await system((ctx) => setTally(ctx, p.id, { ordersTotal: 3, ordersOpen: 2, ordersLate: 1, usedMin: 1200 }))
    const after = await read(p.id)
    expect(after.orders).toEqual({ total: 3, open: 2, late: 1 })
    expect(after.budget).toEqual({ plannedDays: 2, usedDays: 2.5 })
    expect(after.health.causes[0]).toMatchObject({ code: 'over_budget', params: { percent: 125 } })
  })
})

describe('the portfolio', () => {
  it('shows what is in sight, the worst first, page by page', async () => {
    const all: string[] = []
    let after: string | undefined
    do {
      const { rows, next } = await executive.ok('GET /api/projects', {
        query: { limit: 2, ...(after ? { after } : {}) },
      })
      all.push(...rows.map((x) => x.id))
      after = next ?? undefined
    } while (after)
    const { n } = await w.db.one<{ n: number }>(sql`select count(*) as n from projects`)
    expect(new Set(all).size).toBe(n)
    expect(all).toHaveLength(n)
    const list = await executive.ok('GET /api/projects', { query: {} })
    const rank = { risk: 0, watch: 1, unknown: 2, good: 3 }
    const open = list.rows.filter((x) => x.state !== 'accepted').map((x) => rank[x.health.level])
    expect(open).toEqual([...open].sort())
    expect(list.counts.risk + list.counts.watch + list.counts.good + list.counts.unknown).toBe(open.length)
    expect((await outsider.ok('GET /api/projects', { query: {} })).rows).toEqual([])
    expect(list.rows.every((x) => Object.entries(x.can).every(([, v]) => !v))).toBe(true)
  })
  it('finds by Chinese words and filters by health', async () => {
    const found = await manager.ok('GET /api/projects', { query: { q: '星海' } })
    expect(found.rows.length).toBeGreaterThan(0)
    expect((await manager.ok('GET /api/projects', { query: { q: '不存在' } })).rows).toEqual([])
    const risk = await manager.ok('GET /api/projects', { query: { health: 'risk' } })
    expect(risk.rows.every((x) => x.health.level === 'risk')).toBe(true)
  })
})

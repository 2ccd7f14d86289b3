import ExcelJS from 'exceljs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Field, field, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { ensureProjectTemplates, standardTemplate } from '../projects'
import { answerSurvey, ensureDefinition, surveyOfVisit } from '../surveys'
import { rebuildMetrics } from '.'
import { syncProject } from './signals'

let f: Field
let zhang: Client
let li: Client
let hr: Client
let executive: Client
let north: Client
let manager: Client
let projectId: string
const period = { from: '2026-11-23', to: '2026-11-23' }
const formula = '=HYPERLINK("http://evil.example","点我")'

/** One visit from the offer to the customer's answer; the clock is where it started afterwards. */
async function serve(
  engineer: Client,
  o: { arrive: number; score: number | null; order?: Record<string, unknown>; accept?: boolean },
) {
  const start = f.w.clock.at
  f.w.clock.at = f.at(9)
  const order = await f.order({
    type: 'repair',
    promise: { start: f.at(10).toISOString(), end: f.at(12).toISOString() },
    ...o.order,
  })
  const v = await f.offer(engineer, {
    orderId: order.id,
    promise: { start: f.at(10).getTime(), end: f.at(12).getTime() },
  })
  const params = { id: v.id }
  f.w.clock.advance(12)
  await engineer.ok('POST /api/visits/:id/take', { params, body: {} })
  f.w.clock.at = f.at(o.arrive)
  await engineer.ok('POST /api/visits/:id/check-in', { params, body: { fix: goodFix } })
  await engineer.ok('POST /api/visits/:id/start', { params, body: {} })
  f.w.clock.advance(45)
  await engineer.ok('POST /api/visits/:id/finish', { params, body: { result: 'done' } })
  if (o.accept !== false) await f.dispatcher.ok('POST /api/orders/:id/accept', { params: { id: order.id }, body: {} })
  await f.w.settle()
  if (o.score !== null) {
    const r = o.score
    await f.w.app.asSystem('test.answer', async (ctx) => {
      const s = await surveyOfVisit(ctx.db, v.id)
      const ratings = { overall: r, result: r, punctual: r, attitude: r }
      await answerSurvey(ctx, s?.id as string, { ratings, tags: [], words: '', nps: null }, [])
    })
    await f.w.settle()
  }
  f.w.clock.at = start
  return { orderId: order.id, visitId: v.id }
}
const kpis = async (who: Client, query: object = {}) => {
  const answer = await who.ok('GET /api/metrics/kpis', { query: { ...period, subject: 'company', ...query } as never })
  return { ...answer, of: (code: string) => answer.kpis.find((k) => k.code === code)! }
}

let late: { orderId: string; visitId: string }
beforeAll(async () => {
  f = await field()
  const { w } = f
  await ensureDefinition(w.db, w.clock.now())
  await ensureProjectTemplates(w.db, w.clock.now())
  zhang = await f.engineer('张工')
  li = await f.engineer('李工')
  hr = await w.person('hr', 'all')
  executive = await w.person('executive', 'all')
  north = await w.person('supervisor', 'team', w.teams.northOne)
  manager = await w.person('project_manager', 'team')
  const p = await manager.ok('POST /api/projects', {
    body: {
      name: '影像系统升级',
      customerId: f.customerId,
      templateId: standardTemplate.id,
      startsOn: '2026-11-23',
      managerId: manager.id,
      budgetPersonDays: 20,
    },
  })
  projectId = p.id
  // In time and praised; late and badly rated, for the project; in time, open, unanswered; cancelled.
  await serve(zhang, { arrive: 11, score: 5, order: { title: formula, assetId: null } })
  late = await serve(zhang, { arrive: 13, score: 2, order: { projectId } })
  await serve(li, { arrive: 11, score: null, accept: false, order: { assetId: null, skills: [] } })
  w.clock.at = f.at(9)
  const cancelled = await f.order({ promise: { start: f.at(10).toISOString(), end: f.at(12).toISOString() } })
  await f.dispatcher.ok('POST /api/orders/:id/cancel', {
    params: { id: cancelled.id },
    body: { responsibility: 'customer', reason: '客户取消' } as never,
  })
  w.clock.at = f.at(20)
  await w.settle()
}, 60_000)
afterAll(() => f.w.close())

describe('a number', () => {
  it('carries n, what was left out and why, the definition and its moment', async () => {
    const k = await kpis(hr)
    expect(k.period).toEqual({ ...period, zone: 'Asia/Shanghai', asOf: f.at(20).toISOString() })
    // Due at 12:00: both of 张工 were accepted today, 李工's is still open; the cancelled one is listed.
    expect(k.of('completion')).toMatchObject({
      value: 2 / 3,
      n: 3,
      version: 1,
      interval: null,
      excluded: [{ reason: 'cancelled', n: 1 }],
      provisional: true,
    })
    expect(k.of('completion_on_time')).toMatchObject({ value: 1 / 3 })
    expect(k.of('on_time_arrival')).toMatchObject({ value: 2 / 3, n: 3 })
    expect(k.of('good_rate')).toMatchObject({ value: 1 / 2, n: 2, excluded: [{ reason: 'not_answered', n: 1 }] })
    expect(k.of('response_rate')).toMatchObject({ value: 2 / 3, n: 3 })
    // Ordered at 9, first contact was the arrival: 120, 180 and 120 minutes of office hours, without the break at noon.
    expect(k.of('response_team')).toMatchObject({ value: 140, median: 120, n: 3 })
    expect(k.of('response_person').value).toBeCloseTo(12, 3)
  })
  it('of a person counts his own part, without the first response of the desk', async () => {
    const k = await kpis(hr, { subject: 'person', id: zhang.id })
    expect(k.subject).toEqual({ subject: 'person', id: zhang.id, name: '张工' })
    expect(k.of('completion')).toMatchObject({ value: 1, n: 2, excluded: [] })
    expect(k.of('on_time_arrival')).toMatchObject({ value: 0.5, n: 2 })
    expect(k.of('response_team')).toBeUndefined()
  })
  it('of a team counts the teams below it', async () => {
    expect((await kpis(hr, { subject: 'team', id: f.w.teams.east })).of('completion').n).toBe(3)
    expect((await kpis(hr, { subject: 'team', id: f.w.teams.north })).of('completion').n).toBe(0)
  })
  it('has a trend by week that is cut to the period', async () => {
    const k = await kpis(hr, { from: '2026-11-10', trend: 'week' })
    expect(k.of('completion').trend).toEqual([
      { from: '2026-11-10', to: '2026-11-15', value: null, n: 0, provisional: false },
      { from: '2026-11-16', to: '2026-11-22', value: null, n: 0, provisional: false },
      { from: '2026-11-23', to: '2026-11-23', value: 2 / 3, n: 3, provisional: true },
    ])
  })
  it('stands in a table of people and of teams', async () => {
    const people = await hr.ok('GET /api/metrics/table', { query: { ...period, by: 'person' } })
    expect(people.rows.map((r) => [r.name, r.kpis[0]?.n]).sort()).toEqual([
      ['张工', 2],
      ['李工', 1],
    ])
    const teams = await hr.ok('GET /api/metrics/table', { query: { ...period, by: 'team' } })
    expect(Object.fromEntries(teams.rows.map((r) => [r.name, r.kpis[0]?.n]))).toMatchObject({
      华东: 3,
      华东一队: 3,
      华北: 0,
    })
  })
})

describe('behind a number', () => {
  const rows = (query: object, who = hr) =>
    who.ok('GET /api/metrics/rows', { query: { ...period, subject: 'company', ...query } as never })
  it('stand its rows, counted or left out with the reason, page by page', async () => {
    const all = await rows({ kpi: 'completion' })
    expect(all.rows.map((r) => [r.counted, r.hit, r.reason])).toEqual(
      expect.arrayContaining([
        [true, true, null],
        [true, false, null],
        [false, null, 'cancelled'],
      ]),
    )
    expect(all.total).toBe(all.kpi.n + 1)
    const paged: string[] = []
    let after: string | undefined
    do {
      const page = await rows({ kpi: 'completion', limit: 1, ...(after ? { after } : {}) })
      paged.push(...page.rows.map((r) => r.id))
      after = page.next ?? undefined
    } while (after)
    expect(paged).toEqual(all.rows.map((r) => r.id))
    const missed = await rows({ kpi: 'on_time_arrival', show: 'missed' })
    expect(missed.rows).toMatchObject([
      { kind: 'visit', visitId: late.visitId, orderId: late.orderId, value: 60, engineers: ['张工'] },
    ])
    expect((await rows({ kpi: 'completion', show: 'excluded' })).rows).toHaveLength(1)
  })
  it('names the clock of an SLA row and refuses a number that a person has not', async () => {
    expect((await rows({ kpi: 'sla_compliance' })).rows.every((r) => r.clock !== null)).toBe(true)
    const query = { ...period, subject: 'person', id: zhang.id, kpi: 'response_team' } as never
    expect(await hr.refused('GET /api/metrics/rows', { query })).toBe('invalid_input')
  })
  it('refuses periods and subjects that make no sense', async () => {
    const refused = (query: object) =>
      hr.refused('GET /api/metrics/kpis', { query: { ...period, subject: 'company', ...query } as never })
    expect(await refused({ from: '2026-11-24' })).toBe('time_order')
    expect(await refused({ from: '2020-01-01' })).toBe('period_too_long')
    expect(await refused({ subject: 'team' })).toBe('invalid_input')
    expect(await refused({ subject: 'person', id: f.customerId })).toBe('not_found')
  })
})

describe('who sees what', () => {
  const asked = (who: Client, query: object) =>
    who.call('GET /api/metrics/kpis', { query: { ...period, subject: 'company', ...query } as never })
  it('an engineer sees himself and nobody else', async () => {
    expect((await kpis(zhang, { subject: 'person' })).of('completion').n).toBe(2)
    expect((await asked(zhang, {})).status).toBe(403)
    expect((await asked(zhang, { subject: 'person', id: li.id })).status).toBe(404)
    expect((await asked(zhang, { subject: 'team', id: f.w.teams.eastOne })).status).toBe(404)
    const table = await zhang.ok('GET /api/metrics/table', { query: { ...period, by: 'person' } })
    expect(table.rows.map((r) => r.name)).toEqual(['张工'])
    expect((await zhang.ok('GET /api/metrics/definitions')).subjects).toEqual({ company: false, teams: [], self: true })
    expect(await zhang.refused('GET /api/metrics/export', { query: { ...period, subject: 'person' } })).toBe(
      'forbidden',
    )
  })
  it('a supervisor sees his team, the executive all, a dispatcher none', async () => {
    expect((await asked(f.supervisor, { subject: 'team', id: f.w.teams.eastOne })).status).toBe(200)
    expect((await asked(f.supervisor, { subject: 'team', id: f.w.teams.east })).status).toBe(404)
    expect((await asked(f.supervisor, {})).status).toBe(403)
    expect((await asked(north, { subject: 'person', id: zhang.id })).status).toBe(404)
    expect((await north.ok('GET /api/metrics/table', { query: { ...period, by: 'team' } })).rows).toHaveLength(1)
    expect((await asked(executive, {})).status).toBe(200)
    expect((await asked(f.dispatcher, {})).status).toBe(403)
    const query = { ...period, subject: 'person', id: zhang.id } as never
    expect(await north.refused('GET /api/metrics/export', { query })).toBe('not_found')
  })
})

describe('an export', () => {
  const file = (query: object) =>
    hr.call('GET /api/metrics/export', { query: { ...period, subject: 'company', ...query } as never })
  it('is a workbook in which no text is a formula', async () => {
    const answer = await file({ kpi: 'completion' })
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="kpi-completion-2026-11-23-2026-11-23.xlsx"',
    )
    const book = new ExcelJS.Workbook()
    await book.xlsx.load(answer.body as never)
    expect(book.worksheets.map((s) => s.name)).toEqual(['指标', '人员', '明细'])
    const cells: ExcelJS.Cell[] = []
    for (const sheet of book.worksheets) sheet.eachRow((row) => row.eachCell((c) => cells.push(c)))
    expect(cells.filter((c) => c.type === ExcelJS.ValueType.Formula || c.type === ExcelJS.ValueType.Hyperlink)).toEqual(
      [],
    )
    const risky = cells.filter((c) => String(c.value).startsWith('='))
    expect(risky.map((c) => [c.value, c.type, c.numFmt])).toEqual([[formula, ExcelJS.ValueType.String, '@']])
    expect(cells.map((c) => c.value)).toContain('工单完成率')
    expect(cells.map((c) => c.value)).toContain('已取消 1')
  })
  it('is a CSV in which a formula is a text, in the language of the reader', async () => {
    const zh = String(
      await file({ kpi: 'completion', format: 'csv' }).then((a) => (a.body as unknown as Buffer).toString('utf8')),
    )
    expect(zh.startsWith('\ufeff时间,工单号')).toBe(true)
    expect(zh).toContain(`"'=HYPERLINK(""http://evil.example"",""点我"")"`)
    await hr.ok('POST /api/session/locale', { body: { locale: 'en-US' } })
    const en = (await file({ format: 'csv' })).body as unknown as Buffer
    expect(en.toString('utf8')).toMatch(/^\ufeffName,Team,Completion rate \(%\),n/)
    await hr.ok('POST /api/session/locale', { body: { locale: 'zh-CN' } })
  })
})

describe('facts', () => {
  const stand = () =>
    f.w.db.query<object>(
      sql`select kind, subject_id, body, people, team_id, first_at, last_at from fact_heads order by kind, subject_id`,
    )
  it('are appended and never changed; what stands supersedes what stood', async () => {
    const { n, first } = await f.w.db.one<{ n: number; first: number }>(
      sql`select count(*) as n, count(*) filter (where supersedes is null) as first from facts`,
    )
    expect(first).toBe((await stand()).length)
    expect(n).toBeGreaterThan(first)
    await expect(f.w.db.run(sql`delete from facts`)).rejects.toThrow('append-only')
    await expect(f.w.db.run(sql`update facts set body = '{}'`)).rejects.toThrow('append-only')
  })
  it('come out the same when they are computed anew', async () => {
    const before = await stand()
    expect(before.length).toBeGreaterThan(8)
    expect(await f.w.app.asSystem('test', rebuildMetrics)).toEqual({ orders: 4, appended: 0 })
    await f.w.db.run(sql`truncate facts, fact_heads`)
    expect((await f.w.app.asSystem('test', rebuildMetrics)).appended).toBe(before.length)
    expect(await stand()).toEqual(before)
  })
  it('change a number when a person says that an order was a test', async () => {
    await f.dispatcher.ok('POST /api/orders/:id/mark', {
      params: { id: late.orderId },
      body: { as: 'test', reason: '演练' } as never,
    })
    await f.w.settle()
    expect((await kpis(hr)).of('completion')).toMatchObject({ n: 2, value: 0.5 })
    await f.dispatcher.ok('POST /api/orders/:id/mark', {
      params: { id: late.orderId },
      body: { as: null, reason: '不是演练' } as never,
    })
    await f.w.settle()
    expect((await kpis(hr)).of('completion')).toMatchObject({ n: 3 })
  })
})

describe('a project', () => {
  const read = () => manager.ok('GET /api/projects/:id', { params: { id: projectId } })
  it('hears of a late arrival and a low score, with the things that they come from', async () => {
    const p = await read()
    expect(p.health.level).toBe('risk')
    expect(p.health.causes.map((c) => c.code)).toEqual(['low_score', 'late_checkin'])
    expect(p.health.causes[1]?.refs).toEqual([{ kind: 'visit', id: late.visitId }])
    expect(p.anomalies.find((a) => a.cause === 'late_checkin')?.params).toMatchObject({ engineer: '张工', lateMin: 60 })
    expect(p.orders).toEqual({ total: 1, open: 0, late: 0 })
    expect(p.budget.usedDays).toBe(0.1)
  })
  it('hears of an order that became overdue while nobody did anything, once', async () => {
    const o = await f.order({
      projectId,
      assetId: null,
      promise: { start: f.at(20, 30).toISOString(), end: f.at(21).toISOString() },
    })
    f.w.clock.at = f.at(22)
    await f.w.app.asSystem('test', (ctx) => syncProject(ctx, projectId))
    await f.w.app.asSystem('test', (ctx) => syncProject(ctx, projectId))
    const p = await read()
    expect(p.orders).toEqual({ total: 2, open: 1, late: 1 })
    expect(p.health.causes.find((c) => c.code === 'overdue_order')?.refs).toEqual([{ kind: 'order', id: o.id }])
    const tallied = await f.w.db.query(
      sql`select 1 from events where type = 'project.tallied' and (payload ->> 'ordersLate')::int = 1`,
    )
    expect(tallied).toHaveLength(1)
    f.w.clock.at = f.at(20)
  })
})

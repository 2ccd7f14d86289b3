import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { foldVisit, type VisitState } from '#lifecycle'
import { firstRun } from '../src/boot'
import { modules } from '../src/modules'
import { type DocumentRow, ensureTemplates, findDocument } from '../src/modules/documents'
import { contentHash } from '../src/modules/documents/rules'
import { kpis } from '../src/modules/metrics/queries'
import { authenticator, demoPassword } from '../src/modules/people'
import { ensureProjectTemplates } from '../src/modules/projects'
import { ensureDefinition } from '../src/modules/surveys'
import { peopleOf as peopleOfVisit } from '../src/modules/visits/rules'
import { factsOfOrder, saveVisit } from '../src/modules/visits/store'
import { lockOrder, type OrderRow } from '../src/modules/workorders'
import { project } from '../src/modules/workorders/order'
import { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { historyOf, toLifecycle } from '../src/platform/events'
import { LocalFiles } from '../src/platform/files'
import { verifyChain } from '../src/platform/journal'
import { silent } from '../src/platform/logging'
import { systemActor } from '../src/platform/policy'
import { template } from '../test/db'
import { TestClock, type World, world } from '../test/world'
import { demoSeed, seedDemo } from '.'
import { Living } from './living'

/** A Monday, half past two in the afternoon: the busiest hour of the demo. */
const clock = new TestClock(new Date('2026-11-23T06:30:00Z'))
const folder = mkdtempSync(join(tmpdir(), 'zhuchang-demo-'))
const said: string[] = []
let w: World

beforeAll(async () => {
  await template('tpl_demo', async (url) => {
    const app = new App({
      databaseUrl: url,
      files: new LocalFiles(folder),
      log: silent,
      clock,
      zone: 'Asia/Shanghai',
      demo: true,
      publicUrl: 'http://localhost',
      secret: Buffer.alloc(32, 7),
      modules,
      authenticator: authenticator(true, clock),
      version: 'test',
    })
    try {
      const db = wrap(app.pool)
      await ensureTemplates(db, clock.now())
      await ensureDefinition(db, clock.now())
      await ensureProjectTemplates(db, clock.now())
      await seedDemo(app, (line) => said.push(line))
    } finally {
      await app.stop()
    }
  })
  w = await world({ template: 'tpl_demo', clock })
}, 480_000)

afterAll(async () => {
  await w.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Every list and report that a page asks for, with what it asks. */
const pages: [path: string, query?: string][] = [
  ['/api/customers'],
  ['/api/sites'],
  ['/api/dispatch/board', 'from=2026-11-22T16:00:00Z&to=2026-11-23T16:00:00Z'],
  ['/api/dispatch/log'],
  ['/api/dispatch/policy'],
  ['/api/document-templates'],
  ['/api/documents'],
  ['/api/checklists'],
  ['/api/parts'],
  ['/api/engineers'],
  ['/api/absences', 'from=2026-11-22T16:00:00Z&to=2026-11-30T16:00:00Z'],
  ['/api/skills'],
  ['/api/shifts'],
  ['/api/intake-sources'],
  ['/api/intake-items'],
  ['/api/metrics/definitions'],
  ['/api/metrics/kpis', 'subject=company&from=2026-11-01&to=2026-11-23'],
  ['/api/metrics/table', 'by=team&from=2026-11-01&to=2026-11-23'],
  ['/api/notices'],
  ['/api/orders'],
  ['/api/session'],
  ['/api/people'],
  ['/api/teams'],
  ['/api/audit'],
  ['/api/project-templates'],
  ['/api/projects'],
  ['/api/surveys'],
  ['/api/survey-definition'],
  ['/api/follow-ups'],
  ['/api/field/today'],
  ['/api/field/schedule', 'from=2026-11-23'],
  ['/api/visits/conflicts'],
  ['/api/visits/reviews'],
  ['/api/devices'],
]

describe('the demo company', () => {
  it('has a whole company with half a year of work', async () => {
    const n = await w.db.one<Record<string, number>>(sql`select
      (select count(*) from engineers) as engineers, (select count(*) from customers) as customers,
      (select count(*) from orders) as orders, (select count(*) from visits) as visits,
      (select count(*) from surveys where state = 'answered') as answers, (select count(*) from followups) as followups,
      (select count(*) from evidence where kind = 'photo') as photos, (select count(*) from message_photos) as shown,
      (select count(*) from projects) as projects`)
    expect(n.engineers).toBe(40)
    expect(n.customers).toBe(60)
    expect(n.orders).toBeGreaterThan(3000)
    expect(n.visits).toBeGreaterThan(3000)
    expect(n.answers).toBeGreaterThan(1000)
    expect(n.followups).toBeGreaterThan(20)
    expect(n.photos).toBeGreaterThan(50)
    expect(n.shown).toBeGreaterThan(10)
    expect(n.projects).toBe(8)
  })
  it('stands in an unbroken chain', async () => {
    expect(await verifyChain(w.app.pool)).toMatchObject({ ok: true, unsealed: 0 })
  }, 120_000)

  it('opens every page that its role may see, for each account of the sign-in page', async () => {
    const { accounts } = (await w.http.inject('/api/session/demo')).json() as {
      accounts: { userName: string; role: string }[]
    }
    expect(accounts.length).toBe(11)
    const wrong: string[] = []
    for (const a of accounts) {
      const signIn = await w.http.inject({
        method: 'POST',
        url: '/api/session',
        payload: { userName: a.userName, password: demoPassword },
      })
      const cookie = signIn.cookies.map((c) => `${c.name}=${c.value}`).join('; ')
      for (const [path, query] of pages) {
        const url = query ? `${path}?${query}` : path
        const answer = await w.http.inject({ url, headers: { cookie } })
        if (answer.statusCode === 403) continue
        if (answer.statusCode !== 200) wrong.push(`${a.role} ${url} ${answer.statusCode} ${answer.body.slice(0, 300)}`)
      }
    }
    expect(wrong).toEqual([])
  }, 120_000)
})

describe('what the writer put in', () => {
  /** Rows that every command of theirs would write in the same way; who touched them last and how often is the writer's. */
  const kept = (row: Record<string, unknown>) => {
    const { rev: _r, changed_at: _a, changed_by: _b, changed_by_name: _n, next_sla_at: _s, ...rest } = row
    return JSON.parse(JSON.stringify(rest)) as Record<string, unknown>
  }
  const orderRow = (id: string) => w.db.one<Record<string, unknown>>(sql`select * from orders where id = ${id}`)
  const visitRow = (id: string) => w.db.one<Record<string, unknown>>(sql`select * from visits where id = ${id}`)

  it('is what the stores make of the same events, for 200 orders', async () => {
    const orders = await w.db.query<{ id: string }>(
      sql`select id from orders where created_at < '2026-11-22T16:00:00Z' order by md5(id::text) limit 200`,
    )
    expect(orders.length).toBe(200)
    for (const { id } of orders) {
      const visits = await w.db.query<{ id: string }>(sql`select id from visits where order_id = ${id}`)
      const before = {
        order: kept(await orderRow(id)),
        visits: await Promise.all(visits.map(async (v) => kept(await visitRow(v.id)))),
      }
      await w.app.asSystem('test.replay', async (ctx) => {
        for (const v of visits) {
          const events = (await historyOf(ctx, 'visit', v.id)).map(toLifecycle)
          // Step by step, as the commands came: who held the visit before is known by nobody else.
          let people: string[] = []
          let former: string[] = []
          for (let n = 1; n <= events.length; n++) {
            const now = peopleOfVisit(foldVisit(events.slice(0, n) as never) as VisitState, [])
            former = [...new Set([...former, ...people])].filter((p) => !now.includes(p))
            people = now
          }
          const fold = foldVisit(events as never) as VisitState
          await saveVisit(ctx.db, { fold, candidates: [], former, people, now: ctx.now, by: null })
        }
        const row = (await lockOrder(ctx, id)) as OrderRow
        await project(ctx, row, { visits: await factsOfOrder(ctx.db, id) })
      })
      const after = {
        order: kept(await orderRow(id)),
        visits: await Promise.all(visits.map(async (v) => kept(await visitRow(v.id)))),
      }
      expect(after).toEqual(before)
    }
  }, 120_000)

  it('books nobody twice and nothing that is over', async () => {
    const twice = await w.db.query(sql`
      select a.engineer_id from engineer_occupancy a join engineer_occupancy b
        on a.engineer_id = b.engineer_id and a.during && b.during and a.ctid < b.ctid`)
    expect(twice).toEqual([])
    const over = await w.db.query(sql`
      select o.ref from engineer_occupancy o where o.kind in ('visit', 'travel') and not exists (
        select 1 from visits v where v.trip_id = o.ref and v.mode = 'onsite' and v.state in ('planned', 'offered', 'taken', 'en_route', 'on_site', 'working', 'paused'))`)
    expect(over).toEqual([])
    const unbooked = await w.db.query(sql`
      select v.id from visits v where v.mode = 'onsite' and v.engineer_id is not null
        and v.state in ('planned', 'offered', 'taken', 'en_route', 'on_site', 'working', 'paused')
        and not exists (select 1 from engineer_occupancy o where o.ref = v.trip_id and o.kind = 'visit')`)
    expect(unbooked).toEqual([])
  })

  it('keeps each signature bound to the paper that was signed', async () => {
    const signed = await w.db.query<{ id: string }>(
      sql`select id from documents where state = 'signed' order by md5(id::text) limit 100`,
    )
    const ctx = w.app.readContext(systemActor)
    for (const { id } of signed) {
      const d = (await findDocument(ctx, id)) as DocumentRow
      expect(d.signature?.document_hash).toBe(
        contentHash({
          templateKey: d.template_key,
          templateVersion: d.template_version,
          values: d.values,
          facts: d.facts,
        }),
      )
    }
  })

  it('gives numbers that a company of this kind could have', async () => {
    const facts = await w.app.asSystem('test.kpis', (ctx) =>
      kpis(ctx, { subject: 'company', from: '2026-10-01', to: '2026-10-31' } as never),
    )
    const value = (code: string) => facts.kpis.find((k) => k.code === code)?.value ?? 0
    for (const [code, low, high] of [
      ['completion', 0.9, 1],
      ['completion_on_time', 0.75, 0.97],
      ['good_rate', 0.85, 0.99],
      ['response_rate', 0.35, 0.65],
      ['on_time_arrival', 0.75, 0.97],
      ['first_time_fix', 0.7, 0.97],
      ['sla_compliance', 0.8, 0.98],
    ] as const)
      expect(value(code), code).toSatisfy((n: number) => n >= low && n <= high)
  })

  it('finds the health that the story tells of the projects', async () => {
    const rows = await w.db.query<{ number: string; state: string; health_level: string; causes: string[] }>(
      sql`select number, state, health_level, array(select c ->> 'code' from jsonb_array_elements(health_causes) c) as causes from projects order by number`,
    )
    const of = (n: number) => rows[n - 1]
    expect(of(2)).toMatchObject({ health_level: 'risk', causes: expect.arrayContaining(['overdue_phase']) })
    expect(of(3)).toMatchObject({ health_level: 'risk', causes: expect.arrayContaining(['low_score']) })
    expect(of(4)?.causes).toContain('late_checkin')
    expect(of(5)).toMatchObject({ state: 'paused' })
    expect(of(8)).toMatchObject({ state: 'accepted' })
  })

  it('has a day in progress: somebody on the way, somebody at work, an emergency that waits, a declined offer', async () => {
    const states = await w.db.query<{ state: string; n: number }>(sql`
      select state, count(*) as n from visits where planned_start >= '2026-11-22T16:00:00Z' and planned_start < '2026-11-23T16:00:00Z' group by 1`)
    const n = (state: string) => states.find((s) => s.state === state)?.n ?? 0
    expect(n('finished')).toBeGreaterThan(8)
    expect(n('working') + n('on_site') + n('en_route')).toBeGreaterThan(4)
    expect(n('taken')).toBeGreaterThan(4)
    const declined = await w.db.query(
      sql`select 1 from visits where state = 'declined' and ended_at > '2026-11-22T16:00:00Z'`,
    )
    expect(declined.length).toBeGreaterThan(0)
    const queue = await w.db.query<{ priority: string }>(
      sql`select priority from orders where state in ('new', 'unassigned')`,
    )
    expect(queue.length).toBeGreaterThan(5)
    expect(queue.some((o) => o.priority === 'urgent')).toBe(true)
  })

  it('starts once: a second start finds the company and leaves it alone', async () => {
    const before = await w.db.one<{ n: number }>(sql`select count(*) as n from orders`)
    await firstRun(w.app, () => {})
    expect(await w.db.one(sql`select count(*) as n from orders`)).toEqual(before)
  })
})

describe('the day goes on by itself', () => {
  const open = () =>
    w.db.query<{ id: string; state: string; demo: boolean }>(sql`
      select v.id, v.state, u.user_name = 'gumingxuan' as demo from visits v join users u on u.id = v.engineer_id
      where v.state in ('offered', 'taken', 'en_route', 'on_site', 'working') and v.planned_start < '2026-11-23T16:00:00Z'`)

  it('moves what is due and leaves the visitor his own engineer', async () => {
    const before = await open()
    for (let minute = 0; minute < 45; minute++) {
      clock.advance(1)
      await new Living(w.app, demoSeed).tick()
    }
    const states = new Map(
      (await w.db.query<{ id: string; state: string }>(sql`select id, state from visits`)).map((v) => [v.id, v.state]),
    )
    const moved = before.filter((v) => states.get(v.id) !== v.state)
    expect(moved.length).toBeGreaterThan(5)
    expect(moved.filter((v) => v.demo)).toEqual([])
    expect(await w.db.query(sql`select 1 from visit_conflicts`)).toEqual([])
  }, 120_000)

  it('acts for nobody who is signed in', async () => {
    const [busy] = await w.db.query<{ id: string; user_name: string; engineer_id: string }>(sql`
      select v.id, u.user_name, v.engineer_id from visits v join users u on u.id = v.engineer_id
      where v.state = 'working' and u.user_name <> 'gumingxuan' order by v.planned_end limit 1`)
    if (!busy) throw new Error('nobody is at work')
    const answer = await w.http.inject({
      method: 'POST',
      url: '/api/session',
      payload: { userName: busy.user_name, password: demoPassword },
    })
    expect(answer.statusCode).toBe(200)
    for (let minute = 0; minute < 25; minute++) {
      clock.advance(1)
      await new Living(w.app, demoSeed).tick()
    }
    expect(await w.db.one(sql`select state from visits where id = ${busy.id}`)).toEqual({ state: 'working' })
  }, 120_000)
})

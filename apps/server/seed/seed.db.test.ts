import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../src/modules'
import { ensureTemplates } from '../src/modules/documents'
import { authenticator, demoPassword } from '../src/modules/people'
import { ensureProjectTemplates } from '../src/modules/projects'
import { ensureDefinition } from '../src/modules/surveys'
import { App } from '../src/platform/app'
import { sql, wrap } from '../src/platform/database/pool'
import { LocalFiles } from '../src/platform/files'
import { verifyChain } from '../src/platform/journal'
import { silent } from '../src/platform/logging'
import { template } from '../test/db'
import { TestClock, type World, world } from '../test/world'
import { seedDemo } from '.'

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
}, 240_000)

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
    console.warn(said.join('\n'))
    const n = await w.db.one<Record<string, number>>(sql`select
      (select count(*) from engineers) as engineers, (select count(*) from customers) as customers,
      (select count(*) from orders) as orders, (select count(*) from visits) as visits,
      (select count(*) from surveys where state = 'answered') as answers, (select count(*) from followups) as followups,
      (select count(*) from projects) as projects`)
    expect(n.engineers).toBe(40)
    expect(n.customers).toBe(60)
    expect(n.orders).toBeGreaterThan(3000)
    expect(n.visits).toBeGreaterThan(3000)
    expect(n.answers).toBeGreaterThan(1000)
    expect(n.followups).toBeGreaterThan(20)
    expect(n.projects).toBe(8)
  })
  it('stands in an unbroken chain', async () => {
    expect(await verifyChain(w.app.pool)).toMatchObject({ ok: true, unsealed: 0 })
  }, 60_000)

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
  }, 60_000)
})

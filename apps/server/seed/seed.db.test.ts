import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { modules } from '../src/modules'
import { ensureTemplates } from '../src/modules/documents'
import { authenticator } from '../src/modules/people'
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
})

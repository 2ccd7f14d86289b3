import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoSeed, seedDemo } from '../seed'
import { living } from '../seed/living'
import type { Config } from './config'
import { modules } from './modules'
import { ensureTemplates } from './modules/documents'
import { authenticator, hashPassword, insertTeam, insertUser, replaceGrants } from './modules/people'
import { ensureProjectTemplates } from './modules/projects'
import { ensureDefinition } from './modules/surveys'
import { App } from './platform/app'
import { type Clock, systemClock } from './platform/clock'
import { startEmbedded } from './platform/database/embedded'
import { openDatabaseUrl } from './platform/database/external'
import { migrate } from './platform/database/migrate'
import { sql, wrap } from './platform/database/pool'
import { LocalFiles } from './platform/files'
import { newId } from './platform/ids'
import type { Logger } from './platform/logging'

export const version = '0.1.0'

/** The key for customers' links: from the environment where several servers share a database, else a file of its own. */
function installationSecret(dataDir: string): Buffer {
  const given = process.env.ZHUCHANG_SECRET
  if (given) {
    if (given.length < 32) throw new Error('ZHUCHANG_SECRET 至少 32 个字符 / needs at least 32 characters')
    return Buffer.from(given)
  }
  const path = join(dataDir, 'secret.key')
  if (!existsSync(path)) {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(path, randomBytes(32), { mode: 0o600, flag: 'wx' })
  }
  return readFileSync(path)
}

export interface Opened {
  url: string
  close(): Promise<void>
}

/** Opens the embedded database or the user's own, and brings its schema up to date. */
export async function openDatabase(
  config: Config,
  say: (line: string) => void,
  onLost?: (error: Error) => void,
): Promise<Opened> {
  const opened: Opened = config.databaseUrl
    ? { url: await openDatabaseUrl(config.databaseUrl), close: async () => {} }
    : await (async () => {
        const embedded = await startEmbedded({ dataDir: config.dataDir, port: config.port, log: say, onLost })
        return { url: embedded.url, close: () => embedded.stop() }
      })()
  try {
    const applied = await migrate(opened.url)
    if (applied.length > 0) say(`数据库结构已更新：${applied.length} 项 · ${applied.length} migration(s) applied`)
  } catch (error) {
    await opened.close()
    throw error
  }
  return opened
}

/** The product over an open database, not yet running in the background and without its HTTP door. */
export function createApp(
  config: Config,
  databaseUrl: string,
  log: Logger,
  publicUrl: string,
  clock: Clock = systemClock,
): App {
  const app: App = new App({
    databaseUrl,
    files: new LocalFiles(join(config.dataDir, 'files')),
    log,
    clock,
    zone: 'Asia/Shanghai',
    demo: config.demo,
    publicUrl,
    secret: installationSecret(config.dataDir),
    outboundAllow: config.outboundAllow,
    modules: config.demo ? [...modules, living(() => app, demoSeed)] : modules,
    authenticator: authenticator(config.demo, clock),
    version,
  })
  return app
}

/** The built web pages, found from the checkout whether we run from source or from the bundle. */
export function webFolder(from: string): string | null {
  for (let at = from; ; at = join(at, '..')) {
    const folder = join(at, 'dist/web')
    if (existsSync(join(folder, 'desk.html')) || existsSync(join(folder, 'apps/web/desk.html'))) return folder
    if (at === '/' || at === join(at, '..')) return null
  }
}

const firstRunLock = 7_315_002

/**
 * Puts in what the product ships (templates, questions) and, into an empty database, the demo company or the first
 * administrator. Servers that start together do it once.
 */
export async function firstRun(app: App, say: (line: string) => void): Promise<void> {
  const client = await app.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [firstRunLock])
    const db = wrap(app.pool)
    await ensureTemplates(db, app.clock.now())
    await ensureDefinition(db, app.clock.now())
    await ensureProjectTemplates(db, app.clock.now())
    if (await db.maybe(sql`select 1 from users limit 1`)) return
    if (app.options.demo) {
      await seedDemo(app, say)
    } else await firstAdministrator(app, say)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [firstRunLock]).catch(() => {})
    client.release()
  }
}

async function firstAdministrator(app: App, say: (line: string) => void) {
  const password = randomBytes(12).toString('base64url')
  await app.asSystem('company.found', async (ctx) => {
    const company = newId()
    const id = newId()
    await insertTeam(ctx.db, { id: company, parentId: null, kind: 'company', name: '公司', position: 0 })
    await insertUser(ctx.db, {
      id,
      userName: 'admin',
      name: '管理员',
      phone: null,
      teamId: company,
      passwordHash: await hashPassword(password),
      now: ctx.now,
      by: null,
    })
    await replaceGrants(ctx.db, id, [{ role: 'administrator', scope: 'all', refId: null }])
    await ctx.emit({ type: 'person.added', aggregate: 'person', aggregateId: id, payload: { first: true } })
  })
  say(`管理员账号 admin，初始密码 ${password}（只显示这一次，登录后请修改）· first administrator, shown once`)
}

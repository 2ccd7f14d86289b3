// Composition root: config → database → modules → listen. The only file that knows everyone.
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createApp, firstRun, openDatabase, webFolder } from './boot'
import { readConfig } from './config'
import { demoPassword } from './modules/people'
import { sql, wrap } from './platform/database/pool'
import { buildHttp } from './platform/http'
import { lanCertificate, printQr } from './platform/lan'
import { createLogger } from './platform/logging'

const say = (line: string) => process.stdout.write(`  ${line}\n`)

async function main() {
  const config = readConfig()
  const log = createLogger(config.logLevel)
  mkdirSync(config.dataDir, { recursive: true })
  let stop: (code: number) => void = (code) => process.exit(code)
  const database = await openDatabase(config, say, (error) => {
    log.error({ error }, 'the database is lost')
    stop(1)
  })
  const host = config.lan ? '0.0.0.0' : (process.env.HOST ?? '127.0.0.1')
  const tls = config.lan ? await lanCertificate(config.dataDir) : null
  const address = tls ? (tls.addresses[0] ?? '127.0.0.1') : 'localhost'
  const publicUrl = config.publicUrl ?? `${config.lan ? 'https' : 'http'}://${address}:${config.port}`
  const app = createApp(config, database.url, log, publicUrl)

  const pages = webFolder(dirname(fileURLToPath(import.meta.url)))
  const http = await buildHttp(app, {
    trustProxy: config.trustProxy,
    ...(pages ? { pages } : {}),
    ...(tls ? { https: tls } : {}),
  })
  try {
    await firstRun(app, say)
    await app.startBackground()
    await http.listen({ port: config.port, host })
  } catch (error) {
    // A taken port, a seed that fails: the database is not left behind without its server.
    await app.stop().catch(() => {})
    await database.close()
    throw error
  }

  let stopping = false
  stop = (code) => {
    if (stopping) return
    stopping = true
    // Doors first, so that no new command comes in; what is running finishes; the database last.
    const giveUp = setTimeout(() => process.exit(code || 1), 10_000)
    giveUp.unref()
    const within = (ms: number, work: Promise<unknown>) =>
      Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))])
    // A request that hangs is cut off, a job that takes longer is rolled back and done again at the next start.
    within(1_500, http.close())
      .then(() => http.server.closeAllConnections())
      .then(() => within(2_000, app.stop()))
      .then(() => database.close())
      .then(() => process.exit(code))
      .catch((error) => {
        log.error({ error }, 'stopping failed')
        process.exit(1)
      })
  }
  process.on('SIGINT', () => stop(0))
  process.on('SIGTERM', () => stop(0))

  const accounts = config.demo
    ? await wrap(app.pool).query<{ user_name: string; name: string; role: string }>(sql`
    select distinct on (g.role) u.user_name, u.name, g.role from users u join user_grants g on g.user_id = u.id where u.demo order by g.role, u.created_at`)
    : []
  say('')
  say(`驻场已就绪 · Zhuchang is ready   ${publicUrl}`)
  if (tls) {
    say(`手机扫码打开（首次会提示证书由本机签发）· scan with a phone on the same network:`)
    process.stdout.write(`${await printQr(publicUrl)}\n`)
  }
  if (accounts.length > 0) {
    say(`演示账号（密码 ${demoPassword}，登录页可一键进入）· demo accounts:`)
    for (const a of accounts) say(`  ${a.user_name.padEnd(20)} ${a.name}  ${a.role}`)
  }
}

main().catch((error) => {
  process.stderr.write(`\n  ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

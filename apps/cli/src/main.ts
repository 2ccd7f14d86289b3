import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { Webhook } from 'standardwebhooks'
import { readConfig } from '../../server/src/config'
import { runningUrl, startEmbedded } from '../../server/src/platform/database/embedded'
import { openDatabaseUrl } from '../../server/src/platform/database/external'
import { openPool, type Pool } from '../../server/src/platform/database/pool'
import { newId } from '../../server/src/platform/ids'
import { verifyChain } from '../../server/src/platform/journal'

const usage = `zhuchang <command>

  audit verify   校验审计链，指出第一处断裂 · check the audit chain, name its first broken link
  intake send    按 Standard Webhooks 签名并推送一张订单 · sign an order and post it
                 --url http://localhost:8080/api/intake/crm --secret whsec_… --file order.json

ZHUCHANG_DATA, DATABASE_URL: as for npm start.`

const causes = {
  gap: '缺少一条记录 · an entry is missing',
  hash: '内容与哈希不符 · the entry was changed',
  personal: '个人信息与哈希不符 · its personal data was changed',
  head: '链头与最后一条不符 · the chain ends elsewhere than recorded',
}

/** Works on the database of a running server, or opens it for the time of the command. */
async function withDatabase<T>(work: (pool: Pool) => Promise<T>): Promise<T> {
  const config = readConfig()
  const beside = config.databaseUrl ? await openDatabaseUrl(config.databaseUrl) : runningUrl(config.dataDir)
  // A mistyped folder must not become a new, empty database.
  if (!beside && !existsSync(join(config.dataDir, 'postgres'))) {
    throw new Error(`${config.dataDir} 中没有数据库 · holds no database: set ZHUCHANG_DATA`)
  }
  const embedded = beside ? undefined : await startEmbedded({ dataDir: config.dataDir })
  const pool = openPool(beside ?? embedded!.url, 2)
  try {
    return await work(pool)
  } finally {
    await pool.end()
    await embedded?.stop()
  }
}

async function auditVerify(): Promise<number> {
  const verdict = await withDatabase((pool) => verifyChain(pool))
  if (verdict.ok) {
    console.log(
      `审计链完整：${verdict.checked} 条 · chain intact: ${verdict.checked} entries, ${verdict.unsealed} unsealed`,
    )
    return 0
  }
  console.log(`审计链在第 ${verdict.position} 条断裂 · first broken link: ${verdict.position} ${verdict.eventId ?? ''}`)
  console.log(`  ${causes[verdict.why as keyof typeof causes]}`)
  return 1
}

async function intakeSend(argv: string[]): Promise<number> {
  const { values } = parseArgs({
    args: argv,
    options: { url: { type: 'string' }, secret: { type: 'string' }, file: { type: 'string' }, id: { type: 'string' } },
  })
  if (!values.url || !values.secret || !values.file) {
    console.error(usage)
    return 2
  }
  const body = readFileSync(values.file, 'utf8')
  const id = values.id ?? `msg_${newId()}`
  const at = new Date()
  const answer = await fetch(values.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(values.secret).sign(id, at, body),
    },
    body,
  })
  console.log(`${answer.status} ${await answer.text()}`)
  return answer.ok ? 0 : 1
}

const commands: Record<string, (argv: string[]) => Promise<number>> = {
  'audit verify': auditVerify,
  'intake send': intakeSend,
}
const [noun, verb, ...rest] = process.argv.slice(2)
const run = commands[`${noun} ${verb}`]
if (run) {
  process.exitCode = await run(rest).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 2
  })
} else {
  console.log(usage)
  process.exitCode = [undefined, 'help', '--help', '-h'].includes(noun) ? 0 : 2
}

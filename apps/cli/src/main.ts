import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../../server/src/config'
import { runningUrl, startEmbedded } from '../../server/src/platform/database/embedded'
import { openDatabaseUrl } from '../../server/src/platform/database/external'
import { openPool, type Pool } from '../../server/src/platform/database/pool'
import { verifyChain } from '../../server/src/platform/journal'

const usage = `zhuchang <command>

  audit verify   校验审计链，指出第一处断裂 · check the audit chain, name its first broken link

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

const command = process.argv.slice(2).join(' ')
if (command === 'audit verify') {
  process.exitCode = await auditVerify().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return 2
  })
} else {
  console.log(usage)
  process.exitCode = ['', 'help', '--help', '-h'].includes(command) ? 0 : 2
}

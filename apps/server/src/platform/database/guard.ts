import { hostname } from 'node:os'
import pg from 'pg'
import { alive } from './postmaster'

// Any two numbers would do; they must only be the same in every server.
const LOCK = [0x7a68, 0x6301] as const

/** Another server has this data directory. Carries who, so that the message can name it. */
export class DataDirectoryTaken extends Error {
  constructor(
    readonly dataDir: string,
    readonly holder: string,
  ) {
    super(
      `The data directory ${dataDir} is in use by another Zhuchang server: ${holder}. ` +
        'Stop it first, or start this one with another ZHUCHANG_DATA; nothing was changed. ' +
        `数据目录 ${dataDir} 正被另一个驻场服务使用：${holder}。请先停止它，或另设 ZHUCHANG_DATA；本次启动未改动任何数据。`,
    )
    this.name = 'DataDirectoryTaken'
  }
}

/** The holder's own words, kept within PostgreSQL's 63 bytes: the host's name comes last and may lose its end. */
function card(port: number | undefined): string {
  const since = new Date().toISOString().slice(0, 19)
  return `zhuchang pid=${process.pid} port=${port ?? '-'} since=${since}Z host=${hostname()}`
}

function readCard(name: string): { pid: number; words: string } {
  const [, pid = '', port = '-', since = '', host = ''] =
    /^zhuchang pid=(\d+) port=(\S+) since=(\S+) host=(.*)$/.exec(name) ?? []
  return { pid: Number(pid), words: pid ? `pid ${pid}, host ${host}, port ${port}, since ${since}` : name }
}

/**
 * Takes the one place at this database. The lock lives on its own connection and dies with its process, so no crash
 * can leave it behind.
 */
export async function takeGuard(url: string, dataDir: string, port: number | undefined): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: card(port).slice(0, 63) })
  await client.connect()
  client.on('error', () => {}) // 'end' follows, and its listener knows what to do
  for (let attempt = 0; ; attempt++) {
    const { rows } = await client.query<{ got: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS got', [...LOCK])
    if (rows[0]?.got) return client
    const holder = await client.query<{ application_name: string }>(
      `SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)
       WHERE l.locktype = 'advisory' AND l.classid = $1 AND l.objid = $2 AND l.granted`,
      [...LOCK],
    )
    const name = holder.rows[0]?.application_name
    const who = name === undefined ? undefined : readCard(name)
    // A server killed a moment ago still has its place until PostgreSQL sees the closed socket.
    const leaving =
      who === undefined || (who.pid > 0 && name?.includes(` host=${hostname().slice(0, 6)}`) && !alive(who.pid))
    if (attempt >= 20 || (!leaving && attempt >= 1)) {
      await client.end()
      throw new DataDirectoryTaken(dataDir, who?.words ?? 'unknown')
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

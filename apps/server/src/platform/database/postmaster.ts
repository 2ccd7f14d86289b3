import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { basename, join } from 'node:path'

/** What PostgreSQL writes about itself into postmaster.pid. */
export interface PidFile {
  pid: number
  port: number
  status: string
}

export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number(lines[0])
    if (!Number.isInteger(pid) || pid <= 1) return undefined
    return { pid, port: Number(lines[3]), status: (lines[7] ?? '').trim() }
  } catch {
    return undefined
  }
}

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

// A killed child of a process that has not reaped it still has a number, but holds nothing.
function isZombie(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/**
 * Whether process `pid` is a PostgreSQL at work in `cluster`; undefined where the system does not tell.
 * A postmaster changes into its data directory, so program and working directory together are proof
 * (a start time is not: setting the clock moves it).
 */
export function servesCluster(pid: number, cluster: string): boolean | undefined {
  if (!alive(pid)) return false
  if (!existsSync('/proc/self/exe')) return undefined
  try {
    // An upgrade may have replaced the file: the kernel then adds " (deleted)".
    const program = basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''))
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(cluster)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
  }
  try {
    // Another user's process: its command line is public, and ours names the data directory.
    const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return basename(args[0] ?? '') === 'postgres' && args.includes(realpathSync(cluster))
  } catch {
    return false
  }
}

/** Every process at work in `cluster`, children included. Empty where the system does not tell. */
export function processesOf(cluster: string): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => servesCluster(pid, cluster))
  } catch {
    return []
  }
}

export type PidVerdict = 'absent' | 'dead' | 'recycled' | 'ours' | 'unknown'

/** Judges postmaster.pid: PostgreSQL itself believes any living process with that number. */
export function judgePidFile(cluster: string): PidVerdict {
  const file = readPidFile(cluster)
  if (!file) return 'absent'
  if (!alive(file.pid)) return 'dead'
  const ours = servesCluster(file.pid, cluster)
  if (ours === undefined) return 'unknown'
  return ours ? 'ours' : 'recycled'
}

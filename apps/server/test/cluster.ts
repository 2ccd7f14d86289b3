import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../src/platform/database/embedded'
import { migrate } from '../src/platform/database/migrate'
import { alive, processesOf } from '../src/platform/database/postmaster'

declare module 'vitest' {
  interface ProvidedContext {
    adminUrl: string
  }
}

/** One cluster for the run, with the migrated database `tpl` that every test file clones. */
export default async function setup(project: TestProject) {
  sweep()
  const dataDir = mkdtempSync(join(tmpdir(), `zhuchang-test-${process.pid}-`))
  const cluster = await startEmbedded({ dataDir: join(dataDir, 'data'), fsync: false })
  const adminUrl = new URL('/postgres', cluster.url).href
  const admin = new pg.Client(adminUrl)
  await admin.connect()
  await admin.query('CREATE DATABASE tpl')
  await admin.end()
  await migrate(new URL('/tpl', cluster.url).href)
  project.provide('adminUrl', adminUrl)
  return async () => {
    await cluster.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** Ends and removes what runs that were killed left behind. */
function sweep() {
  for (const name of readdirSync(tmpdir())) {
    const pid = /^zhuchang-test-(\d+)-/.exec(name)?.[1]
    if (!pid || alive(Number(pid))) continue
    const folder = join(tmpdir(), name)
    try {
      for (const left of processesOf(join(folder, 'data', 'postgres'))) process.kill(left, 'SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // Another user's, or another run sweeps it too.
    }
  }
}

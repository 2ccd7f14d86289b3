import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { startEmbedded } from '../apps/server/src/platform/database/embedded'
import { migrate } from '../apps/server/src/platform/database/migrate'

export interface Row {
  what: string
  atLeast: string
  measured: string
  ok: boolean
}

/** One measurement, in a file of its own; `npm run bench -- <name>`. */
export interface Bench {
  name: string
  run(o: { seed: number; say: (line: string) => void }): Promise<Row[]>
}

/** A database as the product uses it: the embedded one, with fsync. */
export async function database(): Promise<{ url: string; drop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-bench-'))
  const embedded = await startEmbedded({ dataDir: join(folder, 'data') })
  await migrate(embedded.url)
  return {
    url: embedded.url,
    async drop() {
      await embedded.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil((p / 100) * sorted.length) - 1)] ?? Number.NaN
}

export const ms = (v: number) => `${v.toFixed(v < 10 ? 1 : 0)} ms`

/** Runs one statement apart from the app's pool: bulk rows, ANALYZE. */
export async function bulk(url: string, text: string, values: unknown[] = []) {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await client.query(text, values)
  } finally {
    await client.end()
  }
}

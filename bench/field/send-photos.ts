// 200 photos of 4 MB from a real Chromium: 5 % of the pieces fail, the browser is killed three times.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findChromium } from '../../scripts/lib/browser.mjs'
import type { Row } from '../harness'
import { startServer } from '../server'
import { sendPhotos } from './photos.mjs'

export async function photos({ seed, say }: { seed: number; say: (line: string) => void }): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-bench-photos-'))
  const server = await startServer({ ZHUCHANG_DATA: join(folder, 'data') }, { waitMs: 300_000 })
  try {
    const count = Number(process.env.PHOTOS ?? 200)
    const r = await sendPhotos({
      base: server.url,
      chromiumPath: findChromium() as string,
      userName: 'gumingxuan',
      count,
      restarts: 3,
      share: 0.05,
      seed,
      say,
      minutes: 40,
    })
    return [
      {
        what: `${r.photos} photos of ${(r.size / r.photos / 1e6).toFixed(1)} MB, ${r.failed} of ${r.pieces} pieces failed, browser killed 3 times: arrived; twice; bytes re-sent`,
        atLeast: 'all; none; under 10 %',
        measured: `${r.arrived}; ${r.twice}; ${(r.resentShare * 100).toFixed(1)} %`,
        ok: r.arrived === r.photos && r.twice === 0 && r.notStored === 0 && r.resentShare < 0.1,
      },
    ]
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

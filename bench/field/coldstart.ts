// Cold start in flight mode: the installed app, 14 days back and ahead of eight visits a day, no network.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { fillMonth } from '../../e2e/lib/month.mjs'
import { findChromium } from '../../scripts/lib/browser.mjs'
import { ms, percentile, type Row } from '../harness'
import { freePort, startServer } from '../server'

const times = 20

export async function coldStart({ say }: { say: (line: string) => void }): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-bench-cold-'))
  const port = await freePort()
  const server = await startServer({ ZHUCHANG_DATA: folder }, { port, waitMs: 300_000 })
  const context = await chromium.launchPersistentContext(join(folder, 'browser'), {
    executablePath: findChromium() as string,
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    // Service workers live on localhost without https.
    const base = `http://localhost:${port}`
    const page = await context.newPage()
    await page.request.post(`${base}/api/session`, { data: { userName: 'gumingxuan', password: 'zhuchang-demo' } })
    await page.goto(`${base}/m/today`)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await page
      .getByText(/已同步/)
      .first()
      .waitFor()
    await context.setOffline(true)
    const kept = await page.evaluate(fillMonth)
    await page.close()
    say(`${kept} visits on the phone`)
    const took: number[] = []
    for (let i = 0; i < times; i++) {
      const cold = await context.newPage()
      const began = performance.now()
      await cold.goto(`${base}/m/today`)
      await cold.locator('.zc-route a').first().waitFor()
      took.push(performance.now() - began)
      await cold.close()
    }
    const p95 = percentile(took, 95)
    return [
      {
        what: `cold start in flight mode, ${kept} visits on the phone, to the list (${times} times)`,
        atLeast: 'under 2 s',
        measured: `p50 ${ms(percentile(took, 50))}, p95 ${ms(p95)}`,
        ok: p95 < 2_000,
      },
    ]
  } finally {
    await context.close()
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

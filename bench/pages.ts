// First load of the phone's and the customer's pages as Lighthouse sees it: mobile, slow 4G, 4× CPU, median of 5.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as chromeLauncher from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { findChromium } from '../scripts/lib/browser.mjs'
import { type Bench, percentile, type Row } from './harness'
import { freePort, type Server, signIn, startServer } from './server'

interface Figures {
  performance: number
  accessibility: number
  largestPaintMs: number
  blockedMs: number
  scriptKiB: number
}

/** One load in a browser that knows nothing yet. */
async function load(url: string, cookie: string | undefined): Promise<Figures> {
  const chrome = await chromeLauncher.launch({
    chromePath: findChromium() as string,
    chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
  try {
    const result = await lighthouse(url, {
      port: chrome.port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: ['performance', 'accessibility'],
      formFactor: 'mobile',
      locale: 'zh',
      ...(cookie ? { extraHeaders: { Cookie: cookie } } : {}),
    })
    const lhr = result?.lhr
    if (!lhr || lhr.runtimeError) throw new Error(`${url}: ${lhr?.runtimeError?.message ?? 'no result'}`)
    const number = (id: string) => lhr.audits[id]?.numericValue ?? Number.NaN
    const items = (
      lhr.audits['network-requests']?.details as { items?: { resourceType: string; transferSize: number }[] }
    )?.items
    const score = (category: string) => Math.round((lhr.categories[category]?.score ?? 0) * 100)
    return {
      performance: score('performance'),
      accessibility: score('accessibility'),
      largestPaintMs: number('largest-contentful-paint'),
      blockedMs: number('total-blocking-time'),
      scriptKiB:
        (items ?? []).filter((i) => i.resourceType === 'Script').reduce((n, i) => n + i.transferSize, 0) / 1024,
    }
  } finally {
    await chrome.kill()
  }
}

async function linkOf(server: Server): Promise<string> {
  const cookie = await signIn(server.url, 'yujing', 'zhuchang-demo')
  const ask = async (path: string, body?: unknown) => {
    const r = await fetch(`${server.url}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { cookie, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    if (!r.ok) throw new Error(`${path}: ${r.status} ${await r.text()}`)
    return r.json()
  }
  const { rows } = await ask('/api/orders?state=assigned&state=in_progress&limit=50')
  for (const order of rows) {
    const { visits } = await ask(`/api/orders/${order.id}/visits`)
    const visit = visits.find((v: { state: string }) => ['taken', 'on_site', 'working', 'en_route'].includes(v.state))
    if (visit) return (await ask(`/api/visits/${visit.id}/link`, { channel: 'contact' })).url
  }
  throw new Error('no visit has been taken in the demo')
}

const median = (runs: Figures[], of: keyof Figures) =>
  percentile(
    runs.map((r) => r[of]),
    50,
  )

export const bench: Bench = {
  name: 'pages',
  async run({ say }) {
    const folder = mkdtempSync(join(tmpdir(), 'zhuchang-pages-'))
    const port = await freePort()
    const server = await startServer(
      { ZHUCHANG_DATA: folder, ZHUCHANG_PUBLIC_RATE: '10000' },
      { port, waitMs: 180_000 },
    )
    const rows: Row[] = []
    try {
      const base = `http://localhost:${port}`
      const cookie = await signIn(server.url, 'gumingxuan', 'zhuchang-demo')
      const link = new URL(await linkOf(server))
      const pages = [
        { what: 'field, signed in', url: `${base}/m/today`, cookie, performance: 95, accessibility: 100, paint: 2000 },
        {
          what: 'field, sign-in',
          url: `${base}/m/today`,
          cookie: undefined,
          performance: 95,
          accessibility: 100,
          paint: 2000,
        },
        {
          what: "customer's link",
          url: `${base}${link.pathname}`,
          cookie: undefined,
          performance: 97,
          accessibility: 0,
          paint: null,
        },
      ]
      for (const p of pages) {
        const runs: Figures[] = []
        for (let i = 0; i < Number(process.env.RUNS ?? 5); i++) {
          runs.push(await load(p.url, p.cookie))
          say(`${p.what}: ${JSON.stringify(runs.at(-1))}`)
        }
        const of = (key: keyof Figures) => median(runs, key)
        rows.push({
          what: `first load, ${p.what} (Lighthouse mobile, slow 4G, 4× CPU, median of ${runs.length})`,
          atLeast: `performance ≥ ${p.performance}${p.accessibility ? `, accessibility ${p.accessibility}` : ''}${p.paint ? ', largest paint ≤ 2.0 s' : ''}`,
          measured: `performance ${of('performance')}, accessibility ${of('accessibility')}, largest paint ${(of('largestPaintMs') / 1000).toFixed(2)} s, blocked ${Math.round(of('blockedMs'))} ms, script ${Math.round(of('scriptKiB'))} KiB on the wire`,
          ok:
            of('performance') >= p.performance &&
            of('accessibility') >= p.accessibility &&
            (p.paint === null || of('largestPaintMs') <= p.paint),
        })
      }
      return rows
    } finally {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

// What a newcomer does: clone, npm start, open the page. Then again, with the data there.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench } from './harness'
import { freePort } from './server'

const s = (v: number) => `${(v / 1000).toFixed(1)} s`

export const bench: Bench = {
  name: 'clone',
  async run({ say }) {
    const folder = mkdtempSync(join(tmpdir(), 'zhuchang-clone-'))
    const checkout = join(folder, 'zhuchang')
    try {
      const port = await freePort()
      const began = Date.now()
      execFileSync('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), checkout])
      const first = await start(checkout, port, join(folder, 'npm'), say)
      const total = Date.now() - began
      await first.stop()
      const again = await start(checkout, port, join(folder, 'npm'), say)
      await again.stop()
      return [
        {
          what: 'fresh clone to usable demo page, packages from the registry with an empty cache',
          atLeast: 'under 3 minutes; install alone under 60 s',
          measured: `${s(total)}; install alone ${s(first.installMs)}`,
          ok: total < 180_000 && first.installMs < 60_000,
        },
        {
          what: 'start to first page, data present',
          atLeast: 'under 10 s',
          measured: s(again.pageMs),
          ok: again.pageMs < 10_000,
        },
      ]
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

async function start(checkout: string, port: number, cache: string, say: (line: string) => void) {
  const began = Date.now()
  // A group of its own: npm, the script and the server end together.
  const child = spawn('npm', ['start'], {
    cwd: checkout,
    detached: true,
    env: {
      ...process.env,
      NODE_ENV: '',
      PORT: String(port),
      ZHUCHANG_DATA: join(checkout, 'data'),
      npm_config_cache: cache,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  let installAt = 0
  let installMs = 0
  const hear = (b: Buffer) => {
    said += b
    if (!installAt && said.includes('npm ci')) installAt = Date.now()
    if (installAt && !installMs && said.includes('build server')) installMs = Date.now() - installAt
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null || Date.now() - began > 600_000) throw new Error(said.slice(-2000))
    if (await usable(url)) break
    await sleep(50)
  }
  const pageMs = Date.now() - began
  say(`page after ${s(pageMs)}`)
  return {
    installMs,
    pageMs,
    async stop() {
      const gone = new Promise((done) => child.once('exit', done))
      process.kill(-(child.pid as number), 'SIGTERM')
      await gone
      // The server lets its database go before it ends; the next start must not find it half gone.
      await sleep(500)
    },
  }
}

/** The page is there, an account can be entered and sees orders. */
async function usable(url: string): Promise<boolean> {
  try {
    const page = await fetch(`${url}/`, { headers: { accept: 'text/html' } })
    if (!page.ok || !(await page.text()).includes('<script')) return false
    const { accounts } = (await (await fetch(`${url}/api/session/demo`)).json()) as {
      accounts: { userName: string; password: string; role: string }[]
    }
    const who = accounts.find((a) => a.role === 'dispatcher')
    if (!who) return false
    const signedIn = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName: who.userName, password: who.password }),
    })
    const cookie = signedIn.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    const orders = (await (await fetch(`${url}/api/orders`, { headers: { cookie } })).json()) as { rows: unknown[] }
    return orders.rows.length > 0
  } catch {
    return false
  }
}

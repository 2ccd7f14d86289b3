#!/usr/bin/env node
// The browser journeys against the real product: a server process, its embedded database, the demo company, Chromium.
// `node e2e/run.mjs [name …]`; screenshots go to .screenshots/ (git-ignored).
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import { chromium } from 'playwright-core'

const root = fileURLToPath(new URL('..', import.meta.url))
const shots = join(root, '.screenshots')
const port = Number(process.env.E2E_PORT ?? 18_080)
const dataDir = process.env.E2E_DATA ?? mkdtempSync(join(tmpdir(), 'zhuchang-e2e-'))
mkdirSync(shots, { recursive: true })

/** Starts the built server and waits until it is ready. E2E_BASE names one that runs already. */
async function startServer() {
  if (process.env.E2E_BASE) return null
  const child = spawn(process.execPath, ['--enable-source-maps', join(root, 'dist/server/main.mjs')], {
    cwd: root,
    env: {
      ...process.env,
      PORT: String(port),
      ZHUCHANG_DATA: dataDir,
      NODE_ENV: 'production',
      ZHUCHANG_PUBLIC_RATE: '10000',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stdout.on('data', (b) => (said += b))
  child.stderr.on('data', (b) => (said += b))
  let ended = false
  child.on('exit', () => (ended = true))
  const until = Date.now() + 180_000
  while (Date.now() < until) {
    if (ended) throw new Error(`the server ended:\n${said}`)
    const ready = await fetch(`http://localhost:${port}/readyz`).then(
      (r) => r.ok,
      () => false,
    )
    if (ready && said.includes('is ready')) return { child, said: () => said }
    await new Promise((done) => setTimeout(done, 250))
  }
  throw new Error(`the server is not ready after 3 minutes:\n${said}`)
}

/** What the planted camera sees: written by the journey before it opens the camera. */
const camera = join(tmpdir(), `zhuchang-camera-${process.pid}.y4m`)

const total = { passed: 0, failed: 0 }
const server = await startServer()
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--use-gl=angle',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    // A camera that shows what a journey draws for it; a page still has to be granted it.
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${camera}`,
  ],
})

const sizes = {
  desk: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  small: { width: 360, height: 640 },
}

const phoneAgent = `Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${browser.version()} Mobile Safari/537.36`

/** What a journey is given: browser contexts, steps, screenshots, the look for accessibility. */
function stage(name) {
  const contexts = []
  let broken = false
  const problems = []
  return {
    camera,
    base: process.env.E2E_BASE ?? `http://localhost:${port}`,
    async context(size, options = {}) {
      const context = await browser.newContext({
        viewport: sizes[size],
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
        ...(size === 'desk' ? {} : { hasTouch: true, isMobile: true, deviceScaleFactor: 2, userAgent: phoneAgent }),
        ...options,
      })
      // A phone's browser names a phone's system; a computer that only poses as one is doubted at check-in.
      if (size !== 'desk')
        await context.addInitScript(() => {
          Object.defineProperty(Navigator.prototype, 'platform', { get: () => 'Linux armv81' })
        })
      context.setDefaultTimeout(15_000)
      contexts.push(context)
      const page = await context.newPage()
      page.on('pageerror', (error) => problems.push(`${page.url()}: ${error.message}`))
      return page
    },
    /** One sentence of the journey. After a failure the rest is not tried: it would only repeat the first cause. */
    async step(sentence, work) {
      if (broken) return
      const start = Date.now()
      try {
        await work()
        if (problems.length > 0) throw new Error(`the page threw: ${problems.splice(0).join('; ')}`)
        total.passed++
        console.log(`  ✓ ${sentence}  ${((Date.now() - start) / 1000).toFixed(1)} s`)
      } catch (error) {
        broken = true
        total.failed++
        console.log(`  ✗ ${sentence}\n${String(error.stack ?? error).replace(/^/gm, '      ')}`)
        for (const [i, context] of contexts.entries())
          for (const [j, page] of context.pages().entries())
            await page.screenshot({ path: join(shots, `${name}-failed-${i}-${j}.png`) }).catch(() => {})
      }
    },
    async shot(page, what) {
      await page.screenshot({ path: join(shots, `${name}-${what}.png`) })
    },
    /** No serious or critical finding on what is shown now. */
    async accessible(page) {
      const { violations } = await new AxeBuilder({ page }).analyze()
      const serious = violations.filter((v) => v.impact === 'serious' || v.impact === 'critical')
      if (serious.length > 0)
        throw new Error(
          `axe at ${page.url()}: ${serious
            .map(
              (v) =>
                `${v.id} (${v.nodes
                  .map((n) => n.target.join(' '))
                  .slice(0, 3)
                  .join(', ')})`,
            )
            .join('; ')}`,
        )
    },
    async close() {
      for (const context of contexts) await context.close()
    },
  }
}

try {
  const wanted = process.argv.slice(2)
  const folder = join(root, 'e2e/journeys')
  for (const file of readdirSync(folder)
    .filter((f) => f.endsWith('.mjs'))
    .sort()) {
    const name = file.replace('.mjs', '')
    if (wanted.length > 0 && !wanted.includes(name)) continue
    console.log(`\n${name}`)
    const { journey } = await import(join(folder, file))
    const s = stage(name)
    await journey(s)
    await s.close()
  }
} finally {
  await browser.close()
  if (server) {
    server.child.kill('SIGTERM')
    await new Promise((done) => server.child.once('exit', done))
  }
  rmSync(camera, { force: true })
  if (!process.env.E2E_DATA) rmSync(dataDir, { recursive: true, force: true })
}

console.log(`\n${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 ? 0 : 1

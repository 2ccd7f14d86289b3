// The dispatch timeline with 300 people × 5,000 visits in a real browser: nodes in the document, scrolling, one update.
// `node bench/timeline.mjs`; CHROMIUM_PATH names the browser when it is not the system's.
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { createServer } from 'vite'
import { findChromium } from '../scripts/lib/browser.mjs'

const server = await createServer({
  configFile: fileURLToPath(new URL('../apps/web/vite.config.ts', import.meta.url)),
  server: { port: 0, strictPort: false },
  logLevel: 'error',
})
await server.listen()
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ['--no-sandbox'],
})
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await page.goto(`${server.resolvedUrls.local[0]}showcase.html?bench=300x5000`)
  await page.waitForSelector('.zc-timeline .bar', { timeout: 60_000 })
  const figures = await page.evaluate(async () => {
    const box = document.querySelector('.zc-timeline .box')
    const frame = () => new Promise((done) => requestAnimationFrame(done))
    const spent = []
    let most = 0
    for (let i = 0; i < 240; i++) {
      const t = performance.now()
      // Down all rows and along the days at once: the worst way to scroll.
      box.scrollTop = (i / 240) * box.scrollHeight
      box.scrollLeft = 700 + (i % 60) * 18
      await frame()
      spent.push(performance.now() - t)
      most = Math.max(most, box.querySelectorAll('*').length)
    }
    spent.sort((a, b) => a - b)
    box.scrollTop = 0
    box.scrollLeft = 700
    await frame()
    await frame()
    const bar = box.querySelector('.bar.movable')
    box.focus()
    // One update through the product's own way: take a bar, move it by keys, confirm.
    const press = (key) => box.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    press('ArrowDown')
    await frame()
    press('m')
    await frame()
    press('ArrowRight')
    await frame()
    const t = performance.now()
    press('Enter')
    await frame()
    const update = performance.now() - t
    return { found: !!bar, nodes: most, p50: spent[120], p95: spent[228], update }
  })
  console.log(
    `timeline 300 × 5,000: at most ${figures.nodes} nodes, a scroll step p50 ${figures.p50.toFixed(1)} ms, p95 ${figures.p95.toFixed(1)} ms, one move ${figures.update.toFixed(1)} ms`,
  )
  if (figures.nodes > 3000) {
    console.error('the document grows with the data: virtualisation is broken')
    process.exitCode = 1
  }
} finally {
  await browser.close()
  await server.close()
}

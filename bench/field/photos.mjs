// Photos from a real browser through a bad line: a proxy that fails pieces, a browser that is killed and started again.
// The bench runs it with 200 photos of 4 MB, the journeys with a few.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

/** Numbers in [0, 1) that are the same for the same seed (xorshift32). */
function random(seed) {
  let s = Math.imul(seed, 2_654_435_761) >>> 0 || 1
  return () => {
    s ^= s << 13
    s >>>= 0
    s ^= s >>> 17
    s ^= s << 5
    s >>>= 0
    return s / 2 ** 32
  }
}

/** A photo that cannot be made smaller: noise as a dark equipment room gives it. About 4 MB by default. */
async function noisy(seed, width = 2560, height = 1920) {
  const raw = Buffer.alloc(width * height * 3)
  const words = new Uint32Array(raw.buffer, raw.byteOffset, raw.length >> 2)
  let s = Math.imul(seed, 2_654_435_761) >>> 0 || 1
  for (let i = 0; i < words.length; i++) {
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    words[i] = s
  }
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer()
}

/** A line that fails pieces of uploads: nothing arrives, half arrives, or all arrives and nobody hears of it. */
async function badLine(target, share, seed) {
  const next = random(seed)
  const to = new URL(target)
  const sent = { bytes: 0, pieces: 0, failed: 0 }
  const server = createServer((req, res) => {
    const piece = req.method === 'PATCH' && req.url?.startsWith('/api/uploads/')
    if (piece) {
      sent.pieces++
      req.on('data', (b) => (sent.bytes += b.length))
    }
    const fails = piece && next() < share
    const kind = fails ? Math.floor(next() * 3) : -1
    if (fails) sent.failed++
    if (kind === 0) return req.socket.destroy()
    const onward = request(
      { host: to.hostname, port: to.port, method: req.method, path: req.url, headers: req.headers },
      (answer) => {
        if (kind === 2) {
          answer.resume()
          return req.socket.destroy()
        }
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      },
    )
    onward.on('error', () => res.destroy())
    res.on('close', () => !res.writableFinished && onward.destroy())
    if (kind === 1) {
      const half = Number(req.headers['content-length'] ?? 0) / 2
      let seen = 0
      req.on('data', (b) => {
        seen += b.length
        if (seen < half) onward.write(b)
        else {
          onward.destroy()
          req.socket.destroy()
        }
      })
      req.on('error', () => {})
    } else req.pipe(onward)
    req.on('error', () => onward.destroy())
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  return {
    url: `http://localhost:${port}`,
    sent,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(done))
    },
  }
}

/** Chromium over a profile that outlives it, in a process of its own that can be killed. */
async function openBrowser(path, profile) {
  const note = join(profile, 'DevToolsActivePort')
  rmSync(note, { force: true })
  const child = spawn(
    path,
    [
      `--user-data-dir=${profile}`,
      '--remote-debugging-port=0',
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--lang=zh-CN',
      '--window-size=390,844',
      'about:blank',
    ],
    { stdio: 'ignore', detached: true },
  )
  const gone = new Promise((done) => child.once('exit', done))
  const until = Date.now() + 30_000
  while (!existsSync(note) || readFileSync(note, 'utf8').split('\n').length < 2) {
    if (Date.now() > until) throw new Error('Chromium does not start')
    await sleep(50)
  }
  const [port] = readFileSync(note, 'utf8').split('\n')
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`)
  const context = browser.contexts()[0]
  const page = context.pages()[0] ?? (await context.newPage())
  return {
    page,
    context,
    /** As a battery does it: all its processes, at once. */
    async kill() {
      process.kill(-child.pid, 'SIGKILL')
      await gone
      await browser.close().catch(() => {})
    },
    async quit() {
      const session = await browser.newBrowserCDPSession()
      await session.send('Browser.close').catch(() => {})
      await gone
    },
  }
}

/** Gives files to an input by their paths, as the file chooser does: their bytes do not pass through the test. */
async function choose(page, testId, paths) {
  const session = await page.context().newCDPSession(page)
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', {
    nodeId: root.nodeId,
    selector: `[data-testid="${testId}"]`,
  })
  await session.send('DOM.setFileInputFiles', { nodeId, files: paths })
  await session.detach()
}

/**
 * Takes `count` photos on the phone of the demo's engineer, through a line that fails `share` of the pieces, and kills the
 * browser `restarts` times on the way. Answers what arrived and what it cost.
 */
export async function sendPhotos({ base, chromiumPath, userName, count, restarts, share, seed, say, minutes = 20 }) {
  const folder = mkdtempSync(join(tmpdir(), 'zhuchang-photos-'))
  const profile = join(folder, 'profile')
  mkdirSync(profile)
  const line = await badLine(base, share, seed)
  let phone
  try {
    const files = []
    for (let i = 0; i < count; i++) {
      const bytes = await noisy(seed + i)
      const path = join(folder, `IMG_${String(i).padStart(4, '0')}.jpg`)
      writeFileSync(path, bytes)
      files.push({ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    }
    const size = files.reduce((n, f) => n + f.bytes, 0)
    say(`${count} photos, ${(size / count / 1e6).toFixed(1)} MB each`)

    // What the server knows is asked beside the bad line.
    const session = await fetch(`${base}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userName, password: 'zhuchang-demo' }),
    })
    if (!session.ok) throw new Error(await session.text())
    const cookie = session.headers
      .getSetCookie()
      .map((c) => c.split(';')[0])
      .join('; ')
    const ask = async (path) => {
      const r = await fetch(`${base}${path}`, { headers: { cookie } })
      if (!r.ok) throw new Error(`${path}: ${r.status}`)
      return r.json()
    }
    const { visits } = await ask('/api/field/today')
    const visit = visits.find((v) => v.can.addEvidence)
    if (!visit) throw new Error(`${userName} holds no visit today that takes photos`)
    const before = new Set((await ask(`/api/visits/${visit.id}`)).evidence.map((e) => e.id))
    const arrived = async () =>
      (await ask(`/api/visits/${visit.id}`)).evidence.filter((e) => e.kind === 'photo' && !before.has(e.id))

    phone = await openBrowser(chromiumPath, profile)
    await phone.context.request.post(`${line.url}/api/session`, { data: { userName, password: 'zhuchang-demo' } })
    await phone.page.goto(`${line.url}/m/visits/${visit.id}`)
    await phone.page.getByTestId('album').waitFor({ state: 'attached' })
    await phone.page.evaluate(() => localStorage.setItem('zc.photos.asTaken', '1'))
    // Once quit in peace: what was signed in is on the disk, as on a phone that was used before.
    await phone.quit()

    phone = await openBrowser(chromiumPath, profile)
    await phone.page.goto(`${line.url}/m/visits/${visit.id}`)
    await phone.page.getByTestId('album').waitFor({ state: 'attached' })
    phone.page.on('console', (m) => m.text().includes('photo') && say(m.text()))
    for (let i = 0; i < count; i += 20) {
      await choose(
        phone.page,
        'album',
        files.slice(i, i + 20).map((f) => f.path),
      )
      const shown = Math.min(count, i + 20)
      const until = Date.now() + 120_000
      // Each is on the phone when its tile is there; some may have left again already.
      while (
        (await phone.page.locator('.zc-localtile:not([data-state="done"])').count()) + (await arrived()).length <
        shown
      ) {
        if (Date.now() > until) throw new Error('the photos are not kept')
        await sleep(200)
      }
    }
    say('kept on the phone')

    const stops = Array.from({ length: restarts }, (_, i) => Math.floor((count * (i + 1)) / (restarts + 1)))
    const until = Date.now() + minutes * 60_000
    for (;;) {
      const stored = (await arrived()).filter((e) => e.storedAt).length
      if (stored >= count) break
      if (Date.now() > until) throw new Error(`${stored} of ${count} arrived in ${minutes} minutes`)
      if (stops.length > 0 && stored >= stops[0]) {
        stops.shift()
        await phone.kill()
        say(`killed at ${stored} of ${count}`)
        phone = await openBrowser(chromiumPath, profile)
        // Any page of the phone goes on with them.
        await phone.page.goto(`${line.url}/m/today`)
      }
      await sleep(250)
    }
    const rows = await arrived()
    const resent = line.sent.bytes - size
    say(`${line.sent.pieces} pieces, ${line.sent.failed} failed`)
    // The phone lets go of what has arrived.
    await phone.page.goto(`${line.url}/m/photos`)
    await phone.page.getByText(/没有等待上传的照片|No photos wait/).waitFor({ timeout: 60_000 })
    await phone.quit()
    phone = undefined
    const hashes = new Set(rows.map((e) => e.sha256))
    return {
      photos: count,
      size,
      arrived: files.filter((f) => hashes.has(f.sha256)).length,
      twice: rows.length - hashes.size,
      notStored: rows.filter((e) => !e.storedAt).length,
      resent,
      resentShare: resent / size,
      pieces: line.sent.pieces,
      failed: line.sent.failed,
      visitId: visit.id,
    }
  } finally {
    await phone?.kill().catch(() => {})
    await line.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

// The phone's service worker: keeps the field face on the phone, so that it opens in a lift, a basement, a plane. It keeps
// no data (that stands in the person's own database) and answers nothing but pages under /m/ and their own files.

import './push'

/** Written by the build: the page, its files that every start needs, and those that may come later. */
declare const __BUILD__: { version: string; page: string; first: string[]; later: string[] }

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Fetched extends Waits {
  readonly request: Request
  respondWith(answer: Promise<Response>): void
}
interface Worker {
  addEventListener(type: 'install' | 'activate', listener: (e: Waits) => void): void
  addEventListener(type: 'fetch', listener: (e: Fetched) => void): void
  addEventListener(type: 'message', listener: (e: MessageEvent) => void): void
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
  readonly location: Location
}
const worker = globalThis as unknown as Worker

const PREFIX = 'zc.field.'
const CURRENT = PREFIX + __BUILD__.version
/** Under this address the page is kept, whichever page of the phone was asked for. */
const PAGE = '/m/'
const files = new Set([...__BUILD__.first, ...__BUILD__.later])

async function keep(cache: Cache, url: string): Promise<void> {
  if (await cache.match(url)) return
  // Files carry a hash in their name: what an earlier version has kept need not be downloaded again.
  const known = await caches.match(url)
  const answer = known ?? (await fetch(url, { credentials: 'same-origin' }))
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  await cache.put(url, answer)
}

async function install(): Promise<void> {
  const cache = await caches.open(CURRENT)
  // Asked for as nobody: what comes with the page of a person who is signed in is not for the next one on this phone.
  const page = await fetch(PAGE, { cache: 'no-store', credentials: 'omit' })
  const text = await page.clone().text()
  // In the middle of a deployment the page may be another version's: better no installation than half of one.
  if (!page.ok || !text.includes(__BUILD__.page)) throw new Error('the page is of another version')
  await Promise.all(__BUILD__.first.map((url) => keep(cache, url)))
  await cache.put(PAGE, page)
}

/** The version before stays for tabs that still run it; older ones go. */
async function activate(): Promise<void> {
  const names = (await caches.keys()).filter((n) => n.startsWith(PREFIX) && n !== CURRENT)
  for (const name of names.slice(0, -1)) await caches.delete(name)
  await worker.clients.claim()
  const cache = await caches.open(CURRENT)
  for (const url of __BUILD__.later) await keep(cache, url).catch(() => {})
}

async function page(request: Request): Promise<Response> {
  const cache = await caches.open(CURRENT)
  return (await cache.match(PAGE)) ?? fetch(request)
}

async function file(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true })
  if (kept) return kept
  const answer = await fetch(request)
  if (answer.ok) {
    const copy = answer.clone()
    const cache = await caches.open(CURRENT)
    await cache.put(request, copy).catch(() => {})
  }
  return answer
}

worker.addEventListener('install', (e) => e.waitUntil(install()))
worker.addEventListener('activate', (e) => e.waitUntil(activate()))
worker.addEventListener('message', (e) => {
  if (e.data === 'take-over') void worker.skipWaiting()
})
worker.addEventListener('fetch', (e) => {
  const { request } = e
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith(PAGE)) e.respondWith(page(request))
  else if (files.has(url.pathname)) e.respondWith(file(request))
})

import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'

// What a browser gives a service worker, as far as pushes need it.
type Listener = (e: Record<string, unknown>) => void
const listeners = new Map<string, Listener>()
const shown: [string, Record<string, unknown>][] = []
const opened: string[] = []
let pages: { url: string; focused: boolean; focus: () => Promise<void>; postMessage: (m: unknown) => void }[] = []
const posted: unknown[] = []
const page = (url: string, focused = false) => ({
  url,
  focused,
  focus: () => Promise.reject(new Error('no gesture')),
  postMessage: (m: unknown) => void posted.push(m),
})

beforeAll(async () => {
  vi.stubGlobal('addEventListener', (type: string, listener: Listener) => listeners.set(type, listener))
  vi.stubGlobal('registration', {
    showNotification: async (title: string, options: Record<string, unknown>) => void shown.push([title, options]),
  })
  vi.stubGlobal('clients', { matchAll: async () => pages, openWindow: async (url: string) => void opened.push(url) })
  vi.stubGlobal('location', { origin: 'https://oa.example.com' })
  await import('./push')
})
beforeEach(() => {
  shown.length = opened.length = posted.length = 0
  pages = []
})

const happen = async (type: string, e: Record<string, unknown>) => {
  let work: Promise<unknown> = Promise.resolve()
  listeners.get(type)?.({ ...e, waitUntil: (w: Promise<unknown>) => (work = w) })
  await work
}
const push = (json: () => unknown) => happen('push', { data: { json } })
const click = (url: string) => happen('notificationclick', { notification: { close: () => {}, data: { url } } })

describe('a push on the phone', () => {
  it('is shown once for each thing, and rings again only when it is urgent', async () => {
    const message = { title: '新派单', body: '今天 14:00', url: '/m/visits/v', tag: 'visit_offered:v' }
    await push(() => ({ ...message, urgency: 'urgent' }))
    await push(() => ({ ...message, urgency: 'normal' }))
    expect(shown.map(([title, o]) => [title, o.tag, o.renotify])).toEqual([
      ['新派单', 'visit_offered:v', true],
      ['新派单', 'visit_offered:v', false],
    ])
  })
  it('that cannot be read still says that there is news: a silent push costs the right to push', async () => {
    await push(() => {
      throw new SyntaxError('no json')
    })
    expect(shown).toMatchObject([['驻场', { data: { url: '/m/messages' } }]])
  })
  it('goes to the open page without reloading it', async () => {
    pages = [page('https://oa.example.com/orders'), page('https://oa.example.com/m/today')]
    await click('https://oa.example.com/m/visits/v')
    expect(posted).toEqual([{ kind: 'open', path: '/m/visits/v' }])
    expect(opened).toEqual([])
  })
  it('opens a window where there is none, on our own pages only', async () => {
    await click('https://evil.example.org/m/visits/v')
    expect(opened).toEqual(['/m/visits/v'])
  })
})

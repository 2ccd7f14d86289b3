// Push messages on the phone: shown as they come, one for each thing they are about, and opened where they lead.

export {}

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface Pushed extends Waits {
  readonly data: { json(): unknown } | null
}
interface Clicked extends Waits {
  readonly notification: Notification
}
interface Page {
  readonly url: string
  readonly focused: boolean
  focus(): Promise<unknown>
  postMessage(message: unknown): void
}
interface Worker {
  addEventListener(type: 'push', listener: (e: Pushed) => void): void
  addEventListener(type: 'notificationclick', listener: (e: Clicked) => void): void
  readonly registration: { showNotification(title: string, options: Record<string, unknown>): Promise<void> }
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<Page[]>
    openWindow(url: string): Promise<unknown>
  }
  readonly location: Location
}
const worker = globalThis as unknown as Worker

interface Message {
  title: string
  body: string
  url: string
  /** What it is about: a later message about the same takes the place of the earlier one. */
  tag: string
  urgency: 'urgent' | 'normal' | 'quiet'
}

function read(e: Pushed): Message | null {
  try {
    return e.data?.json() as Message
  } catch {
    return null
  }
}

worker.addEventListener('push', (e) => {
  const m = read(e)
  // Every push must show something, or the browser takes the right away: an unreadable one says that there is news.
  e.waitUntil(
    worker.registration.showNotification(m?.title ?? '驻场', {
      body: m?.body ?? '',
      tag: m?.tag ?? 'news',
      // The same thing again rings again only when it cannot wait.
      renotify: m?.urgency === 'urgent' && !!m.tag,
      requireInteraction: m?.urgency === 'urgent',
      icon: '/icons/field-192.png',
      badge: '/icons/badge-96.png',
      data: { url: m?.url ?? '/m/messages' },
    }),
  )
})

async function open(to: string): Promise<void> {
  // Only our own pages, whatever the message says.
  const url = new URL(to, worker.location.origin)
  const path = url.pathname + url.search + url.hash
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages.find((p) => p.focused) ?? pages.find((p) => new URL(p.url).pathname.startsWith('/m/')) ?? pages[0]
  if (!page || !path.startsWith('/m/')) {
    await worker.clients.openWindow(path)
    return
  }
  // The page goes there by itself: nothing that is being typed is thrown away by a reload. It does so even where the
  // browser does not let it come to the front.
  page.postMessage({ kind: 'open', path })
  await page.focus().catch(() => {})
}

worker.addEventListener('notificationclick', (e) => {
  e.notification.close()
  e.waitUntil(open((e.notification.data as { url: string }).url))
})

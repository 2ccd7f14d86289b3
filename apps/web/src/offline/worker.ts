import { useSyncExternalStore } from 'react'

// The service worker: registered by the phone's face only. A new version waits until the person says so; it never takes a
// page away under somebody's hands.

let waiting: ServiceWorker | null = null
const listeners = new Set<() => void>()
const found = (worker: ServiceWorker | null) => {
  waiting = worker
  for (const tell of listeners) tell()
}

/** Registers the worker after the page is there. Where there is none (plain http, some web views) the app is online first. */
export function startWorker(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return
  const register = async () => {
    try {
      const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/m/', updateViaCache: 'none' })
      const look = () => {
        if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting)
      }
      look()
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', look)
      })
      // A phone stays open for days: it asks for a new version when it is looked at again, at most once an hour.
      let asked = Date.now()
      document.addEventListener('visibilitychange', () => {
        if (document.visibilityState !== 'visible' || Date.now() - asked < 3_600_000) return
        asked = Date.now()
        registration.update().catch(() => {})
      })
    } catch {
      // No worker: everything else works while there is a network.
    }
  }
  let reloading = false
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    // Only after the person has asked for it, in this tab or another; what was typed is in drafts and outbox.
    if (!waiting || reloading) return
    reloading = true
    location.reload()
  })
  if (document.readyState === 'complete') void register()
  else window.addEventListener('load', () => void register(), { once: true })
}

const apply = () => waiting?.postMessage('take-over')

/** The way to the new version, when there is one. */
export function useUpdate(): (() => void) | null {
  return useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => (waiting ? apply : null),
  )
}

import { useEffect, useRef, useSyncExternalStore } from 'react'
import { type ChannelLike, Live, type LiveEvent, type LiveState, type Message, type StreamLike } from './core'

export type { LiveEvent, LiveState } from './core'

let live: Live | undefined
const events = new Set<(e: LiveEvent) => void>()
const resets = new Set<() => void>()
const states = new Set<() => void>()

const tellAll = () => {
  for (const tell of states) tell()
}

const silent: ChannelLike = { onmessage: null, postMessage: (_: Message) => {}, close: () => {} }

/** Starts the shared stream after sign-in; again after a sign-out it starts afresh. Safe to call twice. */
export function startLive() {
  if (live) return
  live = new Live({
    open: (url) => new EventSource(url) as unknown as StreamLike,
    channel:
      typeof BroadcastChannel === 'undefined' ? silent : (new BroadcastChannel('zc.live') as unknown as ChannelLike),
    // No Web Locks (plain http on a LAN, old web views): every tab holds its own stream, which is correct, only dearer.
    lead: (run) => void (navigator.locks ? navigator.locks.request('zc.live', run) : run()),
    online: () => navigator.onLine,
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  })
  live.events.add((e) => {
    for (const tell of events) tell(e)
  })
  live.resets.add(() => {
    for (const tell of resets) tell()
  })
  live.states.add(tellAll)
  tellAll()
}

export function stopLive() {
  live?.stop()
  live = undefined
  tellAll()
}

if (typeof window !== 'undefined') {
  window.addEventListener('online', () => {
    tellAll()
    live?.retryNow()
  })
  // A stream may seem open for a minute after the network went: the browser knows at once.
  window.addEventListener('offline', tellAll)
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && live?.retryNow())
}

export const retryLive = () => live?.retryNow()

/** Hears every change once, in order of position. Returns the way to stop. */
export function onLive(tell: (e: LiveEvent) => void): () => void {
  events.add(tell)
  return () => events.delete(tell)
}

/** Hears when too much was missed to be replayed: read everything again. */
export function onLiveReset(tell: () => void): () => void {
  resets.add(tell)
  return () => resets.delete(tell)
}

/** onLive for a component; the handler may change between renders. */
export function useLive(handler: (e: LiveEvent) => void) {
  const latest = useRef(handler)
  useEffect(() => {
    latest.current = handler
  })
  useEffect(() => onLive((e) => latest.current(e)), [])
}

/** `live` | `connecting` | `waiting` (backing off) | `offline`, for the dot in the shells. */
export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (tell) => {
      states.add(tell)
      return () => states.delete(tell)
    },
    () => (typeof navigator !== 'undefined' && navigator.onLine === false ? 'offline' : (live?.state ?? 'connecting')),
  )
}

import { newId } from '../common/api/call'
import { firstOf } from '../common/first'
import { localDate } from '../common/i18n/format'
import { onLive, onLiveReset } from '../common/live/live'
import { recall, remember } from '../common/storage'
import { clockSkewMs, deviceId, learnSkew } from './clock'
import { DbStore } from './db'
import { MemoryStore, Offline, type Word } from './engine'
import type { Store } from './store'
import { httpTransport } from './transport'

const LEASE_MS = 45_000
const HINT_MS = 300

/** A tab that is frozen in the background holds its lock and does nothing: after so long without a word it is taken. */
const STEAL_MS = 90_000

/** One tab at a time: by the browser's locks, or by a lease in the database where it has none (plain http, old views). */
function exclusiveBy(me: string, store: Store, tab: string, heardAt: () => number) {
  if (navigator.locks) {
    let refusedSince = 0
    return async (work: () => Promise<void>) => {
      const silent = refusedSince > 0 && Date.now() - Math.max(refusedSince, heardAt()) > STEAL_MS
      // Taken from a tab that wakes up later, the same items may be sent twice: receipts answer the second time.
      const how = silent ? { steal: true } : { ifAvailable: true }
      const had = await navigator.locks.request(`zc.outbox.${me}`, how, async (lock) => {
        if (!lock) return false
        await work()
        return true
      })
      refusedSince = had ? 0 : refusedSince || Date.now()
      return had
    }
  }
  return async (work: () => Promise<void>) => {
    if (!(await store.lease(tab, Date.now() + LEASE_MS, Date.now()))) return false
    const renew = setInterval(() => void store.lease(tab, Date.now() + LEASE_MS, Date.now()), LEASE_MS / 3)
    try {
      await work()
      return true
    } finally {
      clearInterval(renew)
      await store.lease(tab, 0, Date.now())
    }
  }
}

/** Opens what a person has on this phone and keeps it going: reads, listens to the network, the other tabs, the live stream. */
export async function openPerson(me: { id: string; name: string; zone: string }): Promise<{
  offline: Offline
  close: () => void
}> {
  const store: Store = (await DbStore.open(me.id)) ?? new MemoryStore()
  const tab = newId()
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(`zc.offline.${me.id}`)
  let heardAt = 0
  const seqKey = `zc.seq.${me.id}`
  const offline = new Offline({
    me,
    store,
    transport: httpTransport,
    now: Date.now,
    random: Math.random,
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    exclusive: exclusiveBy(me.id, store, tab, () => heardAt),
    say: (word) => channel?.postMessage(word),
    online: () => navigator.onLine,
    newId,
    deviceId: deviceId(),
    seqFloor: () => Number(recall(seqKey) ?? 0) || 0,
    keepSeq: (seq) => remember(seqKey, String(Math.max(seq, Number(recall(seqKey) ?? 0) || 0))),
    skewMs: clockSkewMs,
    learnSkew,
    localDate,
  })
  if (channel)
    channel.onmessage = (e: MessageEvent<Word>) => {
      heardAt = Date.now()
      void offline.heard(e.data)
    }
  // Kept even when the system clears what it can: granted silently to what is installed or often used.
  void navigator.storage?.persist?.().catch(() => false)
  await offline.load(firstOf(me.id)?.rows)

  const wake = () => offline.wake()
  const seen = () => document.visibilityState === 'visible' && offline.wake()
  window.addEventListener('online', wake)
  document.addEventListener('visibilitychange', seen)
  let timer: ReturnType<typeof setTimeout> | undefined
  // A burst of events (a plan of twenty visits) is one question.
  const hint = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      offline.hint()
    }, HINT_MS)
  }
  const stops = [onLive(hint), onLiveReset(hint)]
  offline.start()
  return {
    offline,
    close: () => {
      offline.stop()
      window.removeEventListener('online', wake)
      document.removeEventListener('visibilitychange', seen)
      clearTimeout(timer)
      for (const stop of stops) stop()
      channel?.close()
      store.close()
    },
  }
}

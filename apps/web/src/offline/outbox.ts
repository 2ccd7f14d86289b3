import type { Item } from './types'

// Which item may go now, and what an answer does to it. Pure: the engine keeps and sends, this decides.

export const isPending = (i: Item): boolean => i.state === 'waiting' || i.state === 'sending'
/** Refused or taken in a way that was not meant, and not yet put away by the person. */
export const asksPerson = (i: Item): boolean => (i.state === 'refused' || i.state === 'conflict') && !i.settled

/** After so many failures of the server's own, an item no longer holds up what merely comes after it. */
const STUCK_AFTER = 4
const isStuck = (i: Item) => i.tries >= STUCK_AFTER

/** The earlier item because of which this one has to wait; null: it may go. `among`: all items by `seq`. */
export function blockerOf(item: Item, among: readonly Item[]): Item | null {
  for (const other of among) {
    if (other.seq >= item.seq) break
    if (item.needs.includes(other.commandId) && (isPending(other) || other.state === 'refused')) return other
    if (item.after.includes(other.commandId) && isPending(other) && !isStuck(other)) return other
    if (other.subject !== item.subject) continue
    // A refused step of a life blocks the steps after it: they were made believing that it had happened.
    if (
      item.mode === 'fail' &&
      other.mode === 'fail' &&
      (other.state === 'refused' || (isPending(other) && isStuck(other)))
    )
      return other
    // What is about the same thing goes in its order, unless it is more of the same and order means nothing.
    if (isPending(other) && !isStuck(other) && !(other.command === item.command && item.mode !== 'fail')) return other
  }
  return null
}

/**
 * The next items to send, in order: nothing that waits for another's verdict, nothing before its time, at most so many
 * and so many bytes (one large item goes alone).
 */
export function nextBatch(items: readonly Item[], o: { now: number; most: number; bytes: number }): Item[] {
  const batch: Item[] = []
  let size = 0
  for (const item of items) {
    if (item.state !== 'waiting' || item.notBefore > o.now) continue
    if (blockerOf(item, items)) continue
    const bytes = sizeOf(item)
    if (batch.length > 0 && size + bytes > o.bytes) break
    batch.push(item)
    size += bytes
    if (batch.length >= o.most) break
  }
  return batch
}

export const sizeOf = (item: Item): number => JSON.stringify(item.body ?? null).length + 300

/** Grows from one second to a minute, spread, so that a restarted server is not met by every phone at once. */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(60_000, 1_000 * 2 ** Math.min(failures, 6))
  return Math.round(ceiling / 2 + (ceiling / 2) * random)
}

export interface Verdict {
  commandId: string
  verdict: 'applied' | 'duplicate' | 'refused' | 'retry'
  reply?: unknown
  problem?: Item['problem']
  conflict?: Item['conflict']
}

/** The item after the server's verdict on it. */
export function judged(item: Item, v: Verdict, o: { now: number; random: number }): Item {
  if (v.verdict === 'retry')
    return {
      ...item,
      state: 'waiting',
      tries: item.tries + 1,
      notBefore: o.now + backoffMs(item.tries + 1, o.random),
      lastError: v.problem?.title ?? 'retry',
    }
  const base = { ...item, notBefore: 0, lastError: null, judgedAt: o.now }
  if (v.verdict === 'refused') return { ...base, state: 'refused', problem: v.problem ?? null }
  return {
    ...base,
    state: v.conflict ? 'conflict' : 'taken',
    conflict: v.conflict ?? null,
    problem: null,
    reply: v.reply ?? null,
  }
}

/** Taken items stay for two days with their receipt, for the page; then they may go. */
const KEEP_MS = 48 * 3_600_000
export const isStale = (i: Item, now: number): boolean =>
  i.reflected && (i.state === 'taken' || (i.state === 'conflict' && i.settled)) && now - (i.judgedAt ?? now) > KEEP_MS

/** Made without contact, or not delivered within a minute: the server judges it as something that has happened already. */
export const countsAsOffline = (i: Item, now: number): boolean => i.away || now - Date.parse(i.atDevice) > 60_000

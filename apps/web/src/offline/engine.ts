import type { CollectionName, ReplicaRows } from '#contracts/replica'
import { type BodyOf, type CommandName, commands, paramsOf } from './commands'
import { digestOf, rowHash } from './digest'
import { Drafts } from './drafts'
import {
  asksPerson,
  backoffMs,
  countsAsOffline,
  isPending,
  isStale,
  judged,
  nextBatch,
  sizeOf,
  type Verdict,
} from './outbox'
import { type Acted, predictions } from './predict'
import { withBase } from './predict/base'
import { MemoryStore, StorageFull, type Store } from './store'
import type { Item, ItemState, StoredRow } from './types'

export interface SentItem {
  commandId: string
  command: string
  params: Record<string, string>
  body: unknown
  deviceId: string
  deviceSeq: number
  atDevice: string
  skewMs: number
  offline: boolean
}
type Have = Record<string, { digest: string; rows?: Record<string, string> }>
type Change =
  | { state: 'same' | 'ask'; digest: string }
  | { state: 'changed'; digest: string; rows: { id: string; hash: string; row?: unknown }[]; gone: string[] }
export interface SyncAnswer {
  collections: Record<string, Change>
  serverTime: string
  position: number
}

/** Why an exchange did not come about. `status` 0: nobody answered. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
  constructor(
    readonly status: number,
    readonly title: string,
    readonly problem: Item['problem'] = null,
  ) {
    super(title)
  }
}

/** The way to the server. Both throw `NoAnswer`. */
export interface Transport {
  send(items: SentItem[], timeoutMs: number): Promise<{ items: Verdict[]; serverTime: string }>
  sync(body: { collections?: string[]; have: Have }, timeoutMs: number): Promise<SyncAnswer>
}

/** What tabs of one person tell each other. */
export type Word = { kind: 'items' } | { kind: 'rows' } | { kind: 'clear' }

export interface Ports {
  me: { id: string; name: string; zone: string }
  store: Store
  transport: Transport
  now(): number
  random(): number
  after(ms: number, run: () => void): () => void
  /** Runs the work if no other tab is at it; false: another one is. */
  exclusive(work: () => Promise<void>): Promise<boolean>
  say(word: Word): void
  online(): boolean
  newId(): string
  deviceId: string
  /** Highest number that this person's actions had on this phone, should the database have been cleared since. */
  seqFloor(): number
  keepSeq(seq: number): void
  /** How far the device's clock is ahead of the server's now, and what an exchange taught about it. */
  skewMs(): number
  learnSkew(serverTime: string, sentAt: number, answeredAt: number): void
  localDate(at: number, zone: string): string
}

export interface ActOptions {
  /** Commands that must be taken before this one may go: without them it means nothing. */
  needs?: readonly string[]
  /** Commands that must have been judged before this one goes: it comes after them, whatever became of them. */
  after?: readonly string[]
  /** An id of your own, to act once however often it is tapped. */
  commandId?: string
}

export interface Outcome {
  state: ItemState
  reply?: unknown
  problem?: Item['problem']
  conflict?: Item['conflict']
}

export interface Status {
  /** Everything from the device's storage is here. */
  ready: boolean
  /** The last exchange came about (null: none tried yet). */
  contact: boolean | null
  /** The server wants to know again who this is. */
  signedOut: boolean
  busy: boolean
  /** Device clock of the last time that everything was up to date; null: never. */
  syncedAt: number | null
  /** Never up to date yet, but today's rows came with the page. */
  given: boolean
  /** Why the last exchange failed. */
  problem: string | null
  /** No room on the device: the newest actions live in memory only. */
  full: boolean
  /** False: nothing outlives the page on this browser. */
  durable: boolean
  /** Items to send, and the device's clock when the oldest was made. */
  waiting: number
  oldest: number | null
  /** Items that ask for the person: refused, or in conflict. */
  asking: number
}

const BATCH = { most: 40, bytes: 300_000 }
const TIMEOUT_MS = 30_000
const SYNC_EVERY_MS = 5 * 60_000
const NONE: readonly never[] = []
/** Of a row whose content nobody has compared. */
const NO_HASH = '0'.repeat(32)

/**
 * The phone's copy of what its person may see, and the outbox of what he did. Knows neither the browser nor the network:
 * they are ports, so that the tests run it against a memory and a real server alike.
 */
export class Offline {
  private base = new Map<string, Map<string, unknown>>()
  private hashes = new Map<string, Map<string, string>>()
  private drafts = new Drafts(this.base)
  private list: Item[] = []
  private byId = new Map<string, Item>()
  private sending = new Set<string>()
  /** The device had no room for something in this round. */
  private noRoom = false
  /** Made while the device was full: kept here until there is room. */
  private unsaved = new Map<string, Item>()
  private readonly listeners = new Set<() => void>()
  private lists = new Map<string, readonly unknown[]>()
  private current: Status
  private itemsShown: readonly Item[] = NONE
  private running: Promise<void> | null = null
  private again = false
  /** Grows with every change of the items in this tab. */
  private version = 0
  private syncWanted = true
  private failures = 0
  private holdUntil = 0
  private cancelTimer: () => void = () => {}
  private stopped = false
  private batchMost = BATCH.most
  private store: Store

  constructor(private readonly ports: Ports) {
    this.store = ports.store
    this.current = {
      ready: false,
      contact: null,
      signedOut: false,
      busy: false,
      syncedAt: null,
      given: false,
      problem: null,
      full: false,
      durable: ports.store.durable,
      waiting: 0,
      oldest: null,
      asking: 0,
    }
  }

  /**
   * Reads what is kept. The screen is right from here on, whatever the network does. `first`: rows that came with the
   * page, for a phone that has nothing yet; they stand until the first answer.
   */
  async load(first: Record<string, { id: string; row: unknown }[]> = {}): Promise<void> {
    const [rows, items, meta] = await Promise.all([this.store.rows(), this.store.items(), this.store.sync()])
    const given = Object.entries(first).flatMap(([collection, list]) =>
      list.map(({ id, row }) => ({ collection, id, row, hash: NO_HASH })),
    )
    this.takeRows(meta ? rows : given)
    this.takeItems(items)
    this.status({ ready: true, syncedAt: meta?.at ?? null, given: !meta && given.length > 0 })
  }

  /** Begins to send and to ask. */
  start(): void {
    this.kick(true)
  }

  stop(): void {
    this.stopped = true
    this.cancelTimer()
  }

  // ── what screens read ────────────────────────────────────────────────────────────────────────────────────────────

  row<C extends CollectionName>(collection: C, id: string): ReplicaRows[C] | undefined {
    return this.drafts.get(collection, id)
  }

  /** All rows of a collection; the same array until one of them changes. */
  rows<C extends CollectionName>(collection: C): readonly ReplicaRows[C][] {
    let list = this.lists.get(collection)
    if (!list) {
      list = [...this.drafts.all(collection)].map(([, row]) => row)
      this.lists.set(collection, list)
    }
    return list as readonly ReplicaRows[C][]
  }

  /** Every item that is kept, oldest first; the same array until one changes. */
  items(): readonly Item[] {
    return this.itemsShown
  }

  item(commandId: string): Item | undefined {
    return this.byId.get(commandId)
  }

  getStatus(): Status {
    return this.current
  }

  subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell)
    return () => this.listeners.delete(tell)
  }

  // ── acting ───────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Keeps the action, shows its effect, and sends it when it can. Resolves as soon as it is safe on this device. */
  async act<C extends CommandName>(
    command: C,
    subject: string,
    body: BodyOf<C>,
    o: ActOptions = {},
  ): Promise<{ commandId: string }> {
    const { ports } = this
    const commandId = o.commandId ?? ports.newId()
    if (this.byId.has(commandId)) return { commandId }
    const draft: Omit<Item, 'seq'> = {
      commandId,
      command,
      subject,
      body: commands[command][1] === 'merge' ? withBase(this.drafts, command, subject, body) : body,
      mode: commands[command][1],
      needs: [...(o.needs ?? NONE)],
      after: [...(o.after ?? NONE)],
      atDevice: new Date(ports.now()).toISOString(),
      skewMs: Math.round(ports.skewMs()),
      deviceId: ports.deviceId,
      away: !ports.online() || this.current.contact === false || this.current.signedOut,
      state: 'waiting',
      tries: 0,
      notBefore: 0,
      lastError: null,
      problem: null,
      conflict: null,
      reply: null,
      judgedAt: null,
      reflected: false,
      settled: false,
    }
    let item: Item
    try {
      item = await this.store.add(draft, Math.max(ports.seqFloor(), this.list.at(-1)?.seq ?? 0))
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
      // Nothing that was typed is lost: it lives in memory, is sent if there is a network, and can be exported.
      item = { ...draft, seq: Math.max(ports.seqFloor(), this.list.at(-1)?.seq ?? 0) + 1 }
      this.unsaved.set(commandId, item)
      this.sayFull()
    }
    ports.keepSeq(item.seq)
    if (!this.byId.has(commandId)) {
      const last = this.list.at(-1)
      this.list =
        last && last.seq > item.seq ? [...this.list, item].sort((a, b) => a.seq - b.seq) : [...this.list, item]
      this.byId.set(commandId, item)
      this.version++
      if (last && last.seq > item.seq) this.redraw()
      else this.predict(item)
    }
    this.itemsChanged()
    ports.say({ kind: 'items' })
    // Someone acts: worth a try at once, unless the last one has just failed.
    if (this.failures > 0 && this.holdUntil - ports.now() < 5_000) this.schedule()
    else this.kick(false)
    return { commandId }
  }

  /** Sends a refused item again, as it was: its reason may be gone. */
  async retry(commandId: string): Promise<void> {
    const item = this.byId.get(commandId)
    if (!item || item.state === 'taken') return
    await this.change([{ ...item, state: 'waiting', notBefore: 0, tries: 0, problem: null, settled: false }])
    this.holdUntil = 0
    this.kick(false)
  }

  /** Takes an item away for good: what the person did is not going to happen. */
  async discard(commandId: string): Promise<void> {
    await this.store.remove([commandId])
    this.unsaved.delete(commandId)
    this.takeItems(this.list.filter((i) => i.commandId !== commandId))
    this.ports.say({ kind: 'items' })
    this.kick(false)
  }

  /** The person has read a refusal or a conflict: it no longer asks for him. */
  async settle(commandId: string): Promise<void> {
    const item = this.byId.get(commandId)
    if (item) await this.change([{ ...item, settled: true }])
  }

  /** Items of an exported file that are not here yet; how many they were. */
  async restore(items: readonly Item[]): Promise<number> {
    const back = items.map((i): Item => (isPending(i) ? { ...i, state: 'waiting', away: true, notBefore: 0 } : i))
    const n = await this.store.restore(back)
    this.takeItems(await this.store.items())
    this.ports.say({ kind: 'items' })
    this.kick(false)
    return n
  }

  /** Everything of this person on this phone, gone. Ask first. */
  async clear(): Promise<void> {
    this.stop()
    await this.running
    await this.store.clear()
    this.ports.say({ kind: 'clear' })
  }

  outcome(commandId: string): Outcome | undefined {
    const item = this.byId.get(commandId)
    return (
      item && {
        state: this.sending.has(commandId) && item.state === 'waiting' ? 'sending' : item.state,
        ...(item.state === 'taken' || item.state === 'conflict' ? { reply: item.reply } : {}),
        ...(item.problem ? { problem: item.problem } : {}),
        ...(item.conflict ? { conflict: item.conflict } : {}),
      }
    )
  }

  /** The verdict when it comes, or how things stand when the time is over. For those who want the server's answer. */
  outcomeOf(commandId: string, { timeoutMs = 10_000 }: { timeoutMs?: number } = {}): Promise<Outcome> {
    return new Promise((done) => {
      const now = () => this.outcome(commandId) ?? { state: 'taken' as const }
      const over = (o: Outcome) => o.state !== 'waiting' && o.state !== 'sending'
      if (over(now())) return done(now())
      const finish = () => {
        stop()
        cancel()
        done(now())
      }
      const stop = this.subscribe(() => over(now()) && finish())
      const cancel = this.ports.after(timeoutMs, finish)
    })
  }

  /**
   * Hash of everything that this phone holds, worked out from the rows themselves: equal to the server's when both have
   * the same.
   */
  stateHash(): Record<string, string> {
    const out: Record<string, string> = {}
    for (const [collection, rows] of this.base)
      out[collection] = digestOf([...rows].map(([id, row]) => [id, rowHash(row)] as const))
    return out
  }

  // ── hearing ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Something may have changed on the server: asks soon. */
  hint(): void {
    this.syncWanted = true
    this.kick(false)
  }

  /** There may be a network again: no waiting for the next try. */
  wake(): void {
    this.holdUntil = 0
    this.kick(true)
  }

  /** The same person has signed in again. */
  signedIn(): void {
    this.status({ signedOut: false })
    this.wake()
  }

  async heard(word: Word): Promise<void> {
    if (word.kind === 'clear') return this.stop()
    if (word.kind === 'items') {
      await this.refresh()
      // Who has acted there may be closed by now.
      if (this.list.some((i) => i.state === 'waiting' && i.notBefore <= this.ports.now())) this.kick(false)
    }
    if (word.kind === 'rows') {
      const [rows, meta] = await Promise.all([this.store.rows(), this.store.sync()])
      this.takeRows(rows)
      await this.refresh()
      this.status({ syncedAt: meta?.at ?? null, contact: true })
    }
  }

  // ── exchanging ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Sends and asks now, if anything is to be done; at most one at a time, here and in other tabs. */
  kick(sync: boolean): void {
    if (sync) this.syncWanted = true
    if (this.stopped || !this.current.ready || this.current.signedOut) return
    if (this.running) {
      this.again = true
      return
    }
    if (!this.ports.online()) {
      // The browser knows that there is no network, and will say when there is: no use in knocking.
      this.status({ contact: false })
      this.schedule()
      return
    }
    if (this.ports.now() < this.holdUntil) {
      this.schedule()
      return
    }
    this.running = this.run().finally(() => {
      this.running = null
      if (this.again && !this.stopped) {
        this.again = false
        this.kick(false)
      } else this.schedule()
    })
  }

  /** Resolves when nothing is on the way any more: for tests and for the end of a flush. */
  async idle(): Promise<void> {
    while (this.running) await this.running
  }

  private async run(): Promise<void> {
    let worked = false
    try {
      worked = await this.ports.exclusive(async () => {
        this.status({ busy: true })
        this.noRoom = false
        await this.saveUnsaved()
        await this.flush()
        if (this.syncWanted) await this.bringDown()
        await this.trim()
        this.failures = 0
        this.holdUntil = 0
        // Whatever there was no room for has found it, or is on the server.
        this.status({ contact: true, problem: null, full: this.noRoom || this.unsaved.size > 0 })
      })
    } catch (error) {
      this.failed(error)
      worked = true
    } finally {
      this.sending.clear()
      this.status({ busy: false })
    }
    // Another tab is at it: it has heard of our items; look again in a while, should it have died.
    if (!worked) this.holdUntil = Math.max(this.holdUntil, this.ports.now() + 2_000)
  }

  private failed(error: unknown): void {
    const why =
      error instanceof NoAnswer ? error : new NoAnswer(0, error instanceof Error ? error.message : String(error))
    this.failures++
    this.holdUntil = this.ports.now() + backoffMs(this.failures, this.ports.random())
    if (why.status === 401) this.status({ signedOut: true, contact: true, problem: why.title })
    // A server that answers with an error is there; what is done meanwhile cannot be told to it all the same.
    else this.status({ contact: false, problem: why.title })
  }

  private async flush(): Promise<void> {
    // Another tab may have added or judged since: the store says how things stand.
    await this.refresh()
    for (;;) {
      const live = this.list.filter((i) => isPending(i) || i.state === 'refused')
      const now = this.ports.now()
      const batch = nextBatch(live, { now, most: this.batchMost, bytes: BATCH.bytes })
      if (batch.length === 0) return
      await this.send(batch)
      this.syncWanted = true
    }
  }

  private async send(batch: Item[]): Promise<void> {
    const { ports } = this
    const sentAt = ports.now()
    this.sending = new Set(batch.map((i) => i.commandId))
    this.itemsChanged()
    // A large drawing on a thin line may take its time; a line that is dead must not hang the rest for ever.
    const timeout = TIMEOUT_MS + Math.round(batch.reduce((sum, i) => sum + sizeOf(i), 0) / 10)
    let verdicts: Verdict[]
    try {
      const answer = await ports.transport.send(
        batch.map((i) => ({
          commandId: i.commandId,
          command: i.command,
          params: paramsOf(i.command, i.subject),
          body: i.body,
          deviceId: i.deviceId,
          deviceSeq: i.seq,
          atDevice: i.atDevice,
          skewMs: i.skewMs,
          offline: countsAsOffline(i, sentAt),
        })),
        timeout,
      )
      ports.learnSkew(answer.serverTime, sentAt, ports.now())
      verdicts = answer.items
      this.batchMost = Math.min(BATCH.most, this.batchMost * 2)
    } catch (error) {
      // Only our own server refuses: the page of a hotel's network that answers 403 to everything is no verdict.
      const bad =
        error instanceof NoAnswer &&
        error.problem !== null &&
        error.status >= 400 &&
        error.status < 500 &&
        ![401, 408, 429].includes(error.status)
      if (!bad) {
        // Smaller next time: on a line that breaks every ten seconds something has to get through.
        this.batchMost = Math.max(1, Math.floor(this.batchMost / 2))
        throw error
      }
      if (batch.length > 1) {
        // The batch as such was not understood: one by one, so that only the one that is wrong is refused.
        for (const item of batch) await this.send([item])
        return
      }
      verdicts = batch.map((i) => ({ commandId: i.commandId, verdict: 'refused', problem: error.problem }))
    } finally {
      this.sending.clear()
    }
    const by = new Map(verdicts.map((v) => [v.commandId, v]))
    const now = ports.now()
    await this.change(
      batch.map((i) => {
        // The list may have changed meanwhile: judge the item as it stands.
        const current = this.byId.get(i.commandId) ?? i
        const v = by.get(i.commandId) ?? { commandId: i.commandId, verdict: 'retry' as const }
        return judged(current, v, { now, random: ports.random() })
      }),
    )
  }

  private async bringDown(): Promise<void> {
    const { ports } = this
    this.syncWanted = false
    const began = ports.now()
    // What was taken before the question is in the answer.
    const reflected = this.list
      .filter((i) => !i.reflected && (i.state === 'taken' || i.state === 'conflict') && (i.judgedAt ?? 0) <= began)
      .map((i) => i.commandId)
    try {
      const have: Have = {}
      for (const [collection, hashes] of this.hashes) have[collection] = { digest: digestOf(hashes) }
      const first = await ports.transport.sync({ have }, TIMEOUT_MS)
      ports.learnSkew(first.serverTime, began, ports.now())
      const changes = { ...first.collections }
      const asked = Object.keys(changes).filter((c) => changes[c]?.state === 'ask')
      if (asked.length > 0) {
        const more: Have = {}
        for (const c of asked)
          more[c] = { digest: digestOf(this.hashes.get(c) ?? []), rows: Object.fromEntries(this.hashes.get(c) ?? []) }
        Object.assign(changes, (await ports.transport.sync({ collections: asked, have: more }, TIMEOUT_MS)).collections)
      }
      const replace: string[] = []
      let next = this.applied(changes, replace)
      // Told what changed and still not the same: everything of that collection, from the beginning.
      const wrong = Object.keys(changes).filter((c) => digestOf(next.hashes.get(c) ?? []) !== changes[c]?.digest)
      if (wrong.length > 0) {
        const anew = Object.fromEntries(wrong.map((c) => [c, { digest: NO_HASH, rows: {} }]))
        Object.assign(changes, (await ports.transport.sync({ collections: wrong, have: anew }, TIMEOUT_MS)).collections)
        replace.push(...wrong)
        next = this.applied(changes, replace)
      }
      const meta = { serverTime: first.serverTime, at: ports.now(), position: first.position }
      const put: StoredRow[] = []
      const gone: { collection: string; id: string }[] = []
      for (const [collection, change] of Object.entries(changes)) {
        if (change.state !== 'changed') continue
        for (const r of change.rows) put.push({ collection, id: r.id, hash: r.hash, row: r.row })
        for (const id of change.gone) gone.push({ collection, id })
      }
      const digests = Object.entries(changes).map(([collection, c]) => ({ collection, digest: c.digest }))
      try {
        await this.store.applyRows({ put, gone, replace, digests, sync: meta, reflected })
      } catch (error) {
        if (!(error instanceof StorageFull)) throw error
        // The screen is up to date all the same; the next start will ask again.
        this.sayFull()
      }
      if (put.length > 0 || gone.length > 0 || replace.length > 0) {
        this.base = next.base
        this.hashes = next.hashes
        this.lists.clear()
      }
      const done = new Set(reflected)
      if (done.size > 0) this.takeItems(this.list.map((i) => (done.has(i.commandId) ? { ...i, reflected: true } : i)))
      else this.redraw()
      this.status({ syncedAt: meta.at })
      if (put.length > 0 || gone.length > 0 || done.size > 0) ports.say({ kind: 'rows' })
      // Somebody in the office has sent it again for us: asked once more, the server says what came of it.
      for (const r of this.rows('refusal'))
        if (r.state === 'retried' && this.byId.get(r.commandId)?.state === 'refused') await this.retry(r.commandId)
    } catch (error) {
      this.syncWanted = true
      throw error
    }
  }

  private applied(changes: Record<string, Change>, replace: readonly string[]) {
    const base = new Map(this.base)
    const hashes = new Map(this.hashes)
    for (const [collection, change] of Object.entries(changes)) {
      if (change.state !== 'changed') continue
      const anew = replace.includes(collection)
      const rows = new Map(anew ? [] : base.get(collection))
      const of = new Map(anew ? [] : hashes.get(collection))
      for (const r of change.rows) {
        rows.set(r.id, r.row)
        of.set(r.id, r.hash)
      }
      for (const id of change.gone) {
        rows.delete(id)
        of.delete(id)
      }
      base.set(collection, rows)
      hashes.set(collection, of)
    }
    return { base, hashes }
  }

  private async saveUnsaved(): Promise<void> {
    if (this.unsaved.size === 0) return
    try {
      await this.store.restore([...this.unsaved.values()])
      this.unsaved.clear()
      this.status({ full: false })
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error
    }
  }

  private async trim(): Promise<void> {
    const now = this.ports.now()
    const stale = this.list.filter((i) => isStale(i, now))
    if (stale.length > 0) {
      await this.store.remove(stale.map((i) => i.commandId))
      const gone = new Set(stale)
      this.takeItems(this.list.filter((i) => !gone.has(i)))
    }
    // A drawing that the server has need not stand here for two days.
    const heavy = this.list.filter((i) => i.reflected && i.body !== null && sizeOf(i) > 20_000)
    if (heavy.length > 0) await this.change(heavy.map((i) => ({ ...i, body: null })))
  }

  private schedule(): void {
    if (this.stopped) return
    this.cancelTimer()
    const now = this.ports.now()
    const due = [now + SYNC_EVERY_MS]
    if (this.holdUntil > now) due[0] = this.holdUntil
    else for (const i of this.list) if (i.state === 'waiting' && i.notBefore > now) due.push(i.notBefore)
    this.cancelTimer = this.ports.after(Math.max(50, Math.min(...due) - now), () =>
      this.kick(this.list.every((i) => !isPending(i)) || this.syncWanted),
    )
  }

  // ── state ────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Writes items and takes them over. Those that the device had no room for stay in memory. */
  private async change(items: Item[]): Promise<void> {
    const saved = items.filter((i) => !this.unsaved.has(i.commandId))
    for (const i of items) if (this.unsaved.has(i.commandId)) this.unsaved.set(i.commandId, i)
    try {
      await this.store.save(saved)
    } catch (error) {
      // A verdict that could not be written is learned again: the receipt answers the repeat.
      if (!(error instanceof StorageFull)) throw error
      this.sayFull()
    }
    const by = new Map(items.map((i) => [i.commandId, i]))
    this.takeItems(this.list.map((i) => by.get(i.commandId) ?? i))
    this.ports.say({ kind: 'items' })
  }

  /** The items as the store has them. What is done here while it is read makes the reading old: read again. */
  private async refresh(): Promise<void> {
    for (;;) {
      const version = this.version
      const items = await this.store.items()
      if (version !== this.version) continue
      this.takeItems(items)
      return
    }
  }

  private takeRows(rows: readonly StoredRow[]): void {
    const base = new Map<string, Map<string, unknown>>()
    const hashes = new Map<string, Map<string, string>>()
    for (const r of rows) {
      if (!base.has(r.collection)) {
        base.set(r.collection, new Map())
        hashes.set(r.collection, new Map())
      }
      base.get(r.collection)?.set(r.id, r.row)
      hashes.get(r.collection)?.set(r.id, r.hash)
    }
    this.base = base
    this.hashes = hashes
    this.lists.clear()
  }

  private takeItems(items: readonly Item[]): void {
    this.version++
    const all = new Map(items.map((i) => [i.commandId, i]))
    for (const [id, i] of this.unsaved) all.set(id, i)
    this.list = [...all.values()].sort((a, b) => a.seq - b.seq)
    this.byId = new Map(this.list.map((i) => [i.commandId, i]))
    this.redraw()
    this.itemsChanged()
  }

  /** What is not in the rows yet, applied anew on top of them. */
  private redraw(): void {
    this.drafts = new Drafts(this.base)
    this.lists.clear()
    for (const item of this.list) this.predictOn(item)
    this.tell()
  }

  private predict(item: Item): void {
    this.predictOn(item)
    this.lists.clear()
  }

  private predictOn(item: Item): void {
    const counts = isPending(item) || ((item.state === 'taken' || item.state === 'conflict') && !item.reflected)
    if (!counts) return
    const { me, localDate } = this.ports
    const acted: Acted = { ...item, by: me.id, byName: me.name, zone: me.zone, localDate }
    try {
      predictions[item.command]?.(this.drafts, acted)
    } catch (error) {
      // A prediction is a courtesy: a row of another shape than expected must not stop the day.
      console.error(error)
    }
  }

  private itemsChanged(): void {
    this.itemsShown = this.list.map((i) =>
      this.sending.has(i.commandId) && i.state === 'waiting' ? { ...i, state: 'sending' as const } : i,
    )
    const open = this.list.filter(isPending)
    this.status({
      waiting: open.length,
      oldest: open[0] ? Date.parse(open[0].atDevice) : null,
      asking: this.list.filter(asksPerson).length,
    })
    this.tell()
  }

  private sayFull(): void {
    this.noRoom = true
    this.status({ full: true })
  }

  private status(part: Partial<Status>): void {
    const next = { ...this.current, ...part }
    if ((Object.keys(part) as (keyof Status)[]).every((k) => this.current[k] === next[k])) return
    this.current = next
    this.tell()
  }

  private tell(): void {
    for (const tell of [...this.listeners]) tell()
  }
}

export { MemoryStore }

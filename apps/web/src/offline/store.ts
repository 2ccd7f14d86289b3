import type { CollectionMeta, Item, StoredRow, SyncMeta } from './types'

/** Changes to rows as one answer of the server brings them. */
export interface RowChanges {
  put: StoredRow[]
  gone: { collection: string; id: string }[]
  /** Collections that are replaced as a whole: what is not in `put` goes. */
  replace: string[]
  digests: CollectionMeta[]
  sync: SyncMeta
  /** Items taken before the question was asked: the rows hold their effect now. */
  reflected: string[]
}

/**
 * Where the phone keeps things. Every method is one transaction: after it answered, a dead battery loses nothing of it.
 * Throws `StorageFull` when the device has no room.
 */
export interface Store {
  /** False: it lives as long as the page (private windows, blocked storage), and the app says so. */
  readonly durable: boolean
  rows(): Promise<StoredRow[]>
  digests(): Promise<CollectionMeta[]>
  sync(): Promise<SyncMeta | undefined>
  applyRows(changes: RowChanges): Promise<void>
  items(): Promise<Item[]>
  /** Gives the item the next number and keeps it: `seq` has no gap, whichever tab acts. */
  add(item: Omit<Item, 'seq'>, floor: number): Promise<Item>
  /** Writes verdicts and states; only items that are still there. */
  save(items: readonly Item[]): Promise<void>
  remove(commandIds: readonly string[]): Promise<void>
  /** Taken back from an exported file: items that are not there yet. */
  restore(items: readonly Item[]): Promise<number>
  /** One flushing tab where the browser has no locks: true when this owner has it until then. */
  lease(owner: string, until: number, now: number): Promise<boolean>
  /** Everything of this person on this phone. */
  clear(): Promise<void>
  close(): void
}

export class StorageFull extends Error {
  override name = 'StorageFull'
}

/** Keeps nothing beyond the page. Also what the tests run on: the same port, no disk. */
export class MemoryStore implements Store {
  readonly durable = false
  private kept = new Map<string, StoredRow>()
  private digestsOf = new Map<string, string>()
  private meta: SyncMeta | undefined
  private box = new Map<string, Item>()
  private last = 0
  private leased = { owner: '', until: 0 }

  async rows() {
    return [...this.kept.values()]
  }
  async digests() {
    return [...this.digestsOf].map(([collection, digest]) => ({ collection, digest }))
  }
  async sync() {
    return this.meta
  }
  async applyRows(c: RowChanges) {
    for (const [key, row] of this.kept) if (c.replace.includes(row.collection)) this.kept.delete(key)
    for (const row of c.put) this.kept.set(`${row.collection}/${row.id}`, row)
    for (const g of c.gone) this.kept.delete(`${g.collection}/${g.id}`)
    for (const d of c.digests) this.digestsOf.set(d.collection, d.digest)
    this.meta = c.sync
    for (const id of c.reflected) {
      const item = this.box.get(id)
      if (item) this.box.set(id, { ...item, reflected: true })
    }
  }
  async items() {
    return [...this.box.values()].sort((a, b) => a.seq - b.seq)
  }
  async add(item: Omit<Item, 'seq'>, floor: number) {
    this.last = Math.max(this.last, floor) + 1
    const made = { ...item, seq: this.last }
    this.box.set(item.commandId, made)
    return made
  }
  async save(items: readonly Item[]) {
    for (const item of items) if (this.box.has(item.commandId)) this.box.set(item.commandId, item)
  }
  async remove(ids: readonly string[]) {
    for (const id of ids) this.box.delete(id)
  }
  async restore(items: readonly Item[]) {
    let n = 0
    for (const item of items)
      if (!this.box.has(item.commandId)) {
        this.box.set(item.commandId, item)
        this.last = Math.max(this.last, item.seq)
        n++
      }
    return n
  }
  async lease(owner: string, until: number, now: number) {
    if (this.leased.owner !== owner && this.leased.until > now) return false
    this.leased = { owner, until }
    return true
  }
  async clear() {
    this.kept.clear()
    this.digestsOf.clear()
    this.meta = undefined
    this.box.clear()
  }
  close() {}
}

import Dexie, { type Table } from 'dexie'
import { type RowChanges, StorageFull, type Store } from './store'
import type { CollectionMeta, Item, StoredRow, SyncMeta } from './types'

/** A photo or another file on its way; the photos room owns what stands in it. */
export interface KeptFile {
  id: string
  visitId?: string
  [field: string]: unknown
}
/** An answer of the server that is worth reading without a network: threads, notices. */
interface KeptAnswer {
  key: string
  at: number
  value: unknown
}

/** One database a person: whoever else signs in on this phone opens another. */
export class PersonDb extends Dexie {
  rows!: Table<StoredRow, [string, string]>
  digests!: Table<CollectionMeta, string>
  outbox!: Table<Item, string>
  meta!: Table<{ key: string; value: unknown }, string>
  files!: Table<KeptFile, string>
  answers!: Table<KeptAnswer, string>

  constructor(me: string) {
    super(`zc.person.${me}`)
    this.version(1).stores({
      rows: '[collection+id]',
      digests: 'collection',
      outbox: 'commandId, seq',
      meta: 'key',
      files: 'id, visitId',
      answers: 'key, at',
    })
    // Another tab runs a newer version and waits for this one to let go.
    this.on('versionchange', () => this.close())
  }
}

const PIECE = 40
const open = new Map<string, PersonDb>()
/** The database of a person on this phone; every room that keeps something for him keeps it here. */
export function personDb(me: string): PersonDb {
  let db = open.get(me)
  if (!db) {
    db = new PersonDb(me)
    open.set(me, db)
  }
  return db
}

const isFull = (e: unknown): boolean => {
  const error = e as { name?: string; inner?: { name?: string } }
  return error?.name === 'QuotaExceededError' || error?.inner?.name === 'QuotaExceededError'
}
const sayFull = (e: unknown): never => {
  throw isFull(e) ? new StorageFull('no room') : e
}

export class DbStore implements Store {
  readonly durable = true
  private constructor(readonly db: PersonDb) {}

  /** Undefined where the browser gives no database. */
  static async open(me: string): Promise<DbStore | undefined> {
    if (typeof indexedDB === 'undefined') return undefined
    try {
      const db = personDb(me)
      await db.open()
      return new DbStore(db)
    } catch {
      open.delete(me)
      return undefined
    }
  }

  rows() {
    return this.db.rows.toArray()
  }
  digests() {
    return this.db.digests.toArray()
  }
  async sync() {
    return (await this.db.meta.get('sync'))?.value as SyncMeta | undefined
  }
  applyRows(c: RowChanges) {
    const { rows, digests, meta, outbox } = this.db
    return this.db
      .transaction('rw', [rows, digests, meta, outbox], async () => {
        for (const name of c.replace)
          await rows.where('[collection+id]').between([name, Dexie.minKey], [name, Dexie.maxKey]).delete()
        // In pieces, still one transaction: eight hundred rows at once would hold up whoever taps meanwhile.
        for (let i = 0; i < c.put.length; i += PIECE) await rows.bulkPut(c.put.slice(i, i + PIECE))
        await rows.bulkDelete(c.gone.map((g) => [g.collection, g.id] as [string, string]))
        await digests.bulkPut(c.digests)
        await meta.put({ key: 'sync', value: c.sync })
        for (const id of c.reflected) await outbox.update(id, { reflected: true })
      })
      .then(() => {}, sayFull)
  }
  items() {
    return this.db.outbox.orderBy('seq').toArray()
  }
  add(item: Omit<Item, 'seq'>, floor: number) {
    const { meta, outbox } = this.db
    return this.db
      .transaction('rw', meta, outbox, async () => {
        const last = ((await meta.get('seq'))?.value as number | undefined) ?? 0
        const made = { ...item, seq: Math.max(last, floor) + 1 }
        await meta.put({ key: 'seq', value: made.seq })
        await outbox.add(made)
        return made
      })
      .catch(sayFull) as Promise<Item>
  }
  save(items: readonly Item[]) {
    return this.db
      .transaction('rw', this.db.outbox, async () => {
        const there = await this.db.outbox.bulkGet(items.map((i) => i.commandId))
        await this.db.outbox.bulkPut(items.filter((_, n) => there[n] !== undefined))
      })
      .then(() => {}, sayFull)
  }
  remove(ids: readonly string[]) {
    return this.db.outbox.bulkDelete([...ids])
  }
  restore(items: readonly Item[]) {
    const { meta, outbox } = this.db
    return this.db
      .transaction('rw', meta, outbox, async () => {
        const there = await outbox.bulkGet(items.map((i) => i.commandId))
        const fresh = items.filter((_, n) => there[n] === undefined)
        await outbox.bulkAdd(fresh)
        const last = ((await meta.get('seq'))?.value as number | undefined) ?? 0
        await meta.put({ key: 'seq', value: Math.max(last, ...fresh.map((i) => i.seq)) })
        return fresh.length
      })
      .catch(sayFull) as Promise<number>
  }
  lease(owner: string, until: number, now: number) {
    return this.db.transaction('rw', this.db.meta, async () => {
      const held = (await this.db.meta.get('lease'))?.value as { owner: string; until: number } | undefined
      if (held && held.owner !== owner && held.until > now) return false
      await this.db.meta.put({ key: 'lease', value: { owner, until } })
      return true
    })
  }
  async clear() {
    open.delete(this.db.name.replace('zc.person.', ''))
    await this.db.delete()
  }
  close() {
    this.db.close()
    open.delete(this.db.name.replace('zc.person.', ''))
  }
}

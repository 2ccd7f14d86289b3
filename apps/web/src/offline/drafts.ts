import type { CollectionName, ReplicaRows } from '#contracts/replica'

export type Rows = ReadonlyMap<string, ReadonlyMap<string, unknown>>

/**
 * Rows with what is not yet on the server applied: the server's rows underneath are never touched, a changed row is a new
 * object (so that a screen sees that it changed).
 */
export class Drafts {
  private readonly over = new Map<string, Map<string, unknown>>()
  /** `collection/id` of what was changed here. */
  readonly touched = new Set<string>()

  constructor(private readonly base: Rows) {}

  get<C extends CollectionName>(collection: C, id: string): ReplicaRows[C] | undefined {
    const over = this.over.get(collection)
    if (over?.has(id)) return over.get(id) as ReplicaRows[C] | undefined
    return this.base.get(collection)?.get(id) as ReplicaRows[C] | undefined
  }

  /** Puts a row that the phone has made, or replaces one. */
  put<C extends CollectionName>(collection: C, id: string, row: ReplicaRows[C]): void {
    this.write(collection, id, row)
  }

  /** Changes a row by a new object; nothing happens when the phone does not hold it. */
  change<C extends CollectionName>(
    collection: C,
    id: string,
    change: (row: ReplicaRows[C]) => Partial<ReplicaRows[C]>,
  ): void {
    const row = this.get(collection, id)
    if (row !== undefined) this.write(collection, id, { ...row, ...change(row) })
  }

  drop(collection: CollectionName, id: string): void {
    this.write(collection, id, undefined)
  }

  /** All rows of a collection as they would be. */
  *all<C extends CollectionName>(collection: C): Generator<[string, ReplicaRows[C]]> {
    const over = this.over.get(collection)
    for (const [id, row] of this.base.get(collection) ?? []) if (!over?.has(id)) yield [id, row as ReplicaRows[C]]
    for (const [id, row] of over ?? []) if (row !== undefined) yield [id, row as ReplicaRows[C]]
  }

  private write(collection: string, id: string, row: unknown) {
    const over = this.over.get(collection) ?? new Map<string, unknown>()
    this.over.set(collection, over.set(id, row))
    this.touched.add(`${collection}/${id}`)
  }
}

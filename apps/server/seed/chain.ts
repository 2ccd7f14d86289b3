// History's events, sealed as they are written: while the demo is made nobody else seals.

import { type Db, sql } from '../src/platform/database/pool'
import { hashPersonal, type StoredEvent } from '../src/platform/events'
import { chainHash } from '../src/platform/journal'
import { bytea, insertRows } from './rows'

export class Chronicle {
  readonly #events: StoredEvent[] = []
  readonly #personal: { event_id: string; salt: string; values: Record<string, unknown> }[] = []

  get size(): number {
    return this.#events.length
  }

  /** One more fact; values of persons go apart, with their hash in the chain. */
  add(event: Omit<StoredEvent, 'position' | 'hash' | 'personalHash'>, personal?: Record<string, unknown>): void {
    let personalHash: string | null = null
    if (personal) {
      const { salt, hash } = hashPersonal(personal)
      personalHash = hash
      this.#personal.push({ event_id: event.id, salt: bytea(salt), values: personal })
    }
    this.#events.push({ ...event, personalHash, position: null, hash: null })
  }

  /** Gives positions and hashes in the order of recording, and writes. */
  async write(db: Db): Promise<void> {
    this.#events.sort((a, b) => a.recordedAt.getTime() - b.recordedAt.getTime() || (a.id < b.id ? -1 : 1))
    let { position, hash } = await db.one<{ position: number; hash: Buffer }>(
      sql`select position, hash from chain_head for update`,
    )
    const rows = this.#events.map((e) => {
      position += 1
      hash = chainHash(hash, { ...e, position })
      return {
        id: e.id,
        aggregate: e.aggregate,
        aggregate_id: e.aggregateId,
        type: e.type,
        version: e.version,
        payload: e.payload,
        personal_hash: e.personalHash,
        actor_id: e.actorId,
        actor_kind: e.actorKind,
        actor_name: e.actorName,
        source: e.source,
        command_id: e.commandId,
        device_id: e.deviceId,
        device_seq: e.deviceSeq,
        at_device: e.atDevice,
        skew_ms: e.skewMs,
        occurred_at: e.occurredAt,
        recorded_at: e.recordedAt,
        offline: e.offline,
        reason: e.reason,
        flags: e.flags,
        team_id: e.teamId,
        customer_id: e.customerId,
        people: e.people,
        position,
        hash: bytea(hash),
      }
    })
    await insertRows(db, 'events', rows)
    await insertRows(db, 'event_personal', this.#personal)
    await db.run(sql`update chain_head set position = ${position}, hash = ${hash}`)
  }
}

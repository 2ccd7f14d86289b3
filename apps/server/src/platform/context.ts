import type { TaskSpec } from 'graphile-worker'
import type { Clock } from './clock'
import type { Db } from './database/pool'
import type { NewEvent, StoredEvent } from './events'
import type { FileStore } from './files'
import type { Logger } from './logging'
import type { Met } from './merge'
import type { Actor } from './policy'

/** What every command and query is given. Queries read through the pool; a command's `db` is its transaction. */
export interface Ctx {
  db: Db
  actor: Actor
  clock: Clock
  /** One instant for the whole command: rows, events and jobs of a command agree on "now". */
  now: Date
  log: Logger
  files: FileStore
  requestId: string
  /** IANA zone of the company. */
  zone: string
  demo: boolean
  /** Address under which the product is reached, for links in messages. */
  publicUrl: string
  /** Key of this installation, for tokens that only their hash is stored of. */
  secret: Buffer
  command: CommandMeta | null
  /** States a fact; it is stored with the command's other rows, in one transaction, and answered with its envelope. */
  emit(event: NewEvent): Promise<StoredEvent>
  /** What this command has stated so far: it is written at the end, so whoever folds must read it here (`historyOf`). */
  emitted: readonly StoredEvent[]
  /** What the command met that its caller did not know of; the phone is told, and told again when it repeats. */
  met: { conflict: Met | null }
  /** Adds a job to this transaction. */
  job(name: string, payload: Record<string, unknown>, spec?: TaskSpec): Promise<void>
}

/** What the caller said about the command itself: who repeats, from which device, made against which revision. */
export interface CommandMeta {
  id: string
  name: string
  baseRev?: number
  deviceId?: string
  deviceSeq?: number
  atDevice?: Date
  skewMs?: number
  offline: boolean
  source: string
  /** Address that the request came from; only to compare, never shown. */
  ip?: string
}

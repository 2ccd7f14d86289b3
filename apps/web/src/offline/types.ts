import type { CommandName } from './commands'

/** RFC 9457 as the server sends it, kept with the item so that its reason can be read without a network. */
export type ItemProblem = {
  code: string
  status: number
  title: string
  detail?: string
  action?: string
  params?: Record<string, unknown>
}
export type ItemConflict = {
  why: string
  state: string | null
  fields: {
    field: string
    mine?: unknown
    theirs?: unknown
    theirsBy: string | null
    theirsAt: string | null
    kept: 'mine' | 'theirs'
  }[]
}

/**
 * `waiting` to be sent · `sending` · `taken` by the server · `refused` with a reason · `conflict`: taken, yet not as meant.
 */
export type ItemState = 'waiting' | 'sending' | 'taken' | 'refused' | 'conflict'

/** One action of a person, from the tap to the server's verdict. It is never changed after it was made, only judged. */
export interface Item {
  /** Place in the outbox of this person on this phone; also the count of the device's actions, without gaps. */
  seq: number
  commandId: string
  command: CommandName
  /** What it is about: the id of a visit, a document, or of what it makes. */
  subject: string
  body: unknown
  mode: 'fail' | 'merge' | 'append'
  /** Command ids that must be taken before this may go; and those that must only have been judged. */
  needs: string[]
  after: string[]
  /** The device's own clock at the tap, and how far it was ahead of the server's, as measured at the last contact. */
  atDevice: string
  skewMs: number
  deviceId: string
  /** Made without contact: the server judges it as such. */
  away: boolean
  state: ItemState
  /** How often the server could not judge it, for reasons of its own. A lost network does not count. */
  tries: number
  /** Not before this instant (device clock), after such a failure. */
  notBefore: number
  lastError: string | null
  problem: ItemProblem | null
  conflict: ItemConflict | null
  reply: unknown
  /** Device clock at the verdict. */
  judgedAt: number | null
  /** The rows hold its effect: a sync began after the verdict. */
  reflected: boolean
  /** Refusal or conflict that the person has read and put away. */
  settled: boolean
}

export interface StoredRow {
  collection: string
  id: string
  hash: string
  row: unknown
}

export interface CollectionMeta {
  collection: string
  digest: string
}

/** What the phone remembers of its last exchange. */
export interface SyncMeta {
  /** Server's time of the last full answer, and the device's. */
  serverTime: string
  at: number
  position: number
}

// What the phone's pages use: rows that are here without a network, actions that are safe at once, and what became of them.

export { clockSkewMs, deviceId } from './clock'
export type { BodyOf, CommandName, ReplyOf } from './commands'
export type { ActOptions, Outcome, Status } from './engine'
export {
  closeOffline,
  offlineOf,
  useAct,
  useItems,
  useOffline,
  useOutcome,
  useRow,
  useRows,
  useStatus,
} from './hooks'
export type { Item, ItemState } from './types'

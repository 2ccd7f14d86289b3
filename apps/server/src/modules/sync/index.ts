import type { Module } from '../../platform/app'
import { conflictHandlers, conflictReplica } from './conflicts'
import { refusalHandlers, refusalReplica } from './refusals'

/** What goes wrong between phones and server, in people's hands: refused actions and contested fields. */
export const sync: Module = {
  name: 'sync',
  live: { refusal: 'refusal.settle' },
  handlers: [...refusalHandlers, ...conflictHandlers],
  replica: [conflictReplica, refusalReplica],
}

import type { Module } from '../../platform/app'
import { adminHandlers } from './admin'
import { inboxHandlers } from './inbox'
import type { Channels } from './port'
import { preferenceHandlers } from './preferences'
import { sendDelivery, sweep } from './send'

export { type Step, type Tell, type Told, tell, withdraw } from './tell'

/** The module with the channels through which it reaches people; the composition root knows the vendors. */
export const noticesOver = (channels: Channels): Module => ({
  name: 'notices',
  live: { notice_robot: 'notice.log', delivery: 'notice.log' },
  handlers: [...inboxHandlers, ...preferenceHandlers, ...adminHandlers],
  jobs: [{ name: 'notices.sweep', every: '* * * * *', run: sweep }],
  errands: [{ name: 'notices.send', run: (app, payload) => sendDelivery(app, channels, payload.id as string) }],
})

// What a channel is to the notices: something that sends one message to one target, or says why it could not.

import type { Outbound } from '../../platform/outbound'

export type RobotVendor = 'dingtalk' | 'feishu' | 'wecom'
export type ChannelKey = 'push' | 'email' | RobotVendor

/** A message in its reader's words; each channel dresses it in its own way. */
export interface Message {
  /** The delivery's id: the same at a second try, so that whoever can tell a repeat does. */
  id: string
  title: string
  text: string
  /** Deep link. */
  url: string
  /** The word on the link. */
  open: string
  /** What it is about: a later message about the same takes the place of the earlier one. */
  tag: string
  urgency: 'urgent' | 'normal' | 'quiet'
  /** The single notices of a digest. */
  lines: readonly { title: string; text: string; url: string }[]
  /** Those whom a message to a group speaks of. */
  names: readonly string[]
  /** Signatures are made of this instant. */
  now: Date
}

export interface PushTarget {
  endpoint: string
  p256dh: string
  auth: string
  vapid: { publicKey: string; privateKey: string; subject: string }
}
export interface MailTarget {
  to: string
  from: string
  host: string
  port: number
  security: 'tls' | 'starttls' | 'none'
  user: string | null
  password: string | null
  footer: string
}
export interface RobotTarget {
  url: string
  secret: string | null
}
export interface Targets {
  push: PushTarget
  email: MailTarget
  dingtalk: RobotTarget
  feishu: RobotTarget
  wecom: RobotTarget
}

export interface Channel<K extends ChannelKey = ChannelKey> {
  key: K
  /** The vendor's own limit for one target. */
  perMin: number
  /** Whether the reader sees a repeat with the same id only once: then a try whose end is unknown is repeated. */
  repeatable: boolean
  send(message: Message, target: Targets[K], net: Outbound): Promise<void>
}
export type Channels = { [K in ChannelKey]: Channel<K> }

/** Codes of why something was not delivered; words in contracts/words/deliveries. */
export type FailureCode =
  | 'unreachable'
  | 'timeout'
  | 'blocked'
  | 'throttled'
  | 'signature'
  | 'rejected_content'
  | 'not_found'
  | 'gone'
  | 'refused'
  | 'vendor_error'

export class Undelivered extends Error {
  constructor(
    readonly code: FailureCode,
    readonly options: {
      /** In the vendor's words. */
      detail: string
      retry: boolean
      retryAfterSec?: number | undefined
      /** The whole target is at rest until then, not this message alone. */
      throttle?: boolean
    },
  ) {
    super(`${code}: ${options.detail}`)
  }
}

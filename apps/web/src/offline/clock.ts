import { newId } from '../common/api/call'
import { recall, remember } from '../common/storage'
import { clockJumpMs } from './clockwatch'

/** This phone, as check-ins name it. Made once; a cleared browser is a new phone. */
export function deviceId(): string {
  const kept = recall('zc.device')
  if (kept) return kept
  const made = newId()
  remember('zc.device', made)
  return made
}

/** How far this phone's clock is ahead of the server's, in milliseconds, as of the last answer. */
let measured = Number(recall('zc.skew') ?? 0) || 0
// What the clock was set by since then. Not simply how far both clocks of the browser have come apart: a phone that slept
// stops one of them, and forty minutes in a pocket would look like a clock set forward.
let jumpThen = clockJumpMs()

export const clockSkewMs = () => Math.round(measured + clockJumpMs() - jumpThen)

export function learnSkew(serverTime: string, sentAt: number, answeredAt: number) {
  measured = Math.round((sentAt + answeredAt) / 2 - Date.parse(serverTime))
  jumpThen = clockJumpMs()
  remember('zc.skew', String(measured))
}

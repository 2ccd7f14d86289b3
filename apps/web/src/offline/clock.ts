import { newId } from '../common/api/call'
import { recall, remember } from '../common/storage'

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
// The second clock counts on whatever people do to the first: a clock that was set in mid-visit shows as a jump.
const steady = () => Date.now() - performance.now()
let base = steady()

export const clockSkewMs = () => Math.round(measured + (steady() - base))

export function learnSkew(serverTime: string, sentAt: number, answeredAt: number) {
  measured = Math.round((sentAt + answeredAt) / 2 - Date.parse(serverTime))
  base = steady()
  remember('zc.skew', String(measured))
}

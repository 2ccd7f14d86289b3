import { recallJson, remember } from '../../common/storage'
import type { VisitCard } from '../../offline/visits'

/** A call that was begun from here and not yet said what became of. Kept: the dialler may push the page out of memory. */
export interface BegunCall {
  visitId: string
  contactId: string
  name: string
  at: number
}
const KEY = 'zc.call'
const listeners = new Set<() => void>()

export function noteCall(v: Pick<VisitCard, 'id' | 'contact'>): void {
  if (!v.contact) return
  const call: BegunCall = { visitId: v.id, contactId: v.contact.id, name: v.contact.name, at: Date.now() }
  remember(KEY, JSON.stringify(call))
  for (const tell of listeners) tell()
}

/** The call to ask about; an old one is nobody's business any more. */
export function begunCall(): BegunCall | null {
  const call = recallJson<BegunCall>(KEY)
  return call && Date.now() - call.at < 2 * 3_600_000 ? call : null
}
export const forgetCall = () => remember(KEY, null)
export const onCall = (tell: () => void) => {
  listeners.add(tell)
  return () => void listeners.delete(tell)
}

import type { Reply } from './api/call'

/** What stood in the page itself: who is signed in and today's rows, so that a first visit needs no further question. */
export interface First {
  me: Reply<'GET /api/session'>
  rows: Record<string, { id: string; row: unknown }[]>
  /** The server's time when it was written. */
  at: string
}

function read(): First | null {
  const text = typeof document === 'undefined' ? null : document.getElementById('zc-first')?.textContent
  return text ? (JSON.parse(text) as First) : null
}
let first = read()
export const firstOf = (me: string): First | null => (first?.me.id === me ? first : null)
export const firstMe = (): First['me'] | null => first?.me ?? null
/** It has served; or somebody else signs in, to whom nothing of it may show. */
export function forgetFirst(): void {
  first = null
}

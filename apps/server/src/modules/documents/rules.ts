import { createHash } from 'node:crypto'
import { signedContent } from '#lifecycle'
import { canonical } from '../../platform/events'

export { fieldsOf, type Missing, missing, tidy } from '#lifecycle'
export type Values = Record<string, unknown>

/** What a signature is bound to. */
export function contentHash(d: Parameters<typeof signedContent>[0]): string {
  return createHash('sha256')
    .update(canonical(signedContent(d)))
    .digest('hex')
}

// What a visit is about does not change while it is worked on: a signature under another customer is none.
const fixed = ['order', 'customer', 'site', 'contact', 'asset', 'engineers']
const moments = ['arrivedAt', 'startedAt', 'finishedAt']
const momentSlackMs = 2 * 60_000

/**
 * Whether a phone without contact can have shown these facts: the same visit, its moments as they are known since or not
 * yet there. What else flows in (photos, parts, checks) may have been less then.
 */
export function couldHaveShown(shown: Values, now: Values): boolean {
  if (fixed.some((key) => canonical(shown[key] ?? null) !== canonical(now[key] ?? null))) return false
  const [a, b] = [shown.visit, now.visit] as (Values | undefined)[]
  return moments.every((key) => {
    const [was, is] = [a?.[key] ?? null, b?.[key] ?? null]
    if (was === null) return true
    return (
      typeof was === 'string' && typeof is === 'string' && Math.abs(Date.parse(was) - Date.parse(is)) <= momentSlackMs
    )
  })
}

/** `a.b.c` of the facts. */
export function factAt(facts: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at && typeof at === 'object' ? (at as Values)[key] : undefined), facts)
}

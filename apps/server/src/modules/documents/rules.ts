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

/** `a.b.c` of the facts. */
export function factAt(facts: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at && typeof at === 'object' ? (at as Values)[key] : undefined), facts)
}

import canonicalize from 'canonicalize'
import { sha256Hex } from './sha256'

const short = (text: string) => sha256Hex(text).slice(0, 32)

/** Hash of a row's content, as the server makes it: RFC 8785 and SHA-256, 128 bits of it. */
export const rowHash = (row: unknown): string => short(canonicalize(row) as string)

/** Hash of a collection from the hashes of its rows, as the server makes it. */
export function digestOf(rows: Iterable<readonly [id: string, hash: string]>): string {
  const lines = [...rows].map(([id, hash]) => `${id}:${hash}\n`)
  return short(lines.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(''))
}

/** What a signature is bound to (`signedContent` of the lifecycle package), hashed. */
export const contentHash = (content: unknown): string => sha256Hex(canonicalize(content) as string)

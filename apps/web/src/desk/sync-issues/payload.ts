// What a phone sent, as lines that a dispatcher can read: times as times, lists by their number, no ids and no hashes.

export interface Line {
  /** Last name on the path: `reason`, `start`; of a document's value its key. */
  key: string
  value: unknown
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Of no use to a reader: what the phone showed before, ids of its own making, hashes, keys of the device. */
const machine = new Set(['base', 'id', 'sha256', 'expectedHash', 'proof', 'hardware', 'watch', 'clockJumpMs', 'bytes'])

export function linesOf(body: unknown): Line[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return []
  const { start, end, ...rest } = body as Record<string, unknown>
  const out: Line[] = []
  if (typeof start === 'string') out.push({ key: 'window', value: { start, end: end ?? null } })
  for (const [key, value] of Object.entries(rest)) {
    if (machine.has(key) || value === null || value === '' || (typeof value === 'string' && uuid.test(value))) continue
    if (Array.isArray(value) && value.length === 0) continue
    const picture = typeof value === 'object' && !Array.isArray(value) && 'bytes' in (value as object)
    if (typeof value === 'object' && !Array.isArray(value) && !picture) out.push(...linesOf(value))
    else out.push({ key, value })
  }
  return out
}

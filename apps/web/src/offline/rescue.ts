import { type KeptFile, personDb } from './db'
import type { Offline } from './engine'
import { isPending } from './outbox'
import type { Item } from './types'

// The last rescue of a dying phone: what is not synced yet, with the photos as far as they fit, in one file that another
// phone of the same person takes back. Command ids travel along, so that nothing is done twice.

const FORMAT = 'zhuchang-outbox'
/** Larger files are refused by mail and IM, and a phone's memory has to hold them twice. */
const MOST_BYTES = 120_000_000

interface Rescued {
  format: typeof FORMAT
  version: 1
  person: { id: string; name: string }
  exportedAt: string
  items: Item[]
  files: Record<string, unknown>[]
}
interface PackedBlob {
  $blob: string
  type: string
}

const base64 = (blob: Blob): Promise<string> =>
  new Promise((done, fail) => {
    const reader = new FileReader()
    reader.onload = () => done(String(reader.result).slice(String(reader.result).indexOf(',') + 1))
    reader.onerror = () => fail(reader.error)
    reader.readAsDataURL(blob)
  })

async function pack(file: KeptFile): Promise<Record<string, unknown>> {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(file))
    out[key] = value instanceof Blob ? { $blob: await base64(value), type: value.type } : value
  return out
}

async function unpack(row: Record<string, unknown>): Promise<KeptFile> {
  const out: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(row)) {
    const packed = value as PackedBlob | null
    out[key] =
      packed && typeof packed === 'object' && typeof packed.$blob === 'string'
        ? new Blob([Uint8Array.from(atob(packed.$blob), (c) => c.charCodeAt(0))], { type: packed.type })
        : value
  }
  return out as KeptFile
}

const weight = (file: KeptFile) =>
  Object.values(file).reduce<number>((sum, v) => sum + (v instanceof Blob ? v.size * 1.35 : 0), 300)

/** What is not on the server yet, as one file; `left`: photos for which there was no room in it. */
export async function exportOutbox(
  me: { id: string; name: string },
  offline: Offline,
): Promise<{ blob: Blob; name: string; items: number; files: number; left: number }> {
  const items = offline.items().filter((i) => isPending(i) || i.state === 'refused')
  const all = offline.getStatus().durable ? await personDb(me.id).files.toArray() : []
  const at = new Date().toISOString()
  const head: Omit<Rescued, 'files'> = { format: FORMAT, version: 1, person: me, exportedAt: at, items }
  // Piece by piece: one string of a hundred megabytes is more than some phones give.
  const parts: BlobPart[] = [`${JSON.stringify(head).slice(0, -1)},"files":[`]
  let files = 0
  let size = 0
  for (const file of all) {
    size += weight(file)
    if (size > MOST_BYTES) break
    parts.push(`${files > 0 ? ',' : ''}${JSON.stringify(await pack(file))}`)
    files++
  }
  parts.push(']}')
  return {
    blob: new Blob(parts, { type: 'application/json' }),
    name: `zhuchang-${at.slice(0, 16).replace(/[-:]/g, '').replace('T', '-')}.json`,
    items: items.length,
    files,
    left: all.length - files,
  }
}

export class NotOurs extends Error {
  override name = 'NotOurs'
  constructor(readonly who: string | null) {
    super(who ?? 'no outbox file')
  }
}

const isItem = (i: Partial<Item> | null): i is Item =>
  !!i &&
  typeof i.commandId === 'string' &&
  typeof i.command === 'string' &&
  typeof i.subject === 'string' &&
  typeof i.seq === 'number' &&
  typeof i.atDevice === 'string' &&
  typeof i.deviceId === 'string' &&
  Array.isArray(i.needs) &&
  Array.isArray(i.after)

/** Takes an exported file back; what is here already stays as it is. */
export async function importOutbox(
  me: { id: string },
  offline: Offline,
  file: Blob,
): Promise<{ items: number; files: number }> {
  let read: Partial<Rescued>
  try {
    read = JSON.parse(await file.text()) as Partial<Rescued>
  } catch {
    throw new NotOurs(null)
  }
  if (read?.format !== FORMAT || read.version !== 1 || !Array.isArray(read.items) || !read.items.every(isItem))
    throw new NotOurs(null)
  if (read.person?.id !== me.id) throw new NotOurs(read.person?.name ?? '—')
  let files = 0
  if (offline.getStatus().durable)
    for (const row of read.files ?? []) {
      const kept = await unpack(row)
      if (typeof kept.id !== 'string' || (await personDb(me.id).files.get(kept.id))) continue
      await personDb(me.id).files.put(kept)
      files++
    }
  return { items: await offline.restore(read.items), files }
}

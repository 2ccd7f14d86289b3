import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fail } from './errors'
import { Uploads } from './uploads'

export interface StoredFile {
  sha256: string
  bytes: number
}

/** Bytes by their SHA-256. The local folder is one store; an object store is another behind the same port. */
export interface FileStore {
  /** Bytes that come in pieces, before they are a file. */
  readonly uploads: Uploads
  /** Stores the stream; refuses more than `maxBytes`. The same bytes twice are one file. */
  put(stream: Readable, maxBytes: number): Promise<StoredFile>
  read(sha256: string): Readable
  size(sha256: string): Promise<number | null>
  /** Deletes what was stored before `before` and is not among those that `wanted` knows; returns how many. */
  sweep(before: Date, wanted: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>): Promise<number>
}

const uploading = 'uploading'

export class LocalFiles implements FileStore {
  readonly uploads: Uploads

  constructor(private readonly folder: string) {
    this.uploads = new Uploads(join(folder, uploading))
  }

  private path(sha256: string) {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('not a sha256')
    return join(this.folder, sha256.slice(0, 2), sha256)
  }

  async put(stream: Readable, maxBytes: number): Promise<StoredFile> {
    const incoming = join(this.folder, 'incoming')
    await mkdir(incoming, { recursive: true })
    const temporary = join(incoming, randomUUID())
    const hash = createHash('sha256')
    let bytes = 0
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length
        if (bytes > maxBytes) return done(new TooLarge())
        hash.update(chunk)
        done(null, chunk)
      },
    })
    try {
      // flush: evidence is acknowledged only when it is on the disk.
      await pipeline(stream, meter, createWriteStream(temporary, { flush: true }))
    } catch (error) {
      await rm(temporary, { force: true })
      if (error instanceof TooLarge) fail('body_too_large', { limitBytes: maxBytes })
      throw error
    }
    const sha256 = hash.digest('hex')
    const target = this.path(sha256)
    await mkdir(join(target, '..'), { recursive: true })
    await rename(temporary, target)
    return { sha256, bytes }
  }

  read(sha256: string): Readable {
    return createReadStream(this.path(sha256))
  }

  async size(sha256: string): Promise<number | null> {
    try {
      return (await stat(this.path(sha256))).size
    } catch {
      return null
    }
  }

  async sweep(before: Date, wanted: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>): Promise<number> {
    let removed = 0
    for (const part of await readdir(this.folder).catch(() => [])) {
      // Their time is their own: a phone may be in the mountains for days.
      if (part === uploading) continue
      const names = await readdir(join(this.folder, part))
      const hashes = names.filter((n) => /^[0-9a-f]{64}$/.test(n))
      const keep = part === 'incoming' ? new Set<string>() : await wanted(hashes)
      for (const name of names) {
        if (keep.has(name)) continue
        const path = join(this.folder, part, name)
        // Stored again meanwhile, a file is young again.
        if (((await stat(path).catch(() => null))?.mtimeMs ?? Infinity) >= before.getTime()) continue
        await rm(path, { force: true })
        removed++
      }
    }
    return removed
  }
}

class TooLarge extends Error {}

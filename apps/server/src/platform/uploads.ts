import { createReadStream, mkdirSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { fail } from './errors'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/**
 * Bytes on their way, in pieces, by the tus protocol 1.0.0. An upload bears the id of what it is for, and whoever calls
 * has checked that the person may: this keeps pieces and knows no permission.
 */
export class Uploads {
  readonly #tus: Server
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
    mkdirSync(folder, { recursive: true })
    this.#tus = new Server({
      path: '/',
      relativeLocation: true,
      datastore: new FileStore({ directory: folder }),
      namingFunction: (request) => new URL(request.url).pathname.slice(1),
      // A second tab or a phone that believes its line dead: the newer request takes over after this long.
      lockDrainTimeout: 1_000,
    })
  }

  #path(id: string) {
    if (!uuid.test(id)) throw new Error('not an id')
    return join(this.#folder, id)
  }

  /** How many bytes of an upload are here; null if it was never begun or has expired. */
  async offset(id: string): Promise<number | null> {
    const file = await stat(this.#path(id)).catch(() => null)
    return file?.size ?? null
  }

  read(id: string): Readable {
    return createReadStream(this.#path(id))
  }

  async drop(id: string): Promise<void> {
    await rm(this.#path(id), { force: true })
    await rm(`${this.#path(id)}.json`, { force: true })
  }

  /** Lets the protocol answer; its refusals become ours. The offset that the answer names, if any. */
  async speak(id: string, request: FastifyRequest, reply: FastifyReply): Promise<number | null> {
    const headers = new Headers()
    // The location is answered by path alone, so nothing about hosts is asked of a stranger's header.
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === 'string' && !name.startsWith('x-forwarded') && name !== 'forwarded') headers.set(name, value)
    const body = request.method === 'PATCH' ? new PassThrough() : null
    if (body) {
      request.raw.pipe(body)
      request.raw.once('close', () => request.raw.complete || body.destroy(new Error('the line broke')))
    }
    const answer = await this.#tus
      .handleWeb(
        new Request(`http://localhost/${id}`, {
          method: request.method,
          headers,
          ...(body ? { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' } : {}),
        } as RequestInit),
      )
      .finally(() => {
        if (!body) return
        // What was refused unread is read to its end: the next request on this connection stands behind it.
        request.raw.unpipe(body)
        request.raw.resume()
      })
    if (!answer.ok) return refuse(answer.status, await answer.text())
    for (const name of ['tus-resumable', 'upload-offset', 'upload-length']) {
      const value = answer.headers.get(name)
      if (value !== null) reply.header(name, value)
    }
    if (request.method === 'POST') reply.header('location', request.url)
    reply.status(answer.status)
    const offset = answer.headers.get('upload-offset')
    return offset === null ? null : Number(offset)
  }

  /** Deletes what nobody has added to since `before`; returns how many. The phone then begins anew. */
  async expire(before: Date): Promise<number> {
    let removed = 0
    for (const name of await readdir(this.#folder).catch(() => [])) {
      if (!uuid.test(name)) continue
      const file = await stat(join(this.#folder, name)).catch(() => null)
      if (!file || file.mtimeMs >= before.getTime()) continue
      await this.drop(name)
      removed++
    }
    return removed
  }
}

function refuse(status: number, text: string): never {
  if (status === 404 || status === 410) fail('not_found')
  if (status === 409) fail('upload_offset')
  if (status === 423 || /lock/i.test(text)) fail('upload_busy')
  if (status === 413) fail('body_too_large')
  if (status < 500) fail('upload_header')
  throw new Error(`upload: ${status} ${text}`)
}

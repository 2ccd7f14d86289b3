// A note that was spoken: what a browser's recorder makes, told by its first bytes, and played back in the pieces that
// phones ask for.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import type { FileStore } from '../../platform/files'
import type { EvidenceRow } from './evidence'

/** WebM (Matroska), MPEG-4 and Ogg: what MediaRecorder writes in the browsers of our table. */
function mediaTypeOf(head: Buffer): string | null {
  if (head.subarray(0, 4).equals(Buffer.from([0x1a, 0x45, 0xdf, 0xa3]))) return 'audio/webm'
  if (head.subarray(4, 8).toString('latin1') === 'ftyp') return 'audio/mp4'
  if (head.subarray(0, 4).toString('latin1') === 'OggS') return 'audio/ogg'
  return null
}

async function bytesOf(files: FileStore, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of files.read(sha256)) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** In the shape in which a picture is studied: a recording has nothing to look at. */
export async function studyAudio(files: FileStore, sha256: string) {
  const mediaType = mediaTypeOf((await bytesOf(files, sha256)).subarray(0, 16))
  if (!mediaType) return fail('audio_unreadable')
  return { mediaType, width: 0, height: 0, thumb: null, exif: null, dhash: null }
}

/** Safari plays nothing that it cannot ask for in pieces (RFC 9110 §14, one range). */
export async function playAudio(ctx: Ctx, e: EvidenceRow, request: FastifyRequest, reply: FastifyReply) {
  const bytes = await bytesOf(ctx.files, e.sha256)
  reply
    .header('content-type', e.media_type ?? 'application/octet-stream')
    .header('cache-control', 'private, no-store')
    .header('accept-ranges', 'bytes')
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  if (!asked) return reply.send(bytes)
  const from = Number(asked[1])
  const to = Math.min(asked[2] ? Number(asked[2]) : bytes.length - 1, bytes.length - 1)
  if (from > to) return reply.status(416).header('content-range', `bytes */${bytes.length}`).send()
  return reply
    .status(206)
    .header('content-range', `bytes ${from}-${to}/${bytes.length}`)
    .send(bytes.subarray(from, to + 1))
}

import type { Readable } from 'node:stream'
import sharp, { type Metadata } from 'sharp'
import { fail } from './errors'
import type { FileStore } from './files'

/** Above this a decoder is a weapon: 50 megapixels take 200 MB as raw pixels. */
export const maxMegapixels = 50
const formats: Record<string, string> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heif: 'image/heic',
  avif: 'image/avif',
}

sharp.concurrency(1)
sharp.cache(false)

// Photos come in bursts and memory is finite: two at a time hold their bytes and pixels, the others wait.
let free = 2
const waiting: (() => void)[] = []
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (free > 0) free--
  else await new Promise<void>((go) => waiting.push(go))
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The place is handed on, so that nobody who comes now overtakes those who wait.
    if (next) next()
    else free++
  }
}

async function bytesOf(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

export interface ImageFacts {
  /** As a person sees it: the EXIF orientation applied. */
  width: number
  height: number
  mediaType: string
}

/** Reads what a stored file is; refuses what is no picture or has more pixels than we are willing to decode. */
export async function inspectImage(files: FileStore, sha256: string): Promise<ImageFacts> {
  let meta: Metadata
  try {
    meta = await inTurn(async () =>
      sharp(await bytesOf(files.read(sha256)), { limitInputPixels: false, failOn: 'error' }).metadata(),
    )
  } catch {
    return fail('file_unreadable')
  }
  const mediaType = formats[meta.format ?? '']
  if (!mediaType || !meta.width || !meta.height) return fail('file_unreadable')
  const megapixels = (meta.width * meta.height) / 1e6
  if (megapixels > maxMegapixels)
    fail('file_too_many_pixels', { megapixels: Math.round(megapixels), limit: maxMegapixels })
  const turned = (meta.orientation ?? 1) >= 5
  return { width: turned ? meta.height : meta.width, height: turned ? meta.width : meta.height, mediaType }
}

/** A copy for looking at: turned upright, at most `edge` pixels, without any metadata (place, device). */
export async function preview(files: FileStore, sha256: string, edge: number): Promise<Buffer> {
  try {
    return await inTurn(async () =>
      sharp(await bytesOf(files.read(sha256)), { limitInputPixels: maxMegapixels * 1e6 })
        .rotate()
        .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })
        .jpeg({ quality: 82 })
        .toBuffer(),
    )
  } catch {
    return fail('file_unreadable')
  }
}

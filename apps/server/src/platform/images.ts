import { createRequire } from 'node:module'
import type { Readable } from 'node:stream'
import sharp, { type Metadata } from 'sharp'
import { fail } from './errors'
import { type Exif, readExif } from './exif'
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
  return factsOf(meta)
}

function factsOf(meta: Metadata): ImageFacts {
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

export interface Study extends ImageFacts {
  /** null: kept as it is, since nothing here decodes it (HEIC of an iPhone). */
  thumb: Buffer | null
  /** 64 letters 0 and 1; null where the picture is too even to be told from others. */
  dhash: string | null
  exif: Exif | null
}

// The brands of HEVC pictures (ISO 14496-12 `ftyp`; ISO 23008-12 names them): their codec is patented, sharp has no decoder.
const heic = (b: Buffer) =>
  b.toString('latin1', 4, 8) === 'ftyp' && /^(heic|heix|heim|heis|hevc|mif1)$/.test(b.toString('latin1', 8, 12))

/** Everything that is worth knowing of a picture when its bytes have come, in one reading. Refuses what is none. */
export async function studyImage(files: FileStore, sha256: string, thumbEdge: number): Promise<Study> {
  return inTurn(async () => {
    const bytes = await bytesOf(files.read(sha256))
    let meta: Metadata
    try {
      meta = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata()
    } catch {
      if (heic(bytes))
        return { width: 0, height: 0, mediaType: 'image/heic', thumb: null, dhash: null, exif: null } satisfies Study
      return fail('file_unreadable')
    }
    const facts = factsOf(meta)
    const exif = meta.exif ? readExif(meta.exif) : null
    try {
      const thumb = await upright(bytes, thumbEdge).jpeg({ quality: 82 }).toBuffer()
      return { ...facts, thumb, dhash: await differenceHash(thumb), exif }
    } catch {
      if (heic(bytes)) return { ...facts, mediaType: 'image/heic', thumb: null, dhash: null, exif }
      return fail('file_unreadable')
    }
  })
}

const upright = (bytes: Buffer, edge: number) =>
  sharp(bytes, { limitInputPixels: maxMegapixels * 1e6 })
    .rotate()
    .resize({ width: edge, height: edge, fit: 'inside', withoutEnlargement: true })

/** The same picture with fewer pixels, to print or to send. */
export const smaller = (picture: Buffer, edge: number) =>
  inTurn(() => upright(picture, edge).jpeg({ quality: 82 }).toBuffer())

/**
 * Difference hash after N. Krawetz, "Kind of Like That" (hackerfactor.com, 2013): grey, 9 × 8, one bit for each pixel that
 * is brighter than its right neighbour. Saving again, scaling and light leave it (nearly) as it is.
 */
export async function differenceHash(picture: Buffer): Promise<string | null> {
  const grey = await sharp(picture).greyscale().resize(9, 8, { fit: 'fill' }).raw().toBuffer()
  let bits = ''
  for (let y = 0; y < 8; y++)
    for (let x = 0; x < 8; x++) bits += (grey[y * 9 + x] as number) > (grey[y * 9 + x + 1] as number) ? '1' : '0'
  const ones = bits.replaceAll('0', '').length
  // A wall, a lens in a pocket: all such pictures are alike, which says nothing.
  return ones < 8 || ones > 56 ? null : bits
}

const fontfile = createRequire(import.meta.url).resolve(
  '@expo-google-fonts/noto-sans-sc/500Medium/NotoSansSC_500Medium.ttf',
)
const markup = (s: string) => s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const written = (s: string, px: number, width: number, align: 'left' | 'right' = 'left') =>
  sharp({
    text: {
      text: `<span foreground="white">${markup(s)}</span>`,
      font: `Noto Sans SC Medium ${px}px`,
      // By path, so that a machine without Chinese fonts writes the same.
      fontfile,
      width: Math.max(width, px * 4),
      wrap: 'word-char',
      align,
      rgba: true,
      dpi: 72,
    },
  })
    .png()
    .toBuffer({ resolveWithObject: true })

/** What stands in a picture that proves something: lines at its foot and a short code beside them. */
export interface Stamp {
  lines: readonly string[]
  code: string
}

/** A copy that bears its stamp: upright, at most `edge` pixels, without any metadata. */
export async function stamped(files: FileStore, sha256: string, edge: number, stamp: Stamp): Promise<Buffer> {
  try {
    return await inTurn(async () => {
      const { data, info } = await upright(await bytesOf(files.read(sha256)), edge)
        .raw()
        .toBuffer({ resolveWithObject: true })
      const { width, height } = info
      const px = Math.max(11, Math.round(Math.max(width, height) / 52))
      const pad = Math.round(px * 0.9)
      const code = await written(stamp.code, Math.round(px * 1.25), Math.round(width / 2), 'right')
      // Beside the code where there is room, above it on a narrow picture.
      const beside = width >= code.info.width + px * 16
      const words = await written(stamp.lines.join('\n'), px, width - pad * 2 - (beside ? code.info.width + pad : 0))
      const codeTop = height - pad - code.info.height
      const wordsTop = (beside ? height - pad : codeTop - Math.round(pad / 2)) - words.info.height
      const foot = Math.min(height, height - Math.min(wordsTop, codeTop) + pad * 2)
      const shade = Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${foot}"><defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/><stop offset=".4" stop-color="#000" stop-opacity=".5"/><stop offset="1" stop-color="#000" stop-opacity=".72"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/></svg>`,
      )
      return await sharp(data, { raw: { width, height, channels: info.channels } })
        .composite([
          { input: shade, left: 0, top: height - foot },
          { input: await fitting(words.data, width, height), left: pad, top: Math.max(0, wordsTop) },
          {
            input: await fitting(code.data, width, height),
            left: Math.max(0, width - pad - code.info.width),
            top: Math.max(0, codeTop),
          },
        ])
        .jpeg({ quality: 84 })
        .toBuffer()
    })
  } catch {
    return fail('file_unreadable')
  }
}

/** On a tiny picture the writing is larger than the picture, which the compositor refuses. */
const fitting = (writing: Buffer, width: number, height: number) =>
  sharp(writing).resize({ width, height, fit: 'inside', withoutEnlargement: true }).png().toBuffer()

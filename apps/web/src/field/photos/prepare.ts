import { exifSegment, withSegment } from './exif'

// What happens to a photo on the phone before it is sent: hashed as it is, made smaller, hashed again, and drawn once with
// its watermark to look at. Runs in a worker where there is one, else on the page.

/** Nameplates stay readable, and a photo fits through a weak line. */
const EDGE = 2560
const ENOUGH = 1_500_000
const STEPS = [0.85, 0.75, 0.65]
/** What the server takes. */
const LIMIT = 25 * 1024 * 1024
const PREVIEW_EDGE = 1280

export interface Wanted {
  /** Send it as the camera gave it. */
  asTaken: boolean
  /** Lines of the watermark, and the code beside them. */
  lines: readonly string[]
  code: string
}
export interface Prepared {
  blob: Blob
  sha256: string
  /** Set when `blob` is not what the camera gave. */
  originalSha256: string | null
  originalBytes: number | null
  /** null: this browser cannot draw it (HEIC). */
  preview: Blob | null
}
export type Unfit = 'too_large' | 'not_secure'
export class UnfitPhoto extends Error {
  constructor(readonly why: Unfit) {
    super(why)
  }
}

export async function sha256(blob: Blob): Promise<string> {
  if (!globalThis.crypto?.subtle) throw new UnfitPhoto('not_secure')
  const digest = await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('')
}

export async function prepare(file: Blob, o: Wanted): Promise<Prepared> {
  const originalSha256 = await sha256(file)
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null)
  try {
    let blob = file
    if (bitmap && (!o.asTaken || file.size > LIMIT)) {
      const small = await smaller(bitmap, file)
      if (small && (small.size < file.size * 0.9 || file.size > LIMIT)) blob = small
    }
    if (blob.size > LIMIT) throw new UnfitPhoto('too_large')
    const same = blob === file
    return {
      blob,
      sha256: same ? originalSha256 : await sha256(blob),
      originalSha256: same ? null : originalSha256,
      originalBytes: same ? null : file.size,
      preview: bitmap && (await watermarked(bitmap, o).catch(() => null)),
    }
  } finally {
    bitmap?.close()
  }
}

type Canvas = OffscreenCanvas | HTMLCanvasElement
function drawn(bitmap: ImageBitmap, edge: number): { canvas: Canvas; pen: CanvasRenderingContext2D } | null {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height))
  const width = Math.max(1, Math.round(bitmap.width * scale))
  const height = Math.max(1, Math.round(bitmap.height * scale))
  const canvas: Canvas =
    typeof OffscreenCanvas === 'undefined'
      ? Object.assign(document.createElement('canvas'), { width, height })
      : new OffscreenCanvas(width, height)
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D | null
  if (!pen) return null
  // A JPEG has no transparency: a screenshot's would turn black.
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, width, height)
  pen.imageSmoothingQuality = 'high'
  pen.drawImage(bitmap, 0, 0, width, height)
  return { canvas, pen }
}

const jpegOf = (canvas: Canvas, quality: number): Promise<Blob | null> =>
  'convertToBlob' in canvas
    ? canvas.convertToBlob({ type: 'image/jpeg', quality })
    : new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality))

async function smaller(bitmap: ImageBitmap, file: Blob): Promise<Blob | null> {
  const picture = drawn(bitmap, EDGE)
  if (!picture) return null
  let jpeg: Blob | null = null
  for (const quality of STEPS) {
    jpeg = await jpegOf(picture.canvas, quality)
    if (!jpeg || jpeg.size <= ENOUGH) break
  }
  if (!jpeg) return null
  const segment = exifSegment(new Uint8Array(await file.arrayBuffer()))
  if (!segment) return jpeg
  return new Blob([withSegment(new Uint8Array(await jpeg.arrayBuffer()), segment)], { type: 'image/jpeg' })
}

/** What the server will write into its copy, on the phone's own small one: the same words in the same place. */
async function watermarked(bitmap: ImageBitmap, o: Wanted): Promise<Blob | null> {
  const picture = drawn(bitmap, PREVIEW_EDGE)
  if (!picture) return null
  const { canvas, pen } = picture
  const px = Math.max(11, Math.round(Math.max(canvas.width, canvas.height) / 52))
  const pad = Math.round(px * 0.9)
  const font = (size: number) => `500 ${size}px system-ui, "PingFang SC", "Noto Sans SC", sans-serif`
  pen.font = font(Math.round(px * 1.25))
  const codeWidth = pen.measureText(o.code).width
  const beside = canvas.width >= codeWidth + px * 16
  pen.font = font(px)
  const room = canvas.width - pad * 2 - (beside ? codeWidth + pad : 0)
  const lines = o.lines.flatMap((line) => wrapped(pen, line, room))
  const lineHeight = Math.round(px * 1.4)
  const foot = lines.length * lineHeight + pad * 3 + (beside ? 0 : Math.round(px * 1.8))
  const shade = pen.createLinearGradient(0, canvas.height - foot, 0, canvas.height)
  shade.addColorStop(0, 'rgb(0 0 0 / 0%)')
  shade.addColorStop(0.4, 'rgb(0 0 0 / 50%)')
  shade.addColorStop(1, 'rgb(0 0 0 / 72%)')
  pen.fillStyle = shade
  pen.fillRect(0, canvas.height - foot, canvas.width, foot)
  pen.fillStyle = '#fff'
  pen.textBaseline = 'bottom'
  const base = canvas.height - pad - (beside ? 0 : Math.round(px * 1.8))
  for (const [i, line] of lines.entries()) pen.fillText(line, pad, base - (lines.length - 1 - i) * lineHeight)
  pen.font = font(Math.round(px * 1.25))
  pen.fillText(o.code, canvas.width - pad - codeWidth, canvas.height - pad)
  return jpegOf(canvas, 0.7)
}

/** Chinese breaks anywhere; what is too long goes on in the next line. */
function wrapped(pen: CanvasRenderingContext2D, line: string, room: number): string[] {
  const out: string[] = []
  let now = ''
  for (const letter of line) {
    if (now && pen.measureText(now + letter).width > room) {
      out.push(now)
      now = letter.trim()
    } else now += letter
  }
  return now ? [...out, now] : out
}

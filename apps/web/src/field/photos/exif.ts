// A canvas forgets what the camera wrote. The block is taken from the original (JPEG marker APP1, Exif 2.32 §4.7) and put
// into the smaller picture as it was, but for the orientation: its pixels are upright already.

const isExif = (b: Uint8Array, at: number) =>
  b[at] === 0x45 && b[at + 1] === 0x78 && b[at + 2] === 0x69 && b[at + 3] === 0x66 && b[at + 4] === 0 && b[at + 5] === 0

/** The whole APP1 segment (marker, length, payload) of a JPEG, with orientation 1; null where there is none. */
export function exifSegment(jpeg: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) return null
  for (let at = 2; at + 10 < jpeg.length && jpeg[at] === 0xff; ) {
    const marker = jpeg[at + 1] as number
    // The picture itself begins: nothing is written after that.
    if (marker === 0xda || marker === 0xd9) return null
    const length = ((jpeg[at + 2] as number) << 8) | (jpeg[at + 3] as number)
    if (length < 2 || at + 2 + length > jpeg.length) return null
    if (marker === 0xe1 && isExif(jpeg, at + 4)) {
      const segment = new Uint8Array(jpeg.subarray(at, at + 2 + length))
      upright(segment)
      return segment
    }
    at += 2 + length
  }
  return null
}

/** Sets the orientation of the first directory to 1, where it stands within bounds. */
function upright(segment: Uint8Array<ArrayBuffer>): void {
  const tiff = 10
  const view = new DataView(segment.buffer, tiff)
  if (view.byteLength < 10) return
  const little = view.getUint16(0) === 0x4949
  const start = view.getUint32(4, little)
  if (start + 2 > view.byteLength) return
  const n = view.getUint16(start, little)
  for (let i = 0; i < n; i++) {
    const entry = start + 2 + i * 12
    if (entry + 12 > view.byteLength) return
    if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little)
  }
}

/** The JPEG with the segment behind its first marker. */
export function withSegment(jpeg: Uint8Array, segment: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(jpeg.length + segment.length)
  out.set(jpeg.subarray(0, 2))
  out.set(segment, 2)
  out.set(jpeg.subarray(2), 2 + segment.length)
  return out
}

// What a camera writes into a picture (Exif 2.32, JEITA CP-3451; TIFF 6.0 for the layout): a few tags, read within
// bounds, since whatever comes from a phone may be forged or broken.

export interface Exif {
  make: string | null
  model: string | null
  software: string | null
  /** `YYYY-MM-DDTHH:mm:ss` by the camera's clock. */
  localTime: string | null
  /** `+08:00`, where the camera knew its zone. */
  offset: string | null
  point: { lat: number; lng: number } | null
}

const sizes: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 }
const maxEntries = 200

/** Reads an Exif block, with or without its `Exif\0\0` head; null if it is none. Never throws. */
export function readExif(block: Uint8Array): Exif | null {
  let bytes = block
  if (String.fromCharCode(...bytes.subarray(0, 4)) === 'Exif') bytes = bytes.subarray(6)
  if (bytes.length < 8) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const mark = view.getUint16(0)
  if (mark !== 0x4949 && mark !== 0x4d4d) return null
  const little = mark === 0x4949
  const u16 = (at: number) => view.getUint16(at, little)
  const u32 = (at: number) => view.getUint32(at, little)

  const directory = (start: number): Map<number, { type: number; count: number; at: number }> => {
    const out = new Map<number, { type: number; count: number; at: number }>()
    if (start <= 0 || start + 2 > bytes.length) return out
    const n = Math.min(u16(start), maxEntries)
    for (let i = 0; i < n; i++) {
      const entry = start + 2 + i * 12
      if (entry + 12 > bytes.length) break
      const type = u16(entry + 2)
      const count = u32(entry + 4)
      const size = (sizes[type] ?? 0) * count
      const at = size <= 4 ? entry + 8 : u32(entry + 8)
      if (size > 0 && size <= bytes.length && at + size <= bytes.length) out.set(u16(entry), { type, count, at })
    }
    return out
  }
  const text = (dir: ReturnType<typeof directory>, tag: number): string | null => {
    const e = dir.get(tag)
    if (e?.type !== 2) return null
    const raw = bytes.subarray(e.at, e.at + Math.min(e.count, 120))
    const end = raw.indexOf(0)
    // Control characters have no place in a maker's name, and PostgreSQL takes no NUL.
    const s = new TextDecoder()
      .decode(end < 0 ? raw : raw.subarray(0, end))
      .replace(/\p{Cc}/gu, '')
      .trim()
    return s || null
  }
  const long = (dir: ReturnType<typeof directory>, tag: number): number | null => {
    const e = dir.get(tag)
    return e?.type === 4 ? u32(e.at) : null
  }
  const degrees = (dir: ReturnType<typeof directory>, tag: number): number | null => {
    const e = dir.get(tag)
    if (e?.type !== 5 || e.count !== 3) return null
    const part = (i: number) => u32(e.at + i * 8) / u32(e.at + i * 8 + 4)
    const value = part(0) + part(1) / 60 + part(2) / 3600
    return Number.isFinite(value) ? value : null
  }

  const main = directory(u32(4))
  const photo = directory(long(main, 0x8769) ?? 0)
  const gps = directory(long(main, 0x8825) ?? 0)
  const stamp = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text(photo, 0x9003) ?? '')
  const localTime = stamp ? `${stamp[1]}-${stamp[2]}-${stamp[3]}T${stamp[4]}` : null
  const offset = text(photo, 0x9011)
  const lat = degrees(gps, 2)
  const lng = degrees(gps, 4)
  const point =
    lat !== null && lng !== null && lat <= 90 && lng <= 180 && (lat !== 0 || lng !== 0)
      ? { lat: text(gps, 1) === 'S' ? -lat : lat, lng: text(gps, 3) === 'W' ? -lng : lng }
      : null
  const found: Exif = {
    make: text(main, 0x010f),
    model: text(main, 0x0110),
    software: text(main, 0x0131),
    localTime: localTime && !Number.isNaN(Date.parse(`${localTime}Z`)) ? localTime : null,
    offset: offset && /^[+-]\d\d:\d\d$/.test(offset) ? offset : null,
    point,
  }
  return Object.values(found).some((v) => v !== null) ? found : null
}

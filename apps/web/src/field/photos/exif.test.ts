import sharp, { type Sharp } from 'sharp'
import { describe, expect, it } from 'vitest'
import { exifSegment, withSegment } from './exif'

const picture = (more: (s: Sharp) => Sharp) =>
  more(sharp({ create: { width: 60, height: 40, channels: 3, background: '#678' } }))
    .jpeg()
    .toBuffer()

describe('what the camera wrote', () => {
  it('goes from the original into the smaller picture, upright', async () => {
    const original = await picture((s) =>
      s
        .withExif({ IFD0: { Make: 'HUAWEI' }, IFD2: { DateTimeOriginal: '2026:11:23 09:00:00' } })
        .withMetadata({ orientation: 6 }),
    )
    expect((await sharp(original).metadata()).orientation).toBe(6)
    const plain = await picture((s) => s)
    const segment = exifSegment(new Uint8Array(original)) as Uint8Array
    const made = Buffer.from(withSegment(new Uint8Array(plain), segment))
    const meta = await sharp(made).metadata()
    expect(meta.exif?.toString('latin1')).toContain('HUAWEI')
    expect(meta.exif?.toString('latin1')).toContain('2026:11:23 09:00:00')
    expect(meta.orientation ?? 1).toBe(1)
    await sharp(made).raw().toBuffer()
  })
  it('is nothing where there is none, and a broken block breaks nothing', async () => {
    expect(exifSegment(new Uint8Array(await picture((s) => s)))).toBeNull()
    expect(exifSegment(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).toBeNull()
    const whole = new Uint8Array(await picture((s) => s.withExif({ IFD0: { Make: 'X' } })))
    for (let cut = 0; cut < 120; cut++) expect(() => exifSegment(whole.slice(0, cut))).not.toThrow()
    for (let at = 2; at < 60; at++) {
      const bent = whole.slice()
      bent[at] = 0xff
      expect(() => exifSegment(bent)).not.toThrow()
    }
  })
})

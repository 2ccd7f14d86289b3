// Pictures for the demo, drawn here: signatures as strokes of a pen, and what an engineer's camera would show in an
// equipment room. Letters are Latin only, so that a machine without Chinese fonts draws the same.

import { Readable } from 'node:stream'
import sharp from 'sharp'
import type { Db } from '../src/platform/database/pool'
import type { FileStore } from '../src/platform/files'
import { insertRows, time } from './rows'
import type { Story, StoryAsset } from './story'
import { Rng } from './story/rng'

export interface Picture {
  sha256: string
  bytes: number
  width: number
  height: number
  thumb: string
}

const width = 800
const height = 600

export class Album {
  readonly #rng: Rng
  #signatures: { sha256: string; png: Buffer }[] = []
  #plates: { assetId: string; picture: Picture }[] = []
  #scenes: Picture[] = []

  private constructor(seed: string) {
    this.#rng = new Rng(`${seed}/album`)
  }

  /** Draws everything once and stores it. */
  static async draw(seed: string, story: Story, db: Db, files: FileStore, now: number): Promise<Album> {
    const album = new Album(seed)
    const stored = new Map<string, { bytes: number; mediaType: string }>()
    const keep = async (bytes: Buffer, mediaType: string) => {
      const file = await files.put(Readable.from([bytes]), 4_000_000)
      stored.set(file.sha256, { bytes: file.bytes, mediaType })
      return file
    }
    const photo = async (svg: string): Promise<Picture> => {
      const image = await sharp(Buffer.from(svg)).jpeg({ quality: 72 }).toBuffer()
      const file = await keep(image, 'image/jpeg')
      const thumb = await keep(await sharp(image).resize(320).jpeg({ quality: 70 }).toBuffer(), 'image/jpeg')
      return { sha256: file.sha256, bytes: file.bytes, width, height, thumb: thumb.sha256 }
    }
    for (let i = 0; i < 20; i++) {
      const png = await sharp(Buffer.from(signature(album.#rng.fork(`signature/${i}`))))
        .png()
        .toBuffer()
      album.#signatures.push({ sha256: (await keep(png, 'image/png')).sha256, png })
    }
    for (let i = 0; i < 10; i++) album.#scenes.push(await photo(rack(album.#rng.fork(`rack/${i}`))))
    for (const asset of album.#rng.fork('plates').sample(story.customers.assets, 14))
      album.#plates.push({ assetId: asset.id, picture: await photo(nameplate(album.#rng.fork(asset.id), asset)) })
    await insertRows(
      db,
      'files',
      [...stored].map(([sha256, f]) => ({
        sha256,
        bytes: f.bytes,
        media_type: f.mediaType,
        created_at: time(now),
      })),
    )
    return album
  }

  /** The same for the same document. */
  signature(key: string): string {
    return new Rng(key).pick(this.#signatures).sha256
  }

  /** A signature as a phone sends it. */
  ink(key: string): string {
    return `data:image/png;base64,${new Rng(key).pick(this.#signatures).png.toString('base64')}`
  }

  /** What was photographed on one visit: often nothing, sometimes the plate of the machine and the cabinet. */
  take(asset: Pick<StoryAsset, 'id'> | null): Picture[] {
    const plate = this.#plates.find((p) => p.assetId === asset?.id)?.picture
    if (!plate && !this.#rng.chance(0.4)) return []
    const scenes = this.#rng.sample(this.#scenes, this.#rng.int(1, 2))
    return plate ? [plate, ...scenes] : scenes
  }
}

/** A signature as a phone sends it: the same for the same key. */
export async function signatureOf(key: string): Promise<string> {
  const png = await sharp(Buffer.from(signature(new Rng(key))))
    .png()
    .toBuffer()
  return `data:image/png;base64,${png.toString('base64')}`
}

/** Three or four characters in one breath: strokes that lean, with a flourish at the end. */
function signature(rng: Rng): string {
  const strokes: string[] = []
  const characters = rng.int(2, 3)
  for (let c = 0; c < characters; c++) {
    const x = 60 + c * 110 + rng.int(-8, 8)
    for (let s = 0; s < rng.int(3, 5); s++) {
      const [x0, y0] = [x + rng.int(-30, 20), 60 + rng.int(-25, 70)]
      const [dx, dy] = [rng.int(25, 75), rng.int(-25, 45)]
      strokes.push(
        `M${x0} ${y0} q${Math.round(dx / 2) + rng.int(-15, 15)} ${rng.int(-25, 25)} ${dx} ${dy} t${rng.int(-30, 20)} ${rng.int(5, 35)}`,
      )
    }
  }
  const end = 60 + characters * 100
  strokes.push(`M${end - 60} 150 c40 -${rng.int(10, 40)} 90 ${rng.int(10, 40)} 130 -${rng.int(5, 25)}`)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="200"><rect width="480" height="200" fill="#fff"/>
    <g fill="none" stroke="#111827" stroke-linecap="round" stroke-linejoin="round" stroke-width="${rng.int(4, 6)}">${strokes.map((d) => `<path d="${d}"/>`).join('')}</g></svg>`
}

/** A cabinet with servers and patch cables, a little dark at the edges as in every equipment room. */
function rack(rng: Rng): string {
  const parts: string[] = []
  let y = 40
  while (y < 540) {
    const units = rng.pick([1, 1, 1, 2])
    const h = units * 34
    const shade = rng.int(28, 52)
    parts.push(
      `<rect x="150" y="${y}" width="500" height="${h - 4}" rx="3" fill="rgb(${shade},${shade + 4},${shade + 10})" stroke="#0b0d10"/>`,
    )
    if (rng.chance(0.4)) {
      // A switch: two rows of ports with cables.
      for (let p = 0; p < 16; p++) {
        const x = 190 + p * 25
        parts.push(`<rect x="${x}" y="${y + 8}" width="16" height="12" fill="#0a0a0a" stroke="#555"/>`)
        if (rng.chance(0.65)) {
          const colour = rng.pick(['#2563eb', '#eab308', '#16a34a', '#9ca3af'])
          parts.push(
            `<path d="M${x + 8} ${y + 16} q${rng.int(-20, 20)} ${rng.int(30, 70)} ${rng.int(-60, 60)} ${rng.int(40, 110)}" stroke="${colour}" stroke-width="5" fill="none" opacity=".85"/>`,
          )
        }
      }
    } else {
      for (let b = 0; b < 8; b++)
        parts.push(
          `<rect x="${180 + b * 44}" y="${y + 6}" width="38" height="${h - 16}" rx="2" fill="rgb(${shade + 18},${shade + 20},${shade + 24})"/>`,
        )
      parts.push(`<circle cx="${610}" cy="${y + 14}" r="4" fill="${rng.chance(0.88) ? '#22c55e' : '#f59e0b'}"/>`)
      parts.push(`<circle cx="${626}" cy="${y + 14}" r="4" fill="#38bdf8"/>`)
    }
    y += h
  }
  const tilt = rng.between(-2.5, 2.5).toFixed(2)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><radialGradient id="v" cx=".5" cy=".45" r=".8"><stop offset=".5" stop-color="#000" stop-opacity="0"/><stop offset="1" stop-color="#000" stop-opacity=".55"/></radialGradient></defs>
    <rect width="${width}" height="${height}" fill="rgb(${rng.int(150, 190)},${rng.int(155, 190)},${rng.int(160, 195)})"/>
    <g transform="rotate(${tilt} 400 300)"><rect x="120" y="14" width="560" height="560" rx="6" fill="#15181d"/>${parts.join('')}</g>
    <rect width="${width}" height="${height}" fill="url(#v)"/></svg>`
}

/** The plate of a machine: model, serial number, bar code. */
function nameplate(rng: Rng, asset: StoryAsset): string {
  let x = 150
  const bars: string[] = []
  while (x < 640) {
    const w = rng.int(2, 9)
    bars.push(`<rect x="${x}" y="400" width="${w}" height="80" fill="#111"/>`)
    x += w + rng.int(2, 8)
  }
  const tilt = rng.between(-4, 4).toFixed(2)
  const line = (y: number, label: string, value: string) =>
    `<text x="150" y="${y}" font-family="sans-serif" font-size="26" fill="#4b5563">${label}</text><text x="270" y="${y}" font-family="monospace" font-size="30" fill="#111827">${value}</text>`
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <rect width="${width}" height="${height}" fill="rgb(${rng.int(60, 110)},${rng.int(65, 110)},${rng.int(70, 120)})"/>
    <g transform="rotate(${tilt} 400 300)"><rect x="100" y="90" width="600" height="420" rx="14" fill="#e5e7eb" stroke="#9ca3af" stroke-width="4"/>
    <circle cx="125" cy="115" r="8" fill="#6b7280"/><circle cx="675" cy="115" r="8" fill="#6b7280"/>
    <text x="150" y="170" font-family="sans-serif" font-weight="bold" font-size="40" fill="#1f2937">XUHENG</text>
    ${line(230, 'MODEL', asset.model)}${line(280, 'S/N', asset.serial)}${line(330, 'DATE', asset.installedOn)}${line(370, 'INPUT', '220V~ 50Hz')}
    ${bars.join('')}</g>
    <polygon points="${rng.int(0, 300)},0 ${rng.int(320, 520)},0 ${rng.int(100, 400)},600 ${rng.int(0, 90)},600" fill="#fff" opacity=".08"/></svg>`
}

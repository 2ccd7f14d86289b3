// What a photo proves: the copy that bears when, where, for which order and by whom; what the camera wrote against what
// was said; and whether the same picture served another order before.

import { DateTime } from 'luxon'
import { distanceM } from '#geo'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import type { Exif } from '../../platform/exif'
import { type Stamp, stamped } from '../../platform/images'
import type { EvidenceRow } from './evidence'

export const stampEdge = 2000

export interface Scene {
  order_id: string
  order_number: string | null
  order_title: string
  customer_id: string
  customer_name: string
  site: {
    id: string
    name: string
    address: string
    zone: string
    lat: number | null
    lng: number | null
    datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown' | null
    radius_m: number
  } | null
  taken_by_name: string | null
}

/** Where and for what the evidence was taken, by id. */
export async function scenesOf(ctx: Pick<Ctx, 'db'>, ids: readonly string[]): Promise<Map<string, Scene>> {
  const rows = await ctx.db.query<Scene & { id: string }>(sql`
    select x.id, o.id as order_id, o.number as order_number, o.title as order_title, c.id as customer_id, c.name as customer_name, u.name as taken_by_name,
      case when s.id is not null then json_build_object('id', s.id, 'name', s.name, 'address', s.address, 'zone', s.zone, 'lat', s.lat, 'lng', s.lng,
        'datum', s.datum, 'radius_m', s.radius_m) end as site
    from evidence x join visits v on v.id = x.visit_id join orders o on o.id = v.order_id join customers c on c.id = v.customer_id
      left join sites s on s.id = v.site_id left join users u on u.id = x.taken_by
    where x.id = any(${ids}::uuid[])`)
  return new Map(rows.map((r) => [r.id, r]))
}

const weekdays = ['周一', '周二', '周三', '周四', '周五', '周六', '周日']
/** 7K3M9QAZ is read out and typed in two halves. */
export const spelled = (code: string) => `${code.slice(0, 4)} ${code.slice(4)}`

/** The words of a watermark: time at the site, place, order and engineer. */
export function stampOf(
  e: Pick<EvidenceRow, 'code' | 'taken_at'>,
  scene: Pick<Scene, 'order_number' | 'customer_name' | 'taken_by_name'> & {
    site: { name: string; zone: string } | null
  },
  companyZone: string,
): Stamp {
  const zone = scene.site?.zone ?? companyZone
  const at = DateTime.fromJSDate(e.taken_at, { zone })
  // Elsewhere than at home a time without its zone would be read as ours.
  const away = zone === companyZone ? '' : `  UTC${at.toFormat('Z')}`
  const joined = (...parts: (string | null | undefined)[]) => parts.filter(Boolean).join(' · ')
  return {
    lines: [
      `${at.toFormat('yyyy-MM-dd')} ${weekdays[at.weekday - 1]} ${at.toFormat('HH:mm:ss')}${away}`,
      joined(scene.customer_name, scene.site?.name),
      joined(scene.order_number, scene.taken_by_name),
    ].filter(Boolean),
    code: spelled(e.code),
  }
}

/** The copy that bears its stamp: the one made when the bytes came, else made now; at most `edge` pixels. */
export async function stampedCopy(ctx: Ctx, e: EvidenceRow): Promise<Buffer> {
  if (e.stamped_sha256 && (await ctx.files.size(e.stamped_sha256)) !== null) {
    const chunks: Buffer[] = []
    for await (const chunk of ctx.files.read(e.stamped_sha256)) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks)
  }
  const scene = (await scenesOf(ctx, [e.id])).get(e.id) as Scene
  return stamped(ctx.files, e.sha256, stampEdge, stampOf(e, scene, ctx.zone))
}

const clockToleranceMs = 10 * 60_000
/** Chinese phones write either datum into a picture, half a kilometre apart; a camera's first fix is coarse as well. */
const placeToleranceM = 1000

/** When the camera says that it took the picture; its clock without a zone is read in the site's. */
export function exifInstant(exif: Exif, zone: string): Date | null {
  if (!exif.localTime) return null
  const at = exif.offset
    ? DateTime.fromISO(`${exif.localTime}${exif.offset}`)
    : DateTime.fromISO(exif.localTime, { zone })
  return at.isValid ? at.toJSDate() : null
}

export function exifDistanceM(exif: Exif, site: Scene['site']): number | null {
  if (!exif.point || site?.lat === null || site?.lng === null || !site) return null
  const there = { lat: site.lat, lng: site.lng, datum: site.datum ?? 'unknown' } as const
  return Math.round(distanceM({ ...exif.point, datum: 'wgs84' }, there).distanceM)
}

/** What the camera wrote against what was said. No exif says nothing: messengers and browsers take it out. */
export function contradictions(
  e: Pick<EvidenceRow, 'taken_at'>,
  exif: Exif | null,
  scene: Scene,
  companyZone: string,
): EvidenceRow['flags'] {
  if (!exif) return []
  const flags: EvidenceRow['flags'] = []
  const at = exifInstant(exif, scene.site?.zone ?? companyZone)
  if (at && Math.abs(at.getTime() - e.taken_at.getTime()) > clockToleranceMs) flags.push('exif_time')
  const far = exifDistanceM(exif, scene.site)
  if (far !== null && far > Math.max(placeToleranceM, scene.site?.radius_m ?? 0)) flags.push('exif_place')
  return flags
}

/** Notes photos of other orders with the same bytes, sent or original; whether there is any. */
export async function noteSame(ctx: Ctx, e: { id: string; visitId: string; hashes: string[] }): Promise<boolean> {
  const n = await ctx.db.run(sql`
    insert into evidence_alike (evidence_id, earlier_id, distance, same)
    select ${e.id}, x.id, 0, true from evidence x join visits v on v.id = x.visit_id
    where x.kind = 'photo' and x.id <> ${e.id} and (x.sha256 = any(${e.hashes}) or x.original_sha256 = any(${e.hashes}))
      and v.order_id <> (select order_id from visits where id = ${e.visitId})
    order by x.declared_at desc limit 20 on conflict do nothing`)
  return n > 0
}

/** Bits of 64 in which pictures may differ and still be one: the four quarters of the index find up to 3 for certain. */
const alikeWithin = 3

/** Notes nearly the same picture on other orders; whether there is any that was not noted already. */
export async function noteAlike(ctx: Ctx, e: EvidenceRow, dhash: string | null): Promise<boolean> {
  if (!dhash) return false
  const quarters = [0, 1, 2, 3].map((i) => i * 65536 + Number.parseInt(dhash.slice(i * 16, i * 16 + 16), 2))
  const n = await ctx.db.run(sql`
    insert into evidence_alike (evidence_id, earlier_id, distance, same)
    select ${e.id}, x.id, bit_count(x.dhash # ${dhash}::bit(64)), false from evidence x join visits v on v.id = x.visit_id
    where x.dhash_quarters && ${quarters}::int[] and bit_count(x.dhash # ${dhash}::bit(64)) <= ${alikeWithin} and x.id <> ${e.id}
      and v.order_id <> (select order_id from visits where id = ${e.visit_id})
    order by 3, x.declared_at desc limit 20 on conflict do nothing`)
  return n > 0
}

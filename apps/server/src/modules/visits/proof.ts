// What a check-in proves of the phone and the moment: that this phone's key signed exactly this, and that it was made
// after a number was given out and only once.

import { createPublicKey, verify } from 'node:crypto'
import type { z } from 'zod'
import type { visitsRoutes } from '#contracts/visits.schema'
import { type CheckInSignals, checkInMessage } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import type { VisitRow } from './store'

type Body = z.output<typeof visitsRoutes.checkIn.body>
type Proof = NonNullable<CheckInSignals['proof']>

/** The tap and the command are made within this time of each other by the same clock. */
const tapMs = 30_000
/** A nonce's issue may lie a little after the check-in by a phone's drifting clock. */
const driftMs = 2 * 60_000

/** Whether this key signed this message; a key or signature that is none is a no. */
export function signedBy(key: JsonWebKey, message: string, signature: string): boolean {
  try {
    return verify(
      'sha256',
      Buffer.from(message),
      { key: createPublicKey({ key: key as never, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  } catch {
    return false
  }
}

async function judgeSignature(
  ctx: Ctx,
  v: VisitRow,
  body: Body,
  photos: readonly { id: string; sha256: string }[],
): Promise<Proof['signature']> {
  const deviceId = ctx.command?.deviceId
  const device = deviceId
    ? await ctx.db.maybe<{ public_key: JsonWebKey | null }>(sql`select public_key from devices where id = ${deviceId}`)
    : undefined
  if (!deviceId || !device?.public_key) return 'unkeyed'
  const p = body.proof
  if (!p?.signature) return 'missing'
  const atDevice = ctx.command?.atDevice
  if (atDevice && Math.abs(atDevice.getTime() - Date.parse(p.at)) > tapMs) return 'invalid'
  // The photos that were declared are the ones that were signed for.
  if (photos.some((one) => p.photos[one.id] !== undefined && p.photos[one.id] !== one.sha256)) return 'invalid'
  if (Object.keys(p.photos).some((id) => !body.photoIds.includes(id))) return 'invalid'
  const message = checkInMessage({
    visitId: v.id,
    deviceId,
    nonce: p.nonce,
    at: p.at,
    fix: body.fix ?? null,
    code: body.code ?? null,
    photos: p.photos,
  })
  return signedBy(device.public_key, message, p.signature) ? 'valid' : 'invalid'
}

async function judgeNonce(ctx: Ctx, v: VisitRow, id: string | null, at: Date): Promise<Proof['nonce']> {
  if (!id) return 'missing'
  const n = await ctx.db.maybe<{
    person_id: string
    device_id: string
    issued_at: Date
    expires_at: Date
    used_at: Date | null
  }>(sql`select person_id, device_id, issued_at, expires_at, used_at from checkin_nonces where id = ${id} for update`)
  if (!n || n.person_id !== ctx.actor.id || n.device_id !== ctx.command?.deviceId) return 'unknown'
  if (n.used_at) return 'used'
  await ctx.db.run(sql`update checkin_nonces set used_at = ${ctx.now}, used_for = ${v.id} where id = ${id}`)
  // Judged by what the phone says, not by what we make of it: the bounds of the event's time would hide it.
  const said = ctx.command?.atDevice ? ctx.command.atDevice.getTime() - (ctx.command.skewMs ?? 0) : at.getTime()
  if (said < n.issued_at.getTime() - driftMs) return 'early'
  return n.expires_at < at ? 'expired' : 'fresh'
}

export async function judgeProof(
  ctx: Ctx,
  v: VisitRow,
  body: Body,
  photos: readonly { id: string; sha256: string }[],
  at: Date,
): Promise<Proof> {
  return {
    signature: await judgeSignature(ctx, v, body, photos),
    nonce: await judgeNonce(ctx, v, body.proof?.nonce ?? null, at),
  }
}

/** What was proven, beside the check-in; `seen` is personal and can be erased without touching the rest. */
export const keepProof = (
  ctx: Ctx,
  p: {
    checkInId: string
    visitId: string
    body: Body
    proof: Proof
    code: string | null
    asked: readonly string[]
    drawn: boolean
    at: Date
  },
) =>
  ctx.db.run(sql`
    insert into checkin_proofs (check_in_id, visit_id, person_id, device_id, nonce_id, signature, nonce, code, asked, drawn, seen, at, received_at)
    values (${p.checkInId}, ${p.visitId}, ${ctx.actor.id}, ${ctx.command?.deviceId ?? null}, ${p.body.proof?.nonce ?? null},
      ${p.proof.signature}, ${p.proof.nonce}, ${p.code}, ${[...p.asked]}, ${p.drawn},
      ${JSON.stringify({ watch: p.body.watch ?? null, hardware: p.body.hardware ?? null, clockJumpMs: p.body.clockJumpMs ?? null })}::jsonb, ${p.at}, ${ctx.now})`)

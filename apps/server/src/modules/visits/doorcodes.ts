// Codes of a second party at the door: the customer's one-time code, the site's screen or poster, a machine's sticker.

import { arrivalsRoutes } from '#contracts/arrivals.schema'
import type { CheckInSignals } from '#lifecycle'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { held } from './held'
import { requireState } from './rules'
import { findSiteCode, readSiteCode, stepMs, windowSteps } from './sitecodes'
import { type VisitRow, visitScope } from './store'

/** Wrong codes of one visit before its code is no longer compared: a six-digit code cannot be guessed in six. */
export const codeTries = 6

export const codeLocked = (v: Pick<VisitRow, 'code_wrong'>) => v.code_wrong >= codeTries

/** Counts a wrong code; outside of a command that fails afterwards, or the count would be undone with it. */
export const countWrong = (db: Ctx['db'], visitId: string) =>
  db.run(sql`update visits set code_wrong = least(code_wrong + 1, ${codeTries}) where id = ${visitId}`)

interface Judged {
  code: CheckInSignals['code']
  locked: boolean
}

/** What a code that came with a check-in is worth at the time of the check-in; a wrong customer's code counts as a try. */
export async function judgeCode(
  ctx: Ctx,
  v: VisitRow,
  given: { kind: 'customer' | 'site_qr'; value: string } | undefined,
  at: Date,
): Promise<Judged> {
  if (!given) return { code: null, locked: false }
  if (given.kind === 'customer') {
    if (codeLocked(v)) return { code: { kind: 'customer', matched: false }, locked: true }
    const matched = given.value === v.arrival_code
    if (!matched) await countWrong(ctx.db, v.id)
    return { code: { kind: 'customer', matched }, locked: false }
  }
  const read = readSiteCode(ctx.secret, given.value)
  if (!read) return { code: { kind: 'sticker', matched: given.value === (await stickerOf(ctx, v)) }, locked: false }
  const kind = read.kind === 'screen' ? ('site_qr' as const) : ('poster' as const)
  const row = await findSiteCode(ctx, read.id)
  const stands =
    row !== undefined &&
    row.kind === read.kind &&
    row.site_id === v.site_id &&
    row.issued_at <= at &&
    (row.revoked_at === null || row.revoked_at > at)
  if (!stands) return { code: { kind, matched: false }, locked: false }
  if (read.kind === 'poster') return { code: { kind, matched: true }, locked: false }
  const off = Math.abs(read.step - Math.floor(at.getTime() / stepMs))
  const oldMin = off > windowSteps ? { oldMin: Math.max(1, Math.round((off * stepMs) / 60_000)) } : {}
  return { code: { kind, matched: true, ...oldMin }, locked: false }
}

/** The sticker of the order's machine. */
const stickerOf = async (ctx: Ctx, v: VisitRow) =>
  (
    await ctx.db.maybe<{ qr: string }>(
      sql`select a.qr from orders o join assets a on a.id = o.asset_id where o.id = ${v.order_id}`,
    )
  )?.qr

export const doorCodeHandlers: Implemented[] = [
  implement(arrivalsRoutes.tryCode, async (ctx, { params, body }) => {
    const { v } = await held(ctx, params.id, 'check_in')
    requireState(v.fold, 'check_in', false)
    const before = codeLocked(v)
    const matched = !before && body.value === v.arrival_code
    if (!before && !matched) await countWrong(ctx.db, v.id)
    const wrong = v.code_wrong + (before || matched ? 0 : 1)
    const left = Math.max(0, codeTries - wrong)
    await ctx.emit({
      type: 'arrival_code.tried',
      aggregate: 'arrivalCode',
      aggregateId: v.id,
      payload: { matched, left },
      scope: visitScope(v),
    })
    return { matched, locked: left === 0 && !matched, left }
  }),
]

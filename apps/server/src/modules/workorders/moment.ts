import { occurredAt } from '#lifecycle'
import type { Ctx } from '../../platform/context'

/** When the fact happened: now, or for an offline command what the device says, bounded by what the server knows. */
export function momentOf(ctx: Ctx, lastAt: number): { at: Date; flags: string[] } {
  const now = ctx.now.getTime()
  const c = ctx.command
  if (c?.offline) {
    const t = occurredAt({
      atDevice: c.atDevice?.getTime() ?? null,
      skewMs: c.skewMs ?? null,
      lastContactAt: null,
      recordedAt: now,
    })
    return { at: new Date(t.occurredAt), flags: t.flags }
  }
  // Two people in the same instant: what was judged last must fold last.
  return { at: new Date(now > lastAt ? now : lastAt + 1), flags: [] }
}

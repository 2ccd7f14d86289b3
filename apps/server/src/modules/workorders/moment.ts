import type { Ctx } from '../../platform/context'

/** When the fact happened: now, or for an offline command what the device says, bounded by what the server knows. */
export function momentOf(ctx: Ctx, lastAt: number): { at: Date; flags: string[] } {
  const now = ctx.now.getTime()
  const c = ctx.command
  if (c?.offline && c.atDevice)
    return { at: new Date(Math.min(c.atDevice.getTime() - (c.skewMs ?? 0), now)), flags: [] }
  // Two people in the same instant: what was judged last must fold last.
  return { at: new Date(now > lastAt ? now : lastAt + 1), flags: [] }
}

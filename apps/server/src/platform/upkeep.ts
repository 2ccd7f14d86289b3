import type { JobDef } from './app'
import type { Ctx } from './context'
import { sql } from './database/pool'

const dayMs = 86_400_000
const ago = (ctx: Ctx, days: number) => new Date(ctx.now.getTime() - days * dayMs)

/** What nobody asks for any more goes: receipts after 30 days, bytes whose upload was refused after one. */
export const upkeep: JobDef = {
  name: 'platform.upkeep',
  every: '47 18 * * *',
  run: async (ctx) => {
    await ctx.db.run(sql`delete from receipts where created_at < ${ago(ctx, 30)}`)
    // What was refused and dealt with holds what a person wrote: it is not kept for ever.
    await ctx.db.run(sql`delete from refused_actions where state <> 'open' and decided_at < ${ago(ctx, 180)}`)
    await ctx.files.sweep(ago(ctx, 1), async (hashes) => {
      const known = await ctx.db.query<{ sha256: string }>(
        sql`select sha256 from files where sha256 = any(${hashes}::text[])`,
      )
      return new Set(known.map((f) => f.sha256))
    })
  },
}

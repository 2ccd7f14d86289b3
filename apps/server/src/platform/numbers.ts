import type { Ctx } from './context'
import { sql } from './database/pool'

// Making one takes longer than a statement.
const formats = new Map<string, Intl.DateTimeFormat>()

/** Local calendar date of an instant, YYYY-MM-DD. */
export function localDate(at: Date, zone: string): string {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
    formats.set(zone, format)
  }
  return format.format(at)
}

/** The next human number of the day, such as WO-20261123-0042. Ask for it last: the counter row is held until the commit. */
export async function nextNumber(ctx: Ctx, kind: string): Promise<string> {
  const day = localDate(ctx.now, ctx.zone)
  const { n } = await ctx.db.one<{ n: number }>(sql`
    insert into counters (kind, day, n) values (${kind}, ${day}, 1)
    on conflict (kind, day) do update set n = counters.n + 1 returning n`)
  return `${kind}-${day.replaceAll('-', '')}-${String(n).padStart(4, '0')}`
}

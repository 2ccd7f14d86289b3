import type { z } from 'zod'
import type { SlaClock } from '#contracts/orders.schema'
import { type Minutes, minutesOf, type OrderClock, type OrderState, orderClocks, type VisitState } from '#lifecycle'
import type { Ctx } from '../../platform/context'
import { siteFacts } from '../customers'
import { companyCalendar } from '../people'
import type { VisitSight } from './order'
import type { Named } from './present'

type Hours = readonly (readonly (readonly [number, number])[])[] | null

// A calendar is a value that remembers its worked-out days: the same hours in the same zone are one value.
const known = new Map<string, Minutes>()

/** A site's working time: its access hours, or the company's office hours, on the working calendar with 调休. */
export function siteMinutes(zone: string, hours: Hours): Minutes {
  // A site that opens on no day at all is a gap in the master data, not a clock that never runs.
  const open = hours?.some((day) => day.length > 0) ? hours : null
  const key = `${zone} ${JSON.stringify(open)}`
  let minutes = known.get(key)
  if (!minutes) {
    const calendar = companyCalendar(zone)
    minutes = minutesOf(open ? { ...calendar, id: `site:${key}`, week: open as typeof calendar.week } : calendar)
    if (known.size > 2_000) known.clear()
    known.set(key, minutes)
  }
  return minutes
}

const read = (ctx: Pick<Ctx, 'now'>, fold: OrderState, visits: readonly VisitSight[], hours: Minutes): OrderClock[] =>
  // The clocks ask of a visit what the order keeps of it.
  orderClocks(fold, visits as unknown as readonly VisitState[], { now: ctx.now.getTime(), siteHours: hours })

/** The clocks of one row as the wire shows them. */
export const slaOf = (
  ctx: Pick<Ctx, 'now' | 'zone'>,
  o: Pick<Named, 'fold' | 'visits' | 'site_zone' | 'site_hours'>,
): z.input<typeof SlaClock>[] =>
  read(ctx, o.fold, o.visits, siteMinutes(o.site_zone ?? ctx.zone, o.site_hours)).map((c) => ({
    clock: c.clock,
    visitId: c.visitId,
    state: c.state,
    open: c.open,
    startAt: new Date(c.startAt).toISOString(),
    dueAt: new Date(c.dueAt).toISOString(),
    stopAt: c.stopAt === null ? null : new Date(c.stopAt).toISOString(),
    targetMin: c.targetMin,
    elapsedMin: c.elapsedMin,
    percent: Math.floor(Math.min(c.ratio, 1000) * 100),
    provisional: c.provisional,
  }))

export async function clocksOf(ctx: Ctx, fold: OrderState, visits: readonly VisitSight[]): Promise<OrderClock[]> {
  if (!fold.sla || fold.submittedAt === null) return []
  // The site is asked only where its hours matter.
  const site = fold.sla.calendar === 'site_hours' && fold.facts.siteId ? await siteFacts(ctx, fold.facts.siteId) : null
  return read(ctx, fold, visits, siteMinutes(site?.zone ?? ctx.zone, site?.accessHours ?? null))
}

export interface SlaMark {
  /** Said once: which clock, of which visit, at which mark. */
  key: string
  clock: OrderClock['clock']
  visitId: string | null
  percent: number
  at: number
  reached: boolean
  dueAt: number
}

/** The marks that a person is told of: 50, 75 and 90 % of the target, and its breach. */
export const marksOf = (clocks: readonly OrderClock[]): SlaMark[] =>
  clocks.flatMap((c) => {
    const mark = (percent: number, at: number, reached: boolean): SlaMark => ({
      key: `${c.clock}${c.visitId ? `:${c.visitId}` : ''}:${percent}`,
      clock: c.clock,
      visitId: c.visitId,
      percent,
      at,
      reached,
      dueAt: c.dueAt,
    })
    return [...c.warnings.map((w) => mark(w.percent, w.at, w.reached)), mark(100, c.dueAt, c.breachedAt !== null)]
  })

/** When this order's clocks next have something to say; null: nothing runs. Paused clocks wake with the resume. */
export async function nextSlaAt(
  ctx: Ctx,
  fold: OrderState,
  visits: readonly VisitSight[],
  told: readonly string[] = [],
): Promise<Date | null> {
  const running = (await clocksOf(ctx, fold, visits)).filter((c) => c.open && c.state !== 'paused')
  const next = marksOf(running)
    .filter((m) => !told.includes(m.key))
    .map((m) => m.at)
  return next.length ? new Date(Math.min(...next)) : null
}

import { addDays, localDate } from '#calendar'
import { sql } from '../../platform/database/pool'
import { hasAbility } from '../../platform/policy'
import { replica } from '../../platform/replica'
import { Days, dayBounds, today } from './load'
import { presentReport, reportsOf } from './reports'
import { presentCorrection } from './time'

const iso = (at: number) => new Date(at).toISOString()

/**
 * What the phone needs beside its visits to draft a report and to draw a day by the same rules, offline too: one row a
 * day. Days to come have their shift already: a phone may be away over midnight.
 */
export const reportReplica = replica('report', async (ctx, span) => {
  const me = ctx.actor.id
  if (me === null || !hasAbility(ctx.actor, 'report.write')) return []
  const from = localDate(span.from.getTime(), ctx.zone)
  const to = localDate(span.to.getTime(), ctx.zone)
  const [days, reports, rows] = await Promise.all([
    Days.load(ctx, [me], from, to),
    reportsOf(ctx, me, from, to),
    ctx.db.query<{ date: string; state: string; chased: boolean }>(
      sql`select date, state, chased_at is not null as chased from work_days where person_id = ${me} and date between ${from} and ${to}`,
    ),
  ])
  const standing = new Map(rows.map((r) => [r.date, r]))
  const written = new Map(reports.map((r) => [r.date, r]))
  const last = addDays(today(ctx), 14)
  return days.dates
    .filter((d) => d <= last)
    .map((date) => {
      const bounds = dayBounds(date, ctx.zone)
      const report = written.get(date)
      return {
        id: date,
        row: {
          date,
          zone: ctx.zone,
          from: iso(bounds.from),
          to: iso(bounds.to),
          shift: days.shift(me, date)?.map(([a, b]): [string, string] => [iso(a), iso(b)]) ?? null,
          away: days.awayOn(me, date).map(([a, b]): [string, string] => [iso(a), iso(b)]),
          papers: days
            .papersOn(me, date)
            .map((p) => ({ documentId: p.documentId, visitId: p.visitId, orderId: p.orderId, at: iso(p.at) })),
          corrections: days.correctionsOn(me, date).map(presentCorrection),
          confirmed: standing.get(date)?.state === 'confirmed',
          held: days.held(me, date).map((h) => ({ ...h, from: iso(h.from) })),
          report: report ? presentReport(ctx, report) : null,
          chased: standing.get(date)?.chased ?? false,
        },
      }
    })
})

// Before setting out: what to bring, what happened at this site and with cases like it. Set by set, since the phone holds
// the brief of every visit that is ahead.

import type { z } from 'zod'
import type { Brief } from '#contracts/brief.schema'
import { briefRoutes } from '#contracts/brief.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { type ReplicaSpan, replica } from '../../platform/replica'
import { saidOf } from '../documents'
import { bringLists, workOf } from '../worksheets'
import { commonWords } from './alike'
import { type CardRow, cards, readable } from './queries'

type BriefRow = z.output<typeof Brief>

interface Past {
  site_id: string
  visit_id: string
  order_id: string
  order_number: string | null
  title: string
  at: Date
  result: 'done' | 'partial' | 'unable' | null
  remaining: string | null
  engineer_id: string | null
  engineer_name: string | null
}
interface Open {
  site_id: string
  id: string
  number: string | null
  title: string
  state: string
  priority: string
  created_at: Date
}
interface SiteAsset {
  site_id: string
  id: string
  name: string
  model: string | null
  serial: string | null
  qr: string
}
interface Alike {
  visit_id: string
  same_model: boolean
  order_id: string
  number: string | null
  title: string
  text: string | null
  model: string | null
  at: Date
  last_visit: string | null
  engineer_id: string | null
  engineer_name: string | null
}

const ref = (id: string | null, name: string | null) => (id ? { id, name: name ?? '—' } : null)

/** The briefs of these visits, in their order. */
async function briefsOf(ctx: Ctx, visits: readonly CardRow[]): Promise<BriefRow[]> {
  if (visits.length === 0) return []
  const sites = [...new Set(visits.flatMap((v) => v.site_id ?? []))]
  const bring = await bringLists(ctx)
  const past = await ctx.db.query<Past>(sql`
    select s.id as site_id, h.* from unnest(${sites}::uuid[]) as s(id) cross join lateral (
      select v.id as visit_id, v.order_id, o.number as order_number, o.title, v.ended_at as at, v.result, v.fold->>'remaining' as remaining,
        v.engineer_id, u.name as engineer_name
      from visits v join orders o on o.id = v.order_id left join users u on u.id = v.engineer_id
      where v.site_id = s.id and v.state in ('finished', 'aborted') order by v.ended_at desc limit 10) h`)
  const open = await ctx.db.query<Open>(sql`
    select s.id as site_id, h.* from unnest(${sites}::uuid[]) as s(id) cross join lateral (
      select o.id, o.number, o.title, o.state, o.priority, o.created_at from orders o
      where o.site_id = s.id and o.state in ('draft', 'new', 'unassigned', 'assigned', 'in_progress', 'on_hold', 'awaiting_acceptance') and o.mark is null
      order by o.priority_rank, o.created_at limit 8) h`)
  const assets = await ctx.db.query<SiteAsset>(sql`
    select s.id as site_id, h.* from unnest(${sites}::uuid[]) as s(id) cross join lateral (
      select a.id, a.name, a.model, a.serial, a.qr from assets a where a.site_id = s.id and not a.archived order by a.name, a.id limit 200) h`)
  const alike = await ctx.db.query<Alike>(sql`
    select l.visit_id, l.same_model, o.id as order_id, o.number, o.title, o.fold->'facts'->>'text' as text, a.model, coalesce(o.completed_at, o.created_at) as at,
      w.id as last_visit, w.engineer_id, u.name as engineer_name
    from visit_alike l join orders o on o.id = l.order_id left join assets a on a.id = o.asset_id
    left join lateral (select v.id, v.engineer_id from visits v where v.order_id = o.id and v.state = 'finished' order by v.ended_at desc limit 1) w on true
    left join users u on u.id = w.engineer_id
    where l.visit_id = any(${visits.map((v) => v.id)}::uuid[]) order by l.rank`)
  const done = past.map((p) => p.visit_id)
  const said = await saidOf(ctx, [...done, ...alike.flatMap((a) => a.last_visit ?? [])])
  const work = await workOf(ctx, done)
  const words = (visitId: string | null) => {
    const s = visitId ? said.get(visitId) : undefined
    return { found: s?.found ?? null, done: s?.done ?? null }
  }
  return visits.map((v) => {
    const here = past.filter((p) => p.site_id === v.site_id && p.order_id !== v.order_id)
    const request = `${v.title} ${v.order_text ?? ''}`
    return {
      id: v.id,
      bring: bring(v.type, v.asset?.model ?? null).map((b) => ({
        what: b.what,
        name: b.name,
        qty: b.qty,
        part: b.part ?? null,
        from: b.checklist,
      })),
      history: here.slice(0, 8).map((p) => ({
        visitId: p.visit_id,
        orderId: p.order_id,
        orderNumber: p.order_number,
        title: p.title,
        at: p.at.toISOString(),
        result: p.result,
        remaining: p.remaining,
        engineer: ref(p.engineer_id, p.engineer_name),
        ...words(p.visit_id),
      })),
      open: open
        .filter((o) => o.site_id === v.site_id && o.id !== v.order_id)
        .map((o) => ({
          orderId: o.id,
          number: o.number,
          title: o.title,
          state: o.state as BriefRow['open'][number]['state'],
          priority: o.priority as BriefRow['open'][number]['priority'],
          since: o.created_at.toISOString(),
        })),
      failed: here
        .flatMap((p) =>
          (work.get(p.visit_id)?.failed ?? [])
            .filter((f) => f.followUpNumber === null)
            .map((f) => ({ visitId: p.visit_id, at: p.at.toISOString(), label: f.label, note: f.note })),
        )
        .slice(0, 8),
      assets: assets
        .filter((a) => a.site_id === v.site_id)
        .map(({ id, name, model, serial, qr }) => ({ id, name, model, serial, qr })),
      similar: alike
        .filter((a) => a.visit_id === v.id)
        .map((a) => ({
          orderId: a.order_id,
          number: a.number,
          title: a.title,
          at: a.at.toISOString(),
          engineer: ref(a.engineer_id, a.engineer_name),
          model: a.model,
          ...words(a.last_visit),
          why: { model: a.same_model, words: commonWords(request, `${a.title} ${a.text ?? ''}`) },
        })),
    }
  })
}

export const briefHandlers: Implemented[] = [
  implement(briefRoutes.visitBrief, async (ctx, { params }) => {
    const v = await readable(ctx, params.id)
    return (await briefsOf(ctx, [v]))[0] as BriefRow
  }),
]

/** The phone holds the briefs of what is still to be done. */
export const briefReplica = replica('brief', async (ctx: Ctx, span: ReplicaSpan) => {
  if (ctx.actor.id === null) return []
  const visits = await cards(
    ctx.db,
    sql`v.people @> array[${ctx.actor.id}]::uuid[] and v.ended_at is null and v.planned_start < ${span.to}`,
    sql`v.planned_start, v.id`,
    200,
  )
  return (await briefsOf(ctx, visits)).map((row) => ({ id: row.id, row }))
})

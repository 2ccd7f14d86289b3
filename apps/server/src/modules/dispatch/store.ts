import type { Ctx } from '../../platform/context'
import { type Db, type Sql, sql } from '../../platform/database/pool'
import { type Actor, type ScopeRow, scopeSql } from '../../platform/policy'
import type { Finding } from './problem'

export interface NewMove {
  id: string
  verb: 'assign' | 'offer' | 'reassign' | 'recall' | 'move'
  orderId: string
  visitId: string
  reason: string | null
  from: { engineerId: string | null; start: Date; end: Date } | null
  to: { engineerId: string | null; start: Date; end: Date }
  rank?: number | null
  cost?: number | null
  alternative?: { engineerId: string; start: string; cost: number; rank: number } | null
  overridden?: readonly Finding[]
  scope: ScopeRow
}

export const insertMove = (ctx: Ctx, m: NewMove) =>
  ctx.db.run(sql`insert into dispatch_moves (id, at, verb, order_id, visit_id, made_by, actor_kind, actor_id, actor_name, reason,
      from_engineer_id, from_start, from_end, engineer_id, starts_at, ends_at, rank, cost, alternative, overridden, team_id, customer_id, people)
    values (${m.id}, ${ctx.now}, ${m.verb}, ${m.orderId}, ${m.visitId}, ${ctx.actor.kind === 'system' ? 'rule' : 'person'}, ${ctx.actor.kind},
      ${ctx.actor.id}, ${ctx.actor.name}, ${m.reason}, ${m.from?.engineerId ?? null}, ${m.from?.start ?? null}, ${m.from?.end ?? null},
      ${m.to.engineerId}, ${m.to.start}, ${m.to.end}, ${m.rank ?? null}, ${m.cost ?? null},
      ${m.alternative ? JSON.stringify(m.alternative) : null}::jsonb, ${JSON.stringify(m.overridden ?? [])}::jsonb,
      ${m.scope.team_id}, ${m.scope.customer_id}, ${m.scope.people}::uuid[])`)

export interface MoveRow {
  id: string
  at: Date
  verb: NewMove['verb']
  order_id: string
  number: string | null
  title: string
  visit_id: string
  made_by: 'person' | 'rule' | 'engine'
  actor_kind: string
  actor_id: string | null
  actor_name: string
  reason: string | null
  from_engineer_id: string | null
  from_name: string | null
  from_start: Date | null
  from_end: Date | null
  engineer_id: string | null
  engineer_name: string | null
  starts_at: Date
  ends_at: Date
  rank: number | null
  cost: number | null
  alternative: { engineerId: string; start: string; cost: number; rank: number } | null
  alternative_name: string | null
  overridden: Finding[]
}

export const listMoves = (
  db: Db,
  actor: Actor,
  f: {
    orderId?: string
    visitId?: string
    engineerId?: string
    from?: string
    to?: string
    after?: { at: string; id: string }
    limit: number
  },
) =>
  db.query<MoveRow>(sql`
    select m.id, m.at, m.verb, m.order_id, o.number, o.title, m.visit_id, m.made_by, m.actor_kind, m.actor_id, m.actor_name, m.reason,
      m.from_engineer_id, f.name as from_name, m.from_start, m.from_end, m.engineer_id, e.name as engineer_name, m.starts_at, m.ends_at,
      m.rank, m.cost, m.alternative, a.name as alternative_name, m.overridden
    from dispatch_moves m join orders o on o.id = m.order_id
    left join users f on f.id = m.from_engineer_id left join users e on e.id = m.engineer_id
    left join users a on a.id = (m.alternative ->> 'engineerId')::uuid
    where ${scopeSql(actor, 'dispatch.read', 'm')}
      and (${f.orderId ?? null}::uuid is null or m.order_id = ${f.orderId ?? null})
      and (${f.visitId ?? null}::uuid is null or m.visit_id = ${f.visitId ?? null})
      and (${f.engineerId ?? null}::uuid is null or m.engineer_id = ${f.engineerId ?? null} or m.from_engineer_id = ${f.engineerId ?? null})
      and (${f.from ?? null}::timestamptz is null or m.at >= ${f.from ?? null})
      and (${f.to ?? null}::timestamptz is null or m.at < ${f.to ?? null})
      and (${f.after?.at ?? null}::timestamptz is null or (m.at, m.id) < (${f.after?.at ?? null}::timestamptz, ${f.after?.id ?? null}::uuid))
    order by m.at desc, m.id desc limit ${f.limit + 1}`)

/** Who holds or is offered an order now. */
export const holdersOf = (db: Db, orderId: string, states: readonly string[]) =>
  db.query<{ engineer_id: string; name: string }>(sql`
    select v.engineer_id, u.name from visits v join users u on u.id = v.engineer_id
    where v.order_id = ${orderId} and v.state = any(${states}::text[]) order by v.role, v.planned_start`)

export interface OpenOffer {
  visit_id: string
  order_id: string
  number: string | null
  title: string
  order_type: string
  customer_name: string
  engineer_id: string
  engineer_name: string
  offered_at: Date
  opened: boolean
  /** Steps that were made for this offer. */
  made: string[]
  offered_by: string | null
}

const openOffers = (where: Sql) => sql`
  select v.id as visit_id, v.order_id, o.number, o.title, o.type as order_type, coalesce(c.short_name, c.name) as customer_name, v.engineer_id,
    u.name as engineer_name, v.offered_at,
    coalesce((v.fold ->> 'openedAt')::bigint, 0) >= extract(epoch from v.offered_at) * 1000 as opened,
    array(select r.step from offer_reminders r where r.visit_id = v.id and r.offered_at = v.offered_at) as made,
    (select m.actor_id from dispatch_moves m where m.visit_id = v.id and m.actor_kind = 'user' order by m.at desc limit 1) as offered_by
  from visits v join orders o on o.id = v.order_id join customers c on c.id = o.customer_id join users u on u.id = v.engineer_id
  where v.state = 'offered' and ${where}`

/** Offers older than this whose ladder has not come to its end. */
export const offersSince = (db: Db, before: Date) =>
  db.query<OpenOffer>(sql`${openOffers(sql`v.offered_at <= ${before}
    and not exists (select 1 from offer_reminders r where r.visit_id = v.id and r.offered_at = v.offered_at and r.step = 'unanswered')`)}
    order by v.offered_at limit 1000`)
export const openOffer = (db: Db, visitId: string) => db.maybe<OpenOffer>(openOffers(sql`v.id = ${visitId}`))

export const remind = (
  db: Db,
  r: { id: string; visitId: string; offeredAt: Date; step: string; why: string | null; at: Date },
) =>
  db.run(sql`insert into offer_reminders (id, visit_id, offered_at, step, why, at)
    values (${r.id}, ${r.visitId}, ${r.offeredAt}, ${r.step}, ${r.why}, ${r.at}) on conflict do nothing`)

/** Everybody who has or had a visit of this order. */
export const engineersAsked = async (db: Db, orderId: string): Promise<string[]> =>
  (
    await db.query<{ engineer_id: string }>(
      sql`select distinct engineer_id from visits where order_id = ${orderId} and engineer_id is not null`,
    )
  ).map((r) => r.engineer_id)

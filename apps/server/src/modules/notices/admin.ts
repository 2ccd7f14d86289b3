// Channels, robots, rules and the delivery log, for those who run the system.

import type { z } from 'zod'
import { noticesRoutes } from '#contracts/notices.schema'
import { noticeWords } from '#contracts/words/notices'
import { type Implemented, implement } from '../../platform/app'
import { checkRev } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { type Sql, sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { hasAbility } from '../../platform/policy'
import { readSetting, writeSetting } from '../../platform/settings'
import type { RobotVendor } from './port'
import type { Urgency } from './rules'
import { findSecret, keepSecret, mailSetting, noticeSetting, sealed, vapidKeys } from './settings'
import { masked, sendLater } from './tell'
import { testDelivery } from './trial'
import type { Locale } from './words'

// Settings have a key for an id; the history of these reads as one aggregate.
const settingsId = '00000000-0000-7000-8000-0000000d15bb'
const setting = { aggregate: 'setting', aggregateId: settingsId }
const manages = (ctx: Ctx) => hasAbility(ctx.actor, 'notice.manage')

interface RobotRow {
  id: string
  vendor: RobotVendor
  name: string
  host: string
  signed: boolean
  locale: Locale
  enabled: boolean
  team_ids: string[]
  order_types: z.output<typeof noticesRoutes.addNoticeRobot.body>['orderTypes']
  codes: string[]
  throttled_until: Date | null
  waiting: number
  last_sent_at: Date | null
  rev: number
}
const robots = (ctx: Ctx, which: Sql) =>
  ctx.db.query<RobotRow>(sql`
    select r.id, r.vendor, r.name, r.host, r.secret is not null as signed, r.locale, r.enabled, r.team_ids, r.order_types, r.codes, r.throttled_until, r.rev,
      (select count(*) from deliveries d where d.robot_id = r.id and d.state in ('queued', 'sending')) as waiting,
      (select max(d.sent_at) from deliveries d where d.robot_id = r.id) as last_sent_at
    from notice_robots r where r.removed_at is null and ${which} order by r.created_at, r.id`)

const presentRobot = (ctx: Ctx, r: RobotRow) => ({
  id: r.id,
  vendor: r.vendor,
  name: r.name,
  host: r.host,
  signed: r.signed,
  locale: r.locale,
  enabled: r.enabled,
  teamIds: r.team_ids,
  orderTypes: r.order_types,
  codes: r.codes,
  throttledUntil: r.throttled_until && r.throttled_until > ctx.now ? r.throttled_until.toISOString() : null,
  waiting: r.waiting,
  lastSentAt: r.last_sent_at?.toISOString() ?? null,
  rev: r.rev,
  can: { edit: manages(ctx), remove: manages(ctx), test: manages(ctx) },
})
const shownRobot = async (ctx: Ctx, id: string) =>
  presentRobot(ctx, (await robots(ctx, sql`r.id = ${id}`))[0] as RobotRow)

async function lockedRobot(ctx: Ctx, id: string) {
  const r = await ctx.db.maybe<{ rev: number; vendor: RobotVendor; name: string; changed_at: Date }>(
    sql`select rev, vendor, name, changed_at from notice_robots where id = ${id} and removed_at is null for update`,
  )
  return r ?? fail('not_found')
}
function checkCodes(codes: readonly string[] | undefined) {
  const code = codes?.find((c) => !(c in noticeWords))
  if (code) fail('robot_code_unknown', { code })
}
const said = (ctx: Ctx, type: string, id: string, payload: Record<string, unknown>) =>
  ctx.emit({ type: `notice_robot.${type}`, aggregate: 'notice_robot', aggregateId: id, payload })

interface DeliveryRow {
  id: string
  channel: RobotVendor | 'push' | 'email'
  user_id: string | null
  user_name: string | null
  robot_id: string | null
  robot_name: string | null
  subscription_id: string | null
  target: string
  code: string
  params: Record<string, unknown>
  subject_kind: string
  subject_id: string
  urgency: Urgency
  state: 'queued' | 'sending' | 'sent' | 'skipped' | 'failed' | 'unknown'
  why: string | null
  detail: string | null
  attempts: number
  created_at: Date
  due_at: Date
  tried_at: Date | null
  sent_at: Date | null
}
const deliveries = (ctx: Ctx, which: Sql, limit: number) =>
  ctx.db.query<DeliveryRow>(sql`
    select d.*, u.name as user_name, r.name as robot_name from deliveries d
    left join users u on u.id = d.user_id left join notice_robots r on r.id = d.robot_id
    where ${which} order by d.created_at desc, d.id desc limit ${limit}`)

const over = ['failed', 'skipped', 'unknown']
const presentDelivery = (ctx: Ctx, d: DeliveryRow) => ({
  id: d.id,
  channel: d.channel,
  person: d.user_id ? { id: d.user_id, name: d.user_name ?? '—' } : null,
  robot: d.robot_id ? { id: d.robot_id, name: d.robot_name ?? '—' } : null,
  target: d.target,
  code: d.code,
  params: Object.fromEntries(Object.entries(d.params).filter(([k]) => k !== 'address')),
  subject: { kind: d.subject_kind, id: d.subject_id },
  urgency: d.urgency,
  state: d.state,
  why: d.why,
  detail: d.detail,
  attempts: d.attempts,
  createdAt: d.created_at.toISOString(),
  dueAt: d.due_at.toISOString(),
  triedAt: d.tried_at?.toISOString() ?? null,
  sentAt: d.sent_at?.toISOString() ?? null,
  can: { retry: manages(ctx) && over.includes(d.state) && d.why !== 'gone' },
})

const shownMail = async (ctx: Ctx) => {
  const mail = await readSetting(ctx, mailSetting)
  return mail && { ...mail, hasPassword: (await findSecret(ctx, 'mail')) !== null }
}

const r = noticesRoutes
export const adminHandlers: Implemented[] = [
  implement(r.getNoticeSettings, async (ctx) => {
    const [settings, mail, keys, push] = await Promise.all([
      readSetting(ctx, noticeSetting),
      shownMail(ctx),
      vapidKeys(ctx),
      ctx.db.one<{ devices: number; people: number }>(
        sql`select count(*) as devices, count(distinct user_id) as people from push_subscriptions`,
      ),
    ])
    return { settings, mail, push: { publicKey: keys.publicKey, ...push }, can: { edit: manages(ctx) } }
  }),
  implement(r.setNoticeSettings, async (ctx, { body }) => {
    await writeSetting(ctx, noticeSetting, body)
    await ctx.emit({ type: 'notice.settings_set', ...setting, payload: { ...body } })
    return readSetting(ctx, noticeSetting)
  }),
  implement(r.setNoticeMail, async (ctx, { body }) => {
    const { password, ...mail } = body
    await writeSetting(ctx, mailSetting, mail)
    if (password !== undefined) await keepSecret(ctx, 'mail', password)
    await ctx.emit({
      type: 'notice.mail_set',
      ...setting,
      payload: { ...mail, password: password === undefined ? 'kept' : 'changed' },
    })
    return (await shownMail(ctx)) as NonNullable<Awaited<ReturnType<typeof shownMail>>>
  }),
  implement(r.testNoticeMail, async (ctx, { body }) => {
    if (!(await readSetting(ctx, mailSetting))?.enabled) fail('channel_not_connected', { channel: 'email' })
    const deliveryId = await testDelivery(ctx, {
      channel: 'email',
      userId: ctx.actor.id as string,
      target: masked(body.to),
      address: body.to,
    })
    return { deliveryId }
  }),

  implement(r.listNoticeRobots, async (ctx) => ({
    robots: (await robots(ctx, sql`true`)).map((one) => presentRobot(ctx, one)),
    can: { add: manages(ctx) },
  })),
  implement(r.addNoticeRobot, async (ctx, { body }) => {
    checkCodes(body.codes)
    const id = newId()
    await ctx.db.run(sql`
      insert into notice_robots (id, vendor, name, webhook, host, secret, locale, enabled, team_ids, order_types, codes, created_at, changed_at, changed_by)
      values (${id}, ${body.vendor}, ${body.name}, ${sealed(ctx, body.webhook)}, ${new URL(body.webhook).host},
        ${body.secret === null ? null : sealed(ctx, body.secret)}, ${body.locale}, ${body.enabled}, ${body.teamIds}::uuid[], ${body.orderTypes}::text[],
        ${body.codes}::text[], ${ctx.now}, ${ctx.now}, ${ctx.actor.id})`)
    const { webhook, secret, ...shown } = body
    await said(ctx, 'added', id, { ...shown, host: new URL(webhook).host, signed: secret !== null })
    return shownRobot(ctx, id)
  }),
  implement(r.editNoticeRobot, async (ctx, { params, body }) => {
    checkRev(ctx, await lockedRobot(ctx, params.id))
    checkCodes(body.codes)
    const { webhook, secret, ...shown } = body
    await ctx.db.run(sql`
      update notice_robots set name = coalesce(${body.name ?? null}, name), locale = coalesce(${body.locale ?? null}, locale),
        enabled = coalesce(${body.enabled ?? null}, enabled), team_ids = coalesce(${body.teamIds ?? null}::uuid[], team_ids),
        order_types = coalesce(${body.orderTypes ?? null}::text[], order_types), codes = coalesce(${body.codes ?? null}::text[], codes),
        webhook = coalesce(${webhook ? sealed(ctx, webhook) : null}::bytea, webhook), host = coalesce(${webhook ? new URL(webhook).host : null}, host),
        secret = case when ${secret === undefined} then secret else ${secret ? sealed(ctx, secret) : null}::bytea end,
        throttled_until = ${webhook ? null : sql`throttled_until`}, rev = rev + 1, changed_at = ${ctx.now}, changed_by = ${ctx.actor.id}
      where id = ${params.id}`)
    await said(ctx, 'edited', params.id, {
      ...shown,
      ...(webhook ? { host: new URL(webhook).host } : {}),
      ...(secret === undefined ? {} : { signed: secret !== null }),
    })
    return shownRobot(ctx, params.id)
  }),
  implement(r.removeNoticeRobot, async (ctx, { params }) => {
    await lockedRobot(ctx, params.id)
    // What it said stays on record; what it knew does not.
    await ctx.db.run(sql`update notice_robots set removed_at = ${ctx.now}, enabled = false, webhook = '', secret = null, rev = rev + 1,
      changed_at = ${ctx.now}, changed_by = ${ctx.actor.id} where id = ${params.id}`)
    await said(ctx, 'removed', params.id, {})
    return { ok: true as const }
  }),
  implement(r.testNoticeRobot, async (ctx, { params }) => {
    const robot = await lockedRobot(ctx, params.id)
    const deliveryId = await testDelivery(ctx, { channel: robot.vendor, robotId: params.id, target: robot.name })
    return { deliveryId }
  }),

  implement(r.listDeliveries, async (ctx, { query }) => {
    const [at, id] = query.after?.split('|') ?? []
    const rows = await deliveries(
      ctx,
      sql`(${query.channel ?? null}::text is null or d.channel = ${query.channel ?? null})
        and (${query.state ?? null}::text is null or d.state = ${query.state ?? null})
        and (${query.personId ?? null}::uuid is null or d.user_id = ${query.personId ?? null})
        and (${query.robotId ?? null}::uuid is null or d.robot_id = ${query.robotId ?? null})
        and (${query.code ?? null}::text is null or d.code = ${query.code ?? null})
        and (${at ?? null}::timestamptz is null or (d.created_at, d.id) < (${at ?? null}::timestamptz, ${id ?? null}::uuid))`,
      query.limit + 1,
    )
    const counts = await ctx.db.one<{ sent: number; waiting: number; failed: number }>(sql`
      select count(*) filter (where state = 'sent') as sent, count(*) filter (where state in ('queued', 'sending')) as waiting,
        count(*) filter (where state in ('failed', 'unknown')) as failed
      from deliveries where created_at > ${ctx.now}::timestamptz - interval '1 day'`)
    const more = rows.length > query.limit
    if (more) rows.pop()
    const last = rows.at(-1)
    return {
      counts,
      next: more && last ? `${last.created_at.toISOString()}|${last.id}` : null,
      rows: rows.map((d) => presentDelivery(ctx, d)),
    }
  }),
  implement(r.getDelivery, async (ctx, { params }) => {
    const [d] = await deliveries(ctx, sql`d.id = ${params.id}`, 1)
    return d ? presentDelivery(ctx, d) : fail('not_found')
  }),
  implement(r.retryDelivery, async (ctx, { params }) => {
    const d = await ctx.db.maybe<{ state: string; why: string | null }>(
      sql`select state, why from deliveries where id = ${params.id} for update`,
    )
    if (!d) return fail('not_found')
    if (!over.includes(d.state) || d.why === 'gone') fail('delivery_not_over')
    await ctx.db.run(
      sql`update deliveries set state = 'queued', why = null, detail = null, attempts = 0, due_at = ${ctx.now} where id = ${params.id}`,
    )
    await sendLater(ctx, params.id, ctx.now)
    await ctx.emit({ type: 'delivery.retried', aggregate: 'delivery', aggregateId: params.id, payload: {} })
    const [shown] = await deliveries(ctx, sql`d.id = ${params.id}`, 1)
    return presentDelivery(ctx, shown as DeliveryRow)
  }),
]

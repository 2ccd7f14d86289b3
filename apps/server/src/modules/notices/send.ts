// How a queued message leaves: claimed in one transaction, sent outside of any, its end written in another. A server
// that dies in between leaves a lease: what its reader would see only once is sent again, what he would see twice is not.

import type { App } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { OutboundError } from '../../platform/outbound'
import { usersWithRole } from '../people'
import { type Channel, type ChannelKey, type Channels, Undelivered } from './port'
import { backoffSec, maxAttempts, type Urgency } from './rules'
import { mailServer, opened, vapidKeys } from './settings'
import { sendLater, tell } from './tell'
import { type Locale, mailFooter, messageOf, type Outgoing } from './words'

const leaseSec = 60

interface Row {
  id: string
  channel: ChannelKey
  notice_id: string | null
  user_id: string | null
  robot_id: string | null
  subscription_id: string | null
  target: string
  code: string
  params: Record<string, unknown>
  subject_kind: string
  subject_id: string
  urgency: Urgency
  names: string[]
  state: string
  attempts: number
  due_at: Date
  lease_until: Date | null
  created_at: Date
}

interface Claimed {
  row: Row
  send: () => Promise<void>
}

export async function sendDelivery(app: App, channels: Channels, id: string): Promise<void> {
  const claimed = await app.asSystem('notices.claim', (ctx) => claim(ctx, app, channels, id))
  if (!claimed) return
  const end = await claimed.send().then(
    () => null,
    (error: unknown) => asUndelivered(error, (e) => app.log.error({ error: e, delivery: id }, 'a channel broke')),
  )
  await app.asSystem('notices.settle', (ctx) => settle(ctx, claimed.row, end))
}

function asUndelivered(error: unknown, unknown: (e: unknown) => void): Undelivered {
  if (error instanceof Undelivered) return error
  if (error instanceof OutboundError) {
    const detail = error.message.slice(0, 300)
    if (error.kind === 'blocked') return new Undelivered('blocked', { detail, retry: false })
    return new Undelivered(error.kind === 'timeout' ? 'timeout' : 'unreachable', { detail, retry: true })
  }
  unknown(error)
  return new Undelivered('vendor_error', {
    detail: String((error as Error)?.message ?? error).slice(0, 300),
    retry: true,
  })
}

/** Takes the message for sending, or says why not; null: nothing to do now. */
async function claim(ctx: Ctx, app: App, channels: Channels, id: string): Promise<Claimed | null> {
  const row = await ctx.db.maybe<Row>(sql`select * from deliveries where id = ${id} for update skip locked`)
  if (!row) return null
  const channel = channels[row.channel] as Channel
  const skip = async (why: string) => {
    await ctx.db.run(sql`update deliveries set state = 'skipped', why = ${why}, lease_until = null where id = ${id}`)
    return null
  }
  const wait = async (until: Date, why: string) => {
    await ctx.db.run(sql`update deliveries set state = 'queued', due_at = ${until}, why = ${why} where id = ${id}`)
    await sendLater(ctx, id, until)
    return null
  }
  if (row.state === 'sending') {
    if (row.lease_until && row.lease_until > ctx.now) return null
    if (!channel.repeatable) {
      await ctx.db.run(
        sql`update deliveries set state = 'unknown', why = 'interrupted', lease_until = null where id = ${id}`,
      )
      return null
    }
  } else if (row.state !== 'queued' || row.due_at > ctx.now) return null
  const test = row.code === 'notice_test'

  let send: Claimed['send']
  if (row.robot_id) {
    // The lock is the queue: one message of a robot after the other, whichever server sends it.
    const robot = await ctx.db.one<{
      webhook: Buffer
      secret: Buffer | null
      locale: Locale
      enabled: boolean
      throttled_until: Date | null
      removed_at: Date | null
    }>(
      sql`select webhook, secret, locale, enabled, throttled_until, removed_at from notice_robots where id = ${row.robot_id} for update`,
    )
    if (robot.removed_at || (!robot.enabled && !test)) return skip('off')
    if (robot.throttled_until && robot.throttled_until > ctx.now) return wait(robot.throttled_until, 'rate')
    const minute = await ctx.db.query<{ tried_at: Date }>(sql`
      select tried_at from deliveries where robot_id = ${row.robot_id} and tried_at > ${ctx.now}::timestamptz - interval '1 minute'
      order by tried_at desc limit ${channel.perMin}`)
    const oldest = minute.at(-1)
    if (oldest && minute.length >= channel.perMin) return wait(new Date(oldest.tried_at.getTime() + 60_500), 'rate')
    const message = messageOf(
      outgoing(row, []),
      { locale: robot.locale, zone: ctx.zone, face: 'desk' },
      ctx.publicUrl,
      ctx.now,
    )
    const target = {
      url: opened(ctx, robot.webhook),
      secret: robot.secret ? opened(ctx, robot.secret) : null,
    }
    send = () => (channel as Channel<'dingtalk'>).send(message, target, app.outbound)
  } else {
    const reader = await ctx.db.maybe<{
      locale: Locale
      zone: string | null
      email: string | null
      disabled_at: Date | null
      field: boolean
      read_at: Date | null
      endpoint: string | null
      p256dh: string
      auth: string
    }>(sql`
      select u.locale, p.zone, p.email, u.disabled_at, n.read_at, s.endpoint, s.p256dh, s.auth,
        exists (select 1 from user_grants g where g.user_id = u.id and g.role in ('engineer', 'partner_engineer')) as field
      from users u left join notice_preferences p on p.user_id = u.id left join notices n on n.id = ${row.notice_id}
        left join push_subscriptions s on s.id = ${row.subscription_id} and s.user_id = u.id where u.id = ${row.user_id}`)
    if (row.user_id && (!reader || reader.disabled_at)) return skip('person_gone')
    if (reader?.read_at) return skip('read')
    const digest = row.code === 'notice_digest' ? await unreadOf(ctx, row.user_id as string) : []
    if (row.code === 'notice_digest' && digest.length === 0) return skip('read')
    const message = messageOf(
      outgoing(row, digest),
      { locale: reader?.locale ?? 'zh-CN', zone: reader?.zone ?? ctx.zone, face: reader?.field ? 'field' : 'desk' },
      ctx.publicUrl,
      ctx.now,
    )
    if (row.channel === 'push') {
      if (!reader?.endpoint) return skip('gone')
      const { endpoint, p256dh, auth } = reader
      const vapid = { ...(await vapidKeys(ctx)), subject: contactOf(ctx.publicUrl) }
      send = () => channels.push.send(message, { endpoint, p256dh, auth, vapid }, app.outbound)
    } else {
      const server = await mailServer(ctx)
      if (!server) return skip('not_connected')
      // A test goes to the address that was typed, everything else to the person's own.
      const to = (row.params.address as string | undefined) ?? reader?.email
      if (!to) return skip('no_address')
      const footer = mailFooter(reader?.locale ?? 'zh-CN')
      send = () => channels.email.send(message, { ...server, to, footer }, app.outbound)
    }
  }
  await ctx.db.run(sql`update deliveries set state = 'sending', attempts = attempts + 1, tried_at = ${ctx.now}, why = null,
    lease_until = ${ctx.now}::timestamptz + make_interval(secs => ${leaseSec}) where id = ${id}`)
  return { row: { ...row, attempts: row.attempts + 1 }, send }
}

// Push services want to know whom to ask: an address of ours, or a mailbox that says that there is none.
const contactOf = (publicUrl: string) =>
  publicUrl.startsWith('https://') ? publicUrl : 'mailto:operations@zhuchang.invalid'

const outgoing = (row: Row, lines: Outgoing['lines']): Outgoing => ({
  id: row.id,
  code: row.code,
  params: row.code === 'notice_digest' ? { n: lines.length } : row.params,
  subject: { kind: row.subject_kind, id: row.subject_id },
  urgency: row.urgency,
  names: row.names,
  lines,
})

const unreadOf = (ctx: Ctx, userId: string) =>
  ctx.db
    .query<{ code: string; params: Record<string, unknown>; subject_kind: string; subject_id: string }>(sql`
      select code, params, subject_kind, subject_id from notices where user_id = ${userId} and read_at is null
      order by created_at desc limit 50`)
    .then((rows) =>
      rows.map((r) => ({ code: r.code, params: r.params, subject: { kind: r.subject_kind, id: r.subject_id } })),
    )

async function settle(ctx: Ctx, row: Row, end: Undelivered | null): Promise<void> {
  const mine = sql`id = ${row.id} and state = 'sending' and attempts = ${row.attempts}`
  if (!end) {
    await ctx.db.run(
      sql`update deliveries set state = 'sent', why = null, detail = null, sent_at = ${ctx.now}, lease_until = null where ${mine}`,
    )
    if (row.subscription_id)
      await ctx.db.run(sql`update push_subscriptions set last_sent_at = ${ctx.now} where id = ${row.subscription_id}`)
    return
  }
  const { detail, retry, retryAfterSec, throttle } = end.options
  const later = new Date(ctx.now.getTime() + (retryAfterSec ?? backoffSec(row.attempts)) * 1000)
  if (throttle && row.robot_id)
    await ctx.db.run(sql`update notice_robots set throttled_until = ${later} where id = ${row.robot_id}`)
  if (end.code === 'gone' && row.subscription_id) {
    // The browser has given it up: nothing will ever arrive there again.
    await ctx.db.run(sql`delete from push_subscriptions where id = ${row.subscription_id}`)
    await ctx.db.run(
      sql`update deliveries set state = 'skipped', why = 'gone', detail = ${detail}, lease_until = null where ${mine}`,
    )
    return
  }
  // A vendor that asks us to wait has not refused it: that is no try of ours.
  if (retry && (throttle || row.attempts < maxAttempts)) {
    await ctx.db.run(sql`update deliveries set state = 'queued', why = ${throttle ? 'rate' : 'retry'}, detail = ${`${end.code} ${detail}`},
      due_at = ${later}, lease_until = null where ${mine}`)
    await sendLater(ctx, row.id, later)
    return
  }
  await ctx.db.run(
    sql`update deliveries set state = 'failed', why = ${end.code}, detail = ${detail}, lease_until = null where ${mine}`,
  )
  await tellOperations(ctx, row, end)
}

/** Somebody must mend it; a failure of such news itself is not told again. */
async function tellOperations(ctx: Ctx, row: Row, end: Undelivered): Promise<void> {
  if (row.code === 'delivery_failed' || row.code === 'notice_test') return
  const operations = await usersWithRole(ctx.db, 'operations', null)
  const whom = operations.length > 0 ? operations : await usersWithRole(ctx.db, 'administrator', null)
  await tell(ctx, {
    userIds: whom.map((u) => u.id),
    code: 'delivery_failed',
    params: { to: row.target, channel: row.channel, why: end.code, deliveryId: row.id },
    // One notice a broken target, however many messages it fails.
    subject: { kind: 'delivery', id: (row.robot_id ?? row.user_id ?? row.id) as string },
  })
}

/** What is due and what a dead server left behind; once a minute. */
export async function sweep(ctx: Ctx): Promise<void> {
  const due = await ctx.db.query<{ id: string }>(sql`
    select id from deliveries where (state = 'queued' and due_at <= ${ctx.now}) or (state = 'sending' and lease_until <= ${ctx.now})
    order by due_at limit 1000`)
  for (const { id } of due) await ctx.job('notices.send', { id }, { jobKey: `notices.send:${id}`, maxAttempts: 3 })
  await ctx.db.run(sql`delete from deliveries where created_at < ${ctx.now}::timestamptz - interval '90 days'`)
}

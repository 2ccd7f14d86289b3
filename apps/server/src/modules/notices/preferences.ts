// How a person wants to be told: everything here acts on oneself only.

import { noticesRoutes } from '#contracts/notices.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { newId } from '../../platform/ids'
import { readSetting } from '../../platform/settings'
import type { Hours, Switches } from './rules'
import { mailServer, noticeSetting, vapidKeys } from './settings'
import { masked } from './tell'
import { testDelivery } from './trial'

interface Row {
  email: string | null
  channels: Switches
  quiet: Hours | null
  zone: string | null
  away_from: Date | null
  away_to: Date | null
}

const present = (p: Row | undefined) => ({
  email: p?.email ?? null,
  switches: p?.channels ?? {},
  quiet: p?.quiet ?? null,
  zone: p?.zone ?? null,
  away: p?.away_from && p.away_to ? { from: p.away_from.toISOString(), to: p.away_to.toISOString() } : null,
})
const preferencesOf = (ctx: Ctx) =>
  ctx.db.maybe<Row>(
    sql`select email, channels, quiet, zone, away_from, away_to from notice_preferences where user_id = ${ctx.actor.id}`,
  )

interface Subscription {
  id: string
  label: string
  endpoint: string
  created_at: Date
}
const presentSubscription = (s: Subscription) => ({
  id: s.id,
  label: s.label,
  endpoint: s.endpoint,
  createdAt: s.created_at.toISOString(),
})
const subscriptionsOf = (ctx: Ctx) =>
  ctx.db.query<Subscription>(
    sql`select id, label, endpoint, created_at from push_subscriptions where user_id = ${ctx.actor.id} order by created_at`,
  )

const me = (ctx: Ctx) => ({
  aggregate: 'person',
  aggregateId: ctx.actor.id as string,
  scope: { people: [ctx.actor.id as string] },
})

export const preferenceHandlers: Implemented[] = [
  implement(noticesRoutes.noticePreferences, async (ctx) => {
    const [own, company, subscriptions, keys, mail] = await Promise.all([
      preferencesOf(ctx),
      readSetting(ctx, noticeSetting),
      subscriptionsOf(ctx),
      vapidKeys(ctx),
      mailServer(ctx),
    ])
    return {
      preferences: present(own),
      company: { quiet: company.quiet, zone: ctx.zone, defaults: company.defaults, digestAt: company.digestAt },
      channels: { push: { publicKey: keys.publicKey }, email: { connected: mail !== null } },
      subscriptions: subscriptions.map(presentSubscription),
    }
  }),
  implement(noticesRoutes.setNoticePreferences, async (ctx, { body }) => {
    if (body.away && body.away.from >= body.away.to) fail('time_order')
    await ctx.db.run(sql`
      insert into notice_preferences (user_id, email, channels, quiet, zone, away_from, away_to, changed_at)
      values (${ctx.actor.id}, ${body.email}, ${JSON.stringify(body.switches)}::jsonb, ${body.quiet && JSON.stringify(body.quiet)}::jsonb, ${body.zone},
        ${body.away?.from ?? null}, ${body.away?.to ?? null}, ${ctx.now})
      on conflict (user_id) do update set email = excluded.email, channels = excluded.channels, quiet = excluded.quiet, zone = excluded.zone,
        away_from = excluded.away_from, away_to = excluded.away_to, changed_at = excluded.changed_at`)
    await ctx.emit({
      type: 'person.notices_set',
      ...me(ctx),
      payload: { switches: body.switches, quiet: body.quiet, zone: body.zone, away: body.away },
      personal: { email: body.email },
    })
    return present(await preferencesOf(ctx))
  }),
  implement(noticesRoutes.subscribePush, async (ctx, { body }) => {
    // The browser's subscription goes with whoever is signed in there now: the one before hears nothing more.
    await ctx.db.run(sql`
      insert into push_subscriptions (id, user_id, endpoint, p256dh, auth, label, created_at)
      values (${newId()}, ${ctx.actor.id}, ${body.endpoint}, ${body.keys.p256dh}, ${body.keys.auth}, ${body.label}, ${ctx.now})
      on conflict (endpoint) do update set user_id = excluded.user_id, p256dh = excluded.p256dh, auth = excluded.auth, label = excluded.label`)
    // A browser that subscribes anew leaves its old endpoint behind; more than ten are such leavings.
    await ctx.db.run(sql`delete from push_subscriptions where id in (
      select id from push_subscriptions where user_id = ${ctx.actor.id} order by created_at desc offset 10)`)
    const s = (await subscriptionsOf(ctx)).find((one) => one.endpoint === body.endpoint) as Subscription
    await ctx.emit({ type: 'person.push_on', ...me(ctx), payload: { label: body.label } })
    return presentSubscription(s)
  }),
  implement(noticesRoutes.unsubscribePush, async (ctx, { params }) => {
    const n = await ctx.db.run(
      sql`delete from push_subscriptions where id = ${params.id} and user_id = ${ctx.actor.id}`,
    )
    if (n > 0) await ctx.emit({ type: 'person.push_off', ...me(ctx), payload: {} })
    return { ok: true as const }
  }),
  implement(noticesRoutes.testMyNotices, async (ctx, { body }) => {
    const userId = ctx.actor.id as string
    if (body.channel === 'email') {
      const address = (await preferencesOf(ctx))?.email
      if (!address || !(await mailServer(ctx))) return fail('channel_not_connected', { channel: 'email' })
      return { deliveryIds: [await testDelivery(ctx, { channel: 'email', userId, target: masked(address) })] }
    }
    const subscriptions = await subscriptionsOf(ctx)
    if (subscriptions.length === 0) fail('channel_not_connected', { channel: 'push' })
    const deliveryIds: string[] = []
    for (const s of subscriptions)
      deliveryIds.push(await testDelivery(ctx, { channel: 'push', userId, subscriptionId: s.id, target: s.label }))
    return { deliveryIds }
  }),
  implement(noticesRoutes.myDelivery, async (ctx, { params }) => {
    const d = await ctx.db.maybe<{ state: never; why: string | null; detail: string | null }>(
      sql`select state, why, detail from deliveries where id = ${params.id} and user_id = ${ctx.actor.id}`,
    )
    return d ?? fail('not_found')
  }),
]

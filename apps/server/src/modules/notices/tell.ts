// The one way in which anybody is told anything: the notice stands in the inbox and the messages to the channels are
// queued in the caller's transaction. Nothing leaves here: see send.ts.

import { groupOfNotice } from '#contracts/words/notices'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { readSetting } from '../../platform/settings'
import type { ChannelKey, RobotVendor } from './port'
import {
  type Company,
  type Hours,
  type News,
  type Person,
  type Switches,
  stepOf,
  type Urgency,
  type Way,
  wayOf,
} from './rules'
import { mailServer, noticeSetting } from './settings'

export type Step = 'push' | 'robot' | 'email'

export interface Tell {
  userIds: readonly string[]
  /** Which words; the web, the mail and the robots choose them from one catalogue. */
  code: string
  params?: Record<string, unknown>
  subject: { kind: string; id: string }
  urgency?: Urgency
  /** Which team's and which kind of order's it is: the group robots choose by it. */
  about?: { teamId?: string | null; orderType?: string | null }
  /** One step of a ladder: by this channel only, and at once. */
  via?: Step
}

/** How many messages were queued; none: why. */
export interface Told {
  queued: number
  why: string | null
}

interface Reader {
  id: string
  name: string
  email: string | null
  channels: Switches | null
  quiet: Hours | null
  zone: string | null
  away_from: Date | null
  away_to: Date | null
  team_path: string[] | null
  subscriptions: { id: string; label: string }[]
}

interface Robot {
  id: string
  vendor: RobotVendor
  name: string
}

/** What is about to be sent. */
interface Draft {
  channel: ChannelKey
  noticeId: string | null
  userId: string | null
  robotId: string | null
  subscriptionId: string | null
  target: string
  code: string
  names: string[]
  why: string | null
  dueAt: Date
  onceKey: string | null
}

export const masked = (email: string): string => email.replace(/^(.).*(@.*)$/, '$1***$2')

/** Puts a notice into each person's inbox, lights the bell of those who are here and queues what goes to the channels. */
export async function tell(ctx: Ctx, t: Tell): Promise<Told> {
  const userIds = [...new Set(t.userIds)].filter((id) => id !== ctx.actor.id)
  if (userIds.length === 0) return { queued: 0, why: null }
  const company: Company = await readSetting(ctx, noticeSetting)
  const notices = await keep(ctx, t, userIds, company.dedupeMin)
  await ctx.emit({
    type: 'notice.added',
    aggregate: 'notice',
    aggregateId: [...notices.values()][0]?.id as string,
    payload: { code: t.code, subject: t.subject, to: userIds },
    scope: { people: userIds },
  })
  const people = await readersOf(ctx, userIds)
  const { drafts, why } = await route(ctx, t, people, notices, company)
  if (drafts.length > 0) await queue(ctx, t, drafts)
  return { queued: drafts.length, why: drafts.length > 0 ? null : why }
}

/** A notice for each; said again before it was read, it is the same one with a count. */
async function keep(ctx: Ctx, t: Tell, userIds: readonly string[], dedupeMin: number) {
  const params = JSON.stringify(t.params ?? {})
  const urgency = t.urgency ?? 'normal'
  const repeated = await ctx.db.query<{ id: string; user_id: string }>(sql`
    update notices set count = count + 1, params = ${params}::jsonb, urgency = ${urgency}, created_at = ${ctx.now}
    where id in (select distinct on (user_id) id from notices
      where user_id = any(${userIds}::uuid[]) and subject_id = ${t.subject.id} and code = ${t.code} and read_at is null
        and created_at > ${ctx.now}::timestamptz - make_interval(mins => ${dedupeMin})
      order by user_id, created_at desc)
    returning id, user_id`)
  const notices = new Map(repeated.map((r) => [r.user_id, { id: r.id, again: true }]))
  const fresh = userIds.filter((id) => !notices.has(id)).map((userId) => ({ id: newId(), userId }))
  for (const f of fresh) notices.set(f.userId, { id: f.id, again: false })
  if (fresh.length > 0)
    await ctx.db.run(sql`
      insert into notices (id, user_id, code, params, subject_kind, subject_id, urgency, created_at)
      select n.id, n.user_id, ${t.code}, ${params}::jsonb, ${t.subject.kind}, ${t.subject.id}, ${urgency}, ${ctx.now}
      from unnest(${fresh.map((f) => f.id)}::uuid[], ${fresh.map((f) => f.userId)}::uuid[]) as n(id, user_id)`)
  return notices
}

const readersOf = (ctx: Ctx, userIds: readonly string[]) =>
  ctx.db.query<Reader>(sql`
    select u.id, u.name, p.email, p.channels, p.quiet, p.zone, p.away_from, p.away_to, t.path as team_path,
      coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'label', s.label)) from push_subscriptions s where s.user_id = u.id), '[]') as subscriptions
    from users u left join notice_preferences p on p.user_id = u.id left join teams t on t.id = u.team_id
    where u.id = any(${userIds}::uuid[]) and u.disabled_at is null order by u.id`)

const personOf = (r: Reader, zone: string): Person => ({
  switches: r.channels ?? {},
  quiet: r.quiet,
  zone: r.zone ?? zone,
  away: r.away_from && r.away_to ? { from: r.away_from.getTime(), to: r.away_to.getTime() } : null,
})

async function route(
  ctx: Ctx,
  t: Tell,
  people: readonly Reader[],
  notices: ReadonlyMap<string, { id: string; again: boolean }>,
  company: Company,
): Promise<{ drafts: Draft[]; why: string | null }> {
  const news: News = { group: groupOfNotice(t.code), urgency: t.urgency ?? 'normal', at: ctx.now.getTime() }
  const drafts: Draft[] = []
  let why: string | null = null
  const wants = (step: Step) => t.via === undefined || t.via === step
  const mail = wants('email') && people.some((p) => p.email) ? await mailServer(ctx) : null
  if (t.via === 'email' && !mail) why = people.some((p) => p.email) ? 'not_connected' : 'no_address'
  const way = (channel: 'push' | 'email', r: Reader): Way => {
    const person = personOf(r, ctx.zone)
    if (t.via === undefined) return wayOf(channel, news, person, company)
    const step = stepOf(channel, news, person, company)
    // A step that waits for the morning is no step: the ladder goes on to the next.
    return step.go && step.why === 'quiet_hours' ? { go: false, why: 'quiet_hours' } : step
  }
  for (const r of people) {
    const notice = notices.get(r.id)
    // Said again while the first is unread: its own message is enough, unless it cannot wait.
    if (t.via === undefined && notice?.again && news.urgency !== 'urgent') continue
    const add = (channel: 'push' | 'email', w: Way, target: string, subscriptionId: string | null) => {
      if (!w.go) {
        why ??= w.why
        return
      }
      const digest = w.why === 'digest'
      drafts.push({
        channel,
        noticeId: digest ? null : (notice?.id ?? null),
        userId: r.id,
        robotId: null,
        subscriptionId,
        target,
        code: digest ? 'notice_digest' : t.code,
        names: [],
        why: w.why,
        dueAt: new Date(w.at),
        onceKey: digest ? `digest:${r.id}:${new Date(w.at).toISOString()}` : null,
      })
    }
    if (wants('push')) {
      if (r.subscriptions.length === 0 && t.via === 'push') why = 'no_subscription'
      for (const s of r.subscriptions) add('push', way('push', r), s.label, s.id)
    }
    if (wants('email')) {
      if (t.via === 'email' && mail && !r.email) why = 'no_address'
      if (mail && r.email) add('email', way('email', r), masked(r.email), null)
    }
  }
  if (wants('robot') && news.urgency !== 'quiet') {
    const robots = await robotsFor(ctx, t, people)
    if (robots.length === 0 && t.via === 'robot') why = 'no_robot'
    const w = stepOf(
      'push',
      news,
      { switches: { [news.group]: { push: true } }, quiet: null, zone: ctx.zone, away: null },
      company,
    )
    for (const robot of robots)
      if (w.go && !(await saidLately(ctx, robot.id, t, company.dedupeMin)))
        drafts.push({
          channel: robot.vendor,
          noticeId: null,
          userId: null,
          robotId: robot.id,
          subscriptionId: null,
          target: robot.name,
          code: t.code,
          names: people.map((p) => p.name),
          why: w.why,
          dueAt: new Date(w.at),
          onceKey: null,
        })
  }
  return { drafts, why }
}

/** The groups that want to hear of it: by code, by the team or one above it, by the kind of order. */
const robotsFor = (ctx: Ctx, t: Tell, people: readonly Reader[]) =>
  ctx.db.query<Robot>(sql`
    select r.id, r.vendor, r.name from notice_robots r
    where r.enabled and r.removed_at is null and r.codes @> array[${t.code}]::text[]
      and (r.team_ids = '{}' or r.team_ids && coalesce(
        (select path from teams where id = ${t.about?.teamId ?? null}), ${[...new Set(people.flatMap((p) => p.team_path ?? []))]}::uuid[]))
      and (r.order_types = '{}' or ${t.about?.orderType ?? null}::text = any(r.order_types))
    order by r.created_at, r.id`)

const saidLately = async (ctx: Ctx, robotId: string, t: Tell, dedupeMin: number): Promise<boolean> =>
  !!(await ctx.db.maybe(sql`
    select 1 from deliveries where robot_id = ${robotId} and code = ${t.code} and subject_id = ${t.subject.id}
      and (state = 'queued' or (${t.urgency ?? 'normal'} <> 'urgent' and created_at > ${ctx.now}::timestamptz - make_interval(mins => ${dedupeMin})))
    limit 1`))

async function queue(ctx: Ctx, t: Tell, drafts: readonly Draft[]): Promise<void> {
  const rows = drafts.map((d) => ({ id: newId(), ...d }))
  const kept = await ctx.db.query<{ id: string; due_at: Date }>(sql`
    insert into deliveries (id, channel, notice_id, user_id, robot_id, subscription_id, target, code, params, subject_kind, subject_id,
      urgency, names, state, why, due_at, created_at, once_key)
    select d.id, d.channel, d."noticeId", d."userId", d."robotId", d."subscriptionId", d.target, d.code,
      case when d."onceKey" is null then ${JSON.stringify(t.params ?? {})}::jsonb else '{}' end, ${t.subject.kind}, ${t.subject.id},
      ${t.urgency ?? 'normal'}, coalesce((select array_agg(x) from jsonb_array_elements_text(d.names) x), '{}'), 'queued', d.why, d."dueAt", ${ctx.now}, d."onceKey"
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as d(id uuid, channel text, "noticeId" uuid, "userId" uuid, "robotId" uuid,
      "subscriptionId" uuid, target text, code text, names jsonb, why text, "dueAt" timestamptz, "onceKey" text)
    on conflict (once_key) do nothing returning id, due_at`)
  for (const d of kept) await sendLater(ctx, d.id, d.due_at)
}

/** The minute's sweep finds everything that is due; what is due soon does not wait for it. */
export async function sendLater(ctx: Ctx, id: string, dueAt: Date): Promise<void> {
  if (dueAt.getTime() - ctx.now.getTime() < 3_600_000)
    await ctx.job('notices.send', { id }, { runAt: dueAt, jobKey: `notices.send:${id}`, maxAttempts: 3 })
}

/** What was queued about this until then has become pointless: it was opened, taken, settled. */
export async function withdraw(ctx: Ctx, subjectId: string, codes: readonly string[], until: Date): Promise<void> {
  await ctx.db.run(sql`update deliveries set state = 'skipped', why = 'settled'
    where subject_id = ${subjectId} and code = any(${codes}::text[]) and state = 'queued' and created_at <= ${until}`)
}

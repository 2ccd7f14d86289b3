// Months of days and weeks of reports: derived from the history by the product's own rules, then handed in, read, asked
// about and confirmed as people do it — with the gaps that people leave.

import { dayOfTime, type Minutes, type Sentence } from '#workday'
import { Days, type DerivedDay, deriveDay, deriveDays, reportHash } from '../src/modules/office'
import type { App } from '../src/platform/app'
import type { Ctx } from '../src/platform/context'
import { type Db, sql } from '../src/platform/database/pool'
import { derivedId } from '../src/platform/ids'
import { insertRows, time } from './rows'
import type { Story } from './story'
import { corrections, plans, problems, questions, suggestions } from './story/office'
import { Rng } from './story/rng'
import { addDays, at, clock, MINUTE } from './story/time'

const HISTORY_DAYS = 150
const REPORT_DAYS = 21
const CHUNK_DAYS = 30

export async function seedOffice(app: App, seed: string, story: Story): Promise<void> {
  await app.asSystem('seed.office', async (ctx) => {
    const today = story.today.date
    const people = story.people.engineers.map((e) => e.id)
    const yesterday = addDays(today, -1)
    await correct(ctx, seed, people, yesterday)
    for (let to = today; to > addDays(today, -HISTORY_DAYS); to = addDays(to, -CHUNK_DAYS))
      await deriveDays(ctx, people, addDays(to, 1 - CHUNK_DAYS), to, { quiet: true })
    await ctx.db.run(sql`update work_days set closed = true where date < ${today}`)
    await report(ctx.db, await daysOf(), seed, story)
    await confirm(ctx.db, story)

    async function daysOf() {
      const from = addDays(today, -REPORT_DAYS)
      const days = await Days.load(ctx, people, from, yesterday)
      return people.flatMap((p) => days.dates.map((d) => deriveDay(days, p, d))).filter((d) => d.worked)
    }
  })
}

/** Some forgot to press “set out”, some sat over papers elsewhere: they filled their gaps afterwards. */
async function correct(ctx: Ctx, seed: string, people: readonly string[], yesterday: string): Promise<void> {
  const days = await Days.load(ctx, people, addDays(yesterday, -34), yesterday)
  const rows = people.flatMap((p) =>
    days.dates.flatMap((date) => {
      const dice = new Rng(`${seed}/correction/${p}/${date}`)
      if (!dice.chance(0.06)) return []
      const gap = dayOfTime(days.input(p, date)).gaps.find((g) => g.minutes <= 120 || g.cause === 'no_departure')
      if (!gap) return []
      const what = gap.cause === 'no_departure' ? corrections[0] : dice.pick(corrections)
      return [
        {
          id: derivedId(p, 'correction', date),
          person_id: p,
          date,
          starts_at: time(gap.from),
          ends_at: time(gap.to),
          kind: what.kind,
          visit_id: gap.visitId,
          order_id: gap.orderId,
          reason: what.reason,
          was: [],
          by_id: p,
          at: time(at(date, clock(21)) + dice.int(0, 60) * MINUTE),
        },
      ]
    }),
  )
  await insertRows(ctx.db, 'time_corrections', rows)
}

async function report(db: Db, days: readonly DerivedDay[], seed: string, story: Story): Promise<void> {
  const supervisors = await db.query<{ id: string; team_id: string | null }>(
    sql`select u.id, u.team_id from users u join user_grants g on g.user_id = u.id where g.role = 'supervisor' order by u.user_name`,
  )
  const teams = await db.query<{ id: string; path: string[] }>(sql`select id, path from teams`)
  const bossOf = (teamId: string | null) => {
    const path = teams.find((t) => t.id === teamId)?.path ?? []
    return (
      supervisors.find((s) => s.team_id === teamId) ??
      supervisors.find((s) => s.team_id !== null && path.includes(s.team_id))
    )
  }
  const table: Record<string, Record<string, unknown>[]> = {
    daily_reports: [],
    report_versions: [],
    report_reads: [],
    report_comments: [],
    report_reactions: [],
  }
  for (const d of days) {
    const dice = new Rng(`${seed}/report/${d.personId}/${d.date}`)
    // Some are asked again and again; nobody forgets every day.
    if (dice.chance(0.09)) continue
    const id = derivedId(d.personId, 'report', d.date)
    const last = Math.max(at(d.date, clock(17, 30)), ...d.entries.map((e) => e.to))
    const submitted = last + dice.int(4, 95) * MINUTE
    const lines = d.sentences.map((s: Sentence) => ({ ...s, hidden: false, text: null }))
    const own = [
      ...(dice.chance(0.16) ? [{ kind: 'problem' as const, text: dice.pick(problems) }] : []),
      ...(dice.chance(0.08) ? [{ kind: 'suggestion' as const, text: dice.pick(suggestions) }] : []),
      ...(dice.chance(0.14) ? [{ kind: 'plan' as const, text: dice.pick(plans) }] : []),
    ]
    const hash = reportHash({ personId: d.personId, date: d.date, lines, own })
    const shared = { submitted_at: time(submitted), lines, own, hash }
    table.daily_reports?.push({
      id,
      person_id: d.personId,
      date: d.date,
      zone: 'Asia/Shanghai',
      version: 1,
      offline: dice.chance(0.12),
      differences: [],
      team_id: d.teamId,
      people: [d.personId],
      changed_at: time(submitted),
      ...shared,
    })
    table.report_versions?.push({ report_id: id, version: 1, ...shared })
    const boss = bossOf(d.teamId)
    const recent = d.date >= addDays(story.today.date, -1)
    if (!boss || !dice.chance(recent ? 0.45 : 0.92)) continue
    // The same evening, or over the first coffee of the next day.
    const read = dice.chance(0.5)
      ? Math.max(submitted + 4 * MINUTE, Math.min(submitted + dice.int(10, 90) * MINUTE, at(d.date, clock(22))))
      : at(addDays(d.date, 1), clock(8)) + dice.int(5, 90) * MINUTE
    const before = (ms: number) => Math.min(ms, at(story.today.date, clock(8, 30)))
    table.report_reads?.push({ report_id: id, person_id: boss.id, read_at: time(before(read)) })
    if (dice.chance(0.3))
      table.report_reactions?.push({
        report_id: id,
        person_id: boss.id,
        kind: dice.pick(['seen', 'thanks', 'thanks', 'well_done', 'attention'] as const),
        at: time(before(read)),
      })
    const talk = d.exceptions.flatMap((e) => (questions[e] ? [questions[e]] : []))[0]
    if (!talk || !dice.chance(0.22)) continue
    table.report_comments?.push({
      id: derivedId(id, 'question'),
      report_id: id,
      author_id: boss.id,
      body: talk[0],
      question: true,
      at: time(before(read)),
    })
    if (!recent && dice.chance(0.8))
      table.report_comments?.push({
        id: derivedId(id, 'answer'),
        report_id: id,
        author_id: d.personId,
        body: talk[1],
        question: false,
        at: time(before(read + dice.int(5, 200) * MINUTE)),
      })
  }
  for (const [name, rows] of Object.entries(table)) await insertRows(db, name, rows)
  // Whoever had not handed in by half past eight was reminded.
  await db.run(sql`update work_days d set chased_at = (d.date + time '20:30') at time zone 'Asia/Shanghai'
    where d.worked and d.date >= ${addDays(story.today.date, -REPORT_DAYS)} and d.date < ${story.today.date}
      and not exists (select 1 from daily_reports r where r.person_id = d.person_id and r.date = d.date and r.submitted_at < (d.date + time '20:30') at time zone 'Asia/Shanghai')`)
}

/** Supervisors have confirmed what lies further back; one day of it has been told more since. */
async function confirm(db: Db, story: Story): Promise<void> {
  const until = addDays(story.today.date, -8)
  await db.run(sql`
    update work_days d set state = 'confirmed', confirmed_at = (${until}::date + time '10:00') at time zone 'Asia/Shanghai', confirmed_by = b.id, rev = rev + 1
    from (select distinct on (t.id) t.id as team_id, u.id from teams t join user_grants g on g.role = 'supervisor' join users u on u.id = g.user_id and t.path @> array[coalesce(g.ref_id, u.team_id)]
      order by t.id, u.user_name) b
    where b.team_id = d.team_id and d.date < ${until}`)
  const day = await db.maybe<{ id: string; minutes: Minutes }>(
    sql`select id, minutes from work_days where state = 'confirmed' and worked order by date desc, person_id limit 1`,
  )
  if (!day) return
  const is = { ...day.minutes, remote: day.minutes.remote + 35 }
  await db.run(
    sql`update work_days set difference = ${JSON.stringify({ was: day.minutes, is, at: time(at(story.today.date, clock(7, 50))) })}::jsonb where id = ${day.id}`,
  )
}

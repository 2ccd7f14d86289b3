import { exceptionWords, rollUpWords, timeKindWords } from '#contracts/words/office'
import { TIME_KINDS, type TimeKind } from '#workday'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { type Cell, type Sheet, xlsx } from '../../platform/sheets'
import { monthOf, monthSpan, weekOf } from './rollups'

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const hours = (min: number | null) => (min === null ? null : Math.round((min / 60) * 100) / 100)

/** Words and times of a file in the reader's language. */
function speaker(ctx: Ctx) {
  const zh = ctx.actor.locale === 'zh-CN'
  const say = (w: { zh: string; en: string }) => (zh ? w.zh : w.en)
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: ctx.zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return {
    t: (key: keyof typeof rollUpWords) => say(rollUpWords[key]),
    kind: (k: TimeKind) => say(timeKindWords[k]),
    kindHours: () => TIME_KINDS.map((k) => `${say(timeKindWords[k])} (${say(rollUpWords.hours)})`),
    exception: (e: keyof typeof exceptionWords) => say(exceptionWords[e]),
    clock: (at: Date | string) => time.format(new Date(at)),
    and: zh ? '、' : ', ',
  }
}

export async function exportWeek(ctx: Ctx, q: { monday?: string | undefined; teamId?: string | undefined }) {
  const week = await weekOf(ctx, q, 'time.export')
  const s = speaker(ctx)
  const sheet = (name: string, rows: typeof week.people): Sheet => ({
    name,
    head: [
      s.t('name'),
      s.t('team'),
      ...s.kindHours(),
      ...(
        [
          'personDays',
          'overtime',
          'available',
          'utilisation',
          'travelKm',
          'ordersDone',
          'visits',
          'reports',
          'reportsDue',
          'exceptions',
          'beforeWork',
        ] as const
      ).map(s.t),
    ],
    rows: rows.map((r): Cell[] => [
      r.name,
      r.teamName ?? '',
      ...TIME_KINDS.map((k) => hours(r.minutes[k])),
      r.personDays,
      hours(r.overtimeMin),
      hours(r.availableMin),
      r.utilisation === null ? null : Math.round(r.utilisation * 10_000) / 100,
      Math.round(r.travelM / 1000),
      r.ordersDone,
      r.visits,
      r.reports,
      r.reportsDue,
      r.exceptions.map((e) => `${s.exception(e.code)} ${e.n}`).join(s.and),
      hours(r.before.workMin),
    ]),
  })
  return {
    bytes: await xlsx([sheet(s.t('people'), week.people), sheet(s.t('teams'), week.byTeam)]),
    type,
    name: `week-${week.from}.xlsx`,
  }
}

export async function exportMonth(ctx: Ctx, q: { month: string; teamId?: string | undefined }) {
  const month = await monthOf(ctx, q, 'time.export')
  const { from, to } = monthSpan(q.month)
  const s = speaker(ctx)
  const ids = month.rows.map((r) => r.id)
  const names = new Map(month.rows.map((r) => [r.id, r]))
  const entries = await ctx.db.query<{
    person_id: string
    date: string
    kind: TimeKind
    starts_at: Date
    ends_at: Date
    minutes: number
    correction_id: string | null
    state: string
    customer: string | null
    title: string | null
  }>(sql`
    select e.person_id, e.date, e.kind, e.starts_at, e.ends_at, e.minutes, e.correction_id, d.state, c.name as customer, o.title
    from time_entries e join work_days d on d.id = e.day_id left join orders o on o.id = e.order_id left join customers c on c.id = o.customer_id
    where e.person_id = any(${ids}::uuid[]) and e.date between ${from} and ${to}`)
  const corrections = await ctx.db.query<{
    person_id: string
    date: string
    starts_at: Date
    ends_at: Date
    kind: TimeKind | null
    reason: string
    was: { kind: TimeKind; from: string; to: string }[]
    by: string
    withdrawn: boolean
  }>(sql`
    select c.person_id, c.date, c.starts_at, c.ends_at, c.kind, c.reason, c.was, u.name as by, c.withdrawn_at is not null as withdrawn
    from time_corrections c join users u on u.id = c.by_id where c.person_id = any(${ids}::uuid[]) and c.date between ${from} and ${to} order by c.date, c.at`)
  const order = new Map(ids.map((id, i) => [id, i]))
  entries.sort(
    (a, b) =>
      (order.get(a.person_id) as number) - (order.get(b.person_id) as number) ||
      a.starts_at.getTime() - b.starts_at.getTime(),
  )
  const who = (id: string): [string, string] => [names.get(id)?.name ?? '—', names.get(id)?.teamName ?? '']
  return {
    bytes: await xlsx([
      {
        name: s.t('month'),
        head: [
          s.t('name'),
          s.t('team'),
          ...s.kindHours(),
          ...(
            [
              'personDays',
              'overtime',
              'available',
              'workedDays',
              'confirmedDays',
              'corrections',
              'differences',
            ] as const
          ).map(s.t),
        ],
        rows: month.rows.map((r): Cell[] => [
          r.name,
          r.teamName ?? '',
          ...TIME_KINDS.map((k) => hours(r.minutes[k])),
          r.personDays,
          hours(r.overtimeMin),
          hours(r.availableMin),
          r.days,
          r.confirmedDays,
          r.corrections,
          r.differences,
        ]),
      },
      {
        name: s.t('days'),
        head: (['name', 'team', 'date', 'from', 'to', 'kind', 'minutes', 'customer', 'title', 'state'] as const).map(
          s.t,
        ),
        rows: entries.map((e): Cell[] => [
          ...who(e.person_id),
          e.date,
          s.clock(e.starts_at),
          s.clock(e.ends_at),
          s.kind(e.kind),
          e.minutes,
          e.customer ?? '',
          e.title ?? '',
          s.t(e.state === 'confirmed' ? 'confirmed' : e.correction_id ? 'corrected' : 'derived'),
        ]),
      },
      {
        name: s.t('changes'),
        head: (['name', 'team', 'date', 'from', 'to', 'kind', 'was', 'reason', 'by', 'state'] as const).map(s.t),
        rows: corrections.map((c): Cell[] => [
          ...who(c.person_id),
          c.date,
          s.clock(c.starts_at),
          s.clock(c.ends_at),
          c.kind ? s.kind(c.kind) : s.t('none'),
          c.was.map((x) => `${s.kind(x.kind)} ${s.clock(x.from)}–${s.clock(x.to)}`).join(s.and),
          c.reason,
          c.by,
          c.withdrawn ? s.t('withdrawn') : '',
        ]),
      },
    ]),
    type,
    name: `time-${q.month}.xlsx`,
  }
}

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { RouteMap } from '#contracts'
import type { CollectionName, ReplicaRows } from '#contracts/replica'
import { dayOfTime, draftReport, type FoldedVisit, noMinutes, reportedVisit, timedVisit } from '#workday'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'

let f: Field
let n = 0
beforeAll(async () => {
  f = await field()
})
beforeEach(() => {
  // Each test has a day of its own.
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

const date = '2026-11-23'
type Lines = RouteMap['POST /api/people/:id/reports']['body']['lines']
const clock = (iso: string) => new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(11, 16)
const off = (at: Date, seq: number, device: string) => ({ offline: true, at, seq, device })

/** A morning at the hospital: out at 9:30, there at 10:00, done at 11:30; told at once or late in the evening. */
async function morning(e: Client, o: { late?: boolean } = {}) {
  const v = await f.offer(e)
  const device = `phone-${++n}`
  await e.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
  const steps: [string, unknown, Date][] = [
    ['visit.depart', {}, f.at(9, 30)],
    ['visit.checkIn', { fix: goodFix }, f.at(10)],
    ['visit.start', {}, f.at(10, 5)],
    ['visit.finish', { result: 'done' }, f.at(11, 30)],
  ]
  if (o.late) f.w.clock.at = f.at(21)
  for (const [i, [command, body, at]] of steps.entries()) {
    if (!o.late) f.w.clock.at = at
    const { items } = await e.ok('POST /api/commands', {
      body: { items: [fromPhone(command, v.id, body, o.late ? off(at, i + 1, device) : { device, seq: i + 1 })] },
    })
    expect(items[0]?.verdict).toBe('applied')
  }
  await f.w.settle()
  return v
}
const dayOf = async (who: Client, person: Client) =>
  (await who.ok('GET /api/people/:id/time', { params: { id: person.id }, query: { from: date, to: date } }))
    .days[0] as NonNullable<RouteMap['GET /api/people/:id/time']['reply']['days'][number]>
const said = async (who: Client, person: Client) =>
  (await dayOf(who, person)).entries.map((e) => `${e.kind} ${clock(e.from)}–${clock(e.to)} ${e.state}`)
const correct = (
  who: Client,
  person: Client,
  from: Date,
  to: Date,
  kind: 'onsite' | 'travel' | 'break' | null,
  more = {},
) => ({
  params: { id: person.id },
  body: { date, from: from.toISOString(), to: to.toISOString(), kind, reason: '忘了点出发', ...more },
})
const draft = async (e: Client, visitId: string): Promise<Lines> => {
  const day = await dayOf(e, e)
  const v = await e.ok('GET /api/visits/:id', { params: { id: visitId } })
  return draftReport({
    date,
    zone: 'Asia/Shanghai',
    visits: [
      {
        id: v.id,
        orderId: v.orderId,
        title: v.title,
        customer: v.customer.name,
        mode: v.mode,
        state: v.state,
        planned: { start: Date.parse(v.planned.start), end: Date.parse(v.planned.end) },
        travelMin: v.travelMin,
        promiseEnd: null,
        departedAt: Date.parse(v.departedAt as string),
        arrivedAt: Date.parse(v.arrivedAt as string),
        startedAt: Date.parse(v.startedAt as string),
        endedAt: Date.parse(v.finishedAt as string),
        checkInAt: null,
        result: v.result,
        remaining: v.remaining,
        cause: v.cause,
        reason: v.reasonOfEnd,
        grade: v.grade,
        pauses: [],
        photos: 0,
        checks: null,
        parts: [],
      },
    ],
    pending: [],
    held: [],
    requests: [],
    time: { minutes: day.minutes, overtimeMin: day.overtimeMin },
    tomorrow: [],
  }) as Lines
}
const submit = (e: Client, lines: Lines, more = {}) =>
  e.ok('POST /api/people/:id/reports', { params: { id: e.id }, body: { id: newId(), date, lines, own: [], ...more } })

describe('time follows what happens', () => {
  it('the way, the work, and the events behind them', async () => {
    const e = await f.engineer()
    await morning(e)
    expect(await said(e, e)).toEqual(['travel 09:30–10:00 derived', 'onsite 10:00–11:30 derived'])
    const day = await dayOf(f.supervisor, e)
    expect(day.minutes).toEqual({ ...noMinutes(), travel: 30, onsite: 90 })
    expect(day.entries.map((x) => x.source.length)).toEqual([2, 3])
    expect(day.entries[0]).toMatchObject({ customer: '上海瑞金医院', title: '影像服务器扩容' })
    expect(day.lateAt).toBeNull()
    // The night before the shift began is nobody's gap; what nobody explains after lunch is.
    f.w.clock.at = f.at(16)
    const row = await f.w.db.one<{ minutes: unknown; worked: boolean }>(
      sql`select minutes, worked from work_days where person_id = ${e.id} and date = ${date}`,
    )
    expect(row).toEqual({ minutes: { ...noMinutes(), travel: 30, onsite: 90 }, worked: true })
  })

  it('late from a basement makes the same day, and says that it came late', async () => {
    const e = await f.engineer()
    await correctedGap(e)
    await morning(e, { late: true })
    expect(await said(e, e)).toEqual([
      'travel 09:30–10:00 derived',
      'onsite 10:00–11:30 derived',
      'travel 12:00–12:30 corrected',
    ])
    expect((await dayOf(e, e)).lateAt).not.toBeNull()
  })
  const correctedGap = async (e: Client) => {
    f.w.clock.at = f.at(13)
    await e.ok('POST /api/people/:id/time-corrections', correct(e, e, f.at(12), f.at(12, 30), 'travel'))
    f.w.clock.at = f.at(9)
  }
})

describe('corrections', () => {
  it('keep what stood there, who said so and why; taken back, the old time is there again', async () => {
    const e = await f.engineer()
    await morning(e)
    const id = newId()
    f.w.clock.at = f.at(14)
    const day = await e.ok('POST /api/people/:id/time-corrections', correct(e, e, f.at(11), f.at(12), 'break', { id }))
    expect(day.entries.map((x) => `${x.kind} ${clock(x.from)}–${clock(x.to)} ${x.state}`)).toEqual([
      'travel 09:30–10:00 derived',
      'onsite 10:00–11:00 derived',
      'break 11:00–12:00 corrected',
    ])
    expect(day.corrections[0]).toMatchObject({
      id,
      reason: '忘了点出发',
      by: { id: e.id },
      was: [{ kind: 'onsite', from: f.at(11).toISOString(), to: f.at(11, 30).toISOString() }],
    })
    // The same correction again is the same one.
    await e.ok('POST /api/people/:id/time-corrections', correct(e, e, f.at(11), f.at(12), 'break', { id }))
    const back = await e.ok('POST /api/time-corrections/:id/withdraw', {
      params: { id },
      body: { reason: '点错了' },
    })
    expect(back.minutes).toEqual({ ...noMinutes(), travel: 30, onsite: 90 })
    expect(back.corrections[0]?.withdrawn).toMatchObject({ reason: '点错了' })
    expect(
      await e.refused('POST /api/time-corrections/:id/withdraw', {
        params: { id },
        body: { reason: '再撤一次' },
      }),
    ).toBe('correction_withdrawn')
  })

  it('are his own or his supervisor’s, lie within the day and the past', async () => {
    const [e, other] = [await f.engineer(), await f.engineer()]
    await morning(e)
    f.w.clock.at = f.at(14)
    const hr = await f.w.person('hr', 'all')
    const ask = (who: Client, from = f.at(11), to = f.at(12)) =>
      who.refused('POST /api/people/:id/time-corrections', correct(who, e, from, to, 'break'))
    expect(await ask(other)).toBe('not_found')
    expect(await ask(hr)).toBe('forbidden')
    expect(await ask(e, f.at(12), f.at(11))).toBe('time_order')
    expect(await ask(e, f.at(13), f.at(15))).toBe('time_outside_day')
    expect(await ask(e, f.at(-1), f.at(1))).toBe('time_outside_day')
    await f.supervisor.ok('POST /api/people/:id/time-corrections', correct(f.supervisor, e, f.at(11), f.at(12), null))
    expect(await said(e, e)).toEqual(['travel 09:30–10:00 derived', 'onsite 10:00–11:00 derived'])
    const { rows } = await e.ok('GET /api/notices')
    expect(rows.some((x) => x.code === 'time_corrected')).toBe(true)
  })
})

describe('confirmed days', () => {
  const confirm = (who: Client, e: Client) => ({ params: { id: e.id }, body: { from: date, to: date } })
  it('are locked; a late event is a difference and a notice, until somebody opens the day again', async () => {
    const e = await f.engineer()
    await morning(e)
    expect(await f.supervisor.refused('POST /api/people/:id/time-confirm', confirm(f.supervisor, e))).toBe(
      'time_not_over',
    )
    f.w.clock.at = f.at(33)
    expect(await e.refused('POST /api/people/:id/time-confirm', confirm(e, e))).toBe('forbidden')
    expect((await f.supervisor.ok('POST /api/people/:id/time-confirm', confirm(f.supervisor, e))).confirmed).toBe(1)
    // A repeat confirms nothing more.
    expect((await f.supervisor.ok('POST /api/people/:id/time-confirm', confirm(f.supervisor, e))).confirmed).toBe(0)
    expect(await said(e, e)).toEqual(['travel 09:30–10:00 confirmed', 'onsite 10:00–11:30 confirmed'])
    expect(await e.refused('POST /api/people/:id/time-corrections', correct(e, e, f.at(11), f.at(12), 'break'))).toBe(
      'time_confirmed',
    )

    f.w.clock.at = f.at(9)
    const second = await f.offer(e, { start: f.at(14), end: f.at(15) })
    await e.ok('POST /api/visits/:id/take', { params: { id: second.id }, body: {} })
    f.w.clock.at = f.at(34)
    const device = `phone-${++n}`
    for (const [i, [command, body, at]] of (
      [
        ['visit.checkIn', { fix: goodFix }, f.at(14)],
        ['visit.start', {}, f.at(14)],
        ['visit.finish', { result: 'done' }, f.at(15)],
      ] as const
    ).entries())
      await e.ok('POST /api/commands', {
        body: { items: [fromPhone(command, second.id, body, off(at, i + 1, device))] },
      })
    await f.w.settle()
    const day = await dayOf(f.supervisor, e)
    expect(day.entries).toHaveLength(2)
    expect(day.difference).toMatchObject({ was: { onsite: 90 }, is: { onsite: 150 } })
    const told = (await f.supervisor.ok('GET /api/notices')).rows.filter((x) => x.code === 'time_differs')
    expect(told.length).toBeGreaterThan(0)
    const month = await f.supervisor.ok('GET /api/time/month', { query: { month: '2026-11' } })
    expect(month.rows.find((r) => r.id === e.id)).toMatchObject({ confirmedDays: 1, differences: 1 })

    const open = { params: { id: e.id }, body: { date, reason: '补记下午的上门' } }
    expect(await e.refused('POST /api/people/:id/time-reopen', open)).toBe('forbidden')
    const opened = await f.supervisor.ok('POST /api/people/:id/time-reopen', open)
    expect(opened).toMatchObject({ state: 'open', difference: null, minutes: { onsite: 150 } })
    expect(await f.supervisor.refused('POST /api/people/:id/time-reopen', open)).toBe('time_not_confirmed')
  })
})

describe('the report', () => {
  it('is drafted alike by phone and server, handed in once, and stays what it was', async () => {
    const e = await f.engineer()
    const v = await morning(e)
    f.w.clock.at = f.at(18)
    const lines = await draft(e, v.id)
    expect(lines.map((l) => l.code)).toEqual(['visit.done', 'time.total'])
    const reworded = lines.map((l, i) => (i === 0 ? { ...l, text: '扩容完成，已交接' } : l))
    const body = { id: newId(), date, lines: reworded, own: [{ kind: 'problem' as const, text: '机柜空间不足' }] }
    const headers = { 'idempotency-key': newId() }
    const params = { id: e.id }
    const report = await e.ok('POST /api/people/:id/reports', { params, body }, headers)
    expect(report).toMatchObject({ version: 1, differences: [], exceptions: [], own: [{ kind: 'problem' }] })
    expect(report.hash).toMatch(/^[0-9a-f]{64}$/)
    // The same tap again is the same report.
    expect(await e.ok('POST /api/people/:id/reports', { params, body }, headers)).toEqual(report)

    // Another visit in the evening: the report stays, and says what has come since.
    f.w.clock.at = f.at(19)
    const late = await f.offer(e, { start: f.at(19), end: f.at(20), mode: 'remote' })
    await e.ok('POST /api/visits/:id/take', { params: { id: late.id }, body: {} })
    await e.ok('POST /api/visits/:id/start', { params: { id: late.id }, body: {} })
    f.w.clock.at = f.at(20)
    await e.ok('POST /api/visits/:id/finish', {
      params: { id: late.id },
      body: { result: 'partial', remaining: '还差一块盘' },
    })
    await f.w.settle()
    const seen = await f.supervisor.ok('GET /api/reports/:id', { params: { id: report.id } })
    expect(seen.lines).toEqual(report.lines)
    expect(seen.hash).toBe(report.hash)
    expect(seen.differences.map((d) => [d.was?.code ?? null, d.is?.code ?? null])).toContainEqual([
      null,
      'visit.partial',
    ])

    const again = await submit(e, lines)
    expect(again).toMatchObject({ id: report.id, version: 2 })
    const versions = await f.w.db.query<{ hash: string }>(
      sql`select hash from report_versions where report_id = ${report.id} order by version`,
    )
    expect(versions.map((x) => x.hash)).toEqual([report.hash, again.hash])
  })

  it('made offline stands at the time at which it was made', async () => {
    const e = await f.engineer()
    const v = await morning(e)
    const lines = await draft(e, v.id)
    f.w.clock.at = f.at(23)
    const { items } = await e.ok('POST /api/commands', {
      body: {
        items: [
          fromPhone('report.submit', e.id, { id: newId(), date, lines, own: [] }, off(f.at(18), 9, `phone-${++n}`)),
        ],
      },
    })
    expect(items[0]).toMatchObject({
      verdict: 'applied',
      reply: { offline: true, submittedAt: f.at(18).toISOString() },
    })
  })

  it('is nobody else’s to hand in, and says something about a day that has been', async () => {
    const e = await f.engineer()
    const v = await morning(e)
    const lines = await draft(e, v.id)
    const body = { id: newId(), date, lines, own: [] }
    const ask = (who: Client, more = {}) =>
      who.refused('POST /api/people/:id/reports', { params: { id: e.id }, body: { ...body, ...more } })
    const boss = await f.w.person('supervisor')
    expect(await ask(boss)).toBe('forbidden')
    expect(await ask(await f.engineer())).toBe('not_found')
    expect(await ask(e, { date: '2026-11-24' })).toBe('report_future')
    expect(await ask(e, { lines: lines.map((l) => ({ ...l, hidden: true })) })).toBe('report_empty')
    const report = await submit(e, lines)
    const far = await f.w.person('supervisor', 'team', f.w.teams.northOne)
    expect(await far.refused('GET /api/reports/:id', { params: { id: report.id } })).toBe('not_found')
    expect(await (await f.engineer()).refused('GET /api/reports/:id', { params: { id: report.id } })).toBe('not_found')
  })
})

describe('the supervisor', () => {
  it('sees who has reported and who has not, asks back, reacts; the engineer hears and answers', async () => {
    const [e, idle, silent] = [await f.engineer(), await f.engineer(), await f.engineer()]
    const v = await morning(e)
    f.w.clock.at = f.at(9)
    await morning(silent)
    const report = await submit(e, await draft(e, v.id), { own: [{ kind: 'suggestion', text: '备件提前到货' }] })
    const boss = f.supervisor
    const row = async (p: Client) =>
      (await boss.ok('GET /api/reports', { query: { date } })).rows.find((r) => r.person.id === p.id)
    expect(await row(e)).toMatchObject({
      worked: true,
      report: { id: report.id, readByMe: false, own: [{ kind: 'suggestion' }] },
    })
    expect(await row(silent)).toMatchObject({ worked: true, report: null })
    expect(await row(idle)).toMatchObject({ worked: false, report: null })
    const params = { id: report.id }
    await boss.ok('POST /api/reports/:id/read', { params, body: {} })
    await boss.ok('POST /api/reports/:id/read', { params, body: {} })
    expect((await row(e))?.report?.readByMe).toBe(true)
    await boss.ok('POST /api/reports/:id/reactions', { params, body: { kind: 'thanks' } })
    await boss.ok('POST /api/reports/:id/comments', { params, body: { body: '缺哪种备件？', question: true } })
    expect((await row(e))?.report).toMatchObject({ waiting: true, comments: 1, reactions: [{ kind: 'thanks', n: 1 }] })
    const codes = (await e.ok('GET /api/notices')).rows.map((x) => x.code)
    expect(codes).toEqual(expect.arrayContaining(['report_asked', 'report_thanks']))
    const answered = await e.ok('POST /api/reports/:id/comments', {
      params,
      body: { body: 'SSD 960G', question: true },
    })
    // Who is asked answers: his own words are no question to himself.
    expect(answered.comments.at(-1)).toMatchObject({ body: 'SSD 960G', question: false })
    expect((await row(e))?.report?.waiting).toBe(false)
    expect((await boss.ok('GET /api/notices')).rows.some((x) => x.code === 'report_answered')).toBe(true)
    expect(await e.refused('POST /api/reports/:id/reactions', { params, body: { kind: 'well_done' } })).toBe(
      'forbidden',
    )
  })

  it('a missing report is reminded of once, in the evening, only when there was work', async () => {
    const [e, idle] = [await f.engineer(), await f.engineer()]
    await morning(e)
    const remind = async () => {
      const job = f.w.app.modules.find((m) => m.name === 'office')?.jobs?.find((j) => j.name === 'office.remind')
      await f.w.app.asSystem('test.remind', (ctx) => (job as NonNullable<typeof job>).run(ctx, {}))
    }
    const missing = async (c: Client) =>
      (await c.ok('GET /api/notices')).rows.filter((x) => x.code === 'report_missing').length
    f.w.clock.at = f.at(19)
    await remind()
    expect(await missing(e)).toBe(0)
    f.w.clock.at = f.at(20, 45)
    await remind()
    await remind()
    expect(await missing(e)).toBe(1)
    expect(await missing(idle)).toBe(0)
  })

  it('adds up a week against the four before, and hands it out as a file to those who may', async () => {
    const e = await f.engineer()
    await morning(e)
    const week = await f.supervisor.ok('GET /api/reports/week', { query: { monday: date } })
    expect(week).toMatchObject({ from: date, to: '2026-11-29' })
    expect(week.people.find((p) => p.id === e.id)).toMatchObject({
      ordersDone: 1,
      visits: 1,
      reportsDue: 1,
      reports: 0,
      minutes: { onsite: 90 },
    })
    expect(week.trend).toHaveLength(5)
    const file = await f.supervisor.call('GET /api/reports/week/export', { query: { monday: date } })
    expect(file.status).toBe(200)
    expect(String(file.headers['content-type'])).toContain('spreadsheetml')
    expect(await e.refused('GET /api/reports/week/export', { query: { monday: date } })).toBe('forbidden')
    const month = await f.supervisor.call('GET /api/time/export', { query: { month: '2026-11' } })
    expect(month.status).toBe(200)
    const own = await e.ok('GET /api/reports/week', { query: { monday: date } })
    expect(own.people.map((p) => p.id)).toEqual([e.id])
  })
})

describe('the phone', () => {
  it('holds what the server drafts from: both come to the same', async () => {
    const e = await f.engineer()
    const v = await morning(e)
    const { collections } = await e.ok('POST /api/field/sync', { body: { collections: ['visit', 'report'], have: {} } })
    const rows = <K extends CollectionName>(name: K): ReplicaRows[K][] => {
      const c = collections[name]
      return c?.state === 'changed' ? c.rows.map((r) => r.row as ReplicaRows[K]) : []
    }
    const day = rows('report').find((r) => r.date === date) as ReplicaRows['report']
    const visit = rows('visit').find((r) => r.id === v.id) as ReplicaRows['visit']
    const fold = visit.fold as unknown as FoldedVisit
    const bounds = { from: Date.parse(day.from), to: Date.parse(day.to) }
    const time = dayOfTime({
      ...bounds,
      asOf: f.w.clock.now().getTime(),
      visits: [timedVisit(fold, { tripId: visit.tripId })],
      papers: [],
      corrections: [],
      shift: (day.shift ?? []).map(([a, b]) => [Date.parse(a), Date.parse(b)] as const),
      away: [],
    })
    const server = await dayOf(e, e)
    expect(time.minutes).toEqual(server.minutes)
    const said = draftReport({
      date,
      zone: 'Asia/Shanghai',
      visits: [
        reportedVisit(
          fold,
          {
            title: visit.title,
            customer: visit.customer.name,
            photos: 0,
            checks: null,
            parts: [],
          },
          bounds,
        ),
      ],
      pending: [],
      held: [],
      requests: [],
      time: { minutes: time.minutes, overtimeMin: time.overtimeMin },
      tomorrow: [],
    })
    const report = await submit(e, said as Lines)
    expect(report.differences).toEqual([])
  })
})

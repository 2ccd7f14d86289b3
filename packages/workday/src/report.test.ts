import { describe, expect, it } from 'vitest'
import { type DayFacts, differences, draftReport, exceptionsOf, type ReportedVisit, worked } from './report'
import { noMinutes } from './time'

const midnight = Date.parse('2026-11-23T00:00:00+08:00')
const at = (hour: number) => midnight + Math.round(hour * 60) * 60_000
const visit = (v: Partial<ReportedVisit> & { id: string }): ReportedVisit => ({
  orderId: `o-${v.id}`,
  title: '服务器扩容',
  customer: '瑞金医院',
  mode: 'onsite',
  state: 'finished',
  planned: { start: at(10), end: at(12) },
  travelMin: 30,
  promiseEnd: null,
  departedAt: at(9.5),
  arrivedAt: at(10),
  startedAt: at(10),
  endedAt: at(12),
  checkInAt: null,
  result: 'done',
  remaining: null,
  cause: null,
  reason: null,
  grade: 'A',
  pauses: [],
  photos: 0,
  checks: null,
  parts: [],
  ...v,
})
const day = (f: Partial<DayFacts> = {}): DayFacts => ({
  date: '2026-11-23',
  zone: 'Asia/Shanghai',
  visits: [],
  pending: [],
  held: [],
  requests: [],
  time: { minutes: noMinutes(), overtimeMin: null },
  tomorrow: [],
  ...f,
})
const codes = (f: Partial<DayFacts>) => draftReport(day(f)).map((s) => s.code)

describe('D1: what is said', () => {
  const cases: [sentence: string, facts: Partial<DayFacts>, codes: string[]][] = [
    ['nothing about a day on which nothing happened', {}, []],
    [
      'a visit that only stood in the plan is not told',
      {
        visits: [
          visit({
            id: 'a',
            state: 'taken',
            departedAt: null,
            arrivedAt: null,
            startedAt: null,
            endedAt: null,
            result: null,
          }),
        ],
      },
      [],
    ],
    ['done', { visits: [visit({ id: 'a' })] }, ['visit.done']],
    [
      'half done, with what remains',
      { visits: [visit({ id: 'a', result: 'partial', remaining: '还差一块硬盘' })] },
      ['visit.partial'],
    ],
    ['not possible', { visits: [visit({ id: 'a', result: 'unable', cause: 'customer_absent' })] }, ['visit.unable']],
    [
      'still running',
      { visits: [visit({ id: 'a', state: 'working', endedAt: null, result: null })] },
      ['visit.underway'],
    ],
    [
      'nobody came',
      {
        visits: [visit({ id: 'a', state: 'missed', departedAt: null, arrivedAt: null, startedAt: null, result: null })],
      },
      ['visit.missed'],
    ],
    [
      'a resident’s day',
      {
        visits: [visit({ id: 'a', mode: 'resident', state: 'working', endedAt: null, result: null, checkInAt: at(9) })],
      },
      ['visit.resident'],
    ],
    [
      'waiting, photos, checks, parts',
      {
        visits: [
          visit({
            id: 'a',
            pauses: [
              { from: at(10.5), to: at(11), cause: 'wait_parts' },
              { from: at(11), to: at(11.5), cause: 'break' },
            ],
            photos: 4,
            checks: { done: 8, failed: [{ zh: '接地', en: 'Earthing' }] },
            parts: ['硬盘 2 块'],
          }),
        ],
      },
      ['visit.done', 'visit.paused', 'visit.photos', 'visit.checks', 'visit.checks_failed', 'visit.parts'],
    ],
    ['a doubted arrival', { visits: [visit({ id: 'a', grade: 'D' })] }, ['visit.done', 'visit.doubted']],
    [
      'what is open, the time and tomorrow',
      {
        held: [{ orderId: 'o', title: 't', customer: 'c', cause: 'parts', from: at(9) }],
        requests: [{ id: 'r', kind: 'help', customer: 'c', words: '请远程看一下' }],
        pending: [{ documentId: 'd', visitId: 'v', titleZh: '验收单', titleEn: 'Acceptance', customer: 'c' }],
        time: { minutes: { ...noMinutes(), onsite: 500 }, overtimeMin: 45 },
        tomorrow: [{ id: 'n', title: 't', customer: 'c', start: at(33) }],
      },
      ['order.held', 'request.sent', 'document.pending', 'time.total', 'time.overtime', 'tomorrow.visit'],
    ],
  ]
  it.each(cases)('%s', (_, facts, expected) => expect(codes(facts)).toEqual(expected))

  it('in the order of the day, and each sentence names its fact', () => {
    const said = draftReport(day({ visits: [visit({ id: 'b', departedAt: at(13) }), visit({ id: 'a' })] }))
    expect(said.map((s) => s.subject)).toEqual([
      { kind: 'visit', id: 'a' },
      { kind: 'visit', id: 'b' },
    ])
  })
})

describe('D2: coming late has a cause', () => {
  const late = (v: Partial<ReportedVisit>, others: ReportedVisit[] = []) =>
    draftReport(day({ visits: [...others, visit({ id: 'late', promiseEnd: at(10), arrivedAt: at(11), ...v })] })).find(
      (s) => s.code === 'visit.late',
    )?.params
  it.each<[string, Partial<ReportedVisit>, ReportedVisit[], object | undefined]>([
    ['a quarter of an hour is on time', { arrivedAt: at(10.25) }, [], undefined],
    [
      'the visit before took longer than planned',
      { departedAt: at(10.5) },
      [
        visit({
          id: 'x',
          customer: '华山医院',
          planned: { start: at(8), end: at(9) },
          departedAt: at(7),
          arrivedAt: at(8),
          startedAt: at(8),
          endedAt: at(10.4),
        }),
      ],
      { minutes: 60, cause: 'previous', previous: '华山医院' },
    ],
    ['he set out late', { departedAt: at(10.4) }, [], { minutes: 60, cause: 'left_late' }],
    ['he set out in time: the road', { departedAt: at(9.5) }, [], { minutes: 60, cause: 'road' }],
    [
      'the plan itself came after the promise',
      { planned: { start: at(10.5), end: at(12) } },
      [],
      { minutes: 60, cause: 'planned' },
    ],
    ['nobody knows when he set out', { departedAt: null }, [], { minutes: 60, cause: 'unknown' }],
  ])('%s', (_, v, others, params) =>
    params ? expect(late(v, others)).toMatchObject(params) : expect(late(v, others)).toBeUndefined(),
  )
})

describe('D3: exceptions', () => {
  it('stand with the worst first', () =>
    expect(
      exceptionsOf(
        draftReport(
          day({
            visits: [
              visit({ id: 'a', result: 'partial', remaining: 'x' }),
              visit({ id: 'b', result: 'unable', grade: 'D' }),
            ],
          }),
        ),
      ),
    ).toEqual(['unable', 'doubted', 'partial']))
})

describe('D4: whether a report is due', () => {
  it('only when there was work', () => {
    expect(worked(day())).toBe(false)
    expect(
      worked(day({ visits: [visit({ id: 'a', departedAt: null, arrivedAt: null, startedAt: null, state: 'taken' })] })),
    ).toBe(false)
    expect(worked(day({ visits: [visit({ id: 'a' })] }))).toBe(true)
    expect(worked(day({ time: { minutes: { ...noMinutes(), documentation: 10 }, overtimeMin: null } }))).toBe(true)
  })
})

describe('D5: what changed after it was submitted', () => {
  const before = day({
    visits: [visit({ id: 'a' })],
    time: { minutes: { ...noMinutes(), onsite: 120, travel: 30 }, overtimeMin: 0 },
  })
  const changed = (f: Partial<DayFacts>) =>
    differences(draftReport(before), draftReport({ ...before, ...f })).map((d) => [
      d.key,
      d.was?.code ?? null,
      d.is?.code ?? null,
    ])
  it.each<[string, Partial<DayFacts>, unknown[]]>([
    ['nothing', {}, []],
    [
      'another result',
      { visits: [visit({ id: 'a', result: 'partial', remaining: 'x' })] },
      [['a:result', 'visit.done', 'visit.partial']],
    ],
    ['a photo that came late', { visits: [visit({ id: 'a', photos: 2 })] }, [['a:photos', null, 'visit.photos']]],
    ['a visit more', { visits: [visit({ id: 'a' }), visit({ id: 'b' })] }, [['b:result', null, 'visit.done']]],
    [
      'ten minutes more on the way are none',
      { time: { minutes: { ...noMinutes(), onsite: 120, travel: 40 }, overtimeMin: 0 } },
      [],
    ],
    [
      'an hour more is one',
      { time: { minutes: { ...noMinutes(), onsite: 180, travel: 30 }, overtimeMin: 0 } },
      [['time:total', 'time.total', 'time.total']],
    ],
    ['tomorrow may change as it likes', { tomorrow: [{ id: 'n', title: 't', customer: 'c', start: at(33) }] }, []],
  ])('%s', (_, f, expected) => expect(changed(f)).toEqual(expected))
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockFacts, orderFact, visitFact } from './facts'
import { foldOrder, foldVisit } from './fold'
import {
  type ClockFact,
  completionOnTimeRate,
  completionRate,
  firstTimeFix,
  goodRate,
  KPI_DEFINITIONS,
  meanResponsePerson,
  meanResponseTeam,
  type OrderFact,
  onTimeArrival,
  quantile,
  responseRate,
  type SurveyFact,
  slaCompliance,
  utilisation,
  type VisitFact,
  wilson,
} from './kpi'
import { at, created, event, planned } from './testing'

const DAY = 86_400_000
const MONTH = { from: 0, to: 30 * DAY, asOf: 60 * DAY }
const order = (id: string, more: Partial<OrderFact> = {}): OrderFact => ({
  id,
  createdAt: 1 * DAY,
  dueAt: 10 * DAY,
  completedAt: 9 * DAY,
  closedAt: 12 * DAY,
  cancelledAt: null,
  mark: null,
  cannotComplete: null,
  holds: [],
  firstContactAt: 1.5 * DAY,
  responseMin: 30,
  corrective: true,
  siteId: 's1',
  assetId: 'a1',
  cause: 'power',
  visits: 1,
  lastResult: 'done',
  ...more,
})
const visit = (id: string, more: Partial<VisitFact> = {}): VisitFact => ({
  id,
  engineerId: 'e1',
  state: 'finished',
  promise: { start: 4 * DAY, end: 5 * DAY },
  arrivedAt: 5 * DAY,
  offeredAt: 2 * DAY,
  takenAt: 2 * DAY + 600_000,
  takeupMin: 10,
  ...more,
})
const survey = (id: string, score: number | null, more: Partial<SurveyFact> = {}): SurveyFact => ({
  id,
  invitedAt: 3 * DAY,
  answeredAt: score === null ? null : 4 * DAY,
  score,
  ...more,
})

describe('K1 completion rate', () => {
  it.each<[string, Partial<OrderFact>, boolean | string | null, boolean | string | null]>([
    ['done before due', {}, true, true],
    ['done after due, within the period', { completedAt: 20 * DAY }, true, false],
    ['done after the period', { completedAt: 31 * DAY }, false, false],
    ['never done', { completedAt: null }, false, false],
    ['due in another month', { dueAt: 40 * DAY }, null, null],
    ['without a due time', { dueAt: null }, null, null],
    ['cancelled', { cancelledAt: 5 * DAY }, 'cancelled', 'cancelled'],
    ['duplicate', { mark: 'duplicate' }, 'duplicate', 'duplicate'],
    ['test', { mark: 'test' }, 'test', 'test'],
    [
      'impossible through the customer',
      { completedAt: null, cannotComplete: { at: 9 * DAY, responsibility: 'customer' } },
      'customer_cannot_complete',
      'customer_cannot_complete',
    ],
    [
      'impossible through us',
      { completedAt: null, cannotComplete: { at: 9 * DAY, responsibility: 'us' } },
      false,
      false,
    ],
    [
      'held for the customer at due time',
      { holds: [{ from: 8 * DAY, to: 11 * DAY, responsibility: 'customer' }] },
      'held_for_customer',
      'held_for_customer',
    ],
    ['held and resumed before', { holds: [{ from: 5 * DAY, to: 8 * DAY, responsibility: 'customer' }] }, true, true],
    [
      'held for our parts',
      { completedAt: null, holds: [{ from: 8 * DAY, to: null, responsibility: 'us' }] },
      false,
      false,
    ],
  ])('%s', (_, more, inPeriod, inTime) => {
    for (const [kpi, expected] of [
      [completionRate([order('o1', more)], MONTH), inPeriod],
      [completionOnTimeRate([order('o1', more)], MONTH), inTime],
    ] as const) {
      if (expected === null) expect(kpi).toMatchObject({ value: null, n: 0, rows: [], excluded: [] })
      else if (typeof expected === 'string') expect(kpi.excluded).toEqual([{ id: 'o1', reason: expected }])
      else expect(kpi.rows).toEqual([{ id: 'o1', hit: expected, value: null }])
    }
  })

  it('is provisional in mid-month and does not count what is not due yet', () => {
    const now = { ...MONTH, asOf: 8 * DAY }
    const kpi = completionRate(
      [order('o1', { dueAt: 5 * DAY, completedAt: 4 * DAY }), order('o2', { completedAt: 6 * DAY })],
      now,
    )
    expect(kpi).toMatchObject({ value: 1, n: 1, provisional: true, excluded: [{ id: 'o2', reason: 'not_due_yet' }] })
  })
})

describe('K2 mean response time', () => {
  it('of a team: first contact − created, with median and P90', () => {
    const kpi = meanResponseTeam(
      [
        ...[10, 20, 30, 100].map((m, i) => order(`o${i}`, { responseMin: m })),
        order('silent', { firstContactAt: null, responseMin: null }),
        order('test', { mark: 'test' }),
        order('other month', { createdAt: 31 * DAY }),
      ],
      MONTH,
    )
    expect(kpi).toMatchObject({ value: 40, median: 25, n: 4, interval: null })
    expect(kpi.p90).toBeCloseTo(79)
    expect(kpi.excluded).toEqual([
      { id: 'silent', reason: 'no_contact_yet' },
      { id: 'test', reason: 'test' },
    ])
  })

  it('of a person: taken − offered', () => {
    const kpi = meanResponsePerson(
      [visit('v1'), visit('v2', { takeupMin: 20 }), visit('v3', { takenAt: null, takeupMin: null })],
      MONTH,
    )
    expect(kpi).toMatchObject({ value: 15, n: 2, excluded: [{ id: 'v3', reason: 'not_taken' }] })
  })
})

describe('K3 good rate', () => {
  const surveys = [
    survey('a', 80),
    survey('b', 79.9),
    survey('c', 100),
    survey('d', null),
    survey('e', 100, { voided: true }),
  ]
  it('counts answered surveys only, and silence is listed, never good', () => {
    const kpi = goodRate(surveys, MONTH)
    expect(kpi).toMatchObject({
      n: 3,
      excluded: [
        { id: 'd', reason: 'not_answered' },
        { id: 'e', reason: 'voided' },
      ],
    })
    expect(kpi.value).toBeCloseTo(2 / 3)
    expect(responseRate(surveys, MONTH)).toMatchObject({ value: 0.8, n: 5 })
  })
  it('counts half for a crew’s member', () => {
    expect(goodRate([survey('a', 100), survey('b', 20, { weight: 0.5 })], MONTH).value).toBeCloseTo(2 / 3)
  })
})

describe('K4 on-time arrival', () => {
  it.each<[string, Partial<VisitFact>, boolean | string | null]>([
    ['at the promise', {}, true],
    ['15 minutes over', { arrivedAt: 5 * DAY + 15 * 60_000 }, true],
    ['16 minutes over', { arrivedAt: 5 * DAY + 16 * 60_000 }, false],
    ['nobody came', { state: 'missed', arrivedAt: null }, false],
    ['reassigned', { state: 'reassigned', arrivedAt: null }, 'reassigned'],
    ['cancelled', { state: 'cancelled', arrivedAt: null }, 'cancelled'],
    ['without a promise', { promise: null }, null],
    ['order marked as a test', { orderMark: 'test' }, 'test'],
  ])('%s', (_, more, expected) => {
    const kpi = onTimeArrival([visit('v1', more)], MONTH)
    if (expected === null) expect(kpi.n + kpi.excluded.length).toBe(0)
    else if (typeof expected === 'string') expect(kpi.excluded).toEqual([{ id: 'v1', reason: expected }])
    else expect(kpi.rows.map((r) => r.hit)).toEqual([expected])
  })
})

describe('K5 first-time fix', () => {
  it.each<[string, Partial<OrderFact>, OrderFact[], boolean | null]>([
    ['one visit, nothing after', {}, [], true],
    ['two visits', { visits: 2 }, [], false],
    ['partial', { lastResult: 'partial' }, [], false],
    ['the same cause again in 30 days', {}, [order('o2', { createdAt: 20 * DAY, closedAt: null })], false],
    ['the same cause again after 30 days', {}, [order('o2', { createdAt: 40 * DAY, closedAt: null })], true],
    ['another cause', {}, [order('o2', { createdAt: 20 * DAY, closedAt: null, cause: 'fan' })], true],
    ['a duplicate is no repeat', {}, [order('o2', { createdAt: 20 * DAY, closedAt: null, mark: 'duplicate' })], true],
    ['not corrective', { corrective: false }, [], null],
  ])('%s', (_, more, others, expected) => {
    const kpi = firstTimeFix([order('o1', more), ...others], MONTH)
    expect(kpi.rows.find((r) => r.id === 'o1')?.hit ?? null).toBe(expected)
    expect(kpi.provisional).toBe(false)
  })
  it('is provisional while the 30 days run', () => {
    expect(firstTimeFix([order('o1')], { ...MONTH, asOf: 30 * DAY }).provisional).toBe(true)
  })
})

describe('K6 SLA compliance', () => {
  const clock = (id: string, more: Partial<ClockFact> = {}): ClockFact => ({
    id,
    clock: 'response',
    state: 'met',
    dueAt: 5 * DAY,
    stopAt: 4 * DAY,
    ...more,
  })
  it.each<[string, Partial<ClockFact>, boolean | string]>([
    ['met', {}, true],
    ['breached', { state: 'breached', stopAt: 6 * DAY }, false],
    ['open and overdue', { state: 'breached', stopAt: null }, false],
    ['cancelled', { state: 'cancelled', stopAt: null }, 'clock_cancelled'],
    ['of a cancelled order', { orderCancelled: true }, 'cancelled'],
  ])('%s', (_, more, expected) => {
    const kpi = slaCompliance([clock('c1', more)], MONTH)
    if (typeof expected === 'string') expect(kpi.excluded).toEqual([{ id: 'c1', reason: expected }])
    else expect(kpi.rows.map((r) => r.hit)).toEqual([expected])
  })
})

describe('K7 shares of few', () => {
  it('hide the interval under n = 10', () => {
    expect(wilson(9, 9)).toBeNull()
    // Wilson 1927, 8 of 10: 0.490…0.943.
    expect(wilson(8, 10)!.low).toBeCloseTo(0.4902, 3)
    expect(wilson(8, 10)!.high).toBeCloseTo(0.9433, 3)
    expect(wilson(0, 20)!.low).toBe(0)
  })
  it('an interval holds its share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, p) => {
        const hits = Math.round(p * n)
        const { low, high } = wilson(hits, n)!
        expect(low).toBeLessThanOrEqual(hits / n + 1e-9)
        expect(high).toBeGreaterThanOrEqual(hits / n - 1e-9)
      }),
    )
  })
  it('a quantile of nothing is nothing', () => {
    expect(quantile([], 0.9)).toBeNull()
    expect(quantile([7], 0.9)).toBe(7)
  })
})

describe('K8 the definitions', () => {
  it('have one code each, and what stands beside exists', () => {
    const codes = KPI_DEFINITIONS.map((d) => d.code)
    expect(new Set(codes).size).toBe(codes.length)
    for (const d of KPI_DEFINITIONS) if (d.beside) expect(codes).toContain(d.beside)
  })
})

describe('K9 facts come from the folded story', () => {
  it('gives orders, visits and clocks their numbers', () => {
    const sla = { calendar: 'always', responseMin: 30, takeupMin: 15 } as const
    const o = foldOrder([
      created(0, { sla, promise: { start: at(100), end: at(200) } }),
      event('order.triaged', 1, {}),
      event('order.held', 5, { cause: 'customer', responsibility: 'customer' }),
      event('order.resumed', 15, {}),
      event('order.contacted', 20, { channel: 'call' }),
    ])!
    const v = foldVisit([
      planned(2),
      event('visit.offered', 20, { engineerId: 'eng1' }),
      event('visit.taken', 24, { engineerId: 'eng1' }),
      event('visit.checked_in', 120, { fix: null }),
      event('visit.started', 121, {}),
      event('visit.finished', 180, { result: 'done' }),
    ])!
    const options = { now: at(300) }
    expect(orderFact(o, [v], options, { corrective: true, cause: 'power' })).toMatchObject({
      responseMin: 10,
      dueAt: at(200),
      visits: 1,
      lastResult: 'done',
    })
    expect(visitFact(v, o, options)).toMatchObject({ takeupMin: 4, arrivedAt: at(120) })
    expect(clockFacts(o, [v], options).map((c) => [c.clock, c.state])).toEqual([
      ['response', 'met'],
      ['takeup', 'met'],
    ])
  })
})

describe('K10: utilisation', () => {
  const day = (id: string, more: Partial<Parameters<typeof utilisation>[0][number]> = {}) => ({
    id,
    personId: 'p',
    from: 2 * DAY,
    to: 3 * DAY,
    workMin: 240,
    travelMin: 60,
    availableMin: 480,
    ...more,
  })
  it('is work over calendar, summed over days; a free day counts only when there was work', () => {
    const kpi = utilisation(
      [
        day('a'),
        day('b', { workMin: 360 }),
        day('c', { workMin: 0, availableMin: 0 }),
        day('d', { workMin: 120, availableMin: 0 }),
      ],
      MONTH,
    )
    expect(kpi).toMatchObject({ value: 720 / 960, n: 3 })
  })
  it('is never shown without a calendar', () =>
    expect(utilisation([day('a', { availableMin: null })], MONTH)).toMatchObject({
      value: null,
      n: 0,
      excluded: [{ id: 'a', reason: 'no_calendar' }],
    }))
  it('leaves out a day that is not over', () =>
    expect(utilisation([day('a')], { from: 0, to: 30 * DAY, asOf: 2.5 * DAY })).toMatchObject({
      value: null,
      excluded: [{ id: 'a', reason: 'not_due_yet' }],
    }))
})

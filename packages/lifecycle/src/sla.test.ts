import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chinaCalendar, officeWeek } from '#calendar'
import type { OrderEvent, VisitEvent } from './events'
import { foldOrder, foldVisit } from './fold'
import {
  ALWAYS,
  activeMinutes,
  type ClockInput,
  type Minutes,
  minutesOf,
  orderClocks,
  pickTarget,
  readClock,
  type SlaPolicy,
} from './sla'
import { at, created, event, planned, T0 } from './testing'

const clock = (more: Partial<ClockInput> = {}, now = 30) =>
  readClock({ startAt: at(0), targetMin: 60, minutes: ALWAYS, now: at(now), ...more })

describe('one clock', () => {
  it.each<[string, Partial<ClockInput>, number, object]>([
    ['runs', {}, 30, { state: 'running', elapsedMin: 30, dueAt: at(60), ratio: 0.5, open: true }],
    [
      'is met at the last moment',
      { stopAt: at(60) },
      90,
      { state: 'met', elapsedMin: 60, open: false, breachedAt: null },
    ],
    ['is breached a second later', { stopAt: at(60) + 1000 }, 90, { state: 'breached', breachedAt: at(60) }],
    ['counts on after the breach', {}, 75, { state: 'breached', elapsedMin: 75, ratio: 1.25, open: true }],
    ['waits', { pauses: [{ from: at(20), to: null }] }, 50, { state: 'paused', elapsedMin: 20, dueAt: at(90) }],
    [
      'goes on later',
      { pauses: [{ from: at(20), to: at(50) }] },
      60,
      { state: 'running', elapsedMin: 30, dueAt: at(90) },
    ],
    [
      'two holds at once pause once',
      {
        pauses: [
          { from: at(10), to: at(40) },
          { from: at(20), to: at(30) },
        ],
      },
      60,
      { elapsedMin: 30, dueAt: at(90) },
    ],
    [
      'a pause before the start is none',
      { pauses: [{ from: at(-30), to: at(10) }] },
      60,
      { elapsedMin: 50, dueAt: at(70) },
    ],
    [
      'a pause after the breach does not heal it',
      { pauses: [{ from: at(70), to: null }] },
      90,
      { state: 'breached', dueAt: at(60), elapsedMin: 70 },
    ],
    [
      'is cancelled',
      { cancel: { at: at(40), forgive: false } },
      90,
      { state: 'cancelled', elapsedMin: 40, breachedAt: null },
    ],
    [
      'cancelled too late stays a breach',
      { cancel: { at: at(80), forgive: false } },
      90,
      { state: 'breached', breachedAt: at(60) },
    ],
    [
      'forgiven when the order is cancelled',
      { cancel: { at: at(80), forgive: true } },
      90,
      { state: 'cancelled', breachedAt: null },
    ],
    [
      'an end after the reading has not happened',
      { stopAt: at(50) },
      40,
      { state: 'running', stopAt: null, elapsedMin: 40 },
    ],
  ])('C1 %s', (_, input, now, expected) => {
    expect(clock(input, now)).toMatchObject(expected)
  })

  it('C2 warns at 50, 75 and 90 %, moved by pauses', () => {
    const warned = clock({ pauses: [{ from: at(40), to: at(50) }] }, 56).warnings
    expect(warned).toEqual([
      { percent: 50, at: at(30), reached: true },
      { percent: 75, at: at(55), reached: true },
      { percent: 90, at: at(64), reached: false },
    ])
  })

  it('C3 says when its calendar is provisional', () => {
    expect(clock({ minutes: { ...ALWAYS, provisional: () => true } }).provisional).toBe(true)
  })

  it('C4 elapsed to the due time is the target, for any pauses', () => {
    const pause = fc
      .tuple(fc.nat(300), fc.nat(100))
      .map(([from, length]) => ({ from: at(from), to: at(from + length) }))
    fc.assert(
      fc.property(fc.array(pause, { maxLength: 6 }), fc.integer({ min: 1, max: 200 }), (pauses, targetMin) => {
        const late = clock({ pauses, targetMin }, 2000)
        expect(late.state).toBe('breached')
        expect(activeMinutes(at(0), late.dueAt, pauses, ALWAYS)).toBeCloseTo(targetMin, 6)
        expect(clock({ pauses, targetMin, stopAt: late.dueAt }, 2000).state).toBe('met')
        // A pause that begins with the due time holds the clock at exactly its target.
        const held = pauses.some((p) => p.from <= late.dueAt && p.to > late.dueAt)
        expect(clock({ pauses, targetMin, stopAt: late.dueAt + 1 }, 2000).state).toBe(held ? 'met' : 'breached')
      }),
    )
  })
})

const SLA = { calendar: 'always', responseMin: 30, takeupMin: 15, arrivalMin: 240, resolveMin: 480 } as const
const orderOf = (...events: OrderEvent[]) =>
  foldOrder([created(0, { sla: SLA }), event('order.triaged', 1, {}), ...events])!
const visitOf = (...events: VisitEvent[]) => foldVisit([planned(2), ...events])!
const offered = event('visit.offered', 10, { engineerId: 'eng1' })
const took = event('visit.taken', 20, { engineerId: 'eng1' })
const read = (
  order: ReturnType<typeof orderOf>,
  visits: ReturnType<typeof visitOf>[],
  now: number,
  siteHours?: Minutes,
) => Object.fromEntries(orderClocks(order, visits, { now: at(now), siteHours }).map((c) => [c.clock, c]))

describe('the clocks of an order', () => {
  it('C5 start and stop where the definitions say', () => {
    const visit = visitOf(offered, took, event('visit.checked_in', 200, { fix: null }))
    const order = orderOf(
      event('order.contacted', 25, { channel: 'call' }),
      event('order.progressed', 400, { to: 'awaiting_acceptance' }),
    )
    const clocks = read(order, [visit], 1000)
    expect(clocks.response).toMatchObject({ state: 'met', elapsedMin: 25 })
    expect(clocks.takeup).toMatchObject({ state: 'met', elapsedMin: 10, visitId: visit.id })
    expect(clocks.arrival).toMatchObject({ state: 'met', elapsedMin: 200 })
    expect(clocks.resolve).toMatchObject({ state: 'met', elapsedMin: 400 })
  })

  it('C5 arrival is contact too', () => {
    const visit = visitOf(offered, took, event('visit.checked_in', 28, { fix: null }))
    expect(read(orderOf(), [visit], 100).response).toMatchObject({ state: 'met', elapsedMin: 28 })
  })

  it('C5 a draft has no clocks, nor has a clock without a target', () => {
    expect(orderClocks(foldOrder([created(0, { as: 'draft', sla: SLA })])!, [], { now: at(9) })).toEqual([])
    const few = foldOrder([created(0, { sla: { calendar: 'always', resolveMin: 60 } })])!
    expect(orderClocks(few, [], { now: at(9) }).map((c) => c.clock)).toEqual(['resolve'])
  })

  it('C6 a decline answers the offer: cancelled in time, breached when late', () => {
    const declined = (minute: number) => visitOf(offered, event('visit.declined', minute, {}))
    expect(read(orderOf(), [declined(20)], 100).takeup).toMatchObject({ state: 'cancelled' })
    expect(read(orderOf(), [declined(40)], 100).takeup).toMatchObject({ state: 'breached' })
  })

  it('C6 nobody has to arrive for what was solved from afar', () => {
    const remote = foldVisit([planned(2, { mode: 'remote' }), offered, took, event('visit.started', 30, {})])!
    expect(read(orderOf(), [remote], 999).arrival).toMatchObject({ state: 'cancelled' })
  })

  it('C7 holds pause by their cause, and the company may say otherwise', () => {
    const hold = (cause: 'customer' | 'parts') =>
      orderOf(event('order.held', 100, { cause, responsibility: 'customer' }), event('order.resumed', 200, {}))
    expect(read(hold('customer'), [], 300).resolve).toMatchObject({ elapsedMin: 200, dueAt: at(580) })
    expect(read(hold('parts'), [], 300).resolve).toMatchObject({ elapsedMin: 300, dueAt: at(480) })
    const own = orderClocks(hold('parts'), [], { now: at(300), holdPauses: { parts: true } })
    expect(own.find((c) => c.clock === 'resolve')).toMatchObject({ elapsedMin: 200 })
  })

  it('C8 after a rejection the resolve clock goes on where it was handed over', () => {
    const rejected = orderOf(
      event('order.progressed', 100, { to: 'awaiting_acceptance' }),
      event('order.rejected', 300, {}),
    )
    expect(read(rejected, [], 350).resolve).toMatchObject({ state: 'running', elapsedMin: 150 })
  })

  it('C9 a cancelled or test order breaches nothing; impossible through us does', () => {
    const cancelled = orderOf(event('order.cancelled', 900, { responsibility: 'customer' }))
    expect(read(cancelled, [], 1000).resolve?.state).toBe('cancelled')
    expect(read(orderOf(event('order.marked', 900, { as: 'test' })), [], 1000).resolve?.state).toBe('cancelled')
    const ours = orderOf(event('order.cannot_complete', 900, { responsibility: 'us' }))
    expect(read(ours, [], 1000).resolve?.state).toBe('breached')
    const theirs = orderOf(event('order.cannot_complete', 900, { responsibility: 'customer' }))
    expect(read(theirs, [], 1000).resolve?.state).toBe('cancelled')
  })

  it('C10 a late event corrects the clock by itself', () => {
    const contact = event('order.contacted', 20, { channel: 'call' }, { offline: true, recordedAt: at(90) })
    expect(read(orderOf(), [], 60).response).toMatchObject({ state: 'breached' })
    expect(read(orderOf(contact), [], 90).response).toMatchObject({ state: 'met', elapsedMin: 20 })
  })

  it('C11 counts the site’s hours when the snapshot says so', () => {
    // Half of every hour is open.
    const half: Minutes = {
      between: (from, to) => (to - from) / 120_000,
      after: (from, minutes) => from + minutes * 120_000,
      provisional: (_, to) => to > T0 + 900 * 60_000,
    }
    const order = foldOrder([created(0, { sla: { ...SLA, calendar: 'site_hours' } })])!
    expect(read(order, [], 100, half).resolve).toMatchObject({ elapsedMin: 50, dueAt: at(960), provisional: true })
  })
})

describe('C11 a working calendar', () => {
  it('lets no minute pass at night and at the weekend, and says what is not published', () => {
    const calendar = chinaCalendar({ week: officeWeek, version: 1 })
    const minutes = minutesOf(calendar)
    const friday = Date.UTC(2026, 10, 27, 9, 0) // 17:00 in Shanghai
    const reading = readClock({ startAt: friday, targetMin: 120, minutes, now: friday + 24 * 3_600_000 })
    expect(reading).toMatchObject({ elapsedMin: 60, state: 'running', provisional: false })
    expect(reading.dueAt).toBe(Date.UTC(2026, 10, 30, 2, 0))
    expect(minutes.provisional(friday, Date.UTC(2029, 0, 5))).toBe(true)
  })
})

describe('C12 the most specific target', () => {
  const policy = (id: string, contractId: string | null, priority: string | null, type: string | null): SlaPolicy => ({
    id,
    contractId,
    priority,
    type,
    targets: { calendar: 'always', responseMin: 1 },
  })
  const all = [
    policy('any', null, null, null),
    policy('repair', null, null, 'repair'),
    policy('urgent', null, 'urgent', null),
    policy('urgent-repair', null, 'urgent', 'repair'),
    policy('gold', 'k1', null, null),
    policy('gold-urgent', 'k1', 'urgent', null),
  ]
  it.each([
    ['k1', 'urgent', 'repair', 'gold-urgent'],
    ['k1', 'normal', 'repair', 'gold'],
    [null, 'urgent', 'repair', 'urgent-repair'],
    [null, 'urgent', 'install', 'urgent'],
    ['k2', 'normal', 'repair', 'repair'],
    [null, 'normal', 'install', 'any'],
  ])('%s %s %s → %s', (contractId, priority, type, id) => {
    expect(pickTarget(all, { contractId, priority, type })?.policyId).toBe(id)
    expect(pickTarget([...all].reverse(), { contractId, priority, type })?.policyId).toBe(id)
  })
  it('two equally specific ones give the same answer every time', () => {
    const twins = [policy('p1', null, 'urgent', null), policy('p2', null, 'urgent', null)]
    const order = { contractId: null, priority: 'urgent', type: 'repair' }
    expect(pickTarget(twins, order)?.policyId).toBe('p2')
    expect(pickTarget([...twins].reverse(), order)?.policyId).toBe('p2')
  })
  it('no policy, no target', () => {
    expect(pickTarget([policy('gold', 'k1', null, null)], { contractId: null, priority: 'x', type: 'y' })).toBeNull()
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FollowUpEvent, LifecycleEvent, OrderEvent, VisitEvent } from './events'
import { applyEvent, foldFollowUp, foldOrder, foldVisit } from './fold'
import { ORDER_DERIVED, ORDER_STATES, VISIT_STATES, verbOf, verbsFrom } from './table'
import { at, created, event, planned } from './testing'

const taken = (minute: number) => [
  planned(0),
  event('visit.offered', 1, { engineerId: 'eng1' }),
  event('visit.opened', 2, {}),
  event('visit.taken', minute, { engineerId: 'eng1' }),
]

describe('an order', () => {
  it('goes from the customer’s call to the review', () => {
    const order = foldOrder([
      created(0, { promise: { start: at(100), end: at(200) } }),
      event('order.triaged', 5, {}),
      event('order.contacted', 8, { channel: 'call' }),
      event('order.contacted', 9, { channel: 'message' }),
      event('order.progressed', 10, { to: 'assigned', leadEngineerId: 'eng1', engineerIds: ['eng1'] }),
      event('order.progressed', 60, { to: 'in_progress', at: at(55) }),
      event('order.progressed', 160, { to: 'awaiting_acceptance' }),
      event('order.accepted', 170, { contactId: 'p1' }),
      event('order.closed', 500, {}),
    ])!
    expect(order).toMatchObject({
      state: 'closed',
      createdAt: at(0),
      triagedAt: at(5),
      firstContactAt: at(8),
      firstContactBy: 'call',
      assignedAt: at(10),
      startedAt: at(55),
      awaitingAt: at(160),
      completedAt: at(170),
      closedAt: at(500),
      leadEngineerId: 'eng1',
      acceptance: { how: 'accepted', at: at(170) },
      conflicts: [],
      events: 9,
    })
  })

  it('F5 keeps what the visits came to under a hold, and resumes there', () => {
    const held = [
      created(),
      event('order.triaged', 1, {}),
      event('order.progressed', 2, { to: 'assigned' }),
      event('order.held', 3, { cause: 'customer', responsibility: 'customer' }, { reason: '机房未交付' }),
      event('order.progressed', 4, { to: 'unassigned' }),
    ]
    expect(foldOrder(held)).toMatchObject({
      state: 'on_hold',
      underlying: 'unassigned',
      hold: { pausesSla: true, responsibility: 'customer', reason: '机房未交付' },
    })
    const resumed = foldOrder([...held, event('order.resumed', 10, {})])!
    expect(resumed).toMatchObject({ state: 'unassigned', hold: null, conflicts: [] })
    expect(resumed.holds).toEqual([expect.objectContaining({ from: at(3), to: at(10) })])
  })

  it('F5 waits for parts on our own clock', () => {
    const order = foldOrder([
      created(),
      event('order.triaged', 1, {}),
      event('order.held', 3, { cause: 'parts', responsibility: 'us' }),
      event('order.cancelled', 9, { responsibility: 'customer' }, { reason: '客户另购' }),
    ])!
    expect(order.holds).toEqual([expect.objectContaining({ pausesSla: false, to: at(9) })])
    expect(order).toMatchObject({ state: 'cancelled', endResponsibility: 'customer', endReason: '客户另购' })
  })

  it('F6 moves the promise for the customer only', () => {
    const promise = { start: at(100), end: at(200) }
    const later = { start: at(300), end: at(400) }
    const base = [created(0, { promise })]
    expect(foldOrder([...base, event('order.edited', 1, { promise: later, promiseBy: 'customer' })])!.promise).toEqual({
      current: later,
      original: promise,
    })
    const ours = foldOrder([...base, event('order.edited', 1, { promise: later })])!
    expect(ours.promise.current).toEqual(promise)
    expect(ours.conflicts).toMatchObject([{ why: 'promise_is_the_customers' }])
  })

  it('goes back to dispatch when the customer rejects, and waits again', () => {
    const story = [
      created(),
      event('order.triaged', 1, {}),
      event('order.progressed', 2, { to: 'awaiting_acceptance' }),
      event('order.waive_requested', 3, { cause: 'customer_absent', photoIds: ['p'] }),
      event('order.waive_refused', 4, {}),
      event('order.rejected', 5, {}, { reason: '第二台未上线' }),
    ]
    expect(foldOrder(story)).toMatchObject({
      state: 'unassigned',
      rejections: [{ from: at(2), to: at(5) }],
      awaitingAt: null,
      remaining: '第二台未上线',
      waiveRequestedAt: null,
    })
  })

  it('F3 keeps an impossible event as a conflict and goes on', () => {
    const wrong = event('order.accepted', 2, {})
    const order = foldOrder([created(), wrong, event('order.triaged', 3, {})])!
    expect(order.state).toBe('unassigned')
    expect(order.conflicts).toEqual([
      { eventId: wrong.id, type: 'order.accepted', why: 'not_from_state', state: 'new' },
    ])
  })

  it('F3 keeps an event of a type that this version does not know', () => {
    const strange = { ...event('order.triaged', 3, {}), type: 'order.teleported' } as unknown as OrderEvent
    expect(foldOrder([created(), strange])!.conflicts).toMatchObject([{ why: 'unknown_type' }])
  })

  it('F2 is nothing before its creation, and its creation comes first whatever the clock says', () => {
    expect(foldOrder([event('order.triaged', 1, {})])).toBeNull()
    expect(foldOrder([event('order.triaged', 1, {}), created(5)])).toMatchObject({ state: 'unassigned', conflicts: [] })
    expect(foldOrder([created(1), created(2)])!.conflicts).toMatchObject([{ why: 'already_exists' }])
  })
})

describe('a visit', () => {
  it('is offered, opened, taken, travelled to, worked with a break, and finished', () => {
    const visit = foldVisit([
      ...taken(3),
      event('visit.departed', 90, {}),
      event('visit.checked_in', 118, { fix: null }, { id: 'ci1' }),
      event('visit.checkin_graded', 118, { checkInId: 'ci1', grade: 'C', reasons: [] }, { id: 'ci1b' }),
      event('visit.checkin_appealed', 119, { checkInId: 'ci1' }),
      event('visit.started', 120, {}),
      event('visit.paused', 150, { cause: '等待客户开门' }),
      event('visit.resumed', 165, {}),
      event('visit.finished', 200, { result: 'partial', remaining: '第二机柜未上电' }),
      event('visit.checkin_reviewed', 300, { checkInId: 'ci1', grade: 'A', verdict: 'corrected' }),
    ])!
    expect(visit).toMatchObject({
      state: 'finished',
      offeredAt: at(1),
      openedAt: at(2),
      takenAt: at(3),
      departedAt: at(90),
      arrivedAt: at(118),
      startedAt: at(120),
      finishedAt: at(200),
      endedAt: at(200),
      result: 'partial',
      remaining: '第二机柜未上电',
      pauses: [{ from: at(150), to: at(165), reason: '等待客户开门' }],
      checkIns: [{ id: 'ci1', grade: 'A', gradedAs: 'C', appealedAt: at(119), reviewedAt: at(300) }],
      conflicts: [],
    })
  })

  it('M1 remote goes from taken to working, and is confirmed by the customer', () => {
    const remote = [planned(0, { mode: 'remote' }), event('visit.offered', 1, { engineerId: 'eng1' })]
    const visit = foldVisit([
      ...remote,
      event('visit.taken', 2, { engineerId: 'eng1' }),
      event('visit.started', 3, {}),
      event('visit.finished', 50, { result: 'done' }),
      event('visit.customer_confirmed', 60, { by: 'link' }),
    ])!
    expect(visit).toMatchObject({ state: 'finished', customerConfirmedAt: at(60), conflicts: [] })
    const arrived = foldVisit([
      ...remote,
      event('visit.taken', 2, { engineerId: 'eng1' }),
      event('visit.checked_in', 3, { fix: null }),
    ])!
    expect(arrived.conflicts).toMatchObject([{ why: 'not_in_mode' }])
  })

  it('M2 resident checks in once a day without leaving the work', () => {
    const visit = foldVisit([
      planned(0, { mode: 'resident' }),
      event('visit.offered', 1, { engineerId: 'eng1' }),
      event('visit.taken', 2, { engineerId: 'eng1' }),
      event('visit.checked_in', 10, { fix: null, day: '2026-11-23' }),
      event('visit.started', 11, {}),
      event('visit.checked_in', 1450, { fix: null, day: '2026-11-24' }),
    ])!
    expect(visit).toMatchObject({ state: 'working', arrivedAt: at(10), conflicts: [] })
    expect(visit.checkIns.map((c) => c.day)).toEqual(['2026-11-23', '2026-11-24'])
  })

  it('an open offer goes to the first taker', () => {
    const open = [planned(0, { engineerId: null }), event('visit.offered', 1, { engineerId: null })]
    const visit = foldVisit([
      ...open,
      event('visit.taken', 3, { engineerId: 'eng2' }),
      event('visit.taken', 2, { engineerId: 'eng1' }),
    ])!
    expect(visit.engineerId).toBe('eng1')
    expect(visit.conflicts).toMatchObject([{ why: 'not_from_state', state: 'taken' }])
  })

  it('a phone that has not heard of the recall cannot take what is a colleague’s now', () => {
    const visit = foldVisit([
      planned(),
      event('visit.offered', 1, { engineerId: 'eng1' }),
      event('visit.recalled', 5, {}),
      event('visit.offered', 6, { engineerId: 'eng2' }),
      event('visit.taken', 7, { engineerId: 'eng1' }, { offline: true }),
    ])!
    expect(visit).toMatchObject({ state: 'offered', engineerId: 'eng2' })
    expect(visit.conflicts).toMatchObject([{ why: 'other_engineer' }])
  })

  it('F4 a late check-in from before the no-show folds in where it belongs', () => {
    const story: VisitEvent[] = [...taken(3), event('visit.missed', 200, {})]
    expect(foldVisit(story)).toMatchObject({ state: 'missed', endedAt: at(200) })
    const late = event('visit.checked_in', 119, { fix: null }, { offline: true, recordedAt: at(260), flags: ['late'] })
    expect(applyEvent(foldVisit(story)!, late)).toBeNull()
    const visit = foldVisit([...story, late])!
    expect(visit).toMatchObject({ state: 'on_site', arrivedAt: at(119), flags: ['late'] })
    expect(visit.conflicts).toMatchObject([{ type: 'visit.missed', why: 'not_from_state', state: 'on_site' }])
  })

  it.each([
    ['customer', at(300), at(360)],
    ['us', at(120), at(180)],
    ['engineer', at(120), at(180)],
  ] as const)('F6 rescheduled by %s', (askedBy, start, end) => {
    const visit = foldVisit([
      planned(0, { promise: { start: at(120), end: at(180) } }),
      event('visit.rescheduled', 5, { start: at(300), end: at(420), askedBy }),
    ])!
    expect(visit.planned).toEqual({ start: at(300), end: at(420) })
    expect(visit.promise).toEqual({ current: { start, end }, original: { start: at(120), end: at(180) } })
    expect(visit.reschedules[askedBy]).toBe(1)
  })

  it.each([
    ['inside the window makes it exact', at(130), undefined, at(130)],
    ['outside by our wish leaves it', at(400), 'us', at(120)],
    ['outside by the customer’s wish moves it', at(400), 'customer', at(400)],
  ] as const)('F6 an appointment %s', (_, start, askedBy, promised) => {
    const visit = foldVisit([
      planned(0, { promise: { start: at(120), end: at(180) } }),
      event('visit.appointed', 5, { start, askedBy }),
    ])!
    expect(visit.promise.current?.start).toBe(promised)
    expect(visit.appointment?.start).toBe(start)
  })

  it('a dispatcher who calls the engineer back on the road moves the time, not the promise', () => {
    const visit = foldVisit([
      ...taken(3),
      event('visit.departed', 90, {}),
      event('visit.rescheduled', 95, { start: at(300), end: at(400), askedBy: 'us' }),
    ])!
    expect(visit).toMatchObject({ state: 'taken', departedAt: null })
  })

  it('an abort closes the open break', () => {
    const visit = foldVisit([
      ...taken(3),
      event('visit.checked_in', 118, { fix: null }),
      event('visit.started', 120, {}),
      event('visit.paused', 150, {}),
      event('visit.aborted', 155, { remaining: '全部' }, { reason: '现场停电' }),
    ])!
    expect(visit).toMatchObject({ state: 'aborted', endReason: '现场停电', remaining: '全部' })
    expect(visit.pauses).toMatchObject([{ from: at(150), to: at(155) }])
  })
})

describe('a follow-up', () => {
  const plan = { cause: 'training', action: '补培训', ownerId: 'u2', dueAt: at(900) }
  const story = [
    event('followup.opened', 0, { ownerId: 'u1', score: 55 }),
    event('followup.contacted', 10, { outcome: 'unreachable', channel: 'call' }),
    event('followup.contacted', 20, { outcome: 'reached', channel: 'call' }),
    event('followup.planned', 30, plan),
    event('followup.done', 40, {}),
  ]

  it('counts the first contact when the customer was reached', () => {
    expect(foldFollowUp(story)).toMatchObject({ state: 'done', contacts: 2, contactedAt: at(20), conflicts: [] })
  })

  it('L5 cannot close without its check, whoever says so', () => {
    const closed = foldFollowUp([...story, event('followup.closed', 50, {})])!
    expect(closed).toMatchObject({ state: 'done', closedAt: null })
    expect(closed.conflicts).toMatchObject([{ why: 'not_from_state' }])
  })

  it('plans again when the check found no effect, and that plan needs its own check', () => {
    const checked = [...story, event('followup.checked', 50, { method: 'call', effective: false })]
    const again = foldFollowUp([...checked, event('followup.planned', 60, plan)])!
    expect(again).toMatchObject({ state: 'planned', plans: 2, check: null, doneAt: null, plannedAt: at(30) })
  })
})

// ── properties ───────────────────────────────────────────────────────────────────────────────────────────────────

const window = fc.record({ start: fc.integer({ min: 0, max: 500 }), end: fc.integer({ min: 0, max: 500 }) })
const engineer = fc.constantFrom('eng1', 'eng2')
const grade = fc.constantFrom('A', 'B', 'C', 'D')
const checkInId = fc.constantFrom('v1', 'v2', 'v3')
const PAYLOADS: Record<string, fc.Arbitrary<object>> = {
  'order.created': fc.record({ as: fc.constantFrom('draft', 'new'), facts: fc.record({ title: fc.string() }) }),
  'order.edited': fc.record({ promise: window, promiseBy: fc.constantFrom('customer', 'correction', undefined) }),
  'order.contacted': fc.record({ channel: fc.constantFrom('call', 'message') }),
  'order.progressed': fc.record({ to: fc.constantFrom(...ORDER_DERIVED), remaining: fc.option(fc.string()) }),
  'order.held': fc.record({ cause: fc.constantFrom('customer', 'parts'), responsibility: fc.constant('us') }),
  'order.reopened': fc.record({ orderId: fc.string() }),
  'order.marked': fc.record({ as: fc.constantFrom('duplicate', 'test', null) }),
  'visit.planned': fc.record({
    orderId: fc.constant('o1'),
    engineerId: fc.option(engineer),
    role: fc.constant('lead'),
    required: fc.boolean(),
    mode: fc.constantFrom('onsite', 'remote', 'resident'),
    start: fc.integer({ min: 0, max: 500 }),
    end: fc.integer({ min: 0, max: 500 }),
    promise: fc.option(window),
  }),
  'visit.offered': fc.record({ engineerId: fc.option(engineer) }),
  'visit.taken': fc.record({ engineerId: engineer }),
  'visit.declined': fc.record({ engineerId: fc.option(engineer) }),
  'visit.reassigned': fc.record({ toEngineerId: engineer, successorId: fc.string() }),
  'visit.appointed': fc.record({ start: fc.integer({ min: 0, max: 500 }), askedBy: fc.constantFrom('customer', 'us') }),
  'visit.rescheduled': fc.record({
    start: fc.integer({ min: 0, max: 500 }),
    end: fc.integer({ min: 0, max: 500 }),
    askedBy: fc.constantFrom('customer', 'us', 'engineer'),
  }),
  'visit.finished': fc.record({ result: fc.constantFrom('done', 'partial', 'unable') }),
  'visit.evidence_added': fc.record({ evidenceId: fc.string(), kind: fc.string(), sha256: fc.string() }),
  'visit.checkin_graded': fc.record({ checkInId, grade, reasons: fc.constant([]) }),
  'visit.checkin_reviewed': fc.record({ checkInId, grade, verdict: fc.constant('confirmed') }),
  'visit.checkin_appealed': fc.record({ checkInId }),
  'followup.opened': fc.record({ ownerId: fc.string() }),
  'followup.contacted': fc.record({ outcome: fc.constantFrom('reached', 'unreachable') }),
  'followup.planned': fc.record({ cause: fc.string(), ownerId: fc.string() }),
  'followup.checked': fc.record({ effective: fc.boolean() }),
  'followup.reassigned': fc.record({ ownerId: fc.string() }),
}

/** Any events of an aggregate: mostly a walk that the table allows, with impossible and simultaneous ones in between. */
function anyStory(aggregate: 'order' | 'visit' | 'followup'): fc.Arbitrary<LifecycleEvent[]> {
  const types = Object.keys(PAYLOADS).filter((type) => type.startsWith(aggregate))
  const states = { order: ORDER_STATES, visit: VISIT_STATES, followup: ['open', 'contacted', 'checked'] as const }
  const possible = new Set(states[aggregate].flatMap((state) => verbsFrom(aggregate, state as never) as string[]))
  const bare = [
    'triaged',
    'resumed',
    'accepted',
    'opened',
    'departed',
    'checked_in',
    'started',
    'paused',
    'missed',
    'done',
  ]
  const all = [...types, ...bare.map((word) => `${aggregate}.${word}`)].filter((type) => {
    const known = verbOf(type)
    return (
      !known || known.verb === 'create' || known.verb === 'plan' || known.verb === 'open' || possible.has(known.verb)
    )
  })
  const one = fc
    .constantFrom(...all)
    .chain((type) => fc.tuple(fc.constant(type), PAYLOADS[type] ?? fc.constant({}), fc.nat(12), fc.option(fc.nat(3))))
  return fc.array(one, { maxLength: 25 }).map((list) =>
    list.map(
      ([type, payload, minute, deviceSeq], i) =>
        ({
          ...event('order.submitted', minute, {}),
          id: `v${i}`,
          aggregate,
          type,
          payload: { responsibility: 'us', ...payload },
          deviceSeq,
          flags: i % 3 === 0 ? [`f${i % 2}`] : [],
        }) as unknown as LifecycleEvent,
    ),
  )
}

const FOLDS = { order: foldOrder, visit: foldVisit, followup: foldFollowUp }

describe.each(['order', 'visit', 'followup'] as const)('any story of an %s', (aggregate) => {
  const fold = FOLDS[aggregate]
  const storyAndShuffle = anyStory(aggregate).chain((story) =>
    fc.tuple(fc.constant(story), fc.shuffledSubarray(story, { minLength: story.length, maxLength: story.length })),
  )

  it('F1 folds to the same state in whatever order it arrives, twice or once', () => {
    fc.assert(
      fc.property(storyAndShuffle, ([story, shuffled]) => {
        expect(fold(shuffled)).toEqual(fold(story))
        expect(fold([...shuffled, ...story])).toEqual(fold(story))
      }),
      { numRuns: 400 },
    )
  })

  it('F4 applied one by one, with a re-fold when late, is the full fold', () => {
    fc.assert(
      fc.property(storyAndShuffle, ([, arrivals]) => {
        let state: ReturnType<typeof fold> = null
        arrivals.forEach((next, i) => {
          const known = arrivals.slice(0, i + 1)
          const applied = state && applyEvent(state as never, next as OrderEvent & VisitEvent & FollowUpEvent)
          state = (applied as typeof state) ?? fold(known)
          expect(state).toEqual(fold(known))
        })
      }),
      { numRuns: 300 },
    )
  })

  it('F3 loses nothing: every event is folded or listed as a conflict', () => {
    fc.assert(
      fc.property(anyStory(aggregate), (story) => {
        const state = fold(story)
        if (state) expect(state.events).toBe(story.length)
        for (const conflict of state?.conflicts ?? []) expect(story.some((e) => e.id === conflict.eventId)).toBe(true)
      }),
    )
  })
})

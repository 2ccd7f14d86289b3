import { beforeAll, describe, expect, test, vi } from 'vitest'
import {
  applyEvent,
  foldFollowUp,
  foldOrder,
  foldVisit,
  type LifecycleEvent,
  type OrderState,
  progressDue,
  VISIT_OCCUPYING,
  type VisitState,
} from '#lifecycle'
import { isAway, type Story, type StoryOrder, scoreOf, tellStory } from './index'
import { at, clock, dateOf, isMakeUpDay, isWorkday, MINUTE, weekday } from './time'

const NOW = at('2026-11-23', clock(10, 20))
let story: Story
let tookMs = 0

beforeAll(() => {
  const before = process.cpuUsage()
  story = tellStory('demo', NOW)
  const { user, system } = process.cpuUsage(before)
  tookMs = (user + system) / 1000
}, 60_000)

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length

/** The story as the database would have it at its now: history folded, then today's steps one after another. */
function play(told: Story) {
  const orders = new Map<string, OrderState>()
  const visits = new Map<string, VisitState>()
  const visitsOf = new Map<string, string[]>()
  const conflicts: string[] = []
  const keep = (visit: VisitState) => {
    if (!visits.has(visit.id)) visitsOf.set(visit.orderId, [...(visitsOf.get(visit.orderId) ?? []), visit.id])
    visits.set(visit.id, visit)
  }
  for (const order of told.history.orders) {
    orders.set(order.id, foldOrder(order.events.filter((e) => e.aggregate === 'order'))!)
    for (const id of order.visitIds) keep(foldVisit(order.events.filter((e) => e.aggregateId === id))!)
  }
  let made = 0
  const event = (type: string, aggregateId: string, occurredAt: number, payload: unknown): LifecycleEvent =>
    ({
      id: `f${String(made++).padStart(8, '0')}`,
      aggregate: type.split('.')[0],
      aggregateId,
      type,
      payload,
      occurredAt,
      deviceSeq: null,
      flags: [],
      reason: null,
    }) as unknown as LifecycleEvent
  for (const step of told.today.done) {
    if (step.kind !== 'event' || step.beat.type.startsWith('followup.')) continue
    const { type, aggregateId, payload } = step.beat
    const e = event(
      type,
      aggregateId,
      step.at,
      type.startsWith('visit.checkin_') ? { ...payload, checkInId: checkInOf(visits.get(aggregateId)!) } : payload,
    )
    if (e.aggregate === 'order') {
      const before = orders.get(aggregateId)
      orders.set(aggregateId, before ? (applyEvent(before, e as never) as OrderState) : foldOrder([e])!)
    } else {
      const before = visits.get(aggregateId)
      const after = before ? (applyEvent(before, e as never) as unknown as VisitState) : foldVisit([e])!
      keep(after)
      const order = orders.get(after.orderId)!
      const due = progressDue(
        order,
        visitsOf.get(after.orderId)!.map((id) => visits.get(id)!),
      )
      if (due)
        orders.set(
          order.id,
          applyEvent(order, event('order.progressed', order.id, step.at, due) as never) as OrderState,
        )
    }
  }
  for (const state of [...orders.values(), ...visits.values()])
    for (const c of state.conflicts) conflicts.push(`${c.type} in ${c.state}: ${c.why}`)
  return { orders, visits, conflicts }
}

const checkInOf = (visit: VisitState) => visit.checkIns.at(-1)!.id

// Told and folded whole many times over: a busy machine needs more than the five seconds of a usual test.
vi.setConfig({ testTimeout: 60_000 })

describe('six months of work', () => {
  test('the whole story is told in under five seconds of processor time', () => {
    expect(tookMs).toBeLessThan(5000)
  })

  test('the same seed and now give the same history, to the last event', () => {
    const again = tellStory('demo', NOW)
    expect(JSON.stringify(again.history.orders)).toBe(JSON.stringify(story.history.orders))
    expect(JSON.stringify(again.history.steps)).toBe(JSON.stringify(story.history.steps))
  })

  test('the pilot has 2,500 to 4,000 orders, the teams that went live later far fewer, the others none', () => {
    const of = (region: string) => story.history.orders.filter((o) => o.regionKey === region).length
    expect(of('east')).toBeGreaterThan(2500)
    expect(of('east')).toBeLessThan(4000)
    for (const region of ['north', 'south']) {
      expect(of(region)).toBeGreaterThan(30)
      expect(of(region)).toBeLessThan(400)
    }
    const live = new Set(story.company.teams.filter((t) => t.liveSince).map((t) => t.id))
    for (const order of story.history.orders) expect(live.has(order.teamId)).toBe(true)
  })

  test('every event list folds without a conflict, and no two things of one aggregate share an instant', () => {
    const ids = new Set<string>()
    for (const order of story.history.orders) {
      const lists = [order.id, ...order.visitIds].map((id) => order.events.filter((e) => e.aggregateId === id))
      if (order.followUp) lists.push(order.followUp.events as never)
      for (const events of lists) {
        const aggregate = events[0]!.aggregate as string
        const fold = (
          aggregate === 'order' ? foldOrder : aggregate === 'visit' ? foldVisit : foldFollowUp
        ) as typeof foldOrder
        const state = fold(events)!
        expect(state.conflicts).toEqual([])
        expect(state.events).toBe(events.length)
        for (const [i, event] of events.entries()) {
          if (i > 0) expect(event.occurredAt).toBeGreaterThan(events[i - 1]!.occurredAt)
          expect(event.occurredAt).toBeLessThan(at('2026-11-23'))
          expect(event.recordedAt).toBeGreaterThanOrEqual(event.occurredAt)
          ids.add(event.id)
        }
      }
    }
    expect(ids.size).toBe(
      story.history.orders.reduce((n, o) => n + o.events.length + (o.followUp?.events.length ?? 0), 0),
    )
  })

  test('the order always stands where its visits have brought it', () => {
    for (const order of story.history.orders) {
      const state = foldOrder(order.events.filter((e) => e.aggregate === 'order'))!
      const visits = order.visitIds.map((id) => foldVisit(order.events.filter((e) => e.aggregateId === id))!)
      expect(progressDue(state, visits), order.number).toBeNull()
    }
  })

  test('nobody is ever in two places at once', () => {
    const byEngineer = new Map<string, [number, number][]>()
    for (const trip of story.history.trips) {
      if (!trip.made) continue
      expect(trip.made.departedAt).toBeLessThanOrEqual(trip.made.arrivedAt)
      expect(trip.made.arrivedAt).toBeLessThanOrEqual(trip.made.startedAt)
      expect(trip.made.startedAt).toBeLessThan(trip.made.finishedAt)
      const spans = byEngineer.get(trip.engineer.id) ?? []
      spans.push([trip.made.departedAt, trip.made.finishedAt])
      byEngineer.set(trip.engineer.id, spans)
    }
    for (const spans of byEngineer.values()) {
      spans.sort((a, b) => a[0] - b[0])
      for (const [i, span] of spans.entries()) if (i > 0) expect(span[0]).toBeGreaterThanOrEqual(spans[i - 1]![1])
    }
  })

  test('nobody works while away, and nearly all visits lie within the shift', () => {
    const { absences } = story.people
    let outside = 0
    for (const trip of story.history.trips) {
      expect(isAway(absences, trip.engineer.id, trip.start, trip.end), `${trip.engineer.name} ${trip.day}`).toBe(false)
      const from = at(trip.day, trip.engineer.shiftKey === 'hospital' && isWorkday(trip.day) ? clock(8) : clock(9))
      if (trip.start < from || trip.end > from + 560 * MINUTE) outside++
    }
    expect(outside / story.history.trips.length).toBeLessThan(0.05)
  })

  test('weeks have their shape: Mondays are busy, weekends quiet, a 调休 Saturday is a working day, holidays are still', () => {
    const perDay = new Map<string, number>()
    for (let d = story.company.liveSince; d < '2026-11-23'; d = dateOf(at(d) + 86_400_000 * 1.5)) perDay.set(d, 0)
    for (const o of story.history.orders) {
      const day = dateOf(o.createdAt)
      perDay.set(day, (perDay.get(day) ?? 0) + 1)
    }
    const days = [...perDay]
    const of = (pick: (day: string) => boolean) => mean(days.filter(([d]) => pick(d)).map(([, n]) => n))
    const monday = of((d) => isWorkday(d) && weekday(d) === 1)
    const friday = of((d) => isWorkday(d) && weekday(d) === 5)
    const weekend = of((d) => !isWorkday(d))
    const makeUp = of((d) => isMakeUpDay(d))
    expect(monday).toBeGreaterThan(friday)
    expect(weekend).toBeLessThan(friday / 3)
    expect(makeUp).toBeGreaterThan(weekend * 1.5)
    expect(of((d) => d >= '2026-10-02' && d <= '2026-10-05')).toBeLessThan(friday / 3)
  })

  test('requests are written differently: none stands two dozen times', () => {
    const counts = new Map<string, number>()
    for (const o of story.history.orders) {
      const text = created(o).facts.text!
      counts.set(text, (counts.get(text) ?? 0) + 1)
    }
    expect(Math.max(...counts.values())).toBeLessThan(24)
    expect(counts.size).toBeGreaterThan(story.history.orders.length * 0.8)
  })

  test('most check-ins are A, a D is rare', () => {
    const grades = story.history.trips.filter((t) => t.made && t.mode === 'onsite').map((t) => t.made!.grade)
    const share = (g: string) => grades.filter((x) => x === g).length / grades.length
    expect(share('A')).toBeGreaterThan(0.8)
    expect(share('D')).toBeLessThan(0.01)
    expect(share('B') + share('C')).toBeGreaterThan(0.05)
  })
})

const created = (order: StoryOrder) => {
  const first = order.events[0]!
  if (first.type !== 'order.created') throw new Error(`${order.number} begins with ${first.type}`)
  return first.payload
}

describe('what customers say', () => {
  test('about 45 % answer, most are satisfied, a believable tail is not', () => {
    const surveys = story.history.orders.flatMap((o) => (o.survey ? [o.survey] : []))
    const answers = surveys.flatMap((s) => (s.answer ? [s.answer] : []))
    expect(answers.length / surveys.length).toBeGreaterThan(0.4)
    expect(answers.length / surveys.length).toBeLessThan(0.52)
    const low = answers.filter((a) => a.score < 70).length / answers.length
    expect(low).toBeGreaterThan(0.02)
    expect(low).toBeLessThan(0.08)
    for (const a of answers) expect(a.score).toBe(scoreOf(a.ratings))
  })

  test('every low score has its follow-up and no good one has; they stand in different stages', () => {
    const states = new Set<string>()
    for (const o of story.history.orders) {
      const low = o.survey?.answer != null && o.survey.answer.score < story.company.settings.lowScore
      expect(o.followUp !== null, o.number).toBe(low)
      if (o.followUp) states.add(foldFollowUp(o.followUp.events)!.state)
    }
    expect(states.size).toBeGreaterThanOrEqual(3)
    expect(states.has('closed')).toBe(true)
  })

  test('hundreds of messages are written by people of the company while the order lived', () => {
    const people = new Set(story.people.everyone.map((p) => p.id))
    const messages = story.history.orders.flatMap((o) => o.messages.map((m) => ({ o, m })))
    expect(messages.length).toBeGreaterThan(250)
    for (const { o, m } of messages) {
      expect(people.has(m.authorId)).toBe(true)
      expect(m.at).toBeGreaterThan(o.createdAt)
      expect(m.text).not.toMatch(/[{}]/)
    }
  })
})

describe('today', () => {
  test('on a working morning: about 45 visits, 8 to 14 in the queue, an emergency, a declined offer, a remote visit running, somebody late', () => {
    const { orders, visits } = play(story)
    const today = story.history.trips.filter((t) => t.day === '2026-11-23')
    expect(today.length).toBeGreaterThan(30)
    expect(today.length).toBeLessThan(65)
    const queue = [...orders.values()].filter((o) => o.state === 'unassigned')
    expect(queue.length).toBeGreaterThanOrEqual(8)
    expect(queue.length).toBeLessThanOrEqual(14)
    const { emergency, declined, remote } = story.today.shows
    expect(orders.get(emergency!)).toMatchObject({ state: 'unassigned', facts: { priority: 'urgent' } })
    expect(orders.get(declined!)!.state).toBe('unassigned')
    expect([...visits.values()].some((v) => v.orderId === declined && v.state === 'declined')).toBe(true)
    expect([...visits.values()].find((v) => v.orderId === remote)).toMatchObject({ mode: 'remote', state: 'working' })
    const late = [...visits.values()].filter(
      (v) => ['taken', 'en_route'].includes(v.state) && v.mode === 'onsite' && v.planned.start < NOW - 15 * MINUTE,
    )
    expect(late.length).toBeGreaterThanOrEqual(1)
    expect([...visits.values()].filter((v) => v.state === 'working').length).toBeGreaterThan(5)
  })

  test('the engineer of the demo has something to do', () => {
    const me = story.people.engineers.find((e) => e.demo)!
    expect(
      story.history.trips.filter((t) => t.engineer.id === me.id && t.day === '2026-11-23').length,
    ).toBeGreaterThanOrEqual(2)
  })

  test.each([
    ['2026-11-23', 0, 20],
    ['2026-11-23', 16, 45],
    ['2026-11-23', 23, 50],
    ['2026-11-22', 11, 0],
    ['2026-10-10', 9, 30],
    ['2027-02-08', 14, 0],
  ])('on %s at %i:%i the steps fold without a conflict and no engineer is booked twice', (day, hour, minute) => {
    const now = at(day, clock(hour, minute))
    const told = tellStory('demo', now)
    const { visits, orders, conflicts } = play(told)
    expect(conflicts).toEqual([])
    const waiting = [...orders.values()].filter((o) => o.state === 'unassigned' || o.state === 'new').length
    expect(waiting).toBeGreaterThanOrEqual(2)
    expect(waiting).toBeLessThan(25)
    const held = new Map<string, [number, number, string][]>()
    for (const v of visits.values()) {
      if (!VISIT_OCCUPYING.includes(v.state) || v.mode !== 'onsite' || !v.engineerId) continue
      const spans = held.get(v.engineerId) ?? []
      spans.push([v.planned.start - (v.travelMin ?? 0) * MINUTE, v.planned.end, v.id])
      held.set(v.engineerId, spans)
    }
    for (const spans of held.values()) {
      spans.sort((a, b) => a[0] - b[0])
      for (const [i, span] of spans.entries()) if (i > 0) expect(span[0]).toBeGreaterThanOrEqual(spans[i - 1]![1])
    }
  })
})

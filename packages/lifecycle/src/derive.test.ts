import { describe, expect, it } from 'vitest'
import { deriveOrder, progressDue, type VisitFacts } from './derive'
import type { OrderEvent } from './events'
import { foldOrder } from './fold'
import { at, created, event } from './testing'

let n = 0
const v = (state: VisitFacts['state'], more: Partial<VisitFacts> = {}): VisitFacts => {
  n += 1
  return {
    id: `v${String(n).padStart(3, '0')}`,
    state,
    role: 'lead',
    required: true,
    engineerId: `eng${n}`,
    result: null,
    remaining: null,
    endedAt: null,
    planned: { start: at(0), end: at(60) },
    ...more,
  }
}
const done = (minute: number, more: Partial<VisitFacts> = {}) =>
  v('finished', { result: 'done', endedAt: at(minute), ...more })
const partial = (minute: number, remaining = '余下工作', more: Partial<VisitFacts> = {}) =>
  v('finished', { result: 'partial', remaining, endedAt: at(minute), ...more })
const unable = (minute: number) => v('finished', { result: 'unable', endedAt: at(minute) })
const member = (state: VisitFacts['state'], more: Partial<VisitFacts> = {}) => v(state, { role: 'member', ...more })

describe('D1 the order’s state from its visits', () => {
  it.each<[string, VisitFacts[], number, string, string]>([
    ['no visit', [], 1, 'unassigned', 'nobody'],
    ['planned', [v('planned')], 1, 'unassigned', 'planned'],
    ['offered', [v('offered')], 1, 'unassigned', 'open_offer'],
    ['taken', [v('taken')], 1, 'assigned', 'taken'],
    ['declined', [v('declined')], 1, 'unassigned', 'nobody'],
    ['declined, then taken by the next', [v('declined'), v('taken')], 1, 'assigned', 'taken'],
    ['reassigned and offered again', [v('reassigned'), v('offered')], 1, 'unassigned', 'open_offer'],
    ['missed', [v('missed')], 1, 'unassigned', 'nobody'],
    ['cancelled', [v('cancelled')], 1, 'unassigned', 'nobody'],
    ['on the way', [v('en_route')], 1, 'in_progress', 'underway'],
    ['on site', [v('on_site')], 1, 'in_progress', 'underway'],
    ['working', [v('working')], 1, 'in_progress', 'underway'],
    ['paused', [v('paused')], 1, 'in_progress', 'underway'],
    ['done', [done(100)], 1, 'awaiting_acceptance', 'done'],
    ['partial', [partial(100)], 1, 'unassigned', 'rework'],
    ['unable', [unable(100)], 1, 'unassigned', 'rework'],
    ['aborted', [v('aborted', { endedAt: at(9) })], 1, 'unassigned', 'rework'],
    ['partial, next visit offered', [partial(100), v('offered')], 1, 'unassigned', 'open_offer'],
    ['partial, next visit taken', [partial(100), v('taken')], 1, 'assigned', 'taken'],
    ['partial, next visit done', [partial(100), done(300)], 1, 'awaiting_acceptance', 'done'],
    ['aborted, next visit done', [v('aborted', { endedAt: at(9) }), done(300)], 1, 'awaiting_acceptance', 'done'],
    ['day one done, day two taken', [done(100), v('taken')], 1, 'in_progress', 'more_to_come'],
    ['day one done, day two not yet taken', [done(100), v('offered')], 1, 'unassigned', 'open_offer'],
    ['crew: both taken', [v('taken'), member('taken')], 2, 'assigned', 'taken'],
    ['crew: one offered', [v('taken'), member('offered')], 2, 'unassigned', 'open_offer'],
    ['crew: one declined', [v('taken'), member('declined')], 2, 'unassigned', 'crew_incomplete'],
    ['crew: second never planned', [v('taken')], 2, 'unassigned', 'crew_incomplete'],
    [
      'crew: optional member still offered',
      [v('taken'), member('offered', { required: false })],
      1,
      'assigned',
      'taken',
    ],
    ['crew: one works, one declined', [v('working'), member('declined')], 2, 'in_progress', 'underway'],
    ['crew: member partial, lead works', [v('working'), partial(50)], 2, 'in_progress', 'underway'],
    ['crew: member partial, lead done later', [partial(50), done(90)], 2, 'awaiting_acceptance', 'done'],
    ['crew: lead done, member partial later', [done(50), partial(90)], 2, 'unassigned', 'rework'],
  ])('%s', (_, visits, crew, state, rule) => {
    expect(deriveOrder(visits, { crew })).toMatchObject({ state, rule })
    expect(deriveOrder([...visits].reverse(), { crew })).toEqual(deriveOrder(visits, { crew }))
  })

  it('D2 says what is left in the words of the last who left it', () => {
    expect(deriveOrder([partial(10, '甲'), partial(20, '乙')]).remaining).toBe('乙')
    expect(deriveOrder([partial(10, '甲'), done(20)]).remaining).toBeNull()
    expect(deriveOrder([partial(10, '甲'), v('taken')]).remaining).toBe('甲')
  })

  it('D3 work done before a rejection settles nothing', () => {
    expect(deriveOrder([done(100)], { rejectedAt: at(110) })).toMatchObject({ state: 'unassigned', rule: 'nobody' })
    expect(deriveOrder([done(100), done(200)], { rejectedAt: at(110) }).state).toBe('awaiting_acceptance')
  })

  it('names the lead and everybody who holds it', () => {
    const derived = deriveOrder([
      v('taken', { engineerId: 'b' }),
      member('taken', { engineerId: 'a' }),
      member('declined', { engineerId: 'c' }),
    ])
    expect(derived).toMatchObject({ leadEngineerId: 'b', engineerIds: ['a', 'b'] })
  })
})

describe('D4 a person’s decision stands above', () => {
  const base: OrderEvent[] = [created(), event('order.triaged', 1, {})]

  it('progress is due only when something about the order changed', () => {
    const order = foldOrder(base)!
    expect(progressDue(order, [])).toBeNull()
    const visits = [v('taken', { engineerId: 'eng1' })]
    const due = progressDue(order, visits)!
    expect(due).toMatchObject({ to: 'assigned', leadEngineerId: 'eng1' })
    const { to, leadEngineerId, engineerIds, remaining } = due
    const after = foldOrder([...base, event('order.progressed', 2, { to, leadEngineerId, engineerIds, remaining })])!
    expect(progressDue(after, visits)).toBeNull()
  })

  it('under a hold the visits go on underneath', () => {
    const held = foldOrder([...base, event('order.held', 2, { cause: 'customer', responsibility: 'customer' })])!
    expect(progressDue(held, [v('taken')])).toMatchObject({ to: 'assigned' })
  })

  it('a cancelled, completed or untriaged order does not move', () => {
    const cancelled = foldOrder([...base, event('order.cancelled', 2, { responsibility: 'customer' })])!
    expect(progressDue(cancelled, [v('taken')])).toBeNull()
    expect(progressDue(foldOrder([created()])!, [v('taken')])).toBeNull()
  })

  it('a rejection keeps its words until other work is left', () => {
    const rejected = foldOrder([
      ...base,
      event('order.progressed', 2, { to: 'awaiting_acceptance' }),
      event('order.rejected', 110, {}, { reason: '标签缺失' }),
    ])!
    const old = done(100, { engineerId: 'eng1' })
    expect(progressDue(rejected, [old])).toBeNull()
    expect(progressDue(rejected, [old, v('taken')])).toMatchObject({ to: 'assigned', remaining: '标签缺失' })
    expect(progressDue(rejected, [old, done(200)])).toMatchObject({ to: 'awaiting_acceptance', remaining: null })
  })
})

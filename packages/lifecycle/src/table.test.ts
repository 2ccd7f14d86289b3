import { describe, expect, it } from 'vitest'
import {
  can,
  EVENT_OF,
  EVENT_TYPES,
  FOLLOWUP_STATES,
  gatesOf,
  inputsOf,
  judge,
  LIFECYCLE,
  ORDER_ENDED,
  ORDER_MEANING,
  ORDER_STATES,
  type OrderStateCode,
  type Verb,
  VISIT_ENDED,
  VISIT_MODES,
  VISIT_STATES,
  type VisitMode,
  type VisitStateCode,
  verbOf,
  verbsFrom,
} from './table'

describe('the table', () => {
  it('L1 gives every verb exactly one event type, and back', () => {
    const pairs = Object.entries(EVENT_OF).flatMap(([aggregate, verbs]) =>
      Object.entries(verbs).map(([verb, type]) => ({ aggregate, verb, type })),
    )
    expect(new Set(pairs.map((p) => p.type)).size).toBe(pairs.length)
    expect(EVENT_TYPES).toHaveLength(pairs.length)
    for (const { aggregate, verb, type } of pairs) {
      expect(verbOf(type)).toEqual({ aggregate, verb })
      expect(type.startsWith(`${aggregate}.`)).toBe(true)
      expect(LIFECYCLE.some((row) => row.aggregate === aggregate && row.verb === verb)).toBe(true)
    }
    expect(verbOf('order.vanished')).toBeUndefined()
  })

  it('L1 has one row for aggregate, state, verb and mode', () => {
    const keys = LIFECYCLE.flatMap((row) =>
      (row.modes ?? VISIT_MODES).map((mode) => [row.aggregate, row.from, row.verb, mode].join('|')),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('reaches every state, and leaves every state that is not an end', () => {
    const states = { order: ORDER_STATES, visit: VISIT_STATES, followup: FOLLOWUP_STATES }
    const chosenByEvent = ['draft', 'new', 'unassigned', 'assigned', 'in_progress', 'awaiting_acceptance']
    for (const [aggregate, codes] of Object.entries(states)) {
      const rows = LIFECYCLE.filter((row) => row.aggregate === aggregate)
      for (const state of codes) {
        const reached = rows.some((row) => row.to === state) || (aggregate === 'order' && chosenByEvent.includes(state))
        expect(reached, `${aggregate} ${state} can be reached`).toBe(true)
        const leaves = rows.some((row) => row.from === state && row.to !== 'same')
        const end = aggregate === 'order' ? ORDER_ENDED : aggregate === 'visit' ? VISIT_ENDED : ['closed']
        expect(leaves, `${aggregate} ${state} leads on`).toBe(!(end as readonly string[]).includes(state))
      }
    }
  })

  it('L2 asks a responsibility for hold, cancel and cannot complete', () => {
    for (const verb of ['hold', 'cancel', 'cannot_complete'])
      for (const row of LIFECYCLE.filter((r) => r.aggregate === 'order' && r.verb === verb))
        expect(inputsOf(row)).toEqual(expect.arrayContaining(['reason', 'responsibility']))
  })

  it.each([
    ['new', 'triage', true],
    ['draft', 'triage', false],
    ['unassigned', 'accept', false],
    ['awaiting_acceptance', 'accept', true],
    ['awaiting_acceptance', 'cancel', false],
    ['on_hold', 'resume', true],
    ['on_hold', 'hold', false],
    ['closed', 'reopen', true],
    ['in_progress', 'cannot_complete', true],
    ['completed', 'edit', false],
  ] as [OrderStateCode, Verb<'order'>, boolean][])('an order %s: %s is %s', (state, verb, ok) => {
    expect(can('order', state, verb)).toBe(ok)
  })

  it.each([
    ['taken', 'depart', 'onsite', true],
    ['taken', 'depart', 'remote', false],
    ['taken', 'start', 'remote', true],
    ['taken', 'start', 'onsite', false],
    ['on_site', 'start', 'onsite', true],
    ['taken', 'check_in', 'onsite', true],
    ['taken', 'check_in', 'remote', false],
    ['working', 'check_in', 'resident', true],
    ['working', 'check_in', 'onsite', false],
    ['on_site', 'cancel', 'onsite', false],
    ['on_site', 'abort', 'onsite', true],
    ['en_route', 'abort', 'onsite', false],
    ['finished', 'confirm', 'remote', true],
    ['finished', 'confirm', 'onsite', false],
    ['offered', 'miss', 'onsite', true],
    ['offered', 'offer', 'onsite', false],
  ] as [VisitStateCode, Verb<'visit'>, VisitMode, boolean][])(
    'L3 a visit %s: %s when %s is %s',
    (state, verb, mode, ok) => {
      expect(can('visit', state, verb, { mode })).toBe(ok)
    },
  )

  it('L4 keeps a gate closed until the fact behind it is known', () => {
    expect(can('order', 'awaiting_acceptance', 'deem')).toBe(true)
    expect(judge('order', 'awaiting_acceptance', 'deem', { contract_deems: true })).toEqual({
      ok: false,
      why: 'gate_closed',
      missing: ['notice_sent'],
    })
    expect(can('order', 'awaiting_acceptance', 'deem', { contract_deems: true, notice_sent: true })).toBe(true)
    expect(can('order', 'completed', 'close', { reviewed: true, survey_settled: false })).toBe(false)
    expect(can('visit', 'working', 'finish', { mode: 'onsite', documents_filed: false })).toBe(false)
    expect(can('visit', 'working', 'finish', { mode: 'onsite' })).toBe(true)
  })

  it('L5 never closes a follow-up without its check', () => {
    for (const state of FOLLOWUP_STATES) expect(can('followup', state, 'close')).toBe(state === 'acted')
    const close = LIFECYCLE.find((row) => row.aggregate === 'followup' && row.verb === 'close')!
    expect(gatesOf(close)).toEqual(['checked'])
    expect(LIFECYCLE.filter((row) => row.to === 'acted').map((row) => row.from)).toEqual(['checked'])
  })

  it('lists the buttons of a state', () => {
    expect(verbsFrom('visit', 'offered')).toEqual(
      expect.arrayContaining(['take', 'decline', 'recall', 'reassign', 'cancel']),
    )
    expect(verbsFrom('visit', 'taken', 'remote')).not.toContain('depart')
    expect(verbsFrom('followup', 'closed')).toEqual([])
    expect(ORDER_MEANING.on_hold).toBe('amber')
  })
})

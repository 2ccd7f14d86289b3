import { describe, expect, it } from 'vitest'
import { type ProjectFacts, projectHealth } from './health'

const DAY = 86_400_000
const NOW = 100 * DAY
const facts = (more: Partial<ProjectFacts> = {}): ProjectFacts => ({
  phases: [{ id: 'ph1', plannedStart: 90 * DAY, plannedEnd: 110 * DAY, actualStart: 91 * DAY, actualEnd: null }],
  visits: [],
  surveys: [],
  orders: [],
  followUps: [],
  ...more,
})
const phase = (id: string, plannedEnd: number, actualEnd: number | null = null) => ({
  id,
  plannedStart: 60 * DAY,
  plannedEnd: plannedEnd * DAY,
  actualStart: 60 * DAY,
  actualEnd: actualEnd === null ? null : actualEnd * DAY,
})
const late = (id: string) => ({ id, promiseEnd: 95 * DAY, arrivedAt: 95 * DAY + 16 * 60_000, ended: true })

describe('H1 a project’s health is its worst named cause', () => {
  it.each<[string, Partial<ProjectFacts>, string, [string, string[]][]]>([
    ['on track', {}, 'good', []],
    ['a phase 2 days over', { phases: [phase('a', 98)] }, 'watch', [['overdue_phase', ['a']]]],
    ['a phase 8 days over', { phases: [phase('a', 92), phase('b', 80, 81)] }, 'risk', [['overdue_phase', ['a']]]],
    [
      'a phase not begun',
      { phases: [{ id: 'a', plannedStart: 95 * DAY, plannedEnd: 120 * DAY, actualStart: null, actualEnd: null }] },
      'watch',
      [['phase_slipping', ['a']]],
    ],
    ['one late check-in', { visits: [late('v1')] }, 'watch', [['late_checkin', ['v1']]]],
    ['three of them', { visits: ['v1', 'v2', 'v3'].map(late) }, 'risk', [['late_checkin', ['v1', 'v2', 'v3']]]],
    [
      'nobody there yet',
      { visits: [{ ...late('v1'), arrivedAt: null, ended: false }] },
      'watch',
      [['late_checkin', ['v1']]],
    ],
    ['an old late one', { visits: [{ ...late('v1'), promiseEnd: 50 * DAY, arrivedAt: 51 * DAY }] }, 'good', []],
    ['a low score', { surveys: [{ id: 's1', score: 69, answeredAt: 99 * DAY }] }, 'risk', [['low_score', ['s1']]]],
    ['a score of 70', { surveys: [{ id: 's1', score: 70, answeredAt: 99 * DAY }] }, 'good', []],
    [
      'an order over',
      { orders: [{ id: 'o1', dueAt: 99 * DAY, doneAt: null, ended: false }] },
      'watch',
      [['overdue_order', ['o1']]],
    ],
    [
      'a follow-up over',
      { followUps: [{ id: 'f1', dueAt: 99 * DAY, done: false }] },
      'risk',
      [['overdue_follow_up', ['f1']]],
    ],
    ['budget over', { budget: { id: 'p1', plannedDays: 10, usedDays: 11 } }, 'watch', [['over_budget', ['p1']]]],
    ['nothing planned', { phases: [] }, 'unknown', [['nothing_planned', []]]],
    [
      'worst first',
      { phases: [phase('a', 98)], surveys: [{ id: 's1', score: 40, answeredAt: 99 * DAY }] },
      'risk',
      [
        ['low_score', ['s1']],
        ['overdue_phase', ['a']],
      ],
    ],
  ])('%s', (_, more, level, causes) => {
    const health = projectHealth(facts(more), { now: NOW })
    expect(health.level).toBe(level)
    expect(health.causes.map((c) => [c.code, c.ids])).toEqual(causes)
    // Never a bare colour.
    if (level !== 'good') expect(health.causes.length).toBeGreaterThan(0)
  })
})

import { describe, expect, it } from 'vitest'
import { nextVerb, type VisitMode, type VisitState, type VisitStateCode } from '#lifecycle'
import { awaitsReview, checkRange, checkResult, conflictsToShow, occupies, peopleOf } from './rules'

const at = (hour: number) => new Date(Date.UTC(2026, 10, 23, hour))

describe('a planned range', () => {
  it.each<[VisitMode, number, number, string | null]>([
    ['onsite', 1, 3, null],
    ['onsite', 1, 1, 'time_order'],
    ['onsite', 3, 1, 'time_order'],
    ['onsite', 0, 25, 'visit_too_long'],
    ['remote', 0, 25, 'visit_too_long'],
    ['resident', 0, 24 * 60, null],
    ['resident', 0, 24 * 400, 'visit_too_long'],
  ])('%s from %i to %i: %s', (mode, from, to, code) => {
    const check = () => checkRange(mode, at(from), at(to))
    if (code) expect(check).toThrow(expect.objectContaining({ code }))
    else expect(check).not.toThrow()
  })
})

describe('the engineer’s time', () => {
  it.each<[VisitMode, VisitStateCode, string | null, boolean]>([
    ['onsite', 'offered', 'e1', true],
    ['onsite', 'planned', 'e1', true],
    ['onsite', 'planned', null, false],
    ['onsite', 'working', 'e1', true],
    ['onsite', 'finished', 'e1', false],
    ['onsite', 'declined', 'e1', false],
    ['remote', 'working', 'e1', false],
    ['resident', 'working', 'e1', false],
  ])('%s, %s, held by %s: booked %s', (mode, state, engineerId, held) => {
    expect(occupies({ mode, state, engineerId })).toBe(held)
  })
})

describe('whose visit it is', () => {
  it.each<[Pick<VisitState, 'offeredAt' | 'engineerId' | 'state'>, string[], string[]]>([
    [{ offeredAt: null, engineerId: 'e1', state: 'planned' }, [], []],
    [{ offeredAt: 1, engineerId: 'e1', state: 'offered' }, [], ['e1']],
    [{ offeredAt: 1, engineerId: null, state: 'offered' }, ['e1', 'e2'], ['e1', 'e2']],
    [{ offeredAt: 1, engineerId: 'e2', state: 'taken' }, ['e1', 'e2'], ['e2']],
    [{ offeredAt: 1, engineerId: null, state: 'cancelled' }, ['e1', 'e2'], []],
  ])('%o with candidates %o: %o', (v, candidates, people) => {
    expect(peopleOf(v, candidates)).toEqual(people)
  })
})

describe('the next step', () => {
  const agreed = { start: 0, end: null, contactId: null, at: 0 }
  const here = { day: '2026-11-23' } as VisitState['checkIns'][number]
  it.each<[VisitMode, VisitStateCode, boolean, boolean, string | null]>([
    ['onsite', 'planned', false, false, null],
    ['onsite', 'offered', false, false, 'take'],
    ['onsite', 'taken', false, false, 'appoint'],
    ['onsite', 'taken', true, false, 'depart'],
    ['onsite', 'en_route', true, false, 'checkIn'],
    ['onsite', 'on_site', true, false, 'start'],
    ['onsite', 'working', true, false, 'finish'],
    ['onsite', 'paused', true, false, 'resume'],
    ['onsite', 'finished', true, false, null],
    ['remote', 'taken', false, false, 'start'],
    ['resident', 'taken', false, false, 'checkIn'],
    ['resident', 'working', false, false, 'checkIn'],
    ['resident', 'working', false, true, 'finish'],
  ])('%s, %s, appointment %s, here today %s: %s', (mode, state, appointed, checkedIn, verb) => {
    expect(
      nextVerb(
        { mode, state, appointment: appointed ? agreed : null, checkIns: checkedIn ? [here] : [] },
        '2026-11-23',
      ),
    ).toBe(verb)
  })
})

describe('the supervisor’s inbox', () => {
  it.each<[string | null, number | null, number | null, boolean]>([
    ['A', null, null, false],
    ['B', null, null, false],
    ['C', null, null, true],
    ['D', null, null, true],
    ['D', 5, null, false],
    ['D', 5, 9, true],
    ['B', 12, 9, false],
    [null, null, null, false],
  ])('grade %s, reviewed %s, appealed %s: %s', (grade, reviewedAt, appealedAt, open) => {
    expect(awaitsReview({ grade: grade as 'A' | null, reviewedAt, appealedAt })).toBe(open)
  })
  it('leaves out what a sweep got wrong before the phone could speak', () => {
    const conflict = (type: string) => ({ eventId: type, type, why: 'not_from_state' as const, state: 'finished' })
    expect(conflictsToShow([conflict('visit.missed'), conflict('visit.departed')])).toHaveLength(1)
  })
})

describe('the end of a visit', () => {
  it.each<[Parameters<typeof checkResult>[0], string | null]>([
    [{ result: 'done' }, null],
    [{ result: 'partial' }, 'remaining_needed'],
    [{ result: 'partial', remaining: '两台未上架' }, null],
    [{ result: 'unable' }, 'cause_needed'],
    [{ result: 'unable', cause: 'no_access' }, null],
  ])('%o: %s', (body, code) => {
    if (code) expect(() => checkResult(body)).toThrow(expect.objectContaining({ code }))
    else expect(() => checkResult(body)).not.toThrow()
  })
})

import { describe, expect, it } from 'vitest'
import { currentVisit, nextStep } from './next'

const planned = { start: '2026-11-23T02:00:00Z', end: '2026-11-23T04:00:00Z' }
const now = Date.parse('2026-11-23T03:00:00Z')
const working = {
  state: 'working',
  mode: 'onsite',
  next: 'finish',
  can: { finish: true },
  planned,
  result: null,
} as const
const report = { id: 'd1', title: { zh: '设备部署报告', en: 'Deployment report' } }

describe('the single next action', () => {
  it('is what the server says is due', () => {
    expect(nextStep({ ...working, state: 'taken', next: 'depart' }, [], { now })).toEqual({ key: 'depart' })
    expect(nextStep({ ...working, state: 'en_route', next: 'checkIn' }, [], { now })).toEqual({ key: 'checkIn' })
  })
  it('asks for the report, then the signature, then to leave', () => {
    const draft = { ...report, state: 'draft', missing: 3 } as const
    expect(nextStep(working, [draft], { now })).toEqual({ key: 'fill', document: draft })
    expect(nextStep(working, [{ ...draft, missing: 0 }], { now })?.key).toBe('sign')
    expect(nextStep(working, [{ ...draft, missing: 0, state: 'signed' }], { now })?.key).toBe('finish')
  })
  it('a remote visit is not signed on this phone; its end asks for the confirmation once', () => {
    const remote = { ...working, mode: 'remote' } as const
    expect(nextStep(remote, [{ ...report, state: 'filed', missing: 0 }], { now })?.key).toBe('finish')
    const over = { ...remote, state: 'finished', next: null, can: { confirm: true } } as const
    expect(nextStep(over, [], { now, confirmed: false })?.key).toBe('confirm')
    expect(nextStep(over, [], { now, confirmed: true })).toBeNull()
  })
  it('what was left to follow is asked for after the end, unless nothing could be done', () => {
    const over = { ...working, state: 'finished', next: null, result: 'done' } as const
    const draft = { ...report, state: 'draft', missing: 2 } as const
    expect(nextStep(over, [draft], { now })).toEqual({ key: 'fill', document: draft })
    expect(nextStep(over, [{ ...draft, missing: 0 }], { now })?.key).toBe('sign')
    expect(nextStep({ ...over, result: 'unable' }, [draft], { now })).toBeNull()
  })
  it('a resident is not told to leave in the middle of the assignment', () => {
    const resident = { ...working, mode: 'resident', planned: { ...planned, end: '2026-12-23T04:00:00Z' } } as const
    expect(nextStep(resident, [], { now })).toBeNull()
  })
})

describe('the visit that the day is about', () => {
  it('is the one under way, before earlier ones that wait, and residents come last', () => {
    const v = (state: 'taken' | 'working' | 'finished', start: string, mode: 'onsite' | 'resident' = 'onsite') => ({
      state,
      mode,
      planned: { start, end: start },
    })
    const waits = v('taken', '2026-11-23T01:00:00Z')
    const runs = v('working', '2026-11-23T02:00:00Z')
    const stays = v('working', '2026-11-01T02:00:00Z', 'resident')
    expect(currentVisit([waits, runs, stays])).toBe(runs)
    expect(currentVisit([stays, waits])).toBe(waits)
    expect(currentVisit([v('finished', '2026-11-23T00:00:00Z')])).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { chinaCalendar, officeWeek } from '#calendar'
import { daysOff, healthOf, isLate, planPhases, progress, replan, type Signal, shift } from './rules'

const cal = chinaCalendar({ week: officeWeek, version: 1 })
const zone = 'Asia/Shanghai'
const phase = (id: string, plannedStart: string, plannedEnd: string, actualStart?: string, actualEnd?: string) => ({
  id,
  weight: 50,
  plannedStart,
  plannedEnd,
  actualStart: actualStart ?? null,
  actualEnd: actualEnd ?? null,
})

describe('the plan of a project', () => {
  it('runs over workdays, around the National Day and its made-up days', () => {
    // 2026: free from 1 to 7 October, at work on Sunday 20 September and Saturday 10 October.
    expect(planPhases(cal, '2026-09-26', [3, 5])).toEqual([
      { plannedStart: '2026-09-28', plannedEnd: '2026-09-30' },
      { plannedStart: '2026-10-08', plannedEnd: '2026-10-13' },
    ])
  })
  it.each([
    ['move', '2026-11-16', '2026-11-20', ['2026-11-16', '2026-11-20', '2026-11-23', '2026-11-24']],
    ['keep', '2026-11-16', '2026-11-20', ['2026-11-16', '2026-11-20', '2026-11-16', '2026-11-17']],
    ['move', '2026-11-09', '2026-11-12', ['2026-11-09', '2026-11-12', '2026-11-13', '2026-11-16']],
  ] as const)('replans a phase and lets the next one %s', (following, start, end, dates) => {
    const next = replan(cal, [phase('a', '2026-11-09', '2026-11-13'), phase('b', '2026-11-16', '2026-11-17')], 'a', {
      start,
      end,
      following,
    })
    expect(next.flatMap((p) => [p.plannedStart, p.plannedEnd])).toEqual(dates)
  })
  it('refuses an end before its start', () => {
    const to = { start: '2026-11-13', end: '2026-11-12', following: 'keep' } as const
    expect(() => replan(cal, [phase('a', '2026-11-09', '2026-11-13')], 'a', to)).toThrow('time_order')
  })
  it('moves what is open and leaves what has happened', () => {
    expect(shift(cal, phase('a', '2026-11-09', '2026-11-13', '2026-11-09', '2026-11-13'), 5)).toMatchObject({
      plannedEnd: '2026-11-13',
    })
    expect(shift(cal, phase('a', '2026-11-09', '2026-11-13', '2026-11-10'), 5)).toMatchObject({
      plannedStart: '2026-11-09',
      plannedEnd: '2026-11-20',
    })
  })
  it('names the days without work and where they are not published yet', () => {
    expect(daysOff(cal, '2026-09-30', '2026-10-11').daysOff.map((d) => [d.from, d.to, d.name])).toEqual([
      ['2026-10-01', '2026-10-07', '国庆节'],
      ['2026-10-11', '2026-10-11', null],
    ])
    expect(daysOff(cal, '2026-12-01', '2027-02-01').provisionalFrom).toBe('2026-12-29')
  })
})

describe('progress', () => {
  it('counts a begun phase half and an ended one in full, for plan and fact', () => {
    const phases = [phase('a', '2026-11-02', '2026-11-06', '2026-11-02'), phase('b', '2026-11-09', '2026-11-13')]
    expect(progress(phases, '2026-11-09')).toEqual({ planned: 75, actual: 25 })
  })
  it('calls a phase late when it ended or stands after its day, and not while the project pauses', () => {
    expect(isLate(phase('a', '2026-11-02', '2026-11-06', '2026-11-02', '2026-11-09'), '2026-12-01', null)).toBe(true)
    expect(isLate(phase('a', '2026-11-02', '2026-11-06'), '2026-11-06', null)).toBe(false)
    expect(isLate(phase('a', '2026-11-02', '2026-11-06'), '2026-11-30', '2026-11-05')).toBe(false)
  })
})

describe('health', () => {
  const now = Date.parse('2026-11-23T01:00:00Z')
  const project = { id: 'p', state: 'active', pausedOn: null as string | null, budgetDays: 10, usedMin: 480 }
  const done = phase('a', '2026-11-02', '2026-11-06', '2026-11-02', '2026-11-06')
  const signal = (cause: Signal['cause'], refId: string, at = now - 86_400_000, params = {}): Signal => ({
    cause,
    refKind: 'visit',
    refId,
    at,
    params,
  })
  it.each([
    ['nothing wrong', project, [done], [], 'good', []],
    [
      'a phase past its day',
      project,
      [phase('a', '2026-11-09', '2026-11-20', '2026-11-09')],
      [],
      'watch',
      ['overdue_phase'],
    ],
    [
      'a phase a week past',
      project,
      [phase('a', '2026-11-02', '2026-11-13', '2026-11-02')],
      [],
      'risk',
      ['overdue_phase'],
    ],
    ['due today', project, [phase('a', '2026-11-09', '2026-11-23', '2026-11-09')], [], 'good', []],
    ['to begin today', project, [phase('a', '2026-11-23', '2026-11-27')], [], 'good', []],
    ['not begun', project, [phase('a', '2026-11-20', '2026-11-27')], [], 'watch', ['phase_slipping']],
    [
      'overdue since it pauses',
      { ...project, pausedOn: '2026-11-10' },
      [phase('a', '2026-11-02', '2026-11-13')],
      [],
      'watch',
      ['phase_slipping'],
    ],
    ['late once', project, [done], [signal('late_checkin', 'v')], 'watch', ['late_checkin']],
    [
      'late three times',
      project,
      [done],
      ['1', '2', '3'].map((v) => signal('late_checkin', v)),
      'risk',
      ['late_checkin'],
    ],
    ['late long ago', project, [done], [signal('late_checkin', 'v', now - 40 * 86_400_000)], 'good', []],
    ['a low score', project, [done], [signal('low_score', 's', now - 1, { score: 45 })], 'risk', ['low_score']],
    ['over budget', { ...project, usedMin: 11 * 480 }, [done], [], 'watch', ['over_budget']],
    ['no phases', project, [], [], 'unknown', ['nothing_planned']],
  ])('%s', (_, p, phases, signals, level, causes) => {
    const health = healthOf(p, phases, signals, { now, zone })
    expect([health.level, health.causes.map((c) => c.code)]).toEqual([level, causes])
  })
  it('says which things a cause comes from', () => {
    const health = healthOf(project, [done], [signal('low_score', 's1', now - 1, { score: 45 })], { now, zone })
    expect(health.causes[0]).toEqual({
      code: 'low_score',
      level: 'risk',
      params: { count: 1, lowest: 45 },
      refs: [{ kind: 'survey', id: 's1' }],
    })
  })
})

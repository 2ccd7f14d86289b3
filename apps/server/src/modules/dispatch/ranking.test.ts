import { describe, expect, it } from 'vitest'
import { localDate, spansToIntervals, weekdayOf } from '#calendar'
import type { EngineerState, FindingCode, Job, Problem, Stop } from './problem'
import { check, earliest, place, price, recommend } from './ranking'

// A Monday in Shanghai; office hours 09:00–18:00; one minute a hundred metres.
const zone = 'Asia/Shanghai'
const t = (hm: string, date = '2026-11-23') => Date.parse(`${date}T${hm}:00+08:00`)
const clock = (at: number | undefined) =>
  at === undefined ? null : new Date(at + 8 * 3_600_000).toISOString().slice(5, 16)
const at = (x: number) => ({ lat: 31, lng: 121 + x / 1000, datum: 'wgs84' as const })
const office = (date: string) => (weekdayOf(date) > 5 ? [] : spansToIntervals([[540, 1080]], date, zone))

let n = 0
const engineer = (o: Partial<EngineerState> = {}): EngineerState => ({
  id: `e${++n}`,
  name: `工程师${n}`,
  teamId: null,
  teamName: null,
  home: at(0),
  skills: [{ code: 'switch', name: '交换机', level: 3 }],
  certificates: [],
  maxDayMin: 480,
  maxWeekMin: 2400,
  shiftOn: office,
  stops: [],
  past: { visits: 0, lastAt: null },
  ...o,
})
const stop = (from: number, to: number, o: Partial<Stop> = {}): Stop => ({
  ref: `r${++n}`,
  from,
  to,
  kind: 'visit',
  point: at(10),
  name: '星海医院',
  ...o,
})
const job = (o: Partial<Job> = {}): Job => ({
  orderId: 'o',
  mode: 'onsite',
  durationMin: 60,
  skills: [{ code: 'switch', name: '交换机', level: 3 }],
  certificates: [],
  point: at(20),
  siteName: '机房',
  accessOn: null,
  entry: null,
  promise: { start: t('10:00'), end: t('12:00') },
  dueAt: null,
  fixedStart: null,
  moving: [],
  ...o,
})
const severity = new Proxy({} as Problem['policy']['severity'], {
  get: (_, code: FindingCode) =>
    ['on_leave', 'engineer_busy', 'no_free_time'].includes(code)
      ? 'refuse'
      : code.startsWith('skill') || code.startsWith('cert') || code === 'in_the_past'
        ? 'override'
        : 'warn',
})
const problem = (o: Partial<Omit<Problem, 'job'>> & { job?: Partial<Job> } = {}): Problem => ({
  now: t('08:00'),
  zone,
  tripGapMin: 30,
  engineers: [],
  policy: {
    weights: { skills: 1, load: 1, travel: 1, window: 2, shift: 1, familiarity: 1 },
    severity,
    horizonDays: 7,
    stepMin: 5,
    unknownTravelMin: 30,
    ladder: [],
    unansweredMin: 15,
    unanswered: 'dispatcher',
  },
  way: (a, b) => ({ distanceM: Math.abs(a.lng - b.lng) * 100_000, min: Math.round(Math.abs(a.lng - b.lng) * 1000) }),
  dateOf: (x) => localDate(x, zone),
  ...o,
  job: job(o.job),
})
const codes = (e: EngineerState, start: number, p: Problem) => check(place(e, start, p), p).map((f) => f.code)

describe('what each rule says about an engineer at a time', () => {
  const cases: [string, Partial<EngineerState>, string, Partial<Job>, FindingCode[]][] = [
    ['nothing about a free and able one', {}, '10:00', {}, []],
    ['that a skill is missing', { skills: [] }, '10:00', {}, ['skill_missing']],
    [
      'that the level is too low',
      { skills: [{ code: 'switch', name: '交换机', level: 2 }] },
      '10:00',
      {},
      ['skill_low'],
    ],
    [
      'that a certificate is missing',
      {},
      '10:00',
      { certificates: [{ kind: 'hv', name: '高压电工' }] },
      ['certificate_missing'],
    ],
    [
      'that a certificate ran out the day before',
      { certificates: [{ kind: 'hv', name: '高压电工', expiresOn: '2026-11-22' }] },
      '10:00',
      { certificates: [{ kind: 'hv', name: '高压电工' }] },
      ['certificate_expired'],
    ],
    [
      'nothing when the certificate is valid through the day',
      { certificates: [{ kind: 'hv', name: '高压电工', expiresOn: '2026-11-23' }] },
      '10:00',
      { certificates: [{ kind: 'hv', name: '高压电工' }] },
      [],
    ],
    ['that he is on leave', { stops: [stop(t('10:30'), t('11:00'), { kind: 'leave' })] }, '10:00', {}, ['on_leave']],
    [
      'that leave holds for remote work too',
      { stops: [stop(t('10:30'), t('11:00'), { kind: 'leave' })] },
      '10:00',
      { mode: 'remote' },
      ['on_leave'],
    ],
    ['that he has another visit then', { stops: [stop(t('10:30'), t('11:30'))] }, '10:00', {}, ['engineer_busy']],
    [
      'that the way there crosses another visit',
      { stops: [stop(t('09:00'), t('09:55'))] },
      '10:00',
      {},
      ['engineer_busy'],
    ],
    [
      'that remote work may run beside a visit',
      { stops: [stop(t('10:30'), t('11:30'))] },
      '10:00',
      { mode: 'remote' },
      [],
    ],
    [
      'nothing when the next visit is at the same place: the way to it is ridden before both',
      {
        stops: [
          stop(t('10:50'), t('11:10'), { kind: 'travel', point: at(20) }),
          stop(t('11:10'), t('12:00'), { point: at(20) }),
        ],
      },
      '10:00',
      {},
      [],
    ],
    ['that it begins before the shift', {}, '08:30', { promise: null }, ['outside_shift']],
    ['that it is his day off', { shiftOn: () => [] }, '10:00', {}, ['day_off']],
    ['that the promise is missed', {}, '13:00', {}, ['outside_promise']],
    ['that it ends after the due time', {}, '10:00', { dueAt: t('10:30') }, ['after_due']],
    ['that the site is closed', {}, '10:00', { accessOn: () => [[t('13:00'), t('17:00')]] }, ['site_closed']],
    [
      'that the notice for entry is short',
      {},
      '10:00',
      { entry: { leadMin: 1440, namedPersons: false, equipmentList: false, blocks: false } },
      ['entry_notice_short'],
    ],
    [
      'that the next visit cannot be reached',
      { stops: [stop(t('11:05'), t('12:00'))] },
      '10:00',
      {},
      ['next_unreachable'],
    ],
    ['that the day gets too long', { maxDayMin: 60 }, '10:00', {}, ['over_day_limit']],
    ['that the way is not known', { home: null }, '10:00', {}, ['travel_unknown']],
    ['that the hour has passed', {}, '07:00', { promise: null }, ['in_the_past', 'outside_shift']],
  ]
  it.each(cases)('%s', (_, e, start, j, expected) => {
    expect(codes(engineer(e), t(start), problem({ job: j }))).toEqual(expected)
  })
  it('lets a site that insists block a dispatch where another only warns', () => {
    const entry = { leadMin: 1440, namedPersons: false, equipmentList: false, blocks: true }
    const p = problem({ job: { entry } })
    expect(check(place(engineer(), t('10:00'), p), p)[0]).toMatchObject({
      code: 'entry_notice_short',
      severity: 'override',
    })
  })
})

describe('the earliest start', () => {
  const first = (e: Partial<EngineerState>, o: Parameters<typeof problem>[0] = {}) =>
    clock(earliest(engineer(e), problem(o))?.start)
  it('is the start of the promise for a free engineer', () => {
    expect(first({})).toBe('11-23T10:00')
  })
  it('is when the shift opens, with the way there before it', () => {
    expect(first({}, { job: { promise: null } })).toBe('11-23T09:00')
  })
  it('is after the way, when the shift is already running', () => {
    expect(first({}, { now: t('10:03') })).toBe('11-23T10:25')
  })
  it('follows the visit before it by the way from there', () => {
    expect(first({ stops: [stop(t('09:00'), t('10:30'))] })).toBe('11-23T10:40')
  })
  it('skips a gap from which the next visit cannot be reached', () => {
    const stops = [stop(t('11:05'), t('12:00')), stop(t('14:00'), t('15:00'))]
    expect(first({ stops })).toBe('11-23T12:10')
  })
  it('is the next working day after leave, and over a weekend', () => {
    expect(first({ stops: [stop(t('00:00'), t('00:00', '2026-11-24'), { kind: 'leave' })] })).toBe('11-24T09:00')
    expect(first({}, { now: t('17:30', '2026-11-27'), job: { promise: null } })).toBe('11-30T09:00')
  })
  it('waits for the notice that the site asks for', () => {
    const entry = { leadMin: 24 * 60, namedPersons: true, equipmentList: false, blocks: true }
    expect(first({}, { job: { promise: null, entry } })).toBe('11-24T09:00')
  })
  it('does not exist for work longer than any day', () => {
    expect(first({}, { job: { durationMin: 600 } })).toBeNull()
  })
  it('ignores the booking that is being moved', () => {
    const busy = stop(t('10:00'), t('12:00'))
    expect(first({ stops: [busy] }, { job: { moving: [busy.ref] } })).toBe('11-23T10:00')
  })
})

describe('the ranking', () => {
  it('puts the near before the far, the free before the full, the known before the new', () => {
    const near = engineer({ name: '近', home: at(15) })
    const far = engineer({ name: '远', home: at(90) })
    const full = engineer({ name: '满', home: at(15), stops: [stop(t('13:00'), t('18:00'))] })
    const known = engineer({ name: '熟', home: at(15), past: { visits: 4, lastAt: t('09:00', '2026-10-01') } })
    const { ranked } = recommend(problem({ engineers: [far, full, near, known] }))
    expect(ranked.map((c) => c.placement.engineer.name)).toEqual(['熟', '近', '满', '远'])
  })
  it('keeps the expert for harder work', () => {
    const expert = engineer({ name: '专家', skills: [{ code: 'switch', name: '交换机', level: 5 }] })
    const fit = engineer({ name: '合适' })
    expect(recommend(problem({ engineers: [expert, fit] })).ranked[0]?.placement.engineer.name).toBe('合适')
  })
  it('says of everybody left out what blocks him', () => {
    const { ranked, left } = recommend(
      problem({
        engineers: [
          engineer({ name: '无技能', skills: [] }),
          engineer({ name: '休假', stops: [stop(t('00:00'), t('00:00', '2026-12-03'), { kind: 'leave' })] }),
        ],
      }),
    )
    expect(ranked).toEqual([])
    expect(Object.fromEntries(left.map((b) => [b.engineer.name, b.findings.map((f) => f.code)]))).toEqual({
      无技能: ['skill_missing'],
      休假: ['no_free_time', 'on_leave'],
    })
  })
  it('adds the shares up to the cost, and explains each candidate', () => {
    const p = problem({ engineers: [engineer()] })
    const [c] = recommend(p).ranked
    expect(Object.values(c?.shares ?? {}).reduce((a, b) => a + b, 0)).toBeCloseTo(c?.cost ?? 0, 1)
    expect(c?.reasons.map((r) => r.code)).toEqual([
      'skill_has',
      'no_leave',
      'in_shift',
      'on_time',
      'travel_from_home',
      'load',
      'new_to_customer',
    ])
  })
  it('gives the same answer to the same question, whatever the order of the engineers', () => {
    const engineers = Array.from({ length: 30 }, (_, i) => engineer({ home: at(i % 5) }))
    const names = (list: EngineerState[]) =>
      recommend(problem({ engineers: list })).ranked.map((c) => c.placement.engineer.name)
    expect(names([...engineers].reverse())).toEqual(names(engineers))
  })
  it('never ranks a placement that a rule refuses, on random days', () => {
    let seed = 7
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648
      return seed % below
    }
    for (let round = 0; round < 200; round++) {
      const stops: Stop[] = []
      for (let m = t('09:00'); m < t('18:00'); m += random(200) * 60_000) {
        const to = m + (20 + random(100)) * 60_000
        stops.push(stop(m, to, { point: at(random(60)), kind: random(6) === 0 ? 'leave' : 'visit' }))
        m = to
      }
      const e = engineer({ stops, home: at(random(60)) })
      const p = problem({
        engineers: [e],
        now: t('08:00') + random(400) * 60_000,
        job: { durationMin: 15 + random(120), promise: null },
      })
      for (const { placement } of recommend(p).ranked) {
        const leave = placement.start - placement.travelMin * 60_000
        expect(stops.some((s) => s.from < placement.end && s.to > leave)).toBe(false)
        expect(leave).toBeGreaterThanOrEqual(p.now)
        expect(check(placement, p)).toEqual([])
      }
    }
  })
  it('counts nothing for a preference that is switched off', () => {
    const p = problem()
    p.policy.weights.travel = 0
    expect(price(place(engineer({ home: at(90) }), t('10:00'), p), p).shares.travel).toBe(0)
  })
})

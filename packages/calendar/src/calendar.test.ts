import fc from 'fast-check'
import { DateTime } from 'luxon'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  addWorkdays,
  addWorkingMinutes,
  always,
  atLocal,
  CalendarError,
  chinaCalendar,
  daySpans,
  holidayName,
  isProvisional,
  isProvisionalDate,
  isWorkday,
  isWorkingTime,
  localDate,
  localMinutes,
  nextWorkday,
  officeWeek,
  publishedThrough,
  type Shift,
  shiftIntervals,
  shiftSpans,
  startOfLocalDay,
  type WorkCalendar,
  weeklyShift,
  withOverrides,
  workdayOnOrAfter,
  workdaysBetween,
  workdaysIn,
  workIntervals,
  workingMinutes,
  workingMs,
} from './index'

const cn = chinaCalendar({ week: officeWeek, version: 1 })
const NY = 'America/New_York'
const newYork: WorkCalendar = { id: 'ny', version: 1, zone: NY, week: officeWeek, days: {}, provisionalFrom: null }
const nights: WorkCalendar = {
  ...newYork,
  id: 'nights',
  week: [[[1320, 1800]], [[1320, 1800]], [[1320, 1800]], [[1320, 1800]], [[1320, 1800]], [[300, 420]], []],
}
const at = (text: string, zone = 'Asia/Shanghai') => DateTime.fromISO(text, { zone }).toMillis()
const codeOf = (act: () => unknown) => {
  try {
    act()
  } catch (error) {
    if (error instanceof CalendarError) return error.code
    throw error
  }
  return 'no error'
}

// Every 7 minutes-and-a-bit somewhere between 2005 and 2035.
const instants = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2035, 0, 1) })
const zones = fc.constantFrom(
  'Asia/Shanghai',
  'Asia/Urumqi',
  NY,
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'America/Sao_Paulo',
  'Pacific/Apia',
  'UTC',
)

describe('zones', () => {
  test('C-01 the local date and minute agree with Luxon in every zone', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const there = DateTime.fromMillis(instant, { zone })
        expect(localDate(instant, zone)).toBe(there.toISODate())
        expect(Math.floor(localMinutes(instant, zone))).toBe(there.hour * 60 + there.minute)
      }),
      { numRuns: 500 },
    )
  })

  test('C-01 a wall time goes to an instant and back', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const back = atLocal(localDate(instant, zone), localMinutes(instant, zone), zone)
        // In a repeated hour the first of the two comes back.
        expect(localMinutes(back, zone)).toBeCloseTo(localMinutes(instant, zone), 6)
        expect(localDate(back, zone)).toBe(localDate(instant, zone))
        expect(back).toBeLessThanOrEqual(instant)
      }),
      { numRuns: 500 },
    )
  })

  test.each([
    ['a skipped half past two is half past three', '2026-03-08', 150, NY, '2026-03-08T07:30:00Z'],
    ['a repeated half past one is the first', '2026-11-01', 90, NY, '2026-11-01T05:30:00Z'],
    ['minutes past midnight run into the next day', '2026-11-23', 1500, 'Asia/Shanghai', '2026-11-23T17:00:00Z'],
    ['a skipped midnight starts the day at one', '2018-11-04', 0, 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
    ['a skipped day begins when the next one does', '2011-12-30', 0, 'Pacific/Apia', '2011-12-30T10:00:00Z'],
    ['half an hour of summer time', '2026-10-04', 135, 'Australia/Lord_Howe', '2026-10-03T15:45:00Z'],
  ])('C-02 %s', (_, date, minutes, zone, expected) => {
    expect(new Date(atLocal(date, minutes, zone)).toISOString().replace('.000', '')).toBe(expected)
  })

  test('C-02 the start of a day is the first instant of its date', () => {
    fc.assert(
      fc.property(instants, zones, (instant, zone) => {
        const start = startOfLocalDay(localDate(instant, zone), zone)
        expect(localDate(start, zone)).toBe(localDate(instant, zone))
        expect(localDate(start - 1, zone)).not.toBe(localDate(instant, zone))
      }),
    )
  })

  test('C-03 what is no date, zone or instant is refused', () => {
    for (const date of ['2026-02-30', '2026-13-01', '26-1-1', '', '2026-11-23T00:00']) {
      expect(codeOf(() => atLocal(date, 0, 'UTC'))).toBe('calendar_date')
    }
    expect(codeOf(() => localDate(0, 'Asia/Atlantis'))).toBe('calendar_zone')
    expect(codeOf(() => localDate(Number.NaN, 'UTC'))).toBe('calendar_instant')
  })
})

describe('days', () => {
  test.each([
    ['2026-11-23', true, 'a Monday'],
    ['2026-11-22', false, 'a Sunday'],
    ['2026-10-01', false, 'National Day'],
    ['2026-09-20', true, 'a Sunday worked for National Day'],
    ['2026-02-28', true, 'a Saturday worked for Spring Festival'],
    ['2026-02-16', false, 'a Monday of Spring Festival'],
    ['2022-12-31', false, 'New Year of 2023'],
    ['2004-01-17', true, 'a Saturday worked in the first year known'],
    ['2027-10-01', true, 'a Friday of which nothing is announced'],
  ])('C-12 %s: workday %s, %s', (date, expected) => {
    expect(isWorkday(cn, date)).toBe(expected)
  })

  test('C-12 the published years are complete and named', () => {
    expect(publishedThrough).toBeGreaterThanOrEqual(2026)
    for (let year = 2008; year <= publishedThrough; year++) {
      for (const day of ['-01-01', '-05-01', '-10-01', '-10-02', '-10-03'])
        expect(isWorkday(cn, year + day)).toBe(false)
    }
    expect(workdaysIn(cn, '2026-01-01', '2026-12-31')).toBe(248)
    expect(holidayName('2026-02-17')).toBe('春节')
    expect(holidayName('2026-11-23')).toBeUndefined()
    expect(holidayName('constructor')).toBeUndefined()
  })

  test('C-10 C-11 an override says what its date is', () => {
    const cal = withOverrides(cn, {
      version: 2,
      days: { '2026-11-24': 'off', '2026-11-25': [[540, 720]], '2026-11-29': 'work' },
    })
    expect(daySpans(cal, '2026-11-24')).toEqual([])
    expect(daySpans(cal, '2026-11-25')).toEqual([[540, 720]])
    expect(daySpans(cal, '2026-11-29')).toEqual(officeWeek[4])
    const halfSaturday: WorkCalendar = { ...cal, week: [...officeWeek.slice(0, 5), [[540, 720]], []] as never }
    expect(daySpans(halfSaturday, '2026-11-29')).toEqual([[540, 720]])
  })

  test('C-13 what rests on an unpublished year says so', () => {
    const first = cn.provisionalFrom!
    expect(first).toBe(publishedThrough + 1)
    const day = (date: string) => startOfLocalDay(date, cn.zone)
    expect(isProvisional(cn, day('2026-01-01'), day('2026-12-29'))).toBe(false)
    expect(isProvisional(cn, day('2026-01-01'), day('2026-12-29') + 1)).toBe(first === 2027)
    expect(isProvisional(cn, day(`${first}-06-01`), day(`${first}-06-01`))).toBe(true)
    expect(isProvisional(always, 0, day('2090-01-01'))).toBe(false)
    expect(isProvisionalDate(cn, `${first - 1}-12-28`)).toBe(false)
    expect(isProvisionalDate(cn, `${first - 1}-12-29`)).toBe(true)
  })

  test('C-14 an announcement makes a new version and leaves the old one alone', () => {
    const next = withOverrides(cn, { version: 2, days: { '2027-10-01': 'off' }, provisionalFrom: 2028 })
    expect(isWorkday(next, '2027-10-01')).toBe(false)
    expect(isProvisionalDate(next, '2027-10-01')).toBe(false)
    expect([isWorkday(cn, '2027-10-01'), isProvisionalDate(cn, '2027-10-01'), cn.version]).toEqual([true, true, 1])
  })

  test.each([
    ['end before start', [[600, 540]]],
    ['empty', [[600, 600]]],
    [
      'overlapping',
      [
        [540, 720],
        [700, 800],
      ],
    ],
    [
      'not in order',
      [
        [780, 1080],
        [540, 720],
      ],
    ],
    ['half minutes', [[540.5, 720]]],
    ['starting tomorrow', [[1440, 1500]]],
    ['longer than two days', [[0, 2881]]],
  ])('C-15 spans that are %s are refused', (_, spans) => {
    const days = { '2026-11-24': spans as never }
    expect(codeOf(() => withOverrides(cn, { version: 2, days }))).toBe('calendar_span')
  })

  test('C-15 dates and zones of a calendar are checked too', () => {
    expect(codeOf(() => withOverrides(cn, { version: 2, days: { '2026-11-31': 'off' } }))).toBe('calendar_date')
    expect(codeOf(() => chinaCalendar({ week: officeWeek, version: 1, zone: 'Mars/Base' }))).toBe('calendar_zone')
    expect(codeOf(() => chinaCalendar({ week: [] as never, version: 1 }))).toBe('calendar_week')
  })
})

describe('working time', () => {
  test.each([
    ['a whole day', '2026-11-23T00:00', '2026-11-24T00:00', 480],
    ['across lunch', '2026-11-23T11:30', '2026-11-23T13:30', 60],
    ['a weekend', '2026-11-20T17:00', '2026-11-23T10:00', 120],
    ['a week with National Day', '2026-09-30T17:00', '2026-10-08T10:00', 120],
    ['a worked Sunday', '2026-09-20T00:00', '2026-09-21T00:00', 480],
    ['seconds count', '2026-11-23T09:00:00', '2026-11-23T09:00:30', 0.5],
    ['outside the hours', '2026-11-23T18:00', '2026-11-24T09:00', 0],
  ])('C-20 %s', (_, from, to, minutes) => {
    expect(workingMinutes(cn, at(from), at(to))).toBe(minutes)
  })

  test('C-20 a night shift is an hour shorter in spring and longer in autumn', () => {
    const friday = { ...nights, days: { '2026-03-07': [[1320, 1800]], '2026-10-31': [[1320, 1800]] } } as WorkCalendar
    expect(workingMinutes(friday, at('2026-03-07T12:00', NY), at('2026-03-08T12:00', NY))).toBe(420)
    expect(workingMinutes(friday, at('2026-10-31T12:00', NY), at('2026-11-01T12:00', NY))).toBe(540)
    expect(workIntervals({ ...always, zone: NY }, '2026-03-08').map(([a, b]) => (b - a) / 3_600_000)).toEqual([23])
  })

  // By name, so that a counterexample does not print twenty years of holidays.
  const named = { cn, newYork, nights, always, alwaysInNewYork: { ...always, zone: NY } }
  const calendars = fc.constantFrom(...(Object.keys(named) as (keyof typeof named)[]))
  const span = fc.integer({ min: -40 * 86_400_000, max: 40 * 86_400_000 })

  test('C-21 it adds up, in both directions', () => {
    fc.assert(
      fc.property(calendars, instants, span, span, (name, a, x, y) => {
        const cal = named[name]
        expect(workingMs(cal, a, a + x) + workingMs(cal, a + x, a + x + y)).toBe(workingMs(cal, a, a + x + y))
        expect(workingMs(cal, a + x, a)).toBe(0 - workingMs(cal, a, a + x))
      }),
    )
  })

  test('C-20 it agrees with counting minute by minute', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 0, max: 4 * 1440 }), (name, from, minutes) => {
        const cal = named[name]
        const start = Math.floor(from / 60_000) * 60_000
        let counted = 0
        for (let i = 0; i < minutes; i++) if (isWorkingTime(cal, start + i * 60_000)) counted++
        expect(workingMinutes(cal, start, start + minutes * 60_000)).toBe(counted)
      }),
      { numRuns: 40 },
    )
  })

  test.each([
    ['ends at closing time', '2026-11-23T09:00', 480, '2026-11-23T18:00'],
    ['one minute more is next morning', '2026-11-23T09:00', 481, '2026-11-24T09:01'],
    ['starts counting when work does', '2026-11-21T03:00', 60, '2026-11-23T10:00'],
    ['steps over National Day', '2026-09-30T17:30', 60, '2026-10-08T09:30'],
    ['zero stays in the night', '2026-11-23T03:00', 0, '2026-11-23T03:00'],
    ['backwards', '2026-11-23T09:30', -60, '2026-11-20T17:30'],
    ['backwards to opening time', '2026-11-23T18:00', -480, '2026-11-23T09:00'],
  ])('C-22 %s', (_, from, minutes, expected) => {
    expect(addWorkingMinutes(cn, at(from), minutes)).toBe(at(expected))
  })

  test('C-23 adding is the inverse of measuring, to the millisecond, and the earliest such instant', () => {
    fc.assert(
      fc.property(calendars, instants, fc.integer({ min: 1, max: 12_000 * 60_000 }), (name, from, ms) => {
        const cal = named[name]
        const due = addWorkingMinutes(cal, from, ms / 60_000)
        expect(workingMs(cal, from, due)).toBe(ms)
        expect(workingMs(cal, from, due - 1)).toBe(ms - 1)
        const since = addWorkingMinutes(cal, from, -ms / 60_000)
        expect(workingMs(cal, since, from)).toBe(ms)
        expect(workingMs(cal, since + 1, from)).toBe(ms - 1)
      }),
    )
  })

  test('C-24 a night belongs to the evening on which it starts, and nothing counts twice', () => {
    // Friday 22:00 to Saturday 06:00, and Saturday's own 05:00–07:00.
    expect(workingMinutes(nights, at('2026-11-20T12:00', NY), at('2026-11-21T12:00', NY))).toBe(540)
    expect(daySpans(nights, '2026-11-20')).toEqual([[1320, 1800]])
    expect(isWorkingTime(nights, at('2026-11-21T06:59', NY))).toBe(true)
    expect(isWorkingTime(nights, at('2026-11-21T07:00', NY))).toBe(false)
  })

  test('C-25 a calendar without hours answers instead of hanging', () => {
    const idle: WorkCalendar = { ...cn, week: [[], [], [], [], [], [], []], days: {} }
    expect(codeOf(() => addWorkingMinutes(idle, 0, 1))).toBe('calendar_no_working_time')
    expect(codeOf(() => addWorkingMinutes(idle, 0, -1))).toBe('calendar_no_working_time')
    expect(codeOf(() => addWorkdays(idle, '2026-11-23', 1))).toBe('calendar_no_workday')
    expect(codeOf(() => addWorkingMinutes(cn, 0, Number.POSITIVE_INFINITY))).toBe('calendar_instant')
  })

  test('C-26 round the clock, working time is time', () => {
    fc.assert(
      fc.property(instants, span, (from, ms) => {
        expect(workingMs(always, from, from + ms)).toBe(ms)
        expect(addWorkingMinutes(always, from, ms / 60_000)).toBe(from + ms)
      }),
    )
  })
})

describe('workdays', () => {
  const dates = instants.map((instant) => localDate(instant, 'UTC'))

  test.each([
    ['2026-09-30', 1, '2026-10-08'],
    ['2026-10-08', -1, '2026-09-30'],
    ['2026-10-03', 0, '2026-10-03'],
    ['2026-02-13', 1, '2026-02-14'],
    ['2026-11-23', 3, '2026-11-26'],
  ])('C-30 %s plus %s workdays is %s', (date, n, expected) => {
    expect(addWorkdays(cn, date, n)).toBe(expected)
  })

  test('C-30 the next workday is after the date, the one on or after may be the date', () => {
    expect(nextWorkday(cn, '2026-11-23')).toBe('2026-11-24')
    expect(workdayOnOrAfter(cn, '2026-11-23')).toBe('2026-11-23')
    expect(workdayOnOrAfter(cn, '2026-11-21')).toBe('2026-11-23')
  })

  test('C-31 counting is the inverse of adding', () => {
    fc.assert(
      fc.property(dates, fc.integer({ min: -300, max: 300 }), (date, n) => {
        expect(workdaysBetween(cn, date, addWorkdays(cn, date, n))).toBe(n)
      }),
    )
  })

  test('C-32 a leave counts both its ends', () => {
    expect(workdaysIn(cn, '2026-11-23', '2026-11-27')).toBe(5)
    expect(workdaysIn(cn, '2026-09-28', '2026-10-09')).toBe(5)
    expect(workdaysIn(cn, '2026-11-23', '2026-11-23')).toBe(1)
    expect(workdaysIn(cn, '2026-11-24', '2026-11-23')).toBe(0)
  })
})

describe('shifts', () => {
  const early: WorkCalendar['week'] = [[[480, 960]], [[480, 960]], [[480, 960]], [[480, 960]], [[480, 960]], [], []]
  const late: WorkCalendar['week'] = [[[840, 1320]], [[840, 1320]], [[840, 1320]], [[840, 1320]], [[840, 1320]], [], []]
  const rotating = weeklyShift({ id: 'rotating', anchor: '2026-11-23', weeks: [early, late], followsHolidays: true })
  const fourDays: Shift = {
    id: '上二休二',
    anchor: '2026-11-23',
    cycle: [[[480, 1200]], [[1200, 1920]], [], []],
    followsHolidays: false,
  }

  test.each([
    ['2026-11-23', [[480, 960]]],
    ['2026-11-30', [[840, 1320]]],
    ['2026-11-16', [[840, 1320]]],
    ['2026-11-28', []],
  ])('C-40 early and late weeks take turns: %s', (date, spans) => {
    expect(shiftSpans(rotating, cn, date)).toEqual(spans)
  })

  test('C-40 a cycle repeats for ever, in both directions', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 3000 }), (n) => {
        const spans = fourDays.cycle[((n % 4) + 4) % 4]
        expect(shiftSpans(fourDays, cn, addDays('2026-11-23', n))).toEqual(spans)
      }),
    )
  })

  test('C-41 office shifts follow holidays and 调休, round-the-clock shifts do not', () => {
    expect(shiftSpans(rotating, cn, '2026-10-01')).toEqual([])
    // Sunday 20 September is worked; its week has the turn of Friday the 18th.
    expect(shiftSpans(rotating, cn, '2026-09-20')).toEqual(shiftSpans(rotating, cn, '2026-09-18'))
    expect(shiftSpans(rotating, cn, '2026-09-20')).not.toEqual([])
    const cal = withOverrides(cn, { version: 2, days: { '2026-11-24': [[540, 720]] } })
    expect(shiftSpans(rotating, cal, '2026-11-24')).toEqual([[540, 720]])
    expect(shiftSpans(fourDays, cn, '2026-10-02')).toEqual(shiftSpans(fourDays, cal, addDays('2026-10-02', 4)))
  })

  test('C-41 a night of the shift is real time across midnight', () => {
    expect(shiftIntervals(fourDays, cn, '2026-11-24')).toEqual([[at('2026-11-24T20:00'), at('2026-11-25T08:00')]])
  })

  test('C-42 a rotation that starts midweek or has no days is refused', () => {
    const bad = { id: 'x', weeks: [early], followsHolidays: true }
    expect(codeOf(() => weeklyShift({ ...bad, anchor: '2026-11-24' }))).toBe('calendar_cycle')
    expect(codeOf(() => weeklyShift({ ...bad, anchor: '2026-11-23', weeks: [] }))).toBe('calendar_cycle')
  })
})

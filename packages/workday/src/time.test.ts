import { describe, expect, it } from 'vitest'
import { type Correction, type DayInput, dayOfTime, type PaperTouch, type TimedVisit } from './time'

const midnight = Date.parse('2026-11-23T00:00:00+08:00')
/** 9.5 → half past nine of the day. */
const at = (hour: number) => midnight + Math.round(hour * 60) * 60_000
const clock = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16)

let n = 0
const visit = (v: Partial<TimedVisit>): TimedVisit => ({
  id: `v${++n}`,
  orderId: `o${n}`,
  tripId: null,
  mode: 'onsite',
  state: 'finished',
  travelMin: 30,
  departedAt: null,
  arrivedAt: null,
  startedAt: null,
  endedAt: null,
  pauses: [],
  checkIns: [],
  ...v,
})
const paper = (hour: number, documentId = 'd1'): PaperTouch => ({
  documentId,
  visitId: 'v',
  orderId: 'o',
  at: at(hour),
})
const correction = (from: number, to: number, kind: Correction['kind']): Correction => ({
  id: `c${++n}`,
  from: at(from),
  to: at(to),
  kind,
  visitId: null,
  orderId: null,
})
const office: DayInput['shift'] = [
  [at(9), at(12)],
  [at(13), at(18)],
]
const day = (more: Partial<DayInput>) =>
  dayOfTime({
    from: at(0),
    to: at(24),
    asOf: at(24),
    visits: [],
    papers: [],
    corrections: [],
    shift: null,
    away: [],
    ...more,
  })
const lines = (more: Partial<DayInput>) =>
  day(more).entries.map(
    (e) => `${e.kind} ${clock(e.from)}–${clock(e.to)}${e.flags.length ? ` (${e.flags.join()})` : ''}`,
  )
const holes = (more: Partial<DayInput>) => day(more).gaps.map((g) => `${clock(g.from)}–${clock(g.to)} ${g.cause}`)

describe('R1–R3: what a visit makes of the day', () => {
  const cases: [sentence: string, visits: () => TimedVisit[], entries: string[]][] = [
    [
      'the way, then the time on site from the arrival on, not only from the start of the work',
      () => [visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.75), endedAt: at(11) })],
      ['travel 09:00–09:30', 'onsite 09:30–11:00'],
    ],
    [
      'a meal is a break, waiting for parts is standby, the rest is work',
      () => [
        visit({
          arrivedAt: at(9),
          startedAt: at(9),
          endedAt: at(15),
          pauses: [
            { from: at(12), to: at(13), cause: 'break' },
            { from: at(13.5), to: at(14), cause: 'wait_parts' },
          ],
        }),
      ],
      ['onsite 09:00–12:00', 'break 12:00–13:00', 'onsite 13:00–13:30', 'standby 13:30–14:00', 'onsite 14:00–15:00'],
    ],
    [
      'who could not begin was there until he left',
      () => [visit({ departedAt: at(9), arrivedAt: at(9.5), endedAt: at(10) })],
      ['travel 09:00–09:30', 'onsite 09:30–10:00'],
    ],
    [
      'remote work has no way and no arrival',
      () => [visit({ mode: 'remote', startedAt: at(14), endedAt: at(14.5) })],
      ['remote 14:00–14:30'],
    ],
    [
      'several orders in one go share the way and the hours, each minute once',
      () => [
        visit({ tripId: 't', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(11) }),
        visit({ tripId: 't', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(11), endedAt: at(12) }),
      ],
      ['travel 09:00–09:30', 'onsite 09:30–11:00', 'onsite 11:00–12:00'],
    ],
    [
      'work at two places at once is counted once and flagged',
      () => [
        visit({ arrivedAt: at(9), startedAt: at(9), endedAt: at(11) }),
        visit({ arrivedAt: at(10), startedAt: at(10), endedAt: at(12) }),
      ],
      ['onsite 09:00–10:00', 'onsite 10:00–11:00 (overlap)', 'onsite 11:00–12:00'],
    ],
    [
      'help from afar during a way is work, the rest of the way is the way',
      () => [
        visit({ departedAt: at(9), arrivedAt: at(10), startedAt: at(10), endedAt: at(11) }),
        visit({ mode: 'remote', startedAt: at(9.25), endedAt: at(9.5) }),
      ],
      ['travel 09:00–09:15', 'remote 09:15–09:30', 'travel 09:30–10:00', 'onsite 10:00–11:00'],
    ],
    [
      'who is called back on the way was on the way',
      () => [visit({ state: 'cancelled', departedAt: at(9), endedAt: at(9.5) })],
      ['travel 09:00–09:30 (turned_back)'],
    ],
    [
      'a visit that was never ended is no entry: its end is not invented',
      () => [visit({ state: 'working', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5) })],
      ['travel 09:00–09:30'],
    ],
    [
      'a night belongs to both of its days',
      () => [visit({ departedAt: at(-1), arrivedAt: at(-0.5), startedAt: at(-0.5), endedAt: at(2) })],
      ['onsite 00:00–02:00'],
    ],
    [
      'more than twelve hours in one go are flagged',
      () => [visit({ arrivedAt: at(6), startedAt: at(6), endedAt: at(19) })],
      ['onsite 06:00–19:00 (long)'],
    ],
  ]
  it.each(cases)('%s', (_, visits, entries) => expect(lines({ visits: visits() })).toEqual(entries))

  it('names the events behind each entry', () => {
    const events = {
      [`visit.departed@${at(9)}`]: 'e1',
      [`visit.checked_in@${at(9.5)}`]: 'e2',
      [`visit.finished@${at(11)}`]: 'e3',
    }
    const { entries } = day({
      visits: [visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(11), events })],
    })
    expect(entries.map((e) => e.source)).toEqual([
      ['e1', 'e2'],
      ['e2', 'e3'],
    ])
  })

  it('gives the same whatever order the facts came in', () => {
    const all = [
      visit({ tripId: 't', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(11) }),
      visit({ tripId: 't', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(10), endedAt: at(12) }),
      visit({ mode: 'remote', startedAt: at(11.5), endedAt: at(13) }),
    ]
    expect(day({ visits: [...all].reverse() })).toEqual(day({ visits: all }))
  })
})

describe('R4: papers', () => {
  const cases: [sentence: string, papers: PaperTouch[], visits: TimedVisit[], entries: string[]][] = [
    ['saves close together are one sitting', [paper(19), paper(19.25), paper(19.5)], [], ['documentation 18:55–19:30']],
    ['a lone save is worth five minutes', [paper(19)], [], ['documentation 18:55–19:00']],
    [
      'a long silence begins a new sitting',
      [paper(19), paper(21)],
      [],
      ['documentation 18:55–19:00', 'documentation 20:55–21:00'],
    ],
    [
      'no sitting lasts longer than two hours',
      [19, 19.4, 19.8, 20.2, 20.6, 21, 21.4].map((h) => paper(h)),
      [],
      ['documentation 18:55–20:36', 'documentation 20:55–21:24'],
    ],
    [
      'what is written on site is time on site',
      [paper(10)],
      [visit({ arrivedAt: at(9), startedAt: at(9), endedAt: at(11) })],
      ['onsite 09:00–11:00'],
    ],
  ]
  it.each(cases)('%s', (_, papers, visits, entries) => expect(lines({ papers, visits })).toEqual(entries))
})

describe('R5: a resident’s day', () => {
  const resident = visit({
    mode: 'resident',
    state: 'working',
    arrivedAt: at(-48),
    startedAt: at(-48),
    checkIns: [at(-48), at(9.25)],
  })
  it('runs from the check-in through the shift, without its lunch', () =>
    expect(lines({ visits: [resident], shift: office })).toEqual([
      'onsite 09:15–12:00 (by_shift)',
      'onsite 13:00–18:00 (by_shift)',
    ]))
  it('is not there yet while the shift runs', () => {
    const now = day({ visits: [resident], shift: office, asOf: at(15) })
    expect(now.entries).toEqual([])
    expect(now.running).toEqual({ kind: 'onsite', visitId: resident.id, from: at(9.25) })
  })
  it('is nothing on a day without a check-in', () =>
    expect(lines({ visits: [{ ...resident, checkIns: [at(-48)] }], shift: office })).toEqual([]))
})

describe('R6: corrections', () => {
  const worked = visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(12) })
  it('stand over what is derived, and the last over the earlier ones', () =>
    expect(
      lines({ visits: [worked], corrections: [correction(11, 13, 'standby'), correction(12.5, 13, 'break')] }),
    ).toEqual(['travel 09:00–09:30', 'onsite 09:30–11:00', 'standby 11:00–12:30', 'break 12:30–13:00']))
  it('may say that it was no working time', () =>
    expect(lines({ visits: [worked], corrections: [correction(11, 12, null)] })).toEqual([
      'travel 09:00–09:30',
      'onsite 09:30–11:00',
    ]))
  it('explain a gap', () => {
    const visits = [visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(12) })]
    expect(holes({ visits, shift: office })).toEqual(['13:00–18:00 unexplained'])
    expect(holes({ visits, shift: office, corrections: [correction(13, 18, 'documentation')] })).toEqual([])
  })
})

describe('R7: gaps', () => {
  const cases: [sentence: string, more: Partial<DayInput>, gaps: string[]][] = [
    ['a day without any work asks for nothing', { shift: office }, []],
    [
      'an arrival without a departure',
      { visits: [visit({ arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(12) })] },
      ['09:00–09:30 no_departure'],
    ],
    [
      'the hole before it is the same gap',
      { shift: office, visits: [visit({ arrivedAt: at(10), startedAt: at(10), endedAt: at(18) })] },
      ['09:00–10:00 no_departure'],
    ],
    [
      'a mate of the trip set out for both',
      {
        visits: [
          visit({ tripId: 't', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(11) }),
          visit({ tripId: 't', arrivedAt: at(9.5), startedAt: at(11), endedAt: at(12) }),
        ],
      },
      [],
    ],
    [
      'leave explains itself',
      {
        shift: office,
        away: [[at(13), at(18)]],
        visits: [visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(12) })],
      },
      [],
    ],
    [
      'work that was never ended',
      {
        shift: office,
        visits: [visit({ state: 'working', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5) })],
      },
      ['09:30–12:00 not_finished', '13:00–18:00 not_finished'],
    ],
    [
      'what runs now is no gap, and the rest of the day is still to come',
      {
        shift: office,
        asOf: at(11),
        visits: [visit({ state: 'working', departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5) })],
      },
      [],
    ],
    [
      'nine minutes are nobody’s business',
      {
        shift: [[at(9), at(11.15)]],
        visits: [visit({ departedAt: at(9), arrivedAt: at(9.5), startedAt: at(9.5), endedAt: at(11) })],
      },
      [],
    ],
  ]
  it.each(cases)('%s', (_, more, gaps) => expect(holes(more)).toEqual(gaps))
})

describe('sums', () => {
  it('say what the shift left, what was worked beyond it, and nothing without a calendar', () => {
    const visits = [visit({ departedAt: at(17), arrivedAt: at(17.5), startedAt: at(17.5), endedAt: at(20) })]
    const known = day({ visits, shift: office, away: [[at(9), at(12)]] })
    expect([known.availableMin, known.overtimeMin]).toEqual([300, 120])
    expect(known.minutes).toMatchObject({ travel: 30, onsite: 150 })
    const unknown = day({ visits })
    expect([unknown.availableMin, unknown.overtimeMin]).toEqual([null, null])
  })
})

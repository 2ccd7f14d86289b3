// A day's time, derived from what happened at visits and papers. Pure: the server, the phone and the seed derive the
// same entries from the same facts. Instants are epoch milliseconds; the caller says where the local day begins and ends.

export type Instant = number
export type Interval = readonly [from: Instant, to: Instant]

export const TIME_KINDS = ['onsite', 'remote', 'travel', 'documentation', 'break', 'standby'] as const
export type TimeKind = (typeof TIME_KINDS)[number]
/** What counts as work in 有效工时利用率 (domain.md §6); the way is shown apart. */
export const WORK_KINDS: readonly TimeKind[] = ['onsite', 'remote', 'documentation']

/** A visit of the person, as far as time is concerned. */
export interface TimedVisit {
  id: string
  orderId: string
  tripId: string | null
  mode: 'onsite' | 'remote' | 'resident'
  state: string
  travelMin: number | null
  departedAt: Instant | null
  arrivedAt: Instant | null
  startedAt: Instant | null
  endedAt: Instant | null
  pauses: readonly { from: Instant; to: Instant | null; cause: string | null }[]
  checkIns: readonly Instant[]
  /** `type@ms` → id of the event that says so; the phone does not know them. */
  events?: Readonly<Record<string, string>>
}

/** The person saved, filed or had signed a document of his. */
export interface PaperTouch {
  documentId: string
  visitId: string
  orderId: string
  at: Instant
  eventId?: string
}

/** What somebody says the time was instead: it stands over whatever is derived. null: no working time. */
export interface Correction {
  id: string
  from: Instant
  to: Instant
  kind: TimeKind | null
  visitId: string | null
  orderId: string | null
}

export interface TimeEntry {
  kind: TimeKind
  from: Instant
  to: Instant
  minutes: number
  visitId: string | null
  orderId: string | null
  documentId: string | null
  correctionId: string | null
  /** Ids of the events that it was derived from. */
  source: string[]
  flags: TimeFlag[]
}
/** `overlap`: two visits claim it. `by_shift`: a resident's day ends with his shift. `long`: over twelve hours. `turned_back`: the way was given up. */
export type TimeFlag = 'overlap' | 'by_shift' | 'long' | 'turned_back'

export type GapCause = 'no_departure' | 'not_finished' | 'unexplained'
/** Time that nothing explains. */
export interface Gap {
  from: Instant
  to: Instant
  minutes: number
  cause: GapCause
  visitId: string | null
  orderId: string | null
}

export interface DayOfTime {
  entries: TimeEntry[]
  gaps: Gap[]
  /** What has begun and not ended: no entry yet. */
  running: { kind: TimeKind; visitId: string; from: Instant } | null
  minutes: Minutes
  /** Working time and ways outside the shift; null without a shift. */
  overtimeMin: number | null
  /** Minutes of the shift that leave does not take; null without a calendar. */
  availableMin: number | null
}
export type Minutes = Record<TimeKind, number>

export interface DayInput {
  /** The local day, end exclusive. */
  from: Instant
  to: Instant
  asOf: Instant
  visits: readonly TimedVisit[]
  papers: readonly PaperTouch[]
  corrections: readonly Correction[]
  /** When the person's shift has him at work on this day; null: nobody knows. */
  shift: readonly Interval[] | null
  /** Leave and training. */
  away: readonly Interval[]
}

const MINUTE = 60_000
/** Saves of a document closer together than this are one sitting. */
export const SITTING_MS = 30 * MINUTE
/** A single save stands for the minutes in which it was written. */
export const TOUCH_MS = 5 * MINUTE
export const SITTING_MAX_MS = 120 * MINUTE
/** Holes shorter than this are nobody's business. */
export const GAP_MS = 10 * MINUTE
const LONG_MS = 12 * 60 * MINUTE
const BREAKS = ['break', 'lunch', 'meal', 'rest']

/** What lays claim to a stretch of time; the highest rank has it. */
interface Claim {
  rank: number
  /** null: no working time, said by a correction. */
  kind: TimeKind | null
  from: Instant
  to: Instant
  visitId: string | null
  orderId: string | null
  documentId: string | null
  correctionId: string | null
  tripId: string | null
  source: string[]
  flags: TimeFlag[]
}

// R3: who works does not wait, who breaks does not wait, who is there is not on the way, and papers are written besides.
const RANK = { correction: 100, work: 60, remote: 55, break: 50, standby: 45, waiting: 40, travel: 30, paper: 20 }

const minutesBetween = (from: Instant, to: Instant) => Math.round(to / MINUTE) - Math.round(from / MINUTE)
const blank = { documentId: null, correctionId: null, flags: [] as TimeFlag[] }

function ids(v: TimedVisit, ...marks: [type: string, at: Instant | null][]): string[] {
  return marks.flatMap(([type, at]) => {
    const id = at === null ? undefined : v.events?.[`${type}@${at}`]
    return id ? [id] : []
  })
}

/** R1, R2: what one visit claims of its person's time. */
function claimsOf(v: TimedVisit, day: DayInput): Claim[] {
  const own = { ...blank, visitId: v.id, orderId: v.orderId, tripId: v.tripId }
  const claims: Claim[] = []
  const claim = (
    rank: number,
    kind: TimeKind,
    from: Instant | null,
    to: Instant | null,
    source: string[],
    flags: TimeFlag[] = [],
  ) => {
    if (from !== null && to !== null && to > from) claims.push({ ...own, rank, kind, from, to, source, flags })
  }
  const end = (['finished', 'aborted', 'cancelled', 'reassigned', 'rescheduled'] as const).map(
    (t): [string, Instant | null] => [`visit.${t}`, v.endedAt],
  )
  const turned = v.arrivedAt === null && (v.state === 'cancelled' || v.state === 'reassigned')
  claim(
    RANK.travel,
    'travel',
    v.departedAt,
    v.arrivedAt ?? (turned ? v.endedAt : null),
    ids(v, ['visit.departed', v.departedAt], ['visit.checked_in', v.arrivedAt], ...(turned ? end : [])),
    turned ? ['turned_back'] : [],
  )
  for (const p of v.pauses) {
    const rest = p.cause !== null && BREAKS.includes(p.cause)
    claim(
      rest ? RANK.break : RANK.standby,
      rest ? 'break' : 'standby',
      p.from,
      p.to ?? v.endedAt,
      ids(v, ['visit.paused', p.from], ['visit.resumed', p.to]),
    )
  }
  if (v.mode === 'resident') {
    // R5: nobody checks out of a residence in the evening: the day ends with the shift, or with the assignment.
    for (const at of v.checkIns.filter((at) => at >= day.from && at < day.to)) {
      const last = day.shift?.at(-1)?.[1] ?? null
      const ended = v.endedAt !== null && v.endedAt < day.to ? v.endedAt : null
      const until = ended ?? (last !== null && last <= day.asOf ? last : null)
      if (until === null) continue
      const source = ids(v, ['visit.checked_in', at], ...(ended === null ? [] : end))
      for (const [from, to] of day.shift ?? [[at, until] as const])
        claim(
          RANK.waiting,
          'onsite',
          Math.max(from, at),
          Math.min(to, until),
          source,
          ended === null ? ['by_shift'] : [],
        )
    }
    return claims
  }
  const works = (from: Instant, to: Instant) => {
    const [rank, kind] = v.mode === 'remote' ? ([RANK.remote, 'remote'] as const) : ([RANK.work, 'onsite'] as const)
    const source = ids(v, ['visit.checked_in', v.arrivedAt], ['visit.started', v.startedAt], ...end)
    let at = from
    for (const p of [...v.pauses].sort((a, b) => a.from - b.from)) {
      claim(rank, kind, at, Math.min(p.from, to), source)
      at = Math.max(at, p.to ?? to)
    }
    claim(rank, kind, at, to, source)
  }
  if (v.startedAt !== null && v.endedAt !== null) works(v.startedAt, v.endedAt)
  if (v.mode === 'onsite' && v.arrivedAt !== null)
    claim(
      RANK.waiting,
      'onsite',
      v.arrivedAt,
      v.startedAt ?? v.endedAt,
      ids(v, ['visit.checked_in', v.arrivedAt], ['visit.started', v.startedAt], ...(v.startedAt === null ? end : [])),
    )
  return claims
}

/** R4: papers written away from the site: sittings of saves, each bounded. */
function paperClaims(papers: readonly PaperTouch[]): Claim[] {
  const claims: (Claim & { last: Instant })[] = []
  for (const p of [...papers].sort((a, b) => a.at - b.at)) {
    const before = claims.findLast((c) => c.documentId === p.documentId)
    const source = p.eventId ? [p.eventId] : []
    if (before && p.at - before.last <= SITTING_MS && p.at - before.from <= SITTING_MAX_MS) {
      before.to = p.at
      before.last = p.at
      before.source.push(...source)
    } else
      claims.push({
        ...blank,
        rank: RANK.paper,
        kind: 'documentation',
        from: p.at - TOUCH_MS,
        to: p.at,
        last: p.at,
        visitId: p.visitId,
        orderId: p.orderId,
        documentId: p.documentId,
        tripId: null,
        source,
      })
  }
  return claims
}

const rivals = (a: Claim, b: Claim) =>
  a.rank >= RANK.waiting &&
  b.rank >= RANK.waiting &&
  b.rank < RANK.correction &&
  a.rank < RANK.correction &&
  a.visitId !== b.visitId &&
  (a.tripId === null || a.tripId !== b.tripId)

/** Each moment belongs to one claim; neighbours of one claim are one stretch. */
function settle(
  claims: readonly Claim[],
  from: Instant,
  to: Instant,
): { claim: Claim; from: Instant; to: Instant; overlap: boolean }[] {
  const cut = claims
    .map((c) => ({ claim: c, from: Math.max(c.from, from), to: Math.min(c.to, to) }))
    .filter((c) => c.to > c.from)
  const moments = [...new Set(cut.flatMap((c) => [c.from, c.to]))].sort((a, b) => a - b)
  const out: { claim: Claim; from: Instant; to: Instant; overlap: boolean }[] = []
  for (const [i, start] of moments.slice(0, -1).entries()) {
    const stop = moments[i + 1] as Instant
    const here = cut.filter((c) => c.from <= start && c.to >= stop).map((c) => c.claim)
    const winner = here.sort(
      (a, b) =>
        b.rank - a.rank || a.from - b.from || (`${a.visitId}${a.documentId}` < `${b.visitId}${b.documentId}` ? -1 : 1),
    )[0]
    if (!winner) continue
    const overlap = here.some((c) => rivals(winner, c))
    const last = out.at(-1)
    if (last && last.to === start && last.claim === winner && last.overlap === overlap) last.to = stop
    else out.push({ claim: winner, from: start, to: stop, overlap })
  }
  return out
}

/** Arriving and working at one visit are one stretch of time on site. */
function joined(pieces: readonly TimeEntry[]): TimeEntry[] {
  const out: TimeEntry[] = []
  for (const e of pieces) {
    const last = out.at(-1)
    const same =
      last &&
      last.to === e.from &&
      last.kind === e.kind &&
      last.visitId === e.visitId &&
      last.documentId === e.documentId &&
      last.correctionId === e.correctionId &&
      last.flags.join() === e.flags.join()
    if (!same) out.push(e)
    else {
      last.to = e.to
      last.minutes = minutesBetween(last.from, last.to)
      last.source = [...new Set([...last.source, ...e.source])]
    }
  }
  return out
}

const cover = (list: readonly Interval[]): [Instant, Instant][] => {
  const out: [Instant, Instant][] = []
  for (const [from, to] of [...list].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}
/** What is left of `of` without `taken`. */
export function without(of: readonly Interval[], taken: readonly Interval[]): [Instant, Instant][] {
  let rest = cover(of)
  for (const [from, to] of cover(taken))
    rest = rest.flatMap(([a, b]): [Instant, Instant][] =>
      to <= a || from >= b
        ? [[a, b]]
        : [...(from > a ? [[a, from] as [Instant, Instant]] : []), ...(to < b ? [[to, b] as [Instant, Instant]] : [])],
    )
  return rest
}
const total = (list: readonly Interval[]) => list.reduce((n, [from, to]) => n + minutesBetween(from, to), 0)

export const noMinutes = (): Minutes => ({ onsite: 0, remote: 0, travel: 0, documentation: 0, break: 0, standby: 0 })
export function sumMinutes(entries: readonly Pick<TimeEntry, 'kind' | 'minutes'>[]): Minutes {
  const sums = noMinutes()
  for (const e of entries) sums[e.kind] += e.minutes
  return sums
}

/** The time of one person's local day. Late events simply are among the facts: the answer is the same in any order. */
export function dayOfTime(day: DayInput): DayOfTime {
  const derived = [...day.visits.flatMap((v) => claimsOf(v, day)), ...paperClaims(day.papers)]
  // R6: the correction made last stands over the others.
  const corrected = day.corrections.map(
    (c, i): Claim => ({
      ...blank,
      rank: RANK.correction + i,
      kind: c.kind,
      from: c.from,
      to: c.to,
      visitId: c.visitId,
      orderId: c.orderId,
      correctionId: c.id,
      tripId: null,
      source: [],
    }),
  )
  const settled = settle([...derived, ...corrected], day.from, Math.min(day.to, day.asOf))
  const pieces = settled.flatMap(({ claim, from, to, overlap }): TimeEntry[] => {
    const minutes = minutesBetween(from, to)
    if (claim.kind === null || minutes < 1) return []
    const flags = [
      ...claim.flags,
      ...(overlap ? (['overlap'] as const) : []),
      ...(to - from > LONG_MS ? (['long'] as const) : []),
    ]
    const { kind, visitId, orderId, documentId, correctionId } = claim
    return [
      {
        kind,
        from,
        to,
        minutes,
        visitId,
        orderId,
        documentId,
        correctionId,
        source: [...new Set(claim.source)],
        flags,
      },
    ]
  })
  const entries = joined(pieces)
  const running = runningOf(day)
  const working = entries.filter((e) => e.kind !== 'break')
  const paid = working.map((e): Interval => [e.from, e.to])
  return {
    entries,
    gaps: gapsOf(
      day,
      settled.map((s): Interval => [s.from, s.to]),
      running,
      entries,
    ),
    running,
    minutes: sumMinutes(entries),
    overtimeMin: day.shift === null ? null : total(without(paid, without(day.shift, day.away))),
    availableMin: day.shift === null ? null : total(without(day.shift, day.away)),
  }
}

function runningOf(day: DayInput): DayOfTime['running'] {
  const { asOf } = day
  if (asOf < day.from || asOf >= day.to) return null
  for (const v of day.visits) {
    if (v.endedAt !== null) continue
    const pause = v.pauses.find((p) => p.to === null)
    if (pause)
      return {
        kind: pause.cause !== null && BREAKS.includes(pause.cause) ? 'break' : 'standby',
        visitId: v.id,
        from: pause.from,
      }
    if (v.mode === 'resident') {
      const at = v.checkIns.findLast((at) => at >= day.from && at <= asOf)
      if (at !== undefined) return { kind: 'onsite', visitId: v.id, from: at }
      continue
    }
    const since = v.startedAt ?? v.arrivedAt
    if (since !== null) return { kind: v.mode === 'remote' ? 'remote' : 'onsite', visitId: v.id, from: since }
    if (v.departedAt !== null && v.state === 'en_route') return { kind: 'travel', visitId: v.id, from: v.departedAt }
  }
  return null
}

/** R7: holes in the shift up to now, and ways that nobody set out on. */
function gapsOf(
  day: DayInput,
  known: readonly Interval[],
  running: DayOfTime['running'],
  entries: readonly TimeEntry[],
): Gap[] {
  const until = Math.min(day.to, day.asOf)
  const taken: Interval[] = [...known, ...day.away, ...(running ? [[running.from, day.to] as Interval] : [])]
  // Shared arrivals of one trip: one mate that set out has set out for all.
  const arrivedBlind = day.visits.filter(
    (v) =>
      v.mode === 'onsite' &&
      v.arrivedAt !== null &&
      v.arrivedAt > day.from &&
      v.arrivedAt < until &&
      v.departedAt === null &&
      !day.visits.some((m) => m !== v && m.tripId !== null && m.tripId === v.tripId && m.departedAt !== null),
  )
  const ways = arrivedBlind.map(
    (v): Interval => [
      Math.max(day.from, (v.arrivedAt as Instant) - Math.max(v.travelMin ?? 0, GAP_MS / MINUTE) * MINUTE),
      v.arrivedAt as Instant,
    ],
  )
  // A day without any work is a day off or a day at the office: nobody is asked to explain each of its hours.
  const worked = entries.length > 0 || running !== null || ways.length > 0
  const frame = worked
    ? (day.shift ?? []).map(([a, b]): Interval => [a, Math.min(b, until)]).filter(([a, b]) => b > a)
    : []
  return without(cover([...frame, ...ways]), taken)
    .filter(([from, to]) => to - from >= GAP_MS)
    .map(([from, to]): Gap => {
      const blind = arrivedBlind.find((v) => v.arrivedAt === to)
      const open = day.visits.find(
        (v) =>
          v.endedAt === null &&
          v.mode === 'onsite' &&
          (v.startedAt ?? v.arrivedAt) !== null &&
          ((v.startedAt ?? v.arrivedAt) as Instant) <= from,
      )
      const about = blind ?? open
      return {
        from,
        to,
        minutes: minutesBetween(from, to),
        cause: blind ? 'no_departure' : open ? 'not_finished' : 'unexplained',
        visitId: about?.id ?? null,
        orderId: about?.orderId ?? null,
      }
    })
}

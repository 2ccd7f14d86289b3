import type { Interval } from '#calendar'
import type { Point } from '../engineers'

// What the recommendation is about, as plain values: the rules and the search know no database. Instants are epoch ms.

export interface Stop {
  /** The visit, trip or absence. */
  ref: string
  from: number
  to: number
  kind: 'visit' | 'travel' | 'leave' | 'training'
  point: Point | null
  /** Customer or site, for the explanation. */
  name: string | null
}

export interface EngineerState {
  id: string
  name: string
  teamId: string | null
  teamName: string | null
  home: Point | null
  skills: readonly { code: string; name: string; level: number }[]
  certificates: readonly { kind: string; name: string; expiresOn: string | null }[]
  maxDayMin: number
  maxWeekMin: number
  /** Hours of the shift by local date, holidays and 调休 taken into account; empty: a day off. */
  shiftOn: (date: string) => readonly Interval[]
  /** Everything that holds his time in the weeks looked at, in order. */
  stops: readonly Stop[]
  /** Finished visits to this customer. */
  past: { visits: number; lastAt: number | null }
}

export interface Job {
  orderId: string
  mode: 'onsite' | 'remote' | 'resident'
  durationMin: number
  skills: readonly { code: string; name: string; level: number }[]
  certificates: readonly { kind: string; name: string }[]
  point: Point | null
  siteName: string | null
  /** When the site lets people in, by local date; null: always. */
  accessOn: ((date: string) => readonly Interval[]) | null
  /** 进场要求 of the site; `blocks`: they stop a dispatch, else they only warn. */
  entry: { leadMin: number; namedPersons: boolean; equipmentList: boolean; blocks: boolean } | null
  promise: { start: number; end: number } | null
  dueAt: number | null
  /** Judge everybody here instead of each at his own earliest. */
  fixedStart: number | null
  /** Bookings under these refs do not count: they are what is being moved. */
  moving: readonly string[]
}

export interface Way {
  distanceM: number
  min: number
}

export interface DispatchPolicy {
  /** What one unit of each rule's cost weighs; 0 switches the preference off, never the check. */
  weights: { skills: number; load: number; travel: number; window: number; shift: number; familiarity: number }
  /** What a finding does: refuse, need the override right and a reason, or only warn. */
  severity: Record<FindingCode, Severity>
  /** Days ahead in which a start is looked for. */
  horizonDays: number
  /** Suggested starts fall on multiples of this. */
  stepMin: number
  /** Taken where a place is not known. */
  unknownTravelMin: number
  /** How an offer that nobody opens goes up, each step so many minutes after it was made. */
  ladder: { by: 'push' | 'robot' | 'email' | 'dispatcher'; afterMin: number }[]
  /** An offer that nobody answered by then goes to the dispatcher, or to the next candidate. */
  unansweredMin: number
  unanswered: 'dispatcher' | 'next_candidate'
}

export type Severity = 'refuse' | 'override' | 'warn'

export interface Problem {
  now: number
  zone: string
  job: Job
  engineers: readonly EngineerState[]
  policy: DispatchPolicy
  /** Work at one place that follows within this time is one trip: the way there is ridden once. */
  tripGapMin: number
  /** The way at the instant in which it begins, about. */
  way: (a: Point, b: Point, at: number) => Way
  /** The local date of an instant in the problem's zone. */
  dateOf: (at: number) => string
}

/** One engineer at one time: what the rules judge. */
export interface Placement {
  engineer: EngineerState
  start: number
  end: number
  /** The way to the site before it; null: remote, or no place known. */
  travel: (Way & { from: 'home' | 'stop'; name: string | null }) | null
  /** Minutes reserved before the start, known way or not. */
  travelMin: number
  /** The visit that follows on the same day, and the way to it. */
  next: { stop: Stop; way: Way | null } | null
}

export const findingCodes = [
  'skill_missing',
  'skill_low',
  'certificate_missing',
  'certificate_expired',
  'on_leave',
  'engineer_busy',
  'in_the_past',
  'outside_shift',
  'day_off',
  'outside_promise',
  'after_due',
  'site_closed',
  'entry_notice_short',
  'entry_names_needed',
  'entry_equipment_needed',
  'next_unreachable',
  'over_day_limit',
  'over_week_limit',
  'travel_unknown',
  'no_free_time',
] as const
export type FindingCode = (typeof findingCodes)[number]

export const reasonCodes = [
  'skill_has',
  'certificate_valid',
  'on_time',
  'load',
  'travel_from_home',
  'travel_from_stop',
  'in_shift',
  'no_leave',
  'knows_customer',
  'new_to_customer',
] as const
export type ReasonCode = (typeof reasonCodes)[number]

export type Params = Record<string, string | number | boolean | null>
export interface Finding {
  rule: string
  code: FindingCode
  severity: Severity
  params: Params
}
export interface Reason {
  rule: string
  code: ReasonCode
  params: Params
}

export interface Objection {
  code: FindingCode
  params: Params
  /** Where the case itself says how grave it is; the policy does otherwise. */
  severity?: Severity
}
export interface Argument {
  code: ReasonCode
  params: Params
}

/** One scheduling rule, one file. `check` says what is wrong, `cost` what it is worth, `explain` what speaks for it. */
export interface Rule {
  name: string
  check(p: Placement, problem: Problem): Objection[]
  /** In minutes that the company would give for it, before the weight; never negative. */
  cost?(p: Placement, problem: Problem): number
  weight?: keyof DispatchPolicy['weights']
  explain(p: Placement, problem: Problem): Argument[]
}

export interface Candidate {
  placement: Placement
  cost: number
  /** Cost by rule, weighted; they add up to `cost`. */
  shares: Record<string, number>
  findings: Finding[]
  reasons: Reason[]
}
export interface Blocked {
  engineer: EngineerState
  findings: Finding[]
}

/** What the dispatch engine will fulfil later: rank who can do it, and say of everybody else why not. */
export type Recommend = (problem: Problem) => { ranked: Candidate[]; left: Blocked[] }

export const min = (ms: number) => Math.round(ms / 60_000)
export const samePlace = (a: Point | null, b: Point | null) => !!a && !!b && a.lat === b.lat && a.lng === b.lng
export const overlaps = (a: { from: number; to: number }, from: number, to: number) => a.from < to && a.to > from

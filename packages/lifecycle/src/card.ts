// What a visit's fold comes to on a screen: instants as the wire writes them, the verbs that are possible, the one that is
// next. Pure, so that a phone without a network shows what the server would answer.

import type { CheckIn, VisitState } from './fold'
import { can, type VisitMode, type VisitStateCode } from './table'

/** The verbs that the wire knows, with their names in the lifecycle table. */
export const WORK_VERBS = {
  open: 'open',
  take: 'take',
  decline: 'decline',
  appoint: 'appoint',
  depart: 'depart',
  checkIn: 'check_in',
  start: 'start',
  pause: 'pause',
  resume: 'resume',
  finish: 'finish',
  abort: 'abort',
  confirm: 'confirm',
  addEvidence: 'add_evidence',
} as const
export type WorkVerb = keyof typeof WORK_VERBS

const NEXT: Partial<Record<VisitStateCode, Partial<Record<VisitMode, WorkVerb>>>> = {
  offered: { onsite: 'take', remote: 'take', resident: 'take' },
  taken: { onsite: 'depart', remote: 'start', resident: 'checkIn' },
  en_route: { onsite: 'checkIn', resident: 'checkIn' },
  on_site: { onsite: 'start', resident: 'start' },
  working: { onsite: 'finish', remote: 'finish', resident: 'finish' },
  paused: { onsite: 'resume', remote: 'resume', resident: 'resume' },
}

/**
 * The one next step of whoever holds the visit. Today's resident who has not checked in does that first, and the
 * customer is called before anybody sets out without an appointment. `today`: local date at the site.
 */
export function nextVerb(
  v: Pick<VisitState, 'state' | 'mode' | 'appointment' | 'checkIns'>,
  today: string,
): WorkVerb | null {
  if (v.mode === 'resident' && ['on_site', 'working', 'paused'].includes(v.state))
    if (!v.checkIns.some((c) => c.day === today)) return 'checkIn'
  if (v.mode === 'onsite' && v.state === 'taken' && v.appointment === null) return 'appoint'
  return NEXT[v.state]?.[v.mode] ?? null
}

/**
 * Whether it is this person's to work on: the engineer who holds it, or a candidate of an open offer. Abilities are asked
 * elsewhere.
 */
export const holds = (
  v: { people: readonly string[]; fold: Pick<VisitState, 'engineerId'> },
  person: string | null,
): boolean =>
  person !== null && v.people.includes(person) && (v.fold.engineerId === null || v.fold.engineerId === person)

/** What the holder may do now; nothing for anybody else. An open offer can only be seen and taken. */
export function workCan(f: VisitState, mine: boolean): Record<WorkVerb | 'reschedule' | 'appeal', boolean> {
  const possible = (verb: Parameters<typeof can<'visit'>>[2]) => mine && can('visit', f.state, verb, { mode: f.mode })
  const held = f.engineerId !== null
  const verbs = Object.fromEntries(
    Object.entries(WORK_VERBS).map(([name, verb]) => [
      name,
      possible(verb) && (held || name === 'take' || name === 'open'),
    ]),
  ) as Record<WorkVerb, boolean>
  return {
    ...verbs,
    reschedule: held && possible('reschedule'),
    appeal: mine && f.checkIns.some((c) => (c.grade === 'C' || c.grade === 'D') && c.appealedAt === null),
  }
}

const iso = (ms: number) => new Date(ms).toISOString()
const maybe = (ms: number | null | undefined) => (ms === null || ms === undefined ? null : iso(ms))
const range = (w: { start: number; end: number } | null) => w && { start: iso(w.start), end: iso(w.end) }

export const checkInCard = (c: CheckIn) => ({
  id: c.id,
  at: iso(c.at),
  day: c.day,
  grade: c.grade,
  gradedAs: c.gradedAs,
  reasons: c.reasons.map((r) => ({ code: r.code, params: r.params })),
  reviewedAt: maybe(c.reviewedAt),
  appealedAt: maybe(c.appealedAt),
  drawn: c.drawn === true,
})

/** What the fold alone says of a visit in lists and on cards. */
export const visitCard = (f: VisitState) => ({
  role: f.role,
  required: f.required,
  mode: f.mode,
  state: f.state,
  planned: { start: iso(f.planned.start), end: iso(f.planned.end) },
  travelMin: f.travelMin,
  promise: range(f.promise.current),
  promiseOriginal: range(f.promise.original),
  appointment: f.appointment && {
    start: iso(f.appointment.start),
    end: maybe(f.appointment.end),
    contactId: f.appointment.contactId,
  },
  offerExpiresAt: maybe(f.offerExpiresAt),
  offeredAt: maybe(f.offeredAt),
  openedAt: maybe(f.openedAt),
  takenAt: maybe(f.takenAt),
  departedAt: maybe(f.departedAt),
  arrivedAt: maybe(f.arrivedAt),
  startedAt: maybe(f.startedAt),
  finishedAt: maybe(f.finishedAt),
  endedAt: maybe(f.endedAt),
  result: f.result,
  remaining: f.remaining,
  cause: f.cause,
  grade: f.checkIns.at(-1)?.grade ?? null,
  replaces: f.replaces,
  successorId: f.successorId,
})

/** What it says on the visit's own page besides. */
export const visitDetail = (f: VisitState) => ({
  reasonOfEnd: f.endReason,
  foreseeable: f.foreseeable,
  pendingDocuments: [...f.pendingDocuments],
  customerConfirmedAt: maybe(f.customerConfirmedAt),
  pauses: f.pauses.map((p) => ({ from: iso(p.from), to: maybe(p.to), reason: p.reason })),
  checkIns: f.checkIns.map(checkInCard),
  flags: [...f.flags],
})

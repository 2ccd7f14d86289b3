// The day's report, drafted from facts: sentences as code + params, each with the fact that it says. No model, no
// clock: the phone drafts offline what the server drafts, and the difference between two drafts is what has changed.

import type { Instant, Minutes, TimeKind } from './time'

export type SubjectKind = 'visit' | 'order' | 'document' | 'evidence' | 'time' | 'request'
export type ExceptionCode =
  | 'late'
  | 'partial'
  | 'unable'
  | 'missed'
  | 'aborted'
  | 'doubted'
  | 'checks_failed'
  | 'pending_documents'
  | 'held'
  | 'overtime'
  | 'gap'
  | 'low_score'
/** The worst first: supervisors read in this order. */
export const EXCEPTIONS: readonly ExceptionCode[] = [
  'missed',
  'unable',
  'aborted',
  'low_score',
  'doubted',
  'late',
  'partial',
  'checks_failed',
  'pending_documents',
  'held',
  'overtime',
  'gap',
]

export type Param = string | number | null
export interface Sentence {
  /** The same fact has the same key in every draft. */
  key: string
  code: string
  params: Record<string, Param>
  /** Which card it stands on: a visit, the requests, the papers, the time, tomorrow. */
  group: string
  subject: { kind: SubjectKind; id: string }
  exception: ExceptionCode | null
}

export interface ReportedVisit {
  id: string
  orderId: string
  title: string
  customer: string
  mode: 'onsite' | 'remote' | 'resident'
  state: string
  planned: { start: Instant; end: Instant }
  travelMin: number | null
  promiseEnd: Instant | null
  departedAt: Instant | null
  arrivedAt: Instant | null
  startedAt: Instant | null
  endedAt: Instant | null
  /** A resident's check-in of this day. */
  checkInAt: Instant | null
  result: 'done' | 'partial' | 'unable' | null
  remaining: string | null
  cause: string | null
  reason: string | null
  grade: 'A' | 'B' | 'C' | 'D' | null
  pauses: readonly { from: Instant; to: Instant | null; cause: string | null }[]
  photos: number
  /** From the worksheet: items checked, those that failed by name, parts used in words. */
  checks: { done: number; failed: readonly { zh: string; en: string }[] } | null
  parts: readonly string[]
}

export interface DayFacts {
  date: string
  zone: string
  visits: readonly ReportedVisit[]
  /** Papers that are still to follow. */
  pending: readonly { documentId: string; visitId: string; titleZh: string; titleEn: string; customer: string }[]
  /** Orders of the day that wait for something. */
  held: readonly { orderId: string; title: string; customer: string; cause: string; from: Instant }[]
  /** Help, parts, colleagues, time, escalations that he asked for on this day. */
  requests: readonly { id: string; kind: string; customer: string; words: string }[]
  time: { minutes: Minutes; overtimeMin: number | null }
  tomorrow: readonly { id: string; title: string; customer: string; start: Instant }[]
}

export const LATE_GRACE_MIN = 15
/** Time moves by a minute here and there; a report has changed when it moves by a quarter of an hour. */
export const TIME_TOLERANCE_MIN = 15
const MINUTE = 60_000
const OVERTIME_FROM_MIN = 30

const happened = (v: ReportedVisit) =>
  v.departedAt !== null || v.arrivedAt !== null || v.startedAt !== null || v.checkInAt !== null || v.state === 'missed'

/** Whether there was work on the day: only then is a report missed. */
export const worked = (f: Pick<DayFacts, 'visits' | 'time'>): boolean =>
  f.visits.some(happened) || Object.values(f.time.minutes).some((m) => m > 0)

/** D2: why somebody came late, as far as the facts say it. */
function lateCause(v: ReportedVisit, all: readonly ReportedVisit[]): { code: string; customer: string | null } {
  if (v.promiseEnd !== null && v.planned.start > v.promiseEnd) return { code: 'planned', customer: null }
  const set = v.departedAt
  const previous = all
    .filter((p) => p.id !== v.id && p.mode === 'onsite' && p.endedAt !== null && p.endedAt <= (set ?? v.arrivedAt ?? 0))
    .sort((a, b) => (b.endedAt as number) - (a.endedAt as number))[0]
  if (previous && (previous.endedAt as number) > previous.planned.end + LATE_GRACE_MIN * MINUTE)
    return { code: 'previous', customer: previous.customer }
  if (set === null) return { code: 'unknown', customer: null }
  const shouldLeave = v.planned.start - (v.travelMin ?? 0) * MINUTE
  if (set > shouldLeave + LATE_GRACE_MIN * MINUTE) return { code: 'left_late', customer: null }
  return { code: 'road', customer: null }
}

const minutes = (from: Instant, to: Instant) => Math.round((to - from) / MINUTE)

function ofVisit(v: ReportedVisit, all: readonly ReportedVisit[]): Sentence[] {
  const out: Sentence[] = []
  const say = (
    part: string,
    code: string,
    params: Record<string, Param> = {},
    exception: ExceptionCode | null = null,
  ) =>
    out.push({
      key: `${v.id}:${part}`,
      code,
      params: { customer: v.customer, ...params },
      group: `visit:${v.id}`,
      subject: { kind: 'visit', id: v.id },
      exception,
    })
  const begin = v.mode === 'remote' ? v.startedAt : v.arrivedAt
  const base = { title: v.title, mode: v.mode, from: begin, to: v.endedAt }
  if (v.state === 'missed') say('result', 'visit.missed', { title: v.title, start: v.planned.start }, 'missed')
  else if (v.state === 'aborted')
    say('result', 'visit.aborted', { ...base, cause: v.cause, reason: v.reason }, 'aborted')
  else if (v.result === 'done') say('result', 'visit.done', base)
  else if (v.result === 'partial') say('result', 'visit.partial', { ...base, remaining: v.remaining ?? '' }, 'partial')
  else if (v.result === 'unable')
    say('result', 'visit.unable', { ...base, cause: v.cause, remaining: v.remaining }, 'unable')
  else if (v.mode === 'resident' && v.checkInAt !== null)
    say('result', 'visit.resident', { title: v.title, at: v.checkInAt })
  else if (v.state === 'cancelled' || v.state === 'reassigned')
    say('result', 'visit.turned_back', { title: v.title, state: v.state })
  else say('result', 'visit.underway', { title: v.title, state: v.state, from: begin ?? v.departedAt })
  if (v.mode === 'onsite' && v.promiseEnd !== null && v.arrivedAt !== null) {
    const late = minutes(v.promiseEnd, v.arrivedAt)
    if (late > LATE_GRACE_MIN) {
      const { code, customer } = lateCause(v, all)
      say('late', 'visit.late', { minutes: late, promise: v.promiseEnd, cause: code, previous: customer }, 'late')
    }
  }
  const waits = v.pauses.filter((p) => p.to !== null && p.cause !== null && p.cause !== 'break')
  for (const cause of [...new Set(waits.map((p) => p.cause as string))]) {
    const n = waits.filter((p) => p.cause === cause).reduce((sum, p) => sum + minutes(p.from, p.to as number), 0)
    if (n > 0) say(`pause:${cause}`, 'visit.paused', { minutes: n, cause })
  }
  if (v.photos > 0) say('photos', 'visit.photos', { n: v.photos })
  if (v.checks && v.checks.done > 0) say('checks', 'visit.checks', { n: v.checks.done })
  if (v.checks && v.checks.failed.length > 0)
    say(
      'failed',
      'visit.checks_failed',
      {
        n: v.checks.failed.length,
        items: v.checks.failed.map((x) => x.zh).join('、'),
        itemsEn: v.checks.failed.map((x) => x.en).join(', '),
      },
      'checks_failed',
    )
  if (v.parts.length > 0) say('parts', 'visit.parts', { items: v.parts.join('、') })
  if (v.grade === 'C' || v.grade === 'D') say('grade', 'visit.doubted', { grade: v.grade }, 'doubted')
  return out
}

/** The draft of a day: what was done, what went otherwise, what is open, the time, tomorrow. */
export function draftReport(f: DayFacts): Sentence[] {
  const done = f.visits.filter(happened).sort((a, b) => first(a) - first(b) || (a.id < b.id ? -1 : 1))
  const out = done.flatMap((v) => ofVisit(v, done))
  for (const h of f.held)
    out.push({
      key: `${h.orderId}:held`,
      code: 'order.held',
      params: { customer: h.customer, title: h.title, cause: h.cause },
      group: 'open',
      subject: { kind: 'order', id: h.orderId },
      exception: 'held',
    })
  for (const r of f.requests)
    out.push({
      key: `${r.id}:request`,
      code: 'request.sent',
      params: { kind: r.kind, customer: r.customer, words: r.words },
      group: 'open',
      subject: { kind: 'request', id: r.id },
      exception: null,
    })
  for (const p of f.pending)
    out.push({
      key: `${p.documentId}:pending`,
      code: 'document.pending',
      params: { customer: p.customer, titleZh: p.titleZh, titleEn: p.titleEn },
      group: 'open',
      subject: { kind: 'document', id: p.documentId },
      exception: 'pending_documents',
    })
  const m = f.time.minutes
  if (Object.values(m).some((n) => n > 0))
    out.push({
      key: 'time:total',
      code: 'time.total',
      params: { ...m },
      group: 'time',
      subject: { kind: 'time', id: f.date },
      exception: null,
    })
  const over = f.time.overtimeMin ?? 0
  if (over >= OVERTIME_FROM_MIN)
    out.push({
      key: 'time:overtime',
      code: 'time.overtime',
      params: { minutes: over },
      group: 'time',
      subject: { kind: 'time', id: f.date },
      exception: 'overtime',
    })
  for (const t of [...f.tomorrow].sort((a, b) => a.start - b.start || (a.id < b.id ? -1 : 1)))
    out.push({
      key: `${t.id}:tomorrow`,
      code: 'tomorrow.visit',
      params: { customer: t.customer, title: t.title, start: t.start },
      group: 'tomorrow',
      subject: { kind: 'visit', id: t.id },
      exception: null,
    })
  return out
}
const first = (v: ReportedVisit) => v.departedAt ?? v.arrivedAt ?? v.startedAt ?? v.checkInAt ?? v.planned.start

export const exceptionsOf = (sentences: readonly Sentence[]): ExceptionCode[] => {
  const found = new Set(sentences.map((s) => s.exception))
  return EXCEPTIONS.filter((e) => found.has(e))
}

export interface Difference {
  key: string
  was: Sentence | null
  is: Sentence | null
}

/** Numbers of the time sentence that moved by less than the tolerance have not changed. */
const sameTime = (a: Sentence, b: Sentence) =>
  (Object.keys(b.params) as TimeKind[]).every(
    (k) => Math.abs(Number(a.params[k] ?? 0) - Number(b.params[k] ?? 0)) < TIME_TOLERANCE_MIN,
  )
const alike = (a: Sentence, b: Sentence): boolean => {
  if (a.code !== b.code) return false
  if (a.group === 'time') return sameTime(a, b)
  const keys = new Set([...Object.keys(a.params), ...Object.keys(b.params)])
  return [...keys].every((k) => (a.params[k] ?? null) === (b.params[k] ?? null))
}

/** D5: what the facts say now that the report did not say, by fact. Tomorrow's plan was a plan: it may change. */
export function differences(reported: readonly Sentence[], now: readonly Sentence[]): Difference[] {
  const lasting = (list: readonly Sentence[]) => list.filter((s) => s.group !== 'tomorrow')
  const was = new Map(lasting(reported).map((s) => [s.key, s]))
  const is = new Map(lasting(now).map((s) => [s.key, s]))
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key): Difference[] => {
    const a = was.get(key) ?? null
    const b = is.get(key) ?? null
    if (
      a && b
        ? alike(a, b)
        : (a ?? b)?.code === 'time.overtime' &&
          Math.abs(Number((a ?? b)?.params.minutes)) < OVERTIME_FROM_MIN + TIME_TOLERANCE_MIN
    )
      return []
    return [{ key, was: a, is: b }]
  })
}

import { z } from 'zod'
import { Can, Id, IdParams, Instant, LocalDate, Minutes, Ok, PersonRef, Reason, Rev, text } from './common.schema'
import { defineRoute } from './route'

// ── time ──

export const TimeKind = z.enum(['onsite', 'remote', 'travel', 'documentation', 'break', 'standby'])
export const MinutesByKind = z.object({
  onsite: Minutes,
  remote: Minutes,
  travel: Minutes,
  documentation: Minutes,
  break: Minutes,
  standby: Minutes,
})
export const TimeEntry = z.object({
  id: Id,
  date: LocalDate,
  kind: TimeKind,
  from: Instant,
  to: Instant,
  minutes: Minutes,
  /** `derived` from what happened, `corrected` by a person with a reason, `confirmed` with its day. */
  state: z.enum(['derived', 'corrected', 'confirmed']),
  visitId: Id.nullable(),
  orderId: Id.nullable(),
  /** Whose: what the screen names beside the time. */
  customer: z.string().nullable(),
  title: z.string().nullable(),
  documentId: Id.nullable(),
  correctionId: Id.nullable(),
  /** Events that it was derived from. */
  source: z.array(Id),
  flags: z.array(z.string()),
  /** Estimated road of a way. */
  distanceM: z.number().int().nullable(),
})
export const TimeGap = z.object({
  from: Instant,
  to: Instant,
  minutes: Minutes,
  cause: z.enum(['no_departure', 'not_finished', 'unexplained']),
  visitId: Id.nullable(),
})
export const TimeCorrection = z.object({
  id: Id,
  date: LocalDate,
  from: Instant,
  to: Instant,
  /** null: it was no working time. */
  kind: TimeKind.nullable(),
  visitId: Id.nullable(),
  orderId: Id.nullable(),
  reason: z.string(),
  /** What stood there before. */
  was: z.array(z.object({ kind: TimeKind, from: Instant, to: Instant })),
  by: PersonRef,
  at: Instant,
  withdrawn: z.object({ by: PersonRef, at: Instant, reason: z.string() }).nullable(),
})
/** What a later event would make of a confirmed day. */
export const TimeDifference = z.object({ was: MinutesByKind, is: MinutesByKind, at: Instant })
export const TimeDay = z.object({
  date: LocalDate,
  zone: z.string(),
  state: z.enum(['open', 'confirmed']),
  confirmed: z.object({ by: PersonRef, at: Instant }).nullable(),
  /** An event that came late has changed the day since. */
  lateAt: Instant.nullable(),
  difference: TimeDifference.nullable(),
  entries: z.array(TimeEntry),
  gaps: z.array(TimeGap),
  corrections: z.array(TimeCorrection),
  minutes: MinutesByKind,
  /** Outside the shift; null without a calendar. */
  overtimeMin: Minutes.nullable(),
  availableMin: Minutes.nullable(),
  rev: Rev,
  can: Can,
})

// ── report ──

export const ExceptionCode = z.enum([
  'late',
  'partial',
  'unable',
  'missed',
  'aborted',
  'doubted',
  'checks_failed',
  'pending_documents',
  'held',
  'overtime',
  'gap',
  'low_score',
])
export const Sentence = z.object({
  key: z.string().min(1).max(120),
  code: z.string().min(1).max(60),
  params: z.record(z.string().max(40), z.union([z.string().max(4000), z.number(), z.null()])),
  group: z.string().min(1).max(80),
  subject: z.object({
    kind: z.enum(['visit', 'order', 'document', 'evidence', 'time', 'request']),
    id: z.string().min(1).max(60),
  }),
  exception: ExceptionCode.nullable(),
})
/** A sentence as it was handed in: as drafted, in other words, or left out. */
export const ReportLine = Sentence.extend({
  hidden: z.boolean().default(false),
  text: text(1000).nullable().default(null),
})
export const OwnLine = z.object({ kind: z.enum(['note', 'problem', 'suggestion', 'plan']), text: text(1000) })
const ReportDifference = z.object({ key: z.string(), was: Sentence.nullable(), is: Sentence.nullable() })
export const Reaction = z.enum(['seen', 'thanks', 'well_done', 'attention'])
export const ReportComment = z.object({
  id: Id,
  author: PersonRef,
  body: z.string(),
  /** Asks for an answer. */
  question: z.boolean(),
  at: Instant,
})
export const Report = z.object({
  id: Id,
  person: PersonRef,
  date: LocalDate,
  zone: z.string(),
  /** Handed in again is another version; the earlier ones are kept. */
  version: z.number().int(),
  submittedAt: Instant,
  offline: z.boolean(),
  lines: z.array(ReportLine),
  own: z.array(OwnLine),
  /** SHA-256 over person, date, lines and own words: what was handed in stays what it was. */
  hash: z.string(),
  exceptions: z.array(ExceptionCode),
  /** What the facts say since. */
  differences: z.array(ReportDifference),
  comments: z.array(ReportComment),
  reactions: z.array(z.object({ person: PersonRef, kind: Reaction })),
  reads: z.array(z.object({ person: PersonRef, at: Instant })),
  can: Can,
})
export const ReportRow = z.object({
  person: PersonRef,
  teamName: z.string().nullable(),
  /** There was work: only then is a report missed. */
  worked: z.boolean(),
  report: z
    .object({
      id: Id,
      submittedAt: Instant,
      changed: z.boolean(),
      /** Problems and suggestions in his own words. */
      own: z.array(OwnLine),
      readByMe: z.boolean(),
      comments: z.number().int(),
      /** The last word is a question of somebody else. */
      waiting: z.boolean(),
      reactions: z.array(z.object({ kind: Reaction, n: z.number().int() })),
    })
    .nullable(),
  chasedAt: Instant.nullable(),
  exceptions: z.array(ExceptionCode),
  minutes: MinutesByKind,
  overtimeMin: Minutes.nullable(),
  gaps: z.number().int(),
  visits: z.number().int(),
})

/** What the phone needs beside its visits to draft a report and to draw the day: one row a day. */
export const ReportReplica = z.object({
  date: LocalDate,
  zone: z.string(),
  from: Instant,
  to: Instant,
  shift: z.array(z.tuple([Instant, Instant])).nullable(),
  away: z.array(z.tuple([Instant, Instant])),
  papers: z.array(z.object({ documentId: Id, visitId: Id, orderId: Id, at: Instant })),
  corrections: z.array(TimeCorrection),
  confirmed: z.boolean(),
  held: z.array(z.object({ orderId: Id, title: z.string(), customer: z.string(), cause: z.string(), from: Instant })),
  report: Report.nullable(),
  chased: z.boolean(),
})

// ── roll-ups ──

export const RollUpRow = z.object({
  id: Id,
  name: z.string(),
  teamName: z.string().nullable(),
  minutes: MinutesByKind,
  /** 1 人天 = 8 h of onsite, remote and documentation. */
  personDays: z.number(),
  overtimeMin: Minutes,
  availableMin: Minutes.nullable(),
  /** Share of the calendar that was work; null without a calendar. */
  utilisation: z.number().nullable(),
  travelM: z.number().int(),
  ordersDone: z.number().int(),
  visits: z.number().int(),
  reports: z.number().int(),
  reportsDue: z.number().int(),
  exceptions: z.array(z.object({ code: ExceptionCode, n: z.number().int() })),
  /** Mean of the four weeks before. */
  before: z.object({ workMin: z.number(), travelMin: z.number(), ordersDone: z.number(), exceptions: z.number() }),
})
export const MonthRow = z.object({
  id: Id,
  name: z.string(),
  teamName: z.string().nullable(),
  minutes: MinutesByKind,
  personDays: z.number(),
  overtimeMin: Minutes,
  availableMin: Minutes.nullable(),
  days: z.number().int(),
  confirmedDays: z.number().int(),
  corrections: z.number().int(),
  differences: z.number().int(),
})

const tag = 'office'
const summary = (zh: string, en: string) => ({ zh, en })
const Day = LocalDate.refine((d) => d >= '2000-01-01' && d <= '2100-12-31', 'date_unlikely')
const Month = z.string().regex(/^20\d\d-(0[1-9]|1[0-2])$/)

export const officeRoutes = {
  personTime: defineRoute({
    method: 'GET',
    path: '/api/people/:id/time',
    tag,
    access: 'time.read',
    errors: ['not_found', 'time_order', 'period_too_long'],
    summary: summary('一个人的工时，按天', 'Time of a person, by day'),
    params: IdParams,
    query: z.object({ from: Day, to: Day }),
    reply: z.object({ person: PersonRef, days: z.array(TimeDay) }),
  }),
  correctTime: defineRoute({
    method: 'POST',
    path: '/api/people/:id/time-corrections',
    tag,
    access: 'time.correct',
    command: 'time.correct',
    offline: 'fail',
    errors: ['not_found', 'time_order', 'time_confirmed', 'time_outside_day', 'time_too_early'],
    summary: summary('补录或更正工时', 'Correct time, with a reason'),
    params: IdParams,
    body: z.object({
      id: Id.optional(),
      date: Day,
      from: Instant,
      to: Instant,
      kind: TimeKind.nullable(),
      visitId: Id.nullable().default(null),
      reason: Reason,
    }),
    reply: TimeDay,
  }),
  withdrawCorrection: defineRoute({
    method: 'POST',
    path: '/api/time-corrections/:id/withdraw',
    tag,
    access: 'time.correct',
    command: 'time.withdraw',
    offline: 'fail',
    errors: ['not_found', 'time_confirmed', 'correction_withdrawn'],
    summary: summary('撤回更正', 'Take a correction back'),
    params: IdParams,
    body: z.object({ reason: Reason }),
    reply: TimeDay,
  }),
  confirmTime: defineRoute({
    method: 'POST',
    path: '/api/people/:id/time-confirm',
    tag,
    access: 'time.confirm',
    command: 'time.confirm',
    errors: ['not_found', 'time_order', 'period_too_long', 'time_not_over'],
    summary: summary('确认工时（锁定）', 'Confirm time: it is locked'),
    params: IdParams,
    body: z.object({ from: Day, to: Day }),
    reply: z.object({ confirmed: z.number().int() }),
  }),
  reopenTime: defineRoute({
    method: 'POST',
    path: '/api/people/:id/time-reopen',
    tag,
    access: 'time.confirm',
    command: 'time.reopen',
    errors: ['not_found', 'time_not_confirmed'],
    summary: summary('重新打开已确认的一天', 'Open a confirmed day again'),
    params: IdParams,
    body: z.object({ date: Day, reason: Reason }),
    reply: TimeDay,
  }),
  timeMonth: defineRoute({
    method: 'GET',
    path: '/api/time/month',
    tag,
    access: 'time.read',
    summary: summary('一个月的工时，按人员', 'Time of a month, by person'),
    query: z.object({ month: Month, teamId: Id.optional() }),
    reply: z.object({ month: z.string(), zone: z.string(), rows: z.array(MonthRow), can: Can }),
  }),
  exportMonth: defineRoute({
    method: 'GET',
    path: '/api/time/export',
    tag,
    access: 'time.export',
    summary: summary('导出工时（XLSX）', 'Export time as XLSX'),
    query: z.object({ month: Month, teamId: Id.optional() }),
  }),
  submitReport: defineRoute({
    method: 'POST',
    path: '/api/people/:id/reports',
    tag,
    access: 'report.write',
    command: 'report.submit',
    offline: 'append',
    errors: ['not_found', 'forbidden', 'report_future', 'report_empty'],
    summary: summary('提交日报', 'Hand in the report of a day'),
    params: IdParams,
    body: z.object({
      id: Id,
      date: Day,
      lines: z.array(ReportLine).max(400),
      own: z.array(OwnLine).max(40).default([]),
    }),
    reply: Report,
  }),
  listReports: defineRoute({
    method: 'GET',
    path: '/api/reports',
    tag,
    access: 'report.read',
    summary: summary('某一天的日报：谁交了，谁没交，例外在前', 'Reports of a day: who, who not, exceptions first'),
    query: z.object({ date: Day.optional(), teamId: Id.optional() }),
    reply: z.object({
      date: LocalDate,
      zone: z.string(),
      teams: z.array(z.object({ id: Id, name: z.string() })),
      rows: z.array(ReportRow),
      can: Can,
    }),
  }),
  reportWeek: defineRoute({
    method: 'GET',
    path: '/api/reports/week',
    tag,
    access: 'report.read',
    summary: summary('周汇总：工时、工单、例外与前四周对比', 'The week against the four before'),
    query: z.object({ monday: Day.optional(), teamId: Id.optional() }),
    reply: z.object({
      from: LocalDate,
      to: LocalDate,
      zone: z.string(),
      teams: z.array(z.object({ id: Id, name: z.string() })),
      people: z.array(RollUpRow),
      byTeam: z.array(RollUpRow),
      /** This week and the four before, oldest first, of all that is shown. */
      trend: z.array(
        z.object({
          from: LocalDate,
          minutes: MinutesByKind,
          ordersDone: z.number().int(),
          exceptions: z.number().int(),
        }),
      ),
      can: Can,
    }),
  }),
  exportWeek: defineRoute({
    method: 'GET',
    path: '/api/reports/week/export',
    tag,
    access: 'time.export',
    summary: summary('导出周汇总（XLSX）', 'Export the week as XLSX'),
    query: z.object({ monday: Day.optional(), teamId: Id.optional() }),
  }),
  getReport: defineRoute({
    method: 'GET',
    path: '/api/reports/:id',
    tag,
    access: 'report.read',
    errors: ['not_found'],
    summary: summary('一份日报', 'A report'),
    params: IdParams,
    reply: Report,
  }),
  commentReport: defineRoute({
    method: 'POST',
    path: '/api/reports/:id/comments',
    tag,
    access: 'report.comment',
    command: 'report.comment',
    offline: 'append',
    errors: ['not_found'],
    summary: summary('评论、追问或回答', 'Comment, ask or answer'),
    params: IdParams,
    body: z.object({ id: Id.optional(), body: text(2000), question: z.boolean().default(false) }),
    reply: Report,
  }),
  reactReport: defineRoute({
    method: 'POST',
    path: '/api/reports/:id/reactions',
    tag,
    access: 'report.react',
    command: 'report.react',
    errors: ['not_found'],
    summary: summary('回应（已阅、辛苦了、做得好、关注）', 'React in one word'),
    params: IdParams,
    body: z.object({ kind: Reaction, on: z.boolean().default(true) }),
    reply: Report,
  }),
  readReport: defineRoute({
    method: 'POST',
    path: '/api/reports/:id/read',
    tag,
    access: 'report.read',
    command: 'report.read',
    errors: ['not_found'],
    summary: summary('标为已读', 'Mark as read'),
    params: IdParams,
    body: z.object({}).default({}),
    reply: Ok,
  }),
}

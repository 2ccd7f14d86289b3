import { z } from 'zod'
import {
  Can,
  Coordinate,
  Id,
  IdParams,
  Instant,
  LocalDate,
  Message,
  Minutes,
  many,
  Page,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { AbsenceKind, HeldSkill, Load } from './engineers.schema'
import { SlaClock } from './orders.schema'
import { defineRoute } from './route'

const Mode = z.enum(['onsite', 'remote', 'resident'])
const MemberRole = z.enum(['lead', 'member'])
const TimeWindow = z.object({ start: Instant, end: Instant })
const EngineerRef = z.object({ id: Id, name: z.string(), teamId: Id.nullable(), teamName: z.string().nullable() })

/** What speaks against a placement. Instants in params are ISO; minutes are whole. */
export const FindingCode = z.enum([
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
])
/** What speaks for it. */
export const ReasonCode = z.enum([
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
])
/** refuse: cannot be done. override: with the right and a reason. warn: is said. */
export const Severity = z.enum(['refuse', 'override', 'warn'])
export const Finding = Message.extend({ rule: z.string(), code: FindingCode, severity: Severity })
export const RankReason = Message.extend({ rule: z.string(), code: ReasonCode })

const Travel = z.object({
  min: Minutes,
  distanceM: z.number().int(),
  from: z.enum(['home', 'stop']),
  name: z.string().nullable(),
})
const PlacementLoad = z.object({
  dayMin: Minutes,
  dayCapacityMin: Minutes,
  dayPercent: z.number().int().nullable(),
  dayPercentWith: z.number().int().nullable(),
  weekMin: Minutes,
  weekCapacityMin: Minutes,
  weekPercent: z.number().int().nullable(),
})
export const Placement = z.object({
  engineer: EngineerRef,
  start: Instant,
  end: Instant,
  /** When he has to set out. */
  leaveBy: Instant,
  travel: Travel.nullable(),
  travelMin: Minutes,
  load: PlacementLoad,
  /** Weighted minutes, and what each rule adds to them. */
  cost: z.number(),
  shares: z.record(z.string(), z.number()),
  reasons: z.array(RankReason),
  findings: z.array(Finding),
})
export const Candidate = Placement.extend({ rank: z.number().int() })
export const BlockedEngineer = z.object({ engineer: EngineerRef, findings: z.array(Finding) })

export const DispatchOrder = z.object({
  id: Id,
  number: z.string().nullable(),
  title: z.string(),
  priority: z.string(),
  state: z.string(),
  mode: Mode,
  durationMin: Minutes,
  crew: z.number().int(),
  skills: z.array(HeldSkill),
  promise: TimeWindow.nullable(),
  dueAt: Instant.nullable(),
  customerId: Id,
  customerName: z.string(),
  siteId: Id.nullable(),
  siteName: z.string().nullable(),
  point: Coordinate.nullable(),
})

/** A visit as a dispatch command leaves it. */
export const PlacedVisit = z.object({
  id: Id,
  rev: Rev,
  orderId: Id,
  engineerId: Id.nullable(),
  state: z.string(),
  start: Instant,
  end: Instant,
  travelMin: Minutes.nullable(),
  /** What was said and gone on with. */
  findings: z.array(Finding),
})

export const BoardBar = z.object({
  visitId: Id,
  rev: Rev,
  orderId: Id,
  orderNumber: z.string().nullable(),
  title: z.string(),
  priority: z.string(),
  engineerId: Id.nullable(),
  customerId: Id,
  customerName: z.string(),
  siteName: z.string().nullable(),
  point: Coordinate.nullable(),
  state: z.string(),
  mode: Mode,
  role: MemberRole,
  start: Instant,
  end: Instant,
  travelMin: Minutes.nullable(),
  travelM: z.number().int().nullable(),
  appointment: z.object({ start: Instant, end: Instant.nullable() }).nullable(),
  promise: TimeWindow.nullable(),
  /** Past its promise, or past its start and nobody there. */
  late: z.boolean(),
  /** Agreed with the customer, under way or over: not to be moved lightly. */
  locked: z.boolean(),
  madeBy: z.enum(['person', 'rule', 'engine']),
  offer: z.object({ at: Instant, expiresAt: Instant.nullable(), opened: z.boolean() }).nullable(),
  can: Can,
})

export const BoardRow = z.object({
  engineer: EngineerRef,
  skills: z.array(HeldSkill),
  load: Load,
  /** Planned ways of the day, metres; null: some place of it is not known. */
  dayM: z.number().int().nullable(),
  shift: z.array(z.object({ from: Instant, to: Instant })),
  away: z.array(z.object({ ref: Id, kind: AbsenceKind, from: Instant, to: Instant })),
  /** Where the day begins, for the map; only for those who may see it. */
  home: Coordinate.nullable(),
})

export const UnassignedCard = z.object({
  orderId: Id,
  rev: Rev,
  number: z.string().nullable(),
  title: z.string(),
  type: z.string(),
  priority: z.string(),
  state: z.string(),
  customerId: Id,
  customerName: z.string(),
  siteName: z.string().nullable(),
  address: z.string().nullable(),
  point: Coordinate.nullable(),
  mode: Mode,
  durationMin: Minutes,
  crew: z.number().int(),
  /** Engineers who have taken it already. */
  crewHave: z.number().int(),
  skills: z.array(HeldSkill),
  promise: TimeWindow.nullable(),
  dueAt: Instant.nullable(),
  createdAt: Instant,
  late: z.boolean(),
  /** The order's clocks that still run or are paused, the soonest first. */
  sla: z.array(SlaClock),
  /** Work that the last visit left. */
  remaining: z.string().nullable(),
  can: Can,
})

export const BoardConflict = z.object({
  code: z.enum(['overlap', 'next_unreachable', 'on_leave', 'outside_shift', 'offline_conflict']),
  visitId: Id,
  engineerId: Id.nullable(),
  params: z.record(z.string(), z.unknown()),
})

export const Move = z.object({
  id: Id,
  at: Instant,
  verb: z.enum(['assign', 'offer', 'reassign', 'recall', 'move']),
  orderId: Id,
  orderNumber: z.string().nullable(),
  title: z.string(),
  visitId: Id,
  by: z.object({ kind: z.string(), id: Id.nullable(), name: z.string() }),
  madeBy: z.enum(['person', 'rule', 'engine']),
  reason: z.string().nullable(),
  from: z
    .object({ engineerId: Id.nullable(), engineerName: z.string().nullable(), start: Instant, end: Instant })
    .nullable(),
  to: z.object({ engineerId: Id.nullable(), engineerName: z.string().nullable(), start: Instant, end: Instant }),
  /** Rank of the chosen one among the candidates of that moment; null: not ranked. */
  rank: z.number().int().nullable(),
  cost: z.number().nullable(),
  /** The best who was not chosen. */
  alternative: z
    .object({ engineerId: Id, engineerName: z.string(), start: Instant, cost: z.number(), rank: z.number().int() })
    .nullable(),
  overridden: z.array(Finding),
})

export const DispatchPolicy = z.object({
  weights: z.object({
    skills: z.number().min(0).max(100),
    load: z.number().min(0).max(100),
    travel: z.number().min(0).max(100),
    window: z.number().min(0).max(100),
    shift: z.number().min(0).max(100),
    familiarity: z.number().min(0).max(100),
  }),
  severity: z.record(FindingCode, Severity),
  horizonDays: z.number().int().min(1).max(30),
  stepMin: z.number().int().min(1).max(60),
  unknownTravelMin: z.number().int().min(0).max(480),
  /** How an offer that nobody opens goes up, each step so many minutes after it was made. */
  ladder: z
    .array(
      z.object({
        by: z.enum(['push', 'robot', 'email', 'dispatcher']),
        afterMin: z.number().int().min(1).max(240),
      }),
    )
    .max(8)
    .refine((steps) => steps.every((s, i) => i === 0 || s.afterMin >= (steps[i - 1]?.afterMin ?? 0)), 'ladder_order'),
  unansweredMin: z.number().int().min(1).max(480),
  /** Where an offer goes that was not answered by then. */
  unanswered: z.enum(['dispatcher', 'next_candidate']),
})

const tag = 'dispatch'
const Duration = z
  .number()
  .int()
  .min(5)
  .max(7 * 24 * 60)
const Override = z.object({ reason: Reason }).optional().describe('越权派工：需要 dispatch.override 权限')
const placed = [
  'state_forbids',
  'engineer_busy',
  'placement_refused',
  'override_needed',
  'reason_needed',
  'engineer_unknown',
  'time_order',
] as const

export const dispatchRoutes = {
  candidates: defineRoute({
    method: 'GET',
    path: '/api/orders/:id/candidates',
    tag,
    access: 'dispatch.assign',
    summary: { zh: '候选工程师：排名、理由与不能派的原因', en: 'Candidates for an order, with reasons and blockers' },
    params: IdParams,
    query: z.object({
      /** Judge everybody at this start instead of each one's earliest. */
      start: Instant.optional(),
      durationMin: z.coerce
        .number()
        .int()
        .min(5)
        .max(7 * 24 * 60)
        .optional(),
      mode: Mode.optional(),
      teamIds: many(Id),
      /** How many of the ranked are sent, the best first. */
      limit: z.coerce.number().int().min(1).max(500).default(60),
    }),
    reply: z.object({
      order: DispatchOrder,
      ranked: z.array(Candidate),
      /** How many are ranked, sent or not. */
      rankedTotal: z.number().int(),
      left: z.array(BlockedEngineer),
      asOf: Instant,
    }),
  }),
  checkPlacement: defineRoute({
    method: 'POST',
    path: '/api/dispatch/check',
    tag,
    access: 'dispatch.assign',
    summary: {
      zh: '试排：说明每一条冲突，不写入',
      en: 'Explain every violation of a proposed placement, writing nothing',
    },
    body: z
      .object({
        orderId: Id.optional(),
        /** The visit being moved: its own time does not count as taken. */
        visitId: Id.optional(),
        engineerIds: z.array(Id).min(1).max(20),
        start: Instant,
        durationMin: Duration.optional(),
        mode: Mode.optional(),
      })
      .refine((b) => b.orderId || b.visitId, { path: ['orderId'], message: 'orderId or visitId' }),
    reply: z.object({
      placements: z.array(
        Placement.extend({ verdict: z.enum(['ok', 'warn', 'override', 'refuse']), canOverride: z.boolean() }),
      ),
    }),
  }),
  assign: defineRoute({
    method: 'POST',
    path: '/api/orders/:id/assign',
    tag,
    access: 'dispatch.assign',
    command: 'order.assign',
    errors: [...placed, 'order_has_engineer', 'engineer_twice', 'crew_lead'],
    summary: { zh: '派单：一位工程师或一个班组', en: 'Assign an order to an engineer or a crew' },
    params: IdParams,
    body: z.object({
      crew: z
        .array(z.object({ engineerId: Id, role: MemberRole.default('lead'), required: z.boolean().default(true) }))
        .min(1)
        .max(10),
      start: Instant,
      durationMin: Duration.optional(),
      mode: Mode.optional(),
      reason: text(500).optional(),
      override: Override,
      /** A further visit although somebody has the order already: several days, a second trip. */
      additional: z.boolean().default(false),
    }),
    reply: z.object({ visits: z.array(PlacedVisit) }),
  }),
  offerAgain: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/offer',
    tag,
    access: 'dispatch.assign',
    command: 'visit.offer',
    errors: ['state_forbids', 'engineer_busy'],
    summary: { zh: '重新下发已排的上门', en: 'Offer a planned visit' },
    params: IdParams,
    body: z.object({ reason: text(500).optional() }),
    reply: PlacedVisit,
  }),
  reassign: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/reassign',
    tag,
    access: 'dispatch.assign',
    command: 'visit.reassign',
    errors: [...placed],
    summary: { zh: '改派', en: 'Reassign a visit' },
    params: IdParams,
    body: z.object({
      engineerId: Id,
      start: Instant.optional(),
      durationMin: Duration.optional(),
      reason: Reason,
      override: Override,
    }),
    reply: PlacedVisit,
  }),
  recall: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/recall',
    tag,
    access: 'dispatch.assign',
    command: 'visit.recall',
    errors: ['state_forbids'],
    summary: { zh: '撤回派单', en: 'Take an offer back' },
    params: IdParams,
    body: z.object({ reason: Reason }),
    reply: PlacedVisit,
  }),
  move: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/move',
    tag,
    access: 'dispatch.assign',
    command: 'visit.move',
    errors: [...placed],
    summary: { zh: '拖动排程：改时间或改人', en: 'Move on the timeline: another time, another engineer' },
    params: IdParams,
    body: z.object({
      start: Instant,
      durationMin: Duration.optional(),
      engineerId: Id.optional(),
      askedBy: z.enum(['us', 'customer', 'engineer']).default('us'),
      reason: Reason,
      override: Override,
    }),
    reply: PlacedVisit,
  }),
  board: defineRoute({
    method: 'GET',
    path: '/api/dispatch/board',
    tag,
    access: 'dispatch.read',
    summary: {
      zh: '派工台：一天的工程师、上门与待派工单',
      en: 'The board of a day: engineers, visits, unassigned orders',
    },
    query: z.object({ date: LocalDate.optional(), teamIds: many(Id) }),
    reply: z.object({
      date: LocalDate,
      zone: z.string(),
      asOf: Instant,
      day: z.object({ from: Instant, to: Instant }),
      rows: z.array(BoardRow),
      bars: z.array(BoardBar),
      unassigned: z.array(UnassignedCard),
      /** Unassigned orders in scope, however many are shown. */
      unassignedTotal: z.number().int(),
      conflicts: z.array(BoardConflict),
      can: Can,
    }),
  }),
  log: defineRoute({
    method: 'GET',
    path: '/api/dispatch/log',
    tag,
    access: 'dispatch.read',
    summary: {
      zh: '排程日志：谁、何时、为何、当时的另一选择',
      en: 'Schedule log: who, when, why, against which alternative',
    },
    query: Page.extend({
      orderId: Id.optional(),
      visitId: Id.optional(),
      engineerId: Id.optional(),
      from: Instant.optional(),
      to: Instant.optional(),
    }),
    reply: page(Move),
  }),
  getDispatchPolicy: defineRoute({
    method: 'GET',
    path: '/api/dispatch/policy',
    tag,
    access: 'dispatch.read',
    summary: { zh: '派工策略', en: 'Dispatch policy' },
    reply: z.object({ policy: DispatchPolicy, can: Can }),
  }),
  setDispatchPolicy: defineRoute({
    method: 'PUT',
    path: '/api/dispatch/policy',
    tag,
    access: 'dispatch.policy',
    command: 'dispatch.set_policy',
    summary: { zh: '修改派工策略', en: 'Change the dispatch policy' },
    body: DispatchPolicy,
    reply: z.object({ policy: DispatchPolicy, can: Can }),
  }),
}

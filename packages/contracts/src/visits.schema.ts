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
  Note,
  Ok,
  Page,
  PersonRef,
  Phone,
  page,
  Reason,
  Rev,
  text,
} from './common.schema'
import { SlaClock } from './orders.schema'
import { defineRoute } from './route'

export const VisitMode = z.enum(['onsite', 'remote', 'resident'])
export const VisitStateCode = z.enum([
  'planned',
  'offered',
  'taken',
  'declined',
  'en_route',
  'on_site',
  'working',
  'paused',
  'finished',
  'cancelled',
  'reassigned',
  'aborted',
  'missed',
])
export const VisitRole = z.enum(['lead', 'member'])
export const VisitResult = z.enum(['done', 'partial', 'unable'])
export const Grade = z.enum(['A', 'B', 'C', 'D'])
export const Window = z.object({ start: Instant, end: Instant })

/** A position as a phone reports it. `ageMs`: how old the fix was when the person tapped. */
export const Fix = z.object({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  datum: Coordinate.shape.datum,
  accuracyM: z.number().min(0).max(100_000).optional(),
  source: text(40).optional(),
  ageMs: z
    .number()
    .int()
    .min(0)
    .max(7 * 86_400_000)
    .optional(),
  /** The phone itself says that the position is simulated. */
  mocked: z.boolean().optional(),
  /** What else the browser gave with it. null: it has none; left out: nobody asked. */
  altitudeM: z.number().min(-1_000).max(20_000).nullable().optional(),
  altitudeAccuracyM: z.number().min(0).max(100_000).nullable().optional(),
  speedMps: z.number().min(0).max(1_000).nullable().optional(),
  headingDeg: z.number().min(0).max(360).nullable().optional(),
})

const SiteOfVisit = z.object({
  id: Id,
  name: z.string(),
  address: z.string(),
  point: Coordinate.nullable(),
  radiusM: z.number(),
  zone: z.string(),
  accessHours: z.unknown(),
  entryNeeds: z.unknown(),
})
const ContactOfVisit = z.object({ id: Id, name: z.string(), phone: z.string().nullable() })

export const CheckInRow = z.object({
  id: Id,
  at: Instant,
  day: LocalDate.nullable(),
  grade: Grade.nullable(),
  /** What the rules gave, when a person has decided otherwise. */
  gradedAs: Grade.nullable(),
  reasons: z.array(Message),
  reviewedAt: Instant.nullable(),
  appealedAt: Instant.nullable(),
  /** Drawn for a spot check, whatever its grade. */
  drawn: z.boolean(),
})

/** A visit as lists, boards and the phone's day show it. */
export const VisitCard = z.object({
  id: Id,
  rev: Rev,
  orderId: Id,
  orderNumber: z.string().nullable(),
  title: z.string(),
  type: z.string(),
  priority: z.string(),
  orderState: z.string(),
  dueAt: Instant.nullable(),
  /** The order's clocks, and this visit's own. */
  sla: z.array(SlaClock),
  customer: z.object({ id: Id, name: z.string() }),
  site: SiteOfVisit.nullable(),
  contact: ContactOfVisit.nullable(),
  engineer: PersonRef.nullable(),
  role: VisitRole,
  required: z.boolean(),
  mode: VisitMode,
  state: VisitStateCode,
  planned: Window,
  travelMin: Minutes.nullable(),
  tripId: Id.nullable(),
  promise: Window.nullable(),
  promiseOriginal: Window.nullable(),
  appointment: z.object({ start: Instant, end: Instant.nullable(), contactId: Id.nullable() }).nullable(),
  offerExpiresAt: Instant.nullable(),
  offeredAt: Instant.nullable(),
  openedAt: Instant.nullable(),
  takenAt: Instant.nullable(),
  departedAt: Instant.nullable(),
  arrivedAt: Instant.nullable(),
  startedAt: Instant.nullable(),
  finishedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  result: VisitResult.nullable(),
  remaining: z.string().nullable(),
  cause: z.string().nullable(),
  grade: Grade.nullable(),
  /** A grade C or D that nobody has looked at, or an open appeal. */
  reviewOpen: z.boolean(),
  conflicts: z.number().int(),
  replaces: Id.nullable(),
  successorId: Id.nullable(),
  /** The one verb that moves the visit on for this person; null when it is not his turn. */
  next: z.string().nullable(),
  can: Can,
})

export const EvidenceKind = z.enum(['fix', 'photo', 'signature', 'code', 'document', 'audio'])
/**
 * `seen_before`: these bytes were evidence of another order. `similar_before`: nearly this picture was. `exif_time`,
 * `exif_place`: the camera's own time or place contradicts what was said. `no_preview`: kept as it is (HEIC), nobody here
 * can draw it.
 */
export const EvidenceFlag = z.enum(['seen_before', 'similar_before', 'exif_time', 'exif_place', 'no_preview'])
export const EvidenceRow = z.object({
  id: Id,
  visitId: Id,
  kind: EvidenceKind,
  sha256: z.string(),
  bytes: z.number().int().nullable(),
  mediaType: z.string().nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  takenAt: Instant,
  declaredAt: Instant,
  /** null: declared, the bytes are still on the phone. */
  storedAt: Instant.nullable(),
  /** null until the bytes are there, and for what cannot be shown (see `flags`). */
  url: z.string().nullable(),
  thumbUrl: z.string().nullable(),
  /** Eight letters that stand in the watermark and resolve to this row. */
  code: z.string(),
  flags: z.array(EvidenceFlag),
})

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const Sealed = z.object({ position: z.number().int(), hash: z.string(), recordedAt: Instant })
/** Everything known of one piece of evidence, for whoever has its code. */
export const EvidenceFacts = EvidenceRow.extend({
  originalSha256: z.string().nullable(),
  originalBytes: z.number().int().nullable(),
  order: z.object({ id: Id, number: z.string().nullable(), title: z.string() }),
  customer: z.object({ id: Id, name: z.string() }),
  site: z.object({ id: Id, name: z.string(), address: z.string(), zone: z.string() }).nullable(),
  takenBy: PersonRef.nullable(),
  deviceId: z.string().nullable(),
  /** From the site, by the position that the phone gave with the photo. */
  distanceM: z.number().nullable(),
  /** What the camera wrote into the picture; null when it wrote nothing. */
  exif: z
    .object({
      make: z.string().nullable(),
      model: z.string().nullable(),
      software: z.string().nullable(),
      takenAt: Instant.nullable(),
      /** The camera's position from the site; the point itself is among the raw positions. */
      distanceM: z.number().nullable(),
    })
    .nullable(),
  /** Places in the chain of events; null until sealed. */
  chain: z.object({ declared: Sealed.nullable(), stored: Sealed.nullable() }),
  /** The same or nearly the same picture on other orders; without names where the reader may not see it. */
  alike: z.array(
    z.object({
      code: z.string().nullable(),
      orderNumber: z.string().nullable(),
      takenAt: Instant,
      takenBy: z.string().nullable(),
      same: z.boolean(),
      earlier: z.boolean(),
    }),
  ),
  can: Can,
})

export const VisitConflict = z.object({
  eventId: Id,
  visitId: Id,
  orderId: Id,
  orderNumber: z.string().nullable(),
  title: z.string(),
  type: z.string(),
  why: z.string(),
  /** The state that the event met. */
  state: z.string(),
  actor: z.object({ id: Id.nullable(), name: z.string() }),
  occurredAt: Instant,
  recordedAt: Instant,
  reason: z.string().nullable(),
  can: Can,
})

export const VisitFull = VisitCard.extend({
  text: z.string().nullable(),
  reasonOfEnd: z.string().nullable(),
  foreseeable: z.boolean().nullable(),
  pendingDocuments: z.array(z.string()),
  customerConfirmedAt: Instant.nullable(),
  pauses: z.array(z.object({ from: Instant, to: Instant.nullable(), reason: z.string().nullable() })),
  checkIns: z.array(CheckInRow),
  evidence: z.array(EvidenceRow),
  flags: z.array(z.string()),
  asset: z
    .object({
      id: Id,
      name: z.string(),
      model: z.string().nullable(),
      serial: z.string().nullable(),
      /** Earlier visits to this asset, newest first. */
      history: z.array(
        z.object({
          visitId: Id,
          orderId: Id,
          orderNumber: z.string().nullable(),
          title: z.string(),
          at: Instant,
          result: VisitResult.nullable(),
          engineer: PersonRef.nullable(),
        }),
      ),
    })
    .nullable(),
  /** The others of the same order. */
  crew: z.array(z.object({ visitId: Id, engineer: PersonRef.nullable(), role: VisitRole, state: VisitStateCode })),
  /** Other visits of the same trip: one way there for all of them. */
  trip: z.array(z.object({ visitId: Id, title: z.string(), state: VisitStateCode })),
})

/**
 * A visit as the phone keeps it: the fold itself, so that what is done offline folds on, and the facts around it. What
 * the card shows of the two is worked out by `visitCard` of the lifecycle package, on server and phone alike.
 */
export const VisitReplica = z.object({
  id: Id,
  rev: Rev,
  orderId: Id,
  orderNumber: z.string().nullable(),
  title: z.string(),
  text: z.string().nullable(),
  type: z.string(),
  priority: z.string(),
  orderState: z.string(),
  dueAt: Instant.nullable(),
  /** The clocks as they stood at `slaAt`, the last change of order or visit: the same row however often it is read. */
  sla: z.array(SlaClock),
  slaAt: Instant,
  customer: z.object({ id: Id, name: z.string() }),
  site: SiteOfVisit.nullable(),
  contact: ContactOfVisit.nullable(),
  engineer: PersonRef.nullable(),
  /** Whose it is: the engineer who holds it, or the candidates of an open offer. */
  people: z.array(Id),
  tripId: Id.nullable(),
  reviewOpen: z.boolean(),
  conflicts: z.number().int(),
  evidence: z.array(EvidenceRow),
  asset: VisitFull.shape.asset,
  crew: VisitFull.shape.crew,
  trip: VisitFull.shape.trip,
  /** `VisitState` of the lifecycle package. */
  fold: z.record(z.string(), z.unknown()),
})

/** What an engineer may put right at the site: a field left out is not touched. */
const corrections = <P extends z.ZodType, T extends z.ZodType>(phone: P, line: T, note: T) =>
  z.object({
    contact: z.object({ phone: phone.nullable().optional() }).optional(),
    site: z.object({ entryNote: note.nullable().optional() }).optional(),
    asset: z.object({ serial: line.nullable().optional(), model: line.nullable().optional() }).optional(),
  })
// What stood there before need not be what may be written today.
const anything = z.string().max(2000)

const Photos = z.array(Id).max(20).default([])
const Cause = text(60)
/** A day that the product can have plans for. */
const Day = LocalDate.refine((d) => d >= '2000-01-01' && d < '2200-01-01', 'out_of_range')
const Nothing = z.object({}).default({})

const tag = 'visits'
// Path and name stay literal types: the web calls `'POST /api/visits/:id/take'` by types only.
const verb = <const P extends string, const N extends string, B extends z.ZodType>(
  path: P,
  name: N,
  access: 'visit.work' | 'visit.plan' | 'visit.review' | 'visit.read',
  summary: { zh: string; en: string },
  body: B,
  errors: readonly (
    | 'time_order'
    | 'documents_missing'
    | 'checks_missing'
    | 'remaining_needed'
    | 'cause_needed'
    | 'serial_taken'
  )[] = [],
  offline: 'fail' | 'merge' | 'append' = 'fail',
) =>
  ({
    method: 'POST',
    path: `/api/visits/:id/${path}`,
    tag,
    access,
    command: `visit.${name}`,
    // What desks decide is decided in contact.
    ...(access === 'visit.work' || access === 'visit.read' ? { offline } : {}),
    errors: ['not_found', 'state_forbids', 'changed_meanwhile', ...errors],
    summary,
    params: IdParams,
    body,
    reply: VisitCard,
  }) as const

export const visitsRoutes = {
  fieldToday: defineRoute({
    method: 'GET',
    path: '/api/field/today',
    tag,
    access: 'visit.work',
    summary: { zh: '我的一天', en: 'My day' },
    query: z.object({ date: Day.optional() }),
    reply: z.object({
      date: LocalDate,
      zone: z.string(),
      visits: z.array(VisitCard),
      /** Offers that wait for an answer, whatever their day. */
      offers: z.array(VisitCard),
      previous: z.object({ date: LocalDate, visits: z.number().int() }),
      following: z.object({ date: LocalDate, visits: z.number().int() }),
      totals: z.object({ visits: z.number().int(), workMin: Minutes, travelMin: Minutes }),
      serverTime: Instant,
    }),
  }),
  fieldSchedule: defineRoute({
    method: 'GET',
    path: '/api/field/schedule',
    tag,
    access: 'visit.work',
    summary: { zh: '我的日程', en: 'My schedule' },
    query: z.object({ from: Day, days: z.coerce.number().int().min(1).max(42).default(14) }),
    reply: z.object({ zone: z.string(), visits: z.array(VisitCard) }),
  }),
  visitsOfOrder: defineRoute({
    method: 'GET',
    path: '/api/orders/:id/visits',
    tag,
    access: 'visit.read',
    summary: { zh: '工单的全部上门', en: 'All visits of an order' },
    params: IdParams,
    reply: z.object({ visits: z.array(VisitCard) }),
  }),
  visitConflicts: defineRoute({
    method: 'GET',
    path: '/api/visits/conflicts',
    tag,
    access: 'visit.conflicts',
    summary: { zh: '冲突收件箱：对不上的离线操作', en: 'Conflict inbox: offline actions that do not fit' },
    query: Page,
    reply: page(VisitConflict),
  }),
  settleConflict: defineRoute({
    method: 'POST',
    path: '/api/visits/conflicts/:id/settle',
    tag,
    access: 'visit.conflicts',
    command: 'conflict.settle',
    errors: ['not_found', 'conflict_settled'],
    summary: { zh: '处理一条冲突', en: 'Settle a conflict' },
    params: IdParams,
    body: z.object({ note: Reason }),
    reply: Ok,
  }),
  visitReviews: defineRoute({
    method: 'GET',
    path: '/api/visits/reviews',
    tag,
    access: 'visit.review',
    summary: { zh: '待复核的签到（C、D 与申诉）', en: 'Check-ins to review (C, D and appeals)' },
    query: Page,
    reply: page(VisitCard.extend({ checkIns: z.array(CheckInRow) })),
  }),
  getVisit: defineRoute({
    method: 'GET',
    path: '/api/visits/:id',
    tag,
    access: 'visit.read',
    summary: { zh: '上门详情', en: 'One visit' },
    params: IdParams,
    reply: VisitFull,
  }),
  openVisit: defineRoute(
    verb('open', 'open', 'visit.work', { zh: '已查看派单', en: 'Seen by the engineer' }, Nothing, [], 'append'),
  ),
  takeVisit: defineRoute(verb('take', 'take', 'visit.work', { zh: '接单', en: 'Take a visit' }, Nothing)),
  declineVisit: defineRoute(
    verb(
      'decline',
      'decline',
      'visit.work',
      { zh: '拒单', en: 'Decline a visit' },
      z.object({ reason: Reason, cause: Cause.optional() }),
    ),
  ),
  appointVisit: defineRoute(
    verb(
      'appoint',
      'appoint',
      'visit.work',
      { zh: '与客户约定时间', en: 'Agree a time with the customer' },
      z.object({
        start: Instant,
        end: Instant.optional(),
        contactId: Id.optional(),
        channel: z.enum(['call', 'message', 'visit', 'email', 'other']).default('call'),
        /** Only the customer's wish moves the promise. */
        askedBy: z.enum(['customer', 'us']).optional(),
        /** The appointment that the phone showed; null: none. */
        base: z.object({ start: Instant, end: Instant.nullable() }).nullable().optional(),
      }),
      ['time_order'],
      'merge',
    ),
  ),
  rescheduleVisit: defineRoute(
    verb(
      'reschedule',
      'reschedule',
      'visit.read',
      { zh: '改约', en: 'Reschedule a visit' },
      z.object({
        start: Instant,
        end: Instant,
        askedBy: z.enum(['customer', 'us', 'engineer']),
        reason: Reason,
        travelMin: Minutes.max(1440).optional(),
        /** The planned time that was shown when it was moved: who moved it meanwhile is told, and so is this person. */
        base: Window.optional(),
      }),
      ['time_order'],
      'merge',
    ),
  ),
  correctAtVisit: defineRoute(
    verb(
      'correct',
      'correct',
      'visit.work',
      { zh: '更正站点、联系人、设备信息', en: 'Put right what is known of site, contact or asset' },
      corrections(Phone, text(100), text(1000)).extend({ base: corrections(anything, anything, anything).optional() }),
      ['serial_taken'],
      'merge',
    ),
  ),
  departForVisit: defineRoute(
    verb(
      'depart',
      'depart',
      'visit.work',
      { zh: '出发', en: 'Set out' },
      z.object({ fix: Fix.optional() }).default({}),
    ),
  ),
  checkIn: defineRoute({
    ...verb(
      'check-in',
      'checkIn',
      'visit.work',
      { zh: '签到', en: 'Check in' },
      z.object({
        /** Left out: no position could be had. Work may start all the same; the grade says so. */
        fix: Fix.optional(),
        photoIds: Photos,
        code: z.object({ kind: z.enum(['customer', 'site_qr']), value: text(200) }).optional(),
        /** How the positions on the open page scattered: numbers, no track. */
        watch: z
          .object({
            n: z.number().int().min(0).max(100_000),
            spanMs: z.number().int().min(0).max(86_400_000),
            spreadM: z.number().min(0).max(50_000_000),
          })
          .optional(),
        /** What the browser says of the machine. */
        hardware: z
          .object({ platform: text(60, 0), mobile: z.boolean(), touch: z.number().int().min(0).max(100) })
          .partial()
          .optional(),
        /** How far the phone's clock was moved while the page was open, against one that cannot be moved. */
        clockJumpMs: z.number().int().min(-3_200_000_000_000).max(3_200_000_000_000).optional(),
        proof: z
          .object({
            at: Instant,
            nonce: Id.nullable(),
            /** Evidence id → SHA-256 of the photo as it was taken. */
            photos: z.record(Id, z.string().regex(/^[0-9a-f]{64}$/)).default({}),
            /** ECDSA P-256 over `checkInMessage`, r‖s in base64url. */
            signature: z
              .string()
              .regex(/^[\w-]{86}$/)
              .nullable(),
          })
          .optional(),
      }),
    ),
    offline: 'append',
    errors: ['not_found', 'state_forbids', 'changed_meanwhile', 'already_checked_in', 'evidence_unknown'],
    reply: VisitCard.extend({ checkIn: CheckInRow.nullable() }),
  }),
  startVisit: defineRoute(verb('start', 'start', 'visit.work', { zh: '开始服务', en: 'Start the work' }, Nothing)),
  pauseVisit: defineRoute(
    verb(
      'pause',
      'pause',
      'visit.work',
      { zh: '暂停', en: 'Pause the work' },
      z.object({ reason: Reason, cause: Cause.optional() }),
    ),
  ),
  resumeVisit: defineRoute(verb('resume', 'resume', 'visit.work', { zh: '继续', en: 'Resume the work' }, Nothing)),
  finishVisit: defineRoute(
    verb(
      'finish',
      'finish',
      'visit.work',
      { zh: '签退', en: 'Check out' },
      z.object({
        result: VisitResult,
        remaining: Note.optional(),
        cause: Cause.optional(),
        /** The office could have known beforehand: a wasted trip. */
        foreseeable: z.boolean().optional(),
        fix: Fix.optional(),
        /** Required documents that follow within 24 hours, and why. */
        pendingDocuments: z.array(Id).max(20).default([]),
        reason: Reason.optional(),
      }),
      ['documents_missing', 'checks_missing', 'remaining_needed', 'cause_needed'],
    ),
  ),
  abortVisit: defineRoute(
    verb(
      'abort',
      'abort',
      'visit.work',
      { zh: '中止', en: 'Abort the visit' },
      z.object({ reason: Reason, cause: Cause.optional(), remaining: Note.optional() }),
    ),
  ),
  cancelVisit: defineRoute(
    verb(
      'cancel',
      'cancel',
      'visit.plan',
      { zh: '取消上门', en: 'Cancel a visit' },
      z.object({
        reason: Reason,
        cause: Cause.optional(),
        responsibility: z.enum(['customer', 'us', 'product', 'third_party']).optional(),
      }),
    ),
  ),
  confirmVisit: defineRoute(
    verb(
      'confirm',
      'confirm',
      'visit.work',
      { zh: '登记客户确认（远程）', en: "Record the customer's confirmation (remote)" },
      z.object({
        by: z.enum(['code', 'call']),
        /** The customer's one-time code, when he confirms by code. */
        code: text(20).optional(),
        contactId: Id.optional(),
      }),
      [],
      'append',
    ),
  ),
  appealCheckIn: defineRoute({
    ...verb(
      'appeal',
      'appeal',
      'visit.work',
      { zh: '对签到等级申诉', en: 'Appeal against a grade' },
      z.object({ checkInId: Id, reason: Reason, photoIds: Photos }),
    ),
    offline: 'append',
    errors: ['not_found', 'state_forbids', 'checkin_unknown', 'appeal_needless', 'evidence_unknown'],
  }),
  reviewCheckIn: defineRoute({
    ...verb(
      'review',
      'review',
      'visit.review',
      { zh: '复核签到', en: 'Review a check-in' },
      z.object({
        checkInId: Id,
        /** The grade that stands from now on; the same as before confirms it. */
        grade: Grade,
        reason: Reason,
      }),
    ),
    errors: ['not_found', 'state_forbids', 'checkin_unknown'],
  }),
  declareEvidence: defineRoute({
    method: 'POST',
    path: '/api/visits/:id/evidence',
    tag,
    access: 'visit.work',
    command: 'evidence.declare',
    offline: 'append',
    errors: ['not_found', 'state_forbids', 'evidence_id_taken'],
    summary: { zh: '登记证据（先登记，后上传）', en: 'Declare evidence; its bytes follow' },
    params: IdParams,
    body: z.object({
      id: Id,
      kind: z.enum(['photo', 'signature', 'document', 'audio']),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
      bytes: z
        .number()
        .int()
        .min(1)
        .max(25 * 1024 * 1024),
      takenAt: Instant,
      takenFix: Fix.optional(),
      /** Of the picture as the camera gave it, when the phone sends a smaller one. */
      originalSha256: Sha256.optional(),
      originalBytes: z.number().int().min(1).max(500_000_000).optional(),
    }),
    reply: EvidenceRow,
  }),
  // Bytes come in pieces by the tus protocol (tus.io, 1.0.0): one upload a declared evidence, under its own id, so that a
  // phone that forgot everything but its photos goes on where it was.
  beginUpload: defineRoute({
    method: 'POST',
    path: '/api/uploads/:id',
    tag,
    access: 'visit.work',
    command: 'upload.begin',
    raw: true,
    errors: ['not_found', 'upload_length', 'upload_header'],
    summary: { zh: '开始上传证据内容（tus）', en: 'Begin the upload of declared evidence (tus)' },
    params: IdParams,
  }),
  uploadOffset: defineRoute({
    method: 'HEAD',
    path: '/api/uploads/:id',
    tag,
    access: 'visit.work',
    errors: ['not_found', 'file_hash_mismatch', 'file_unreadable', 'file_too_many_pixels'],
    summary: { zh: '查询已上传到哪里（tus）', en: 'How far an upload is (tus)' },
    params: IdParams,
  }),
  appendUpload: defineRoute({
    method: 'PATCH',
    path: '/api/uploads/:id',
    tag,
    access: 'visit.work',
    command: 'upload.append',
    raw: true,
    errors: [
      'not_found',
      'upload_header',
      'upload_offset',
      'upload_busy',
      'upload_length',
      'file_hash_mismatch',
      'file_unreadable',
      'file_too_many_pixels',
    ],
    summary: { zh: '续传证据内容（tus）', en: 'Go on with an upload (tus)' },
    params: IdParams,
  }),
  evidenceByCode: defineRoute({
    method: 'GET',
    path: '/api/evidence/codes/:evidenceCode',
    tag,
    access: 'evidence.read',
    errors: ['not_found'],
    summary: { zh: '按水印上的编号查证据', en: 'Evidence by the code in its watermark' },
    params: z.object({ evidenceCode: text(20) }),
    /** Two only if somebody made an id to imitate another's. */
    reply: z.object({ matches: z.array(EvidenceFacts) }),
  }),
  evidenceBytes: defineRoute({
    method: 'GET',
    path: '/api/evidence/:id/bytes',
    tag,
    access: 'evidence.read',
    errors: ['not_found', 'evidence_not_stored', 'evidence_no_preview'],
    summary: {
      zh: '查看证据（thumb 缩略，full 带水印且去除元数据，original 原件）',
      en: 'Evidence bytes (thumb; full with watermark and without metadata; original)',
    },
    params: IdParams,
    query: z.object({ size: z.enum(['thumb', 'full', 'original']).default('full') }),
  }),
  visitPositions: defineRoute({
    method: 'GET',
    path: '/api/visits/:id/positions',
    tag,
    access: 'evidence.original',
    errors: ['not_found'],
    summary: { zh: '查看原始定位（留痕）', en: 'Raw positions of a visit (recorded)' },
    params: IdParams,
    reply: z.object({
      positions: z.array(z.object({ evidenceId: Id, takenAt: Instant, fix: Fix, distanceM: z.number().nullable() })),
    }),
  }),
  listDevices: defineRoute({
    method: 'GET',
    path: '/api/devices',
    tag,
    access: 'device.manage',
    summary: { zh: '签到设备', en: 'Devices used for check-in' },
    query: Page.extend({ personId: Id.optional() }),
    reply: page(
      z.object({
        id: z.string(),
        person: PersonRef,
        boundAt: Instant,
        lastSeenAt: Instant,
        label: z.string().nullable(),
        keyed: z.boolean(),
        can: Can,
      }),
    ),
  }),
  unbindDevice: defineRoute({
    method: 'POST',
    path: '/api/devices/:id/unbind',
    tag,
    access: 'device.manage',
    command: 'device.unbind',
    errors: ['not_found'],
    summary: { zh: '解绑设备', en: 'Unbind a device' },
    params: z.object({ id: text(80) }),
    body: z.object({ reason: Reason }),
    reply: Ok,
  }),
}

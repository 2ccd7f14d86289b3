// What each event says. Instants are epoch milliseconds, inside payloads too: the same JSON is folded by the server,
// the phone and the seed, and only the edges speak ISO.

import type { FollowUpEventType, OrderDerivedState, OrderEventType, VisitEventType, VisitMode } from './table'

export type Instant = number

export interface Window {
  start: Instant
  end: Instant
}

export type Responsibility = 'customer' | 'us' | 'product' | 'third_party'
export type ActorKind = 'user' | 'customer' | 'integration' | 'system'
export interface Actor {
  kind: ActorKind
  /** User id, contact id or key id; null for the system itself. */
  id: string | null
}
export type Source = 'desk' | 'field' | 'link' | 'api' | 'connector' | 'system' | 'seed'
export type Channel = 'call' | 'message' | 'visit' | 'email' | 'other'

export interface Coordinates {
  lat: number
  lng: number
  datum: 'wgs84' | 'gcj02' | 'bd09' | 'unknown'
  accuracyM?: number | null
  source?: string
}

export interface SkillNeed {
  skillId: string
  level: number
}

export interface SlaTargets {
  /** Where the snapshot came from, for the explanation beside the clock. */
  policyId?: string | null
  calendar: 'always' | 'site_hours'
  responseMin?: number | null
  takeupMin?: number | null
  arrivalMin?: number | null
  resolveMin?: number | null
}

/** What an order is about. Everything here may be corrected by order.edited. */
export interface OrderFacts {
  number?: string | null
  title: string
  text?: string | null
  /** What was sold, in the words of whoever asked; the asset itself is `assetId`. */
  product?: string | null
  type: string
  priority: string
  customerId: string
  siteId?: string | null
  contactId?: string | null
  assetId?: string | null
  contractId?: string | null
  projectId?: string | null
  phaseId?: string | null
  skills?: SkillNeed[]
  durationMin?: number | null
  /** Engineers who must come together; 1 unless said. */
  crew?: number
  /** How the work is meant to be done; a visit may differ. */
  mode?: VisitMode
  /** The team that answers for it; decides who sees it. */
  teamId?: string | null
  requestedStart?: Instant | null
  dueAt?: Instant | null
}

export interface OrderPayloads {
  'order.created': {
    as: 'draft' | 'new'
    facts: OrderFacts
    promise?: Window | null
    sla?: SlaTargets | null
    origin?: { system: string; externalId: string | null } | null
    /** The order that this one repeats (made by its reopen). */
    repeatOf?: string | null
  }
  'order.submitted': Record<never, never>
  'order.triaged': { facts?: Partial<OrderFacts>; sla?: SlaTargets | null }
  'order.edited': {
    facts?: Partial<OrderFacts>
    promise?: Window | null
    /** Who moves the promise: the customer; or it was typed wrongly in the first place. */
    promiseBy?: 'customer' | 'correction'
  }
  'order.contacted': { channel: Channel; contactId?: string | null; visitId?: string | null }
  'order.progressed': {
    to: OrderDerivedState
    /** When the visits brought it there, if earlier than the event itself. */
    at?: Instant | null
    visitId?: string | null
    leadEngineerId?: string | null
    engineerIds?: string[]
    remaining?: string | null
  }
  'order.held': { cause: HoldCause; responsibility: Responsibility; until?: Instant | null }
  'order.resumed': Record<never, never>
  'order.cancelled': { responsibility: Responsibility; cause?: string | null }
  'order.cannot_complete': { responsibility: Responsibility; cause?: string | null }
  'order.accepted': { contactId?: string | null; documentId?: string | null; signatureId?: string | null }
  'order.rejected': { contactId?: string | null; remaining?: string | null }
  'order.deemed': { contractId: string; noticeId: string }
  'order.waive_requested': { cause: 'customer_absent' | 'customer_refuses' | 'other'; photoIds: string[] }
  'order.waived': Record<never, never>
  'order.waive_refused': Record<never, never>
  'order.closed': { surveyId?: string | null }
  'order.reopened': { orderId: string }
  /** null takes the mark away. */
  'order.marked': { as: 'duplicate' | 'test' | null; duplicateOf?: string | null }
}

export const HOLD_CAUSES = ['customer', 'window', 'force_majeure', 'parts', 'product', 'other'] as const
export type HoldCause = (typeof HOLD_CAUSES)[number]

/** Which hold stops the SLA clocks: what we cannot help does, what is ours to get does not. */
export const HOLD_PAUSES_SLA: Record<HoldCause, boolean> = {
  customer: true,
  window: true,
  force_majeure: true,
  parts: false,
  product: false,
  other: false,
}

export type MemberRole = 'lead' | 'member'
export type VisitResult = 'done' | 'partial' | 'unable'
export type Grade = 'A' | 'B' | 'C' | 'D'
export interface Reason {
  code: string
  params: Record<string, string | number | boolean | null>
}

export interface VisitPayloads {
  'visit.planned': {
    orderId: string
    engineerId: string | null
    role: MemberRole
    /** The crew is not complete without this member. */
    required: boolean
    mode: VisitMode
    start: Instant
    end: Instant
    travelMin?: number | null
    siteId?: string | null
    tripId?: string | null
    /** The order's promise window when it was planned. */
    promise?: Window | null
    /** The visit whose place this one takes (declined, reassigned, missed…). */
    replaces?: string | null
  }
  /** Without an engineer: an open offer, the first taker wins. */
  'visit.offered': { engineerId: string | null; expiresAt?: Instant | null; by?: 'person' | 'rule' | 'engine' }
  'visit.opened': Record<never, never>
  'visit.taken': { engineerId: string }
  'visit.declined': { engineerId?: string | null; cause?: string | null }
  'visit.recalled': Record<never, never>
  'visit.reassigned': { toEngineerId: string | null; successorId: string | null }
  'visit.appointed': {
    start: Instant
    end?: Instant | null
    contactId?: string | null
    channel?: Channel
    /** Who wanted a time outside the promise window; only the customer's wish moves the promise. */
    askedBy?: 'customer' | 'us'
  }
  'visit.rescheduled': {
    start: Instant
    end: Instant
    askedBy: 'customer' | 'us' | 'engineer'
    travelMin?: number | null
    promise?: Window | null
  }
  'visit.extended': { end: Instant }
  'visit.routed': { travelMin: number }
  'visit.departed': { fix?: Coordinates | null }
  'visit.checked_in': {
    fix: Coordinates | null
    /** Seconds between the fix and the tap. */
    fixAgeSec?: number | null
    code?: 'customer' | 'site_qr' | null
    codeMatched?: boolean | null
    photoIds?: string[]
    /** Local date at the site, for the one check-in a day of a resident. */
    day?: string | null
  }
  'visit.started': Record<never, never>
  'visit.paused': { cause?: string | null }
  'visit.resumed': Record<never, never>
  'visit.finished': {
    result: VisitResult
    remaining?: string | null
    cause?: string | null
    /** An `unable` that the office could have known: a wasted trip. */
    foreseeable?: boolean | null
    fix?: Coordinates | null
    /** Documents that may follow within their time (待补交). */
    pendingDocuments?: string[]
  }
  'visit.cancelled': { cause?: string | null; responsibility?: Responsibility | null }
  'visit.aborted': { cause?: string | null; remaining?: string | null }
  'visit.missed': Record<never, never>
  'visit.customer_confirmed': { by: 'link' | 'code' | 'call'; contactId?: string | null }
  'visit.evidence_added': { evidenceId: string; kind: string; sha256: string }
  'visit.checkin_graded': {
    checkInId: string
    grade: Grade
    reasons: Reason[]
    /** Drawn for a spot check: a number made from the check-in's id fell under the rate of the day. */
    drawn?: { value: number; rate: number } | null
  }
  'visit.checkin_reviewed': { checkInId: string; grade: Grade; verdict: 'confirmed' | 'corrected' }
  'visit.checkin_appealed': { checkInId: string; photoIds?: string[] }
}

export interface FollowUpPayloads {
  'followup.opened': {
    ownerId: string
    orderId?: string | null
    visitId?: string | null
    surveyId?: string | null
    score?: number | null
    contactDueAt?: Instant | null
    planDueAt?: Instant | null
  }
  'followup.contacted': { outcome: 'reached' | 'unreachable'; channel: Channel; words?: string | null }
  'followup.planned': { cause: string; action: string; ownerId: string; dueAt: Instant }
  'followup.done': { words?: string | null }
  'followup.checked': {
    method: 'resurvey' | 'call'
    effective: boolean
    score?: number | null
    surveyId?: string | null
    words?: string | null
  }
  'followup.acted': {
    change: 'none' | 'template' | 'rule' | 'article' | 'training'
    ref?: string | null
    words?: string | null
  }
  'followup.closed': Record<never, never>
  'followup.reassigned': { ownerId: string }
}

export type Payloads = OrderPayloads & VisitPayloads & FollowUpPayloads

export interface Envelope {
  /** UUIDv7 made by the client. */
  id: string
  aggregateId: string
  /** Version of the payload's shape. */
  version: number
  actor: Actor
  source: Source
  commandId: string | null
  deviceId: string | null
  deviceSeq: number | null
  atDevice: Instant | null
  skewMs: number | null
  /** Event time: device time corrected and bounded (time.ts). */
  occurredAt: Instant
  recordedAt: Instant
  offline: boolean
  reason: string | null
  flags: readonly string[]
}

type EventsOf<A extends string, P> = { [T in keyof P]: Envelope & { aggregate: A; type: T; payload: P[T] } }

export type OrderEvent = EventsOf<'order', OrderPayloads>[OrderEventType]
export type VisitEvent = EventsOf<'visit', VisitPayloads>[VisitEventType]
export type FollowUpEvent = EventsOf<'followup', FollowUpPayloads>[FollowUpEventType]
export type LifecycleEvent = OrderEvent | VisitEvent | FollowUpEvent
export type EventNamed<T extends LifecycleEvent['type']> = Extract<LifecycleEvent, { type: T }>

// The six months told as events, in the words of #lifecycle, with the surveys, follow-ups, documents and talk that
// belong to them. What lies before today is history; what the same days bring today are steps for the real commands.

import {
  type Actor,
  applyEvent,
  type Coordinates,
  type Envelope,
  type EventNamed,
  type FollowUpEvent,
  foldOrder,
  foldVisit,
  type LifecycleEvent,
  type OrderEvent,
  type OrderState,
  progressDue,
  type Source,
  surveyScore,
  type VisitEvent,
  type VisitState,
} from '#lifecycle'
import { idFor, type RegionKey, type TeamKey } from './company'
import { ASSET_KINDS, type StoryOrderType, type StoryPriority } from './customers'
import { isAway, personId, type StoryEngineer } from './people'
import { Rng } from './rng'
import {
  addDays,
  addWorkdays,
  at,
  clock,
  DAY,
  dateOf,
  HOUR,
  isWorkday,
  type LocalDate,
  MINUTE,
  minuteOf,
  nextWorkday,
} from './time'
import {
  CANCELS,
  CAUSES,
  COMMENDATIONS,
  COMPLAINTS,
  DECLINES,
  EXCHANGES,
  GRUMBLES,
  NEUTRAL,
  PRAISE,
  REASSIGN_REASONS,
  RESCHEDULES,
  TAGS,
} from './words'
import { type Beat, type Job, learned, type Trip, targetOf, Work, type World } from './work'

// ── what is told ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The shipped questionnaire (a test compares the two). */
export const SURVEY_QUESTIONS = [
  { key: 'overall', weight: 2 },
  { key: 'result', weight: 2 },
  { key: 'punctual', weight: 1 },
  { key: 'attitude', weight: 1 },
] as const
export type SurveyQuestionKey = (typeof SURVEY_QUESTIONS)[number]['key']

export interface StoryAnswer {
  at: number
  ratings: Readonly<Record<SurveyQuestionKey, 1 | 2 | 3 | 4 | 5>>
  /** 0–100, to one decimal. */
  score: number
  tags: readonly string[]
  words: string | null
}

export interface StorySurvey {
  id: string
  orderId: string
  visitId: string
  contactId: string
  engineerIds: readonly string[]
  leadEngineerId: string
  invitedAt: number
  expiresAt: number
  /** Answered before today, or null. */
  answer: StoryAnswer | null
}

export interface StoryDocument {
  id: string
  orderId: string
  visitId: string
  engineerId: string
  /** Key of a shipped template, whose fields `values` fills. */
  template: 'deployment_report' | 'service_report' | 'training_report'
  values: Readonly<Record<string, unknown>>
  filledAt: number
  submittedAt: number
  /** 待补交: filed after the visit had ended. */
  late: boolean
  signedAt: number | null
  signedBy: 'phone' | 'link' | null
  signerContactId: string | null
}

/** Where an engineer stood when he checked in: personal, so it stands in the evidence and not in the event. */
export interface StoryArrival {
  visitId: string
  /** Id of the visit.checked_in event. */
  checkInId: string
  engineerId: string
  deviceId: string
  at: number
  fix: Coordinates
  fixAgeSec: number
}

export interface StoryMessage {
  id: string
  orderId: string
  authorId: string
  at: number
  text: string
  mentionIds: readonly string[]
}

export interface StoryComplaint {
  id: string
  orderId: string
  customerId: string
  contactId: string
  at: number
  category: string
  words: string
  verdict: 'confirmed' | 'not_confirmed' | null
  reviewedAt: number | null
  reviewerId: string | null
  handledAt: number | null
}

export interface StoryPraise {
  id: string
  orderId: string
  customerId: string
  contactId: string
  engineerId: string
  at: number
  words: string
}

/** Something that today brings after midnight, in the order of time; the writer does it through the real commands. */
export type StoryStep =
  | { kind: 'event'; at: number; orderId: string; beat: Beat }
  | { kind: 'survey'; at: number; orderId: string; survey: StorySurvey; answer: StoryAnswer }
  | { kind: 'message'; at: number; orderId: string; message: StoryMessage }
  | { kind: 'document'; at: number; orderId: string; document: StoryDocument }

export interface StoryOrder {
  id: string
  number: string
  createdAt: number
  teamId: string
  teamKey: TeamKey
  regionKey: RegionKey
  customerId: string
  siteId: string
  projectId: string | null
  type: StoryOrderType
  priority: StoryPriority
  /** Events of the order and its visits before today, by time. */
  events: readonly (OrderEvent | VisitEvent)[]
  visitIds: readonly string[]
  survey: StorySurvey | null
  followUp: { id: string; events: readonly FollowUpEvent[] } | null
  arrivals: readonly StoryArrival[]
  documents: readonly StoryDocument[]
  messages: readonly StoryMessage[]
  complaint: StoryComplaint | null
  praise: StoryPraise | null
}

export interface StoryHistory {
  /** Orders that exist before today, by number. */
  orders: readonly StoryOrder[]
  /** What the orders bring today, by time; orders created today begin here with order.created. */
  steps: readonly StoryStep[]
  /** The orders that the day shows on purpose: emergency, declined, remote, and the queue's own. */
  special: ReadonlyMap<string, string>
  /** Every visit as it was planned and, up to today, made: for checks and for the plan of the day. */
  trips: readonly Trip[]
}

// ── telling ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Cast {
  dispatcher: string
  supervisor: string
  products: readonly string[]
}

const CAST: Record<RegionKey, { dispatcher: string; supervisor: string }> = {
  east: { dispatcher: 'yujing', supervisor: 'yanliqun' },
  north: { dispatcher: 'maxiaoyan', supervisor: 'hanxuesong' },
  south: { dispatcher: 'luokai', supervisor: 'liaojiawei' },
}

/** The ids of those who act for a region. */
export function castOf(seed: string, region: RegionKey): Cast {
  const { dispatcher, supervisor } = CAST[region]
  return {
    dispatcher: personId(seed, dispatcher),
    supervisor: personId(seed, supervisor),
    products: [personId(seed, 'yeqingyang'), personId(seed, 'qinlang')],
  }
}

export const deviceIdOf = (seed: string, userName: string): string => idFor(seed, 'device', userName)

export function tellHistory(world: World): StoryHistory {
  const work = new Work(world)
  work.run()
  const jobs = [...work.jobs].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))
  numberThem(jobs)
  const tripsOn = new Map<string, Trip[]>()
  for (const trip of work.trips) {
    const key = `${trip.engineer.id}/${trip.day}`
    const list = tripsOn.get(key)
    if (list) list.push(trip)
    else tripsOn.set(key, [trip])
  }
  const orders: StoryOrder[] = []
  const steps: StoryStep[] = []
  const cut = at(world.today)
  const end = at(addDays(world.today, 1))
  for (const job of jobs) {
    const teller = new Teller(world, work, job, tripsOn)
    const told = teller.tell()
    const past = told.beats.filter((b) => b.at < cut)
    if (past.length > 0) orders.push(teller.order(told, past, cut))
    for (const beat of told.beats)
      if (beat.at >= cut && beat.at < end && !AUTOMATIC.has(beat.type))
        steps.push({ kind: 'event', at: beat.at, orderId: job.id, beat })
    const today = (when: number) => when >= cut && when < end
    if (told.survey && told.answer && today(told.answer.at))
      steps.push({ kind: 'survey', at: told.answer.at, orderId: job.id, survey: told.survey, answer: told.answer })
    for (const message of told.messages)
      if (today(message.at)) steps.push({ kind: 'message', at: message.at, orderId: job.id, message })
    for (const document of told.documents)
      if (today(document.submittedAt))
        steps.push({ kind: 'document', at: document.submittedAt, orderId: job.id, document })
  }
  countDevices(orders)
  steps.sort((a, b) => a.at - b.at)
  return { orders, steps, trips: work.trips, special: new Map([...work.special].map(([key, job]) => [key, job.id])) }
}

/** What the system does by itself when the real commands run. */
const AUTOMATIC: ReadonlySet<string> = new Set(['order.progressed', 'visit.checkin_graded', 'followup.opened'])

function numberThem(jobs: readonly Job[]): void {
  const counts = new Map<LocalDate, number>()
  for (const job of jobs) {
    const date = dateOf(job.createdAt)
    const n = (counts.get(date) ?? 0) + 1
    counts.set(date, n)
    job.number = `WO-${date.replaceAll('-', '')}-${String(n).padStart(4, '0')}`
  }
}

/** A device counts what it sends, in the order in which it happened. */
function countDevices(orders: readonly StoryOrder[]): void {
  const sent = orders.flatMap((order) => order.events.filter((e) => e.deviceId !== null))
  sent.sort((a, b) => a.occurredAt - b.occurredAt || (a.id < b.id ? -1 : 1))
  const counts = new Map<string, number>()
  for (const event of sent) {
    const n = (counts.get(event.deviceId!) ?? 0) + 1
    counts.set(event.deviceId!, n)
    event.deviceSeq = n
  }
}

interface Told {
  beats: Beat[]
  survey: StorySurvey | null
  answer: StoryAnswer | null
  followUpId: string | null
  documents: StoryDocument[]
  messages: StoryMessage[]
  complaint: StoryComplaint | null
  praise: StoryPraise | null
}

class Teller {
  readonly #rng: Rng
  readonly #cast: Cast
  readonly #beats: Beat[] = []
  readonly #contact: Actor

  constructor(
    readonly world: World,
    readonly work: Work,
    readonly job: Job,
    readonly tripsOn: ReadonlyMap<string, readonly Trip[]>,
  ) {
    this.#rng = new Rng(`${world.seed}/tell/${job.id}`)
    this.#cast = castOf(world.seed, job.customer.regionKey)
    this.#contact = { kind: 'customer', id: job.contact.id }
  }

  #say<T extends LifecycleEvent['type']>(
    when: number,
    aggregateId: string,
    type: T,
    payload: EventNamed<T>['payload'],
    actor: Actor,
    source: Source,
    more: { reason?: string | null; heardAfter?: number } = {},
  ): void {
    const beat = {
      at: when,
      aggregateId,
      type,
      payload,
      actor,
      source,
      reason: more.reason ?? null,
      heardAfter: more.heardAfter,
    }
    this.#beats.push(beat as unknown as Beat)
  }

  tell(): Told {
    const { job } = this
    this.#intake()
    const documents: StoryDocument[] = []
    const first = this.#promise()
    for (const trip of job.trips) {
      const document = this.#document(trip)
      if (document) documents.push(document)
      this.#visit(trip, first, document)
    }
    const told: Told = {
      beats: this.#beats,
      survey: null,
      answer: null,
      followUpId: null,
      documents,
      messages: this.#talk(),
      complaint: null,
      praise: null,
    }
    if (job.declined) this.#declined(job.declined)
    if (job.end?.kind === 'cancelled') {
      const duplicate = this.#rng.chance(0.18)
      const reason = duplicate ? CANCELS[1] : this.#rng.pick(CANCELS.filter((words) => words !== CANCELS[1]))
      this.#say(
        job.end.at,
        job.id,
        'order.cancelled',
        { responsibility: 'customer', cause: duplicate ? 'duplicate' : 'not_needed' },
        this.#dispatcher,
        'desk',
        { reason },
      )
    }
    if (job.end?.kind === 'cannot')
      this.#say(
        job.end.at,
        job.id,
        'order.cannot_complete',
        { responsibility: 'customer', cause: 'site_not_ready' },
        this.#dispatcher,
        'desk',
        { reason: '现场长期不具备条件，与客户确认后终止' },
      )
    if (job.end?.kind === 'done') this.#finish(told)
    if (job.repeatedBy)
      this.#say(
        job.repeatedBy.createdAt + 20_000,
        job.id,
        'order.reopened',
        { orderId: job.repeatedBy.id },
        this.#dispatcher,
        'desk',
        { reason: '同一设备同类故障再次发生' },
      )
    // Stable: beats of one instant stay as they were said.
    told.beats.sort((a, b) => a.at - b.at)
    return told
  }

  get #dispatcher(): Actor {
    return { kind: 'user', id: this.#cast.dispatcher }
  }

  #intake(): void {
    const { job } = this
    const rng = this.#rng
    const target = targetOf(job)
    const from: [Actor, Source] =
      job.origin === 'crm'
        ? [{ kind: 'integration', id: null }, 'connector']
        : job.origin === 'link'
          ? [this.#contact, 'link']
          : [this.#dispatcher, 'desk']
    this.#say(
      job.createdAt,
      job.id,
      'order.created',
      {
        as: job.origin === 'link' ? 'draft' : 'new',
        facts: {
          number: job.number,
          title: job.title,
          text: job.text,
          type: job.type,
          priority: job.priority,
          customerId: job.customer.id,
          siteId: job.site.id,
          contactId: job.contact.id,
          assetId: job.asset?.id ?? null,
          contractId: job.contract.id,
          projectId: job.project?.id ?? null,
          phaseId: job.phase?.id ?? null,
          skills: [{ skillId: job.topic.skill, level: job.topic.level }],
          teamId: job.team.id,
          durationMin: job.trips[0] ? Math.round((job.trips[0].end - job.trips[0].start) / MINUTE) : job.durationMin,
          crew: Math.max(1, new Set(job.trips.filter((t) => t.start === job.trips[0]!.start).map((t) => t.id)).size),
          requestedStart: job.promise?.start ?? null,
          dueAt: job.dueAt,
        },
        promise: job.promise,
        sla: {
          policyId: target.id,
          calendar: target.targets.calendar,
          responseMin: target.targets.responseMin,
          takeupMin: target.targets.takeupMin,
          arrivalMin: target.targets.arrivalMin,
          resolveMin: target.targets.resolveMin,
        },
        origin:
          job.origin === 'crm' ? { system: 'crm', externalId: `SO${job.number.slice(3).replace('-', '')}` } : null,
        repeatOf: job.repeatOf?.id ?? null,
      },
      ...from,
    )
    if (job.origin === 'link')
      this.#say(job.triagedAt - 40_000, job.id, 'order.submitted', {}, this.#dispatcher, 'desk')
    if (job.end?.kind !== 'cancelled' || job.end.at > job.contactedAt)
      this.#say(
        job.contactedAt,
        job.id,
        'order.contacted',
        { channel: rng.chance(0.78) ? 'call' : 'message', contactId: job.contact.id },
        this.#dispatcher,
        'desk',
      )
    this.#say(job.triagedAt, job.id, 'order.triaged', {}, this.#dispatcher, 'desk')
    const held = this.work.held.get(job)
    if (held) {
      this.#say(
        held.from,
        job.id,
        'order.held',
        { cause: held.cause, responsibility: held.responsibility, until: held.until },
        this.#dispatcher,
        'desk',
        { reason: held.reason },
      )
      this.#say(held.until, job.id, 'order.resumed', {}, this.#dispatcher, 'desk')
    }
  }

  /** A promise that the request did not carry is given when the first visit is planned. */
  #promise() {
    const { job } = this
    const trip = job.trips[0]
    if (job.promise || !trip) return job.promise
    const promise = { start: trip.start - 30 * MINUTE, end: trip.start + 90 * MINUTE }
    this.#say(trip.dispatchedAt - 30_000, job.id, 'order.edited', { promise }, this.#dispatcher, 'desk')
    return promise
  }

  // ── a visit ──────────────────────────────────────────────────────────────────────────────────────────────────────

  #visit(trip: Trip, promise: Job['promise'], document: StoryDocument | null): void {
    const { job } = this
    const rng = this.#rng
    const made = trip.made
    const first = job.trips[0]!
    const again = trip.day !== first.day
    // Nobody sets out before having taken it; the plan of a day that has not come has only its start.
    const before = made ? made.departedAt - 2 * MINUTE : trip.start - 20 * MINUTE
    let offeredAt = Math.min(trip.dispatchedAt + 15_000, before - 3 * MINUTE)
    let plannedAt = offeredAt - 10_000
    let replaces: string | null = null
    const other = this.#somebodyElse(trip, before - offeredAt)
    if (other) {
      replaces = other.visitId
      plannedAt = other.endedAt + rng.int(60, 240) * 1000
      offeredAt = plannedAt + 8000
    }
    const moved = !other && !again && job.movedBy && made ? this.#moved(trip, offeredAt) : null
    const window = again ? null : promise
    this.#say(
      plannedAt,
      trip.id,
      'visit.planned',
      {
        orderId: job.id,
        engineerId: trip.engineer.id,
        role: trip.role,
        required: true,
        mode: trip.mode,
        start: moved?.start ?? trip.start,
        end: moved?.end ?? trip.end,
        travelMin: trip.travelMin,
        siteId: job.site.id,
        tripId: null,
        promise: window,
        replaces,
      },
      this.#dispatcher,
      'desk',
    )
    this.#say(
      offeredAt,
      trip.id,
      'visit.offered',
      { engineerId: trip.engineer.id, expiresAt: offeredAt + 15 * MINUTE, by: 'person' },
      this.#dispatcher,
      'desk',
    )
    const me: Actor = { kind: 'user', id: trip.engineer.id }
    const answerMin = Math.max(
      0.5,
      rng.skewed(trip.engineer.traits.answerMin * (1.3 - 0.5 * learned(this.world, trip.day)), 0.6),
    )
    const takenAt = Math.min(offeredAt + answerMin * MINUTE, before)
    this.#say(offeredAt + (takenAt - offeredAt) * 0.6, trip.id, 'visit.opened', {}, me, 'field')
    this.#say(takenAt, trip.id, 'visit.taken', { engineerId: trip.engineer.id }, me, 'field')
    if (moved) {
      const asked = moved.by === 'customer'
      const shifted =
        asked && window
          ? { start: window.start + (trip.start - moved.start), end: window.end + (trip.start - moved.start) }
          : undefined
      this.#say(
        Math.max(moved.at, takenAt + MINUTE),
        trip.id,
        'visit.rescheduled',
        {
          start: trip.start,
          end: trip.end,
          askedBy: moved.by,
          travelMin: trip.travelMin,
          ...(shifted ? { promise: shifted } : {}),
        },
        this.#dispatcher,
        'desk',
        { reason: rng.pick(RESCHEDULES[moved.by]) },
      )
    }
    const appointedAt = Math.max(takenAt, moved ? moved.at + 2 * MINUTE : 0) + rng.int(2, 25) * MINUTE
    if (trip.role === 'lead' && trip.mode === 'onsite' && appointedAt < before && rng.chance(0.86))
      this.#say(
        appointedAt,
        trip.id,
        'visit.appointed',
        { start: trip.start, end: trip.start + 30 * MINUTE, contactId: job.contact.id, channel: 'call', askedBy: 'us' },
        me,
        'field',
      )
    if (made) this.#made(trip, made, me, document)
  }

  #made(trip: Trip, made: NonNullable<Trip['made']>, me: Actor, document: StoryDocument | null): void {
    const { job } = this
    const rng = this.#rng
    const away = { heardAfter: made.heardAfter }
    const onsite = trip.mode === 'onsite'
    const fix = onsite ? made.fix : null
    if (onsite) {
      if (rng.chance(0.95)) this.#say(made.departedAt, trip.id, 'visit.departed', {}, me, 'field')
      this.#say(
        made.arrivedAt,
        trip.id,
        'visit.checked_in',
        { fix, fixAgeSec: made.fixAgeSec, code: null, codeMatched: null, photoIds: [] },
        me,
        'field',
        away,
      )
      this.#say(
        made.arrivedAt + 1500 + made.heardAfter,
        trip.id,
        'visit.checkin_graded',
        { checkInId: '', grade: made.grade, reasons: made.reasons },
        { kind: 'system', id: null },
        'system',
      )
      this.#review(trip, made, me)
    }
    const began = !(made.result === 'unable' && onsite)
    if (began) {
      this.#say(made.startedAt, trip.id, 'visit.started', {}, me, 'field', away)
      if (made.pause) {
        this.#say(made.pause.from, trip.id, 'visit.paused', { cause: 'waiting' }, me, 'field', {
          ...away,
          reason: made.pause.reason,
        })
        this.#say(made.pause.to, trip.id, 'visit.resumed', {}, me, 'field', away)
      }
    }
    this.#say(
      made.finishedAt,
      trip.id,
      'visit.finished',
      {
        result: made.result,
        remaining: made.result === 'partial' ? made.words : null,
        cause: made.result === 'unable' ? made.words : null,
        foreseeable: made.foreseeable,
        fix,
        pendingDocuments: document?.late ? [document.template] : [],
      },
      me,
      'field',
      away,
    )
    if (!onsite && made.result === 'done')
      this.#say(
        made.finishedAt + rng.int(3, 20) * MINUTE,
        trip.id,
        'visit.customer_confirmed',
        { by: rng.chance(0.7) ? 'call' : 'link', contactId: job.contact.id },
        rng.chance(0.5) ? this.#contact : me,
        'link',
      )
    if (trip.rejected)
      this.#say(
        trip.rejected.at,
        job.id,
        'order.rejected',
        { contactId: job.contact.id, remaining: trip.rejected.words },
        this.#dispatcher,
        'desk',
        { reason: trip.rejected.words },
      )
  }

  /** C and D go to the supervisor; the engineer may speak first. */
  #review(trip: Trip, made: NonNullable<Trip['made']>, me: Actor): void {
    if (made.grade === 'A' || made.grade === 'B') return
    const rng = this.#rng
    const morning = at(nextWorkday(trip.day), clock(9, 30)) + rng.int(0, 300) * MINUTE
    if (rng.chance(0.35))
      this.#say(
        made.finishedAt + rng.int(5, 40) * MINUTE + made.heardAfter,
        trip.id,
        'visit.checkin_appealed',
        { checkInId: '' },
        me,
        'field',
        {
          reason: rng.pick([
            '地下二层没有信号，到一楼才定位',
            '客户另一个门进的，离登记点远',
            '手机定位漂移，现场照片可以证明',
          ]),
        },
      )
    const corrected = made.grade === 'C' && rng.chance(0.6)
    this.#say(
      Math.max(morning, made.finishedAt + 60 * MINUTE),
      trip.id,
      'visit.checkin_reviewed',
      { checkInId: '', grade: corrected ? 'B' : made.grade, verdict: corrected ? 'corrected' : 'confirmed' },
      { kind: 'user', id: this.#cast.supervisor },
      'desk',
    )
  }

  /** Now and then somebody else was asked first and declined, or had taken it and it was moved. */
  #somebodyElse(trip: Trip, room: number): { visitId: string; endedAt: number } | null {
    const { job, world } = this
    const rng = this.#rng
    const learnt = learned(world, trip.day)
    const decline = rng.chance(0.075 - 0.04 * learnt)
    const reassign = !decline && rng.chance(0.03)
    if ((!decline && !reassign) || room < (decline ? 45 : 75) * MINUTE || job.crew > 1 || job.trips.length > 1)
      return null
    const colleague = this.#freeColleague(trip)
    if (!colleague) return null
    const visitId = rng.uuid(trip.dispatchedAt)
    const t = trip.dispatchedAt
    const them: Actor = { kind: 'user', id: colleague.id }
    this.#say(
      t,
      visitId,
      'visit.planned',
      {
        orderId: job.id,
        engineerId: colleague.id,
        role: 'lead',
        required: true,
        mode: trip.mode,
        start: trip.start,
        end: trip.end,
        travelMin: trip.travelMin,
        siteId: job.site.id,
        tripId: null,
        promise: job.promise,
        replaces: null,
      },
      this.#dispatcher,
      'desk',
    )
    this.#say(
      t + 12_000,
      visitId,
      'visit.offered',
      { engineerId: colleague.id, expiresAt: t + 15 * MINUTE, by: 'person' },
      this.#dispatcher,
      'desk',
    )
    const answered = t + rng.int(2, 13) * MINUTE
    this.#say(answered - 45_000, visitId, 'visit.opened', {}, them, 'field')
    if (decline) {
      const cause = rng.weigh({ overloaded: 44, skill: 20, distance: 20, personal: 10, certificate: 6 })
      this.#say(answered, visitId, 'visit.declined', { engineerId: colleague.id, cause }, them, 'field', {
        reason: rng.pick(DECLINES[cause]!),
      })
      return { visitId, endedAt: answered }
    }
    this.#say(answered, visitId, 'visit.taken', { engineerId: colleague.id }, them, 'field')
    const movedAt = answered + rng.int(10, 35) * MINUTE
    this.#say(
      movedAt,
      visitId,
      'visit.reassigned',
      { toEngineerId: trip.engineer.id, successorId: trip.id },
      this.#dispatcher,
      'desk',
      { reason: rng.pick(REASSIGN_REASONS) },
    )
    return { visitId, endedAt: movedAt }
  }

  #declined(offer: NonNullable<Job['declined']>): void {
    const { job } = this
    const them: Actor = { kind: 'user', id: offer.engineer.id }
    this.#say(
      offer.offeredAt - 20_000,
      offer.visitId,
      'visit.planned',
      {
        orderId: job.id,
        engineerId: offer.engineer.id,
        role: 'lead',
        required: true,
        mode: 'onsite',
        start: offer.start,
        end: offer.end,
        travelMin: 30,
        siteId: job.site.id,
        tripId: null,
        promise: job.promise,
        replaces: null,
      },
      this.#dispatcher,
      'desk',
    )
    this.#say(
      offer.offeredAt,
      offer.visitId,
      'visit.offered',
      { engineerId: offer.engineer.id, expiresAt: offer.offeredAt + 15 * MINUTE, by: 'person' },
      this.#dispatcher,
      'desk',
    )
    this.#say(offer.declinedAt - 90_000, offer.visitId, 'visit.opened', {}, them, 'field')
    this.#say(
      offer.declinedAt,
      offer.visitId,
      'visit.declined',
      { engineerId: offer.engineer.id, cause: 'overloaded' },
      them,
      'field',
      { reason: '那天已经排了三家，两头跑来不及，建议换附近的同事' },
    )
  }

  #freeColleague(trip: Trip): StoryEngineer | null {
    const { engineers, absences } = this.world.people
    const from = trip.start - trip.travelMin * MINUTE
    const free = engineers.filter(
      (e) =>
        e.teamKey === trip.engineer.teamKey &&
        e.city === trip.engineer.city &&
        e.id !== trip.engineer.id &&
        isWorkday(trip.day) &&
        !isAway(absences, e.id, from, trip.end) &&
        !(this.tripsOn.get(`${e.id}/${trip.day}`) ?? []).some(
          (t) => t.start - t.travelMin * MINUTE < trip.end && t.end > from,
        ),
    )
    return free.length > 0 ? this.#rng.pick(free) : null
  }

  /** The visit had first been planned on an earlier day, if there is one between the dispatch and now. */
  #moved(trip: Trip, offeredAt: number): { start: number; end: number; at: number; by: 'customer' | 'us' } | null {
    const rng = this.#rng
    const day = addWorkdays(trip.day, -1)
    const start = at(day, minuteOf(trip.start))
    const when = Math.max(offeredAt + 40 * MINUTE, start - rng.int(60, 240) * MINUTE)
    if (when > start - 20 * MINUTE || when > trip.start - 90 * MINUTE) return null
    return { start, end: start + (trip.end - trip.start), at: when, by: this.job.movedBy! }
  }

  // ── paper ────────────────────────────────────────────────────────────────────────────────────────────────────────

  #document(trip: Trip): StoryDocument | null {
    const made = trip.made
    if (!made || trip.role !== 'lead' || trip.mode === 'remote' || made.result === 'unable') return null
    const { job } = this
    const rng = this.#rng
    const late = !rng.chance(trip.engineer.traits.orderly)
    const filledAt = made.finishedAt - rng.int(3, 14) * MINUTE
    const submittedAt = late ? made.finishedAt + rng.int(90, 1600) * MINUTE : made.finishedAt - 60_000
    const signed = made.result === 'done' && !late
    return {
      id: rng.uuid(filledAt),
      orderId: job.id,
      visitId: trip.id,
      engineerId: trip.engineer.id,
      ...this.#paper(trip),
      filledAt,
      submittedAt,
      late,
      signedAt: signed ? made.finishedAt + 30_000 : null,
      signedBy: signed ? 'phone' : null,
      signerContactId: signed ? job.contact.id : null,
    }
  }

  #paper(trip: Trip): Pick<StoryDocument, 'template' | 'values'> {
    const { job } = this
    const rng = this.#rng
    const made = trip.made!
    const work = made.result === 'partial' ? `已处理部分：${rng.pick(job.topic.fixes)}` : rng.pick(job.topic.fixes)
    const passed = made.result === 'done' ? 'pass' : 'fail'
    if (job.type === 'train')
      return {
        template: 'training_report',
        values: {
          topics: rng.pick(job.topic.asks),
          attendees: rng.int(5, 32),
          ...(rng.chance(0.3)
            ? { questions: rng.pick(['报表导出格式能否调整', '夜班账号权限如何申请', '移动端审批是否支持转办']) }
            : {}),
        },
      }
    if (job.type === 'install' || job.type === 'upgrade')
      return {
        template: 'deployment_report',
        values: {
          devices: Array.from({ length: job.asset ? 1 : rng.int(1, 4) }, () => ({
            model: job.asset?.model ?? (job.topic.asset ? rng.pick(ASSET_KINDS[job.topic.asset].models) : '服务端软件'),
            serial: job.asset?.serial ?? `XH${rng.int(10_000_000, 99_999_999)}`,
            place: job.place,
          })),
          software_version: `V${rng.int(3, 5)}.${rng.int(0, 9)}.${rng.int(0, 20)}`,
          network: `10.${rng.int(10, 60)}.${rng.int(1, 200)}.0/24`,
          check_power: 'pass',
          check_network: passed,
          check_function: passed,
          room_temperature: rng.int(20, 27),
          work_done: work,
          ...(made.result === 'partial' ? { open_points: made.words } : {}),
          trained: true,
        },
      }
    return {
      template: 'service_report',
      values: {
        finding: `${job.place}：${rng.pick(job.topic.asks)}`,
        work_done: made.result === 'partial' ? `${work}。遗留：${made.words}` : work,
        check_function: passed,
        ...(rng.chance(0.4)
          ? {
              advice: rng.pick([
                '建议每季度清洁一次',
                '建议配置一台备机',
                '建议更换为工业级电源',
                '建议在业务低峰期重启',
                '建议补充操作人员培训',
              ]),
            }
          : {}),
      },
    }
  }

  // ── the end of an order ──────────────────────────────────────────────────────────────────────────────────────────

  #finish(told: Told): void {
    const { job, world } = this
    const rng = this.#rng
    const trips = job.trips.filter((t) => t.made)
    const lead = [...trips].reverse().find((t) => t.role === 'lead')!
    const done = Math.max(...trips.map((t) => t.made!.finishedAt))
    const heard = Math.max(...trips.map((t) => t.made!.heardAfter))
    const onsite = lead.mode === 'onsite'
    const deems = job.contract.deemAfterDays
    const how = rng.weigh({
      there: onsite ? 74 : 20,
      link: onsite ? 17 : 70,
      // What breaks again within days had been signed for.
      deemed: deems === null || job.repeatedBy ? 0 : 5,
      waived: onsite ? 2.5 : 0,
    })
    let completedAt: number
    if (how === 'there' || how === 'link') {
      completedAt = how === 'there' ? done + rng.int(2, 9) * MINUTE : daytime(done + rng.skewed(300, 0.9) * MINUTE)
      const document = told.documents.find((d) => d.visitId === lead.id)
      this.#say(
        completedAt,
        job.id,
        'order.accepted',
        { contactId: job.contact.id, documentId: document?.id ?? null, signatureId: null },
        this.#contact,
        how === 'there' ? 'field' : 'link',
      )
    } else if (how === 'deemed') {
      completedAt = at(addDays(dateOf(done), deems!), clock(18))
      this.#say(
        completedAt,
        job.id,
        'order.deemed',
        { contractId: job.contract.id, noticeId: rng.uuid(done) },
        { kind: 'system', id: null },
        'system',
      )
    } else {
      const asked = done + rng.int(3, 15) * MINUTE
      this.#say(
        asked,
        job.id,
        'order.waive_requested',
        { cause: rng.chance(0.7) ? 'customer_absent' : 'customer_refuses', photoIds: [] },
        { kind: 'user', id: lead.engineer.id },
        'field',
        { reason: rng.pick(['联系人已下班，电话确认可用', '联系人开会，不便签字', '对方表示以邮件确认为准']) },
      )
      completedAt = office(asked + rng.int(60, 600) * MINUTE)
      this.#say(completedAt, job.id, 'order.waived', {}, { kind: 'user', id: this.#cast.supervisor }, 'desk')
    }
    for (const paper of told.documents) {
      if (paper.visitId !== lead.id || paper.signedAt === null || how === 'there') continue
      // Who accepts by link signs there, a little before; who is silent or absent has signed nothing.
      const byLink = how === 'link'
      paper.signedAt = byLink ? Math.round(completedAt) - 40_000 : null
      paper.signedBy = byLink ? 'link' : null
      if (!byLink) paper.signerContactId = null
    }
    const invitedAt = Math.round(completedAt + heard + 45_000)
    const survey: StorySurvey = {
      id: rng.uuid(invitedAt),
      orderId: job.id,
      visitId: lead.id,
      contactId: job.contact.id,
      engineerIds: [...new Set(trips.map((t) => t.engineer.id))],
      leadEngineerId: lead.engineer.id,
      invitedAt,
      expiresAt: invitedAt + world.company.settings.surveyValidDays * DAY,
      answer: null,
    }
    told.survey = survey
    const willing = how === 'deemed' ? 0.08 : how === 'link' ? 0.6 : 0.44
    if (rng.chance(willing)) told.answer = this.#answer(survey, lead, trips)
    const { answer } = told
    if (answer && answer.score < world.company.settings.lowScore) told.followUpId = this.#followUp(survey, answer)
    if (answer) this.#voices(told, answer, lead)
    const settled = answer ? answer.at : survey.expiresAt
    const closedAt = at(nextWorkday(dateOf(settled)), clock(9, 5)) + rng.int(0, 150) * MINUTE
    this.#say(closedAt, job.id, 'order.closed', { surveyId: answer ? survey.id : null }, this.#dispatcher, 'desk')
  }

  #answer(survey: StorySurvey, lead: Trip, trips: readonly Trip[]): StoryAnswer | null {
    const { job, world } = this
    const rng = this.#rng
    const when = Math.round(daytime(survey.invitedAt + rng.skewed(240, 1.2) * MINUTE))
    if (when >= survey.expiresAt) return null
    const late = Math.max(...trips.map((t) => t.made!.lateMin))
    const rework = new Set(trips.map((t) => t.day)).size > 1
    const sore = job.project?.told === 'low_score' && lead.day > addDays(world.today, -21) && rng.chance(0.6)
    const bad = sore || rng.chance(0.045 - 0.015 * learned(world, lead.day))
    const mood =
      lead.engineer.traits.craft +
      0.05 +
      0.03 * learned(world, lead.day) +
      rng.normal(0, 0.07) -
      (rework ? 0.06 : 0) -
      (job.repeatOf ? 0.12 : 0) -
      (bad ? rng.between(0.28, 0.6) : 0)
    const rate = (value: number) =>
      Math.min(5, Math.max(1, Math.round(1 + 4 * (value + rng.normal(0, 0.05))))) as 1 | 2 | 3 | 4 | 5
    const ratings = {
      result: rate(mood - (job.repeatOf ? 0.1 : 0)),
      overall: rate(mood + 0.01),
      punctual: rate(mood - (late > 60 ? 0.4 : late > 25 ? 0.22 : 0)),
      attitude: rate(mood + 0.05),
    }
    const score = scoreOf(ratings)
    const { lowScore, goodScore } = world.company.settings
    const kind = score >= goodScore ? 'good' : score < lowScore ? 'bad' : 'neutral'
    return {
      at: when,
      ratings,
      score,
      tags:
        kind === 'neutral'
          ? []
          : rng
              .sample(kind === 'good' ? TAGS.good : late > 25 ? [TAGS.bad[0], ...TAGS.bad] : TAGS.bad, rng.int(0, 3))
              .filter((tag, i, all) => all.indexOf(tag) === i),
      words:
        kind === 'good'
          ? rng.chance(0.3)
            ? rng.pick(PRAISE)
            : null
          : kind === 'bad'
            ? late > 40
              ? GRUMBLES[0]
              : rng.pick(GRUMBLES.slice(1))
            : rng.pick(NEUTRAL) || null,
    }
  }

  #voices(told: Told, answer: StoryAnswer, lead: Trip): void {
    const { job } = this
    const rng = this.#rng
    if (answer.score < 70 && rng.chance(0.28)) {
      const about = rng.pick(COMPLAINTS)
      const complainedAt = daytime(answer.at + rng.int(20, 600) * MINUTE)
      const reviewedAt = office(complainedAt + rng.int(200, 2600) * MINUTE)
      told.complaint = {
        id: rng.uuid(complainedAt),
        orderId: job.id,
        customerId: job.customer.id,
        contactId: job.contact.id,
        at: complainedAt,
        category: about.category,
        words: about.words,
        verdict: rng.chance(0.78) ? 'confirmed' : 'not_confirmed',
        reviewedAt,
        reviewerId: personId(this.world.seed, 'xiazhiqiu'),
        handledAt: office(reviewedAt + rng.int(300, 5000) * MINUTE),
      }
    } else if (answer.score >= 96 && rng.chance(0.035)) {
      const when = daytime(answer.at + rng.int(30, 1200) * MINUTE)
      told.praise = {
        id: rng.uuid(when),
        orderId: job.id,
        customerId: job.customer.id,
        contactId: job.contact.id,
        engineerId: lead.engineer.id,
        at: when,
        words: rng.pick(COMMENDATIONS),
      }
    }
  }

  /** Plan, Do, Check, Act: as far as the time since the answer allows. */
  #followUp(survey: StorySurvey, answer: StoryAnswer): string {
    const { job, world } = this
    const rng = this.#rng
    const id = rng.uuid(answer.at)
    const boss: Actor = { kind: 'user', id: this.#cast.supervisor }
    const { followUpContactHours, followUpPlanWorkdays } = world.company.settings
    const say = <T extends FollowUpEvent['type']>(when: number, type: T, payload: EventNamed<T>['payload']) =>
      this.#say(when, id, type, payload, boss, 'desk')
    const openedAt = answer.at + 1000
    this.#say(
      openedAt,
      id,
      'followup.opened',
      {
        ownerId: this.#cast.supervisor,
        orderId: job.id,
        visitId: survey.visitId,
        surveyId: survey.id,
        score: answer.score,
        contactDueAt: openedAt + followUpContactHours * HOUR,
        planDueAt: at(addWorkdays(dateOf(openedAt), followUpPlanWorkdays), clock(18)),
      },
      { kind: 'system', id: null },
      'system',
    )
    let when = office(openedAt + rng.skewed(200, 0.8) * MINUTE)
    if (rng.chance(0.15)) {
      say(when, 'followup.contacted', { outcome: 'unreachable', channel: 'call', words: '电话未接，已发短信' })
      when = office(when + rng.int(60, 240) * MINUTE)
    }
    say(when, 'followup.contacted', {
      outcome: 'reached',
      channel: 'call',
      words: rng.pick([
        '客户说明了经过，语气平和，希望给出改进办法',
        '客户仍不满意，要求书面说明',
        '客户表示主要是时间没对上，问题本身解决了',
        '客户认可态度，担心还会复发',
      ]),
    })
    // Now and then one is forgotten after the call.
    if (rng.chance(0.05)) return id
    const cause = answer.ratings.punctual <= 2 ? CAUSES[0] : rng.pick(CAUSES)
    for (let round = 0; round < 2; round++) {
      when = office(when + rng.int(90, 2400) * MINUTE)
      const dueAt = at(addWorkdays(dateOf(when), rng.int(3, 7)), clock(18))
      say(when, 'followup.planned', {
        cause: cause.key,
        action: round === 0 ? rng.pick(cause.actions) : '主管带队再次上门，当面确认效果',
        ownerId: rng.chance(0.6) ? survey.leadEngineerId : this.#cast.supervisor,
        dueAt,
      })
      when = office(Math.min(when + rng.int(1, 7) * DAY, dueAt + (rng.chance(0.12) ? 3 * DAY : 0)))
      say(when, 'followup.done', {
        words: rng.pick(cause.done),
      })
      when = office(when + rng.int(3, 12) * DAY)
      const effective = round > 0 || rng.chance(0.86)
      const resurvey = rng.chance(0.4)
      say(when, 'followup.checked', {
        method: resurvey ? 'resurvey' : 'call',
        effective,
        score: resurvey ? (effective ? rng.int(80, 98) : rng.int(50, 68)) : null,
        surveyId: null,
        words: resurvey ? null : effective ? '客户确认未再出现，表示满意' : '客户反馈又出现一次',
      })
      if (effective) break
    }
    when = office(when + rng.int(30, 2000) * MINUTE)
    say(when, 'followup.acted', { change: cause.change, ref: null, words: cause.words })
    say(office(when + rng.int(20, 1500) * MINUTE), 'followup.closed', {})
    return id
  }

  // ── talk ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  #talk(): StoryMessage[] {
    const { job, world } = this
    const rng = this.#rng
    const trip = job.trips.find((t) => t.made && t.role === 'lead')
    if (!trip?.made) return []
    const late = trip.made.lateMin > 20
    const today = trip.day === world.today
    if (!rng.chance(today ? 0.3 : late ? 0.2 : 0.032)) return []
    const kinds: readonly string[] = late
      ? ['late']
      : job.type === 'install'
        ? ['install', 'any']
        : ['his', 'insurance', 'lis', 'oa', 'esign'].includes(job.topic.skill)
          ? ['product', 'any']
          : job.type === 'repair'
            ? ['repair', 'any']
            : ['any']
    const fitting = EXCHANGES.filter(
      (e) => kinds.includes(e.about) && (trip.mode === 'onsite' || e.about === 'product'),
    )
    if (fitting.length === 0) return []
    const exchange = rng.pick(fitting)
    const product = rng.pick(this.#cast.products)
    const names = new Map(world.people.everyone.map((p) => [p.id, p.name]))
    const who = { dispatcher: this.#cast.dispatcher, engineer: trip.engineer.id, product }
    const onTheSpot = exchange.about === 'repair' || exchange.about === 'install' || exchange.about === 'product'
    let when =
      (late
        ? trip.made.departedAt + MINUTE
        : onTheSpot
          ? trip.made.startedAt + rng.int(5, 20) * MINUTE
          : trip.made.departedAt - rng.int(3, 8) * MINUTE) +
      rng.int(0, 59) * 1000
    return exchange.lines.map(([voice, words]) => {
      const mentionIds = words.includes('@{engineer}')
        ? [trip.engineer.id]
        : words.includes('@{product}')
          ? [product]
          : []
      const text = words
        .replaceAll('{engineer}', trip.engineer.name)
        .replaceAll('{product}', names.get(product)!)
        .replaceAll('{customer}', job.customer.shortName)
        .replaceAll('{place}', job.place)
        .replaceAll('{asset}', job.asset ? `${job.asset.name} ${job.asset.model}` : '设备')
      const message = { id: rng.uuid(when), orderId: job.id, authorId: who[voice], at: when, text, mentionIds }
      when += rng.int(40, 420) * 1000
      return message
    })
  }

  // ── beats to events ──────────────────────────────────────────────────────────────────────────────────────────────

  /** The order up to the cut: events with their envelopes, and what the visits made of the order after each of them. */
  order(told: Told, past: readonly Beat[], cut: number): StoryOrder {
    const { job } = this
    const rng = this.#rng.fork('events')
    const events: (OrderEvent | VisitEvent)[] = []
    const followUp: FollowUpEvent[] = []
    const visits = new Map<string, VisitState>()
    let order: OrderState | null = null
    const lastAt = new Map<string, number>()
    const checkIns = new Map<string, string>()
    const arrivals: StoryArrival[] = []
    const make = (beat: Beat): LifecycleEvent => {
      // Two things of one aggregate never happen in the same millisecond: their order would be left to their ids.
      const occurredAt = Math.max(Math.round(beat.at), (lastAt.get(beat.aggregateId) ?? 0) + 1)
      lastAt.set(beat.aggregateId, occurredAt)
      return this.#envelop(rng, beat, occurredAt, cut, checkIns, arrivals)
    }
    const progress = (visitId: string | null, occurredAt: number) => {
      const due = order && progressDue(order, [...visits.values()])
      if (!due) return
      const event = make({
        at: occurredAt,
        aggregateId: job.id,
        type: 'order.progressed',
        payload: {
          to: due.to,
          at: occurredAt,
          visitId,
          leadEngineerId: due.leadEngineerId,
          engineerIds: due.engineerIds,
          remaining: due.remaining,
        },
        actor: { kind: 'system', id: null },
        source: 'system',
        reason: null,
      }) as OrderEvent
      events.push(event)
      order = applyEvent(order!, event)
    }
    for (const beat of past) {
      const event = make(beat)
      if (event.aggregate === 'followup') {
        followUp.push(event)
      } else if (event.aggregate === 'order') {
        events.push(event)
        order = event.type === 'order.created' ? foldOrder([event]) : applyEvent(order!, event)
        // Who did the rejected work no longer holds the order.
        if (event.type === 'order.rejected') progress(null, event.occurredAt)
      } else {
        events.push(event)
        const before = visits.get(event.aggregateId)
        visits.set(event.aggregateId, (before ? applyEvent(before, event) : foldVisit([event]))!)
        progress(event.aggregateId, event.occurredAt)
      }
    }
    const { survey, answer, complaint, praise } = told
    return {
      id: job.id,
      number: job.number,
      createdAt: job.createdAt,
      teamId: job.team.id,
      teamKey: job.team.key,
      regionKey: job.customer.regionKey,
      customerId: job.customer.id,
      siteId: job.site.id,
      projectId: job.project?.id ?? null,
      type: job.type,
      priority: job.priority,
      events,
      visitIds: [...visits.keys()],
      survey:
        survey && survey.invitedAt < cut ? { ...survey, answer: answer && answer.at < cut ? answer : null } : null,
      followUp: followUp.length > 0 ? { id: told.followUpId!, events: followUp } : null,
      arrivals,
      documents: told.documents
        .filter((d) => d.submittedAt < cut)
        .map((d) => (d.signedAt !== null && d.signedAt >= cut ? { ...d, signedAt: null, signedBy: null } : d)),
      messages: told.messages.filter((m) => m.at < cut),
      complaint:
        complaint && complaint.at < cut
          ? {
              ...complaint,
              ...(complaint.reviewedAt! >= cut ? { verdict: null, reviewedAt: null, reviewerId: null } : {}),
              handledAt: complaint.handledAt! < cut ? complaint.handledAt : null,
            }
          : null,
      praise: praise && praise.at < cut ? praise : null,
    }
  }

  #envelop(
    rng: Rng,
    beat: Beat,
    occurredAt: number,
    cut: number,
    checkIns: Map<string, string>,
    arrivals: StoryArrival[],
  ): LifecycleEvent {
    const id = rng.uuid(occurredAt)
    let payload: unknown = beat.payload
    // Positions are personal: the event says that he came, the evidence where he stood.
    if (beat.type === 'visit.checked_in') {
      checkIns.set(beat.aggregateId, id)
      const { fix, fixAgeSec } = beat.payload
      const person = this.world.people.engineers.find((e) => e.id === beat.actor.id)!
      const deviceId = deviceIdOf(this.world.seed, person.userName)
      arrivals.push({
        visitId: beat.aggregateId,
        checkInId: id,
        engineerId: person.id,
        deviceId,
        at: occurredAt,
        fix: fix!,
        fixAgeSec: fixAgeSec ?? 0,
      })
      payload = { ...beat.payload, fix: null }
    } else if (beat.type === 'visit.finished') payload = { ...beat.payload, fix: null }
    else if (beat.type.startsWith('visit.checkin_'))
      payload = { ...beat.payload, checkInId: checkIns.get(beat.aggregateId) }
    const engineer = beat.source === 'field' && beat.actor.kind === 'user' ? this.#userName(beat.actor.id!) : null
    const heard = Math.min(occurredAt + (beat.heardAfter || rng.int(120, 1400)), Math.max(cut - 1, occurredAt))
    const envelope: Envelope = {
      id,
      aggregateId: beat.aggregateId,
      version: 1,
      actor: beat.actor,
      source: beat.source,
      commandId: null,
      deviceId: engineer ? deviceIdOf(this.world.seed, engineer) : null,
      deviceSeq: null,
      atDevice: engineer ? occurredAt : null,
      skewMs: engineer ? 0 : null,
      occurredAt,
      recordedAt: heard,
      offline: (beat.heardAfter ?? 0) > 0,
      reason: beat.reason,
      flags: [],
    }
    return {
      ...envelope,
      aggregate: beat.type.slice(0, beat.type.indexOf('.')),
      type: beat.type,
      payload,
    } as LifecycleEvent
  }

  #userName(id: string): string | null {
    return this.world.people.engineers.find((e) => e.id === id)?.userName ?? null
  }
}

/** The score of an answer, as the product counts it. */
export const scoreOf = (ratings: Readonly<Record<SurveyQuestionKey, number>>): number =>
  surveyScore(SURVEY_QUESTIONS.map(({ key, weight }) => ({ rating: ratings[key], weight })))!

/** Office hours: the same moment if open, else the next morning. */
function office(when: number): number {
  const date = dateOf(when)
  const minute = minuteOf(when)
  if (isWorkday(date) && minute >= clock(8, 40) && minute < clock(18, 30)) return when
  const day = isWorkday(date) && minute < clock(8, 40) ? date : nextWorkday(date)
  return at(day, clock(8, 50)) + (when % (100 * MINUTE))
}

/** People answer between eight in the morning and half past nine in the evening. */
function daytime(when: number): number {
  const minute = minuteOf(when)
  if (minute >= clock(8) && minute < clock(21, 30)) return when
  const day = minute < clock(8) ? dateOf(when) : addDays(dateOf(when), 1)
  return at(day, clock(8, 10)) + (when % (110 * MINUTE))
}

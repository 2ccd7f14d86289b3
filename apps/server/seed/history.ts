// Six months as rows: the story's events folded by the product's own rules and put in by the thousand. A row is what
// the module's own projection makes of the fold; a test projects samples again through the stores and compares.

import { distanceM } from '#geo'
import {
  type Coordinates,
  foldOrder,
  foldVisit,
  ORDER_ENDED,
  type OrderState,
  VISIT_OCCUPYING,
  type VisitState,
} from '#lifecycle'
import { occupies, tripGapMin, peopleOf as visitPeople } from '../src/modules/visits/rules'
import { projected } from '../src/modules/visits/store'
import { clocksOf, marksOf, nextSlaAt } from '../src/modules/workorders/clocks'
import { peopleOf as orderPeople, projection, sightOf } from '../src/modules/workorders/order'
import type { Ctx } from '../src/platform/context'
import { canonical, sha256 } from '../src/platform/events'
import { derivedId } from '../src/platform/ids'
import { Book, type Event, type Told, type ToldVisit } from './book'
import type { Chronicle } from './chain'
import { photograph, writePapers } from './papers'
import type { Album } from './pictures'
import { during, time } from './rows'
import { deviceIdOf, type Story, type StoryOrder } from './story'
import { dateOf, MINUTE } from './story/time'
import { invitationOf, surveyStateOf, writeAcceptance, writeFollowUps, writeSurvey, writeTalk } from './voices'

const place = ({ lat, lng, datum }: Coordinates) => ({ lat, lng, datum })

const made = (v: ToldVisit) => v.events[0]?.recordedAt ?? 0

/** Everything that lies before today. `ctx` reads clocks as they stand at the seam between history and today. */
export class History {
  readonly #book: Book
  readonly #told: Told[]

  constructor(
    seed: string,
    readonly story: Story,
    chronicle: Chronicle,
    readonly album: Album,
  ) {
    this.#book = new Book(seed, story, chronicle)
    this.#told = story.history.orders.map((order) => this.#fold(order))
  }

  async write(ctx: Ctx): Promise<void> {
    this.#trips()
    for (const told of this.#told) await this.#order(ctx, told)
    writeFollowUps(this.#book, this.#told)
    this.#devices()
    this.#counters()
    await this.#book.write(ctx.db)
  }

  #fold(order: StoryOrder): Told {
    const own = order.events.filter((e) => e.aggregate === 'order')
    const fold = foldOrder(own) as OrderState
    const byVisit = new Map<string, Event[]>()
    for (const e of order.events)
      if (e.aggregate === 'visit') {
        const list = byVisit.get(e.aggregateId)
        if (list) list.push(e)
        else byVisit.set(e.aggregateId, [e])
      }
    const visits = [...byVisit.values()].map((events) => {
      const state = foldVisit(events as never) as VisitState
      const people = visitPeople(state, [])
      const held = events.flatMap((e) =>
        e.type === 'visit.offered' && e.payload.engineerId ? [e.payload.engineerId] : [],
      )
      const former = [...new Set(held)].filter((id) => !people.includes(id))
      return {
        fold: state,
        scope: { team_id: order.teamId, customer_id: order.customerId, people },
        former,
        events,
        tripId: null as string | null,
      }
    })
    // As the stores read them: in the order in which they were made.
    visits.sort((a, b) => made(a) - made(b) || (a.fold.id < b.fold.id ? -1 : 1))
    const created = own[0] as Event
    const createdBy = created.actor.kind === 'user' ? created.actor.id : null
    const told = {
      story: order,
      fold,
      scope: {
        team_id: order.teamId,
        customer_id: order.customerId,
        people: orderPeople(
          createdBy,
          fold,
          visits.map((v) => v.fold),
        ),
      },
      visits,
    }
    return { ...told, survey: invitationOf(this.#book, told) }
  }

  // ── trips and planned time ──

  /** Visits at one site in one go are one trip; what is still to come holds the engineer's time. */
  #trips(): void {
    const onsite = this.#told
      .flatMap((t) => t.visits)
      .filter((v) => v.fold.mode === 'onsite' && v.fold.engineerId !== null)
      .sort((a, b) => a.fold.planned.start - b.fold.planned.start || (a.fold.id < b.fold.id ? -1 : 1))
    const last = new Map<string, { id: string; visits: typeof onsite; end: number }>()
    const trips: { id: string; visits: typeof onsite; end: number }[] = []
    for (const v of onsite) {
      const key = `${v.fold.engineerId}/${v.fold.siteId}`
      const before = last.get(key)
      const alive = VISIT_OCCUPYING.includes(v.fold.state) || v.fold.state === 'finished'
      if (
        alive &&
        before &&
        v.fold.planned.start >= before.end &&
        v.fold.planned.start - before.end <= tripGapMin * MINUTE
      ) {
        before.visits.push(v)
        before.end = v.fold.planned.end
        v.tripId = before.id
        continue
      }
      const trip = { id: derivedId(v.fold.id, 'trip'), visits: [v], end: v.fold.planned.end }
      v.tripId = trip.id
      if (alive) last.set(key, trip)
      trips.push(trip)
    }
    // Nothing is booked twice, or the database would refuse the whole demo: a way is cut to what is free.
    const taken = new Map<string, { from: number; to: number }[]>()
    for (const a of this.story.people.absences)
      taken.set(a.engineerId, [...(taken.get(a.engineerId) ?? []), { from: a.start, to: a.end }])
    for (const trip of trips) {
      const first = trip.visits[0] as (typeof onsite)[number]
      const travelMin = first.fold.travelMin ?? 0
      this.#book.put('trips', {
        id: trip.id,
        engineer_id: first.fold.engineerId,
        site_id: first.fold.siteId,
        starts_at: time(first.fold.planned.start),
        ends_at: time(trip.end),
        travel_min: travelMin,
        ...first.scope,
        people: [first.fold.engineerId],
      })
      const holding = trip.visits.filter((v) => occupies(v.fold))
      if (holding.length === 0) continue
      const start = Math.min(...holding.map((v) => v.fold.planned.start))
      const end = Math.max(...holding.map((v) => v.fold.planned.end))
      const engineer = first.fold.engineerId as string
      const spans = taken.get(engineer) ?? []
      if (spans.some((s) => s.from < end && s.to > start)) continue
      const way = start - travelMin * MINUTE
      const leave = Math.max(way, ...spans.filter((s) => s.from < start && s.to > way).map((s) => s.to))
      const book = (from: number, to: number, kind: string) =>
        this.#book.put('engineer_occupancy', { engineer_id: engineer, during: during(from, to), kind, ref: trip.id })
      if (leave < start) book(leave, start, 'travel')
      book(start, end, 'visit')
      taken.set(engineer, [...spans, { from: leave, to: end }])
    }
  }

  // ── an order with all that hangs on it ──

  async #order(ctx: Ctx, told: Told): Promise<void> {
    const { story, fold, scope, visits } = told
    photograph(this.#book, this.album, told)
    const events = story.events.filter((e) => e.aggregate === 'order')
    const first = events[0] as Event
    const last = story.events.reduce<Event>((a, b) => (b.recordedAt >= a.recordedAt ? b : a), first)
    const p = projection(fold)
    const origin = events[0]?.type === 'order.created' ? events[0].payload.origin : null
    const sights = visits.map((v) => sightOf(v.fold))
    const runs = !ORDER_ENDED.includes(fold.state) && fold.state !== 'completed'
    const open = runs ? (await clocksOf(ctx, fold, sights)).filter((c) => c.open && c.state !== 'paused') : []
    const tell = marksOf(open)
      .filter((m) => m.reached)
      .map((m) => m.key)
    const { lead, engineers, ...columns } = p
    this.#book.put('orders', {
      id: story.id,
      number: story.number,
      ...columns,
      lead_engineer_id: lead,
      engineer_ids: engineers,
      customer_id: scope.customer_id,
      people: scope.people,
      source: origin?.system ?? null,
      external_id: origin?.externalId ?? null,
      repeat_of: fold.repeatOf,
      created_by: first.actor.kind === 'user' ? first.actor.id : null,
      created_at: time(fold.createdAt),
      survey: surveyStateOf(told.survey, ctx.now.getTime()),
      next_sla_at: open.length > 0 ? await nextSlaAt(ctx, fold, sights, tell) : null,
      sla_told: tell,
      rev: story.events.length,
      changed_at: time(last.recordedAt),
      changed_by: last.actor.kind === 'user' ? last.actor.id : null,
      changed_by_name: this.#book.nameOf(last),
      fact_revs: {},
      fold,
      visits: sights,
      // The request in its own words; the database adds the names of customer, site and equipment.
      search_text: [story.number, origin?.externalId, fold.facts.title, (fold.facts.text ?? '').slice(0, 600)]
        .filter(Boolean)
        .join(' '),
    })
    for (const e of events) this.#book.event(e, scope)
    this.#book.thread('order', story.id, `${story.number} ${fold.facts.title}`, scope)
    for (const v of visits) this.#visit(told, v)
    for (const v of visits) writePapers(this.#book, this.album, told, v)
    writeTalk(this.#book, this.album, told)
    writeSurvey(this.#book, told, ctx.now.getTime())
    writeAcceptance(this.#book, told)
  }

  #visit(told: Told, v: ToldVisit): void {
    const p = projected(v.fold)
    const first = v.events[0] as Event
    const last = v.events.reduce<Event>((a, b) => (b.recordedAt >= a.recordedAt ? b : a), first)
    this.#book.put('visits', {
      id: v.fold.id,
      order_id: told.story.id,
      site_id: v.fold.siteId,
      trip_id: v.tripId,
      engineer_id: p.engineerId,
      mode: p.mode,
      role: p.role,
      state: p.state,
      planned_start: p.start,
      planned_end: p.end,
      travel_min: p.travelMin,
      promise_start: p.promiseStart,
      promise_end: p.promiseEnd,
      offer_expires_at: p.offerExpiresAt,
      offered_at: p.offeredAt,
      taken_at: p.takenAt,
      arrived_at: p.arrivedAt,
      ended_at: p.endedAt,
      result: p.result,
      grade: p.grade,
      review_open: p.reviewOpen,
      conflicts: 0,
      replaces: p.replaces,
      fold: v.fold,
      candidates: [],
      former: v.former,
      arrival_code: String(this.#book.rng.int(0, 999_999)).padStart(6, '0'),
      ...v.scope,
      rev: v.events.length,
      created_at: time(first.recordedAt),
      changed_at: time(last.recordedAt),
      changed_by: last.actor.kind === 'user' ? last.actor.id : null,
    })
    this.#book.link(told.story.id, v.fold.id)
    this.#book.thread('visit', v.fold.id, `${told.story.number} ${told.fold.facts.title}`, v.scope)
    const site = this.story.customers.sites.find((s) => s.id === told.story.siteId)
    for (const e of v.events) {
      const arrival = e.type === 'visit.checked_in' ? told.story.arrivals.find((a) => a.checkInId === e.id) : undefined
      const fix = arrival && { ...arrival.fix, ageMs: arrival.fixAgeSec * 1000 }
      this.#book.event(e, v.scope, fix && { fix })
      if (arrival && fix)
        this.#book.put('evidence', {
          id: derivedId(e.id, 'fix'),
          visit_id: v.fold.id,
          kind: 'fix',
          sha256: sha256(canonical(fix)).toString('hex'),
          bytes: null,
          media_type: null,
          width: null,
          height: null,
          taken_at: time(arrival.at),
          taken_by: arrival.engineerId,
          fix,
          distance_m: site ? distanceM(place(arrival.fix), site.point).distanceM : null,
          device_id: arrival.deviceId,
          check_in_id: e.id,
          thumb_sha256: null,
          declared_at: time(e.recordedAt),
          stored_at: null,
        })
    }
    this.#moves(told, v)
  }

  /** The dispatcher's decisions, as the log shows them. */
  #moves(told: Told, v: ToldVisit): void {
    let span: { engineerId: string | null; start: number; end: number } | null = null
    for (const e of v.events) {
      const planned = e.type === 'visit.planned' ? e.payload : null
      if (planned) span = { engineerId: planned.engineerId, start: planned.start, end: planned.end }
      const moved = e.type === 'visit.rescheduled' ? e.payload : null
      if (!span || e.actor.kind !== 'user' || (e.type !== 'visit.offered' && !moved)) continue
      const before = v.fold.replaces && told.visits.find((o) => o.fold.id === v.fold.replaces)
      const handed = !moved && before && before.fold.state === 'reassigned' ? before.fold : null
      const from = moved
        ? span
        : handed && { engineerId: handed.engineerId, start: handed.planned.start, end: handed.planned.end }
      if (moved) span = { ...span, start: moved.start, end: moved.end }
      this.#book.put('dispatch_moves', {
        id: derivedId(e.id, 'move'),
        at: time(e.occurredAt),
        verb: moved ? 'move' : handed ? 'reassign' : 'assign',
        order_id: told.story.id,
        visit_id: v.fold.id,
        made_by: 'person',
        actor_kind: 'user',
        actor_id: e.actor.id,
        actor_name: this.#book.nameOf(e),
        reason: e.reason,
        from_engineer_id: from ? from.engineerId : null,
        from_start: from ? time(from.start) : null,
        from_end: from ? time(from.end) : null,
        engineer_id: span.engineerId,
        starts_at: time(span.start),
        ends_at: time(span.end),
        rank: null,
        cost: null,
        alternative: null,
        overridden: [],
        ...v.scope,
      })
    }
  }

  // ── small things ──

  #devices(): void {
    const seen = new Map<string, { person: string; first: number; last: number }>()
    for (const { story } of this.#told)
      for (const a of story.arrivals) {
        const device = seen.get(a.deviceId)
        seen.set(a.deviceId, {
          person: a.engineerId,
          first: Math.min(device?.first ?? a.at, a.at),
          last: Math.max(device?.last ?? a.at, a.at),
        })
      }
    for (const e of this.story.people.engineers) {
      const id = deviceIdOf(this.#book.seed, e.userName)
      const device = seen.get(id)
      if (!device) continue
      this.#book.put('devices', {
        id,
        person_id: device.person,
        bound_at: time(device.first),
        last_seen_at: time(device.last),
      })
    }
  }

  #counters(): void {
    const days = new Map<string, number>()
    for (const { story } of this.#told) {
      const day = dateOf(story.createdAt)
      days.set(day, (days.get(day) ?? 0) + 1)
    }
    for (const [day, n] of days) this.#book.put('counters', { kind: 'WO', day, n })
  }
}

// Six months as rows: the story's events folded by the product's own rules and put in by the thousand. A row is what
// the module's own projection makes of the fold; a test projects samples again through the stores and compares.

import { distanceM } from '#geo'
import {
  type Coordinates,
  type FollowUpState,
  foldFollowUp,
  foldOrder,
  foldVisit,
  type OrderState,
  surveyWeight,
  VISIT_OCCUPYING,
  type VisitState,
} from '#lifecycle'
import { contentHash, missing } from '../src/modules/documents/rules'
import { shippedTemplates } from '../src/modules/documents/templates'
import { factsFor } from '../src/modules/visits/papers'
import { occupies, tripGapMin, peopleOf as visitPeople } from '../src/modules/visits/rules'
import { projected } from '../src/modules/visits/store'
import { clocksOf, marksOf, nextSlaAt } from '../src/modules/workorders/clocks'
import { peopleOf as orderPeople, projection, sightOf } from '../src/modules/workorders/order'
import type { Ctx } from '../src/platform/context'
import { type Db, sql } from '../src/platform/database/pool'
import { canonical, sha256 } from '../src/platform/events'
import { derivedId } from '../src/platform/ids'
import type { Chronicle } from './chain'
import type { Album } from './pictures'
import { during, insertRows, time } from './rows'
import { deviceIdOf, type Story, type StoryOrder } from './story'
import { Rng } from './story/rng'
import { at, DAY, dateOf, MINUTE } from './story/time'

type Event = StoryOrder['events'][number] | NonNullable<StoryOrder['followUp']>['events'][number]
type Scope = { team_id: string | null; customer_id: string | null; people: string[] }

interface Told {
  story: StoryOrder
  fold: OrderState
  scope: Scope
  visits: { fold: VisitState; scope: Scope; former: string[]; events: Event[]; tripId: string | null }[]
}

const place = ({ lat, lng, datum }: Coordinates) => ({ lat, lng, datum })

/** Everything that lies before today. `ctx` reads clocks as they stand at the seam between history and today. */
export class History {
  readonly #names: ReadonlyMap<string, string>
  readonly #rng: Rng
  readonly #rows = new Map<string, Record<string, unknown>[]>()
  readonly #told: Told[]

  constructor(
    readonly seed: string,
    readonly story: Story,
    readonly chronicle: Chronicle,
    readonly album: Album,
  ) {
    this.#rng = new Rng(`${seed}/writer`)
    this.#names = new Map<string, string>([
      ...story.people.everyone.map((p): [string, string] => [p.id, p.name]),
      ...story.customers.contacts.map((c): [string, string] => [c.id, c.name]),
    ])
    this.#told = story.history.orders.map((order) => this.#fold(order))
  }

  async write(ctx: Ctx): Promise<void> {
    this.#trips()
    for (const told of this.#told) await this.#order(ctx, told)
    this.#followUps()
    this.#devices()
    this.#counters()
    await this.#flush(ctx.db)
  }

  #put(table: string, row: Record<string, unknown>): void {
    const rows = this.#rows.get(table)
    if (rows) rows.push(row)
    else this.#rows.set(table, [row])
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
    const created = own[0] as Event
    const createdBy = created.actor.kind === 'user' ? created.actor.id : null
    return {
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
    const busyUntil = new Map<string, number>()
    for (const trip of trips) {
      const first = trip.visits[0] as (typeof onsite)[number]
      const travelMin = first.fold.travelMin ?? 0
      this.#put('trips', {
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
      const leave = Math.max(start - travelMin * MINUTE, busyUntil.get(engineer) ?? 0)
      const book = (from: number, to: number, kind: string) =>
        this.#put('engineer_occupancy', { engineer_id: engineer, during: during(from, to), kind, ref: trip.id })
      if (leave < start) book(leave, start, 'travel')
      book(start, end, 'visit')
      busyUntil.set(engineer, end)
    }
  }

  // ── an order with all that hangs on it ──

  async #order(ctx: Ctx, told: Told): Promise<void> {
    const { story, fold, scope, visits } = told
    this.#photograph(told)
    const events = story.events.filter((e) => e.aggregate === 'order')
    const first = events[0] as Event
    const last = story.events.reduce<Event>((a, b) => (b.recordedAt >= a.recordedAt ? b : a), first)
    const p = projection(fold)
    const origin = events[0]?.type === 'order.created' ? events[0].payload.origin : null
    const sights = visits.map((v) => sightOf(v.fold))
    const open = (await clocksOf(ctx, fold, sights)).filter((c) => c.open && c.state !== 'paused')
    const tell = marksOf(open)
      .filter((m) => m.reached)
      .map((m) => m.key)
    const { lead, engineers, ...columns } = p
    this.#put('orders', {
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
      survey: this.#surveyState(story, ctx.now.getTime()),
      next_sla_at: open.length > 0 ? await nextSlaAt(ctx, fold, sights, tell) : null,
      sla_told: tell,
      rev: story.events.length,
      changed_at: time(last.recordedAt),
      changed_by: last.actor.kind === 'user' ? last.actor.id : null,
      changed_by_name: this.#nameOf(last),
      fact_revs: {},
      fold,
      visits: sights,
      // The request in its own words; the database adds the names of customer, site and equipment.
      search_text: [story.number, origin?.externalId, fold.facts.title, (fold.facts.text ?? '').slice(0, 600)]
        .filter(Boolean)
        .join(' '),
    })
    for (const e of events) this.#event(e, scope)
    this.#thread('order', story.id, `${story.number} ${fold.facts.title}`, scope)
    for (const v of visits) this.#visit(told, v)
    for (const v of visits) this.#papers(told, v)
    for (const m of story.messages) this.#message(told, m)
    this.#reads(told)
    this.#survey(told, ctx.now.getTime())
    this.#acceptance(told)
  }

  #visit(told: Told, v: Told['visits'][number]): void {
    const p = projected(v.fold)
    const first = v.events[0] as Event
    const last = v.events.reduce<Event>((a, b) => (b.recordedAt >= a.recordedAt ? b : a), first)
    this.#put('visits', {
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
      arrival_code: String(this.#rng.int(0, 999_999)).padStart(6, '0'),
      ...v.scope,
      rev: v.events.length,
      created_at: time(first.recordedAt),
      changed_at: time(last.recordedAt),
      changed_by: last.actor.kind === 'user' ? last.actor.id : null,
    })
    this.#link(told.story.id, v.fold.id)
    this.#thread('visit', v.fold.id, `${told.story.number} ${told.fold.facts.title}`, v.scope)
    const site = this.story.customers.sites.find((s) => s.id === told.story.siteId)
    for (const e of v.events) {
      const arrival = e.type === 'visit.checked_in' ? told.story.arrivals.find((a) => a.checkInId === e.id) : undefined
      const fix = arrival && { ...arrival.fix, ageMs: arrival.fixAgeSec * 1000 }
      this.#event(e, v.scope, fix && { fix })
      if (arrival && fix)
        this.#put('evidence', {
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
  #moves(told: Told, v: Told['visits'][number]): void {
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
      this.#put('dispatch_moves', {
        id: derivedId(e.id, 'move'),
        at: time(e.occurredAt),
        verb: moved ? 'move' : handed ? 'reassign' : 'assign',
        order_id: told.story.id,
        visit_id: v.fold.id,
        made_by: 'person',
        actor_kind: 'user',
        actor_id: e.actor.id,
        actor_name: this.#nameOf(e),
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

  // ── papers ──

  #papers(told: Told, v: Told['visits'][number]): void {
    if (v.fold.takenAt === null) return
    const { fold } = told
    const template = shippedTemplates.find((t) => t.orderTypes.includes(fold.facts.type))
    if (!template) return
    const paper = told.story.documents.find((d) => d.visitId === v.fold.id) ?? null
    // Work that has ended leaves the papers that were filed; the lead's serve the crew and remote work needs none.
    if (!paper && v.fold.endedAt !== null) return
    const facts = this.#facts(told, v.fold)
    const values = (paper?.values ?? {}) as Record<string, unknown>
    const state =
      !paper || missing(template.body, values).length > 0 ? 'draft' : paper.signedAt === null ? 'filed' : 'signed'
    const id = paper?.id ?? derivedId(v.fold.id, 'document')
    const hash = contentHash({ templateKey: template.key, templateVersion: template.version, values, facts })
    const changed = paper ? Math.max(paper.submittedAt, paper.signedAt ?? 0) : v.fold.takenAt
    this.#put('documents', {
      id,
      template_key: template.key,
      template_version: template.version,
      order_id: told.story.id,
      visit_id: v.fold.id,
      state,
      values,
      facts,
      filed_at: state === 'draft' || !paper ? null : time(paper.submittedAt),
      created_at: time(v.fold.takenAt),
      changed_at: time(changed),
      rev: paper ? 4 : 1,
      ...v.scope,
    })
    const say = (type: string, when: number, payload: Record<string, unknown>, personal?: Record<string, unknown>) =>
      this.#fact(
        {
          type,
          aggregate: 'document',
          id,
          at: when,
          by: v.fold.engineerId as string,
          source: 'field',
          payload,
          scope: v.scope,
        },
        personal,
      )
    const about = { orderId: told.story.id, visitId: v.fold.id }
    say('document.started', v.fold.takenAt + 1, { ...about, template: template.key, templateVersion: template.version })
    if (!paper) return
    say('document.filled', paper.filledAt, { visitId: v.fold.id, keys: Object.keys(values) })
    if (state === 'draft') return
    say('document.filed', paper.submittedAt, { ...about, hash })
    if (paper.signedAt === null || paper.signerContactId === null) return
    const signer = this.story.customers.contacts.find((c) => c.id === paper.signerContactId)
    const image = this.album.signature(paper.id)
    this.#put('document_signatures', {
      document_id: id,
      signer_name: signer?.name,
      signer_title: signer?.title ?? null,
      method: 'phone',
      image_sha256: image,
      document_hash: hash,
      signed_at: time(paper.signedAt),
    })
    say(
      'document.signed',
      paper.signedAt,
      { ...about, hash, method: 'phone', imageSha256: image },
      { signerName: signer?.name, signerTitle: signer?.title ?? null },
    )
  }

  #facts(told: Told, v: VisitState): Record<string, unknown> {
    const { customers, people } = this.story
    const { facts } = told.fold
    const site = customers.sites.find((s) => s.id === facts.siteId)
    const contact = customers.contacts.find((c) => c.id === facts.contactId)
    const asset = customers.assets.find((a) => a.id === facts.assetId)
    return factsFor({
      order_number: told.story.number,
      title: facts.title,
      type: facts.type,
      order_text: facts.text ?? null,
      customer_name: customers.customers.find((c) => c.id === facts.customerId)?.name ?? '',
      site: site ? { name: site.name, address: site.address } : null,
      contact: contact ? { id: contact.id, name: contact.name, phone: contact.phone } : null,
      asset: asset ? { id: asset.id, name: asset.name, model: asset.model, serial: asset.serial } : null,
      engineer_id: v.engineerId,
      engineer_name: people.engineers.find((e) => e.id === v.engineerId)?.name ?? null,
      mode: v.mode,
      fold: v,
    })
  }

  /** Pictures of the last weeks: the field's own, taken between the arrival and the end. */
  #photograph(told: Told): void {
    for (const v of told.visits) {
      const { fold } = v
      if (fold.mode !== 'onsite' || fold.startedAt === null || fold.endedAt === null || fold.result === 'unable')
        continue
      if (fold.startedAt < at(this.story.today.date) - 21 * DAY) continue
      const asset = this.story.customers.assets.find((a) => a.id === told.fold.facts.assetId)
      const pictures = this.album.take(asset ?? null)
      for (const [i, picture] of pictures.entries()) {
        const when = Math.round(fold.startedAt + ((fold.endedAt - fold.startedAt) * (i + 1)) / (pictures.length + 1))
        const id = derivedId(fold.id, 'photo', String(i))
        const engineer = this.story.people.engineers.find((e) => e.id === fold.engineerId)
        const deviceId = engineer ? deviceIdOf(this.seed, engineer.userName) : null
        this.#put('evidence', {
          id,
          visit_id: fold.id,
          kind: 'photo',
          sha256: picture.sha256,
          bytes: picture.bytes,
          media_type: 'image/jpeg',
          width: picture.width,
          height: picture.height,
          taken_at: time(when),
          taken_by: fold.engineerId,
          fix: null,
          distance_m: null,
          device_id: deviceId,
          check_in_id: null,
          thumb_sha256: picture.thumb,
          declared_at: time(when + 4000),
          stored_at: time(when + 9000),
        })
        const event = {
          id: derivedId(id, 'added'),
          aggregate: 'visit',
          aggregateId: fold.id,
          type: 'visit.evidence_added',
          version: 1,
          payload: { evidenceId: id, kind: 'photo', sha256: picture.sha256 },
          actor: { kind: 'user', id: fold.engineerId },
          source: 'field',
          commandId: null,
          deviceId,
          deviceSeq: null,
          atDevice: when,
          skewMs: 0,
          occurredAt: when,
          recordedAt: when + 4000,
          offline: false,
          reason: null,
          flags: [],
        } as unknown as Event
        v.events.push(event)
      }
      if (pictures.length > 0) {
        v.events.sort((a, b) => a.occurredAt - b.occurredAt)
        v.fold = foldVisit(v.events as never) as VisitState
      }
    }
  }

  // ── talk ──

  #thread(kind: string, id: string, title: string, scope: Scope): void {
    this.#put('threads', { id: derivedId(id, 'thread'), kind, subject_id: id, title, ...scope })
  }

  #message(told: Told, m: StoryOrder['messages'][number]): void {
    this.#put('messages', {
      id: m.id,
      thread_id: derivedId(told.story.id, 'thread'),
      author_id: m.authorId,
      body: m.text,
      mentions: m.mentionIds,
      written_at: time(m.at),
      created_at: time(m.at),
    })
    this.#fact(
      {
        type: 'thread.posted',
        aggregate: 'thread',
        id: told.story.id,
        key: m.id,
        at: m.at,
        by: m.authorId,
        source: 'web',
        payload: { messageId: m.id, kind: 'order', photos: [] },
        scope: told.scope,
      },
      { body: m.text },
    )
  }

  /** Whoever spoke has read what came before; the dispatcher reads in the end. */
  #reads(told: Told): void {
    const last = told.story.messages.at(-1)
    if (!last) return
    for (const userId of new Set(told.story.messages.flatMap((m) => [m.authorId, ...m.mentionIds])))
      this.#put('thread_reads', {
        thread_id: derivedId(told.story.id, 'thread'),
        user_id: userId,
        read_at: time(last.at + 6 * MINUTE),
      })
  }

  // ── the customer's word ──

  #surveyState(order: StoryOrder, now: number): 'none' | 'invited' | 'answered' | 'expired' {
    if (!order.survey) return 'none'
    return order.survey.answer ? 'answered' : order.survey.expiresAt <= now ? 'expired' : 'invited'
  }

  #survey(told: Told, now: number): void {
    const { survey } = told.story
    if (!survey) return
    const visit = told.visits.find((v) => v.fold.id === survey.visitId)
    const scope = visit?.scope ?? told.scope
    const { answer } = survey
    const engineers = survey.engineerIds.map((id) => ({
      id,
      name: this.#names.get(id) ?? '',
      weight: surveyWeight(id === survey.leadEngineerId ? 'lead' : 'member'),
    }))
    const state = this.#surveyState(told.story, now)
    this.#put('surveys', {
      id: survey.id,
      kind: 'visit',
      definition_version: 1,
      order_id: told.story.id,
      visit_id: survey.visitId,
      engineers,
      order_number: told.story.number,
      customer_name: this.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
      state,
      ratings: answer?.ratings ?? null,
      tags: answer?.tags ?? [],
      words: answer?.words ?? null,
      nps: null,
      score: answer?.score ?? null,
      flags: [],
      invited_at: time(survey.invitedAt),
      expires_at: time(survey.expiresAt),
      answered_at: time(answer?.at),
      ...scope,
    })
    this.#link(told.story.id, survey.id)
    const about = { aggregate: 'survey', id: survey.id, scope }
    const facts = { visitId: survey.visitId, orderId: told.story.id }
    this.#fact({ ...about, type: 'survey.invited', at: survey.invitedAt, by: null, source: 'system', payload: facts })
    if (answer)
      this.#fact(
        {
          ...about,
          type: 'survey.answered',
          at: answer.at,
          by: survey.contactId,
          source: 'link',
          payload: { ...facts, score: answer.score, ratings: answer.ratings, nps: null, engineers },
        },
        { words: answer.words ?? '' },
      )
    else if (state === 'expired')
      this.#fact({ ...about, type: 'survey.expired', at: survey.expiresAt, by: null, source: 'system', payload: facts })
  }

  #followUps(): void {
    const quality = this.story.people.staff.filter((p) => p.grants.some((g) => g.role === 'quality')).map((p) => p.id)
    const cases = this.#told
      .filter((t) => t.story.followUp)
      .map((t) => ({ told: t, fold: foldFollowUp(t.story.followUp?.events ?? []) as FollowUpState }))
      .sort((a, b) => a.fold.openedAt - b.fold.openedAt)
    const counts = new Map<string, number>()
    for (const { told, fold } of cases) {
      const day = dateOf(fold.openedAt)
      const n = (counts.get(day) ?? 0) + 1
      counts.set(day, n)
      const events = told.story.followUp?.events ?? []
      const owners = events.flatMap((e) =>
        e.type === 'followup.opened' || e.type === 'followup.planned' ? [e.payload.ownerId] : [],
      )
      const first = owners[0] as string
      const scope = {
        team_id: told.scope.team_id,
        customer_id: told.scope.customer_id,
        people: [...new Set([first, ...quality, ...owners])],
      }
      const survey = told.story.survey
      this.#put('followups', {
        id: told.story.followUp?.id,
        number: `FU-${day.replaceAll('-', '')}-${String(n).padStart(4, '0')}`,
        state: fold.state,
        owner_id: fold.ownerId,
        order_id: told.story.id,
        order_number: told.story.number,
        customer_name: this.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
        survey_id: survey?.id ?? null,
        score: survey?.answer?.score ?? null,
        cause: fold.plan?.cause ?? null,
        fold,
        opened_at: time(fold.openedAt),
        contact_due_at: time(fold.contactDueAt),
        plan_due_at: time(fold.planDueAt),
        closed_at: time(fold.closedAt),
        rev: events.length,
        ...scope,
      })
      for (const e of events) this.#event(e, scope)
      if (fold.closedAt === null && fold.openedAt > at(this.story.today.date) - 7 * DAY)
        this.#notice(
          fold.ownerId,
          'followup_opened',
          fold.openedAt,
          { kind: 'followup', id: fold.id },
          {
            number: `FU-${day.replaceAll('-', '')}-${String(n).padStart(4, '0')}`,
            score: survey?.answer?.score ?? null,
            order: told.story.number,
            customer: this.story.customers.customers.find((c) => c.id === told.story.customerId)?.name ?? null,
          },
        )
    }
    for (const [day, n] of counts) this.#put('counters', { kind: 'FU', day, n })
  }

  #notice(
    userId: string,
    code: string,
    when: number,
    subject: { kind: string; id: string },
    params: Record<string, unknown>,
  ): void {
    this.#put('notices', {
      id: derivedId(userId, code, subject.id),
      user_id: userId,
      code,
      params,
      subject_kind: subject.kind,
      subject_id: subject.id,
      urgency: 'urgent',
      created_at: time(when),
      read_at: null,
    })
  }

  /** Silence counts only after a notice: the one that it was deemed by. */
  #acceptance(told: Told): void {
    for (const e of told.story.events) {
      if (e.type !== 'order.deemed') continue
      const contract = this.story.customers.contracts.find((c) => c.id === e.payload.contractId)
      const days = contract?.deemAfterDays ?? 7
      const sent = Math.max(told.fold.awaitingAt ?? 0, e.occurredAt - days * DAY)
      const { noticeId } = e.payload
      const contactId = told.fold.facts.contactId ?? null
      this.#put('acceptance_notices', {
        id: noticeId,
        order_id: told.story.id,
        contract_id: e.payload.contractId,
        channel: 'message',
        contact_id: contactId,
        evidence_sha256: null,
        sent_at: time(sent),
        deem_at: time(e.occurredAt),
        awaiting_at: time(told.fold.awaitingAt ?? sent),
        sent_by: null,
      })
      this.#link(told.story.id, noticeId)
      this.#fact({
        type: 'acceptance.noticed',
        aggregate: 'acceptance',
        id: noticeId,
        at: sent,
        by: null,
        source: 'system',
        payload: { orderId: told.story.id, channel: 'message', contactId, evidence: null, deemAt: e.occurredAt },
        scope: told.scope,
      })
    }
  }

  // ── small things ──

  #link(orderId: string, aggregateId: string): void {
    this.#put('order_aggregates', { order_id: orderId, aggregate_id: aggregateId })
  }

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
      const id = deviceIdOf(this.seed, e.userName)
      const device = seen.get(id)
      if (!device) continue
      this.#put('devices', {
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
    for (const [day, n] of days) this.#put('counters', { kind: 'WO', day, n })
  }

  #nameOf(e: Event): string {
    if (e.actor.kind === 'system') return 'system'
    if (e.actor.kind === 'integration') return 'crm'
    return this.#names.get(e.actor.id ?? '') ?? '客户'
  }

  #event(e: Event, scope: Scope, personal?: Record<string, unknown>): void {
    this.chronicle.add(
      {
        id: e.id,
        aggregate: e.aggregate,
        aggregateId: e.aggregateId,
        type: e.type,
        version: e.version,
        payload: e.payload as Record<string, unknown>,
        actorId: e.actor.id,
        actorKind: e.actor.kind === 'customer' ? 'link' : e.actor.kind,
        actorName: this.#nameOf(e),
        source: e.source,
        commandId: e.commandId,
        deviceId: e.deviceId,
        deviceSeq: e.deviceSeq,
        atDevice: e.atDevice === null ? null : new Date(e.atDevice),
        skewMs: e.skewMs,
        occurredAt: new Date(e.occurredAt),
        recordedAt: new Date(e.recordedAt),
        offline: e.offline,
        reason: e.reason,
        flags: [...e.flags],
        teamId: scope.team_id,
        customerId: scope.customer_id,
        people: scope.people,
      },
      personal,
    )
  }

  /** A fact that has no lifecycle: of papers, surveys, threads. */
  #fact(
    f: {
      type: string
      aggregate: string
      id: string
      key?: string
      at: number
      by: string | null
      source: string
      payload: Record<string, unknown>
      scope: Scope
    },
    personal?: Record<string, unknown>,
  ): void {
    const user = this.story.people.everyone.some((p) => p.id === f.by)
    this.chronicle.add(
      {
        id: derivedId(f.id, f.type, f.key ?? String(f.at)),
        aggregate: f.aggregate,
        aggregateId: f.id,
        type: f.type,
        version: 1,
        payload: f.payload,
        actorId: f.by,
        actorKind: f.by === null ? 'system' : user ? 'user' : 'link',
        actorName: f.by === null ? 'system' : (this.#names.get(f.by) ?? '客户'),
        source: f.source,
        commandId: null,
        deviceId: null,
        deviceSeq: null,
        atDevice: null,
        skewMs: null,
        occurredAt: new Date(f.at),
        recordedAt: new Date(f.at),
        offline: false,
        reason: null,
        flags: [],
        teamId: f.scope.team_id,
        customerId: f.scope.customer_id,
        people: f.scope.people,
      },
      personal,
    )
  }

  async #flush(db: Db): Promise<void> {
    const orders = this.#rows.get('orders') ?? []
    // An order that repeats another comes after it.
    orders.sort((a, b) => String(a.number).localeCompare(String(b.number)))
    const tables = [
      ...['orders', 'order_aggregates', 'acceptance_notices', 'trips', 'visits', 'evidence', 'devices'],
      ...['engineer_occupancy', 'documents', 'document_signatures', 'surveys', 'followups', 'threads', 'messages'],
      ...['thread_reads', 'dispatch_moves', 'notices', 'counters'],
    ]
    for (const table of tables)
      await insertRows(
        db,
        table,
        this.#rows.get(table) ?? [],
        table === 'orders'
          ? { search_text: sql`order_search_text(r.search_text, r.customer_id, r.site_id, r.asset_id)` }
          : {},
      )
    this.#rows.clear()
  }
}

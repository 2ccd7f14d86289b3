// The working day so far, step by step through the real commands, each as the person who did it and at its time.

import { insertMove } from '../src/modules/dispatch/store'
import { documentsFor } from '../src/modules/documents'
import { answerSurvey, surveyOfVisit } from '../src/modules/surveys'
import {
  confirmVisit,
  findVisit,
  offerVisit,
  planVisit,
  reassignVisit,
  type VisitRow,
  visitScope,
  visitsOfOrder,
} from '../src/modules/visits'
import { acceptOrder, findOrder, rejectOrder } from '../src/modules/workorders'
import { makeOrder, requestWaive } from '../src/modules/workorders/commands'
import type { App } from '../src/platform/app'
import { sql } from '../src/platform/database/pool'
import { newId } from '../src/platform/ids'
import { type Actor, systemActor } from '../src/platform/policy'
import { Hands } from './hands'
import type { Album } from './pictures'
import { type Beat, deviceIdOf, type Story, type StoryStep } from './story'
import { MINUTE } from './story/time'

type Step = StoryStep | { kind: 'sign'; at: number; orderId: string; visitId: string; contactId: string | null }

interface Moving {
  ms: number
}

const iso = (ms: number) => new Date(ms).toISOString()
const window = (w: { start: number; end: number } | null | undefined) =>
  w ? { start: iso(w.start), end: iso(w.end) } : (w ?? undefined)

const spanOf = (v: VisitRow) => ({ engineerId: v.engineer_id, start: v.planned_start, end: v.planned_end })

/** Reactions wait in the queue; they are let run this often, by the story's clock. */
const reactEvery = 20 * MINUTE

export class Day {
  readonly #hands: Hands
  /** A visit that the product made in place of the story's. */
  readonly #alias = new Map<string, string>()
  done = 0

  constructor(
    readonly app: App,
    readonly clock: Moving,
    readonly seed: string,
    readonly story: Story,
    readonly album: Album,
  ) {
    this.#hands = new Hands(app)
  }

  /** Plays the steps in order; one that does not fit (a colleague's arrival has been his too) is left out. */
  async play(steps: readonly StoryStep[], until: number): Promise<void> {
    const all: Step[] = steps.flatMap((s): Step[] =>
      s.kind === 'document' && s.document.signedBy === 'phone' && s.document.signedAt !== null
        ? [
            s,
            {
              kind: 'sign',
              at: s.document.signedAt,
              orderId: s.orderId,
              visitId: s.document.visitId,
              contactId: s.document.signerContactId,
            },
          ]
        : [s],
    )
    all.sort((a, b) => a.at - b.at)
    let reacted = all[0]?.at ?? until
    for (const step of all) {
      if (step.at > until) break
      if (step.at - reacted > reactEvery || step.kind === 'survey') {
        reacted = step.at
        await this.app.drainJobs()
      }
      this.clock.ms = Math.max(this.clock.ms, Math.round(step.at))
      try {
        await this.#step(step)
        this.done++
      } catch (error) {
        const what = step.kind === 'event' ? step.beat.type : step.kind
        this.app.log.info({ error, step: what }, 'a step of the demo day does not fit')
      }
    }
    this.clock.ms = until
    await this.app.drainJobs()
  }

  async #step(step: Step): Promise<void> {
    const hands = this.#hands
    if (step.kind === 'message') {
      const { message } = step
      await hands.does(await hands.person(message.authorId), 'thread.post', {
        params: { kind: 'order', id: step.orderId },
        body: { id: message.id, body: message.text, mentions: message.mentionIds },
      })
    } else if (step.kind === 'document') {
      const { document } = step
      const engineer = await hands.person(document.engineerId)
      const visitId = this.#visit(document.visitId)
      await hands.fillPapers(engineer, visitId, this.#device(engineer), { ...document.values })
    } else if (step.kind === 'sign') {
      const visit = (await findVisit(hands.read, this.#visit(step.visitId))) as VisitRow
      const engineer = await hands.person(visit.engineer_id as string)
      const { name, title } = this.#contact(step.contactId)
      await hands.sign(engineer, visit.id, this.#device(engineer), { name, title }, this.album.ink(visit.id))
    } else if (step.kind === 'survey') {
      const survey = await surveyOfVisit(hands.read.db, this.#visit(step.survey.visitId))
      if (!survey) throw new Error('not invited')
      const { ratings, tags, words } = step.answer
      const contact = this.#contact(step.survey.contactId)
      await hands.within(hands.customer(contact.id, contact.name), 'link.survey', 'link', (ctx) =>
        answerSurvey(ctx, survey.id, { ratings, tags: [...tags], words: words ?? '', nps: null }, []),
      )
    } else await this.#beat(step.beat, step.orderId)
  }

  #visit(id: string): string {
    return this.#alias.get(id) ?? id
  }
  #contact(id: string | null): { id: string | null; name: string; title: string | null } {
    return this.story.customers.contacts.find((c) => c.id === id) ?? { id: null, name: '客户', title: null }
  }
  #device(actor: Actor) {
    const engineer = this.story.people.engineers.find((e) => e.id === actor.id)
    return engineer ? { id: deviceIdOf(this.seed, engineer.userName), at: new Date(this.clock.ms) } : undefined
  }

  async #actor(beat: Beat): Promise<Actor> {
    const { kind, id } = beat.actor
    if (kind === 'user' && id) return this.#hands.person(id)
    if (kind === 'customer') return this.#hands.customer(id, this.#contact(id).name)
    if (kind === 'integration') return { kind: 'integration', id: null, name: 'crm', locale: 'zh-CN', grants: [] }
    return systemActor
  }

  async #beat(beat: Beat, orderId: string): Promise<void> {
    const actor = await this.#actor(beat)
    const device = beat.source === 'field' && actor.kind === 'user' ? this.#device(actor) : undefined
    const [noun] = beat.type.split('.')
    const id =
      noun === 'visit'
        ? this.#visit(beat.aggregateId)
        : noun === 'followup'
          ? await this.#followUp(beat.aggregateId, orderId)
          : beat.aggregateId
    const does = (command: string, body: unknown = {}) =>
      this.#hands.does(actor, command, { params: { id }, body, ...(device ? { device } : {}) })
    const reason = beat.reason ?? undefined
    switch (beat.type) {
      case 'order.created':
        return void (await this.#create(actor, beat))
      case 'order.submitted':
        return void (await does('order.submit'))
      case 'order.contacted':
        return void (await does('order.contact', { channel: beat.payload.channel, contactId: beat.payload.contactId }))
      case 'order.triaged':
        return void (await does('order.triage'))
      case 'order.edited':
        return void (await does('order.edit', { promise: window(beat.payload.promise) }))
      case 'order.held':
        return void (await does('order.hold', {
          cause: beat.payload.cause,
          responsibility: beat.payload.responsibility,
          until: beat.payload.until ? iso(beat.payload.until) : null,
          reason,
        }))
      case 'order.resumed':
        return void (await does('order.resume'))
      case 'order.cancelled':
        return void (await does('order.cancel', { ...beat.payload, reason }))
      case 'order.cannot_complete':
        return void (await does('order.cannotComplete', { ...beat.payload, reason }))
      case 'order.accepted':
        return this.#accept(actor, id, beat.payload.contactId ?? null, beat.source === 'link')
      case 'order.rejected': {
        const r = { ...beat.payload, reason: beat.reason ?? '' }
        return void (await this.#hands.within(actor, 'order.reject', 'web', (ctx) => rejectOrder(ctx, id, r)))
      }
      case 'order.waive_requested': {
        const w = { cause: beat.payload.cause, photoIds: [], reason: beat.reason ?? '' }
        return void (await this.#hands.within(actor, 'order.requestWaive', 'field', (ctx) => requestWaive(ctx, id, w)))
      }
      case 'order.waived':
        return void (await does('order.waive', {}))
      case 'order.closed':
        return void (await does('order.close', { reviewed: true }))
      case 'visit.planned':
        return this.#plan(actor, beat)
      case 'visit.offered':
        return this.#offer(actor, id, beat)
      case 'visit.reassigned':
        return this.#reassign(actor, id, beat)
      case 'visit.opened':
        return void (await does('visit.open'))
      case 'visit.taken':
        return void (await does('visit.take'))
      case 'visit.declined':
        return void (await does('visit.decline', { reason, cause: beat.payload.cause ?? undefined }))
      case 'visit.appointed': {
        const { start, end, contactId, channel, askedBy } = beat.payload
        const body = { start: iso(start), end: end ? iso(end) : undefined, contactId, channel, askedBy }
        return void (await does('visit.appoint', body))
      }
      case 'visit.rescheduled': {
        const { start, end, askedBy, travelMin } = beat.payload
        return void (await does('visit.reschedule', {
          start: iso(start),
          end: iso(end),
          askedBy,
          reason,
          travelMin: travelMin ?? undefined,
        }))
      }
      case 'visit.departed':
        return void (await does('visit.depart'))
      case 'visit.checked_in': {
        const { fix, fixAgeSec } = beat.payload
        return void (await does('visit.checkIn', fix ? { fix: { ...fix, ageMs: (fixAgeSec ?? 0) * 1000 } } : {}))
      }
      case 'visit.started':
        return void (await does('visit.start'))
      case 'visit.paused':
        return void (await does('visit.pause', { reason, cause: beat.payload.cause ?? undefined }))
      case 'visit.resumed':
        return void (await does('visit.resume'))
      case 'visit.finished':
        return this.#finish(actor, id, beat)
      case 'visit.customer_confirmed': {
        const { by, contactId } = beat.payload
        return void (await this.#hands.within(actor, 'visit.confirm', 'link', (ctx) =>
          confirmVisit(ctx, id, { by, contactId: contactId ?? null }),
        ))
      }
      case 'visit.checkin_appealed':
        return void (await does('visit.appeal', { checkInId: await this.#checkIn(id), reason }))
      case 'visit.checkin_reviewed':
        return void (await does('visit.review', {
          checkInId: await this.#checkIn(id),
          grade: beat.payload.grade,
          reason: reason ?? (beat.payload.verdict === 'corrected' ? '现场照片与工单吻合，定位漂移' : '已核实'),
        }))
      case 'followup.contacted':
        return void (await does('followup.contact', { ...beat.payload, words: beat.payload.words ?? '' }))
      case 'followup.planned':
        return void (await does('followup.plan', { ...beat.payload, dueAt: iso(beat.payload.dueAt) }))
      case 'followup.done':
        return void (await does('followup.do', { words: beat.payload.words ?? '' }))
      case 'followup.checked': {
        const { method, effective, score, words } = beat.payload
        return void (await does('followup.check', { method, effective, score: score ?? null, words: words ?? '' }))
      }
      case 'followup.acted':
        return void (await does('followup.act', { change: beat.payload.change, words: beat.payload.words ?? '' }))
      case 'followup.closed':
        return void (await does('followup.close'))
      default:
        throw new Error(`nobody does ${beat.type} by hand`)
    }
  }

  async #create(actor: Actor, beat: Beat & { type: 'order.created' }): Promise<void> {
    const { facts, promise, as, origin, repeatOf } = beat.payload
    const { number: _number, customerId, skills, requestedStart, dueAt, ...rest } = facts
    const fields = {
      ...rest,
      skills: (skills ?? []).map((s) => ({ code: s.skillId, level: s.level })),
      requestedStart: requestedStart ? iso(requestedStart) : null,
      dueAt: dueAt ? iso(dueAt) : null,
      promise: window(promise) ?? null,
    }
    const source = actor.kind === 'user' ? 'web' : beat.source
    await this.#hands.within(actor, 'order.create', source, (ctx) =>
      makeOrder(ctx, {
        id: beat.aggregateId,
        customerId,
        as,
        origin: origin?.externalId ? { system: origin.system, externalId: origin.externalId } : null,
        repeatOf: repeatOf ?? null,
        createdBy: actor.kind === 'user' ? actor.id : null,
        fields: fields as never,
      }),
    )
  }

  /** The engineer's finish closes the day's papers; what the story hands in later is promised with a reason. */
  async #finish(actor: Actor, id: string, beat: Beat & { type: 'visit.finished' }): Promise<void> {
    const { result, remaining, cause, foreseeable, fix, pendingDocuments } = beat.payload
    const device = this.#device(actor)
    const late = (pendingDocuments ?? []).length > 0
    let pending: string[] = []
    if (result === 'done') await this.#hands.fillChecks(actor, id, device)
    if (late) {
      pending = (await documentsFor(this.#hands.read, id)).map((d) => d.id)
    } else if (result !== 'unable') await this.#hands.fillPapers(actor, id, device, null)
    await this.#hands.does(actor, 'visit.finish', {
      params: { id },
      body: {
        result,
        remaining: remaining ?? undefined,
        cause: cause ?? undefined,
        foreseeable: foreseeable ?? undefined,
        ...(fix ? { fix } : {}),
        pendingDocuments: pending,
        ...(late ? { reason: '客户催离场，回办公室补交' } : {}),
      },
      ...(device ? { device } : {}),
    })
  }

  async #accept(actor: Actor, orderId: string, contactId: string | null, byLink: boolean): Promise<void> {
    const hands = this.#hands
    const order = await findOrder(hands.read, orderId)
    // Signing everything has accepted it already.
    if (order && ['completed', 'closed'].includes(order.state)) return
    if (byLink)
      for (const v of await visitsOfOrder(hands.read, orderId))
        if (v.state === 'finished') await hands.signByLink(actor, v.id, this.#contact(contactId), this.album.ink(v.id))
    await hands.within(actor, 'order.accept', 'link', (ctx) => acceptOrder(ctx, orderId, { contactId }))
  }

  /** A case of today was opened by the product, under its own id. */
  async #followUp(id: string, orderId: string): Promise<string> {
    const row = await this.#hands.read.db.maybe<{ id: string }>(
      sql`select id from followups where id = ${id} or order_id = ${orderId} order by id = ${id} desc limit 1`,
    )
    return row?.id ?? id
  }

  async #checkIn(visitId: string): Promise<string> {
    const visit = await findVisit(this.#hands.read, visitId)
    const last = visit?.fold.checkIns.at(-1)
    if (!last) throw new Error('no check-in')
    return last.id
  }

  // ── the dispatcher's hand ──

  async #plan(actor: Actor, beat: Beat & { type: 'visit.planned' }): Promise<void> {
    if (this.#alias.has(beat.aggregateId)) return
    const p = beat.payload
    await this.#hands.within(actor, 'order.assign', 'web', (ctx) =>
      planVisit(ctx, {
        id: beat.aggregateId,
        orderId: p.orderId,
        engineerId: p.engineerId,
        start: new Date(p.start),
        end: new Date(p.end),
        mode: p.mode,
        role: p.role,
        required: p.required,
        travelMin: p.travelMin ?? null,
        replaces: p.replaces ?? null,
      }),
    )
  }

  async #offer(actor: Actor, id: string, beat: Beat & { type: 'visit.offered' }): Promise<void> {
    if (id !== beat.aggregateId) return
    await this.#hands.within(actor, 'order.assign', 'web', async (ctx) => {
      const { engineerId, expiresAt, by } = beat.payload
      const v = await offerVisit(ctx, id, {
        engineerId,
        expiresAt: expiresAt ? new Date(expiresAt) : null,
        by: by ?? 'person',
        reason: beat.reason,
      })
      await insertMove(ctx, {
        id: newId(),
        verb: 'assign',
        orderId: v.order_id,
        visitId: v.id,
        reason: beat.reason,
        from: null,
        to: spanOf(v),
        scope: visitScope(v),
      })
    })
  }

  /** The product makes the successor itself: the story's own is known by it from here on. */
  async #reassign(actor: Actor, id: string, beat: Beat & { type: 'visit.reassigned' }): Promise<void> {
    const { toEngineerId, successorId } = beat.payload
    const made = await this.#hands.within(actor, 'visit.reassign', 'web', async (ctx) => {
      const before = (await findVisit(ctx, id)) as VisitRow
      const v = await reassignVisit(ctx, id, { engineerId: toEngineerId as string, reason: beat.reason ?? '' })
      await insertMove(ctx, {
        id: newId(),
        verb: 'reassign',
        orderId: v.order_id,
        visitId: v.id,
        reason: beat.reason,
        from: spanOf(before),
        to: spanOf(v),
        scope: visitScope(v),
      })
      return v.id
    })
    if (successorId) this.#alias.set(successorId, made)
  }
}

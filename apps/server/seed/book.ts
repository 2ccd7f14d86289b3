// What the writer collects: rows by their table, and what happened as events of the chain.

import type { OrderState, VisitState } from '#lifecycle'
import { type Db, sql } from '../src/platform/database/pool'
import { derivedId } from '../src/platform/ids'
import type { Chronicle } from './chain'
import { insertRows } from './rows'
import type { Story, StoryOrder, StorySurvey } from './story'
import { Rng } from './story/rng'

export type Event = StoryOrder['events'][number] | NonNullable<StoryOrder['followUp']>['events'][number]
export type Scope = { team_id: string | null; customer_id: string | null; people: string[] }

export interface ToldVisit {
  fold: VisitState
  scope: Scope
  former: string[]
  events: Event[]
  tripId: string | null
}
/** An order of the story, folded. */
export interface Told {
  story: StoryOrder
  fold: OrderState
  scope: Scope
  visits: ToldVisit[]
  survey: StorySurvey | null
}

/** In the order in which they refer to one another. */
const tables = [
  ...['orders', 'order_aggregates', 'acceptance_notices', 'trips', 'visits', 'evidence', 'devices'],
  ...['engineer_occupancy', 'documents', 'document_signatures', 'surveys', 'followups', 'threads', 'messages'],
  ...['worksheets', 'worksheet_lists', 'worksheet_answers', 'worksheet_parts', 'worksheet_notes', 'worksheet_serials'],
  ...['message_photos', 'thread_reads', 'dispatch_moves', 'notices', 'counters'],
]

export class Book {
  readonly names: ReadonlyMap<string, string>
  readonly rng: Rng
  readonly #users: ReadonlySet<string>
  readonly #rows = new Map<string, Record<string, unknown>[]>()

  constructor(
    readonly seed: string,
    readonly story: Story,
    readonly chronicle: Chronicle,
  ) {
    this.rng = new Rng(`${seed}/writer`)
    this.names = new Map<string, string>([
      ...story.people.everyone.map((p): [string, string] => [p.id, p.name]),
      ...story.customers.contacts.map((c): [string, string] => [c.id, c.name]),
    ])
    this.#users = new Set(story.people.everyone.map((p) => p.id))
  }

  put(table: string, row: Record<string, unknown>): void {
    const rows = this.#rows.get(table)
    if (rows) rows.push(row)
    else this.#rows.set(table, [row])
  }

  /** Puts another aggregate's events on the order's timeline. */
  link(orderId: string, aggregateId: string): void {
    this.put('order_aggregates', { order_id: orderId, aggregate_id: aggregateId })
  }

  thread(kind: string, id: string, title: string, scope: Scope): void {
    this.put('threads', { id: derivedId(id, 'thread'), kind, subject_id: id, title, ...scope })
  }

  nameOf(e: Event): string {
    if (e.actor.kind === 'system') return 'system'
    if (e.actor.kind === 'integration') return 'crm'
    return this.names.get(e.actor.id ?? '') ?? '客户'
  }

  event(e: Event, scope: Scope, personal?: Record<string, unknown>): void {
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
        actorName: this.nameOf(e),
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
  fact(
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
    const user = f.by !== null && this.#users.has(f.by)
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
        actorName: f.by === null ? 'system' : (this.names.get(f.by) ?? '客户'),
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

  async write(db: Db): Promise<void> {
    // An order that repeats another comes after it.
    this.#rows.get('orders')?.sort((a, b) => String(a.number).localeCompare(String(b.number)))
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

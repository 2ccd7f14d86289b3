// The one way in which a visit changes: state what happened, fold, save, keep the engineer's booked time in step, and
// tell the order what its visits have come to. All in the command's transaction.

import { foldVisit, type TimeFlag, VISIT_OCCUPYING, type VisitPayloads, type VisitState } from '#lifecycle'
import { checkRev } from '../../platform/command'
import type { Ctx } from '../../platform/context'
import { fail } from '../../platform/errors'
import { historyOf, type StoredEvent, toLifecycle } from '../../platform/events'
import { newId } from '../../platform/ids'
import { momentOf } from '../../platform/moment'
import { occupy, release } from '../engineers'
import { openThread, rescopeThread } from '../threads'
import { linkAggregate, lockOrder, visitsChanged } from '../workorders'
import { keepPapers } from './papers'
import { occupies, peopleOf, tripGapMin } from './rules'
import { keepSheets } from './sheets'
import * as store from './store'
import { type VisitRow, visitScope } from './store'

/** Locks the order first and the visit then, always: every change of a visit ends at its order. */
export async function lockVisit(ctx: Ctx, id: string): Promise<VisitRow> {
  const seen = await store.find(ctx.db, id)
  if (!seen) return fail('not_found')
  await lockOrder(ctx, seen.order_id)
  return (await store.lock(ctx.db, id)) as VisitRow
}

/** Somebody else changed it meanwhile? Offline commands are judged by the fold, not by what the phone had seen. */
export function checkSeen(ctx: Ctx, v: VisitRow): void {
  if (!ctx.command?.offline) checkRev(ctx, v)
}

export interface When {
  occurredAt: Date
  flags: TimeFlag[]
}

/** When the command about this visit happened: never before the offer that it is about. */
export async function whenOf(ctx: Ctx, v?: VisitRow): Promise<When> {
  const { at, flags } = await momentOf(ctx, { knownAt: v?.fold.offeredAt ?? null, lastAt: v?.fold.lastAt ?? 0 })
  return { occurredAt: at, flags }
}

/** Other visits of the trip in these states: one way there and one check-in serve them all. */
export const tripMates = (ctx: Ctx, v: VisitRow, states: readonly VisitState['state'][]) =>
  v.trip_id === null || v.engineer_id === null
    ? Promise.resolve([])
    : store.matesOf(ctx.db, { id: v.id, tripId: v.trip_id, engineerId: v.engineer_id, states })

type VisitType = keyof VisitPayloads
export interface Fact<T extends VisitType = VisitType> {
  type: T
  payload: VisitPayloads[T]
  reason?: string | null
  personal?: Record<string, unknown>
  /** Made here when others refer to it. */
  id?: string
}
/** Keeps type and payload of a fact together. */
export const fact = <T extends VisitType>(
  type: T,
  payload: VisitPayloads[T],
  more: Omit<Fact<T>, 'type' | 'payload'> = {},
): Fact => ({ type, payload, ...more }) as Fact

interface HappenOptions {
  when?: When
  flags?: readonly string[]
  /** Others who must hear of it live: the engineer who has just lost it, the one who gets it. */
  also?: readonly string[]
  candidates?: readonly string[]
  /** Planning decides about time and may be refused for it; what happened in the field never is. */
  books?: boolean
}

export function foldOf(events: readonly StoredEvent[]): VisitState {
  const state = foldVisit(events.map(toLifecycle))
  if (!state) throw new Error('a visit without its planning')
  return state
}

/** States facts about a locked visit and brings row, bookings and order in step; answers the row as it is then. */
export async function happen(ctx: Ctx, v: VisitRow, facts: readonly Fact[], o: HappenOptions = {}): Promise<VisitRow> {
  const when = o.when ?? (await whenOf(ctx, v))
  const history = await historyOf(ctx, 'visit', v.id)
  const stated = new Set<string>()
  for (const f of facts) {
    const event = await ctx.emit({
      type: f.type,
      aggregate: 'visit',
      aggregateId: v.id,
      payload: f.payload as Record<string, unknown>,
      reason: f.reason ?? null,
      occurredAt: when.occurredAt,
      flags: [...new Set([...when.flags, ...(o.flags ?? [])])].sort(),
      scope: { ...visitScope(v), people: [...new Set([...v.people, ...(o.also ?? [])])] },
      ...(f.personal ? { personal: f.personal } : {}),
      ...(f.id ? { id: f.id } : {}),
    })
    history.push(event)
    stated.add(event.id)
  }
  const fold = foldOf(history)
  // Kept, and yet not as it was meant: the phone that did it is told why.
  const unfit = fold.conflicts.find((c) => stated.has(c.eventId))
  if (unfit) ctx.met.conflict ??= { why: unfit.why, state: unfit.state, fields: [] }
  const candidates = [...(o.candidates ?? v.candidates)]
  const people = peopleOf(fold, candidates)
  const former = [...new Set([...v.former, ...v.people])].filter((id) => !people.includes(id))
  const saved = await store.saveVisit(ctx.db, {
    fold,
    candidates,
    former,
    people,
    now: ctx.now,
    by: ctx.actor.id,
  })
  if (people.join() !== v.people.join()) await rescopeThread(ctx, v.id, visitScope(saved))
  if (o.books) await book(ctx, saved)
  else if (occupies(v.fold) && !occupies(fold) && v.trip_id) await shrinkTrip(ctx, v.trip_id)
  await keepSheets(ctx, v, saved)
  await keepPapers(ctx, v, saved)
  await visitsChanged(ctx, v.order_id, await store.factsOfOrder(ctx.db, v.order_id))
  return (await store.find(ctx.db, v.id)) as VisitRow
}

/** The first event of a visit and its row. */
export async function bear(
  ctx: Ctx,
  v: {
    id: string
    payload: VisitPayloads['visit.planned']
    scope: { team_id: string | null; customer_id: string | null }
    arrivalCode: string
    title: string
  },
): Promise<VisitRow> {
  const planned = await ctx.emit({
    type: 'visit.planned',
    aggregate: 'visit',
    aggregateId: v.id,
    payload: v.payload as unknown as Record<string, unknown>,
    scope: { ...v.scope, people: [] },
  })
  await store.insertVisit(ctx.db, {
    fold: foldOf([planned]),
    tripId: null,
    arrivalCode: v.arrivalCode,
    scope: v.scope,
    now: ctx.now,
    by: ctx.actor.id,
  })
  await linkAggregate(ctx, v.payload.orderId, v.id)
  await openThread(ctx, { kind: 'visit', id: v.id, title: v.title, scope: { ...v.scope, people: [] } })
  const row = (await store.lock(ctx.db, v.id)) as VisitRow
  await book(ctx, row)
  await visitsChanged(ctx, row.order_id, await store.factsOfOrder(ctx.db, row.order_id))
  return (await store.find(ctx.db, v.id)) as VisitRow
}

/** Books the visit's time anew: leaves the trip that it was in, joins a neighbour's at the same site or begins one. */
async function book(ctx: Ctx, v: VisitRow): Promise<void> {
  if (v.trip_id) {
    await store.setTrip(ctx.db, v.id, null)
    await shrinkTrip(ctx, v.trip_id)
    await store.dropEmptyTrip(ctx.db, v.trip_id)
  }
  const f = v.fold
  if (!occupies(f) || f.engineerId === null) return
  const range = { start: new Date(f.planned.start), end: new Date(f.planned.end) }
  const neighbour = f.siteId
    ? await store.neighbourTrip(ctx.db, {
        id: v.id,
        engineerId: f.engineerId,
        siteId: f.siteId,
        ...range,
        gapMin: tripGapMin,
        states: VISIT_OCCUPYING,
      })
    : undefined
  const trip = neighbour && (await store.lockTrip(ctx.db, neighbour.trip_id))
  if (!trip) {
    const id = newId()
    const travelMin = f.travelMin ?? 0
    await store.insertTrip(ctx.db, {
      id,
      engineerId: f.engineerId,
      siteId: f.siteId,
      ...range,
      travelMin,
      scope: visitScope(v),
    })
    await store.setTrip(ctx.db, v.id, id)
    await occupy(ctx, bookings(id, f.engineerId, range, travelMin))
    return
  }
  await store.setTrip(ctx.db, v.id, trip.id)
  const joined = {
    start: new Date(Math.min(range.start.getTime(), trip.starts_at.getTime())),
    end: new Date(Math.max(range.end.getTime(), trip.ends_at.getTime())),
  }
  // The way of a trip is the way to its first visit.
  const travelMin = range.start < trip.starts_at ? (f.travelMin ?? trip.travel_min) : trip.travel_min
  await release(ctx, trip.id)
  await occupy(ctx, bookings(trip.id, f.engineerId, joined, travelMin))
  await store.saveTrip(ctx.db, { id: trip.id, ...joined, travelMin })
}

const bookings = (ref: string, engineerId: string, r: { start: Date; end: Date }, travelMin: number) => [
  ...(travelMin > 0
    ? [
        {
          engineerId,
          from: new Date(r.start.getTime() - travelMin * 60_000),
          to: r.start,
          kind: 'travel' as const,
          ref,
        },
      ]
    : []),
  { engineerId, from: r.start, to: r.end, kind: 'visit' as const, ref },
]

/**
 * Leaves booked what the trip's remaining visits need. Only ever less than before, so that an end in the field can
 * never be refused for want of time: the way there stays booked as long as the trip still begins where it began.
 */
async function shrinkTrip(ctx: Ctx, tripId: string): Promise<void> {
  const trip = await store.lockTrip(ctx.db, tripId)
  if (!trip) return
  const members = await store.membersOfTrip(ctx.db, tripId, VISIT_OCCUPYING)
  await release(ctx, tripId)
  const first = members[0]
  if (!first) return
  const range = {
    start: first.planned_start,
    end: new Date(Math.max(...members.map((m) => m.planned_end.getTime()))),
  }
  // Who now comes first has the way to himself: it was planned for the one who left, since the next was planned from
  // the site itself. Once somebody of the trip has arrived the way is behind them all. Never more than the time that
  // the one who left gives back.
  const freedMin = Math.floor((range.start.getTime() - trip.starts_at.getTime()) / 60_000) + trip.travel_min
  const wayMin = (await store.tripArrived(ctx.db, tripId))
    ? (first.travel_min ?? 0)
    : Math.max(first.travel_min ?? 0, trip.travel_min)
  const travelMin =
    range.start.getTime() === trip.starts_at.getTime() ? trip.travel_min : Math.min(wayMin, Math.max(0, freedMin))
  await occupy(ctx, bookings(tripId, trip.engineer_id, range, travelMin))
  await store.saveTrip(ctx.db, { id: tripId, ...range, travelMin })
  // The day of whoever goes there says so too.
  if (range.start.getTime() !== trip.starts_at.getTime() && travelMin > (first.travel_min ?? 0))
    await happen(ctx, await lockVisit(ctx, first.id), [fact('visit.routed', { travelMin })])
}

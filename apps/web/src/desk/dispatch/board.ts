import { readAs, toDatum } from '#geo'
import type { Reply } from '../../common/api/call'
import { localDate } from '../../common/i18n/format'
import type { MapLine, MapPoint } from '../../common/map/Map'
import type { SlaView } from '../../common/Sla'
import { type Meaning, meaningOf, type StateOf } from '../../common/StateTag'
import type { TimelineBar } from '../../common/timeline/Timeline'

export type Board = Reply<'GET /api/dispatch/board'>
export type Bar = Board['bars'][number]
export type Row = Board['rows'][number]
export type Card = Board['unassigned'][number]
export type Conflict = Board['conflicts'][number]
type Point = NonNullable<Card['point']>

/** The row that holds offers which anybody may take. */
export const OPEN_ROW = 'open'
const ENDED = ['finished', 'aborted', 'missed', 'cancelled', 'declined', 'reassigned']
export const ended = (state: string) => ENDED.includes(state)

/** A bar of the board as the timeline draws it. */
export function toTimelineBar(
  bar: Bar,
  problem: string | undefined,
  { doubt = false, fresh = false }: { doubt?: boolean; fresh?: boolean } = {},
): TimelineBar {
  return {
    id: bar.visitId,
    rowId: bar.engineerId ?? OPEN_ROW,
    start: Date.parse(bar.start),
    end: Date.parse(bar.end),
    title: bar.customerName,
    state: bar.state as StateOf<'visit'>,
    ...(bar.travelMin && !ended(bar.state) ? { travelMin: bar.travelMin } : {}),
    ...(bar.promise && !ended(bar.state)
      ? { window: { from: Date.parse(bar.promise.start), to: Date.parse(bar.promise.end) } }
      : {}),
    locked: bar.locked && !ended(bar.state),
    engine: bar.madeBy !== 'person',
    ...(problem ? { problem, doubt } : {}),
    ...(fresh ? { fresh } : {}),
  }
}

/** What changed on the plan since the last answer: new visits, another person, another time. States alone do not count. */
export function changedBars(before: readonly Bar[] | undefined, after: readonly Bar[]): string[] {
  if (!before) return []
  const place = (b: Bar) => `${b.engineerId} ${b.start} ${b.end}`
  const known = new Map(before.map((b) => [b.visitId, place(b)]))
  return after.filter((b) => known.get(b.visitId) !== place(b)).map((b) => b.visitId)
}

/** The clock that matters on a card: of those that run, the one that is due first. */
export function slaOfCard(card: Pick<Card, 'sla'>, asOf: string): SlaView | null {
  const clock = card.sla.find((c) => c.state !== 'paused') ?? card.sla[0]
  return clock
    ? {
        state: clock.state,
        targetMin: clock.targetMin,
        elapsedMin: clock.elapsedMin,
        asOf,
        dueAt: clock.dueAt,
      }
    : null
}

/** What a dispatcher types to find a card: customer, title, number, address, site, skill. */
export function matches(card: Card, typed: string): boolean {
  const words = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const text = [
    card.customerName,
    card.title,
    card.number,
    card.address,
    card.siteName,
    ...card.skills.map((s) => s.name),
  ]
    .join(' ')
    .toLowerCase()
  return words.every((w) => text.includes(w))
}

/** 上海市浦东新区张江路 1 号 → 浦东新区张江路 1 号: within one region the city says nothing. */
export function shortAddress(address: string): string {
  const short = address.replace(/^(?:[^省市区县]{2,8}省|[^省市区县]{2,8}自治区)?[^省市区县]{2,8}市/u, '')
  return short.length >= 3 ? short : address
}

/** The title beside the customer's name does not say the name again. */
export function plainTitle({ title, customerName }: Pick<Card, 'title' | 'customerName'>): string {
  const rest = title.startsWith(customerName) ? title.slice(customerName.length).replace(/^[\s:：,，·—-]+/u, '') : title
  return rest || title
}

const MINUTE = 60_000

/** `2026-11-24` and `14:30` in a zone as an instant. In an hour that a change of clocks leaves out, the hour after it. */
export function instantIn(zone: string, date: string, time: string): string {
  const wanted = Date.parse(`${date}T${time}:00Z`)
  let at = wanted
  for (let i = 0; i < 2; i++) at += wanted - wallClock(at, zone)
  return new Date(at).toISOString()
}

function wallClock(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at)
  const get = (type: string) => Number(parts.find((p) => p.type === type)?.value)
  return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'))
}

export const dateIn = (zone: string, at: string | number) => localDate(at, zone)
export function addDays(date: string, n: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
}
/** The next five minutes: nobody starts at 10:43:17. */
export const nextStep = (at: number, stepMin = 5) =>
  new Date(Math.ceil(at / (stepMin * MINUTE)) * stepMin * MINUTE).toISOString()

/** A point for the bundled map. Numbers of an unknown datum came from a Chinese map more often than from a receiver. */
export function onMap(p: Point): { lat: number; lng: number } {
  const known = p.datum === 'unknown' ? readAs(p, 'gcj02') : { ...p, datum: p.datum }
  const { lat, lng } = toDatum(known as Point & { datum: 'gcj02' }, 'wgs84')
  return { lat, lng }
}

export const mapId = {
  order: (id: string) => `o:${id}`,
  visit: (id: string) => `v:${id}`,
  person: (id: string) => `p:${id}`,
}

/** Sites of unassigned orders and of visits, homes of people. Late is red wherever it is. */
export function mapPoints(
  board: Board,
  stateName: (state: StateOf<'visit'>) => string,
  unassigned: string,
): MapPoint[] {
  const points: MapPoint[] = []
  for (const r of board.rows)
    if (r.home)
      points.push({ id: mapId.person(r.engineer.id), kind: 'person', ...onMap(r.home), label: r.engineer.name })
  const names = new Map(board.rows.map((r) => [r.engineer.id, r.engineer.name]))
  for (const b of board.bars)
    if (b.point)
      points.push({
        id: mapId.visit(b.visitId),
        kind: 'site',
        ...onMap(b.point),
        label: b.customerName,
        note: [names.get(b.engineerId ?? ''), stateName(b.state as StateOf<'visit'>)].filter(Boolean).join(' '),
        meaning: b.late && !ended(b.state) ? 'red' : meaningOf('visit', b.state as StateOf<'visit'>),
      })
  for (const c of board.unassigned)
    if (c.point)
      points.push({
        id: mapId.order(c.orderId),
        kind: 'site',
        ...onMap(c.point),
        label: c.customerName,
        note: unassigned,
        meaning: c.late ? 'red' : 'amber',
      })
  return points
}

/** The day's way of one person: home, then the visits by their planned start. */
export function routeOf(board: Board, engineerId: string, meaning: Meaning = 'teal'): MapLine[] {
  const row = board.rows.find((r) => r.engineer.id === engineerId)
  const stops = board.bars
    .filter((b) => b.engineerId === engineerId && b.point && b.mode !== 'remote' && b.state !== 'missed')
    .sort((a, b) => a.start.localeCompare(b.start))
  const path = [row?.home ?? null, ...stops.map((b) => b.point)]
    .filter((p): p is Point => p !== null)
    .map((p) => onMap(p))
    .map((p): [number, number] => [p.lng, p.lat])
  return path.length > 1 ? [{ id: `route:${engineerId}`, path, meaning }] : []
}

/** Offers that wait for an answer, the oldest first. */
export const openOffers = (board: Board): Bar[] =>
  board.bars.filter((b) => b.offer).sort((a, b) => (a.offer?.at ?? '').localeCompare(b.offer?.at ?? ''))

/** Whoever should be there and is not; who has arrived late is a fact, no longer a task. */
export const lateBars = (board: Board): Bar[] =>
  board.bars.filter((b) => b.late && !ended(b.state) && !['on_site', 'working', 'paused'].includes(b.state))

/** Time ↔ pixels of the visible span. */
export type Scale = { from: number; to: number; pxPerMin: number }
const MIN = 60_000

export const xOf = (scale: Scale, at: number): number => ((at - scale.from) / MIN) * scale.pxPerMin
export const timeAt = (scale: Scale, x: number): number => scale.from + (x / scale.pxPerMin) * MIN
export const widthOf = (scale: Scale): number => xOf(scale, scale.to)

/** The nearest step from the start of the span, kept inside it with the bar's whole length. */
export function snap(scale: Scale, at: number, stepMin: number, lengthMs = 0): number {
  const step = stepMin * MIN
  const snapped = scale.from + Math.round((at - scale.from) / step) * step
  return Math.max(scale.from, Math.min(scale.to - lengthMs, snapped))
}

export type Span = { id: string; start: number; end: number }
/** One row's bars by start, with the running maximum of ends, so that a range is found by two binary searches. */
export type RowIndex<B extends Span> = { bars: B[]; maxEnd: number[]; lane: Map<string, number>; lanes: number }

/** Sorts and gives lanes: overlapping bars of a row (actual times may overlap) share its height instead of hiding each other. */
export function indexRow<B extends Span>(input: readonly B[]): RowIndex<B> {
  const bars = [...input].sort((a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : 1))
  const maxEnd: number[] = []
  const laneEnds: number[] = []
  const lane = new Map<string, number>()
  let max = Number.NEGATIVE_INFINITY
  for (const bar of bars) {
    max = Math.max(max, bar.end)
    maxEnd.push(max)
    let free = laneEnds.findIndex((end) => end <= bar.start)
    if (free < 0) free = laneEnds.length
    laneEnds[free] = bar.end
    lane.set(bar.id, free)
  }
  return { bars, maxEnd, lane, lanes: Math.max(1, laneEnds.length) }
}

function firstWhere(length: number, holds: (i: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const mid = (low + high) >> 1
    if (holds(mid)) high = mid
    else low = mid + 1
  }
  return low
}

/** Bars that touch [from, to). O(log n + hits) for rows without one bar spanning everything. */
export function barsBetween<B extends Span>(row: RowIndex<B>, from: number, to: number): B[] {
  const first = firstWhere(row.bars.length, (i) => (row.maxEnd[i] as number) > from)
  const after = firstWhere(row.bars.length, (i) => (row.bars[i] as B).start >= to)
  return row.bars.slice(first, after).filter((bar) => bar.end > from)
}

/** First and last row (exclusive) to draw. */
export function rowsBetween(
  top: number,
  height: number,
  rowHeight: number,
  count: number,
  overscan = 3,
): [number, number] {
  return [
    Math.max(0, Math.floor(top / rowHeight) - overscan),
    Math.min(count, Math.ceil((top + height) / rowHeight) + overscan),
  ]
}

/** The time window to draw, in whole hours with an hour's reserve on both sides: scrolling a few pixels draws nothing anew. */
export function windowAt(scale: Scale, left: number, width: number): [number, number] {
  const hour = 60 * MIN
  const from = Math.floor((timeAt(scale, left) - hour - scale.from) / hour) * hour + scale.from
  const to = Math.ceil((timeAt(scale, left + width) + hour - scale.from) / hour) * hour + scale.from
  return [Math.max(scale.from, from), Math.min(scale.to, to)]
}

/** Hours between labels, so that labels never touch: at least 56 px apart. */
export function tickHours(pxPerMin: number): number {
  return [1, 2, 3, 6, 12, 24].find((h) => h * 60 * pxPerMin >= 56) ?? 24
}

export function ticksBetween(scale: Scale, from: number, to: number): number[] {
  const step = tickHours(scale.pxPerMin) * 60 * MIN
  const ticks: number[] = []
  for (let at = scale.from + Math.ceil((from - scale.from) / step) * step; at <= to; at += step) ticks.push(at)
  return ticks
}

/** The neighbour that an arrow key goes to: along the row by time, across rows to the nearest start. */
export function neighbour<B extends Span>(
  rows: readonly RowIndex<B>[],
  at: { row: number; id: string } | null,
  key: 'left' | 'right' | 'up' | 'down',
): { row: number; id: string } | null {
  if (!at) {
    const row = rows.findIndex((r) => r.bars.length > 0)
    const bar = rows[row]?.bars[0]
    return bar ? { row, id: bar.id } : null
  }
  const here = rows[at.row]
  const index = here?.bars.findIndex((b) => b.id === at.id) ?? -1
  if (key === 'left' || key === 'right') {
    const bar = here?.bars[index + (key === 'right' ? 1 : -1)]
    return bar ? { row: at.row, id: bar.id } : at
  }
  const start = here?.bars[index]?.start ?? 0
  const step = key === 'down' ? 1 : -1
  for (let row = at.row + step; row >= 0 && row < rows.length; row += step) {
    const bars = rows[row]?.bars ?? []
    let best: B | undefined
    for (const bar of bars) if (!best || Math.abs(bar.start - start) < Math.abs(best.start - start)) best = bar
    if (best) return { row, id: best.id }
  }
  return at
}

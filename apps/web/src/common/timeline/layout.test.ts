import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  barsBetween,
  indexRow,
  neighbour,
  rowsBetween,
  type Scale,
  snap,
  ticksBetween,
  timeAt,
  windowAt,
  xOf,
} from './layout'

const MIN = 60_000
const HOUR = 60 * MIN
const scale: Scale = { from: 0, to: 24 * HOUR, pxPerMin: 2 }
const bar = (id: string, start: number, end: number) => ({ id, start: start * HOUR, end: end * HOUR })

describe('the timeline', () => {
  it('puts an hour where it belongs, and back', () => {
    expect(xOf(scale, 9 * HOUR)).toBe(1080)
    expect(timeAt(scale, 1080)).toBe(9 * HOUR)
  })
  it('snaps a drop to the quarter hour and keeps the whole visit inside the day', () => {
    expect(snap(scale, 9 * HOUR + 8 * MIN, 15)).toBe(9 * HOUR + 15 * MIN)
    expect(snap(scale, 23.5 * HOUR, 15, 2 * HOUR)).toBe(22 * HOUR)
    expect(snap(scale, -HOUR, 15)).toBe(0)
  })
  it('gives overlapping work its own lanes, and one lane to work that follows on', () => {
    const row = indexRow([bar('a', 8, 10), bar('b', 9, 11), bar('c', 10, 12)])
    expect([row.lane.get('a'), row.lane.get('b'), row.lane.get('c')]).toEqual([0, 1, 0])
    expect(row.lanes).toBe(2)
  })
  it('draws exactly the bars that touch the window, whatever their lengths', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 60 })), { maxLength: 60 }),
        fc.integer({ min: 0, max: 200 }),
        fc.integer({ min: 1, max: 80 }),
        (spans, from, length) => {
          const bars = spans.map(([start, d], i) => ({ id: String(i), start, end: start + d }))
          const drawn = barsBetween(indexRow(bars), from, from + length)
            .map((b) => b.id)
            .sort()
          const expected = bars
            .filter((b) => b.start < from + length && b.end > from)
            .map((b) => b.id)
            .sort()
          expect(drawn).toEqual(expected)
        },
      ),
    )
  })
  it('never lets two bars of one lane overlap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 30 })), { maxLength: 40 }),
        (spans) => {
          const row = indexRow(spans.map(([start, d], i) => ({ id: String(i), start, end: start + d })))
          for (const a of row.bars)
            for (const b of row.bars)
              if (a.id < b.id && row.lane.get(a.id) === row.lane.get(b.id))
                expect(a.end <= b.start || b.end <= a.start).toBe(true)
        },
      ),
    )
  })
  it('draws only the rows in view and a few beside them', () => {
    expect(rowsBetween(0, 560, 56, 300)).toEqual([0, 13])
    expect(rowsBetween(5600, 560, 56, 300)).toEqual([97, 113])
    expect(rowsBetween(16_300, 560, 56, 300)).toEqual([288, 300])
  })
  it('keeps the same window of time while scrolling within an hour', () => {
    expect(windowAt(scale, 610, 600)).toEqual(windowAt(scale, 640, 600))
    expect(windowAt(scale, 0, 600)[0]).toBe(0)
  })
  it('labels hours far enough apart to read', () => {
    expect(ticksBetween(scale, 0, 3 * HOUR)).toEqual([0, HOUR, 2 * HOUR, 3 * HOUR])
    expect(ticksBetween({ ...scale, pxPerMin: 0.3 }, 0, 12 * HOUR)).toEqual([0, 6 * HOUR, 12 * HOUR])
  })
  it('moves by arrows along a person’s day and to the nearest visit of the next person', () => {
    const rows = [
      indexRow([bar('a', 8, 9), bar('b', 13, 14)]),
      indexRow<ReturnType<typeof bar>>([]),
      indexRow([bar('c', 9, 10), bar('d', 14, 15)]),
    ]
    expect(neighbour(rows, null, 'down')).toEqual({ row: 0, id: 'a' })
    expect(neighbour(rows, { row: 0, id: 'a' }, 'right')).toEqual({ row: 0, id: 'b' })
    expect(neighbour(rows, { row: 0, id: 'b' }, 'down')).toEqual({ row: 2, id: 'd' })
    expect(neighbour(rows, { row: 0, id: 'b' }, 'right')).toEqual({ row: 0, id: 'b' })
  })
})

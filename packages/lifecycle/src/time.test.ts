import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DeviceTime, occurredAt, TOLERANCE_MS } from './time'

const MIN = 60_000
const base: DeviceTime = { atDevice: 100 * MIN, skewMs: 0, lastContactAt: 50 * MIN, recordedAt: 101 * MIN }

describe('event time', () => {
  it.each<[string, Partial<DeviceTime>, number, string[]]>([
    ['a good clock', {}, 100, []],
    ['a phone 10 minutes ahead', { atDevice: 110 * MIN, skewMs: 10 * MIN }, 100, ['clock_skewed']],
    ['a phone 10 minutes behind', { atDevice: 90 * MIN, skewMs: -10 * MIN }, 100, ['clock_skewed']],
    ['a small skew is nobody’s business', { atDevice: 101 * MIN, skewMs: MIN }, 100, []],
    ['never measured', { skewMs: null }, 100, ['skew_unknown']],
    ['no device time', { atDevice: null }, 101, ['no_device_time']],
    ['set back before the last contact', { atDevice: 10 * MIN }, 50, ['before_last_contact']],
    ['set ahead of the receipt', { atDevice: 300 * MIN }, 101, ['in_the_future']],
    ['two days offline', { recordedAt: 3000 * MIN }, 100, ['late']],
    ['set back between two events', { previousAt: 100.5 * MIN }, 100.5, ['clock_went_back']],
    ['a second over is bounded without a word', { atDevice: 101 * MIN + 1000 }, 101, []],
  ])('T1 %s', (_, change, minute, flags) => {
    expect(occurredAt({ ...base, ...change })).toEqual({ occurredAt: minute * MIN, flags })
  })

  it('T2 lies between the last contact and the receipt, whatever the clock says', () => {
    const time = fc.record({
      atDevice: fc.option(fc.integer()),
      skewMs: fc.option(fc.integer({ min: -1e7, max: 1e7 })),
      lastContactAt: fc.integer({ min: 0, max: 1e9 }),
      wait: fc.nat(1e9),
    })
    fc.assert(
      fc.property(time, ({ wait, ...t }) => {
        const recordedAt = t.lastContactAt + wait
        const answer = occurredAt({ ...t, recordedAt })
        expect(answer.occurredAt).toBeGreaterThanOrEqual(t.lastContactAt)
        expect(answer.occurredAt).toBeLessThanOrEqual(recordedAt)
        // Corrected by more than the tolerance, it says so.
        const moved = t.atDevice === null || Math.abs(answer.occurredAt - (t.atDevice - (t.skewMs ?? 0))) > TOLERANCE_MS
        if (moved) expect(answer.flags.length).toBeGreaterThan(0)
      }),
    )
  })
})

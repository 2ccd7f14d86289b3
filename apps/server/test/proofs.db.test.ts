import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kills } from '../../../bench/kills'
import { races } from '../../../bench/races'
import { type World, world } from './world'

// Samples of what `npm run bench` does in full: the same functions, fewer rounds.
describe('a race for one engineer and slot', () => {
  let w: World
  beforeAll(async () => {
    w = await world({ poolSize: 20 })
  })
  afterAll(() => w.close())
  it('has one winner in each of ten rounds of sixteen, and no double booking', async () => {
    expect(await races(w, 10)).toMatchObject({ oneWinner: 10, doubleBookings: 0, refusals: { engineer_busy: 150 } })
  })
})

describe('kill -9 under load', () => {
  beforeAll(async () => {
    const { build } = await import('../../../scripts/lib/build.mjs')
    await build(['server'], { quiet: true })
  }, 60_000)
  it.each(['server', 'database'] as const)(
    'of the %s loses nothing that was acknowledged and leaves nothing half done',
    async (victim) => {
      const r = await kills({ victim, rounds: 1, seed: 1 })
      expect(r).toMatchObject({ lost: 0, halfDone: 0, reopened: 1, chain: 'ok' })
      expect(r.acknowledged).toBeGreaterThan(10)
    },
    90_000,
  )
})

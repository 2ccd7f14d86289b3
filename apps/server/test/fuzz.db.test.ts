import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildCorners, type Corners } from './corners'
import { fuzz } from './fuzz'
import { type World, world } from './world'

let w: World
let corners: Corners
beforeAll(async () => {
  w = await world()
  corners = await buildCorners(w)
})
afterAll(() => w.close())

describe('malformed requests', () => {
  it('are answered in time, by success or by a problem with a known code, whoever sends them', async () => {
    // 20,000 of them in `npm run bench -- fuzz`.
    const report = await fuzz(w, corners, {
      runs: Number(process.env.FUZZ_RUNS ?? 500),
      seed: Number(process.env.FUZZ_SEED ?? 20261123),
    })
    console.warn(
      `fuzz: ${report.runs} requests, seed ${report.seed}, slowest ${report.slowestMs} ms: ${JSON.stringify(report.answers)}`,
    )
    expect(report.complaints).toEqual([])
    expect(report.answers['2xx']).toBeGreaterThan(20)
    expect(report.answers['4xx']).toBeGreaterThan(100)
  }, 120_000)
})

// A sample of the fixtures through the real commands; `npm run bench -- field` plays them all.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toDatum } from '#geo'
import { honest, kinds, mornings } from './kinds'
import { rngOf, Stage } from './stage'

let stage: Stage
beforeAll(async () => {
  stage = await Stage.open((p) => toDatum(p, 'wgs84'))
})
afterAll(() => stage.close())

describe('a forged arrival', () => {
  it.each(kinds.map((k) => [k.key, k] as const))('%s is caught', async (_, kind) => {
    const graded = await kind.play(await stage.scene(rngOf(1, kind.key, 0)))
    expect(kind.caught, JSON.stringify(graded)).toContain(graded.grade)
  })
})

describe('an honest arrival', () => {
  it.each(mornings.map((m) => [m]))('%s is not doubted', async (morning) => {
    const graded = await honest(await stage.scene(rngOf(1, `honest/${morning}`, 0)), morning)
    expect(['A', 'B'], JSON.stringify(graded)).toContain(graded.grade)
  })
})

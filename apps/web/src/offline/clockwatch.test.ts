import { expect, it } from 'vitest'
import { jumpBetween } from './clockwatch'

it.each([
  ['a quiet tick', 4_000, 4_000, 0],
  ['a correction of a second by the network', 5_000, 4_000, 0],
  ['a clock set ahead by an hour', 3_604_000, 4_000, 3_600_000],
  ['a clock set back by ten minutes', -596_000, 4_000, -600_000],
  ['a phone that slept for an hour', 3_604_000, 60_000, 0],
  ['a clock set back during a sleep', -596_000, 60_000, -656_000],
])('%s', (_, wall, steady, jump) => {
  expect(jumpBetween({ wall: 0, steady: 0 }, { wall, steady })).toBe(jump)
})

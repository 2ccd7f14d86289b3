import { describe, expect, it } from 'vitest'
import { blockerOf, judged, nextBatch } from './outbox'
import type { Item } from './types'

let seq = 0
const item = (part: Partial<Item>): Item => ({
  seq: ++seq,
  commandId: `c${seq}`,
  command: 'visit.depart',
  subject: 'v1',
  body: {},
  mode: 'fail',
  needs: [],
  after: [],
  atDevice: '2026-11-23T08:00:00.000Z',
  skewMs: 0,
  deviceId: 'phone',
  away: false,
  state: 'waiting',
  tries: 0,
  notBefore: 0,
  lastError: null,
  problem: null,
  conflict: null,
  reply: null,
  judgedAt: null,
  reflected: false,
  settled: false,
  ...part,
})
const batch = (items: Item[], most = 40) =>
  nextBatch(items, { now: 1000, most, bytes: 300_000 }).map((i) => i.commandId)

describe('what may leave the outbox', () => {
  it('goes in order, each subject in its own steps', () => {
    const a = item({ subject: 'v1' })
    const b = item({ subject: 'v2' })
    const c = item({ subject: 'v1', command: 'visit.checkIn', mode: 'append' })
    expect(batch([a, b, c])).toEqual([a.commandId, b.commandId])
    expect(batch([{ ...a, state: 'taken' }, { ...b, state: 'taken' }, c])).toEqual([c.commandId])
  })

  it('more of the same fill goes in one batch', () => {
    const fills = [1, 2, 3].map(() => item({ subject: 'd1', command: 'document.fill', mode: 'merge' }))
    const sign = item({ subject: 'd1', command: 'document.sign' })
    expect(batch([...fills, sign])).toEqual(fills.map((f) => f.commandId))
  })

  it('a refused step blocks the steps of the same life after it, and nothing else', () => {
    const refused = item({ subject: 'v1', state: 'refused' })
    const start = item({ subject: 'v1', command: 'visit.start' })
    const photo = item({ subject: 'v1', command: 'evidence.declare', mode: 'append' })
    const other = item({ subject: 'v2', command: 'visit.depart' })
    const all = [refused, start, photo, other]
    expect(blockerOf(start, all)).toBe(refused)
    // The photo waits for the step before it in time, not for the refusal.
    expect(batch([refused, photo, other])).toEqual([photo.commandId, other.commandId])
    expect(batch(all)).toContain(other.commandId)
  })

  it('what needs another waits until that one is taken; what comes after it only until it is judged', () => {
    const made = item({ subject: 'r1', command: 'evidence.declare', mode: 'append', state: 'refused' })
    const needs = item({ subject: 'v9', needs: [made.commandId] })
    const after = item({ subject: 'v8', after: [made.commandId] })
    expect(batch([made, needs, after])).toEqual([after.commandId])
    expect(batch([{ ...made, state: 'waiting' }, needs, after])).toEqual([made.commandId])
  })

  it('an item that the server cannot judge waits its time, and in the end holds up only what depends on it', () => {
    const sick = judged(
      item({ subject: 'v1', mode: 'append', command: 'evidence.declare' }),
      {
        commandId: 'x',
        verdict: 'retry',
      },
      { now: 1000, random: 1 },
    )
    expect(sick).toMatchObject({ state: 'waiting', tries: 1, notBefore: 3000 })
    const checkIn = item({ subject: 'v1', command: 'visit.checkIn', mode: 'append' })
    expect(batch([sick, checkIn])).toEqual([])
    expect(batch([{ ...sick, tries: 4 }, checkIn])).toEqual([checkIn.commandId])
  })

  it('one large drawing goes alone', () => {
    const small = item({ subject: 'v1' })
    const large = item({ subject: 'd1', command: 'document.sign', body: { image: 'x'.repeat(350_000) } })
    expect(batch([small, large])).toEqual([small.commandId])
    expect(batch([large, item({ subject: 'v3' })])).toEqual([large.commandId])
  })
})

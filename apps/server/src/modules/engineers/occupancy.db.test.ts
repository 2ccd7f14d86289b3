import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type World, world } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { newId } from '../../platform/ids'
import { engineerFacts, insertEngineer, occupancyOf, occupy, release } from '.'

let w: World
let zhang: string
let li: string
const at = (hm: string) => new Date(`2026-11-24T${hm}:00+08:00`)
const book = (engineerId: string, from: string, to: string, ref = newId()) =>
  w.app.asSystem('test.occupy', (ctx) =>
    occupy(ctx, { engineerId, from: at(from), to: at(to), kind: 'visit', ref }).then(() => ref),
  )

beforeAll(async () => {
  w = await world()
  for (const name of ['张工', '李工']) {
    const p = await w.person('engineer', 'own', w.teams.eastOne, name)
    await insertEngineer(w.db, { userId: p.id, now: w.clock.now() })
    if (name === '张工') zhang = p.id
    else li = p.id
  }
})
afterAll(() => w.close())

describe('an engineer has each hour once', () => {
  it('refuses a second booking and says who, what and when is in the way', async () => {
    const ref = await book(zhang, '09:00', '11:00')
    await expect(book(zhang, '10:30', '12:00')).rejects.toMatchObject({
      code: 'engineer_busy',
      params: { engineerId: zhang, engineerName: '张工', kind: 'visit', ref, from: at('09:00').toISOString() },
    })
    await book(li, '10:30', '12:00')
  })
  it('lets one booking end where the next begins', async () => {
    await book(zhang, '11:00', '12:00')
    expect(await occupancyOf(w, [zhang], at('08:00'), at('12:00'))).toHaveLength(2)
  })
  it('frees the time when a booking is released', async () => {
    const ref = await book(zhang, '13:00', '14:00')
    await w.app.asSystem('test.release', (ctx) => release(ctx, ref))
    await book(zhang, '13:30', '14:30')
  })
  it('moves two bookings past each other in one transaction', async () => {
    const a = await book(li, '15:00', '16:00')
    const b = await book(li, '16:00', '17:00')
    await w.app.asSystem('test.swap', async (ctx) => {
      await release(ctx, a)
      await release(ctx, b)
      await occupy(ctx, [
        { engineerId: li, from: at('16:00'), to: at('17:00'), kind: 'visit', ref: a },
        { engineerId: li, from: at('15:00'), to: at('16:00'), kind: 'visit', ref: b },
      ])
    })
    expect((await occupancyOf(w, [li], at('15:00'), at('17:00'))).map((o) => o.ref)).toEqual([b, a])
  })
  it('is refused by the database itself when a writer comes past the function', async () => {
    await book(zhang, '18:00', '19:00')
    const sneak = w.app.asSystem('test.sneak', (ctx) =>
      ctx.db.run(
        sql`insert into engineer_occupancy values (${zhang}, tstzrange(${at('18:30')}, ${at('20:00')}), 'visit', ${newId()})`,
      ),
    )
    await expect(sneak).rejects.toMatchObject({
      code: 'engineer_busy',
      params: {
        engineerId: zhang,
        from: at('18:00').toISOString(),
        to: at('19:00').toISOString(),
        wantedFrom: at('18:30').toISOString(),
        wantedTo: at('20:00').toISOString(),
      },
    })
  })
  it('refuses an end before the start and somebody who is no engineer', async () => {
    await expect(book(zhang, '22:00', '21:00')).rejects.toMatchObject({ code: 'time_order' })
    await expect(book(newId(), '21:00', '22:00')).rejects.toMatchObject({ code: 'engineer_unknown' })
  })
  it('has one winner among sixteen who want the same hour at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 16 }, () => book(li, '20:00', '21:00')))
    expect(answers.filter((a) => a.status === 'fulfilled')).toHaveLength(1)
    expect(answers.flatMap((a) => (a.status === 'rejected' ? [a.reason.code] : []))).toEqual(
      Array.from({ length: 15 }, () => 'engineer_busy'),
    )
  })
  it('knows the facts of active engineers in one statement', async () => {
    const facts = await engineerFacts({ db: w.db, now: w.clock.now() })
    expect(facts.map((f) => f.name).sort()).toEqual(['张工', '李工'].sort())
  })
})

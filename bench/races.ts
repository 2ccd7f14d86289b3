// Sixteen dispatchers want one engineer at one time: one wins, the database refuses the others, whatever the code does.

import { insertEngineer } from '../apps/server/src/modules/engineers'
import { sql } from '../apps/server/src/platform/database/pool'
import { type World, world } from '../apps/server/test/world'
import { type Bench, database } from './harness'

const width = 16

export interface Races {
  rounds: number
  oneWinner: number
  doubleBookings: number
  /** Refusals by code: the losers must hear that the engineer is taken. */
  refusals: Record<string, number>
}

export async function races(w: World, rounds: number): Promise<Races> {
  const dispatchers = await Promise.all(Array.from({ length: width }, () => w.person('dispatcher')))
  const engineer = await w.person('engineer')
  await insertEngineer(w.db, { userId: engineer.id, now: w.clock.now() })
  const ops = await w.person('operations', 'all')
  const customer = await ops.ok('POST /api/customers', { body: { name: '瑞金医院', teamId: w.teams.eastOne } })
  const orders = await Promise.all(
    dispatchers.map(async (d) => {
      const o = await d.ok('POST /api/orders', { body: { customerId: customer.id, title: '抢同一位工程师' } })
      await d.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
      return o.id
    }),
  )
  const result: Races = { rounds, oneWinner: 0, doubleBookings: 0, refusals: {} }
  // Ten slots a day with room for the way between: no round meets the bookings of another.
  const first = Date.parse('2026-11-24T00:00:00Z')
  for (let round = 0; round < rounds; round++) {
    const start = new Date(first + Math.floor(round / 10) * 86_400_000 + (round % 10) * 8_640_000).toISOString()
    const answers = await Promise.all(
      dispatchers.map((d, i) =>
        d.call('POST /api/orders/:id/assign', {
          params: { id: orders[i] as string },
          body: { crew: [{ engineerId: engineer.id }], start, durationMin: 60, reason: '测试', additional: true },
        }),
      ),
    )
    if (answers.filter((a) => a.status === 200).length === 1) result.oneWinner++
    for (const a of answers.filter((a) => a.status !== 200)) {
      const { code } = a.body as unknown as { code: string }
      result.refusals[code] = (result.refusals[code] ?? 0) + 1
    }
  }
  const { n } = await w.db.one<{ n: number }>(sql`
    select count(*) as n from visits a join visits b on a.engineer_id = b.engineer_id and a.id < b.id
      and a.planned_start < b.planned_end and b.planned_start < a.planned_end
    where a.engineer_id = ${engineer.id} and a.state <> 'cancelled' and b.state <> 'cancelled'`)
  return { ...result, doubleBookings: n }
}

export const bench: Bench = {
  name: 'races',
  async run() {
    const w = await world({ database: await database(), poolSize: 20 })
    try {
      const r = await races(w, 500)
      return [
        {
          what: `racing dispatchers for one engineer and slot: ${r.rounds} rounds × ${width}`,
          atLeast: '0 double bookings, 1 winner a round',
          measured: `${r.doubleBookings} double bookings, 1 winner in ${r.oneWinner} of ${r.rounds} rounds; losers: ${JSON.stringify(r.refusals)}`,
          ok: r.doubleBookings === 0 && r.oneWinner === r.rounds,
        },
      ]
    } finally {
      await w.close()
    }
  },
}

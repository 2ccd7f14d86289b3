// From the dispatcher's tap to the engineer's phone, over a stream that is open: both through real sockets.
import { get } from 'node:http'
import { insertEngineer } from '../apps/server/src/modules/engineers'
import { world } from '../apps/server/test/world'
import { type Bench, database, ms, percentile } from './harness'

const times = 100

export const bench: Bench = {
  name: 'live',
  async run() {
    const w = await world({ database: await database(), background: true, poolSize: 20 })
    try {
      const dispatcher = await w.person('dispatcher')
      const engineer = await w.person('engineer')
      await insertEngineer(w.db, { userId: engineer.id, now: w.clock.now() })
      const ops = await w.person('operations', 'all')
      const customer = await ops.ok('POST /api/customers', { body: { name: '瑞金医院', teamId: w.teams.eastOne } })
      const url = await w.http.listen({ port: 0, host: '127.0.0.1' })
      let heard: (type: string) => void = () => {}
      const stream = get(`${url}/api/live`, { headers: { cookie: engineer.cookie } }, (response) => {
        let rest = ''
        response.on('data', (chunk: Buffer) => {
          const blocks = (rest + chunk.toString()).split('\n\n')
          rest = blocks.pop() ?? ''
          for (const b of blocks) heard(/"type":"([^"]+)"/.exec(b)?.[1] ?? '')
        })
      })
      const took: number[] = []
      for (let i = 0; i < times; i++) {
        const o = await dispatcher.ok('POST /api/orders', { body: { customerId: customer.id, title: `第 ${i} 单` } })
        await dispatcher.ok('POST /api/orders/:id/triage', { params: { id: o.id }, body: {} })
        const start = new Date(Date.parse('2026-11-24T00:00:00Z') + i * 7_200_000).toISOString()
        const arrived = new Promise<number>((done, lost) => {
          const timer = setTimeout(() => lost(new Error('nothing arrives')), 10_000)
          heard = (type) => {
            if (type !== 'visit.offered') return
            clearTimeout(timer)
            done(performance.now())
          }
        })
        const began = performance.now()
        const answer = await fetch(`${url}/api/orders/${o.id}/assign`, {
          method: 'POST',
          headers: { cookie: dispatcher.cookie, 'content-type': 'application/json' },
          body: JSON.stringify({ crew: [{ engineerId: engineer.id }], start, durationMin: 60, reason: '测试' }),
        })
        if (!answer.ok) throw new Error(await answer.text())
        took.push((await arrived) - began)
      }
      stream.destroy()
      const p95 = percentile(took, 95)
      return [
        {
          what: `assignment to phone, open connection, ${times} times`,
          atLeast: 'p95 under 1 s',
          measured: `p50 ${ms(percentile(took, 50))}, p95 ${ms(p95)}`,
          ok: p95 < 1_000,
        },
      ]
    } finally {
      await w.close()
    }
  },
}

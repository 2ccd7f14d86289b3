// How long a phone's copy takes: 28 days of eight visits, taken and in every stage of the work, with their documents.

import { field } from '../../apps/server/test/field'
import { world } from '../../apps/server/test/world'
import { database, ms, percentile, type Row } from '../harness'

const days = 28
const visitsADay = 8
const fullMs = 500
const sameMs = 150

export async function copy(o: { say: (line: string) => void }): Promise<Row[]> {
  const db = await database()
  const f = await field({ templates: true, world: await world({ database: db }) })
  try {
    const e = await f.engineer('甲')
    const minute = 60_000
    const first = Date.parse('2026-11-09T00:00:00+08:00')
    for (let day = 0; day < days; day++) {
      f.w.clock.at = new Date(Math.min(first + day * 1440 * minute, f.at(6).getTime()))
      for (let n = 0; n < visitsADay; n++) {
        const start = new Date(first + (day * 1440 + 480 + n * 75) * minute)
        const v = await f.offer(e, { start, end: new Date(start.getTime() + 45 * minute), travelMin: 0 })
        const params = { id: v.id }
        await e.ok('POST /api/visits/:id/take', { params, body: {} })
        if (start < f.at(0)) {
          f.w.clock.at = new Date(start)
          await e.ok('POST /api/visits/:id/depart', { params, body: {} })
          await e.ok('POST /api/visits/:id/check-in', { params, body: {} })
          await e.ok('POST /api/visits/:id/start', { params, body: {} })
          f.w.clock.advance(40)
          await e.ok('POST /api/visits/:id/finish', { params, body: { result: 'unable', cause: 'customer_absent' } })
        }
      }
    }
    f.w.clock.at = f.at(9)
    o.say(`${days * visitsADay} visits made`)
    const full: number[] = []
    const same: number[] = []
    let bytes = 0
    let have: Record<string, { digest: string }> = {}
    let rows = 0
    for (let i = 0; i < 20; i++) {
      let at = performance.now()
      const answer = await e.ok('POST /api/field/sync', { body: {} })
      full.push(performance.now() - at)
      bytes = JSON.stringify(answer).length
      rows = Object.values(answer.collections).reduce((n, c) => n + (c.state === 'changed' ? c.rows.length : 0), 0)
      have = Object.fromEntries(Object.entries(answer.collections).map(([k, c]) => [k, { digest: c.digest }]))
      at = performance.now()
      const again = await e.ok('POST /api/field/sync', { body: { have } })
      same.push(performance.now() - at)
      if (Object.values(again.collections).some((c) => c.state !== 'same'))
        throw new Error('the copy changed by itself')
    }
    return [
      {
        what: `phone's copy, all of it: ${rows} rows, ${Math.round(bytes / 1024)} KiB before compression (p95)`,
        atLeast: `< ${fullMs} ms`,
        measured: ms(percentile(full, 95)),
        ok: percentile(full, 95) < fullMs,
      },
      {
        what: "phone's copy, nothing changed (p95)",
        atLeast: `< ${sameMs} ms`,
        measured: ms(percentile(same, 95)),
        ok: percentile(same, 95) < sameMs,
      },
    ]
  } finally {
    await f.w.close()
  }
}

import { buildCorners } from '../apps/server/test/corners'
import { fuzz } from '../apps/server/test/fuzz'
import { world } from '../apps/server/test/world'
import { type Bench, database, ms } from './harness'

export const bench: Bench = {
  name: 'fuzz',
  async run({ seed, say }) {
    const w = await world({ database: await database() })
    try {
      const r = await fuzz(w, await buildCorners(w), { runs: 20_000, seed })
      for (const c of r.complaints) say(JSON.stringify(c))
      return [
        {
          what: `malformed requests, every route, each of 13 roles and nobody: ${r.runs}`,
          atLeast: 'no 5xx, no hang',
          measured: `${r.complaints.length} complaints; ${JSON.stringify(r.answers)}; slowest ${ms(r.slowestMs)}`,
          ok: r.complaints.length === 0,
        },
      ]
    } finally {
      await w.close()
    }
  },
}

import { type RouteDef, routes } from '#contracts'
import { buildCorners } from '../apps/server/test/corners'
import { checkPermissions } from '../apps/server/test/permissions'
import { world } from '../apps/server/test/world'
import { type Bench, database } from './harness'

export const bench: Bench = {
  name: 'permissions',
  async run() {
    const w = await world({ database: await database() })
    try {
      const began = Date.now()
      const r = await checkPermissions(w, await buildCorners(w), Object.values(routes) as RouteDef[])
      return [
        {
          what: 'role × route × scope cells',
          atLeast: 'all tested, 0 leaks',
          measured: `${r.cells} cells over ${r.routes} routes in ${Math.round((Date.now() - began) / 1000)} s, ${r.findings.length} leaks`,
          ok: r.findings.length === 0,
        },
      ]
    } finally {
      await w.close()
    }
  },
}

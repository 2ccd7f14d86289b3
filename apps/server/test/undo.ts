import type { World } from './world'

/**
 * From now on every transaction of the app ends in a rollback, so that each request meets the same world; answers a
 * function that ends this. `check` first asks the constraints that wait for the commit.
 */
export function undoCommits(w: World, o: { check?: boolean } = {}): () => void {
  const pool = w.app.pool
  const connect = pool.connect.bind(pool)
  const patched = new Map<object, unknown>()
  const wrapped = async () => {
    const client = await connect()
    if (!patched.has(client)) {
      const query = client.query.bind(client) as (...a: unknown[]) => Promise<unknown>
      patched.set(client, client.query)
      client.query = (async (first: unknown, ...rest: unknown[]) => {
        if (first !== 'commit') return query(first, ...rest)
        if (o.check) await query('set constraints all immediate')
        return query('rollback')
      }) as never
    }
    return client
  }
  pool.connect = ((done?: unknown) => (done ? connect(done as never) : wrapped())) as never
  return () => {
    pool.connect = connect as never
    for (const [client, query] of patched) (client as { query: unknown }).query = query
  }
}

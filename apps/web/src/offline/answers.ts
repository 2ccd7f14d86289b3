import type { Query, QueryClient } from '@tanstack/react-query'
import { personDb } from './db'

// What is only read (threads, notices, timelines, my own skills) is no replica: the last answer is kept, and shown when
// there is no network. A screen that has it says nothing of an error.

/** Routes whose last answers are worth a place on the phone. */
const KEPT = [
  'GET /api/threads/:kind/:id',
  'GET /api/notices',
  'GET /api/orders/:id/timeline',
  'GET /api/engineers/:id',
  'GET /api/requests',
  'GET /api/handovers',
  'GET /api/escalations',
] as const
const DAYS = 14
const MOST = 150

const isKept = (key: unknown) => typeof key === 'string' && (KEPT as readonly string[]).includes(key)

/** Puts kept answers back, then keeps what comes; answers the way to stop. */
export async function keepAnswers(client: QueryClient, me: string): Promise<() => void> {
  const db = personDb(me)
  const old = Date.now() - DAYS * 86_400_000
  const rows = await db.answers.orderBy('at').reverse().toArray()
  const stale = rows.filter((r, n) => r.at < old || n >= MOST).map((r) => r.key)
  if (stale.length > 0) await db.answers.bulkDelete(stale)
  for (const row of rows) {
    if (stale.includes(row.key)) continue
    const queryKey = JSON.parse(row.key) as unknown[]
    if (!client.getQueryData(queryKey)) client.setQueryData(queryKey, row.value, { updatedAt: row.at })
  }
  // Room for it or not: an answer that cannot be kept is asked for again.
  const keep = ({ queryKey, state }: Query) => {
    if (isKept(queryKey[0]))
      db.answers.put({ key: JSON.stringify(queryKey), at: state.dataUpdatedAt, value: state.data }).catch(() => {})
  }
  // The first page may have had its answer before the database was open.
  const cache = client.getQueryCache()
  for (const query of cache.getAll()) if (query.state.data !== undefined) keep(query)
  return cache.subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && !event.action.manual) keep(event.query)
  })
}

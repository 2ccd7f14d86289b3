import type { RouteMap } from '#contracts'
import { call } from '../common/api/call'
import { ApiError } from '../common/api/problem'
import { NoAnswer, type SyncAnswer, type Transport } from './engine'
import type { Verdict } from './outbox'

/** Asks the server and gives up after so long; whatever goes wrong is told as `NoAnswer`. */
async function within<T>(ms: number, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(), ms)
  try {
    return await ask(abort.signal)
  } catch (error) {
    if (!(error instanceof ApiError)) throw new NoAnswer(0, abort.signal.aborted ? 'timeout' : String(error))
    const ours = error.code !== 'unreadable' && error.status >= 400
    throw new NoAnswer(
      error.status,
      error.title,
      ours
        ? {
            code: error.code,
            status: error.status,
            title: error.title,
            params: error.params,
            ...(error.detail ? { detail: error.detail } : {}),
            ...(error.action ? { action: error.action } : {}),
          }
        : null,
    )
  } finally {
    clearTimeout(timer)
  }
}

type Body<K extends keyof RouteMap> = RouteMap[K]['body']

export const httpTransport: Transport = {
  send: (items, ms) =>
    within(ms, async (signal) => {
      const body = { items } as Body<'POST /api/commands'>
      const answer = await call('POST /api/commands', { body, signal })
      return { items: answer.items as Verdict[], serverTime: answer.serverTime }
    }),
  sync: (ask, ms) =>
    within(ms, async (signal) => (await call('POST /api/field/sync', { body: ask, signal })) as SyncAnswer),
}

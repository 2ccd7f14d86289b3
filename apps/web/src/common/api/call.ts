import { v7 } from 'uuid'
import type { RouteMap } from '#contracts'
import { currentLanguage } from '../i18n/language'
import { ApiError, ownProblem, readProblem } from './problem'

/** A new client-made id: UUIDv7, as the server expects for commands and for what a phone creates offline. */
export const newId = (): string => v7()

export type RouteKey = keyof RouteMap & string
type Nothing = Record<never, never>
type Needed<R, K extends 'params' | 'query' | 'body'> = K extends keyof R
  ? [R[K]] extends [undefined]
    ? { [P in K]?: undefined }
    : Nothing extends R[K]
      ? { [P in K]?: R[K] }
      : { [P in K]: R[K] }
  : unknown
type Meta = {
  /** Idempotency key of a change. Made once a call when left out; pass your own to repeat safely across reloads. */
  commandId?: string
  /** The `rev` that the person was looking at: another's change since then is answered `changed_meanwhile`. */
  baseRev?: number
  /** Bytes instead of a JSON body, for routes that take a file. */
  raw?: Blob
  signal?: AbortSignal
}
export type CallInput<K extends RouteKey> = Needed<RouteMap[K], 'params'> &
  Needed<RouteMap[K], 'query'> &
  Needed<RouteMap[K], 'body'> &
  Meta
export type Reply<K extends RouteKey> = RouteMap[K] extends { reply: infer R } ? R : unknown
/** The input may be left out when the route needs nothing. */
export type CallArgs<K extends RouteKey> = Nothing extends CallInput<K> ? [input?: CallInput<K>] : [input: CallInput<K>]

type LooseInput = { params?: object; query?: object; body?: unknown } & Meta

/** `GET /api/orders/:id` + params + query → method and address. Arrays repeat the key; undefined is left out. */
export function address(
  key: string,
  input: Pick<LooseInput, 'params' | 'query'> = {},
): { method: string; url: string } {
  const space = key.indexOf(' ')
  const params = (input.params ?? {}) as Record<string, unknown>
  const path = key.slice(space + 1).replace(/:(\w+)/g, (_, name: string) => {
    if (params[name] === undefined || params[name] === null) throw new Error(`${key}: parameter ${name} is missing`)
    return encodeURIComponent(String(params[name]))
  })
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input.query ?? {}))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) search.append(name, String(one))
  const query = search.toString()
  return { method: key.slice(0, space), url: query ? `${path}?${query}` : path }
}

const signedOutListeners = new Set<() => void>()
/** Called when any answer says that the session is over; drafts stay where they are. */
export function onSignedOut(tell: () => void): () => void {
  signedOutListeners.add(tell)
  return () => signedOutListeners.delete(tell)
}

const RETRIES = [400, 1500]
const TIMEOUT = 30_000
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function attempt(
  method: string,
  url: string,
  input: LooseInput,
  headers: Record<string, string>,
): Promise<unknown> {
  const timeout = AbortSignal.timeout(TIMEOUT)
  const abort = new AbortController()
  const stop = () => abort.abort()
  timeout.addEventListener('abort', stop)
  input.signal?.addEventListener('abort', stop)
  if (input.signal?.aborted) stop()
  try {
    const type = input.raw
      ? input.raw.type || 'application/octet-stream'
      : input.body === undefined
        ? undefined
        : 'application/json'
    const response = await fetch(url, {
      method,
      credentials: 'same-origin',
      signal: abort.signal,
      headers: type ? { ...headers, 'content-type': type } : headers,
      body: input.raw ?? (input.body === undefined ? undefined : JSON.stringify(input.body)),
    })
    const text = await response.text()
    if (!response.ok) throw new ApiError(readProblem(response.status, text))
    return text ? JSON.parse(text) : undefined
  } catch (error) {
    if (error instanceof ApiError || input.signal?.aborted) throw error
    if (timeout.aborted) throw new ApiError(ownProblem('timeout'))
    if (error instanceof SyntaxError) throw new ApiError(readProblem(200, ''))
    throw new ApiError(ownProblem('network'))
  } finally {
    timeout.removeEventListener('abort', stop)
    input.signal?.removeEventListener('abort', stop)
  }
}

/**
 * Calls a route by its key, typed by the contracts: `await call('POST /api/orders/:id/triage', { params, body })`.
 * A change carries one idempotency key through its retries (network, 502–504), so it is never done twice.
 * Throws `ApiError`, worded in the reader's language.
 */
export async function call<K extends RouteKey>(key: K, ...[given]: CallArgs<K>): Promise<Reply<K>> {
  const input = (given ?? {}) as LooseInput
  const { method, url } = address(key, input)
  const headers: Record<string, string> = { accept: 'application/json', 'accept-language': currentLanguage() }
  if (method !== 'GET') headers['idempotency-key'] = input.commandId ?? newId()
  if (input.baseRev !== undefined) headers['if-match'] = `"${input.baseRev}"`
  for (let tries = 0; ; tries++) {
    try {
      return (await attempt(method, url, input, headers)) as Reply<K>
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 401 && key !== 'POST /api/session') for (const tell of signedOutListeners) tell()
      const wait = RETRIES[tries]
      if (!error.retryable || wait === undefined || input.signal?.aborted) throw error
      await pause(wait)
    }
  }
}

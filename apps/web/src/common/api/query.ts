import {
  QueryClient,
  type UseMutationOptions,
  type UseQueryOptions,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { type LiveEvent, onLive, onLiveReset } from '../live/live'
import { type CallArgs, type CallInput, call, type Reply, type RouteKey } from './call'
import type { ApiError } from './problem'

/** Which live events make an answer stale: an aggregate, or one instance of it. */
export type Watch = string | { aggregate: string; id: string }

export function concerns(
  watches: readonly Watch[] | undefined,
  e: Pick<LiveEvent, 'aggregate' | 'aggregateId'>,
): boolean {
  return !!watches?.some((w) =>
    typeof w === 'string' ? w === e.aggregate : w.aggregate === e.aggregate && w.id === e.aggregateId,
  )
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Live events say when something changed; time alone does not make an answer stale.
        staleTime: 30_000,
        // `call` has retried what can be retried.
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: true,
      },
      mutations: { retry: false },
    },
  })
}

/** Marks stale every query that watches a changed aggregate; bursts are collected for 200 ms. Returns the way to stop. */
export function invalidateLive(client: QueryClient): () => void {
  let waiting: LiveEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const stopEvents = onLive((e) => {
    waiting.push(e)
    timer ??= setTimeout(() => {
      const events = waiting
      waiting = []
      timer = undefined
      void client.invalidateQueries({
        predicate: (q) => events.some((one) => concerns(q.meta?.watch as Watch[] | undefined, one)),
      })
    }, 200)
  })
  const stopReset = onLiveReset(() => void client.invalidateQueries())
  return () => {
    stopEvents()
    stopReset()
    clearTimeout(timer)
  }
}

type QueryExtras<K extends RouteKey> = Omit<UseQueryOptions<Reply<K>, ApiError>, 'queryKey' | 'queryFn' | 'meta'> & {
  /** Refetch when these change: `['order', { aggregate: 'visit', id }]`. */
  watch?: Watch[]
}

/** A GET as a query: `useCall('GET /api/orders/:id', { params: { id } }, { watch: [{ aggregate: 'order', id }] })`. */
export function useCall<K extends RouteKey & `GET ${string}`>(
  key: K,
  input?: CallInput<K>,
  extras: QueryExtras<K> = {},
) {
  const { watch, ...options } = extras
  return useQuery<Reply<K>, ApiError>({
    ...options,
    queryKey: [key, input ?? {}],
    queryFn: ({ signal }) => call<K>(key, ...([{ ...input, signal }] as unknown as CallArgs<K>)),
    meta: { watch },
  })
}

/** A change as a mutation: `const take = useCommand('POST /api/visits/:id/take'); take.mutate({ params: { id }, body: {} })`. */
export function useCommand<K extends RouteKey>(
  key: K,
  options: Omit<UseMutationOptions<Reply<K>, ApiError, CallInput<K>>, 'mutationFn'> = {},
) {
  return useMutation<Reply<K>, ApiError, CallInput<K>>({
    ...options,
    mutationFn: (input) => call<K>(key, ...([input] as unknown as CallArgs<K>)),
  })
}

import {
  QueryClient,
  type UseMutationOptions,
  type UseQueryOptions,
  useInfiniteQuery,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { useMemo } from 'react'
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
        // Offline is an answer too: a screen that has nothing yet says so instead of waiting for ever.
        networkMode: 'always',
      },
      mutations: { retry: false, networkMode: 'always' },
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

/** Routes that answer a page: rows and the cursor of the next ones. */
type PagedKey = {
  [K in RouteKey & `GET ${string}`]: Reply<K> extends { rows: unknown[]; next: string | number | null } ? K : never
}[RouteKey & `GET ${string}`]

type RowsOf<K extends RouteKey> = Reply<K> extends { rows: infer R } ? R : never

/** A list that grows by its cursor: all rows so far, the first page's other answers, and `more` while there is a next page. */
export function usePages<K extends PagedKey>(
  key: K,
  input: CallInput<K>,
  { watch, enabled }: { watch?: Watch[]; enabled?: boolean } = {},
) {
  const list = useInfiniteQuery({
    queryKey: [key, 'pages', input],
    queryFn: ({ signal, pageParam }) => {
      const query = { ...(input as { query?: object }).query, after: pageParam }
      return call<K>(key, ...([{ ...input, query, signal }] as unknown as CallArgs<K>))
    },
    initialPageParam: undefined as string | number | undefined,
    getNextPageParam: (last) => (last as { next: string | number | null }).next ?? undefined,
    placeholderData: (before) => before,
    meta: { watch },
    enabled,
  })
  const rows = useMemo(
    () => (list.data?.pages ?? []).flatMap((p) => (p as unknown as { rows: unknown[] }).rows) as RowsOf<K>,
    [list.data],
  )
  return {
    rows,
    first: list.data?.pages[0] as Reply<K> | undefined,
    error: list.error as ApiError | null,
    loading: list.isPending,
    again: () => void list.refetch(),
    more: list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined,
    hasMore: list.hasNextPage,
  }
}

import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { Reply } from '../../common/api/call'

export type Order = Reply<'GET /api/orders/:id'>

/** Everything of one order asked again: after a change of one's own, before the live stream says so. */
export function useRefresh(): () => void {
  const client = useQueryClient()
  return useCallback(() => {
    for (const key of ['/api/orders', '/api/documents', '/api/surveys'])
      void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith(`GET ${key}`) })
  }, [client])
}

import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '../../common/api/call'
import { useCall } from '../../common/api/query'

/** Unread notices, for the tab. */
export const useUnread = () =>
  useCall('GET /api/notices', { query: { limit: 1 } }, { watch: ['notice'] }).data?.unread ?? 0

/** Whoever looks at a visit has read what he was told about it. */
export function useSeen(visitId: string) {
  const client = useQueryClient()
  useEffect(() => {
    const read = async () => {
      const { rows } = await call('GET /api/notices', { query: { unread: 'true', limit: 50 } })
      const ids = rows.filter((n) => n.subject.id === visitId).map((n) => n.id)
      if (ids.length === 0) return
      await call('POST /api/notices/read', { body: { ids } })
      await client.invalidateQueries({ queryKey: ['GET /api/notices'] })
    }
    // Without a network they stay unread, which is true.
    read().catch(() => {})
  }, [visitId, client])
}

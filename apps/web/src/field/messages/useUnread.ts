import { useCall } from '../../common/api/query'

/** Unread notices, for the tab. */
export const useUnread = () =>
  useCall('GET /api/notices', { query: { limit: 1 } }, { watch: ['notice'] }).data?.unread ?? 0

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { BellOff } from 'lucide-react'
import { useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useWords } from '../../common/i18n/words'
import { PageHeader } from '../../common/PageHeader'
import { Empty, ErrorState, Loading } from '../../common/states'
import { NoticeRow } from './Bell'
import { words } from './words'

/** Everything that was told to this person, newest first. */
export default function Notices() {
  const t = useWords(words)
  const client = useQueryClient()
  const [unread, setUnread] = useState(false)
  const answer = useInfiniteQuery<Reply<'GET /api/notices'>, ApiError>({
    queryKey: ['GET /api/notices', 'pages', unread],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/notices', {
        query: {
          limit: 50,
          ...(unread ? { unread: 'true' as const } : {}),
          ...(pageParam ? { after: pageParam as string } : {}),
        },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    meta: { watch: ['notice'] },
  })
  const rows = answer.data?.pages.flatMap((p) => p.rows) ?? []
  return (
    <section className="notices" aria-label={t('title')}>
      <PageHeader
        title={t('title')}
        actions={
          <>
            <label className="notices-unread">
              <input type="checkbox" checked={unread} onChange={(e) => setUnread(e.target.checked)} /> {t('unread')}
            </label>
            {(answer.data?.pages[0]?.unread ?? 0) > 0 && (
              <button
                type="button"
                className="zc-btn"
                onClick={() =>
                  void call('POST /api/notices/read', { body: {} }).then(() =>
                    client.invalidateQueries({ queryKey: ['GET /api/notices'] }),
                  )
                }
              >
                {t('all')}
              </button>
            )}
          </>
        }
      />
      {answer.isError && !answer.data ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <Loading shape="rows" lines={10} />
      ) : rows.length === 0 ? (
        <Empty icon={BellOff} title={unread ? t('empty.unread') : t('empty.title')}>
          {t('empty.text')}
        </Empty>
      ) : (
        <div className="notices-rows">
          {rows.map((n) => (
            <NoticeRow key={n.id} notice={n} />
          ))}
          {answer.hasNextPage && (
            <button type="button" className="zc-btn quiet" onClick={() => void answer.fetchNextPage()}>
              {t('more')}
            </button>
          )}
        </div>
      )}
    </section>
  )
}

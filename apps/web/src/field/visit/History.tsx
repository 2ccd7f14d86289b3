import { useCall } from '../../common/api/query'
import { useHappenings } from '../../common/happenings'
import { useWords } from '../../common/i18n/words'
import { ErrorState, Loading } from '../../common/states'
import { TimelineFeed } from '../../common/TimelineFeed'
import type { VisitFull } from '../../offline/visits'
import { words } from './words'

/** What happened to this visit and its documents, newest first; the order's own story stays on the desk. */
export default function History({ visit, zone }: { visit: VisitFull; zone: string }) {
  const t = useWords(words)
  const { events } = useHappenings(zone)
  const timeline = useCall(
    'GET /api/orders/:id/timeline',
    { params: { id: visit.orderId }, query: { limit: 200 } },
    { watch: [{ aggregate: 'visit', id: visit.id }, 'document'] },
  )
  if (timeline.isError && !timeline.data)
    return <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />
  if (!timeline.data) return <Loading lines={3} />
  const rows = timeline.data.rows.filter(
    (e) => e.aggregateId === visit.id || (e.aggregate === 'document' && (e.params.visitId ?? visit.id) === visit.id),
  )
  if (!rows.length) return <p className="zc-note">{t('timeline.empty')}</p>
  return <TimelineFeed label={t('part.timeline')} zone={zone} events={events({ rows, people: timeline.data.people })} />
}

import { Info } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useCall } from '../../common/api/query'
import { useHappenings } from '../../common/happenings'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { PageHeader } from '../../common/PageHeader'
import { SlaClock, slaView } from '../../common/Sla'
import { StateTag, Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { Thread } from '../../common/Thread'
import { TimelineFeed } from '../../common/TimelineFeed'
import { PlaceLink } from '../PlaceLink'
import { Actions } from './Actions'
import { Documents } from './Documents'
import { OrderFacts } from './Facts'
import type { Order } from './order'
import { Satisfaction } from './Satisfaction'
import { Visits } from './Visits'
import { Worksheets } from './Worksheets'
import { words } from './words'

/** What concerns one order: itself, and its visits, documents and surveys, whose own ids are not known here. */
const watchOf = (id: string) => [
  { aggregate: 'order', id },
  'visit',
  'trip',
  'document',
  'survey',
  'followup',
  'offer',
  'sla',
]

/** One order: header with its next verb, what it is about, what was done, what was said. */
export function OrderDetail({ id }: { id: string }) {
  const order = useCall(
    'GET /api/orders/:id',
    { params: { id } },
    { watch: [{ aggregate: 'order', id }, 'sla', 'visit'] },
  )
  if (order.isError && !order.data) return <ErrorState error={order.error} onRetry={() => void order.refetch()} />
  if (!order.data) return <Loading lines={10} />
  return <Loaded order={order.data} asOf={order.dataUpdatedAt} />
}

function Loaded({ order, asOf }: { order: Order; asOf: number }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const zone = order.siteZone ?? undefined
  const clocks = order.sla.filter((c) => c.open)
  return (
    <article className="order" aria-label={`${order.number} ${order.title}`}>
      <PageHeader
        level={2}
        number={`${order.number} · ${order.customer.name}`}
        title={<span title={order.title}>{order.title}</span>}
        meta={
          <>
            <StateTag kind="order" state={order.state} />
            {order.priority !== 'normal' && (
              <Tag meaning={order.priority === 'urgent' ? 'red' : order.priority === 'high' ? 'amber' : 'grey'}>
                {o(`priority.${order.priority}`)}
              </Tag>
            )}
            {order.mark && <Tag meaning="grey">{o(`mark.${order.mark}`)}</Tag>}
            <span className="order-clocks">
              {clocks.map((c) => (
                <SlaClock
                  key={`${c.clock}${c.visitId}`}
                  sla={slaView(c, asOf)}
                  name={o(`clock.${c.clock}`)}
                  zone={zone}
                />
              ))}
            </span>
          </>
        }
        actions={<Actions order={order} />}
      />
      <Bars order={order} />
      <div className="order-body">
        <div className="main">
          <OrderFacts order={order} />
          <Visits order={order} />
          <Worksheets order={order} />
          <Documents order={order} />
          <Satisfaction order={order} />
        </div>
        <Side order={order} label={t('side')} />
      </div>
    </article>
  )
}

function Bar({ children }: { children: ReactNode }) {
  return (
    <div className="zc-note">
      <Info className="zc-icon" size={16} aria-hidden />
      <span>{children}</span>
    </div>
  )
}

/** What is unusual about this order, said once, above everything else. */
function Bars({ order }: { order: Order }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat(order.siteZone ?? undefined)
  const reopenedAs = order.reopenedAs.at(-1)
  return (
    <div className="order-bars">
      {order.hold && (
        <Bar>
          {t('holdBar', {
            since: f.when(order.hold.since),
            cause: o(`hold.${order.hold.cause}`),
            responsibility: o(`responsibility.${order.hold.responsibility}`),
          })}
          {' · '}
          {t(order.hold.pausesSla ? 'pauses' : 'pausesNot')}
          {order.hold.until && ` · ${t('holdBar.until', { until: f.when(order.hold.until) })}`}
          {order.hold.reason && <div>{order.hold.reason}</div>}
        </Bar>
      )}
      {order.endReason && order.endResponsibility && (
        <Bar>
          {t('endedBar', { reason: order.endReason, responsibility: o(`responsibility.${order.endResponsibility}`) })}
        </Bar>
      )}
      {order.waiveRequestedAt && order.state === 'awaiting_acceptance' && <Bar>{t('waiveBar')}</Bar>}
      {order.acceptanceNotice && order.state === 'awaiting_acceptance' && (
        <Bar>
          {t('noticeBar', { sent: f.when(order.acceptanceNotice.sentAt), deem: f.when(order.acceptanceNotice.deemAt) })}
        </Bar>
      )}
      {order.remaining && !order.acceptance && <Bar>{t('remainingBar', { text: order.remaining })}</Bar>}
      {order.repeatOf && (
        <Bar>
          {t('repeat')} <PlaceLink to={`/orders/${order.repeatOf}`}>{t('repeatOpen')}</PlaceLink>
        </Bar>
      )}
      {reopenedAs && (
        <Bar>
          {t('reopened')} <PlaceLink to={`/orders/${reopenedAs}`}>{t('reopenedOpen')}</PlaceLink>
        </Bar>
      )}
      {order.mark === 'test' && <Bar>{t('test')}</Bar>}
      {order.mark === 'duplicate' && (
        <Bar>
          {t('duplicate')}{' '}
          {order.duplicateOf && <PlaceLink to={`/orders/${order.duplicateOf}`}>{t('duplicateOpen')}</PlaceLink>}
        </Bar>
      )}
      {order.conflicts > 0 && <Bar>{t('conflictsBar', { n: order.conflicts })}</Bar>}
    </div>
  )
}

function Side({ order, label }: { order: Order; label: string }) {
  const t = useWords(words)
  const mayRead = useAbility('thread.read')
  const [tab, setTab] = useState<'timeline' | 'thread'>('timeline')
  return (
    <aside className="side" aria-label={label}>
      {mayRead && (
        <div className="order-side-tabs" role="tablist" aria-label={label}>
          {(['timeline', 'thread'] as const).map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`order-tab-${one}`}
              aria-selected={tab === one}
              aria-controls="order-side-panel"
              onClick={() => setTab(one)}
            >
              {t(one)}
            </button>
          ))}
        </div>
      )}
      <div className="order-side-panel" id="order-side-panel" role="tabpanel" aria-label={t(tab)}>
        {tab === 'timeline' ? (
          <Timeline order={order} />
        ) : (
          <Thread kind="order" id={order.id} zone={order.siteZone ?? undefined} />
        )}
      </div>
    </aside>
  )
}

function Timeline({ order }: { order: Order }) {
  const t = useWords(words)
  const zone = order.siteZone ?? undefined
  const happenings = useHappenings(zone)
  const [limit, setLimit] = useState(50)
  const timeline = useCall(
    'GET /api/orders/:id/timeline',
    { params: { id: order.id }, query: { limit } },
    { watch: watchOf(order.id), placeholderData: (before) => before },
  )
  if (timeline.isError && !timeline.data)
    return <ErrorState error={timeline.error} onRetry={() => void timeline.refetch()} />
  if (!timeline.data) return <Loading lines={6} />
  return (
    <>
      <TimelineFeed label={t('timeline')} events={happenings.events(timeline.data)} zone={zone} />
      {timeline.data.next && limit < 200 && (
        <button type="button" className="zc-btn quiet" onClick={() => setLimit(200)}>
          {t('timeline.more')}
        </button>
      )}
    </>
  )
}

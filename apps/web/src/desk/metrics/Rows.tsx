import { useNavigate } from '@tanstack/react-router'
import { CircleCheck, CircleMinus, CircleX, ListFilter } from 'lucide-react'
import { useMemo } from 'react'
import type { Reply } from '../../common/api/call'
import { usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { PlaceLink } from '../PlaceLink'
import { places } from '../scenes'
import { type Definition, type Subject, useKpiWords } from './kpi'
import './metrics.css'
import type { Period } from './period'
import { words } from './words'

export type Show = 'all' | 'counted' | 'missed' | 'excluded'
type Fact = Reply<'GET /api/metrics/rows'>['rows'][number]

/** The rows behind a number: counted or left out and why, met or not, each with its order. */
export function Behind({
  definition: d,
  input,
  show,
  onShow,
  zone,
}: {
  definition: Definition
  input: Period & Subject
  show: Show
  onShow: (show: Show) => void
  zone: string
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const me = useMe()
  const k = useKpiWords()
  const navigate = useNavigate()
  const rows = usePages('GET /api/metrics/rows', { query: { ...input, kpi: d.code, show, limit: 100 } })
  const name = k.name(d.code)
  const opens = places(me.abilities).some((s) => s.path === '/orders')
  const columns = useMemo<Column<Fact>[]>(
    () => [
      {
        key: 'in',
        title: t('col.in'),
        width: 'minmax(150px, 0.8fr)',
        render: (r) =>
          r.counted ? (
            <Tag quiet meaning="teal" icon={CircleCheck}>
              {t('in.yes')}
            </Tag>
          ) : (
            <Tag quiet meaning="grey" icon={CircleMinus}>
              {t('in.no', { why: k.why(r.reason ?? '') })}
            </Tag>
          ),
      },
      {
        key: 'result',
        title: t('col.result'),
        width: '170px',
        render: (r) => {
          if (!r.counted) return '—'
          if (r.kind === 'day') return k.format('minutes', r.value ?? 0)
          const said = [
            r.clock && k.clock(r.clock),
            r.value !== null && k.format(d.unit === 'share' ? 'minutes' : d.unit, r.value),
          ]
          // A share counts hits; the value of its rows is not a share of anything.
          if (d.unit === 'share')
            return (
              <Tag quiet meaning={r.hit ? 'green' : 'red'} icon={r.hit ? CircleCheck : CircleX}>
                {[r.clock && k.clock(r.clock), t(r.hit ? 'hit' : 'miss')].filter(Boolean).join(' · ')}
              </Tag>
            )
          return said.filter(Boolean).join(' · ')
        },
      },
      {
        key: 'order',
        title: t('col.order'),
        width: '150px',
        render: (r) => (r.orderId ? <PlaceLink to={`/orders/${r.orderId}`}>{r.orderNumber}</PlaceLink> : '—'),
      },
      {
        key: 'title',
        title: t('col.title'),
        width: 'minmax(180px, 1.4fr)',
        render: (r) => <span title={r.title}>{r.title}</span>,
      },
      {
        key: 'customer',
        title: t('col.customer'),
        width: 'minmax(120px, 1fr)',
        render: (r) => <span title={r.customerName}>{r.customerName}</span>,
      },
      { key: 'people', title: t('col.people'), width: '130px', render: (r) => joinList(r.engineers) || '—' },
      { key: 'at', title: t('col.at'), width: '150px', render: (r) => f.when(r.at) },
    ],
    [t, k, f, d.unit],
  )
  return (
    <Section
      title={t('rows.title', { name })}
      count={rows.first?.total}
      actions={
        <fieldset className="zc-seg" aria-label={t('rows.show')} style={{ margin: 0, padding: 0 }}>
          {(['all', 'counted', ...(d.unit === 'share' ? (['missed'] as const) : []), 'excluded'] as const).map(
            (one) => (
              <button key={one} type="button" aria-pressed={show === one} onClick={() => onShow(one)}>
                {t(`rows.${one}`)}
              </button>
            ),
          )}
        </fieldset>
      }
    >
      {rows.error && !rows.rows.length ? (
        <ErrorState error={rows.error} onRetry={rows.again} />
      ) : rows.loading ? (
        <Loading shape="rows" lines={6} />
      ) : (
        <div className="zc-behind">
          <DataList
            id="kpi-rows"
            label={t('rows.title', { name })}
            rows={rows.rows}
            rowKey={(r) => `${r.kind}-${r.id}`}
            columns={columns}
            total={rows.first?.total}
            onOpen={(r) =>
              opens && r.orderId && void navigate({ to: '/orders/$id', params: { id: r.orderId } as never })
            }
            onMore={rows.hasMore ? (rows.more ?? (() => {})) : undefined}
            empty={
              <Empty icon={ListFilter} title={t('rows.empty')}>
                {t('rows.emptyText')}
              </Empty>
            }
          />
        </div>
      )}
    </Section>
  )
}

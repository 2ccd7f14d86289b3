import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ClipboardList, Clock, Plus } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { Avatar } from '../../common/Avatar'
import { call, type Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { type Filter, FilterBar } from '../../common/FilterBar'
import { localDate, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { mostPressing, SlaClock, SlaRing, slaView } from '../../common/Sla'
import { StateTag, Tag, useStateName } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { countOf, GROUPS, groupOf, queryOf, renew, SORTS, sortOf, TABS, tabOf } from './view'
import { words } from './words'

export type OrderRow = Reply<'GET /api/orders'>['rows'][number]
const PRIORITY = { urgent: 'red', high: 'amber', normal: 'grey', low: 'grey' } as const
const WATCH = ['order', 'visit']

/** Pages of the list, held still: what would move the rows waits until it is let in. */
function useOrders(query: ReturnType<typeof queryOf>) {
  const answer = useInfiniteQuery<Reply<'GET /api/orders'>, ApiError>({
    queryKey: ['GET /api/orders', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/orders', {
        query: { ...query, limit: 100, ...(pageParam ? { after: pageParam as string } : {}) } as never,
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { watch: WATCH },
  })
  const fresh = useMemo(() => answer.data?.pages.flatMap((p) => p.rows) ?? [], [answer.data])
  const key = JSON.stringify(query)
  const [held, setHeld] = useState<{ key: string; rows: OrderRow[]; waiting: number }>({ key, rows: fresh, waiting: 0 })
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (answer.isPlaceholderData) return
    setHeld((now) => {
      if (now.key !== key || !now.rows.length) return { key, rows: fresh, waiting: 0 }
      const next = renew(now.rows, fresh)
      const list = box.current?.querySelector('.scroll')
      // Nobody is reading in the middle of it: let the rows glide in.
      if (next.waiting && list && list.scrollTop < 4 && !list.matches(':hover, :focus-within'))
        return { key, rows: fresh, waiting: 0 }
      return { key, ...next }
    })
  }, [fresh, key, answer.isPlaceholderData])
  return { answer, held, box, letIn: () => setHeld({ key, rows: fresh, waiting: 0 }) }
}

function useFilters(): Filter[] {
  const t = useWords(words)
  const o = useWords(orderWords)
  const slow = { staleTime: 300_000 }
  const mayPeople = useAbility('people.read')
  const mayEngineers = useAbility('engineer.read')
  const mayCustomers = useAbility('customer.read')
  const mayProjects = useAbility('project.read')
  const teams = useCall('GET /api/teams', undefined, { ...slow, enabled: mayPeople })
  const engineers = useCall('GET /api/engineers', { query: { limit: 200 } }, { ...slow, enabled: mayEngineers })
  const customers = useCall('GET /api/customers', { query: { limit: 200 } }, { ...slow, enabled: mayCustomers })
  const projects = useCall('GET /api/projects', { query: { limit: 200 } }, { ...slow, enabled: mayProjects })
  const named = (rows: { id: string; name: string }[] | undefined) =>
    rows?.map((r) => ({ value: r.id, label: r.name })) ?? []
  return [
    {
      key: 'type',
      label: t('filter.type'),
      options: (['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const).map((value) => ({
        value,
        label: o(`type.${value}`),
      })),
    },
    {
      key: 'priority',
      label: t('filter.priority'),
      options: (['urgent', 'high', 'normal', 'low'] as const).map((value) => ({
        value,
        label: o(`priority.${value}`),
      })),
    },
    {
      key: 'late',
      label: t('filter.late'),
      single: true,
      options: (['true', 'false'] as const).map((value) => ({ value, label: t(`late.${value}`) })),
    },
    { key: 'teamId', label: t('filter.team'), single: true, options: named(teams.data?.teams) },
    { key: 'engineerId', label: t('filter.engineer'), single: true, options: named(engineers.data?.rows) },
    { key: 'customerId', label: t('filter.customer'), single: true, options: named(customers.data?.rows) },
    { key: 'projectId', label: t('filter.project'), single: true, options: named(projects.data?.rows) },
  ].filter((f) => f.options.length > 0)
}

export function OrderList({ openId, onOpen }: { openId: string | null; onOpen: (id: string) => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat()
  const stateName = useStateName()
  const mayCreate = useAbility('order.create')
  const [view, setView] = useView()
  const tab = tabOf(view)
  const group = groupOf(view)
  const sort = sortOf(view)
  // Typing is never slowed by the list behind it.
  const query = useDeferredValue(useMemo(() => queryOf(view), [view]))
  const { answer, held, box, letIn } = useOrders(query)
  const filters = useFilters()
  const first = answer.data?.pages[0]
  const counts = first?.counts ?? {}
  const asOf = answer.dataUpdatedAt

  const sla: Column<OrderRow> = {
    key: 'sla',
    title: openId ? '' : t('col.sla'),
    width: openId ? '20px' : '176px',
    render: (row) => {
      const clock = mostPressing(row.sla)
      if (!clock) return null
      return openId ? (
        <SlaRing sla={slaView(clock, asOf)} />
      ) : (
        <SlaClock sla={slaView(clock, asOf)} name={o(`clock.${clock.clock}`)} />
      )
    },
  }
  const state: Column<OrderRow> = {
    key: 'state',
    title: t('col.state'),
    width: '104px',
    render: (row) => <StateTag kind="order" state={row.state} quiet />,
  }
  const due: Column<OrderRow> = {
    key: 'due',
    title: t('col.due'),
    width: '150px',
    render: (row) =>
      row.dueAt ? (
        <span className={row.late ? 'order-late' : undefined}>
          {row.late && <Clock className="zc-icon" size={13} aria-label={t('late')} />} {f.when(row.dueAt)}
        </span>
      ) : null,
  }
  const what: Column<OrderRow> = {
    key: 'order',
    title: t('col.order'),
    width: openId ? 'minmax(200px, 1fr)' : 'minmax(280px, 2fr)',
    render: (row) => (
      <span className="order-what" title={`${row.number} ${row.title}`}>
        {(row.priority === 'urgent' || row.priority === 'high') && (
          <Tag meaning={PRIORITY[row.priority]}>{o(`priority.${row.priority}`)}</Tag>
        )}
        <b className="zc-clip">{row.title}</b>
        <small className="zc-clip">{openId ? row.customer.name : row.number}</small>
      </span>
    ),
  }
  const columns: Column<OrderRow>[] = openId
    ? [sla, what, state, due]
    : [
        what,
        state,
        sla,
        { key: 'customer', title: t('col.customer'), width: 'minmax(140px, 1fr)', render: (row) => row.customer.name },
        {
          key: 'site',
          title: t('col.site'),
          width: 'minmax(120px, 1fr)',
          optional: true,
          render: (row) => <span title={row.site?.address}>{row.site?.name}</span>,
        },
        {
          key: 'engineers',
          title: t('col.engineers'),
          width: '120px',
          render: (row) =>
            row.engineers.length ? (
              <span className="order-people">
                {row.engineers.slice(0, 2).map((e) => (
                  <Avatar key={e.id} id={e.id} name={e.name} size={22} />
                ))}
                <span className="zc-clip">
                  {row.engineers.length > 1
                    ? `${row.engineers[0]?.name} +${row.engineers.length - 1}`
                    : row.engineers[0]?.name}
                </span>
              </span>
            ) : (
              <span className="order-none">{t('nobody')}</span>
            ),
        },
        due,
        { key: 'type', title: t('col.type'), width: '84px', render: (row) => o(`type.${row.type}`) },
        { key: 'team', title: t('col.team'), width: '110px', optional: true, render: (row) => row.team?.name },
        {
          key: 'created',
          title: t('col.created'),
          width: '132px',
          optional: true,
          render: (row) => f.when(row.createdAt),
        },
      ]

  const groupBy =
    group === 'none'
      ? undefined
      : (row: OrderRow) => {
          if (group === 'priority') return { key: row.priority, label: o(`priority.${row.priority}`) }
          const at = group === 'due' ? row.dueAt : row.createdAt
          return at ? { key: localDate(at, 'Asia/Shanghai'), label: f.date(at) } : { key: 'none', label: t('due.none') }
        }
  const filtered = filters.some((one) => view[one.key]?.length) || !!view.q?.length || tab.key !== 'open'

  return (
    <section className="orders" aria-label={t('title')} ref={box}>
      <header className="orders-head">
        <h1>{t('title')}</h1>
        <nav className="orders-tabs" aria-label={t('tabs')}>
          {TABS.filter((one) => one.key !== 'draft' || countOf(one.states, counts) > 0 || tab.key === 'draft').map(
            (one) => (
              <button
                key={one.key}
                type="button"
                aria-current={one.key === tab.key ? 'true' : undefined}
                onClick={() => setView({ ...view, tab: one.key === 'open' ? [] : [one.key] })}
              >
                {one.key === 'open' || one.key === 'ended' || one.key === 'all'
                  ? t(`tab.${one.key}`)
                  : stateName('order', one.key as 'new')}{' '}
                <small>{first ? countOf(one.states, counts) : ''}</small>
              </button>
            ),
          )}
        </nav>
        {mayCreate && (
          <Link className="zc-btn primary" to="/orders/new">
            <Plus className="zc-icon" size={16} aria-hidden /> {t('new')}
          </Link>
        )}
      </header>
      <FilterBar
        id="orders"
        view={view}
        onChange={setView}
        filters={filters}
        placeholder={t('search')}
        presets={[
          { name: t('preset.late'), view: { late: ['true'] } },
          { name: t('preset.urgent'), view: { priority: ['urgent', 'high'] } },
          { name: t('preset.waiting'), view: { tab: ['awaiting_acceptance'] } },
        ]}
      />
      {!openId && (
        <div className="orders-order">
          <label>
            {t('group')}
            <select
              value={group}
              onChange={(e) => setView({ ...view, group: e.target.value === 'none' ? [] : [e.target.value] })}
            >
              {GROUPS.map((one) => (
                <option key={one} value={one}>
                  {t(`group.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <label>
            {t('sort')}
            <select
              value={sort}
              disabled={group !== 'none'}
              onChange={(e) => setView({ ...view, sort: e.target.value === 'created' ? [] : [e.target.value] })}
            >
              {SORTS.map((one) => (
                <option key={one} value={one}>
                  {t(`sort.${one}`)}
                </option>
              ))}
            </select>
          </label>
        </div>
      )}
      <div className="orders-list" data-stale={answer.isPlaceholderData || undefined}>
        {answer.isError && !answer.data ? (
          <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
        ) : !answer.data ? (
          <Loading shape="rows" lines={14} />
        ) : (
          <DataList
            id="orders"
            label={t('title')}
            rows={held.rows}
            rowKey={(row) => row.id}
            columns={columns}
            total={first?.total}
            openId={openId}
            onOpen={(row) => onOpen(row.id)}
            groupBy={groupBy}
            onMore={answer.hasNextPage && !answer.isFetchingNextPage ? () => void answer.fetchNextPage() : undefined}
            updates={{ n: held.waiting, show: letIn }}
            empty={
              filtered ? (
                <Empty
                  icon={ClipboardList}
                  title={t('empty.title')}
                  action={
                    <button type="button" className="zc-btn" onClick={() => setView({})}>
                      {t('empty.clear')}
                    </button>
                  }
                >
                  {t('empty.text')}
                </Empty>
              ) : (
                <Empty
                  icon={ClipboardList}
                  title={t('first.title')}
                  action={
                    mayCreate && (
                      <Link className="zc-btn primary" to="/orders/new">
                        {t('new')}
                      </Link>
                    )
                  }
                >
                  {t('first.text')}
                </Empty>
              )
            }
          />
        )}
      </div>
    </section>
  )
}

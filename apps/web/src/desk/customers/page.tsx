import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Building2, Pencil, Plus, QrCode } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react'
import { readAs, toDatum } from '#geo'
import { call, type Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { type Filter, FilterBar } from '../../common/FilterBar'
import { localDate, useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { MapView } from '../../common/map/Map'
import { orderWords } from '../../common/order.words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { StateTag, Tag } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import { useView } from '../useView'
import './customers.css'
import {
  type Asset,
  AssetSheet,
  type Contact,
  ContactSheet,
  type Contract,
  ContractSheet,
  type Customer,
  CustomerSheet,
  type Site,
  SiteSheet,
} from './forms'
import { SiteCodes } from './SiteCodes'
import { words as siteCodeWords } from './sitecodes.words'
import { words } from './words'

type Row = Reply<'GET /api/customers'>['rows'][number]

export default function CustomersPage() {
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const open = (next: string | null) =>
    void navigate({ to: next ? `/customers/${next}` : '/customers', search: ((s: unknown) => s) as never })
  return (
    <ListDetail
      id="customers"
      list={<CustomerList openId={id ?? null} onOpen={open} />}
      detail={id ? <CustomerDetail key={id} id={id} /> : null}
      onClose={() => open(null)}
    />
  )
}

function CustomerList({ openId, onOpen }: { openId: string | null; onOpen: (id: string) => void }) {
  const t = useWords(words)
  const may = useAbility('customer.edit')
  const mayTeams = useAbility('people.read')
  const [view, setView] = useView()
  const [adding, setAdding] = useState(false)
  const query = useDeferredValue(
    useMemo(
      () => ({
        ...(view.q?.length ? { q: view.q.join(',').slice(0, 100) } : {}),
        ...(view.teamId?.[0] ? { teamId: view.teamId[0] } : {}),
        ...(view.archived?.[0] === 'true' ? { archived: 'true' as const } : {}),
      }),
      [view],
    ),
  )
  const answer = useInfiniteQuery<Reply<'GET /api/customers'>, ApiError>({
    queryKey: ['GET /api/customers', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/customers', {
        query: { ...query, limit: 100, ...(pageParam ? { after: pageParam as string } : {}) } as never,
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { watch: ['customer', 'site'] },
  })
  const rows = useMemo(() => answer.data?.pages.flatMap((p) => p.rows) ?? [], [answer.data])
  const teams = useCall('GET /api/teams', undefined, { enabled: mayTeams, staleTime: 600_000 })
  const filters: Filter[] = [
    {
      key: 'teamId',
      label: t('filter.team'),
      single: true,
      options: teams.data?.teams.map((x) => ({ value: x.id, label: x.name })) ?? [],
    },
    {
      key: 'archived',
      label: t('filter.archived'),
      single: true,
      options: [{ value: 'true', label: t('archived.true') }],
    },
  ].filter((f) => f.options.length)
  const name: Column<Row> = {
    key: 'name',
    title: t('col.name'),
    width: 'minmax(200px, 2fr)',
    render: (c) => (
      <span className="customer-name" title={c.name}>
        <span className="zc-clip">{c.name}</span>
        {c.level === 'key' && <Tag meaning="teal">{t('level.key')}</Tag>}
        {c.archived && <Tag meaning="grey">{t('archived')}</Tag>}
      </span>
    ),
  }
  const sites: Column<Row> = {
    key: 'sites',
    title: t('col.sites'),
    width: '64px',
    number: true,
    render: (c) => c.sites,
  }
  const columns: Column<Row>[] = openId
    ? [name, sites]
    : [
        name,
        { key: 'code', title: t('col.code'), width: '120px', render: (c) => c.code },
        { key: 'industry', title: t('col.industry'), width: '140px', render: (c) => c.industry },
        { key: 'team', title: t('col.team'), width: '160px', render: (c) => c.teamName },
        sites,
      ]
  const filtered = !!view.q?.length || filters.some((f) => view[f.key]?.length)
  const add = may && (
    <button type="button" className="zc-btn primary" onClick={() => setAdding(true)}>
      <Plus className="zc-icon" size={16} aria-hidden /> {t('new')}
    </button>
  )
  return (
    <section className="customers" aria-label={t('title')}>
      <header className="customers-head">
        <h1>{t('title')}</h1>
        {add}
      </header>
      <FilterBar id="customers" view={view} onChange={setView} filters={filters} placeholder={t('search')} />
      <div className="customers-list">
        {answer.isError && !answer.data ? (
          <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
        ) : !answer.data ? (
          <Loading shape="rows" lines={14} />
        ) : (
          <DataList
            id="customers"
            label={t('title')}
            rows={rows}
            rowKey={(c) => c.id}
            columns={columns}
            total={answer.data.pages[0]?.total ?? (answer.hasNextPage ? undefined : rows.length)}
            openId={openId}
            onOpen={(c) => onOpen(c.id)}
            onMore={answer.hasNextPage && !answer.isFetchingNextPage ? () => void answer.fetchNextPage() : undefined}
            empty={
              filtered ? (
                <Empty
                  icon={Building2}
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
                <Empty icon={Building2} title={t('first.title')} action={add}>
                  {t('first.text')}
                </Empty>
              )
            }
          />
        )}
      </div>
      {adding && (
        <CustomerSheet
          onClose={() => setAdding(false)}
          onDone={(c) => {
            setAdding(false)
            toast(t('added'))
            void answer.refetch()
            onOpen(c.id)
          }}
        />
      )}
    </section>
  )
}

type Open =
  | { kind: 'customer' }
  | { kind: 'site'; row?: Site }
  | { kind: 'contact'; row?: Contact }
  | { kind: 'asset'; row?: Asset }
  | { kind: 'contract'; row?: Contract }

function CustomerDetail({ id }: { id: string }) {
  const customer = useCall(
    'GET /api/customers/:id',
    { params: { id } },
    { watch: ['customer', 'site', 'contact', 'asset', 'contract'] },
  )
  if (customer.isError && !customer.data)
    return <ErrorState error={customer.error} onRetry={() => void customer.refetch()} />
  if (!customer.data) return <Loading lines={10} />
  return <Loaded customer={customer.data} />
}

function Loaded({ customer: c }: { customer: Customer }) {
  const t = useWords(words)
  // Sites ask for certificates by the code of their kind; people read its name.
  const kinds = useCall('GET /api/skills', undefined, { staleTime: 600_000 })
  const certificate = (code: string) => kinds.data?.certificateKinds.find((k) => k.code === code)?.name ?? code
  const client = useQueryClient()
  const mayEdit = c.can.edit === true
  const mayContract = useAbility('contract.edit')
  const mayOrder = useAbility('order.create')
  const [sheet, setSheet] = useState<Open | null>(null)
  const [siteId, setSiteId] = useState<string | null>(null)
  const [codesOf, setCodesOf] = useState<string | null>(null)
  const mayCodes = useAbility('site.codes')
  const codeT = useWords(siteCodeWords)
  const siteName = (id: string | null) => c.siteList.find((s) => s.id === id)?.name
  const today = localDate(Date.now(), 'Asia/Shanghai')
  const done = () => {
    setSheet(null)
    toast(t('saved'))
    void client.invalidateQueries({ predicate: (q) => String(q.queryKey[0]).startsWith('GET /api/customers') })
  }
  const close = () => setSheet(null)
  const add = (kind: Exclude<Open['kind'], 'customer'>, may: boolean) =>
    may && (
      <button type="button" className="zc-btn quiet" onClick={() => setSheet({ kind })}>
        <Plus className="zc-icon" size={15} aria-hidden /> {t(`${kind}.add`)}
      </button>
    )
  const edit = (open: Open, may: boolean, name: string) =>
    may && (
      <button
        type="button"
        className="zc-btn quiet icon"
        aria-label={`${t(open.kind === 'customer' ? 'edit' : `${open.kind}.edit`)} ${name}`}
        onClick={() => setSheet(open)}
      >
        <Pencil className="zc-icon" size={14} />
      </button>
    )
  const points = c.siteList
    .filter((s) => s.point && !s.archived)
    .map((s) => {
      const given = s.point as NonNullable<Site['point']>
      // An unsaid datum is most likely a Chinese map's; here it only draws a dot.
      const p = toDatum(readAs(given, given.datum === 'unknown' ? 'gcj02' : given.datum), 'wgs84')
      return {
        id: s.id,
        kind: 'site' as const,
        lat: p.lat,
        lng: p.lng,
        label: s.name,
        note: s.address,
        meaning: 'teal' as const,
      }
    })
  return (
    <article className="customer" aria-label={c.name}>
      <PageHeader
        level={2}
        number={c.code ?? undefined}
        title={<span title={c.name}>{c.name}</span>}
        meta={
          <>
            {c.level === 'key' && <Tag meaning="teal">{t('level.key')}</Tag>}
            {c.archived && <Tag meaning="grey">{t('archived')}</Tag>}
            {c.industry && <span>{c.industry}</span>}
            {c.teamName && <span>{c.teamName}</span>}
          </>
        }
        actions={
          <>
            {mayEdit && (
              <button type="button" className="zc-btn" onClick={() => setSheet({ kind: 'customer' })}>
                {t('edit')}
              </button>
            )}
            {mayOrder && (
              <Link className="zc-btn primary" to="/orders/new" search={{ customer: c.id } as never}>
                <Plus className="zc-icon" size={16} aria-hidden /> {t('newOrder')}
              </Link>
            )}
          </>
        }
      />
      {(c.note || c.people.length > 0) && (
        <Section title={t('facts')}>
          <Facts
            rows={[
              ...(c.people.length ? [[t('people'), joinList(c.people.map((p) => p.name))] as [string, ReactNode]] : []),
              ...(c.note
                ? [
                    [
                      t('note'),
                      <span key="note" className="pre">
                        {c.note}
                      </span>,
                    ] as [string, ReactNode],
                  ]
                : []),
            ]}
          />
        </Section>
      )}
      <Section title={t('sites')} count={c.siteList.length} actions={add('site', mayEdit)}>
        {c.siteList.length === 0 ? (
          <p>{t('sites.none')}</p>
        ) : (
          <>
            {points.length > 0 && (
              <div className="customer-map">
                <MapView label={t('site.map')} points={points} selectedId={siteId} onSelect={setSiteId} />
              </div>
            )}
            <ul className="customer-rows">
              {c.siteList.map((s) => (
                <li key={s.id} data-selected={s.id === siteId || undefined}>
                  <div>
                    <b>{s.name}</b> {s.archived && <Tag meaning="grey">{t('archived')}</Tag>}
                    <p>{s.address}</p>
                    <small>
                      {[
                        s.point ? t('radiusShort', { n: s.radiusM }) : t('point.none'),
                        s.entryNeeds.leadHours > 0 && t('entry.leadShort', { n: s.entryNeeds.leadHours }),
                        s.entryNeeds.namedPersons && t('entry.named'),
                        s.entryNeeds.equipmentList && t('entry.equipment'),
                        ...s.entryNeeds.certificates.map(certificate),
                        s.zone !== 'Asia/Shanghai' && s.zone,
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </small>
                  </div>
                  <div className="acts">
                    {mayCodes && (
                      <button
                        type="button"
                        className="zc-btn quiet"
                        aria-expanded={codesOf === s.id}
                        onClick={() => setCodesOf(codesOf === s.id ? null : s.id)}
                      >
                        <QrCode className="zc-icon" size={15} aria-hidden />
                        {codeT('toggle')}
                      </button>
                    )}
                    {edit({ kind: 'site', row: s }, mayEdit, s.name)}
                  </div>
                  {codesOf === s.id && <SiteCodes siteId={s.id} site={s.name} />}
                </li>
              ))}
            </ul>
          </>
        )}
      </Section>
      <Section title={t('contacts')} count={c.contacts.length} actions={add('contact', mayEdit)}>
        {c.contacts.length === 0 ? (
          <p>{t('contacts.none')}</p>
        ) : (
          <ul className="customer-rows">
            {c.contacts.map((p) => (
              <li key={p.id}>
                <div>
                  <b>{p.name}</b> {p.title && <span className="soft">{p.title}</span>}{' '}
                  {p.main && <Tag meaning="teal">{t('main')}</Tag>}
                  {p.archived && <Tag meaning="grey">{t('archived')}</Tag>}
                  <small>
                    {p.phone && <a href={`tel:${p.phone}`}>{p.phone}</a>}{' '}
                    {p.email && <a href={`mailto:${p.email}`}>{p.email}</a>} {siteName(p.siteId)}
                  </small>
                </div>
                {edit({ kind: 'contact', row: p }, mayEdit, p.name)}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title={t('assets')} count={c.assets.length} actions={add('asset', mayEdit)}>
        {c.assets.length === 0 ? (
          <p>{t('assets.none')}</p>
        ) : (
          <ul className="customer-rows">
            {c.assets.map((a) => (
              <li key={a.id}>
                <div>
                  <b>{a.name}</b> {a.archived && <Tag meaning="grey">{t('archived')}</Tag>}
                  <small>
                    {[a.model, a.serial, siteName(a.siteId)].filter(Boolean).join(' · ')}
                    {a.warrantyUntil &&
                      ` · ${t('warranty')} ${a.warrantyUntil}${a.warrantyUntil < today ? ` · ${t('warranty.over')}` : ''}`}
                  </small>
                </div>
                {edit({ kind: 'asset', row: a }, mayEdit, a.name)}
              </li>
            ))}
          </ul>
        )}
      </Section>
      {c.contracts && (
        <Contracts
          customer={c}
          add={add('contract', mayContract)}
          edit={(row) => edit({ kind: 'contract', row }, mayContract, row.number)}
          today={today}
        />
      )}
      <RecentOrders customerId={c.id} />
      {sheet?.kind === 'customer' && <CustomerSheet customer={c} onClose={close} onDone={done} />}
      {sheet?.kind === 'site' && <SiteSheet customerId={c.id} site={sheet.row} onClose={close} onDone={done} />}
      {sheet?.kind === 'contact' && <ContactSheet customer={c} contact={sheet.row} onClose={close} onDone={done} />}
      {sheet?.kind === 'asset' && <AssetSheet customer={c} asset={sheet.row} onClose={close} onDone={done} />}
      {sheet?.kind === 'contract' && (
        <ContractSheet customerId={c.id} contract={sheet.row} onClose={close} onDone={done} />
      )}
    </article>
  )
}

function Contracts({
  customer: c,
  add,
  edit,
  today,
}: {
  customer: Customer
  add: ReactNode
  edit: (row: Contract) => ReactNode
  today: string
}) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat()
  return (
    <Section title={t('contracts')} count={c.contracts?.length} actions={add}>
      {!c.contracts?.length ? (
        <p>{t('contracts.none')}</p>
      ) : (
        <ul className="customer-rows">
          {c.contracts.map((k) => (
            <li key={k.id}>
              <div>
                <b>{k.title}</b> <span className="soft">{k.number}</span>
                {k.endsOn < today && <Tag meaning="amber">{t('expired')}</Tag>}
                <p>
                  {[
                    t('valid', { from: k.startsOn, to: k.endsOn }),
                    k.amountFen !== null && f.money(k.amountFen),
                    k.visitsAllowed !== null && `${t('visits')} ${k.visitsAllowed}`,
                    k.personDaysAllowed !== null && `${t('personDays')} ${k.personDaysAllowed}`,
                    k.deemAfterDays !== null && `${t('deem')} ${k.deemAfterDays}`,
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </p>
                {k.sla.map((line) => (
                  <small key={line.id}>
                    {[
                      line.priority ? o(`priority.${line.priority}`) : t('sla.any'),
                      line.type && o(`type.${line.type}`),
                      t(`calendar.${line.targets.calendar}`),
                      ...(['response', 'takeup', 'arrival', 'resolve'] as const).flatMap((key) => {
                        const min = line.targets[`${key}Min`]
                        return min ? [`${o(`clock.${key}`)} ${f.duration(min)}`] : []
                      }),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </small>
                ))}
              </div>
              {edit(k)}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function RecentOrders({ customerId }: { customerId: string }) {
  const t = useWords(words)
  const f = useFormat()
  const may = useAbility('order.read')
  const orders = useCall('GET /api/orders', { query: { customerId, limit: 8 } }, { enabled: may, watch: ['order'] })
  if (!may || !orders.data) return null
  return (
    <Section
      title={t('orders')}
      count={orders.data.total}
      actions={<PlaceLink to={`/orders?tab=all&customerId=${customerId}`}>{t('orders.all')}</PlaceLink>}
    >
      {orders.data.rows.length === 0 ? (
        <p>{t('orders.none')}</p>
      ) : (
        <ul className="customer-rows orders">
          {orders.data.rows.map((o) => (
            <li key={o.id}>
              <PlaceLink to={`/orders/${o.id}`}>{o.title}</PlaceLink>
              <span className="soft">{o.number}</span>
              <StateTag kind="order" state={o.state} quiet />
              <time dateTime={o.createdAt}>{f.date(o.createdAt)}</time>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

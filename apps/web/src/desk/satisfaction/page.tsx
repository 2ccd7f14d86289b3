import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Smile, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { call, type Reply } from '../../common/api/call'
import type { ApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { type Filter, FilterBar } from '../../common/FilterBar'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { KpiNumber } from '../../common/KpiNumber'
import { ListDetail } from '../../common/ListDetail'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { Empty, ErrorState, Loading } from '../../common/states'
import { PlaceLink } from '../PlaceLink'
import { ScoreTag } from '../parts/Score'
import { useView } from '../useView'
import './satisfaction.css'
import { Tabs } from './Tabs'
import { words } from './words'

type Survey = Reply<'GET /api/surveys'>['rows'][number]

/** What customers say: response, good rate, each survey; the low ones with their follow-up. */
export default function Surveys() {
  const t = useWords(words)
  const f = useFormat()
  const [view, setView] = useView()
  const openId = view.open?.[0] ?? null
  const query = useMemo(
    () => ({
      ...(view.state?.[0] ? { state: view.state[0] as Survey['state'] } : {}),
      ...(view.below?.[0] ? { below: Number(view.below[0]) } : {}),
    }),
    [view.state, view.below],
  )
  const answer = useInfiniteQuery<Reply<'GET /api/surveys'>, ApiError>({
    queryKey: ['GET /api/surveys', 'pages', query],
    queryFn: ({ pageParam, signal }) =>
      call('GET /api/surveys', {
        query: { ...query, limit: 100, ...(pageParam ? { after: pageParam as string } : {}) },
        signal,
      }),
    initialPageParam: null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    meta: { watch: ['survey', 'followup'] },
  })
  const rows = useMemo(() => answer.data?.pages.flatMap((p) => p.rows) ?? [], [answer.data])
  const head = answer.data?.pages[0]
  const asOf = new Date(answer.dataUpdatedAt || Date.now()).toISOString()
  const filters: Filter[] = [
    {
      key: 'below',
      label: t('filter.below'),
      single: true,
      options: [
        { value: '70', label: t('below.70') },
        { value: '80', label: t('below.80') },
      ],
    },
    {
      key: 'state',
      label: t('filter.state'),
      single: true,
      options: (['answered', 'invited', 'expired'] as const).map((value) => ({ value, label: t(`state.${value}`) })),
    },
  ]
  const score: Column<Survey> = {
    key: 'score',
    title: t('col.score'),
    width: '112px',
    render: (s) =>
      s.score === null ? <span className="soft">{t(`state.${s.state}`)}</span> : <ScoreTag score={s.score} />,
  }
  const customer: Column<Survey> = {
    key: 'customer',
    title: t('col.customer'),
    width: 'minmax(150px, 1fr)',
    render: (s) => s.customerName,
  }
  const said: Column<Survey> = {
    key: 'words',
    title: t('col.words'),
    width: 'minmax(180px, 2fr)',
    render: (s) => (
      <span title={s.words ?? undefined}>
        {s.flags.length > 0 && <TriangleAlert className="zc-icon flag" size={14} aria-label={t('flags')} />} {s.words}
      </span>
    ),
  }
  const at: Column<Survey> = {
    key: 'at',
    title: t('col.at'),
    width: '156px',
    render: (s) => f.when(s.answeredAt ?? s.invitedAt),
  }
  const columns: Column<Survey>[] = openId
    ? [score, customer, at]
    : [
        score,
        customer,
        {
          key: 'engineers',
          title: t('col.engineers'),
          width: '130px',
          render: (s) => joinList(s.engineers.map((e) => e.name)),
        },
        said,
        { key: 'order', title: t('col.order'), width: '160px', render: (s) => s.orderNumber },
        at,
      ]
  const filtered = filters.some((one) => view[one.key]?.length)
  const open = rows.find((s) => s.id === openId)
  const share = (a: number, b: number) => (b > 0 ? f.percent(a / b) : null)
  return (
    <ListDetail
      id="surveys"
      onClose={() => setView({ ...view, open: [] })}
      detail={open ? <SurveyDetail survey={open} /> : null}
      list={
        <section className="satisfaction" aria-label={t('surveys')}>
          <Tabs at="surveys" />
          {head && (
            <div className="satisfaction-kpis">
              <KpiNumber
                kpi={{
                  name: t('good'),
                  value: share(head.good, head.answered),
                  n: head.answered,
                  definition: t('good.why'),
                  asOf,
                }}
              />
              <KpiNumber
                kpi={{
                  name: t('rate'),
                  value: share(head.answered, head.invited),
                  n: head.invited,
                  definition: t('rate.why'),
                  asOf,
                }}
              />
              <KpiNumber
                kpi={{
                  name: t('answered'),
                  value: f.number(head.answered),
                  n: head.invited,
                  definition: t('answered.why'),
                  asOf,
                }}
              />
            </div>
          )}
          <Filters view={view} setView={setView} filters={filters} />
          <div className="satisfaction-list">
            {answer.isError && !answer.data ? (
              <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
            ) : !answer.data ? (
              <Loading shape="rows" lines={12} />
            ) : (
              <DataList
                id="surveys"
                label={t('surveys')}
                rows={rows}
                rowKey={(s) => s.id}
                columns={columns}
                total={answer.hasNextPage ? undefined : rows.length}
                openId={openId}
                onOpen={(s) => setView({ ...view, open: [s.id] })}
                onMore={
                  answer.hasNextPage && !answer.isFetchingNextPage ? () => void answer.fetchNextPage() : undefined
                }
                empty={
                  filtered ? (
                    <Empty
                      icon={Smile}
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
                    <Empty icon={Smile} title={t('first.title')}>
                      {t('first.text')}
                    </Empty>
                  )
                }
              />
            )}
          </div>
        </section>
      }
    />
  )
}

/** Chips only: surveys are found by score and state; the words of customers are not searched. */
function Filters({
  view,
  setView,
  filters,
}: {
  view: ReturnType<typeof useView>[0]
  setView: ReturnType<typeof useView>[1]
  filters: Filter[]
}) {
  return <FilterBar id="surveys" view={view} onChange={setView} filters={filters} search={false} />
}

export function SurveyFacts({ survey: s }: { survey: Survey }) {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const definition = useCall('GET /api/survey-definition', undefined, { staleTime: 600_000 })
  const word = (w: { zh: string; en: string } | undefined, key: string) => (w ? (zh ? w.zh : w.en) : key)
  const question = (key: string) => word(definition.data?.questions.find((q) => q.key === key)?.label, key)
  const tag = (key: string) =>
    word(
      [...(definition.data?.tags.good ?? []), ...(definition.data?.tags.bad ?? [])].find((x) => x.key === key)?.label,
      key,
    )
  return (
    <>
      <Facts
        rows={[
          ...Object.entries(s.ratings ?? {}).map(([key, n]): [string, string] => [question(key), t('rating', { n })]),
          ...(s.nps === null ? [] : [[t('nps'), t('nps.value', { n: s.nps })] as [string, string]]),
        ]}
      />
      {s.tags.length > 0 && (
        <p className="survey-tags">
          {s.tags.map((key) => (
            <Tag key={key} meaning="grey">
              {tag(key)}
            </Tag>
          ))}
        </p>
      )}
      {s.words && <blockquote className="survey-words">{s.words}</blockquote>}
      {s.flags.map((flag) => (
        <p key={flag} className="survey-flag">
          <TriangleAlert className="zc-icon" size={15} aria-hidden />{' '}
          {flag === 'staff_device' || flag === 'staff_network' ? t(`flag.${flag}`) : flag}
        </p>
      ))}
    </>
  )
}

function SurveyDetail({ survey: s }: { survey: Survey }) {
  const t = useWords(words)
  const f = useFormat()
  return (
    <article aria-label={s.orderNumber ?? ''}>
      <PageHeader
        level={2}
        number={s.orderNumber ?? undefined}
        title={s.customerName}
        meta={
          <>
            {s.score === null ? t(`state.${s.state}`) : <ScoreTag score={s.score} />}
            <span>{joinList(s.engineers.map((e) => e.name))}</span>
            <span>{f.when(s.answeredAt ?? s.invitedAt)}</span>
          </>
        }
      />
      <Section
        title={t('ratings')}
        actions={
          <>
            <PlaceLink to={`/orders/${s.orderId}`}>{t('order')}</PlaceLink>
            {s.followUpId && <PlaceLink to={`/satisfaction/cases/${s.followUpId}`}>{t('follow')}</PlaceLink>}
          </>
        }
      >
        <SurveyFacts survey={s} />
      </Section>
    </article>
  )
}

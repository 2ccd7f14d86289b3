import { Link, useNavigate } from '@tanstack/react-router'
import { FolderKanban, Plus } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { PersonChip } from '../../common/Avatar'
import { useCall, usePages } from '../../common/api/query'
import { Sparkline } from '../../common/Chart'
import { type Column, DataList } from '../../common/DataList'
import { FilterBar } from '../../common/FilterBar'
import { localDate, useFormat } from '../../common/i18n/format'
import { joinClauses } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { PageHeader } from '../../common/PageHeader'
import { StateTag, useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { curves, type ProjectRow, useCauseWords } from './health'
import { PhaseBar, useRunning } from './PhaseBar'
import './projects.css'
import '../rows.css'
import { words } from './words'

type Health = ProjectRow['health']['level']
type State = ProjectRow['state']

export default function Portfolio() {
  const t = useWords(words)
  const f = useFormat()
  const me = useMe()
  const name = useStateName()
  const say = useCauseWords()
  const running = useRunning()
  const navigate = useNavigate()
  const [view, setView] = useView()
  const one = (key: string) => view[key]?.[0]
  const q = useDeferredValue(view.q?.join(',') ?? '')
  const list = usePages(
    'GET /api/projects',
    {
      query: {
        q: q || undefined,
        health: one('health') as Health | undefined,
        state: one('state') as State | undefined,
        managerId: one('manager'),
        teamId: one('team'),
        customerId: one('customer'),
        mine: one('mine') ? 'true' : undefined,
        limit: 100,
      },
    },
    { watch: ['project'] },
  )
  const knowsPeople = me.abilities.includes('people.read')
  const managers = useCall(
    'GET /api/people',
    { query: { role: 'project_manager', limit: 200 } },
    { enabled: knowsPeople },
  )
  const teams = useCall('GET /api/teams', {}, { enabled: knowsPeople })
  const today = localDate(Date.now(), me.zone)
  const counts = list.first?.counts

  const columns = useMemo<Column<ProjectRow>[]>(
    () => [
      {
        key: 'health',
        title: t('col.health'),
        width: 'minmax(190px, 1.7fr)',
        render: (p) => {
          const causes = joinClauses(p.health.causes.map((c) => say(c, p.phases)))
          return (
            <span className="zc-two" title={causes || undefined}>
              {p.state === 'active' ? (
                <StateTag kind="health" state={p.health.level} />
              ) : (
                <StateTag kind="project" state={p.state} />
              )}
              <span className="zc-clip">{causes}</span>
            </span>
          )
        },
      },
      {
        key: 'name',
        title: t('col.name'),
        width: 'minmax(190px, 1.3fr)',
        render: (p) => (
          <span className="zc-two" title={`${p.number} ${p.name}`}>
            <Link
              className="zc-clip"
              to="/projects/$id"
              params={{ id: p.id } as never}
              tabIndex={-1}
              onClick={(e) => e.stopPropagation()}
            >
              {p.name}
            </Link>
          </span>
        ),
      },
      {
        key: 'customer',
        title: t('col.customer'),
        width: 'minmax(96px, 0.8fr)',
        render: (p) => <span title={p.customer.name}>{p.customer.name}</span>,
      },
      {
        key: 'phases',
        title: t('col.phases'),
        width: 'minmax(148px, 0.9fr)',
        render: (p) => (
          <span className="zc-two" title={running(p.phases)}>
            <span style={{ flex: '1 1 80px', minWidth: 64 }}>
              <PhaseBar phases={p.phases} />
            </span>
            <small className="zc-clip" style={{ flex: '0 1 76px' }}>
              {running(p.phases)}
            </small>
          </span>
        ),
      },
      {
        key: 'progress',
        title: t('col.progress'),
        width: '168px',
        render: (p) => {
          const { planned, actual } = curves(p.phases, today)
          return (
            <span className="zc-two">
              <Sparkline
                values={actual}
                against={planned}
                width={64}
                label={t('progress', { actual: p.progress.actual, planned: p.progress.planned })}
              />
              {t('progress.short', { actual: p.progress.actual, planned: p.progress.planned })}
            </span>
          )
        },
      },
      {
        key: 'orders',
        title: t('col.orders'),
        width: '104px',
        render: (p) =>
          p.orders.total === 0 ? (
            <small className="zc-muted">{t('orders.none')}</small>
          ) : (
            <span className="zc-two">
              {t('orders', { open: p.orders.open })}
              {p.orders.late > 0 && <small className="red">{t('orders.late', { n: p.orders.late })}</small>}
            </span>
          ),
      },
      {
        key: 'budget',
        title: t('col.budget'),
        width: '76px',
        number: true,
        render: (p) =>
          t('budget', { used: f.number(p.budget.usedDays, 1), planned: f.number(p.budget.plannedDays, 1) }),
      },
      {
        key: 'manager',
        title: t('col.manager'),
        width: '88px',
        render: (p) => <PersonChip id={p.manager.id} name={p.manager.name} />,
      },
      { key: 'number', title: t('col.number'), width: '150px', optional: true, render: (p) => p.number },
      {
        key: 'end',
        title: t('col.end'),
        width: '120px',
        optional: true,
        render: (p) => f.localSpan(p.endsOn, p.endsOn),
      },
      { key: 'team', title: t('col.team'), width: '120px', optional: true, render: (p) => p.team?.name ?? '—' },
    ],
    [t, f, say, running, today],
  )

  const filtered = Object.values(view).some((v) => v?.length)
  return (
    <div className="zc-portfolio">
      <PageHeader
        title={t('title')}
        actions={
          list.first?.can.create && (
            <Link className="zc-btn primary" to="/projects/new">
              <Plus className="zc-icon" size={16} aria-hidden /> {t('new')}
            </Link>
          )
        }
      />
      <FilterBar
        id="projects"
        view={view}
        onChange={setView}
        placeholder={t('search')}
        presets={[
          { name: t('view.risk'), view: { health: ['risk'] } },
          { name: t('view.watch'), view: { health: ['watch'] } },
          { name: t('view.mine'), view: { mine: ['1'] } },
          { name: t('view.paused'), view: { state: ['paused'] } },
        ]}
        filters={[
          {
            key: 'health',
            label: t('filter.health'),
            single: true,
            options: (['risk', 'watch', 'good', 'unknown'] as const).map((value) => ({
              value,
              label: name('health', value),
              count: counts?.[value],
            })),
          },
          {
            key: 'state',
            label: t('filter.state'),
            single: true,
            options: (['active', 'paused', 'accepted'] as const).map((value) => ({
              value,
              label: name('project', value),
            })),
          },
          ...(knowsPeople
            ? [
                {
                  key: 'manager',
                  label: t('filter.manager'),
                  single: true,
                  options: (managers.data?.rows ?? []).map((p) => ({ value: p.id, label: p.name })),
                },
                {
                  key: 'team',
                  label: t('filter.team'),
                  single: true,
                  options: (teams.data?.teams ?? []).map((x) => ({ value: x.id, label: x.name })),
                },
              ]
            : []),
          { key: 'mine', label: t('filter.mine'), single: true, options: [{ value: '1', label: t('filter.mine.1') }] },
        ]}
      />
      <div className="body">
        {list.error && !list.rows.length ? (
          <ErrorState error={list.error} onRetry={list.again} />
        ) : list.loading ? (
          <Loading shape="rows" lines={10} />
        ) : (
          <DataList
            id="projects"
            label={t('title')}
            rows={list.rows}
            rowKey={(p) => p.id}
            columns={columns}
            onOpen={(p) => void navigate({ to: '/projects/$id', params: { id: p.id } as never })}
            onMore={list.hasMore ? (list.more ?? (() => {})) : undefined}
            empty={
              filtered ? (
                <Empty
                  icon={FolderKanban}
                  title={t('empty.filtered')}
                  action={
                    <button type="button" className="zc-btn" onClick={() => setView({})}>
                      {t('empty.clear')}
                    </button>
                  }
                >
                  {t('empty.filteredText')}
                </Empty>
              ) : (
                <Empty
                  icon={FolderKanban}
                  title={t('empty.title')}
                  action={
                    list.first?.can.create && (
                      <Link className="zc-btn primary" to="/projects/new">
                        <Plus className="zc-icon" size={16} aria-hidden /> {t('new')}
                      </Link>
                    )
                  }
                >
                  {t('empty.text')}
                </Empty>
              )
            }
          />
        )}
      </div>
    </div>
  )
}

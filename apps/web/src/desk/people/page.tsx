import { useNavigate, useParams } from '@tanstack/react-router'
import { UserPlus, Users } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { useCall, usePages } from '../../common/api/query'
import { type Column, DataList } from '../../common/DataList'
import { FilterBar } from '../../common/FilterBar'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { ListDetail } from '../../common/ListDetail'
import { PageHeader } from '../../common/PageHeader'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { useView } from '../useView'
import { AddPerson, type Person, ROLES, treeOf } from './Form'
import { PersonDetail } from './PersonDetail'
import './people.css'
import { words } from './words'

export default function People() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const { id } = useParams({ strict: false }) as { id?: string }
  const navigate = useNavigate()
  const [view, setView] = useView()
  const manages = useAbility('people.manage')
  const [adding, setAdding] = useState(false)
  const q = useDeferredValue(view.q?.join(',') ?? '')
  const teamId = view.team?.[0]
  const list = usePages(
    'GET /api/people',
    { query: { q: q || undefined, teamId, role: view.role?.[0] as (typeof ROLES)[number] | undefined, limit: 100 } },
    { watch: ['person'] },
  )
  const teams = useCall('GET /api/teams')
  const tree = useMemo(() => treeOf(teams.data?.teams ?? []), [teams.data])
  const open = (next: string | null) =>
    void navigate({ to: next ? `/people/${next}` : '/people', search: ((s: unknown) => s) as never })

  const columns = useMemo<Column<Person>[]>(
    () => [
      {
        key: 'name',
        title: t('col.name'),
        width: 'minmax(130px, 1fr)',
        render: (p) => <PersonChip id={p.id} name={p.name} />,
      },
      {
        key: 'roles',
        title: t('col.roles'),
        width: 'minmax(120px, 1fr)',
        render: (p) =>
          p.disabled ? (
            <Tag quiet meaning="grey">
              {t('disabled')}
            </Tag>
          ) : (
            [...new Set(p.grants.map((g) => t(`role.${g.role}`)))].join('、') || '—'
          ),
      },
      { key: 'team', title: t('col.team'), width: 'minmax(110px, 0.8fr)', render: (p) => p.teamName ?? '—' },
      { key: 'userName', title: t('col.userName'), width: '140px', render: (p) => p.userName },
      { key: 'phone', title: t('col.phone'), width: '130px', optional: true, render: (p) => p.phone ?? '—' },
      {
        key: 'seen',
        title: t('col.seen'),
        width: '150px',
        render: (p) => (p.lastSeenAt ? f.relative(p.lastSeenAt) : t('never')),
      },
    ],
    [t, f],
  )
  return (
    <div className="zc-people">
      <nav aria-label={t('teams')}>
        <h2>{t('teams')}</h2>
        <button type="button" aria-current={teamId ? undefined : 'true'} onClick={() => setView({ ...view, team: [] })}>
          {t('teams.all')}
        </button>
        {tree.map((team) => (
          <button
            key={team.id}
            type="button"
            aria-current={teamId === team.id ? 'true' : undefined}
            style={{ paddingLeft: 8 + team.depth * 14 }}
            onClick={() => setView({ ...view, team: [team.id] })}
          >
            <span className="zc-clip" title={team.name}>
              {team.name}
            </span>
            {team.people > 0 && <small>{team.people}</small>}
          </button>
        ))}
      </nav>
      <div className="main">
        <ListDetail
          id="people"
          onClose={() => open(null)}
          detail={id ? <PersonDetail key={id} id={id} teams={teams.data?.teams ?? []} /> : null}
          list={
            <div className="listed">
              <PageHeader
                title={t('title')}
                actions={
                  manages && (
                    <button type="button" className="zc-btn primary" onClick={() => setAdding(true)}>
                      <UserPlus className="zc-icon" size={16} aria-hidden /> {t('add')}
                    </button>
                  )
                }
              />
              <FilterBar
                id="people"
                view={view}
                onChange={setView}
                placeholder={t('search')}
                filters={[
                  {
                    key: 'role',
                    label: t('filter.role'),
                    single: true,
                    options: ROLES.map((role) => ({ value: role, label: t(`role.${role}`) })),
                  },
                  {
                    key: 'team',
                    label: t('filter.team'),
                    single: true,
                    options: tree.map((team) => ({ value: team.id, label: team.name })),
                  },
                ]}
              />
              <div className="body">
                {list.error && !list.rows.length ? (
                  <ErrorState error={list.error} onRetry={list.again} />
                ) : list.loading ? (
                  <Loading shape="rows" lines={10} />
                ) : (
                  <DataList
                    id="people"
                    label={t('title')}
                    rows={list.rows}
                    rowKey={(p) => p.id}
                    columns={columns}
                    openId={id}
                    onOpen={(p) => open(p.id)}
                    onMore={list.hasMore ? (list.more ?? (() => {})) : undefined}
                    empty={
                      <Empty
                        icon={Users}
                        title={t('empty.title')}
                        action={
                          <button type="button" className="zc-btn" onClick={() => setView({})}>
                            {t('empty.clear')}
                          </button>
                        }
                      >
                        {t('empty.text')}
                      </Empty>
                    }
                  />
                )}
              </div>
            </div>
          }
        />
      </div>
      {adding && (
        <AddPerson
          teams={teams.data?.teams ?? []}
          onClose={() => setAdding(false)}
          onDone={(made) => {
            setAdding(false)
            list.again()
            open(made)
          }}
        />
      )}
    </div>
  )
}

import { Link, useNavigate } from '@tanstack/react-router'
import { ArrowRight, CircleCheck, LayoutDashboard } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { Avatar } from '../../common/Avatar'
import { useCall } from '../../common/api/query'
import { localDate, useFormat } from '../../common/i18n/format'
import { joinClauses } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { MapView } from '../../common/map/Map'
import { useNow } from '../../common/now'
import { SlaRing } from '../../common/Sla'
import { type Meaning, StateTag, Tag, useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { type Board, lateBars, mapId, mapPoints, openOffers, plainTitle, slaOfCard } from '../dispatch/board'
import { useCauseWords } from '../projects/health'
import { places } from '../scenes'
import { AGES, byAge, greeting, monthOf } from './ages'
import './home.css'
import { words } from './words'

type Search = Record<string, string>

/** Which places this person can open: a tile that leads nowhere is not shown. */
function useOpen() {
  const me = useMe()
  return useMemo(() => {
    const paths = new Set<string>(places(me.abilities).map((s) => s.path))
    return (path: string, ability?: string) =>
      paths.has(path) && (ability === undefined || me.abilities.includes(ability))
  }, [me.abilities])
}

export default function HomePage() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const now = useNow(60_000)
  const open = useOpen()
  const dispatch = open('/dispatch', 'dispatch.read')
  const orders = open('/orders', 'order.read')
  const projects = open('/projects', 'project.read')
  const reviews = open('/checkins', 'visit.review')
  const offline = open('/sync-issues', 'visit.conflicts')
  const satisfaction = open('/satisfaction')
  const followUps = satisfaction && me.abilities.includes('followup.read')
  const surveys = satisfaction && me.abilities.includes('survey.read')
  const metrics = open('/metrics', 'metrics.read')
  const field = me.abilities.includes('visit.work')
  const board = useCall(
    'GET /api/dispatch/board',
    { query: {} },
    { enabled: dispatch, watch: ['order', 'visit', 'offer', 'engineer', 'absence'] },
  )
  // A dispatcher looks at orders that wait, a manager at projects: both see what they may, in this order.
  const any = dispatch || orders || projects || reviews || satisfaction || metrics || field
  const hour = Number(f.time(now).slice(0, 2))
  return (
    <div className="home">
      <header>
        <h1>{t(`hello.${greeting(hour)}`, { name: me.name })}</h1>
        <p>{f.localDate(localDate(now, me.zone))}</p>
      </header>
      {!any && (
        <Empty icon={LayoutDashboard} title={t('nothing.title')}>
          {t('nothing.text')}
        </Empty>
      )}
      {(dispatch || orders || reviews || satisfaction) && (
        <section className="tiles" aria-label={t('now')}>
          {orders && <OrderTiles mayTriage={me.abilities.includes('order.triage')} />}
          {dispatch && board.data && <BoardTiles board={board.data} now={now} />}
          {open('/requests', 'request.decide') && <RequestTile />}
          {open('/requests', 'escalation.handle') && !field && <EscalationTile />}
          {reviews && <ReviewTile />}
          {offline && <OfflineTile />}
          {followUps && <FollowUpTile />}
          {surveys && <LowTile />}
        </section>
      )}
      <div className="panels">
        {field && <FieldDay />}
        {dispatch &&
          (board.error ? (
            <Box title={t('ages.title')}>
              <ErrorState error={board.error} onRetry={() => void board.refetch()} />
            </Box>
          ) : board.data ? (
            <>
              <Waiting board={board.data} now={now} />
              <Today board={board.data} />
            </>
          ) : (
            <Box title={t('ages.title')}>
              <Loading shape="rows" lines={6} />
            </Box>
          ))}
        {projects && <Projects />}
        {followUps && <FollowUps />}
        {metrics && <Month />}
      </div>
    </div>
  )
}

function Tile({
  label,
  n,
  note,
  to,
  search,
  meaning,
}: {
  label: string
  n: number
  note?: string | undefined
  to: string
  search?: Search
  meaning: Meaning
}) {
  const t = useWords(words)
  return (
    <Link
      className="tile"
      to={to as string}
      search={(search ?? {}) as never}
      data-meaning={n > 0 ? meaning : 'grey'}
      data-none={n === 0 || undefined}
    >
      <span className="label">{label}</span>
      <b>{n === 0 ? t('tile.clear') : n}</b>
      <small className="zc-clip">{n > 0 ? note : ' '}</small>
    </Link>
  )
}

function OrderTiles({ mayTriage }: { mayTriage: boolean }) {
  const t = useWords(words)
  const all = useCall('GET /api/orders', { query: { limit: 1 } }, { watch: ['order'] })
  const late = useCall('GET /api/orders', { query: { limit: 1, late: 'true' } }, { watch: ['order'] })
  const counts = all.data?.counts ?? {}
  const lateN = Object.values(late.data?.counts ?? {}).reduce((sum, n) => sum + (n ?? 0), 0)
  return (
    <>
      {mayTriage && all.data && (
        <Tile
          label={t('tile.new')}
          n={counts.new ?? 0}
          note={t('note.new')}
          to="/orders"
          search={{ tab: 'new' }}
          meaning="blue"
        />
      )}
      {late.data && (
        <Tile
          label={t('tile.lateOrders')}
          n={lateN}
          note={t('note.lateOrders')}
          to="/orders"
          search={{ late: 'true' }}
          meaning="red"
        />
      )}
      {all.data && (
        <Tile
          label={t('tile.acceptance')}
          n={counts.awaiting_acceptance ?? 0}
          note={t('note.acceptance')}
          to="/orders"
          search={{ tab: 'awaiting_acceptance' }}
          meaning="amber"
        />
      )}
    </>
  )
}

function BoardTiles({ board, now }: { board: Board; now: number }) {
  const t = useWords(words)
  const f = useFormat(board.zone)
  const lateCards = board.unassigned.filter((c) => c.late).length
  const since = (at: string | undefined) => {
    const minutes = at ? Math.max(0, (now - Date.parse(at)) / 60_000) : 0
    // On a tile the hours are enough.
    return f.duration(minutes < 120 ? minutes : Math.floor(minutes / 60) * 60)
  }
  const oldest = board.unassigned.map((c) => c.createdAt).sort()[0]
  const offers = openOffers(board)
  const late = lateBars(board)
  return (
    <>
      <Tile
        label={t('tile.unassigned')}
        n={board.unassignedTotal}
        note={
          lateCards ? t('note.unassigned.late', { n: lateCards }) : t('note.unassigned.oldest', { time: since(oldest) })
        }
        to="/dispatch"
        meaning={lateCards ? 'red' : 'amber'}
      />
      <Tile
        label={t('tile.offers')}
        n={offers.length}
        note={t('note.offers', { time: since(offers[0]?.offer?.at) })}
        to="/dispatch"
        search={{ panel: 'offers' }}
        meaning="blue"
      />
      <Tile
        label={t('tile.lateVisits')}
        n={late.length}
        note={t('note.lateVisits', { time: since(late.map((b) => b.promise?.end ?? b.start).sort()[0]) })}
        to="/dispatch"
        search={{ panel: 'late' }}
        meaning="red"
      />
      <Tile
        label={t('tile.conflicts')}
        n={board.conflicts.length}
        note={t('note.conflicts')}
        to="/dispatch"
        search={{ panel: 'conflicts' }}
        meaning="amber"
      />
    </>
  )
}

function ReviewTile() {
  const t = useWords(words)
  const answer = useCall('GET /api/visits/reviews', { query: { limit: 200 } }, { watch: ['visit'] })
  if (!answer.data) return null
  return (
    <Tile
      label={t('tile.reviews')}
      n={answer.data.rows.length}
      note={t('note.reviews')}
      to="/checkins"
      meaning="amber"
    />
  )
}

function RequestTile() {
  const t = useWords(words)
  const answer = useCall('GET /api/requests', { query: { limit: 200, state: 'open' } }, { watch: ['request'] })
  if (!answer.data) return null
  const urgent = answer.data.rows.filter((r) => r.urgency === 'urgent').length
  return (
    <Tile
      label={t('tile.requests')}
      n={answer.data.rows.length}
      note={urgent > 0 ? t('note.requests.urgent', { n: urgent }) : t('note.requests')}
      to="/requests/request"
      meaning={urgent > 0 ? 'red' : 'amber'}
    />
  )
}

function EscalationTile() {
  const t = useWords(words)
  const answer = useCall('GET /api/escalations', { query: { limit: 200, state: 'open' } }, { watch: ['escalation'] })
  const now = useNow(60_000)
  if (!answer.data) return null
  const late = answer.data.rows.filter(
    (r) => (r.state === 'open' || r.state === 'taken') && Date.parse(r.dueAt) < now,
  ).length
  return (
    <Tile
      label={t('tile.escalations')}
      n={answer.data.rows.length}
      note={late > 0 ? t('note.escalations.late', { n: late }) : t('note.escalations')}
      to="/requests/escalation"
      meaning={late > 0 ? 'red' : 'amber'}
    />
  )
}

function OfflineTile() {
  const t = useWords(words)
  const events = useCall('GET /api/visits/conflicts', { query: { limit: 200 } }, { watch: ['visit', 'order'] })
  const fields = useCall('GET /api/field-conflicts', { query: { limit: 1 } }, { watch: ['conflict'] })
  const refused = useCall('GET /api/refusals', { query: { limit: 1 } }, { watch: ['refusal'] })
  if (!events.data || !fields.data || !refused.data) return null
  return (
    <Tile
      label={t('tile.offline')}
      n={events.data.rows.length + (fields.data.total ?? 0) + (refused.data.total ?? 0)}
      note={t('note.offline')}
      to="/sync-issues"
      meaning="amber"
    />
  )
}

const useOpenFollowUps = () =>
  useCall('GET /api/follow-ups', { query: { open: 'true', limit: 200 } }, { watch: ['followup'] })

function FollowUpTile() {
  const t = useWords(words)
  const answer = useOpenFollowUps()
  if (!answer.data) return null
  const late = answer.data.rows.filter((one) => one.late.length > 0).length
  return (
    <Tile
      label={t('tile.followups')}
      n={late}
      note={t('note.followups', { n: answer.data.rows.length })}
      to="/satisfaction/cases"
      meaning="red"
    />
  )
}

function LowTile() {
  const t = useWords(words)
  const answer = useCall(
    'GET /api/surveys',
    { query: { below: 70, state: 'answered', limit: 200 } },
    { watch: ['survey'] },
  )
  if (!answer.data) return null
  return (
    <Tile
      label={t('tile.low')}
      n={answer.data.total ?? answer.data.rows.length}
      note={t('note.low')}
      to="/satisfaction"
      search={{ below: '70' }}
      meaning="amber"
    />
  )
}

function Box({
  title,
  more,
  wide,
  children,
}: {
  title: string
  more?: ReactNode
  wide?: boolean
  children: ReactNode
}) {
  return (
    <section className={`box${wide ? ' wide' : ''}`} aria-label={title}>
      <header>
        <h2>{title}</h2>
        {more}
      </header>
      {children}
    </section>
  )
}

function More({ to, search, children }: { to: string; search?: Search; children: string }) {
  return (
    <Link className="more" to={to as string} search={(search ?? {}) as never}>
      {children}
      <ArrowRight className="zc-icon" size={14} aria-hidden />
    </Link>
  )
}

/** Orders that wait, by age, and the most urgent of them: one click opens the candidates. */
function Waiting({ board, now }: { board: Board; now: number }) {
  const t = useWords(words)
  const f = useFormat(board.zone)
  const groups = byAge(board.unassigned, now)
  const most = Math.max(1, ...groups.map((g) => g.n))
  return (
    <Box title={t('ages.title')} more={<More to="/dispatch">{t('ages.all')}</More>}>
      {board.unassigned.length === 0 ? (
        <Empty icon={CircleCheck} title={t('ages.none.title')}>
          {t('ages.none.text')}
        </Empty>
      ) : (
        <>
          <ul className="ages">
            {groups.map((g) => (
              <li key={g.age} aria-label={t('ages.bar', { label: t(`ages.${g.age}`), n: g.n, late: g.late })}>
                <span>{t(`ages.${g.age}`)}</span>
                <span className="track">
                  <i style={{ width: `${(g.n / most) * 100}%` }}>
                    <i className="late" style={{ width: `${g.n ? (g.late / g.n) * 100 : 0}%` }} />
                  </i>
                </span>
                <b>{g.n}</b>
                <small>{g.late > 0 ? t('ages.late', { n: g.late }) : ''}</small>
              </li>
            ))}
          </ul>
          <ul className="rows">
            {board.unassigned.slice(0, AGES.length + 2).map((c) => {
              const sla = slaOfCard(c, board.asOf)
              return (
                <li key={c.orderId}>
                  <Link to={'/dispatch' as string} search={{ order: c.orderId } as never}>
                    {sla && <SlaRing sla={sla} />}
                    <b className="zc-clip">{c.customerName}</b>
                    <span className="zc-clip">{plainTitle(c)}</span>
                    <small>
                      {c.promise
                        ? f.range(c.promise.start, c.promise.end)
                        : c.dueAt
                          ? t('ages.due', { when: f.when(c.dueAt) })
                          : f.relative(c.createdAt)}
                    </small>
                  </Link>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </Box>
  )
}

function Today({ board }: { board: Board }) {
  const t = useWords(words)
  const stateName = useStateName()
  const points = useMemo(
    () => mapPoints({ ...board, rows: [] }, (s) => stateName('visit', s), t('tile.unassigned')),
    [board, stateName, t],
  )
  const navigate = useNavigate()
  const go = (id: string) => {
    const search = id.startsWith(mapId.order('')) ? { order: id.slice(2) } : { visit: id.slice(2) }
    void navigate({ to: '/dispatch' as string, search: search as never })
  }
  return (
    <Box
      title={t('map.title')}
      more={
        <More to="/dispatch" search={{ map: '1' }}>
          {t('map.open')}
        </More>
      }
    >
      <div className="homemap">
        <MapView label={t('map.label')} points={points} onSelect={go} />
      </div>
    </Box>
  )
}

function Projects() {
  const t = useWords(words)
  const cause = useCauseWords()
  const risk = useCall('GET /api/projects', { query: { health: 'risk', limit: 5 } }, { watch: ['project'] })
  const watch = useCall('GET /api/projects', { query: { health: 'watch', limit: 5 } }, { watch: ['project'] })
  const answer = risk.error ? risk : watch
  const rows = [...(risk.data?.rows ?? []), ...(watch.data?.rows ?? [])].slice(0, 6)
  const counts = risk.data?.counts
  return (
    <Box title={t('projects.title')} more={<More to="/projects">{t('projects.all')}</More>}>
      {answer.error ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !risk.data || !watch.data ? (
        <Loading shape="rows" lines={5} />
      ) : (
        <>
          {counts && (
            <div className="counts">
              {(['risk', 'watch', 'good', 'unknown'] as const).map((level) => (
                <Link
                  key={level}
                  to={'/projects' as string}
                  search={{ health: level } as never}
                  data-meaning={HEALTH[level]}
                >
                  <b>{counts[level]}</b> {t(`projects.${level}`)}
                </Link>
              ))}
            </div>
          )}
          {rows.length === 0 ? (
            <Empty icon={CircleCheck} title={t('projects.none.title')}>
              {t('projects.none.text')}
            </Empty>
          ) : (
            <ul className="rows">
              {rows.map((p) => (
                <li key={p.id}>
                  <Link to={`/projects/${p.id}` as string}>
                    <span className="dot" data-meaning={HEALTH[p.health.level]} aria-hidden />
                    <b className="zc-clip">{p.name}</b>
                    <span className="zc-clip">
                      <span className="zc-hidden">{t(`projects.${p.health.level}`)}: </span>
                      {joinClauses(p.health.causes.map((c) => cause(c, p.phases)))}
                    </span>
                    <small>{p.manager.name}</small>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Box>
  )
}
const HEALTH = { risk: 'red', watch: 'amber', good: 'green', unknown: 'grey' } as const

function FollowUps() {
  const t = useWords(words)
  const f = useFormat(useMe().zone)
  const answer = useOpenFollowUps()
  const rows = [...(answer.data?.rows ?? [])].sort((a, b) => b.late.length - a.late.length).slice(0, 6)
  return (
    <Box title={t('followups.title')} more={<More to="/satisfaction/cases">{t('followups.all')}</More>}>
      {answer.error ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <Loading shape="rows" lines={5} />
      ) : rows.length === 0 ? (
        <Empty icon={CircleCheck} title={t('followups.none.title')}>
          {t('followups.none.text')}
        </Empty>
      ) : (
        <ul className="rows">
          {rows.map((one) => {
            const late = (['contact', 'plan', 'do'] as const).find((step) => one.late.includes(step))
            return (
              <li key={one.id}>
                <Link to={`/satisfaction/cases/${one.id}` as string}>
                  <StateTag kind="followup" state={one.state} quiet />
                  <b className="zc-clip">{one.customerName ?? one.number}</b>
                  <span className="zc-clip">
                    {late ? <Tag meaning="red">{t(`followups.${late}`)}</Tag> : f.relative(one.openedAt)}
                  </span>
                  <small>{one.score === null ? '' : t('followups.score', { n: Math.round(one.score) })}</small>
                </Link>
              </li>
            )
          })}
        </ul>
      )}
    </Box>
  )
}

/** The month's numbers of the widest circle that this person may see; the definitions stand on the page behind them. */
function Month() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const defs = useCall('GET /api/metrics/definitions', undefined, { staleTime: 10 * 60_000 })
  const subjects = defs.data?.subjects
  const subject = !subjects
    ? null
    : subjects.company
      ? { subject: 'company' as const }
      : subjects.teams[0]
        ? { subject: 'team' as const, id: subjects.teams[0].id }
        : subjects.self
          ? { subject: 'person' as const, id: me.id }
          : null
  const range = monthOf(localDate(Date.now(), me.zone))
  const answer = useCall(
    'GET /api/metrics/kpis',
    {
      query: {
        ...range,
        subject: subject?.subject ?? 'company',
        ...(subject && 'id' in subject ? { id: subject.id } : {}),
      },
    },
    { enabled: subject !== null },
  )
  if (defs.data && !subject) return null
  const shown = [
    'completion',
    subject?.subject === 'person' ? 'response_person' : 'response_team',
    'good_rate',
    'on_time_arrival',
  ] as const
  const error = defs.error ?? answer.error
  return (
    <Box title={t('month.title')} more={<More to="/metrics">{t('month.all')}</More>}>
      {error ? (
        <ErrorState error={error} onRetry={() => void (defs.error ? defs.refetch() : answer.refetch())} />
      ) : !answer.data ? (
        <Loading shape="rows" lines={4} />
      ) : (
        <>
          <ul className="month">
            {shown.map((code) => {
              const kpi = answer.data.kpis.find((k) => k.code === code)
              if (!kpi) return null
              return (
                <li key={code}>
                  <Link to={'/metrics' as string} search={{ kpi: code } as never}>
                    <span>{t(`kpi.${code}`)}</span>
                    <b>
                      {kpi.value === null
                        ? '—'
                        : code.startsWith('response')
                          ? f.duration(kpi.value)
                          : f.percent(kpi.value)}
                    </b>
                    <small>{kpi.value === null ? t('month.none') : t('month.n', { n: kpi.n })}</small>
                  </Link>
                </li>
              )
            })}
          </ul>
          <p className="asof">
            {t('month.asOf', { when: f.when(answer.data.period.asOf), subject: answer.data.subject.name })}
          </p>
        </>
      )}
    </Box>
  )
}

/** An engineer who opens the desk: the day, and the way to the page made for it. */
function FieldDay() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const answer = useCall('GET /api/field/today', { query: {} }, { watch: ['visit'] })
  const visits = [...(answer.data?.offers ?? []), ...(answer.data?.visits ?? [])].filter(
    (v, i, all) => all.findIndex((one) => one.id === v.id) === i,
  )
  return (
    <Box
      title={t('field.title')}
      more={
        <a className="more" href="/m">
          {t('field.open')}
          <ArrowRight className="zc-icon" size={14} aria-hidden />
        </a>
      }
    >
      {answer.error ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <Loading shape="rows" lines={4} />
      ) : visits.length === 0 ? (
        <Empty title={t('field.none.title')}>{t('field.none.text')}</Empty>
      ) : (
        <ul className="rows">
          {visits.map((v) => (
            <li key={v.id}>
              <a href={`/m/visits/${v.id}`}>
                <Avatar id={v.customer.id} name={v.customer.name} size={20} />
                <b className="zc-clip">{v.customer.name}</b>
                <span className="zc-clip">
                  <StateTag kind="visit" state={v.state} quiet />
                </span>
                <small>{f.range(v.planned.start, v.planned.end)}</small>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Box>
  )
}

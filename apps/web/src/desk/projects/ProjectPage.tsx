import { Link, useParams } from '@tanstack/react-router'
import { Dropdown } from 'antd'
import {
  CalendarRange,
  ChevronLeft,
  CircleCheck,
  CirclePause,
  CirclePlay,
  Ellipsis,
  FileCheck,
  FileX,
  Flag,
  HeartPulse,
  PencilLine,
  Users,
} from 'lucide-react'
import { useMemo, useState } from 'react'
import { PersonChip } from '../../common/Avatar'
import { useCall } from '../../common/api/query'
import { Gantt, type GanttRow } from '../../common/Gantt'
import { useFormat } from '../../common/i18n/format'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { StateTag, Tag, useStateName } from '../../common/StateTag'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { Thread } from '../../common/Thread'
import { type FeedEvent, TimelineFeed } from '../../common/TimelineFeed'
import { PlaceLink } from '../PlaceLink'
import { type Phase, type Project, useCauseWords, useWord } from './health'
import { PhaseBar } from './PhaseBar'
import { PhaseDialog, type PhaseVerb } from './PhaseDialogs'
import { ProjectDialog, type ProjectVerb } from './ProjectDialogs'
import './projects.css'
import '../rows.css'
import { words } from './words'

export default function ProjectPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const project = useCall('GET /api/projects/:id', { params: { id } }, { watch: [{ aggregate: 'project', id }] })
  if (project.isError && !project.data)
    return <ErrorState error={project.error} onRetry={() => void project.refetch()} />
  if (!project.data) return <Loading lines={8} />
  return <Page project={project.data} />
}

function Page({ project: p }: { project: Project }) {
  const t = useWords(words)
  const f = useFormat(p.calendar.zone)
  const word = useWord()
  const say = useCauseWords()
  const talks = useAbility('thread.read')
  const [verb, setVerb] = useState<ProjectVerb | null>(null)
  const [phaseVerb, setPhaseVerb] = useState<{ id: string; verb: PhaseVerb } | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [side, setSide] = useState<'thread' | 'events'>(talks ? 'thread' : 'events')

  const rows = useMemo<GanttRow[]>(
    () =>
      p.phases.flatMap((x) => {
        const reached = p.milestones.filter((m) => m.phaseId === x.id)
        return [
          {
            id: x.id,
            name: word(x.name),
            plannedStart: x.plannedStart,
            plannedEnd: x.plannedEnd,
            actualStart: x.actualStart,
            actualEnd: x.actualEnd,
            owner: x.owner.name,
          },
          ...reached.map((m) => ({
            id: m.id,
            name: word(m.name),
            plannedStart: m.plannedOn,
            plannedEnd: m.plannedOn,
            actualEnd: m.reachedOn,
            milestone: true,
            level: 1,
          })),
        ]
      }),
    [p, word],
  )
  const off = p.calendar.daysOff
  const isWorkingDay = useMemo(() => {
    const inside = (day: string) => off.some((span) => span.from <= day && day <= span.to)
    return (day: string) => !inside(day)
  }, [off])

  // The phase to look at: the chosen one, else the one that runs, else the next.
  const phase =
    p.phases.find((x) => x.id === chosen) ??
    p.phases.find((x) => x.state === 'active') ??
    p.phases.find((x) => x.state === 'planned') ??
    p.phases.at(-1)
  const target = phaseVerb && p.phases.find((x) => x.id === phaseVerb.id)
  const menu = [
    { key: 'edit', label: t('edit'), icon: <PencilLine className="zc-icon" size={16} />, shown: p.can.edit },
    { key: 'people', label: t('people'), icon: <Users className="zc-icon" size={16} />, shown: p.can.people },
    { key: 'pause', label: t('pause'), icon: <CirclePause className="zc-icon" size={16} />, shown: p.can.pause },
    { key: 'accept', label: t('accept'), icon: <CircleCheck className="zc-icon" size={16} />, shown: p.can.accept },
  ].filter((item) => item.shown)
  // What moves the project on: resuming it, accepting it once all but the last phase have ended, else the phase.
  const ready = p.phases.slice(0, -1).every((x) => x.state === 'done')
  const primary = p.can.resume ? 'resume' : p.can.accept && ready ? 'accept' : null
  const current = primary ? undefined : (p.phases.find((x) => x.can.finish) ?? p.phases.find((x) => x.can.start))
  const rest = menu.filter((item) => item.key !== primary)

  return (
    <div className="zc-project">
      <PageHeader
        number={p.number}
        title={p.name}
        lead={
          <Link to="/projects" className="zc-btn quiet icon" aria-label={t('back')} title={t('back')}>
            <ChevronLeft className="zc-icon" size={18} />
          </Link>
        }
        meta={
          <>
            <StateTag kind="project" state={p.state} />
            {p.state !== 'accepted' && <StateTag kind="health" state={p.health.level} />}
            <PlaceLink to={`/customers/${p.customer.id}`}>{p.customer.name}</PlaceLink>
            <PersonChip id={p.manager.id} name={p.manager.name} note={t('fact.manager')} />
            <span>{t('progress', { actual: p.progress.actual, planned: p.progress.planned })}</span>
          </>
        }
        actions={
          <>
            {primary === 'resume' && (
              <button type="button" className="zc-btn primary" onClick={() => setVerb('resume')}>
                <CirclePlay className="zc-icon" size={16} aria-hidden /> {t('resume')}
              </button>
            )}
            {primary === 'accept' && (
              <button type="button" className="zc-btn primary" onClick={() => setVerb('accept')}>
                <CircleCheck className="zc-icon" size={16} aria-hidden /> {t('accept')}
              </button>
            )}
            {current && (
              <button
                type="button"
                className="zc-btn primary"
                onClick={() => setPhaseVerb({ id: current.id, verb: current.can.finish ? 'finish' : 'start' })}
              >
                {current.can.finish ? (
                  <CircleCheck className="zc-icon" size={16} aria-hidden />
                ) : (
                  <CirclePlay className="zc-icon" size={16} aria-hidden />
                )}
                {t(current.can.finish ? 'finish.title' : 'start.title', { name: word(current.name) })}
              </button>
            )}
            {rest.length > 0 && (
              <Dropdown
                trigger={['click']}
                placement="bottomRight"
                menu={{
                  items: rest.map(({ key, label, icon }) => ({ key, label, icon })),
                  onClick: ({ key }) => setVerb(key as ProjectVerb),
                }}
              >
                <button type="button" className="zc-btn" aria-label={t('more')}>
                  <Ellipsis className="zc-icon" size={16} aria-hidden /> {t('more')}
                </button>
              </Dropdown>
            )}
          </>
        }
      >
        <div className="zc-strip">
          {p.pause && (
            <div className="paused">
              {t('paused', {
                reason: p.pause.reason,
                who: t(`resp.${p.pause.responsibility}`),
                since: f.localDate(p.pause.since),
              })}
            </div>
          )}
          <PhaseBar phases={p.phases} tall />
          {p.health.causes.length > 0 && (
            <div className="causes">
              {p.health.causes.map((c) => (
                <Tag key={c.code} quiet meaning={c.level === 'risk' ? 'red' : c.level === 'watch' ? 'amber' : 'grey'}>
                  {say(c, p.phases)}
                </Tag>
              ))}
            </div>
          )}
        </div>
      </PageHeader>
      <div className="main">
        <Section title={t('sec.plan')}>
          <Gantt
            rows={rows}
            label={t('sec.plan')}
            isWorkingDay={isWorkingDay}
            today={p.calendar.today}
            selectedId={phase?.id}
            onSelect={(row) => setChosen(p.milestones.find((m) => m.id === row.id)?.phaseId ?? row.id)}
          />
          {p.calendar.provisionalFrom && (
            <p className="zc-muted">{t('fact.provisional', { date: f.localDate(p.calendar.provisionalFrom) })}</p>
          )}
        </Section>
        {phase && <PhasePanel project={p} phase={phase} onVerb={(one) => setPhaseVerb({ id: phase.id, verb: one })} />}
        <Orders project={p} />
        <Anomalies project={p} />
        <Section title={t('sec.facts')}>
          <Facts
            rows={[
              [t('fact.period'), f.localSpan(p.startsOn, p.endsOn)],
              [
                t('fact.budget'),
                t('budget', { used: f.number(p.budget.usedDays, 1), planned: f.number(p.budget.plannedDays, 1) }),
              ],
              [t('fact.team'), p.team?.name],
              [t('fact.site'), p.site?.name],
              [t('fact.contract'), p.contract && `${p.contract.number} ${p.contract.title}`],
              [
                t('fact.template'),
                t('fact.templateVersion', { name: word(p.template.name), version: p.template.version }),
              ],
              ...(p.acceptedOn ? [[t('fact.accepted'), f.localDate(p.acceptedOn)] as [string, string]] : []),
              ...(p.summary ? [[t('fact.summary'), p.summary] as [string, string]] : []),
            ]}
          />
        </Section>
        <Section
          title={t('sec.people')}
          count={p.people.length}
          actions={
            p.can.people && (
              <button type="button" className="zc-btn quiet" onClick={() => setVerb('people')}>
                {t('people')}
              </button>
            )
          }
        >
          <div style={{ display: 'flex', flexWrap: 'wrap', gap: '8px 20px' }}>
            {p.people.map((one) => (
              <PlaceLink key={one.id} to={`/people/${one.id}`}>
                <PersonChip
                  id={one.id}
                  name={one.name}
                  note={one.id === p.manager.id ? t('fact.manager') : undefined}
                />
              </PlaceLink>
            ))}
          </div>
        </Section>
      </div>
      <aside className="side" aria-label={t('side')}>
        {talks && (
          <div className="tabs" role="tablist">
            {(['thread', 'events'] as const).map((one) => (
              <button
                key={one}
                type="button"
                role="tab"
                aria-selected={side === one}
                className="zc-btn quiet"
                onClick={() => setSide(one)}
              >
                {t(`side.${one}`)}
              </button>
            ))}
          </div>
        )}
        {side === 'thread' ? (
          <div className="pane">
            <Thread kind="project" id={p.id} zone={p.calendar.zone} />
          </div>
        ) : (
          <div className="pane feed">
            <Events project={p} />
          </div>
        )}
      </aside>
      {verb && <ProjectDialog verb={verb} project={p} onClose={() => setVerb(null)} />}
      {phaseVerb && target && (
        <PhaseDialog verb={phaseVerb.verb} phase={target} project={p} onClose={() => setPhaseVerb(null)} />
      )}
    </div>
  )
}

function PhasePanel({ project, phase, onVerb }: { project: Project; phase: Phase; onVerb: (verb: PhaseVerb) => void }) {
  const t = useWords(words)
  const f = useFormat(project.calendar.zone)
  const name = useWord()(phase.name)
  const moved = phase.baselineStart !== phase.plannedStart || phase.baselineEnd !== phase.plannedEnd
  return (
    <Section
      title={t('sec.phase', { name })}
      actions={
        <>
          <StateTag kind="phase" state={phase.state} />
          {phase.can.replan && (
            <button type="button" className="zc-btn" onClick={() => onVerb('replan')}>
              <CalendarRange className="zc-icon" size={16} aria-hidden /> {t('replan')}
            </button>
          )}
          {phase.can.owner && (
            <button type="button" className="zc-btn" onClick={() => onVerb('owner')}>
              {t('owner')}
            </button>
          )}
          {phase.can.start && (
            <button type="button" className="zc-btn" onClick={() => onVerb('start')}>
              <CirclePlay className="zc-icon" size={16} aria-hidden /> {t('start')}
            </button>
          )}
          {phase.can.finish && (
            <button type="button" className="zc-btn" onClick={() => onVerb('finish')}>
              <CircleCheck className="zc-icon" size={16} aria-hidden /> {t('finish')}
            </button>
          )}
        </>
      }
    >
      <Facts
        rows={[
          [
            t('phase.planned'),
            `${f.localSpan(phase.plannedStart, phase.plannedEnd)} · ${t('phase.days', { n: phase.plannedDays })}`,
          ],
          [
            t('phase.actual'),
            phase.actualStart
              ? `${phase.actualEnd ? f.localSpan(phase.actualStart, phase.actualEnd) : `${f.localSpan(phase.actualStart, phase.actualStart)}–${t('phase.until')}`}${phase.actualDays === null ? '' : ` · ${t('phase.days', { n: phase.actualDays })}`}`
              : t('phase.notStarted'),
          ],
          ...(moved
            ? [[t('phase.baseline'), f.localSpan(phase.baselineStart, phase.baselineEnd)] as [string, string]]
            : []),
          [t('phase.owner'), <PersonChip key="owner" id={phase.owner.id} name={phase.owner.name} />],
        ]}
      />
      {phase.documents.length > 0 && (
        <ul className="zc-rows" aria-label={t('doc.title')} style={{ marginTop: 12 }}>
          {phase.documents.map((d) => (
            <li key={d.name}>
              <Tag quiet meaning={d.filedOn ? 'green' : 'amber'} icon={d.filedOn ? FileCheck : FileX}>
                {d.name}
              </Tag>
              <small className="grow zc-clip">
                {d.filedOn ? t('doc.filed', { date: f.localDate(d.filedOn), by: d.filedBy ?? '—' }) : t('doc.missing')}
                {d.ref && (
                  <>
                    {' · '}
                    {/^https?:\/\//.test(d.ref) ? (
                      <a href={d.ref} target="_blank" rel="noreferrer noopener">
                        {d.ref}
                      </a>
                    ) : (
                      d.ref
                    )}
                  </>
                )}
              </small>
              {phase.can.file && (
                <button type="button" className="zc-btn quiet" onClick={() => onVerb({ file: d.name })}>
                  {t('doc.file')}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Orders({ project }: { project: Project }) {
  const t = useWords(words)
  const f = useFormat(project.calendar.zone)
  const may = useAbility('order.read')
  const orders = useCall(
    'GET /api/orders',
    { query: { projectId: project.id, limit: 8, sort: 'changed' } },
    { enabled: may, watch: ['order'] },
  )
  if (!may) return null
  const rows = orders.data?.rows ?? []
  return (
    <Section
      title={t('sec.orders')}
      count={project.orders.total}
      actions={
        project.orders.total > rows.length && rows.length > 0 ? (
          <PlaceLink to={`/orders?projectId=${project.id}`}>{t('orders.all', { n: project.orders.total })}</PlaceLink>
        ) : undefined
      }
    >
      {orders.isError ? (
        <ErrorState error={orders.error} onRetry={() => void orders.refetch()} />
      ) : !orders.data ? (
        <Loading lines={2} />
      ) : rows.length === 0 ? (
        <p className="zc-muted">{t('orders.empty')}</p>
      ) : (
        <ul className="zc-rows">
          {rows.map((o) => (
            <li key={o.id}>
              <StateTag kind="order" state={o.state} />
              <span className="grow zc-clip" title={o.title}>
                <PlaceLink to={`/orders/${o.id}`}>{o.title}</PlaceLink> <small>{o.number}</small>
              </span>
              {o.late && (
                <Tag quiet meaning="red">
                  {t('orders.late', { n: 1 })}
                </Tag>
              )}
              {o.lead && <PersonChip id={o.lead.id} name={o.lead.name} />}
              {o.dueAt && <small>{f.when(o.dueAt)}</small>}
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}

function Anomalies({ project: p }: { project: Project }) {
  const t = useWords(words)
  const f = useFormat(p.calendar.zone)
  const rows = [...p.anomalies].sort((a, b) => {
    if ((a.clearedAt === null) !== (b.clearedAt === null)) return a.clearedAt === null ? -1 : 1
    return b.at.localeCompare(a.at)
  })
  const what = (a: Project['anomalies'][number]): string => {
    if (a.cause === 'late_checkin')
      return typeof a.params.lateMin === 'number'
        ? t('anomaly.late_checkin.min', { min: f.duration(a.params.lateMin) })
        : t('anomaly.late_checkin.missed')
    if (a.cause === 'low_score' && typeof a.params.score === 'number')
      return t('anomaly.low_score.score', { score: Math.round(a.params.score) })
    return t(`anomaly.${a.cause}`)
  }
  const orderOf = (a: Project['anomalies'][number]) =>
    a.ref.kind === 'order' ? a.ref.id : (a.params.orderId as string | undefined)
  return (
    <Section title={t('sec.anomalies')} count={rows.filter((a) => !a.clearedAt).length}>
      {rows.length === 0 ? (
        <p className="zc-muted">{t('anomaly.noneText')}</p>
      ) : (
        <ul className="zc-rows">
          {rows.map((a) => {
            const order = orderOf(a)
            const number = (a.cause === 'overdue_follow_up' ? a.params.order : a.params.number) as string | undefined
            return (
              <li key={`${a.cause}:${a.ref.id}`} className={a.clearedAt ? 'muted' : undefined}>
                <Tag
                  meaning={
                    a.clearedAt ? 'grey' : a.cause === 'overdue_order' || a.cause === 'late_checkin' ? 'amber' : 'red'
                  }
                  quiet
                >
                  {what(a)}
                </Tag>
                <span className="grow zc-clip">
                  {order && number && <PlaceLink to={`/orders/${order}`}>{t('anomaly.order', { number })}</PlaceLink>}
                  {typeof a.params.engineer === 'string' && ` · ${a.params.engineer}`}
                </span>
                <small>{f.when(a.at)}</small>
                <small>{a.clearedAt ? t('anomaly.cleared', { when: f.date(a.clearedAt) }) : t('anomaly.open')}</small>
              </li>
            )
          })}
        </ul>
      )}
    </Section>
  )
}

function Events({ project: p }: { project: Project }) {
  const t = useWords(words)
  const f = useFormat(p.calendar.zone)
  const word = useWord()
  const state = useStateName()
  // biome-ignore lint/suspicious/noExplicitAny: what an event carries is looked at field by field.
  const params = (e: Project['events'][number]) => e.message.params as Record<string, any>
  const text = (e: Project['events'][number]): string => {
    const d = params(e)
    const name = d.name ? word(d.name) : ''
    const on = d.on ? f.localDate(d.on) : ''
    switch (e.message.code) {
      case 'project.created':
        return t('e.created')
      case 'project.edited':
        return t('e.edited')
      case 'project.people_changed':
        return d.joined?.length ? t('e.people.joined', { n: d.joined.length }) : t('e.people')
      case 'project.paused':
        return t('e.paused', { who: t(`resp.${d.responsibility as 'customer' | 'us' | 'third_party'}`) })
      case 'project.resumed':
        return d.movedDays ? t('e.resumed.moved', { n: d.movedDays }) : t('e.resumed')
      case 'project.accepted':
        return t('e.accepted', { on })
      case 'project.phase_started':
        return t('e.started', { name, on })
      case 'project.phase_finished':
        return d.missing?.length
          ? t('e.finished.missing', { name, on, missing: joinList(d.missing) })
          : t('e.finished', { name, on })
      case 'project.phase_replanned':
        return t('e.replanned', { name, from: f.localDate(d.to.start), to: f.localDate(d.to.end) })
      case 'project.phase_owner_changed':
        return t('e.owner', { name })
      case 'project.phase_document_filed':
        return t('e.filed', { name, document: d.document })
      case 'project.health_changed': {
        const from = state('health', d.from)
        const to = state('health', d.to)
        const causes = (d.causes as Project['health']['causes'][number]['code'][]).map((code) => t(`anomaly.${code}`))
        return causes.length ? t('e.health', { from, to, causes: joinList(causes) }) : t('e.health.good', { from, to })
      }
      case 'project.tallied':
        return t('e.tallied', { n: d.ordersTotal ?? 0, open: d.ordersOpen ?? 0, late: d.ordersLate ?? 0 })
      default:
        return t('e.other')
    }
  }
  const look = (code: string, to?: string): Pick<FeedEvent, 'icon' | 'meaning'> => {
    if (code === 'project.health_changed')
      return { icon: HeartPulse, meaning: to === 'risk' ? 'red' : to === 'watch' ? 'amber' : 'green' }
    if (code === 'project.paused') return { icon: CirclePause, meaning: 'amber' }
    if (code === 'project.phase_started' || code === 'project.resumed') return { icon: CirclePlay, meaning: 'teal' }
    if (code === 'project.phase_finished' || code === 'project.accepted') return { icon: CircleCheck, meaning: 'green' }
    if (code === 'project.phase_replanned') return { icon: CalendarRange, meaning: 'blue' }
    if (code === 'project.phase_document_filed') return { icon: FileCheck, meaning: 'grey' }
    if (code === 'project.created') return { icon: Flag, meaning: 'teal' }
    return {}
  }
  const system = (e: Project['events'][number]) =>
    e.message.code === 'project.health_changed' || e.message.code === 'project.tallied'
  const events = p.events
    // Counts are on the page already; they are no news to read.
    .filter((e) => e.message.code !== 'project.tallied')
    .map(
      (e): FeedEvent => ({
        id: e.id,
        at: e.at,
        actor: system(e) ? null : { id: e.actor, name: e.actor },
        text: text(e),
        reason: e.reason,
        ...look(e.message.code, params(e).to),
      }),
    )
  if (events.length === 0) return <p className="zc-muted">{t('e.none')}</p>
  return <TimelineFeed events={events} zone={p.calendar.zone} label={t('sec.events')} />
}

import {
  CalendarClock,
  ChevronDown,
  ChevronLeft,
  ChevronRight,
  History,
  Keyboard,
  Map as MapIcon,
  Users,
  X,
  ZoomIn,
  ZoomOut,
} from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { MapView } from '../../common/map/Map'
import { Popover } from '../../common/Popover'
import { useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { recall, remember } from '../../common/storage'
import { DragBoard } from '../../common/timeline/drop'
import {
  RowHead,
  Timeline,
  type TimelineBar,
  type TimelineBlock,
  type TimelineHint,
  type TimelineRow,
} from '../../common/timeline/Timeline'
import { useView } from '../useView'
import {
  addDays,
  type Bar,
  type Board,
  changedBars,
  dateIn,
  mapId,
  mapPoints,
  OPEN_ROW,
  routeOf,
  toTimelineBar,
} from './board'
import { Candidates, Panel, useCandidates } from './Candidates'
import { CardFace, Cards } from './Cards'
import './dispatch.css'
import { useFindings } from './findings'
import { Log } from './Log'
import { usePlacement } from './Placement'
import { STRIPS, StripList, Strips } from './Strips'
import { VisitElsewhere, VisitPanel } from './VisitPanel'
import { words } from './words'

const ZOOMS = [44, 64, 92, 132]

export default function DispatchPage() {
  const t = useWords(words)
  const me = useMe()
  const zone = me.zone
  const [view] = useView()
  const date = view.date?.[0]
  const teamIds = view.team ?? []
  const board = useCall(
    'GET /api/dispatch/board',
    { query: { ...(date ? { date } : {}), ...(teamIds.length ? { teamIds } : {}) } },
    {
      watch: ['order', 'visit', 'offer', 'engineer', 'absence'],
      // Another day or team takes the place of this one when it is here, not before.
      placeholderData: (before) => before,
    },
  )
  if (!board.data)
    return board.error ? (
      <ErrorState error={board.error} onRetry={() => void board.refetch()} />
    ) : (
      <div className="dispatch" role="status" aria-label={t('title')}>
        <div className="toolbar" />
        <section className="cards">
          <Loading shape="cards" lines={6} />
        </section>
        <div className="center">
          <Loading shape="rows" lines={10} />
        </div>
      </div>
    )
  return <Desk board={board.data} zone={zone} stale={board.isPlaceholderData} />
}

/** Others' changes, lit for a moment; one's own are known already. */
function useFresh(board: Board, mine: React.RefObject<Set<string>>): ReadonlySet<string> {
  const before = useRef<{ date: string; bars: readonly Bar[] } | null>(null)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const last = before.current
    before.current = { date: board.date, bars: board.bars }
    if (last?.date !== board.date) return
    const ids = changedBars(last.bars, board.bars).filter((id) => !mine.current.has(id))
    if (ids.length === 0) return
    setFresh(new Set(ids))
    const timer = setTimeout(() => setFresh(new Set()), 2600)
    return () => clearTimeout(timer)
  }, [board.date, board.bars, mine])
  return fresh
}

function Desk({ board, zone, stale }: { board: Board; zone: string; stale: boolean }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { conflict } = useFindings(zone)
  const stateName = useStateName()
  const [view, setView] = useView()
  const put = useCallback(
    (change: Record<string, string[] | undefined>) => {
      const next = { ...view }
      for (const [key, value] of Object.entries(change)) {
        if (value?.length) next[key] = value
        else delete next[key]
      }
      setView(next)
    },
    [view, setView],
  )
  const orderId = view.order?.[0] ?? null
  const visitId = view.visit?.[0] ?? null
  const showMap = view.map?.[0] === '1'
  const showLog = view.panel?.[0] === 'log'
  const strip = STRIPS.find((one) => one === view.panel?.[0]) ?? null
  const teamIds = useMemo(() => view.team ?? [], [view.team])
  const [zoom, setZoom] = useState(() => Number(recall('zc.dispatch.zoom') ?? 1))
  const scaleTo = (n: number) => {
    const next = Math.max(0, Math.min(ZOOMS.length - 1, n))
    setZoom(next)
    remember('zc.dispatch.zoom', String(next))
  }
  const [hover, setHover] = useState<string | null>(null)
  const [reassigning, setReassigning] = useState(false)
  const [start, setStart] = useState<string | null>(null)
  const root = useRef<HTMLDivElement>(null)
  const mine = useRef(new Set<string>())
  const fresh = useFresh(board, mine)

  const bar = visitId ? (board.bars.find((b) => b.visitId === visitId) ?? null) : null
  const moving = reassigning ? bar : null
  useEffect(() => {
    setReassigning(false)
    setStart(null)
  }, [visitId, orderId])

  const askFor = moving ? moving.orderId : orderId
  const answer = useCandidates(board.can.assign ? askFor : null, moving ? (start ?? moving.start) : start, teamIds)

  const close = useCallback(() => {
    if (reassigning) return setReassigning(false)
    // What was opened from a list goes back to it.
    put(orderId || visitId ? { order: undefined, visit: undefined } : { panel: undefined })
  }, [put, reassigning, orderId, visitId])
  const onDone = useCallback(
    (ids: string[]) => {
      for (const id of ids) mine.current.add(id)
      setReassigning(false)
      // The next card is what comes next; the placed order is seen on the timeline.
      put({ order: undefined, visit: undefined })
      setHover(ids[0] ? mapId.visit(ids[0]) : null)
      root.current?.querySelector<HTMLElement>('.cards button.card')?.focus({ preventScroll: true })
    },
    [put],
  )
  const { place, dialog, pending } = usePlacement({ zone, onDone })

  // Rows, bars and hints of the timeline: an unchanged bar keeps its identity, and with it its drawing.
  const hasOpen = board.bars.some((b) => b.engineerId === null)
  const rows = useMemo<TimelineRow[]>(
    () => [
      ...(hasOpen ? [{ id: OPEN_ROW, name: t('row.open'), note: t('row.openNote') }] : []),
      ...board.rows.map((r) => ({
        id: r.engineer.id,
        name: r.engineer.name,
        note: r.skills.map((s) => `${s.name} ${s.level}`).join(' · ') || (r.engineer.teamName ?? ''),
        ...(r.load.todayPercent !== null ? { load: r.load.todayPercent / 100 } : {}),
        ...(r.dayM ? { travelM: r.dayM } : {}),
        hours: r.shift.map((s) => ({ from: Date.parse(s.from), to: Date.parse(s.to) })),
      })),
    ],
    [board.rows, hasOpen, t],
  )
  const problems = useMemo(() => {
    const by = new Map<string, string>()
    for (const c of board.conflicts) by.set(c.visitId, [by.get(c.visitId), conflict(c)].filter(Boolean).join('，'))
    return by
  }, [board.conflicts, conflict])
  const drawn = useRef(new Map<string, { bar: Bar; problem: string | undefined; fresh: boolean; made: TimelineBar }>())
  const bars = useMemo(() => {
    const next: typeof drawn.current = new Map()
    for (const b of board.bars) {
      const late = b.late && !['finished', 'on_site', 'working', 'paused'].includes(b.state) ? t('late') : undefined
      const problem = late ?? problems.get(b.visitId)
      const isFresh = fresh.has(b.visitId)
      const had = drawn.current.get(b.visitId)
      next.set(
        b.visitId,
        had && had.bar === b && had.problem === problem && had.fresh === isFresh
          ? had
          : { bar: b, problem, fresh: isFresh, made: toTimelineBar(b, problem, { doubt: !late, fresh: isFresh }) },
      )
    }
    drawn.current = next
    return [...next.values()].map((one) => one.made)
  }, [board.bars, problems, fresh, t])
  const absences = useMemo<TimelineBlock[]>(
    () =>
      board.rows.flatMap((r) =>
        r.away.map((a) => ({
          id: a.ref,
          rowId: r.engineer.id,
          start: Date.parse(a.from),
          end: Date.parse(a.to),
          label: t(a.kind === 'leave' ? 'away.leave' : 'away.training'),
        })),
      ),
    [board.rows, t],
  )
  const ranks = useMemo(
    () => new Map((answer.data && askFor ? answer.data.ranked : []).map((c) => [c.engineer.id, c])),
    [answer.data, askFor],
  )
  const hoveredPerson = hover?.startsWith('p:') ? hover.slice(2) : null
  const hints = useMemo<TimelineHint[]>(() => {
    const day = [Date.parse(board.day.from), Date.parse(board.day.to)] as const
    return [
      ...pending,
      ...[...ranks.values()]
        .filter((c) => Date.parse(c.start) >= day[0] && Date.parse(c.start) < day[1])
        .map((c) => ({
          id: `hint:${c.engineer.id}`,
          rowId: c.engineer.id,
          start: Date.parse(c.start),
          end: Date.parse(c.end),
          label: `${t('row.rank', { n: c.rank })} ${f.time(c.start)}`,
          lit: c.engineer.id === hoveredPerson,
        })),
    ]
  }, [board.day, pending, ranks, hoveredPerson, t, f])
  const nameOf = useCallback(
    (id: string) => board.rows.find((r) => r.engineer.id === id)?.engineer ?? { id, name: '—' },
    [board.rows],
  )
  const renderRow = useCallback(
    (row: TimelineRow) => {
      const rank = ranks.get(row.id)?.rank
      return (
        <>
          <RowHead row={row} />
          {rank !== undefined && (
            <span className="rank" title={t('row.rank', { n: rank })}>
              {rank}
            </span>
          )}
        </>
      )
    },
    [ranks, t],
  )

  const cardOf = (id: string) => board.unassigned.find((c) => c.orderId === id)
  const placeCard = (id: string, person: { id: string; name: string }, at: string) => {
    const card = cardOf(id)
    if (!card?.can.assign || person.id === OPEN_ROW) return
    void place({
      kind: 'assign',
      orderId: id,
      customer: card.customerName,
      people: [person],
      start: at,
      durationMin: card.durationMin,
      additional: card.crewHave > 0,
      joins: card.crewHave > 0,
    })
  }

  // Where the day begins on the screen: an hour ago today, else with the first shift.
  const startAt = useMemo(() => {
    const shifts = board.rows.flatMap((r) => r.shift.map((s) => Date.parse(s.from)))
    const opens = (shifts.length ? Math.min(...shifts) : Date.parse(board.day.from) + 8 * 3_600_000) - 1_800_000
    const now = Date.now() - 3_600_000
    return now > Date.parse(board.day.from) && now < Date.parse(board.day.to) ? Math.max(opens, now) : opens
  }, [board.date])

  const points = useMemo(
    () => (showMap ? mapPoints(board, (s) => stateName('visit', s), t('unassigned')) : []),
    [showMap, board, stateName, t],
  )
  const routeFor =
    bar?.engineerId ??
    hoveredPerson ??
    (hover?.startsWith('v:') ? (board.bars.find((b) => b.visitId === hover.slice(2))?.engineerId ?? null) : null)
  const lines = useMemo(() => (showMap && routeFor ? routeOf(board, routeFor) : []), [showMap, board, routeFor])

  const go = useCallback((to: string | undefined) => put({ date: to ? [to] : undefined, visit: undefined }), [put])
  const today = dateIn(zone, Date.now())
  const shift = (n: number) => {
    const next = addDays(board.date, n)
    go(next === today ? undefined : next)
  }

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
      const target = e.target as HTMLElement
      if (target.closest('input, textarea, select, dialog, [contenteditable]')) return
      if (e.key === '[') shift(-1)
      else if (e.key === ']') shift(1)
      else if (e.key === 't') go(undefined)
      else if (e.key === 'g') put({ map: showMap ? undefined : ['1'] })
      else if (e.key === 'l') put({ panel: showLog ? undefined : ['log'], order: undefined, visit: undefined })
      else if (e.key === 'u') root.current?.querySelector<HTMLElement>('.cards button.card')?.focus()
      else if (e.key === 'b') root.current?.querySelector<HTMLElement>('.zc-timeline .box')?.focus()
      else if (e.key === 'Escape' && (orderId || visitId || showLog || strip)) close()
      else return
      e.preventDefault()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  })

  const openOrder = (id: string) => put({ order: [id], visit: undefined })
  const openVisit = (id: string) => put({ visit: [id], order: undefined })
  const chooseOnMap = (id: string) => {
    if (id.startsWith('o:')) openOrder(id.slice(2))
    else if (id.startsWith('v:')) openVisit(id.slice(2))
    else setHover(id)
  }

  const shut = (
    <button type="button" className="zc-btn quiet icon" aria-label={t('close')} onClick={close}>
      <X className="zc-icon" size={18} />
    </button>
  )
  return (
    <div
      className="dispatch"
      ref={root}
      data-panel={orderId || visitId || showLog || strip ? '' : undefined}
      data-stale={stale || undefined}
    >
      <div className="toolbar">
        <h1>{t('title')}</h1>
        <div className="days">
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('day.before')}
            title={`${t('day.before')} [`}
            onClick={() => shift(-1)}
          >
            <ChevronLeft className="zc-icon" size={18} />
          </button>
          <label className="date">
            <span aria-hidden>{f.date(`${board.date}T12:00:00Z`)}</span>
            <input
              type="date"
              aria-label={t('day.pick')}
              value={board.date}
              onChange={(e) => e.target.value && go(e.target.value === today ? undefined : e.target.value)}
            />
          </label>
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('day.after')}
            title={`${t('day.after')} ]`}
            onClick={() => shift(1)}
          >
            <ChevronRight className="zc-icon" size={18} />
          </button>
          {board.date !== today && (
            <button type="button" className="zc-btn quiet" onClick={() => go(undefined)}>
              {t('day.today')}
            </button>
          )}
        </div>
        <Teams chosen={teamIds} onChange={(ids) => put({ team: ids })} />
        <Strips
          board={board}
          open={orderId || visitId ? null : strip}
          onOpen={(one) => put({ panel: one ? [one] : undefined, order: undefined, visit: undefined })}
        />
        <div className="tools">
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('zoom.out')}
            title={t('zoom.out')}
            disabled={zoom === 0}
            onClick={() => scaleTo(zoom - 1)}
          >
            <ZoomOut className="zc-icon" size={17} />
          </button>
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('zoom.in')}
            title={t('zoom.in')}
            disabled={zoom === ZOOMS.length - 1}
            onClick={() => scaleTo(zoom + 1)}
          >
            <ZoomIn className="zc-icon" size={17} />
          </button>
          <button
            type="button"
            className="zc-btn quiet"
            aria-pressed={showMap}
            title={`${t('map')} G`}
            onClick={() => put({ map: showMap ? undefined : ['1'] })}
          >
            <MapIcon className="zc-icon" size={16} aria-hidden />
            {t('map')}
          </button>
          <button
            type="button"
            className="zc-btn quiet"
            aria-pressed={showLog}
            title={`${t('log')} L`}
            onClick={() => put({ panel: showLog ? undefined : ['log'], order: undefined, visit: undefined })}
          >
            <History className="zc-icon" size={16} aria-hidden />
            {t('log')}
          </button>
          <Popover
            right
            triggerClass="zc-btn quiet icon"
            label={t('keys')}
            trigger={<Keyboard className="zc-icon" size={17} />}
          >
            <dl className="keys">
              {(
                [
                  ['U', 'keys.cards'],
                  ['B', 'keys.board'],
                  ['M', 'keys.move'],
                  ['[ ]', 'keys.day'],
                  ['T', 'keys.today'],
                  ['G', 'keys.map'],
                  ['L', 'keys.log'],
                  ['Esc', 'keys.close'],
                ] as const
              ).map(([key, word]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{t(word)}</dd>
                </div>
              ))}
            </dl>
          </Popover>
        </div>
      </div>
      <DragBoard
        onDrop={(id, slot) => placeCard(id, nameOf(slot.rowId), new Date(slot.start).toISOString())}
        overlay={(id) => {
          const card = cardOf(id)
          return card ? (
            <div className="dispatch-drag card">
              <CardFace card={card} asOf={board.asOf} zone={zone} />
            </div>
          ) : null
        }}
      >
        <Cards
          board={board}
          zone={zone}
          openId={orderId}
          hovered={hover?.startsWith('o:') ? hover.slice(2) : null}
          onOpen={(id) => (id === orderId ? put({ order: undefined }) : openOrder(id))}
          onHover={(id) => setHover(id && mapId.order(id))}
        />
        <div className={`center${showMap ? ' with-map' : ''}`}>
          {board.rows.length === 0 ? (
            <Empty
              icon={Users}
              title={t('empty.title')}
              action={
                teamIds.length > 0 ? (
                  <button type="button" className="zc-btn" onClick={() => put({ team: undefined })}>
                    {t('empty.action')}
                  </button>
                ) : undefined
              }
            >
              {t('empty.text')}
            </Empty>
          ) : (
            <Timeline
              label={t('board.label')}
              rows={rows}
              bars={bars}
              absences={absences}
              hints={hints}
              onHint={(hint) => {
                const c = ranks.get(hint.rowId)
                if (!c || !askFor) return
                if (moving)
                  void place({
                    kind: 'move',
                    bar: moving,
                    person: c.engineer,
                    from: nameOf(moving.engineerId ?? ''),
                    start: c.start,
                  })
                else placeCard(askFor, c.engineer, c.start)
              }}
              from={Date.parse(board.day.from)}
              to={Date.parse(board.day.to)}
              startAt={startAt}
              pxPerHour={ZOOMS[zoom] ?? 64}
              zone={zone}
              selectedId={visitId}
              hoveredId={hover?.startsWith('v:') ? hover.slice(2) : null}
              onSelect={(b) => (b.id === visitId ? put({ visit: undefined }) : openVisit(b.id))}
              onHover={(id) => setHover(id && mapId.visit(id))}
              canMove={(b) => drawn.current.get(b.id)?.bar.can.move === true && b.rowId !== OPEN_ROW}
              {...(board.can.assign
                ? {
                    onMove: ({ bar: moved, rowId, start: at }) => {
                      const b = drawn.current.get(moved.id)?.bar
                      if (!b || rowId === OPEN_ROW) return
                      void place({
                        kind: 'move',
                        bar: b,
                        person: nameOf(rowId),
                        from: nameOf(b.engineerId ?? ''),
                        start: new Date(at).toISOString(),
                      })
                    },
                  }
                : {})}
              renderRow={renderRow}
            />
          )}
          {showMap && (
            <div className="map">
              <MapView
                label={t('map.label')}
                points={points}
                lines={lines}
                selectedId={visitId ? mapId.visit(visitId) : orderId ? mapId.order(orderId) : null}
                hoveredId={hover}
                onSelect={chooseOnMap}
                onHover={setHover}
              />
            </div>
          )}
        </div>
        {askFor && board.can.assign && (orderId || moving) ? (
          <Candidates
            board={board}
            zone={zone}
            orderId={askFor}
            moving={moving}
            start={moving ? (start ?? moving.start) : start}
            setStart={(at) => setStart(at ?? null)}
            answer={answer}
            onPlace={(intent) => void place(intent)}
            onHover={(id) => setHover(id && mapId.person(id))}
            hovered={hoveredPerson}
            onVisit={openVisit}
            onClose={close}
          />
        ) : visitId ? (
          bar ? (
            <VisitPanel
              key={bar.visitId}
              board={board}
              bar={bar}
              zone={zone}
              onPlace={(intent) => void place(intent)}
              onReassign={() => setReassigning(true)}
              onClose={close}
            />
          ) : (
            <VisitElsewhere visitId={visitId} zone={zone} onDate={(to) => put({ date: [to] })} onClose={close} />
          )
        ) : strip && !orderId ? (
          <Panel title={t(`strip.${strip}`)} shut={shut}>
            <StripList
              board={board}
              strip={strip}
              zone={zone}
              onVisit={openVisit}
              onHover={(id) => setHover(id && mapId.visit(id))}
            />
          </Panel>
        ) : showLog || orderId ? (
          <Panel title={t('log')} lead={<CalendarClock className="zc-icon" size={16} aria-hidden />} shut={shut}>
            <Log zone={zone} {...(orderId ? { orderId } : {})} />
          </Panel>
        ) : null}
      </DragBoard>
      {dialog}
    </div>
  )
}

/** Which teams' people and orders are on the board; several may be chosen, a region means all below it. */
function Teams({ chosen, onChange }: { chosen: string[]; onChange: (ids: string[]) => void }) {
  const t = useWords(words)
  const teams = useCall('GET /api/teams', undefined, { staleTime: 10 * 60_000 })
  const all = teams.data?.teams ?? []
  const depth = (id: string | null): number => {
    const team = all.find((one) => one.id === id)
    return team ? 1 + depth(team.parentId) : 0
  }
  const inOrder = useMemo(() => {
    const under = (parentId: string | null): typeof all =>
      all.filter((one) => one.parentId === parentId).flatMap((one) => [one, ...under(one.id)])
    const ids = new Set(all.map((one) => one.id))
    return all.filter((one) => !one.parentId || !ids.has(one.parentId)).flatMap((one) => [one, ...under(one.id)])
  }, [all])
  const label =
    chosen.length === 0
      ? t('teams.all')
      : chosen.length === 1
        ? (all.find((one) => one.id === chosen[0])?.name ?? t('teams.some', { n: 1 }))
        : t('teams.some', { n: chosen.length })
  return (
    <Popover
      triggerClass={`zc-chip${chosen.length ? ' on' : ''}`}
      trigger={
        <>
          <span className="zc-clip">{label}</span>
          <ChevronDown className="zc-icon" size={14} aria-hidden />
        </>
      }
    >
      {inOrder.map((one) => (
        <label key={one.id} className="option" style={{ paddingLeft: 8 + 14 * (depth(one.id) - 1) }}>
          <input
            type="checkbox"
            checked={chosen.includes(one.id)}
            onChange={() =>
              onChange(chosen.includes(one.id) ? chosen.filter((id) => id !== one.id) : [...chosen, one.id])
            }
          />
          {one.name}
          <span className="count">{one.people}</span>
        </label>
      ))}
    </Popover>
  )
}

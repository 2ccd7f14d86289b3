// biome-ignore-all lint/a11y/useSemanticElements: virtual: most rows are not in the document, so this cannot be a <table>.
// biome-ignore-all lint/a11y/useFocusableInteractive: the container has the focus and names the active one (aria-activedescendant).
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard is handled once, on the container.
import { Lock } from 'lucide-react'
import { memo, type ReactNode, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { Avatar } from '../Avatar'
import { DEFAULT_ZONE, formatTime, useFormat } from '../i18n/format'
import { useWords } from '../i18n/words'
import { useNow } from '../now'
import { iconOf, meaningOf, type StateOf, useStateName } from '../StateTag'
import { type Slot, useDropTarget } from './drop'
import {
  barsBetween,
  indexRow,
  neighbour,
  type RowIndex,
  rowsBetween,
  type Scale,
  snap,
  ticksBetween,
  timeAt,
  widthOf,
  windowAt,
  xOf,
} from './layout'
import './Timeline.css'
import { words } from './words'

export type TimelineRow = {
  id: string
  name: string
  /** Skills, team: one short line. */
  note?: string
  /** 0..1 and more; over 1 shows red. */
  load?: number
  /** Today's travel, metres. */
  travelM?: number
  photo?: string | null
  /** Working hours, milliseconds; what lies outside is shaded. Left out: nothing is. */
  hours?: { from: number; to: number }[]
}
export type TimelineBar = {
  id: string
  rowId: string
  /** Milliseconds. */
  start: number
  end: number
  /** Customer first. */
  title: string
  state: StateOf<'visit'>
  /** Drawn as a thin line before the bar. */
  travelMin?: number
  /** The promise, drawn as a bracket above. */
  window?: { from: number; to: number }
  locked?: boolean
  /** Made by the engine or a rule: violet edge. */
  engine?: boolean
  /** Late, outside its window: red edge and word in the label. */
  problem?: string
  /** The problem is a doubt about the plan, not a fact: amber instead of red. */
  doubt?: boolean
  /** Another person's change that has just come in: it is lit for a moment. */
  fresh?: boolean
}
/** A place that could be taken: a candidate's free time. Dashed, and a click chooses it. */
export type TimelineHint = { id: string; rowId: string; start: number; end: number; label: string; lit?: boolean }
export type TimelineBlock = { id: string; rowId: string; start: number; end: number; label: string }
export type TimelineProps = {
  label: string
  rows: TimelineRow[]
  bars: TimelineBar[]
  /** Leave, training: hatched. */
  absences?: TimelineBlock[]
  hints?: TimelineHint[]
  onHint?: (hint: TimelineHint) => void
  /** Milliseconds; start it on a whole hour. */
  from: number
  to: number
  pxPerHour?: number
  zone?: string
  snapMin?: number
  selectedId?: string | null
  /** Lit up from outside (a card or a map point under the pointer). */
  hoveredId?: string | null
  onSelect?: (bar: TimelineBar) => void
  onHover?: (id: string | null) => void
  /** A bar was moved to another time or person. Left out: nothing can be moved. */
  onMove?: (move: { bar: TimelineBar; rowId: string; start: number; end: number }) => void
  canMove?: (bar: TimelineBar) => boolean
  /** Replaces the name, skills and load of a row. */
  renderRow?: (row: TimelineRow) => ReactNode
  /** Where to begin: milliseconds; default is an hour before now, when now is inside. */
  startAt?: number
}

const ROW = 56
const AXIS = 32
const HEAD = 208
const TOP = 12
const BOTTOM = 6

type Ghost = { rowId: string; start: number; lengthMs: number; title: string }

/** Name, skills and load of a person, as the timeline shows them. */
export function RowHead({ row }: { row: TimelineRow }) {
  const t = useWords(words)
  const f = useFormat()
  return (
    <>
      <Avatar id={row.id} name={row.name} src={row.photo} size={32} />
      <span className="who">
        <b className="zc-clip">{row.name}</b>
        {row.note && <small className="zc-clip">{row.note}</small>}
        {row.load !== undefined && (
          <span className="load" title={t('load', { share: f.percent(row.load) })}>
            <i data-over={row.load > 1 || undefined} style={{ width: `${Math.min(100, row.load * 100)}%` }} />
          </span>
        )}
      </span>
      {row.travelM !== undefined && <small className="km">{f.distance(row.travelM)}</small>}
    </>
  )
}

type LineProps = {
  row: TimelineRow
  index: number
  bars: RowIndex<TimelineBar>
  absences: TimelineBlock[] | undefined
  hints: TimelineHint[] | undefined
  scale: Scale
  from: number
  to: number
  zone: string
  selectedId: string | null
  hoveredId: string | null
  activeId: string | null
  movable: boolean
  prefix: string
  renderRow: TimelineProps['renderRow']
}

/** One person's line: redrawn only when its own bars, the window of time or what concerns it change. */
const Line = memo(function Line({
  row,
  index,
  bars,
  absences,
  hints,
  scale,
  from,
  to,
  zone,
  selectedId,
  hoveredId,
  activeId,
  movable,
  prefix,
  renderRow,
}: LineProps) {
  const t = useWords(words)
  const f = useFormat(zone)
  const stateName = useStateName()
  const lane = (ROW - TOP - BOTTOM) / bars.lanes
  return (
    <div
      className="line"
      role="row"
      aria-rowindex={index + 2}
      data-row={row.id}
      style={{ top: AXIS + index * ROW, height: ROW }}
    >
      <div className="head" role="rowheader" style={{ width: HEAD }}>
        {renderRow ? renderRow(row) : <RowHead row={row} />}
      </div>
      {row.hours &&
        offHours(row.hours, from, to).map((gap) => (
          <i
            key={gap.from}
            aria-hidden
            className="off"
            style={{ left: HEAD + xOf(scale, gap.from), width: xOf(scale, gap.to) - xOf(scale, gap.from) }}
          />
        ))}
      {absences
        ?.filter((a) => a.end > from && a.start < to)
        .map((a) => (
          <div
            key={a.id}
            role="gridcell"
            className="absence"
            title={a.label}
            style={{
              left: HEAD + xOf(scale, Math.max(a.start, scale.from)),
              width: xOf(scale, Math.min(a.end, scale.to)) - xOf(scale, Math.max(a.start, scale.from)),
            }}
          >
            <span>{a.label}</span>
          </div>
        ))}
      {hints?.map((hint) => (
        <div
          key={hint.id}
          role="gridcell"
          data-hint={hint.id}
          className={`hint${hint.lit ? ' lit' : ''}`}
          title={hint.label}
          aria-label={hint.label}
          style={{
            left: HEAD + xOf(scale, hint.start),
            width: Math.max(6, xOf(scale, hint.end) - xOf(scale, hint.start)),
            top: TOP,
            height: ROW - TOP - BOTTOM - 2,
          }}
        >
          <span className="zc-clip">{hint.label}</span>
        </div>
      ))}
      {barsBetween(bars, from, to).map((bar) => {
        const left = xOf(scale, bar.start)
        const width = Math.max(6, xOf(scale, bar.end) - left)
        const top = TOP + (bars.lane.get(bar.id) ?? 0) * lane
        const Icon = iconOf('visit', bar.state)
        const words = [
          t('bar', {
            title: bar.title,
            state: stateName('visit', bar.state),
            from: f.time(bar.start),
            to: f.time(bar.end),
          }),
          bar.problem,
          bar.window && t('window', { from: f.time(bar.window.from), to: f.time(bar.window.to) }),
          bar.travelMin ? t('bar.travel', { time: f.duration(bar.travelMin) }) : undefined,
          bar.locked && t('bar.locked'),
          bar.engine && t('bar.engine'),
        ].filter(Boolean)
        return (
          <div
            key={bar.id}
            id={`${prefix}${bar.id}`}
            role="gridcell"
            data-bar={bar.id}
            data-meaning={meaningOf('visit', bar.state)}
            aria-label={words.join(', ')}
            aria-selected={bar.id === selectedId}
            title={words.join('\n')}
            className={`bar${bar.engine ? ' engine' : ''}${bar.problem ? (bar.doubt ? ' problem doubt' : ' problem') : ''}${bar.id === hoveredId ? ' hovered' : ''}${bar.id === activeId ? ' active' : ''}${movable && !bar.locked ? ' movable' : ''}${bar.fresh ? ' fresh' : ''}`}
            style={{ left: HEAD + left, width, top, height: lane - 2 }}
          >
            {bar.travelMin ? <i className="travel" style={{ width: bar.travelMin * scale.pxPerMin }} /> : null}
            {bar.window && (
              <i
                className="window"
                style={{
                  left: xOf(scale, bar.window.from) - left,
                  width: xOf(scale, bar.window.to) - xOf(scale, bar.window.from),
                  top: -8,
                }}
              />
            )}
            <span className="face">
              {width > 34 && <Icon className="zc-icon" size={13} aria-hidden />}
              {width > 20 && <span className="zc-clip">{bar.title}</span>}
              {bar.locked && width > 60 && <Lock className="zc-icon lock" size={11} aria-hidden />}
            </span>
          </div>
        )
      })}
    </div>
  )
})

/** The parts of [from, to) outside the working hours, which come in order. */
function offHours(hours: readonly { from: number; to: number }[], from: number, to: number) {
  const gaps: { from: number; to: number }[] = []
  let at = from
  for (const span of hours) {
    if (span.from > at) gaps.push({ from: at, to: Math.min(span.from, to) })
    at = Math.max(at, span.to)
    if (at >= to) return gaps
  }
  if (at < to) gaps.push({ from: at, to })
  return gaps
}

const NO_BARS = indexRow<TimelineBar>([])

/**
 * People × hours, virtual in both directions: the document holds only what is on screen, whatever the number of bars.
 * Drag a bar (or press M and use the arrows) to move it; hold `DragBoard` around it to drop cards from a list.
 */
export function Timeline(props: TimelineProps) {
  const {
    rows,
    bars,
    absences,
    hints,
    onHint,
    from,
    to,
    pxPerHour = 88,
    zone = DEFAULT_ZONE,
    snapMin = 15,
    onSelect,
    onMove,
    onHover,
    canMove,
  } = props
  const t = useWords(words)
  const f = useFormat(zone)
  const now = useNow(60_000)
  const box = useRef<HTMLDivElement>(null)
  const prefix = 'zc-bar-'
  const scale = useMemo<Scale>(() => ({ from, to, pxPerMin: pxPerHour / 60 }), [from, to, pxPerHour])
  const width = widthOf(scale)

  // A row whose bars have not changed keeps its index, and with it its drawing.
  const kept = useRef(new Map<string, { bars: TimelineBar[]; index: RowIndex<TimelineBar> }>())
  const indexed = useMemo(() => {
    const byRow = new Map<string, TimelineBar[]>()
    for (const bar of bars) {
      const list = byRow.get(bar.rowId)
      if (list) list.push(bar)
      else byRow.set(bar.rowId, [bar])
    }
    const next = new Map<string, { bars: TimelineBar[]; index: RowIndex<TimelineBar> }>()
    for (const [rowId, list] of byRow) {
      const before = kept.current.get(rowId)
      const same = before && before.bars.length === list.length && before.bars.every((bar, i) => bar === list[i])
      next.set(rowId, same ? before : { bars: list, index: indexRow(list) })
    }
    kept.current = next
    return next
  }, [bars])
  const absencesByRow = useMemo(() => {
    const byRow = new Map<string, TimelineBlock[]>()
    for (const a of absences ?? []) byRow.set(a.rowId, [...(byRow.get(a.rowId) ?? []), a])
    return byRow
  }, [absences])
  const hintsByRow = useMemo(() => {
    const byRow = new Map<string, TimelineHint[]>()
    for (const h of hints ?? []) byRow.set(h.rowId, [...(byRow.get(h.rowId) ?? []), h])
    return byRow
  }, [hints])
  const barById = useMemo(() => new Map(bars.map((bar) => [bar.id, bar])), [bars])
  const rowAt = useMemo(() => new Map(rows.map((row, i) => [row.id, i])), [rows])

  const [view, setView] = useState({ first: 0, last: 20, from, to: Math.min(to, from + 86_400_000) })
  const look = useCallback(() => {
    const el = box.current
    if (!el) return
    const [first, last] = rowsBetween(el.scrollTop, el.clientHeight - AXIS, ROW, rows.length)
    const [start, end] = windowAt(scale, el.scrollLeft, el.clientWidth - HEAD)
    setView((v) =>
      v.first === first && v.last === last && v.from === start && v.to === end
        ? v
        : { first, last, from: start, to: end },
    )
  }, [rows.length, scale])
  useLayoutEffect(() => {
    const el = box.current
    if (!el) return
    look()
    const resize = new ResizeObserver(look)
    resize.observe(el)
    return () => resize.disconnect()
  }, [look])
  const { startAt } = props
  useLayoutEffect(() => {
    const el = box.current
    const at = startAt ?? Date.now() - 3_600_000
    if (el && at > scale.from && at < scale.to) el.scrollLeft = xOf(scale, at)
  }, [scale, startAt])

  const [active, setActive] = useState<string | null>(null)
  const [ghost, setGhost] = useState<Ghost | null>(null)
  const [said, setSaid] = useState('')
  /** The bar being moved by keys. */
  const [moving, setMoving] = useState<TimelineBar | null>(null)

  const mayMove = useCallback(
    (bar: TimelineBar) => !!onMove && !bar.locked && (canMove?.(bar) ?? true),
    [onMove, canMove],
  )
  const hit = useCallback(
    (x: number, y: number, grabMs = 0, lengthMs = 0): Slot | null => {
      const el = box.current
      if (!el) return null
      const rect = el.getBoundingClientRect()
      const inX = x - rect.left + el.scrollLeft - HEAD
      const inY = y - rect.top + el.scrollTop - AXIS
      if (x < rect.left + HEAD || x > rect.right || y < rect.top + AXIS || y > rect.bottom) return null
      const row = rows[Math.floor(inY / ROW)]
      return row ? { rowId: row.id, start: snap(scale, timeAt(scale, inX) - grabMs, snapMin, lengthMs) } : null
    },
    [rows, scale, snapMin],
  )

  const board = useDropTarget()
  useEffect(() => {
    if (!board) return
    board.register({
      hit,
      preview: (slot, lengthMin) => setGhost(slot && { ...slot, lengthMs: lengthMin * 60_000, title: '' }),
    })
    return () => board.register(null)
  }, [board, hit])

  const drag = useRef<{ bar: TimelineBar; x: number; y: number; grabMs: number; began: boolean } | null>(null)
  const barOf = (target: EventTarget) =>
    barById.get((target as HTMLElement).closest<HTMLElement>('[data-bar]')?.dataset.bar ?? '')
  const finish = (bar: TimelineBar, slot: Slot | null) => {
    setGhost(null)
    if (!slot || !onMove || (slot.rowId === bar.rowId && slot.start === bar.start)) return
    onMove({ bar, rowId: slot.rowId, start: slot.start, end: slot.start + (bar.end - bar.start) })
  }

  const reveal = (rowIndex: number, at: number) => {
    const el = box.current
    if (!el) return
    const y = rowIndex * ROW
    const x = xOf(scale, at)
    if (y < el.scrollTop) el.scrollTop = y
    else if (y + ROW > el.scrollTop + el.clientHeight - AXIS) el.scrollTop = y + ROW - el.clientHeight + AXIS
    if (x < el.scrollLeft || x > el.scrollLeft + el.clientWidth - HEAD - 80) el.scrollLeft = Math.max(0, x - 80)
  }
  // What was chosen elsewhere (a list, the map, the address) comes into view; what is in view already stays where it is.
  const { selectedId } = props
  const shownId = useRef<string | null>(null)
  useEffect(() => {
    const el = box.current
    const bar = selectedId ? barById.get(selectedId) : undefined
    if (!el || !bar || shownId.current === selectedId) return
    shownId.current = selectedId ?? null
    const y = (rowAt.get(bar.rowId) ?? 0) * ROW
    if (y < el.scrollTop || y + ROW > el.scrollTop + el.clientHeight - AXIS)
      el.scrollTop = Math.max(0, y - (el.clientHeight - AXIS - ROW) / 2)
    const [left, right] = [xOf(scale, bar.start), xOf(scale, bar.end)]
    if (right < el.scrollLeft + 24 || left > el.scrollLeft + el.clientWidth - HEAD - 24)
      el.scrollLeft = Math.max(0, left - 80)
  }, [selectedId, barById, rowAt, scale])
  const names = (rowId: string) => rows[rowAt.get(rowId) ?? -1]?.name ?? ''

  const onKeyDown = (e: React.KeyboardEvent) => {
    const arrow = ({ ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' } as const)[e.key]
    if (moving && ghost) {
      const lengthMs = moving.end - moving.start
      if (arrow) {
        const rowIndex = rowAt.get(ghost.rowId) ?? 0
        const nextRow =
          rows[Math.max(0, Math.min(rows.length - 1, rowIndex + (arrow === 'down' ? 1 : arrow === 'up' ? -1 : 0)))]
        const start = snap(
          scale,
          ghost.start + (arrow === 'right' ? 1 : arrow === 'left' ? -1 : 0) * snapMin * 60_000,
          snapMin,
          lengthMs,
        )
        const next = { ...ghost, rowId: nextRow?.id ?? ghost.rowId, start }
        setGhost(next)
        reveal(rowAt.get(next.rowId) ?? 0, start)
        setSaid(
          t('moving', {
            title: moving.title,
            person: names(next.rowId),
            from: f.time(start),
            to: f.time(start + lengthMs),
          }),
        )
      } else if (e.key === 'Enter') {
        finish(moving, ghost)
        setSaid(t('moving.done', { title: moving.title, person: names(ghost.rowId), from: f.time(ghost.start) }))
        setMoving(null)
      } else if (e.key === 'Escape') {
        setGhost(null)
        setMoving(null)
        setSaid(t('moving.left'))
      } else return
      e.preventDefault()
      e.stopPropagation()
      return
    }
    const bar = active ? barById.get(active) : undefined
    if (arrow) {
      const all = rows.map((row) => indexed.get(row.id)?.index ?? NO_BARS)
      const at = bar ? { row: rowAt.get(bar.rowId) ?? 0, id: bar.id } : null
      const next = neighbour(all, at, arrow)
      if (!next) return
      setActive(next.id)
      const target = barById.get(next.id)
      if (target) reveal(next.row, target.start)
    } else if (e.key === 'Enter' && bar) onSelect?.(bar)
    else if (e.key.toLowerCase() === 'm' && bar && mayMove(bar)) {
      setMoving(bar)
      setGhost({ rowId: bar.rowId, start: bar.start, lengthMs: bar.end - bar.start, title: bar.title })
      setSaid(t('moving.start', { title: bar.title }))
    } else return
    e.preventDefault()
  }

  const selectedRow = props.selectedId ? barById.get(props.selectedId)?.rowId : undefined
  const hoveredRow = props.hoveredId ? barById.get(props.hoveredId)?.rowId : undefined
  const activeRow = active ? barById.get(active)?.rowId : undefined
  const ticks = ticksBetween(scale, view.from, view.to)
  const ghostRow = ghost ? rowAt.get(ghost.rowId) : undefined

  return (
    <div className="zc-timeline">
      <div
        className={`box${ghost ? ' dragging' : ''}`}
        ref={box}
        role="grid"
        aria-label={`${props.label}. ${t('keys')}`}
        aria-rowcount={rows.length + 1}
        aria-activedescendant={active ? `${prefix}${active}` : undefined}
        tabIndex={0}
        onScroll={look}
        onKeyDown={onKeyDown}
        onPointerOver={onHover && ((e) => onHover(barOf(e.target)?.id ?? null))}
        onPointerLeave={onHover && (() => onHover(null))}
        onPointerDown={(e) => {
          if (e.button !== 0) return
          const hintId = (e.target as HTMLElement).closest<HTMLElement>('[data-hint]')?.dataset.hint
          const hint = hintId && hints?.find((one) => one.id === hintId)
          if (hint) return onHint?.(hint)
          const bar = barOf(e.target)
          if (!bar) return
          setActive(bar.id)
          const rect = (e.target as HTMLElement).closest<HTMLElement>('[data-bar]')?.getBoundingClientRect()
          drag.current = {
            bar,
            x: e.clientX,
            y: e.clientY,
            grabMs: ((e.clientX - (rect?.left ?? e.clientX)) / scale.pxPerMin) * 60_000,
            began: false,
          }
          if (mayMove(bar)) e.currentTarget.setPointerCapture(e.pointerId)
        }}
        onPointerMove={(e) => {
          const d = drag.current
          if (!d || !mayMove(d.bar)) return
          if (!d.began && Math.hypot(e.clientX - d.x, e.clientY - d.y) < 5) return
          d.began = true
          const el = e.currentTarget
          const rect = el.getBoundingClientRect()
          // Near an edge the view follows the pointer.
          if (e.clientY > rect.bottom - 28) el.scrollTop += 14
          else if (e.clientY < rect.top + AXIS + 28) el.scrollTop -= 14
          if (e.clientX > rect.right - 36) el.scrollLeft += 18
          else if (e.clientX < rect.left + HEAD + 36) el.scrollLeft -= 18
          const lengthMs = d.bar.end - d.bar.start
          const slot = hit(e.clientX, e.clientY, d.grabMs, lengthMs)
          setGhost(slot && { ...slot, lengthMs, title: d.bar.title })
        }}
        onPointerUp={(e) => {
          const d = drag.current
          drag.current = null
          if (!d) return
          if (!d.began) onSelect?.(d.bar)
          else finish(d.bar, hit(e.clientX, e.clientY, d.grabMs, d.bar.end - d.bar.start))
        }}
        onPointerCancel={() => {
          drag.current = null
          setGhost(null)
        }}
      >
        <div className="canvas" role="presentation" style={{ width: HEAD + width, height: AXIS + rows.length * ROW }}>
          <div className="axis" role="row" aria-rowindex={1} style={{ height: AXIS }}>
            <div className="corner" role="columnheader" style={{ width: HEAD }}>
              {t('people')}
            </div>
            {ticks.map((at) => (
              <span key={at} className="tick" role="columnheader" style={{ left: HEAD + xOf(scale, at) }}>
                {formatTime(at, { zone }) === '00:00' ? f.date(at) : f.time(at)}
              </span>
            ))}
          </div>
          {ticks.map((at) => (
            <i key={at} className="rule" aria-hidden style={{ left: HEAD + xOf(scale, at), top: AXIS }} />
          ))}
          {rows.slice(view.first, view.last).map((row, i) => (
            <Line
              key={row.id}
              row={row}
              index={view.first + i}
              bars={indexed.get(row.id)?.index ?? NO_BARS}
              absences={absencesByRow.get(row.id)}
              hints={hintsByRow.get(row.id)}
              scale={scale}
              from={view.from}
              to={view.to}
              zone={zone}
              selectedId={selectedRow === row.id ? (props.selectedId ?? null) : null}
              hoveredId={hoveredRow === row.id ? (props.hoveredId ?? null) : null}
              activeId={activeRow === row.id ? active : null}
              movable={!!onMove}
              prefix={prefix}
              renderRow={props.renderRow}
            />
          ))}
          {now > from && now < to && (
            <i className="now" aria-hidden style={{ left: HEAD + xOf(scale, now), top: AXIS - 4 }} />
          )}
          {ghost && ghostRow !== undefined && (
            <div
              className="ghost"
              aria-hidden
              style={{
                left: HEAD + xOf(scale, ghost.start),
                width: Math.max(6, (ghost.lengthMs / 60_000) * scale.pxPerMin),
                top: AXIS + ghostRow * ROW + TOP,
                height: ROW - TOP - BOTTOM - 2,
              }}
            >
              {f.time(ghost.start)}–{f.time(ghost.start + ghost.lengthMs)}
            </div>
          )}
        </div>
      </div>
      <div className="zc-hidden" role="status" aria-live="assertive">
        {said}
      </div>
    </div>
  )
}

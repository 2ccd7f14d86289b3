import { useFormat } from '../i18n/format'
import { useWords } from '../i18n/words'
import './strip.css'
import { KINDS, type TimeKind, useSay } from './say'
import { words } from './words'

export interface StripEntry {
  key: string
  kind: TimeKind
  from: number
  to: number
  corrected: boolean
}
export interface StripGap {
  from: number
  to: number
  cause: string
}

const HOUR = 3_600_000

/**
 * The day as a strip: what was done when, holes hatched, the shift as a line above. It starts and ends at a full hour
 * around what happened. A gap that can be tapped asks for its explanation.
 */
export function DayStrip({
  zone,
  entries,
  gaps,
  shift,
  running,
  now,
  frame,
  onGap,
  onEntry,
}: {
  zone: string
  entries: readonly StripEntry[]
  gaps: readonly StripGap[]
  shift?: readonly (readonly [number, number])[] | null
  running?: { kind: TimeKind; from: number } | null
  now?: number
  /** From and to of the drawing, so that several days have one scale; else it fits what happened. */
  frame?: readonly [number, number]
  onGap?: (gap: StripGap) => void
  onEntry?: (key: string) => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { kind, word } = useSay(zone)
  const live =
    running && now
      ? [{ key: 'running', kind: running.kind, from: running.from, to: Math.max(now, running.from), corrected: false }]
      : []
  const all = [...entries, ...live]
  const moments = [
    ...all.flatMap((e) => [e.from, e.to]),
    ...gaps.flatMap((g) => [g.from, g.to]),
    ...(shift ?? []).flat(),
  ]
  if (moments.length === 0) return null
  const from = frame?.[0] ?? Math.floor(Math.min(...moments) / HOUR) * HOUR
  const to = frame?.[1] ?? Math.max(from + HOUR, Math.ceil(Math.max(...moments) / HOUR) * HOUR)
  const place = (a: number, b: number) => ({
    left: `${((a - from) / (to - from)) * 100}%`,
    width: `${((b - a) / (to - from)) * 100}%`,
  })
  const every = Math.max(1, Math.ceil((to - from) / HOUR / 6))
  const hours = Array.from({ length: Math.floor((to - from) / HOUR / every) + 1 }, (_, i) => from + i * every * HOUR)
  const span = (a: number, b: number) => `${f.time(a)}–${f.time(b)}`
  const said = [
    ...all.map((e) => ({ at: e.from, text: `${kind(e.kind)} ${span(e.from, e.to)}` })),
    ...gaps.map((g) => ({ at: g.from, text: `${word(`gap.${g.cause}`)} ${span(g.from, g.to)}` })),
  ].sort((a, b) => a.at - b.at)
  return (
    <figure className="zc-daystrip" aria-label={t('strip', { text: said.map((x) => x.text).join(', ') })}>
      <div className="bar">
        {(shift ?? []).map(([a, b]) => (
          <i key={a} className="shift" style={place(a, b)} />
        ))}
        {all.map((e) => {
          const props = {
            'data-kind': e.kind,
            'data-corrected': e.corrected || undefined,
            'data-running': e.key === 'running' || undefined,
            style: place(e.from, e.to),
            title: `${kind(e.kind)} ${span(e.from, e.to)}`,
          }
          return onEntry && e.key !== 'running' ? (
            <button key={e.key} type="button" aria-label={props.title} onClick={() => onEntry(e.key)} {...props} />
          ) : (
            <span key={e.key} {...props} />
          )
        })}
        {gaps.map((g) => {
          const title = `${word(`gap.${g.cause}`)} ${span(g.from, g.to)}`
          return onGap ? (
            <button
              key={g.from}
              type="button"
              className="gap"
              aria-label={title}
              title={title}
              style={place(g.from, g.to)}
              onClick={() => onGap(g)}
            />
          ) : (
            <span key={g.from} className="gap" title={title} style={place(g.from, g.to)} />
          )
        })}
      </div>
      <div className="hours" aria-hidden>
        {hours.map((h, i) => (
          <small
            key={h}
            style={{ left: `${((h - from) / (to - from)) * 100}%` }}
            data-edge={i === 0 ? 'first' : h === to ? 'last' : undefined}
          >
            {f.time(h)}
          </small>
        ))}
      </div>
    </figure>
  )
}

/** One frame for days that stand below each other: the earliest and the latest hour of any of them, on each day. */
export function framesOf(
  days: readonly { start: number; moments: readonly number[] }[],
): (readonly [number, number])[] {
  const all = days.flatMap((d) => d.moments.map((m) => m - d.start))
  if (all.length === 0) return days.map((d) => [d.start, d.start + 24 * HOUR] as const)
  const from = Math.floor(Math.min(...all) / HOUR) * HOUR
  const to = Math.max(from + HOUR, Math.ceil(Math.max(...all) / HOUR) * HOUR)
  return days.map((d) => [d.start + from, d.start + to] as const)
}

/** What the colours mean, with the minutes of each. */
export function StripLegend({ minutes, zone }: { minutes: Partial<Record<TimeKind, number>>; zone: string }) {
  const f = useFormat(zone)
  const { kind } = useSay(zone)
  return (
    <ul className="zc-daylegend">
      {KINDS.filter((k) => (minutes[k] ?? 0) > 0).map((k) => (
        <li key={k}>
          <i data-kind={k} aria-hidden />
          {kind(k)} <b>{f.duration(minutes[k] as number)}</b>
        </li>
      ))}
    </ul>
  )
}

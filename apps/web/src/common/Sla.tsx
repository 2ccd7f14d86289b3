import { useFormat } from './i18n/format'
import { defineWords, useWords } from './i18n/words'
import { useNow } from './now'
import './Sla.css'
import type { Meaning } from './StateTag'

/** One SLA clock as the server computed it from events. `elapsedMin` counts calendar minutes at `asOf`; it ticks on while `ticking`. */
export type SlaView = {
  state: 'running' | 'paused' | 'met' | 'breached' | 'cancelled'
  targetMin: number
  elapsedMin: number
  asOf: string
  /** False outside the clock's hours, though it is running. */
  ticking?: boolean
  dueAt?: string | null
}

export const slaWords = defineWords({
  'zh-CN': {
    left: '剩 {time}',
    over: '超时 {time}',
    paused: '已暂停，剩 {time}',
    met: '按时',
    cancelled: '不计时',
    due: '截止 {when}',
    used: '已用 {share}',
  },
  'en-US': {
    left: '{time} left',
    over: '{time} over',
    paused: 'Paused, {time} left',
    met: 'On time',
    cancelled: 'Not counted',
    due: 'Due {when}',
    used: '{share} used',
  },
})

/** One clock as orders and visits carry it on the wire. */
export type WireClock = {
  clock: 'response' | 'takeup' | 'arrival' | 'resolve'
  state: SlaView['state']
  open: boolean
  targetMin: number
  elapsedMin: number
  dueAt: string
}

/**
 * A clock of the wire as it was at `asOf` (when the answer came). It ticks on by the wall only while its hours run: as
 * long as what is left of it is what is left to its due time.
 */
export function slaView(c: WireClock, asOf: number): SlaView {
  const wallMin = (Date.parse(c.dueAt) - asOf) / 60_000
  return {
    state: c.state,
    targetMin: c.targetMin,
    elapsedMin: c.elapsedMin,
    asOf: new Date(asOf).toISOString(),
    ticking: c.open && Math.abs(wallMin - (c.targetMin - c.elapsedMin)) < 2,
    dueAt: c.dueAt,
  }
}

/** The clock to show where there is room for one: of those that run, the one with the least left. */
export function mostPressing<C extends WireClock>(clocks: readonly C[]): C | undefined {
  const left = (c: C) => c.targetMin - c.elapsedMin
  return clocks.filter((c) => c.open).sort((a, b) => left(a) - left(b))[0]
}

/** Share used, minutes left (negative when over) and the colour that follows: amber from 75 %, red from the breach on. */
export function readSla(sla: SlaView, now: number): { share: number; leftMin: number; meaning: Meaning } {
  const ticks = (sla.state === 'running' || sla.state === 'breached') && sla.ticking !== false
  const elapsed = sla.elapsedMin + (ticks ? Math.max(0, (now - Date.parse(sla.asOf)) / 60_000) : 0)
  const share = sla.targetMin > 0 ? elapsed / sla.targetMin : 1
  const meaning: Meaning =
    sla.state === 'cancelled'
      ? 'grey'
      : sla.state === 'met'
        ? 'green'
        : sla.state === 'breached' || share >= 1
          ? 'red'
          : sla.state === 'paused' || share >= 0.75
            ? 'amber'
            : 'teal'
  return { share, leftMin: sla.targetMin - elapsed, meaning }
}

function useSla(sla: SlaView, zone?: string) {
  const t = useWords(slaWords)
  const f = useFormat(zone)
  const { share, leftMin, meaning } = readSla(sla, useNow())
  const time = f.duration(Math.abs(leftMin))
  const text =
    sla.state === 'met'
      ? t('met')
      : sla.state === 'cancelled'
        ? t('cancelled')
        : leftMin <= 0
          ? t('over', { time })
          : sla.state === 'paused'
            ? t('paused', { time })
            : t('left', { time })
  const title = [text, t('used', { share: f.percent(share) }), sla.dueAt && t('due', { when: f.when(sla.dueAt) })]
    .filter(Boolean)
    .join(' · ')
  return { share, meaning, text, title }
}

/** The clock as a ring, for cards and dense rows; the words are its label and tooltip. */
export function SlaRing({ sla, size = 18, zone }: { sla: SlaView; size?: number; zone?: string }) {
  const { share, meaning, title } = useSla(sla, zone)
  const r = 7
  const round = 2 * Math.PI * r
  return (
    <svg
      className="zc-sla-ring"
      data-meaning={meaning}
      width={size}
      height={size}
      viewBox="0 0 18 18"
      role="img"
      aria-label={title}
    >
      <title>{title}</title>
      <circle cx="9" cy="9" r={r} className="track" />
      <circle
        cx="9"
        cy="9"
        r={r}
        className="used"
        strokeDasharray={`${Math.min(1, share) * round} ${round}`}
        transform="rotate(-90 9 9)"
      />
      {share >= 1 && sla.state !== 'met' && <path d="M9 5.6v4M9 11.9v.6" className="mark" />}
      {sla.state === 'met' && <path d="m6.2 9.2 2 2 3.6-4" className="mark" />}
      {sla.state === 'paused' && <path d="M7.4 6.8v4.4M10.6 6.8v4.4" className="mark" />}
    </svg>
  )
}

/** The clock in words with its ring: 剩 2 小时 15 分. */
export function SlaClock({ sla, name, zone }: { sla: SlaView; name?: string; zone?: string }) {
  const { meaning, text, title } = useSla(sla, zone)
  return (
    <span className="zc-sla" data-meaning={meaning} title={title}>
      <SlaRing sla={sla} zone={zone} size={16} />
      {name && <span className="name">{name}</span>}
      <span>{text}</span>
    </span>
  )
}

import { useWords } from '../../common/i18n/words'
import './metrics.css'
import { pile } from './period'
import { words } from './words'

export type Dot = { id: string; name: string; note: string | null; value: number; n: number }

/**
 * Where people stand, without a rank: a dot each on the scale of the number, the median as a line. A dot under n = 10 is
 * hollow. Each is a button that says its name and number.
 */
export function DotStrip({
  dots,
  format,
  fullScale,
  onOpen,
  label,
}: {
  dots: Dot[]
  format: (value: number) => string
  /** 0..1 for shares; else from the data. */
  fullScale: boolean
  onOpen: (dot: Dot) => void
  label: string
}) {
  const t = useWords(words)
  const values = dots.map((d) => d.value).sort((a, b) => a - b)
  const low = values[0] ?? 0
  const high = values.at(-1) ?? 1
  // A share starts at the full tens below the lowest, so that dots of 85 to 100 % do not stick together.
  const min = fullScale ? Math.max(0, Math.min(0.9, Math.floor(low * 10) / 10)) : 0
  const max = fullScale ? 1 : high * 1.05 || 1
  const placed = pile(dots, min, max, 0.024)
  const rows = Math.max(1, ...placed.map((d) => d.row + 1))
  const middle = values.length
    ? ((values[Math.floor((values.length - 1) / 2)] as number) +
        (values[Math.ceil((values.length - 1) / 2)] as number)) /
      2
    : null
  const size = rows > 9 ? 10 : 14
  const height = Math.max(72, Math.min(190, rows * (size + 2) + 8))
  const step = Math.min(size + 2, rows > 1 ? (height - 8 - size) / (rows - 1) : 0)
  const at = middle === null ? 0 : ((middle - min) / (max - min || 1)) * 100
  return (
    <div className="zc-strip-dots">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a part of a form. */}
      <div
        className="field"
        role="group"
        aria-label={label}
        style={{ height, '--dot': `${size}px` } as React.CSSProperties}
      >
        {middle !== null && (
          <i className="median" style={{ left: `${at}%`, '--at': `${at}%` } as React.CSSProperties}>
            <span>{t('strip.median', { v: format(middle) })}</span>
          </i>
        )}
        {placed.map((d) => {
          const said = `${t('strip.dot', { name: d.name, value: format(d.value), n: d.n })}${d.n < 10 ? ` · ${t('strip.few')}` : ''}`
          return (
            <button
              key={d.id}
              type="button"
              aria-label={said}
              title={d.note ? `${said} · ${d.note}` : said}
              data-few={d.n < 10 || undefined}
              style={{ left: `${d.x * 100}%`, bottom: 2 + d.row * step }}
              onClick={() => onOpen(d)}
            />
          )
        })}
      </div>
      <div className="scale" aria-hidden>
        {[0, 0.5, 1].map((at) => (
          <span key={at}>{format(min + (max - min) * at)}</span>
        ))}
      </div>
    </div>
  )
}

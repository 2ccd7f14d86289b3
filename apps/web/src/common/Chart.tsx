import { lazy, Suspense } from 'react'
import type { ChartProps } from './chart/engine'
import { Loading } from './states'

const Engine = lazy(() => import('./chart/engine'))

/**
 * A chart in our colours; the library (ECharts: line, bar, scatter) loads when the first chart is shown.
 * `table` is the same data as rows for screen readers; it is not optional, because a picture is no answer to everyone.
 */
export function Chart(props: ChartProps) {
  return (
    <figure style={{ margin: 0, minWidth: 0 }} aria-label={props.label}>
      <div aria-hidden style={{ height: props.height ?? 240 }}>
        <Suspense fallback={<Loading lines={3} />}>
          <Engine {...props} />
        </Suspense>
      </div>
      <table className="zc-hidden">
        <caption>{props.label}</caption>
        <thead>
          <tr>
            {props.table.head.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.table.rows.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                <td key={`${props.table.head[i]}`}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  )
}

/** Planned against actual in the width of a word; the numbers belong in `label`. */
export function Sparkline({
  values,
  against,
  label,
  width = 72,
  height = 20,
  tight,
}: {
  values: number[]
  against?: number[]
  label: string
  width?: number
  height?: number
  /** From the lowest value instead of zero, where only the way it goes is of interest. */
  tight?: boolean
}) {
  const all = [...values, ...(against ?? [])]
  const max = Math.max(...all, 1e-9)
  const min = tight ? Math.min(...all) : Math.min(...all, 0)
  // One axis for both: what has happened so far ends before the plan does.
  const last = Math.max(1, values.length - 1, (against?.length ?? 0) - 1)
  const path = (line: number[]) =>
    line
      .map(
        (v, i) =>
          `${i ? 'L' : 'M'}${((i / last) * (width - 4) + 2).toFixed(1)} ${(height - 2 - ((v - min) / (max - min || 1)) * (height - 4)).toFixed(1)}`,
      )
      .join('')
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      {against && (
        <path d={path(against)} fill="none" stroke="var(--grey-mark)" strokeWidth="1.25" strokeDasharray="3 2" />
      )}
      <path d={path(values)} fill="none" stroke="var(--teal-mark)" strokeWidth="1.75" strokeLinejoin="round" />
    </svg>
  )
}

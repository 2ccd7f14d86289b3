import type { ReactNode } from 'react'
import './layout.css'

/** The fixed head of a page or detail: number, title, states beside it, one primary action and 更多 on the right. */
export function PageHeader({
  title,
  number,
  lead,
  meta,
  actions,
  level = 1,
  children,
}: {
  title: ReactNode
  number?: string
  lead?: ReactNode
  meta?: ReactNode
  actions?: ReactNode
  level?: 1 | 2
  children?: ReactNode
}) {
  const H = level === 1 ? 'h1' : 'h2'
  return (
    <header className="zc-pagehead">
      <div className="main">
        {lead}
        <div className="words">
          {number && <span className="number">{number}</span>}
          <H className="zc-clip">{title}</H>
          {meta && <div className="meta">{meta}</div>}
        </div>
        {actions && <div className="actions">{actions}</div>}
      </div>
      {children}
    </header>
  )
}

/** A titled part of a detail page. */
export function Section({
  title,
  count,
  actions,
  children,
}: {
  title: string
  count?: number
  actions?: ReactNode
  children: ReactNode
}) {
  return (
    <section className="zc-section">
      <header>
        <h2>{title}</h2>
        {count !== undefined && <span className="count">{count}</span>}
        {actions && <div className="actions">{actions}</div>}
      </header>
      {children}
    </section>
  )
}

/** Facts as label and value, in as many columns as fit. */
export function Facts({ rows }: { rows: [label: string, value: ReactNode][] }) {
  return (
    <dl className="zc-facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  )
}

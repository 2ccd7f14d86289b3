// biome-ignore-all lint/a11y/useSemanticElements: virtual: most rows are not in the document, so this cannot be a <table>.
// biome-ignore-all lint/a11y/useFocusableInteractive: the container has the focus and names the active one (aria-activedescendant).
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the keyboard is handled once, on the container.
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp, Columns3 } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useWords } from './i18n/words'
import './layout.css'
import { words } from './layout.words'
import { Popover } from './Popover'
import { recallJson, remember } from './storage'

export type Column<Row> = {
  key: string
  title: string
  /** CSS grid size: `120px`, `minmax(160px, 1fr)`. */
  width: string
  render: (row: Row) => ReactNode
  /** The server can order by it; needs `onSort`. */
  sortable?: boolean
  /** Numbers stand right. */
  number?: boolean
  /** Hidden until chosen in the column menu. */
  optional?: boolean
}
export type Sort = { key: string; dir: 'asc' | 'desc' }
export type DataListProps<Row> = {
  /** Remembers the chosen columns. */
  id: string
  /** What the list is, for screen readers: 工单. */
  label: string
  rows: Row[]
  rowKey: (row: Row) => string
  columns: Column<Row>[]
  /** All rows that match, when fewer are loaded. */
  total?: number
  /** The row whose detail is open. */
  openId?: string | null
  onOpen: (row: Row) => void
  /** Groups consecutive rows; rows have to come sorted by it. */
  groupBy?: (row: Row) => { key: string; label: ReactNode }
  sort?: Sort
  onSort?: (sort: Sort) => void
  /** Chosen rows; with it come check boxes and `x`. */
  selected?: ReadonlySet<string>
  onSelect?: (ids: ReadonlySet<string>) => void
  /** Buttons of the bulk bar. */
  bulk?: (ids: ReadonlySet<string>) => ReactNode
  /** There is a next page: called when the end comes near. */
  onMore?: () => void
  density?: 'normal' | 'compact'
  /** Shown instead of rows when there are none. */
  empty?: ReactNode
  /** Changes that wait: a quiet "3 条更新" that the person opens. */
  updates?: { n: number; show: () => void }
}

type Item<Row> = { kind: 'group'; key: string; label: ReactNode; n: number } | { kind: 'row'; key: string; row: Row }

/** Rows with their group headings; each heading knows how many follow. */
export function flatten<Row>(
  rows: Row[],
  rowKey: (row: Row) => string,
  groupBy?: DataListProps<Row>['groupBy'],
): Item<Row>[] {
  if (!groupBy) return rows.map((row) => ({ kind: 'row', key: rowKey(row), row }))
  const items: Item<Row>[] = []
  let head: Extract<Item<Row>, { kind: 'group' }> | undefined
  for (const row of rows) {
    const group = groupBy(row)
    if (head?.key !== `group:${group.key}`) {
      head = { kind: 'group', key: `group:${group.key}`, label: group.label, n: 0 }
      items.push(head)
    }
    head.n++
    items.push({ kind: 'row', key: rowKey(row), row })
  }
  return items
}

/** A virtual list of records: columns, groups, selection, bulk bar, j/k/Enter/x. Scroll position and active row survive new data. */
export function DataList<Row>(props: DataListProps<Row>) {
  const { id, label, rows, rowKey, columns, openId, onOpen, groupBy, sort, onSort, selected, onSelect, bulk, onMore } =
    props
  const t = useWords(words)
  const scroll = useRef<HTMLDivElement>(null)
  const [shown, setShown] = useState<string[] | undefined>(() => recallJson<string[]>(`zc.columns.${id}`))
  const [active, setActive] = useState<string | null>(null)
  const visible = columns.filter((c) => (shown ? shown.includes(c.key) : !c.optional))
  const items = useMemo(() => flatten(rows, rowKey, groupBy), [rows, rowKey, groupBy])
  const height = props.density === 'compact' ? 28 : 36
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => height,
    getItemKey: (i) => items[i]?.key ?? i,
    overscan: 12,
    scrollMargin: 32,
    scrollPaddingStart: 32,
  })
  const template = `${onSelect ? '16px ' : ''}${visible.map((c) => c.width).join(' ')}`
  const drawn = virtual.getVirtualItems()
  const last = drawn.at(-1)?.index ?? 0

  useEffect(() => {
    if (onMore && items.length && last >= items.length - 20) onMore()
  }, [onMore, last, items.length])

  const at = items.findIndex((item) => item.key === (active ?? openId))
  const moveTo = (index: number, step: 1 | -1) => {
    let i = Math.max(0, Math.min(items.length - 1, index))
    while (items[i]?.kind === 'group') i += step
    const item = items[i]
    if (item?.kind !== 'row') return
    setActive(item.key)
    virtual.scrollToIndex(i, { align: 'auto' })
    // Beside an open detail, moving reads on: the detail follows, as in a mail program.
    if (openId) onOpen(item.row)
  }
  const toggle = (key: string) => {
    if (!onSelect) return
    const next = new Set(selected)
    if (!next.delete(key)) next.add(key)
    onSelect(next)
  }
  // j and k work as soon as the page is open: nobody has to find the list with Tab first.
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if ((e.key !== 'j' && e.key !== 'k') || e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) return
      const focused = document.activeElement
      if ((focused && focused !== document.body && focused.id !== 'page') || document.querySelector('dialog[open]'))
        return
      e.preventDefault()
      scroll.current?.focus({ preventScroll: true })
      scroll.current?.dispatchEvent(new KeyboardEvent('keydown', { key: e.key, bubbles: true }))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (e.target !== e.currentTarget || e.ctrlKey || e.metaKey || e.altKey) return
    const item = items[at]
    if (e.key === 'j' || e.key === 'ArrowDown') moveTo(at + 1, 1)
    else if (e.key === 'k' || e.key === 'ArrowUp') moveTo(at < 0 ? 0 : at - 1, at <= 1 ? 1 : -1)
    else if (e.key === 'Home') moveTo(0, 1)
    else if (e.key === 'End') moveTo(items.length - 1, -1)
    else if (e.key === 'Enter' && item?.kind === 'row') onOpen(item.row)
    else if (e.key === 'x' && item?.kind === 'row') toggle(item.key)
    else if (e.key === 'Escape' && selected?.size) onSelect?.(new Set())
    else return
    e.preventDefault()
  }

  const setColumns = (keys: string[] | undefined) => {
    setShown(keys)
    remember(`zc.columns.${id}`, keys ? JSON.stringify(keys) : null)
  }
  const chosenKeys = visible.map((c) => c.key)

  return (
    <div className="zc-list">
      {props.updates && props.updates.n > 0 && (
        <button type="button" className="zc-updates" onClick={props.updates.show}>
          {t('updates', { n: props.updates.n })}
        </button>
      )}
      <div
        className="scroll"
        ref={scroll}
        role="grid"
        aria-label={label}
        aria-rowcount={props.total ?? rows.length}
        aria-multiselectable={onSelect ? true : undefined}
        aria-activedescendant={at >= 0 && active ? `${id}-${active}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div
          className="inner"
          role="presentation"
          style={{ height: virtual.getTotalSize() + 32, '--columns': template } as React.CSSProperties}
        >
          <div className="row head" role="row">
            {onSelect && (
              <span role="columnheader">
                <input
                  type="checkbox"
                  aria-label={t('selectAll')}
                  checked={!!selected?.size && selected.size >= rows.length}
                  ref={(box) => {
                    if (box) box.indeterminate = !!selected?.size && selected.size < rows.length
                  }}
                  onChange={(e) => onSelect(new Set(e.target.checked ? rows.map(rowKey) : []))}
                />
              </span>
            )}
            {visible.map((c) => {
              const dir = sort?.key === c.key ? sort.dir : undefined
              return (
                <span
                  key={c.key}
                  role="columnheader"
                  className={c.number ? 'num' : undefined}
                  aria-sort={dir && (dir === 'asc' ? 'ascending' : 'descending')}
                >
                  {c.sortable && onSort ? (
                    <button
                      type="button"
                      aria-label={t('sort', { name: c.title })}
                      onClick={() => onSort({ key: c.key, dir: dir === 'asc' ? 'desc' : 'asc' })}
                    >
                      {c.title}
                      {dir === 'asc' && <ArrowUp className="zc-icon" size={12} aria-hidden />}
                      {dir === 'desc' && <ArrowDown className="zc-icon" size={12} aria-hidden />}
                    </button>
                  ) : (
                    c.title
                  )}
                </span>
              )
            })}
          </div>
          {drawn.map((v) => {
            const item = items[v.index]
            if (!item) return null
            const place = { height, transform: `translateY(${v.start - 32}px)`, top: 32 }
            if (item.kind === 'group')
              return (
                <div key={item.key} className="row group" role="row" style={place}>
                  <span role="gridcell">
                    {item.label} <small>{item.n}</small>
                  </span>
                </div>
              )
            const chosen = selected?.has(item.key) ?? false
            return (
              <div
                key={item.key}
                id={`${id}-${item.key}`}
                role="row"
                aria-rowindex={v.index + 1}
                aria-selected={onSelect ? chosen : item.key === openId}
                className={`row data${item.key === openId ? ' open' : ''}${item.key === active ? ' active' : ''}`}
                style={place}
                onClick={(e) => {
                  setActive(item.key)
                  if ((e.ctrlKey || e.metaKey) && onSelect) toggle(item.key)
                  else onOpen(item.row)
                }}
              >
                {onSelect && (
                  <span role="gridcell" onClick={(e) => e.stopPropagation()}>
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={t('select')}
                      checked={chosen}
                      onChange={() => toggle(item.key)}
                    />
                  </span>
                )}
                {visible.map((c) => (
                  <span key={c.key} role="gridcell" className={c.number ? 'num' : undefined}>
                    {c.render(item.row)}
                  </span>
                ))}
              </div>
            )
          })}
        </div>
        {!rows.length && props.empty && (
          <div role="row">
            <div role="gridcell">{props.empty}</div>
          </div>
        )}
      </div>
      {!!selected?.size && bulk && (
        <div className="bulk" role="toolbar" aria-label={t('selected', { n: selected.size })}>
          <span>{t('selected', { n: selected.size })}</span>
          {bulk(selected)}
          <button type="button" className="zc-btn quiet" onClick={() => onSelect?.(new Set())}>
            {t('clear')}
          </button>
        </div>
      )}
      <div className="foot">
        <span role="status">
          {onMore && props.total === undefined
            ? t('rows.more', { n: rows.length })
            : t('rows', { n: props.total ?? rows.length })}
        </span>
        <span className="keys">{t(onSelect ? 'keys.select' : 'keys')}</span>
        <Popover
          up
          right
          trigger={<Columns3 className="zc-icon" size={16} />}
          label={t('columns')}
          triggerClass="zc-btn quiet icon"
        >
          {columns.map((c) => (
            <label key={c.key} className="option">
              <input
                type="checkbox"
                checked={chosenKeys.includes(c.key)}
                disabled={chosenKeys.length === 1 && chosenKeys[0] === c.key}
                onChange={(e) =>
                  setColumns(
                    columns
                      .map((one) => one.key)
                      .filter((key) => (key === c.key ? e.target.checked : chosenKeys.includes(key))),
                  )
                }
              />
              {c.title}
            </label>
          ))}
        </Popover>
      </div>
    </div>
  )
}

import { Clock, Send, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { Popover } from '../../common/Popover'
import { type Bar, type Board, ended } from './board'
import { useFindings } from './findings'
import { words } from './words'

/** What cannot wait, counted in the bar of the page: offers nobody has taken, visits that are late, plans that cannot hold. */
export function Strips({ board, zone, onVisit }: { board: Board; zone: string; onVisit: (id: string) => void }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const now = useNow()
  const { conflict } = useFindings(zone)
  const nameOf = (id: string | null) => board.rows.find((r) => r.engineer.id === id)?.engineer.name ?? t('row.open')
  const barOf = new Map(board.bars.map((b) => [b.visitId, b]))
  const offers = board.bars.filter((b) => b.offer).sort((a, b) => (a.offer?.at ?? '').localeCompare(b.offer?.at ?? ''))
  const late = board.bars.filter(
    (b) => b.late && !ended(b.state) && !['on_site', 'working', 'paused'].includes(b.state),
  )
  const item = (bar: Bar, key: string, note: ReactNode, close: () => void) => (
    <button
      key={key}
      type="button"
      className="option"
      onClick={() => {
        close()
        onVisit(bar.visitId)
      }}
    >
      <span className="strip-item">
        <b className="zc-clip">{bar.customerName}</b>
        <small>{note}</small>
      </span>
    </button>
  )
  const strip = (
    icon: ReactNode,
    label: string,
    n: number,
    meaning: string,
    none: string,
    items: (close: () => void) => ReactNode,
  ) => (
    <Popover
      triggerClass={`zc-chip strip${n ? ' some' : ''}`}
      trigger={
        <>
          <span className="mark" data-meaning={n ? meaning : 'grey'}>
            {icon}
          </span>
          {label} <b>{n}</b>
        </>
      }
    >
      {(close) => (n ? items(close) : <p className="strip-none">{none}</p>)}
    </Popover>
  )
  return (
    <div className="strips">
      {strip(
        <Send className="zc-icon" size={14} aria-hidden />,
        t('strip.offers'),
        offers.length,
        'blue',
        t('strip.offers.none'),
        (close) =>
          offers.map((b) => {
            const over = b.offer?.expiresAt ? now - Date.parse(b.offer.expiresAt) : -1
            return item(
              b,
              b.visitId,
              <>
                {t(b.offer?.opened ? 'offer.opened' : 'offer.unopened', { name: nameOf(b.engineerId) })} ·{' '}
                <span data-meaning={over > 0 ? 'red' : 'grey'} className="tone">
                  {over > 0
                    ? t('offer.overdue', { time: f.duration(over / 60_000) })
                    : t('offer.waiting', { time: f.duration((now - Date.parse(b.offer?.at ?? '')) / 60_000) })}
                </span>
              </>,
              close,
            )
          }),
      )}
      {strip(
        <Clock className="zc-icon" size={14} aria-hidden />,
        t('strip.late'),
        late.length,
        'red',
        t('strip.late.none'),
        (close) =>
          late.map((b) =>
            item(
              b,
              b.visitId,
              `${nameOf(b.engineerId)} · ${t('late.since', { when: f.when(b.promise?.end ?? b.start) })}`,
              close,
            ),
          ),
      )}
      {strip(
        <TriangleAlert className="zc-icon" size={14} aria-hidden />,
        t('strip.conflicts'),
        board.conflicts.length,
        'amber',
        t('strip.conflicts.none'),
        (close) =>
          board.conflicts.flatMap((c) => {
            const b = barOf.get(c.visitId)
            return b ? [item(b, `${c.visitId}${c.code}`, `${nameOf(c.engineerId)} · ${conflict(c)}`, close)] : []
          }),
      )}
    </div>
  )
}

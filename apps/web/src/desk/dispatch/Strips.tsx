import { Clock, Send, TriangleAlert } from 'lucide-react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { Empty } from '../../common/states'
import { type Board, lateBars, openOffers } from './board'
import { useFindings } from './findings'
import { words } from './words'

export const STRIPS = ['offers', 'late', 'conflicts'] as const
export type Strip = (typeof STRIPS)[number]
const ICON = { offers: Send, late: Clock, conflicts: TriangleAlert }
const MEANING = { offers: 'blue', late: 'red', conflicts: 'amber' } as const

/** What cannot wait, counted in the bar of the page: offers nobody has taken, visits that are late, plans that cannot hold. */
export function Strips({
  board,
  open,
  onOpen,
}: {
  board: Board
  open: Strip | null
  onOpen: (strip: Strip | null) => void
}) {
  const t = useWords(words)
  const counts = { offers: openOffers(board).length, late: lateBars(board).length, conflicts: board.conflicts.length }
  return (
    <div className="strips">
      {STRIPS.map((one) => {
        const Icon = ICON[one]
        return (
          <button
            key={one}
            type="button"
            className={`zc-chip strip${counts[one] ? ' some' : ''}${open === one ? ' on' : ''}`}
            aria-pressed={open === one}
            onClick={() => onOpen(open === one ? null : one)}
          >
            <span className="mark" data-meaning={counts[one] ? MEANING[one] : 'grey'}>
              <Icon className="zc-icon" size={14} aria-hidden />
            </span>
            {t(`strip.${one}`)} <b>{counts[one]}</b>
          </button>
        )
      })}
    </div>
  )
}

/** The visits behind a count; each opens, and closing it comes back here. */
export function StripList({
  board,
  strip,
  zone,
  onVisit,
  onHover,
}: {
  board: Board
  strip: Strip
  zone: string
  onVisit: (id: string) => void
  onHover: (id: string | null) => void
}) {
  const t = useWords(words)
  const f = useFormat(zone)
  const now = useNow()
  const { conflict } = useFindings(zone)
  const nameOf = (id: string | null) => board.rows.find((r) => r.engineer.id === id)?.engineer.name ?? t('row.open')
  const barOf = new Map(board.bars.map((b) => [b.visitId, b]))
  const items =
    strip === 'offers'
      ? openOffers(board).map((b) => {
          const over = b.offer?.expiresAt ? now - Date.parse(b.offer.expiresAt) : -1
          return {
            key: b.visitId,
            bar: b,
            note: t(b.offer?.opened ? 'offer.opened' : 'offer.unopened', { name: nameOf(b.engineerId) }),
            tone: over > 0 ? ('red' as const) : ('grey' as const),
            more:
              over > 0
                ? t('offer.overdue', { time: f.duration(over / 60_000) })
                : t('offer.waiting', { time: f.duration((now - Date.parse(b.offer?.at ?? '')) / 60_000) }),
          }
        })
      : strip === 'late'
        ? lateBars(board).map((b) => ({
            key: b.visitId,
            bar: b,
            note: nameOf(b.engineerId),
            tone: 'red' as const,
            more: t('late.since', { when: f.when(b.promise?.end ?? b.start) }),
          }))
        : board.conflicts.flatMap((c) => {
            const bar = barOf.get(c.visitId)
            return bar
              ? [
                  {
                    key: `${c.visitId}${c.code}`,
                    bar,
                    note: nameOf(c.engineerId),
                    tone: 'amber' as const,
                    more: conflict(c),
                  },
                ]
              : []
          })
  if (items.length === 0) return <Empty title={t(`strip.${strip}.none`)} />
  return (
    <ul className="strip-list">
      {items.map((one) => (
        <li key={one.key}>
          <button
            type="button"
            onClick={() => onVisit(one.bar.visitId)}
            onPointerEnter={() => onHover(one.bar.visitId)}
            onPointerLeave={() => onHover(null)}
          >
            <b className="zc-clip">{one.bar.customerName}</b>
            <small className="zc-clip">{one.bar.title}</small>
            <span>{one.note}</span>
            <span data-meaning={one.tone} className="tone">
              {one.more}
            </span>
          </button>
        </li>
      ))}
    </ul>
  )
}

import { Link } from '@tanstack/react-router'
import { CircleCheck, MapPin, Search, Users, Video } from 'lucide-react'
import { type KeyboardEvent, memo, useMemo, useState } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { SlaRing } from '../../common/Sla'
import { Tag } from '../../common/StateTag'
import { Empty } from '../../common/states'
import { DragCard } from '../../common/timeline/drop'
import { type Board, type Card, matches, plainTitle, shortAddress, slaOfCard } from './board'
import { words } from './words'

/** The face of an order that waits for somebody: in the list, and under the pointer while it is dragged. */
export const CardFace = memo(function CardFace({ card, asOf, zone }: { card: Card; asOf: string; zone: string }) {
  const t = useWords(words)
  const f = useFormat(zone)
  const sla = slaOfCard(card, asOf)
  return (
    <>
      <span className="line">
        {sla && <SlaRing sla={sla} zone={zone} />}
        <b className="zc-clip">{card.customerName}</b>
        {card.late && <Tag meaning="red">{t('card.late')}</Tag>}
        {(card.priority === 'urgent' || card.priority === 'high') && (
          <Tag meaning={card.priority === 'urgent' ? 'red' : 'amber'}>{t(`priority.${card.priority}`)}</Tag>
        )}
      </span>
      <span className="title zc-clip">{plainTitle(card)}</span>
      <span className="facts">
        <span className={card.promise ? 'zc-clip' : 'zc-clip quiet'}>
          {card.promise
            ? f.range(card.promise.start, card.promise.end)
            : card.dueAt
              ? t('card.due', { when: f.when(card.dueAt) })
              : t('card.noWindow')}
        </span>
        <span className="length">{f.duration(card.durationMin)}</span>
      </span>
      {(card.address || card.mode !== 'onsite') && (
        <span className="facts quiet">
          {card.mode === 'onsite' ? (
            <MapPin className="zc-icon" size={13} aria-hidden />
          ) : (
            <Video className="zc-icon" size={13} aria-hidden />
          )}
          <span className="zc-clip">
            {card.mode === 'onsite'
              ? shortAddress(card.address ?? '')
              : t(`mode.${card.mode as 'remote' | 'resident'}`)}
          </span>
        </span>
      )}
      {(card.skills.length > 0 || card.crew > 1) && (
        <span className="skills">
          {card.crew > 1 && (
            <span className="skill">
              <Users className="zc-icon" size={12} aria-hidden />
              {card.crewHave > 0
                ? t('card.crewHave', { n: card.crew, have: card.crewHave })
                : t('card.crew', { n: card.crew })}
            </span>
          )}
          {card.skills.map((s) => (
            <span key={s.code} className="skill">
              {t('skill.level', { skill: s.name, level: s.level })}
            </span>
          ))}
        </span>
      )}
      {card.remaining && <span className="remaining">{t('card.remaining', { text: card.remaining })}</span>}
    </>
  )
})

/** Orders that wait for somebody, the most urgent first. Click or Enter opens the candidates; a card can be dragged. */
export function Cards({
  board,
  zone,
  openId,
  hovered,
  onOpen,
  onHover,
}: {
  board: Board
  zone: string
  openId: string | null
  hovered: string | null
  onOpen: (orderId: string) => void
  onHover: (orderId: string | null) => void
}) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const [lateOnly, setLateOnly] = useState(false)
  const late = board.unassigned.filter((c) => c.late).length
  const shown = useMemo(
    () => board.unassigned.filter((c) => (!lateOnly || c.late) && matches(c, typed)),
    [board.unassigned, lateOnly, typed],
  )

  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return
    const step = e.key === 'ArrowDown' || e.key === 'j' ? 1 : e.key === 'ArrowUp' || e.key === 'k' ? -1 : 0
    if (!step || (e.target as HTMLElement).closest('input')) return
    const cards = [...e.currentTarget.querySelectorAll<HTMLElement>('button.card')]
    const at = cards.indexOf(document.activeElement as HTMLElement)
    cards[Math.max(0, Math.min(cards.length - 1, at + step))]?.focus()
    e.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/noNoninteractiveElementInteractions: arrows move between the buttons inside.
    <section className="cards" aria-label={t('unassigned')} onKeyDown={onKeyDown}>
      <header>
        <h2>{t('unassigned')}</h2>
        <span className="count">{board.unassignedTotal}</span>
        {late > 0 && (
          <button
            type="button"
            className={`zc-chip${lateOnly ? ' on' : ''}`}
            aria-pressed={lateOnly}
            onClick={() => setLateOnly(!lateOnly)}
          >
            {t('unassigned.late')} <b>{late}</b>
          </button>
        )}
      </header>
      <div className="find">
        <Search className="zc-icon" size={15} aria-hidden />
        <input
          type="search"
          className="zc-input"
          aria-label={t('unassigned.search')}
          placeholder={t('unassigned.search')}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      </div>
      <div className="list">
        {shown.map((card) => (
          <DragCard key={card.orderId} id={card.orderId} lengthMin={card.durationMin} disabled={!card.can.assign}>
            <button
              type="button"
              className={`card${card.orderId === hovered ? ' hovered' : ''}`}
              aria-pressed={card.orderId === openId}
              data-order={card.orderId}
              onClick={() => onOpen(card.orderId)}
              onPointerEnter={() => onHover(card.orderId)}
              onPointerLeave={() => onHover(null)}
              onFocus={() => onHover(card.orderId)}
              onBlur={() => onHover(null)}
            >
              <CardFace card={card} asOf={board.asOf} zone={zone} />
            </button>
          </DragCard>
        ))}
        {board.unassigned.length === 0 ? (
          <Empty
            icon={CircleCheck}
            title={t('unassigned.none.title')}
            action={
              <Link className="zc-btn" to={'/orders' as string} search={{ tab: 'new' } as never}>
                {t('unassigned.none.action')}
              </Link>
            }
          >
            {t('unassigned.none.text')}
          </Empty>
        ) : (
          shown.length === 0 && (
            <Empty
              icon={Search}
              title={t('unassigned.nomatch')}
              action={
                <button
                  type="button"
                  className="zc-btn"
                  onClick={() => {
                    setTyped('')
                    setLateOnly(false)
                  }}
                >
                  {t('unassigned.clear')}
                </button>
              }
            />
          )
        )}
        {board.unassignedTotal > board.unassigned.length && (
          <p className="note">{t('unassigned.shown', { total: board.unassignedTotal, n: board.unassigned.length })}</p>
        )}
      </div>
    </section>
  )
}

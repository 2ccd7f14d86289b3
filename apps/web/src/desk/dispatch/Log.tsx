import { Link } from '@tanstack/react-router'
import { CalendarClock, CornerUpLeft, MoveHorizontal, Repeat, Send, UserCheck } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { joinClauses } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { Empty, ErrorState, Loading } from '../../common/states'
import { type FeedEvent, TimelineFeed } from '../../common/TimelineFeed'
import { toast } from '../../common/toast'
import { useFindings } from './findings'
import { words } from './words'

type Move = Reply<'GET /api/dispatch/log'>['rows'][number]
const ICON = { assign: UserCheck, offer: Send, reassign: Repeat, recall: CornerUpLeft, move: MoveHorizontal }

function useEvent(zone: string) {
  const t = useWords(words)
  const f = useFormat(zone)
  const { finding } = useFindings(zone)
  return (m: Move): FeedEvent => {
    const order = (
      <Link to={`/orders/${m.orderId}` as string} title={m.title}>
        {m.orderNumber ?? m.title}
      </Link>
    )
    const name = m.to.engineerName ?? t('row.open')
    const from = m.from?.engineerName ?? t('row.open')
    const when = f.when(m.to.start)
    // The words say where the order stands in the sentence; the link goes there.
    const sentence = (text: string) => {
      const [before, after] = text.split('\u0000')
      return (
        <>
          {before}
          {order}
          {after}
        </>
      )
    }
    const O = '\u0000'
    const text =
      m.verb === 'assign'
        ? t('log.assign', { order: O, name, when })
        : m.verb === 'offer'
          ? t('log.offer', { order: O, name })
          : m.verb === 'recall'
            ? t('log.recall', { order: O, from })
            : m.from && m.from.engineerId !== m.to.engineerId
              ? t('log.reassign', { order: O, from, name, when })
              : t('log.move', { order: O, before: m.from ? f.when(m.from.start) : '', when })
    const rank = m.rank === null ? null : String(m.rank)
    return {
      id: m.id,
      at: m.at,
      actor: m.by.id ? { id: m.by.id, name: m.by.name } : null,
      text: sentence(text),
      icon: ICON[m.verb],
      meaning: m.madeBy === 'person' ? (m.overridden.length ? 'amber' : 'blue') : 'violet',
      reason: m.reason,
      more: (
        <div className="against">
          {rank && (
            <span>
              {m.cost === null
                ? t('log.rankOnly', { rank })
                : t('log.rank', { rank, cost: f.number(Math.round(m.cost)) })}
            </span>
          )}
          {m.alternative && (
            <span>
              {t('log.alternative', {
                name: m.alternative.engineerName,
                rank: m.alternative.rank,
                cost: f.number(Math.round(m.alternative.cost)),
              })}
            </span>
          )}
          {m.overridden.length > 0 && (
            <span data-meaning="red" className="over">
              {t('log.overridden', { what: joinClauses(m.overridden.map((one) => finding(one))) })}
            </span>
          )}
        </div>
      ),
    }
  }
}

/** Who or which rule placed what, when, why, and who else could have gone. Of one order or visit, or of all. */
export function Log({ zone, orderId, visitId }: { zone: string; orderId?: string; visitId?: string }) {
  const t = useWords(words)
  const event = useEvent(zone)
  const query = { ...(orderId ? { orderId } : {}), ...(visitId ? { visitId } : {}), limit: 30 }
  const first = useCall('GET /api/dispatch/log', { query }, { watch: ['visit'] })
  const [older, setOlder] = useState<{ rows: Move[]; next: string | null } | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => setOlder(null), [orderId, visitId])

  if (first.error) return <ErrorState error={first.error} onRetry={() => void first.refetch()} />
  if (!first.data) return <Loading lines={6} />
  if (first.data.rows.length === 0)
    return (
      <Empty icon={CalendarClock} title={t('log.empty.title')}>
        {t('log.empty.text')}
      </Empty>
    )
  const fresh = new Set(first.data.rows.map((m) => m.id))
  const rows = [...first.data.rows, ...(older?.rows.filter((m) => !fresh.has(m.id)) ?? [])]
  const next = older ? older.next : first.data.next
  return (
    <div className="log">
      <TimelineFeed events={rows.map(event)} zone={zone} label={t('log')} />
      {next && (
        <button
          type="button"
          className="zc-btn quiet"
          disabled={busy}
          onClick={() => {
            setBusy(true)
            call('GET /api/dispatch/log', { query: { ...query, after: next } })
              .then((page) => setOlder({ rows: [...(older?.rows ?? []), ...page.rows], next: page.next }))
              .catch((error: unknown) => toast(asApiError(error).title))
              .finally(() => setBusy(false))
          }}
        >
          {t('log.more')}
        </button>
      )}
    </div>
  )
}

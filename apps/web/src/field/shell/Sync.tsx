import { CloudOff, Download, RefreshCw, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useLiveState } from '../../common/live/live'
import { useNow } from '../../common/now'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { useStatus } from '../../offline'
import { useUpdate } from '../../offline/worker'
import { Link, navigate, usePath } from '../router'
import { words } from './sync.words'

export const OUTBOX = '/m/outbox'
/** What goes within a moment is not worth moving the page for. */
const QUIET_MS = 4_000

/** Whether the phone has no contact: the browser says so, or the last exchange came to nothing. */
function useAway(): boolean {
  const { contact } = useStatus()
  return useLiveState() === 'offline' || contact === false
}

/** One line under the top of every page while something waits, asks or is wrong; it leads to the outbox. */
export function SyncStrip() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const s = useStatus()
  const now = useNow(5_000)
  const away = useAway()
  const path = usePath()
  const update = useUpdate()
  const before = useRef<number>(undefined)
  useEffect(() => {
    if (!s.ready) return
    // What asked already when the app was opened stands in the strip; what is new says so.
    if (before.current !== undefined && s.asking > before.current && path !== OUTBOX)
      toast(t('refusedToast'), { undo: () => navigate(OUTBOX), undoLabel: t('see') })
    before.current = s.asking
  }, [s.asking, s.ready, path, t])
  const old = s.oldest !== null && now - s.oldest > QUIET_MS
  const minutes = s.oldest === null ? 0 : (now - s.oldest) / 60_000
  const waits =
    minutes < 1 ? t('waiting.now', { n: s.waiting }) : t('waiting', { n: s.waiting, age: f.relative(s.oldest ?? now) })
  const said = s.full
    ? t('full')
    : s.asking > 0
      ? t('asking', { n: s.asking })
      : s.waiting > 0 && (old || away)
        ? s.busy && !away
          ? t('sending', { n: s.waiting })
          : waits
        : s.ready && away
          ? s.syncedAt === null
            ? t('offline.never')
            : t('offline', { when: f.when(s.syncedAt) })
          : s.waiting > 0 && !s.durable
            ? t('volatile')
            : null
  const bad = s.full || s.asking > 0
  const Icon = bad ? TriangleAlert : away ? CloudOff : RefreshCw
  return (
    <>
      {said && path !== OUTBOX && (
        <Link to={OUTBOX} className="zc-sync" data-bad={bad || undefined}>
          <Icon className="zc-icon" size={16} aria-hidden />
          <span role="status">{said}</span>
        </Link>
      )}
      {update && (
        <button type="button" className="zc-sync" onClick={update}>
          <Download className="zc-icon" size={16} aria-hidden />
          {t('update')}
        </button>
      )}
    </>
  )
}

/** How fresh the screen is, in the bar of a tab; one tap from there to the outbox. */
export function SyncMark() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const s = useStatus()
  const away = useAway()
  useNow(30_000)
  return (
    <Link
      to={OUTBOX}
      className="zc-live zc-syncmark"
      data-state={away ? 'offline' : s.syncedAt === null ? 'connecting' : 'live'}
    >
      {away ? t('synced.no') : s.syncedAt === null ? t('synced.first') : t('synced', { when: f.relative(s.syncedAt) })}
    </Link>
  )
}

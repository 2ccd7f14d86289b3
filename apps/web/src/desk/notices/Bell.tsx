import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import {
  Activity,
  AtSign,
  Bell as BellIcon,
  ClipboardList,
  Gauge,
  LifeBuoy,
  type LucideIcon,
  MessageCircleWarning,
  NotebookPen,
  UserCheck,
} from 'lucide-react'
import { noticePlace } from '#contracts/words/notices'
import { call } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { type Notice, type NoticeGroup, useNoticeText } from '../../common/notices'
import { Popover } from '../../common/Popover'
import { Loading } from '../../common/states'
import './notices.css'
import { words } from './words'

const ICONS: Record<NoticeGroup, LucideIcon> = {
  dispatch: ClipboardList,
  checkin: UserCheck,
  request: LifeBuoy,
  talk: AtSign,
  survey: MessageCircleWarning,
  project: Gauge,
  report: NotebookPen,
  operations: Activity,
}

/** A thread's notice names the visit, not its order: the visit is asked which order it belongs to. */
async function findPlace(n: Notice): Promise<string | null> {
  const known = noticePlace(n, 'desk')
  if (known || n.subject.kind !== 'visit') return known
  const visit = await call('GET /api/visits/:id', { params: { id: n.subject.id } }).catch(() => null)
  return visit && `/orders/${visit.orderId}`
}

/** One notice as a row: opens its subject and is read by that. */
export function NoticeRow({ notice: n, onGone }: { notice: Notice; onGone?: () => void }) {
  const t = useWords(words)
  const say = useNoticeText()
  const f = useFormat()
  const navigate = useNavigate()
  const client = useQueryClient()
  const Icon = ICONS[n.group]
  const said = say(n)
  return (
    <button
      type="button"
      className="notice"
      data-unread={!n.readAt || undefined}
      data-urgent={n.urgency === 'urgent' || undefined}
      onClick={async () => {
        if (!n.readAt)
          void call('POST /api/notices/read', { body: { ids: [n.id] } }).then(() =>
            client.invalidateQueries({ queryKey: ['GET /api/notices'] }),
          )
        onGone?.()
        const place = await findPlace(n)
        if (place) void navigate({ to: place })
      }}
    >
      <Icon className="zc-icon" size={16} aria-hidden />
      <span>
        <b>{said.title}</b>
        {n.count > 1 && <em>{t('count', { n: n.count })}</em>}
        <span className="text">{said.text}</span>
        {!n.readAt && <span className="zc-hidden">{t('isUnread')}</span>}
      </span>
      <time dateTime={n.createdAt}>{f.relative(n.createdAt)}</time>
    </button>
  )
}

/** The bell of the top bar: how many are unread, live, and the newest of them. */
export function Bell() {
  const t = useWords(words)
  const client = useQueryClient()
  const notices = useCall('GET /api/notices', { query: { limit: 15 } }, { watch: ['notice'] })
  const unread = notices.data?.unread ?? 0
  return (
    <Popover
      right
      triggerClass="zc-btn quiet icon notice-bell"
      label={t('bell', { n: unread })}
      trigger={
        <>
          <BellIcon className="zc-icon" size={18} aria-hidden />
          {unread > 0 && <span className="badge">{unread > 99 ? '99+' : unread}</span>}
        </>
      }
    >
      {(close) => (
        <div className="notice-panel">
          <header>
            <b>{t('title')}</b>
            {unread > 0 && (
              <button
                type="button"
                className="zc-btn quiet"
                onClick={() =>
                  void call('POST /api/notices/read', { body: {} }).then(() =>
                    client.invalidateQueries({ queryKey: ['GET /api/notices'] }),
                  )
                }
              >
                {t('all')}
              </button>
            )}
          </header>
          {!notices.data ? (
            <Loading shape="rows" lines={4} />
          ) : notices.data.rows.length === 0 ? (
            <p className="none">{t('empty.text')}</p>
          ) : (
            notices.data.rows.map((n) => <NoticeRow key={n.id} notice={n} onGone={close} />)
          )}
          <Link to="/notices" className="option" onClick={close}>
            {t('see')}
          </Link>
        </div>
      )}
    </Popover>
  )
}

import { CircleDot, CloudOff, Cog, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Avatar } from './Avatar'
import { localDate, useFormat } from './i18n/format'
import { defineWords, useWords } from './i18n/words'
import './Feed.css'
import type { Meaning } from './StateTag'

export const feedWords = defineWords({
  'zh-CN': { system: '系统', offline: '离线时记录', late: '{at} 发生，{arrived} 补传', reason: '原因：{text}' },
  'en-US': {
    system: 'System',
    offline: 'Recorded offline',
    late: 'Happened {at}, sent {arrived}',
    reason: 'Reason: {text}',
  },
})

/** One event, already worded from its code and params by the scene. */
export type FeedEvent = {
  id: string
  at: string
  /** Null: the system or a rule did it. */
  actor: { id: string; name: string } | null
  /** What happened, with its object: 指派给 张伟. */
  text: ReactNode
  icon?: LucideIcon
  meaning?: Meaning
  reason?: string | null
  offline?: boolean
  /** When it was recorded, where that was so much later that it matters. */
  arrivedAt?: string
  /** Evidence, a link, a value that changed. */
  more?: ReactNode
}

/** What happened, newest first or oldest first as given, with a heading a day. */
export function TimelineFeed({ events, zone, label }: { events: FeedEvent[]; zone?: string; label: string }) {
  const t = useWords(feedWords)
  const f = useFormat(zone)
  let day = ''
  return (
    <ol className="zc-feed" aria-label={label}>
      {events.map((e) => {
        const date = localDate(e.at, zone ?? 'Asia/Shanghai')
        const newDay = date !== day
        day = date
        const Icon = e.icon ?? CircleDot
        return (
          <li key={e.id}>
            {newDay && <div className="day">{f.date(e.at)}</div>}
            <div className="event">
              <span className="dot" data-meaning={e.meaning ?? 'grey'}>
                <Icon className="zc-icon" size={14} aria-hidden />
              </span>
              <div className="what">
                <span className="who">
                  {e.actor ? (
                    <>
                      <Avatar id={e.actor.id} name={e.actor.name} size={18} /> {e.actor.name}
                    </>
                  ) : (
                    <>
                      <Cog className="zc-icon" size={14} aria-hidden /> {t('system')}
                    </>
                  )}
                </span>{' '}
                {e.text}
                {e.reason && <p>{t('reason', { text: e.reason })}</p>}
                {e.more}
                {(e.offline || e.arrivedAt) && (
                  <small>
                    <CloudOff className="zc-icon" size={12} aria-hidden />{' '}
                    {e.arrivedAt
                      ? t('late', {
                          at: f.time(e.at),
                          // The next morning's minute says nothing without its day.
                          arrived:
                            localDate(e.arrivedAt, zone ?? 'Asia/Shanghai') === date
                              ? f.time(e.arrivedAt)
                              : f.when(e.arrivedAt),
                        })
                      : t('offline')}
                  </small>
                )}
              </div>
              <time dateTime={e.at}>{f.time(e.at)}</time>
            </div>
          </li>
        )
      })}
    </ol>
  )
}

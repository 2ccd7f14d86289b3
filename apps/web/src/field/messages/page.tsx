import { useQueryClient } from '@tanstack/react-query'
import { Bell, MessageCircle } from 'lucide-react'
import { useState } from 'react'
import { noticePlace } from '#contracts/words/notices'
import { Avatar } from '../../common/Avatar'
import { call } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { byDay, type NoticeGroup, useGroupName, useNoticeText } from '../../common/notices'
import { useAbility, useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import type { VisitCard } from '../../offline/visits'
import { navigate } from '../router'
import { FieldBar } from '../shell/Shell'
import { useToday } from '../today/useToday'
import { isOver } from '../visit/next'
import '../visit/visit.css'
import './messages.css'
import { words } from './words'

function Notices() {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const say = useNoticeText(me.zone)
  const client = useQueryClient()
  const [limit, setLimit] = useState(50)
  const [group, setGroup] = useState<NoticeGroup | null>(null)
  const groupName = useGroupName()
  const list = useCall(
    'GET /api/notices',
    { query: { limit, ...(group ? { group } : {}) } },
    { watch: ['notice'], placeholderData: (before) => before },
  )
  const read = (which: { ids?: string[]; group?: NoticeGroup }) =>
    call('POST /api/notices/read', { body: which }).then(
      () => client.invalidateQueries({ queryKey: ['GET /api/notices'] }),
      () => {},
    )
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />
  if (!list.data) return <Loading shape="rows" lines={6} />
  const { rows, next, groups } = list.data
  const shown = groups.filter((g) => g.unread > 0 || g.group === group)
  const unread = (group ? shown.filter((g) => g.group === group) : shown).reduce((sum, g) => sum + g.unread, 0)
  if (!rows.length && !group)
    return (
      <Empty icon={Bell} title={t('empty')}>
        {t('empty.text')}
      </Empty>
    )
  return (
    <>
      {(shown.length > 1 || group) && (
        <fieldset className="zc-groups">
          <legend className="zc-hidden">{t('groups')}</legend>
          {shown.map((g) => (
            <button
              key={g.group}
              type="button"
              className="zc-chip"
              aria-pressed={g.group === group}
              onClick={() => setGroup(g.group === group ? null : g.group)}
            >
              {groupName(g.group)} {g.unread > 0 && <b>{g.unread}</b>}
            </button>
          ))}
        </fieldset>
      )}
      {unread > 0 && (
        <button type="button" className="zc-btn quiet zc-readall" onClick={() => void read(group ? { group } : {})}>
          {t('readAll')}
        </button>
      )}
      {byDay(rows, f.date).map((d) => (
        <section key={d.day} aria-label={d.day}>
          <h2 className="zc-day">{d.day}</h2>
          <ul className="zc-inbox">
            {d.rows.map((n) => {
              const to = noticePlace(n, 'field')
              const said = say(n)
              return (
                <li key={n.id}>
                  <button
                    type="button"
                    data-unread={!n.readAt || undefined}
                    data-urgent={(!n.readAt && n.urgency === 'urgent') || undefined}
                    onClick={() => {
                      if (!n.readAt) void read({ ids: [n.id] })
                      if (to) navigate(to)
                    }}
                  >
                    <span>
                      {!n.readAt && <span className="zc-hidden">{t('unread')} </span>}
                      <b>{said.title}</b>
                      {n.count > 1 && <em>{t('times', { n: n.count })}</em>}
                      <small className="block">{said.text}</small>
                    </span>
                    <time dateTime={n.createdAt}>{f.relative(n.createdAt)}</time>
                  </button>
                </li>
              )
            })}
          </ul>
        </section>
      ))}
      {next && limit < 200 && (
        <button type="button" className="zc-btn zc-earlier" onClick={() => setLimit(200)}>
          {t('more')}
        </button>
      )}
    </>
  )
}

function ThreadRow({ visit }: { visit: VisitCard }) {
  const t = useWords(words)
  const me = useMe()
  const f = useFormat(me.zone)
  const thread = useCall(
    'GET /api/threads/:kind/:id',
    { params: { kind: 'order', id: visit.orderId }, query: { limit: 1 } },
    { watch: [{ aggregate: 'thread', id: visit.orderId }] },
  )
  const last = thread.data?.messages.at(-1)
  const unread = thread.data?.unread ?? 0
  return (
    <li>
      <button
        type="button"
        data-unread={unread > 0 || undefined}
        onClick={() => navigate(`/m/messages/order/${visit.orderId}`)}
      >
        {last ? <Avatar id={last.author.id} name={last.author.name} size={36} /> : null}
        <span className="min-w-0 flex-1">
          <b className="zc-clip block">{visit.customer.name}</b>
          <small className="zc-clip block">
            {last ? `${last.author.name}：${last.body || t('photo')}` : t('quiet')}
          </small>
        </span>
        <time>{unread > 0 ? t('count', { n: unread }) : last ? f.relative(last.writtenAt) : ''}</time>
      </button>
    </li>
  )
}

function Threads() {
  const t = useWords(words)
  const day = useToday()
  if (day.error && !day.data) return <ErrorState error={day.error} onRetry={day.again} />
  if (!day.data) return <Loading shape="rows" lines={4} />
  const seen = new Set<string>()
  const visits = [...day.data.offers, ...day.data.visits].filter((v) => {
    if (seen.has(v.orderId) || (isOver(v) && v.state !== 'finished')) return false
    return seen.add(v.orderId)
  })
  if (!visits.length)
    return (
      <Empty icon={MessageCircle} title={t('threads.empty')}>
        {t('threads.empty.text')}
      </Empty>
    )
  return (
    <ul className="zc-inbox">
      {visits.map((v) => (
        <ThreadRow key={v.orderId} visit={v} />
      ))}
    </ul>
  )
}

/** 消息: what I was told, and where we talk. */
export default function MessagesPage() {
  const t = useWords(words)
  const works = useAbility('visit.work')
  const [which, setWhich] = useState<'notices' | 'threads'>(location.hash === '#threads' ? 'threads' : 'notices')
  const show = (next: typeof which) => {
    setWhich(next)
    history.replaceState(history.state, '', `/m/messages${next === 'threads' ? '#threads' : ''}`)
  }
  return (
    <>
      <FieldBar title={t('title')} />
      {works && (
        <fieldset className="zc-choice zc-which">
          <legend className="zc-hidden">{t('title')}</legend>
          {(['notices', 'threads'] as const).map((one) => (
            <label key={one}>
              <input
                className="zc-hidden"
                type="radio"
                name="which"
                checked={which === one}
                onChange={() => show(one)}
              />
              {t(one)}
            </label>
          ))}
        </fieldset>
      )}
      {which === 'threads' && works ? <Threads /> : <Notices />}
    </>
  )
}

import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { BellOff, Settings2 } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../common/api/call'
import { usePages } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { byDay, type NoticeGroup, useGroupName } from '../../common/notices'
import { PageHeader } from '../../common/PageHeader'
import { Empty, ErrorState, Loading } from '../../common/states'
import { NoticeRow } from './Bell'
import { words } from './words'

/** Everything that was told to this person, newest first, under its day. */
export default function Notices() {
  const t = useWords(words)
  const f = useFormat()
  const groupName = useGroupName()
  const client = useQueryClient()
  const [unread, setUnread] = useState(false)
  const [group, setGroup] = useState<NoticeGroup | null>(null)
  const list = usePages(
    'GET /api/notices',
    { query: { limit: 50, ...(unread ? { unread: 'true' as const } : {}), ...(group ? { group } : {}) } },
    { watch: ['notice'] },
  )
  const groups = list.first?.groups.filter((g) => g.unread > 0 || g.group === group) ?? []
  const waiting = group ? (groups.find((g) => g.group === group)?.unread ?? 0) : (list.first?.unread ?? 0)
  return (
    <section className="notices" aria-label={t('title')}>
      <PageHeader
        title={t('title')}
        actions={
          <>
            <label className="notices-unread">
              <input type="checkbox" checked={unread} onChange={(e) => setUnread(e.target.checked)} /> {t('unread')}
            </label>
            {waiting > 0 && (
              <button
                type="button"
                className="zc-btn"
                onClick={() =>
                  void call('POST /api/notices/read', { body: group ? { group } : {} }).then(() =>
                    client.invalidateQueries({ queryKey: ['GET /api/notices'] }),
                  )
                }
              >
                {group ? t('all.group', { group: groupName(group) }) : t('all')}
              </button>
            )}
            <Link to={'/notices/settings' as '/'} className="zc-btn quiet">
              <Settings2 className="zc-icon" size={16} aria-hidden /> {t('settings')}
            </Link>
          </>
        }
      />
      {groups.length > 0 && (
        <fieldset className="notices-groups">
          <legend className="zc-hidden">{t('groups')}</legend>
          {groups.map((g) => (
            <button
              key={g.group}
              type="button"
              className="zc-chip"
              aria-pressed={g.group === group}
              onClick={() => setGroup(g.group === group ? null : g.group)}
            >
              {groupName(g.group)} {g.unread > 0 && <small>{g.unread}</small>}
            </button>
          ))}
        </fieldset>
      )}
      {list.error && !list.first ? (
        <ErrorState error={list.error} onRetry={list.again} />
      ) : list.loading ? (
        <Loading shape="rows" lines={10} />
      ) : list.rows.length === 0 ? (
        <Empty icon={BellOff} title={unread || group ? t('empty.unread') : t('empty.title')}>
          {t('empty.text')}
        </Empty>
      ) : (
        <div className="notices-rows">
          {byDay(list.rows, f.date).map((d) => (
            <section key={d.day} aria-label={d.day}>
              <h2>{d.day}</h2>
              {d.rows.map((n) => (
                <NoticeRow key={n.id} notice={n} />
              ))}
            </section>
          ))}
          {list.hasMore && (
            <button type="button" className="zc-btn quiet" onClick={list.more}>
              {t('more')}
            </button>
          )}
        </div>
      )}
    </section>
  )
}

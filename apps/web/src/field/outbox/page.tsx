import { CircleAlert, CircleCheck, CircleDashed, CloudOff, RefreshCw, TriangleAlert } from 'lucide-react'
import { useMemo } from 'react'
import { useConfirm } from '../../common/Confirm'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { type Meaning, Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty } from '../../common/states'
import { type Item, useItems, useOffline, useRow, useStatus } from '../../offline'
import { asksPerson, blockerOf, isPending } from '../../offline/outbox'
import { Link } from '../router'
import { FieldBar } from '../shell/Shell'
import '../visit/visit.css'
import { Conflict } from './Conflict'
import { words as commandWords } from './commands.words'
import './outbox.css'
import { Decided, OtherConflicts } from './Office'
import { Storage } from './Storage'
import { words } from './words'

const LOOK = {
  waiting: ['amber', CircleDashed],
  blocked: ['grey', CircleDashed],
  sending: ['teal', RefreshCw],
  taken: ['green', CircleCheck],
  refused: ['red', TriangleAlert],
  conflict: ['amber', CircleAlert],
} as const satisfies Record<string, readonly [Meaning, typeof CircleCheck]>

/** Where an item belongs in the eyes of a person: its customer, and the page to open. */
function useAbout(item: Item): { name: string | null; to: string | null } {
  const document = useRow('document', item.subject)
  const visit = useRow('visit', document?.visitId ?? item.subject)
  return visit ? { name: visit.customer.name, to: `/m/visits/${visit.id}` } : { name: null, to: null }
}

function Line({ item, items }: { item: Item; items: readonly Item[] }) {
  const t = useWords(words)
  const c = useWords(commandWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const offline = useOffline()
  const { confirm, dialog } = useConfirm()
  const about = useAbout(item)
  const blocker = item.state === 'waiting' ? blockerOf(item, items) : null
  const waitsForPerson = blocker?.state === 'refused'
  const state = waitsForPerson ? 'blocked' : item.state
  const [meaning, icon] = LOOK[state]
  const what = c(item.command)
  const discard = async () => {
    const yes = await confirm({
      title: t('discard.ask', { what }),
      consequence: t('discard.consequence'),
      confirm: t('discard'),
      keep: t('discard.keep'),
      danger: true,
    })
    if (yes) await offline?.discard(item.commandId)
  }
  return (
    <article className="zc-item" data-state={state} aria-label={`${what} ${about.name ?? ''}`}>
      <header>
        <b className="zc-clip">{what}</b>
        <Tag meaning={meaning} icon={icon}>
          {t(`state.${state}`)}
        </Tag>
      </header>
      <p className="zc-note">
        {about.to && (
          <>
            <Link to={about.to}>{about.name}</Link>
            {' · '}
          </>
        )}
        {[
          t('madeAt', { when: f.when(item.atDevice) }),
          item.judgedAt && item.state === 'taken' ? t('takenAt', { when: f.when(item.judgedAt) }) : null,
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      {item.state === 'taken' && <p className="zc-receipt">{t('receipt', { id: item.commandId.slice(-8) })}</p>}
      {isPending(item) && item.tries > 0 && <p className="zc-note">{t('tries', { n: item.tries })}</p>}
      {blocker && waitsForPerson && <p className="zc-note">{t('blockedBy', { what: c(blocker.command) })}</p>}
      {item.state === 'refused' && item.problem && (
        <div className="why">
          <p>
            <b>{t('reason')}</b> {item.problem.title}
            {item.problem.detail && item.problem.detail !== item.problem.title ? `：${item.problem.detail}` : ''}
          </p>
          {item.problem.action && (
            <p>
              <b>{t('next')}</b> {item.problem.action}
            </p>
          )}
        </div>
      )}
      {item.state === 'conflict' && (
        <div className="why">
          <Conflict item={item} />
        </div>
      )}
      <Decided item={item} />
      {(asksPerson(item) || (isPending(item) && item.tries > 0)) && (
        <div className="zc-two">
          {item.state === 'conflict' ? (
            <button type="button" className="zc-btn" onClick={() => void offline?.settle(item.commandId)}>
              {t('known')}
            </button>
          ) : (
            <>
              <button type="button" className="zc-btn" onClick={() => void offline?.retry(item.commandId)}>
                {t('retry')}
              </button>
              <button type="button" className="zc-btn" onClick={() => void discard()}>
                {t('discard')}
              </button>
            </>
          )}
        </div>
      )}
      {dialog}
    </article>
  )
}

function Part({ title, list, items }: { title: string; list: readonly Item[]; items: readonly Item[] }) {
  if (list.length === 0) return null
  return (
    <section className="zc-items" aria-label={title}>
      <h2>
        {title} <small>{list.length}</small>
      </h2>
      {list.map((item) => (
        <Line key={item.commandId} item={item} items={items} />
      ))}
    </section>
  )
}

/** Taken items are many; the last ones are enough to see that it works. */
const SHOWN_TAKEN = 60

/** 待同步: everything that was done on this phone and where it is: waiting, taken with its receipt, or asking. */
export default function OutboxPage() {
  const t = useWords(words)
  const items = useItems()
  const s = useStatus()
  const offline = useOffline()
  const { asking, waiting, taken } = useMemo(
    () => ({
      asking: items.filter(asksPerson),
      waiting: items.filter(isPending),
      taken: items
        .filter((i) => !isPending(i) && !asksPerson(i))
        .slice(-SHOWN_TAKEN)
        .reverse(),
    }),
    [items],
  )
  // Taken, and what came of it is not on the phone yet: papers that a step has begun, a grade.
  const behind =
    waiting.length === 0 && items.some((i) => !i.reflected && (i.state === 'taken' || i.state === 'conflict'))
  const hint = s.signedOut
    ? t('signedOutHint')
    : s.contact === false
      ? navigator.onLine
        ? t('problemHint', { why: s.problem ?? '' })
        : t('offlineHint')
      : null
  return (
    <>
      <FieldBar title={t('title')} back="/m/today">
        <button
          type="button"
          className="zc-btn quiet"
          disabled={s.busy}
          aria-busy={s.busy}
          onClick={() => offline?.wake()}
        >
          <RefreshCw className="zc-icon" size={20} aria-hidden />
          {t(s.busy ? 'syncing' : 'syncNow')}
        </button>
      </FieldBar>
      <div className="zc-visit zc-outbox">
        {hint && (
          <p className="zc-hint" role="status">
            <CloudOff className="zc-icon" size={18} aria-hidden /> {hint}
          </p>
        )}
        <Part title={t('part.asking')} list={asking} items={items} />
        <OtherConflicts />
        <Part title={t('part.waiting')} list={waiting} items={items} />
        {behind && (
          <p className="zc-note" role="status">
            {t('behind')}
          </p>
        )}
        {asking.length + waiting.length === 0 && !behind && (
          <Empty icon={CircleCheck} title={t('empty')}>
            {t('empty.text')}
          </Empty>
        )}
        <Part title={t('part.taken')} list={taken} items={items} />
        <Storage />
      </div>
    </>
  )
}

import { newId } from '../../common/api/call'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useOpenItem } from '../../common/request.items'
import { handoverMeaning, requestWords } from '../../common/request.words'
import { Tag, useStateName } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { Empty, Loading } from '../../common/states'
import { useAct, useRow, useStatus } from '../../offline'
import { Link, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { Field, useSaid } from './form'
import { words } from './words'

/** A visit that went to somebody else while its holder was in a basement: both sides, and what becomes of his work. */
export default function LostPage() {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const say = useOpenItem(me.zone)
  const stateName = useStateName()
  const act = useAct()
  const said = useSaid()
  const { id = '' } = usePageParams('/m/requests/lost/:id')
  const row = useRow('lost', id)
  const handover = useRow('handover', row?.handover?.id ?? '')
  const { ready } = useStatus()
  const [word, setWord, clear] = useDraft(`${me.id}.lost.${id}`, '')
  const bar = <FieldBar title={t('lost.title')} back="/m/today" />
  if (!row)
    return (
      <>
        {bar}
        {ready ? (
          <Empty
            title={t('empty')}
            action={
              <Link className="zc-btn" to="/m/today">
                {t('empty.today')}
              </Link>
            }
          />
        ) : (
          <Loading shape="cards" lines={3} />
        )}
      </>
    )
  const heir = row.now?.engineer
  const params = { when: row.takenAwayAt ? f.when(row.takenAwayAt) : '—', by: row.takenAwayBy ?? '—' }
  const what =
    row.state === 'cancelled'
      ? t('lost.cancelled', params)
      : heir
        ? t('lost.reassigned', { ...params, name: heir.name })
        : t('lost.recalled', params)
  const given = row.handover
  return (
    <>
      {bar}
      <div className="zc-visit">
        <section className="zc-part top">
          <h2 className="title">{row.customer.name}</h2>
          <p className="sub">{[row.orderNumber, row.orderTitle].filter(Boolean).join(' · ')}</p>
          <p className="sub">{f.range(row.planned.start, row.planned.end)}</p>
        </section>
        <p className="zc-note">{t('lost.lead')}</p>
        <section className="zc-part">
          <header>
            <h2>{t('lost.office')}</h2>
          </header>
          <p className="zc-said">{what}</p>
          {row.reason && <p className="zc-note">{t('lost.why', { why: row.reason })}</p>}
          <p className="zc-note">
            {heir && row.now
              ? t('lost.now', { name: heir.name, state: stateName('visit', row.now.state) })
              : t('lost.nobody')}
          </p>
        </section>
        <section className="zc-part">
          <header>
            <h2>{t('lost.mine')}</h2>
          </header>
          <ul className="zc-lines">
            {row.mine.map((m) => (
              <li key={m.eventId}>
                {say({ code: 'happened', params: { type: m.type, at: m.at } })}
                <small className="zc-note">
                  {' '}
                  {m.settled ? t('lost.settled', { note: m.note ?? '' }) : t('lost.open')}
                </small>
              </li>
            ))}
          </ul>
          {row.photos.length > 0 && <p className="zc-note">{t('lost.photos', { n: row.photos.length })}</p>}
        </section>
        {given ? (
          <p className="zc-note">
            <Tag meaning={handoverMeaning[given.state] ?? 'grey'}>
              {t('lost.given', {
                name: handover?.to.name ?? heir?.name ?? '',
                state: w(`handover.${handover?.state ?? given.state}`),
              })}
            </Tag>
          </p>
        ) : (
          heir && (
            <section className="zc-part">
              <Field label={t('lost.give.reason')} hint={t('lost.give.hint')} value={word} onChange={setWord} />
            </section>
          )
        )}
        <p className="zc-note">{t('lost.desk')}</p>
      </div>
      {heir && !given && (
        <ActionBar>
          <button
            type="button"
            className="zc-btn primary big"
            disabled={!word.trim()}
            onClick={() =>
              void act('handover.offer', id, { id: newId(), toId: heir.id, reason: word.trim() }).then(() => {
                clear()
                said()
              })
            }
          >
            {t('lost.give', { name: heir.name })}
          </button>
        </ActionBar>
      )}
    </>
  )
}

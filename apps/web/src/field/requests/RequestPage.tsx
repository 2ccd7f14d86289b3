import { Phone } from 'lucide-react'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { requestMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { useAct, useRow, useRows, useStatus } from '../../offline'
import { Link, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { Field, Shown, useSaid } from './form'
import { words } from './words'

/** One request: what was asked, how it stands, and what I can do about it. */
export default function RequestPage() {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const { id = '' } = usePageParams('/m/requests/asked/:id')
  const row = useRow('request', id)
  const { ready } = useStatus()
  const remote = useCall(
    'GET /api/requests/:id',
    { params: { id } },
    { enabled: ready && !row, watch: [{ aggregate: 'request', id }] },
  )
  const r = row ?? remote.data
  const colleagues = useRows('colleague')
  const act = useAct()
  const said = useSaid()
  const [reply, setReply, clear] = useDraft(`${me.id}.reply.${id}`, '')
  const bar = <FieldBar title={r ? w(`kind.${r.kind}`) : t('title')} back="/m/requests" />
  if (!r)
    return (
      <>
        {bar}
        {remote.isError ? <ErrorState error={asApiError(remote.error)} /> : <Loading shape="cards" lines={2} />}
      </>
    )
  const other = r.askedBy.id === me.id ? r.helper : r.askedBy
  const phone = colleagues.find((c) => c.id === other?.id)?.phone
  const waits = r.state === 'open' || r.state === 'accepted'
  const mine = r.askedBy.id === me.id
  return (
    <>
      {bar}
      <div className="zc-visit">
        <section className="zc-part top">
          <div className="zc-tags">
            <Tag meaning={requestMeaning[r.state] ?? 'grey'}>{w(`state.${r.state}`)}</Tag>
            {r.urgency === 'urgent' && <Tag meaning="red">{w('urgent')}</Tag>}
          </div>
          <h2 className="title">{r.customer.name}</h2>
          <p className="sub">{[r.orderNumber, r.orderTitle].filter(Boolean).join(' · ')}</p>
          <p className="sub">{t('when', { when: f.when(r.askedAt), who: r.askedBy.name })}</p>
        </section>
        <section className="zc-part">
          <header>
            <h2>{t('request.reason')}</h2>
          </header>
          <p className="zc-said">{r.reason}</p>
          {r.parts.length > 0 && (
            <ul className="zc-lines" aria-label={t('request.parts')}>
              {r.parts.map((p) => (
                <li key={p.name}>{t('lines', { name: p.name, n: p.quantity })}</li>
              ))}
            </ul>
          )}
          {r.until && (
            <p className="zc-note">{t('request.until', { when: f.when(r.until), was: r.was ? f.time(r.was) : '—' })}</p>
          )}
          <Shown photos={r.photos} base={`/api/requests/${r.id}/photos`} label={t('photos')} />
        </section>
        {(r.answer || r.helper || r.readyAt || r.madeVisitId) && (
          <section className="zc-part">
            <header>
              <h2>{t('request.answer')}</h2>
              {r.answeredAt && (
                <small>{t('when', { when: f.when(r.answeredAt), who: r.answeredBy?.name ?? '' })}</small>
              )}
            </header>
            {r.answer && <p className="zc-said">{r.answer}</p>}
            {r.helper && waits && <p className="zc-note">{t('request.helper', { name: r.helper.name })}</p>}
            {r.readyAt && <p className="zc-note">{t('request.ready', { when: f.when(r.readyAt) })}</p>}
            {r.madeVisitId && mine && r.kind === 'now' && (
              <Link className="zc-btn" to={`/m/visits/${r.madeVisitId}`}>
                {t('request.made')}
              </Link>
            )}
          </section>
        )}
        {waits && mine && <p className="zc-note">{t('request.waits', { when: f.when(r.dueAt) })}</p>}
        {r.can.answer && (
          <section className="zc-part">
            <Field label={t('request.reply')} value={reply} onChange={setReply} max={4000} />
          </section>
        )}
        <div className="zc-two">
          {other && phone && (
            <a className="zc-btn" href={`tel:${phone}`}>
              <Phone className="zc-icon" size={20} aria-hidden />
              <span className="zc-clip">{t('request.call', { name: other.name })}</span>
            </a>
          )}
          {mine && (
            <Link className="zc-btn" to={`/m/visits/${r.visitId}`}>
              {t('request.visit')}
            </Link>
          )}
        </div>
      </div>
      {(r.can.accept || r.can.answer || r.can.done || r.can.withdraw) && (
        <ActionBar>
          {r.can.accept ? (
            <button
              type="button"
              className="zc-btn primary big"
              onClick={() => void act('request.accept', r.id, {}).then(said)}
            >
              {t('request.accept')}
            </button>
          ) : r.can.answer ? (
            <button
              type="button"
              className="zc-btn primary big"
              disabled={!reply.trim()}
              onClick={() =>
                void act('request.answer', r.id, { answer: reply.trim() }).then(() => {
                  clear()
                  said()
                })
              }
            >
              {t('request.reply.do')}
            </button>
          ) : (
            r.can.done && (
              <button
                type="button"
                className="zc-btn primary big"
                onClick={() => void act('request.done', r.id, {}).then(said)}
              >
                {t('request.done')}
              </button>
            )
          )}
          {r.can.withdraw && (
            <button
              type="button"
              className="zc-btn big"
              onClick={() => void act('request.withdraw', r.id, {}).then(said)}
            >
              {t('request.withdraw')}
            </button>
          )}
        </ActionBar>
      )}
    </>
  )
}

import { asApiError } from '../../common/api/problem'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { escalationMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { useAct, useRow, useStatus } from '../../offline'
import { usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { Field, Shown, useSaid } from './form'
import { words } from './words'

/** One escalation as the site sees it: how it stands, what they ask, what they answered. */
export default function EscalationShow() {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const now = useNow(60_000)
  const { id = '' } = usePageParams('/m/requests/escalations/:id')
  const row = useRow('escalation', id)
  const { ready, contact } = useStatus()
  const remote = useCall(
    'GET /api/escalations/:id',
    { params: { id } },
    { enabled: ready && !row, watch: [{ aggregate: 'escalation', id }] },
  )
  const e = row ?? remote.data
  const act = useAct()
  const said = useSaid()
  const [more, setMore, clearMore] = useDraft(`${me.id}.supply.${id}`, '')
  const close = useCommand('POST /api/escalations/:id/close', { onSuccess: said })
  const bar = <FieldBar title={e?.number || t('escalate.title')} back="/m/requests" />
  if (!e)
    return (
      <>
        {bar}
        {remote.isError ? <ErrorState error={asApiError(remote.error)} /> : <Loading shape="cards" lines={3} />}
      </>
    )
  const waits = e.state === 'open' || e.state === 'taken'
  const late = waits && Date.parse(e.dueAt) < now
  const parts: [string, string | null][] = [
    [t('escalate.symptom'), e.symptom],
    [t('escalate.again'), w(`again.${e.reproducible}`)],
    [t('escalate.steps'), e.steps],
    [t('escalate.environment'), e.environment],
    [t('escalation.external'), e.externalRef],
  ]
  return (
    <>
      {bar}
      <div className="zc-visit">
        <section className="zc-part top">
          <div className="zc-tags">
            <Tag meaning={escalationMeaning[e.state] ?? 'grey'}>{w(`escalation.${e.state}`)}</Tag>
            <Tag meaning="grey">{w(`to.${e.to}`)}</Tag>
            {late && <Tag meaning="red">{w('overdue')}</Tag>}
          </div>
          <h2 className="title">{e.title}</h2>
          <p className="sub">{[e.customer.name, e.orderNumber].filter(Boolean).join(' · ')}</p>
          <p className="sub">
            {e.owner ? t('escalation.owner', { name: e.owner.name }) : t('escalation.noOwner')}
            {waits && ` · ${t(late ? 'late' : 'due', { when: f.when(e.dueAt) })}`}
          </p>
        </section>
        {e.question && (
          <section className="zc-part">
            <header>
              <h2>{t('escalation.question')}</h2>
            </header>
            <p className="zc-said">{e.question}</p>
          </section>
        )}
        {e.answer && (
          <section className="zc-part">
            <header>
              <h2>{t('escalation.answer')}</h2>
              {e.answeredAt && <small>{f.when(e.answeredAt)}</small>}
            </header>
            <p className="zc-said">{e.answer}</p>
          </section>
        )}
        <section className="zc-part">
          <dl className="zc-facts">
            {parts.map(
              ([name, text]) =>
                text && (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd className="zc-said">{text}</dd>
                  </div>
                ),
            )}
          </dl>
          {e.logs && <pre className="zc-mono">{e.logs}</pre>}
          <Shown photos={e.photos} base={`/api/escalations/${e.id}/photos`} label={t('photos')} />
        </section>
        {e.supplied.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{t('escalation.supplied')}</h2>
            </header>
            {e.supplied.map((s) => (
              <p key={s.at} className="zc-said">
                {s.text} <small className="zc-note">{t('when', { when: f.when(s.at), who: s.by.name })}</small>
              </p>
            ))}
          </section>
        )}
        {(e.can.supply || e.can.close) && (
          <section className="zc-part">
            <Field
              label={t(e.can.close ? 'escalation.notHelped.why' : 'escalation.supply')}
              value={more}
              max={4000}
              onChange={setMore}
            />
          </section>
        )}
        {close.error && (
          <p className="zc-problem" role="alert">
            {t('problem', { why: joinSentences([close.error.title, close.error.action]) })}
          </p>
        )}
      </div>
      {e.can.close ? (
        <ActionBar>
          <button
            type="button"
            className="zc-btn primary big"
            disabled={close.isPending || contact === false}
            onClick={() => close.mutate({ params: { id }, body: { solved: true } })}
          >
            {t('escalation.helped')}
          </button>
          <button
            type="button"
            className="zc-btn big"
            disabled={!more.trim() || close.isPending || contact === false}
            onClick={() =>
              close.mutate(
                { params: { id }, body: { solved: false, text: more.trim() } },
                { onSuccess: () => clearMore() },
              )
            }
          >
            {t('escalation.notHelped')}
          </button>
        </ActionBar>
      ) : (
        e.can.supply && (
          <ActionBar>
            <button
              type="button"
              className="zc-btn primary big"
              disabled={!more.trim()}
              onClick={() =>
                void act('escalation.supply', e.id, { text: more.trim() }).then(() => {
                  clearMore()
                  said()
                })
              }
            >
              {t('escalation.supply.do')}
            </button>
          </ActionBar>
        )
      )}
    </>
  )
}

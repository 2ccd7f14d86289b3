import { useState } from 'react'
import { asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useOpenItem } from '../../common/request.items'
import { handoverMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { useAct, useOutcome, useRow, useStatus } from '../../offline'
import { Link, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { Sheet } from '../visit/Sheet'
import { fromWall, toWall } from '../zone'
import { Field, Shown, useSaid } from './form'
import { words } from './words'

/** One handover, for the one who gives and the one who takes. */
export default function HandoverShow() {
  const t = useWords(words)
  const w = useWords(requestWords)
  const me = useMe()
  const f = useFormat(me.zone)
  const say = useOpenItem(me.zone)
  const { id = '' } = usePageParams('/m/requests/handovers/:id')
  const row = useRow('handover', id)
  const { ready } = useStatus()
  const remote = useCall(
    'GET /api/handovers/:id',
    { params: { id } },
    { enabled: ready && !row, watch: [{ aggregate: 'handover', id }] },
  )
  const h = row ?? remote.data
  const act = useAct()
  const said = useSaid()
  const [sent, setSent] = useState<string>()
  const outcome = useOutcome(sent)
  const [declining, setDeclining] = useState(false)
  const [why, setWhy, clearWhy] = useDraft(`${me.id}.handover.no.${id}`, '')
  const [start, setStart] = useState(() =>
    toWall(new Date(Math.ceil((Date.now() + 3_600_000) / 300_000) * 300_000).toISOString(), me.zone),
  )
  const bar = <FieldBar title={t('handover.title')} back="/m/requests" />
  if (!h)
    return (
      <>
        {bar}
        {remote.isError ? <ErrorState error={asApiError(remote.error)} /> : <Loading shape="cards" lines={3} />}
      </>
    )
  const running = ['on_site', 'working', 'paused'].includes(h.visitState)
  const takes = h.can.accept
  const work = h.kind === 'work'
  const facts: [string, string | null][] = [
    [t('handover.reason.is'), h.reason],
    [t('handover.remaining.is'), h.remaining],
    [t('handover.keys.is'), h.keys],
    [t('handover.promises.is'), h.promises],
    [t('handover.answer.is'), h.answer],
  ]
  return (
    <>
      {bar}
      <div className="zc-visit">
        <section className="zc-part top">
          <div className="zc-tags">
            <Tag meaning={handoverMeaning[h.state] ?? 'grey'}>{w(`handover.${h.state}`)}</Tag>
          </div>
          <h2 className="title">{h.customer.name}</h2>
          <p className="sub">{[h.orderNumber, h.orderTitle].filter(Boolean).join(' · ')}</p>
          <p className="sub">
            {t('handover.from', { from: h.from.name, to: h.to.name })} · {f.range(h.planned.start, h.planned.end)}
          </p>
        </section>
        {takes && work && <p className="zc-note">{t('handover.work.note')}</p>}
        {outcome?.state === 'refused' && outcome.problem && (
          <p className="zc-problem" role="alert">
            {t('handover.refused', { why: joinSentences([outcome.problem.title, outcome.problem.action]) })}
          </p>
        )}
        {outcome?.state === 'waiting' && <p className="zc-note">{t('handover.waiting', { from: h.from.name })}</p>}
        <section className="zc-part">
          <dl className="zc-facts">
            {facts.map(
              ([name, text]) =>
                text && (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd className="zc-said">{text}</dd>
                  </div>
                ),
            )}
          </dl>
        </section>
        {h.items.length > 0 && (
          <section className="zc-part">
            <header>
              <h2>{work ? t('handover.work', { from: h.from.name }) : t('handover.open')}</h2>
            </header>
            <ul className="zc-lines">
              {h.items.map((i) => (
                <li key={JSON.stringify(i)}>{say(i)}</li>
              ))}
            </ul>
          </section>
        )}
        <Shown photos={h.photos} base={`/api/handovers/${h.id}/photos`} label={t('photos')} />
        {takes && running && !work && (
          <section className="zc-part">
            <label className="zc-field-row">
              <span>{t('handover.start')}</span>
              <input
                className="zc-input"
                type="datetime-local"
                step={300}
                value={start}
                onChange={(e) => setStart(e.target.value)}
              />
            </label>
          </section>
        )}
        {h.state === 'accepted' && h.successorId && h.to.id === me.id && (
          <Link className="zc-btn" to={`/m/visits/${h.successorId}`}>
            {t('handover.go')}
          </Link>
        )}
      </div>
      {takes ? (
        <ActionBar>
          <button
            type="button"
            className="zc-btn primary big"
            disabled={running && !work && !start}
            onClick={() =>
              void act('handover.accept', h.id, running && !work ? { start: fromWall(start, me.zone) } : {}).then(
                ({ commandId }) => {
                  setSent(commandId)
                  said()
                },
              )
            }
          >
            {t(work ? 'handover.work.accept' : 'handover.accept')}
          </button>
          {!work && (
            <button type="button" className="zc-btn big" onClick={() => setDeclining(true)}>
              {t('handover.decline')}
            </button>
          )}
        </ActionBar>
      ) : (
        h.can.withdraw && (
          <ActionBar>
            <button
              type="button"
              className="zc-btn big"
              onClick={() => void act('handover.withdraw', h.id, {}).then(said)}
            >
              {t('handover.withdraw')}
            </button>
          </ActionBar>
        )
      )}
      {declining && (
        <Sheet
          title={t('handover.decline')}
          onClose={() => setDeclining(false)}
          foot={
            <button
              type="button"
              className="zc-btn danger big"
              disabled={!why.trim()}
              onClick={() =>
                void act('handover.decline', h.id, { answer: why.trim() }).then(() => {
                  clearWhy()
                  setDeclining(false)
                  said()
                })
              }
            >
              {t('handover.decline')}
            </button>
          }
        >
          <Field label={t('handover.decline.why')} value={why} onChange={setWhy} />
        </Sheet>
      )}
    </>
  )
}

import { type ReactNode, useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { useNow } from '../../common/now'
import { orderWords } from '../../common/order.words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { escalationMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { Photos, Problem, Text, useAboutRows } from './parts'
import { words } from './words'

type Escalation = Reply<'GET /api/escalations'>['rows'][number]

function Owner({ escalation: e, onDone }: { escalation: Escalation; onDone: () => void }) {
  const t = useWords(words)
  const sees = useAbility('people.read')
  const [ownerId, setOwnerId] = useState('')
  const people = useCall('GET /api/people', { query: { limit: 200 } }, { enabled: sees })
  const assign = useCommand('POST /api/escalations/:id/assign', { onSuccess: onDone })
  if (!sees) return null
  return (
    <div className="site-act">
      <label>
        <span>{t('assign')}</span>
        <select className="zc-input" value={ownerId} onChange={(x) => setOwnerId(x.target.value)}>
          <option value="">{t('assign.choose')}</option>
          {people.data?.rows
            .filter((p) => !p.disabled)
            .map((p) => (
              <option key={p.id} value={p.id}>
                {[p.name, p.teamName].filter(Boolean).join(' · ')}
              </option>
            ))}
        </select>
      </label>
      <Problem error={assign.error} />
      <div className="site-buttons">
        <button
          type="button"
          className="zc-btn"
          disabled={!ownerId || assign.isPending}
          onClick={() => assign.mutate({ params: { id: e.id }, body: { ownerId } })}
        >
          {t('assign.do')}
        </button>
      </div>
    </div>
  )
}

function Ticket({ escalation: e, onDone }: { escalation: Escalation; onDone: () => void }) {
  const t = useWords(words)
  const [ref, setRef] = useState(e.externalRef ?? '')
  const [url, setUrl] = useState(e.externalUrl ?? '')
  const link = useCommand('POST /api/escalations/:id/link', { onSuccess: onDone })
  return (
    <div className="site-act">
      <label>
        <span>{t('link.ref')}</span>
        <input className="zc-input" maxLength={80} value={ref} onChange={(x) => setRef(x.target.value)} />
      </label>
      <label>
        <span>{t('link.url')}</span>
        <input className="zc-input" type="url" maxLength={500} value={url} onChange={(x) => setUrl(x.target.value)} />
      </label>
      <Problem error={link.error} />
      <div className="site-buttons">
        <button
          type="button"
          className="zc-btn"
          disabled={link.isPending}
          onClick={() =>
            link.mutate({
              params: { id: e.id },
              body: { externalRef: ref.trim() || null, externalUrl: url.trim() || null },
            })
          }
        >
          {t('link.do')}
        </button>
      </div>
    </div>
  )
}

export function EscalationDetail({ escalation: e }: { escalation: Escalation }) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const o = useWords(orderWords)
  const { zone } = useMe()
  const f = useFormat(zone)
  const now = useNow(60_000)
  const about = useAboutRows()
  const holds = useAbility('order.hold')
  const [text, setText, clear] = useDraft(`desk.escalation.${e.id}`, '')
  const done = () => {
    clear()
    toast(t('sent'))
  }
  const take = useCommand('POST /api/escalations/:id/take', { onSuccess: done })
  const ask = useCommand('POST /api/escalations/:id/ask', { onSuccess: done })
  const answer = useCommand('POST /api/escalations/:id/answer', { onSuccess: done })
  const close = useCommand('POST /api/escalations/:id/close', { onSuccess: done })
  const hold = useCommand('POST /api/orders/:id/hold', { onSuccess: () => toast(t('held')) })
  const busy = [take, ask, answer, close, hold].some((c) => c.isPending)
  const params = { id: e.id }
  const said = text.trim()
  const late = (e.state === 'open' || e.state === 'taken') && Date.parse(e.dueAt) < now
  const holdable = ['unassigned', 'assigned', 'in_progress'].includes(e.orderState)
  const para = (label: string, value: string | null): [string, ReactNode][] =>
    value
      ? [
          [
            label,
            <span key={label} className="site-said">
              {value}
            </span>,
          ],
        ]
      : []
  return (
    <>
      <PageHeader
        level={2}
        title={e.title}
        number={e.number}
        meta={
          <>
            <Tag meaning={escalationMeaning[e.state] ?? 'grey'}>{w(`escalation.${e.state}`)}</Tag>
            <Tag meaning="grey">{w(`to.${e.to}`)}</Tag>
            {late && <Tag meaning="red">{w('overdue')}</Tag>}
          </>
        }
      />
      <Section title={t('symptom')}>
        <p className="site-said">{e.symptom}</p>
        <Facts
          rows={[
            ...para(t('steps'), e.steps),
            [t('again'), w(`again.${e.reproducible}`)],
            ...para(t('environment'), e.environment),
          ]}
        />
        <Photos photos={e.photos} base={`/api/escalations/${e.id}/photos`} />
      </Section>
      {e.logs && (
        <Section title={t('logs')}>
          <pre className="site-logs">{e.logs}</pre>
        </Section>
      )}
      {e.question && (
        <Section title={t('question')}>
          <p className="site-said">{e.question}</p>
        </Section>
      )}
      {e.supplied.length > 0 && (
        <Section title={t('supplied')}>
          {e.supplied.map((s) => (
            <p key={s.at} className="site-said">
              {s.text} <small>{[s.by.name, f.when(s.at)].join(' · ')}</small>
            </p>
          ))}
        </Section>
      )}
      {e.answer && (
        <Section title={t('answer')}>
          <p className="site-said">{e.answer}</p>
          {e.answeredAt && <small>{f.when(e.answeredAt)}</small>}
        </Section>
      )}
      <Section title={t('order')}>
        <Facts
          rows={[
            ...about(e),
            [t('raised'), `${e.raisedBy.name} · ${f.when(e.raisedAt)}`],
            [t('priority'), o(`priority.${e.priority}`)],
            [t('col.owner'), e.owner?.name ?? t('none')],
            [
              t('col.due'),
              <span key="d" className={late ? 'site-late' : ''}>
                {f.when(e.dueAt)}
              </span>,
            ],
            ...(e.externalRef
              ? [
                  [
                    t('link'),
                    e.externalUrl ? (
                      <a key="x" href={e.externalUrl} target="_blank" rel="noreferrer noopener">
                        {e.externalRef}
                      </a>
                    ) : (
                      e.externalRef
                    ),
                  ] as [string, ReactNode],
                ]
              : []),
          ]}
        />
        {holds && holdable && e.state !== 'closed' && (
          <button
            type="button"
            className="zc-btn"
            disabled={busy}
            onClick={() =>
              hold.mutate({
                params: { id: e.orderId },
                body: {
                  cause: 'product',
                  responsibility: 'product',
                  reason: t('hold.reason', { number: e.number }),
                },
              })
            }
          >
            {t('hold')}
          </button>
        )}
        <Problem error={hold.error} />
      </Section>
      {(e.can.answer || e.can.ask || e.can.take || e.can.close) && (
        <Section title={t('answer')}>
          <div className="site-act">
            {(e.can.answer || e.can.ask || e.can.close) && (
              <Text label={t('answer.text')} hint={t('answer.hint')} value={text} onChange={setText} />
            )}
            <Problem error={take.error ?? ask.error ?? answer.error ?? close.error} />
            <div className="site-buttons">
              {e.can.answer && (
                <button
                  type="button"
                  className="zc-btn primary"
                  disabled={busy || !said}
                  onClick={() => answer.mutate({ params, body: { answer: said } })}
                >
                  {t('answer.do')}
                </button>
              )}
              {e.can.close && (
                <>
                  <button
                    type="button"
                    className="zc-btn primary"
                    disabled={busy}
                    onClick={() => close.mutate({ params, body: { solved: true, ...(said ? { text: said } : {}) } })}
                  >
                    {t('close.yes')}
                  </button>
                  <button
                    type="button"
                    className="zc-btn"
                    disabled={busy || !said}
                    onClick={() => close.mutate({ params, body: { solved: false, text: said } })}
                  >
                    {t('close.no')}
                  </button>
                </>
              )}
              {e.can.take && (
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy}
                  onClick={() => take.mutate({ params, body: {} })}
                >
                  {t('take')}
                </button>
              )}
              {e.can.ask && (
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy || !said}
                  title={said ? undefined : t('ask.text')}
                  onClick={() => ask.mutate({ params, body: { question: said } })}
                >
                  {t('ask')}
                </button>
              )}
            </div>
          </div>
        </Section>
      )}
      {e.can.assign && (
        <Section title={t('col.owner')}>
          <Owner escalation={e} onDone={done} />
        </Section>
      )}
      {e.can.link && (
        <Section title={t('link')}>
          <Ticket key={e.id} escalation={e} onDone={done} />
        </Section>
      )}
    </>
  )
}

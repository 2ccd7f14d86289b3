import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useFormat } from '../../common/i18n/format'
import { instantOf } from '../../common/i18n/wallTime'
import { useWords } from '../../common/i18n/words'
import { Facts, PageHeader, Section } from '../../common/PageHeader'
import { requestMeaning, requestWords } from '../../common/request.words'
import { Tag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { Photos, Problem, Text, useAboutRows } from './parts'
import { words } from './words'

type Request = Reply<'GET /api/requests'>['rows'][number]

/** Who could go along, best first; asked only when somebody is wanted. */
function Candidates({ orderId, value, onChange }: { orderId: string; value: string; onChange: (id: string) => void }) {
  const t = useWords(words)
  const list = useCall('GET /api/orders/:id/candidates', { params: { id: orderId }, query: { limit: 12 } })
  return (
    <label>
      <span>{t('who.send')}</span>
      <select className="zc-input" value={value} onChange={(e) => onChange(e.target.value)}>
        <option value="">{t('who.later')}</option>
        {list.data?.ranked.map((c) => (
          <option key={c.engineer.id} value={c.engineer.id}>
            {t('who.line', { rank: c.rank, name: c.engineer.name })}
          </option>
        ))}
      </select>
    </label>
  )
}

export function RequestDetail({ request: r }: { request: Request }) {
  const t = useWords(words)
  const w = useWords(requestWords)
  const { zone } = useMe()
  const f = useFormat(zone)
  const about = useAboutRows()
  const assigns = useAbility('dispatch.assign')
  const [text, setText, clear] = useDraft(`desk.request.${r.id}`, '')
  const [ready, setReady] = useState('')
  const [engineerId, setEngineerId] = useState('')
  const done = () => {
    clear()
    toast(t('sent'))
  }
  const accept = useCommand('POST /api/requests/:id/accept', { onSuccess: done })
  const answer = useCommand('POST /api/requests/:id/answer', { onSuccess: done })
  const approve = useCommand('POST /api/requests/:id/approve', { onSuccess: done })
  const decline = useCommand('POST /api/requests/:id/decline', { onSuccess: done })
  const settle = useCommand('POST /api/requests/:id/done', { onSuccess: done })
  const busy = [accept, answer, approve, decline, settle].some((c) => c.isPending)
  const params = { id: r.id }
  const said = text.trim()
  const kind = r.kind === 'help' ? null : r.kind
  const readyAt = ready ? instantOf(ready, zone) : null
  return (
    <>
      <PageHeader
        level={2}
        title={`${w(`kind.${r.kind}`)} · ${r.askedBy.name}`}
        number={r.orderNumber ?? undefined}
        meta={
          <>
            <Tag meaning={requestMeaning[r.state] ?? 'grey'}>{w(`state.${r.state}`)}</Tag>
            {r.urgency === 'urgent' && <Tag meaning="red">{w('urgent')}</Tag>}
          </>
        }
      />
      <Section title={t('reason')}>
        <p className="site-said">{r.reason}</p>
        {r.parts.length > 0 && (
          <ul aria-label={t('parts')}>
            {r.parts.map((p) => (
              <li key={p.name}>{t('part', { name: p.name, n: p.quantity })}</li>
            ))}
          </ul>
        )}
        <Photos photos={r.photos} base={`/api/requests/${r.id}/photos`} />
      </Section>
      <Section title={t('order')}>
        <Facts
          rows={[
            ...about(r),
            [t('asked'), f.when(r.askedAt)],
            ...(r.skill ? [[t('skill'), r.skill.name] as [string, string]] : []),
            ...(r.until
              ? ([
                  [t('until'), f.when(r.until)],
                  [t('was'), r.was ? f.when(r.was) : t('none')],
                ] as [string, string][])
              : []),
            ...(r.helper ? [[t('helper'), r.helper.name] as [string, string]] : []),
            [t('col.due'), f.when(r.dueAt)],
            ...(r.readyAt ? [[t('ready'), f.when(r.readyAt)] as [string, string]] : []),
          ]}
        />
      </Section>
      {r.answer && (
        <Section title={t('answer')}>
          <p className="site-said">{r.answer}</p>
          <small>{[r.answeredBy?.name, r.answeredAt && f.when(r.answeredAt)].filter(Boolean).join(' · ')}</small>
        </Section>
      )}
      {(r.can.accept || r.can.answer || r.can.approve || r.can.decline || r.can.done) && (
        <Section title={t('answer')}>
          <div className="site-act">
            {(r.can.answer || r.can.approve || r.can.decline) && (
              <Text
                label={r.can.answer ? t('say.answer') : t('say.approve')}
                hint={t('say.answer.hint')}
                value={text}
                onChange={setText}
              />
            )}
            {r.can.approve && r.kind === 'parts' && (
              <label>
                <span>{t('ready.at')}</span>
                <input
                  className="zc-input"
                  type="datetime-local"
                  step={300}
                  value={ready}
                  onChange={(e) => setReady(e.target.value)}
                />
              </label>
            )}
            {r.can.approve && r.kind === 'colleague' && assigns && (
              <Candidates orderId={r.orderId} value={engineerId} onChange={setEngineerId} />
            )}
            {r.can.approve && r.kind === 'time' && r.until && <p>{t('note.time', { when: f.when(r.until) })}</p>}
            {r.can.approve && r.kind === 'now' && <p>{t('note.now')}</p>}
            <Problem error={accept.error ?? answer.error ?? approve.error ?? decline.error ?? settle.error} />
            <div className="site-buttons">
              {r.can.approve && kind && (
                <button
                  type="button"
                  className="zc-btn primary"
                  disabled={busy}
                  onClick={() =>
                    approve.mutate({
                      params,
                      body: {
                        ...(said ? { answer: said } : {}),
                        ...(readyAt ? { readyAt } : {}),
                        ...(engineerId ? { engineerId } : {}),
                      },
                    })
                  }
                >
                  {t(`approve.${kind}`)}
                </button>
              )}
              {r.can.answer && (
                <button
                  type="button"
                  className="zc-btn primary"
                  disabled={busy || !said}
                  onClick={() => answer.mutate({ params, body: { answer: said } })}
                >
                  {t('reply')}
                </button>
              )}
              {r.can.accept && (
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy}
                  onClick={() => accept.mutate({ params, body: {} })}
                >
                  {t('accept')}
                </button>
              )}
              {r.can.decline && (
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy || !said}
                  title={said ? undefined : t('say.decline')}
                  onClick={() => decline.mutate({ params, body: { answer: said } })}
                >
                  {t('decline')}
                </button>
              )}
              {r.can.done && (
                <button
                  type="button"
                  className="zc-btn"
                  disabled={busy}
                  onClick={() => settle.mutate({ params, body: {} })}
                >
                  {t('done')}
                </button>
              )}
            </div>
          </div>
        </Section>
      )}
    </>
  )
}

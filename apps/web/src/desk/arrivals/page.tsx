import { useState } from 'react'
import type { Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useCall, useCommand } from '../../common/api/query'
import { joinSentences } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { PageHeader, Section } from '../../common/PageHeader'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import './arrivals.css'
import { words } from './words'

type Policy = Omit<Reply<'GET /api/arrival-policy'>, 'can'>
type Asked = Policy['asked']['all'][number]
const KINDS: Asked[] = ['place', 'code', 'photo']
const TYPES = ['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const

/** The company's rules of arrival. */
export default function ArrivalRulesPage() {
  const policy = useCall('GET /api/arrival-policy', {}, { watch: ['policy'] })
  if (policy.error) return <ErrorState error={policy.error} onRetry={() => void policy.refetch()} />
  if (!policy.data) return <Loading shape="cards" lines={3} />
  const { can, ...rules } = policy.data
  return (
    <Rules
      key={JSON.stringify(rules)}
      saved={rules}
      mayEdit={can.edit === true}
      onSaved={() => void policy.refetch()}
    />
  )
}

function Rules({ saved, mayEdit, onSaved }: { saved: Policy; mayEdit: boolean; onSaved: () => void }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const [draft, setDraft] = useState(saved)
  const save = useCommand('POST /api/arrival-policy', {
    onSuccess: () => {
      toast(t('saved'))
      onSaved()
    },
  })
  const changed = JSON.stringify(draft) !== JSON.stringify(saved)
  const { all, byType } = draft.asked
  const toggled = (list: readonly Asked[], one: Asked) => KINDS.filter((k) => (k === one) !== list.includes(k))
  const setType = (type: (typeof TYPES)[number], list: Asked[] | undefined) => {
    const { [type]: _, ...others } = byType
    setDraft({ ...draft, asked: { all, byType: list ? { ...others, [type]: list } : others } })
  }
  const problem = save.error ? asApiError(save.error) : null
  const boxes = (name: string, list: readonly Asked[], disabled: boolean, change: (one: Asked) => void) =>
    KINDS.map((one) => (
      <td key={one}>
        <input
          type="checkbox"
          aria-label={`${name} ${t(`asked.${one}`)}`}
          checked={list.includes(one)}
          disabled={disabled}
          onChange={() => change(one)}
        />
      </td>
    ))
  return (
    <form
      className="arrival-rules"
      onSubmit={(e) => {
        e.preventDefault()
        save.mutate({ body: draft })
      }}
    >
      <PageHeader title={t('title')} meta={<span>{t('lead')}</span>} />
      <fieldset disabled={!mayEdit}>
        <Section title={t('asked')}>
          <p>{t('asked.lead')}</p>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('asked.type')}</th>
                <th scope="col">{t('asked.own')}</th>
                {KINDS.map((one) => (
                  <th scope="col" key={one}>
                    {t(`asked.${one}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <tr>
                <th scope="row">{t('asked.all')}</th>
                <td />
                {boxes(t('asked.all'), all, false, (one) =>
                  setDraft({ ...draft, asked: { all: toggled(all, one), byType } }),
                )}
              </tr>
              {TYPES.map((type) => {
                const own = byType[type]
                const name = o(`type.${type}`)
                return (
                  <tr key={type} data-own={own ? '' : undefined}>
                    <th scope="row">{name}</th>
                    <td>
                      <input
                        type="checkbox"
                        aria-label={`${name} ${t('asked.own')}`}
                        checked={own !== undefined}
                        onChange={() => setType(type, own ? undefined : [...all])}
                      />
                    </td>
                    {boxes(name, own ?? all, own === undefined, (one) => setType(type, toggled(own ?? all, one)))}
                  </tr>
                )
              })}
            </tbody>
          </table>
          <p className="soft">{t('asked.face')}</p>
        </Section>
        <Section title={t('spot')}>
          <p>{t('spot.lead')}</p>
          <label className="line">
            <span>{t('spot.rate')}</span>
            <input
              type="number"
              className="zc-input"
              min={0}
              max={20}
              step={0.5}
              value={Math.round(draft.spotRate * 1000) / 10}
              onChange={(e) =>
                setDraft({ ...draft, spotRate: Math.min(20, Math.max(0, Number(e.target.value) || 0)) / 100 })
              }
            />
            <span>{t('spot.percent')}</span>
            <small>{t('spot.hint')}</small>
          </label>
        </Section>
        <Section title={t('track')}>
          <p>{t('track.lead')}</p>
          <label className="line">
            <input
              type="checkbox"
              checked={draft.track.on}
              onChange={(e) => setDraft({ ...draft, track: { ...draft.track, on: e.target.checked } })}
            />
            <span>{t('track.on')}</span>
          </label>
          <label className="line">
            <span>{t('track.days')}</span>
            <input
              type="number"
              className="zc-input"
              min={1}
              max={90}
              value={draft.track.keepDays}
              onChange={(e) =>
                setDraft({
                  ...draft,
                  track: {
                    ...draft.track,
                    keepDays: Math.min(90, Math.max(1, Math.round(Number(e.target.value) || 1))),
                  },
                })
              }
            />
          </label>
        </Section>
      </fieldset>
      {problem && (
        <p className="error" role="alert">
          {joinSentences([problem.title, problem.action])}
        </p>
      )}
      {mayEdit && (
        <footer>
          <button type="submit" className="zc-btn primary" disabled={!changed || save.isPending}>
            {t('save')}
          </button>
          {changed && (
            <>
              <button type="button" className="zc-btn" onClick={() => setDraft(saved)}>
                {t('reset')}
              </button>
              <span role="status">{t('changed')}</span>
            </>
          )}
        </footer>
      )}
    </form>
  )
}

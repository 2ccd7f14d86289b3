import { useQueryClient } from '@tanstack/react-query'
import { InputNumber, Select } from 'antd'
import { Plus, X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { channelWords } from '#contracts/words/deliveries'
import { type NoticeGroup, noticeGroups } from '#contracts/words/notices'
import { call, type Reply } from '../../common/api/call'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { useAbility } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Trouble } from '../parts/Sheet'
import { words } from './words'

type Settings = Reply<'GET /api/notice-settings'>['settings']
type Policy = Reply<'GET /api/dispatch/policy'>['policy']
const GROUPS = Object.keys(noticeGroups) as NoticeGroup[]
const STEPS = ['push', 'robot', 'email', 'dispatcher'] as const

export function Rules() {
  const answer = useCall('GET /api/notice-settings')
  const dispatch = useAbility('dispatch.read')
  const policy = useCall('GET /api/dispatch/policy', undefined, { enabled: dispatch })
  if (answer.isError && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="cards" lines={3} />
  return (
    <div className="channels-rules">
      <Company
        key={JSON.stringify(answer.data.settings)}
        settings={answer.data.settings}
        may={!!answer.data.can.edit}
      />
      {policy.data && (
        <Ladder key={JSON.stringify(policy.data.policy)} policy={policy.data.policy} may={!!policy.data.can.edit} />
      )}
    </div>
  )
}

/** A form in the page: the button appears with the first change, what is refused is said beside it. */
function useSaved<T>(initial: T, send: (value: T) => Promise<unknown>) {
  const t = useWords(words)
  const [draft, set] = useState(initial)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ApiError | null>(null)
  const changed = JSON.stringify(draft) !== JSON.stringify(initial)
  const save = async () => {
    setBusy(true)
    setError(null)
    try {
      await send(draft)
      toast(t('saved'))
    } catch (e) {
      setError(asApiError(e))
    }
    setBusy(false)
  }
  const button: ReactNode = (
    <>
      {error && <Trouble error={error} />}
      {changed && (
        <button type="button" className="zc-btn primary" disabled={busy} onClick={() => void save()}>
          {t('save')}
        </button>
      )}
    </>
  )
  return { draft, set, button }
}

function Line({ label, hint, children }: { label: string; hint?: string; children: (id: string) => ReactNode }) {
  const id = `rule-${label}`
  return (
    <div className="line">
      <label htmlFor={id}>{label}</label>
      <div>{children(id)}</div>
      {hint && <small>{hint}</small>}
    </div>
  )
}

function Company({ settings, may }: { settings: Settings; may: boolean }) {
  const t = useWords(words)
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const client = useQueryClient()
  const {
    draft: d,
    set,
    button,
  } = useSaved(settings, async (body) => {
    await call('PUT /api/notice-settings', { body })
    await client.invalidateQueries({ queryKey: ['GET /api/notice-settings'] })
  })
  const number = (value: number, onChange: (n: number) => void, max: number) => (id: string) => (
    <InputNumber id={id} min={0} max={max} disabled={!may} value={value} onChange={(n) => n !== null && onChange(n)} />
  )
  const clock = (value: string, onChange: (v: string) => void, label: string) => (
    <input
      className="channels-time"
      type="time"
      aria-label={label}
      disabled={!may}
      value={value}
      onChange={(e) => e.target.value && onChange(e.target.value)}
    />
  )
  return (
    <section aria-label={t('tab.rules')}>
      <p>{t('rules.text')}</p>
      <Line label={t('rules.quiet')}>
        {() => (
          <span className="row">
            {clock(d.quiet.from, (from) => set({ ...d, quiet: { ...d.quiet, from } }), t('rules.from'))} –{' '}
            {clock(d.quiet.to, (to) => set({ ...d, quiet: { ...d.quiet, to } }), t('rules.to'))}
          </span>
        )}
      </Line>
      <Line label={t('rules.through')}>
        {(id) => (
          <Select
            id={id}
            mode="multiple"
            disabled={!may}
            style={{ minWidth: 260 }}
            value={d.throughQuiet}
            options={GROUPS.map((g) => ({ value: g, label: noticeGroups[g][language] }))}
            onChange={(throughQuiet) => set({ ...d, throughQuiet })}
          />
        )}
      </Line>
      <Line label={t('rules.push.urgent')} hint={t('rules.push.hint')}>
        {number(d.pushAfterSec.urgent, (urgent) => set({ ...d, pushAfterSec: { ...d.pushAfterSec, urgent } }), 600)}
      </Line>
      <Line label={t('rules.push.normal')}>
        {number(d.pushAfterSec.normal, (normal) => set({ ...d, pushAfterSec: { ...d.pushAfterSec, normal } }), 3600)}
      </Line>
      <Line label={t('rules.mail.urgent')}>
        {number(d.mailAfterMin.urgent, (urgent) => set({ ...d, mailAfterMin: { ...d.mailAfterMin, urgent } }), 240)}
      </Line>
      <Line label={t('rules.mail.normal')}>
        {number(d.mailAfterMin.normal, (normal) => set({ ...d, mailAfterMin: { ...d.mailAfterMin, normal } }), 1440)}
      </Line>
      <Line label={t('rules.digest')}>
        {() => clock(d.digestAt, (digestAt) => set({ ...d, digestAt }), t('rules.digest'))}
      </Line>
      <Line label={t('rules.dedupe')}>{number(d.dedupeMin, (dedupeMin) => set({ ...d, dedupeMin }), 1440)}</Line>
      <h3>{t('rules.defaults')}</h3>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('rules.push')}</th>
            <th scope="col">{t('rules.email')}</th>
          </tr>
        </thead>
        <tbody>
          {GROUPS.map((g) => (
            <tr key={g}>
              <th scope="row">{noticeGroups[g][language]}</th>
              {(['push', 'email'] as const).map((c) => (
                <td key={c}>
                  <input
                    type="checkbox"
                    disabled={!may}
                    aria-label={`${noticeGroups[g][language]} ${t(`rules.${c}`)}`}
                    checked={d.defaults[g][c]}
                    onChange={(e) =>
                      set({ ...d, defaults: { ...d.defaults, [g]: { ...d.defaults[g], [c]: e.target.checked } } })
                    }
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {button}
    </section>
  )
}

function Ladder({ policy, may }: { policy: Policy; may: boolean }) {
  const t = useWords(words)
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const client = useQueryClient()
  const {
    draft: d,
    set,
    button,
  } = useSaved(policy, async (body) => {
    await call('PUT /api/dispatch/policy', { body })
    await client.invalidateQueries({ queryKey: ['GET /api/dispatch/policy'] })
  })
  const change = (at: number, part: Partial<Policy['ladder'][number]>) =>
    set({ ...d, ladder: d.ladder.map((s, i) => (i === at ? { ...s, ...part } : s)) })
  return (
    <section aria-label={t('rules.ladder')}>
      <h3>{t('rules.ladder')}</h3>
      <p>{t('rules.ladder.text')}</p>
      <ol>
        {d.ladder.map((s, i) => (
          // A step is its place.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above.
          <li key={i}>
            <InputNumber
              aria-label={`${t('rules.step', { n: i + 1 })} ${t('minutes')}`}
              min={d.ladder[i - 1]?.afterMin ?? 1}
              max={240}
              disabled={!may}
              value={s.afterMin}
              onChange={(afterMin) => afterMin && change(i, { afterMin })}
            />
            <span>{t('rules.after')}</span>
            <Select
              aria-label={t('rules.step', { n: i + 1 })}
              style={{ width: 160 }}
              disabled={!may}
              value={s.by}
              options={STEPS.map((by) => ({ value: by, label: channelWords[by]?.[language] }))}
              onChange={(by) => change(i, { by })}
            />
            {may && (
              <button
                type="button"
                className="zc-btn quiet icon"
                aria-label={t('rules.drop', { n: i + 1 })}
                onClick={() => set({ ...d, ladder: d.ladder.filter((_, at) => at !== i) })}
              >
                <X className="zc-icon" size={16} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ol>
      {may && d.ladder.length < 8 && (
        <button
          type="button"
          className="zc-btn quiet"
          onClick={() =>
            set({ ...d, ladder: [...d.ladder, { by: 'dispatcher', afterMin: (d.ladder.at(-1)?.afterMin ?? 1) + 2 }] })
          }
        >
          <Plus className="zc-icon" size={16} aria-hidden /> {t('rules.add')}
        </button>
      )}
      <Line label={t('rules.unanswered')}>
        {(id) => (
          <InputNumber
            id={id}
            min={1}
            max={480}
            disabled={!may}
            value={d.unansweredMin}
            onChange={(n) => n && set({ ...d, unansweredMin: n })}
          />
        )}
      </Line>
      <Line label={t('rules.then')} hint={t('rules.then.hint')}>
        {(id) => (
          <Select
            id={id}
            style={{ width: 240 }}
            disabled={!may}
            value={d.unanswered}
            options={(['dispatcher', 'next_candidate'] as const).map((v) => ({
              value: v,
              label: t(`rules.then.${v}`),
            }))}
            onChange={(unanswered) => set({ ...d, unanswered })}
          />
        )}
      </Line>
      {button}
    </section>
  )
}

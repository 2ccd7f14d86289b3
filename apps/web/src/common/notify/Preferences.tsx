import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { deliveryWhyWords } from '#contracts/words/deliveries'
import { type NoticeGroup, noticeGroups } from '#contracts/words/notices'
import { call, type Reply } from '../api/call'
import { asApiError } from '../api/problem'
import { useCall } from '../api/query'
import { useFormat } from '../i18n/format'
import { useLanguage } from '../i18n/language'
import { useWords } from '../i18n/words'
import { ErrorState, Loading } from '../states'
import { toast } from '../toast'
import './notify.css'
import { type PushState, pushState, turnOff, turnOn } from './push'
import { words } from './words'

type Answer = Reply<'GET /api/notices/preferences'>
type Wishes = Answer['preferences']
const GROUPS = Object.keys(noticeGroups) as NoticeGroup[]

/** How I want to be told: the same page on the desk and on the phone. Every change is saved as it is made. */
export function Preferences() {
  const t = useWords(words)
  const client = useQueryClient()
  const answer = useCall('GET /api/notices/preferences')
  if (answer.isError && !answer.data) return <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
  if (!answer.data) return <Loading shape="cards" lines={4} />
  const { preferences } = answer.data
  const save = async (change: Partial<Wishes>) => {
    const next = { ...preferences, ...change }
    // Shown at once; a refusal takes it back and says why.
    client.setQueryData(['GET /api/notices/preferences', {}], { ...answer.data, preferences: next })
    try {
      await call('PUT /api/notices/preferences', { body: next })
      toast(t('saved'))
    } catch (error) {
      toast(asApiError(error).title)
    }
    await answer.refetch()
  }
  return (
    <div className="zc-notify">
      <Push answer={answer.data} again={() => void answer.refetch()} />
      <Email key={preferences.email} answer={answer.data} save={save} />
      <Groups answer={answer.data} save={save} />
      <Quiet answer={answer.data} save={save} />
      <Away key={preferences.away?.from} answer={answer.data} save={save} />
    </div>
  )
}

type Part = { answer: Answer; save: (change: Partial<Wishes>) => Promise<void> }

/** Sends a test and follows it to its end. */
function useTest(channel: 'push' | 'email') {
  const t = useWords(words)
  const language = useLanguage()
  const [said, setSaid] = useState<string | null>(null)
  const run = async () => {
    setSaid(t('test.waiting'))
    try {
      const { deliveryIds } = await call('POST /api/notices/test', { body: { channel } })
      for (let i = 0; i < 20; i++) {
        await new Promise((done) => setTimeout(done, 700))
        const ends = await Promise.all(
          deliveryIds.map((id) => call('GET /api/notices/deliveries/:id', { params: { id } })),
        )
        const bad = ends.find((d) => d.state === 'failed' || d.state === 'skipped')
        if (bad) {
          const why = deliveryWhyWords[bad.why ?? '']?.[language === 'zh-CN' ? 'zh' : 'en'] ?? bad.why ?? '—'
          return setSaid(t('test.failed', { why: bad.detail ? `${why} (${bad.detail})` : why }))
        }
        if (ends.every((d) => d.state === 'sent')) return setSaid(t('test.sent'))
      }
    } catch (error) {
      setSaid(t('test.failed', { why: asApiError(error).title }))
    }
  }
  return { said, run }
}

function Push({ answer, again }: { answer: Answer; again: () => void }) {
  const t = useWords(words)
  const f = useFormat()
  const test = useTest('push')
  const [state, setState] = useState<PushState | null>(null)
  const [busy, setBusy] = useState(false)
  const { subscriptions } = answer
  useEffect(() => {
    let here = true
    const look = () => pushState(subscriptions).then((s) => here && setState(s))
    void look()
    const timer = setInterval(look, 3000)
    return () => {
      here = false
      clearInterval(timer)
    }
  }, [subscriptions])
  const turn = async () => {
    setBusy(true)
    try {
      await turnOn(answer.channels.push.publicKey)
    } catch (error) {
      // The browser's own refusal has no words for people; the state beside it says what to do.
      if (!(error instanceof DOMException)) toast(asApiError(error).title)
    }
    setBusy(false)
    again()
  }
  return (
    <section aria-label={t('push')}>
      <h2>{t('push')}</h2>
      {state && (
        <p data-good={state === 'on' || undefined} role="status">
          {t(`push.${state}`)}
        </p>
      )}
      <div className="row">
        {state === 'off' && (
          <button type="button" className="zc-btn primary" disabled={busy} onClick={() => void turn()}>
            {t('push.turnOn')}
          </button>
        )}
        {subscriptions.length > 0 && (
          <button type="button" className="zc-btn" onClick={() => void test.run()}>
            {t('test')}
          </button>
        )}
        {test.said && <small role="status">{test.said}</small>}
      </div>
      {subscriptions.length > 0 && (
        <ul aria-label={t('push.devices')}>
          {subscriptions.map((s) => (
            <li key={s.id}>
              <span className="zc-clip">{s.label}</span>
              <small>{f.when(s.createdAt)}</small>
              <button
                type="button"
                className="zc-btn quiet"
                aria-label={`${t('push.turnOff')} ${s.label}`}
                onClick={() => void turnOff(s.id, s.endpoint).then(again)}
              >
                {t('push.turnOff')}
              </button>
            </li>
          ))}
        </ul>
      )}
      <small className="note">{t('push.limits')}</small>
    </section>
  )
}

function Email({ answer, save }: Part) {
  const t = useWords(words)
  const test = useTest('email')
  const [text, setText] = useState(answer.preferences.email ?? '')
  const bad = text !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)
  const keep = () => {
    if (!bad && text !== (answer.preferences.email ?? '')) void save({ email: text || null })
  }
  return (
    <section aria-label={t('email')}>
      <h2>
        <label htmlFor="notify-email">{t('email')}</label>
      </h2>
      <div className="row">
        <input
          id="notify-email"
          className="zc-input"
          type="email"
          inputMode="email"
          autoComplete="email"
          value={text}
          aria-invalid={bad || undefined}
          onChange={(e) => setText(e.target.value.trim())}
          onBlur={keep}
          onKeyDown={(e) => e.key === 'Enter' && keep()}
        />
        {answer.preferences.email && answer.channels.email.connected && (
          <button type="button" className="zc-btn" onClick={() => void test.run()}>
            {t('test')}
          </button>
        )}
        {test.said && <small role="status">{test.said}</small>}
      </div>
      {bad && <small className="bad">{t('email.bad')}</small>}
      <small className="note">
        {answer.channels.email.connected ? t('email.hint', { at: answer.company.digestAt }) : t('email.off')}
      </small>
    </section>
  )
}

function Groups({ answer, save }: Part) {
  const t = useWords(words)
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  const { switches } = answer.preferences
  const { defaults } = answer.company
  const isOn = (g: NoticeGroup, c: 'push' | 'email') => switches[g]?.[c] ?? defaults[g][c]
  return (
    <section aria-label={t('groups')}>
      <h2>{t('groups')}</h2>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('push')}</th>
            <th scope="col">{t('groups.email')}</th>
          </tr>
        </thead>
        <tbody>
          {GROUPS.map((g) => (
            <tr key={g}>
              <th scope="row">{noticeGroups[g][language]}</th>
              {(['push', 'email'] as const).map((c) => (
                <td key={c}>
                  <label>
                    <input
                      type="checkbox"
                      aria-label={`${noticeGroups[g][language]} ${c === 'push' ? t('push') : t('groups.email')}`}
                      checked={isOn(g, c)}
                      onChange={(e) =>
                        void save({ switches: { ...switches, [g]: { ...switches[g], [c]: e.target.checked } } })
                      }
                    />
                  </label>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <small className="note">{t('groups.note')}</small>
    </section>
  )
}

function Quiet({ answer, save }: Part) {
  const t = useWords(words)
  const { quiet } = answer.preferences
  const { company } = answer
  const kind = quiet === null ? 'company' : quiet.from === quiet.to ? 'never' : 'own'
  // The hours are those of the wall where the person is.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const set = (next: Wishes['quiet']) => save({ quiet: next, zone: next && zone !== company.zone ? zone : null })
  return (
    <section aria-label={t('quiet')}>
      <h2>{t('quiet')}</h2>
      <fieldset>
        <legend className="zc-hidden">{t('quiet')}</legend>
        {(['company', 'own', 'never'] as const).map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="quiet"
              checked={kind === one}
              onChange={() =>
                void set(
                  one === 'company'
                    ? null
                    : one === 'never'
                      ? { from: '00:00', to: '00:00' }
                      : { from: company.quiet.from, to: company.quiet.to },
                )
              }
            />
            {one === 'company' ? t('quiet.company', company.quiet) : t(`quiet.${one}`)}
          </label>
        ))}
      </fieldset>
      {kind === 'own' && quiet && (
        <div className="row">
          {(['from', 'to'] as const).map((end) => (
            <label key={end}>
              {t(`quiet.${end}`)}{' '}
              <input
                className="zc-input"
                type="time"
                defaultValue={quiet[end]}
                onBlur={(e) => {
                  const value = e.target.value
                  if (value && value !== quiet[end]) void set({ ...quiet, [end]: value })
                }}
              />
            </label>
          ))}
        </div>
      )}
      <small className="note">{t('quiet.note')}</small>
    </section>
  )
}

/** A wall's time for a field of the browser, in the zone of the device. */
const wall = (iso: string) => {
  const d = new Date(iso)
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function Away({ answer, save }: Part) {
  const t = useWords(words)
  const { away } = answer.preferences
  const [draft, setDraft] = useState<{ from: string; to: string } | null>(
    away && { from: wall(away.from), to: wall(away.to) },
  )
  const wrong = draft !== null && draft.from >= draft.to
  const keep = () => {
    if (!draft || wrong) return
    const next = { from: new Date(draft.from).toISOString(), to: new Date(draft.to).toISOString() }
    if (next.from !== away?.from || next.to !== away.to) void save({ away: next })
  }
  if (!draft)
    return (
      <section aria-label={t('away')}>
        <h2>{t('away')}</h2>
        <div className="row">
          <button
            type="button"
            className="zc-btn"
            onClick={() => {
              const from = new Date(new Date().setHours(24, 0, 0, 0))
              const to = new Date(from.getTime() + 7 * 86_400_000)
              setDraft({ from: wall(from.toISOString()), to: wall(to.toISOString()) })
            }}
          >
            {t('away.set')}
          </button>
        </div>
        <small className="note">{t('away.note')}</small>
      </section>
    )
  return (
    <section aria-label={t('away')}>
      <h2>{t('away')}</h2>
      <div className="row">
        {(['from', 'to'] as const).map((end) => (
          <label key={end}>
            {t(`away.${end}`)}{' '}
            <input
              className="zc-input"
              type="datetime-local"
              value={draft[end]}
              aria-invalid={wrong || undefined}
              onChange={(e) => e.target.value && setDraft({ ...draft, [end]: e.target.value })}
            />
          </label>
        ))}
        <button type="button" className="zc-btn primary" disabled={wrong} onClick={keep}>
          {t('away.keep')}
        </button>
        <button
          type="button"
          className="zc-btn quiet"
          onClick={() => {
            setDraft(null)
            if (away) void save({ away: null })
          }}
        >
          {t('away.clear')}
        </button>
      </div>
      {wrong && <small className="bad">{t('away.order')}</small>}
      <small className="note">{t('away.note')}</small>
    </section>
  )
}

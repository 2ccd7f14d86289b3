import { Angry, ArrowLeft, Frown, Laugh, Meh, Smile } from 'lucide-react'
import { useEffect, useState } from 'react'
import { call, newId, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Empty, ErrorState, Loading } from '../../common/states'
import { storage } from '../drafts'
import { LinkShell } from '../shell/Shell'
import { useLoad } from '../useLink'
import './survey.css'
import { words } from './words'

const faces = [Angry, Frown, Meh, Smile, Laugh] as const
type Rating = 1 | 2 | 3 | 4 | 5
const ratings: Rating[] = [1, 2, 3, 4, 5]

export default function Survey({ token }: { token: string }) {
  const t = useWords(words)
  const { data, error, reload } = useLoad(() => call('GET /api/link/:token', { params: { token } }), token)
  const [done, setDone] = useState<boolean | null>(null)
  const back = (
    <a className="zl-back" href={`/v/${token}`}>
      <ArrowLeft className="zc-icon" size={18} aria-hidden />
      {t('back')}
    </a>
  )
  if (!data)
    return <LinkShell>{error ? <ErrorState error={error} onRetry={reload} /> : <Loading lines={8} />}</LinkShell>
  const s = data.survey
  const phone = data.company.phone
  return (
    <LinkShell company={data.company.name}>
      {back}
      {done !== null ? (
        <Empty icon={done ? Laugh : Smile} title={t('thanks')}>
          {t(done ? 'thanks.good' : 'thanks.bad')}
        </Empty>
      ) : s.state === 'open' && s.definition ? (
        <Form token={token} definition={s.definition} onDone={setDone} />
      ) : s.state === 'answered' ? (
        <Empty title={t('answered')}>{t('answeredText')}</Empty>
      ) : s.state === 'elsewhere' ? (
        <Empty title={t('elsewhere')}>{t('elsewhereText', { phone })}</Empty>
      ) : s.state === 'expired' ? (
        <Empty title={t('closed')}>{t('closedText', { phone })}</Empty>
      ) : (
        <Empty title={t('notYet')}>{t('notYetText')}</Empty>
      )}
    </LinkShell>
  )
}

type Definition = NonNullable<Reply<'GET /api/link/:token'>['survey']['definition']>
type Draft = { ratings: Record<string, Rating>; tags: string[]; words: string; nps: number | null }
const blank: Draft = { ratings: {}, tags: [], words: '', nps: null }

function Form({
  token,
  definition,
  onDone,
}: {
  token: string
  definition: Definition
  onDone: (good: boolean) => void
}) {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const word = (w: { zh: string; en: string }) => (zh ? w.zh : w.en)
  const kept = storage(`survey:${token}`)
  const [draft, setDraft] = useState<Draft>(() => {
    try {
      return { ...blank, ...(JSON.parse(kept.read()) as Draft) }
    } catch {
      return blank
    }
  })
  const [commandId] = useState(newId)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => kept.write(JSON.stringify(draft)), [draft])
  const [first, ...rest] = definition.questions
  const overall = first ? draft.ratings[first.key] : undefined
  // The tags fit the score: nobody is asked what was bad about an excellent visit.
  const tags = overall === undefined ? [] : overall >= 4 ? definition.tags.good : definition.tags.bad
  const rate = (key: string, r: Rating) => setDraft((d) => ({ ...d, ratings: { ...d.ratings, [key]: r } }))
  const submit = async () => {
    setBusy(true)
    setError(null)
    try {
      const offered = new Set(tags.map((x) => x.key))
      const answer = await call('POST /api/link/:token/survey', {
        params: { token },
        body: {
          ratings: draft.ratings,
          tags: draft.tags.filter((k) => offered.has(k)),
          words: draft.words,
          nps: draft.nps,
        },
        commandId,
      })
      kept.clear()
      onDone(answer.good)
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const problem = error ? asApiError(error) : null
  return (
    <form
      className="zl-survey"
      onSubmit={(e) => {
        e.preventDefault()
        void submit()
      }}
    >
      <h1>{t('title')}</h1>
      {first && <Faces label={word(first.label)} value={overall} onRate={(r) => rate(first.key, r)} large />}
      {overall !== undefined && (
        <>
          <fieldset>
            <legend>{t(overall >= 4 ? 'tags.good' : 'tags.bad')}</legend>
            <div className="tags">
              {tags.map((tag) => (
                <label key={tag.key}>
                  <input
                    type="checkbox"
                    checked={draft.tags.includes(tag.key)}
                    onChange={(e) =>
                      setDraft((d) => ({
                        ...d,
                        tags: e.target.checked ? [...d.tags, tag.key] : d.tags.filter((k) => k !== tag.key),
                      }))
                    }
                  />
                  <span>{word(tag.label)}</span>
                </label>
              ))}
            </div>
          </fieldset>
          {rest.map((q) => (
            <Faces key={q.key} label={word(q.label)} value={draft.ratings[q.key]} onRate={(r) => rate(q.key, r)} />
          ))}
          <label className="say">
            {t('words')} <small>{t('wordsHint')}</small>
            <textarea
              className="zc-input"
              rows={3}
              maxLength={2000}
              value={draft.words}
              onChange={(e) => setDraft((d) => ({ ...d, words: e.target.value }))}
            />
          </label>
          <fieldset>
            <legend>{t('nps')}</legend>
            <div className="nps">
              {Array.from({ length: 11 }, (_, n) => (
                <label key={n}>
                  <input
                    type="radio"
                    name="nps"
                    checked={draft.nps === n}
                    onChange={() => setDraft((d) => ({ ...d, nps: n }))}
                  />
                  <span>{n}</span>
                </label>
              ))}
            </div>
            <p className="ends">
              <span>{t('npsLow')}</span>
              <span>{t('npsHigh')}</span>
            </p>
          </fieldset>
          {problem && (
            <p role="alert" className="trouble">
              {problem.title} {problem.action}
            </p>
          )}
          <button type="submit" className="zc-btn primary wide" disabled={busy}>
            {t(busy ? 'sending' : 'submit')}
          </button>
        </>
      )}
    </form>
  )
}

function Faces({
  label,
  value,
  onRate,
  large,
}: {
  label: string
  value: Rating | undefined
  onRate: (r: Rating) => void
  large?: boolean
}) {
  const t = useWords(words)
  return (
    <fieldset className="faces" data-large={large || undefined}>
      <legend>{label}</legend>
      <div>
        {ratings.map((r) => {
          const Face = faces[r - 1] as (typeof faces)[number]
          return (
            <label key={r} data-picked={value === r || undefined}>
              <input type="radio" name={label} checked={value === r} onChange={() => onRate(r)} />
              <Face className="zc-icon" size={large ? 40 : 28} aria-hidden />
              <span className={large ? undefined : 'zc-hidden'}>{t(`face.${r}`)}</span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}

import { Check, ChevronRight, FileText, Phone, Star } from 'lucide-react'
import { useState } from 'react'
import { call, newId, type Reply } from '../../common/api/call'
import { asApiError } from '../../common/api/problem'
import { useFormat } from '../../common/i18n/format'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { ErrorState, Loading } from '../../common/states'
import { storage } from '../drafts'
import { LinkShell } from '../shell/Shell'
import { useLoad } from '../useLink'
import './progress.css'
import { words } from './words'

type Page = Reply<'GET /api/link/:token'>

/** What the customer sees first: where the work stands, what is asked of him, and whom to call. */
export default function Progress({ token }: { token: string }) {
  const t = useWords(words)
  const { data, error, reload } = useLoad(() => call('GET /api/link/:token', { params: { token } }), token, 15_000)
  if (!data)
    return <LinkShell>{error ? <ErrorState error={error} onRetry={reload} /> : <Loading lines={6} />}</LinkShell>
  return (
    <LinkShell
      company={data.company.name}
      foot={data.company.phone && <a href={`tel:${data.company.phone}`}>{t('help', { phone: data.company.phone })}</a>}
    >
      <Head page={data} />
      <Asked page={data} token={token} reload={reload} />
      <Steps page={data} />
      <Documents page={data} token={token} />
    </LinkShell>
  )
}

function Head({ page }: { page: Page }) {
  const t = useWords(words)
  const f = useFormat(page.zone)
  return (
    <section className="zl-head">
      <h1>{page.order.title}</h1>
      <p>
        {page.order.number && t('order', { number: page.order.number })}
        {page.site && ` · ${page.site.name}`}
      </p>
      {page.expected && (
        <p className="when">
          <span>{t(page.expected.agreed ? 'expected.agreed' : 'expected.planned')}</span>
          <b>{page.expected.end ? f.range(page.expected.start, page.expected.end) : f.when(page.expected.start)}</b>
        </p>
      )}
      {page.engineer && (
        <p className="who">
          <span>{t('engineer', { name: page.engineer.name })}</span>
          {page.company.phone && (
            <a className="zc-btn quiet" href={`tel:${page.company.phone}`}>
              <Phone className="zc-icon" size={18} aria-hidden />
              {t('call', { phone: page.company.phone })}
            </a>
          )}
        </p>
      )}
    </section>
  )
}

/** The one thing that is asked of the customer now. */
function Asked({ page, token, reload }: { page: Page; token: string; reload: () => Promise<void> }) {
  const t = useWords(words)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const [refusing, setRefusing] = useState(false)
  const draft = storage(`reject:${token}`)
  const [reason, setReason] = useState(draft.read())
  const send = async (work: () => Promise<unknown>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
      await reload()
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const problem = error ? asApiError(error) : null
  const trouble = problem && (
    <p role="alert" className="trouble">
      {problem.title} {problem.action}
    </p>
  )
  const unsigned = page.documents.find((d) => d.canSign)

  if (page.arrivalCode)
    return (
      <section className="zl-card code">
        <h2>{t('code.title')}</h2>
        <output>{page.arrivalCode}</output>
        <p>{t('code.text')}</p>
      </section>
    )
  if (page.acceptance.canConfirm)
    return (
      <section className="zl-card">
        <p>{t('confirm.text')}</p>
        {trouble}
        <button
          type="button"
          className="zc-btn primary wide"
          disabled={busy}
          onClick={() => send(() => call('POST /api/link/:token/confirm', { params: { token }, body: {} }))}
        >
          {t('confirm.yes')}
        </button>
      </section>
    )
  if (page.acceptance.canAccept)
    return (
      <section className="zl-card">
        <h2>{t('accept.title')}</h2>
        <p>{t('accept.text')}</p>
        {trouble}
        {refusing ? (
          <form
            onSubmit={(e) => {
              e.preventDefault()
              const commandId = newId()
              void send(() =>
                call('POST /api/link/:token/reject', { params: { token }, body: { reason }, commandId }),
              ).then(() => draft.clear())
            }}
          >
            <label>
              {t('accept.reason')}
              <textarea
                className="zc-input"
                rows={3}
                maxLength={500}
                required
                value={reason}
                onChange={(e) => {
                  setReason(e.target.value)
                  draft.write(e.target.value)
                }}
              />
            </label>
            <div className="pair">
              <button type="button" className="zc-btn" onClick={() => setRefusing(false)}>
                {t('accept.back')}
              </button>
              <button type="submit" className="zc-btn primary" disabled={busy || reason.trim() === ''}>
                {t('accept.send')}
              </button>
            </div>
          </form>
        ) : (
          <div className="pair">
            <button type="button" className="zc-btn" onClick={() => setRefusing(true)}>
              {t('accept.no')}
            </button>
            {unsigned ? (
              <a className="zc-btn primary" href={`/v/${token}/document?id=${unsigned.id}`}>
                {t('doc.sign')}
              </a>
            ) : (
              <button
                type="button"
                className="zc-btn primary"
                disabled={busy}
                onClick={() => send(() => call('POST /api/link/:token/accept', { params: { token }, body: {} }))}
              >
                {t('accept.yes')}
              </button>
            )}
          </div>
        )}
      </section>
    )
  if (page.survey.state === 'open')
    return (
      <section className="zl-card">
        <h2>{t('survey.title')}</h2>
        <p>{t('survey.text')}</p>
        <a className="zc-btn primary wide" href={`/v/${token}/survey`}>
          <Star className="zc-icon" size={18} aria-hidden />
          {t('survey.go')}
        </a>
      </section>
    )
  if (page.acceptance.state === 'reworking') return <section className="zl-card">{t('accept.rework')}</section>
  if (page.survey.state === 'answered') return <section className="zl-card">{t('survey.thanks')}</section>
  return null
}

function Steps({ page }: { page: Page }) {
  const t = useWords(words)
  const f = useFormat(page.zone)
  return (
    <ol className="zl-steps">
      {page.steps.map((s) => (
        <li key={s.key} data-state={s.state} aria-current={s.state === 'now' ? 'step' : undefined}>
          <i>{s.state !== 'todo' && <Check className="zc-icon" size={14} aria-hidden />}</i>
          <span>{t(s.key === 'working' && page.remote ? 'step.working.remote' : `step.${s.key}`)}</span>
          {s.at && <time dateTime={s.at}>{f.when(s.at)}</time>}
        </li>
      ))}
    </ol>
  )
}

function Documents({ page, token }: { page: Page; token: string }) {
  const t = useWords(words)
  const zh = useLanguage() === 'zh-CN'
  const f = useFormat(page.zone)
  // A document that the engineer is still writing is not yet the customer's to read.
  const shown = page.documents.filter((d) => d.state !== 'draft' || d.canSign)
  if (shown.length === 0) return null
  return (
    <section className="zl-docs">
      <h2>{t('documents')}</h2>
      {shown.map((d) => (
        <a key={d.id} href={`/v/${token}/document?id=${d.id}`}>
          <FileText className="zc-icon" size={22} aria-hidden />
          <span>
            <b>{zh ? d.title.zh : d.title.en}</b>
            <small>
              {d.signedAt ? t('doc.signed', { at: f.when(d.signedAt) }) : t(d.canSign ? 'doc.filed' : 'doc.draft')}
            </small>
          </span>
          <em>{t(d.canSign ? 'doc.sign' : 'doc.read')}</em>
          <ChevronRight className="zc-icon" size={18} aria-hidden />
        </a>
      ))}
    </section>
  )
}

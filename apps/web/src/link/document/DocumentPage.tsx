import { ArrowLeft, Download, PenLine } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { call, newId } from '../../common/api/call'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Paper } from '../../common/paper/Paper'
import { Empty, ErrorState, Loading } from '../../common/states'
import { LinkShell } from '../shell/Shell'
import { useLoad } from '../useLink'
import './document.css'
import { words } from './words'

const SignSheet = lazy(() => import('../../common/paper/SignSheet').then((m) => ({ default: m.SignSheet })))

export default function DocumentPage({ token }: { token: string }) {
  const t = useWords(words)
  const language = useLanguage()
  const id = new URLSearchParams(location.search).get('id') ?? ''
  const [signing, setSigning] = useState(false)
  const [done, setDone] = useState<'now' | 'before' | null>(null)
  const page = useLoad(() => call('GET /api/link/:token', { params: { token } }), token)
  const {
    data: d,
    error,
    reload,
  } = useLoad(() => call('GET /api/link/:token/documents/:id', { params: { token, id } }), `${token}${id}`)
  const back = (
    <a className="zl-back" href={`/v/${token}`}>
      <ArrowLeft className="zc-icon" size={18} aria-hidden />
      {t('back')}
    </a>
  )
  if (!id)
    return (
      <LinkShell>
        {back}
        <Empty title={t('lost')} />
      </LinkShell>
    )
  if (!d || !page.data)
    return (
      <LinkShell>
        {back}
        {error || page.error ? (
          <ErrorState error={error ?? page.error} onRetry={() => void Promise.all([reload(), page.reload()])} />
        ) : (
          <Loading lines={10} />
        )}
      </LinkShell>
    )
  return (
    <LinkShell company={page.data.company.name}>
      {back}
      {done && (
        <section className="zl-done" role="status">
          <h2>{t('done')}</h2>
          <p>{done === 'before' && d.signature ? t('already', { name: d.signature.signerName }) : t('doneText')}</p>
          {page.data.survey.state === 'open' && (
            <a className="zc-btn primary" href={`/v/${token}/survey`}>
              {t('rate')}
            </a>
          )}
        </section>
      )}
      <Paper document={d} zone={page.data.zone} photoUrl={(photo) => `/api/link/${token}/photos/${photo}`} />
      <div className="zl-bar">
        <a
          className="zc-btn"
          href={`/api/link/${token}/documents/${id}/pdf?lang=${language}`}
          target="_blank"
          rel="noreferrer"
        >
          <Download className="zc-icon" size={18} aria-hidden />
          {t('pdf')}
        </a>
        {d.canSign && (
          <button type="button" className="zc-btn primary" onClick={() => setSigning(true)}>
            <PenLine className="zc-icon" size={18} aria-hidden />
            {t('sign')}
          </button>
        )}
      </div>
      {!d.canSign && !d.signature && <p className="zl-note">{t('waiting')}</p>}
      {signing && (
        <Suspense fallback={null}>
          <SignSheet
            onClose={() => setSigning(false)}
            onSign={async (s) => {
              try {
                const answer = await call('POST /api/link/:token/documents/:id/sign', {
                  params: { token, id },
                  body: { ...s, expectedHash: d.hash },
                  commandId: newId(),
                })
                setDone(answer.already ? 'before' : 'now')
                setSigning(false)
              } finally {
                // Signed, or changed since it was read: in both cases the page must show what is true now.
                await Promise.all([reload(), page.reload()])
              }
            }}
          >
            <p className="zl-note">{t('agree')}</p>
          </SignSheet>
        </Suspense>
      )}
    </LinkShell>
  )
}

import { QrCode } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useDraft } from '../../common/draft'
import { useLanguage } from '../../common/i18n/language'
import { useWords } from '../../common/i18n/words'
import { Paper } from '../../common/paper/Paper'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { useAct } from '../../offline'
import type { VisitFull } from '../../offline/visits'
import { Link, usePageParams } from '../router'
import { ActionBar, FieldBar } from '../shell/Shell'
import { useDocument, useVisit } from './data'
import { words } from './document.words'
import { wordOf } from './facts'
import type { Document } from './fill'
import './visit.css'

const LandscapePad = lazy(() => import('../../common/paper/LandscapePad').then((m) => ({ default: m.LandscapePad })))
const LinkSheet = lazy(() => import('./LinkSheet'))
const photoUrl = (id: string) => `/api/evidence/${id}/bytes`

function Form({ doc, visit }: { doc: Document; visit: VisitFull }) {
  const t = useWords(words)
  const language = useLanguage()
  const me = useMe()
  const zone = visit.site?.zone ?? me.zone
  const run = useAct()
  const [signer, setSigner, clearSigner] = useDraft(`${me.id}.sign.${doc.id}`, {
    name: visit.contact?.name ?? '',
    title: '',
  })
  const [open, setOpen] = useState(false)
  const [linking, setLinking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const back = `/m/visits/${visit.id}`

  const sign = async (image: string) => {
    setBusy(true)
    setProblem(undefined)
    try {
      await run('document.sign', doc.id, {
        expectedHash: doc.hash,
        signerName: signer.name.trim(),
        signerTitle: signer.title.trim() || null,
        image,
        shown: { values: doc.values, facts: doc.facts },
      })
      clearSigner()
      setOpen(false)
      toast(t('sign.done'))
    } catch (error) {
      setProblem(t('sign.failed', { why: error instanceof Error ? error.message : String(error) }))
    } finally {
      setBusy(false)
    }
  }

  if (doc.signature) {
    return (
      <>
        <FieldBar title={wordOf(doc.title, language)} back={back} />
        <div className="zc-visit">
          <Paper document={doc} zone={zone} photoUrl={photoUrl} signatureUrl={`/api/documents/${doc.id}/signature`} />
        </div>
        <ActionBar>
          <Link className="zc-btn primary big" to={back}>
            {t('sign.back')}
          </Link>
          <a
            className="zc-btn big"
            href={`/api/documents/${doc.id}/pdf?lang=${language}`}
            target="_blank"
            rel="noreferrer"
          >
            {t('pdf')}
          </a>
        </ActionBar>
      </>
    )
  }
  if (doc.missing.length > 0)
    return (
      <>
        <FieldBar title={t('sign.title')} back={back} />
        <div className="zc-visit">
          <p className="zc-problem">{problem ?? t('sign.incomplete', { n: doc.missing.length })}</p>
        </div>
        <ActionBar>
          <Link className="zc-btn primary big" to={`${back}/documents/${doc.id}`}>
            {t('sign.fill')}
          </Link>
        </ActionBar>
      </>
    )
  return (
    <>
      <FieldBar title={wordOf(doc.title, language)} back={`${back}/documents/${doc.id}`} />
      <div className="zc-visit">
        {problem && !open && (
          <p className="zc-problem" role="alert">
            {problem}
          </p>
        )}
        <p className="zc-note">{t('sign.read')}</p>
        <Paper document={doc} zone={zone} photoUrl={photoUrl} />
        <section className="zc-part">
          <label className="zc-field-row">
            <span>{t('sign.name')}</span>
            <input
              className="zc-input"
              maxLength={100}
              autoComplete="off"
              value={signer.name}
              onChange={(e) => setSigner({ ...signer, name: e.target.value })}
            />
          </label>
          <label className="zc-field-row">
            <span>{t('sign.job')}</span>
            <input
              className="zc-input"
              maxLength={100}
              autoComplete="off"
              value={signer.title}
              onChange={(e) => setSigner({ ...signer, title: e.target.value })}
            />
          </label>
        </section>
        {doc.can.fill !== false && (
          <button type="button" className="zc-btn" onClick={() => setLinking(true)}>
            <QrCode className="zc-icon" size={20} aria-hidden /> {t('sign.own')}
          </button>
        )}
      </div>
      {linking && (
        <Suspense>
          <LinkSheet visitId={visit.id} zone={zone} onClose={() => setLinking(false)} />
        </Suspense>
      )}
      <ActionBar>
        <button
          type="button"
          className="zc-btn primary big"
          disabled={!signer.name.trim()}
          onClick={() => {
            setProblem(undefined)
            setOpen(true)
          }}
        >
          {t('sign.start')}
        </button>
      </ActionBar>
      {open && (
        <Suspense>
          <LandscapePad
            signer={[signer.name, signer.title].filter(Boolean).join(' · ')}
            busy={busy}
            problem={problem}
            onConfirm={(image) => void sign(image)}
            onClose={() => setOpen(false)}
          />
        </Suspense>
      )}
    </>
  )
}

/** The customer reads what was done and signs it, bound to exactly what he read. */
export default function SignPage() {
  const t = useWords(words)
  const { id = '', documentId = '' } = usePageParams('/m/visits/:id/documents/:documentId/sign')
  const doc = useDocument(documentId)
  const visit = useVisit(id)
  const error = doc.error ?? visit.error
  if (doc.data && visit.data) return <Form key={documentId} doc={doc.data} visit={visit.data} />
  return (
    <>
      <FieldBar title={t('sign.title')} back={`/m/visits/${id}`} />
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void doc.refetch()
            void visit.refetch()
          }}
        />
      ) : (
        <Loading shape="cards" lines={3} />
      )}
    </>
  )
}

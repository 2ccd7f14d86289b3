import { Undo2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { asApiError } from '../api/problem'
import { useWords } from '../i18n/words'
import { usePad } from './pad'
import './paper.css'
import { words } from './words'

export type Signed = { signerName: string; signerTitle: string | null; image: string }

/**
 * A full-screen sheet for a handwritten name. `children` is what is agreed to (summary, clause). `onSign` sends it and
 * may throw: the strokes stay, nothing has to be written twice.
 */
export function SignSheet({
  name = '',
  children,
  onSign,
  onClose,
}: {
  name?: string
  children?: ReactNode
  onSign: (s: Signed) => Promise<void>
  onClose: () => void
}) {
  const t = useWords(words)
  const pad = usePad()
  const { inked } = pad
  const [who, setWho] = useState(name)
  const [role, setRole] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const confirm = async () => {
    const image = pad.image()
    if (!image || who.trim() === '') return
    setBusy(true)
    setError(null)
    try {
      await onSign({ signerName: who.trim(), signerTitle: role.trim() || null, image })
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  const problem = error ? asApiError(error) : null
  return (
    <div className="zc-sign" role="dialog" aria-modal="true" aria-label={t('sign.title')}>
      <h2>{t('sign.title')}</h2>
      {children}
      <div className="who">
        <label>
          {t('sign.name')}
          <input
            className="zc-input"
            value={who}
            maxLength={100}
            autoComplete="name"
            onChange={(e) => setWho(e.target.value)}
          />
        </label>
        <label>
          {t('sign.role')}
          <input
            className="zc-input"
            value={role}
            maxLength={100}
            autoComplete="organization-title"
            onChange={(e) => setRole(e.target.value)}
          />
        </label>
      </div>
      <div className="pad">
        <canvas ref={pad.canvas} aria-label={t('sign.pad')} role="img" />
        {!inked && <p>{t('sign.hint')}</p>}
      </div>
      {problem && (
        <p role="alert" style={{ color: 'var(--red)' }}>
          {problem.title} {problem.action}
        </p>
      )}
      <div className="actions">
        <button type="button" className="zc-btn quiet" onClick={onClose}>
          {t('sign.cancel')}
        </button>
        <button type="button" className="zc-btn icon" aria-label={t('sign.undo')} disabled={!inked} onClick={pad.undo}>
          <Undo2 className="zc-icon" size={20} aria-hidden />
        </button>
        <button
          type="button"
          className="zc-btn primary"
          disabled={!inked || who.trim() === '' || busy}
          onClick={confirm}
        >
          {busy ? t('sign.sending') : t('sign.confirm')}
        </button>
      </div>
    </div>
  )
}

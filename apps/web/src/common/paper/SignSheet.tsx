import { Undo2 } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type SignaturePad from 'signature_pad'
import { asApiError } from '../api/problem'
import { useWords } from '../i18n/words'
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
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad | null>(null)
  const [who, setWho] = useState(name)
  const [role, setRole] = useState('')
  const [inked, setInked] = useState(false)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  useEffect(() => {
    let gone = false
    let stop = () => {}
    void import('signature_pad').then(({ default: Pad }) => {
      const c = canvas.current
      if (gone || !c) return
      const made = new Pad(c, { minWidth: 1.2, maxWidth: 3.6, penColor: '#101717', backgroundColor: 'rgba(0,0,0,0)' })
      pad.current = made
      // The canvas follows the sheet when the phone is turned; the strokes are drawn again from their points.
      const fit = () => {
        const ratio = Math.min(window.devicePixelRatio || 1, 2)
        const box = c.getBoundingClientRect()
        if (box.width === 0) return
        const strokes = made.toData()
        c.width = Math.round(box.width * ratio)
        c.height = Math.round(box.height * ratio)
        c.getContext('2d')?.scale(ratio, ratio)
        made.fromData(strokes)
      }
      fit()
      const watch = new ResizeObserver(fit)
      watch.observe(c)
      made.addEventListener('endStroke', () => setInked(!made.isEmpty()))
      stop = () => {
        watch.disconnect()
        made.off()
      }
    })
    return () => {
      gone = true
      stop()
    }
  }, [])

  const undo = () => {
    const data = pad.current?.toData() ?? []
    data.pop()
    pad.current?.fromData(data)
    setInked(data.length > 0)
  }
  const confirm = async () => {
    if (!pad.current || !inked || who.trim() === '') return
    setBusy(true)
    setError(null)
    try {
      await onSign({
        signerName: who.trim(),
        signerTitle: role.trim() || null,
        image: pad.current.toDataURL('image/png'),
      })
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
        <canvas ref={canvas} aria-label={t('sign.pad')} role="img" />
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
        <button type="button" className="zc-btn icon" aria-label={t('sign.undo')} disabled={!inked} onClick={undo}>
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

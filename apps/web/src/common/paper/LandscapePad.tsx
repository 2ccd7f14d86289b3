import { useEffect, useRef, useState } from 'react'
import { useWords } from '../i18n/words'
import { useModal } from '../modal'
import './paper.css'
import { usePad } from './pad'
import { words } from './words'

/**
 * The whole screen as a sheet to sign on, sideways on a phone held upright, so that turning the phone makes it
 * landscape whatever its rotation lock says. Name and text are asked and read before.
 */
export function LandscapePad({
  signer,
  busy,
  problem,
  onConfirm,
  onClose,
}: {
  signer: string
  busy: boolean
  problem: string | undefined
  onConfirm: (image: string) => void
  onClose: () => void
}) {
  const t = useWords(words)
  const dialog = useRef<HTMLDialogElement>(null)
  const pad = usePad()
  const [sideways, setSideways] = useState(() => innerHeight > innerWidth)
  useModal(dialog, true)
  useEffect(() => {
    const turned = () => setSideways(innerHeight > innerWidth)
    window.addEventListener('resize', turned)
    return () => window.removeEventListener('resize', turned)
  }, [])
  return (
    <dialog
      ref={dialog}
      className={`zc-signpad${sideways ? ' sideways' : ''}`}
      aria-label={t('sign.title')}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
    >
      <canvas ref={pad.canvas} aria-label={t('sign.pad')} role="img" />
      <div className="frame">
        <div className="top">
          <b className="zc-clip">{signer}</b>
          <span>{problem ? <em role="alert">{problem}</em> : t('sign.line')}</span>
        </div>
        <i className="line" aria-hidden />
        <div className="foot">
          <button type="button" className="zc-btn" onClick={onClose}>
            {t('sign.cancel')}
          </button>
          <button type="button" className="zc-btn" disabled={!pad.inked || busy} onClick={pad.undo}>
            {t('sign.undo')}
          </button>
          <button type="button" className="zc-btn" disabled={!pad.inked || busy} onClick={pad.clear}>
            {t('sign.redo')}
          </button>
          <button
            type="button"
            className="zc-btn primary"
            disabled={!pad.inked || busy}
            onClick={() => {
              const image = pad.image(sideways)
              if (image) onConfirm(image)
            }}
          >
            {t(busy ? 'sign.sending' : 'sign.confirm')}
          </button>
        </div>
      </div>
    </dialog>
  )
}

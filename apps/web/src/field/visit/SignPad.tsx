import { useEffect, useRef, useState } from 'react'
import SignaturePad from 'signature_pad'
import { useWords } from '../../common/i18n/words'
import { useModal } from '../../common/modal'
import { words } from './document.words'

/**
 * The drawing as an upright PNG on white, at most 900 pixels wide. On a phone held upright the sheet is drawn sideways
 * (turning the phone makes it landscape, whatever its rotation lock says), so the picture is turned back here.
 */
function upright(canvas: HTMLCanvasElement, sideways: boolean): string {
  const [w, h] = sideways ? [canvas.height, canvas.width] : [canvas.width, canvas.height]
  const scale = Math.min(1, 900 / w)
  const out = document.createElement('canvas')
  out.width = Math.round(w * scale)
  out.height = Math.round(h * scale)
  const c = out.getContext('2d') as CanvasRenderingContext2D
  c.fillStyle = '#fff'
  c.fillRect(0, 0, out.width, out.height)
  c.scale(scale, scale)
  if (sideways) {
    c.translate(0, h)
    c.rotate(-Math.PI / 2)
  }
  c.drawImage(canvas, 0, 0)
  return out.toDataURL('image/png')
}

/** The landscape sheet: a line to sign on, clear, undo, confirm. */
export default function SignPad({
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
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad>(undefined)
  const [empty, setEmpty] = useState(true)
  const [sideways, setSideways] = useState(() => innerHeight > innerWidth)
  useModal(dialog, true)

  useEffect(() => {
    const turned = () => setSideways(innerHeight > innerWidth)
    window.addEventListener('resize', turned)
    return () => window.removeEventListener('resize', turned)
  }, [])
  useEffect(() => {
    const el = canvas.current
    if (!el) return
    // A turn of the phone changes the sheet: what was drawn on the other one does not fit it.
    const ratio = Math.max(1, Math.min(2, devicePixelRatio))
    const box = el.getBoundingClientRect()
    el.width = box.width * ratio
    el.height = box.height * ratio
    el.getContext('2d')?.scale(ratio, ratio)
    const made = new SignaturePad(el, { penColor: '#101717', minWidth: 1.2, maxWidth: 3.2 })
    made.addEventListener('endStroke', () => setEmpty(made.isEmpty()))
    pad.current = made
    setEmpty(true)
    return () => made.off()
  }, [sideways])

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
      <canvas ref={canvas} aria-label={t('sign.pad')} />
      <div className="frame">
        <header>
          <b className="zc-clip">{signer}</b>
          <span>{problem ? <em role="alert">{problem}</em> : t('sign.here')}</span>
        </header>
        <i className="line" aria-hidden />
        <footer>
          <button type="button" className="zc-btn quiet" onClick={onClose}>
            {t('sign.back')}
          </button>
          <button
            type="button"
            className="zc-btn"
            disabled={empty || busy}
            onClick={() => {
              const p = pad.current
              if (!p) return
              p.fromData(p.toData().slice(0, -1))
              setEmpty(p.isEmpty())
            }}
          >
            {t('sign.undo')}
          </button>
          <button
            type="button"
            className="zc-btn"
            disabled={empty || busy}
            onClick={() => {
              pad.current?.clear()
              setEmpty(true)
            }}
          >
            {t('sign.clear')}
          </button>
          <button
            type="button"
            className="zc-btn primary"
            disabled={empty || busy}
            onClick={() => canvas.current && onConfirm(upright(canvas.current, sideways))}
          >
            {t(busy ? 'sign.sending' : 'sign.confirm')}
          </button>
        </footer>
      </div>
    </dialog>
  )
}

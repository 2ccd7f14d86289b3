import { Camera, Flashlight } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useWords } from '../../common/i18n/words'
import { codeReader, type Found, readPicture } from './decode'
import './scan.css'
import { words } from './words'

type Why = 'refused' | 'missing' | 'busy' | 'insecure' | 'reader'
type State = { at: 'starting' } | { at: 'looking'; torch: boolean } | { at: 'none'; why: Why }

const whyOf = (error: unknown): Why => {
  const name = (error as DOMException)?.name
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused'
  return name === 'NotReadableError' || name === 'AbortError' ? 'busy' : 'missing'
}

/** Frames between two looks: four looks a second find a code at once and leave the phone cool. */
const lookMs = 250

/**
 * Reads a QR code or barcode with the camera. `onCode` is called once for each code that comes into view (a code that
 * stays in the frame is not told again for two seconds). Without a camera a photo does; typing is the caller's part.
 * Load it lazily: `lazy(() => import('../scan/Scanner'))`.
 */
export default function Scanner({ onCode }: { onCode: (text: string, info: { format: string }) => void }) {
  const t = useWords(words)
  const video = useRef<HTMLVideoElement>(null)
  const track = useRef<MediaStreamTrack>(undefined)
  const [state, setState] = useState<State>({ at: 'starting' })
  const [lit, setLit] = useState(false)
  const [round, setRound] = useState(0)
  const [picture, setPicture] = useState<'reading' | 'unread' | null>(null)
  const last = useRef<{ text: string; at: number }>(undefined)
  const tell = useRef(onCode)
  tell.current = onCode

  const found = (f: Found) => {
    const now = performance.now()
    if (last.current?.text === f.text && now - last.current.at < 2_000) return
    last.current = { text: f.text, at: now }
    navigator.vibrate?.(40)
    tell.current(f.text, { format: f.format })
  }

  useEffect(() => {
    let over = false
    let stream: MediaStream | undefined
    let timer: ReturnType<typeof setTimeout>
    const open = async () => {
      setState({ at: 'starting' })
      if (!window.isSecureContext) return setState({ at: 'none', why: 'insecure' })
      if (!navigator.mediaDevices?.getUserMedia) return setState({ at: 'none', why: 'missing' })
      const reading = codeReader()
      reading.catch(() => {})
      try {
        stream = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
          audio: false,
        })
      } catch (error) {
        return over ? undefined : setState({ at: 'none', why: whyOf(error) })
      }
      const el = video.current
      if (over || !el) return stop()
      track.current = stream.getVideoTracks()[0]
      el.srcObject = stream
      await el.play().catch(() => {})
      let read: Awaited<typeof reading>
      try {
        read = await reading
      } catch {
        stop()
        return over ? undefined : setState({ at: 'none', why: 'reader' })
      }
      if (over) return
      const abilities = track.current?.getCapabilities?.() as { torch?: boolean } | undefined
      setState({ at: 'looking', torch: !!abilities?.torch })
      const look = async () => {
        if (over) return
        const f = el.readyState >= 2 ? await read(el).catch(() => null) : null
        if (f && !over) found(f)
        if (!over) timer = setTimeout(look, lookMs)
      }
      void look()
    }
    const stop = () => {
      for (const one of stream?.getTracks() ?? []) one.stop()
    }
    void open()
    return () => {
      over = true
      clearTimeout(timer)
      stop()
    }
  }, [round])

  const fromPicture = async (file: File | undefined) => {
    if (!file) return
    setPicture('reading')
    const f = await readPicture(file).catch(() => null)
    setPicture(f ? null : 'unread')
    if (f) found(f)
  }

  return (
    <div className="zc-scan">
      {state.at === 'none' ? (
        <div className="none" role="alert">
          <h2>{t(`none.${state.why}`)}</h2>
          <p>{t(`none.${state.why}.text`)}</p>
          {state.why !== 'insecure' && state.why !== 'missing' && (
            <button type="button" className="zc-btn" onClick={() => setRound((n) => n + 1)}>
              {t('again')}
            </button>
          )}
        </div>
      ) : (
        <div className="view">
          <video ref={video} playsInline muted aria-label={t('aim')} />
          <i className="frame" aria-hidden />
          <p role="status">{t(state.at === 'starting' ? 'starting' : 'aim')}</p>
        </div>
      )}
      <div className="tools">
        {state.at === 'looking' && state.torch && (
          <button
            type="button"
            className="zc-btn"
            aria-pressed={lit}
            onClick={() => {
              const on = !lit
              track.current?.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] }).then(
                () => setLit(on),
                () => setLit(false),
              )
            }}
          >
            <Flashlight className="zc-icon" size={20} aria-hidden />
            {t('torch')}
          </button>
        )}
        <label className="zc-btn">
          <Camera className="zc-icon" size={20} aria-hidden />
          {t(picture === 'reading' ? 'reading' : 'picture')}
          <input
            type="file"
            accept="image/*"
            capture="environment"
            className="zc-hidden"
            onChange={(e) => {
              void fromPicture(e.target.files?.[0])
              e.target.value = ''
            }}
          />
        </label>
      </div>
      {picture === 'unread' && (
        <p className="zc-note" role="alert">
          {t('unread')}
        </p>
      )}
    </div>
  )
}

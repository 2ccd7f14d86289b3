import { useCallback, useEffect, useRef, useState } from 'react'

// A note by voice: the browser writes it down where it can; else the recording is kept, and a person may write it down
// later. Silence gives nothing.

interface Result {
  isFinal: boolean
  0: { transcript: string }
}
interface Recognition {
  lang: string
  continuous: boolean
  interimResults: boolean
  onresult: ((e: { resultIndex: number; results: ArrayLike<Result> }) => void) | null
  onerror: ((e: { error: string }) => void) | null
  onend: (() => void) | null
  start(): void
  stop(): void
  abort(): void
}
type RecognitionClass = new () => Recognition

const recognition = (): RecognitionClass | undefined => {
  const w = window as unknown as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass }
  return w.SpeechRecognition ?? w.webkitSpeechRecognition
}

export type VoiceState =
  | { at: 'idle'; problem?: 'refused' | 'missing' | 'silent' }
  | { at: 'listening' }
  | { at: 'recording'; since: number }

/** Loudest level below which a recording counts as silence (RMS of samples in -1..1). */
const silence = 0.012
const types = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus']

/**
 * `start` listens, or records where the browser cannot write down (or has no network to do it with). `onText` is given
 * what was heard so far; `onAudio` a recording that was not silent.
 */
export function useVoice(o: { onText: (text: string) => void; onAudio: (blob: Blob) => void }) {
  const [state, setState] = useState<VoiceState>({ at: 'idle' })
  const stopNow = useRef<() => void>(() => {})
  const given = useRef(o)
  given.current = o
  useEffect(() => () => stopNow.current(), [])

  const record = useCallback(async () => {
    if (typeof MediaRecorder === 'undefined' || !navigator.mediaDevices?.getUserMedia)
      return setState({ at: 'idle', problem: 'missing' })
    let stream: MediaStream
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true })
    } catch {
      return setState({ at: 'idle', problem: 'refused' })
    }
    const mimeType = types.find((t) => MediaRecorder.isTypeSupported(t))
    const recorder = new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}), audioBitsPerSecond: 32_000 })
    const chunks: Blob[] = []
    let loudest = 0
    const context = new AudioContext()
    const analyser = context.createAnalyser()
    context.createMediaStreamSource(stream).connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    const meter = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      loudest = Math.max(loudest, Math.sqrt(samples.reduce((s, x) => s + x * x, 0) / samples.length))
    }, 100)
    recorder.ondataavailable = (e) => e.data.size > 0 && chunks.push(e.data)
    recorder.onstop = () => {
      clearInterval(meter)
      void context.close()
      for (const track of stream.getTracks()) track.stop()
      const heard = loudest >= silence && chunks.length > 0
      setState(heard ? { at: 'idle' } : { at: 'idle', problem: 'silent' })
      if (heard) given.current.onAudio(new Blob(chunks, { type: (recorder.mimeType || 'audio/webm').split(';')[0] }))
    }
    stopNow.current = () => recorder.state !== 'inactive' && recorder.stop()
    recorder.start(1_000)
    setState({ at: 'recording', since: Date.now() })
  }, [])

  const start = useCallback(() => {
    const Recognizer = recognition()
    // Every browser that writes speech down does it on somebody's server.
    if (!Recognizer || !navigator.onLine) return void record()
    const r = new Recognizer()
    r.lang = 'zh-CN'
    r.continuous = true
    r.interimResults = true
    let said = ''
    let failed = ''
    r.onresult = (e) => {
      said = Array.from(e.results, (x) => x[0].transcript).join('')
      if (said.trim()) given.current.onText(said.trim())
    }
    r.onerror = (e) => {
      failed = e.error
    }
    r.onend = () => {
      if (said.trim()) return setState({ at: 'idle' })
      if (failed === 'not-allowed') return setState({ at: 'idle', problem: 'refused' })
      // Its server was not reached, or is not there in this country: the recording is.
      if (failed === 'network' || failed === 'service-not-allowed' || failed === 'language-not-supported')
        return void record()
      setState({ at: 'idle', problem: 'silent' })
    }
    stopNow.current = () => r.stop()
    r.start()
    setState({ at: 'listening' })
  }, [record])

  return { state, start, stop: () => stopNow.current(), writes: recognition() !== undefined }
}

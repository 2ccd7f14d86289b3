import { useCallback, useEffect, useRef, useState } from 'react'
import type SignaturePad from 'signature_pad'

/**
 * A canvas to write on. It follows the size of its place (a turned phone); the strokes are drawn again from their
 * points. `image()` is the PNG on a clear ground; `turned` when the writing stands a quarter to the right on the screen.
 */
export function usePad() {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad | null>(null)
  const [inked, setInked] = useState(false)

  useEffect(() => {
    let gone = false
    let stop = () => {}
    void import('signature_pad').then(({ default: Pad }) => {
      const c = canvas.current
      if (gone || !c) return
      const made = new Pad(c, { minWidth: 1.2, maxWidth: 3.6, penColor: '#101717', backgroundColor: 'rgba(0,0,0,0)' })
      pad.current = made
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

  const undo = useCallback(() => {
    const data = pad.current?.toData() ?? []
    data.pop()
    pad.current?.fromData(data)
    setInked(data.length > 0)
  }, [])
  const clear = useCallback(() => {
    pad.current?.clear()
    setInked(false)
  }, [])
  const image = useCallback((turned = false): string | null => {
    const c = canvas.current
    if (!c || !pad.current || pad.current.isEmpty()) return null
    return turned ? turnBack(c) : pad.current.toDataURL('image/png')
  }, [])
  return { canvas, inked, undo, clear, image }
}

/** A quarter to the left: what was written across an upright phone stands upright. */
function turnBack(c: HTMLCanvasElement): string {
  const out = document.createElement('canvas')
  out.width = c.height
  out.height = c.width
  const to = out.getContext('2d') as CanvasRenderingContext2D
  to.translate(0, out.height)
  to.rotate(-Math.PI / 2)
  to.drawImage(c, 0, 0)
  return out.toDataURL('image/png')
}

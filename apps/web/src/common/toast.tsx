import { X } from 'lucide-react'
import { useEffect, useSyncExternalStore } from 'react'
import { useWords } from './i18n/words'
import './dialogs.css'
import { words } from './dialogs.words'

type Toast = { id: number; text: string; undo?: () => void; undoLabel?: string; ms: number }
let toasts: Toast[] = []
let count = 0
const listeners = new Set<() => void>()
const change = (next: Toast[]) => {
  toasts = next
  for (const tell of listeners) tell()
}

/** Says what was done, with its undo: `toast('已指派给 张伟', { undo: () => … })`. Stays 8 s with an undo, else 4 s. Callable anywhere. */
export function toast(
  text: string,
  { undo, undoLabel, ms }: { undo?: () => void; undoLabel?: string; ms?: number } = {},
): () => void {
  const id = ++count
  // Three at most: more is a list, not a notice.
  change([...toasts.slice(-2), { id, text, undo, undoLabel, ms: ms ?? (undo ? 8000 : 4000) }])
  return () => change(toasts.filter((one) => one.id !== id))
}

function One({ id, text, undo, undoLabel, ms }: Toast) {
  const t = useWords(words)
  const close = () => change(toasts.filter((one) => one.id !== id))
  useEffect(() => {
    const timer = setTimeout(close, ms)
    return () => clearTimeout(timer)
  }, [id, ms])
  return (
    <div className="zc-toast">
      <span>{text}</span>
      {undo && (
        <button
          type="button"
          onClick={() => {
            close()
            undo()
          }}
        >
          {undoLabel ?? t('undo')}
        </button>
      )}
      <button type="button" className="icon" aria-label={t('close')} onClick={close}>
        <X className="zc-icon" size={16} />
      </button>
    </div>
  )
}

/** Where toasts appear; each shell renders one. */
export function Toasts() {
  const shown = useSyncExternalStore(
    (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
    () => toasts,
  )
  return (
    <div className="zc-toasts" role="status" aria-live="polite">
      {shown.map((one) => (
        <One key={one.id} {...one} />
      ))}
    </div>
  )
}

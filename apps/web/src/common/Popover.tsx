import { type ReactNode, useEffect, useRef, useState } from 'react'
import './layout.css'

/** A small panel under a button; closes by Escape, a click outside, or `close()` given to its content. */
export function Popover({
  trigger,
  label,
  triggerClass = 'zc-btn',
  up,
  right,
  children,
}: {
  trigger: ReactNode
  label?: string
  triggerClass?: string
  up?: boolean
  right?: boolean
  children: ReactNode | ((close: () => void) => ReactNode)
}) {
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  useEffect(() => {
    if (!open) return
    const outside = (e: PointerEvent) => !box.current?.contains(e.target as Node) && setOpen(false)
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [open])
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape inside closes; there is nothing to click.
    <div
      className={`zc-pop${up ? ' up' : ''}${right ? ' right' : ''}`}
      ref={box}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || !open) return
        e.preventDefault()
        e.stopPropagation()
        close()
      }}
    >
      <button
        type="button"
        ref={button}
        className={triggerClass}
        aria-label={label}
        title={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {trigger}
      </button>
      {open && <div className="panel">{typeof children === 'function' ? children(close) : children}</div>}
    </div>
  )
}

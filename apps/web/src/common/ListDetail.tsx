import { X } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useWords } from './i18n/words'
import './layout.css'
import { words } from './layout.words'
import { recall, remember } from './storage'

/**
 * List and detail side by side. The list stays mounted while details come and go, so it keeps its scroll position.
 * Its width is dragged or moved by arrow keys, and remembered under `id`.
 */
export function ListDetail({
  id,
  list,
  detail,
  onClose,
}: {
  id: string
  list: ReactNode
  detail: ReactNode | null
  onClose: () => void
}) {
  const t = useWords(words)
  const box = useRef<HTMLDivElement>(null)
  const [share, setShare] = useState(() => Number(recall(`zc.split.${id}`)) || 40)
  const resize = (next: number) => {
    const bounded = Math.round(Math.min(70, Math.max(24, next)))
    setShare(bounded)
    remember(`zc.split.${id}`, String(bounded))
  }
  return (
    <div
      className="zc-split"
      ref={box}
      data-open={detail ? '' : undefined}
      style={{ '--share': `${share}%` } as React.CSSProperties}
    >
      <div className="list">{list}</div>
      {detail && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a window splitter is a focusable separator, which <hr> is not. */}
          <div
            className="handle"
            role="separator"
            aria-orientation="vertical"
            aria-label={t('resize')}
            aria-valuenow={share}
            aria-valuemin={24}
            aria-valuemax={70}
            tabIndex={0}
            onKeyDown={(e) => {
              if (e.key === 'ArrowLeft') resize(share - 2)
              if (e.key === 'ArrowRight') resize(share + 2)
            }}
            onPointerDown={(e) => e.currentTarget.setPointerCapture(e.pointerId)}
            onPointerMove={(e) => {
              const rect = box.current?.getBoundingClientRect()
              if (rect && e.currentTarget.hasPointerCapture(e.pointerId))
                resize(((e.clientX - rect.left) / rect.width) * 100)
            }}
          />
          {/* biome-ignore lint/a11y/noStaticElementInteractions: Escape from anywhere inside closes; there is nothing to click. */}
          <div
            className="detail"
            onKeyDown={(e) => {
              if (
                e.key === 'Escape' &&
                !e.defaultPrevented &&
                !(e.target as HTMLElement).closest('input, textarea, [contenteditable]')
              )
                onClose()
            }}
          >
            <button type="button" className="zc-btn quiet icon close" aria-label={t('close')} onClick={onClose}>
              <X className="zc-icon" size={18} />
            </button>
            {detail}
          </div>
        </>
      )}
    </div>
  )
}

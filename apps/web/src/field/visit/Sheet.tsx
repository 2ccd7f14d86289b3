import { X } from 'lucide-react'
import { type ReactNode, useId, useRef } from 'react'
import { useWords } from '../../common/i18n/words'
import { useModal } from '../../common/modal'
import './visit.css'
import { words } from './words'

/** Comes up from below, in reach of the thumb. Closing loses nothing: what was typed stands in a draft. */
export function Sheet({
  title,
  onClose,
  children,
  foot,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  foot?: ReactNode
}) {
  const t = useWords(words)
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useModal(ref, true)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a tap beside the sheet closes it; Escape does the same by onCancel.
    <dialog
      ref={ref}
      className="zc-sheet"
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault()
        onClose()
      }}
      onClick={(e) => e.target === e.currentTarget && onClose()}
    >
      <div className="inner">
        <header>
          <h2 id={id}>{title}</h2>
          <button type="button" className="zc-btn quiet icon" aria-label={t('close')} onClick={onClose}>
            <X className="zc-icon" size={22} />
          </button>
        </header>
        <div className="body">{children}</div>
        {foot && <footer>{foot}</footer>}
      </div>
    </dialog>
  )
}

/** One of a few answers as chips. */
export function Chips<V extends string>({
  label,
  options,
  value,
  onChange,
  name,
}: {
  label: string
  options: readonly (readonly [V, string])[]
  value: V | null
  onChange: (value: V) => void
  name: string
}) {
  return (
    <fieldset className="zc-chips">
      <legend>{label}</legend>
      {options.map(([key, text]) => (
        <label key={key}>
          <input
            className="zc-hidden"
            type="radio"
            name={name}
            checked={value === key}
            onChange={() => onChange(key)}
          />
          {text}
        </label>
      ))}
    </fieldset>
  )
}

import { type ReactNode, useCallback, useRef, useState } from 'react'
import { useWords } from './i18n/words'
import './dialogs.css'
import { words } from './dialogs.words'
import { useModal } from './modal'

type Ask = {
  /** The question, with its object: 取消工单 WO-20261123-0042？ */
  title: string
  /** What follows from it, in words. */
  consequence: ReactNode
  /** The verb and its object, never 确定. */
  confirm: string
  /** The way out, when 取消 would be ambiguous (cancelling a cancellation). */
  keep?: string
  danger?: boolean
}

/** A question with its consequence, for what cannot be undone. The safe answer has the focus. */
export function Confirm({ open, onAnswer, ...ask }: Ask & { open: boolean; onAnswer: (yes: boolean) => void }) {
  const t = useWords(words)
  const ref = useRef<HTMLDialogElement>(null)
  useModal(ref, open)
  return (
    <dialog
      ref={ref}
      className="zc-dialog"
      aria-labelledby="zc-confirm-title"
      onCancel={(e) => {
        e.preventDefault()
        onAnswer(false)
      }}
    >
      <h2 id="zc-confirm-title">{ask.title}</h2>
      <div className="consequence">{ask.consequence}</div>
      <div className="actions">
        <button type="button" className="zc-btn" onClick={() => onAnswer(false)}>
          {ask.keep ?? t('cancel')}
        </button>
        <button
          type="button"
          className={`zc-btn ${ask.danger ? 'danger-solid' : 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {ask.confirm}
        </button>
      </div>
    </dialog>
  )
}

/** `const { confirm, dialog } = useConfirm(); if (await confirm({ … })) …` and render `{dialog}` once. */
export function useConfirm(): { confirm: (ask: Ask) => Promise<boolean>; dialog: ReactNode } {
  const [asked, setAsked] = useState<{ ask: Ask; answer: (yes: boolean) => void }>()
  const confirm = useCallback((ask: Ask) => new Promise<boolean>((answer) => setAsked({ ask, answer })), [])
  const dialog = asked ? (
    <Confirm
      {...asked.ask}
      open
      onAnswer={(yes) => {
        asked.answer(yes)
        setAsked(undefined)
      }}
    />
  ) : null
  return { confirm, dialog }
}

import { Modal } from 'antd'
import { Info, TriangleAlert } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import { asApiError } from '../common/api/problem'
import './FormDialog.css'

/**
 * A verb with what it needs to know: title with its object, fields, one button that names the verb. The error of the last
 * try stands above the button, and what was typed stays. Enter in a line of text submits, Escape closes.
 */
export function FormDialog({
  title,
  note,
  submit,
  cancel,
  danger,
  busy,
  ready = true,
  error,
  width = 480,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  /** What follows from it, in words. */
  note?: ReactNode
  submit: string
  cancel: string
  danger?: boolean
  busy: boolean
  /** False while something needed is still missing. */
  ready?: boolean
  error?: unknown
  width?: number
  onSubmit: () => void
  onClose: () => void
  children?: ReactNode
}) {
  const form = useId()
  const problem = error ? asApiError(error) : null
  return (
    <Modal
      open
      title={title}
      width={width}
      onCancel={onClose}
      mask={{ closable: false }}
      destroyOnHidden
      footer={
        <div className="zc-form-actions">
          <button type="button" className="zc-btn" onClick={onClose}>
            {cancel}
          </button>
          <button
            type="submit"
            form={form}
            className={`zc-btn ${danger ? 'danger' : 'primary'}`}
            disabled={busy || !ready}
          >
            {submit}
          </button>
        </div>
      }
    >
      <form
        id={form}
        className="zc-form"
        onSubmit={(e) => {
          e.preventDefault()
          if (!busy && ready) onSubmit()
        }}
      >
        {note && (
          <p className="note">
            <Info className="zc-icon" size={16} aria-hidden />
            <span>{note}</span>
          </p>
        )}
        {children}
        {problem && (
          <div className="problem" role="alert">
            <TriangleAlert className="zc-icon" size={16} aria-hidden />
            <div>
              <b>{problem.title}</b>
              {problem.action && <p>{problem.action}</p>}
              {problem.issues.length > 0 && (
                <ul>
                  {problem.issues.map((issue) => (
                    <li key={issue.path + issue.code}>{issue.message}</li>
                  ))}
                </ul>
              )}
            </div>
          </div>
        )}
      </form>
    </Modal>
  )
}

/** A field with its label above and, where it helps, a line below. */
export function Field({
  label,
  hint,
  optional,
  children,
}: {
  label: string
  hint?: ReactNode
  /** The word for "may stay empty", shown behind the label. */
  optional?: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is what is put inside.
    <label className="zc-field">
      <span>
        {label}
        {optional && <small> · {optional}</small>}
      </span>
      {children}
      {hint && <small className="hint">{hint}</small>}
    </label>
  )
}

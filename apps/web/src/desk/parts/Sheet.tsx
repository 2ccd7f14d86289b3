import { Modal } from 'antd'
import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useWords } from '../../common/i18n/words'
import './parts.css'
import { words } from './words'

const Problem = createContext<ApiError | null>(null)

/**
 * A form for one verb: its title names verb and object, its button repeats the verb. `onSubmit` throws what went wrong:
 * the sheet then stays with everything typed, names the error, and the fields show their own.
 */
export function Sheet({
  title,
  lead,
  submit,
  danger,
  disabled,
  width = 480,
  onSubmit,
  onClose,
  children,
}: {
  title: string
  lead?: ReactNode
  submit: string
  danger?: boolean
  disabled?: boolean
  width?: number
  onSubmit: () => Promise<unknown>
  onClose: () => void
  children?: ReactNode
}) {
  const t = useWords(words)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  return (
    <Modal open centered title={title} footer={null} onCancel={onClose} width={width} mask={{ closable: false }}>
      <form
        className="zc-sheet"
        onSubmit={async (e) => {
          e.preventDefault()
          e.stopPropagation()
          setBusy(true)
          setProblem(null)
          try {
            await onSubmit()
          } catch (error) {
            setProblem(asApiError(error))
          } finally {
            setBusy(false)
          }
        }}
      >
        {lead && <p className="lead">{lead}</p>}
        <Problem.Provider value={problem}>{children}</Problem.Provider>
        {problem && <Trouble error={problem} />}
        <div className="actions">
          <button type="button" className="zc-btn" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" className={`zc-btn ${danger ? 'danger-solid' : 'primary'}`} disabled={busy || disabled}>
            {submit}
          </button>
        </div>
      </form>
    </Modal>
  )
}

/** What went wrong and what to do, in one line where it happened. */
export function Trouble({ error }: { error: unknown }) {
  const problem = asApiError(error)
  return (
    <p className="zc-trouble" role="alert">
      <TriangleAlert className="zc-icon" size={16} aria-hidden />
      <span>
        {problem.title}
        {problem.action && <span className="do">{problem.action}</span>}
      </span>
    </p>
  )
}

/** Provides the error of a form that is no sheet, so that its fields show theirs. */
export function WithProblem({ error, children }: { error: ApiError | null; children: ReactNode }) {
  return <Problem.Provider value={error}>{children}</Problem.Provider>
}

/** A labelled control. `path` is the field of the request: what the server says about it stands under it. */
export function Field({
  label,
  path,
  optional,
  error,
  hint,
  wide,
  children,
}: {
  label: string
  path?: string
  optional?: boolean
  error?: string | null
  hint?: ReactNode
  wide?: boolean
  children: (control: { id: string; 'aria-invalid': boolean | undefined; 'aria-describedby': string }) => ReactNode
}) {
  const t = useWords(words)
  const id = useId()
  const problem = useContext(Problem)
  const issue = path ? problem?.issues.find((i) => i.path === path || i.path.startsWith(`${path}.`)) : undefined
  const said = error ?? issue?.message
  return (
    <div className="zc-field" data-wide={wide || undefined}>
      <label htmlFor={id}>
        {label}
        {optional && <small>{t('optional')}</small>}
      </label>
      {children({ id, 'aria-invalid': said ? true : undefined, 'aria-describedby': `${id}-said` })}
      <div id={`${id}-said`}>
        {said && <small className="bad">{said}</small>}
        {!said && hint && <small>{hint}</small>}
      </div>
    </div>
  )
}

import { TriangleAlert } from 'lucide-react'
import { createContext, type ReactNode, useContext, useId, useState } from 'react'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useWords } from '../../common/i18n/words'
import { FormDialog } from '../FormDialog'
import './parts.css'
import { words } from './words'

const Problem = createContext<ApiError | null>(null)

/**
 * A form dialog that runs its own command: while `onSubmit` is under way the button waits; what it throws is shown, the
 * fields name what concerns them, and everything typed stays.
 */
export function Sheet({
  title,
  lead,
  submit,
  danger,
  disabled,
  width,
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
  const run = async () => {
    setBusy(true)
    setProblem(null)
    try {
      await onSubmit()
    } catch (error) {
      setProblem(asApiError(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <FormDialog
      title={title}
      note={lead}
      submit={submit}
      cancel={t('cancel')}
      danger={danger}
      busy={busy}
      ready={!disabled}
      error={problem}
      width={width}
      onSubmit={() => void run()}
      onClose={onClose}
    >
      <Problem.Provider value={problem}>{children}</Problem.Provider>
    </FormDialog>
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
    <div className="zc-labelled" data-wide={wide || undefined}>
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

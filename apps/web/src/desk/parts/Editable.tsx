import { Pencil } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import './parts.css'
import { Trouble } from './Sheet'
import { words } from './words'

/**
 * A fact that is edited where it stands. `onSave` writes it as the person saw it (`rev`); when somebody else has changed
 * the same fact meanwhile, both values stand side by side and the person decides. Nothing typed is lost.
 */
export function Editable<V>({
  name,
  field,
  value,
  shown,
  rev,
  can,
  editor,
  print,
  onSave,
}: {
  /** 优先级 */
  name: string
  /** The field of the request, as a conflict names it. */
  field: string
  value: V
  shown: ReactNode
  rev: number
  can: boolean
  editor: (value: V, change: (value: V) => void) => ReactNode
  /** A value in words, for the two sides of a conflict. */
  print: (value: V) => ReactNode
  onSave: (value: V, baseRev: number) => Promise<unknown>
}) {
  const t = useWords(words)
  const f = useFormat()
  const [draft, setDraft] = useState<{ value: V; rev: number } | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const conflict = problem?.code === 'changed_meanwhile' ? problem.params : null
  const theirs = (conflict?.fields as Record<string, V> | undefined)?.[field]

  const form = useRef<HTMLFormElement>(null)
  const editing = draft !== null
  useEffect(() => {
    if (editing) form.current?.querySelector<HTMLElement>('input, textarea, select')?.focus()
  }, [editing])

  const save = async (wanted: V, baseRev: number) => {
    setBusy(true)
    setProblem(null)
    try {
      await onSave(wanted, baseRev)
      setDraft(null)
    } catch (error) {
      setProblem(asApiError(error))
    } finally {
      setBusy(false)
    }
  }
  const close = () => {
    setDraft(null)
    setProblem(null)
  }

  if (!draft)
    return (
      <div className="zc-editable">
        <span className={`value${shown === null || shown === '' ? ' none' : ''}`}>{shown || t('empty')}</span>
        {can && (
          <button
            type="button"
            aria-label={t('edit', { name })}
            title={t('edit', { name })}
            onClick={() => setDraft({ value, rev })}
          >
            <Pencil className="zc-icon" size={13} />
          </button>
        )}
      </div>
    )
  return (
    <form
      ref={form}
      className="zc-editing"
      onSubmit={(e) => {
        e.preventDefault()
        void save(draft.value, draft.rev)
      }}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || e.defaultPrevented) return
        e.preventDefault()
        close()
      }}
    >
      {conflict ? (
        <div className="zc-conflict" role="alert">
          <span>
            {t('conflict.theirs', {
              by: String(conflict.by ?? '—'),
              when: typeof conflict.at === 'string' ? f.when(conflict.at) : '—',
              field: name,
            })}
          </span>
          <b>{theirs === undefined || theirs === null ? t('empty') : print(theirs)}</b>
          <span>{t('conflict.mine')}</span>
          <b>{print(draft.value)}</b>
          <div className="actions">
            <button type="button" className="zc-btn" onClick={close}>
              {t('conflict.keep')}
            </button>
            <button
              type="button"
              className="zc-btn primary"
              disabled={busy}
              onClick={() => void save(draft.value, Number(conflict.rev))}
            >
              {t('conflict.use')}
            </button>
          </div>
        </div>
      ) : (
        <>
          {editor(draft.value, (next) => setDraft({ ...draft, value: next }))}
          {problem && <Trouble error={problem} />}
          <div className="actions">
            <button type="submit" className="zc-btn primary" disabled={busy}>
              {t(busy ? 'saving' : 'save')}
            </button>
            <button type="button" className="zc-btn" onClick={close}>
              {t('cancel')}
            </button>
          </div>
        </>
      )}
    </form>
  )
}

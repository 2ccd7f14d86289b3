import { useState } from 'react'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useDraft } from '../../common/draft'
import { toast } from '../../common/toast'

/** A sentence that ends the matter. What was typed stays until it has been taken. */
export function Note({
  draft,
  lead,
  hint,
  submit,
  done,
  danger,
  onSubmit,
  onDone,
}: {
  draft: string
  lead: string
  hint: string
  submit: string
  done: string
  danger?: boolean
  onSubmit: (note: string) => Promise<unknown>
  onDone: () => void
}) {
  const [note, setNote, clear] = useDraft(draft, '')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const send = async () => {
    if (!note.trim() || busy) return
    setBusy(true)
    setProblem(null)
    try {
      await onSubmit(note.trim())
      clear()
      toast(done)
      onDone()
    } catch (error) {
      setProblem(asApiError(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="sync-note"
      onSubmit={(e) => {
        e.preventDefault()
        void send()
      }}
    >
      <label>
        <span>{lead}</span>
        <textarea
          className="zc-input"
          rows={3}
          maxLength={500}
          placeholder={hint}
          value={note}
          onChange={(e) => setNote(e.target.value)}
        />
      </label>
      {problem && (
        <p className="sync-error" role="alert">
          {[problem.title, problem.action].filter(Boolean).join('。')}
        </p>
      )}
      <button type="submit" className={`zc-btn ${danger ? 'danger' : 'primary'}`} disabled={!note.trim() || busy}>
        {submit}
      </button>
    </form>
  )
}

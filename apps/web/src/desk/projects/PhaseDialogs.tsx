import { Select } from 'antd'
import { useState } from 'react'
import type { RouteMap } from '#contracts'
import type { CallInput } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { joinList } from '../../common/i18n/join'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import { type Phase, type Project, useWord } from './health'
import { useTake } from './take'
import { words } from './words'

export type PhaseVerb = 'start' | 'finish' | 'replan' | 'owner' | { file: string }
type Props = { project: Project; phase: Phase; onClose: () => void }

type PhaseRoute = `POST /api/phases/:id/${'start' | 'finish' | 'plan' | 'owner' | 'documents'}`

/** Runs one command of the project, puts its answer in the place of the old one, says what was done. */
function useRun<K extends PhaseRoute>(key: K, project: Project, done: string, onClose: () => void) {
  const take = useTake()
  const run = useCommand(key)
  return {
    busy: run.isPending,
    error: run.error,
    go: (input: { params: { id: string }; body: RouteMap[K]['body'] }, after?: () => void) =>
      run.mutate({ ...input, baseRev: project.rev } as unknown as CallInput<K>, {
        onSuccess: (answer) => {
          after?.()
          take(answer as Project)
          toast(done)
          onClose()
        },
        // The numbers on the page were older than the change that got in the way.
        onError: (e) => e.code === 'changed_meanwhile' && take(null, project.id),
      }),
  }
}

export function PhaseDialog({ verb, ...props }: Props & { verb: PhaseVerb }) {
  if (verb === 'start') return <Start {...props} />
  if (verb === 'finish') return <Finish {...props} />
  if (verb === 'replan') return <Replan {...props} />
  if (verb === 'owner') return <Owner {...props} />
  return <File {...props} document={verb.file} />
}

function Start({ project, phase, onClose }: Props) {
  const t = useWords(words)
  const name = useWord()(phase.name)
  const [on, setOn] = useState(project.calendar.today)
  const run = useRun('POST /api/phases/:id/start', project, t('done.start', { name }), onClose)
  return (
    <FormDialog
      title={t('start.title', { name })}
      submit={t('start')}
      cancel={t('cancel')}
      busy={run.busy}
      error={run.error}
      ready={!!on}
      onClose={onClose}
      onSubmit={() => run.go({ params: { id: phase.id }, body: { on } })}
    >
      <Field label={t('start.on')}>
        <input
          className="zc-input"
          type="date"
          value={on}
          max={project.calendar.today}
          onChange={(e) => setOn(e.target.value)}
        />
      </Field>
    </FormDialog>
  )
}

function Finish({ project, phase, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const name = useWord()(phase.name)
  const [on, setOn] = useState(project.calendar.today)
  const [reason, setReason, clear] = useDraft(`${me.id}.phase.finish.${phase.id}`, '')
  const missing = phase.documents.filter((d) => !d.filedOn).map((d) => d.name)
  const run = useRun('POST /api/phases/:id/finish', project, t('done.finish', { name }), onClose)
  return (
    <FormDialog
      title={t('finish.title', { name })}
      note={missing.length ? t('finish.missing', { names: joinList(missing) }) : undefined}
      submit={t('finish')}
      cancel={t('cancel')}
      busy={run.busy}
      error={run.error}
      ready={!!on && (!missing.length || !!reason.trim())}
      onClose={onClose}
      onSubmit={() =>
        run.go({ params: { id: phase.id }, body: { on, reason: missing.length ? reason.trim() : null } }, clear)
      }
    >
      <Field label={t('finish.on')}>
        <input
          className="zc-input"
          type="date"
          value={on}
          min={phase.actualStart ?? undefined}
          max={project.calendar.today}
          onChange={(e) => setOn(e.target.value)}
        />
      </Field>
      {missing.length > 0 && (
        <Field label={t('finish.reason')} hint={t('reason.hint')}>
          <textarea className="zc-input" maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
        </Field>
      )}
    </FormDialog>
  )
}

function Replan({ project, phase, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const name = useWord()(phase.name)
  const [draft, setDraft, clear] = useDraft(`${me.id}.phase.replan.${phase.id}`, {
    start: phase.plannedStart,
    end: phase.plannedEnd,
    reason: '',
    following: 'move' as 'move' | 'keep',
  })
  const run = useRun('POST /api/phases/:id/plan', project, t('done.replan', { name }), onClose)
  return (
    <FormDialog
      title={t('replan.title', { name })}
      note={t('replan.note')}
      submit={t('replan')}
      cancel={t('cancel')}
      busy={run.busy}
      error={run.error}
      ready={!!draft.start && draft.end >= draft.start && !!draft.reason.trim()}
      onClose={onClose}
      onSubmit={() => run.go({ params: { id: phase.id }, body: { ...draft, reason: draft.reason.trim() } }, clear)}
    >
      <div className="pair">
        <Field label={t('replan.start')}>
          <input
            className="zc-input"
            type="date"
            value={draft.start}
            onChange={(e) => setDraft({ ...draft, start: e.target.value })}
          />
        </Field>
        <Field label={t('replan.end')}>
          <input
            className="zc-input"
            type="date"
            value={draft.end}
            min={draft.start}
            onChange={(e) => setDraft({ ...draft, end: e.target.value })}
          />
        </Field>
      </div>
      <fieldset className="zc-options">
        <legend>{t('replan.following')}</legend>
        {(['move', 'keep'] as const).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="following"
              checked={draft.following === value}
              onChange={() => setDraft({ ...draft, following: value })}
            />
            {t(`replan.${value}`)}
          </label>
        ))}
      </fieldset>
      <Field label={t('reason')} hint={t('reason.hint')}>
        <textarea
          className="zc-input"
          maxLength={500}
          value={draft.reason}
          onChange={(e) => setDraft({ ...draft, reason: e.target.value })}
        />
      </Field>
    </FormDialog>
  )
}

function Owner({ project, phase, onClose }: Props) {
  const t = useWords(words)
  const name = useWord()(phase.name)
  const [owner, setOwner] = useState(phase.owner.id)
  const run = useRun('POST /api/phases/:id/owner', project, t('done.owner'), onClose)
  return (
    <FormDialog
      title={t('owner.title', { name })}
      submit={t('owner')}
      cancel={t('cancel')}
      busy={run.busy}
      error={run.error}
      ready={owner !== phase.owner.id}
      onClose={onClose}
      onSubmit={() => run.go({ params: { id: phase.id }, body: { ownerId: owner } })}
    >
      <Field label={t('phase.owner')}>
        <PeopleSelect value={owner} onChange={setOwner} known={[...project.people, phase.owner]} />
      </Field>
    </FormDialog>
  )
}

function File({ project, phase, document, onClose }: Props & { document: string }) {
  const t = useWords(words)
  const me = useMe()
  const [on, setOn] = useState(project.calendar.today)
  const [ref, setRef, clear] = useDraft(`${me.id}.phase.file.${phase.id}.${document}`, '')
  const run = useRun('POST /api/phases/:id/documents', project, t('done.file', { name: document }), onClose)
  return (
    <FormDialog
      title={t('doc.file.title', { name: document })}
      submit={t('doc.file')}
      cancel={t('cancel')}
      busy={run.busy}
      error={run.error}
      ready={!!on}
      onClose={onClose}
      onSubmit={() =>
        run.go({ params: { id: phase.id }, body: { name: document, ref: ref.trim() || null, on } }, clear)
      }
    >
      <Field label={t('doc.ref')} optional={t('optional')}>
        <input className="zc-input" maxLength={300} value={ref} onChange={(e) => setRef(e.target.value)} />
      </Field>
      <Field label={t('doc.on')}>
        <input
          className="zc-input"
          type="date"
          value={on}
          max={project.calendar.today}
          onChange={(e) => setOn(e.target.value)}
        />
      </Field>
    </FormDialog>
  )
}

type Ref = { id: string; name: string }

/** One or several colleagues, found by name; those already known stand first, whatever the reader may list. */
export function PeopleSelect<M extends boolean = false>({
  value,
  onChange,
  known,
  multiple,
  label,
}: {
  value: (M extends true ? string[] : string) | undefined
  onChange: (value: M extends true ? string[] : string) => void
  known: Ref[]
  multiple?: M
  label?: string
}) {
  const me = useMe()
  const [q, setQ] = useState('')
  const found = useCall(
    'GET /api/people',
    { query: { q: q || undefined, limit: 50 } },
    { enabled: me.abilities.includes('people.read'), placeholderData: (before) => before },
  )
  const options = new Map<string, { value: string; label: string }>()
  if (!q) for (const p of known) options.set(p.id, { value: p.id, label: p.name })
  for (const p of found.data?.rows ?? [])
    if (!p.disabled) options.set(p.id, { value: p.id, label: p.teamName ? `${p.name} · ${p.teamName}` : p.name })
  // What is chosen keeps its name while another is searched.
  for (const p of known)
    if (q && (Array.isArray(value) ? value.includes(p.id) : value === p.id))
      options.set(p.id, { value: p.id, label: p.name })
  return (
    <Select
      showSearch={{ filterOption: false, onSearch: setQ }}
      mode={multiple ? 'multiple' : undefined}
      value={value as never}
      options={[...options.values()]}
      aria-label={label}
      style={{ width: '100%' }}
      onChange={(next) => {
        setQ('')
        onChange(next as never)
      }}
    />
  )
}

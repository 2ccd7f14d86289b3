import { useState } from 'react'
import { call } from '../../common/api/call'
import { useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import type { Project } from './health'
import { PeopleSelect } from './PhaseDialogs'
import { useTake } from './take'
import { words } from './words'

export type ProjectVerb = 'pause' | 'resume' | 'accept' | 'edit' | 'people'
type Props = { project: Project; onClose: () => void }

export function ProjectDialog({ verb, ...props }: Props & { verb: ProjectVerb }) {
  if (verb === 'pause') return <Pause {...props} />
  if (verb === 'resume') return <Resume {...props} />
  if (verb === 'accept') return <Accept {...props} />
  if (verb === 'people') return <People {...props} />
  return <Edit {...props} />
}

function Pause({ project, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const take = useTake()
  const [draft, setDraft, clear] = useDraft(`${me.id}.project.pause.${project.id}`, {
    reason: '',
    responsibility: 'customer' as 'customer' | 'us' | 'third_party',
  })
  const run = useCommand('POST /api/projects/:id/pause')
  return (
    <FormDialog
      title={t('pause.title', { name: project.name })}
      note={t('pause.note')}
      submit={t('pause')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={!!draft.reason.trim()}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: project.id }, body: { ...draft, reason: draft.reason.trim() }, baseRev: project.rev },
          {
            onSuccess: (p) => {
              clear()
              take(p)
              toast(t('done.pause'))
              onClose()
            },
            onError: () => take(null, project.id),
          },
        )
      }
    >
      <fieldset className="zc-options">
        <legend>{t('pause.who')}</legend>
        {(['customer', 'us', 'third_party'] as const).map((value) => (
          <label key={value}>
            <input
              type="radio"
              name="responsibility"
              checked={draft.responsibility === value}
              onChange={() => setDraft({ ...draft, responsibility: value })}
            />
            {t(`resp.${value}`)}
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

function Resume({ project, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const take = useTake()
  const [movePlan, setMovePlan] = useState(true)
  const [reason, setReason, clear] = useDraft(`${me.id}.project.resume.${project.id}`, '')
  const run = useCommand('POST /api/projects/:id/resume')
  return (
    <FormDialog
      title={t('resume.title', { name: project.name })}
      submit={t('resume')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: project.id }, body: { movePlan, reason: reason.trim() || null }, baseRev: project.rev },
          {
            onSuccess: (p) => {
              clear()
              take(p)
              toast(t('done.resume'))
              onClose()
            },
            onError: () => take(null, project.id),
          },
        )
      }
    >
      <fieldset className="zc-options">
        <legend>{t('resume.plan')}</legend>
        <label>
          <input type="radio" name="plan" checked={movePlan} onChange={() => setMovePlan(true)} />
          {t('resume.move')}
        </label>
        <label>
          <input type="radio" name="plan" checked={!movePlan} onChange={() => setMovePlan(false)} />
          {t('resume.keep')}
        </label>
      </fieldset>
      <Field label={t('reason')} optional={t('optional')}>
        <textarea className="zc-input" maxLength={500} value={reason} onChange={(e) => setReason(e.target.value)} />
      </Field>
    </FormDialog>
  )
}

function Accept({ project, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const take = useTake()
  const [on, setOn] = useState(project.calendar.today)
  const [note, setNote, clear] = useDraft(`${me.id}.project.accept.${project.id}`, '')
  const run = useCommand('POST /api/projects/:id/accept')
  return (
    <FormDialog
      title={t('accept.title', { name: project.name })}
      note={t('accept.after')}
      submit={t('accept')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      ready={!!on}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: project.id }, body: { on, note: note.trim() || null }, baseRev: project.rev },
          {
            onSuccess: (p) => {
              clear()
              take(p)
              toast(t('done.accept'))
              onClose()
            },
            onError: () => take(null, project.id),
          },
        )
      }
    >
      <Field label={t('accept.on')}>
        <input
          className="zc-input"
          type="date"
          value={on}
          max={project.calendar.today}
          onChange={(e) => setOn(e.target.value)}
        />
      </Field>
      <Field label={t('accept.note')} optional={t('optional')}>
        <textarea className="zc-input" maxLength={500} value={note} onChange={(e) => setNote(e.target.value)} />
      </Field>
    </FormDialog>
  )
}

type Draft = { rev: number; name: string; budget: string; summary: string }
const draftOf = (p: Project): Draft => ({
  rev: p.rev,
  name: p.name,
  budget: String(p.budget.plannedDays),
  summary: p.summary ?? '',
})

function Edit({ project, onClose }: Props) {
  const t = useWords(words)
  const me = useMe()
  const take = useTake()
  // What the form began with: only what the person changed is sent, and a change of another's in between is seen.
  const [before, setBefore] = useState(() => draftOf(project))
  const [draft, setDraft, clear] = useDraft<Draft>(`${me.id}.project.edit.${project.id}`, before)
  const [theirs, setTheirs] = useState<Draft>()
  const run = useCommand('PATCH /api/projects/:id')
  const fields = ['name', 'budget', 'summary'] as const
  const mine = fields.filter((k) => draft[k] !== before[k])
  const clashes = theirs ? mine.filter((k) => theirs[k] !== before[k] && theirs[k] !== draft[k]) : []
  const save = (rev: number) =>
    run.mutate(
      {
        params: { id: project.id },
        body: {
          name: mine.includes('name') ? draft.name.trim() : undefined,
          budgetPersonDays: mine.includes('budget') ? Number(draft.budget) : undefined,
          summary: mine.includes('summary') ? draft.summary.trim() || null : undefined,
        },
        baseRev: rev,
      },
      {
        onSuccess: (p) => {
          clear()
          take(p)
          toast(t('done.edit'))
          onClose()
        },
        onError: async (e) => {
          if (e.code !== 'changed_meanwhile') return
          const now = draftOf(await call('GET /api/projects/:id', { params: { id: project.id } }))
          // Nothing that I changed was touched: nothing to decide.
          if (!mine.some((k) => now[k] !== before[k] && now[k] !== draft[k])) return save(now.rev)
          setTheirs(now)
        },
      },
    )
  return (
    <FormDialog
      title={t('edit.title')}
      submit={theirs ? t('edit.mine') : t('edit.save')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={theirs ? undefined : run.error}
      note={theirs ? t('edit.conflict') : undefined}
      ready={mine.length > 0 && !!draft.name.trim() && draft.budget !== '' && Number(draft.budget) >= 0}
      width={560}
      onClose={() => {
        if (!mine.length) clear()
        onClose()
      }}
      onSubmit={() => {
        if (theirs) {
          setBefore({ ...before, rev: theirs.rev })
          save(theirs.rev)
        } else save(before.rev)
      }}
    >
      {(['name', 'budget', 'summary'] as const).map((key) => {
        const hint =
          theirs && clashes.includes(key)
            ? t('edit.theirs', { field: t(`edit.${key}`), value: theirs[key] || t('edit.empty') })
            : undefined
        return (
          <Field key={key} label={t(`edit.${key}`)} hint={hint}>
            {key === 'summary' ? (
              <textarea
                className="zc-input"
                maxLength={4000}
                rows={5}
                value={draft.summary}
                onChange={(e) => setDraft({ ...draft, summary: e.target.value })}
              />
            ) : (
              <input
                className="zc-input"
                type={key === 'budget' ? 'number' : 'text'}
                min={0}
                step={0.5}
                maxLength={200}
                value={draft[key]}
                onChange={(e) => setDraft({ ...draft, [key]: e.target.value })}
              />
            )}
          </Field>
        )
      })}
    </FormDialog>
  )
}

function People({ project, onClose }: Props) {
  const t = useWords(words)
  const take = useTake()
  const [rev] = useState(project.rev)
  const [managerId, setManager] = useState(project.manager.id)
  const [people, setPeople] = useState(project.people.map((p) => p.id))
  const run = useCommand('POST /api/projects/:id/people')
  return (
    <FormDialog
      title={t('people.title')}
      submit={t('people.save')}
      cancel={t('cancel')}
      busy={run.isPending}
      error={run.error}
      width={560}
      onClose={onClose}
      onSubmit={() =>
        run.mutate(
          { params: { id: project.id }, body: { managerId, people }, baseRev: rev },
          {
            onSuccess: (p) => {
              take(p)
              toast(t('done.people'))
              onClose()
            },
            onError: () => take(null, project.id),
          },
        )
      }
    >
      <Field label={t('people.manager')}>
        <PeopleSelect value={managerId} onChange={setManager} known={[project.manager, ...project.people]} />
      </Field>
      <Field label={t('people.members')}>
        <PeopleSelect multiple value={people} onChange={setPeople} known={project.people} />
      </Field>
    </FormDialog>
  )
}

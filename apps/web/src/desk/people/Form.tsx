import { Select } from 'antd'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { call, newId, type Reply } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { Field, FormDialog } from '../FormDialog'
import './people.css'
import { words } from './words'

export type Person = Reply<'GET /api/people/:id'>
export type Team = Reply<'GET /api/teams'>['teams'][number]
type Grant = Person['grants'][number]

export const ROLES = [
  'engineer',
  'dispatcher',
  'project_manager',
  'supervisor',
  'hr',
  'executive',
  'quality',
  'knowledge_editor',
  'operations',
  'administrator',
  'auditor',
  'integration',
  'partner_engineer',
] as const satisfies readonly Grant['role'][]
const SCOPES = ['own', 'team', 'department', 'region', 'customer', 'all'] as const satisfies readonly Grant['scope'][]
const ofTeam = (scope: Grant['scope']) => scope === 'team' || scope === 'department' || scope === 'region'

/** Teams as a tree in one list: indented by how deep they lie. */
export function treeOf(teams: readonly Team[]): (Team & { depth: number })[] {
  const below = (parentId: string | null, depth: number): (Team & { depth: number })[] =>
    teams.filter((t) => t.parentId === parentId).flatMap((t) => [{ ...t, depth }, ...below(t.id, depth + 1)])
  const known = new Set(teams.map((t) => t.id))
  const roots = teams.filter((t) => t.parentId === null || !known.has(t.parentId))
  return roots.flatMap((t) => [{ ...t, depth: 0 }, ...below(t.id, 1)])
}

const teamOptions = (teams: readonly Team[]) =>
  treeOf(teams).map((t) => ({ value: t.id, label: `${'　'.repeat(t.depth)}${t.name}` }))

function Grants({ value, onChange, teams }: { value: Grant[]; onChange: (grants: Grant[]) => void; teams: Team[] }) {
  const t = useWords(words)
  const customers = useCall(
    'GET /api/customers',
    { query: { limit: 200 } },
    { enabled: value.some((g) => g.scope === 'customer') },
  )
  const set = (i: number, change: Partial<Grant>) =>
    onChange(value.map((g, at) => (at === i ? { ...g, ...change } : g)))
  return (
    <div className="zc-grants">
      {value.map((g, i) => (
        <div key={`${i}:${g.role}`}>
          <Select
            aria-label={t('f.role')}
            value={g.role}
            options={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            onChange={(role: Grant['role']) => set(i, { role })}
          />
          <Select
            aria-label={t('f.scope')}
            value={g.scope}
            options={SCOPES.map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))}
            onChange={(scope: Grant['scope']) => set(i, { scope, refId: null })}
          />
          {ofTeam(g.scope) ? (
            <Select
              allowClear
              aria-label={t('f.ref.team')}
              placeholder={t('f.ref.team')}
              value={g.refId ?? undefined}
              options={teamOptions(teams)}
              onChange={(refId?: string) => set(i, { refId: refId ?? null })}
            />
          ) : g.scope === 'customer' ? (
            <Select
              showSearch={{ optionFilterProp: 'label' }}
              aria-label={t('f.ref.customer')}
              placeholder={t('f.ref.customer')}
              value={g.refId ?? undefined}
              options={(customers.data?.rows ?? []).map((c) => ({ value: c.id, label: c.name }))}
              onChange={(refId: string) => set(i, { refId })}
            />
          ) : (
            <span />
          )}
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('f.grant.remove', { role: t(`role.${g.role}`) })}
            onClick={() => onChange(value.filter((_, at) => at !== i))}
          >
            <X className="zc-icon" size={16} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="zc-btn quiet"
        style={{ justifySelf: 'start' }}
        onClick={() => onChange([...value, { role: 'engineer', scope: 'own', refId: null }])}
      >
        <Plus className="zc-icon" size={16} aria-hidden /> {t('f.grant.add')}
      </button>
    </div>
  )
}

/** 16 letters and digits without those that look alike, from the browser's own generator. */
export function makePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  const bytes = crypto.getRandomValues(new Uint32Array(16))
  return [...bytes].map((n) => letters[n % letters.length]).join('')
}

export function PasswordField({
  label,
  value,
  onChange,
}: {
  label: string
  value: string
  onChange: (v: string) => void
}) {
  const t = useWords(words)
  return (
    <div style={{ display: 'grid', gridTemplateColumns: '1fr auto', gap: 8, alignItems: 'end' }}>
      <Field label={label} hint={t('reset.hint')}>
        <input
          className="zc-input"
          autoComplete="new-password"
          spellCheck={false}
          maxLength={200}
          value={value}
          onChange={(e) => onChange(e.target.value)}
        />
      </Field>
      <button type="button" className="zc-btn" style={{ marginBottom: 22 }} onClick={() => onChange(makePassword())}>
        {t('reset.make')}
      </button>
    </div>
  )
}

export function AddPerson({
  teams,
  onClose,
  onDone,
}: {
  teams: Team[]
  onClose: () => void
  onDone: (id: string) => void
}) {
  const t = useWords(words)
  const me = useMe()
  const [blank] = useState(() => ({
    id: newId(),
    name: '',
    userName: '',
    phone: '',
    teamId: null as string | null,
    grants: [{ role: 'engineer', scope: 'own', refId: null }] as Grant[],
  }))
  const [draft, setDraft, clear] = useDraft(`${me.id}.person.new`, blank)
  // A password is never kept as a draft.
  const [password, setPassword] = useState(makePassword)
  const add = useCommand('POST /api/people')
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change })
  return (
    <FormDialog
      title={t('add')}
      submit={t('add.submit')}
      cancel={t('cancel')}
      busy={add.isPending}
      error={add.error}
      width={640}
      ready={!!draft.name.trim() && /^[a-z0-9][a-z0-9._-]{1,39}$/.test(draft.userName) && password.length >= 10}
      onClose={onClose}
      onSubmit={() =>
        add.mutate(
          { body: { ...draft, name: draft.name.trim(), phone: draft.phone.trim() || null, password } },
          {
            onSuccess: (p) => {
              clear()
              toast(t('done.add', { name: p.name }))
              onDone(p.id)
            },
          },
        )
      }
    >
      <div className="pair">
        <Field label={t('f.name')}>
          <input
            className="zc-input"
            maxLength={200}
            value={draft.name}
            onChange={(e) => set({ name: e.target.value })}
          />
        </Field>
        <Field label={t('f.phone')} optional={t('optional')}>
          <input
            className="zc-input"
            type="tel"
            maxLength={30}
            value={draft.phone}
            onChange={(e) => set({ phone: e.target.value })}
          />
        </Field>
      </div>
      <Field label={t('f.userName')} hint={t('f.userName.hint')}>
        <input
          className="zc-input"
          autoComplete="off"
          spellCheck={false}
          maxLength={40}
          value={draft.userName}
          onChange={(e) => set({ userName: e.target.value.toLowerCase() })}
        />
      </Field>
      <Field label={t('f.team')}>
        <Select
          allowClear
          placeholder={t('f.team.none')}
          value={draft.teamId ?? undefined}
          options={teamOptions(teams)}
          onChange={(teamId?: string) => set({ teamId: teamId ?? null })}
        />
      </Field>
      <fieldset className="zc-options">
        <legend>{t('f.grants')}</legend>
        <Grants value={draft.grants} onChange={(grants) => set({ grants })} teams={teams} />
      </fieldset>
      <PasswordField label={t('f.password')} value={password} onChange={setPassword} />
    </FormDialog>
  )
}

type Draft = { rev: number; name: string; phone: string; teamId: string | null; grants: Grant[] }
const draftOf = (p: Person): Draft => ({
  rev: p.rev,
  name: p.name,
  phone: p.phone ?? '',
  teamId: p.teamId,
  grants: p.grants,
})
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function EditPerson({
  person,
  teams,
  onClose,
  onDone,
}: {
  person: Person
  teams: Team[]
  onClose: () => void
  onDone: (p: Person) => void
}) {
  const t = useWords(words)
  const me = useMe()
  const [before] = useState(() => draftOf(person))
  const [draft, setDraft, clear] = useDraft<Draft>(`${me.id}.person.edit.${person.id}`, before)
  const [theirs, setTheirs] = useState<Draft>()
  const edit = useCommand('PATCH /api/people/:id')
  const fields = ['name', 'phone', 'teamId', 'grants'] as const
  const mine = fields.filter((k) => !same(draft[k], before[k]))
  const clash = (k: (typeof fields)[number]) =>
    !!theirs && mine.includes(k) && !same(theirs[k], before[k]) && !same(theirs[k], draft[k])
  const said = (k: (typeof fields)[number], d: Draft): string => {
    if (k === 'teamId') return teams.find((x) => x.id === d.teamId)?.name ?? t('f.team.none')
    if (k === 'grants') return d.grants.map((g) => `${t(`role.${g.role}`)}（${t(`scope.${g.scope}`)}）`).join('、')
    return d[k] || t('f.empty')
  }
  const hint = (k: (typeof fields)[number]) => {
    if (!theirs || !clash(k)) return undefined
    const label = { name: t('f.name'), phone: t('f.phone'), teamId: t('f.team'), grants: t('f.grants') }[k]
    return t('f.theirs', { field: label, value: said(k, theirs) })
  }
  const save = (rev: number) =>
    edit.mutate(
      {
        params: { id: person.id },
        body: {
          name: mine.includes('name') ? draft.name.trim() : undefined,
          phone: mine.includes('phone') ? draft.phone.trim() || null : undefined,
          teamId: mine.includes('teamId') ? draft.teamId : undefined,
          grants: mine.includes('grants') ? draft.grants : undefined,
        },
        baseRev: rev,
      },
      {
        onSuccess: (p) => {
          clear()
          toast(t('done.edit'))
          onDone(p)
        },
        onError: async (e) => {
          if (e.code !== 'changed_meanwhile') return
          const now = draftOf(await call('GET /api/people/:id', { params: { id: person.id } }))
          if (!mine.some((k) => !same(now[k], before[k]) && !same(now[k], draft[k]))) return save(now.rev)
          setTheirs(now)
        },
      },
    )
  return (
    <FormDialog
      title={t('edit.title', { name: person.name })}
      note={theirs ? t('f.conflict') : undefined}
      submit={t(theirs ? 'f.mine' : 'edit.save')}
      cancel={t('cancel')}
      busy={edit.isPending}
      error={theirs ? undefined : edit.error}
      width={640}
      ready={mine.length > 0 && !!draft.name.trim() && draft.grants.every((g) => g.scope !== 'customer' || g.refId)}
      onClose={() => {
        if (!mine.length) clear()
        onClose()
      }}
      onSubmit={() => save(theirs?.rev ?? before.rev)}
    >
      <div className="pair">
        <Field label={t('f.name')} hint={hint('name')}>
          <input
            className="zc-input"
            maxLength={200}
            value={draft.name}
            onChange={(e) => setDraft({ ...draft, name: e.target.value })}
          />
        </Field>
        <Field label={t('f.phone')} optional={t('optional')} hint={hint('phone')}>
          <input
            className="zc-input"
            type="tel"
            maxLength={30}
            value={draft.phone}
            onChange={(e) => setDraft({ ...draft, phone: e.target.value })}
          />
        </Field>
      </div>
      <Field label={t('f.team')} hint={hint('teamId')}>
        <Select
          allowClear
          placeholder={t('f.team.none')}
          value={draft.teamId ?? undefined}
          options={teamOptions(teams)}
          onChange={(teamId?: string) => setDraft({ ...draft, teamId: teamId ?? null })}
        />
      </Field>
      <fieldset className="zc-options">
        <legend>{t('f.grants')}</legend>
        <Grants value={draft.grants} onChange={(grants) => setDraft({ ...draft, grants })} teams={teams} />
        {hint('grants') && <small className="zc-muted">{hint('grants')}</small>}
      </fieldset>
    </FormDialog>
  )
}

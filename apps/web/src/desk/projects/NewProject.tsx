import { Link, useNavigate } from '@tanstack/react-router'
import { Select } from 'antd'
import { ChevronLeft, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { newId } from '../../common/api/call'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { localDate, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { PageHeader } from '../../common/PageHeader'
import { useMe } from '../../common/session'
import { ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field } from '../FormDialog'
import { useWord } from './health'
import { PeopleSelect } from './PhaseDialogs'
import './projects.css'
import '../rows.css'
import { useTake } from './take'
import { words } from './words'

type Ref = { id: string; name: string }
type Draft = {
  /** The project's id, so that sending twice makes one project. */
  id: string
  templateId: string
  name: string
  customer: Ref | null
  siteId: string | null
  contractId: string | null
  startsOn: string
  managerId: string
  people: string[]
  budget: string
  summary: string
  durations: Record<string, number>
  owners: Record<string, string>
}

export default function NewProject() {
  const t = useWords(words)
  const f = useFormat()
  const me = useMe()
  const word = useWord()
  const take = useTake()
  const navigate = useNavigate()
  const templates = useCall('GET /api/project-templates')
  const [blank] = useState<Draft>(() => ({
    id: newId(),
    templateId: '',
    name: '',
    customer: null,
    siteId: null,
    contractId: null,
    startsOn: localDate(Date.now(), me.zone),
    managerId: me.id,
    people: [],
    budget: '',
    summary: '',
    durations: {},
    owners: {},
  }))
  const [draft, setDraft, clear] = useDraft<Draft>(`${me.id}.project.new`, blank)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const create = useCommand('POST /api/projects')

  const all = templates.data?.templates ?? []
  const template = all.find((one) => one.id === draft.templateId) ?? (all.length === 1 ? all[0] : undefined)
  const plan = useCall(
    'GET /api/project-plan',
    { query: { templateId: template?.id ?? '', startsOn: draft.startsOn } },
    { enabled: !!template && /^20\d\d-\d\d-\d\d$/.test(draft.startsOn), placeholderData: (before) => before },
  )
  const customer = useCall(
    'GET /api/customers/:id',
    { params: { id: draft.customer?.id ?? '' } },
    { enabled: !!draft.customer },
  )
  const [q, setQ] = useState('')
  const customers = useCall(
    'GET /api/customers',
    { query: { q: q || undefined, limit: 20 } },
    { placeholderData: (before) => before },
  )
  const colleagues = useCall('GET /api/people', { query: { limit: 200 } })
  const known: Ref[] = [{ id: me.id, name: me.name }, ...(colleagues.data?.rows ?? [])]

  if (templates.isError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
  if (!templates.data) return <Loading lines={8} />
  const ready = !!template && !!draft.name.trim() && !!draft.customer && !!draft.startsOn && !!draft.managerId
  const changed = Object.keys(draft.durations).length > 0
  const phases = plan.data?.phases ?? []

  return (
    <div className="zc-new" style={{ overflow: 'auto', height: '100%' }}>
      <PageHeader
        title={t('new.title')}
        meta={t('n.draft')}
        lead={
          <Link to="/projects" className="zc-btn quiet icon" aria-label={t('back')} title={t('back')}>
            <ChevronLeft className="zc-icon" size={18} />
          </Link>
        }
        actions={
          <>
            <button type="button" className="zc-btn quiet" onClick={clear}>
              {t('n.clear')}
            </button>
            <button type="submit" form="new-project" className="zc-btn primary" disabled={!ready || create.isPending}>
              {t('n.create')}
            </button>
          </>
        }
      />
      <form
        id="new-project"
        className="zc-form"
        onSubmit={(e) => {
          e.preventDefault()
          if (!ready || !draft.customer || !template) return
          create.mutate(
            {
              body: {
                id: draft.id,
                name: draft.name.trim(),
                customerId: draft.customer.id,
                siteId: draft.siteId,
                contractId: draft.contractId,
                templateId: template.id,
                startsOn: draft.startsOn,
                managerId: draft.managerId,
                people: draft.people,
                owners: draft.owners,
                durations: draft.durations,
                budgetPersonDays: Number(draft.budget || 0),
                summary: draft.summary.trim() || null,
              },
            },
            {
              onSuccess: (p) => {
                clear()
                take(p)
                toast(t('done.create', { number: p.number }))
                void navigate({ to: '/projects/$id', params: { id: p.id } as never })
              },
            },
          )
        }}
      >
        <Field label={t('n.template')}>
          <Select
            value={template?.id}
            options={all.map((one) => ({ value: one.id, label: word(one.name) }))}
            onChange={(templateId: string) => set({ templateId, durations: {}, owners: {} })}
          />
        </Field>
        <Field label={t('n.name')}>
          <input
            className="zc-input"
            value={draft.name}
            maxLength={200}
            onChange={(e) => set({ name: e.target.value })}
          />
        </Field>
        <Field label={t('n.customer')}>
          <Select
            showSearch={{ filterOption: false, onSearch: setQ }}
            placeholder={t('n.customer.find')}
            notFoundContent={t('n.none')}
            value={draft.customer?.id}
            options={[
              ...(draft.customer && !customers.data?.rows.some((c) => c.id === draft.customer?.id)
                ? [{ value: draft.customer.id, label: draft.customer.name }]
                : []),
              ...(customers.data?.rows ?? []).map((c) => ({ value: c.id, label: c.name })),
            ]}
            onChange={(id: string, option) => {
              setQ('')
              const label = (Array.isArray(option) ? option[0] : option)?.label ?? ''
              set({ customer: { id, name: label }, siteId: null, contractId: null })
            }}
          />
        </Field>
        {customer.data && (customer.data.siteList.length > 0 || !!customer.data.contracts?.length) && (
          <div className="pair">
            <Field label={t('n.site')} optional={t('optional')}>
              <Select
                allowClear
                value={draft.siteId ?? undefined}
                options={customer.data.siteList.filter((s) => !s.archived).map((s) => ({ value: s.id, label: s.name }))}
                onChange={(siteId?: string) => set({ siteId: siteId ?? null })}
              />
            </Field>
            <Field label={t('n.contract')} optional={t('optional')}>
              <Select
                allowClear
                value={draft.contractId ?? undefined}
                options={(customer.data.contracts ?? [])
                  .filter((c) => !c.archived)
                  .map((c) => ({ value: c.id, label: `${c.number} ${c.title}` }))}
                onChange={(contractId?: string) => set({ contractId: contractId ?? null })}
              />
            </Field>
          </div>
        )}
        <div className="pair">
          <Field label={t('n.startsOn')}>
            <input
              className="zc-input"
              type="date"
              value={draft.startsOn}
              onChange={(e) => set({ startsOn: e.target.value })}
            />
          </Field>
          <Field label={t('n.budget')}>
            <input
              className="zc-input"
              type="number"
              min={0}
              step={0.5}
              value={draft.budget}
              onChange={(e) => set({ budget: e.target.value })}
            />
          </Field>
        </div>
        <Field label={t('n.manager')}>
          <PeopleSelect value={draft.managerId} onChange={(managerId) => set({ managerId })} known={known} />
        </Field>
        <Field label={t('n.people')} optional={t('optional')}>
          <PeopleSelect multiple value={draft.people} onChange={(people) => set({ people })} known={known} />
        </Field>
        <Field label={t('n.summary')} optional={t('optional')}>
          <textarea
            className="zc-input"
            maxLength={4000}
            rows={4}
            value={draft.summary}
            onChange={(e) => set({ summary: e.target.value })}
          />
        </Field>
        {create.error && (
          <div className="problem" role="alert">
            <TriangleAlert className="zc-icon" size={16} aria-hidden />
            <div>
              <b>{create.error.title}</b>
              {create.error.action && <p>{create.error.action}</p>}
              {create.error.issues.map((issue) => (
                <p key={issue.path + issue.code}>{issue.message}</p>
              ))}
            </div>
          </div>
        )}
      </form>
      <aside aria-label={t('n.plan')}>
        <h2 style={{ fontSize: 'var(--t-m)', marginBottom: 8 }}>{t('n.plan')}</h2>
        {plan.isError ? (
          <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />
        ) : phases.length === 0 || !template ? (
          <p className="zc-muted">{t('n.plan.pick')}</p>
        ) : (
          <>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('col.phases')}</th>
                  <th scope="col">{t('n.plan.days')}</th>
                  <th scope="col">{t('phase.planned')}</th>
                  <th scope="col">{t('n.plan.owner')}</th>
                </tr>
              </thead>
              <tbody>
                {phases.map((p) => (
                  <tr key={p.key}>
                    <td>{word(p.name)}</td>
                    <td>
                      <input
                        className="zc-input"
                        type="number"
                        min={1}
                        max={400}
                        aria-label={`${word(p.name)} ${t('n.plan.days')}`}
                        value={draft.durations[p.key] ?? p.durationDays}
                        onChange={(e) => {
                          const days = Number(e.target.value)
                          const { [p.key]: _, ...rest } = draft.durations
                          set({ durations: days >= 1 && days !== p.durationDays ? { ...rest, [p.key]: days } : rest })
                        }}
                      />
                    </td>
                    <td>{f.localSpan(p.start, p.end)}</td>
                    <td style={{ minWidth: 140 }}>
                      <Select
                        size="small"
                        allowClear
                        style={{ width: '100%' }}
                        placeholder={t('n.plan.same')}
                        aria-label={`${word(p.name)} ${t('n.plan.owner')}`}
                        value={draft.owners[p.key]}
                        options={[draft.managerId, ...draft.people].flatMap((id) => {
                          const one = known.find((k) => k.id === id)
                          return one ? [{ value: id, label: one.name }] : []
                        })}
                        onChange={(id?: string) => {
                          const { [p.key]: _, ...rest } = draft.owners
                          set({ owners: id ? { ...rest, [p.key]: id } : rest })
                        }}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p className="zc-muted" style={{ marginTop: 8 }}>
              {t('n.plan.total', {
                from: f.localDate(phases[0]?.start ?? draft.startsOn),
                to: f.localDate(phases.at(-1)?.end ?? draft.startsOn),
                n: phases.reduce((sum, p) => sum + p.durationDays, 0),
              })}
            </p>
            {changed && <p className="zc-muted">{t('n.plan.changed')}</p>}
            {plan.data?.provisional && <p className="zc-muted">{t('n.plan.provisional')}</p>}
          </>
        )}
      </aside>
    </div>
  )
}

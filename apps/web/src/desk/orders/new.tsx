import { Link, useNavigate, useRouterState } from '@tanstack/react-router'
import { CopyCheck, Info } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { call, newId } from '../../common/api/call'
import { type ApiError, asApiError } from '../../common/api/problem'
import { useCall } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { localDate, useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { PageHeader, Section } from '../../common/PageHeader'
import { StateTag } from '../../common/StateTag'
import { useAbility, useMe } from '../../common/session'
import { toast } from '../../common/toast'
import { AssetSheet, ContactSheet, CustomerSheet, SiteSheet } from '../customers/forms'
import '../customers/customers.css'
import {
  CustomerPick,
  Pick,
  ProjectPick,
  type SkillNeed,
  SkillsPick,
  TeamPick,
  WhenPick,
  type Window,
  WindowPick,
} from '../parts/Pick'
import { Field, Trouble, WithProblem } from '../parts/Sheet'
import { Minutes } from './Actions'
import { MODES, PRIORITIES, TYPES } from './Facts'
import { newWords } from './new.words'
import { useRefresh } from './order'
import './orders.css'
import { words } from './words'

type Draft = {
  /** The order's own id: sent twice, it is still one order. */
  id: string
  customerId: string | null
  customerName: string | null
  siteId: string | null
  contactId: string | null
  assetId: string | null
  contractId: string | null
  projectId: string | null
  teamId: string | null
  title: string
  text: string
  product: string
  type: (typeof TYPES)[number]
  priority: (typeof PRIORITIES)[number]
  mode: (typeof MODES)[number]
  duration: string
  crew: string
  skills: SkillNeed[]
  promise: Window | null
  dueAt: string | null
}
const blank: Draft = {
  id: '',
  customerId: null,
  customerName: null,
  siteId: null,
  contactId: null,
  assetId: null,
  contractId: null,
  projectId: null,
  teamId: null,
  title: '',
  text: '',
  product: '',
  type: 'repair',
  priority: 'normal',
  mode: 'onsite',
  duration: '',
  crew: '1',
  skills: [],
  promise: null,
  dueAt: null,
}
type Adding = { kind: 'customer' | 'site' | 'contact' | 'asset'; name: string }

export default function NewOrder() {
  const t = useWords(newWords)
  const w = useWords(words)
  const o = useWords(orderWords)
  const me = useMe()
  const navigate = useNavigate()
  const refresh = useRefresh()
  const mayAdd = useAbility('customer.edit')
  const mayProject = useAbility('project.read')
  const mayTeam = useAbility('people.read')
  const [d, setDraft, clear] = useDraft<Draft>(`order.new.${me.id}`, blank)
  const [problem, setProblem] = useState<ApiError | null>(null)
  const [tried, setTried] = useState(false)
  const [busy, setBusy] = useState(false)
  const [adding, setAdding] = useState<Adding | null>(null)
  const set = (change: Partial<Draft>) => setDraft({ ...d, id: d.id || newId(), ...change })

  // Opened from a customer's page: that customer, unless another was begun.
  const asked = useRouterState({ select: (s) => new URLSearchParams(s.location.searchStr).get('customer') })
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page opens.
  useEffect(() => {
    if (asked && asked !== d.customerId) setDraft({ ...d, id: d.id || newId(), ...forCustomer(asked, null) })
  }, [asked])

  const customer = useCall(
    'GET /api/customers/:id',
    { params: { id: d.customerId ?? '' } },
    { enabled: !!d.customerId },
  )
  const c = d.customerId ? customer.data : undefined
  const site = c?.siteList.find((s) => s.id === d.siteId)
  const zone = site?.zone ?? 'Asia/Shanghai'
  const atSite = <R extends { siteId: string | null; archived: boolean }>(rows: R[] | undefined): R[] =>
    rows?.filter((r) => !r.archived && (!d.siteId || !r.siteId || r.siteId === d.siteId)) ?? []
  const contracts = useMemo(() => c?.contracts?.filter((k) => !k.archived) ?? [], [c])

  const today = localDate(Date.now(), zone)
  const inForce = contracts.filter((k) => k.startsOn <= today && k.endsOn >= today)
  const chooseSite = (siteId: string | null) => {
    const contact =
      c?.contacts.find((p) => !p.archived && p.siteId === siteId && siteId) ?? c?.contacts.find((p) => p.main)
    set({
      siteId,
      // One contract in force is the one meant; among several the person chooses.
      contractId: d.contractId ?? (inForce.length === 1 ? (inForce[0]?.id ?? null) : null),
      contactId: d.contactId ?? contact?.id ?? null,
      // What stands at another site is not what this order is about.
      assetId: c?.assets.find((a) => a.id === d.assetId)?.siteId === siteId ? d.assetId : null,
    })
  }
  const missing = {
    customer: tried && !d.customerId ? t('need.customer') : null,
    title: tried && !d.title.trim() ? t('need.title') : null,
    promise: d.promise && d.promise.end <= d.promise.start ? t('need.order') : null,
  }
  const send = async (as: 'new' | 'draft') => {
    setTried(true)
    if (!d.customerId || !d.title.trim() || missing.promise) return
    setBusy(true)
    setProblem(null)
    try {
      const made = await call('POST /api/orders', {
        body: {
          id: d.id || newId(),
          as,
          customerId: d.customerId,
          title: d.title.trim(),
          text: d.text.trim() || null,
          product: d.product.trim() || null,
          type: d.type,
          priority: d.priority,
          mode: d.mode,
          siteId: d.siteId,
          contactId: d.contactId,
          assetId: d.assetId,
          contractId: d.contractId,
          projectId: d.projectId,
          ...(d.teamId ? { teamId: d.teamId } : {}),
          skills: d.skills,
          durationMin: d.duration ? Number(d.duration) : null,
          crew: Number(d.crew) || 1,
          promise: d.promise,
          dueAt: d.dueAt,
        },
      })
      clear()
      refresh()
      toast(t(as === 'new' ? 'done' : 'doneDraft', { number: made.number }))
      void navigate({ to: `/orders/${made.id}` })
    } catch (error) {
      setProblem(asApiError(error))
    } finally {
      setBusy(false)
    }
  }
  const select = <V extends string>(
    group: 'type' | 'priority' | 'mode',
    values: readonly V[],
    value: V,
    change: (v: V) => void,
  ) => (
    <Field label={w(`fact.${group}`)} path={group}>
      {(p) => (
        <select {...p} className="zc-input" value={value} onChange={(e) => change(e.target.value as V)}>
          {values.map((v) => (
            <option key={v} value={v}>
              {o(`${group}.${v}` as 'type.install')}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
  const begin = (kind: Adding['kind']) => (mayAdd ? (name: string) => setAdding({ kind, name }) : undefined)

  return (
    <form
      className="order-new"
      aria-label={t('title')}
      noValidate
      onSubmit={(e) => {
        e.preventDefault()
        void send('new')
      }}
    >
      <PageHeader
        title={t('title')}
        lead={
          <Link className="zc-btn quiet" to="/orders">
            {t('back')}
          </Link>
        }
        actions={
          <>
            <button type="button" className="zc-btn" disabled={busy} onClick={() => void send('draft')}>
              {t('saveDraft')}
            </button>
            <button type="submit" className="zc-btn primary" disabled={busy}>
              {t('submit')}
            </button>
          </>
        }
      />
      <WithProblem error={problem}>
        <div className="order-new-body">
          <div>
            {problem && (
              <div className="order-bars">
                <Trouble error={problem} />
              </div>
            )}
            <Section title={t('who')}>
              <div className="zc-fields">
                <Field label={t('customer')} path="customerId" error={missing.customer} wide>
                  {(p) => (
                    <CustomerPick
                      id={p.id}
                      label={t('customer')}
                      value={d.customerId}
                      shown={c?.name ?? d.customerName}
                      onAdd={begin('customer')}
                      onChange={(id, choice) => set(forCustomer(id, choice?.label ?? null))}
                    />
                  )}
                </Field>
                <Field label={t('site')} path="siteId" optional hint={site?.address}>
                  {(p) => (
                    <Pick
                      id={p.id}
                      label={t('site')}
                      value={d.siteId}
                      disabled={!d.customerId}
                      placeholder={d.customerId ? undefined : t('customerFirst')}
                      clearable
                      loading={!!d.customerId && customer.isPending}
                      choices={
                        c?.siteList
                          .filter((s) => !s.archived)
                          .map((s) => ({ value: s.id, label: s.name, note: s.address })) ?? []
                      }
                      onAdd={d.customerId ? begin('site') : undefined}
                      onChange={(id) => chooseSite(id)}
                    />
                  )}
                </Field>
                <Field label={t('contact')} path="contactId" optional>
                  {(p) => (
                    <Pick
                      id={p.id}
                      label={t('contact')}
                      value={d.contactId}
                      disabled={!d.customerId}
                      placeholder={d.customerId ? undefined : t('customerFirst')}
                      clearable
                      choices={atSite(c?.contacts).map((x) => ({
                        value: x.id,
                        label: x.name,
                        note: x.phone ?? undefined,
                      }))}
                      onAdd={d.customerId ? begin('contact') : undefined}
                      onChange={(id) => set({ contactId: id })}
                    />
                  )}
                </Field>
                <Field label={t('asset')} path="assetId" optional>
                  {(p) => (
                    <Pick
                      id={p.id}
                      label={t('asset')}
                      value={d.assetId}
                      disabled={!d.customerId}
                      placeholder={d.customerId ? undefined : t('customerFirst')}
                      clearable
                      choices={atSite(c?.assets).map((x) => ({
                        value: x.id,
                        label: x.name,
                        note: x.serial ?? undefined,
                      }))}
                      onAdd={d.customerId ? begin('asset') : undefined}
                      onChange={(id) => set({ assetId: id })}
                    />
                  )}
                </Field>
                {contracts.length > 0 && (
                  <Field label={t('contract')} path="contractId" optional>
                    {(p) => (
                      <Pick
                        id={p.id}
                        label={t('contract')}
                        value={d.contractId}
                        clearable
                        choices={contracts.map((k) => ({ value: k.id, label: k.title, note: k.number }))}
                        onChange={(id) => set({ contractId: id })}
                      />
                    )}
                  </Field>
                )}
                {mayProject && d.customerId && (
                  <Field label={t('project')} path="projectId" optional>
                    {(p) => (
                      <ProjectPick
                        id={p.id}
                        label={t('project')}
                        customerId={d.customerId}
                        value={d.projectId}
                        clearable
                        onChange={(id) => set({ projectId: id })}
                      />
                    )}
                  </Field>
                )}
              </div>
            </Section>
            <Section title={t('what')}>
              <div className="zc-fields">
                <Field label={t('subject')} path="title" error={missing.title} hint={t('subject.hint')} wide>
                  {(p) => (
                    <input
                      {...p}
                      className="zc-input"
                      maxLength={200}
                      value={d.title}
                      onChange={(e) => set({ title: e.target.value })}
                    />
                  )}
                </Field>
                <Field label={t('text')} path="text" optional hint={t('text.hint')} wide>
                  {(p) => (
                    <textarea
                      {...p}
                      className="zc-input"
                      rows={4}
                      maxLength={4000}
                      value={d.text}
                      onChange={(e) => set({ text: e.target.value })}
                    />
                  )}
                </Field>
                {select('type', TYPES, d.type, (type) => set({ type }))}
                {select('priority', PRIORITIES, d.priority, (priority) => set({ priority }))}
                <Field label={t('product')} path="product" optional>
                  {(p) => (
                    <input
                      {...p}
                      className="zc-input"
                      maxLength={200}
                      value={d.product}
                      onChange={(e) => set({ product: e.target.value })}
                    />
                  )}
                </Field>
                {mayTeam && (
                  <Field label={t('team')} path="teamId" optional hint={t('team.hint')}>
                    {(p) => (
                      <TeamPick
                        id={p.id}
                        label={t('team')}
                        value={d.teamId}
                        clearable
                        onChange={(id) => set({ teamId: id })}
                      />
                    )}
                  </Field>
                )}
              </div>
            </Section>
            <Section title={t('how')}>
              <div className="zc-fields">
                <Field label={w('fact.promise')} path="promise" optional error={missing.promise} wide>
                  {(p) => (
                    <WindowPick id={p.id} zone={zone} value={d.promise} onChange={(promise) => set({ promise })} />
                  )}
                </Field>
                <Field label={t('due')} path="dueAt" optional>
                  {(p) => (
                    <WhenPick
                      id={p.id}
                      label={t('due')}
                      zone={zone}
                      value={d.dueAt}
                      onChange={(dueAt) => set({ dueAt })}
                    />
                  )}
                </Field>
                <Minutes value={d.duration} onChange={(duration) => set({ duration })} />
                {select('mode', MODES, d.mode, (mode) => set({ mode }))}
                <Field label={w('fact.crew')} path="crew">
                  {(p) => (
                    <input
                      {...p}
                      className="zc-input"
                      type="number"
                      min={1}
                      max={20}
                      value={d.crew}
                      onChange={(e) => set({ crew: e.target.value })}
                    />
                  )}
                </Field>
                <Field label={w('fact.skills')} path="skills" optional wide>
                  {(p) => <SkillsPick id={p.id} value={d.skills} onChange={(skills) => set({ skills })} />}
                </Field>
              </div>
            </Section>
          </div>
          <aside>
            <Duplicates siteId={d.siteId} assetId={d.assetId} />
            <div className="order-new-note">
              <b>{t('summary')}</b>
              <p>{t('summary.text')}</p>
            </div>
            {d.id && (
              <div className="order-new-note">
                <p role="status">{t('draftKept')}</p>
                <button
                  type="button"
                  className="zc-btn"
                  onClick={() => {
                    const before = d
                    clear()
                    setTried(false)
                    toast(t('discard'), { undo: () => setDraft(before) })
                  }}
                >
                  {t('discard')}
                </button>
              </div>
            )}
          </aside>
        </div>
      </WithProblem>
      {adding?.kind === 'customer' && (
        <CustomerSheet
          name={adding.name}
          onClose={() => setAdding(null)}
          onDone={(made) => {
            setAdding(null)
            set(forCustomer(made.id, made.name))
          }}
        />
      )}
      {adding?.kind === 'site' && c && (
        <SiteSheet
          customerId={c.id}
          name={adding.name}
          onClose={() => setAdding(null)}
          onDone={(made) => {
            setAdding(null)
            void customer.refetch()
            set({ siteId: made.id, assetId: null })
          }}
        />
      )}
      {adding?.kind === 'contact' && c && (
        <ContactSheet
          customer={c}
          name={adding.name}
          siteId={d.siteId}
          onClose={() => setAdding(null)}
          onDone={(made) => {
            setAdding(null)
            void customer.refetch()
            set({ contactId: made.id })
          }}
        />
      )}
      {adding?.kind === 'asset' && c && (
        <AssetSheet
          customer={c}
          name={adding.name}
          siteId={d.siteId}
          onClose={() => setAdding(null)}
          onDone={(made) => {
            setAdding(null)
            void customer.refetch()
            set({ assetId: made.id })
          }}
        />
      )}
    </form>
  )
}

/** Another customer: nothing of the one before stays. */
function forCustomer(customerId: string | null, customerName: string | null): Partial<Draft> {
  return { customerId, customerName, siteId: null, contactId: null, assetId: null, contractId: null, projectId: null }
}

function Duplicates({ siteId, assetId }: { siteId: string | null; assetId: string | null }) {
  const t = useWords(newWords)
  const f = useFormat()
  const found = useCall(
    'GET /api/orders/duplicates',
    { query: { siteId: siteId ?? '', ...(assetId ? { assetId } : {}) } },
    { enabled: !!siteId, watch: ['order'] },
  )
  const rows = siteId ? found.data?.rows : undefined
  if (!rows?.length)
    return (
      <div className="order-new-note">
        <Info className="zc-icon" size={16} aria-hidden /> <span>{t(rows ? 'dup.clear' : 'dup.none')}</span>
      </div>
    )
  return (
    <div className="order-new-dup" role="status">
      <b>
        <CopyCheck className="zc-icon" size={16} aria-hidden /> {t('dup.title')}
      </b>
      <p>{t('dup.text')}</p>
      <ul>
        {rows.map((r) => (
          <li key={r.id}>
            <a href={`/orders/${r.id}`} target="_blank" rel="noreferrer">
              {r.title}
            </a>
            <small>
              {r.number} · {f.when(r.createdAt)}
            </small>
            <StateTag kind="order" state={r.state} quiet />
          </li>
        ))}
      </ul>
    </div>
  )
}

import type { ReactNode } from 'react'
import { type CallInput, call } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { Facts, Section } from '../../common/PageHeader'
import { useAbility } from '../../common/session'
import { toast } from '../../common/toast'
import { PlaceLink } from '../PlaceLink'
import { Editable } from '../parts/Editable'
import {
  Choices,
  Pick,
  ProjectPick,
  type SkillNeed,
  SkillsPick,
  TeamPick,
  useSkillNames,
  WhenPick,
  type Window,
  WindowPick,
} from '../parts/Pick'
import { type Order, useRefresh } from './order'
import { words } from './words'

type Edit = NonNullable<CallInput<'PATCH /api/orders/:id'>['body']>
export const TYPES = ['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const
export const PRIORITIES = ['urgent', 'high', 'normal', 'low'] as const
export const MODES = ['onsite', 'remote', 'resident'] as const

/** What the order is about. Each fact is edited where it stands and merged by field with what others do. */
export function OrderFacts({ order }: { order: Order }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const zone = order.siteZone ?? 'Asia/Shanghai'
  const f = useFormat(zone)
  const refresh = useRefresh()
  const { nameOf } = useSkillNames()
  const can = order.can.edit === true
  const mayCustomer = useAbility('customer.read')
  const mayProject = useAbility('project.read')
  const customer = useCall(
    'GET /api/customers/:id',
    { params: { id: order.customer.id } },
    { enabled: can && mayCustomer, staleTime: 60_000 },
  )
  const project = useCall(
    'GET /api/projects/:id',
    { params: { id: order.projectId ?? '' } },
    { enabled: !!order.projectId && mayProject, staleTime: 300_000 },
  )
  const projectName = project.data?.name ?? null

  const save =
    <K extends keyof Edit>(field: K) =>
    async (value: Edit[K], baseRev: number, more: Partial<Edit> = {}) => {
      await call('PATCH /api/orders/:id', {
        params: { id: order.id },
        body: { [field]: value, ...more } as Edit,
        baseRev,
      })
      refresh()
      toast(t('done.edit'))
    }
  const named = (rows: readonly { id: string; name: string }[] | undefined, id: unknown) =>
    rows?.find((r) => r.id === id)?.name ?? '—'
  const customerLink = (text: ReactNode) => <PlaceLink to={`/customers/${order.customer.id}`}>{text}</PlaceLink>

  const choice = <K extends 'type' | 'priority' | 'mode'>(
    field: K,
    name: string,
    values: readonly Order[K][],
  ): [string, ReactNode] => [
    name,
    <Editable<Order[K]>
      key={field}
      name={name}
      field={field}
      value={order[field]}
      shown={o(`${field}.${order[field]}` as 'type.install')}
      rev={order.rev}
      can={can}
      print={(v) => o(`${field}.${v}` as 'type.install')}
      editor={(v, change) => (
        <Choices
          label={name}
          name={field}
          value={v}
          onChange={change}
          options={values.map((value) => ({ value, label: o(`${field}.${value}` as 'type.install') }))}
        />
      )}
      onSave={(v, rev) => save(field)(v as never, rev)}
    />,
  ]
  const linked = (
    field: 'siteId' | 'contactId' | 'assetId' | 'contractId',
    name: string,
    value: string | null,
    shown: ReactNode,
    rows: readonly { id: string; name: string; archived: boolean }[] | undefined,
  ): [string, ReactNode] => [
    name,
    <Editable<string | null>
      key={field}
      name={name}
      field={field}
      value={value}
      shown={shown}
      rev={order.rev}
      can={can && mayCustomer}
      print={(v) => named(rows, v)}
      editor={(v, change) => (
        <Pick
          label={name}
          value={v}
          clearable
          loading={customer.isPending}
          choices={rows?.filter((r) => !r.archived).map((r) => ({ value: r.id, label: r.name })) ?? []}
          onChange={(next) => change(next)}
        />
      )}
      onSave={(v, rev) => save(field)(v, rev)}
    />,
  ]
  const number = (
    field: 'durationMin' | 'crew',
    name: string,
    value: number | null,
    shown: ReactNode,
    print: (v: number | null) => ReactNode,
    least: number,
  ): [string, ReactNode] => [
    name,
    <Editable<number | null>
      key={field}
      name={name}
      field={field}
      value={value}
      shown={shown}
      rev={order.rev}
      can={can}
      print={print}
      editor={(v, change) => (
        <input
          className="zc-input"
          type="number"
          aria-label={name}
          min={least}
          step={field === 'durationMin' ? 15 : 1}
          value={v ?? ''}
          onChange={(e) => change(e.target.value === '' ? null : Number(e.target.value))}
        />
      )}
      onSave={(v, rev) => save(field)(v as never, rev)}
    />,
  ]
  const wordsOf = (
    field: 'title' | 'product' | 'text',
    name: string,
    value: string | null,
    long = false,
  ): [string, ReactNode] => [
    name,
    <Editable<string>
      key={field}
      name={name}
      field={field}
      value={value ?? ''}
      shown={value}
      rev={order.rev}
      can={can}
      print={(v) => v}
      editor={(v, change) =>
        long ? (
          <textarea
            className="zc-input"
            rows={5}
            maxLength={4000}
            aria-label={name}
            value={v}
            onChange={(e) => change(e.target.value)}
          />
        ) : (
          <input
            className="zc-input"
            aria-label={name}
            maxLength={200}
            value={v}
            onChange={(e) => change(e.target.value)}
          />
        )
      }
      onSave={(v, rev) => save(field)((v.trim() || null) as never, rev)}
    />,
  ]
  const range = (w: Window | null) => (w ? f.range(w.start, w.end) : '')
  type Promise = { window: Window | null; by: 'customer' | 'correction' }

  const rows: [string, ReactNode][] = [
    choice('type', t('fact.type'), TYPES),
    choice('priority', t('fact.priority'), PRIORITIES),
    [
      t('fact.promise'),
      <Editable<Promise>
        key="promise"
        name={t('fact.promise')}
        field="promise"
        value={{ window: order.promise, by: 'customer' }}
        shown={
          order.promise && (
            <>
              {range(order.promise)}
              {order.originalPromise && range(order.originalPromise) !== range(order.promise) && (
                <small> {t('promise.first', { range: range(order.originalPromise) })}</small>
              )}
            </>
          )
        }
        rev={order.rev}
        can={can}
        // A conflict carries the bare window of the wire.
        print={(v) => range('window' in v ? v.window : (v as unknown as Window)) || '—'}
        editor={(v, change) => (
          <>
            <WindowPick zone={zone} value={v.window} onChange={(window) => change({ ...v, window })} />
            {order.promise && (
              <Choices
                label={t('promise.by')}
                name="promiseBy"
                value={v.by}
                onChange={(by) => change({ ...v, by })}
                options={(['customer', 'correction'] as const).map((value) => ({ value, label: o(`by.${value}`) }))}
              />
            )}
          </>
        )}
        onSave={(v, rev) => save('promise')(v.window, rev, order.promise ? { promiseBy: v.by } : {})}
      />,
    ],
    [
      t('fact.due'),
      <Editable<string | null>
        key="dueAt"
        name={t('fact.due')}
        field="dueAt"
        value={order.dueAt}
        shown={order.dueAt && <span className={order.late ? 'order-late' : undefined}>{f.when(order.dueAt)}</span>}
        rev={order.rev}
        can={can}
        print={(v) => (v ? f.when(v) : '—')}
        editor={(v, change) => <WhenPick label={t('fact.due')} zone={zone} value={v} onChange={change} />}
        onSave={(v, rev) => save('dueAt')(v, rev)}
      />,
    ],
    linked(
      'siteId',
      t('fact.site'),
      order.site?.id ?? null,
      order.site && (
        <>
          {customerLink(order.site.name)}
          <br />
          <small>{order.site.address}</small>
        </>
      ),
      customer.data?.siteList,
    ),
    linked(
      'contactId',
      t('fact.contact'),
      order.contact?.id ?? null,
      order.contact && (
        <>
          {order.contact.name} {order.contact.title && <small>{order.contact.title}</small>}
          {order.contact.phone && (
            <>
              <br />
              <a href={`tel:${order.contact.phone}`}>{order.contact.phone}</a>
            </>
          )}
        </>
      ),
      customer.data?.contacts,
    ),
    linked(
      'assetId',
      t('fact.asset'),
      order.asset?.id ?? null,
      order.asset && (
        <>
          {order.asset.name}
          <br />
          <small>
            {[
              order.asset.model,
              order.asset.serial,
              order.asset.warrantyUntil && t('warranty.until', { date: order.asset.warrantyUntil }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </small>
        </>
      ),
      customer.data?.assets.map((a) => ({ ...a, name: [a.name, a.serial].filter(Boolean).join(' · ') })),
    ),
    wordsOf('product', t('fact.product'), order.product),
    linked(
      'contractId',
      t('fact.contract'),
      order.contract?.id ?? null,
      order.contract && (
        <>
          {order.contract.number}
          <br />
          <small>{order.contract.title}</small>
        </>
      ),
      customer.data?.contracts?.map((c) => ({ id: c.id, name: `${c.number} ${c.title}`, archived: c.archived })),
    ),
    [
      t('fact.project'),
      <Editable<string | null>
        key="projectId"
        name={t('fact.project')}
        field="projectId"
        value={order.projectId}
        shown={
          order.projectId && projectName ? (
            <PlaceLink to={`/projects/${order.projectId}`}>{projectName}</PlaceLink>
          ) : (
            projectName
          )
        }
        rev={order.rev}
        can={can && mayProject}
        print={(v) => (v === order.projectId ? projectName : v)}
        editor={(v, change) => (
          <ProjectPick
            label={t('fact.project')}
            customerId={order.customer.id}
            value={v}
            shown={projectName}
            clearable
            onChange={(next) => change(next)}
          />
        )}
        onSave={(v, rev) => save('projectId')(v, rev)}
      />,
    ],
    [
      t('fact.team'),
      <Editable<string | null>
        key="teamId"
        name={t('fact.team')}
        field="teamId"
        value={order.team?.id ?? null}
        shown={order.team?.name ?? null}
        rev={order.rev}
        can={can}
        print={(v) => (v === order.team?.id ? order.team?.name : v)}
        editor={(v, change) => (
          <TeamPick label={t('fact.team')} value={v} shown={order.team?.name} onChange={(next) => change(next)} />
        )}
        onSave={(v, rev) => save('teamId')(v, rev)}
      />,
    ],
    [
      t('fact.skills'),
      <Editable<SkillNeed[]>
        key="skills"
        name={t('fact.skills')}
        field="skills"
        value={order.skills}
        shown={order.skills.map((s) => `${nameOf(s.code)} ${s.level}`).join(' · ')}
        rev={order.rev}
        can={can}
        print={(v) => v.map((s) => `${nameOf(s.code)} ${s.level}`).join(' · ') || '—'}
        editor={(v, change) => <SkillsPick value={v} onChange={change} />}
        onSave={(v, rev) => save('skills')(v, rev)}
      />,
    ],
    number(
      'durationMin',
      t('fact.duration'),
      order.durationMin,
      order.durationMin && f.duration(order.durationMin),
      (v) => (v ? f.duration(v) : '—'),
      5,
    ),
    choice('mode', t('fact.mode'), MODES),
    wordsOf('title', t('fact.title'), order.title),
    number('crew', t('fact.crew'), order.crew, t('crewOf', { n: order.crew }), (v) => t('crewOf', { n: v ?? 1 }), 1),
  ]
  const plain: [string, ReactNode][] = [
    ...(order.requestedStart ? [[t('fact.requested'), f.when(order.requestedStart)] as [string, ReactNode]] : []),
    [
      t('fact.created'),
      order.createdBy
        ? t('created.by', { name: order.createdBy.name, when: f.when(order.createdAt) })
        : f.when(order.createdAt),
    ],
    ...(order.source
      ? [[t('fact.source'), t('source', { source: order.source, id: order.externalId ?? '—' })] as [string, ReactNode]]
      : []),
    ...(order.acceptance
      ? [
          [
            t('fact.acceptance'),
            t('acceptance', { how: o(`how.${order.acceptance.how}`), when: f.when(order.acceptance.at) }),
          ] as [string, ReactNode],
        ]
      : []),
  ]
  return (
    <Section title={t('facts')}>
      <div className="order-request">
        <small>{t('fact.text')}</small>
        {wordsOf('text', t('fact.text'), order.text, true)[1]}
      </div>
      <Facts rows={[...rows, ...plain]} />
    </Section>
  )
}

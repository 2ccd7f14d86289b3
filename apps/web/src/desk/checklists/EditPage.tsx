import { useNavigate, useParams } from '@tanstack/react-router'
import { Select } from 'antd'
import { ArrowDown, ArrowUp, Copy, Plus, Trash2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { faultsOf } from '#lifecycle/worksheet'
import { useCall, useCommand } from '../../common/api/query'
import { useDraft } from '../../common/draft'
import { useWords } from '../../common/i18n/words'
import { orderWords } from '../../common/order.words'
import { PageHeader } from '../../common/PageHeader'
import { useAbility, useMe } from '../../common/session'
import { Empty, ErrorState, Loading } from '../../common/states'
import { toast } from '../../common/toast'
import { Field } from '../FormDialog'
import './checklists.css'
import { type Body, type Item, Preview, useText } from './Preview'
import { words } from './words'

const kinds = ['passFail', 'number', 'text', 'choice', 'photo', 'scan', 'signature'] as const
const types = ['install', 'repair', 'inspect', 'train', 'upgrade', 'survey', 'other'] as const
const priorities = ['urgent', 'high', 'normal', 'low'] as const
type Type = (typeof types)[number]

interface Draft {
  orderTypes: Type[]
  models: string[]
  body: Body
}
const blank: Draft = { orderTypes: [], models: [], body: { title: { zh: '', en: '' }, items: [], bring: [] } }

/** A key that no item of the list has: answers hang on it, so it never changes once an item has it. */
function freshKey(taken: readonly string[], stem: string): string {
  for (let n = taken.length + 1; ; n++) if (!taken.includes(`${stem}_${n}`)) return `${stem}_${n}`
}

const number = (text: string): number | undefined => {
  const n = Number(text)
  return text.trim() === '' || !Number.isFinite(n) ? undefined : n
}

function Options({ item, onChange }: { item: Item; onChange: (options: NonNullable<Item['options']>) => void }) {
  const t = useWords(words)
  const options = item.options ?? []
  const set = (i: number, change: Partial<(typeof options)[number]>) =>
    onChange(options.map((o, at) => (at === i ? { ...o, ...change } : o)))
  return (
    <fieldset className="zc-options">
      <legend>{t('edit.options')}</legend>
      {options.map((o, i) => (
        <div key={o.value}>
          <input
            className="zc-input"
            aria-label={t('edit.option', { n: i + 1 })}
            maxLength={200}
            value={o.label.zh}
            onChange={(e) => set(i, { label: { ...o.label, zh: e.target.value } })}
          />
          <label className="check">
            <input type="checkbox" checked={o.fails ?? false} onChange={(e) => set(i, { fails: e.target.checked })} />{' '}
            {t('edit.optionFails')}
          </label>
          <button
            type="button"
            className="zc-btn quiet icon"
            aria-label={t('edit.optionDrop', { n: i + 1 })}
            onClick={() => onChange(options.filter((_, at) => at !== i))}
          >
            <Trash2 className="zc-icon" size={16} />
          </button>
        </div>
      ))}
      <button
        type="button"
        className="zc-btn"
        onClick={() =>
          onChange([
            ...options,
            {
              value: freshKey(
                options.map((o) => o.value),
                'o',
              ),
              label: { zh: '', en: '' },
            },
          ])
        }
      >
        <Plus className="zc-icon" size={16} aria-hidden /> {t('edit.optionAdd')}
      </button>
    </fieldset>
  )
}

function ItemForm({
  item,
  before,
  fault,
  onChange,
}: {
  item: Item
  before: readonly Item[]
  fault: string | undefined
  onChange: (item: Item) => void
}) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const text = useText()
  const asked = before.find((i) => i.key === item.when?.item)
  const answers = asked
    ? asked.kind === 'choice'
      ? (asked.options ?? []).map((x) => ({ value: x.value, label: text(x.label) }))
      : (asked.kind === 'passFail'
          ? ['pass', 'fail', 'na']
          : asked.kind === 'number'
            ? ['pass', 'fail']
            : ['done']
        ).map((v) => ({ value: v, label: t(`verdict.${v as 'pass'}`) }))
    : []
  const canFail =
    item.kind === 'passFail' ||
    (item.kind === 'number' && (item.min !== undefined || item.max !== undefined)) ||
    (item.kind === 'choice' && (item.options ?? []).some((x) => x.fails))
  return (
    <div className="form">
      {fault && (
        <p className="fault" role="alert">
          {t(`fault.${fault as 'options'}`)}
        </p>
      )}
      <Field label={t('edit.label')}>
        <input
          className="zc-input"
          maxLength={200}
          value={item.label.zh}
          onChange={(e) => onChange({ ...item, label: { ...item.label, zh: e.target.value } })}
        />
      </Field>
      <Field label={t('edit.labelEn')}>
        <input
          className="zc-input"
          maxLength={200}
          value={item.label.en}
          onChange={(e) => onChange({ ...item, label: { ...item.label, en: e.target.value } })}
        />
      </Field>
      <div className="pair">
        <Field label={t('edit.kind')}>
          <Select
            aria-label={t('edit.kind')}
            value={item.kind}
            options={kinds.map((k) => ({ value: k, label: t(`kind.${k}`) }))}
            onChange={(kind) => {
              const { options: _o, min: _a, max: _b, unit: _u, onFail: _f, ...rest } = item
              onChange({ ...rest, kind, ...(kind === 'choice' ? { options: item.options ?? [] } : {}) })
            }}
          />
        </Field>
        <label className="check">
          <input
            type="checkbox"
            checked={item.required}
            onChange={(e) => onChange({ ...item, required: e.target.checked })}
          />{' '}
          {t('required')}
        </label>
      </div>
      <Field label={t('edit.hint')}>
        <input
          className="zc-input"
          maxLength={200}
          value={item.hint?.zh ?? ''}
          onChange={(e) => {
            const { hint: _, ...rest } = item
            onChange(e.target.value ? { ...rest, hint: { zh: e.target.value, en: item.hint?.en ?? '' } } : rest)
          }}
        />
      </Field>
      {item.kind === 'number' && (
        <div className="pair">
          {(['min', 'max'] as const).map((key) => (
            <Field key={key} label={t(`edit.${key}`)}>
              <input
                className="zc-input"
                inputMode="decimal"
                defaultValue={item[key] ?? ''}
                onBlur={(e) => {
                  const { [key]: _, ...rest } = item
                  const n = number(e.target.value)
                  onChange(n === undefined ? rest : { ...rest, [key]: n })
                }}
              />
            </Field>
          ))}
          <Field label={t('edit.unit')}>
            <input
              className="zc-input"
              maxLength={20}
              value={item.unit ?? ''}
              onChange={(e) => {
                const { unit: _, ...rest } = item
                onChange(e.target.value ? { ...rest, unit: e.target.value } : rest)
              }}
            />
          </Field>
        </div>
      )}
      {item.kind === 'choice' && <Options item={item} onChange={(options) => onChange({ ...item, options })} />}
      {before.length > 0 && (
        <div className="pair">
          <Field label={t('edit.when')}>
            <Select
              aria-label={t('edit.when')}
              value={item.when?.item ?? ''}
              options={[
                { value: '', label: t('edit.always') },
                ...before.map((i) => ({ value: i.key, label: text(i.label) || t('edit.unnamed') })),
              ]}
              onChange={(key) => {
                const { when: _, ...rest } = item
                const kind = before.find((i) => i.key === key)?.kind
                onChange(
                  key
                    ? { ...rest, when: { item: key, is: [kind === 'passFail' || kind === 'number' ? 'fail' : 'done'] } }
                    : rest,
                )
              }}
            />
          </Field>
          {item.when && (
            <Field label={t('edit.whenIs')}>
              <Select
                mode="multiple"
                aria-label={t('edit.whenIs')}
                value={[...item.when.is]}
                options={answers}
                onChange={(is: string[]) =>
                  is.length > 0 && onChange({ ...item, when: { item: item.when?.item as string, is } })
                }
              />
            </Field>
          )}
        </div>
      )}
      {canFail && (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={item.onFail !== undefined}
              onChange={(e) => {
                const { onFail: _, ...rest } = item
                onChange(
                  e.target.checked ? { ...rest, onFail: { followUp: { type: 'repair', priority: 'normal' } } } : rest,
                )
              }}
            />{' '}
            {t('edit.follow')}
          </label>
          {item.onFail && (
            <div className="pair">
              <Field label={t('edit.followType')}>
                <Select
                  aria-label={t('edit.followType')}
                  value={item.onFail.followUp.type}
                  options={types.map((x) => ({ value: x, label: o(`type.${x}`) }))}
                  onChange={(type) =>
                    item.onFail && onChange({ ...item, onFail: { followUp: { ...item.onFail.followUp, type } } })
                  }
                />
              </Field>
              <Field label={t('edit.followPriority')}>
                <Select
                  aria-label={t('edit.followPriority')}
                  value={item.onFail.followUp.priority}
                  options={priorities.map((x) => ({ value: x, label: o(`priority.${x}`) }))}
                  onChange={(priority) =>
                    item.onFail && onChange({ ...item, onFail: { followUp: { ...item.onFail.followUp, priority } } })
                  }
                />
              </Field>
              <Field label={t('edit.followTitle')}>
                <input
                  className="zc-input"
                  maxLength={120}
                  value={item.onFail.followUp.title ?? ''}
                  onChange={(e) => {
                    if (!item.onFail) return
                    const { title: _, ...rest } = item.onFail.followUp
                    onChange({
                      ...item,
                      onFail: { followUp: e.target.value ? { ...rest, title: e.target.value } : rest },
                    })
                  }}
                />
              </Field>
            </div>
          )}
        </>
      )}
    </div>
  )
}

function Editor({ id, from, initial }: { id: string; from: number | undefined; initial: Draft }) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const text = useText()
  const me = useMe()
  const navigate = useNavigate()
  const [draft, setDraft, clear] = useDraft<Draft>(`${me.id}.checklist.${id}.${from ?? 0}`, initial)
  const [open, setOpen] = useState<string | null>(draft.body.items[0]?.key ?? null)
  const publish = useCommand('POST /api/checklists')
  const { body } = draft
  const { items } = body
  const set = (change: Partial<Body>) => setDraft({ ...draft, body: { ...body, ...change } })
  const faults = useMemo(() => faultsOf(items), [items])
  const next = (from ?? 0) + 1
  const lacks =
    body.title.zh.trim() === ''
      ? t('edit.needName')
      : draft.orderTypes.length === 0 && draft.models.length === 0
        ? t('edit.needType')
        : items.length === 0 || items.some((i) => i.label.zh.trim() === '')
          ? t('edit.needItem')
          : faults[0]
            ? t(`fault.${faults[0].why}`)
            : null
  const move = (i: number, by: number) => {
    const all = [...items]
    const [one] = all.splice(i, 1)
    if (one) all.splice(i + by, 0, one)
    set({ items: all })
  }
  const add = (item?: Item) => {
    const key = freshKey(
      items.map((i) => i.key),
      'item',
    )
    const made: Item = item ? { ...item, key } : { key, label: { zh: '', en: '' }, kind: 'passFail', required: false }
    set({ items: [...items, made] })
    setOpen(key)
  }
  return (
    <div className="zc-lists edit">
      <PageHeader
        title={text(body.title) || t(from === undefined ? 'edit.new' : 'edit.title')}
        meta={<span>{lacks ?? t('edit.draft')}</span>}
        actions={
          <>
            <button
              type="button"
              className="zc-btn"
              onClick={() => {
                clear()
                void navigate({ to: (from === undefined ? '/checklists' : `/checklists/${id}`) as never })
              }}
            >
              {t('edit.discard')}
            </button>
            <button
              type="button"
              className="zc-btn primary"
              disabled={lacks !== null || publish.isPending}
              onClick={() =>
                publish.mutate(
                  {
                    body: {
                      id,
                      ...(from === undefined ? {} : { from }),
                      orderTypes: draft.orderTypes,
                      models: draft.models,
                      body: { ...body, bring: body.bring.filter((b) => b.name.zh.trim() !== '') },
                    },
                  },
                  {
                    onSuccess: () => {
                      clear()
                      toast(t('edit.published', { n: next }))
                      void navigate({ to: `/checklists/${id}` as never })
                    },
                  },
                )
              }
            >
              {publish.isPending ? t('edit.publishing') : t('edit.publish', { n: next })}
            </button>
          </>
        }
      />
      {publish.isError && <ErrorState error={publish.error} />}
      <div className="panes">
        <div className="fields">
          <div className="pair">
            <Field label={t('edit.name')}>
              <input
                className="zc-input"
                maxLength={200}
                value={body.title.zh}
                onChange={(e) => set({ title: { ...body.title, zh: e.target.value } })}
              />
            </Field>
            <Field label={t('edit.nameEn')}>
              <input
                className="zc-input"
                maxLength={200}
                value={body.title.en}
                onChange={(e) => set({ title: { ...body.title, en: e.target.value } })}
              />
            </Field>
          </div>
          <div className="pair">
            <Field label={t('edit.types')}>
              <Select
                mode="multiple"
                aria-label={t('edit.types')}
                value={draft.orderTypes}
                options={types.map((x) => ({ value: x, label: o(`type.${x}`) }))}
                onChange={(orderTypes: Type[]) => setDraft({ ...draft, orderTypes })}
              />
            </Field>
            <Field label={t('edit.models')}>
              <Select
                mode="tags"
                aria-label={t('edit.models')}
                value={draft.models}
                tokenSeparators={[',', '，', ' ', '、']}
                onChange={(models: string[]) => setDraft({ ...draft, models: models.map((m) => m.slice(0, 60)) })}
              />
            </Field>
          </div>
          <h2>{t('edit.items')}</h2>
          <ol className="items">
            {items.map((item, i) => (
              <li key={item.key} data-open={open === item.key || undefined}>
                <div className="head">
                  <button
                    type="button"
                    className="name"
                    aria-expanded={open === item.key}
                    onClick={() => setOpen(open === item.key ? null : item.key)}
                  >
                    <b>{text(item.label) || t('edit.unnamed')}</b>
                    <small>
                      {t(`kind.${item.kind}`)}
                      {item.required && ` · ${t('required')}`}
                    </small>
                  </button>
                  <button
                    type="button"
                    className="zc-btn quiet icon"
                    aria-label={t('edit.up')}
                    disabled={i === 0}
                    onClick={() => move(i, -1)}
                  >
                    <ArrowUp className="zc-icon" size={16} />
                  </button>
                  <button
                    type="button"
                    className="zc-btn quiet icon"
                    aria-label={t('edit.down')}
                    disabled={i === items.length - 1}
                    onClick={() => move(i, 1)}
                  >
                    <ArrowDown className="zc-icon" size={16} />
                  </button>
                  <button
                    type="button"
                    className="zc-btn quiet icon"
                    aria-label={t('edit.copy')}
                    onClick={() => add(item)}
                  >
                    <Copy className="zc-icon" size={16} />
                  </button>
                  <button
                    type="button"
                    className="zc-btn quiet icon"
                    aria-label={t('edit.drop')}
                    onClick={() => {
                      const before = draft
                      set({ items: items.filter((x) => x.key !== item.key) })
                      toast(t('edit.dropped', { item: text(item.label) || t('edit.unnamed') }), {
                        undo: () => setDraft(before),
                        undoLabel: t('undo'),
                      })
                    }}
                  >
                    <Trash2 className="zc-icon" size={16} />
                  </button>
                </div>
                {open === item.key && (
                  <ItemForm
                    item={item}
                    before={items.slice(0, i)}
                    fault={faults.find((x) => x.key === item.key)?.why}
                    onChange={(changed) => set({ items: items.map((x) => (x.key === item.key ? changed : x)) })}
                  />
                )}
              </li>
            ))}
          </ol>
          <button type="button" className="zc-btn" onClick={() => add()}>
            <Plus className="zc-icon" size={16} aria-hidden /> {t('edit.add')}
          </button>
          <h2>{t('bring')}</h2>
          {body.bring.map((b, i) => (
            // A thing to bring has no identity of its own: its place is it.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above.
            <div key={i} className="bring">
              <Select
                aria-label={t('edit.bringWhat')}
                value={b.what}
                options={(['tool', 'part', 'paper'] as const).map((x) => ({ value: x, label: t(`bring.${x}`) }))}
                onChange={(what) => set({ bring: body.bring.map((x, at) => (at === i ? { ...x, what } : x)) })}
              />
              <input
                className="zc-input"
                aria-label={t('edit.bringName')}
                maxLength={200}
                value={b.name.zh}
                onChange={(e) =>
                  set({
                    bring: body.bring.map((x, at) =>
                      at === i ? { ...x, name: { ...x.name, zh: e.target.value } } : x,
                    ),
                  })
                }
              />
              <input
                className="zc-input"
                aria-label={t('edit.bringQty')}
                type="number"
                min={1}
                max={999}
                value={b.qty}
                onChange={(e) =>
                  set({
                    bring: body.bring.map((x, at) =>
                      at === i ? { ...x, qty: Math.min(999, Math.max(1, Number(e.target.value) || 1)) } : x,
                    ),
                  })
                }
              />
              <button
                type="button"
                className="zc-btn quiet icon"
                aria-label={t('edit.bringDrop', { name: b.name.zh })}
                onClick={() => set({ bring: body.bring.filter((_, at) => at !== i) })}
              >
                <Trash2 className="zc-icon" size={16} />
              </button>
            </div>
          ))}
          <button
            type="button"
            className="zc-btn"
            onClick={() => set({ bring: [...body.bring, { what: 'tool', name: { zh: '', en: '' }, qty: 1 }] })}
          >
            <Plus className="zc-icon" size={16} aria-hidden /> {t('edit.bringAdd')}
          </button>
        </div>
        <div className="look">
          <h2>{t('preview')}</h2>
          <Preview body={body} />
        </div>
      </div>
    </div>
  )
}

/** Writes a new version of a checklist, or a new one, with the phone beside it. */
export default function EditPage() {
  const t = useWords(words)
  const { id } = useParams({ strict: false }) as { id: string }
  const may = useAbility('checklist.edit')
  const one = useCall('GET /api/checklists/:id', { params: { id } }, { enabled: may })
  if (!may) return <Empty title={t('forbidden')} />
  // An id that nobody knows is a new checklist.
  if (one.isError && one.error?.status === 404) return <Editor id={id} from={undefined} initial={blank} />
  if (one.isError && !one.data) return <ErrorState error={one.error} onRetry={() => void one.refetch()} />
  const latest = one.data?.versions[0]
  if (!latest) return <Loading lines={10} />
  return (
    <Editor
      key={latest.version}
      id={id}
      from={latest.version}
      initial={{ orderTypes: [...latest.orderTypes], models: [...latest.models], body: latest.body }}
    />
  )
}

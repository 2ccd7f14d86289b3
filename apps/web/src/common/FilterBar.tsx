import { Bookmark, ChevronDown, Search, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { joinList } from './i18n/join'
import { useWords } from './i18n/words'
import './layout.css'
import { words } from './layout.words'
import { Popover } from './Popover'
import { recallJson, remember } from './storage'
import { toast } from './toast'

/** The state of a list's view, as it stands in the URL: filter key → chosen values, `q` for the search text. */
export type View = Record<string, string[]>
export type Filter = {
  key: string
  label: string
  options: { value: string; label: string; count?: number }[]
  /** Only one value at a time. */
  single?: boolean
}

/** `?state=new,unassigned&q=医院` ↔ view. Unknown keys stay, so that two bars can share one address. */
export function readView(search: string): View {
  const view: View = {}
  for (const [key, value] of new URLSearchParams(search)) {
    const values = value.split(',').filter(Boolean).map(decodeURIComponent)
    if (values.length) view[key] = [...(view[key] ?? []), ...values]
  }
  return view
}
export function writeView(view: View): string {
  const search = new URLSearchParams()
  for (const key of Object.keys(view).sort()) {
    const values = view[key]
    if (values?.length) search.set(key, values.map(encodeURIComponent).join(','))
  }
  return search.toString()
}

/** The choices of one filter; a long list is narrowed by typing. */
function Options({
  filter,
  chosen,
  onChoose,
}: {
  filter: Filter
  chosen: string[]
  onChoose: (value: string) => void
}) {
  const t = useWords(words)
  const [text, setText] = useState('')
  const find = useRef<HTMLInputElement>(null)
  useEffect(() => find.current?.focus(), [])
  const wanted = text.trim().toLowerCase()
  const shown = wanted ? filter.options.filter((o) => o.label.toLowerCase().includes(wanted)) : filter.options
  return (
    <>
      {filter.options.length > 10 && (
        <input
          ref={find}
          className="zc-input"
          type="search"
          aria-label={t('filter.find', { name: filter.label })}
          placeholder={t('filter.find', { name: filter.label })}
          value={text}
          onChange={(e) => setText(e.target.value)}
        />
      )}
      {shown.map((o) => (
        <label key={o.value} className="option">
          <input type="checkbox" checked={chosen.includes(o.value)} onChange={() => onChoose(o.value)} />
          {o.label}
          {o.count !== undefined && <span className="count">{o.count}</span>}
        </label>
      ))}
      {!shown.length && <p className="none">{t('filter.none')}</p>}
    </>
  )
}

type Saved = { name: string; view: string }

/**
 * Search, filter chips and saved views of a list. Controlled: keep `view` in the URL (`useView` on the desk).
 * `presets` come with the product (未派工, 今天到期); the person's own are remembered under `id`.
 */
export function FilterBar({
  id,
  view,
  onChange,
  filters,
  presets = [],
  placeholder,
  search = true,
}: {
  id: string
  view: View
  onChange: (view: View) => void
  filters: Filter[]
  presets?: { name: string; view: View }[]
  placeholder?: string
  /** False where the list cannot be searched. */
  search?: boolean
}) {
  const t = useWords(words)
  const [saved, setSaved] = useState<Saved[]>(() => recallJson<Saved[]>(`zc.views.${id}`) ?? [])
  const [name, setName] = useState('')
  const now = writeView(view)
  const keep = (next: Saved[]) => {
    setSaved(next)
    remember(`zc.views.${id}`, JSON.stringify(next))
  }
  const choose = (filter: Filter, value: string) => {
    const have = view[filter.key] ?? []
    const next = have.includes(value) ? have.filter((v) => v !== value) : filter.single ? [value] : [...have, value]
    onChange({ ...view, [filter.key]: next })
  }
  const active = filters.some((f) => view[f.key]?.length) || !!view.q?.length
  const views = [
    ...presets.map((p) => ({ name: p.name, view: writeView(p.view), own: false })),
    ...saved.map((s) => ({ ...s, own: true })),
  ]
  return (
    <search className="zc-filters">
      {(views.length > 0 || active) && (
        <Popover
          trigger={
            <>
              <Bookmark className="zc-icon" size={14} aria-hidden />
              <span className="zc-clip">{views.find((v) => v.view === now)?.name ?? t('views')}</span>
              <ChevronDown className="zc-icon" size={14} aria-hidden />
            </>
          }
          triggerClass="zc-chip"
        >
          {(close) => (
            <>
              {views.map((v) => (
                <div key={v.name} style={{ display: 'flex' }}>
                  <button
                    type="button"
                    className="option"
                    aria-pressed={v.view === now}
                    onClick={() => {
                      onChange(readView(v.view))
                      close()
                    }}
                  >
                    {v.name}
                  </button>
                  {v.own && (
                    <button
                      type="button"
                      className="zc-btn quiet icon"
                      aria-label={t('views.remove', { name: v.name })}
                      onClick={() => {
                        const before = saved
                        keep(saved.filter((s) => s.name !== v.name))
                        toast(t('views.removed', { name: v.name }), { undo: () => keep(before) })
                      }}
                    >
                      <X className="zc-icon" size={14} />
                    </button>
                  )}
                </div>
              ))}
              {active && (
                <form
                  style={{ display: 'flex', gap: 4, padding: 4 }}
                  onSubmit={(e) => {
                    e.preventDefault()
                    const wanted = name.trim()
                    if (!wanted) return
                    keep([...saved.filter((s) => s.name !== wanted), { name: wanted, view: now }])
                    toast(t('views.saved', { name: wanted }))
                    setName('')
                    close()
                  }}
                >
                  <input
                    className="zc-input"
                    aria-label={t('views.name')}
                    placeholder={t('views.save')}
                    maxLength={40}
                    value={name}
                    onChange={(e) => setName(e.target.value)}
                  />
                  <button type="submit" className="zc-btn">
                    {t('save')}
                  </button>
                </form>
              )}
            </>
          )}
        </Popover>
      )}
      {search && (
        <div className="search">
          <Search className="zc-icon" size={16} aria-hidden />
          <input
            className="zc-input"
            type="search"
            aria-label={placeholder ?? t('search')}
            placeholder={placeholder ?? t('search')}
            value={view.q?.join(',') ?? ''}
            onChange={(e) => onChange({ ...view, q: e.target.value ? [e.target.value] : [] })}
          />
        </div>
      )}
      {filters.map((f) => {
        const chosen = view[f.key] ?? []
        const names = chosen.map((v) => f.options.find((o) => o.value === v)?.label ?? v)
        return (
          <Popover
            key={f.key}
            triggerClass={`zc-chip${chosen.length ? ' on' : ''}`}
            trigger={
              <>
                <span>{f.label}</span>
                {names.length > 0 && <b className="zc-clip">{names.length > 2 ? names.length : joinList(names)}</b>}
                <ChevronDown className="zc-icon" size={14} aria-hidden />
              </>
            }
          >
            <Options filter={f} chosen={chosen} onChoose={(value) => choose(f, value)} />
          </Popover>
        )
      })}
      {active && (
        <button
          type="button"
          className="zc-btn quiet"
          onClick={() =>
            onChange(
              Object.fromEntries(
                Object.entries(view).filter(([key]) => key !== 'q' && !filters.some((f) => f.key === key)),
              ),
            )
          }
        >
          {t('filter.clear')}
        </button>
      )}
    </search>
  )
}

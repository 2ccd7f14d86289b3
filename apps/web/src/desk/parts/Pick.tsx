import { keepPreviousData } from '@tanstack/react-query'
import { DatePicker, Select } from 'antd'
import { X } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import type { Reply } from '../../common/api/call'
import { useCall } from '../../common/api/query'
import { useWords } from '../../common/i18n/words'
import { fromWall, toWall } from './wall'
import { words } from './words'

export type Choice = { value: string; label: string; note?: string }
type Common = {
  id?: string
  label: string
  value: string | null
  /** The name of the value while its choice is not loaded. */
  shown?: string | null
  placeholder?: string
  disabled?: boolean
  clearable?: boolean
  /** Offers to add what was typed and not found. */
  onAdd?: (name: string) => void
  onChange: (value: string | null, choice?: Choice) => void
}

/** One of many, found by typing. Without `onSearch` the given choices are narrowed here. */
export function Pick({
  choices,
  loading,
  onSearch,
  ...p
}: Common & { choices: Choice[]; loading?: boolean; onSearch?: (text: string) => void }) {
  const t = useWords(words)
  const [text, setText] = useState('')
  const known = !p.value || choices.some((c) => c.value === p.value)
  const options: Choice[] = known || !p.value ? choices : [{ value: p.value, label: p.shown ?? '…' }, ...choices]
  const typed = text.trim()
  const offer = p.onAdd && typed && !choices.some((c) => c.label === typed)
  return (
    <Select
      id={p.id}
      aria-label={p.label}
      value={p.value ?? undefined}
      placeholder={p.placeholder ?? t('pick.typing')}
      disabled={p.disabled}
      allowClear={p.clearable}
      loading={loading}
      options={options}
      showSearch={{
        filterOption: onSearch
          ? false
          : (input, o) => `${o?.label} ${o?.note ?? ''}`.toLowerCase().includes(input.toLowerCase()),
        onSearch: (next) => {
          setText(next)
          onSearch?.(next)
        },
      }}
      notFoundContent={offer ? null : <span>{t('pick.none')}</span>}
      optionRender={(o) => (
        <span style={{ display: 'flex', gap: 8, minWidth: 0 }}>
          <span className="zc-clip">{o.label}</span>
          {o.data.note && (
            <small className="zc-clip" style={{ marginLeft: 'auto', color: 'var(--text-3)' }}>
              {o.data.note}
            </small>
          )}
        </span>
      )}
      popupRender={(menu) => (
        <>
          {menu}
          {p.onAdd && (
            <button
              type="button"
              className="zc-btn quiet"
              style={{ width: '100%', justifyContent: 'flex-start' }}
              onMouseDown={(e) => e.preventDefault()}
              onClick={() => p.onAdd?.(typed)}
            >
              {offer ? t('pick.add', { name: typed }) : t('pick.addNew')}
            </button>
          )}
        </>
      )}
      onChange={(value: string | undefined, option) =>
        p.onChange(value ?? null, Array.isArray(option) ? option[0] : option)
      }
    />
  )
}

export function CustomerPick(p: Common) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useCall(
    'GET /api/customers',
    { query: { limit: 30, ...(q ? { q } : {}) } },
    { placeholderData: keepPreviousData },
  )
  const choices = useMemo(
    () =>
      found.data?.rows
        .filter((c) => !c.archived)
        .map((c) => ({ value: c.id, label: c.name, note: c.code ?? undefined })) ?? [],
    [found.data],
  )
  return <Pick {...p} choices={choices} loading={found.isFetching} onSearch={setText} />
}

export function PersonPick({
  role,
  ...p
}: Common & { role?: 'engineer' | 'supervisor' | 'quality' | 'project_manager' }) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useCall(
    'GET /api/people',
    { query: { limit: 30, ...(q ? { q } : {}), ...(role ? { role } : {}) } },
    { placeholderData: keepPreviousData },
  )
  const choices = useMemo(
    () =>
      found.data?.rows
        .filter((c) => !c.disabled)
        .map((c) => ({ value: c.id, label: c.name, note: c.teamName ?? undefined })) ?? [],
    [found.data],
  )
  return <Pick {...p} choices={choices} loading={found.isFetching} onSearch={setText} />
}

export function TeamPick(p: Common) {
  const teams = useCall('GET /api/teams', undefined, { staleTime: 600_000 })
  const choices = useMemo(() => teams.data?.teams.map((x) => ({ value: x.id, label: x.name })) ?? [], [teams.data])
  return <Pick {...p} choices={choices} loading={teams.isPending} />
}

export function ProjectPick({ customerId, ...p }: Common & { customerId?: string | null }) {
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const found = useCall(
    'GET /api/projects',
    { query: { limit: 30, ...(q ? { q } : {}), ...(customerId ? { customerId } : {}) } },
    { placeholderData: keepPreviousData },
  )
  const choices = useMemo(
    () => found.data?.rows.map((c) => ({ value: c.id, label: c.name, note: c.number })) ?? [],
    [found.data],
  )
  return <Pick {...p} choices={choices} loading={found.isFetching} onSearch={setText} />
}

/** Date and time as the site's wall shows it. */
export function WhenPick({
  id,
  label,
  zone,
  value,
  onChange,
}: {
  id?: string
  label: string
  zone: string
  value: string | null
  onChange: (instant: string | null) => void
}) {
  return (
    <DatePicker
      id={id}
      aria-label={label}
      showTime={{ format: 'HH:mm', minuteStep: 5 }}
      format="YYYY-MM-DD HH:mm"
      value={toWall(value, zone)}
      onChange={(wall) => onChange(fromWall(wall, zone))}
    />
  )
}

export type Window = { start: string; end: string }
export function WindowPick({
  id,
  zone,
  value,
  onChange,
}: {
  id?: string
  zone: string
  value: Window | null
  onChange: (value: Window | null) => void
}) {
  const t = useWords(words)
  return (
    <DatePicker.RangePicker
      id={{ start: id, end: id && `${id}-end` }}
      showTime={{ format: 'HH:mm', minuteStep: 15 }}
      format="YYYY-MM-DD HH:mm"
      placeholder={[t('from'), t('to')]}
      value={value && [toWall(value.start, zone), toWall(value.end, zone)]}
      onChange={(pair) => {
        const start = fromWall(pair?.[0], zone)
        const end = fromWall(pair?.[1], zone)
        onChange(start && end ? { start, end } : null)
      }}
    />
  )
}

export type SkillNeed = { code: string; level: number }
export type SkillTree = Reply<'GET /api/skills'>

/** Names of skills; their codes never change and are what orders hold. */
export function useSkillNames(): { skills: SkillTree['skills']; nameOf: (code: string) => string } {
  const tree = useCall('GET /api/skills', undefined, { staleTime: 600_000 })
  return useMemo(() => {
    const skills = tree.data?.skills ?? []
    const names = new Map(skills.map((s) => [s.code, s.name]))
    return { skills, nameOf: (code: string) => names.get(code) ?? code }
  }, [tree.data])
}

/** Skills with the level that is asked for. */
export function SkillsPick({
  id,
  value,
  onChange,
}: {
  id?: string
  value: SkillNeed[]
  onChange: (value: SkillNeed[]) => void
}) {
  const t = useWords(words)
  const { skills, nameOf } = useSkillNames()
  return (
    <div className="zc-skills">
      {value.map((need) => (
        <span key={need.code} className="one">
          {nameOf(need.code)}
          <select
            aria-label={t('skill.level', { name: nameOf(need.code) })}
            value={need.level}
            onChange={(e) =>
              onChange(value.map((one) => (one.code === need.code ? { ...one, level: Number(e.target.value) } : one)))
            }
          >
            {[1, 2, 3, 4, 5].map((n) => (
              <option key={n} value={n}>
                {t('level', { n })}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="zc-btn quiet icon"
            style={{ width: 28, minHeight: 28 }}
            aria-label={t('skill.remove', { name: nameOf(need.code) })}
            onClick={() => onChange(value.filter((one) => one.code !== need.code))}
          >
            <X className="zc-icon" size={14} />
          </button>
        </span>
      ))}
      <Pick
        id={id}
        label={t('skill.add')}
        placeholder={t('skill.add')}
        value={null}
        choices={skills
          .filter((s) => !s.retired && !value.some((need) => need.code === s.code))
          .map((s) => ({ value: s.code, label: s.name }))}
        onChange={(code) => code && onChange([...value, { code, level: 1 }])}
      />
    </div>
  )
}

/** A few choices that are all worth seeing at once. */
export function Choices<V extends string>({
  label,
  name,
  options,
  value,
  onChange,
}: {
  label: string
  name: string
  options: readonly { value: V; label: string }[]
  value: V | null
  onChange: (value: V) => void
}) {
  return (
    <fieldset className="zc-choices" aria-label={label}>
      {options.map((o) => (
        <label key={o.value}>
          <input
            type="radio"
            name={name}
            value={o.value}
            checked={value === o.value}
            onChange={() => onChange(o.value)}
          />
          {o.label}
        </label>
      ))}
    </fieldset>
  )
}

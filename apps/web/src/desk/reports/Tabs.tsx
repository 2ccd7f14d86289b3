import { Link } from '@tanstack/react-router'
import { useWords } from '../../common/i18n/words'
import './reports.css'
import { words } from './words'

const TABS = [
  ['day', '/reports'],
  ['week', '/reports/week'],
  ['time', '/reports/time'],
] as const

/** The three views of the same days: as reports, as a week, as time. */
export function Tabs({ at }: { at: (typeof TABS)[number][0] }) {
  const t = useWords(words)
  return (
    <nav className="reports-tabs" aria-label={t('tabs')}>
      {TABS.map(([key, to]) => (
        <Link
          key={key}
          className="zc-btn quiet"
          to={to as never}
          activeOptions={{ exact: true, includeSearch: false }}
          data-at={at === key || undefined}
          aria-current={at === key ? 'page' : undefined}
        >
          {t(`tab.${key}`)}
        </Link>
      ))}
    </nav>
  )
}

export function TeamSelect({
  teams,
  value,
  onChange,
}: {
  teams: readonly { id: string; name: string }[]
  value: string | undefined
  onChange: (id: string | undefined) => void
}) {
  const t = useWords(words)
  if (teams.length < 2) return null
  return (
    <select
      className="zc-input"
      aria-label={t('team')}
      value={value ?? ''}
      onChange={(e) => onChange(e.target.value || undefined)}
    >
      <option value="">{t('team.all')}</option>
      {teams.map((x) => (
        <option key={x.id} value={x.id}>
          {x.name}
        </option>
      ))}
    </select>
  )
}

import { Link } from '@tanstack/react-router'
import { useWords } from '../../common/i18n/words'
import { useAbility } from '../../common/session'
import { words } from './words'

/** What customers said, and what we do about it. */
export function Tabs({ at }: { at: 'surveys' | 'cases' }) {
  const t = useWords(words)
  const mayCases = useAbility('followup.read')
  return (
    <header className="satisfaction-head">
      <h1>{t('title')}</h1>
      <nav aria-label={t('tabs')}>
        <Link
          to="/satisfaction"
          activeOptions={{ exact: true, includeSearch: false }}
          aria-current={at === 'surveys' ? 'page' : undefined}
        >
          {t('surveys')}
        </Link>
        {mayCases && (
          <Link to={'/satisfaction/cases' as '/'} aria-current={at === 'cases' ? 'page' : undefined}>
            {t('cases')}
          </Link>
        )}
      </nav>
    </header>
  )
}

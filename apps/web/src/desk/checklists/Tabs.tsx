import { Link } from '@tanstack/react-router'
import { useWords } from '../../common/i18n/words'
import './checklists.css'
import { words } from './words'

/** The two halves of the place: what is checked, and what is used up. */
export function Tabs() {
  const t = useWords(words)
  return (
    <nav className="zc-lists-tabs" aria-label={t('title')}>
      <Link className="zc-btn quiet" to={'/checklists' as never} activeOptions={{ exact: true, includeSearch: false }}>
        {t('title')}
      </Link>
      <Link
        className="zc-btn quiet"
        to={'/checklists/parts' as never}
        activeOptions={{ exact: true, includeSearch: false }}
      >
        {t('parts')}
      </Link>
    </nav>
  )
}

import { Link } from '@tanstack/react-router'
import { useWords } from '../../common/i18n/words'
import './documents.css'
import { words } from './words'

/** The two halves of the place: the documents, and the templates that they are made from. */
export function Tabs() {
  const t = useWords(words)
  return (
    <nav className="zc-docs-tabs" aria-label={t('title')}>
      <Link className="zc-btn quiet" to={'/documents' as never} activeOptions={{ exact: true, includeSearch: false }}>
        {t('documents')}
      </Link>
      <Link
        className="zc-btn quiet"
        to={'/documents/templates' as never}
        activeOptions={{ exact: true, includeSearch: false }}
      >
        {t('templates')}
      </Link>
    </nav>
  )
}

import { useWords } from '../../common/i18n/words'
import { Preferences } from '../../common/notify/Preferences'
import { words } from '../../common/notify/words'
import { PageHeader } from '../../common/PageHeader'

/** How I want to be told. */
export default function NoticePreferences() {
  const t = useWords(words)
  return (
    <section className="notices" aria-label={t('title')}>
      <PageHeader title={t('title')} />
      <div className="notices-settings">
        <Preferences />
      </div>
    </section>
  )
}

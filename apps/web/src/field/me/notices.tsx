import { useWords } from '../../common/i18n/words'
import { Preferences } from '../../common/notify/Preferences'
import { words } from '../../common/notify/words'
import { FieldBar } from '../shell/Shell'

/** How I want to be told, on this phone and elsewhere. */
export default function NoticePreferences() {
  const t = useWords(words)
  return (
    <>
      <FieldBar title={t('title')} back="/m/me" />
      <div className="px-4 pb-4">
        <Preferences />
      </div>
    </>
  )
}

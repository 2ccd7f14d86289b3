import { CircleCheck } from 'lucide-react'
import { useWords } from '../../common/i18n/words'
import { Empty } from '../../common/states'
import { words } from './words'

export function Gone({ onBack }: { onBack: () => void }) {
  const t = useWords(words)
  return (
    <Empty
      icon={CircleCheck}
      title={t('gone.title')}
      action={
        <button type="button" className="zc-btn" onClick={onBack}>
          {t('gone.back')}
        </button>
      }
    >
      {t('gone.text')}
    </Empty>
  )
}

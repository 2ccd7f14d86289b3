import { useFormat } from '../../common/i18n/format'
import { useWords } from '../../common/i18n/words'
import type { LocalPhoto } from './queue'
import { words } from './words'

/** What a photo's state is called, with how far it is. */
export function useStateWords() {
  const t = useWords(words)
  const f = useFormat()
  return (p: LocalPhoto) =>
    p.state === 'sending' ? t('sending', { share: f.percent(Math.round(p.progress * 100) / 100) }) : t(p.state)
}

import { useLanguage } from '../../common/i18n/language'

/** A checklist's words in the reader's language; Chinese where nobody wrote the other. */
export function useText() {
  const zh = useLanguage() === 'zh-CN'
  return (w: { zh: string; en?: string | undefined }) => (zh ? w.zh : w.en || w.zh)
}

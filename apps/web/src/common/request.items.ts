import { useFormat } from './i18n/format'
import { useLanguage } from './i18n/language'
import { useWords } from './i18n/words'
import { requestWords } from './request.words'

type Item = { code: string; params?: Record<string, unknown> }
const text = (v: unknown) => (typeof v === 'string' ? v : '')

/** `const say = useOpenItem(zone); say(item)`: one line of what is open, or of what was done meanwhile. */
export function useOpenItem(zone?: string): (item: Item) => string {
  const t = useWords(requestWords)
  const f = useFormat(zone)
  const language = useLanguage()
  return ({ code, params = {} }) => {
    switch (code) {
      case 'remaining':
        return t('item.remaining', { text: text(params.text) })
      case 'appointment':
        return t('item.appointment', { when: f.when(text(params.start)) })
      case 'document':
        return t('item.document', {
          name: text(language === 'zh-CN' ? params.zh : params.en),
          n: Number(params.missing),
        })
      case 'request':
        return t('item.request', {
          kind: t(`kind.${text(params.kind)}` as 'kind.help'),
          text: text(params.text),
        })
      case 'escalation':
        return t('item.escalation', { number: text(params.number), text: text(params.text) })
      case 'checks':
        return t('item.checks', { n: Number(params.n) })
      case 'happened': {
        const key = `did.${text(params.type)}`
        const what = t((key in requestWords['zh-CN'] ? key : 'did.other') as 'did.other')
        return t('item.happened', { when: f.when(text(params.at)), what })
      }
      default:
        return text(params.text)
    }
  }
}

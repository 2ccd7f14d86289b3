import type { Reply } from './api/call'
import { useFormat } from './i18n/format'
import { useLanguage } from './i18n/language'
import { fill } from './i18n/words'
import { noticeWords } from './notice.words'

export type Notice = Reply<'GET /api/notices'>['rows'][number]

/** `const say = useNoticeText(); say(notice)`: a notice in the reader's words; an unknown code still says that there is one. */
export function useNoticeText(zone?: string): (n: Pick<Notice, 'code' | 'params'>) => string {
  const language = useLanguage()
  const f = useFormat(zone)
  return ({ code, params }) => {
    const all = noticeWords[language] as Record<string, string>
    const { start, end } = params
    const when = typeof start === 'string' ? (typeof end === 'string' ? f.range(start, end) : f.when(start)) : ''
    return fill(all[code] ?? (all.other as string), { ...(params as Record<string, string>), when }, language)
  }
}

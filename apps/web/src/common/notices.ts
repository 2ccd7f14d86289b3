import { noticeGroups, noticeText } from '#contracts/words/notices'
import type { Reply } from './api/call'
import { useFormat } from './i18n/format'
import { useLanguage } from './i18n/language'

export type Notice = Reply<'GET /api/notices'>['rows'][number]
export type NoticeGroup = Notice['group']

/** `const say = useNoticeText(); say(notice)`: a notice in the reader's words; an unknown code still says that there is one. */
export function useNoticeText(zone?: string): (n: Pick<Notice, 'code' | 'params'>) => { title: string; text: string } {
  const language = useLanguage()
  const f = useFormat(zone)
  return ({ code, params }) => {
    const { start, end } = params
    const when = typeof start === 'string' ? (typeof end === 'string' ? f.range(start, end) : f.when(start)) : ''
    return noticeText(code, { ...params, when }, language === 'zh-CN' ? 'zh' : 'en')
  }
}

export function useGroupName(): (group: NoticeGroup) => string {
  const language = useLanguage() === 'zh-CN' ? 'zh' : 'en'
  return (group) => noticeGroups[group][language]
}

/** Rows under the day on which they were told, in their order. */
export function byDay<Row extends { createdAt: string }>(rows: readonly Row[], dayOf: (at: string) => string) {
  const days: { day: string; rows: Row[] }[] = []
  for (const row of rows) {
    const day = dayOf(row.createdAt)
    const last = days.at(-1)
    if (last?.day === day) last.rows.push(row)
    else days.push({ day, rows: [row] })
  }
  return days
}

import { noticePlace, noticeText, type Told } from '#contracts/words/notices'
import type { Message } from './port'

export type Locale = 'zh-CN' | 'en-US'

/** 「11月23日 周一 14:00–16:00」: with the date, since a mail or a group is read hours later. */
export function when(start: unknown, end: unknown, locale: Locale, zone: string): string {
  if (typeof start !== 'string') return ''
  const from = new Date(start)
  const to = typeof end === 'string' ? new Date(end) : null
  const of = (d: Date, o: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { ...o, timeZone: zone }).format(d)
  const day = (d: Date) =>
    locale === 'zh-CN'
      ? `${of(d, { month: 'long', day: 'numeric' })} ${of(d, { weekday: 'short' })}`
      : of(d, { weekday: 'short', day: 'numeric', month: 'short' })
  const time = (d: Date) => of(d, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const first = `${day(from)} ${time(from)}`
  if (!to) return first
  return day(from) === day(to) ? `${first}–${time(to)}` : `${first} – ${day(to)} ${time(to)}`
}

/** A notice in the words of its reader. */
export const worded = (code: string, params: Record<string, unknown>, locale: Locale, zone: string) =>
  noticeText(code, { ...params, when: when(params.start, params.end, locale, zone) }, locale === 'zh-CN' ? 'zh' : 'en')

export const linkTo = (told: Told, face: 'desk' | 'field', publicUrl: string): string =>
  publicUrl + (noticePlace(told, face) ?? (face === 'field' ? '/m/messages' : '/notices'))

const openWord = { 'zh-CN': '打开查看', 'en-US': 'Open' }
const footerWord = {
  'zh-CN': '这封邮件由驻场系统自动发送。在「我的 → 通知设置」里可以选择接收哪些通知。',
  'en-US': 'Sent by Zhuchang. Choose what you receive under Me → Notices.',
}
export const mailFooter = (locale: Locale): string => footerWord[locale]

export interface Outgoing extends Told {
  id: string
  urgency: Message['urgency']
  names: readonly string[]
  lines: readonly Told[]
}

/** What goes out, in the words, the zone and towards the face of whoever reads it. */
export function messageOf(
  o: Outgoing,
  reader: { locale: Locale; zone: string; face: 'desk' | 'field' },
  publicUrl: string,
  now: Date,
): Message {
  return {
    id: o.id,
    ...worded(o.code, o.params, reader.locale, reader.zone),
    url: linkTo(o, reader.face, publicUrl),
    open: openWord[reader.locale],
    tag: `${o.code}:${o.subject.id}`,
    urgency: o.urgency,
    lines: o.lines.map((l) => ({
      ...worded(l.code, l.params, reader.locale, reader.zone),
      url: linkTo(l, reader.face, publicUrl),
    })),
    names: o.names,
    now,
  }
}

import { useMemo } from 'react'
import { exceptionWords, timeKindWords } from '#contracts/words/office'
import { useFormat } from '../i18n/format'
import { joinList } from '../i18n/join'
import { useLanguage } from '../i18n/language'
import { useWords } from '../i18n/words'
import { orderWords } from '../order.words'
import { words } from './words'

export type TimeKind = keyof typeof timeKindWords
export const KINDS: readonly TimeKind[] = ['onsite', 'remote', 'travel', 'documentation', 'standby', 'break']
export type ExceptionCode = keyof typeof exceptionWords
/** A sentence as the draft makes it; the words are chosen here. */
export interface Said {
  key: string
  code: string
  params: Record<string, string | number | null>
  group: string
  exception: ExceptionCode | null
}
export interface Changed {
  key: string
  was: Said | null
  is: Said | null
}

const text = (v: unknown) => (v === null || v === undefined ? '' : String(v))

/** Words a report's sentences, kinds of time and exceptions in the reader's language. */
export function useSay(zone: string) {
  const t = useWords(words)
  const o = useWords(orderWords)
  const f = useFormat(zone)
  const zh = useLanguage() === 'zh-CN'
  return useMemo(() => {
    const one = (key: string, params?: Record<string, string | number>): string =>
      key in words['zh-CN'] ? (t as (k: string, p?: object) => string)(key, params) : ''
    const kind = (k: TimeKind) => (zh ? timeKindWords[k].zh : timeKindWords[k].en)
    const exception = (e: ExceptionCode) => (zh ? exceptionWords[e].zh : exceptionWords[e].en)
    const clock = (v: unknown) => (typeof v === 'number' ? f.time(v) : '')
    const span = (from: unknown, to: unknown) => {
      const said = [clock(from), clock(to)].filter(Boolean).join('–')
      return said ? `${said} ` : ''
    }
    const total = (minutes: Partial<Record<TimeKind, number>>) =>
      KINDS.filter((k) => (minutes[k] ?? 0) > 0)
        .map((k) => `${kind(k)} ${f.duration(minutes[k] as number)}`)
        .join(' · ')
    function say(s: Said): string {
      const p = s.params
      const base = { title: text(p.title), customer: text(p.customer) }
      switch (s.code) {
        case 'visit.done':
          return one(p.mode === 'remote' ? 'visit.done.remote' : 'visit.done', { ...base, span: span(p.from, p.to) })
        case 'visit.partial':
          return one(s.code, { ...base, span: span(p.from, p.to), remaining: text(p.remaining) })
        case 'visit.unable':
        case 'visit.aborted':
          return one(s.code, {
            ...base,
            cause: joinList([one(`unable.${text(p.cause)}`) || text(p.cause), text(p.reason)]) || '—',
          })
        case 'visit.missed':
          return one(s.code, { ...base, start: clock(p.start) })
        case 'visit.underway':
          return one(s.code, { ...base, since: p.from ? `${clock(p.from)} ` : '' })
        case 'visit.resident':
          return one(s.code, { ...base, at: clock(p.at) })
        case 'visit.late':
          return one(s.code, {
            promise: clock(p.promise),
            time: f.duration(Number(p.minutes)),
            why: one(`late.${text(p.cause)}`, { previous: text(p.previous) }),
          })
        case 'visit.paused':
          return one(s.code, {
            cause: one(`pause.${text(p.cause)}`) || text(p.cause),
            time: f.duration(Number(p.minutes)),
          })
        case 'visit.checks_failed':
          return one(s.code, { n: Number(p.n), items: text(zh ? p.items : (p.itemsEn ?? p.items)) })
        case 'order.held': {
          const key = `hold.${text(p.cause)}`
          const cause = key in orderWords['zh-CN'] ? o(key as 'hold.parts') : text(p.cause)
          return one(s.code, { ...base, cause })
        }
        case 'request.sent':
          return one(s.code, {
            ...base,
            kind: one(`request.${text(p.kind)}`) || one('request.other'),
            words: text(p.words),
          })
        case 'document.pending':
          return one(s.code, { ...base, paper: text(zh ? p.titleZh : p.titleEn) })
        case 'time.total':
          return total(p as Record<TimeKind, number>)
        case 'time.overtime':
          return one(s.code, { time: f.duration(Number(p.minutes)) })
        case 'tomorrow.visit':
          return one(s.code, { ...base, start: clock(p.start) })
        default: {
          const params = Object.fromEntries(Object.entries(p).map(([k, v]) => [k, typeof v === 'number' ? v : text(v)]))
          return one(s.code, { ...base, ...params }) || one('unknown')
        }
      }
    }
    /** What has changed since it was handed in. */
    const changed = (d: Changed): string =>
      d.was && d.is
        ? one('diff.changed', { was: say(d.was), is: say(d.is) })
        : d.is
          ? one('diff.added', { text: say(d.is) })
          : d.was
            ? one('diff.gone', { text: say(d.was) })
            : ''
    return { say, changed, kind, exception, total, word: one }
  }, [t, o, f, zh])
}

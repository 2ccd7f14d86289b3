import { useMemo } from 'react'
import { type Language, useLanguage } from './language'
import { wallTime } from './wallTime'

export type Instant = string | number | Date
export type FormatContext = { language: Language; zone: string; now: number }

const WEEKDAYS = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  'en-US': ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** 周三, Wed: of a plain date. */
export const weekdayOf = (date: string, language: Language): string =>
  WEEKDAYS[language][new Date(`${date}T12:00:00Z`).getUTCDay()] as string
/** Nov: of a plain date. */
export const monthOf = (date: string): string => MONTHS[Number(date.slice(5, 7)) - 1] as string

const ms = (at: Instant) => (at instanceof Date ? at.getTime() : typeof at === 'number' ? at : Date.parse(at))
const DAY = 86_400_000

/** `2026-11-23` in the zone: what "today" means is the site's question, not the viewer's. */
export function localDate(at: Instant, zone: string): string {
  return wallTime(ms(at), zone).slice(0, 10)
}

/** Whole calendar days from now to the instant, in the zone: 0 today, 1 tomorrow, -1 yesterday. */
export function dayOffset(at: Instant, { zone, now }: Pick<FormatContext, 'zone' | 'now'>): number {
  return Math.round((Date.parse(localDate(at, zone)) - Date.parse(localDate(now, zone))) / DAY)
}

/** 14:30 */
export function formatTime(at: Instant, { zone }: Pick<FormatContext, 'zone'>): string {
  return wallTime(ms(at), zone).slice(11)
}

/** 今天 · 明天 · 11月25日 周三 · 2025年3月4日 周二 */
export function formatDate(at: Instant, c: FormatContext): string {
  const zh = c.language === 'zh-CN'
  const offset = dayOffset(at, c)
  if (offset === 0) return zh ? '今天' : 'Today'
  if (offset === 1) return zh ? '明天' : 'Tomorrow'
  if (offset === -1) return zh ? '昨天' : 'Yesterday'
  const date = localDate(at, c.zone)
  const [year, month, day] = date.split('-').map(Number)
  const weekday = weekdayOf(date, c.language)
  const sameYear = localDate(c.now, c.zone).startsWith(String(year))
  if (zh) return `${sameYear ? '' : `${year}年`}${month}月${day}日 ${weekday}`
  return `${weekday} ${day} ${monthOf(date)}${sameYear ? '' : ` ${year}`}`
}

/** A plain date `YYYY-MM-DD` (no instant, no zone) in words: 11月25日 周三. */
export function formatLocalDate(date: string, { language }: Pick<FormatContext, 'language'>): string {
  const [year, month, day] = date.split('-').map(Number)
  const weekday = weekdayOf(date, language)
  if (language === 'zh-CN') return `${year}年${month}月${day}日 ${weekday}`
  return `${weekday} ${day} ${monthOf(date)} ${year}`
}

/** Two plain dates in few words: 2026年11月9日–27日; what both have in common is said once. */
export function formatLocalSpan(from: string, to: string, { language }: Pick<FormatContext, 'language'>): string {
  const [y1, m1, d1] = from.split('-').map(Number)
  const [y2, m2, d2] = to.split('-').map(Number)
  if (language === 'zh-CN') {
    const end = y1 !== y2 ? `${y2}年${m2}月${d2}日` : m1 !== m2 ? `${m2}月${d2}日` : `${d2}日`
    return from === to ? `${y1}年${m1}月${d1}日` : `${y1}年${m1}月${d1}日–${end}`
  }
  const start = y1 !== y2 ? `${d1} ${monthOf(from)} ${y1}` : m1 !== m2 ? `${d1} ${monthOf(from)}` : `${d1}`
  return from === to ? `${d2} ${monthOf(to)} ${y2}` : `${start}–${d2} ${monthOf(to)} ${y2}`
}

/** 今天 14:30 */
export function formatWhen(at: Instant, c: FormatContext): string {
  return `${formatDate(at, c)} ${formatTime(at, c)}`
}

/** 今天 14:30–16:00; the second day is named only when it differs. */
export function formatRange(from: Instant, to: Instant, c: FormatContext): string {
  const sameDay = localDate(from, c.zone) === localDate(to, c.zone)
  return `${formatWhen(from, c)}–${sameDay ? formatTime(to, c) : ` ${formatWhen(to, c)}`}`
}

/** 2 小时 15 分; under a minute it is still 1 分, over two days it is days. A negative value keeps its sign. */
export function formatDuration(minutes: number, { language }: Pick<FormatContext, 'language'>): string {
  const sign = minutes < 0 ? '−' : ''
  const total = minutes === 0 ? 0 : Math.max(1, Math.round(Math.abs(minutes)))
  const [d, h, m] =
    total >= 2880
      ? [Math.floor(total / 1440), Math.floor((total % 1440) / 60), 0]
      : [0, Math.floor(total / 60), total % 60]
  const units = language === 'zh-CN' ? ['天', '小时', '分'] : ['d', 'h', 'min']
  const parts = [d, h, m].flatMap((value, i) => (value ? [`${value} ${units[i]}`] : []))
  return sign + (parts.join(' ') || `0 ${units[2]}`)
}

/** 380 米 · 1.2 公里 · 36 公里 */
export function formatDistance(metres: number, { language }: Pick<FormatContext, 'language'>): string {
  const [m, km] = language === 'zh-CN' ? ['米', '公里'] : ['m', 'km']
  if (metres < 995) return `${metres < 100 ? Math.round(metres) : Math.round(metres / 10) * 10} ${m}`
  return metres < 9950 ? `${(metres / 1000).toFixed(1)} ${km}` : `${Math.round(metres / 1000)} ${km}`
}

/** 刚刚 · 5 分钟前 · 2 小时后 · then the date: a relative time that old has no use. */
export function formatRelative(at: Instant, c: FormatContext): string {
  const min = Math.round((ms(at) - c.now) / 60_000)
  const zh = c.language === 'zh-CN'
  if (min === 0) return zh ? '刚刚' : 'just now'
  const size = Math.abs(min)
  if (size >= 720) return formatWhen(at, c)
  const amount = size < 60 ? `${size} ${zh ? '分钟' : 'min'}` : `${Math.round(size / 60)} ${zh ? '小时' : 'h'}`
  if (zh) return amount + (min < 0 ? '前' : '后')
  return min < 0 ? `${amount} ago` : `in ${amount}`
}

/** Fen to ¥1,234.50; whole yuan lose the zeros. */
export function formatMoney(fen: number): string {
  const abs = Math.abs(fen)
  const yuan = Math.floor(abs / 100)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = abs % 100
  return `${fen < 0 ? '−' : ''}¥${yuan}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`
}

/** 0.824 → 82 %; one digit after the point only where it matters (under 10 or over 99). */
export function formatPercent(share: number): string {
  const value = share * 100
  const fine = !Number.isInteger(value) && ((value > 0 && value < 10) || (value > 99 && value < 100))
  return `${fine ? value.toFixed(1) : Math.round(value)} %`
}

/** 4,812,345 → 4.8 MB: what a phone's settings would call it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} KB`
  const [value, unit] = bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB']
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${unit}`
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: 0 })
}

/** The company's zone until a screen names its site's. */
export const DEFAULT_ZONE = 'Asia/Shanghai'

/** Formatters bound to the language and a zone (pass the site's). `now` is read at each call. */
export function useFormat(zone: string = DEFAULT_ZONE) {
  const language = useLanguage()
  return useMemo(() => {
    const c = (): FormatContext => ({ language, zone, now: Date.now() })
    return {
      time: (at: Instant) => formatTime(at, { zone }),
      date: (at: Instant) => formatDate(at, c()),
      localDate: (date: string) => formatLocalDate(date, { language }),
      localSpan: (from: string, to: string) => formatLocalSpan(from, to, { language }),
      when: (at: Instant) => formatWhen(at, c()),
      range: (from: Instant, to: Instant) => formatRange(from, to, c()),
      duration: (minutes: number) => formatDuration(minutes, { language }),
      distance: (metres: number) => formatDistance(metres, { language }),
      relative: (at: Instant) => formatRelative(at, c()),
      money: formatMoney,
      percent: formatPercent,
      number: formatNumber,
    }
  }, [language, zone])
}

import { useMemo } from 'react'
import { useFormat } from '../../common/i18n/format'
import { type T, useWords } from '../../common/i18n/words'
import { findingWords } from './findings.words'

export type Said = { code: string; params: Record<string, unknown> }
type Words = T<(typeof findingWords)['zh-CN']>
type Format = ReturnType<typeof useFormat>

const text = (v: unknown) => (v === null || v === undefined ? '' : String(v))
const number = (v: unknown) => (typeof v === 'number' ? v : Number(v ?? 0))

/** A rule's code and params as one short line; a code that is not known here is shown as it is rather than hidden. */
export function sayFinding({ code, params: p }: Said, t: Words, f: Format): string {
  const min = (v: unknown) => f.duration(number(v))
  const range = (a: unknown, b: unknown) => f.range(text(a), text(b))
  const hours = p.from && p.to ? `${f.time(text(p.from))}–${f.time(text(p.to))}` : null
  switch (code) {
    case 'skill_missing':
      return t('skill_missing', { skill: text(p.skill), need: text(p.need) })
    case 'skill_low':
      return t('skill_low', { skill: text(p.skill), has: text(p.has), need: text(p.need) })
    case 'certificate_missing':
      return t('certificate_missing', { certificate: text(p.certificate) })
    case 'certificate_expired':
      return p.expiresOn
        ? t('certificate_expired.on', { certificate: text(p.certificate), date: f.localDate(text(p.expiresOn)) })
        : t('certificate_expired', { certificate: text(p.certificate) })
    case 'on_leave':
      return t(p.kind === 'training' ? 'on_leave.training' : 'on_leave.leave', { range: range(p.from, p.to) })
    case 'engineer_busy':
      if (!p.name) return t('engineer_busy.other', { range: range(p.from, p.to) })
      return t(p.kind === 'travel' ? 'engineer_busy.travel' : 'engineer_busy', {
        range: range(p.from, p.to),
        name: text(p.name),
      })
    case 'in_the_past':
      return t('in_the_past', { time: min(p.min) })
    case 'outside_shift':
      return hours ? t('outside_shift.hours', { time: min(p.min), hours }) : t('outside_shift', { time: min(p.min) })
    case 'day_off':
      return t('day_off', { date: f.localDate(text(p.date)) })
    case 'outside_promise':
      return number(p.lateMin) > 0
        ? t('outside_promise.late', { time: min(p.lateMin), range: range(p.promiseStart, p.promiseEnd) })
        : t('outside_promise.early', { time: min(p.earlyMin), range: range(p.promiseStart, p.promiseEnd) })
    case 'after_due':
      return t('after_due', { time: min(p.lateMin) })
    case 'site_closed':
      return hours ? t('site_closed.hours', { hours }) : t('site_closed')
    case 'entry_notice_short':
      return t('entry_notice_short', { need: min(p.needMin), have: min(p.haveMin) })
    case 'entry_names_needed':
      return t('entry_names_needed', { name: text(p.name) })
    case 'entry_equipment_needed':
      return t('entry_equipment_needed')
    case 'next_unreachable':
      return t('next_unreachable', {
        name: text(p.name),
        at: f.time(text(p.at)),
        need: min(p.needMin),
        have: min(p.haveMin),
      })
    case 'over_day_limit':
      return t('over_day_limit', { time: min(p.min), limit: min(p.limit) })
    case 'over_week_limit':
      return t('over_week_limit', { time: min(p.min), limit: min(p.limit) })
    case 'travel_unknown':
      return t('travel_unknown', { time: min(p.min) })
    case 'no_free_time':
      return t('no_free_time', { days: text(p.days), time: min(p.durationMin) })
    case 'skill_has':
      return t('skill_has', { skill: text(p.skill), level: text(p.level), need: text(p.need) })
    case 'certificate_valid':
      return p.expiresOn
        ? t('certificate_valid.until', { certificate: text(p.certificate), date: f.localDate(text(p.expiresOn)) })
        : t('certificate_valid', { certificate: text(p.certificate) })
    case 'on_time':
      return t('on_time')
    case 'load':
      return p.dayPercent === null || p.dayPercentWith === null
        ? t('load.unknown')
        : t('load', { from: f.percent(number(p.dayPercent) / 100), to: f.percent(number(p.dayPercentWith) / 100) })
    case 'travel_from_home':
      return t('travel_from_home', { time: min(p.min), distance: f.distance(number(p.distanceM)) })
    case 'travel_from_stop':
      return t('travel_from_stop', { name: text(p.name), time: min(p.min), distance: f.distance(number(p.distanceM)) })
    case 'in_shift':
      return t('in_shift')
    case 'no_leave':
      return t('no_leave')
    case 'knows_customer':
      return p.lastAt
        ? t('knows_customer.last', {
            visits: text(p.visits),
            date: f.date(typeof p.lastAt === 'number' ? p.lastAt : text(p.lastAt)),
          })
        : t('knows_customer', { visits: text(p.visits) })
    case 'new_to_customer':
      return t('new_to_customer')
    default:
      return code
  }
}

/** What is wrong with a visit on the board: the same codes with other params, seen from the plan that stands. */
export function sayConflict({ code, params: p }: Said, t: Words, f: Format): string {
  const min = (v: unknown) => f.duration(number(v))
  switch (code) {
    case 'overlap':
      return t('board.overlap', { name: text(p.name), time: min(p.min) })
    case 'next_unreachable':
      return t('board.next_unreachable', { name: text(p.name), need: min(p.needMin), have: min(p.haveMin) })
    case 'outside_shift':
      return p.from && p.to
        ? t('board.outside_shift', { hours: `${f.time(text(p.from))}–${f.time(text(p.to))}` })
        : t('board.day_off')
    case 'offline_conflict':
      return t('board.offline_conflict', { n: number(p.n) })
    default:
      return sayFinding({ code, params: p }, t, f)
  }
}

export function useFindings(zone?: string) {
  const t = useWords(findingWords)
  const f = useFormat(zone)
  return useMemo(
    () => ({ finding: (m: Said) => sayFinding(m, t, f), conflict: (m: Said) => sayConflict(m, t, f) }),
    [t, f],
  )
}

// Which channels a notice takes, and when. Pure: the clock is an argument.

import { addDays, atLocal, type Instant, localDate, localMinutes } from '#calendar'
import type { NoticeGroup } from '#contracts/words/notices'

export type Urgency = 'urgent' | 'normal' | 'quiet'
export interface Hours {
  /** HH:MM on the wall; from after to goes over midnight, from = to is never. */
  from: string
  to: string
}
export type Switches = Partial<Record<NoticeGroup, { push?: boolean; email?: boolean }>>

export interface Company {
  quiet: Hours
  /** Urgent news of these groups does not wait for the morning. */
  throughQuiet: readonly NoticeGroup[]
  dedupeMin: number
  pushAfterSec: { urgent: number; normal: number }
  mailAfterMin: { urgent: number; normal: number }
  digestAt: string
  defaults: Record<NoticeGroup, { push: boolean; email: boolean }>
}
export interface Person {
  switches: Switches
  /** null: the company's. */
  quiet: Hours | null
  zone: string
  away: { from: Instant; to: Instant } | null
}
export interface News {
  group: NoticeGroup
  urgency: Urgency
  at: Instant
}

export type Way =
  | { go: true; at: Instant; why: 'quiet_hours' | 'digest' | null }
  | { go: false; why: 'off' | 'away' | 'quiet_hours' }

const minutesOf = (hhmm: string) => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5))

/** When the quiet hours that hold at this instant end; null: it is not quiet. */
export function quietUntil(at: Instant, quiet: Hours, zone: string): Instant | null {
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)]
  if (from === to) return null
  const now = localMinutes(at, zone)
  const date = localDate(at, zone)
  if (from < to) return now >= from && now < to ? atLocal(date, to, zone) : null
  if (now >= from) return atLocal(addDays(date, 1), to, zone)
  return now < to ? atLocal(date, to, zone) : null
}

/** The next time that the wall shows HH:MM. */
export function nextAt(at: Instant, hhmm: string, zone: string): Instant {
  const date = localDate(at, zone)
  const today = atLocal(date, minutesOf(hhmm), zone)
  return today > at ? today : atLocal(addDays(date, 1), minutesOf(hhmm), zone)
}

/** Whether one piece of news goes to a person by this channel, and when. */
export function wayOf(channel: 'push' | 'email', n: News, p: Person, c: Company): Way {
  if (p.away && n.at >= p.away.from && n.at < p.away.to) return { go: false, why: 'away' }
  if (!(p.switches[n.group]?.[channel] ?? c.defaults[n.group][channel])) return { go: false, why: 'off' }
  // The quiet ones are collected: whoever wants them reads them once a day.
  if (n.urgency === 'quiet') return { go: true, at: nextAt(n.at, c.digestAt, p.zone), why: 'digest' }
  const wait = channel === 'push' ? c.pushAfterSec[n.urgency] * 1000 : c.mailAfterMin[n.urgency] * 60_000
  return held({ ...n, at: n.at + wait }, p, c)
}

/** A step of the take-up ladder: at once, if the person has not switched the channel off and the hour allows it. */
export function stepOf(channel: 'push' | 'email', n: News, p: Person, c: Company): Way {
  if (p.away && n.at >= p.away.from && n.at < p.away.to) return { go: false, why: 'away' }
  if (!(p.switches[n.group]?.[channel] ?? (channel === 'email' || c.defaults[n.group][channel])))
    return { go: false, why: 'off' }
  return held(n, p, c)
}

function held(n: News, p: Person, c: Company): Way {
  const through = n.urgency === 'urgent' && c.throughQuiet.includes(n.group)
  const end = through ? null : quietUntil(n.at, p.quiet ?? c.quiet, p.zone)
  return end === null ? { go: true, at: n.at, why: null } : { go: true, at: end, why: 'quiet_hours' }
}

export const maxAttempts = 6
/** Seconds until the next try after so many: patient enough for a vendor's bad hour, early enough for an offer. */
export const backoffSec = (attempts: number): number => [15, 60, 300, 900, 3600][attempts - 1] ?? 3600

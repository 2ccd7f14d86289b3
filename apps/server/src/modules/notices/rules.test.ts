import { describe, expect, it } from 'vitest'
import { type Company, nextAt, type Person, quietUntil, stepOf, wayOf } from './rules'
import { initialSettings } from './settings'

const t = (iso: string) => Date.parse(iso)
const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
const night = { from: '22:00', to: '07:00' }
const company: Company = initialSettings
const person: Person = { switches: {}, quiet: null, zone: 'Asia/Shanghai', away: null }

describe('quiet hours', () => {
  it.each([
    ['before them', '2026-11-23T13:59:00Z', night, 'Asia/Shanghai', null],
    ['at their first minute', '2026-11-23T14:00:00Z', night, 'Asia/Shanghai', '2026-11-23T23:00:00.000Z'],
    ['after midnight', '2026-11-23T17:30:00Z', night, 'Asia/Shanghai', '2026-11-23T23:00:00.000Z'],
    ['at their last minute', '2026-11-23T22:59:59Z', night, 'Asia/Shanghai', '2026-11-23T23:00:00.000Z'],
    ['when they end', '2026-11-23T23:00:00Z', night, 'Asia/Shanghai', null],
    [
      'in Urumqi, an hour and a half of sun later',
      '2026-11-23T16:00:00Z',
      night,
      'Asia/Urumqi',
      '2026-11-24T01:00:00.000Z',
    ],
    ['in Tokyo already', '2026-11-23T13:30:00Z', night, 'Asia/Tokyo', '2026-11-23T22:00:00.000Z'],
    [
      'in New York over the end of summer time',
      '2026-11-01T03:00:00Z',
      night,
      'America/New_York',
      '2026-11-01T12:00:00.000Z',
    ],
    [
      'at noon, within one day',
      '2026-11-23T04:30:00Z',
      { from: '12:00', to: '13:30' },
      'Asia/Shanghai',
      '2026-11-23T05:30:00.000Z',
    ],
    ['after noon, within one day', '2026-11-23T05:30:00Z', { from: '12:00', to: '13:30' }, 'Asia/Shanghai', null],
    [
      'never, when they begin as they end',
      '2026-11-23T17:30:00Z',
      { from: '00:00', to: '00:00' },
      'Asia/Shanghai',
      null,
    ],
  ])('%s', (_, at, hours, zone, end) => {
    expect(iso(quietUntil(t(at), hours, zone))).toBe(end)
  })
})

describe('the way of a notice', () => {
  const day = t('2026-11-23T02:00:00Z')
  const late = t('2026-11-23T15:00:00Z')
  const morning = '2026-11-23T23:00:00.000Z'
  const way = (channel: 'push' | 'email', n: Partial<Parameters<typeof wayOf>[1]>, p: Partial<Person> = {}) => {
    const w = wayOf(channel, { group: 'talk', urgency: 'normal', at: day, ...n }, { ...person, ...p }, company)
    return w.go ? `${new Date(w.at).toISOString()} ${w.why ?? ''}`.trim() : w.why
  }
  it.each([
    ['a push waits half a minute for the eyes', way('push', {}), '2026-11-23T02:00:30.000Z'],
    ['an urgent one ten seconds', way('push', { group: 'dispatch', urgency: 'urgent' }), '2026-11-23T02:00:10.000Z'],
    ['at night it waits for the morning', way('push', { at: late }), `${morning} quiet_hours`],
    ['an urgent mention waits as well', way('push', { at: late, urgency: 'urgent' }), `${morning} quiet_hours`],
    [
      'an urgent offer does not',
      way('push', { at: late, urgency: 'urgent', group: 'dispatch' }),
      '2026-11-23T15:00:10.000Z',
    ],
    [
      'a push just before the night falls into it',
      way('push', { at: t('2026-11-23T13:59:45Z') }),
      `${morning} quiet_hours`,
    ],
    [
      'own hours go before the company’s',
      way('push', { at: late }, { quiet: { from: '00:00', to: '06:00' } }),
      '2026-11-23T15:00:30.000Z',
    ],
    [
      'the quiet ones come once a day',
      way('email', { group: 'survey', urgency: 'quiet' }),
      '2026-11-24T00:30:00.000Z digest',
    ],
    ['what is switched off stays off', way('push', {}, { switches: { talk: { push: false } } }), 'off'],
    ['mail is off for mentions unless asked for', way('email', {}), 'off'],
    [
      'and comes half an hour later when asked for',
      way('email', {}, { switches: { talk: { email: true } } }),
      '2026-11-23T02:30:00.000Z',
    ],
    [
      'nobody is called on vacation',
      way('push', { urgency: 'urgent', group: 'dispatch' }, { away: { from: day, to: late } }),
      'away',
    ],
    [
      'but on the day after',
      way('push', {}, { away: { from: day - 86_400_000, to: day } }),
      '2026-11-23T02:00:30.000Z',
    ],
  ])('%s', (_, got, expected) => expect(got).toBe(expected))

  it('of a ladder’s step is at once, and by mail even to those who want none of the ordinary kind', () => {
    const n = { group: 'dispatch' as const, urgency: 'urgent' as const, at: late }
    expect(stepOf('push', n, person, company)).toEqual({ go: true, at: late, why: null })
    expect(stepOf('email', n, person, company)).toEqual({ go: true, at: late, why: null })
    expect(stepOf('push', n, person, { ...company, throughQuiet: [] })).toMatchObject({ why: 'quiet_hours' })
    expect(stepOf('email', n, { ...person, switches: { dispatch: { email: false } } }, company)).toMatchObject({
      go: false,
    })
  })

  it('of a digest is the next morning at that time', () => {
    expect(iso(nextAt(t('2026-11-23T00:29:00Z'), '08:30', 'Asia/Shanghai'))).toBe('2026-11-23T00:30:00.000Z')
    expect(iso(nextAt(t('2026-11-23T00:30:00Z'), '08:30', 'Asia/Shanghai'))).toBe('2026-11-24T00:30:00.000Z')
  })
})

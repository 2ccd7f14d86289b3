import { describe, expect, it } from 'vitest'
import { contentHash, missing, tidy } from './rules'
import { shippedTemplates } from './templates'

const body = shippedTemplates[0]!.body
const full = {
  devices: [{ model: 'S6', serial: 'SN1', place: '' }],
  software_version: 'V5',
  check_power: 'pass',
  check_network: 'pass',
  check_function: 'na',
  work_done: '上架并调试',
  trained: true,
}

describe('what a deployment report still needs', () => {
  it.each([
    ['nothing when all is there', {}, []],
    ['the text that is blank', { work_done: '  ' }, ['work_done:empty']],
    ['the tick that is not set', { trained: false }, ['trained:empty']],
    ['a choice that exists', { check_power: 'maybe' }, ['check_power:choice']],
    ['a number, not words', { room_temperature: '热' }, ['room_temperature:number']],
    ['a believable temperature', { room_temperature: 95 }, ['room_temperature:range']],
    ['at least one device', { devices: [] }, ['devices:empty']],
    ['a serial number in each row', { devices: [{ model: 'S6', serial: '' }] }, ['devices:row']],
  ])('%s', (_, change, expected) => {
    expect(missing(body, { ...full, ...change }).map((m) => `${m.key}:${m.why}`)).toEqual(expected)
  })
})

describe('what is stored', () => {
  it('keeps a half-typed number as its text, so that no keystroke is lost', () =>
    expect(tidy(body, { room_temperature: '2' }).values).toEqual({ room_temperature: '2' }))
  it('refuses a field that the template does not have, and facts', () => {
    expect(tidy(body, { nope: 1 }).unknown).toBe('nope')
    expect(tidy(body, { customer: '别家' }).unknown).toBe('customer')
  })
  it('hashes the same content the same whatever the order of keys', () => {
    const d = { templateKey: 'a', templateVersion: 1, facts: {} }
    expect(contentHash({ ...d, values: { a: 1, b: 2 } })).toBe(contentHash({ ...d, values: { b: 2, a: 1 } }))
    expect(contentHash({ ...d, values: { a: 1 } })).not.toBe(contentHash({ ...d, values: { a: 2 } }))
  })
})

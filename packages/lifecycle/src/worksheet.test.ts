import { describe, expect, it } from 'vitest'
import { faultsOf, type Item, missingItems, progressOf, shownItems, verdictOf } from './worksheet'

const power: Item = { key: 'power', kind: 'passFail', required: true }
const volts: Item = { key: 'volts', kind: 'number', required: true, min: 198, max: 242 }
const ups: Item = {
  key: 'ups',
  kind: 'choice',
  required: false,
  options: [{ value: 'none', fails: true }, { value: 'online' }, { value: 'battery', fails: true }],
}
const ask = (item: string, is: string[]): Pick<Item, 'when'> => ({ when: { item, is } })
const photo: Item = { key: 'photo', kind: 'photo', required: true, ...ask('power', ['fail']) }
const why: Item = { key: 'why', kind: 'text', required: true, ...ask('photo', ['done']) }
const battery: Item = { key: 'age', kind: 'number', required: true, ...ask('ups', ['battery']) }
const list = [power, volts, ups, photo, why, battery]

describe('what an answer comes to', () => {
  it.each([
    [power, undefined, 'empty'],
    [power, 'pass', 'pass'],
    [power, 'fail', 'fail'],
    [power, 'na', 'na'],
    [power, 'maybe', 'empty'],
    [volts, 220, 'pass'],
    [volts, 198, 'pass'],
    [volts, 242.1, 'fail'],
    [volts, 0, 'fail'],
    [volts, '220', 'empty'],
    [volts, Number.NaN, 'empty'],
    [battery, 4, 'done'],
    [ups, 'online', 'pass'],
    [ups, 'none', 'fail'],
    [ups, 'elsewhere', 'empty'],
    [why, '  ', 'empty'],
    [why, '零线松动', 'done'],
    [photo, [], 'empty'],
    [photo, ['x'], 'done'],
  ] as const)('%o answered %o is %s', (item, value, verdict) => {
    expect(verdictOf(item, value)).toBe(verdict)
  })
})

describe('conditions', () => {
  const shown = (answers: Record<string, unknown>) => shownItems(list, answers).map((i) => i.key)
  it.each([
    [{}, ['power', 'volts', 'ups']],
    [{ power: 'pass' }, ['power', 'volts', 'ups']],
    [{ power: 'fail' }, ['power', 'volts', 'ups', 'photo']],
    [{ power: 'fail', photo: ['a'] }, ['power', 'volts', 'ups', 'photo', 'why']],
    // The photo was taken before the fail was corrected: what hangs on it hides with it.
    [{ power: 'pass', photo: ['a'] }, ['power', 'volts', 'ups']],
    [{ ups: 'battery' }, ['power', 'volts', 'ups', 'age']],
    [{ ups: 'none' }, ['power', 'volts', 'ups']],
  ])('%o shows %o', (answers, keys) => {
    expect(shown(answers)).toEqual(keys)
  })
  it('ask only for what shows', () => {
    expect(missingItems(list, {}).map((i) => i.key)).toEqual(['power', 'volts'])
    expect(missingItems(list, { power: 'fail', volts: 220 }).map((i) => i.key)).toEqual(['photo'])
    expect(missingItems(list, { power: 'na', volts: 250 })).toEqual([])
  })
  it('count towards the progress', () => {
    expect(progressOf(list, { power: 'fail', volts: 250 })).toEqual({ total: 4, answered: 2, failed: 2, missing: 1 })
  })
})

describe('a checklist that nobody could answer', () => {
  it.each([
    [[power, power], 'duplicate'],
    [[photo, power], 'condition'],
    [[power, { ...photo, ...ask('power', ['online']) }], 'condition'],
    [[{ ...ups, options: [{ value: 'a' }] }], 'options'],
    [[{ ...ups, options: [{ value: 'a' }, { value: 'a' }] }], 'options'],
    [[{ ...volts, min: 5, max: 1 }], 'limits'],
  ] as const)('is told why', (items, why) => {
    expect(faultsOf(items).map((f) => f.why)).toEqual([why])
  })
  it('and the sample is none', () => {
    expect(faultsOf(list)).toEqual([])
  })
})

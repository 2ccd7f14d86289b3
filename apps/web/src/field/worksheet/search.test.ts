import { describe, expect, it } from 'vitest'
import type { Part } from './data'
import { findParts, fitsModel } from './search'

const part = (number: string, name: string, models: string[] = [], spec: string | null = null): Part => ({
  id: number,
  number,
  name,
  spec,
  unit: '个',
  category: null,
  serial: false,
  models,
  rev: 1,
})
const all = [
  part('CB-6A-3M', '六类网线 3 米'),
  part('PH-203', '热敏打印头', ['BP-2'], '203 dpi'),
  part('PH-300', '热敏打印头', ['BP-3'], '300 dpi'),
  part('RL-01', '搓纸轮', ['LP-']),
]
const found = (q: string, model: string | null = null) => findParts(all, q, model).map((p) => p.number)

describe('the catalogue on the phone', () => {
  it.each([
    ['', ['CB-6A-3M', 'PH-203', 'PH-300', 'RL-01']],
    ['打印头', ['PH-203', 'PH-300']],
    ['打印头 300', ['PH-300']],
    ['ph-203', ['PH-203']],
    ['ＰＨ-203', ['PH-203']],
    ['网线', ['CB-6A-3M']],
    ['硒鼓', []],
  ])('finds by %s', (q, numbers) => {
    expect(found(q)).toEqual(numbers)
  })
  it('puts first what fits the equipment', () => {
    expect(found('打印头', 'BP-300i')).toEqual(['PH-300', 'PH-203'])
    expect(fitsModel(all[3] as Part, 'lp-5050')).toBe(true)
    expect(fitsModel(all[3] as Part, null)).toBe(false)
  })
})

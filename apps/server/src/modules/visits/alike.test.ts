import { describe, expect, it } from 'vitest'
import { commonWords } from './alike'

describe('why two requests are thought alike', () => {
  it.each([
    ['自助机打不出凭条', '自助机不出凭条，屏幕提示缺纸', ['自助机', '不出凭条']],
    ['LP-5050 卡纸', '打印机卡纸，型号 lp-5050', ['5050', 'LP', '卡纸']],
    ['门禁失灵', '打印机卡纸', []],
    ['', '打印机', []],
  ])('%s / %s', (a, b, words) => {
    expect(commonWords(a, b).sort()).toEqual([...words].sort())
  })
})

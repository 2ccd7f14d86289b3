import { describe, expect, it } from 'vitest'
import {
  type Bar,
  type Card,
  changedBars,
  instantIn,
  matches,
  nextStep,
  plainTitle,
  shortAddress,
  slaOfCard,
  toTimelineBar,
} from './board'

const bar = (more: Partial<Bar> = {}): Bar =>
  ({
    visitId: 'v1',
    engineerId: 'e1',
    customerName: '星海医院',
    state: 'taken',
    start: '2026-11-24T06:00:00.000Z',
    end: '2026-11-24T07:30:00.000Z',
    travelMin: 20,
    promise: null,
    locked: false,
    madeBy: 'person',
    late: false,
    ...more,
  }) as Bar
const clock = (clock: string, state: string, dueAt: string) => ({ clock, state, dueAt, targetMin: 60, elapsedMin: 30 })

describe('the board', () => {
  it('lights what others moved or added, and not what only changed its state', () => {
    const before = [bar(), bar({ visitId: 'v2' })]
    expect(changedBars(before, [bar({ state: 'en_route' }), bar({ visitId: 'v2', engineerId: 'e2' })])).toEqual(['v2'])
    expect(changedBars(before, [...before, bar({ visitId: 'v3' })])).toEqual(['v3'])
    expect(changedBars(undefined, before)).toEqual([])
  })
  it('draws what a rule placed with its mark, and what is over without its way and its lock', () => {
    expect(toTimelineBar(bar({ madeBy: 'rule' }), undefined)).toMatchObject({ engine: true, travelMin: 20 })
    const over = toTimelineBar(bar({ state: 'finished', locked: true }), undefined)
    expect(over.locked).toBe(false)
    expect(over.travelMin).toBeUndefined()
  })
  it('puts an offer that anybody may take on the row of open offers', () => {
    expect(toTimelineBar(bar({ engineerId: null }), undefined).rowId).toBe('open')
  })
})

describe('a card', () => {
  it('shows the clock that is due first among those that run', () => {
    const sla = [
      clock('response', 'paused', '2026-11-24T01:00:00Z'),
      clock('arrival', 'running', '2026-11-24T02:00:00Z'),
    ]
    expect(slaOfCard({ sla } as unknown as Card, '2026-11-24T00:30:00Z')).toMatchObject({
      state: 'running',
      dueAt: '2026-11-24T02:00:00Z',
    })
    expect(slaOfCard({ sla: [] } as unknown as Card, '')).toBeNull()
  })
  it('is found by any words of customer, title, number, place and skill', () => {
    const card = {
      customerName: '星海医院',
      title: '核心交换机替换',
      number: 'WO-20261124-0007',
      address: '上海市黄浦区瑞金二路 100 号',
      siteName: null,
      skills: [{ code: 'n', name: '网络', level: 2 }],
    } as unknown as Card
    expect(matches(card, '星海 交换')).toBe(true)
    expect(matches(card, '0007')).toBe(true)
    expect(matches(card, '网络 黄浦')).toBe(true)
    expect(matches(card, '存储')).toBe(false)
    expect(matches(card, '  ')).toBe(true)
  })
  it('does not say the customer’s name twice', () => {
    const of = (title: string) => plainTitle({ title, customerName: '星海医院' })
    expect(of('星海医院 服务器告警')).toBe('服务器告警')
    expect(of('星海医院：服务器告警')).toBe('服务器告警')
    expect(of('服务器告警')).toBe('服务器告警')
    expect(of('星海医院')).toBe('星海医院')
  })
  it('leaves province and city out of the address, and nothing else', () => {
    expect(shortAddress('上海市浦东新区张江路 1 号')).toBe('浦东新区张江路 1 号')
    expect(shortAddress('江苏省苏州市姑苏区人民路 9 号')).toBe('姑苏区人民路 9 号')
    expect(shortAddress('浦东新区城市大道 1 号')).toBe('浦东新区城市大道 1 号')
    expect(shortAddress('1 Main Street')).toBe('1 Main Street')
  })
})

describe('times', () => {
  it('are read in the company’s zone, whatever the browser’s', () => {
    expect(instantIn('Asia/Shanghai', '2026-11-24', '14:30')).toBe('2026-11-24T06:30:00.000Z')
    expect(instantIn('Europe/Berlin', '2026-07-01', '08:00')).toBe('2026-07-01T06:00:00.000Z')
    expect(instantIn('Asia/Kolkata', '2026-07-01', '00:15')).toBe('2026-06-30T18:45:00.000Z')
  })
  it('begin on the next five minutes', () => {
    expect(nextStep(Date.parse('2026-11-24T06:31:10Z'))).toBe('2026-11-24T06:35:00.000Z')
    expect(nextStep(Date.parse('2026-11-24T06:35:00Z'))).toBe('2026-11-24T06:35:00.000Z')
  })
})

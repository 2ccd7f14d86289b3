import { describe, expect, it } from 'vitest'
import { hueOf, initials } from './Avatar'
import { rank } from './CommandPalette'
import { flatten } from './DataList'
import { readView, writeView } from './FilterBar'
import { dateOf, dayOf, lateDays, restRuns, spanOf } from './gantt'
import { readSla, type SlaView } from './Sla'
import { mentionAt, mentionedIn } from './ThreadView'

describe('a person', () => {
  it.each([
    ['张伟', '张伟'],
    ['欧阳建国', '建国'],
    ['Anna Li', 'AL'],
    ['Bo', 'B'],
    ['买买提·艾力', '艾力'],
    ['', '?'],
  ])('%s is shown as %s', (name, letters) => expect(initials(name)).toBe(letters))
  it('keeps the same hue everywhere', () => {
    expect(hueOf('0190-a')).toBe(hueOf('0190-a'))
    expect(hueOf('x')).toBeLessThan(8)
  })
})

describe('an SLA clock', () => {
  const asOf = '2026-11-23T06:00:00Z'
  const now = Date.parse('2026-11-23T06:30:00Z')
  const sla = (part: Partial<SlaView>): SlaView => ({
    state: 'running',
    targetMin: 240,
    elapsedMin: 100,
    asOf,
    ...part,
  })
  it('goes on while it runs, and stands outside its hours and while paused', () => {
    expect(readSla(sla({}), now).leftMin).toBe(110)
    expect(readSla(sla({ ticking: false }), now).leftMin).toBe(140)
    expect(readSla(sla({ state: 'paused' }), now).leftMin).toBe(140)
  })
  it.each([
    [sla({}), 'teal'],
    [sla({ elapsedMin: 160 }), 'amber'],
    [sla({ elapsedMin: 215 }), 'red'],
    [sla({ state: 'breached', elapsedMin: 250 }), 'red'],
    [sla({ state: 'met', elapsedMin: 250 }), 'green'],
    [sla({ state: 'cancelled' }), 'grey'],
  ] as const)('%o is %s', (view, meaning) => expect(readSla(view, now).meaning).toBe(meaning))
})

describe('a list', () => {
  it('counts what stands under each heading', () => {
    const items = flatten(
      ['a1', 'a2', 'b1'],
      (r) => r,
      (r) => ({ key: r[0] as string, label: r[0] }),
    )
    expect(items.map((i) => (i.kind === 'group' ? `${i.label}:${i.n}` : i.key))).toEqual([
      'a:2',
      'a1',
      'a2',
      'b:1',
      'b1',
    ])
  })
  it('has its view in the address, and an address gives the same view back', () => {
    const view = { state: ['new', 'unassigned'], q: ['星海, 医院'] }
    expect(readView(writeView(view))).toEqual(view)
    expect(writeView({ state: [] })).toBe('')
  })
})

describe('the command palette', () => {
  const commands = ['新建工单', '工单', '客户'].map((label) => ({
    id: label,
    label,
    keywords: label === '客户' ? 'customers' : '',
    run: () => {},
  }))
  it('puts what begins with the word first, and finds by other names', () => {
    expect(rank(commands, '工单').map((c) => c.label)).toEqual(['工单', '新建工单'])
    expect(rank(commands, 'cust').map((c) => c.label)).toEqual(['客户'])
    expect(rank(commands, '没有')).toEqual([])
  })
})

describe('a Gantt', () => {
  it('counts in days', () => {
    expect(dateOf(dayOf('2026-02-28') + 1)).toBe('2026-03-01')
    expect(spanOf(['2026-11-20', null], '2026-11-23', 1)).toEqual([dayOf('2026-11-19'), dayOf('2026-11-25')])
  })
  it('shades runs of days off', () => {
    const from = dayOf('2026-11-20')
    expect(restRuns(from, from + 7, (d) => !['2026-11-21', '2026-11-22'].includes(d))).toEqual([[from + 1, from + 3]])
  })
  it('is late against its plan, by the actual end or by today', () => {
    expect(lateDays('2026-11-20', '2026-11-22', '2026-11-30')).toBe(2)
    expect(lateDays('2026-11-20', null, '2026-11-23')).toBe(3)
    expect(lateDays('2026-11-25', null, '2026-11-23')).toBe(0)
  })
})

describe('a mention', () => {
  it('begins at an @ after a space or a stop, not inside an address', () => {
    expect(mentionAt('请 @张', 4)).toEqual({ from: 2, text: '张' })
    expect(mentionAt('好的，@', 4)).toEqual({ from: 3, text: '' })
    expect(mentionAt('a@b', 3)).toBeNull()
  })
  it('ends when the name is taken out of the text', () => {
    const known = [
      { id: '1', name: '张伟' },
      { id: '2', name: '李娜' },
    ]
    expect(mentionedIn('@张伟 看一下', known)).toEqual(['1'])
  })
})

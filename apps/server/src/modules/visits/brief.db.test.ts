import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { publishSample } from '../../../test/checklist'
import { type Field, field, goodFix } from '../../../test/field'
import type { Client } from '../../../test/world'
import { newId } from '../../platform/ids'

let f: Field
let checklistId: string
beforeAll(async () => {
  f = await field()
  checklistId = await publishSample(f.ops)
})
beforeEach(() => {
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

const at = (id: string) => ({ params: { id } })
async function taken(e: Client, more: Record<string, unknown>) {
  const o = await f.order({ type: 'install', ...more })
  const v = await f.offer(e, { orderId: o.id })
  await e.ok('POST /api/visits/:id/take', { ...at(v.id), body: {} })
  await f.w.settle()
  return v
}
async function done(e: Client, id: string, orderId: string) {
  await e.ok('POST /api/visits/:id/depart', { ...at(id), body: {} })
  await e.ok('POST /api/visits/:id/check-in', { ...at(id), body: { fix: goodFix } })
  await e.ok('POST /api/visits/:id/start', { ...at(id), body: {} })
  for (const [item, value] of [
    ['power', 'fail'],
    ['why', '接地端子锈蚀'],
    ['volts', 220],
  ] as const)
    await e.ok('POST /api/worksheets/:id/answers', { ...at(id), body: { checklistId, item, value } })
  await e.ok('POST /api/visits/:id/finish', { ...at(id), body: { result: 'done' } })
  await f.dispatcher.ok('POST /api/orders/:id/accept', { ...at(orderId), body: {} })
}

describe('before setting out', () => {
  it('an engineer knows what to bring, what happened here and what was like it', async () => {
    const first = await f.engineer('王工')
    const before = await taken(first, { title: '影像服务器上架部署', text: '新服务器上架，接入影像网络' })
    await done(first, before.id, before.orderId)
    const other = await taken(await f.engineer(), { title: '门诊打印机换墨' })
    const e = await f.engineer()
    const v = await taken(e, { title: '影像服务器扩容部署', text: '再上架一台服务器' })
    const brief = await e.ok('GET /api/visits/:id/brief', at(v.id))
    expect(brief.bring.map((b) => [b.what, b.name.zh, b.qty, b.part])).toEqual([
      ['tool', '万用表', 1, null],
      ['part', '网线', 4, 'CB-6A-3M'],
    ])
    expect(brief.history.map((h) => [h.visitId, h.result, h.engineer?.name])).toEqual([[before.id, 'done', '王工']])
    expect(brief.failed.map((x) => x.label.zh)).toEqual(['供电与接地'])
    expect(brief.open.map((o) => o.orderId)).toEqual([other.orderId])
    expect(brief.assets.map((a) => a.serial)).toEqual(['DELL-R750-0042'])
    expect(brief.similar).toMatchObject([
      { orderId: before.orderId, engineer: { name: '王工' }, why: { words: expect.arrayContaining(['影像服务器']) } },
    ])
    expect(JSON.stringify(brief)).not.toContain('13800138000')
  })

  it('is nobody else’s, and the phone holds it with the worksheet and the catalogue', async () => {
    const e = await f.engineer()
    const v = await taken(e, { title: '网络割接' })
    const stranger = await f.engineer()
    expect(await stranger.refused('GET /api/visits/:id/brief', at(v.id))).toBe('not_found')
    await f.ops.ok('POST /api/parts', { body: { id: newId(), number: 'CB-1', name: '网线', unit: '根' } })
    const ask = (c: Client) =>
      c.ok('POST /api/field/sync', { body: { collections: ['worksheet', 'brief', 'part'], have: {} } })
    const ids = (r: Awaited<ReturnType<typeof ask>>, name: string) => {
      const c = r.collections[name]
      return c?.state === 'changed' ? c.rows.map((x) => x.id) : []
    }
    const mine = await ask(e)
    expect([ids(mine, 'worksheet'), ids(mine, 'brief')]).toEqual([[v.id], [v.id]])
    expect(ids(mine, 'part')).toHaveLength(1)
    const theirs = await ask(stranger)
    expect([ids(theirs, 'worksheet'), ids(theirs, 'brief')]).toEqual([[], []])
    // The same rows whenever they are read.
    f.w.clock.advance(60)
    const digest = (name: string) => mine.collections[name]?.digest as string
    const again = await e.ok('POST /api/field/sync', {
      body: {
        collections: ['worksheet', 'brief', 'part'],
        have: {
          worksheet: { digest: digest('worksheet') },
          brief: { digest: digest('brief') },
          part: { digest: digest('part') },
        },
      },
    })
    expect(Object.values(again.collections).map((c) => c.state)).toEqual(['same', 'same', 'same'])
  })
})

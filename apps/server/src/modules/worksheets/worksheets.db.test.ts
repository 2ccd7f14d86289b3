import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { publishSample, sampleItems } from '../../../test/checklist'
import { type Field, field, fromPhone, goodFix } from '../../../test/field'
import { upload } from '../../../test/upload'
import type { Client } from '../../../test/world'
import { newId } from '../../platform/ids'
import { offerVisit } from '../visits'
import { workOf } from './index'

let f: Field
let checklistId: string
beforeAll(async () => {
  f = await field({ templates: true })
  checklistId = await publishSample(f.ops)
})
beforeEach(() => {
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

const at = (id: string) => ({ params: { id } })
const take = (c: Client, id: string) => c.ok('POST /api/visits/:id/take', { ...at(id), body: {} })
const sheet = (c: Client, id: string) => c.ok('GET /api/worksheets/:id', at(id))
const answer = (c: Client, id: string, item: string, value: unknown, note?: string) =>
  c.ok('POST /api/worksheets/:id/answers', {
    ...at(id),
    body: { checklistId, item, value: value as never, ...(note !== undefined ? { note } : {}) },
  })
const send = async (c: Client, items: ReturnType<typeof fromPhone>[]) =>
  (await c.ok('POST /api/commands', { body: { items } })).items

/** An engineer with a taken visit of an order that asks for the sample checklist. */
async function taken(more: Record<string, unknown> = {}) {
  const e = await f.engineer()
  const o = await f.order({ type: 'install', ...more })
  const v = await f.offer(e, { orderId: o.id })
  await take(e, v.id)
  return { e, id: v.id, orderId: o.id }
}
async function working(e: Client, id: string) {
  await e.ok('POST /api/visits/:id/depart', { ...at(id), body: {} })
  await e.ok('POST /api/visits/:id/check-in', { ...at(id), body: { fix: goodFix } })
  await e.ok('POST /api/visits/:id/start', { ...at(id), body: {} })
}
async function papers(e: Client, id: string) {
  const { rows } = await e.ok('GET /api/documents', { query: { visitId: id } })
  for (const d of rows)
    await e.ok('PATCH /api/documents/:id', {
      ...at(d.id),
      body: {
        values: {
          devices: [{ model: 'XH', serial: '1', place: '' }],
          software_version: '1',
          check_power: 'pass',
          check_network: 'pass',
          check_function: 'pass',
          work_done: '装好了',
          trained: true,
        },
      },
    })
}

describe('a checklist on site', () => {
  it('comes with the visit and counts what is answered, failed and missing', async () => {
    const { e, id } = await taken()
    expect((await sheet(e, id)).lists.map((l) => [l.checklistId, l.version])).toEqual([[checklistId, 1]])
    await answer(e, id, 'power', 'fail', '零线松动')
    await answer(e, id, 'place', 'floor')
    const s = await answer(e, id, 'volts', 251.5)
    expect(s.summary.checks).toEqual({ total: 7, answered: 3, failed: 3, missing: 1 })
    expect(s.answers.find((a) => a.item === 'power')).toMatchObject({
      value: 'fail',
      note: '零线松动',
      by: { id: e.id },
    })
    await answer(e, id, 'power', null)
    expect((await sheet(e, id)).summary.checks).toMatchObject({ total: 6, answered: 2, missing: 1 })
  })

  it.each([
    ['power', 'maybe'],
    ['power', 1],
    ['volts', '220'],
    ['place', 'roof'],
    ['photo', 'x'],
    ['sign', 'x'],
    ['serial', 5],
  ])('takes no answer of another kind: %s = %s', async (item, value) => {
    const { e, id } = await taken()
    const body = { checklistId, item, value: value as never }
    expect(await e.refused('POST /api/worksheets/:id/answers', { ...at(id), body })).toBe('check_value_wrong')
  })
  it('knows no other items', async () => {
    const { e, id } = await taken()
    const body = { checklistId, item: 'roof', value: 'pass' }
    expect(await e.refused('POST /api/worksheets/:id/answers', { ...at(id), body })).toBe('check_unknown')
  })

  it('keeps its words when the template is renamed under it', async () => {
    const own = await publishSample(f.ops, { orderTypes: ['repair'], title: '报修检查' })
    const { e, id } = await taken({ type: 'repair' })
    await f.ops.ok('POST /api/checklists', {
      body: {
        id: own,
        from: 1,
        orderTypes: ['repair'],
        models: [],
        body: { title: { zh: '新报修检查' }, items: sampleItems.slice(1, 2) },
      },
    })
    const s = await sheet(e, id)
    expect(s.lists.map((l) => [l.body.title.zh, l.version, l.body.items.length])).toEqual([['报修检查', 1, 7]])
    const next = await taken({ type: 'repair' })
    expect((await sheet(next.e, next.id)).lists[0]?.body.title.zh).toBe('新报修检查')
    await f.ops.ok('POST /api/checklists/:id/retire', { ...at(own), body: { retired: true } })
    const later = await taken({ type: 'repair' })
    expect((await sheet(later.e, later.id)).lists).toEqual([])
    const list = await f.ops.ok('GET /api/checklists/:id', at(own))
    expect(list.versions.map((v) => [v.version, v.used])).toEqual([
      [2, 1],
      [1, 1],
    ])
  })

  it('stands between the engineer and the end of the visit, by name', async () => {
    const { e, id } = await taken()
    await working(e, id)
    await papers(e, id)
    const refused = await e.call('POST /api/visits/:id/finish', { ...at(id), body: { result: 'done' } })
    expect(refused.body).toMatchObject({
      code: 'checks_missing',
      params: {
        count: 2,
        names: '供电与接地、输入电压',
        checks: [
          { checklistId, item: 'power' },
          { checklistId, item: 'volts' },
        ],
      },
    })
    await answer(e, id, 'power', 'na')
    await answer(e, id, 'volts', 220)
    expect((await e.ok('POST /api/visits/:id/finish', { ...at(id), body: { result: 'done' } })).state).toBe('finished')
  })
  it('is not asked of work that could not be done, nor of what is left for another day', async () => {
    for (const body of [
      { result: 'unable' as const, cause: 'no_access', foreseeable: false },
      { result: 'partial' as const, remaining: '第二台明天装' },
    ]) {
      const { e, id } = await taken()
      await working(e, id)
      await papers(e, id)
      expect((await e.ok('POST /api/visits/:id/finish', { ...at(id), body })).result).toBe(body.result)
    }
  })
  it('never refuses who finished offline: he has left already', async () => {
    const { e, id } = await taken()
    await working(e, id)
    f.w.clock.at = f.at(13)
    const [item] = await send(e, [
      fromPhone('visit.finish', id, { result: 'done' }, { offline: true, at: f.at(11), seq: 1 }),
    ])
    expect(item?.verdict).toBe('applied')
    const timeline = await f.dispatcher.ok(
      'GET /api/orders/:id/timeline',
      at((await e.ok('GET /api/visits/:id', at(id))).orderId),
    )
    expect(timeline.rows.find((r) => r.type === 'visit.finished')?.flags).toContain('checks_missing')
  })
})

describe('who may', () => {
  it('write is the holder and his crew, live on the same sheet', async () => {
    const { e, id, orderId } = await taken()
    const mate = await f.engineer('同行的人')
    const stranger = await f.engineer('别人')
    expect(await mate.refused('GET /api/worksheets/:id', at(id))).toBe('not_found')
    const member = await f.plan({ orderId, engineerId: mate.id, role: 'member' })
    await f.w.app.asSystem('test.offer', (ctx) => offerVisit(ctx, member.id, {}))
    await take(mate, member.id)
    await answer(e, id, 'volts', 220)
    const s = await sheet(mate, member.id)
    expect(s).toMatchObject({ id, visitIds: [id, member.id], can: { work: true } })
    expect(s.answers.map((a) => [a.item, a.value])).toEqual([['volts', 220]])
    expect((await answer(mate, member.id, 'power', 'pass')).answers).toHaveLength(2)
    const body = { checklistId, item: 'power', value: 'fail' as const }
    expect(await stranger.refused('POST /api/worksheets/:id/answers', { ...at(id), body })).toBe('not_found')
    expect(await f.dispatcher.refused('POST /api/worksheets/:id/answers', { ...at(id), body })).toBe('forbidden')
    expect((await sheet(f.supervisor, id)).can.work).toBe(false)
    const refused = await e.refused('POST /api/checklists', {
      body: { id: newId(), orderTypes: [], models: [], body: { title: { zh: '我的' }, items: sampleItems } },
    })
    expect(refused).toBe('forbidden')
  })
  it('a member ends his own part without the checklist', async () => {
    const { orderId } = await taken()
    const mate = await f.engineer()
    const member = await f.plan({ orderId, engineerId: mate.id, role: 'member' })
    await f.w.app.asSystem('test.offer', (ctx) => offerVisit(ctx, member.id, {}))
    await take(mate, member.id)
    await working(mate, member.id)
    await papers(mate, member.id)
    const done = await mate.ok('POST /api/visits/:id/finish', { ...at(member.id), body: { result: 'done' } })
    expect(done.state).toBe('finished')
  })
})

describe('offline', () => {
  it('the later answer stands whatever comes first, and value and note do not cost each other', async () => {
    const { e, id, orderId } = await taken()
    const mate = await f.engineer()
    const member = await f.plan({ orderId, engineerId: mate.id, role: 'member' })
    await f.w.app.asSystem('test.offer', (ctx) => offerVisit(ctx, member.id, {}))
    await take(mate, member.id)
    f.w.clock.at = f.at(14, 12)
    await answer(mate, member.id, 'power', 'fail')
    f.w.clock.at = f.at(15)
    const edit = (value: unknown, o: { at: Date; seq: number }) =>
      fromPhone('worksheet.answer', id, { checklistId, item: 'power', ...(value as object) }, { offline: true, ...o })
    const verdicts = await send(e, [
      edit({ value: 'pass' }, { at: f.at(14, 9), seq: 1 }),
      edit({ note: '复测三次' }, { at: f.at(14, 10), seq: 2 }),
    ])
    expect(verdicts.map((v) => v.verdict)).toEqual(['applied', 'applied'])
    // Both words are kept and shown to both.
    expect(verdicts[0]?.conflict?.fields).toMatchObject([
      { mine: 'pass', theirs: 'fail', theirsBy: mate.name, kept: 'theirs' },
    ])
    expect(verdicts[1]?.conflict).toBeUndefined()
    const power = (await sheet(e, id)).answers.find((a) => a.item === 'power')
    expect(power).toMatchObject({ value: 'fail', note: '复测三次', by: { id: mate.id } })
    // The same edit again is answered, not repeated; a later one wins.
    const late = edit({ value: 'pass' }, { at: f.at(14, 30), seq: 3 })
    expect((await send(e, [late, late])).map((v) => v.verdict)).toEqual(['applied', 'duplicate'])
    expect((await sheet(e, id)).answers.find((a) => a.item === 'power')?.value).toBe('pass')
  })
  it('what a phone recorded for a visit that was reassigned meanwhile is kept', async () => {
    const { e, id } = await taken()
    const other = await f.engineer()
    await f.dispatcher.ok('POST /api/visits/:id/reassign', {
      ...at(id),
      body: { engineerId: other.id, reason: '顺路' },
    })
    f.w.clock.at = f.at(13)
    const noteId = newId()
    const note = fromPhone(
      'worksheet.note',
      id,
      { noteId, text: '柜门钥匙在保安处', visibility: 'internal' },
      { offline: true, at: f.at(10), seq: 1 },
    )
    expect((await send(e, [note]))[0]?.verdict).toBe('applied')
    expect((await sheet(f.supervisor, id)).notes.map((n) => n.id)).toEqual([noteId])
    expect((await send(e, [{ ...note, commandId: newId(), offline: false }]))[0]?.problem?.code).toBe('not_found')
  })
})

describe('what failed', () => {
  it('becomes a draft order with the words that the engineer confirmed, once', async () => {
    const { e, id, orderId } = await taken()
    await answer(e, id, 'power', 'fail', '接地端子锈蚀')
    const followUpId = newId()
    const body = {
      followUpId,
      checklistId,
      item: 'power',
      title: '接地整改',
      text: '接地端子锈蚀，需要更换',
      type: 'repair' as const,
      priority: 'high' as const,
    }
    await e.ok('POST /api/worksheets/:id/follow-ups', { ...at(id), body })
    const s = await e.ok('POST /api/worksheets/:id/follow-ups', { ...at(id), body })
    expect(s.answers.find((a) => a.item === 'power')?.followUp).toMatchObject({
      orderId: followUpId,
      title: '接地整改',
    })
    const made = await f.dispatcher.ok('GET /api/orders/:id', at(followUpId))
    const from = await f.dispatcher.ok('GET /api/orders/:id', at(orderId))
    expect(made).toMatchObject({
      state: 'draft',
      type: 'repair',
      priority: 'high',
      customer: from.customer,
      site: from.site,
    })
    expect(made.asset?.id).toBe(f.assetId)
    expect((await workOf(f.w.app.readContext({ kind: 'system' } as never), [id])).get(id)).toMatchObject({
      checks: { failed: 1 },
      failed: [{ label: { zh: '供电与接地' }, note: '接地端子锈蚀', followUpNumber: made.number }],
    })
  })
})

describe('parts, serials and notes', () => {
  it('a line of the catalogue has its words, a free one those that were typed; a line taken back is gone', async () => {
    const { e, id } = await taken()
    const part = await f.ops.ok('POST /api/parts', {
      body: { number: `PT-${newId().slice(-6)}`, name: '六类网线 3 米', unit: '根', serial: false, models: ['XH'] },
    })
    const lineId = newId()
    const line = { lineId, partId: part.id, name: 'x', qty: 2, unit: '个' }
    await e.ok('POST /api/worksheets/:id/parts', { ...at(id), body: line })
    const again = await e.ok('POST /api/worksheets/:id/parts', { ...at(id), body: { ...line, qty: 3 } })
    expect(again.parts).toMatchObject([{ number: part.number, name: '六类网线 3 米', qty: 3, unit: '根' }])
    const free = { lineId: newId(), name: '扎带', qty: 10, unit: '根', serialOut: 'OLD-1', returned: true }
    await e.ok('POST /api/worksheets/:id/parts', { ...at(id), body: free })
    const other = await taken()
    const stolen = other.e.refused('POST /api/worksheets/:id/parts', { ...at(other.id), body: line })
    expect(await stolen).toBe('line_elsewhere')
    const s = await e.ok('POST /api/worksheets/:id/parts/drop', { ...at(id), body: { lineId } })
    expect(s.parts.map((p) => [p.name, p.returned])).toEqual([['扎带', true]])
    expect(await f.ops.refused('POST /api/parts', { body: { number: part.number, name: '重号', unit: '个' } })).toBe(
      'part_number_taken',
    )
    const found = await e.ok('GET /api/parts', { query: { q: '网线' } })
    expect(found.rows.map((p) => p.id)).toContain(part.id)
  })

  it('a scanned number is found, registered or puts the order right', async () => {
    const { e, id, orderId } = await taken()
    const scan = (serial: string, purpose: 'check' | 'register' | 'correct', more = {}) =>
      e.ok('POST /api/worksheets/:id/serials', { ...at(id), body: { scanId: newId(), serial, purpose, ...more } })
    const outcome = async (s: ReturnType<typeof scan>) => (await s).serials.at(-1)
    expect(await outcome(scan('dell-r750-0042', 'check'))).toMatchObject({ outcome: 'found', asset: { id: f.assetId } })
    expect(await outcome(scan('NEW-1', 'check'))).toMatchObject({ outcome: 'unknown', asset: null })
    const made = await outcome(scan('NEW-1', 'register', { name: '备份一体机', model: 'XH-BK60' }))
    expect(made).toMatchObject({ outcome: 'registered', asset: { name: '备份一体机', model: 'XH-BK60' } })
    expect((await sheet(e, id)).serials).toHaveLength(2)
    expect(await outcome(scan('NEW-1', 'correct'))).toMatchObject({ outcome: 'corrected' })
    expect((await f.dispatcher.ok('GET /api/orders/:id', at(orderId))).asset?.id).toBe(made?.asset?.id)
    const body = { scanId: newId(), serial: 'NOWHERE', purpose: 'correct' as const }
    expect(await e.refused('POST /api/worksheets/:id/serials', { ...at(id), body })).toBe('serial_elsewhere')
  })

  it('a note is its author’s; silence gives none', async () => {
    const { e, id, orderId } = await taken()
    const noteId = newId()
    const body = { noteId, text: '已告知客户周末停电', visibility: 'customer' as const }
    await e.ok('POST /api/worksheets/:id/notes', { ...at(id), body })
    expect((await e.ok('POST /api/worksheets/:id/notes', { ...at(id), body })).notes).toHaveLength(1)
    const silent = { noteId: newId(), text: ' ', visibility: 'internal' as const }
    expect(await e.refused('POST /api/worksheets/:id/notes', { ...at(id), body: silent })).toBe('note_empty')
    const mate = await f.engineer()
    const member = await f.plan({ orderId, engineerId: mate.id, role: 'member' })
    await f.w.app.asSystem('test.offer', (ctx) => offerVisit(ctx, member.id, {}))
    await take(mate, member.id)
    const edit = { noteId, text: '改了' }
    expect(await mate.refused('POST /api/worksheets/:id/notes/edit', { ...at(id), body: edit })).toBe('note_of_other')
    const s = await e.ok('POST /api/worksheets/:id/notes/edit', {
      ...at(id),
      body: { noteId, text: '已告知客户周六停电' },
    })
    expect(s.notes[0]).toMatchObject({ text: '已告知客户周六停电', visibility: 'customer' })
  })

  it('a spoken note keeps its recording, played in pieces by whoever may; what is no sound is refused', async () => {
    const { e, id } = await taken()
    const declare = async (bytes: Buffer) => {
      const audioId = newId()
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      await e.ok('POST /api/visits/:id/evidence', {
        ...at(id),
        body: { id: audioId, kind: 'audio', sha256, bytes: bytes.length, takenAt: f.w.clock.now().toISOString() },
      })
      return audioId
    }
    const webm = Buffer.concat([Buffer.from([0x1a, 0x45, 0xdf, 0xa3]), Buffer.alloc(900, 7)])
    const audioId = await declare(webm)
    await e.ok('POST /api/worksheets/:id/notes', {
      ...at(id),
      body: { noteId: newId(), text: '', visibility: 'internal', audioId },
    })
    expect((await upload(f.w.http, e, audioId, webm)).statusCode).toBeLessThan(300)
    const play = (c: Client, range?: string) =>
      f.w.http.inject({
        method: 'GET',
        url: `/api/evidence/${audioId}/bytes`,
        headers: { cookie: c.cookie, ...(range ? { range } : {}) },
      })
    const part = await play(f.supervisor, 'bytes=0-3')
    expect([part.statusCode, part.headers['content-type'], part.rawPayload.length]).toEqual([206, 'audio/webm', 4])
    expect((await play(e)).rawPayload.length).toBe(webm.length)
    expect((await play(await f.engineer())).statusCode).toBe(404)
    const text = Buffer.from('这不是录音，只是一段文字而已，长度要够')
    expect((await upload(f.w.http, e, await declare(text), text)).json().code).toBe('audio_unreadable')
  })

  it('flow into the delivery document until it is signed, without colleagues’ words', async () => {
    const { e, id } = await taken()
    await answer(e, id, 'power', 'pass')
    await answer(e, id, 'volts', 221)
    const lineId = newId()
    await e.ok('POST /api/worksheets/:id/parts', { ...at(id), body: { lineId, name: '电源线', qty: 1, unit: '根' } })
    for (const [text, visibility] of [
      ['客户要求下月复查', 'customer'],
      ['客户很急躁', 'internal'],
    ] as const)
      await e.ok('POST /api/worksheets/:id/notes', { ...at(id), body: { noteId: newId(), text, visibility } })
    const doc = async () => {
      const { rows } = await e.ok('GET /api/documents', { query: { visitId: id } })
      return e.ok('GET /api/documents/:id', at(rows[0]?.id as string))
    }
    const { facts } = await doc()
    expect(facts.work).toMatchObject({
      checks: [
        {
          title: { zh: '部署检查' },
          rows: [
            { value: 'pass', verdict: 'pass' },
            { value: '221 V', limits: '198–242' },
          ],
        },
      ],
      parts: [{ name: '电源线', qty: 1 }],
      notes: [{ text: '客户要求下月复查' }],
    })
    await e.ok('POST /api/worksheets/:id/parts/drop', { ...at(id), body: { lineId } })
    expect((await doc()).facts.work).toMatchObject({ parts: [] })
  })
})

describe('templates', () => {
  it('are refused when nobody could answer them, and tell the second of two editors', async () => {
    const bad = sampleItems.map((i) => (i.key === 'why' ? { ...i, when: { item: 'sign', is: ['done'] } } : i))
    const body = (items: readonly unknown[], more = {}) => ({
      body: {
        id: newId(),
        orderTypes: ['install' as const],
        models: [],
        body: { title: { zh: '错的' }, items: items as typeof sampleItems },
        ...more,
      },
    })
    expect(await f.ops.refused('POST /api/checklists', body(bad))).toBe('checklist_faulty')
    const id = await publishSample(f.ops, { orderTypes: ['other'] })
    await f.ops.ok('POST /api/checklists', body(sampleItems, { id, from: 1 }))
    expect(await f.ops.refused('POST /api/checklists', body(sampleItems, { id, from: 1 }))).toBe('changed_meanwhile')
    expect(await f.ops.refused('POST /api/checklists', body(sampleItems, { from: 1 }))).toBe('checklist_unknown')
  })
  it('may be for a model only', async () => {
    const own = await publishSample(f.ops, { orderTypes: [], models: ['KS-'] })
    const asset = await f.ops.ok('POST /api/customers/:id/assets', {
      ...at(f.customerId),
      body: { name: '自助机', model: 'ks-32Pro', serial: newId(), siteId: f.siteId },
    })
    const { e, id } = await taken({ type: 'train', assetId: asset.id })
    expect((await sheet(e, id)).lists.map((l) => l.checklistId)).toEqual([own])
  })
})

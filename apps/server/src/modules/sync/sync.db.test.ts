import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type ConflictReplica, RefusalReplica } from '#contracts/sync.schema'
import { type Field, field, fromPhone } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'
import { cancelVisit } from '../visits'

let f: Field
beforeAll(async () => {
  f = await field({ templates: true })
})
beforeEach(() => {
  f.w.clock.at = f.at(9)
})
afterAll(() => f.w.close())

type Item = ReturnType<typeof fromPhone>
const send = async (c: Client, ...items: Item[]) => (await c.ok('POST /api/commands', { body: { items } })).items
const take = (c: Client, id: string) => c.ok('POST /api/visits/:id/take', { params: { id }, body: {} })
const get = (c: Client, id: string) => c.ok('GET /api/visits/:id', { params: { id } })
const copyOf = async <T>(c: Client, collection: string): Promise<T[]> => {
  const change = (await c.ok('POST /api/field/sync', { body: {} })).collections[collection]
  return change?.state === 'changed' ? change.rows.map((r) => r.row as T) : []
}
type Conflict = Extract<import('zod').output<typeof ConflictReplica>, { kind: 'field' }>
const conflictsOf = async (c: Client, visitId: string) =>
  (await copyOf<Conflict>(c, 'conflict')).filter((x) => x.kind === 'field' && x.visitId === visitId)
const inboxOf = async (c: Client, visitId: string) =>
  (await c.ok('GET /api/field-conflicts')).rows.filter((x) => x.visitId === visitId)
const off = (at: Date, device: string, seq = 1) => ({ offline: true, at, device, seq })

async function taken(name: string) {
  const e = await f.engineer(name)
  const v = await f.offer(e, { start: f.at(16), end: f.at(18) })
  await take(e, v.id)
  return { e, v }
}

describe('one field changed in two places', () => {
  const atDesk = (phone: string) =>
    f.ops.ok('PATCH /api/contacts/:id', { params: { id: f.contactId }, body: { name: '周主任', phone } })

  it('edited offline 14:09, changed by the office 14:12, synced 15:00: 14:12 stands and both are told', async () => {
    f.w.clock.at = f.at(13)
    await atDesk('13800138000')
    const { e, v } = await taken('甲')
    f.w.clock.at = f.at(14, 12)
    await atDesk('13900000012')
    f.w.clock.at = f.at(15)
    const body = { contact: { phone: '13900000009' }, base: { contact: { phone: '13800138000' } } }
    const item = fromPhone('visit.correct', v.id, body, off(f.at(14, 9), 's1'))
    const [answer] = await send(e, item)
    expect(answer).toMatchObject({
      verdict: 'applied',
      conflict: {
        why: 'field',
        fields: [
          {
            field: 'phone',
            mine: '13900000009',
            theirs: '13900000012',
            theirsAt: f.at(14, 12).toISOString(),
            kept: 'theirs',
          },
        ],
      },
    })
    expect((await get(e, v.id)).contact?.phone).toBe('13900000012')
    const both = {
      of: 'contact',
      field: 'phone',
      kept: { value: '13900000012', by: { id: f.ops.id }, at: f.at(14, 12).toISOString() },
      lost: { value: '13900000009', by: { id: e.id }, at: f.at(14, 9).toISOString() },
    }
    expect(await conflictsOf(e, v.id)).toMatchObject([both])
    expect(await inboxOf(f.dispatcher, v.id)).toMatchObject([both])
    // Asked again, the phone hears the same; nothing is kept twice.
    expect((await send(e, item))[0]).toMatchObject({ verdict: 'duplicate', conflict: answer?.conflict })
    expect(await inboxOf(f.dispatcher, v.id)).toHaveLength(1)
  })

  it('changed by the office 14:09, edited offline 14:12, synced 15:00: the phone’s word stands and both are told', async () => {
    f.w.clock.at = f.at(13)
    await atDesk('13800138000')
    const { e, v } = await taken('乙')
    f.w.clock.at = f.at(14, 9)
    await atDesk('13900000009')
    f.w.clock.at = f.at(15)
    const [answer] = await send(
      e,
      fromPhone(
        'visit.correct',
        v.id,
        { contact: { phone: '13900000012' }, base: { contact: { phone: '13800138000' } } },
        off(f.at(14, 12), 's2'),
      ),
    )
    expect(answer?.conflict).toMatchObject({ fields: [{ mine: '13900000012', theirs: '13900000009', kept: 'mine' }] })
    expect((await get(e, v.id)).contact?.phone).toBe('13900000012')
    expect(await inboxOf(f.dispatcher, v.id)).toMatchObject([
      { kept: { value: '13900000012', by: { id: e.id } }, lost: { value: '13900000009', by: { id: f.ops.id } } },
    ])
    // An office that changes it again, having seen it, is nobody's conflict.
    f.w.clock.at = f.at(15, 30)
    await atDesk('13900000013')
    expect(await inboxOf(f.dispatcher, v.id)).toHaveLength(1)
  })

  it('touches only the fields that were changed, and is silent where nobody else did', async () => {
    const { e, v } = await taken('丙')
    await f.ops.ok('PATCH /api/assets/:id', { params: { id: f.assetId }, body: { name: '影像服务器', model: 'R750' } })
    f.w.clock.at = f.at(11)
    const [answer] = await send(
      e,
      fromPhone(
        'visit.correct',
        v.id,
        {
          asset: { serial: 'DELL-R750-0043' },
          site: { entryNote: '走地下二层货梯' },
          base: { asset: { serial: 'DELL-R750-0042' }, site: { entryNote: null } },
        },
        off(f.at(8, 50), 's3'),
      ),
    )
    expect(answer).toMatchObject({ verdict: 'applied' })
    expect(answer?.conflict).toBeUndefined()
    expect(await get(e, v.id)).toMatchObject({
      asset: { serial: 'DELL-R750-0043', model: 'R750' },
      site: { entryNeeds: { note: '走地下二层货梯' } },
    })
    // A colleague without the visit corrects nothing by it.
    const other = await f.engineer()
    const [no] = await send(other, fromPhone('visit.correct', v.id, { asset: { serial: 'X' } }))
    expect(no).toMatchObject({ verdict: 'refused', problem: { code: 'not_found' } })
  })

  it('holds for the documents of two phones', async () => {
    const { e, v } = await taken('丁')
    const [d] = (await e.ok('GET /api/documents', { query: { visitId: v.id } })).rows
    const id = d?.id as string
    const fill = (work: string, at: Date, device: string, base: unknown) =>
      fromPhone('document.fill', id, { values: { work_done: work }, base: { work_done: base } }, off(at, device))
    f.w.clock.at = f.at(15)
    await send(e, fill('换了硬盘', f.at(14, 12), 'tablet', null))
    const [late] = await send(e, fill('重启', f.at(14, 9), 'phone', null))
    expect(late?.conflict).toMatchObject({ fields: [{ field: 'work_done', theirs: '换了硬盘', kept: 'theirs' }] })
    const read = () => e.ok('GET /api/documents/:id', { params: { id } })
    expect((await read()).values).toMatchObject({ work_done: '换了硬盘' })
    expect(await inboxOf(f.dispatcher, v.id)).toMatchObject([
      { of: 'document', field: 'work_done', label: { zh: expect.any(String) } },
    ])
    // What one phone writes after its own earlier word contradicts nobody.
    const [own] = await send(e, {
      ...fill('换了硬盘，重启正常', f.at(14, 20), 'tablet', '换了硬盘'),
      deviceSeq: 2,
    })
    expect(own?.conflict).toBeUndefined()
    expect((await read()).values).toMatchObject({ work_done: '换了硬盘，重启正常' })
  })

  it('holds for the planned time: the dispatcher’s later word stands, and nobody is told that it moved', async () => {
    const { e, v } = await taken('戊')
    const base = { start: f.at(16).toISOString(), end: f.at(18).toISOString() }
    const to = (hour: number) => ({ start: f.at(hour).toISOString(), end: f.at(hour + 1).toISOString() })
    f.w.clock.at = f.at(14, 12)
    await f.dispatcher.ok('POST /api/visits/:id/reschedule', {
      params: { id: v.id },
      body: { ...to(20), askedBy: 'us', reason: '备件晚到' },
    })
    const told = (await f.w.db.one<{ n: number }>(sql`select count(*) as n from notices where subject_id = ${v.id}`)).n
    f.w.clock.at = f.at(15)
    const [answer] = await send(
      e,
      fromPhone(
        'visit.reschedule',
        v.id,
        { ...to(19), askedBy: 'customer', reason: '客户开会', base },
        off(f.at(14, 9), 's5'),
      ),
    )
    expect(answer?.conflict).toMatchObject({
      fields: [{ field: 'planned', mine: to(19), theirs: to(20), kept: 'theirs' }],
    })
    expect((await get(e, v.id)).planned).toEqual(to(20))
    expect((await f.w.db.one<{ n: number }>(sql`select count(*) as n from notices where subject_id = ${v.id}`)).n).toBe(
      told,
    )
    expect(await inboxOf(f.dispatcher, v.id)).toMatchObject([{ of: 'visit', field: 'planned' }])
  })

  it('is settled once, by those who may, and the phone hears of it', async () => {
    const [c] = await inboxOf(
      f.dispatcher,
      (await f.w.db.query<{ visit_id: string }>(sql`select visit_id from field_conflicts where lost_by_name = '甲'`))[0]
        ?.visit_id as string,
    )
    const settle = { params: { id: c?.id as string }, body: { note: '以办公室的为准' } }
    const north = await f.w.person('dispatcher', 'team', f.w.teams.northOne)
    expect(await north.refused('POST /api/field-conflicts/:id/settle', settle)).toBe('not_found')
    await f.dispatcher.ok('POST /api/field-conflicts/:id/settle', settle)
    expect(await f.dispatcher.refused('POST /api/field-conflicts/:id/settle', settle)).toBe('conflict_settled')
    const { id } = await f.w.db.one<{ id: string }>(sql`select id from users where name = '甲'`)
    expect(id).toBe(c?.lost.by?.id)
    expect((await f.w.db.one<{ note: string }>(sql`select note from field_conflicts where id = ${c?.id}`)).note).toBe(
      '以办公室的为准',
    )
  })
})

describe('what was refused', () => {
  const refusals = async (c: Client, state: 'open' | 'settled' = 'open') =>
    (await c.ok('GET /api/refusals', { query: { state } })).rows

  it('is kept with who, what, when and why, until somebody retries it as its owner', async () => {
    const { e, v } = await taken('庚')
    const item = fromPhone('visit.confirm', v.id, { by: 'code', code: '000000' }, off(f.at(8, 30), 'r1'))
    await f.w.db.run(sql`update visits set arrival_code = '111111' where id = ${v.id}`)
    expect(await send(e, item)).toMatchObject([{ verdict: 'refused' }])
    // The phone insists: still one action, tried twice.
    await send(e, item)
    const row = (await refusals(f.dispatcher)).find((r) => r.id === item.commandId)
    expect(row).toMatchObject({
      command: 'visit.confirm',
      summary: { zh: '登记客户确认（远程）' },
      owner: { id: e.id, name: '庚' },
      deviceId: 'r1',
      offline: true,
      body: { by: 'code', code: '000000' },
      problem: { code: 'confirm_code_wrong' },
      madeAt: f.at(8, 30).toISOString(),
      attempts: 2,
      state: 'open',
      visitId: v.id,
      can: { retry: true, discard: true },
    })
    expect(await copyOf(e, 'refusal')).toMatchObject([{ commandId: item.commandId, state: 'open' }])
    const north = await f.w.person('dispatcher', 'team', f.w.teams.northOne)
    expect(await refusals(north)).toEqual([])
    const params = { id: item.commandId }
    expect(await north.refused('POST /api/refusals/:id/retry', { params, body: {} })).toBe('not_found')
    expect(await e.refused('POST /api/refusals/:id/retry', { params, body: {} })).toBe('forbidden')

    expect(await f.dispatcher.ok('POST /api/refusals/:id/retry', { params, body: {} })).toMatchObject({
      verdict: 'refused',
      problem: { code: 'confirm_code_wrong' },
    })
    await f.w.db.run(sql`update visits set arrival_code = '000000' where id = ${v.id}`)
    expect(await f.dispatcher.ok('POST /api/refusals/:id/retry', { params, body: {} })).toEqual({
      verdict: 'applied',
      problem: null,
    })
    const events = await f.w.db.query<{ type: string; actor_id: string; command_id: string }>(sql`
      select type, actor_id, command_id from events where (aggregate_id = ${v.id} and command_id = ${item.commandId}) or aggregate_id = ${item.commandId}
      order by recorded_at, type`)
    expect(events.filter((x) => x.type === 'visit.customer_confirmed')).toMatchObject([{ actor_id: e.id }])
    expect(events.filter((x) => x.type === 'refusal.retried')).toMatchObject([{ actor_id: f.dispatcher.id }])
    // The phone, asking once more, is told that it is done; its card knows who did it.
    expect((await send(e, item))[0]?.verdict).toBe('duplicate')
    const [told] = (await copyOf<unknown>(e, 'refusal')).map((r) => RefusalReplica.parse(r))
    expect(told).toMatchObject({ state: 'retried', decidedBy: f.dispatcher.name })
    expect(await f.dispatcher.refused('POST /api/refusals/:id/retry', { params, body: {} })).toBe('refusal_settled')
    expect((await refusals(f.dispatcher, 'settled')).some((r) => r.id === item.commandId)).toBe(true)
  })

  it('is discarded with a note, which its owner reads', async () => {
    const { e, v } = await taken('辛')
    const item = fromPhone('visit.finish', v.id, { result: 'partial' }, off(f.at(8, 30), 'r2'))
    await send(e, item)
    const params = { id: item.commandId }
    await f.dispatcher.ok('POST /api/refusals/:id/discard', { params, body: { note: '已电话确认，无需补' } })
    expect(await copyOf(e, 'refusal')).toMatchObject([{ state: 'discarded', note: '已电话确认，无需补' }])
    const { rows } = await e.ok('GET /api/notices', { query: {} })
    expect(rows.some((n) => n.code === 'refusal_discarded')).toBe(true)
  })

  it('is kept whatever it was: an unknown command, nonsense in the body, a command id of another', async () => {
    const { e, v } = await taken('壬')
    const odd = [
      fromPhone('visit.fly', v.id, { how: 'far' }),
      fromPhone('visit.pause', v.id, { reason: 'a\u0000b\ud800' }),
      fromPhone('visit.pause', 'nowhere', { reason: '等待' }),
    ]
    expect((await send(e, ...odd)).map((x) => x.verdict)).toEqual(['refused', 'refused', 'refused'])
    const kept = (await refusals(f.dispatcher)).filter((r) => r.owner.id === e.id)
    expect(kept.map((r) => r.problem.code).sort()).toEqual(['command_unknown', 'invalid_input', 'invalid_input'])
    const thief = await f.engineer()
    const [stolen] = await send(thief, { ...fromPhone('visit.open', v.id, {}), commandId: odd[0]?.commandId as string })
    expect(stolen).toMatchObject({ verdict: 'refused', problem: { code: 'not_found' } })
    // The row is its first owner's still.
    expect((await refusals(f.dispatcher)).filter((r) => r.id === odd[0]?.commandId)).toMatchObject([
      { owner: { id: e.id } },
    ])
  })

  it('shows neither where somebody stood nor pictures', async () => {
    const { e, v } = await taken('癸')
    await f.w.app.asSystem('test', (ctx) => cancelVisit(ctx, v.id, { reason: '客户取消' }))
    const item = fromPhone('visit.depart', v.id, { fix: { lat: 31.2, lng: 121.4, datum: 'wgs84' } })
    expect(await send(e, item)).toMatchObject([{ verdict: 'refused', problem: { code: 'state_forbids' } }])
    expect((await refusals(f.dispatcher)).find((r) => r.id === item.commandId)?.body).toEqual({})
  })

  it('and when it goes through after all, it is nobody’s trouble any more', async () => {
    const { e, v } = await taken('子')
    await f.w.db.run(sql`update visits set arrival_code = '222222' where id = ${v.id}`)
    const item = fromPhone('visit.confirm', v.id, { by: 'code', code: '333333' }, off(f.at(8, 50), 'r6'))
    await send(e, item)
    await f.w.db.run(sql`update visits set arrival_code = '333333' where id = ${v.id}`)
    expect((await send(e, item))[0]?.verdict).toBe('applied')
    expect((await refusals(f.dispatcher)).some((r) => r.id === item.commandId)).toBe(false)
  })
})

describe('an action that the visit’s story has no place for', () => {
  it('says so in its answer, and stands on the phone as a card', async () => {
    const { e, v } = await taken('丑')
    await f.w.app.asSystem('test', (ctx) => cancelVisit(ctx, v.id, { reason: '客户取消' }))
    f.w.clock.at = f.at(13)
    const [answer] = await send(e, fromPhone('visit.depart', v.id, {}, off(f.at(9, 40), 'e1')))
    expect(answer).toMatchObject({
      verdict: 'applied',
      conflict: { why: 'not_from_state', state: 'cancelled', fields: [] },
    })
    expect((await copyOf<{ visitId: string }>(e, 'conflict')).filter((c) => c.visitId === v.id)).toMatchObject([
      { kind: 'event', type: 'visit.departed', why: 'not_from_state', settledAt: null },
    ])
  })
})

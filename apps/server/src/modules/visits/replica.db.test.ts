import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DocumentReplica, Template } from '#contracts/documents.schema'
import { VisitReplica } from '#contracts/visits.schema'
import { type Field, field, fromPhone } from '../../../test/field'
import type { Client } from '../../../test/world'
import { sql } from '../../platform/database/pool'

let f: Field
beforeAll(async () => {
  f = await field({ templates: true })
})
afterAll(() => f.w.close())

type Have = Record<string, { digest: string; rows?: Record<string, string> }>
const sync = async (c: Client, have: Have = {}, collections?: string[]) =>
  (await c.ok('POST /api/field/sync', { body: { have, ...(collections ? { collections } : {}) } })).collections
const short = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32)

interface Copy {
  rows: Map<string, { hash: string; row: unknown }>
  digest: string
}
/** A phone that does as the contract says, written a second time here. */
async function keep(c: Client, copy: Record<string, Copy>) {
  const have = Object.fromEntries(
    Object.entries(copy).map(([name, k]) => [
      name,
      { digest: k.digest, rows: Object.fromEntries([...k.rows].map(([id, r]) => [id, r.hash])) },
    ]),
  )
  const sent: Record<string, number> = {}
  for (const [name, change] of Object.entries(await sync(c, have))) {
    const k = copy[name] ?? { rows: new Map(), digest: '' }
    copy[name] = k
    if (change.state === 'changed') {
      for (const r of change.rows) k.rows.set(r.id, { hash: short(canonicalize(r.row) as string), row: r.row })
      for (const id of change.gone) k.rows.delete(id)
      sent[name] = change.rows.length
    }
    const lines = [...k.rows].map(([id, r]) => `${id}:${r.hash}\n`).sort()
    k.digest = short(lines.join(''))
    expect(k.digest, name).toBe(change.digest)
  }
  return sent
}

describe('the phone’s copy', () => {
  it('holds one’s own visits with their documents, and afterwards only what has changed', async () => {
    const [e, other] = [await f.engineer('甲'), await f.engineer('乙')]
    const mine = await f.offer(e, { start: f.at(10), end: f.at(12) })
    const his = await f.offer(other, { start: f.at(10), end: f.at(12) })
    await e.ok('POST /api/visits/:id/take', { params: { id: mine.id }, body: {} })
    await other.ok('POST /api/visits/:id/take', { params: { id: his.id }, body: {} })
    const copy: Record<string, Copy> = {}
    await keep(e, copy)
    expect([...(copy.visit?.rows.keys() ?? [])]).toEqual([mine.id])
    const documents = [...(copy.document?.rows.values() ?? [])].map((r) => DocumentReplica.parse(r.row))
    expect(documents.length).toBeGreaterThan(0)
    expect(documents.every((d) => d.visitId === mine.id && d.mayFill)).toBe(true)
    for (const d of documents) expect(copy.template?.rows.has(`${d.templateKey}@${d.templateVersion}`)).toBe(true)
    for (const t of copy.template?.rows.values() ?? []) Template.parse(t.row)
    VisitReplica.parse(copy.visit?.rows.get(mine.id)?.row)

    // An hour later nothing has happened: nothing is sent, whatever the clocks say.
    f.w.clock.advance(60)
    const again = await sync(e, Object.fromEntries(Object.entries(copy).map(([n, k]) => [n, { digest: k.digest }])))
    expect(new Set(Object.values(again).map((c) => c.state))).toEqual(new Set(['same']))

    await e.ok('POST /api/visits/:id/depart', { params: { id: mine.id }, body: {} })
    expect(await keep(e, copy)).toMatchObject({ visit: 1 })
    expect(VisitReplica.parse(copy.visit?.rows.get(mine.id)?.row).fold).toMatchObject({ state: 'en_route' })
  })

  it('asks for the ids of what differs when the phone named only digests', async () => {
    const e = await f.engineer()
    const empty = short('')
    expect((await sync(e, { visit: { digest: empty } }, ['visit'])).visit).toEqual({ state: 'same', digest: empty })
    await f.offer(e)
    expect((await sync(e, { visit: { digest: empty } }, ['visit'])).visit?.state).toBe('ask')
    const { visit } = await sync(e, { visit: { digest: empty, rows: {} } }, ['visit'])
    expect(visit?.state === 'changed' && visit.rows.length).toBe(1)
  })

  it('loses what is no longer one’s own, and never shows a colleague’s', async () => {
    const [a, b] = [await f.engineer(), await f.engineer()]
    const v = await f.offer(a, { start: f.at(14), end: f.at(15) })
    await a.ok('POST /api/visits/:id/take', { params: { id: v.id }, body: {} })
    const copy: Record<string, Copy> = {}
    await keep(a, copy)
    expect(copy.visit?.rows.has(v.id)).toBe(true)
    expect((await sync(b)).visit).toMatchObject({ state: 'changed', rows: [] })
    // What was filled on the phone comes with the next copy.
    const [d] = [...(copy.document?.rows.values() ?? [])].map((r) => DocumentReplica.parse(r.row))
    await a.ok('POST /api/commands', {
      body: { items: [fromPhone('document.fill', d?.id as string, { values: { work_done: '更换硬盘' } })] },
    })
    expect((await keep(a, copy)).document).toBe(1)
    await f.w.db.run(sql`update visits set people = '{}' where id = ${v.id}`)
    await f.w.db.run(sql`update documents set people = '{}' where visit_id = ${v.id}`)
    await keep(a, copy)
    expect(copy.visit?.rows.size).toBe(0)
    expect(copy.document?.rows.size).toBe(0)
    // Those who see everything on the desk hold no copy of it.
    expect((await sync(f.ops)).visit).toMatchObject({ rows: [] })
  })
})

// What the demo's phones and office could not agree on this morning: actions that were refused, and fields that two
// people changed without knowing of each other. Made through the door that phones use.

import type { App } from '../src/platform/app'
import { type Item, runBatch } from '../src/platform/batch'
import { sql, wrap } from '../src/platform/database/pool'
import { derivedId } from '../src/platform/ids'
import type { Actor } from '../src/platform/policy'
import { Hands } from './hands'
import { deviceIdOf, type Story } from './story'
import { MINUTE } from './story/time'

interface VisitSeen {
  id: string
  engineer_id: string
  contact_id: string | null
  phone: string | null
  asset_id: string | null
  serial: string | null
  planned_start: Date
  planned_end: Date
  state: string
}

export async function seedOffline(
  app: App,
  clock: { ms: number },
  seed: string,
  story: Story,
  now: number,
): Promise<void> {
  const hands = new Hands(app)
  const db = wrap(app.pool)
  const seen = (where: ReturnType<typeof sql>) =>
    db.query<VisitSeen>(sql`
      select v.id, v.engineer_id, k.id as contact_id, k.phone, a.id as asset_id, a.serial, v.planned_start, v.planned_end, v.state
      from visits v join orders o on o.id = v.order_id left join contacts k on k.id = o.contact_id left join assets a on a.id = o.asset_id
      where ${where} order by v.planned_start desc, v.id limit 6`)
  const today = sql`v.planned_start > ${new Date(now - 20 * 3_600_000)} and v.planned_start < ${new Date(now)}`
  const [ended, taken] = [
    await seen(sql`v.state = 'finished' and v.mode = 'onsite' and ${today}`),
    await seen(
      sql`v.state in ('taken', 'en_route', 'on_site', 'working') and k.phone is not null and a.id is not null`,
    ),
  ]
  const deviceOf = (engineerId: string) => {
    const e = story.people.engineers.find((x) => x.id === engineerId)
    return e ? deviceIdOf(seed, e.userName) : engineerId
  }
  const fromPhone = (v: VisitSeen, command: string, body: unknown, at: number): Item => ({
    commandId: derivedId(v.id, `offline:${command}`),
    command,
    params: { id: v.id },
    body,
    deviceId: deviceOf(v.engineer_id),
    atDevice: new Date(at).toISOString(),
    skewMs: 0,
    offline: true,
  })
  const send = async (v: VisitSeen, item: Item) => {
    const actor = await hands.person(v.engineer_id)
    await runBatch(app, app.readContext(actor), [item])
  }
  const desk = async (): Promise<Actor | null> => {
    const { id } = (await db.maybe<{ id: string }>(
      sql`select u.id from users u join user_grants g on g.user_id = u.id where g.role = 'operations' order by u.id limit 1`,
    )) ?? { id: null }
    return id ? hands.person(id) : null
  }

  // A code read out wrongly, and a visit that cannot end twice.
  const [first, second] = ended
  clock.ms = now - 95 * MINUTE
  if (first) await send(first, fromPhone(first, 'visit.confirm', { by: 'code', code: '4071' }, clock.ms - 40 * MINUTE))
  clock.ms = now - 52 * MINUTE
  if (second)
    await send(
      second,
      fromPhone(second, 'visit.finish', { result: 'partial', reason: '客户临时要开会' }, clock.ms - 25 * MINUTE),
    )

  const [third, fourth] = taken
  const operator = await desk()
  if (third?.contact_id && operator) {
    // 客户换了号码: the office heard it on the phone, the engineer read it off the door three minutes earlier.
    const base = { contact: { phone: third.phone } }
    clock.ms = now - 70 * MINUTE
    await hands.does(operator, 'contact.edit', { params: { id: third.contact_id }, body: { phone: '13916600217' } })
    clock.ms = now - 33 * MINUTE
    await send(third, fromPhone(third, 'visit.correct', { contact: { phone: '13916600271' }, base }, now - 73 * MINUTE))
  }
  if (fourth?.asset_id && operator) {
    const base = { asset: { serial: fourth.serial } }
    clock.ms = now - 64 * MINUTE
    await hands.does(operator, 'asset.edit', {
      params: { id: fourth.asset_id },
      body: { serial: `${fourth.serial ?? 'SN'}-A` },
    })
    clock.ms = now - 21 * MINUTE
    await send(
      fourth,
      fromPhone(fourth, 'visit.correct', { asset: { serial: `${fourth.serial ?? 'SN'}-1A` }, base }, now - 44 * MINUTE),
    )
  }
  clock.ms = now
}

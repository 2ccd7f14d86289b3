// Phones: whose they are, the public key that each registered, and the one-time numbers given to it beforehand.

import { arrivalsRoutes } from '#contracts/arrivals.schema'
import { visitsRoutes } from '#contracts/visits.schema'
import { type Implemented, implement } from '../../platform/app'
import type { Ctx } from '../../platform/context'
import { sql } from '../../platform/database/pool'
import { fail } from '../../platform/errors'
import { canonical } from '../../platform/events'
import { derivedId, newId } from '../../platform/ids'
import { localDate } from '../../platform/numbers'
import { authorise, can, hasAbility, scopeSql } from '../../platform/policy'
import { pageOf, readCursor } from '../../platform/search'
import * as store from './store'

/** A phone holds this many one-time numbers: more check-ins than anybody makes between two networks. */
export const noncesHeld = 20
/** As long as a phone's copy reaches ahead. */
const nonceDays = 14

interface DeviceRow {
  id: string
  person_id: string
  label: string | null
  public_key: JsonWebKey | null
  bound_at: Date
  last_seen_at: Date
}

const present = (d: DeviceRow) => ({
  id: d.id,
  label: d.label,
  boundAt: d.bound_at.toISOString(),
  lastSeenAt: d.last_seen_at.toISOString(),
  keyed: d.public_key !== null,
})

export const devicesOf = async (ctx: Pick<Ctx, 'db'>, personId: string) =>
  (
    await ctx.db.query<DeviceRow>(
      sql`select id, person_id, label, public_key, bound_at, last_seen_at from devices where person_id = ${personId} order by last_seen_at desc limit 50`,
    )
  ).map(present)

/** Whose phone this command comes from; the first check-in binds an unknown one. null: it did not say. */
export async function deviceBound(ctx: Ctx): Promise<boolean | null> {
  const id = ctx.command?.deviceId
  if (id === undefined) return null
  const me = ctx.actor.id as string
  const known = await store.findDevice(ctx.db, id)
  await store.bindDevice(ctx.db, id, me, ctx.now)
  if (known) return known.person_id === me
  await tellBound(ctx, id)
  return true
}

// A second phone of the same person is his too, and on the record.
async function tellBound(ctx: Ctx, id: string) {
  const me = ctx.actor.id as string
  await ctx.emit({
    type: 'device.bound',
    aggregate: 'device',
    aggregateId: derivedId('device', id),
    payload: { deviceId: id, personId: me, others: await store.otherDevices(ctx.db, me, id) },
    scope: { team_id: ctx.actor.teamId ?? null, people: [me] },
  })
}

/**
 * One device, one person, one day: who else used it today since it was bound (a supervisor who unbinds it gives it to the
 * next), and what else this person used.
 */
export async function deviceToday(ctx: Ctx, at: Date): Promise<'shared' | 'second' | null> {
  const id = ctx.command?.deviceId
  const me = ctx.actor.id as string
  if (id === undefined) return null
  const today = localDate(at, ctx.zone)
  const { shared, second } = await ctx.db.one<{ shared: boolean; second: boolean }>(sql`
    select coalesce(bool_or(device_id = ${id} and person_id <> ${me}
        and received_at >= coalesce((select bound_at from devices where id = ${id}), ${ctx.now})), false) as shared,
      coalesce(bool_or(device_id <> ${id} and person_id = ${me}), false) as second
    from checkin_proofs where (device_id = ${id} or person_id = ${me}) and device_id is not null
      and at >= (${today}::date::timestamp at time zone ${ctx.zone}) and at < ((${today}::date + 1)::timestamp at time zone ${ctx.zone})`)
  return shared ? 'shared' : second ? 'second' : null
}

const engineersOnly = (ctx: Ctx) => hasAbility(ctx.actor, 'visit.work') || fail('forbidden', { ability: 'visit.work' })

export const deviceHandlers: Implemented[] = [
  implement(visitsRoutes.listDevices, async (ctx, { query }) => {
    const [boundAt, id] = (readCursor(query.after, 2) ?? []) as [string?, string?]
    const rows = await ctx.db.query<
      DeviceRow & { name: string; team_id: string | null; customer_id: null; people: string[] }
    >(sql`
      select d.* from (select x.id, x.person_id, u.name, x.label, x.public_key, x.bound_at, x.last_seen_at, u.team_id, null::uuid as customer_id, array[x.person_id] as people
        from devices x join users u on u.id = x.person_id) d
      where ${scopeSql(ctx.actor, 'device.manage', 'd')} and (${query.personId ?? null}::uuid is null or d.person_id = ${query.personId ?? null})
        and (${boundAt ?? null}::timestamptz is null or (d.bound_at, d.id) < (${boundAt ?? null}::timestamptz, ${id ?? null}))
      order by d.bound_at desc, d.id desc limit ${query.limit + 1}`)
    return pageOf(
      rows,
      query.limit,
      (d) => [d.bound_at.toISOString(), d.id],
      (d) => ({
        ...present(d),
        person: { id: d.person_id, name: d.name },
        can: can(ctx.actor, d, { unbind: ['device.manage', true] }),
      }),
    )
  }),

  implement(visitsRoutes.unbindDevice, async (ctx, { params, body }) => {
    const d = await ctx.db.maybe<{ person_id: string; team_id: string | null }>(
      sql`select d.person_id, u.team_id from devices d join users u on u.id = d.person_id where d.id = ${params.id} for update of d`,
    )
    if (!d) return fail('not_found')
    const scope = { team_id: d.team_id, customer_id: null, people: [d.person_id] }
    authorise(ctx.actor, 'device.manage', scope, 'device.manage')
    await ctx.db.run(sql`delete from devices where id = ${params.id}`)
    await ctx.db.run(sql`delete from checkin_nonces where device_id = ${params.id} and used_at is null`)
    await ctx.emit({
      type: 'device.unbound',
      aggregate: 'device',
      aggregateId: derivedId('device', params.id),
      payload: { deviceId: params.id, personId: d.person_id },
      reason: body.reason,
      scope,
    })
    return { ok: true as const }
  }),

  implement(arrivalsRoutes.registerDevice, async (ctx, { body }) => {
    engineersOnly(ctx)
    const me = ctx.actor.id as string
    const known = await ctx.db.maybe<DeviceRow>(
      sql`select id, person_id, public_key from devices where id = ${body.deviceId} for update`,
    )
    if (known && known.person_id !== me) fail('device_of_other')
    await store.bindDevice(ctx.db, body.deviceId, me, ctx.now)
    if (!known) await tellBound(ctx, body.deviceId)
    if (!known?.public_key || canonical(known.public_key) !== canonical(body.publicKey)) {
      await ctx.db.run(
        sql`update devices set public_key = ${JSON.stringify(body.publicKey)}::jsonb, keyed_at = ${ctx.now} where id = ${body.deviceId}`,
      )
      // A cleared browser makes a new key: on the record, since a key that changes each day proves little.
      await ctx.emit({
        type: known?.public_key ? 'device.rekeyed' : 'device.keyed',
        aggregate: 'device',
        aggregateId: derivedId('device', body.deviceId),
        payload: { deviceId: body.deviceId, personId: me },
        scope: { team_id: ctx.actor.teamId ?? null, people: [me] },
      })
    }
    const row = await ctx.db.one<DeviceRow>(
      sql`update devices set label = coalesce(${body.label ?? null}, label) where id = ${body.deviceId}
        returning id, person_id, label, public_key, bound_at, last_seen_at`,
    )
    return present(row)
  }),

  implement(arrivalsRoutes.issueNonces, async (ctx, { body }) => {
    engineersOnly(ctx)
    const me = ctx.actor.id as string
    const good = await ctx.db.query<{ id: string }>(sql`
      select id from checkin_nonces where id = any(${body.held}::uuid[]) and person_id = ${me} and device_id = ${body.deviceId}
        and used_at is null and expires_at > ${ctx.now}`)
    // Whatever the phone does not hold any more (a cleared browser, a lost answer) is nobody's: it goes.
    await ctx.db.run(sql`delete from checkin_nonces where person_id = ${me} and device_id = ${body.deviceId} and used_at is null
      and id <> all(${body.held}::uuid[]) and issued_at < ${new Date(ctx.now.getTime() - 86_400_000)}`)
    const alive = new Set(good.map((n) => n.id))
    const nonces = Array.from({ length: Math.max(0, noncesHeld - alive.size) }, () => ({
      id: newId(),
      issuedAt: ctx.now.toISOString(),
      expiresAt: new Date(ctx.now.getTime() + nonceDays * 86_400_000).toISOString(),
    }))
    await ctx.db.run(sql`insert into checkin_nonces (id, person_id, device_id, issued_at, expires_at)
      select n.id, ${me}, ${body.deviceId}, n."issuedAt", n."expiresAt"
      from jsonb_to_recordset(${JSON.stringify(nonces)}::jsonb) as n(id uuid, "issuedAt" timestamptz, "expiresAt" timestamptz)`)
    return { nonces, dead: body.held.filter((id) => !alive.has(id)) }
  }),
]

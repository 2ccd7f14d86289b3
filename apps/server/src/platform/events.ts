import { createHash, randomBytes } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { LifecycleEvent } from '#lifecycle'
import { type Db, type Sql, sql } from './database/pool'
import type { ScopeRow } from './policy'

/** A fact as a command states it. The envelope (actor, command, device, times) is added by the write path. */
export interface NewEvent {
  type: string
  aggregate: string
  aggregateId: string
  payload?: Record<string, unknown>
  /** Values of a person (name, phone, coordinates): hashed with a salt into the chain, kept in an erasable table. */
  personal?: Record<string, unknown>
  /** Who may see it live: the scope columns of the row it belongs to. */
  scope?: Partial<ScopeRow>
  /** When it happened, if not now. */
  occurredAt?: Date
  reason?: string | null
  flags?: string[]
  id?: string
}

export interface StoredEvent {
  id: string
  aggregate: string
  aggregateId: string
  type: string
  version: number
  payload: Record<string, unknown>
  personalHash: string | null
  actorId: string | null
  actorKind: string
  actorName: string
  source: string
  commandId: string | null
  deviceId: string | null
  deviceSeq: number | null
  atDevice: Date | null
  skewMs: number | null
  occurredAt: Date
  recordedAt: Date
  offline: boolean
  reason: string | null
  flags: string[]
  teamId: string | null
  customerId: string | null
  people: string[]
  position: number | null
  hash: Buffer | null
}

export const eventColumns = sql`id, aggregate, aggregate_id as "aggregateId", type, version, payload, personal_hash as "personalHash",
  actor_id as "actorId", actor_kind as "actorKind", actor_name as "actorName", source, command_id as "commandId", device_id as "deviceId", device_seq as "deviceSeq",
  at_device as "atDevice", skew_ms as "skewMs", occurred_at as "occurredAt", recorded_at as "recordedAt", offline, reason, flags,
  team_id as "teamId", customer_id as "customerId", people, position, hash`

/** RFC 8785: the same value gives the same bytes on every machine. */
export const canonical = (value: unknown): string => canonicalize(value) as string
export const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest()

export function hashPersonal(values: Record<string, unknown>): { salt: Buffer; hash: string } {
  const salt = randomBytes(16)
  return { salt, hash: sha256(Buffer.concat([salt, Buffer.from(canonical(values))])).toString('hex') }
}

export interface PersonalValues {
  eventId: string
  salt: Buffer
  values: Record<string, unknown>
}

/** Inserts for all events of a command and for what they say of persons, as parts of one statement. */
export const eventInserts = (events: readonly StoredEvent[], personal: readonly PersonalValues[]): Sql => sql`
  new_events as (
    insert into events (id, aggregate, aggregate_id, type, version, payload, personal_hash, actor_id, actor_kind, actor_name, source,
      command_id, device_id, device_seq, at_device, skew_ms, occurred_at, recorded_at, offline, reason, flags, team_id, customer_id, people)
    select e.id, e."aggregate", e."aggregateId", e.type, e.version, e.payload, e."personalHash", e."actorId", e."actorKind", e."actorName", e.source,
      e."commandId", e."deviceId", e."deviceSeq", e."atDevice", e."skewMs", e."occurredAt", e."recordedAt", e.offline, e.reason, e.flags, e."teamId", e."customerId", e.people
    from jsonb_to_recordset(${JSON.stringify(events)}::jsonb) as e(
      id uuid, "aggregate" text, "aggregateId" uuid, type text, version int, payload jsonb, "personalHash" text, "actorId" uuid, "actorKind" text, "actorName" text, source text,
      "commandId" uuid, "deviceId" text, "deviceSeq" bigint, "atDevice" timestamptz, "skewMs" bigint, "occurredAt" timestamptz, "recordedAt" timestamptz,
      offline boolean, reason text, flags text[], "teamId" uuid, "customerId" uuid, people uuid[])
  ), new_personal as (
    insert into event_personal (event_id, salt, values)
    select p.id, decode(p.salt, 'hex'), p.values
    from jsonb_to_recordset(${JSON.stringify(personal.map((p) => ({ id: p.eventId, salt: p.salt.toString('hex'), values: p.values })))}::jsonb)
      as p(id uuid, salt text, values jsonb)
  )`

/** All events of one aggregate, sealed or not, in the order that folds want: when it happened, then the device's own order, then the id. */
export async function eventsOf(db: Db, aggregateId: string): Promise<StoredEvent[]> {
  return db.query<StoredEvent>(sql`
    select ${eventColumns} from events where aggregate_id = ${aggregateId} order by occurred_at, device_seq nulls first, id`)
}

/**
 * The events of one aggregate as a fold wants them: what is stored and what this command has stated so far. Other
 * aggregates may share the id (a thread has its subject's), so the kind is part of the question.
 */
export async function historyOf(
  ctx: { db: Db; emitted: readonly StoredEvent[] },
  aggregate: string,
  aggregateId: string,
): Promise<StoredEvent[]> {
  const stored = await eventsOf(ctx.db, aggregateId)
  return [...stored, ...ctx.emitted.filter((e) => e.aggregateId === aggregateId)].filter(
    (e) => e.aggregate === aggregate,
  )
}

/** The same event as the lifecycle package reads it: instants are epoch milliseconds. */
export function toLifecycle(e: StoredEvent): LifecycleEvent {
  return {
    id: e.id,
    aggregate: e.aggregate,
    aggregateId: e.aggregateId,
    type: e.type,
    version: e.version,
    payload: e.payload,
    actor: { kind: e.actorKind === 'link' ? 'customer' : e.actorKind, id: e.actorId },
    source: e.source,
    commandId: e.commandId,
    deviceId: e.deviceId,
    deviceSeq: e.deviceSeq,
    atDevice: e.atDevice?.getTime() ?? null,
    skewMs: e.skewMs,
    occurredAt: e.occurredAt.getTime(),
    recordedAt: e.recordedAt.getTime(),
    offline: e.offline,
    reason: e.reason,
    flags: e.flags,
  } as unknown as LifecycleEvent
}

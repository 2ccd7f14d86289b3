import type { TaskSpec } from 'graphile-worker'
import type pg from 'pg'
import type { App } from './app'
import type { CommandMeta, Ctx } from './context'
import { type Db, sql, wrap } from './database/pool'
import { CodedError, fail } from './errors'
import {
  canonical,
  eventInserts,
  hashPersonal,
  type NewEvent,
  type PersonalValues,
  type StoredEvent,
  sha256,
} from './events'
import { newId } from './ids'
import type { Met } from './merge'
import type { Actor } from './policy'

export interface CommandCall {
  actor: Actor
  meta: Omit<CommandMeta, 'id'> & { id?: string }
  /** What the receipt binds: params and body as they were sent. */
  hashOf: unknown
  /** Reactions and jobs keep no reply: nobody asks for it again. */
  keepReply: boolean
  requestId: string
  work: (ctx: Ctx) => Promise<unknown>
}

const retryable = new Set(['40001', '40P01'])
/** Constraint name → the refusal that it means. Modules add theirs at start. */
export const constraintErrors = new Map<string, (detail: string) => CodedError>()

export interface Ran {
  reply: unknown
  duplicate: boolean
  /** Taken, yet not as it was meant. */
  conflict: Met | null
}

/**
 * The one write path: receipt, rows, events, jobs in ONE transaction. A repeat of the same command answers what the
 * first one answered; a serialization failure is tried again here, since nothing was changed.
 */
export async function runCommand(app: App, call: CommandCall): Promise<Ran> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(app, call)
    } catch (error) {
      const e = error as pg.DatabaseError
      if (retryable.has(e.code ?? '') && attempt < 4) continue
      if (retryable.has(e.code ?? '')) fail('busy_retry')
      const named = e.constraint ? constraintErrors.get(e.constraint) : undefined
      if (named) throw named(e.detail ?? '')
      throw error
    }
  }
}

async function once(app: App, call: CommandCall): Promise<Ran> {
  const client = await app.pool.connect()
  let broken = false
  try {
    await client.query('begin')
    const db = wrap(client)
    const now = app.clock.now()
    const meta: CommandMeta = { ...call.meta, id: call.meta.id ?? newId() }
    const bodyHash = sha256(canonical({ command: meta.name, of: call.hashOf ?? null }))

    if (call.meta.id) {
      // A second caller with the same id waits here for the first one's commit, then reads its receipt.
      const fresh = await db.run(sql`insert into receipts (command_id, command, body_hash, actor_id, created_at)
        values (${meta.id}, ${meta.name}, ${bodyHash}, ${call.actor.id}, ${now}) on conflict do nothing`)
      if (fresh === 0) {
        const first = await db.one<{
          body_hash: Buffer
          actor_id: string | null
          reply: unknown
          conflict: Met | null
        }>(sql`select body_hash, actor_id, reply, conflict from receipts where command_id = ${meta.id}`)
        if (!first.body_hash.equals(bodyHash) || first.actor_id !== call.actor.id) fail('command_reused')
        await client.query('commit')
        return { reply: first.reply, duplicate: true, conflict: first.conflict }
      }
    }

    const events: StoredEvent[] = []
    const personal: PersonalValues[] = []
    const jobs: NewJob[] = []
    const o = app.options
    const ctx: Ctx = {
      db,
      actor: call.actor,
      clock: app.clock,
      now,
      log: app.log,
      files: o.files,
      requestId: call.requestId,
      zone: o.zone,
      demo: o.demo,
      publicUrl: o.publicUrl,
      secret: o.secret,
      command: meta,
      emitted: events,
      met: { conflict: null },
      async emit(e: NewEvent) {
        const stored = envelope(e, ctx.actor, meta, now)
        if (e.personal) {
          const { salt, hash } = hashPersonal(e.personal)
          stored.personalHash = hash
          personal.push({ eventId: stored.id, salt, values: e.personal })
        }
        events.push(stored)
        for (const r of app.reactionsByType.get(e.type) ?? [])
          jobs.push({ identifier: `react:${r.name}`, payload: stored, spec: {} })
        return stored
      },
      async job(identifier, payload, spec = {}) {
        jobs.push({ identifier, payload, spec })
      },
    }
    const reply = await call.work(ctx)
    const conflict = ctx.met.conflict
    const receipt = call.meta.id && call.keepReply ? { id: meta.id, reply: reply ?? null, conflict } : null
    if (events.length > 0 || jobs.length > 0 || receipt) await conclude(db, events, personal, jobs, receipt)
    await client.query('commit')
    if (events.length > 0) app.sealer.nudge()
    return { reply, duplicate: false, conflict }
  } catch (error) {
    await client.query('rollback').catch(() => {
      broken = true
    })
    if (!broken && error instanceof CodedError) await error.after?.(wrap(client))
    throw error
  } finally {
    client.release(broken)
  }
}

// The queue's crontab knows no dots in names.
export const taskName = (name: string): string => name.replaceAll('.', ':')

interface NewJob {
  identifier: string
  payload: unknown
  spec: TaskSpec
}

/** Events, receipt and jobs in one statement: each would cost a round trip while the command holds its locks. */
async function conclude(
  db: Db,
  events: StoredEvent[],
  personal: PersonalValues[],
  jobs: NewJob[],
  receipt: { id: string; reply: unknown; conflict: Met | null } | null,
) {
  const rows = jobs.map(({ identifier, payload, spec }) => ({
    identifier: taskName(identifier),
    payload,
    run_at: spec.runAt ?? null,
    job_key: spec.jobKey ?? null,
    max_attempts: spec.maxAttempts ?? 12,
  }))
  await db.run(sql`
    with ${eventInserts(events, personal)}, answered as (
      update receipts set reply = ${receipt ? JSON.stringify(receipt.reply) : null}::jsonb,
        conflict = ${receipt?.conflict ? JSON.stringify(receipt.conflict) : null}::jsonb where command_id = ${receipt?.id ?? null}::uuid
    )
    select graphile_worker.add_job(j.identifier, payload := j.payload, run_at := j.run_at, job_key := j.job_key, max_attempts := j.max_attempts)
    from json_to_recordset(${JSON.stringify(rows)}::json) as j(identifier text, payload json, run_at timestamptz, job_key text, max_attempts int)`)
}

function envelope(e: NewEvent, actor: Actor, meta: CommandMeta, now: Date): StoredEvent {
  return {
    id: e.id ?? newId(),
    aggregate: e.aggregate,
    aggregateId: e.aggregateId,
    type: e.type,
    version: 1,
    payload: e.payload ?? {},
    personalHash: null,
    actorId: actor.id,
    actorKind: actor.kind,
    actorName: actor.name,
    source: meta.source,
    commandId: meta.id,
    deviceId: meta.deviceId ?? null,
    deviceSeq: meta.deviceSeq ?? null,
    atDevice: meta.atDevice ?? null,
    skewMs: meta.skewMs ?? null,
    occurredAt: e.occurredAt ?? now,
    recordedAt: now,
    offline: meta.offline,
    reason: e.reason ?? null,
    flags: e.flags ?? [],
    teamId: e.scope?.team_id ?? null,
    customerId: e.scope?.customer_id ?? null,
    people: [...(e.scope?.people ?? [])],
    position: null,
    hash: null,
  }
}

/** Refuses a change made against an older revision, saying who changed what since. */
export function checkRev(
  ctx: Ctx,
  row: { rev: number; changed_at?: Date | null; changed_by_name?: string | null },
): void {
  const base = ctx.command?.baseRev
  if (base !== undefined && base !== row.rev)
    fail('changed_meanwhile', {
      rev: row.rev,
      by: row.changed_by_name ?? '—',
      at: row.changed_at?.toISOString() ?? '—',
    })
}

// What a phone did and the server refused is never only an answer: it is kept until a person has dealt with it.

import type { App } from './app'
import type { Item } from './batch'
import { runCommand } from './command'
import { sql, wrap } from './database/pool'
import type { CodedError } from './errors'
import type { Actor } from './policy'

/** As JSON that a text column can hold whatever was sent. */
const json = (v: unknown): string | null => (v === undefined ? null : JSON.stringify(v))

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Keeps a refused action with its reason; the same action refused again is the same row, one attempt more. */
export async function keepRefusal(app: App, actor: Actor, item: Item, why: CodedError): Promise<void> {
  await runCommand(app, {
    actor,
    meta: { name: 'refusal.keep', offline: false, source: 'device' },
    hashOf: null,
    keepReply: false,
    requestId: '-',
    work: async (ctx) => {
      const atDevice = item.atDevice ? new Date(item.atDevice) : null
      const made = atDevice ? Math.min(atDevice.getTime() - (item.skewMs ?? 0), ctx.now.getTime()) : ctx.now.getTime()
      const id = item.params.id
      const problem = { code: why.code, params: why.params, ...(why.issues ? { issues: why.issues } : {}) }
      const people = [actor.id]
      const team = actor.teamId ?? null
      const n = await ctx.db.run(sql`
        insert into refused_actions (command_id, person_id, command, device_id, device_seq, params, body, base_rev, subject_id, problem, offline,
          at_device, skew_ms, made_at, received_at, team_id, people)
        values (${item.commandId}, ${actor.id}, ${item.command}, ${item.deviceId ?? null}, ${item.deviceSeq ?? null}, ${json(item.params)}, ${json(item.body)},
          ${item.baseRev ?? null}, ${typeof id === 'string' && uuid.test(id) ? id : null}, ${json(problem)}, ${item.offline ?? false},
          ${atDevice}, ${item.skewMs ?? null}, ${new Date(made)}, ${ctx.now}, ${team}, ${people})
        on conflict (command_id) do update set problem = excluded.problem, received_at = excluded.received_at, attempts = refused_actions.attempts + 1
        where refused_actions.person_id = excluded.person_id and refused_actions.state = 'open'`)
      // Discarded already, and sent once more: there is nothing new to say.
      if (n === 0) return
      await ctx.emit({
        type: 'refusal.kept',
        aggregate: 'refusal',
        aggregateId: item.commandId,
        payload: { command: item.command, code: why.code },
        scope: { team_id: team, customer_id: null, people: people as string[] },
      })
    },
  })
}

/** What went through after all (the phone tried again when the world had changed) is no longer anybody's trouble. */
export async function settleApplied(app: App, commandIds: readonly string[]): Promise<void> {
  if (commandIds.length === 0) return
  await wrap(
    app.pool,
  ).run(sql`update refused_actions set state = 'retried', decided_at = ${app.clock.now()}, decided_by = person_id
    where state = 'open' and command_id = any(${commandIds}::uuid[])`)
}

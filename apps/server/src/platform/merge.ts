// Two people change one thing without knowing of each other, one of them out of contact. Field by field the later word
// stands; the other word is kept, and both are told.

import type { z } from 'zod'
import type { CommandConflict } from '#contracts/platform.schema'
import type { Ctx } from './context'
import { type Db, sql } from './database/pool'
import { canonical } from './events'
import { newId } from './ids'
import type { ScopeRow } from './policy'

export type Met = z.output<typeof CommandConflict>

export interface FieldEdit {
  field: string
  value: unknown
  current: unknown
  /** What the editor saw when he changed it; left out: he did not say. */
  base?: unknown
  /** The field's own words, where it has some. */
  label?: { zh: string; en: string } | null
  /** Under which name, or as which events, its changes stand in the journal; by default the field's name. */
  listedAs?: string
  types?: readonly string[]
}

export interface MergeSubject {
  aggregate: string
  aggregateId: string
  /** Where an event of this aggregate lists the fields that it changed. */
  listedIn: 'keys' | 'changed'
  scope: ScopeRow
  visitId: string | null
  orderId: string | null
  title: string | null
}

interface Change {
  field: string
  actor_id: string | null
  actor_name: string
  occurred_at: Date
  device_id: string | null
}

/** Who had the last word about each field: the journal knows. */
const lastChanges = (db: Db, s: MergeSubject, edits: readonly FieldEdit[]) =>
  db.query<Change>(sql`
    select distinct on (f.field) f.field, e.actor_id, e.actor_name, e.occurred_at, e.device_id
    from jsonb_to_recordset(${JSON.stringify(edits.map((e) => ({ field: e.field, name: e.listedAs ?? e.field, types: e.types ?? [] })))}::jsonb)
        as f(field text, name text, types text[])
      join events e on e.aggregate_id = ${s.aggregateId} and e.aggregate = ${s.aggregate}
        and (e.type = any(f.types) or e.payload->${s.listedIn} ? f.name)
    order by f.field, e.occurred_at desc, e.device_seq desc nulls last, e.id desc`)

const same = (a: unknown, b: unknown) => canonical(a ?? null) === canonical(b ?? null)

/**
 * Which of these edits must not be written because a later word stands. What was contested, either way, is kept as a
 * conflict, told to the caller's phone (`ctx.met`) and shown in the inbox. An edit in contact that says nothing of what
 * it saw is simply the last word, and a phone never contradicts itself.
 */
export async function mergeFields(
  ctx: Ctx,
  s: MergeSubject,
  at: Date,
  edits: readonly FieldEdit[],
): Promise<Set<string>> {
  const lost = new Set<string>()
  const contested = edits.filter(
    (e) => !same(e.value, e.current) && ('base' in e ? !same(e.base, e.current) : (ctx.command?.offline ?? false)),
  )
  if (contested.length === 0) return lost
  const last = new Map((await lastChanges(ctx.db, s, contested)).map((c) => [c.field, c]))
  for (const e of contested) {
    const theirs = last.get(e.field)
    if (theirs?.device_id && theirs.device_id === ctx.command?.deviceId) continue
    const later = theirs !== undefined && theirs.occurred_at > at
    // Without a base only the times can tell, and a later word is nothing to object to.
    if (!later && !('base' in e)) continue
    if (later) lost.add(e.field)
    await keep(ctx, s, at, e, theirs, later)
  }
  return lost
}

async function keep(ctx: Ctx, s: MergeSubject, at: Date, e: FieldEdit, theirs: Change | undefined, later: boolean) {
  const id = newId()
  const mine = { value: e.value, by: ctx.actor.id, name: ctx.actor.name as string | null, at: at as Date | null }
  const other = {
    value: e.current,
    by: theirs?.actor_id ?? null,
    name: theirs?.actor_name ?? null,
    at: theirs?.occurred_at ?? null,
  }
  const [kept, gone] = later ? [other, mine] : [mine, other]
  const people = [...new Set([...s.scope.people, ...[ctx.actor.id, other.by].filter((p) => p !== null)])]
  const json = (v: unknown) => JSON.stringify(v ?? null)
  await ctx.db.run(sql`
    insert into field_conflicts (id, aggregate, aggregate_id, field, label, visit_id, order_id, title, kept, kept_by, kept_by_name, kept_at,
      lost, lost_by, lost_by_name, lost_at, command_id, found_at, team_id, customer_id, people)
    values (${id}, ${s.aggregate}, ${s.aggregateId}, ${e.field}, ${e.label ? json(e.label) : null}::jsonb, ${s.visitId}, ${s.orderId}, ${s.title},
      ${json(kept.value)}::jsonb, ${kept.by}, ${kept.name}, ${kept.at}, ${json(gone.value)}::jsonb, ${gone.by}, ${gone.name}, ${gone.at},
      ${ctx.command?.id ?? null}, ${ctx.now}, ${s.scope.team_id}, ${s.scope.customer_id}, ${people})`)
  await ctx.emit({
    type: 'conflict.found',
    aggregate: 'conflict',
    aggregateId: id,
    payload: {
      of: s.aggregate,
      ofId: s.aggregateId,
      field: e.field,
      kept: later ? 'theirs' : 'mine',
      visitId: s.visitId,
      orderId: s.orderId,
    },
    scope: { team_id: s.scope.team_id, customer_id: s.scope.customer_id, people },
  })
  ctx.met.conflict ??= { why: 'field', state: null, fields: [] }
  ctx.met.conflict.fields.push({
    field: e.field,
    mine: e.value ?? null,
    theirs: e.current ?? null,
    theirsBy: other.name,
    theirsAt: other.at?.toISOString() ?? null,
    kept: later ? 'theirs' : 'mine',
  })
}

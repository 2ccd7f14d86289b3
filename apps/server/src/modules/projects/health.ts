import type { Ctx } from '../../platform/context'
import { canonical } from '../../platform/events'
import { tell } from '../notices'
import { scopeOf } from './present'
import { healthOf, type Signal, type SignalCause } from './rules'
import * as store from './store'

/** Works out the health from what is known now; states the change, and tells the manager when it becomes a risk. */
export async function refreshHealth(ctx: Ctx, projectId: string): Promise<void> {
  const p = await store.lock(ctx.db, projectId)
  if (!p) return
  const signals = (await store.signalsOf(ctx.db, p.id))
    .filter((s) => s.cleared_at === null)
    .map(
      (s): Signal => ({ cause: s.cause, refKind: s.ref_kind, refId: s.ref_id, at: s.at.getTime(), params: s.params }),
    )
  const health = healthOf(
    {
      id: p.id,
      state: p.state,
      pausedOn: p.paused_on,
      budgetDays: p.budget_person_days,
      usedMin: p.used_min,
    },
    p.phases,
    signals,
    { now: ctx.now.getTime(), zone: ctx.zone },
  )
  const said = (causes: store.ProjectRow['health_causes']) =>
    causes.map((c) => `${c.code}:${c.level}:${c.refs.map((r) => r.id).sort()}`).join('|')
  if (canonical(health.causes) === canonical(p.health_causes) && health.level === p.health_level) return
  await store.saveHealth(ctx.db, p.id, health.level, health.causes)
  // One more day of the same lateness is a new number on the page, not news.
  if (health.level === p.health_level && said(health.causes) === said(p.health_causes)) return
  await ctx.emit({
    type: 'project.health_changed',
    aggregate: 'project',
    aggregateId: p.id,
    payload: { from: p.health_level, to: health.level, causes: health.causes.map((c) => c.code) },
    scope: scopeOf(p),
  })
  if (health.level === 'risk' && p.health_level !== 'risk')
    await tell(ctx, {
      userIds: [p.manager_id],
      code: 'project_at_risk',
      params: { number: p.number, name: p.name, causes: health.causes.map((c) => c.code) },
      subject: { kind: 'project', id: p.id },
      urgency: 'urgent',
    })
}

/**
 * All that later rooms find wrong with a project's work now: what is new is raised, what is gone is cleared and stays
 * on record. The same again changes nothing.
 */
export async function setSignals(
  ctx: Ctx,
  projectId: string,
  found: readonly {
    cause: SignalCause
    ref: { kind: Signal['refKind']; id: string }
    at: Date
    params?: Record<string, unknown>
  }[],
): Promise<void> {
  const key = (cause: string, id: string) => `${cause} ${id}`
  const now = new Set(found.map((f) => key(f.cause, f.ref.id)))
  let changes = 0
  for (const { cause, ref, at, params = {} } of found)
    changes += await store.upsertSignal(ctx.db, projectId, { cause, refKind: ref.kind, refId: ref.id, at, params })
  for (const s of await store.signalsOf(ctx.db, projectId))
    if (s.cleared_at === null && !now.has(key(s.cause, s.ref_id)))
      changes += await store.clearSignal(ctx.db, projectId, s.cause, s.ref_id, ctx.now)
  if (changes > 0) await refreshHealth(ctx, projectId)
}
/** Counts of its orders and minutes of work done for it, as the last room sees them. */
export async function setTally(
  ctx: Ctx,
  projectId: string,
  tally: { ordersTotal: number; ordersOpen: number; ordersLate: number; usedMin: number },
): Promise<void> {
  if ((await store.saveTally(ctx.db, projectId, tally)) === 0) return
  const p = await store.find(ctx.db, projectId)
  if (!p) return
  await ctx.emit({
    type: 'project.tallied',
    aggregate: 'project',
    aggregateId: projectId,
    payload: tally,
    scope: scopeOf(p),
  })
  await refreshHealth(ctx, projectId)
}
/** Health of every running project: phases become late by the clock alone. */
export async function refreshAll(ctx: Ctx): Promise<void> {
  for (const id of await store.runningIds(ctx.db)) await refreshHealth(ctx, id)
}

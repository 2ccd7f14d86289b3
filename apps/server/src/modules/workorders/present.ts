import type { z } from 'zod'
import type { Ability } from '#contracts'
import type { OrderRow as WireRow } from '#contracts/orders.schema'
import { can as lifecycleAllows, type OrderState, type OrderStateCode, type Verb } from '#lifecycle'
import { type Actor, can } from '../../platform/policy'
import { surveySettled } from './commands'
import { type OrderRow, orderScope } from './order'

const abilityOf = {
  submit: 'order.create',
  triage: 'order.triage',
  edit: 'order.edit',
  contact: 'order.contact',
  hold: 'order.hold',
  resume: 'order.hold',
  cancel: 'order.end',
  cannot_complete: 'order.end',
  accept: 'order.accept',
  reject: 'order.accept',
  request_waive: 'order.requestWaive',
  waive: 'order.waive',
  refuse_waive: 'order.waive',
  close: 'order.close',
  reopen: 'order.reopen',
  mark: 'order.mark',
} as const satisfies Partial<Record<Verb<'order'>, Ability>>

/** Each verb: ability × scope × state and what the world says of its gates. */
export function verbsOf(actor: Actor, row: OrderRow, notice: boolean): Record<string, boolean> {
  const asked = row.fold.waiveRequestedAt !== null
  const open = (verb: string) =>
    verb === 'waive' || verb === 'refuse_waive'
      ? asked
      : verb === 'request_waive'
        ? !asked
        : verb === 'close'
          ? surveySettled(row)
          : true
  const out = can(
    actor,
    orderScope(row),
    Object.fromEntries(
      Object.entries(abilityOf).map(([verb, ability]) => [
        verb,
        [ability, lifecycleAllows('order', row.state, verb as Verb<'order'>) && open(verb)] as const,
      ]),
    ),
  )
  return { ...out, ...can(actor, orderScope(row), { notice: ['order.accept', notice] }) }
}

export const iso = (v: Date | number | null | undefined): string | null =>
  v === null || v === undefined ? null : new Date(v).toISOString()
export const windowOf = (w: { start: number; end: number } | null) =>
  w && { start: new Date(w.start).toISOString(), end: new Date(w.end).toISOString() }

/** Columns that a row of the list needs besides the order's own. */
export interface Named extends OrderRow {
  created_at: Date
  customer_name: string
  site_name: string | null
  site_address: string | null
  site_zone: string | null
  site_hours: [number, number][][] | null
  team_name: string | null
  engineer_names: { id: string; name: string }[]
  deem_after_days: number | null
}

const beforeHandover: OrderStateCode[] = ['draft', 'new', 'unassigned', 'assigned', 'in_progress', 'on_hold']
export const dueOf = (fold: OrderState): number | null => fold.facts.dueAt ?? fold.promise.current?.end ?? null

export function row(actor: Actor, o: Named, now: Date, sla: z.input<typeof WireRow>['sla']): z.input<typeof WireRow> {
  const f = o.fold.facts
  const due = dueOf(o.fold)
  const hold = o.fold.hold
  return {
    id: o.id,
    number: o.number,
    state: o.state,
    type: f.type as z.input<typeof WireRow>['type'],
    priority: f.priority as z.input<typeof WireRow>['priority'],
    title: f.title,
    customer: { id: o.customer_id, name: o.customer_name },
    site: o.site_id ? { id: o.site_id, name: o.site_name ?? '', address: o.site_address ?? '' } : null,
    team: o.team_id ? { id: o.team_id, name: o.team_name ?? '' } : null,
    lead: o.engineer_names.find((e) => e.id === o.fold.leadEngineerId) ?? null,
    engineers: o.engineer_names,
    mode: f.mode ?? 'onsite',
    crew: f.crew ?? 1,
    durationMin: f.durationMin ?? null,
    skills: (f.skills ?? []).map((s) => ({ code: s.skillId, level: s.level })),
    promise: windowOf(o.fold.promise.current),
    dueAt: iso(due),
    late: due !== null && due < now.getTime() && beforeHandover.includes(o.state),
    remaining: o.fold.remaining,
    hold: hold && {
      cause: hold.cause,
      responsibility: hold.responsibility,
      reason: hold.reason,
      since: new Date(hold.from).toISOString(),
      until: iso(hold.until),
      pausesSla: hold.pausesSla,
    },
    mark: o.fold.mark,
    repeatOf: o.fold.repeatOf,
    source: o.source,
    externalId: o.external_id,
    projectId: f.projectId ?? null,
    conflicts: o.fold.conflicts.length,
    sla,
    createdAt: o.created_at.toISOString(),
    changedAt: o.changed_at.toISOString(),
    rev: o.rev,
    can: verbsOf(actor, o, o.state === 'awaiting_acceptance' && o.deem_after_days !== null),
  }
}

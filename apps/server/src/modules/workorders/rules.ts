import type { OrderFactsInput } from '#contracts/orders.schema'
import type { Instant, OrderFacts, OrderState, Window } from '#lifecycle'
import type { FieldRev } from './order'

type Loose<T> = { [K in keyof T]?: T[K] | undefined }
/** The fields of an order as a person or a mapping gives them; what is left out stays. */
export type FieldInput = Loose<OrderFactsInput>

const ms = (iso: string | null | undefined): Instant | null => (iso ? Date.parse(iso) : null)

/** From the wire to the lifecycle: instants in ms, the promise apart, skills by their code. */
export function splitFields(f: FieldInput): { facts: Partial<OrderFacts>; promise?: Window | null } {
  const { promise, skills, requestedStart, dueAt, ...rest } = f
  const facts = Object.fromEntries(Object.entries(rest).filter(([, v]) => v !== undefined)) as Partial<OrderFacts>
  if (skills !== undefined) facts.skills = skills.map((s) => ({ skillId: s.code, level: s.level }))
  if (requestedStart !== undefined) facts.requestedStart = ms(requestedStart)
  if (dueAt !== undefined) facts.dueAt = ms(dueAt)
  if (promise === undefined) return { facts }
  return { facts, promise: promise && { start: Date.parse(promise.start), end: Date.parse(promise.end) } }
}

const iso = (v: Instant | null | undefined): string | null =>
  v === null || v === undefined ? null : new Date(v).toISOString()

/** One field as the wire shows it now. */
export function currentOf(fold: OrderState, field: string): unknown {
  const f = fold.facts
  const p = fold.promise.current
  if (field === 'promise') return p && { start: iso(p.start), end: iso(p.end) }
  if (field === 'skills') return (f.skills ?? []).map((s) => ({ code: s.skillId, level: s.level }))
  if (field === 'requestedStart' || field === 'dueAt') return iso(f[field])
  return f[field as keyof OrderFacts] ?? null
}

const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
const normal = (field: string, v: unknown): unknown =>
  field === 'promise' && v
    ? {
        start: new Date((v as { start: string }).start).toISOString(),
        end: new Date((v as { end: string }).end).toISOString(),
      }
    : (field === 'requestedStart' || field === 'dueAt') && v
      ? new Date(v as string).toISOString()
      : v

/**
 * Fields that somebody else has changed since the editor looked, and to something else than what he wants. Without a
 * base revision there is nothing to compare with.
 */
export function conflictsOf(
  fold: OrderState,
  revs: Readonly<Record<string, FieldRev>>,
  wanted: FieldInput,
  baseRev: number | undefined,
): { field: string; current: unknown; by: string; at: string }[] {
  if (baseRev === undefined) return []
  return Object.entries(wanted)
    .filter(
      ([field, v]) =>
        v !== undefined && (revs[field]?.rev ?? 0) > baseRev && !same(normal(field, v), currentOf(fold, field)),
    )
    .map(([field]) => ({
      field,
      current: currentOf(fold, field),
      by: revs[field]?.by ?? '—',
      at: revs[field]?.at ?? '—',
    }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
}

/** Hours within which a second order about the same thing is probably the same call. */
export const duplicateHours = 72

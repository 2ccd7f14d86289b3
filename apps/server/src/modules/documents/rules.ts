import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { TemplateBody, TemplateField } from '#contracts/documents.schema'
import { canonical } from '../../platform/events'

type Body = z.output<typeof TemplateBody>
type Field = z.output<typeof TemplateField>
export type Values = Record<string, unknown>
export interface Missing {
  key: string
  why: 'empty' | 'number' | 'range' | 'choice' | 'row'
}

export const fieldsOf = (body: Body): Field[] => body.sections.flatMap((s) => s.fields)

const blank = (v: unknown) =>
  v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0)

function wrong(field: Field, value: unknown): Missing['why'] | null {
  if (field.type === 'fact') return null
  if (field.type === 'check') return field.required && value !== true ? 'empty' : null
  if (blank(value)) return field.required ? 'empty' : null
  if (field.type === 'number') {
    if (typeof value !== 'number' || !Number.isFinite(value)) return 'number'
    return (field.min !== undefined && value < field.min) || (field.max !== undefined && value > field.max)
      ? 'range'
      : null
  }
  if (field.type === 'choice') return field.options?.some((o) => o.value === value) ? null : 'choice'
  if (field.type === 'table') {
    const rows = value as Record<string, unknown>[]
    return rows.some((row) => field.columns?.some((c) => c.required && blank(row?.[c.key]))) ? 'row' : null
  }
  return null
}

/** Required fields that are empty, and any field whose value does not fit. */
export function missing(body: Body, values: Values): Missing[] {
  return fieldsOf(body).flatMap((f) => {
    const why = wrong(f, values[f.key])
    return why ? [{ key: f.key, why }] : []
  })
}

/**
 * Values as they may be stored: known fields only, each in the type of its field. Half-typed content is welcome
 * (a draft is saved at every keystroke); what cannot be of the type at all is dropped to its text.
 */
export function tidy(body: Body, values: Values): { values: Values; unknown: string | null } {
  const fields = new Map(fieldsOf(body).map((f) => [f.key, f]))
  const out: Values = {}
  for (const [key, value] of Object.entries(values)) {
    const f = fields.get(key)
    if (!f || f.type === 'fact') return { values: out, unknown: key }
    out[key] = shape(f, value)
  }
  return { values: out, unknown: null }
}

function shape(f: Field, value: unknown): unknown {
  if (value === null) return null
  if (f.type === 'number') return typeof value === 'number' ? value : String(value).slice(0, 40)
  if (f.type === 'check') return value === true
  if (f.type === 'photos') return Array.isArray(value) ? value.filter((x) => typeof x === 'string').slice(0, 60) : []
  if (f.type === 'table')
    return Array.isArray(value)
      ? value
          .slice(0, 200)
          .map((row) =>
            Object.fromEntries(
              (f.columns ?? []).map((c) => [c.key, String((row as Values | null)?.[c.key] ?? '').slice(0, 300)]),
            ),
          )
      : []
  return String(value).slice(0, 8000)
}

/** What a signature is bound to. */
export function contentHash(d: {
  templateKey: string
  templateVersion: number
  values: Values
  facts: Values
}): string {
  return createHash('sha256')
    .update(canonical({ v: 1, ...d }))
    .digest('hex')
}

/** `a.b.c` of the facts. */
export function factAt(facts: Values, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (at && typeof at === 'object' ? (at as Values)[key] : undefined), facts)
}

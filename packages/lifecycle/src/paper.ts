// When is a delivery document complete? Asked by the server before a signature and by the phone while it is filled.

export type PaperValues = Record<string, unknown>
export interface PaperField {
  key: string
  type: string
  required: boolean
  min?: number | undefined
  max?: number | undefined
  options?: readonly { value: string }[] | undefined
  columns?: readonly { key: string; required: boolean }[] | undefined
}
export interface PaperBody<F extends PaperField = PaperField> {
  sections: readonly { fields: readonly F[] }[]
}
export interface Missing {
  key: string
  why: 'empty' | 'number' | 'range' | 'choice' | 'row'
}

export const fieldsOf = <F extends PaperField>(body: PaperBody<F>): F[] => body.sections.flatMap((s) => [...s.fields])

const blank = (v: unknown) =>
  v === undefined || v === null || (typeof v === 'string' && v.trim() === '') || (Array.isArray(v) && v.length === 0)

function wrong(field: PaperField, value: unknown): Missing['why'] | null {
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
    const rows = value as PaperValues[]
    return rows.some((row) => field.columns?.some((c) => c.required && blank(row?.[c.key]))) ? 'row' : null
  }
  return null
}

/** Required fields that are empty, and any field whose value does not fit. */
export function missing(body: PaperBody, values: PaperValues): Missing[] {
  return fieldsOf(body).flatMap((f) => {
    const why = wrong(f, values[f.key])
    return why ? [{ key: f.key, why }] : []
  })
}

/**
 * Values as they may be stored: known fields only, each in the type of its field. Half-typed content is welcome
 * (a draft is saved at every keystroke); what cannot be of the type at all is dropped to its text.
 */
export function tidy(body: PaperBody, values: PaperValues): { values: PaperValues; unknown: string | null } {
  const fields = new Map(fieldsOf(body).map((f) => [f.key, f]))
  const out: PaperValues = {}
  for (const [key, value] of Object.entries(values)) {
    const f = fields.get(key)
    if (!f || f.type === 'fact') return { values: out, unknown: key }
    out[key] = shape(f, value)
  }
  return { values: out, unknown: null }
}

function shape(f: PaperField, value: unknown): unknown {
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
              (f.columns ?? []).map((c) => [c.key, String((row as PaperValues | null)?.[c.key] ?? '').slice(0, 300)]),
            ),
          )
      : []
  return String(value).slice(0, 8000)
}

/** What a signature is bound to, before it is hashed (SHA-256 of its canonical JSON). */
export const signedContent = (d: {
  templateKey: string
  templateVersion: number
  values: PaperValues
  facts: PaperValues
}) => ({ v: 1, templateKey: d.templateKey, templateVersion: d.templateVersion, values: d.values, facts: d.facts })

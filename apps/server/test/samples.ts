import { z } from 'zod'

type Json = Record<string, unknown>

/** A small seeded generator (mulberry32), so that a failing sample can be made again. */
export function random(seed: number): () => number {
  let a = seed >>> 0
  return () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = a
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export const jsonSchema = (schema: z.ZodType): Json =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json

const hex = (rnd: () => number, n: number) =>
  Array.from({ length: n }, () => '0123456789abcdef'[Math.floor(rnd() * 16)]).join('')
export const randomUuid = (rnd: () => number) =>
  `${hex(rnd, 8)}-${hex(rnd, 4)}-7${hex(rnd, 3)}-8${hex(rnd, 3)}-${hex(rnd, 12)}`

/** A value that the JSON Schema accepts. `ids` supplies values for properties by name (`orderId` …) instead of random ids. */
export function sample(
  schema: Json,
  rnd: () => number,
  ids: Record<string, string> = {},
  name = '',
  root: Json = schema,
): unknown {
  if (schema.$ref)
    return sample(
      ((root.$defs ?? {}) as Json)[String(schema.$ref).split('/').pop() as string] as Json,
      rnd,
      ids,
      name,
      root,
    )
  if ('const' in schema) return schema.const
  if (schema.enum) return pick(schema.enum as unknown[], rnd)
  if (schema.default !== undefined && !(name in ids) && rnd() < 0.3) return schema.default
  const options = (schema.anyOf ?? schema.oneOf) as Json[] | undefined
  // A known row is pointed at even where it may be left out.
  const known = name in ids ? options?.find((o) => o.format === 'uuid') : undefined
  if (options) return sample(known ?? pick(options, rnd), rnd, ids, name, root)
  if (schema.allOf)
    return Object.assign({}, ...(schema.allOf as Json[]).map((s) => sample(s, rnd, ids, name, root) as object))
  const type = Array.isArray(schema.type) ? pick(schema.type, rnd) : schema.type
  switch (type) {
    case 'string':
      return string(schema, rnd, ids, name)
    case 'integer':
    case 'number': {
      const low = Number(schema.minimum ?? schema.exclusiveMinimum ?? 0)
      const high = Math.min(Number(schema.maximum ?? low + 100), low + 1000)
      const v = low + rnd() * (high - low)
      return type === 'integer' ? Math.max(low, Math.floor(v)) : v
    }
    case 'boolean':
      return rnd() < 0.5
    case 'null':
      return null
    case 'array': {
      if (schema.prefixItems) return (schema.prefixItems as Json[]).map((s) => sample(s, rnd, ids, name, root))
      const n = Math.max(Number(schema.minItems ?? 0), name in ids ? 1 : Math.floor(rnd() * 2))
      return Array.from({ length: n }, () => sample((schema.items ?? {}) as Json, rnd, ids, name, root))
    }
    case 'object': {
      const required = new Set((schema.required ?? []) as string[])
      const out: Json = {}
      for (const [key, value] of Object.entries((schema.properties ?? {}) as Record<string, Json>))
        if (required.has(key) || key in ids || rnd() < 0.5) out[key] = sample(value, rnd, ids, key, root)
      // A record, over a closed list of keys or any.
      const keys = ((schema.propertyNames as Json | undefined)?.enum ?? ['overall']) as string[]
      if (typeof schema.additionalProperties === 'object')
        for (const key of keys) out[key] = sample(schema.additionalProperties as Json, rnd, ids, key, root)
      return out
    }
    default:
      return '样例'
  }
}

const pick = <T>(list: readonly T[], rnd: () => number): T => list[Math.floor(rnd() * list.length)] as T

function string(s: Json, rnd: () => number, ids: Record<string, string>, name: string): string {
  if (s.format === 'uuid') return ids[name] ?? randomUuid(rnd)
  if (s.format === 'date-time')
    return new Date(Date.UTC(2026, 10, 23) + Math.floor(rnd() * 5 * 86_400_000)).toISOString()
  if (s.format === 'date') return `2026-11-${String(1 + Math.floor(rnd() * 28)).padStart(2, '0')}`
  if (s.format === 'uri') return 'https://example.com/hook'
  if (s.format === 'email') return 'someone@example.com'
  const pattern = String(s.pattern ?? '')
  if (pattern.startsWith('^(?:[01]')) return `${String(Math.floor(rnd() * 24)).padStart(2, '0')}:30`
  if (pattern.includes('{64}')) return hex(rnd, 64)
  if (pattern.startsWith('^20')) return '2026-11'
  if (pattern.includes('data:image')) return 'data:image/png;base64,iVBORw0KGgo='
  if (pattern.includes('a-z0-9')) return `u${hex(rnd, 10)}`
  const text = '设备无法联网，请尽快安排工程师上门处理'
  return text.slice(
    0,
    Math.max(Number(s.minLength ?? 1), Math.min(Number(s.maxLength ?? 12), 1 + Math.floor(rnd() * 12))),
  )
}

const nasty: unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  '',
  ' ',
  '\u0000',
  '\ud800',
  '𬭎㛃',
  "'; drop table orders; --",
  '{{7*7}}',
  '../../etc/passwd',
  '=1+1',
  '<script>',
  [],
  {},
  [[[]]],
  '9'.repeat(400),
  '2026-02-30',
  '+275760-09-13T00:00:00.001Z',
  '0000-00-00T00:00:00Z',
  'NaN',
  '1e400',
  { __proto__: null, constructor: 1 },
  'a'.repeat(5000),
  '\u202e\u200b',
  // Cursors that were never given out.
  'x|y',
  '2026-11-23T00:00:00Z|x',
  Buffer.from('["x","y"]').toString('base64url'),
  Buffer.from('["x",1,{}]').toString('base64url'),
  2 ** 31,
  -(2 ** 53) - 1,
  '9999-12-31T23:59:59Z',
  '0001-01-01',
  '2026-11-23T00:00:00.000000000000001Z',
]

/** Takes a valid value and spoils one place of it. */
export function spoil(value: unknown, rnd: () => number): unknown {
  if (rnd() < 0.1) return pick(nasty, rnd)
  if (Array.isArray(value))
    return value.length === 0 || rnd() < 0.3
      ? [...value, pick(nasty, rnd)]
      : value.map((v, i) => (i === 0 ? spoil(v, rnd) : v))
  if (value && typeof value === 'object') {
    const keys = Object.keys(value)
    if (keys.length === 0 || rnd() < 0.1)
      return { ...value, [pick(['extra', '__proto__x', 'id', 'constructor'], rnd)]: pick(nasty, rnd) }
    const key = pick(keys, rnd)
    if (rnd() < 0.15) return Object.fromEntries(Object.entries(value).filter(([k]) => k !== key))
    return { ...value, [key]: spoil((value as Json)[key], rnd) }
  }
  return pick(nasty, rnd)
}

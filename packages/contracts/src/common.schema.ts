import { z } from 'zod'

export const Id = z.uuid()
// Nothing that we plan or record lies outside: such a year is a slip of the finger, and no calendar reckons with it.
const inOurTime = (s: string) => s >= '1900' && s < '2200'
/** ISO 8601 instant in UTC, ends with Z. */
export const Instant = z.iso.datetime().refine(inOurTime, 'out_of_range')
/** Local calendar date, YYYY-MM-DD; its zone stands beside it. */
export const LocalDate = z.iso.date().refine(inOurTime, 'out_of_range')
/** Text that people type: trimmed, no control characters but line breaks, bounded. */
export const text = (max: number, min = 1) =>
  z
    .string()
    .trim()
    .min(min)
    .max(max)
    // A NUL or half a surrogate pair cannot be stored in PostgreSQL, and no person types one.
    .refine((s) => !/[^\P{Cc}\n\r\t]|\p{Cs}/u.test(s), 'control_character')
export const Name = text(200)
export const Phone = z
  .string()
  .trim()
  .regex(/^[+\d][\d\s-]{4,24}$/)
export const Note = text(4000)
export const Reason = text(500)
export const Minutes = z.number().int().min(0)
/** Money in fen. */
export const Fen = z.number().int()
export const Rev = z.number().int().min(0).max(2_147_483_647)

export const Datum = z.enum(['wgs84', 'gcj02', 'bd09', 'unknown'])
export const Coordinate = z.object({
  lat: z.number().min(-90).max(90),
  lng: z.number().min(-180).max(180),
  datum: Datum,
  accuracyM: z.number().min(0).max(100_000).optional(),
  source: z.string().max(40).optional(),
})

export const Can = z.record(z.string(), z.boolean())

export const IdParams = z.object({ id: Id })

/** Keyset paging: `after` is the opaque cursor of the last row seen. */
export const Page = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export const page = <T extends z.ZodType>(row: T) =>
  z.object({ rows: z.array(row), next: z.string().nullable(), total: z.number().int().optional() })

/** A message: the words are chosen at the edge from the catalogue. */
export const Message = z.object({ code: z.string(), params: z.record(z.string(), z.unknown()).default({}) })

export const PersonRef = z.object({ id: Id, name: z.string() })
/** Query flags arrive as text. */
export const Flag = z.enum(['true', 'false']).transform((v) => v === 'true')
/** `?state=a&state=b` or `?state=a`. */
export const many = <T extends z.ZodType>(t: T) =>
  z.preprocess((v) => (v === undefined || Array.isArray(v) ? v : [v]), z.array(t).optional())
export const Ok = z.object({ ok: z.literal(true) })
/** What a command answers when the row itself says it all. */
export const Problem = z.object({
  type: z.string(),
  code: z.string(),
  status: z.number().int(),
  title: z.string(),
  detail: z.string().optional(),
  action: z.string().optional(),
  params: z.record(z.string(), z.unknown()).optional(),
  issues: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
  requestId: z.string().optional(),
})

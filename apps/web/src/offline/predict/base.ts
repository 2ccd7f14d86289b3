import type { VisitState } from '#lifecycle'
import type { BodyOf, CommandName } from '../commands'
import type { Drafts } from '../drafts'

const iso = (at: number) => new Date(at).toISOString()

type Base = { [C in CommandName]?: (rows: Drafts, subject: string, body: BodyOf<C>) => object | undefined }

// What the person saw when he changed it. With it the server can tell who has changed the same field without knowing.
const bases: Base = {
  'document.fill': (rows, id, { values }) => {
    const row = rows.get('document', id)
    return row && { base: Object.fromEntries(Object.keys(values).map((k) => [k, row.values[k] ?? null])) }
  },
  'visit.correct': (rows, id, body) => {
    const row = rows.get('visit', id)
    const needs = row?.site?.entryNeeds as { note?: string | null } | null | undefined
    return (
      row && {
        base: {
          ...(body.contact ? { contact: { phone: row.contact?.phone ?? null } } : {}),
          ...(body.site ? { site: { entryNote: needs?.note ?? null } } : {}),
          ...(body.asset ? { asset: { serial: row.asset?.serial ?? null, model: row.asset?.model ?? null } } : {}),
        },
      }
    )
  },
  'visit.reschedule': (rows, id) => {
    const fold = rows.get('visit', id)?.fold as unknown as VisitState | undefined
    return fold && { base: { start: iso(fold.planned.start), end: iso(fold.planned.end) } }
  },
  'visit.appoint': (rows, id) => {
    const fold = rows.get('visit', id)?.fold as unknown as VisitState | undefined
    const a = fold?.appointment
    return fold && { base: a ? { start: iso(a.start), end: a.end === null ? null : iso(a.end) } : null }
  },
}

/** The body with what was on the screen before it, for actions that are merged field by field. */
export function withBase<C extends CommandName>(rows: Drafts, command: C, subject: string, body: BodyOf<C>): BodyOf<C> {
  if (body && typeof body === 'object' && 'base' in body) return body
  return { ...(body as object), ...bases[command]?.(rows, subject, body) } as BodyOf<C>
}

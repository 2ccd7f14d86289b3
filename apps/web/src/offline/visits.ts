import type { ReplicaRows } from '#contracts/replica'
import {
  holds,
  missing,
  nextVerb,
  type PaperBody,
  signedContent,
  type VisitState,
  visitCard,
  visitDetail,
  workCan,
} from '#lifecycle'
import type { Reply } from '../common/api/call'
import { localDate } from '../common/i18n/format'
import { contentHash } from './digest'

// Rows as the pages show them: what the server would answer, worked out here.

export type VisitCard = Reply<'GET /api/field/today'>['visits'][number]
/** `slaAt`: the instant at which its clocks were read. */
export type VisitFull = Reply<'GET /api/visits/:id'> & { slaAt: number }
export type DocumentRow = Reply<'GET /api/documents'>['rows'][number]
export type Document = Reply<'GET /api/documents/:id'>

export interface Viewer {
  id: string
  zone: string
  abilities: readonly string[]
}

export const foldOf = (row: ReplicaRows['visit']) => row.fold as unknown as VisitState

/** Planning is the desk's: from the phone nobody offers, recalls or reviews. */
const DESK = { offer: false, recall: false, reassign: false, cancel: false, review: false }

/** A visit as its page shows it. `now`: what is due next depends on the day at the site. */
export function visitOf(row: ReplicaRows['visit'], me: Viewer, now: number): VisitFull {
  const fold = foldOf(row)
  const mine = me.abilities.includes('visit.work') && holds({ people: row.people, fold }, me.id)
  const can: Record<string, boolean> = { ...DESK, ...workCan(fold, mine) }
  const next = mine ? nextVerb(fold, localDate(now, row.site?.zone ?? me.zone)) : null
  const { fold: _, people: __, slaAt, ...facts } = row
  return {
    ...facts,
    ...visitCard(fold),
    ...visitDetail(fold),
    slaAt: Date.parse(slaAt),
    next: next && can[next] ? next : null,
    can,
  }
}

const NOT_MINE = ['planned', 'declined', 'cancelled', 'reassigned']
/** What the engineer does, not what was taken from him. */
export const isOfDay = (row: ReplicaRows['visit'], me: string): boolean => {
  const fold = foldOf(row)
  return fold.engineerId === me && row.people.includes(me) && !NOT_MINE.includes(fold.state)
}
export const isOffer = (row: ReplicaRows['visit'], me: string): boolean =>
  foldOf(row).state === 'offered' && row.people.includes(me)

/** Visits that touch a local day: a resident assignment stands on each of its days. */
export const touches = (row: ReplicaRows['visit'], date: string, zone: string): boolean => {
  const { start, end } = foldOf(row).planned
  // An end at midnight belongs to the day before.
  return localDate(start, zone) <= date && localDate(end - 1, zone) >= date
}

export const byStart = (a: ReplicaRows['visit'], b: ReplicaRows['visit']): number =>
  foldOf(a).planned.start - foldOf(b).planned.start || (a.id < b.id ? -1 : 1)

type Template = ReplicaRows['template']
export const templateId = (row: ReplicaRows['document']) => `${row.templateKey}@${row.templateVersion}`

/** A document as its page shows it. */
export function documentOf(row: ReplicaRows['document'], template: Template): Document {
  const { templateKey, templateVersion, startedAt: _, mayFill, ...rest } = row
  const lacks = missing(template.body as PaperBody, row.values)
  const open = row.state !== 'signed'
  return {
    ...rest,
    template,
    missing: lacks,
    hash:
      row.signature?.documentHash ??
      contentHash(signedContent({ templateKey, templateVersion, values: row.values, facts: row.facts })),
    can: {
      fill: mayFill && open,
      file: mayFill && row.state === 'draft' && lacks.length === 0,
      sign: mayFill && open && lacks.length === 0,
      pdf: true,
    },
  }
}

/** A document as the visit's page lists it. */
export const documentRowOf = (row: ReplicaRows['document'], template: Template | undefined): DocumentRow => ({
  id: row.id,
  orderId: row.orderId,
  visitId: row.visitId,
  title: row.title,
  state: row.state,
  missing: row.state === 'signed' || !template ? 0 : missing(template.body as PaperBody, row.values).length,
  filedAt: row.filedAt,
  signedAt: row.signature?.at ?? null,
  signerName: row.signature?.signerName ?? null,
  startedAt: row.startedAt,
  about: { orderNumber: null, orderTitle: null, customerName: null, engineers: [] },
})

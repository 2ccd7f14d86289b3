import type { ReplicaRows } from '#contracts/replica'
import { verdictOf } from '#lifecycle/worksheet'
import {
  type DayFacts,
  type DayOfTime,
  dayOfTime,
  draftReport,
  type FoldedVisit,
  reportedVisit,
  type Sentence,
  timedVisit,
  touches,
  worked,
} from '#workday'

// A day from what is on the phone, by the same rules as on the server.

export interface Held {
  visits: readonly ReplicaRows['visit'][]
  documents: readonly ReplicaRows['document'][]
  templates: readonly ReplicaRows['template'][]
  worksheets: readonly ReplicaRows['worksheet'][]
  requests: readonly ReplicaRows['request'][]
  handovers: readonly ReplicaRows['handover'][]
  escalations: readonly ReplicaRows['escalation'][]
}
export interface Day {
  row: ReplicaRows['report']
  time: DayOfTime
  sentences: Sentence[]
  worked: boolean
  shift: [number, number][] | null
}

const ms = (iso: string) => Date.parse(iso)
const foldOf = (v: ReplicaRows['visit']) => v.fold as unknown as FoldedVisit & { engineerId: string | null }

/** What a worksheet says of its visits. */
function workOf(held: Held, visitId: string) {
  const sheet = held.worksheets.find((w) => w.visitIds.includes(visitId))
  if (!sheet) return { checks: null, parts: [] }
  let done = 0
  const failed: { zh: string; en: string }[] = []
  for (const list of sheet.lists)
    for (const item of list.body.items) {
      const answer = sheet.answers.find((a) => a.checklistId === list.checklistId && a.item === item.key)
      const verdict = verdictOf(item as Parameters<typeof verdictOf>[0], answer?.value ?? null)
      if (verdict !== 'empty') done++
      if (verdict === 'fail') failed.push(item.label)
    }
  return { checks: { done, failed }, parts: sheet.parts.map((p) => `${p.name} ${p.qty} ${p.unit}`) }
}

export function dayFrom(row: ReplicaRows['report'], held: Held, me: string, now: number): Day {
  const bounds = { from: ms(row.from), to: ms(row.to) }
  const mine = held.visits.filter((v) => foldOf(v).engineerId === me)
  const here = mine.filter((v) => touches(foldOf(v), bounds.from, bounds.to))
  const shift = row.shift?.map(([a, b]): [number, number] => [ms(a), ms(b)]) ?? null
  const time = dayOfTime({
    ...bounds,
    asOf: now,
    visits: here.map((v) => timedVisit(foldOf(v), { tripId: v.tripId })),
    papers: row.papers.map((p) => ({ ...p, at: ms(p.at) })),
    corrections: row.corrections
      .filter((c) => c.withdrawn === null)
      .map((c) => ({ id: c.id, from: ms(c.from), to: ms(c.to), kind: c.kind, visitId: c.visitId, orderId: c.orderId })),
    shift,
    away: row.away.map(([a, b]) => [ms(a), ms(b)] as const),
  })
  const within = (at: string) => ms(at) >= bounds.from && ms(at) < bounds.to
  const titleOf = (d: ReplicaRows['document']) =>
    held.templates.find((t) => t.key === d.templateKey && t.version === d.templateVersion)?.body.title ?? d.title
  const ended = here.filter((v) => {
    const f = foldOf(v)
    return f.endedAt !== null && f.endedAt < bounds.to && (f.result === 'done' || f.result === 'partial')
  })
  const facts: DayFacts = {
    date: row.date,
    zone: row.zone,
    visits: here.map((v) =>
      reportedVisit(
        foldOf(v),
        {
          title: v.title,
          customer: v.customer.name,
          photos: v.evidence.filter((e) => e.kind === 'photo').length,
          ...workOf(held, v.id),
        },
        bounds,
      ),
    ),
    pending: ended.flatMap((v) =>
      held.documents
        .filter((d) => d.visitId === v.id && d.state === 'draft')
        .map((d) => ({
          documentId: d.id,
          visitId: v.id,
          titleZh: titleOf(d).zh,
          titleEn: titleOf(d).en,
          customer: v.customer.name,
        })),
    ),
    held: row.held.map((h) => ({ ...h, from: ms(h.from) })),
    requests: [
      ...held.requests
        .filter((r) => r.askedBy.id === me && r.state !== 'withdrawn' && within(r.askedAt))
        .map((r) => ({ id: r.id, at: r.askedAt, kind: r.kind, customer: r.customer.name, words: r.reason })),
      ...held.handovers
        .filter((h) => h.from.id === me && h.kind === 'visit' && h.state !== 'withdrawn' && within(h.askedAt))
        .map((h) => ({ id: h.id, at: h.askedAt, kind: 'handover', customer: h.customer.name, words: h.reason })),
      ...held.escalations
        .filter((e) => e.raisedBy.id === me && within(e.raisedAt))
        .map((e) => ({ id: e.id, at: e.raisedAt, kind: 'escalation', customer: e.customer.name, words: e.title })),
    ]
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .map(({ at: _, ...r }) => r),
    time: { minutes: time.minutes, overtimeMin: time.overtimeMin },
    tomorrow: mine
      .filter((v) => {
        const f = foldOf(v)
        return (
          ['offered', 'taken'].includes(f.state) &&
          f.planned.start >= bounds.to &&
          f.planned.start < bounds.to + 86_400_000
        )
      })
      .map((v) => ({ id: v.id, title: v.title, customer: v.customer.name, start: foldOf(v).planned.start })),
  }
  return { row, time, sentences: draftReport(facts), worked: worked(facts), shift }
}

import type { ReplicaRows } from '#contracts/replica'
import type { VisitState } from '#lifecycle'
import type { BodyOf } from '../commands'
import { type Acted, eventTime, type Predict } from './predict'

type Visit = ReplicaRows['visit']

const now = (item: Acted) => new Date(eventTime(item)).toISOString()
const about = (v: Visit) => ({
  orderId: v.orderId,
  orderNumber: v.orderNumber,
  orderTitle: v.title,
  customer: v.customer,
  siteName: v.site?.name ?? null,
})
const me = (item: Acted) => ({ id: item.by, name: item.byName })
const photos = (v: Visit | undefined, ids: readonly string[] | undefined) =>
  (v?.evidence ?? []).filter((e) => ids?.includes(e.id)).map((e) => ({ id: e.id, stored: e.storedAt !== null }))

/** How long an answer may take by default; the server's own setting stands in the row that comes back. */
const answerMin = { urgent: 15, normal: 120 }
const escalationHours = { urgent: 2, high: 8, normal: 24, low: 72 }

export const requestPredictions: Record<string, Predict> = {
  'request.ask': (rows, item) => {
    const b = item.body as BodyOf<'request.ask'>
    const v = rows.get('visit', item.subject)
    if (!v || !b.id) return
    const helper = b.helperId ? rows.get('colleague', b.helperId) : undefined
    const urgency = b.urgency ?? 'normal'
    rows.put('request', b.id, {
      id: b.id,
      rev: 0,
      kind: b.kind,
      state: 'open' as const,
      urgency,
      ...about(v),
      visitId: v.id,
      askedBy: me(item),
      askedAt: now(item),
      reason: b.reason,
      skill: b.skill ? { code: b.skill, name: b.skill } : null,
      parts: (b.parts ?? []) as ReplicaRows['request']['parts'],
      until: b.until ?? null,
      was: b.until ? new Date((v.fold as unknown as VisitState).planned.end).toISOString() : null,
      photos: photos(v, b.photoIds),
      helper: helper ? { id: helper.id, name: helper.name } : null,
      answer: null,
      answeredBy: null,
      answeredAt: null,
      readyAt: null,
      madeVisitId: null,
      dueAt: new Date(eventTime(item) + answerMin[urgency] * 60_000).toISOString(),
      closedAt: null,
      can: { withdraw: true },
    })
  },
  'request.accept': (rows, item) =>
    rows.change('request', item.subject, (r) =>
      r.state === 'open' ? { state: 'accepted' as const, helper: me(item), can: { answer: true } } : {},
    ),
  'request.answer': (rows, item) =>
    rows.change('request', item.subject, () => ({
      state: 'answered' as const,
      answer: (item.body as BodyOf<'request.answer'>).answer,
      answeredBy: me(item),
      answeredAt: now(item),
      can: {},
    })),
  'request.done': (rows, item) =>
    rows.change('request', item.subject, () => ({ state: 'done' as const, closedAt: now(item), can: {} })),
  'request.withdraw': (rows, item) =>
    rows.change('request', item.subject, () => ({ state: 'withdrawn' as const, closedAt: now(item), can: {} })),

  'handover.offer': (rows, item) => {
    const b = item.body as BodyOf<'handover.offer'>
    const v = rows.get('visit', item.subject)
    const to = rows.get('colleague', b.toId)
    const lost = rows.get('lost', item.subject)
    if (!b.id || (!v && !lost)) return
    const heir = lost?.now?.engineer
    rows.put('handover', b.id, {
      id: b.id,
      rev: 0,
      kind: lost ? 'work' : 'visit',
      state: 'open' as const,
      ...(v
        ? about(v)
        : {
            orderId: lost?.orderId as string,
            orderNumber: lost?.orderNumber ?? null,
            orderTitle: lost?.orderTitle ?? '',
            customer: lost?.customer as Visit['customer'],
            siteName: lost?.siteName ?? null,
          }),
      visitId: item.subject,
      visitState: (v ? (v.fold.state as string) : lost?.state) as ReplicaRows['handover']['visitState'],
      planned: v
        ? {
            start: new Date((v.fold as unknown as VisitState).planned.start).toISOString(),
            end: new Date((v.fold as unknown as VisitState).planned.end).toISOString(),
          }
        : (lost?.planned as { start: string; end: string }),
      from: me(item),
      to: { id: b.toId, name: to?.name ?? heir?.name ?? '—' },
      askedAt: now(item),
      reason: b.reason,
      remaining: b.remaining ?? null,
      keys: b.keys ?? null,
      promises: b.promises ?? null,
      items: [],
      photos: [],
      answer: null,
      answeredAt: null,
      successorId: null,
      can: { withdraw: true },
    })
    if (lost) rows.change('lost', item.subject, () => ({ handover: { id: b.id as string, state: 'open' as const } }))
  },
  'handover.accept': (rows, item) =>
    rows.change('handover', item.subject, (h) =>
      h.state === 'open' ? { state: 'accepted' as const, answeredAt: now(item), can: {} } : {},
    ),
  'handover.decline': (rows, item) =>
    rows.change('handover', item.subject, (h) =>
      h.state === 'open'
        ? {
            state: 'declined' as const,
            answer: (item.body as BodyOf<'handover.decline'>).answer,
            answeredAt: now(item),
            can: {},
          }
        : {},
    ),
  'handover.withdraw': (rows, item) =>
    rows.change('handover', item.subject, (h) =>
      h.state === 'open' ? { state: 'withdrawn' as const, answeredAt: now(item), can: {} } : {},
    ),

  'escalation.raise': (rows, item) => {
    const b = item.body as BodyOf<'escalation.raise'>
    const v = b.visitId ? rows.get('visit', b.visitId) : undefined
    if (!b.id || !v) return
    const priority = b.priority ?? 'normal'
    rows.put('escalation', b.id, {
      id: b.id,
      rev: 0,
      // The server gives the number.
      number: '',
      to: b.to,
      state: 'open' as const,
      priority,
      ...about(v),
      visitId: v.id,
      orderState: v.orderState,
      title: b.title,
      symptom: b.symptom,
      steps: b.steps ?? null,
      reproducible: b.reproducible ?? 'unknown',
      environment: b.environment ?? null,
      logs: b.logs ?? null,
      photos: photos(v, b.photoIds),
      raisedBy: me(item),
      raisedAt: now(item),
      owner: null,
      takenAt: null,
      dueAt: new Date(eventTime(item) + escalationHours[priority] * 3_600_000).toISOString(),
      question: null,
      supplied: [],
      answer: null,
      answeredAt: null,
      externalRef: b.externalRef ?? null,
      externalUrl: null,
      solved: null,
      closedAt: null,
      can: { supply: true },
    })
  },
  'escalation.supply': (rows, item) =>
    rows.change('escalation', item.subject, (e) => ({
      ...(e.state === 'asked' ? { state: 'taken' as const, question: null } : {}),
      supplied: [...e.supplied, { by: me(item), at: now(item), text: (item.body as BodyOf<'escalation.supply'>).text }],
    })),

  'order.report': (rows, item) => {
    const b = item.body as BodyOf<'order.report'>
    const v = rows.get('visit', item.subject)
    if (!b.id || !v) return
    rows.put('reported', b.id, {
      id: b.id,
      number: null,
      title: b.title,
      state: 'new',
      customer: v.customer,
      siteName: v.site?.name ?? null,
      reportedAt: now(item),
    })
  },
}

import type { OrderState, VisitState } from '#lifecycle'

const day = 86_400_000

/** How long each ability of a link lives, counted from the planned end of the visit. */
export function expiries(plannedEnd: number, channel: 'contact' | 'shown') {
  return {
    progress_until: new Date(plannedEnd + 30 * day),
    // The code proves arrival; the engineer must not be able to see it on a link that he shows himself.
    code_until: channel === 'contact' ? new Date(plannedEnd + day) : null,
    document_until: new Date(plannedEnd + 90 * day),
    signature_until: new Date(plannedEnd + 30 * day),
    survey_until: channel === 'contact' ? new Date(plannedEnd + 30 * day) : null,
  }
}

export interface Step {
  key: 'received' | 'scheduled' | 'on_the_way' | 'working' | 'finished' | 'accepted'
  at: number | null
  state: 'done' | 'now' | 'todo'
}

/** The honest steps of a visit as its customer sees them: what has happened, with its time; what is next; what is to come. */
export function steps(
  o: Pick<OrderState, 'state' | 'createdAt' | 'completedAt'>,
  v: Pick<VisitState, 'mode' | 'takenAt' | 'departedAt' | 'arrivedAt' | 'startedAt' | 'finishedAt'>,
): Step[] {
  const list: [Step['key'], number | null][] = [
    ['received', o.createdAt],
    ['scheduled', v.takenAt],
    ...(v.mode === 'remote' ? [] : ([['on_the_way', v.departedAt ?? v.arrivedAt]] as [Step['key'], number | null][])),
    ['working', v.arrivedAt ?? v.startedAt],
    ['finished', v.finishedAt],
    ['accepted', o.state === 'completed' || o.state === 'closed' ? (o.completedAt ?? v.finishedAt) : null],
  ]
  const last = list.reduce((found, [, at], i) => (at === null ? found : i), -1)
  return list.map(([key, at], i) => ({
    key,
    at,
    state: i <= last ? (i === last && i < list.length - 1 ? 'now' : 'done') : 'todo',
  }))
}

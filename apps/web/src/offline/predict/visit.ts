import { applyEvent, type VisitEvent, type VisitPayloads, type VisitState } from '#lifecycle'
import type { BodyOf } from '../commands'
import { eventTime, type Predict } from './predict'

type Type = keyof VisitPayloads

/** The event that this action will be, folded on with the same rules as on the server. */
function happens<T extends Type>(
  rows: Parameters<Predict>[0],
  item: Parameters<Predict>[1],
  visitId: string,
  type: T,
  payload: VisitPayloads[T],
  reason: string | null = null,
): void {
  rows.change('visit', visitId, (row) => {
    const fold = row.fold as unknown as VisitState
    const event = {
      id: visitId === item.subject ? item.commandId : `${item.commandId}:${visitId}`,
      aggregate: 'visit',
      aggregateId: visitId,
      type,
      version: 1,
      payload,
      actor: { kind: 'user', id: item.by },
      source: 'field',
      commandId: item.commandId,
      deviceId: item.deviceId,
      deviceSeq: item.seq,
      atDevice: Date.parse(item.atDevice),
      skewMs: item.skewMs,
      // What the person does follows what he sees, whatever the two clocks say.
      occurredAt: Math.max(eventTime(item), fold.lastAt + 1),
      recordedAt: eventTime(item),
      offline: true,
      reason,
      flags: [],
    } as unknown as VisitEvent
    const next = applyEvent(fold, event) ?? fold
    // An action that does not fit is the server's to judge; the screen goes on as if it had not been.
    return next.conflicts.length > fold.conflicts.length ? {} : { fold: next as unknown as Record<string, unknown> }
  })
  flowIntoPapers(rows, visitId)
}

/** Arrival, start and end stand in the documents of the visit as long as they are not signed. */
function flowIntoPapers(rows: Parameters<Predict>[0], visitId: string) {
  const fold = rows.get('visit', visitId)?.fold as unknown as VisitState | undefined
  if (!fold) return
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  for (const [id, d] of rows.all('document')) {
    if (d.visitId !== visitId || d.state === 'signed') continue
    rows.change('document', id, (row) => ({
      facts: {
        ...row.facts,
        visit: {
          ...(row.facts.visit as object | undefined),
          arrivedAt: iso(fold.arrivedAt),
          startedAt: iso(fold.startedAt),
          finishedAt: iso(fold.finishedAt),
        },
      },
    }))
  }
}

/** The others of the trip go along: one way there and one check-in serve them all. */
function mates(rows: Parameters<Predict>[0], visitId: string, states: readonly string[]): string[] {
  const row = rows.get('visit', visitId)
  if (!row?.tripId) return []
  const out: string[] = []
  for (const [id, v] of rows.all('visit'))
    if (id !== visitId && v.tripId === row.tripId && states.includes(String(v.fold.state))) out.push(id)
  return out
}

const plain =
  <T extends Type>(type: T, payload: (item: Parameters<Predict>[1]) => VisitPayloads[T]): Predict =>
  (rows, item) =>
    happens(
      rows,
      item,
      item.subject,
      type,
      payload(item),
      ((item.body as { reason?: string } | null)?.reason ?? null) as string | null,
    )

const ms = (at: string) => Date.parse(at)

export const visitPredictions: Record<string, Predict> = {
  'visit.open': plain('visit.opened', () => ({})),
  'visit.take': (rows, item) => {
    happens(rows, item, item.subject, 'visit.taken', { engineerId: item.by })
    rows.change('visit', item.subject, (row) =>
      row.fold.state === 'taken' ? { people: [item.by], engineer: { id: item.by, name: item.byName } } : {},
    )
  },
  'visit.decline': plain('visit.declined', (item) => ({
    engineerId: item.by,
    cause: (item.body as BodyOf<'visit.decline'>).cause ?? null,
  })),
  'visit.appoint': plain('visit.appointed', (item) => {
    const b = item.body as BodyOf<'visit.appoint'>
    return {
      start: ms(b.start),
      end: b.end ? ms(b.end) : null,
      contactId: b.contactId ?? null,
      channel: b.channel ?? 'call',
      ...(b.askedBy ? { askedBy: b.askedBy } : {}),
    }
  }),
  'visit.reschedule': plain('visit.rescheduled', (item) => {
    const b = item.body as BodyOf<'visit.reschedule'>
    return { start: ms(b.start), end: ms(b.end), askedBy: b.askedBy }
  }),
  'visit.correct': (rows, item) => {
    const { contact, site, asset } = item.body as BodyOf<'visit.correct'>
    rows.change('visit', item.subject, (row) => ({
      ...(row.contact && contact?.phone !== undefined ? { contact: { ...row.contact, phone: contact.phone } } : {}),
      ...(row.site && site?.entryNote !== undefined
        ? { site: { ...row.site, entryNeeds: { ...(row.site.entryNeeds as object), note: site.entryNote } } }
        : {}),
      ...(row.asset && asset
        ? {
            asset: {
              ...row.asset,
              ...(asset.serial !== undefined ? { serial: asset.serial } : {}),
              ...(asset.model !== undefined ? { model: asset.model } : {}),
            },
          }
        : {}),
    }))
  },
  'visit.depart': (rows, item) => {
    const others = mates(rows, item.subject, ['taken'])
    for (const id of [item.subject, ...others]) happens(rows, item, id, 'visit.departed', {})
  },
  'visit.checkIn': (rows, item) => {
    const mode = rows.get('visit', item.subject)?.fold.mode
    const others = mode === 'onsite' ? mates(rows, item.subject, ['taken', 'en_route']) : []
    for (const id of [item.subject, ...others]) {
      const zone = rows.get('visit', id)?.site?.zone ?? item.zone
      happens(rows, item, id, 'visit.checked_in', {
        fix: null,
        day: mode === 'resident' ? item.localDate(eventTime(item), zone) : null,
      })
    }
  },
  'visit.start': plain('visit.started', () => ({})),
  'visit.pause': plain('visit.paused', (item) => ({ cause: (item.body as BodyOf<'visit.pause'>).cause ?? null })),
  'visit.resume': plain('visit.resumed', () => ({})),
  'visit.finish': plain('visit.finished', (item) => {
    const b = item.body as BodyOf<'visit.finish'>
    return {
      result: b.result,
      remaining: b.remaining ?? null,
      cause: b.cause ?? null,
      foreseeable: b.foreseeable ?? null,
      pendingDocuments: b.pendingDocuments ?? [],
    }
  }),
  'visit.abort': plain('visit.aborted', (item) => {
    const b = item.body as BodyOf<'visit.abort'>
    return { cause: b.cause ?? null, remaining: b.remaining ?? null }
  }),
  'visit.confirm': plain('visit.customer_confirmed', (item) => {
    const b = item.body as BodyOf<'visit.confirm'>
    return { by: b.by, contactId: b.contactId ?? null }
  }),
  'visit.appeal': plain('visit.checkin_appealed', (item) => ({
    checkInId: (item.body as BodyOf<'visit.appeal'>).checkInId,
  })),
}

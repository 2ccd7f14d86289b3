// Events for tests: a story is a list of [minute, type, payload], everything else is filled in.

import type { Envelope, EventNamed, LifecycleEvent } from './events'

export const T0 = Date.UTC(2026, 10, 23, 1, 0)
export const at = (minute: number) => T0 + minute * 60_000

let made = 0

export function event<T extends LifecycleEvent['type']>(
  type: T,
  minute: number,
  payload: EventNamed<T>['payload'],
  extra: Partial<Envelope> = {},
): EventNamed<T> {
  made += 1
  const id = `e${String(made).padStart(6, '0')}`
  return {
    id,
    aggregate: type.split('.')[0],
    aggregateId: 'x1',
    type,
    version: 1,
    payload,
    actor: { kind: 'user', id: 'u1' },
    source: 'desk',
    commandId: null,
    deviceId: null,
    deviceSeq: null,
    atDevice: null,
    skewMs: null,
    occurredAt: at(minute),
    recordedAt: at(minute),
    offline: false,
    reason: null,
    flags: [],
    ...extra,
  } as unknown as EventNamed<T>
}

export const created = (minute = 0, more: Partial<EventNamed<'order.created'>['payload']> = {}) =>
  event('order.created', minute, {
    as: 'new',
    facts: { title: '交换机上架', type: 'install', priority: 'normal', customerId: 'c1' },
    ...more,
  })

export const planned = (minute = 0, more: Partial<EventNamed<'visit.planned'>['payload']> = {}) =>
  event('visit.planned', minute, {
    orderId: 'o1',
    engineerId: 'eng1',
    role: 'lead',
    required: true,
    mode: 'onsite',
    start: at(120),
    end: at(240),
    ...more,
  })

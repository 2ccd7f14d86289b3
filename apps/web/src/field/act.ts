import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import type { RouteMap } from '#contracts'
import { call, newId, type Reply } from '../common/api/call'
import { ApiError, asApiError, type Problem } from '../common/api/problem'
import { useMe } from '../common/session'
import { recall, recallJson, remember } from '../common/storage'

// Everything that the phone changes goes through `act`, as one command of the batch endpoint with its own id, the
// device and the device's time. It is the one door behind which an outbox can stand.

/** Commands of the phone and the routes whose shapes they share. */
interface Commands {
  'visit.open': 'POST /api/visits/:id/open'
  'visit.take': 'POST /api/visits/:id/take'
  'visit.decline': 'POST /api/visits/:id/decline'
  'visit.appoint': 'POST /api/visits/:id/appoint'
  'visit.reschedule': 'POST /api/visits/:id/reschedule'
  'visit.depart': 'POST /api/visits/:id/depart'
  'visit.checkIn': 'POST /api/visits/:id/check-in'
  'visit.start': 'POST /api/visits/:id/start'
  'visit.pause': 'POST /api/visits/:id/pause'
  'visit.resume': 'POST /api/visits/:id/resume'
  'visit.finish': 'POST /api/visits/:id/finish'
  'visit.abort': 'POST /api/visits/:id/abort'
  'visit.confirm': 'POST /api/visits/:id/confirm'
  'visit.appeal': 'POST /api/visits/:id/appeal'
  'evidence.declare': 'POST /api/visits/:id/evidence'
  'document.fill': 'PATCH /api/documents/:id'
  'document.sign': 'POST /api/documents/:id/sign'
  'link.issue': 'POST /api/visits/:id/link'
}
export type CommandName = keyof Commands
type Route<C extends CommandName> = RouteMap[Commands[C]]
export type BodyOf<C extends CommandName> = Route<C>['body']
export type ReplyOf<C extends CommandName> = Route<C>['reply']

/** This phone, as check-ins name it. Made once; a cleared browser is a new phone. */
export function deviceId(): string {
  const kept = recall('zc.device')
  if (kept) return kept
  const made = newId()
  remember('zc.device', made)
  return made
}

/** How far this phone's clock is ahead of the server's, in milliseconds, as of the last answer. */
let skewMs = Number(recall('zc.skew') ?? 0) || 0
export const clockSkewMs = () => skewMs
export function learnSkew(serverTime: string, sentAt: number, answeredAt: number) {
  skewMs = Math.round((sentAt + answeredAt) / 2 - Date.parse(serverTime))
  remember('zc.skew', String(skewMs))
}

type Pending = { commandId: string; atDevice: string; body: string }
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/**
 * Does one command of a person for one subject. A tap that got no answer keeps its id and its time: the same tap again
 * (even after a reload) is the same command, never a second one. Throws `ApiError`.
 */
export async function act<C extends CommandName>(
  me: string,
  command: C,
  id: string,
  body: BodyOf<C>,
): Promise<ReplyOf<C>> {
  const key = `zc.pending.${me}.${command}.${id}`
  const sent = JSON.stringify(body)
  const before = recallJson<Pending>(key)
  const pending: Pending =
    before?.body === sent ? before : { commandId: newId(), atDevice: new Date().toISOString(), body: sent }
  // A signature is large and has its own page to be drawn on again: its id alone is worth keeping, not its picture.
  remember(key, sent.length < 20_000 ? JSON.stringify(pending) : null)
  for (let tries = 0; ; tries++) {
    const sentAt = Date.now()
    const answer = await call('POST /api/commands', {
      body: {
        items: [
          {
            commandId: pending.commandId,
            command,
            params: { id },
            body,
            deviceId: deviceId(),
            atDevice: pending.atDevice,
            skewMs,
          },
        ],
      },
    })
    learnSkew(answer.serverTime, sentAt, Date.now())
    const item = answer.items[0]
    if (item?.verdict === 'retry' && tries < 2) {
      await pause(600 * (tries + 1))
      continue
    }
    if (item?.verdict !== 'retry') remember(key, null)
    if (item?.verdict === 'applied' || item?.verdict === 'duplicate') return item.reply as ReplyOf<C>
    throw item?.problem ? new ApiError(item.problem as Problem) : asApiError(new Error(command))
  }
}

/** `act` for the person signed in. */
export function useAct() {
  const me = useMe().id
  return useCallback(
    <C extends CommandName>(command: C, id: string, body: BodyOf<C>) => act(me, command, id, body),
    [me],
  )
}

export type VisitCard = Reply<'GET /api/field/today'>['visits'][number]
export type VisitFull = Reply<'GET /api/visits/:id'>
export type DocumentRow = Reply<'GET /api/documents'>['rows'][number]

/** Puts the answer of a command into every list that shows the visit, at once; the live event then confirms it. */
export function useApplied() {
  const client = useQueryClient()
  return useCallback(
    (card: VisitCard) => {
      const swap = (list: VisitCard[]) => list.map((v) => (v.id === card.id ? card : v))
      client.setQueriesData<Reply<'GET /api/field/today'>>({ queryKey: ['GET /api/field/today'] }, (day) => {
        if (!day) return day
        const known = day.visits.some((v) => v.id === card.id)
        const gone = ['declined', 'planned', 'cancelled', 'reassigned'].includes(card.state)
        const visits = gone ? day.visits.filter((v) => v.id !== card.id) : known ? swap(day.visits) : day.visits
        return { ...day, visits, offers: day.offers.filter((v) => v.id !== card.id || card.state === 'offered') }
      })
      client.setQueriesData<Reply<'GET /api/field/schedule'>>({ queryKey: ['GET /api/field/schedule'] }, (plan) =>
        plan ? { ...plan, visits: swap(plan.visits) } : plan,
      )
      client.setQueriesData<VisitFull>({ queryKey: ['GET /api/visits/:id', { params: { id: card.id } }] }, (full) =>
        full ? { ...full, ...card } : full,
      )
      for (const route of [
        'GET /api/field/today',
        'GET /api/field/schedule',
        'GET /api/visits/:id',
        'GET /api/documents',
      ])
        void client.invalidateQueries({ queryKey: [route] })
    },
    [client],
  )
}

import type { DocumentRow, VisitCard } from '../../offline/visits'

export type NextKey =
  | 'take'
  | 'appoint'
  | 'depart'
  | 'checkIn'
  | 'start'
  | 'resume'
  | 'checks'
  | 'fill'
  | 'sign'
  | 'finish'
  | 'confirm'
export type Next = { key: NextKey; document?: Pick<DocumentRow, 'id' | 'title'> }
type Papers = readonly Pick<DocumentRow, 'id' | 'title' | 'missing' | 'state'>[]

/**
 * The single next action. The server says which verb is due; before the end of the work the phone puts what the end
 * asks for first: fill what is missing, then have it signed. Null: nothing to do now.
 */
export function nextStep(
  v: Pick<VisitCard, 'state' | 'mode' | 'next' | 'can' | 'planned' | 'result'>,
  documents: Papers,
  o: {
    confirmed?: boolean
    now: number
    /** Required checks that nobody has answered: what was seen comes before the papers that tell of it. */
    checks?: number
  },
): Next | null {
  const missing = documents.find((d) => d.missing > 0)
  const unsigned = v.mode === 'remote' ? undefined : documents.find((d) => d.state !== 'signed')
  if (v.state === 'finished') {
    if (v.mode === 'remote' && v.can.confirm && o.confirmed === false) return { key: 'confirm' }
    // Work that could not be done has nothing to deliver; the rest may follow after the end.
    if (v.result === 'unable') return null
    if (missing) return { key: 'fill', document: missing }
    return unsigned ? { key: 'sign', document: unsigned } : null
  }
  if (v.next === 'finish') {
    // A resident stays: leaving is no next step before the last day.
    if (v.mode === 'resident' && Date.parse(v.planned.end) - o.now > 24 * 3_600_000) return null
    if (o.checks) return { key: 'checks' }
    if (missing) return { key: 'fill', document: missing }
    return unsigned ? { key: 'sign', document: unsigned } : { key: 'finish' }
  }
  const due = ['take', 'appoint', 'depart', 'checkIn', 'start', 'resume'] as const
  const key = due.find((one) => one === v.next)
  return key ? { key } : null
}

const RUNNING = ['working', 'paused', 'on_site', 'en_route']
const OVER = ['finished', 'aborted', 'missed', 'cancelled', 'reassigned', 'declined', 'planned']
export const isRunning = (v: Pick<VisitCard, 'state'>) => RUNNING.includes(v.state)
export const isOver = (v: Pick<VisitCard, 'state'>) => OVER.includes(v.state)

/** The visit that the day is about now: what is under way, else the next taken one. Residents step back behind on-site work. */
export function currentVisit<V extends Pick<VisitCard, 'state' | 'mode' | 'planned'>>(
  visits: readonly V[],
): V | undefined {
  const open = visits.filter((v) => !isOver(v) && v.state !== 'offered')
  const rank = (v: V) =>
    (isRunning(v) ? RUNNING.indexOf(v.state) : RUNNING.length) + (v.mode === 'resident' ? RUNNING.length + 1 : 0)
  return [...open].sort((a, b) => rank(a) - rank(b) || a.planned.start.localeCompare(b.planned.start))[0]
}

import { useDeferredValue, useMemo } from 'react'
import type { ReplicaRows } from '#contracts/replica'
import { ApiError, ownProblem } from '../../common/api/problem'
import { firstOf } from '../../common/first'
import { useNow } from '../../common/now'
import { useMe } from '../../common/session'
import { useOffline, useRows, useStatus } from '../../offline'
import { byStart, isOfDay, isOffer, touches, type VisitCard, visitOf } from '../../offline/visits'
import { addDays, today } from '../zone'

export interface Day {
  date: string
  visits: VisitCard[]
  /** Offers that wait for an answer, whatever their day. */
  offers: VisitCard[]
  following: { date: string; visits: number }
  totals: { visits: number; workMin: number; travelMin: number }
}

/** Whether the phone's own rows can be shown: they are read, and it has been told at least once what is in them. */
export function useHeld(): { here: boolean; error: ApiError | null; again: () => void } {
  const { ready, syncedAt, contact, problem } = useStatus()
  const offline = useOffline()
  const never = ready && syncedAt === null
  const error = never && contact === false ? new ApiError({ ...ownProblem('network'), detail: problem ?? '' }) : null
  return { here: ready && !never, error, again: () => offline?.wake() }
}

/** My day, from what is on the phone. */
export function useToday(): { data: Day | undefined; error: ApiError | null; again: () => void } {
  const me = useMe()
  const held = useRows('visit')
  const now = useNow(60_000)
  const { ready, given } = useStatus()
  const { here: upToDate, error, again } = useHeld()
  // On a phone's first visit today's rows came with the page: shown while the database is opened and until it is filled.
  const first = useMemo(() => firstOf(me.id)?.rows.visit?.map((r) => r.row as ReplicaRows['visit']), [me.id])
  const here = upToDate || (ready ? given : !!first)
  // A month of rows that has just come is worked through in slices; a tap goes first.
  const rows = useDeferredValue(ready ? held : (first ?? held))
  const date = today(me.zone)
  const data = useMemo((): Day | undefined => {
    if (!here) return undefined
    const sorted = [...rows].sort(byStart)
    const on = (day: string) => sorted.filter((r) => isOfDay(r, me.id) && touches(r, day, me.zone))
    const mine = on(date)
    const visits = mine.map((r) => visitOf(r, me, now))
    const ways = new Map(visits.map((v) => [v.tripId ?? v.id, v.travelMin ?? 0]))
    const after = addDays(date, 1)
    return {
      date,
      visits,
      offers: sorted.filter((r) => isOffer(r, me.id)).map((r) => visitOf(r, me, now)),
      following: { date: after, visits: on(after).length },
      totals: {
        visits: visits.length,
        workMin: visits
          .filter((v) => v.mode !== 'resident')
          .reduce((sum, v) => sum + Math.round((Date.parse(v.planned.end) - Date.parse(v.planned.start)) / 60_000), 0),
        travelMin: [...ways.values()].reduce((sum, m) => sum + m, 0),
      },
    }
  }, [here, rows, me, date, now])
  return { data, error, again }
}

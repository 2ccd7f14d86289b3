import { useMemo } from 'react'
import { useCall } from '../../common/api/query'
import { useNow } from '../../common/now'
import { useMe } from '../../common/session'
import { useRows } from '../../offline'
import { byStart, isOfDay, type VisitCard, visitOf } from '../../offline/visits'
import { useHeld } from '../today/useToday'
import { addDays, today } from '../zone'

/** Days that the phone holds, around today. */
const HELD_DAYS = 14

/** The visits of a week: from the phone's own rows; a week that they do not hold whole is asked for. */
export function useWeek(from: string): {
  visits: readonly VisitCard[] | undefined
  /** Part of the week stands on the server only, and nobody answers. */
  partly: boolean
  error: unknown
  again: () => void
} {
  const me = useMe()
  const rows = useRows('visit')
  const now = useNow(60_000)
  const held = useHeld()
  const day = today(me.zone)
  const whole = from >= addDays(day, -HELD_DAYS) && addDays(from, 6) <= addDays(day, HELD_DAYS)
  const far = useCall(
    'GET /api/field/schedule',
    { query: { from, days: 7 } },
    { watch: ['visit'], enabled: held.here && !whole },
  )
  const local = useMemo(
    () =>
      held.here
        ? [...rows]
            .filter((r) => isOfDay(r, me.id))
            .sort(byStart)
            .map((r) => visitOf(r, me, now))
        : undefined,
    [held.here, rows, me, now],
  )
  const visits = useMemo(() => {
    if (!local || whole || !far.data) return whole || far.isError ? local : undefined
    // What the phone holds knows of what was done on it; the server's answer fills the rest of the week.
    const known = new Set(local.map((v) => v.id))
    return [...local, ...far.data.visits.filter((v) => !known.has(v.id))]
  }, [local, whole, far.data, far.isError])
  return {
    visits,
    partly: !whole && far.isError,
    error: held.error,
    again: () => {
      held.again()
      if (!whole) void far.refetch()
    },
  }
}

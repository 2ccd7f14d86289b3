import { useMemo } from 'react'
import { useNow } from '../../common/now'
import { useMe } from '../../common/session'
import { useRow, useRows } from '../../offline'
import { type Day, dayFrom, type Held } from './day'

function useHeldRows(): Held {
  const visits = useRows('visit')
  const documents = useRows('document')
  const templates = useRows('template')
  const worksheets = useRows('worksheet')
  const requests = useRows('request')
  const handovers = useRows('handover')
  const escalations = useRows('escalation')
  return useMemo(
    () => ({ visits, documents, templates, worksheets, requests, handovers, escalations }),
    [visits, documents, templates, worksheets, requests, handovers, escalations],
  )
}

/** A day as it stands on this phone; undefined when the phone does not hold it. */
export function useDay(date: string): Day | undefined {
  const me = useMe()
  const row = useRow('report', date)
  const held = useHeldRows()
  const now = useNow(60_000)
  return useMemo(() => row && dayFrom(row, held, me.id, now), [row, held, me.id, now])
}

/** Several days, those that the phone holds. */
export function useDays(dates: readonly string[]): Day[] {
  const me = useMe()
  const rows = useRows('report')
  const held = useHeldRows()
  const now = useNow(60_000)
  return useMemo(
    () =>
      dates.flatMap((d) => {
        const row = rows.find((r) => r.date === d)
        return row ? [dayFrom(row, held, me.id, now)] : []
      }),
    [dates, rows, held, me.id, now],
  )
}

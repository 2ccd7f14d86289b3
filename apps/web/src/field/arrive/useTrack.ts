import { useEffect } from 'react'
import type { ReplicaRows } from '#contracts/replica'
import { useAct, useRow, useRows } from '../../offline'

const everyMs = 120_000
const onTheWay = (row: ReplicaRows['visit']) => row.fold.state === 'en_route'

/**
 * One point every two minutes between setting out and arrival, with the page open: only where the company switched it on
 * and this person consented. The phone never asks for the permission because of it.
 */
export function useTrack(): void {
  const rules = useRow('arrivalRules', 'rules')
  const [visit] = useRows('visit', onTheWay)
  const act = useAct()
  const on = rules?.track.on === true && rules.track.consented
  const id = visit?.id
  useEffect(() => {
    if (!on || !id) return
    const point = async () => {
      if (document.visibilityState !== 'visible') return
      // Seldom needed, and the frame of the phone must stay small.
      const { lastFix } = await import('../visit/fix')
      const fix = await lastFix(10_000)
      if (fix) await act('track.add', id, { points: [{ at: new Date().toISOString(), fix }] })
    }
    void point()
    const timer = setInterval(() => void point(), everyMs)
    return () => clearInterval(timer)
  }, [on, id, act])
}

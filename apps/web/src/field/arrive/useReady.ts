import { useEffect } from 'react'
import { useMe } from '../../common/session'
import { watchClock } from '../../offline/clockwatch'

/** Keeps this phone able to prove a check-in, and watches its clock. A moment after the start: the first page comes first. */
export function useReadyToProve(): void {
  const me = useMe()
  const works = me.abilities.includes('visit.work')
  useEffect(() => {
    if (!works) return
    const ready = () => {
      void import('./proof').then((m) => m.keepReady(me.id)).catch(() => {})
      watchClock()
    }
    const timer = setTimeout(ready, 2_500)
    window.addEventListener('online', ready)
    return () => {
      clearTimeout(timer)
      window.removeEventListener('online', ready)
    }
  }, [me.id, works])
}

import { useMemo } from 'react'
import { useMe } from '../../common/session'
import { useRows } from '../../offline'

/** What waits for this person: handovers to take, colleagues to help, questions from product, work that changed hands. */
export function useWaiting() {
  const me = useMe().id
  const requests = useRows('request')
  const handovers = useRows('handover')
  const escalations = useRows('escalation')
  const lost = useRows('lost')
  return useMemo(
    () => ({
      handovers: handovers.filter((h) => h.state === 'open' && h.to.id === me),
      requests: requests.filter(
        (r) => r.askedBy.id !== me && (r.state === 'open' || (r.state === 'accepted' && r.helper?.id === me)),
      ),
      escalations: escalations.filter((e) => e.raisedBy.id === me && (e.state === 'asked' || e.state === 'answered')),
      lost: lost.filter((l) => l.handover === null && l.mine.some((m) => !m.settled)),
    }),
    [me, requests, handovers, escalations, lost],
  )
}

export const useWaitingCount = (): number => {
  const w = useWaiting()
  return w.handovers.length + w.requests.length + w.escalations.length + w.lost.length
}

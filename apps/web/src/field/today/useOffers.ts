import { useMe } from '../../common/session'
import { useRows } from '../../offline'

/** Offers that wait for an answer, for the tab; light enough for the first load. */
export function useOfferCount(): number {
  const me = useMe().id
  return useRows('visit').filter((v) => v.fold.state === 'offered' && v.people.includes(me)).length
}

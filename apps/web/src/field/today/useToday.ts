import { useCall } from '../../common/api/query'

/** My day; the tab's badge and the page share one answer. */
export const useToday = () => useCall('GET /api/field/today', {}, { watch: ['visit'], refetchInterval: 300_000 })

/** Offers that wait for an answer. */
export const useOfferCount = () => useToday().data?.offers.length ?? 0

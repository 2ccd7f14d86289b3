import { House } from 'lucide-react'
import type { Scene } from '../scene'
import { useOfferCount } from './useOffers'

export const scene: Scene = {
  path: '/m/today',
  label: { 'zh-CN': '今天', 'en-US': 'Today' },
  tab: { icon: House, order: 10, useBadge: useOfferCount },
  ability: 'visit.work',
  pages: { '': () => import('./page') },
}

import { MapPinCheck } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/checkins',
  icon: MapPinCheck,
  label: { 'zh-CN': '到场复核', 'en-US': 'Check-ins' },
  order: 92,
  ability: 'visit.review',
  pages: { '{-$id}': () => import('./page') },
}

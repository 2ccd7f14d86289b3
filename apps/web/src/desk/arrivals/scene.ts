import { MapPinned } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/arrival-rules',
  icon: MapPinned,
  label: { 'zh-CN': '签到规则', 'en-US': 'Arrival rules' },
  order: 97,
  ability: 'arrival.policy',
  pages: { '': () => import('./page') },
}

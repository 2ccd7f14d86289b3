import { BellRing } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/channels',
  icon: BellRing,
  label: { 'zh-CN': '通知', 'en-US': 'Notices' },
  order: 94,
  ability: 'notice.log',
  pages: { '{-$tab}': () => import('./page') },
}

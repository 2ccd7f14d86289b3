import { CalendarDays } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/m/schedule',
  label: { 'zh-CN': '日程', 'en-US': 'Schedule' },
  tab: { icon: CalendarDays, order: 20 },
  ability: 'visit.work',
  pages: { '': () => import('./page') },
}

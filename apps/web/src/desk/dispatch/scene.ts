import { CalendarClock } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/dispatch',
  icon: CalendarClock,
  label: { 'zh-CN': '派工', 'en-US': 'Dispatch' },
  order: 30,
  ability: 'dispatch.read',
  pages: { '': () => import('./page') },
}

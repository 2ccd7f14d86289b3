import { Bell as BellIcon } from 'lucide-react'
import type { Scene } from '../scene'
import { Bell } from './Bell'

/** No place of its own in the rail: the bell is in the top bar at every moment, the page holds what the panel does not. */
export const scene: Scene = {
  path: '/notices',
  icon: BellIcon,
  label: { 'zh-CN': '消息', 'en-US': 'Notices' },
  order: 99,
  nav: false,
  pages: { '': () => import('./page'), settings: () => import('./settings') },
  topBar: Bell,
}

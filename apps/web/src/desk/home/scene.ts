import { LayoutDashboard } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/home',
  icon: LayoutDashboard,
  label: { 'zh-CN': '工作台', 'en-US': 'Home' },
  order: 10,
  pages: { '': () => import('./page') },
}

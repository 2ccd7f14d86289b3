import { ChartNoAxesColumn } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/metrics',
  icon: ChartNoAxesColumn,
  label: { 'zh-CN': '绩效', 'en-US': 'Metrics' },
  order: 80,
  ability: 'metrics.read',
  pages: { '': () => import('./page') },
}

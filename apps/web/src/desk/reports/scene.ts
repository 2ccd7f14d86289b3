import { NotebookPen } from 'lucide-react'
import type { Scene } from '../scene'

export const scene: Scene = {
  path: '/reports',
  icon: NotebookPen,
  label: { 'zh-CN': '日报与工时', 'en-US': 'Reports' },
  order: 90,
  ability: 'report.read',
  pages: {
    '{-$id}': () => import('./page'),
    'report/$id': () => import('./one'),
    week: () => import('./week'),
    time: () => import('./time'),
  },
}
